use std::f64::consts::PI;
use std::path::Path;

use super::*;

#[path = "../../examples/shared/decode.rs"]
mod decode;

/// One of the recordings that the app is tested with.
pub fn speech(file: &str) -> Vec<f32> {
    let folder: &Path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/audio").as_ref();
    decode::flac(&folder.join(file)).expect("a recording")
}

/// Four seconds.
pub fn sentence() -> Vec<f32> {
    speech("coffee.flac")
}

/// In -1.0..1.0, the same every time.
fn noise() -> impl Iterator<Item = f64> {
    let mut state = 7u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 23) - 1.0
    })
}

fn hiss(level: f64, duration_s: usize) -> Vec<f32> {
    noise().take(duration_s * 16_000).map(|sample| (level * sample) as f32).collect()
}

pub fn scores(sound: &[f32]) -> Vec<f32> {
    let mut scores = Vec::new();
    Vad::new().expect("the detector").push(sound, &mut scores).expect("scores");
    scores
}

/// A vowel at 120 Hz, a quarter of a second after each quarter of silence.
fn vowels() -> Vec<f32> {
    let resonance = |hz: f64, width_hz: f64| {
        let radius = (-PI * width_hz / 16_000.0).exp();
        (2.0 * radius * (2.0 * PI * hz / 16_000.0).cos(), -radius * radius)
    };
    let resonances = [resonance(700.0, 80.0), resonance(1200.0, 90.0)];
    let mut memory = [[0.0; 2]; 2];
    let vowel = |(i, noise): (usize, f64)| {
        let mut sample = if (i / 4_000) % 2 == 1 && i % 133 == 0 { 1.0 } else { 0.0 };
        for ((a, b), memory) in resonances.iter().zip(&mut memory) {
            sample += a * memory[0] + b * memory[1];
            *memory = [sample, memory[0]];
        }
        (0.02 * sample + 0.001 * noise) as f32
    };
    noise().take(16_000).enumerate().map(vowel).collect()
}

#[test]
fn its_scores_are_those_of_onnx_runtime() {
    let expected = [
        0.0380, 0.0169, 0.0132, 0.0119, 0.0101, 0.0087, 0.0064, 0.0059, 0.9759, 0.9711, 0.9646,
        0.9662, 0.9604, 0.9498, 0.9394, 0.9625, 0.8375, 0.4575, 0.0852, 0.0281, 0.0141, 0.0112,
        0.0087, 0.1453, 0.8660, 0.8458, 0.4946, 0.3698, 0.3325, 0.2958, 0.2153,
    ];
    let scores = scores(&vowels());
    assert_eq!(scores.len(), expected.len());
    for (frame, (score, expected)) in scores.iter().zip(expected).enumerate() {
        assert!((score - expected).abs() < 0.001, "frame {frame}: {score}, not {expected}");
    }
}

#[test]
fn silence_and_hiss_are_not_speech() {
    for level in [0.0, 0.001, 0.03, 0.5] {
        let scores = scores(&hiss(level, 3));
        assert!(scores.iter().all(|score| *score < 0.5), "at level {level}: {scores:?}");
    }
}

#[test]
fn a_sentence_is_speech_even_if_it_is_soft() {
    for gain in [1.0, 0.1, 0.02] {
        let soft: Vec<f32> = sentence().iter().map(|sample| gain * sample).collect();
        let speech = scores(&soft).iter().filter(|score| **score > 0.5).count();
        assert!(speech * FRAME_SAMPLES > 24_000, "{speech} frames at a gain of {gain}");
    }
}

#[test]
fn pieces_of_any_size_give_the_same_scores() {
    let sound = &sentence()[..16_000];
    let whole = scores(sound);
    assert_eq!(whole.len(), 31);
    for size in [1, 511, 512, 513, 800, 5_000] {
        let mut vad = Vad::new().expect("the detector");
        let mut pieces = Vec::new();
        for piece in sound.chunks(size) {
            vad.push(piece, &mut pieces).expect("scores");
        }
        assert_eq!(pieces, whole, "in pieces of {size}");
    }
}

#[test]
fn after_a_reset_nothing_is_left_of_what_was_before() {
    let sound = sentence();
    let mut vad = Vad::new().expect("the detector");
    vad.push(&sound[..30_100], &mut Vec::new()).expect("scores");
    vad.reset();
    let mut again = Vec::new();
    vad.push(&sound, &mut again).expect("scores");
    assert_eq!(again, scores(&sound));
}

#[test]
fn a_sample_that_is_no_number_does_no_lasting_harm() {
    let mut broken = sentence();
    broken[100] = f32::NAN;
    broken[200] = f32::INFINITY;
    let speech = |scores: &[f32]| scores.iter().filter(|score| **score > 0.5).count();
    let scores_broken = scores(&broken);
    assert!(scores_broken.iter().all(|score| (0.0..=1.0).contains(score)));
    assert!(speech(&scores_broken).abs_diff(speech(&scores(&sentence()))) < 3);
}

#[test]
fn after_long_noise_it_hears_a_soft_sentence_like_at_first() {
    let sentence: Vec<f32> = sentence().iter().map(|sample| 0.05 * sample).collect();
    let mut late = hiss(0.1, 40);
    let noise_frames = late.len() / FRAME_SAMPLES;
    late.extend(&sentence);
    let speech = |scores: &[f32]| scores.iter().filter(|score| **score > 0.5).count();
    let (late, first) = (speech(&scores(&late)[noise_frames..]), speech(&scores(&sentence)));
    assert!(late + 4 > first, "{late} frames of {first}");
}
