//! Brings one file from a web server. What has arrived stays in a partial file,
//! and the next attempt, in this process or another, asks for the rest of it.

use super::fetch::{Interrupted, PullOptions};
use crate::cancel::CancelToken;
use crate::wording::reasons::Reason;
use crate::wording::{Sentence, fetching as words};
use futures_util::StreamExt as _;
use reqwest::{StatusCode, header};
use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

/// How often a waiting transfer looks whether it is still wanted.
const TICK: Duration = Duration::from_millis(50);
/// Attempts in a row that bring nothing worth mentioning.
const MAX_ATTEMPTS: u32 = 4;
/// An attempt that brought this much was worth it: counting starts again.
const WORTHWHILE_BYTES: u64 = 1 << 20;

/// More than any index has to say of a package.
const DOCUMENT_BYTES_MAX: usize = 16 << 20;

/// Why an attempt ended without the whole file.
enum Failure {
    /// Trying again may help.
    Passing(Sentence),
    /// It will not.
    Lasting(Sentence),
    /// Not the server's fault.
    Interrupted(Interrupted),
}

impl From<Interrupted> for Failure {
    fn from(interrupted: Interrupted) -> Self {
        Self::Interrupted(interrupted)
    }
}

/// Where the transfer is put together.
pub(super) struct Partial {
    /// What has arrived so far.
    pub(super) file: PathBuf,
    /// How long it must become.
    pub(super) size: u64,
}

impl Partial {
    /// The server's mark of the version that the partial file is a piece of.
    fn etag_file(&self) -> PathBuf {
        self.file.with_extension("etag")
    }

    pub(super) fn arrived(&self) -> u64 {
        fs::metadata(&self.file).map_or(0, |metadata| metadata.len())
    }

    /// Forgets what has arrived.
    pub(super) fn discard(&self) -> io::Result<()> {
        for file in [self.file.clone(), self.etag_file()] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Completes the partial file. `on_bytes` hears how much of it is there.
pub(super) fn download(
    url: &str,
    partial: &Partial,
    options: &PullOptions,
    cancel: &CancelToken,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<(), Interrupted> {
    runtime()?.block_on(attempts(url, partial, options, cancel, on_bytes))
}

/// A small document in this media type; `None` where it is not to be had at once.
pub(super) fn read(
    url: &str,
    media_type: &str,
    options: &PullOptions,
    cancel: &CancelToken,
) -> Result<Option<Vec<u8>>, Interrupted> {
    let client = client()?;
    let document = async {
        let request = client.get(url).header(header::ACCEPT, media_type).send();
        let response = request.await?.error_for_status()?;
        let mut pieces = response.bytes_stream();
        let mut document = Vec::new();
        while let Some(piece) = pieces.next().await {
            document.extend_from_slice(&piece?);
            if document.len() > DOCUMENT_BYTES_MAX {
                return Ok(None);
            }
        }
        Ok::<_, reqwest::Error>(Some(document))
    };
    match runtime()?.block_on(wait(document, options.stall_timeout, cancel)) {
        Ok(Ok(document)) => Ok(document),
        Ok(Err(error)) => {
            tracing::debug!("{url} cannot be read: {error}");
            Ok(None)
        }
        Err(Failure::Interrupted(interrupted)) => Err(interrupted),
        Err(Failure::Passing(_) | Failure::Lasting(_)) => Ok(None),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Interrupted> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| Interrupted::Failed(words::NO_NETWORK.filling("reason", Reason(e))))
}

fn client() -> Result<reqwest::Client, Interrupted> {
    let client = crate::http::client_builder().build();
    client.map_err(|e| Interrupted::Failed(words::NO_NETWORK.filling("reason", Reason(e))))
}

async fn attempts(
    url: &str,
    partial: &Partial,
    options: &PullOptions,
    cancel: &CancelToken,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<(), Interrupted> {
    let client = client()?;
    let transfer = Transfer { client, url, partial, stall_timeout: options.stall_timeout, cancel };
    let mut attempt = 1;
    loop {
        let before = partial.arrived();
        let reason = match transfer.attempt(on_bytes).await {
            Ok(()) => return Ok(()),
            Err(Failure::Interrupted(interrupted)) => return Err(interrupted),
            Err(Failure::Lasting(reason)) => return Err(Interrupted::Failed(reason)),
            Err(Failure::Passing(reason)) => reason,
        };
        if partial.arrived().saturating_sub(before) >= WORTHWHILE_BYTES {
            attempt = 1;
        }
        if attempt == MAX_ATTEMPTS {
            return Err(Interrupted::Failed(reason));
        }
        tracing::debug!("{url}: {reason}; attempt {attempt} of {MAX_ATTEMPTS}");
        let pause = options.retry_pause * 2u32.pow(attempt - 1);
        match transfer.wait(tokio::time::sleep(pause), pause + TICK * 2).await {
            Ok(()) | Err(Failure::Passing(_) | Failure::Lasting(_)) => {}
            Err(Failure::Interrupted(interrupted)) => return Err(interrupted),
        }
        attempt += 1;
    }
}

struct Transfer<'a> {
    client: reqwest::Client,
    url: &'a str,
    partial: &'a Partial,
    stall_timeout: Duration,
    cancel: &'a CancelToken,
}

impl Transfer<'_> {
    async fn attempt(&self, on_bytes: &mut dyn FnMut(u64)) -> Result<(), Failure> {
        let size = self.partial.size;
        let arrived = self.partial.arrived();
        if arrived == size {
            return Ok(());
        }
        if arrived > size {
            self.partial.discard().map_err(self.disk())?;
        }
        let response = self.ask(self.partial.arrived()).await?;
        let mut file = self.open_for(&response)?;
        if let Some(etag) = strong_etag(&response) {
            fs::write(self.partial.etag_file(), etag).map_err(self.disk())?;
        }
        let mut arrived = file.metadata().map_err(self.disk())?.len();
        on_bytes(arrived);
        let mut body = response.bytes_stream();
        while let Some(chunk) = self.wait(body.next(), self.stall_timeout).await? {
            let chunk = chunk.map_err(broken)?;
            arrived += chunk.len() as u64;
            if arrived > size {
                self.partial.discard().map_err(self.disk())?;
                return Err(Failure::Lasting(words::SERVER_SENDS_MORE.into()));
            }
            file.write_all(&chunk).map_err(self.disk())?;
            on_bytes(arrived);
        }
        if arrived < size {
            return Err(Failure::Passing(words::SERVER_STOPPED.into()));
        }
        Ok(())
    }

    async fn ask(&self, arrived: u64) -> Result<reqwest::Response, Failure> {
        let mut request = self.client.get(self.url).header(header::ACCEPT_ENCODING, "identity");
        if arrived > 0 {
            request = request.header(header::RANGE, format!("bytes={arrived}-"));
            if let Ok(etag) = fs::read_to_string(self.partial.etag_file()) {
                request = request.header(header::IF_RANGE, etag);
            }
        }
        let response = self.wait(request.send(), self.stall_timeout).await?.map_err(broken)?;
        let status = response.status();
        let said = || words::SERVER_SAID.filling("status", status);
        match status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(response),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                self.partial.discard().map_err(self.disk())?;
                Err(Failure::Passing(said()))
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Err(Failure::Passing(said()))
            }
            _ if status.is_server_error() => Err(Failure::Passing(said())),
            _ => Err(Failure::Lasting(said())),
        }
    }

    /// The partial file, ready to take this answer: appended to when the server
    /// goes on where we stopped, emptied when it begins anew.
    fn open_for(&self, response: &reqwest::Response) -> Result<File, Failure> {
        let mut options = OpenOptions::new();
        options.create(true);
        let total = if response.status() == StatusCode::PARTIAL_CONTENT {
            let (start, total) = content_range(response)
                .ok_or_else(|| Failure::Lasting(words::SERVER_MAKES_NO_SENSE.into()))?;
            if start != self.partial.arrived() {
                self.partial.discard().map_err(self.disk())?;
                return Err(Failure::Passing(words::SERVER_WENT_ELSEWHERE.into()));
            }
            options.append(true);
            total
        } else {
            self.partial.discard().map_err(self.disk())?;
            options.write(true);
            response.content_length()
        };
        if let Some(total) = total.filter(|total| *total != self.partial.size) {
            self.partial.discard().map_err(self.disk())?;
            let text = words::SERVER_HAS_ANOTHER.filling("size", total);
            return Err(Failure::Lasting(text.with("expected", self.partial.size)));
        }
        Ok(options.open(&self.partial.file).map_err(self.disk())?)
    }

    async fn wait<T>(
        &self,
        future: impl Future<Output = T>,
        limit: Duration,
    ) -> Result<T, Failure> {
        wait(future, limit, self.cancel).await
    }

    fn disk(&self) -> impl Fn(io::Error) -> Interrupted + use<> {
        Interrupted::disk(&self.partial.file)
    }
}

/// Waits for `future` while it is wanted and not for longer than `limit`.
async fn wait<T>(
    future: impl Future<Output = T>,
    limit: Duration,
    cancel: &CancelToken,
) -> Result<T, Failure> {
    let mut future = pin!(future);
    let start = Instant::now();
    loop {
        if cancel.is_cancelled() {
            return Err(Interrupted::Cancelled.into());
        }
        match tokio::time::timeout(TICK, &mut future).await {
            Ok(value) => return Ok(value),
            Err(_) if start.elapsed() >= limit => {
                let seconds = limit.as_secs_f32();
                return Err(Failure::Passing(words::SERVER_SILENT.filling("seconds", seconds)));
            }
            Err(_) => {}
        }
    }
}

/// A mark that promises the same bytes; weak ones promise only the same
/// meaning.
fn strong_etag(response: &reqwest::Response) -> Option<&str> {
    let etag = response.headers().get(header::ETAG)?.to_str().ok()?;
    (!etag.starts_with("W/")).then_some(etag)
}

/// First byte and total, if told, of `bytes 10-99/100`.
fn content_range(response: &reqwest::Response) -> Option<(u64, Option<u64>)> {
    let text = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let start = range.split_once('-')?.0.parse().ok()?;
    Some((start, total.parse().ok()))
}

fn broken(error: reqwest::Error) -> Failure {
    let text = if error.is_connect() { words::NO_CONNECTION } else { words::CONNECTION_BROKE };
    Failure::Passing(text.filling("reason", Reason(error)))
}
