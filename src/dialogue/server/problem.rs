//! What can go wrong between this computer and a server, told apart.

use crate::dialogue::DialogueError;
use crate::wording::server as wording;
use reqwest::StatusCode;
use std::error::Error;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nobody knows the server's name.
    UnknownHost,
    /// It takes no connections.
    Unreachable,
    /// It does not answer at all.
    Silent,
    /// It cannot show that it is the one it claims to be, or speaks no TLS.
    Insecure,
    /// It takes too long to answer.
    TooSlow,
    /// It stopped in the middle.
    BrokeOff,
    /// What it says is no OpenAI-compatible interface.
    NotUnderstood,
    /// It does not accept the key.
    Key,
    /// It does not know the model, or the address.
    UnknownModel,
    /// It has been asked too much.
    Busy,
    /// It is in trouble, and says this.
    Trouble(u16, String),
    /// It does not like the question, and says this.
    Refuses(u16, String),
    /// It could not go on, and says this.
    GaveUp(String),
}

/// What went wrong, and the technical cause as far as there is one.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) problem: Problem,
    pub(super) cause: String,
}

impl Failure {
    /// Why there is no connection.
    pub(super) fn of_connection(error: &reqwest::Error) -> Self {
        let cause = chain(error);
        let problem = if error.is_timeout() {
            Problem::Silent
        } else {
            Problem::of_connection(&cause.to_lowercase())
        };
        Self { problem, cause }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { problem, cause: String::new() }
    }
}

impl Problem {
    /// By the causes that the network and TLS libraries name.
    fn of_connection(cause: &str) -> Self {
        let tells = |words: &[&str]| words.iter().any(|word| cause.contains(word));
        if tells(&["certificate", "tls", "handshake", "corrupt message"]) {
            Self::Insecure
        } else if tells(&["dns error", "lookup address", "not known"]) {
            Self::UnknownHost
        } else {
            Self::Unreachable
        }
    }

    /// Why the question was refused, given what the server says about it.
    pub(super) fn of_status(status: StatusCode, explanation: String) -> Self {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Key,
            StatusCode::NOT_FOUND => Self::UnknownModel,
            StatusCode::TOO_MANY_REQUESTS => Self::Busy,
            status if status.is_server_error() => Self::Trouble(status.as_u16(), explanation),
            status => Self::Refuses(status.as_u16(), explanation),
        }
    }

    /// As a reply fails: for good until the person does something, or this once.
    pub(super) fn into_error(self, place: &str, model: &str) -> DialogueError {
        let text = wording::problem(&self, place, model);
        match self {
            Self::Key | Self::UnknownModel => DialogueError::Unavailable(text),
            _ => DialogueError::Failed(text),
        }
    }
}

/// The error and what it comes from, as one text.
fn chain(error: &dyn Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.last().is_some_and(|last| last.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_of_a_failed_connection_are_told_apart() {
        for (cause, expect) in [
            (
                "error sending request: client error (connect): dns error: failed to lookup address \
              information: name or service not known",
                Problem::UnknownHost,
            ),
            (
                "client error (connect): tcp connect error: connection refused (os error 111)",
                Problem::Unreachable,
            ),
            ("client error (connect): invalid peer certificate: expired", Problem::Insecure),
            (
                "client error (connect): received corrupt message of type invalidcontenttype",
                Problem::Insecure,
            ),
        ] {
            assert_eq!(Problem::of_connection(cause), expect, "{cause}");
        }
    }
}
