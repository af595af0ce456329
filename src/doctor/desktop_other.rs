//! The display and the talk key on macOS and Windows, where a program that is
//! run from a terminal cannot try them.

use super::{Found, doubtful, works};
use crate::paths::Paths;
use crate::settings::Talk;

pub(super) fn check_display() -> Found {
    works("This system always has one.")
}

pub(super) fn check_hotkey(_paths: &Paths, settings: &Talk) -> Found {
    doubtful(format!(
        "Whether {:?} is free can only be told by the window: open it and press the key.",
        settings.hotkey
    ))
}
