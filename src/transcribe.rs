//! Speech to text.
//!
//! The session feeds a [`Transcriber`] with sound while the person talks and
//! receives [`TranscriberEvent`]s. The engine below is a [`Recognizer`].

use crate::cancel::CancelToken;
use crate::turn::TurnId;

/// Turns a whole piece of sound into text. Built and owned by one thread.
pub trait Recognizer {
    /// `samples`: 16 kHz mono in -1.0..=1.0, any length. Silence and noise
    /// give an empty text. Returns [`RecognizeError::Cancelled`] soon after the
    /// token is raised.
    fn recognize(
        &mut self,
        samples: &[f32],
        cancel: &CancelToken,
    ) -> Result<Transcript, RecognizeError>;
}

/// What was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The words, trimmed; empty if nothing was said.
    pub text: String,
    /// ISO 639-1 code of the language that was spoken.
    pub language: String,
}

/// Why nothing was understood.
#[derive(Debug, thiserror::Error)]
pub enum RecognizeError {
    /// The caller raised the token.
    #[error("transcription was cancelled")]
    Cancelled,
    /// The engine failed; the text is for people.
    #[error("{0}")]
    Engine(String),
}

/// Where the session sends sound to be understood. All calls return at once.
pub trait Transcriber: Send {
    /// Sound for `turn` follows.
    fn begin(&mut self, turn: TurnId);
    /// More sound: 16 kHz mono.
    fn push(&mut self, turn: TurnId, samples: Vec<f32>);
    /// No more sound: the final transcript is wanted now.
    fn finish(&mut self, turn: TurnId);
    /// The turn no longer matters.
    fn cancel(&mut self, turn: TurnId);
}

/// What the transcriber's thread tells.
#[derive(Clone, Debug, PartialEq)]
pub enum TranscriberEvent {
    /// The model is loaded.
    Ready {
        /// Its catalogue id.
        model: String,
    },
    /// What was understood so far; may still change.
    Partial {
        /// The turn it belongs to.
        turn: TurnId,
        /// The words so far.
        text: String,
    },
    /// What was understood, for good.
    Final {
        /// The turn it belongs to.
        turn: TurnId,
        /// The words; empty if nothing was said.
        transcript: Transcript,
    },
    /// The turn could not be understood.
    Failed {
        /// The turn it belongs to.
        turn: TurnId,
        /// One sentence for people.
        reason: String,
    },
    /// No turn can be understood, for instance because weights are missing.
    Unavailable {
        /// One sentence for people that says what to do.
        reason: String,
    },
}
