//! How loud her echo should be, band by band, and what is heard above that.
//!
//! Power forgives what subtraction does not: a loudspeaker whose delay jumps, a
//! clock that drifts, a filter that has not settled. So a person is told from
//! what is left of her by it. A band's power is the sum of what the loudspeaker
//! played in it during the last half second, each part weighed by a gain that is
//! learned while she speaks. Used by [`super::EchoCanceller`] alone.

use crate::vad::FRAME_SAMPLES;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::sync::Arc;

const WINDOW_SAMPLES: usize = 2 * FRAME_SAMPLES;
/// Equally wide to the ear, from 100 to 7,000 Hz.
const BANDS: usize = 20;
const EDGES_HZ: (f32, f32) = (100.0, 7_000.0);
/// An echo and its reverberation come within so many frames (450 ms).
const FRAMES_OF_ECHO: usize = 14;
/// The power of a quiet microphone in a band, in the units of this transform.
const FLOOR: f32 = 1e-6;
const QUIET: f32 = 5e-5;
/// What the loudspeaker plays is worth learning from above this.
const AUDIBLE: f32 = 1e-4;
/// What is heard must be so many times what was expected to count (4 dB).
const MARGIN: f32 = 2.5;
/// How much a gain changes in a frame: fast until she was first heard for a
/// while, then so slowly that a person who talks over her is not learned.
const FIRST_STEP: f32 = 0.3;
const STEP: f32 = 0.05;
/// Frames of her voice until the gains are of use (2.5 s).
const LEARNED_AFTER: u32 = 78;
/// What is above expectation is averaged over so many frames (0.25 s).
const AVERAGED: usize = 8;
/// A frame alone says little, however loud: the first of a word may come a little
/// earlier than was expected.
const MOST_ABOVE_DB: f32 = 2.0;
const FIRST_GAIN: f32 = 0.02;
const LEAST_GAIN: f32 = 1e-5;

type Bands = [f32; BANDS];

/// See the module.
pub(super) struct Expectation {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    spectrum: Vec<Complex32>,
    /// The bins at which bands begin, and the last one ends.
    edges: [usize; BANDS + 1],
    heard: VecDeque<f32>,
    reference: VecDeque<f32>,
    /// What the loudspeaker played, newest first.
    played: VecDeque<Bands>,
    gains: [Bands; FRAMES_OF_ECHO],
    /// Frames of her voice that were learned from.
    learned: u32,
    above_db: VecDeque<f32>,
}

impl Expectation {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW_SAMPLES);
        let mel = |hz: f32| 2595.0 * (1.0 + hz / 700.0).log10();
        let (low, high) = (mel(EDGES_HZ.0), mel(EDGES_HZ.1));
        let edges = std::array::from_fn(|band| {
            let mel = low + (high - low) * band as f32 / BANDS as f32;
            let hz = 700.0 * (10f32.powf(mel / 2595.0) - 1.0);
            (hz / crate::RATE_HZ as f32 * WINDOW_SAMPLES as f32) as usize
        });
        let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f32 / (WINDOW_SAMPLES - 1) as f32).cos();
        Self {
            spectrum: fft.make_output_vec(),
            fft,
            window: (0..WINDOW_SAMPLES).map(hann).collect(),
            edges,
            heard: VecDeque::new(),
            reference: VecDeque::new(),
            played: VecDeque::from(vec![[0.0; BANDS]; FRAMES_OF_ECHO]),
            gains: [[FIRST_GAIN; BANDS]; FRAMES_OF_ECHO],
            learned: 0,
            above_db: VecDeque::from(vec![0.0; AVERAGED]),
        }
    }

    /// More of what the microphone heard, and what was played meanwhile.
    pub(super) fn push(&mut self, heard: &[f32], reference: &[f32]) {
        self.heard.extend(heard);
        self.reference.extend(reference);
        while self.heard.len() >= WINDOW_SAMPLES {
            let heard = self.bands_of(true);
            let played = self.bands_of(false);
            self.heard.drain(..FRAME_SAMPLES);
            self.reference.drain(..FRAME_SAMPLES);
            self.compare(&heard, played);
        }
    }

    /// How much louder than her echo should be it was in the last quarter of a
    /// second, in dB, on average over the bands; `None` until that is known.
    pub(super) fn above_db(&self) -> Option<f32> {
        let mean = self.above_db.iter().sum::<f32>() / AVERAGED as f32;
        (self.learned >= LEARNED_AFTER).then_some(mean)
    }

    /// What was above it so far does not count any more.
    pub(super) fn forget_heard(&mut self) {
        self.above_db.iter_mut().for_each(|above| *above = 0.0);
    }

    fn compare(&mut self, heard: &Bands, played: Bands) {
        self.played.pop_back();
        self.played.push_front(played);
        let step = if self.learned < LEARNED_AFTER { FIRST_STEP } else { STEP };
        let mut above_db = 0.0;
        let mut audible = false;
        for band in 0..BANDS {
            let echoes = |gains: &[Bands; FRAMES_OF_ECHO], played: &VecDeque<Bands>| -> f32 {
                gains.iter().zip(played).map(|(gain, played)| gain[band] * played[band]).sum()
            };
            let expected = echoes(&self.gains, &self.played);
            let above = (heard[band] + QUIET) / (MARGIN * expected + QUIET);
            above_db += 10.0 * above.log10().max(0.0) / BANDS as f32;
            if self.played.iter().map(|played| played[band]).sum::<f32>() < AUDIBLE {
                continue;
            }
            audible = true;
            let error = ((heard[band] + FLOOR) / (expected + FLOOR)).ln().clamp(-1.0, 1.0);
            for (gain, played) in self.gains.iter_mut().zip(&self.played) {
                let share = gain[band] * played[band] / (expected + FLOOR);
                gain[band] = (gain[band] * (1.0 + step * error * share)).max(LEAST_GAIN);
            }
        }
        self.learned = self.learned.saturating_add(u32::from(audible));
        self.above_db.pop_back();
        self.above_db.push_front(above_db.min(MOST_ABOVE_DB));
    }

    fn bands_of(&mut self, heard: bool) -> Bands {
        let samples = if heard { &self.heard } else { &self.reference };
        let mut windowed: Vec<f32> =
            samples.iter().zip(&self.window).map(|(sample, weight)| sample * weight).collect();
        if self.fft.process(&mut windowed, &mut self.spectrum).is_err() {
            return [0.0; BANDS]; // lengths that never differ
        }
        std::array::from_fn(|band| {
            let bins = self.edges[band]..self.edges[band + 1].max(self.edges[band] + 1);
            self.spectrum[bins].iter().map(Complex32::norm_sqr).sum()
        })
    }
}
