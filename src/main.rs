//! Samantha's entry: environment, logging, arguments, and off.

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[allow(clippy::print_stderr, reason = "the last word of a command that failed")]
fn main() -> ExitCode {
    samantha::process_env::prepare();
    let cli = samantha::cli::Cli::parse();
    log_to_stderr();
    match cli.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("samantha: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Warnings of its own by default; `RUST_LOG` asks for more. What is said in a
/// conversation is never logged above debug.
fn log_to_stderr() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error,samantha=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
}
