//! What she answers.
//!
//! The session asks a [`Responder`], which runs a [`Dialogue`] engine on its
//! own thread and reports [`DialogueEvent`]s. Engines: a local model in the
//! child process ([`local`]), or any OpenAI-compatible server ([`server`]).
//! [`spawn`] builds what the settings ask for.

use crate::Outbox;
use crate::cancel::CancelToken;
use crate::settings::{DialogueEngine, DialogueSettings};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Instant;

pub mod local;
pub mod responder;
pub mod sadness;
pub mod sentences;
pub mod server;
pub mod spoken;

/// Starts the engine that `settings` ask for, on a thread of its own.
///
/// `model_file` and `model_name` are the weights of the local model and what
/// people call it; they do not matter where a server answers. A missing
/// `model_file` is told as [`DialogueEvent::Unavailable`]. The first event is
/// `Ready` or `Unavailable`.
pub fn spawn(
    settings: &DialogueSettings,
    model_file: Option<PathBuf>,
    model_name: String,
    outbox: Outbox<DialogueEvent>,
) -> Box<dyn Responder> {
    let sampling = Sampling {
        max_tokens: settings.max_reply_tokens,
        temperature: settings.temperature,
        judge_ending: false,
    };
    let responder = match settings.engine {
        DialogueEngine::Local => {
            let config = local::Config::new(settings, model_file, model_name);
            responder::spawn(sampling, true, outbox, move |link| {
                Ok(Box::new(local::Local::new(config?, link)) as _)
            })
        }
        DialogueEngine::Server => {
            let config = server::Config::new(settings);
            responder::spawn(sampling, false, outbox, move |link| {
                Ok(Box::new(server::Server::new(config?, &link)?) as _)
            })
        }
    };
    Box::new(responder)
}

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

/// A piece of work for the language model beside the conversation: to be done
/// when nobody waits for it, and without the conversation knowing. It is always
/// answered by the likeliest words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The whole task; of a few hundred words at most. Tasks that begin alike
    /// cost less one after the other.
    pub prompt: Prompt,
    /// What the answer must look like, in llama.cpp's notation (GBNF) with the
    /// start symbol `root`. Servers do not know it: what they answer may look
    /// otherwise.
    pub grammar: Option<String>,
    /// The answer ends after this many tokens at the latest, if need be in the
    /// middle.
    pub max_tokens: u32,
}

/// Names an [`Aside`]. Whoever asks for it chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AsideId(pub u64);

/// Names a reply that was asked for. Whoever asks chooses. One turn may lead to
/// several: drafts are asked for before it is certain what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReplyId(pub u64);

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// The reply ends after this many tokens at the latest.
    pub max_tokens: u32,
    /// 0.0 always takes the likeliest word.
    pub temperature: f32,
    /// Tell first how likely the person has said all they want.
    pub judge_ending: bool,
}

/// What an engine tells while it replies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told<'a> {
    /// How likely the person has said all they want, 0.0 to 1.0. Only if it was
    /// asked for, and not by every engine.
    Ending(f32),
    /// More of the reply, as the model wrote it.
    Text(&'a str),
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
    /// Answers the last message; `tell` receives the reply piece by piece. Returns soon after the token is raised. When the
    /// prompt does not fit the model's context, the oldest whole turns are
    /// left out.
    fn reply(
        &mut self,
        prompt: &Prompt,
        sampling: Sampling,
        cancel: &CancelToken,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<ReplyStats, DialogueError>;
    /// Works on something beside the conversation, and returns what came of it.
    /// What was read of the conversation stays read. Returns soon after the
    /// token is raised.
    fn aside(&mut self, aside: &Aside, cancel: &CancelToken) -> Result<String, DialogueError> {
        let _ = (aside, cancel);
        Err(DialogueError::Failed("This language model does nothing but talk.".into()))
    }
    /// Looks after the engine while nothing is asked of it: notices that a
    /// model has been loaded, or that its process died. Called at the
    /// beginning, after each request, when the engine asked for it through its
    /// [`responder::Link`], and at the time this returned.
    fn tend(&mut self) -> Option<Instant> {
        None
    }
}

/// Where the session asks for answers. All calls return at once.
pub trait Responder: Send {
    /// The person is about to say something that follows this prompt. A newer
    /// call, or an ask, ends an older one.
    fn prepare(&mut self, prompt: Prompt);
    /// Answer the last message. Takes the place of an earlier ask that has not
    /// been answered, as if that had been cancelled.
    fn ask(&mut self, id: ReplyId, prompt: Prompt);
    /// As [`Self::ask`], while it is not certain yet that the last message is
    /// complete. How likely that is may be told by [`DialogueEvent::Ending`].
    fn draft(&mut self, id: ReplyId, prompt: Prompt) {
        self.ask(id, prompt);
    }
    /// The reply no longer matters; nothing more is said of it. An event that
    /// was on its way may still arrive, and carries its id.
    fn cancel(&mut self, id: ReplyId);
    /// Whether a reply may be asked for on suspicion, and thrown away: it costs
    /// nothing but this computer's time, and tells nobody anything.
    fn may_draft(&self) -> bool;
    /// Work on this when nothing else is asked. A [`Self::prepare`] or
    /// [`Self::ask`] that comes later ends it, if it has not been done by then.
    /// Leads to exactly one [`DialogueEvent::AsideDone`] or
    /// [`DialogueEvent::AsideEnded`].
    fn aside(&mut self, id: AsideId, task: Aside);
    /// Ends all asides that are not done.
    fn cancel_asides(&mut self);
}

/// What the responder's thread tells.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogueEvent {
    /// The engine can answer.
    Ready {
        /// The model's name for people, and where it runs.
        model: String,
    },
    /// The language model has read what is answered in a draft.
    Ending {
        /// Which.
        id: ReplyId,
        /// How likely that is all the person wants to say, 0.0 to 1.0.
        likelihood: f32,
    },
    /// More of the reply, as the model wrote it.
    Delta {
        /// Which.
        id: ReplyId,
        /// To be appended to what came before.
        text: String,
    },
    /// The reply is complete.
    Done {
        /// Which.
        id: ReplyId,
        /// What it cost.
        stats: ReplyStats,
    },
    /// The reply failed.
    Failed {
        /// Which.
        id: ReplyId,
        /// One sentence for people.
        reason: String,
    },
    /// An aside is done.
    AsideDone {
        /// Which.
        id: AsideId,
        /// What the model wrote.
        text: String,
    },
    /// An aside was not done: it was interrupted, or failed.
    AsideEnded {
        /// Which.
        id: AsideId,
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
