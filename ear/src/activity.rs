//! When somebody began to speak and when they stopped.
//!
//! Takes the scores of [`crate::vad`], a frame at a time, and tells of changes
//! with the sample at which they really happened, which is earlier than they
//! can be known. Called by whoever listens hands-free, watches for a barge-in
//! or wants the speech of a recording. Never knows what was said, nor whether
//! a person has finished.

use std::ops::Range;

use crate::RATE_HZ;
use crate::vad::{FRAME_SAMPLES, Vad, VadError};

const FRAME: u64 = FRAME_SAMPLES as u64;
/// The network needs a little speech before it takes it for speech, and a
/// little silence before it takes it for silence. Measured as the median over
/// hand-labelled speech: 25 ms and 92 ms; whole frames fit best.
const ONSET_LAG: u64 = FRAME;
const OFFSET_LAG: u64 = 2 * FRAME;

/// How readily a sound is taken for speech, and a silence for a pause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manner {
    /// A score from here on is speech.
    pub threshold: f32,
    /// A score below is silence. Between both, what was goes on.
    pub release_threshold: f32,
    /// As much speech must there be before it counts as begun.
    pub onset_ms: u32,
    /// As much silence must there be before it counts as a pause.
    pub hangover_ms: u32,
}

impl Manner {
    /// To open a turn hands-free, and to see the pauses in it, about 0.2 s after
    /// the last sound.
    pub const HANDS_FREE: Self =
        Self { threshold: 0.6, release_threshold: 0.45, onset_ms: 160, hangover_ms: 160 };
    /// To notice that somebody who paused goes on, if only by a short word. A noise
    /// taken for that only makes her wait.
    pub const GOING_ON: Self = Self { onset_ms: 96, ..Self::HANDS_FREE };
    /// To notice that somebody speaks while she does: wary of what is left of
    /// her own voice.
    pub const BARGE_IN: Self =
        Self { threshold: 0.7, release_threshold: 0.5, onset_ms: 192, hangover_ms: 300 };
    /// To find the speech of a recording, down to the short pauses.
    pub const RECORDING: Self =
        Self { threshold: 0.5, release_threshold: 0.35, onset_ms: 96, hangover_ms: 160 };
}

/// Something to act upon. `at` counts samples from the beginning of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Somebody speaks, since `at`.
    Began {
        /// The first sample of speech.
        at: u64,
    },
    /// Nobody speaks any more, since `at`.
    Paused {
        /// The first sample of silence.
        at: u64,
    },
}

/// Follows the scores of a stream.
#[derive(Debug, Clone)]
pub struct Activity {
    manner: Manner,
    state: State,
    /// Samples that were scored.
    heard: u64,
    /// Of those since speech began, the ones that scored as speech.
    spoken: u64,
    /// The first sample of the present silence.
    silent_since: u64,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Silent,
    /// Perhaps speech.
    Starting {
        began: u64,
    },
    Speaking {
        began: u64,
    },
    /// Perhaps a pause.
    Ending {
        began: u64,
    },
}

impl Activity {
    /// At the beginning of a stream, in silence.
    pub fn new(manner: Manner) -> Self {
        Self { manner, state: State::Silent, heard: 0, spoken: 0, silent_since: 0 }
    }

    /// The score of the next frame.
    pub fn push(&mut self, score: f32) -> Option<Change> {
        let frame = self.heard;
        self.heard += FRAME;
        let speech = score >= self.manner.threshold;
        let silence = score < self.manner.release_threshold;
        self.state = match self.state {
            State::Silent if speech => {
                self.spoken = 0;
                State::Starting { began: frame.saturating_sub(ONSET_LAG).max(self.silent_since) }
            }
            State::Starting { .. } if silence => State::Silent,
            State::Speaking { began } if silence => {
                self.silent_since = frame.saturating_sub(OFFSET_LAG).max(began + FRAME);
                State::Ending { began }
            }
            State::Ending { began } if speech => State::Speaking { began },
            state => state,
        };
        self.spoken += if speech { FRAME } else { 0 };
        match self.state {
            State::Starting { began } if self.spoken >= samples(self.manner.onset_ms) => {
                self.state = State::Speaking { began };
                Some(Change::Began { at: began })
            }
            State::Ending { .. } if self.silent_for() >= samples(self.manner.hangover_ms) => {
                self.state = State::Silent;
                Some(Change::Paused { at: self.silent_since })
            }
            _ => None,
        }
    }

    /// Takes sound for speech, and silence for a pause, like this from now on.
    pub fn set_manner(&mut self, manner: Manner) {
        self.manner = manner;
    }

    /// Goes on after a time that nobody listened to, up to the sample `heard`, in
    /// silence.
    pub fn pass(&mut self, heard: u64) {
        *self = Self { heard, silent_since: heard, ..Self::new(self.manner) };
    }

    /// Whether something is heard that may turn out to be an onset.
    pub fn may_begin(&self) -> bool {
        matches!(self.state, State::Starting { .. })
    }

    /// Whether speech has begun and no pause came yet.
    pub fn is_speaking(&self) -> bool {
        matches!(self.state, State::Speaking { .. } | State::Ending { .. })
    }

    /// How much speech there was since it began, silences left out. While
    /// nobody speaks: how much there was in the last sound that seemed speech.
    pub fn speech_ms(&self) -> u64 {
        self.spoken * 1000 / u64::from(RATE_HZ)
    }

    /// For how many samples nobody has spoken; 0 while somebody does. What may
    /// yet turn out to be an onset counts as silence, and what may turn out to
    /// be a pause does too.
    pub fn silent_for(&self) -> u64 {
        if matches!(self.state, State::Speaking { .. }) {
            0
        } else {
            self.heard - self.silent_since
        }
    }
}

/// The speech in a whole recording: spans of samples, in order and apart.
///
/// # Errors
/// If the detector cannot be used.
pub fn spans(sound: &[f32]) -> Result<Vec<Range<u64>>, VadError> {
    let mut vad = Vad::new()?;
    let mut scores = Vec::with_capacity(sound.len() / FRAME_SAMPLES + 1);
    // In pieces, since the detector keeps a copy of what it is given.
    for piece in sound.chunks(RATE_HZ as usize) {
        vad.push(piece, &mut scores)?;
    }
    let rest = sound.len() % FRAME_SAMPLES;
    if rest > 0 {
        vad.push(&[0.0; FRAME_SAMPLES][rest..], &mut scores)?;
    }
    Ok(spans_of(&scores, sound.len() as u64))
}

fn spans_of(scores: &[f32], length: u64) -> Vec<Range<u64>> {
    let mut activity = Activity::new(Manner::RECORDING);
    let mut spans = Vec::new();
    let mut began = None;
    for &score in scores {
        match activity.push(score) {
            Some(Change::Began { at }) => began = Some(at),
            Some(Change::Paused { at }) => spans.extend(began.take().map(|began| began..at)),
            None => {}
        }
    }
    // Whoever still speaks is cut off by the end.
    let end = length.min(activity.heard - activity.silent_for());
    spans.extend(began.map(|began| began..end));
    spans
}

fn samples(ms: u32) -> u64 {
    u64::from(ms) * u64::from(RATE_HZ) / 1000
}

#[cfg(test)]
mod tests;
