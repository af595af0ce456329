//! What she makes of sound and words when no key tells when a turn begins and
//! ends: for scripts and measurements.

use crate::audio::decode;
use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use anyhow::Context;
use clap::Subcommand;
use ear::activity;
use ear::turn_end::sound::SmartTurn;
use ear::turn_end::words::{self, Kind as Verdict};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Show what she makes of sound and words when no key tells.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// When somebody speaks: FILE, beginning and end in seconds, one line a span.
    Vad {
        /// Sound files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Whether somebody has finished: finished, unfinished or wait, and how likely.
    Turn {
        /// Judge the words of each line of this file (- is standard input).
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
        /// Judge the sound of these files.
        #[arg(value_name = "FILE", required_unless_present = "text", conflicts_with = "text")]
        files: Vec<PathBuf>,
    },
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Vad { files } => vad(&files)?,
        What::Turn { text: Some(file), .. } => words_of(&file)?,
        What::Turn { text: None, files } => sounds(&files, paths)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn speech(file: &Path) -> anyhow::Result<Vec<f32>> {
    decode::read_speech(file).with_context(|| file.display().to_string())
}

fn vad(files: &[PathBuf]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for file in files {
        let second = |place: u64| place as f64 / f64::from(ear::RATE_HZ);
        for span in activity::spans(&speech(file)?)? {
            let (start, end) = (second(span.start), second(span.end));
            writeln!(out, "{}\t{start:.3}\t{end:.3}", file.display())?;
        }
    }
    Ok(())
}

fn words_of(file: &Path) -> anyhow::Result<()> {
    let lines: Box<dyn BufRead> = match file == Path::new("-") {
        true => Box::new(std::io::stdin().lock()),
        false => {
            let file = std::fs::File::open(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            Box::new(BufReader::new(file))
        }
    };
    let mut out = std::io::stdout().lock();
    for line in lines.lines() {
        let judgement = words::judge(&line?);
        let (kind, likely) = match judgement.kind() {
            Verdict::Finished => ("finished", judgement.finished),
            Verdict::Unfinished => ("unfinished", judgement.unfinished),
            Verdict::Wait => ("wait", judgement.wait),
        };
        writeln!(out, "{kind}\t{likely:.3}")?;
    }
    Ok(())
}

fn sounds(files: &[PathBuf], paths: &Paths) -> anyhow::Result<()> {
    let weight = engines::turn_end_model(paths)
        .or_else(|| {
            engines::fetch(paths, Kind::Turn).ok()?;
            engines::turn_end_model(paths)
        })
        .context("What tells by sound is not here yet: fetch it with `samantha models pull`.")?;
    let mut network = SmartTurn::load(&weight)?;
    let mut out = std::io::stdout().lock();
    for file in files {
        let finished = network.probability(&speech(file)?)?;
        let (kind, likely) = match finished > 0.5 {
            true => ("finished", finished),
            false => ("unfinished", 1.0 - finished),
        };
        writeln!(out, "{}\t{kind}\t{likely:.3}", file.display())?;
    }
    Ok(())
}
