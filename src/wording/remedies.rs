//! What the one button that helps says, where something does not work.

use super::Text;

/// Leads to the choice of a microphone.
pub const CHOOSE_MICROPHONE: Text = Text("Choose a microphone");
/// Opens the microphone again.
pub const UNMUTE: Text = Text("Unmute");
/// Leads to the talk key.
pub const CHOOSE_KEY: Text = Text("Choose another key");
/// Fetches the weight that is missing.
pub const DOWNLOAD: Text = Text("Download {name}");
/// Leads to the choice of a recogniser or language model.
pub const CHOOSE_MODEL: Text = Text("Choose a model");
/// Leads to the choice of a voice.
pub const CHOOSE_VOICE: Text = Text("Choose a voice");
/// Leads to the settings of the server, and tries it.
pub const TEST_SERVER: Text = Text("Test the server");
/// Leads to the check-up.
pub const CHECK_ALL: Text = Text("Check everything");
/// Tries a part again, when it was put right elsewhere.
pub const TRY_AGAIN: Text = Text("Try again");
/// Leads to whether she speaks.
pub const LET_HER_SPEAK: Text = Text("Let her speak");
/// Opens the folder that a file lies in.
pub const SHOW_FILE: Text = Text("Show the file");
/// No program shows folders here.
pub const FILE_NOT_SHOWN: Text =
    Text("No program here shows folders. The path is in your clipboard now: {path}");

/// Names a button that stands beside a part.
pub fn for_part(button: &str, part: Text) -> String {
    format!("{button}: {part}")
}
