//! Runs a whole conversation with files as the microphone.

use crate::paths::Paths;
use std::process::ExitCode;

/// Runs a whole conversation with files as the microphone.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
