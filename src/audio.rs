//! The microphone: from the device's callback to 16 kHz mono speech; and the
//! loudspeaker: from her voice's samples to the device's callback.
//!
//! The session holds a [`Microphone`]; the thread behind it reports through an
//! [`crate::Outbox`]. Nothing here knows what a word is.

#[cfg(test)]
mod allocations;
pub mod attentive;
mod capture;
mod capture_clock;
pub mod cues;
pub mod devices;
mod echo_reference;
pub mod file;
mod level;
pub mod listener;
mod pre_roll;
pub mod reference;
mod resample;
pub mod speaker;
pub mod trial;
mod watchdog;

use crate::settings::Headphones;
use crate::turn::{Attention, TurnId};
use serde::Serialize;
use std::time::Duration;

pub mod decode;

/// The rate at which speech is handed to the recogniser.
pub const SPEECH_RATE_HZ: u32 = 16_000;

/// Sound from before the key was pressed that still belongs to the turn, held
/// in memory only: people begin to talk while they press.
pub const PRE_ROLL_MS: u32 = 400;

/// A source of the person's speech. All calls return at once; the thread
/// behind the handle does the work. Dropping it closes the device.
pub trait Microphone: Send {
    /// Delivers sound for `turn` from now on, preceded by the pre-roll.
    fn start(&mut self, turn: TurnId);
    /// Delivers what was captured until now, then [`MicrophoneEvent::Finished`].
    fn finish(&mut self, turn: TurnId);
    /// Delivers nothing more for `turn`.
    fn abandon(&mut self, turn: TurnId);
    /// Captures from this device from now on; `None` is the system's default.
    fn select(&mut self, device: Option<String>);
    /// Is used like this from now on. While it attends to speech it reports
    /// [`Speech`], and a turn begins with what was said before it was noticed.
    fn attend(&mut self, attention: Attention);
    /// She begins to speak, or has ceased to: what is heard may be herself.
    fn she_speaks(&mut self, speaking: bool);
    /// Whether the person wears headphones, so that she cannot be heard.
    fn set_headphones(&mut self, headphones: Headphones);
}

/// What is heard of somebody speaking, when no key tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speech {
    /// Somebody began to speak, or went on after a pause.
    Onset {
        /// So long ago.
        ago: Duration,
    },
    /// Something is heard that may turn out to be an onset.
    Stirring,
    /// They have really been speaking for 0.4 s: it is no cough.
    Sustained,
    /// They paused.
    Paused {
        /// So long ago.
        ago: Duration,
        /// By how many decibels they ended softer than they spoke; `None` if too
        /// little was said to tell.
        fading_db: Option<f32>,
    },
    /// How likely they have finished, by the sound of the pause that lasts.
    Judged {
        /// 0.0..=1.0.
        finished: f32,
    },
}

/// After she has spoken, the room still sounds for so long.
pub const ROOM_RINGS_FOR: Duration = Duration::from_millis(350);

/// What keeps her from hearing herself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EchoGuard {
    /// The person wears headphones.
    Headphones,
    /// Her voice is taken out of what the microphone hears.
    Cancelled,
    /// The same, but it comes back otherwise than it did, so that more of it is
    /// left: only a clear request interrupts her.
    Unsettled,
    /// Nothing can: while she speaks she does not listen.
    HalfDuplex,
}

/// What the microphone's thread tells.
#[derive(Clone, Debug, PartialEq)]
pub enum MicrophoneEvent {
    /// The first real samples arrived from this device.
    Ready {
        /// The device's name as the system lists it.
        device: String,
    },
    /// Sound for a turn, in order, without gaps: 16 kHz mono in -1.0..=1.0.
    Audio {
        /// The turn it was captured for.
        turn: TurnId,
        /// At [`SPEECH_RATE_HZ`].
        samples: Vec<f32>,
    },
    /// Everything captured for the turn has been delivered.
    Finished {
        /// The turn that is complete.
        turn: TurnId,
    },
    /// How loud it is now: root mean square of the last 50 ms, 0.0..=1.0. Sent
    /// only while a turn is being captured, or speech is attended to.
    Level(f32),
    /// How loud the loudspeaker is while a voice speaks that does not tell itself:
    /// root mean square, at most 20 times a second.
    Loudspeaker(f32),
    /// What is heard of somebody speaking.
    Speech(Speech),
    /// What keeps her from hearing herself, from now on.
    EchoGuard(EchoGuard),
    /// The device was closed, as was asked.
    Closed,
    /// The device vanished or fell silent; another was taken, or is sought.
    Lost {
        /// The device that was lost.
        device: String,
        /// The device that is used instead.
        fallback: Option<String>,
    },
    /// There is no microphone to be had. The reason is for people.
    Missing {
        /// One sentence that says what is missing and what to do.
        reason: String,
    },
}
