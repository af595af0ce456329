//! Brings a weight: tries its sources in order until one gives exactly the
//! bytes it promised, then puts them in the store.
//!
//! Pieces that are complete wait in the weight's staging folder under their
//! sums, so that no attempt, in whichever process, fetches them again. A file
//! lock keeps two processes from fetching the same weight at once.

use super::catalog::{Entry, Location, Source};
use super::store::{Installed, Store, StoreError, io_error};
use crate::Outbox;
use crate::cancel::CancelToken;
use crate::wording::{Sentence, fetching as words};
use job::Job;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

mod job;

const HUGGING_FACE: &str = "https://huggingface.co";
/// How often a process looks whether the other one is done.
const LOCK_POLL: Duration = Duration::from_millis(200);

/// How to fetch.
#[derive(Clone, Debug)]
pub struct PullOptions {
    /// Stands in for `https://huggingface.co`, for mirrors.
    pub hugging_face: String,
    /// A server that sends nothing for this long has failed.
    pub stall_timeout: Duration,
    /// The same of pip, which is silent while it looks a package up.
    pub pip_stall_timeout: Duration,
    /// Before the second attempt at a server; doubles with each.
    pub retry_pause: Duration,
}

impl Default for PullOptions {
    fn default() -> Self {
        Self {
            hugging_face: HUGGING_FACE.to_owned(),
            stall_timeout: Duration::from_secs(30),
            pip_stall_timeout: Duration::from_secs(180),
            retry_pause: Duration::from_secs(1),
        }
    }
}

impl PullOptions {
    /// The defaults, with the mirror that `SAMANTHA_HF_BASE` names, if any.
    pub fn from_env() -> Self {
        let mirror = std::env::var("SAMANTHA_HF_BASE").ok().filter(|base| !base.is_empty());
        let hugging_face = mirror.unwrap_or_else(|| HUGGING_FACE.to_owned());
        Self { hugging_face, ..Self::default() }
    }

    fn resolve(&self, url: &str) -> String {
        match url.strip_prefix(HUGGING_FACE) {
            Some(path) if path.starts_with('/') => {
                format!("{}{path}", self.hugging_face.trim_end_matches('/'))
            }
            _ => url.to_owned(),
        }
    }

    /// A source's name for people.
    fn name(&self, source: &Source) -> String {
        match &source.parts[0].location {
            Location::Url(url) => {
                let url = self.resolve(url);
                let rest = url.split_once("//").map_or(url.as_str(), |(_, rest)| rest);
                rest.split('/').next().unwrap_or(rest).to_owned()
            }
            Location::Wheel { .. } => words::PYTHON_PACKAGES.into(),
            Location::File(path) => path.display().to_string(),
        }
    }
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Bytes are arriving.
    Fetching,
    /// What arrived is being converted.
    Converting,
    /// What arrived is being joined and checked.
    Verifying,
}

/// What happened while fetching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullEvent {
    /// Another process is fetching the same weight.
    Waiting {
        /// The weight.
        id: String,
    },
    /// More of it is done. Told a few times a second.
    Progress {
        /// The weight.
        id: String,
        /// What is being done.
        phase: Phase,
        /// Bytes of this phase.
        done: u64,
        /// Bytes of this phase altogether.
        total: u64,
    },
    /// A source could not give it.
    SourceFailed {
        /// The weight.
        id: String,
        /// The source's name for people.
        source: String,
        /// Why, in a few words.
        reason: String,
        /// The source that is tried instead.
        next: Option<String>,
    },
    /// No source could give it.
    FellBack {
        /// The weight.
        id: String,
        /// The weight that is fetched instead.
        next: String,
    },
}

/// What the thread of [`start_pull`] tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullReport {
    /// It goes on.
    Event(PullEvent),
    /// The last report: the weight is here.
    Finished(Installed),
    /// The last report: the token was raised. What has arrived is kept.
    Cancelled,
    /// The last report: one sentence for people.
    Failed(String),
}

/// Why a weight is not here.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The caller raised the token. What has arrived is kept.
    #[error("{}", words::CANCELLED.with(&[("id", .0)]))]
    Cancelled(String),
    /// Every source failed; each was told by an event.
    #[error("{}", words::NO_SOURCE.with(&[("id", .id)]))]
    NoSource {
        /// The weight.
        id: String,
    },
    /// The folder of weights cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a source did not give the weight.
#[derive(Debug)]
pub(super) enum Interrupted {
    Cancelled,
    /// The next source may do better. A few words for people.
    Failed(Sentence),
    /// No source can do better.
    Stopped(StoreError),
}

impl Interrupted {
    /// For `map_err`: something is wrong with this computer's disk.
    pub(super) fn disk(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let to_store_error = io_error(words::CANNOT_WRITE, path);
        move |error| Self::Stopped(to_store_error(error))
    }
}

/// Brings a weight, unless it is here already. Blocks; may be called again
/// after whatever happened and goes on from there.
pub fn pull(
    entry: &Entry,
    store: &Store,
    options: &PullOptions,
    cancel: &CancelToken,
    on_event: &mut dyn FnMut(PullEvent),
) -> Result<Installed, PullError> {
    if let Some(installed) = find_current(store, entry)? {
        return Ok(installed);
    }
    store.make_dirs()?;
    let _lock = lock(entry, store, cancel, on_event)?;
    if let Some(installed) = find_current(store, entry)? {
        return Ok(installed);
    }
    let staging = store.staging_dir(&entry.id);
    fs::create_dir_all(&staging).map_err(io_error(words::CANNOT_CREATE, &staging))?;
    for (index, source) in entry.sources.iter().enumerate() {
        let mut job =
            Job { id: &entry.id, source, store, staging: &staging, options, cancel, on_event };
        match job.run() {
            Ok(file) => {
                let (size, sum) = (source.size, source.sha256);
                let installed = store.install(&entry.id, entry.kind, &file, size, sum, false)?;
                fs::remove_dir_all(&staging).map_err(io_error(words::CANNOT_REMOVE, &staging))?;
                return Ok(installed);
            }
            Err(Interrupted::Cancelled) => return Err(PullError::Cancelled(entry.id.clone())),
            Err(Interrupted::Stopped(error)) => return Err(error.into()),
            Err(Interrupted::Failed(reason)) => on_event(PullEvent::SourceFailed {
                id: entry.id.clone(),
                source: options.name(source),
                reason: reason.into(),
                next: entry.sources.get(index + 1).map(|next| options.name(next)),
            }),
        }
    }
    Err(PullError::NoSource { id: entry.id.clone() })
}

/// Makes sure that one of the candidates is here: if none is, brings the first
/// that can be had. There must be at least one.
pub fn pull_first(
    candidates: &[&Entry],
    store: &Store,
    options: &PullOptions,
    cancel: &CancelToken,
    on_event: &mut dyn FnMut(PullEvent),
) -> Result<Installed, PullError> {
    for candidate in candidates {
        if let Some(installed) = find_current(store, candidate)? {
            return Ok(installed);
        }
    }
    let mut candidates = candidates.iter().peekable();
    loop {
        let Some(candidate) = candidates.next() else {
            return Err(PullError::NoSource { id: words::SUITABLE_MODEL.into() });
        };
        match (pull(candidate, store, options, cancel, on_event), candidates.peek()) {
            (Err(PullError::NoSource { id }), Some(next)) => {
                on_event(PullEvent::FellBack { id, next: next.id.clone() });
            }
            (outcome, _) => return outcome,
        }
    }
}

/// Does as [`pull_first`] in a thread of its own. `report` is called there.
/// The thread ends soon after `cancel` is raised.
pub fn start_pull(
    candidates: Vec<Entry>,
    store: Store,
    options: PullOptions,
    cancel: CancelToken,
    report: Outbox<PullReport>,
) -> io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("model-pull".into()).spawn(move || {
        let candidates: Vec<&Entry> = candidates.iter().collect();
        let mut on_event = |event| report(PullReport::Event(event));
        let outcome = pull_first(&candidates, &store, &options, &cancel, &mut on_event);
        report(match outcome {
            Ok(installed) => PullReport::Finished(installed),
            Err(PullError::Cancelled(_)) => PullReport::Cancelled,
            Err(error) => PullReport::Failed(error.to_string()),
        });
    })
}

/// The weight if it is here in a version that the catalogue knows.
fn find_current(store: &Store, entry: &Entry) -> Result<Option<Installed>, StoreError> {
    let installed = store.find_installed(&entry.id)?;
    Ok(installed.filter(|here| entry.sources.iter().any(|source| source.sha256 == here.sha256)))
}

/// Waits until no other process fetches this weight. Held until dropped.
fn lock(
    entry: &Entry,
    store: &Store,
    cancel: &CancelToken,
    on_event: &mut dyn FnMut(PullEvent),
) -> Result<File, PullError> {
    let path = store.lock_file(&entry.id);
    let file = File::create(&path).map_err(io_error(words::CANNOT_CREATE, &path))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => {
                return Err(io_error(words::CANNOT_LOCK, &path)(error).into());
            }
            Err(TryLockError::WouldBlock) => {}
        }
        if cancel.is_cancelled() {
            return Err(PullError::Cancelled(entry.id.clone()));
        }
        if !told {
            on_event(PullEvent::Waiting { id: entry.id.clone() });
            told = true;
        }
        std::thread::sleep(LOCK_POLL);
    }
}

#[cfg(test)]
mod tests;
