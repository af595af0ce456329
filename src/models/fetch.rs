//! Brings a weight: tries its sources in order until one gives exactly the
//! bytes it promised, then puts them in the store.
//!
//! Pieces that are complete wait in the weight's staging folder under their
//! sums, so that no attempt, in whichever process, fetches them again. A file
//! lock keeps two processes from fetching the same weight at once.

use super::catalog::{Conversion, Entry, Location, Part, Source};
use super::convert::{ConvertError, ct2_to_ggml};
use super::digest::{self, Digest, Hasher};
use super::https::{self, Partial};
use super::pip;
use super::store::{Installed, Store, StoreError, io_error};
use crate::Outbox;
use crate::cancel::CancelToken;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const HUGGING_FACE: &str = "https://huggingface.co";
/// How often a process looks whether the other one is done.
const LOCK_POLL: Duration = Duration::from_millis(200);
/// Progress is told no more often than this.
const REPORT_EVERY: Duration = Duration::from_millis(100);

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
            Location::Wheel { .. } => "Python packages".to_owned(),
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
    #[error("{0}: cancelled; what has arrived is kept for the next time")]
    Cancelled(String),
    /// Every source failed; each was told by an event.
    #[error(
        "{id} cannot be fetched from any source: check the network, or bring the file \
             with `samantha models import`"
    )]
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
    Failed(String),
    /// No source can do better.
    Stopped(StoreError),
}

impl Interrupted {
    /// For `map_err`: something is wrong with this computer's disk.
    pub(super) fn disk(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let to_store_error = io_error("write", path);
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
    fs::create_dir_all(&staging).map_err(io_error("create", &staging))?;
    for (index, source) in entry.sources.iter().enumerate() {
        let mut job =
            Job { id: &entry.id, source, store, staging: &staging, options, cancel, on_event };
        match job.run() {
            Ok(file) => {
                let (size, sum) = (source.size, source.sha256);
                let installed = store.install(&entry.id, entry.kind, &file, size, sum, false)?;
                fs::remove_dir_all(&staging).map_err(io_error("remove", &staging))?;
                return Ok(installed);
            }
            Err(Interrupted::Cancelled) => return Err(PullError::Cancelled(entry.id.clone())),
            Err(Interrupted::Stopped(error)) => return Err(error.into()),
            Err(Interrupted::Failed(reason)) => on_event(PullEvent::SourceFailed {
                id: entry.id.clone(),
                source: options.name(source),
                reason,
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
            return Err(PullError::NoSource { id: "a suitable model".into() });
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
    let file = File::create(&path).map_err(io_error("create", &path))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(io_error("lock", &path)(error).into()),
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

/// One source's attempt to give one weight.
struct Job<'a> {
    id: &'a str,
    source: &'a Source,
    store: &'a Store,
    staging: &'a Path,
    options: &'a PullOptions,
    cancel: &'a CancelToken,
    on_event: &'a mut dyn FnMut(PullEvent),
}

impl Job<'_> {
    /// The finished file, in the staging folder.
    fn run(&mut self) -> Result<PathBuf, Interrupted> {
        self.fetch()?;
        let whole = match self.source.parts.as_slice() {
            [part] => self.part_file(part),
            parts => self.join(parts)?,
        };
        match &self.source.conversion {
            Some(conversion) => self.convert(&whole, conversion),
            None => Ok(whole),
        }
    }

    /// Brings every piece that is not there yet.
    fn fetch(&mut self) -> Result<(), Interrupted> {
        let mut missing = Vec::new();
        let mut done = 0;
        for piece in self.source.pieces() {
            if self.is_complete(piece)? {
                done += piece.size;
            } else {
                missing.push(piece);
            }
        }
        self.check_space(&missing)?;
        let mut progress = Progress::new(Phase::Fetching, self.source.fetch_size(), done);
        while let Some(piece) = missing.first().copied() {
            match &piece.location {
                Location::Url(url) => {
                    self.fetch_url(&self.options.resolve(url), piece, &mut progress)?;
                    missing.remove(0);
                }
                Location::File(path) => {
                    self.copy(path, piece, &mut progress)?;
                    missing.remove(0);
                }
                Location::Wheel { package, .. } => {
                    let (wanted, rest) = missing.into_iter().partition(|piece| {
                        matches!(&piece.location, Location::Wheel { package: p, .. } if p == package)
                    });
                    missing = rest;
                    self.fetch_wheel(package, wanted, &mut progress)?;
                }
            }
        }
        Ok(())
    }

    fn fetch_url(
        &mut self,
        url: &str,
        piece: &Part,
        progress: &mut Progress,
    ) -> Result<(), Interrupted> {
        let partial =
            Partial { file: self.part_file(piece).with_extension("partial"), size: piece.size };
        let mut was_resumed = partial.arrived() > 0;
        loop {
            let (options, cancel) = (self.options, self.cancel);
            https::download(url, &partial, options, cancel, &mut |n| self.tell(progress, n))?;
            if self.sum(&partial.file)? == piece.sha256 {
                break;
            }
            partial.discard().map_err(Interrupted::disk(&partial.file))?;
            if !was_resumed {
                return Err(not_what_it_should_be("what arrived"));
            }
            // The server may have changed the file between the two halves.
            was_resumed = false;
        }
        let file = self.part_file(piece);
        fs::rename(&partial.file, &file).map_err(Interrupted::disk(&file))?;
        progress.base += piece.size;
        Ok(())
    }

    fn fetch_wheel(
        &mut self,
        package: &str,
        wanted: Vec<&Part>,
        progress: &mut Progress,
    ) -> Result<(), Interrupted> {
        let size: u64 = wanted.iter().map(|part| part.size).sum();
        let wanted: Vec<_> = wanted.into_iter().map(|part| (part, self.part_file(part))).collect();
        let (staging, options, cancel) = (self.staging, self.options, self.cancel);
        self.tell(progress, 0);
        pip::fetch(package, &wanted, staging, options, cancel, &mut |n| {
            // The wheel carries more than what is wanted of it.
            self.tell(progress, n.min(size));
        })?;
        progress.base += size;
        self.tell(progress, 0);
        Ok(())
    }

    fn copy(
        &mut self,
        from: &Path,
        piece: &Part,
        progress: &mut Progress,
    ) -> Result<(), Interrupted> {
        let unreadable = |e: io::Error| Interrupted::Failed(format!("it cannot be read ({e})"));
        let mut source = File::open(from).map_err(unreadable)?;
        if source.metadata().map_err(unreadable)?.len() != piece.size {
            return Err(not_what_it_should_be("the file"));
        }
        let file = self.part_file(piece);
        let fresh = file.with_extension("copying");
        let out = File::create(&fresh).map_err(Interrupted::disk(&fresh))?;
        let mut out = HashingWriter::new(out);
        self.pour(&mut source, from, &mut out, &fresh, progress)?;
        if out.sum().map_err(Interrupted::disk(&fresh))? != piece.sha256 {
            return Err(not_what_it_should_be("the file"));
        }
        fs::rename(&fresh, &file).map_err(Interrupted::disk(&file))?;
        progress.base += piece.size;
        Ok(())
    }

    fn join(&mut self, parts: &[Part]) -> Result<PathBuf, Interrupted> {
        let joined = self.staging.join("joined");
        let disk = Interrupted::disk(&joined);
        let mut out = HashingWriter::new(File::create(&joined).map_err(&disk)?);
        let total = parts.iter().map(|part| part.size).sum();
        let mut progress = Progress::new(Phase::Verifying, total, 0);
        for part in parts {
            let file = self.part_file(part);
            let mut source = File::open(&file).map_err(Interrupted::disk(&file))?;
            self.pour(&mut source, &file, &mut out, &joined, &mut progress)?;
            progress.base += part.size;
        }
        // What is to be converted has no sum as a whole, only its parts have.
        if out.sum().map_err(&disk)? != self.source.sha256 && self.source.conversion.is_none() {
            return Err(not_what_it_should_be("what the parts make"));
        }
        Ok(joined)
    }

    fn convert(&mut self, model: &Path, conversion: &Conversion) -> Result<PathBuf, Interrupted> {
        let converted = self.staging.join("converted");
        let disk = Interrupted::disk(&converted);
        let vocabulary_file = self.part_file(&conversion.vocabulary);
        let vocabulary = fs::read_to_string(&vocabulary_file)
            .map_err(|e| Interrupted::Failed(format!("the vocabulary cannot be read ({e})")))?;
        let model = File::open(model).map_err(Interrupted::disk(model))?;
        let mut progress = Progress::new(Phase::Converting, self.source.size, 0);
        let mut out = HashingWriter::new(File::create(&converted).map_err(&disk)?);
        let mut watched = WatchedWriter {
            inner: &mut out,
            cancel: self.cancel,
            written: 0,
            on_bytes: &mut |n| self.tell(&mut progress, n),
        };
        let outcome =
            ct2_to_ggml(BufReader::new(model), &vocabulary, &mut watched, conversion.quantisation);
        match outcome {
            Ok(()) => {}
            Err(_) if self.cancel.is_cancelled() => return Err(Interrupted::Cancelled),
            Err(ConvertError::Io(error)) => return Err(disk(error)),
            Err(error) => return Err(Interrupted::Failed(error.to_string())),
        }
        if out.sum().map_err(&disk)? != self.source.sha256 {
            return Err(not_what_it_should_be("the converted model"));
        }
        Ok(converted)
    }

    /// Copies all of `source`, telling how much is done.
    fn pour(
        &mut self,
        source: &mut File,
        from: &Path,
        out: &mut HashingWriter,
        to: &Path,
        progress: &mut Progress,
    ) -> Result<(), Interrupted> {
        let mut buffer = vec![0; 1 << 18];
        let mut done = 0;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Interrupted::Cancelled);
            }
            let n = source.read(&mut buffer).map_err(Interrupted::disk(from))?;
            if n == 0 {
                return Ok(());
            }
            out.write_all(&buffer[..n]).map_err(Interrupted::disk(to))?;
            done += n as u64;
            self.tell(progress, done);
        }
    }

    /// Refuses to begin what would not fit on the disk.
    fn check_space(&self, missing: &[&Part]) -> Result<(), Interrupted> {
        let has_arrived = |part: &&Part| {
            let partial = self.part_file(part).with_extension("partial");
            fs::metadata(partial).map_or(0, |metadata| metadata.len().min(part.size))
        };
        let mut needed: u64 = missing.iter().map(|part| part.size - has_arrived(part)).sum();
        // A wheel and pip's copy of it lie beside what is taken out of it.
        let in_wheel = |part: &&&Part| matches!(part.location, Location::Wheel { .. });
        needed += 2 * missing.iter().filter(in_wheel).map(|part| part.size).max().unwrap_or(0);
        if self.source.parts.len() > 1 {
            needed += self.source.parts.iter().map(|part| part.size).sum::<u64>();
        }
        if self.source.conversion.is_some() {
            needed += self.source.size;
        }
        self.store.check_space(needed).map_err(Interrupted::Stopped)
    }

    /// Whether the piece is there, from an earlier attempt.
    fn is_complete(&mut self, piece: &Part) -> Result<bool, Interrupted> {
        let file = self.part_file(piece);
        if fs::metadata(&file).map_or(0, |metadata| metadata.len()) != piece.size {
            return Ok(false);
        }
        Ok(self.sum(&file)? == piece.sha256)
    }

    fn sum(&mut self, file: &Path) -> Result<Digest, Interrupted> {
        let size = fs::metadata(file).map_or(0, |metadata| metadata.len());
        let mut progress = Progress::new(Phase::Verifying, size, 0);
        digest::of_file(file, self.cancel, &mut |n| self.tell(&mut progress, n))
            .map_err(Interrupted::disk(file))?
            .ok_or(Interrupted::Cancelled)
    }

    /// Tells that `done` bytes of the current piece are done, unless that was
    /// told a moment ago.
    fn tell(&mut self, progress: &mut Progress, done: u64) {
        let done = progress.base + done;
        let is_due = progress.last_told.is_none_or(|last| last.elapsed() >= REPORT_EVERY);
        if is_due || done == progress.total {
            progress.last_told = Some(Instant::now());
            (self.on_event)(PullEvent::Progress {
                id: self.id.to_owned(),
                phase: progress.phase,
                done,
                total: progress.total,
            });
        }
    }

    fn part_file(&self, part: &Part) -> PathBuf {
        self.staging.join(format!("{}.part", part.sha256.short()))
    }
}

fn not_what_it_should_be(what: &str) -> Interrupted {
    Interrupted::Failed(format!("{what} is not what it should be: its SHA-256 is wrong"))
}

struct Progress {
    phase: Phase,
    total: u64,
    /// Bytes of the pieces that are done.
    base: u64,
    last_told: Option<Instant>,
}

impl Progress {
    fn new(phase: Phase, total: u64, base: u64) -> Self {
        Self { phase, total, base, last_told: None }
    }
}

/// Writes a file and sums it up in one go.
struct HashingWriter {
    file: BufWriter<File>,
    hasher: Hasher,
}

impl HashingWriter {
    fn new(file: File) -> Self {
        Self { file: BufWriter::with_capacity(1 << 18, file), hasher: Hasher::default() }
    }

    fn sum(mut self) -> io::Result<Digest> {
        self.file.flush()?;
        Ok(self.hasher.finish())
    }
}

impl Write for HashingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Counts what passes, and fails once that is no longer wanted.
struct WatchedWriter<'a, W> {
    inner: W,
    cancel: &'a CancelToken,
    written: u64,
    on_bytes: &'a mut dyn FnMut(u64),
}

impl<W: Write> Write for WatchedWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        let n = self.inner.write(bytes)?;
        self.written += n as u64;
        (self.on_bytes)(self.written);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests;
