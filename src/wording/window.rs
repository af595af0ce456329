//! The settings of the window itself.

use super::{Text, reasons};
use crate::settings::{Motion, Theme};

/// Heads the group.
pub const GROUP: Text = Text("The window");

/// No choice made.
pub const LANGUAGE_DEFAULT: Text = Text("As this computer");

/// Smaller by a step.
pub const SMALLER: Text = Text("Smaller");
/// Larger by a step.
pub const LARGER: Text = Text("Larger");

/// Where there is none.
pub const NO_TRAY: Text = Text("Here no window can be hidden in a tray, so closing it ends her.");

/// The entry could not be written.
pub fn cannot_start_at_login(error: &std::io::Error) -> String {
    Text("Starting at login could not be changed ({error}).")
        .with(&[("error", &reasons::of(error))])
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
