//! Opens the window.

use crate::paths::Paths;
use std::process::ExitCode;

/// Opens the window.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
