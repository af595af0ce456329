//! Lists the voices she can speak with.

use crate::engines;
use crate::models::{Catalog, Kind};
use crate::paths::Paths;
use crate::settings::{self, Settings, VoiceEngine};
use crate::speech::{VoiceEvent, VoiceInfo};
use crate::wording;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A speech service that is there answers sooner.
const WITHIN: Duration = Duration::from_secs(6);

/// List the voices there are.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The system's in all languages and all their variants, not only the plain
    /// ones in yours.
    #[arg(long)]
    all: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Line {
    id: String,
    name: String,
    language: String,
    /// `own` or `system`.
    engine: &'static str,
    /// Whether it can speak now.
    here: bool,
    /// Whether the settings choose it.
    chosen: bool,
}

/// Runs the command.
pub fn run(args: &Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let settings = settings::load(&paths.settings_file())?.settings;
    let mut lines = own(paths, &settings)?;
    let no_system = match system(paths, &settings) {
        Ok(voices) => {
            let language = settings.person.language.split('-').next().unwrap_or("en").to_owned();
            let wanted = voices.into_iter().filter(|voice| {
                // espeak-ng offers each voice in dozens of timbres: "English+Annie".
                let is_plain = !voice.name.contains('+');
                let is_ours = voice.language.split(['-', '_']).next() == Some(language.as_str());
                args.all || (is_plain && is_ours)
            });
            lines.push(default_line(&settings));
            lines.extend(wanted.map(|voice| system_line(voice, &settings)));
            None
        }
        Err(reason) => Some(reason),
    };
    let mut out = std::io::stdout().lock();
    for line in &lines {
        if args.json {
            writeln!(out, "{}", serde_json::to_string(line)?)?;
        } else {
            let mark = if line.chosen { "*" } else { " " };
            let Line { id, name, language, engine, .. } = line;
            let here = match line.here {
                true => String::new(),
                false => format!("\tnot fetched yet: samantha models pull {id}"),
            };
            writeln!(out, "{mark} {id}\t{name}\t{language}\t{engine}{here}")?;
        }
    }
    if let Some(reason) = no_system {
        writeln!(std::io::stderr(), "The system has no voice now: {reason}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn own(paths: &Paths, settings: &Settings) -> anyhow::Result<Vec<Line>> {
    let chosen = engines::own_voice(paths, &settings.voice.own).ok().map(|model| model.id);
    let catalog = Catalog::load(paths)?;
    let entries = catalog.entries().iter().filter(|entry| entry.kind == Kind::Voice);
    let lines = entries.map(|entry| Line {
        here: engines::own_voice(paths, &entry.id).is_ok(),
        chosen: settings.voice.engine == VoiceEngine::Own && chosen.as_ref() == Some(&entry.id),
        id: entry.id.clone(),
        name: entry.title.clone(),
        language: entry.languages.join(","),
        engine: "own",
    });
    Ok(lines.collect())
}

/// What the system speaks with if nothing was chosen.
fn default_line(settings: &Settings) -> Line {
    Line {
        id: "system".into(),
        name: wording::settings::VOICE_DEFAULT.into(),
        language: settings.person.language.clone(),
        engine: "system",
        here: true,
        chosen: settings.voice.engine == VoiceEngine::System && settings.voice.voice.is_empty(),
    }
}

fn system_line(voice: VoiceInfo, settings: &Settings) -> Line {
    Line {
        chosen: settings.voice.engine == VoiceEngine::System && settings.voice.voice == voice.id,
        id: voice.id,
        name: voice.name,
        language: voice.language,
        engine: "system",
        here: true,
    }
}

/// Asks the system's speech service; the error is one sentence for people.
fn system(paths: &Paths, settings: &Settings) -> Result<Vec<VoiceInfo>, String> {
    let mut settings = settings.clone();
    settings.voice.engine = VoiceEngine::System;
    let (tell, told) = crossbeam_channel::unbounded();
    let _voice =
        engines::voice(paths, &settings, None)(Box::new(move |event| drop(tell.send(event))));
    let deadline = Instant::now() + WITHIN;
    loop {
        match told.recv_deadline(deadline) {
            Ok(VoiceEvent::Ready { voices }) => return Ok(voices),
            Ok(VoiceEvent::Unavailable { reason }) => return Err(reason),
            Ok(_) => {}
            Err(_) => return Err("the speech service does not answer.".into()),
        }
    }
}
