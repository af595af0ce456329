//! What the session tells the person when something does not go as it should.

use super::{Text, reasons};
use crate::session::{Notice, Topic};
use crate::settings::Loaded;
use std::path::Path;

/// The language model answered with nothing that can be said.
pub const EMPTY_REPLY: Text = Text("No words came to me just now. Please say that again.");

/// The microphone gave nothing at all while the key was held.
pub const MICROPHONE_SILENT: Text =
    Text("The microphone gives only silence. Check that it is not muted, or choose another one.");

/// The talk key was pressed while the microphone is muted.
pub const MUTED: Text = Text(
    "My microphone is muted, so I cannot hear you. Press M in this window, or \
                         choose Unmute, and talk.",
);

/// A microphone vanished.
pub fn microphone_lost(device: &str, fallback: Option<&str>) -> String {
    match fallback {
        Some(other) => {
            Text("The microphone \"{device}\" is gone. I listen through \"{other}\" now.")
                .with(&[("device", &device), ("other", &other)])
        }
        None => Text("The microphone \"{device}\" is gone. Plug it in again, or type to me.")
            .with(&[("device", &device)]),
    }
}

/// The settings could not be written.
pub fn settings_not_saved(error: &anyhow::Error) -> String {
    Text("The settings could not be saved ({error}). They hold until the window is closed.")
        .with(&[("error", &reasons::behind(error))])
}

/// What was odd about the settings file, each with what lies behind it.
pub fn about_settings(loaded: &Loaded, file: &Path) -> Vec<Notice> {
    let notice = |text: Text, details: String, file: &Path| Notice {
        details: Some(details),
        file: Some(file.to_owned()),
        ..Notice::new(Topic::Settings, text, false)
    };
    let mut odd = Vec::new();
    if let Some((aside, reason)) = &loaded.set_aside {
        let details = format!("{}: {reason}.", aside.display());
        odd.push(notice(SETTINGS_SET_ASIDE, details, aside));
    }
    if !loaded.unknown_keys.is_empty() {
        let details = format!("{}.", loaded.unknown_keys.join(", "));
        odd.push(notice(SETTINGS_UNKNOWN, details, file));
    }
    odd
}

/// The settings file made no sense.
const SETTINGS_SET_ASIDE: Text = Text(
    "Your settings could not be understood. I kept the file under another name and took the usual \
     ones; set what you like anew.",
);
/// A part of it made none.
const SETTINGS_UNKNOWN: Text =
    Text("Your settings file holds something that means nothing to me. I left it there.");

/// A weight is being converted.
pub const CONVERTING: Text = Text("Converting what arrived");
/// A weight is being checked.
pub const CHECKING: Text = Text("Checking what arrived");
/// Another program is at it.
pub const FETCHED_ELSEWHERE: Text = Text("Another program is fetching it; waiting for that");

/// Fetching could not even begin.
pub fn cannot_fetch(error: &std::io::Error) -> String {
    Text("Fetching could not begin ({error}). Try again in a moment.")
        .with(&[("error", &reasons::of(error))])
}

/// A source failed and another is tried.
pub fn other_source(source: &str, reason: &str, next: &str) -> String {
    Text("{source}: {reason}. Trying {next}").with(&[
        ("source", &source),
        ("reason", &reason),
        ("next", &next),
    ])
}

/// There is nowhere to open a window.
pub const NO_DISPLAY: Text = Text(
    "There is no display here: start Samantha within a desktop, or talk with her by `samantha chat`.",
);
