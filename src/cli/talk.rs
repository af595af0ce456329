//! Begins and ends talking in the running app.

use crate::paths::Paths;
use std::process::ExitCode;

/// Begins and ends talking in the running app.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
