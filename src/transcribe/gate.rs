//! Whether anybody speaks, and where.
//!
//! A small detector scores every 16 ms. It is generous: what it lets through
//! is judged again by what the recogniser makes of it (see
//! [`super::hallucination`]). Silence, hiss, hum and most noises end here,
//! before they cost anything.

use crate::audio::SPEECH_RATE_HZ;
use earshot::Detector;
use std::ops::Range;

/// What the detector looks at in one step.
pub const FRAME_SAMPLES: usize = 256;
/// The detector says speech.
const SPEECH_SCORE: f32 = 0.5;
/// Next to speech, this is more speech: the soft beginning or end of a word,
/// or words that are far away.
const FAINT_SCORE: f32 = 0.3;
/// The detector is sure of it.
const SURE_SCORE: f32 = 0.8;
/// The shortest word has more frames of speech than this; a click does not.
const MIN_SPEECH_FRAMES: usize = 4;
/// Kept around speech: consonants begin and end softer than vowels.
const PADDING_SAMPLES: usize = SPEECH_RATE_HZ as usize * 2 / 5;

/// Follows a stream of sound and remembers how speech-like it was.
pub struct SpeechMeter {
    detector: Box<Detector>,
    /// Less than a frame.
    pending: Vec<f32>,
    scores: Vec<f32>,
}

impl SpeechMeter {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self { detector: Detector::default_boxed(), pending: Vec::new(), scores: Vec::new() }
    }

    /// All of a piece of sound.
    pub fn measure(samples: &[f32]) -> Self {
        let mut meter = Self::new();
        meter.push(samples);
        meter
    }

    /// More sound: 16 kHz mono in -1.0..=1.0.
    pub fn push(&mut self, samples: &[f32]) {
        self.pending.extend_from_slice(samples);
        let whole = self.pending.len() - self.pending.len() % FRAME_SAMPLES;
        for frame in self.pending[..whole].chunks_exact(FRAME_SAMPLES) {
            self.scores.push(self.detector.predict_f32(frame));
        }
        self.pending.drain(..whole);
    }

    /// Forgets the first `samples`, whole frames of them, as if the stream had
    /// begun later. Returns how many samples that were.
    pub fn forget(&mut self, samples: usize) -> usize {
        let frames = (samples / FRAME_SAMPLES).min(self.scores.len());
        self.scores.drain(..frames);
        frames * FRAME_SAMPLES
    }

    /// Where speech is, in samples, with a little around it; `None` if nobody
    /// speaks.
    pub fn speech_span(&self) -> Option<Range<usize>> {
        self.unpadded_span(SPEECH_SCORE)?;
        let speech = self.unpadded_span(FAINT_SCORE)?;
        let heard = self.scores.len() * FRAME_SAMPLES + self.pending.len();
        Some(
            speech.start.saturating_sub(PADDING_SAMPLES)..(speech.end + PADDING_SAMPLES).min(heard),
        )
    }

    /// Where the last speech ends, in samples; 0 if nobody speaks.
    pub fn speech_end(&self) -> usize {
        self.unpadded_span(SPEECH_SCORE).map_or(0, |span| span.end)
    }

    /// The silence around this place, in samples, if speech was before and after it.
    pub fn silence_around(&self, at: usize) -> Option<Range<usize>> {
        let (before, after) = self.scores.split_at_checked(at / FRAME_SAMPLES)?;
        let is_speech = |score: &f32| *score > SPEECH_SCORE;
        let from = before.iter().rposition(is_speech)? + 1;
        let until = before.len() + after.iter().position(is_speech)?;
        Some(from * FRAME_SAMPLES..until * FRAME_SAMPLES)
    }

    /// How long the detector was sure to hear speech, in seconds.
    pub fn sure_speech_s(&self) -> f32 {
        seconds(self.scores.iter().filter(|score| **score > SURE_SCORE).count())
    }

    /// How long the detector heard speech after the first `samples`.
    pub fn speech_s_after(&self, samples: usize) -> f32 {
        let after = self.scores.iter().skip(samples / FRAME_SAMPLES);
        seconds(after.filter(|score| **score > SPEECH_SCORE).count())
    }

    fn unpadded_span(&self, least_score: f32) -> Option<Range<usize>> {
        let mut speech = self
            .scores
            .iter()
            .enumerate()
            .filter(|(_, score)| **score > least_score)
            .map(|(frame, _)| frame);
        let first = speech.next()?;
        let (count, last) = speech.fold((1, first), |(count, _), frame| (count + 1, frame));
        (count > MIN_SPEECH_FRAMES).then(|| first * FRAME_SAMPLES..(last + 1) * FRAME_SAMPLES)
    }
}

impl Default for SpeechMeter {
    fn default() -> Self {
        Self::new()
    }
}

fn seconds(frames: usize) -> f32 {
    (frames * FRAME_SAMPLES) as f32 / SPEECH_RATE_HZ as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(level: f32, duration_s: f32) -> Vec<f32> {
        let mut state = 7u32;
        (0..(duration_s * SPEECH_RATE_HZ as f32) as usize)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                level * ((state >> 8) as f32 / (1 << 23) as f32 - 1.0)
            })
            .collect()
    }

    #[test]
    fn silence_is_not_speech() {
        let meter = SpeechMeter::measure(&[0.0; 48_000]);
        assert_eq!(meter.speech_span(), None);
        assert_eq!(meter.speech_end(), 0);
    }

    #[test]
    fn hiss_is_never_surely_speech() {
        for level in [0.001, 0.03, 0.5] {
            let meter = SpeechMeter::measure(&noise(level, 3.0));
            assert_eq!(meter.sure_speech_s(), 0.0, "at level {level}");
        }
    }

    #[test]
    fn a_sentence_is_found_where_it_is() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audio/coffee.flac");
        let sentence = crate::audio::decode::read_speech(file.as_ref()).expect("a sentence");
        let mut sound = vec![0.0; 32_000];
        sound.extend(&sentence);
        sound.extend([0.0; 32_000]);
        let span = SpeechMeter::measure(&sound).speech_span().expect("speech");
        assert!((28_000..40_000).contains(&span.start), "{span:?}");
        assert!((32_000 + sentence.len()).abs_diff(span.end) < 16_000, "{span:?}");
    }

    #[test]
    fn pieces_of_any_size_give_the_same_scores() {
        let sound = noise(0.2, 1.0);
        let whole = SpeechMeter::measure(&sound);
        for size in [1, 255, 256, 800, 16_000] {
            let mut pieces = SpeechMeter::new();
            sound.chunks(size).for_each(|piece| pieces.push(piece));
            assert_eq!(pieces.scores, whole.scores, "in pieces of {size}");
        }
    }

    #[test]
    fn only_whole_frames_are_forgotten() {
        let mut meter = SpeechMeter::measure(&noise(0.1, 1.0));
        let frames = meter.scores.len();
        assert_eq!(meter.forget(1_000), 768);
        assert_eq!(meter.scores.len(), frames - 3);
        assert_eq!(meter.forget(usize::MAX), (frames - 3) * FRAME_SAMPLES);
    }
}
