//! One turn's speech while it is still arriving.
//!
//! Pure: sound and finished passes go in; what to recognise next, and the
//! words so far, come out. Time is counted in samples. Used by
//! [`super::worker`] alone.
//!
//! The sound is a window that grows at its end. A partial pass reads the whole
//! window again and replaces the words of the one before. When the window gets
//! long, everything up to a pause is read for good and leaves it, so that a
//! pass never costs more than a window and no word is read in two pieces.

use super::gate::{FRAME_SAMPLES, SpeechMeter};
use super::{Transcript, windows};
use crate::audio::SPEECH_RATE_HZ;
use std::time::Duration;

const RATE: usize = SPEECH_RATE_HZ as usize;
/// From here on the window is cut at the first good pause.
const COMMIT_FROM_SAMPLES: usize = 12 * RATE;
/// At this length it is cut at the best place there is.
const COMMIT_AT_SAMPLES: usize = 20 * RATE;
/// A committed piece is at least this long: context helps.
const MIN_COMMIT_SAMPLES: usize = 5 * RATE;
/// The end of the window may be within a word, its last pause a breath.
const UNSETTLED_SAMPLES: usize = RATE / 2;
/// Partial passes are at least this far apart.
const PARTIAL_EVERY_SAMPLES: usize = RATE;
/// A slow machine spends at most one part in this many on partial passes.
const PARTIAL_COST_SHARE: u32 = 3;
/// Silence after which the person may have finished: the pass that is run now
/// is then the last one.
const PAUSE_SAMPLES: usize = RATE / 4;
/// Sound after the last speech that a pass must have seen to be trusted with
/// its last word.
const SETTLED_SAMPLES: usize = RATE * 3 / 20;
/// Silence before the first word that is kept at most.
const MAX_LEADING_SILENCE_SAMPLES: usize = 10 * RATE;
/// Of it, what is kept when there is more.
const KEPT_LEADING_SILENCE_SAMPLES: usize = RATE;

/// Something to recognise: the first `len` samples of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// In samples.
    pub len: usize,
    /// Whether these samples then leave the window.
    pub commits: bool,
}

/// What was said in this turn, so far.
pub struct Utterance {
    committed: Transcript,
    window: Vec<f32>,
    meter: SpeechMeter,
    /// What the latest partial pass made of the window.
    draft: Option<Draft>,
    /// Window length at which the next partial pass may run at the earliest.
    next_partial_len: usize,
}

struct Draft {
    transcript: Transcript,
    /// How much of the window it has seen.
    len: usize,
}

impl Utterance {
    /// Nothing was said yet.
    pub fn new() -> Self {
        Self {
            committed: Transcript::default(),
            window: Vec::new(),
            meter: SpeechMeter::new(),
            draft: None,
            next_partial_len: 0,
        }
    }

    /// More sound: 16 kHz mono in -1.0..=1.0.
    pub fn push(&mut self, samples: &[f32]) {
        self.window.extend_from_slice(samples);
        self.meter.push(samples);
        if self.meter.speech_end() == 0 && self.window.len() > MAX_LEADING_SILENCE_SAMPLES {
            self.forget(self.window.len() - KEPT_LEADING_SILENCE_SAMPLES);
        }
    }

    /// What to recognise now, while more sound is expected.
    pub fn next_pass(&self) -> Option<Pass> {
        let speech_end = self.meter.speech_end();
        if speech_end == 0 {
            return None;
        }
        if let Some(len) = self.commit_len() {
            return Some(Pass { len, commits: true });
        }
        let heard = self.window.len();
        if self.covers_speech(self.draft_len()) {
            return None;
        }
        let paused = heard - speech_end >= PAUSE_SAMPLES;
        let due = heard >= self.next_partial_len;
        (paused || due).then_some(Pass { len: heard, commits: false })
    }

    /// What is left to recognise when no more sound is to come; `None` if all
    /// is known.
    pub fn last_pass(&self) -> Option<Pass> {
        (self.meter.speech_end() > 0 && !self.covers_speech(self.draft_len()))
            .then_some(Pass { len: self.window.len(), commits: true })
    }

    /// Whether nothing would be left to do after `pass` if no more sound came.
    pub fn is_completed_by(&self, pass: Pass) -> bool {
        self.covers_speech(pass.len)
    }

    /// The sound of a pass.
    pub fn samples(&self, pass: Pass) -> &[f32] {
        &self.window[..pass.len.min(self.window.len())]
    }

    /// A pass was recognised within `took`.
    pub fn pass_done(&mut self, pass: Pass, transcript: Transcript, took: Duration) {
        if pass.commits {
            windows::append(&mut self.committed.text, &transcript.text);
            if !transcript.language.is_empty() {
                self.committed.language = transcript.language;
            }
            self.draft = None;
            self.next_partial_len = 0;
            self.forget(pass.len);
        } else {
            let pause = (took * PARTIAL_COST_SHARE).as_millis() as usize * RATE / 1000;
            self.next_partial_len = pass.len + pause.max(PARTIAL_EVERY_SAMPLES);
            self.draft = Some(Draft { transcript, len: pass.len });
        }
    }

    /// The words so far.
    pub fn transcript(&self) -> Transcript {
        let mut transcript = self.committed.clone();
        if let Some(draft) = &self.draft {
            windows::append(&mut transcript.text, &draft.transcript.text);
            if !draft.transcript.language.is_empty() {
                transcript.language.clone_from(&draft.transcript.language);
            }
        }
        transcript
    }

    fn draft_len(&self) -> usize {
        self.draft.as_ref().map_or(0, |draft| draft.len)
    }

    /// Whether a pass over the first `len` samples has heard the last word.
    fn covers_speech(&self, len: usize) -> bool {
        len >= (self.meter.speech_end() + SETTLED_SAMPLES).min(self.window.len())
    }

    fn commit_len(&self) -> Option<usize> {
        let heard = self.window.len();
        if heard < COMMIT_FROM_SAMPLES {
            return None;
        }
        let cut = windows::pause(&self.window, MIN_COMMIT_SAMPLES..heard - UNSETTLED_SAMPLES)
            .or_else(|| (heard > COMMIT_AT_SAMPLES).then(|| windows::first_piece(&self.window)))?;
        Some(cut - cut % FRAME_SAMPLES)
    }

    /// Drops about the first `samples` of the window.
    fn forget(&mut self, samples: usize) {
        let forgotten = if samples >= self.window.len() {
            self.meter = SpeechMeter::new();
            self.window.len()
        } else {
            self.meter.forget(samples)
        };
        self.window.drain(..forgotten);
    }
}

impl Default for Utterance {
    fn default() -> Self {
        Self::new()
    }
}
