//! Tries a server: one short, fixed question, and what really came of it.
//!
//! Called by the window's settings on a thread of its own, since it waits for
//! the server. Nothing of the person's is sent.

use super::problem::Failure;
use super::{Config, Server};
use crate::dialogue::{Message, Role, Sampling};
use crate::settings::DialogueSettings;
use crate::wording::server_test as words;
use std::time::Instant;

/// What is asked.
const QUESTION: &str = "Count from one to twenty in words.";
const MAX_TOKENS: u32 = 80;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestReport {
    /// It answered.
    pub works: bool,
    /// One sentence: how fast it answers, or what to do.
    pub text: String,
    /// What lies behind it, for those who want to know. Holds no key.
    pub details: String,
}

/// Asks the server of the settings. Takes up to a minute, where a server has to
/// load its model first.
pub fn test(settings: &DialogueSettings) -> TestReport {
    match Config::new(settings).and_then(Server::silent) {
        Ok(server) => server.try_out(),
        Err(error) => TestReport {
            works: false,
            text: error.to_string(),
            details: words::NOTHING_SENT.into(),
        },
    }
}

impl Server {
    pub(super) fn try_out(&self) -> TestReport {
        let question = Message { role: Role::User, content: QUESTION.into() };
        let sampling = Sampling { max_tokens: MAX_TOKENS, temperature: 0.0, judge_ending: false };
        let begun = Instant::now();
        let mut reply = String::new();
        let mut first = None;
        let replied = self.runtime.block_on(self.stream(&[question], sampling, &mut |text| {
            first.get_or_insert_with(Instant::now);
            reply.push_str(text);
        }));
        let asked =
            words::ASKED.with(&[("address", &self.endpoint), ("model", &self.config.model)]);
        match (replied, first) {
            (Ok(_), Some(first)) => {
                let first_word_s = first.duration_since(begun).as_secs_f32();
                let words_per_s = words_per_s(&reply, first.elapsed().as_secs_f32());
                TestReport {
                    works: true,
                    text: words::works(first_word_s, words_per_s),
                    details: format!("{asked} {}", words::said(reply.trim())),
                }
            }
            (Ok(_), None) => TestReport {
                works: false,
                text: words::NO_WORDS.into(),
                details: format!("{asked} {}", words::NO_WORDS_DETAILS),
            },
            (Err(Failure { problem, cause }), _) => TestReport {
                works: false,
                text: crate::wording::server::problem(&problem, &self.place, &self.config.model),
                details: format!("{asked} {}", self.without_key(&cause)),
            },
        }
    }
}

/// `None` where the reply came all at once, which tells nothing.
fn words_per_s(reply: &str, seconds: f32) -> Option<f32> {
    let words = reply.split_whitespace().count();
    (words >= 5 && seconds >= 0.05).then(|| words as f32 / seconds)
}
