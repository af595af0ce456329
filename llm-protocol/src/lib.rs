//! What Samantha and her language model process say to each other.
//!
//! One JSON message a line: [`Request`]s on the process's standard input,
//! [`Reply`]s on its standard output. The process answers one request at a
//! time, in the order they came; two things overtake that order:
//!
//! - [`Request::Cancel`] stops its request, wherever that is, at once;
//! - any newer [`Request::Prepare`] or [`Request::Generate`] ends a running
//!   `Prepare`, which only reads ahead and loses nothing of what it has read,
//!   and a running [`Request::Aside`], which can be asked again.
//!
//! Every [`Request::Generate`] and [`Request::Aside`] that was accepted ends in
//! exactly one [`Reply::Done`] or [`Reply::Error`] with its id. When standard input ends,
//! so does the process. A line that cannot be understood is answered with an
//! [`Reply::Error`] without id.
//!
//! [`window`] decides which turns of a long conversation stay in view; both
//! sides of the pipe use it, the app for remote servers.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, Write};

pub mod window;

/// Names a request. The sender counts upwards from 1, so that "newer" has a
/// meaning.
pub type RequestId = u64;

/// Who says a message of the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Standing instructions; first, if there are any.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The name chat templates know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of the prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// How a reply is drawn from the model's probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// The reply ends after this many tokens at the latest.
    pub max_tokens: u32,
    /// 0.0 always takes the likeliest token.
    pub temperature: f32,
    /// Only the likeliest tokens that together reach this share are drawn
    /// from; 1.0 for all.
    pub top_p: f32,
    /// Tokens less likely than this share of the likeliest are left out; 0.0
    /// for none.
    pub min_p: f32,
    /// Tokens the reply already holds become less likely by this factor; 1.0
    /// for no penalty.
    pub repetition_penalty: f32,
    /// The same seed and prompt give the same reply; chance decides without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
}

/// What the process is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Read the weights. The first request, and only once; answered with
    /// [`Reply::Ready`] or [`Reply::Error`].
    Load {
        /// A GGUF file.
        model: String,
        /// Tokens the model keeps in view, prompt and reply together. Less if
        /// the model was trained on less.
        context_tokens: u32,
        /// Tokens of the context kept free for the reply.
        reply_tokens: u32,
        /// Threads that compute.
        threads: u32,
    },
    /// Read this prompt ahead of time. Answered with [`Reply::Prepared`], or
    /// not at all if a newer request or a cancellation ended it.
    Prepare {
        /// Names this request.
        id: RequestId,
        /// The conversation so far.
        messages: Vec<Message>,
    },
    /// Answer the last message.
    Generate {
        /// Names this request.
        id: RequestId,
        /// The conversation so far, the person's message last.
        messages: Vec<Message>,
        /// What the reply has already said; it goes on from there and does not
        /// repeat it. Mostly empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        begun: String,
        /// How to draw the reply.
        sampling: Sampling,
        /// Tell first how likely the person has said all they want, with
        /// [`Reply::Ending`].
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        judge_ending: bool,
    },
    /// Work beside the conversation, of low priority: in a context of its own,
    /// so that what was read of the conversation stays read, and always by the
    /// likeliest token. A newer request of the conversation ends it at once,
    /// with [`Stop::Cancelled`]; what was read of its prompt helps the next.
    Aside {
        /// Names this request.
        id: RequestId,
        /// What to do, for a model that knows nothing of the conversation.
        messages: Vec<Message>,
        /// What the answer must look like, in llama.cpp's notation (GBNF) with
        /// the start symbol `root`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grammar: Option<String>,
        /// The answer ends after this many tokens at the latest.
        max_tokens: u32,
    },
    /// Stop this request and all before it.
    Cancel {
        /// Which.
        id: RequestId,
    },
}

/// Why a reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The model had nothing more to say.
    EndOfTurn,
    /// `max_tokens` or the end of the context was reached.
    Length,
    /// It was cancelled, or gave way to the conversation.
    Cancelled,
}

/// What a prompt cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptCost {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of it that were in the cache and not read again.
    pub cached_tokens: u32,
    /// Messages at the beginning of the conversation that were left out
    /// because the context is full.
    pub dropped_messages: u32,
    /// How long reading the rest took.
    pub prompt_ms: u64,
}

/// What the process tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// The weights are read.
    Ready {
        /// Tokens the model keeps in view.
        context_tokens: u32,
        /// How long loading took.
        load_ms: u64,
    },
    /// A prompt was read ahead.
    Prepared {
        /// The request.
        id: RequestId,
        /// What it cost.
        #[serde(flatten)]
        prompt: PromptCost,
    },
    /// The person's last message was read. Not told where it cannot be.
    Ending {
        /// The request.
        id: RequestId,
        /// How likely it is complete as it stands, 0.0 to 1.0.
        likelihood: f32,
    },
    /// More of the reply: whole characters, never empty.
    Delta {
        /// The request.
        id: RequestId,
        /// To be appended to what came before.
        text: String,
    },
    /// The reply is over.
    Done {
        /// The request.
        id: RequestId,
        /// Why it ended.
        stop: Stop,
        /// What reading cost.
        #[serde(flatten)]
        prompt: PromptCost,
        /// Tokens of the reply.
        reply_tokens: u32,
        /// How long writing it took, after the prompt was read.
        reply_ms: u64,
    },
    /// The request failed, or a line was not understood.
    Error {
        /// The request; absent if it is not known, or was [`Request::Load`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
        /// What can be done about it.
        #[serde(default)]
        fault: Fault,
        /// What it comes from, for those who want to know.
        message: String,
    },
}

/// What went wrong, told apart as far as a person can do something about it. What
/// is said to them is the app's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// There is no such file.
    ModelMissing,
    /// The file is damaged, or something else.
    ModelUnusable,
    /// It is a language model, but no conversation can be laid before it.
    ModelCannotConverse,
    /// It does not fit into the computer.
    TooLittleMemory,
    /// What was said does not fit into what the model can read at once.
    TooLong,
    /// Something else.
    #[default]
    Other,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ModelMissing => "no such model",
            Self::ModelUnusable => "not a model that can be used",
            Self::ModelCannotConverse => "not a model for conversations",
            Self::TooLittleMemory => "too little memory",
            Self::TooLong => "too long",
            Self::Other => "failed",
        })
    }
}

/// Writes one message as one line and flushes it.
pub fn write_line(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T) -> String {
        let mut line = Vec::new();
        write_line(&mut line, message).expect("written");
        let text = String::from_utf8(line).expect("UTF-8");
        assert_eq!(text.matches('\n').count(), 1, "one line: {text:?}");
        assert!(text.ends_with('\n'), "whole line: {text:?}");
        assert_eq!(&serde_json::from_str::<T>(&text).expect("parsed"), message);
        text
    }

    #[test]
    fn every_request_survives_the_pipe() {
        let messages = vec![Message { role: Role::User, content: "a\nb \"c\" \u{1F600}\0".into() }];
        let sampling = Sampling {
            max_tokens: 1,
            temperature: 0.5,
            top_p: 0.9,
            min_p: 0.0,
            repetition_penalty: 1.0,
            seed: Some(7),
        };
        there_and_back(&Request::Load {
            model: "/a b/c.gguf".into(),
            context_tokens: 4096,
            reply_tokens: 200,
            threads: 2,
        });
        there_and_back(&Request::Prepare { id: 1, messages: messages.clone() });
        let grammar = Some("root ::= \"a\"\n".into());
        there_and_back(&Request::Aside {
            id: 1,
            messages: messages.clone(),
            grammar,
            max_tokens: 9,
        });
        there_and_back(&Request::Generate {
            id: 2,
            messages,
            begun: "So".into(),
            sampling,
            judge_ending: true,
        });
        there_and_back(&Request::Cancel { id: 2 });
    }

    #[test]
    fn every_reply_survives_the_pipe() {
        let prompt = PromptCost { prompt_tokens: 9, cached_tokens: 4, ..PromptCost::default() };
        there_and_back(&Reply::Ready { context_tokens: 4096, load_ms: 1 });
        there_and_back(&Reply::Prepared { id: 1, prompt });
        there_and_back(&Reply::Delta { id: 2, text: "ü\n".into() });
        let stop = Stop::Cancelled;
        there_and_back(&Reply::Done { id: 2, stop, prompt, reply_tokens: 3, reply_ms: 4 });
        there_and_back(&Reply::Error { id: None, fault: Fault::TooLong, message: "no".into() });
    }

    #[test]
    fn a_message_reads_as_documented() {
        let line = r#"{"type":"generate","id":3,"messages":[{"role":"user","content":"Hi"}],
            "sampling":{"max_tokens":5,"temperature":0.0,"top_p":1.0,"min_p":0.0,
            "repetition_penalty":1.0}}"#;
        let Request::Generate { id, messages, begun, sampling, judge_ending } =
            serde_json::from_str(line).expect("parsed")
        else {
            panic!("not a generate request")
        };
        assert_eq!((id, messages.len(), begun.as_str(), sampling.seed), (3, 1, "", None));
        assert!(!judge_ending);
    }
}
