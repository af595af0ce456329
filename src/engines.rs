//! Which engines a session gets: the settings and the weights that are here
//! decide. The command line builds its sessions with these.

use crate::audio::attentive::Parts;
use crate::audio::cues::{self, Cues};
use crate::audio::reference::{Reference, ReferenceWriter};
use crate::audio::{Microphone, MicrophoneEvent, listener};
use crate::cancel::CancelToken;
use crate::dialogue::{self, DialogueEvent, ReplyId, Responder};
use crate::models::{self, Catalog, Installed, Kind, Machine, PullOptions, Store};
use crate::paths::Paths;
use crate::persona::{Persona, PersonaError};
use crate::remembering::Remembering;
use crate::session::{EngineFactory, Origin};
use crate::settings::{DialogueEngine, Headphones, Settings, VoiceEngine};
use crate::speech::{self, Voice, VoiceEvent, VoiceStyle};
use crate::transcribe::{self, Transcriber, TranscriberEvent};
use crate::turn::{Attention, TurnId};
use crate::wording::troubles;
use anyhow::Context as _;
use memory::recall::{Embedder, MiniLm};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use voice::{Hibari, Synthesizer};

/// The microphone of the settings. `reference` is what her own voice plays.
pub fn microphone(
    paths: &Paths,
    settings: &Settings,
    reference: Reference,
) -> EngineFactory<dyn Microphone, MicrophoneEvent> {
    let device = Some(settings.microphone.device.clone()).filter(|name| !name.is_empty());
    let parts = Parts { turn_end: turn_end_model(paths), reference: Some(reference) };
    Box::new(move |outbox| listener::spawn(device, parts, outbox))
}

/// The recogniser of the settings, or the best that is here.
pub fn transcriber(
    paths: &Paths,
    settings: &Settings,
) -> EngineFactory<dyn Transcriber, TranscriberEvent> {
    let language = settings.hearing.language.clone();
    match installed(Kind::Speech, paths, settings) {
        Ok(model) => {
            Box::new(move |outbox| transcribe::spawn(model.path, &model.id, &language, outbox))
        }
        Err(error) => Box::new(move |outbox| {
            outbox(TranscriberEvent::Unavailable { reason: error.to_string() });
            Box::new(Absent)
        }),
    }
}

/// The language model or server of the settings, and what she says of it.
pub fn responder(
    paths: &Paths,
    settings: &Settings,
) -> (Origin, EngineFactory<dyn Responder, DialogueEvent>) {
    let dialogue = settings.dialogue.clone();
    match dialogue.engine {
        DialogueEngine::Server => {
            let origin = Origin {
                model: dialogue.server.model.clone(),
                place: format!("on the server {}", host(&dialogue.server.base_url)),
            };
            let name = dialogue.server.model.clone();
            (origin, Box::new(move |outbox| dialogue::spawn(&dialogue, None, name, outbox)))
        }
        DialogueEngine::Local => match installed(Kind::Language, paths, settings) {
            Ok(model) => {
                let name = title(paths, &model);
                let origin = Origin { model: name.clone(), place: "on this computer".into() };
                let spawn =
                    move |outbox| dialogue::spawn(&dialogue, Some(model.path), name, outbox);
                (origin, Box::new(spawn))
            }
            Err(error) => {
                let factory = move |outbox: crate::Outbox<DialogueEvent>| -> Box<dyn Responder> {
                    let reason = error.to_string();
                    outbox(DialogueEvent::Unavailable { reason: reason.clone() });
                    Box::new(Unable { outbox, reason })
                };
                (Origin::default(), Box::new(factory))
            }
        },
    }
}

/// The voice of the settings; the system's where her own is not here yet, or does
/// not speak the person's language. What her own plays is written for `reference`.
pub fn voice(
    paths: &Paths,
    settings: &Settings,
    reference: Option<&ReferenceWriter>,
) -> EngineFactory<dyn Voice, VoiceEvent> {
    let style = VoiceStyle::of(settings);
    let own = match settings.voice.engine {
        VoiceEngine::Own => own_voice(paths, &settings.voice.own)
            .ok()
            .filter(|model| speaks(paths, model, &settings.person.language)),
        VoiceEngine::System => None,
    };
    match own {
        Some(model) => {
            let tap = reference.map(ReferenceWriter::tap);
            Box::new(move |outbox| {
                speech::natural::spawn(move || load_voice(&model.path), style, tap, outbox)
            })
        }
        None => Box::new(move |outbox| speech::system::spawn(style, outbox)),
    }
}

/// Whether a voice speaks this language. Of one that is in no catalogue, nobody
/// knows better.
fn speaks(paths: &Paths, voice: &Installed, language: &str) -> bool {
    let catalog = Catalog::load(paths).unwrap_or_else(|_| Catalog::shipped());
    catalog.entry(&voice.id).is_none_or(|entry| entry.knows(Some(language)))
}

/// The weight of her own voice: the one of that id, or the best that is here if
/// that is empty. The error says what to do.
pub fn own_voice(paths: &Paths, id: &str) -> anyhow::Result<Installed> {
    let missing = || {
        let wanted = if id.is_empty() { "hibari" } else { id };
        troubles::missing_weight("voice", wanted)
    };
    here_or_beside(paths, Kind::Voice, id)?.with_context(missing)
}

/// Loads her own voice.
pub fn load_voice(file: &Path) -> anyhow::Result<Box<dyn Synthesizer>> {
    let voice = Hibari::load(file)
        .with_context(|| troubles::VOICE_DAMAGED.with(&[("file", &file.display())]))?;
    Ok(Box::new(voice))
}

/// A small weight from this home or from the system's folder of weights, which
/// serves homes that were made for a moment.
fn here_or_beside(paths: &Paths, kind: Kind, id: &str) -> anyhow::Result<Option<Installed>> {
    let catalog = Catalog::load(paths)?;
    let machine = Machine::current();
    for at in [Some(paths.clone()), Paths::new(None).ok()].into_iter().flatten() {
        if let Some(found) = models::choose(&catalog, &Store::new(&at), kind, id, &machine, None)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The sounds that tell when she listens, if they are wanted.
pub fn cues(settings: &Settings) -> Box<dyn FnOnce() -> Box<dyn Cues> + Send> {
    let enabled = settings.voice.cues;
    Box::new(move || cues::spawn(enabled))
}

/// For conversations without a microphone to hold a key for.
pub fn no_cues() -> Box<dyn FnOnce() -> Box<dyn Cues> + Send> {
    Box::new(|| Box::new(Absent))
}

/// For conversations that are only read.
pub fn no_voice() -> EngineFactory<dyn Voice, VoiceEvent> {
    Box::new(speech::silent::spawn)
}

/// For conversations that are only typed.
pub fn no_microphone() -> EngineFactory<dyn Microphone, MicrophoneEvent> {
    Box::new(|_| Box::new(Absent))
}

/// For conversations that are only typed.
pub fn no_transcriber() -> EngineFactory<dyn Transcriber, TranscriberEvent> {
    Box::new(|_| Box::new(Absent))
}

/// Who she is according to the settings.
pub fn persona(paths: &Paths, settings: &Settings) -> Result<Persona, PersonaError> {
    Persona::load(&settings.dialogue.persona, &paths.personas_dir())
}

/// The weight that the settings ask for, or the best that is here. The error
/// says what to do.
pub fn installed(kind: Kind, paths: &Paths, settings: &Settings) -> anyhow::Result<Installed> {
    let catalog = Catalog::load(paths)?;
    let store = Store::new(paths);
    let wanted = match kind {
        Kind::Speech => settings.hearing.model.as_str(),
        Kind::Language => settings.dialogue.model.as_str(),
        Kind::Memory | Kind::Turn => "",
        Kind::Voice => settings.voice.own.as_str(),
    };
    let language = spoken_language(settings);
    let machine = Machine::current();
    match models::choose(&catalog, &store, kind, wanted, &machine, Some(language))? {
        Some(model) => Ok(model),
        None if wanted.is_empty() => anyhow::bail!(troubles::missing_weights(&kind.to_string())),
        None => anyhow::bail!(troubles::missing_weight(&kind.to_string(), wanted)),
    }
}

/// The person's memory, which finds again by meaning where it can.
pub fn remembering(paths: &Paths) -> Remembering {
    Remembering::open(paths, embedder(paths))
}

/// What tells the meaning of sentences for the memory, if its weight is here and
/// can be used. The memory does without.
pub fn embedder(paths: &Paths) -> Option<Arc<dyn Embedder>> {
    let file = here_or_beside(paths, Kind::Memory, "").ok()??;
    match MiniLm::load(&file.path) {
        Ok(model) => Some(Arc::new(model)),
        Err(error) => {
            tracing::warn!("memories are found by their words alone: {error:#}");
            None
        }
    }
}

/// Fetches a small weight that is only a help, for a command that would be worse
/// without it; so nobody waits long for it.
pub fn fetch(paths: &Paths, kind: Kind) -> anyhow::Result<()> {
    let catalog = Catalog::load(paths)?;
    let candidates = models::defaults(&catalog, kind, &Machine::current(), None);
    let options = PullOptions {
        stall_timeout: Duration::from_secs(5),
        pip_stall_timeout: Duration::from_secs(30),
        ..PullOptions::from_env()
    };
    models::pull_first(
        &candidates,
        &Store::new(paths),
        &options,
        &CancelToken::new(),
        &mut |_| {},
    )?;
    Ok(())
}

/// The weight that tells by sound that somebody has finished, if it is here. She
/// goes by words and silence without it.
pub fn turn_end_model(paths: &Paths) -> Option<PathBuf> {
    Some(here_or_beside(paths, Kind::Turn, "").ok()??.path)
}

/// The language to expect: what is set for hearing, else the person's.
pub fn spoken_language(settings: &Settings) -> &str {
    match settings.hearing.language.as_str() {
        "" | "auto" => &settings.person.language,
        language => language,
    }
}

fn title(paths: &Paths, model: &Installed) -> String {
    let catalog = Catalog::load(paths).unwrap_or_else(|_| Catalog::shipped());
    catalog.entry(&model.id).map_or_else(|| model.id.clone(), |entry| entry.title.clone())
}

/// The part of an address that says whom one talks to.
fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

/// A part that is not there and is never asked.
struct Absent;

impl Microphone for Absent {
    fn start(&mut self, _turn: TurnId) {}
    fn finish(&mut self, _turn: TurnId) {}
    fn abandon(&mut self, _turn: TurnId) {}
    fn select(&mut self, _device: Option<String>) {}
    fn attend(&mut self, _attention: Attention) {}
    fn she_speaks(&mut self, _speaking: bool) {}
    fn set_headphones(&mut self, _headphones: Headphones) {}
}

impl Cues for Absent {
    fn play(&mut self, _cue: cues::Cue) {}
    fn set_enabled(&mut self, _on: bool) {}
}

impl Transcriber for Absent {
    fn begin(&mut self, _turn: TurnId) {}
    fn push(&mut self, _turn: TurnId, _samples: Vec<f32>) {}
    fn finish(&mut self, _turn: TurnId) {}
    fn cancel(&mut self, _turn: TurnId) {}
}

/// A language model that is not there: each question is told why.
struct Unable {
    outbox: crate::Outbox<DialogueEvent>,
    reason: String,
}

impl Responder for Unable {
    fn prepare(&mut self, _prompt: dialogue::Prompt) {}
    fn ask(&mut self, id: ReplyId, _prompt: dialogue::Prompt) {
        (self.outbox)(DialogueEvent::Failed { id, reason: self.reason.clone() });
    }
    fn cancel(&mut self, _id: ReplyId) {}
    fn may_draft(&self) -> bool {
        false
    }
    fn aside(&mut self, id: dialogue::AsideId, _task: dialogue::Aside) {
        (self.outbox)(DialogueEvent::AsideEnded { id });
    }
    fn cancel_asides(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_named_without_key_or_path() {
        assert_eq!(host("https://me:secret@example.org:8080/v1"), "example.org:8080");
        assert_eq!(host("localhost:11434/v1"), "localhost:11434");
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::new(Some(dir.path())).expect("paths");
        let mut settings = Settings::default();
        let text = installed(Kind::Speech, &paths, &settings).expect_err("missing").to_string();
        assert!(text.contains("samantha models pull"), "{text}");
        settings.dialogue.model = "smollm2-135m".into();
        let text = installed(Kind::Language, &paths, &settings).expect_err("missing").to_string();
        assert!(text.contains("pull smollm2-135m"), "{text}");
    }
}
