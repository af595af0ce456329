//! Writes down what is said in sound files.

use crate::paths::Paths;
use std::process::ExitCode;

/// Writes down what is said in sound files.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _paths: &Paths) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not built yet")
}
