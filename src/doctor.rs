//! Checks what a conversation needs, part by part, and says in one sentence
//! what works or what to do.
//!
//! `samantha doctor` prints the result; the window can show the same. Each
//! check really tries the part and is bounded in time, so that nothing that
//! hangs can hang the doctor. Nothing is changed or installed.

#[cfg_attr(target_os = "linux", path = "doctor/desktop_linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "doctor/desktop_other.rs")]
mod desktop;
mod engines;
mod memory;
mod sound;

use crate::paths::Paths;
use crate::settings::Settings;
use crate::wording::{Sentence, Text};
use serde::Serialize;
use std::time::Duration;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Opens the microphone and listens for a second.
    Microphone,
    /// Where her voice is played.
    Speaker,
    /// What speaks her sentences.
    Voice,
    /// The weights that understand speech.
    Hearing,
    /// The weights or the server that answer.
    Dialogue,
    /// The program that runs the local language model.
    LanguageModelProgram,
    /// What she remembers, and its key.
    Memory,
    /// Where the window is shown.
    Display,
    /// The talk key that works everywhere.
    Hotkey,
}

impl Part {
    /// In the order in which they are checked.
    pub const ALL: [Part; 9] = [
        Part::Microphone,
        Part::Speaker,
        Part::Voice,
        Part::Hearing,
        Part::Dialogue,
        Part::LanguageModelProgram,
        Part::Memory,
        Part::Display,
        Part::Hotkey,
    ];

    /// What a person reads.
    pub fn name(self) -> Text {
        match self {
            Part::Microphone => Text("Microphone"),
            Part::Speaker => Text("Speaker"),
            Part::Voice => Text("Voice"),
            Part::Hearing => Text("Speech to text"),
            Part::Dialogue => Text("Answers"),
            Part::LanguageModelProgram => Text("Model program"),
            Part::Memory => Text("Memory"),
            Part::Display => Text("Window"),
            Part::Hotkey => Text("Talk key"),
        }
    }

    /// Whether people can talk with her without it. Without a voice, replies
    /// are shown; without the talk key, the window's button serves; without a
    /// window, the terminal.
    pub fn is_needed(self) -> bool {
        matches!(
            self,
            Part::Microphone | Part::Hearing | Part::Dialogue | Part::LanguageModelProgram
        )
    }
}

/// Whether a part works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Works,
    /// It answers, but something about it looks wrong, or it could not be
    /// tried in full.
    Doubtful,
    /// It does not.
    Fails,
}

/// What was found about one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked.
    pub part: Part,
    /// Whether it works.
    pub verdict: Verdict,
    /// One sentence: what works, or what to do.
    pub text: Sentence,
}

/// Checks one part. Takes up to some seconds; the microphone takes one at
/// least.
pub fn check(part: Part, paths: &Paths, settings: &Settings) -> Finding {
    let (verdict, text) = match part {
        Part::Microphone => sound::check_microphone(&settings.microphone),
        Part::Speaker => sound::check_speaker(),
        Part::Voice => sound::check_voice(paths, settings),
        Part::Hearing => engines::check_hearing(paths, settings),
        Part::Dialogue => engines::check_dialogue(paths, settings),
        Part::LanguageModelProgram => engines::check_model_program(&settings.dialogue),
        Part::Memory => memory::check(paths),
        Part::Display => desktop::check_display(),
        Part::Hotkey => desktop::check_hotkey(paths, &settings.talk),
    };
    Finding { part, verdict, text }
}

/// Whether, by these findings, people can talk with her.
pub fn is_conversation_possible(findings: &[Finding]) -> bool {
    findings.iter().all(|f| f.verdict != Verdict::Fails || !f.part.is_needed())
}

type Found = (Verdict, Sentence);

fn works(text: impl Into<Sentence>) -> Found {
    (Verdict::Works, text.into())
}

fn doubtful(text: impl Into<Sentence>) -> Found {
    (Verdict::Doubtful, text.into())
}

fn fails(text: impl Into<Sentence>) -> Found {
    (Verdict::Fails, text.into())
}

/// Runs something that may never return on a thread of its own; `None` if it
/// took longer than that. The thread is then left behind.
fn within<T: Send + 'static>(
    timeout: Duration,
    attempt: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, result) = crossbeam_channel::bounded(1);
    std::thread::Builder::new()
        .name("doctor".into())
        .spawn(move || drop(done.send(attempt())))
        .ok()?;
    result.recv_timeout(timeout).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(part: Part, verdict: Verdict) -> Finding {
        Finding { part, verdict, text: "".into() }
    }

    #[test]
    fn a_conversation_needs_an_ear_and_an_answer_but_no_voice() {
        for part in Part::ALL {
            let mut findings: Vec<_> =
                Part::ALL.iter().map(|&p| finding(p, Verdict::Works)).collect();
            assert!(is_conversation_possible(&findings));
            findings.retain(|f| f.part != part);
            findings.push(finding(part, Verdict::Fails));
            assert_eq!(is_conversation_possible(&findings), !part.is_needed(), "{part:?}");
        }
    }

    #[test]
    fn what_hangs_is_left_behind() {
        let begun = std::time::Instant::now();
        let hung = within(Duration::from_millis(50), || std::thread::sleep(Duration::from_secs(5)));
        assert_eq!(hung, None);
        assert!(begun.elapsed() < Duration::from_secs(2));
        assert_eq!(within(Duration::from_secs(5), || 3), Some(3));
    }
}
