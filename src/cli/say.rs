//! Says something with one of her voices, for trying them, for scripts and for
//! measuring.

use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::settings::{self, Settings, VoiceEngine};
use crate::speech::{Utterance, VoiceEvent, VoiceStyle, natural};
use crate::turn::TurnId;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use voice::RATE_HZ;

/// A speech service that is there answers sooner.
const BEGIN_WITHIN: Duration = Duration::from_secs(10);
/// A voice that stops by itself says why.
const REASON_WITHIN: Duration = Duration::from_secs(1);
/// Nothing that is typed takes longer to say.
const LONGEST: Duration = Duration::from_secs(3600);

/// Say something aloud, or into a sound file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is said.
    text: String,
    /// Who says it, as `samantha voices` lists them; "system" is the system's
    /// own choice. Left out, the voice of the settings speaks; into a file, a
    /// voice of her own.
    #[arg(long, value_name = "ID")]
    voice: Option<String>,
    /// Write it into this WAV file instead: mono, 24 kHz, 16 bits.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// As one speaks to somebody sad: slower and softer.
    #[arg(long)]
    gently: bool,
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let mut settings = settings::load(&paths.settings_file())?.settings;
    if let Some(id) = args.voice {
        choose(&mut settings, id, paths)?;
    } else if args.out.is_some() {
        settings.voice.engine = VoiceEngine::Own;
    }
    if args.text.trim().is_empty() {
        bail!("There is nothing to say: give a text.");
    }
    match args.out {
        Some(file) => write(&args.text, args.gently, &settings, paths, &file)?,
        None => speak(args.text, args.gently, &settings, paths)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// An id of the catalogue is a voice of her own, everything else the system's.
fn choose(settings: &mut Settings, id: String, paths: &Paths) -> anyhow::Result<()> {
    let catalog = crate::models::Catalog::load(paths)?;
    let voice = &mut settings.voice;
    if catalog.entry(&id).is_some_and(|entry| entry.kind == Kind::Voice) {
        voice.engine = VoiceEngine::Own;
        voice.own = id;
    } else {
        voice.engine = VoiceEngine::System;
        voice.voice = if id == "system" { String::new() } else { id };
    }
    Ok(())
}

fn write(
    text: &str,
    gently: bool,
    settings: &Settings,
    paths: &Paths,
    file: &Path,
) -> anyhow::Result<()> {
    if settings.voice.engine == VoiceEngine::System {
        bail!(
            "The system's voice cannot be written into a file; choose one of her own with --voice, \
             as `samantha voices` lists them."
        );
    }
    let model = engines::own_voice(paths, &settings.voice.own)?;
    let mut voice = engines::load_voice(&model.path)?;
    let manner = natural::manner(&VoiceStyle::of(settings), gently);
    let samples = natural::render(&mut *voice, text, &manner)?;
    write_wav(file, &samples, settings.voice.volume)
}

/// Writes 24 kHz mono samples as 16 bits.
pub fn write_wav(file: &Path, samples: &[f32], volume: f32) -> anyhow::Result<()> {
    let cannot_write = || format!("cannot write {}", file.display());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(file, spec).with_context(cannot_write)?;
    for sample in samples {
        let scaled = (sample * volume).clamp(-1.0, 1.0) * f32::from(i16::MAX);
        wav.write_sample(scaled.round() as i16).with_context(cannot_write)?;
    }
    wav.finalize().with_context(cannot_write)
}

/// Through the very voice that would answer.
fn speak(text: String, gently: bool, settings: &Settings, paths: &Paths) -> anyhow::Result<()> {
    if settings.voice.engine == VoiceEngine::Own {
        // The conversation would go on with the system's; here it was asked for.
        engines::own_voice(paths, &settings.voice.own)?;
    }
    let (tell, told) = crossbeam_channel::unbounded();
    let factory = engines::voice(paths, settings, None);
    let mut voice = factory(Box::new(move |event| drop(tell.send(event))));
    voice.speak(Utterance { turn: TurnId(0), index: 0, text, gently });
    let mut limit = BEGIN_WITHIN;
    loop {
        match told.recv_timeout(limit) {
            Ok(VoiceEvent::Begun { .. }) => limit = LONGEST,
            Ok(VoiceEvent::Level(_)) => {}
            Ok(VoiceEvent::Ended { .. }) => return Ok(()),
            // Why is told next, if there is a reason.
            Ok(VoiceEvent::Stopped { .. }) => limit = REASON_WITHIN,
            Ok(VoiceEvent::Unavailable { reason }) => bail!(reason),
            Ok(VoiceEvent::Ready { voices }) => {
                let wanted = &settings.voice.voice;
                let is_system = settings.voice.engine == VoiceEngine::System;
                if is_system && !wanted.is_empty() && voices.iter().all(|v| v.id != *wanted) {
                    bail!("There is no voice {wanted:?}: `samantha voices --all` lists them.");
                }
            }
            Err(_) if limit == REASON_WITHIN => bail!("It was cut off before its end."),
            Err(_) => bail!("The voice does not answer: try `samantha doctor`."),
        }
    }
}
