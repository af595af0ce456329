//! Samantha's entry: logging, arguments, and off.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    samantha::process_env::prepare();
    match samantha::cli::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
