//! Lists, fetches, verifies, removes and imports weights.

use crate::paths::Paths;
use std::process::ExitCode;

/// Lists, fetches, verifies, removes and imports weights.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
