//! Speech to text.
//!
//! The session feeds a [`Transcriber`] with sound while the person talks and
//! receives [`TranscriberEvent`]s. The engine below is a [`Recognizer`].

use crate::Outbox;
use crate::cancel::CancelToken;
use crate::turn::TurnId;
use crate::wording::troubles;
use std::path::PathBuf;

mod gate;
mod hallucination;
mod utterance;
pub mod whisper;
mod windows;
pub mod worker;

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
        /// This is all that was said until now: they have paused. Without a
        /// word, it was no speech.
        settled: bool,
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

/// Starts the threads of a [`Transcriber`] that hears with the Whisper model in
/// `model_file`. `model` is its catalogue id, `language` ISO 639-1, a tag such
/// as `de-AT`, or `auto`. Loading happens on a thread of its own and ends in
/// [`TranscriberEvent::Ready`] or [`TranscriberEvent::Unavailable`]; turns may
/// begin before.
pub fn spawn(
    model_file: PathBuf,
    model: &str,
    language: &str,
    outbox: Outbox<TranscriberEvent>,
) -> Box<dyn Transcriber> {
    let (name, language) = (model.to_owned(), language.to_owned());
    let factory = move || {
        if !model_file.is_file() {
            return Err(troubles::missing_weight("speech", &name));
        }
        let mut whisper =
            whisper::Whisper::load(&model_file, &language).map_err(|error| error.to_string())?;
        whisper.warm_up().map_err(|error| error.to_string())?;
        Ok(Box::new(whisper) as Box<dyn Recognizer>)
    };
    worker::spawn(model.to_owned(), Box::new(factory), outbox)
}
