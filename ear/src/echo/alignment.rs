//! How much later her echo comes than it was learned to come.
//!
//! A device that stalls for a moment moves it by some samples, and four of them
//! undo what the canceller learned in twenty seconds of her voice. What it expects
//! to hear still has the sound of the room, only at another time: so where it lies
//! in what is heard is told exactly. Used by [`super::EchoCanceller`] alone.

use crate::RATE_HZ;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::collections::VecDeque;
use std::sync::Arc;

/// How much sound is compared: 0.5 s.
const WINDOW: usize = 8_192;
/// It may come so much later or earlier than it did: 16 ms.
pub(super) const MOST: usize = 256;
/// Only these tell: below is hum, above is mostly noise.
const BAND_HZ: (usize, usize) = (150, 6_500);
/// Offsets that differ by no more are one, between two samples.
const SAME_OFFSET: usize = 2;
/// So many times what all other offsets have on average must the right one have.
const LEAST_CLEAR: f32 = 15.0;

/// Keeps the last half second.
pub(super) struct Alignment {
    heard: VecDeque<f32>,
    expected: VecDeque<f32>,
    /// What was found last.
    found: isize,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    sound: Vec<f32>,
    spectra: [Vec<Complex32>; 2],
}

impl Alignment {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(WINDOW);
        Self {
            heard: VecDeque::from(vec![0.0; WINDOW]),
            expected: VecDeque::from(vec![0.0; WINDOW]),
            found: 0,
            inverse: planner.plan_fft_inverse(WINDOW),
            sound: vec![0.0; WINDOW],
            spectra: [forward.make_output_vec(), forward.make_output_vec()],
            forward,
        }
    }

    /// More of what is heard, and of the echo that was expected in it.
    pub(super) fn push(&mut self, heard: &[f32], expected: impl Iterator<Item = f32>) {
        append(&mut self.heard, heard.iter().copied());
        append(&mut self.expected, expected);
    }

    /// Begins anew: what was expected so far says nothing.
    pub(super) fn clear(&mut self) {
        self.expected.iter_mut().for_each(|sample| *sample = 0.0);
        self.found = 0;
    }

    /// Whether her echo comes at another time than it did: so many samples later, or
    /// earlier where that is negative. Asked for again and again while she is heard; it
    /// is only told once it was found twice in a row.
    pub(super) fn moved_by(&mut self) -> Option<isize> {
        let found = self.measure();
        let before = std::mem::replace(&mut self.found, found);
        let is_sure = found != 0 && before != 0 && found.abs_diff(before) <= SAME_OFFSET;
        is_sure.then_some(found)
    }

    /// By how many samples what is heard lies behind what was expected; 0 where none
    /// stands out.
    fn measure(&mut self) -> isize {
        let [heard, expected] = &mut self.spectra;
        // The lengths are the planner's own, so that no transform can fail.
        copy(&self.heard, &mut self.sound);
        let _ = self.forward.process(&mut self.sound, heard);
        copy(&self.expected, &mut self.sound);
        let _ = self.forward.process(&mut self.sound, expected);
        let bin = |hz: usize| hz * WINDOW / RATE_HZ as usize;
        let band = bin(BAND_HZ.0)..bin(BAND_HZ.1);
        for (n, (heard, expected)) in heard.iter_mut().zip(expected).enumerate() {
            let product = *heard * expected.conj();
            // Loud tones say no more than soft ones.
            let weight = if band.contains(&n) { 1.0 / (product.norm() + 1e-12) } else { 0.0 };
            *heard = product * weight;
        }
        let _ = self.inverse.process(heard, &mut self.sound);
        let all: f32 = self.sound.iter().map(|sample| sample * sample).sum();
        let clear = LEAST_CLEAR * (all / WINDOW as f32).sqrt();
        let offsets = -(MOST as isize)..=MOST as isize;
        let at = |offset: isize| self.sound[offset.rem_euclid(WINDOW as isize) as usize];
        let found = offsets.max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap_or(0);
        if at(found) > clear { found } else { 0 }
    }
}

fn append(kept: &mut VecDeque<f32>, samples: impl Iterator<Item = f32>) {
    kept.extend(samples);
    kept.drain(..kept.len() - WINDOW);
}

fn copy(kept: &VecDeque<f32>, to: &mut [f32]) {
    for (to, sample) in to.iter_mut().zip(kept) {
        *to = *sample;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, seconds: usize) -> Vec<f32> {
        let mut random = fastrand::Rng::with_seed(seed);
        (0..seconds * RATE_HZ as usize).map(|_| random.f32() - 0.5).collect()
    }

    /// What is told when the expected echo is heard with this added, looked for twice.
    fn moved_by(expected: &[f32], heard: &[f32]) -> [Option<isize>; 2] {
        let mut alignment = Alignment::new();
        [0, 1].map(|n| {
            let at = n * WINDOW..(n + 1) * WINDOW;
            alignment.push(&heard[at.clone()], expected[at].iter().copied());
            alignment.moved_by()
        })
    }

    #[test]
    fn an_echo_is_found_where_it_comes_under_a_voice_as_loud_when_seen_twice() {
        let (expected, person) = (noise(1, 2), noise(2, 2));
        for offset in [-200_isize, -3, -1, 1, 4, 72, 256] {
            let mut heard = expected.clone();
            heard.rotate_right(offset.rem_euclid(expected.len() as isize) as usize);
            heard.iter_mut().zip(&person).for_each(|(heard, person)| *heard += person);
            assert_eq!(moved_by(&expected, &heard), [None, Some(offset)], "{offset}");
        }
    }

    #[test]
    fn nothing_is_told_of_an_echo_in_its_place_of_another_voice_or_of_silence() {
        let (expected, silence) = (noise(3, 2), vec![0.0; 2 * RATE_HZ as usize]);
        for heard in [&expected, &noise(4, 2), &silence] {
            assert_eq!(moved_by(&expected, heard), [None, None]);
        }
        assert_eq!(moved_by(&silence, &expected), [None, None]);
    }
}
