//! Reads the event file that the app writes with `--events FILE`: one JSON
//! object a line, as it happens.

use anyhow::{Context, anyhow};
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// One line of the event file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Event {
    /// Milliseconds on the app's own monotonic clock.
    pub t_ms: f64,
    /// The turn it belongs to, if any.
    pub turn: Option<u64>,
    /// What happened, such as `transcript_ready`.
    pub event: String,
    /// Words, where the event carries any.
    pub text: Option<String>,
    /// What a notice is about.
    pub topic: Option<String>,
    /// Her state, where the event tells of one.
    pub presence: Option<String>,
    /// How closely she listens, where the event tells of it.
    pub attention: Option<String>,
    /// Of a reply: she was cut off.
    pub interrupted: Option<bool>,
    /// Of the first event: the wall clock's time.
    pub unix_ms: Option<u64>,
}

/// Follows a growing event file.
pub struct Events {
    path: PathBuf,
    file: Option<File>,
    unfinished_line: Vec<u8>,
    seen: Vec<Event>,
}

impl Events {
    /// The file need not exist yet.
    pub fn follow(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None, unfinished_line: Vec::new(), seen: Vec::new() }
    }

    /// Everything read so far, oldest first.
    pub fn seen(&self) -> &[Event] {
        &self.seen
    }

    /// Reads what has been added; returns only that.
    pub fn read_new(&mut self) -> anyhow::Result<&[Event]> {
        let before = self.seen.len();
        if self.file.is_none() {
            match File::open(&self.path) {
                Ok(file) => self.file = Some(file),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(&[]),
                Err(error) => return Err(error).context("cannot open the event file"),
            }
        }
        if let Some(file) = &mut self.file {
            file.read_to_end(&mut self.unfinished_line).context("cannot read the event file")?;
        }
        while let Some(end) = self.unfinished_line.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.unfinished_line.drain(..=end).collect();
            if line.trim_ascii().is_empty() {
                continue;
            }
            let event = serde_json::from_slice(&line)
                .with_context(|| format!("not an event: {}", String::from_utf8_lossy(&line)))?;
            self.seen.push(event);
        }
        Ok(&self.seen[before..])
    }

    /// Waits for an event that satisfies `wanted`, beginning at the `from`th of
    /// [`Events::seen`]. Returns its place in `seen` and the event.
    pub fn wait_for(
        &mut self,
        what: &str,
        from: usize,
        timeout: Duration,
        mut wanted: impl FnMut(&Event) -> bool,
    ) -> anyhow::Result<(usize, Event)> {
        let deadline = Instant::now() + timeout;
        let mut next = from;
        loop {
            self.read_new()?;
            while let Some(event) = self.seen.get(next) {
                if wanted(event) {
                    return Ok((next, event.clone()));
                }
                next += 1;
            }
            if Instant::now() >= deadline {
                let tail: Vec<_> = self.seen.iter().rev().take(8).rev().collect();
                return Err(anyhow!("no {what} within {timeout:?}; the last events: {tail:?}"));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_growing_file_is_followed_line_by_line() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("events.jsonl");
        let mut events = Events::follow(&path);
        assert!(events.read_new().expect("no file yet").is_empty());
        let mut file = File::create(&path).expect("created");
        write!(file, "{{\"t_ms\":1.5,\"turn\":2,\"event\":\"said\",\"te").expect("written");
        assert!(events.read_new().expect("half a line").is_empty());
        writeln!(file, "xt\":\"hello\",\"other\":1}}\n{{\"t_ms\":2,\"event\":\"done\"}}")
            .expect("written");
        let (at, said) =
            events.wait_for("said", 0, Duration::ZERO, |e| e.event == "said").expect("there");
        assert_eq!((at, said.turn, said.text.as_deref()), (0, Some(2), Some("hello")));
        let error = events.wait_for("more", 2, Duration::ZERO, |_| true).expect_err("no more");
        assert!(error.to_string().contains("done"), "{error}");
    }
}
