//! The display and the talk key on macOS and Windows, where a program that is
//! run from a terminal cannot try them.

use super::{Found, doubtful, works};
use crate::paths::Paths;
use crate::settings::Talk;
use crate::wording::findings as words;

pub(super) fn check_display() -> Found {
    works(words::ALWAYS_A_DISPLAY)
}

pub(super) fn check_hotkey(_paths: &Paths, settings: &Talk) -> Found {
    doubtful(words::KEY_UNKNOWN.filling("key", settings.hotkey.clone()))
}
