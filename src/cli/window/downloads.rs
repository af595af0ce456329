//! Fetches weights for the window, and lets the session take what arrived.

use crate::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use crate::app::{Update, UpdateSender};
use crate::audio::reference::ReferenceWriter;
use crate::cancel::CancelToken;
use crate::engines;
use crate::models::{
    self, Catalog, Entry, Kind, Machine, Phase, PullEvent, PullOptions, PullReport, Store,
};
use crate::paths::Paths;
use crate::session::Commands;
use crate::settings::{DialogueEngine, Settings, VoiceEngine};
use crate::wording::{model_rows as words, notices};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the window and the fetching threads share. Locked for moments only.
#[derive(Clone)]
pub(super) struct Downloads(Arc<Shared>);

struct Shared {
    paths: Paths,
    catalog: Catalog,
    store: Store,
    commands: Commands,
    window: UpdateSender,
    /// Where her own voice writes what it plays.
    her_voice: ReferenceWriter,
    state: Mutex<State>,
}

struct State {
    settings: Settings,
    /// What is being fetched.
    running: HashMap<String, CancelToken>,
}

impl Downloads {
    /// Tells the window what there is.
    pub(super) fn new(
        paths: &Paths,
        settings: &Settings,
        commands: &Commands,
        window: &UpdateSender,
        her_voice: ReferenceWriter,
    ) -> Self {
        let catalog = Catalog::load(paths).unwrap_or_else(|error| {
            tracing::warn!("{error}");
            Catalog::shipped()
        });
        let downloads = Self(Arc::new(Shared {
            paths: paths.clone(),
            catalog,
            store: Store::new(paths),
            commands: commands.clone(),
            her_voice,
            window: window.clone(),
            state: Mutex::new(State { settings: settings.clone(), running: HashMap::new() }),
        }));
        downloads.0.offer();
        downloads
    }

    /// Other weights may be needed now.
    pub(super) fn settings_changed(&self, settings: &Settings) {
        self.0.state().settings = settings.clone();
        self.0.offer();
    }

    /// Does what the window asks for.
    pub(super) fn command(&self, command: DownloadCommand) {
        match command {
            DownloadCommand::Start(id) => self.start(&id),
            DownloadCommand::Cancel(id) => {
                if let Some(cancel) = self.0.state().running.get(&id) {
                    cancel.cancel();
                }
            }
            DownloadCommand::Remove(id) => self.remove(id),
        }
    }

    /// Deleting a large file can take a moment: not on the window's thread.
    fn remove(&self, id: String) {
        let shared = self.0.clone();
        let (window, own_id) = (self.0.window.clone(), id.clone());
        let thread = std::thread::Builder::new().name("removal".into()).spawn(move || {
            let Some(kind) = shared.catalog.entry(&id).map(|entry| entry.kind) else { return };
            match shared.store.remove(&id) {
                Ok(()) => {
                    shared.offer();
                    shared.take(kind);
                }
                Err(error) => {
                    let reason = words::NOT_REMOVED.with(&[("reason", &error)]);
                    shared.tell(DownloadEvent::Failed { id, reason });
                }
            }
        });
        if let Err(error) = thread {
            let reason = words::NOT_REMOVED.with(&[("reason", &error)]);
            window.send(Update::Download(DownloadEvent::Failed { id: own_id, reason }));
        }
    }

    fn start(&self, id: &str) {
        let Some(entry) = self.0.catalog.entry(id) else { return };
        let cancel = CancelToken::new();
        {
            let mut state = self.0.state();
            if state.running.contains_key(id) {
                return;
            }
            state.running.insert(id.to_owned(), cancel.clone());
        }
        let (shared, kind, own_id) = (self.0.clone(), entry.kind, id.to_owned());
        let report = Box::new(move |report| shared.report(&own_id, kind, report));
        let started = models::start_pull(
            vec![entry.clone()],
            self.0.store.clone(),
            PullOptions::from_env(),
            cancel,
            report,
        );
        if let Err(error) = started {
            self.0.state().running.remove(id);
            let reason = notices::cannot_fetch(&error);
            self.0.tell(DownloadEvent::Failed { id: id.to_owned(), reason });
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: DownloadEvent) {
        self.window.send(Update::Download(event));
    }

    fn offer(&self) {
        let settings = self.state().settings.clone();
        let machine = Machine::current();
        let mut needed = Vec::from(
            [Kind::Speech, Kind::Language].map(|kind| self.needed(kind, &settings, &machine)),
        );
        // Small, and nothing fails without them: they come along with the rest.
        if needed.iter().any(Option::is_some) {
            needed.extend(
                [Kind::Memory, Kind::Voice, Kind::Turn]
                    .map(|kind| self.needed(kind, &settings, &machine)),
            );
        }
        let is_needed = |entry: &Entry| needed.iter().flatten().any(|id| *id == entry.id);
        let entries = self.catalog.entries().iter();
        let offers = entries
            .filter(|entry| !entry.tests_only || is_needed(entry))
            .map(|entry| Offer {
                id: entry.id.clone(),
                name: words::title(&entry.title),
                purpose: match entry.kind {
                    Kind::Speech => Purpose::Hearing,
                    Kind::Language => Purpose::Dialogue,
                    Kind::Memory => Purpose::Remembering,
                    Kind::Voice => Purpose::Speaking,
                    Kind::Turn => Purpose::TurnTaking,
                },
                size_bytes: entry.size,
                ram_bytes: entry.ram_mib << 20,
                licence: entry.licence.clone(),
                installed: self.store.find_installed(&entry.id).is_ok_and(|found| found.is_some()),
                needed: is_needed(entry),
            })
            .collect();
        self.tell(DownloadEvent::Offered(offers));
    }

    /// The weight that is missing for this, if it is.
    fn needed(&self, kind: Kind, settings: &Settings, machine: &Machine) -> Option<String> {
        if kind == Kind::Language && settings.dialogue.engine == DialogueEngine::Server {
            return None;
        }
        if engines::installed(kind, &self.paths, settings).is_ok() {
            return None;
        }
        let wanted = match kind {
            Kind::Speech => settings.hearing.model.as_str(),
            Kind::Language => settings.dialogue.model.as_str(),
            Kind::Memory | Kind::Turn => "",
            Kind::Voice => settings.voice.own.as_str(),
        };
        if !wanted.is_empty() {
            return Some(wanted.to_owned());
        }
        let language = Some(engines::spoken_language(settings));
        let defaults: Vec<&Entry> = models::defaults(&self.catalog, kind, machine, language);
        defaults.first().map(|entry| entry.id.clone())
    }

    /// Called on the fetching thread.
    fn report(&self, id: &str, kind: Kind, report: PullReport) {
        let id = id.to_owned();
        let event = match report {
            PullReport::Event(event) => {
                if let Some(event) = download_event(id, event) {
                    self.tell(event);
                }
                return;
            }
            PullReport::Finished(_) => DownloadEvent::Finished { id: id.clone() },
            PullReport::Cancelled => DownloadEvent::Cancelled { id: id.clone() },
            PullReport::Failed(reason) => DownloadEvent::Failed { id: id.clone(), reason },
        };
        self.state().running.remove(&id);
        let arrived = matches!(event, DownloadEvent::Finished { .. });
        self.tell(event);
        if arrived {
            self.offer();
            self.take(kind);
        }
    }

    /// Lets the session use what arrived.
    fn take(&self, kind: Kind) {
        let settings = self.state().settings.clone();
        match kind {
            Kind::Speech => {
                self.commands.replace_transcriber(engines::transcriber(&self.paths, &settings));
            }
            Kind::Language if settings.dialogue.engine == DialogueEngine::Local => {
                let (origin, responder) = engines::responder(&self.paths, &settings);
                self.commands.replace_responder(origin, responder);
            }
            Kind::Voice if settings.voice.engine == VoiceEngine::Own => {
                self.commands.replace_voice(engines::voice(
                    &self.paths,
                    &settings,
                    Some(&self.her_voice),
                ));
            }
            // She remembers and listens better from the next start.
            Kind::Language | Kind::Memory | Kind::Voice | Kind::Turn => {}
        }
    }
}

fn download_event(id: String, event: PullEvent) -> Option<DownloadEvent> {
    Some(match event {
        PullEvent::Progress { phase: Phase::Fetching, done, total, .. } => {
            DownloadEvent::Progress { id, done_bytes: done, total_bytes: total }
        }
        PullEvent::Progress { phase: Phase::Converting, .. } => {
            DownloadEvent::Step { id, text: notices::CONVERTING.into() }
        }
        PullEvent::Progress { phase: Phase::Verifying, .. } => {
            DownloadEvent::Step { id, text: notices::CHECKING.into() }
        }
        PullEvent::Waiting { .. } => {
            DownloadEvent::Step { id, text: notices::FETCHED_ELSEWHERE.into() }
        }
        PullEvent::SourceFailed { source, reason, next: Some(next), .. } => {
            DownloadEvent::Step { id, text: notices::other_source(&source, &reason, &next) }
        }
        PullEvent::SourceFailed { .. } | PullEvent::FellBack { .. } => return None,
    })
}
