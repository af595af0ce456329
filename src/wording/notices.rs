//! What the session tells the person when something does not go as it should.

use std::path::Path;

/// The language model answered with nothing that can be said.
pub const EMPTY_REPLY: &str = "No words came to me just now. Please say that again.";

/// The microphone gave nothing at all while the key was held.
pub const MICROPHONE_SILENT: &str =
    "The microphone gives only silence. Check that it is not muted, or choose another one.";

/// A microphone vanished.
pub fn microphone_lost(device: &str, fallback: Option<&str>) -> String {
    match fallback {
        Some(other) => {
            format!("The microphone \"{device}\" is gone. I listen through \"{other}\" now.")
        }
        None => format!("The microphone \"{device}\" is gone. Plug it in again, or type to me."),
    }
}

/// A conversation could not be saved or read.
pub fn history_failed(error: &anyhow::Error) -> String {
    format!("I can't save our conversation right now ({error:#}). We can go on talking.")
}

/// A damaged file of conversations was kept under another name.
pub fn history_set_aside(file: &Path) -> String {
    format!(
        "The saved conversations could not be read. I kept the file as {} and began a new one.",
        file.display()
    )
}
