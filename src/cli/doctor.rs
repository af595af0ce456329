//! Checks what works and says what to do about the rest.

use crate::paths::Paths;
use std::process::ExitCode;

/// Checks what works and says what to do about the rest.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
