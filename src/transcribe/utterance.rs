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
const COMMIT_FROM_SAMPLES: usize = 9 * RATE;
/// At this length it is cut at the best place there is.
const COMMIT_AT_SAMPLES: usize = 20 * RATE;
/// A committed piece is at least this long: context helps.
const MIN_COMMIT_SAMPLES: usize = 4 * RATE;
/// The end of the window may be within a word, its last pause a breath.
const UNSETTLED_SAMPLES: usize = RATE / 2;
/// Partial passes are at least this far apart.
const PARTIAL_EVERY_SAMPLES: usize = RATE;
/// A slow machine spends at most one part in this many on partial passes.
const PARTIAL_COST_SHARE: u32 = 3;
/// Silence after which the person may have finished: the pass that is run now
/// is then the last one.
const PAUSE_SAMPLES: usize = RATE * 18 / 100;
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
        let due = heard >= self.next_partial_len;
        let paused = heard - speech_end >= PAUSE_SAMPLES;
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

    /// Whether `pass` has heard the last word and a little of the pause after it.
    pub fn is_settled_by(&self, pass: Pass) -> bool {
        pass.len >= self.meter.speech_end() + SETTLED_SAMPLES
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence of 3.9 s, speech from 0.3 to 3.4 s.
    fn sentence() -> Vec<f32> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audio/coffee.flac");
        crate::audio::decode::read_speech(file.as_ref()).expect("a sentence")
    }

    fn said(text: &str) -> Transcript {
        Transcript { text: text.into(), language: "en".into() }
    }

    /// Feeds sound as a microphone does; after each pass `answer` says what was
    /// recognised. Returns the passes.
    fn feed(
        utterance: &mut Utterance,
        sound: &[f32],
        took: Duration,
        mut answer: impl FnMut(Pass) -> Transcript,
    ) -> Vec<Pass> {
        let mut passes = Vec::new();
        for piece in sound.chunks(RATE / 20) {
            utterance.push(piece);
            while let Some(pass) = utterance.next_pass() {
                assert_eq!(utterance.samples(pass).len(), pass.len);
                utterance.pass_done(pass, answer(pass), took);
                passes.push(pass);
            }
        }
        passes
    }

    #[test]
    fn silence_asks_for_nothing_and_is_forgotten() {
        let mut utterance = Utterance::new();
        let passes = feed(&mut utterance, &vec![0.0; 60 * RATE], Duration::ZERO, |_| said("no"));
        assert_eq!(passes, []);
        assert_eq!(utterance.last_pass(), None);
        assert!(utterance.window.len() <= MAX_LEADING_SILENCE_SAMPLES + RATE);
        assert_eq!(utterance.transcript(), Transcript::default());
    }

    #[test]
    fn partial_passes_are_a_second_apart() {
        let passes =
            feed(&mut Utterance::new(), &sentence(), Duration::from_millis(50), |_| said("hm"));
        let partials: Vec<usize> =
            passes.iter().filter(|pass| !pass.commits).map(|pass| pass.len).collect();
        assert!((3..=5).contains(&partials.len()), "{partials:?}");
        // The last one may come sooner: it is run in the pause.
        for pair in partials[..partials.len() - 1].windows(2) {
            assert!(pair[1] - pair[0] >= PARTIAL_EVERY_SAMPLES, "{partials:?}");
        }
    }

    #[test]
    fn a_slow_machine_runs_fewer_of_them() {
        let count = |took| feed(&mut Utterance::new(), &sentence(), took, |_| said("hm")).len();
        assert!(count(Duration::from_millis(800)) < count(Duration::from_millis(50)));
    }

    #[test]
    fn a_pass_in_the_last_pause_leaves_nothing_to_do() {
        let mut utterance = Utterance::new();
        feed(&mut utterance, &sentence(), Duration::from_millis(50), |_| said("I would like."));
        assert_eq!(utterance.last_pass(), None);
        assert_eq!(utterance.transcript(), said("I would like."));
    }

    #[test]
    fn speech_after_the_last_pass_is_left_to_do() {
        let mut utterance = Utterance::new();
        let sound = sentence();
        feed(&mut utterance, &sound, Duration::ZERO, |_| said("I would like."));
        utterance.push(&sound[..RATE * 2]);
        let pass = utterance.last_pass().expect("a pass");
        assert_eq!(pass, Pass { len: sound.len() + RATE * 2, commits: true });
        utterance.pass_done(pass, said("I would like. I would."), Duration::ZERO);
        assert_eq!(utterance.last_pass(), None);
        assert_eq!(utterance.transcript(), said("I would like. I would."));
    }

    #[test]
    fn a_long_window_is_committed_in_pauses_and_every_sample_once() {
        let mut utterance = Utterance::new();
        let sound = sentence().repeat(10);
        let mut sentences = 0;
        let passes = feed(&mut utterance, &sound, Duration::from_millis(50), |pass| {
            sentences += usize::from(pass.commits);
            said(&format!("{sentences}"))
        });
        let committed: usize = passes.iter().filter(|p| p.commits).map(|p| p.len).sum();
        assert_eq!(committed + utterance.window.len(), sound.len());
        assert!(sentences >= 2);
        for pass in &passes {
            assert!(pass.len <= COMMIT_AT_SAMPLES, "{pass:?}");
        }
        // Cut within the 0.8 s between two sentences.
        let first = passes.iter().find(|pass| pass.commits).expect("a commit").len;
        let into_sentence = (first % sentence().len()) as f32 / RATE as f32;
        assert!(!(0.35..3.35).contains(&into_sentence), "cut {into_sentence} s into a sentence");
        let text = utterance.transcript().text;
        assert!(text.starts_with("1 2"), "{text}");
    }
}
