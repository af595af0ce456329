//! Begins and ends talking in the running app.
//!
//! For desktops whose own shortcut settings can run a command, and for scripts.

use crate::control::{self, Request};
use crate::paths::Paths;
use std::process::ExitCode;

/// Begins and ends talking in the running app.
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
}

/// Runs the command. Fails with one sentence when no app is running, or when it
/// refused.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let request = match args.action {
        Action::Start => Request::Start,
        Action::Stop => Request::Stop,
        Action::Toggle => Request::Toggle,
        Action::Cancel => Request::Cancel,
    };
    control::send(paths, request)?;
    Ok(ExitCode::SUCCESS)
}
