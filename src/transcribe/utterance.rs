//! One turn's speech while it is still arriving.
//!
//! Pure: sound and finished passes go in; what to recognise next, and the
//! words so far, come out. Time is counted in samples. Used by
//! [`super::worker`] alone.
//!
//! The sound is a window that grows at its end. A partial pass reads the whole
//! window again and replaces the words of the one before. Everything up to a real
//! pause is read for good once they go on, and leaves the window, as does the part
//! up to a shorter one when the window gets long: so that a pass never costs more
//! than a window, what is waited for at the end is short, and no word is read in
//! two pieces.

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
/// A silence as long as this is a real pause, where no word is cut; and what was said
/// until then is kept from here on. Shorter pieces are understood less well, and each
/// is written as a sentence, whole or not.
const REAL_PAUSE_SAMPLES: usize = RATE * 2 / 5;
const KEEP_FROM_SAMPLES: usize = 6 * RATE;
/// The end of the window may be within a word, its last pause a breath.
const UNSETTLED_SAMPLES: usize = RATE / 2;
/// Partial passes are at least this far apart. They wait as long again for speech to
/// set in after a soft place: what begins elsewhere is often under way when it ends,
/// and then keeps the pass of the pause waiting.
const PARTIAL_EVERY_SAMPLES: usize = RATE;
/// Less is hardly understood, and takes longest, since it is tried twice.
const LEAST_PARTIAL_S: f32 = 0.5;
/// A slow machine spends at most one part in this many on partial passes.
const PARTIAL_COST_SHARE: u32 = 3;
/// Silence after which the person may have finished: the pass that is run now
/// is then the last one. Some 0.4 times a second it was a gap between words.
const PAUSE_SAMPLES: usize = RATE / 10;
/// The pass of a pause as long as this is finished, though they went on.
const KEPT_PAUSE_SAMPLES: usize = RATE / 5;
/// Sound after the last speech that a pass must have seen to be trusted with
/// its last word.
const SETTLED_SAMPLES: usize = RATE * 9 / 100;
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

    /// What to recognise now, while more sound is expected. To be asked while no pass
    /// runs.
    pub fn next_pass(&mut self) -> Option<Pass> {
        self.keep_what_a_pause_ended();
        let speech_end = self.meter.speech_end();
        if speech_end == 0 {
            return None;
        }
        let len = self.window.len();
        // In a soft place nothing is begun that the pass of a pause would wait for.
        let goes_on = self.meter.goes_on();
        if let Some(len) = self.commit_len().filter(|_| goes_on || len > COMMIT_AT_SAMPLES) {
            return Some(Pass { len, commits: true });
        }
        if self.covers_speech(self.draft_len()) {
            return None;
        }
        let is_due = goes_on && self.is_partial_due();
        (self.has_paused() || is_due).then_some(Pass { len, commits: false })
    }

    fn is_partial_due(&self) -> bool {
        let is_enough = self.meter.speech_s_after(0) >= LEAST_PARTIAL_S;
        let over = self.window.len().checked_sub(self.next_partial_len);
        let is_time = |over| over >= PARTIAL_EVERY_SAMPLES || self.meter.has_just_set_in();
        is_enough && over.is_some_and(is_time)
    }

    /// Whether the pass that this pause asks for need not wait for `pass`: that one
    /// only told what is said meanwhile. (One of an earlier pause is kept, or a slow
    /// machine would never tell anything.)
    pub fn has_paused_since(&self, pass: Pass) -> bool {
        let was_in_pause = self.ended_in_a_silence_of(pass.len, KEPT_PAUSE_SAMPLES);
        !pass.commits && !was_in_pause && self.has_paused() && !self.covers_speech(pass.len)
    }

    /// Whether the first `len` samples end in a silence as long as this, the last word
    /// before it whole, and speech has gone on since.
    fn ended_in_a_silence_of(&self, len: usize, samples: usize) -> bool {
        self.meter.silence_around(len).is_some_and(|silence| {
            silence.len() >= samples && len >= silence.start + SETTLED_SAMPLES
        })
    }

    fn has_paused(&self) -> bool {
        self.window.len() - self.meter.speech_end() >= PAUSE_SAMPLES
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
            self.commit(transcript, pass.len);
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

    /// They have gone on after a real pause, before which everything was read.
    fn keep_what_a_pause_ended(&mut self) {
        let is_kept = self.draft_len() >= KEEP_FROM_SAMPLES
            && self.ended_in_a_silence_of(self.draft_len(), REAL_PAUSE_SAMPLES);
        if let Some(draft) = self.draft.take_if(|_| is_kept) {
            self.commit(draft.transcript, draft.len);
        }
    }

    /// The words of the first `len` samples are known for good.
    fn commit(&mut self, transcript: Transcript, len: usize) {
        windows::append(&mut self.committed.text, &transcript.text);
        if !transcript.language.is_empty() {
            self.committed.language = transcript.language;
        }
        self.draft = None;
        self.next_partial_len = 0;
        self.forget(len);
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
    fn in_a_short_silence_it_is_waited_for_what_becomes_of_it() {
        let sound = sentence();
        let speech_end = SpeechMeter::measure(&sound).speech_end();
        for (silence_ms, is_read) in [(0, true), (20, false), (70, false), (150, true)] {
            let mut utterance = Utterance::new();
            utterance.push(&sound[..speech_end + silence_ms * RATE / 1000]);
            assert_eq!(utterance.next_pass().is_some(), is_read, "after {silence_ms} ms");
        }
    }

    #[test]
    fn a_partial_pass_begins_with_a_word_and_not_before_there_are_some() {
        let mut utterance = Utterance::new();
        let mut lens = Vec::new();
        for piece in sentence().chunks(RATE / 50) {
            utterance.push(piece);
            if let Some(pass) = utterance.next_pass().filter(|_| !utterance.has_paused()) {
                let waited = pass.len.saturating_sub(utterance.next_partial_len);
                assert!(utterance.meter.has_just_set_in() || waited >= PARTIAL_EVERY_SAMPLES);
                utterance.pass_done(pass, said("hm"), Duration::ZERO);
                lens.push(pass.len);
            }
        }
        // Speech begins at 0.3 s.
        assert!(lens.len() >= 2 && lens[0] >= RATE * 8 / 10, "{lens:?}");
    }

    #[test]
    fn nothing_is_begun_that_a_pause_would_have_to_wait_for() {
        let sound = sentence();
        let speech_end = SpeechMeter::measure(&sound).speech_end();
        let begins = speech_end..speech_end + PAUSE_SAMPLES;
        for due_after in (0..3 * RATE).step_by(RATE / 10) {
            let mut utterance = Utterance::new();
            utterance.next_partial_len = due_after;
            for piece in sound.chunks(RATE / 50) {
                utterance.push(piece);
                if let Some(pass) = utterance.next_pass() {
                    assert!(!begins.contains(&pass.len), "{} after {speech_end}", pass.len);
                    utterance.pass_done(pass, said("hm"), Duration::ZERO);
                }
            }
        }
    }

    #[test]
    fn what_was_read_is_not_read_again_in_a_pause_to_cut_the_window() {
        let words = &sentence()[RATE * 3 / 10..RATE * 34 / 10];
        let breath = vec![0.0; RATE * 35 / 100];
        let mut sound = [words, &breath, &words[..RATE * 2], &breath, words].concat();
        assert!((8 * RATE..COMMIT_FROM_SAMPLES).contains(&sound.len()));
        sound.resize(sound.len() + RATE, 0.0);
        let mut utterance = Utterance::new();
        let passes = feed(&mut utterance, &sound, Duration::from_millis(50), |_| said("hm"));
        assert!(passes.iter().all(|pass| !pass.commits), "{passes:?}");
        // They go on: now it is cut.
        let passes = feed(&mut utterance, words, Duration::from_millis(50), |_| said("hm"));
        assert!(utterance.window.len() < sound.len(), "{passes:?}");
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
        assert_eq!((pass.len, pass.commits), (sound.len() + RATE * 2, true));
        utterance.pass_done(pass, said("I would like. I would."), Duration::ZERO);
        assert_eq!(utterance.last_pass(), None);
        assert_eq!(utterance.transcript(), said("I would like. I would."));
    }

    /// Reads as many words as sentences are in a pass, and tells the longest pass.
    fn read_sentences(sound: &[f32]) -> (Utterance, usize) {
        let length = sentence().len() as f32;
        let mut utterance = Utterance::new();
        let passes = feed(&mut utterance, sound, Duration::from_millis(50), |pass| {
            said(vec!["one"; (pass.len as f32 / length).round() as usize].join(" ").as_str())
        });
        (utterance, passes.iter().map(|pass| pass.len).max().unwrap_or_default())
    }

    #[test]
    fn what_a_real_pause_ended_is_kept_once_they_go_on_and_every_word_is_read_once() {
        let (utterance, longest) = read_sentences(&sentence().repeat(10));
        let text = utterance.transcript().text;
        assert_eq!(text.split(' ').count(), 10, "{text}");
        // The first is shorter than what is committed.
        assert!(longest < 2 * sentence().len() + RATE, "{longest}");
    }

    #[test]
    fn talk_without_a_pause_is_cut_all_the_same() {
        // Speech from 0.3 to 3.4 s.
        let fluent = sentence()[RATE * 3 / 10..RATE * 34 / 10].repeat(12);
        let (_, longest) = read_sentences(&fluent);
        assert!(longest <= COMMIT_AT_SAMPLES, "{longest}");
    }
}
