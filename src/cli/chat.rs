//! A conversation in the terminal.

use crate::paths::Paths;
use std::process::ExitCode;

/// A conversation in the terminal.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
