//! Whether anybody speaks, and where.
//!
//! A small detector scores every 16 ms. It is generous: what it lets through
//! is judged again by what the recogniser makes of it (see
//! [`super::hallucination`]). Silence, hiss, hum and most noises end here,
//! before they cost anything. It goes on hearing speech for some 0.14 s after the
//! last of it, which is told sooner by how loud it is.

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

/// Softer than speech just was by more than this is a gap between words, or the end.
const FALL_DB: f32 = 22.0;
/// How much softer speech may become within a frame and still be the same.
const PEAK_DECAY_DB: f32 = 0.1;
/// So many frames after it (0.2 s) the detector knows of silence too. What it then
/// still calls speech is soft speech.
const FALL_FRAMES: usize = 12;
/// So long (50 ms) speech must have gone on to be more than the last breath of a word.
const GOING_FRAMES: usize = 3;
/// So long (0.1 s) after a soft place speech has just set in again.
const SET_IN_FRAMES: usize = 6;
/// Digital silence.
const FLOOR: f32 = 1e-10;

/// Follows a stream of sound and remembers how speech-like it was.
pub struct SpeechMeter {
    detector: Box<Detector>,
    /// Less than a frame.
    pending: Vec<f32>,
    scores: Vec<f32>,
    loudness: Loudness,
    /// Of each frame, whether speech had just fallen silent.
    fallen: Vec<bool>,
}

/// Follows how loud speech is.
#[derive(Default)]
struct Loudness {
    /// Of the frame before.
    power: f32,
    peak_db: Option<f32>,
    soft_frames: usize,
}

impl Loudness {
    /// Whether this frame is the soft beginning of what may be silence.
    fn falls(&mut self, frame: &[f32]) -> bool {
        let power = frame.iter().map(|x| x * x).sum::<f32>() / frame.len() as f32;
        let level_db = 10.0 * (f32::midpoint(power, self.power) + FLOOR).log10();
        self.power = power;
        let peak_db = self.peak_db.map_or(level_db, |peak| level_db.max(peak - PEAK_DECAY_DB));
        self.peak_db = Some(peak_db);
        let is_soft = level_db < peak_db - FALL_DB;
        self.soft_frames = if is_soft { self.soft_frames + 1 } else { 0 };
        (1..=FALL_FRAMES).contains(&self.soft_frames)
    }
}

impl SpeechMeter {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self {
            detector: Detector::default_boxed(),
            pending: Vec::new(),
            scores: Vec::new(),
            loudness: Loudness::default(),
            fallen: Vec::new(),
        }
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
            self.fallen.push(self.loudness.falls(frame));
        }
        self.pending.drain(..whole);
    }

    /// Forgets the first `samples`, whole frames of them, as if the stream had
    /// begun later. Returns how many samples that were.
    pub fn forget(&mut self, samples: usize) -> usize {
        let frames = (samples / FRAME_SAMPLES).min(self.scores.len());
        self.scores.drain(..frames);
        self.fallen.drain(..frames);
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
        if self.unpadded_span(SPEECH_SCORE).is_none() {
            return 0;
        }
        self.last_speech(self.scores.len()).map_or(0, |last| (last + 1) * FRAME_SAMPLES)
    }

    /// The silence around this place, in samples, if speech was before and after it.
    pub fn silence_around(&self, at: usize) -> Option<Range<usize>> {
        let at = at / FRAME_SAMPLES;
        let from = self.last_speech(at)? + 1;
        let until = (at..self.scores.len()).find(|frame| self.is_speech(*frame))?;
        Some(from * FRAME_SAMPLES..until * FRAME_SAMPLES)
    }

    fn last_speech(&self, before: usize) -> Option<usize> {
        (0..before.min(self.scores.len())).rev().find(|frame| self.is_speech(*frame))
    }

    fn is_speech(&self, frame: usize) -> bool {
        self.scores[frame] > SPEECH_SCORE && !self.fallen[frame]
    }

    /// Whether speech is going on, without any soft place.
    pub fn goes_on(&self) -> bool {
        let frames = self.scores.len();
        frames >= GOING_FRAMES && (frames - GOING_FRAMES..frames).all(|it| self.is_speech(it))
    }

    /// Whether speech goes on after a soft place.
    pub fn has_just_set_in(&self) -> bool {
        let before = self.fallen.iter().rev().skip(GOING_FRAMES);
        self.goes_on() && before.take(SET_IN_FRAMES).any(|fallen| *fallen)
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
        let sentence = sentence();
        let mut sound = vec![0.0; 32_000];
        sound.extend(&sentence);
        sound.extend([0.0; 32_000]);
        let span = SpeechMeter::measure(&sound).speech_span().expect("speech");
        assert!((28_000..40_000).contains(&span.start), "{span:?}");
        assert!((32_000 + sentence.len()).abs_diff(span.end) < 16_000, "{span:?}");
    }

    /// 3.9 s, speech from 0.3 to 3.4 s.
    fn sentence() -> Vec<f32> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audio/coffee.flac");
        crate::audio::decode::read_speech(file.as_ref()).expect("a sentence")
    }

    #[test]
    fn the_end_of_speech_is_known_before_the_detector_knows_it() {
        let meter = SpeechMeter::measure(&sentence());
        let by_detector = meter.unpadded_span(SPEECH_SCORE).expect("speech").end;
        let sooner_ms = (by_detector - meter.speech_end()) * 1000 / SPEECH_RATE_HZ as usize;
        assert!((48..=192).contains(&sooner_ms), "{sooner_ms} ms");
    }

    #[test]
    fn speech_sets_in_after_a_soft_place_and_not_in_it() {
        let mut meter = SpeechMeter::new();
        let mut begins = Vec::new();
        for frame in sentence().chunks_exact(FRAME_SAMPLES) {
            meter.push(frame);
            if meter.has_just_set_in() {
                let last = meter.fallen.len() - GOING_FRAMES..;
                assert!(!meter.fallen[last].contains(&true), "in a soft place");
                begins.push(meter.fallen.len());
            }
        }
        assert!(begins.len() >= 2, "{begins:?}");
        assert!(!meter.goes_on(), "half a second after the last word");
    }

    #[test]
    fn what_is_said_softly_after_it_is_speech_too() {
        let mut sound = sentence();
        sound.extend(sentence().iter().map(|x| x * 0.03));
        let end = SpeechMeter::measure(&sound).speech_end();
        assert!(end > sentence().len() + 2 * SPEECH_RATE_HZ as usize, "{end}");
    }

    #[test]
    fn in_a_noisy_room_the_detector_tells_the_end() {
        let mut sound = sentence();
        let loud = sound.iter().map(|x| x * x).sum::<f32>() / sound.len() as f32;
        let hiss = noise(loud.sqrt() * 0.3, sound.len() as f32 / SPEECH_RATE_HZ as f32);
        sound.iter_mut().zip(hiss).for_each(|(x, noise)| *x += noise);
        let meter = SpeechMeter::measure(&sound);
        assert_eq!(meter.speech_end(), meter.unpadded_span(SPEECH_SCORE).expect("speech").end);
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
