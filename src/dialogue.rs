//! What she answers.
//!
//! The session asks a [`Responder`], which runs a [`Dialogue`] engine on its
//! own thread and reports [`DialogueEvent`]s. Engines: a local model in the
//! child process, or any OpenAI-compatible server.

pub mod sentences;
pub mod spoken;

use crate::cancel::CancelToken;
use crate::turn::TurnId;
use serde::{Deserialize, Serialize};

/// Who says a message of the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The persona and standing facts.
    System,
    /// The person.
    User,
    /// Samantha.
    Assistant,
}

/// One message of the prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// A prompt: the system message first, then person and Samantha by turns.
/// Successive prompts of a conversation share a byte-identical prefix, so that
/// an engine can keep what it has already read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// In order.
    pub messages: Vec<Message>,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// The reply ends after this many tokens at the latest.
    pub max_tokens: u32,
    /// 0.0 always takes the likeliest word.
    pub temperature: f32,
}

/// What a reply cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplyStats {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the prompt that did not have to be read again.
    pub cached_tokens: u32,
    /// Tokens of the reply.
    pub reply_tokens: u32,
}

/// Why there is no answer. Each text is one sentence for people that says
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum DialogueError {
    /// The caller raised the token.
    #[error("the reply was cancelled")]
    Cancelled,
    /// Nothing can be answered until the person does something.
    #[error("{0}")]
    Unavailable(String),
    /// This reply failed; the next may succeed.
    #[error("{0}")]
    Failed(String),
}

/// A language model. Built and owned by one thread.
pub trait Dialogue {
    /// Reads `prompt` ahead of time, so that a reply to it, or to a prompt
    /// that begins like it, starts sooner.
    fn prepare(&mut self, prompt: &Prompt, cancel: &CancelToken) -> Result<(), DialogueError>;
    /// Answers the last message; `on_text` receives the reply piece by piece,
    /// as the model wrote it. Returns soon after the token is raised. When the
    /// prompt does not fit the model's context, the oldest whole turns are
    /// left out.
    fn reply(
        &mut self,
        prompt: &Prompt,
        sampling: Sampling,
        cancel: &CancelToken,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<ReplyStats, DialogueError>;
}

/// Where the session asks for answers. All calls return at once.
pub trait Responder: Send {
    /// The person is about to say something that follows this prompt.
    fn prepare(&mut self, prompt: Prompt);
    /// Answer the last message.
    fn ask(&mut self, turn: TurnId, prompt: Prompt);
    /// The turn no longer matters; nothing more is said for it.
    fn cancel(&mut self, turn: TurnId);
}

/// What the responder's thread tells.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogueEvent {
    /// The engine can answer.
    Ready {
        /// The model's name for people, and where it runs.
        model: String,
    },
    /// More of the reply, as the model wrote it.
    Delta {
        /// The turn it answers.
        turn: TurnId,
        /// To be appended to what came before.
        text: String,
    },
    /// The reply is complete.
    Done {
        /// The turn it answers.
        turn: TurnId,
        /// What it cost.
        stats: ReplyStats,
    },
    /// The reply failed.
    Failed {
        /// The turn it should have answered.
        turn: TurnId,
        /// One sentence for people.
        reason: String,
    },
    /// The engine stopped and is being started again.
    Restarting {
        /// One sentence for people.
        reason: String,
    },
    /// Nothing can be answered until the person does something.
    Unavailable {
        /// One sentence for people that says what to do.
        reason: String,
    },
}
