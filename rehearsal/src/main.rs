//! Demonstrates and measures the app on a virtual desktop, or runs any command
//! there.

use clap::{Parser, Subcommand};
use rehearsal::app::{Launch, Manner};
use rehearsal::demo::demo;
use rehearsal::home::Voice;
use rehearsal::{flow, latency, window};
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
    /// Ask her a spoken question and show what comes of it.
    Demo {
        #[command(flatten)]
        app: AppArgs,
        /// Where the sounds and screenshots go.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Take a picture of each of her states.
        #[arg(long)]
        every_state: bool,
    },
    /// Measure from the end of speech to the first sound of her voice.
    Latency {
        #[command(flatten)]
        app: AppArgs,
        #[command(flatten)]
        models: ModelArgs,
        /// Ask without the talk key.
        #[arg(long)]
        hands_free: bool,
        /// How many questions to ask.
        #[arg(long, default_value_t = 20)]
        turns: usize,
        /// How many other processes keep the cores busy.
        #[arg(long, default_value_t = 0)]
        busy: usize,
    },
    /// Measure hands-free talk in a room with an echo: whether she answers
    /// herself, can be talked over, and is left alone by noises.
    Flow {
        #[command(flatten)]
        app: AppArgs,
        #[command(flatten)]
        models: ModelArgs,
        /// How long she speaks while nothing else sounds.
        #[arg(long, default_value_t = 3.0)]
        minutes: f64,
        /// How often somebody talks over her.
        #[arg(long, default_value_t = 20)]
        interruptions: usize,
        /// How often there is a noise while she speaks.
        #[arg(long, value_name = "COUNT", default_value_t = 50)]
        noise_count: usize,
        /// More noises: sound files without words.
        #[arg(long, value_name = "DIR")]
        noises: Option<PathBuf>,
        /// Have a scripted server tell the stories: longer ones than a small model's.
        #[arg(long)]
        scripted: bool,
    },
    /// Measure how soon the window is there and she listens.
    Window {
        #[command(flatten)]
        app: AppArgs,
        #[command(flatten)]
        models: ModelArgs,
        /// How often the app is started.
        #[arg(long, default_value_t = 5)]
        runs: usize,
    },
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

#[derive(Debug, clap::Args)]
struct AppArgs {
    /// The `samantha` to run.
    #[arg(long, value_name = "FILE")]
    app: PathBuf,
    /// Its home.
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct ModelArgs {
    /// The recogniser.
    #[arg(long, default_value = "whisper-tiny.en")]
    speech_model: String,
    /// The language model.
    #[arg(long, default_value = "qwen2.5-coder-0.5b")]
    language_model: String,
    /// Who speaks her replies, instead of what the home's settings say.
    #[arg(long, value_enum)]
    voice: Option<Voice>,
}

impl AppArgs {
    fn launch(self, arguments: Vec<OsString>) -> Launch {
        Launch { binary: self.app, home: self.home, arguments, environment: Vec::new() }
    }
}

impl ModelArgs {
    fn arguments(&self) -> Vec<OsString> {
        let mut arguments = self.recogniser();
        arguments.extend(["--language-model", &self.language_model].map(OsString::from));
        arguments
    }

    fn recogniser(&self) -> Vec<OsString> {
        ["--speech-model", &self.speech_model].map(OsString::from).into()
    }
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Demo { app, out, every_state } => {
            demo(&app.launch(vec![]), &out, every_state)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Latency { app, models, hands_free, turns, busy } => {
            let manner = if hands_free { Manner::HandsFree } else { Manner::Key };
            let plan = latency::Plan { turns, busy, manner, voice: models.voice };
            latency::latency(&app.launch(models.arguments()), plan)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Flow { app, models, minutes, interruptions, noise_count, noises, scripted } => {
            let plan = flow::Plan {
                minutes,
                interruptions,
                noises: noise_count,
                noise_folder: noises,
                voice: models.voice,
                scripted,
            };
            let arguments = if scripted { models.recogniser() } else { models.arguments() };
            flow::flow(&app.launch(arguments), &plan)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Window { app, models, runs } => {
            window::window(&app.launch(models.arguments()), runs)?;
            Ok(ExitCode::SUCCESS)
        }
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
