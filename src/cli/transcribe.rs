//! Writes down what is said in sound files.

use crate::audio::{SPEECH_RATE_HZ, decode};
use crate::cancel::CancelToken;
use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::settings;
use crate::transcribe::whisper::Whisper;
use crate::transcribe::{Recognizer as _, Transcript};
use anyhow::Context;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Writes down what is said in sound files.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The speech model, an id of the catalogue or a file, instead of the one
    /// from the settings.
    #[arg(long, value_name = "ID|PATH")]
    model: Option<String>,
    /// The language that is spoken, such as en, instead of the one from the
    /// settings; auto finds out.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// WAV, AIFF or FLAC.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    file: &'a str,
    text: &'a str,
    language: &'a str,
    audio_s: f64,
    compute_s: f64,
}

/// Runs the command. Fails as a whole if the model cannot be had; a file that
/// cannot be read is named, and the others still follow.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let Args { model, language, json, files } = args;
    let mut settings = settings::load(&paths.settings_file())?.settings;
    if let Some(language) = language {
        settings.hearing.language = language;
    }
    let file = match model {
        Some(path) if Path::new(&path).is_file() => path.into(),
        model => {
            settings.hearing.model = model.unwrap_or(settings.hearing.model);
            engines::installed(Kind::Speech, paths, &settings)?.path
        }
    };
    let mut whisper = Whisper::load(&file, &settings.hearing.language)?;
    let mut exit = ExitCode::SUCCESS;
    for file in &files {
        match transcribe(&mut whisper, file) {
            Ok(heard) => print(file, &heard, json).context("cannot print")?,
            Err(error) => {
                exit = ExitCode::FAILURE;
                writeln!(std::io::stderr(), "{}: {error}", file.display())?;
            }
        }
    }
    Ok(exit)
}

struct Heard {
    transcript: Transcript,
    audio: Duration,
    compute: Duration,
}

fn transcribe(whisper: &mut Whisper, file: &Path) -> anyhow::Result<Heard> {
    let samples = decode::read_speech(file)?;
    let started = Instant::now();
    let transcript = whisper.recognize(&samples, &CancelToken::new())?;
    Ok(Heard {
        transcript,
        compute: started.elapsed(),
        audio: Duration::from_secs_f64(samples.len() as f64 / f64::from(SPEECH_RATE_HZ)),
    })
}

fn print(file: &Path, heard: &Heard, as_json: bool) -> anyhow::Result<()> {
    let file = file.to_string_lossy();
    let Transcript { text, language } = &heard.transcript;
    let mut out = std::io::stdout().lock();
    if as_json {
        let (audio_s, compute_s) = (heard.audio.as_secs_f64(), heard.compute.as_secs_f64());
        let line = Line { file: &file, text, language, audio_s, compute_s };
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    } else {
        writeln!(out, "{file}\t{text}")?;
    }
    Ok(())
}
