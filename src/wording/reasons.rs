//! Why something failed, in a few words that stand within a sentence.

use super::{Sentence, Text};
use std::error::Error;
use std::fmt::{self, Display};
use std::io::{self, ErrorKind};

/// An error as its innermost reason, since the outer ones repeat what was tried.
pub struct Reason<E>(pub E);

impl<E: Error + 'static> Display for Reason<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&innermost(&self.0))
    }
}

/// The system's reason: in the window's language where it is one that people
/// meet, else in the system's own words.
pub fn of(error: &io::Error) -> String {
    // What our own code or a library says is more than its kind.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    match error.kind() {
        ErrorKind::NotFound => Text("it is not there"),
        ErrorKind::AlreadyExists => Text("it is there already"),
        ErrorKind::PermissionDenied => Text("access is not allowed"),
        ErrorKind::StorageFull => Text("the disk is full"),
        ErrorKind::QuotaExceeded => Text("your share of the disk is used up"),
        ErrorKind::ReadOnlyFilesystem => Text("the disk can only be read"),
        ErrorKind::NotADirectory => Text("a part of its path is no folder"),
        ErrorKind::IsADirectory => Text("it is a folder"),
        ErrorKind::ConnectionRefused => Text("the connection was refused"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Text("the connection broke")
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Text("the network cannot be reached")
        }
        ErrorKind::TimedOut => Text("it took too long"),
        _ => return error.to_string(),
    }
    .into()
}

/// What is behind an error: the system's reason, or all that is told of it.
pub fn behind(error: &anyhow::Error) -> Sentence {
    let system = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    match system.and_then(io::Error::raw_os_error) {
        Some(code) => {
            const REASON: &str = "{reason}";
            Text(REASON).filling("reason", Reason(io::Error::from_raw_os_error(code)))
        }
        None => format!("{error:#}").into(),
    }
}

/// The same of any error.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match cause.downcast_ref::<io::Error>() {
        Some(error) if error.to_string().contains("lookup address") => {
            Text("the server's name is not known").into()
        }
        Some(error) => of(error),
        None => cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::language::speaking;

    #[test]
    fn the_system_speaks_the_language_of_the_window_where_that_is_known() {
        speaking("de", || {
            assert_eq!(of(&ErrorKind::StorageFull.into()), "der Datenträger ist voll");
            assert_eq!(of(&io::Error::other("as it says")), "as it says");
        });
    }
}
