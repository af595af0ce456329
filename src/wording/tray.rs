//! What stands in the system's tray and among its keys, and what tells of a second
//! start.

use super::Text;

/// Brings the window to the front.
pub const OPEN_WINDOW: Text = Text("Open the window");
/// What the desktop calls the talk key when it asks for consent.
pub const TALK_KEY: Text = Text("Talk with Samantha");
/// Ends the program.
pub const QUIT: Text = Text("Quit");
/// In the terminal, when she was started a second time.
pub const ALREADY_OPEN: Text = Text("Samantha is already open: her window comes to the front.");
