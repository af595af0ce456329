//! The settings of the window itself.

use super::Text;
use crate::settings::{Motion, Theme};

/// Heads the group.
pub const GROUP: Text = Text("The window");

/// The language of its texts.
pub const LANGUAGE: Text = Text("Language of the window");
/// What that does not mean.
pub const LANGUAGE_HELP: Text =
    Text("Only what you read here. What you speak with her is chosen elsewhere.");
/// No choice made.
pub const LANGUAGE_DEFAULT: Text = Text("As this computer");

/// Light or dark.
pub const THEME: Text = Text("Light or dark");
/// Black and white.
pub const HIGH_CONTRAST: Text = Text("High contrast");
/// What it is.
pub const HIGH_CONTRAST_HELP: Text =
    Text("Black on white, or white on black, with clear outlines.");

/// How large everything is.
pub const SIZE: Text = Text("Size of everything");
/// How it is changed by keyboard.
pub const SIZE_HELP: Text = Text("Also by Ctrl and +, Ctrl and −; Ctrl and 0 is the usual size.");
/// Smaller by a step.
pub const SMALLER: Text = Text("Smaller");
/// Larger by a step.
pub const LARGER: Text = Text("Larger");

/// Whether things move.
pub const MOTION: Text = Text("Movement");

/// The small window.
pub const SMALL_WINDOW: Text = Text("A small window when you call her");
/// When it comes.
pub const SMALL_WINDOW_HELP: Text = Text(
    "While this window is hidden and you use the talk key, her shape comes up and goes again.",
);

/// A place in the tray.
pub const TRAY: Text = Text("A place in the tray");
/// What for.
pub const TRAY_HELP: Text = Text("Beside the clock. It shows whether her microphone is open.");
/// Where there is none.
pub const NO_TRAY: Text = Text("This desktop has no tray, so closing the window ends her.");
/// Closing hides.
pub const CLOSE_TO_TRAY: Text = Text("Closing the window leaves her in the tray");
/// What that means.
pub const CLOSE_TO_TRAY_HELP: Text =
    Text("She goes on listening as you set it. You end her in the tray, by “Quit”.");

/// At login.
pub const START_AT_LOGIN: Text = Text("Start when you log in");
/// What that means.
pub const START_AT_LOGIN_HELP: Text =
    Text("She starts in the tray where there is one, otherwise with her window.");

/// The entry could not be written.
pub fn cannot_start_at_login(error: &std::io::Error) -> String {
    Text("Starting at login could not be changed ({error}).").with(&[("error", error)])
}

/// Light or dark.
pub fn theme(theme: Theme) -> Text {
    match theme {
        Theme::System => Text("As this computer"),
        Theme::Light => Text("Light"),
        Theme::Dark => Text("Dark"),
    }
}

/// Whether things move.
pub fn motion(motion: Motion) -> Text {
    match motion {
        Motion::System => Text("As this computer"),
        Motion::Full => Text("Gentle movement"),
        Motion::Still => Text("Everything still"),
    }
}

/// How large everything is.
pub fn zoom(zoom: f32) -> String {
    format!("{:.0} %", zoom * 100.0)
}
