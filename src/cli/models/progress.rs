//! How far something is: a bar on a terminal, a line now and then elsewhere.
#![allow(clippy::print_stderr, reason = "the command line talks to people")]

use crate::models::{Phase, PullEvent};
use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal as _;

/// Without a terminal, a line is written each time this much more is done.
const STEP_PERCENT: u64 = 10;

/// How far one thing is. Its bar is wiped when dropped.
pub(super) enum Bytes {
    Bar(ProgressBar),
    Lines { label: String, total: u64, last_step: Cell<Option<u64>> },
}

impl Bytes {
    pub(super) fn new(name: &str, doing: &str, total: u64) -> Self {
        let label = format!("{name}: {doing}");
        if !std::io::stderr().is_terminal() {
            return Self::Lines { label, total, last_step: Cell::new(None) };
        }
        let style = ProgressStyle::with_template(
            "{msg} [{bar:30}] {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}",
        );
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
        Self::Bar(ProgressBar::new(total).with_style(style).with_message(label))
    }

    pub(super) fn set(&self, done: u64) {
        match self {
            Self::Bar(bar) => bar.set_position(done),
            Self::Lines { label, total, last_step } => {
                let percent = (u128::from(done) * 100 / u128::from((*total).max(1))) as u64;
                let step = percent / STEP_PERCENT;
                if last_step.get().is_none_or(|last| step > last) {
                    last_step.set(Some(step));
                    eprintln!("{label} {percent}% of {}", DecimalBytes(*total));
                }
            }
        }
    }

    /// Writes a line that stays, above the bar.
    fn say(&self, line: &str) {
        match self {
            Self::Bar(bar) => bar.suspend(|| eprintln!("{line}")),
            Self::Lines { .. } => eprintln!("{line}"),
        }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// Shows what happens while weights are fetched.
#[derive(Default)]
pub(super) struct PullView {
    /// What is being done to which weight.
    current: Option<(String, Phase, Bytes)>,
}

impl PullView {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn show(&mut self, event: PullEvent) {
        match event {
            PullEvent::Progress { id, phase, done, total } => {
                let is_same = |(i, p, _): &(String, Phase, Bytes)| *i == id && *p == phase;
                if !self.current.as_ref().is_some_and(is_same) {
                    self.current = None; // wipes the old bar before the new one is drawn
                    self.current = Some((id.clone(), phase, Bytes::new(&id, doing(phase), total)));
                }
                if let Some((_, _, bytes)) = &self.current {
                    bytes.set(done);
                }
            }
            PullEvent::Waiting { id } => {
                self.say(&format!("{id}: waiting for another process that is fetching it"));
            }
            PullEvent::SourceFailed { id, source, reason, next: Some(next) } => {
                self.say(&format!("{id}: {source} failed, {reason}; trying {next}"));
            }
            PullEvent::SourceFailed { id, source, reason, next: None } => {
                self.say(&format!("{id}: {source} failed, {reason}"));
            }
            PullEvent::FellBack { id, next } => {
                self.say(&format!("{id} cannot be fetched; trying {next} instead"));
            }
        }
    }

    fn say(&self, line: &str) {
        match &self.current {
            Some((_, _, bytes)) => bytes.say(line),
            None => eprintln!("{line}"),
        }
    }
}

fn doing(phase: Phase) -> &'static str {
    match phase {
        Phase::Fetching => "fetching",
        Phase::Converting => "converting",
        Phase::Verifying => "verifying",
    }
}
