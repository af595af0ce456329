//! Why a model cannot be fetched, kept or used: sentences of their own, and
//! short ones that follow the name of a source.

use super::Text;

/// A file or folder of the models cannot be used.
pub const CANNOT_READ: Text = Text("{path} cannot be read ({reason}).");
/// The same.
pub const CANNOT_WRITE: Text = Text("{path} cannot be written ({reason}).");
/// The same.
pub const CANNOT_CREATE: Text = Text("{path} cannot be made ({reason}).");
/// The same.
pub const CANNOT_REMOVE: Text = Text("{path} cannot be removed ({reason}).");
/// The same.
pub const CANNOT_LOCK: Text = Text("{path} cannot be locked ({reason}).");
/// Too little room on the disk.
pub const NO_SPACE: Text = Text(
    "{needed} of disk space is needed in {dir}, but only {free} is free: make room, or move the \
     data elsewhere with --home.",
);
/// There is no such model here.
pub const NOT_INSTALLED: Text = Text("{id} is not installed: see `samantha models list`.");
/// The catalogue makes no sense.
pub const BROKEN_CATALOG: Text =
    Text("The catalogue {file} cannot be used, so put it right or take it away: {problem}");

/// The person stopped it.
pub const CANCELLED: Text =
    Text("{id} is not here yet: it was cancelled. What has arrived is kept for the next time.");
/// Every source failed.
pub const NO_SOURCE: Text = Text(
    "{id} cannot be fetched from any source: check the network and try again, or bring the file \
     with `samantha models import`.",
);
/// In place of its name.
pub const SUITABLE_MODEL: Text = Text("A suitable model");

/// What names the source that is Python's.
pub const PYTHON_PACKAGES: Text = Text("Python packages");

/// A file of the person's own.
pub const SOURCE_UNREADABLE: Text = Text("it cannot be read ({reason})");
/// Not the bytes that were promised.
pub const WRONG_ARRIVED: Text = Text("what arrived is not what it should be: its SHA-256 is wrong");
/// The same of a file of the person's own.
pub const WRONG_FILE: Text = Text("the file is not what it should be: its SHA-256 is wrong");
/// The same of several parts.
pub const WRONG_PARTS: Text =
    Text("what the parts make is not what it should be: its SHA-256 is wrong");
/// The same of what was made of it.
pub const WRONG_CONVERTED: Text =
    Text("the converted model is not what it should be: its SHA-256 is wrong");
/// A part that the conversion needs.
pub const VOCABULARY_UNREADABLE: Text = Text("the vocabulary cannot be read ({reason})");
/// It is of another kind, or damaged.
pub const NOT_CONVERTED: Text = Text("the CTranslate2 model cannot be converted: {reason}");

/// This computer cannot begin.
pub const NO_NETWORK: Text = Text("this computer opens no connections ({reason})");
/// Nobody answers the door.
pub const NO_CONNECTION: Text = Text("no connection ({reason})");
/// It broke while bytes arrived.
pub const CONNECTION_BROKE: Text = Text("the connection broke off ({reason})");
/// A status such as 404.
pub const SERVER_SAID: Text = Text("the server said {status}");
/// It fell silent.
pub const SERVER_SILENT: Text = Text("the server sent nothing for {seconds} s");
/// Too few bytes.
pub const SERVER_STOPPED: Text = Text("the server stopped before the end");
/// Too many bytes.
pub const SERVER_SENDS_MORE: Text = Text("the server sends more than it should");
/// Another size than the catalogue has.
pub const SERVER_HAS_ANOTHER: Text =
    Text("the server has another file, of {size} bytes instead of {expected}");
/// Another part than was asked for.
pub const SERVER_WENT_ELSEWHERE: Text = Text("the server went on at another place");
/// No part at all.
pub const SERVER_MAKES_NO_SENSE: Text = Text("the server's answer makes no sense");

/// There is no Python.
pub const NO_PYTHON: Text = Text(
    "{python} is missing: install Python 3 with pip (Debian, Ubuntu: sudo apt install python3-pip)",
);
/// There is one, but it does not start.
pub const PYTHON_FAILS: Text = Text("{python} cannot be started ({reason})");
/// It is without pip.
pub const NO_PIP: Text =
    Text("{python} has no pip: install it (Debian, Ubuntu: sudo apt install python3-pip)");
/// pip is silent.
pub const PIP_SILENT: Text = Text("pip brought nothing for {seconds} s");
/// pip is done, and nothing is there.
pub const PIP_EMPTY: Text = Text("pip brought no {package}");
/// pip says why.
pub const PIP_FAILED: Text = Text("pip could not bring {package} ({reason})");
/// The package is no zip.
pub const BROKEN_WHEEL: Text = Text("the wheel of {package} is broken ({reason})");
/// The package has other contents.
pub const NO_MEMBER: Text = Text("{package} contains no {member}");
/// The same.
pub const OTHER_MEMBER: Text = Text("{member} of {package} is not the file it should be");
