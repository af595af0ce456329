//! Runs a command on a virtual desktop.

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// A virtual desktop with microphone and speaker.
#[derive(Debug, Parser)]
#[command(name = "rehearsal", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a command on a virtual desktop and end with it.
    Run {
        /// Play this into the microphone once the command has run for a second.
        #[arg(long, value_name = "WAV")]
        microphone: Option<PathBuf>,
        /// Save what the speaker played.
        #[arg(long, value_name = "WAV")]
        speaker: Option<PathBuf>,
        /// The command and its arguments.
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<OsString>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Run { microphone, speaker, command } => run(microphone, speaker, &command),
    }
}

fn run(
    microphone: Option<PathBuf>,
    speaker: Option<PathBuf>,
    command: &[OsString],
) -> anyhow::Result<ExitCode> {
    let desktop = rehearsal::Desktop::start()?;
    let recording = speaker.as_ref().map(|_| desktop.record_speaker()).transpose()?;
    let (program, arguments) = command.split_first().unwrap_or((&command[0], &[]));
    let mut running = desktop.run(program.as_ref(), arguments, |_| {})?;
    let playing = match microphone {
        Some(wav) => {
            std::thread::sleep(std::time::Duration::from_secs(1));
            Some(desktop.play_into_microphone(&wav)?)
        }
        None => None,
    };
    let status = running.wait()?;
    drop(playing);
    if let (Some(recording), Some(path)) = (recording, speaker) {
        recording.finish().save(&path)?;
    }
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
