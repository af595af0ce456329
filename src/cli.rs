//! The command line.

use crate::paths::Paths;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

pub mod chat;
pub mod conversations;
pub mod converse;
pub mod doctor;
pub mod memory;
pub mod models;
pub mod probe;
pub mod say;
pub mod talk;
pub mod transcribe;
pub mod voices;
pub mod window;

/// A voice companion that runs on your own computer.
#[derive(Debug, Parser)]
#[command(name = "samantha", version, about)]
pub struct Cli {
    /// Keep all data below this folder.
    #[arg(long, global = true, env = "SAMANTHA_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    window: window::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write down what is said in sound files.
    Transcribe(transcribe::Args),
    /// Run a whole conversation with sound files as the microphone.
    Converse(converse::Args),
    /// Read, search and save past conversations.
    Conversations(conversations::Args),
    /// Talk with her in the terminal, by typing.
    Chat(chat::Args),
    /// Check microphone, speaker, voice, weights and key.
    Doctor(doctor::Args),
    /// List, fetch, verify, remove and import weights.
    Models(models::Args),
    /// Look at, search, forget and take away what she remembers.
    Memory(memory::Args),
    /// Show what she makes of sound and words when no key tells: who speaks when,
    /// and whether they have finished.
    Probe(probe::Args),
    /// Say something aloud, or into a sound file.
    Say(say::Args),
    /// List the voices there are.
    Voices(voices::Args),
    /// Talk to the running app: begin, end, mute, just talk.
    Talk(talk::Args),
}

impl Cli {
    /// Does what was asked for; without a subcommand, opens the window.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let paths = Paths::new(self.home.as_deref())?;
        match self.command {
            None => window::run(self.window, &paths),
            Some(Command::Transcribe(args)) => transcribe::run(args, &paths),
            Some(Command::Converse(args)) => converse::run(args, &paths),
            Some(Command::Conversations(args)) => conversations::run(args, &paths),
            Some(Command::Chat(args)) => chat::run(args, &paths),
            Some(Command::Doctor(args)) => doctor::run(args, &paths),
            Some(Command::Models(args)) => models::run(args, &paths),
            Some(Command::Memory(args)) => memory::run(args, &paths),
            Some(Command::Probe(args)) => probe::run(args, &paths),
            Some(Command::Say(args)) => say::run(args, &paths),
            Some(Command::Voices(args)) => voices::run(&args, &paths),
            Some(Command::Talk(args)) => talk::run(args, &paths),
        }
    }
}
