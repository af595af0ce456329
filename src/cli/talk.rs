//! Talks to the running app: begins and ends talking, mutes, changes how she
//! listens.
//!
//! For desktops whose own shortcut settings can run a command, and for scripts.

use crate::control::{self, Request};
use crate::paths::Paths;
use std::process::ExitCode;

/// Begins and ends talking in the running app, mutes its microphone, or lets
/// you talk without a key.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// What she should do.
    #[arg(value_enum)]
    action: Action,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Action {
    /// Listen from now on.
    Start,
    /// You have finished: answer.
    Stop,
    /// Start if she is not listening, else stop.
    Toggle,
    /// Drop what is being said and fall silent.
    Cancel,
    /// Close the microphone; it stays closed until `unmute`.
    Mute,
    /// Open the microphone again.
    Unmute,
    /// Mute, or unmute if she is muted.
    ToggleMute,
    /// Just talk: she listens whenever you speak, and remembers that choice.
    HandsFree,
    /// Listen by the talk key alone, and remember that choice.
    ByKey,
    /// Bring the window to the front.
    Show,
}

/// Runs the command. Fails with one sentence when no app is running, or when it
/// refused.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let request = match args.action {
        Action::Start => Request::Start,
        Action::Stop => Request::Stop,
        Action::Toggle => Request::Toggle,
        Action::Cancel => Request::Cancel,
        Action::Mute => Request::Mute,
        Action::Unmute => Request::Unmute,
        Action::ToggleMute => Request::ToggleMute,
        Action::HandsFree => Request::HandsFree,
        Action::ByKey => Request::ByKey,
        Action::Show => Request::Show,
    };
    control::send(paths, request)?;
    Ok(ExitCode::SUCCESS)
}
