//! Samantha's entry: environment, logging, arguments, and off.

use clap::Parser;
use samantha::wording::language;
use std::fmt;
use std::process::ExitCode;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{DefaultFields, Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent};
use tracing_subscriber::registry::LookupSpan;

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
        .event_format(English)
        .init();
}

/// Writes a line of the log, which is English whatever the window speaks.
struct English;

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, DefaultFields> for English {
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, DefaultFields>,
        writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = Format::default().without_time().with_target(false);
        language::speaking("en", || line.format_event(ctx, writer, event))
    }
}
