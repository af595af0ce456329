//! How like one sound is to another that came up to 0.4 s before it.

use crate::RATE_HZ;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::collections::VecDeque;
use std::sync::Arc;

/// The transform, and how much of the earlier sound is kept: 1 s.
const SPAN: usize = 16_384;
/// How much of the later sound is compared: 0.5 s. Less is like anything.
const WINDOW: usize = 8_192;
/// How much earlier the other may be.
const MOST_LAG: usize = RATE_HZ as usize * 2 / 5;
/// Takes out most of what all voices have in common, loud low tones.
const PREEMPHASIS: f32 = 0.95;
/// Below this energy in the window there is nothing to compare.
const LEAST_ENERGY: f32 = 1e-9;

/// Keeps the last second of both sounds.
pub(super) struct Likeness {
    later: VecDeque<f32>,
    earlier: VecDeque<f32>,
    /// The last samples, before the pre-emphasis.
    last: [f32; 2],
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    sound: Vec<f32>,
    spectra: [Vec<Complex<f32>>; 2],
}

impl Likeness {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(SPAN);
        Self {
            later: VecDeque::from(vec![0.0; WINDOW]),
            earlier: VecDeque::from(vec![0.0; SPAN]),
            last: [0.0; 2],
            inverse: planner.plan_fft_inverse(SPAN),
            sound: vec![0.0; SPAN],
            spectra: [forward.make_output_vec(), forward.make_output_vec()],
            forward,
        }
    }

    /// More of both, equally long.
    pub(super) fn push(&mut self, later: &[f32], earlier: &[f32]) {
        let [last_later, last_earlier] = &mut self.last;
        append(&mut self.later, later, last_later);
        append(&mut self.earlier, earlier, last_earlier);
    }

    /// The largest correlation over all lags, of 1.0 at the most.
    pub(super) fn measure(&mut self) -> f32 {
        let [later_spectrum, earlier_spectrum] = &mut self.spectra;
        self.sound.fill(0.0);
        copy(&self.later, &mut self.sound);
        let later_energy: f32 = self.sound.iter().map(|sample| sample * sample).sum();
        if later_energy < LEAST_ENERGY {
            return 0.0;
        }
        // The lengths are the planner's own, so that no transform can fail.
        let _ = self.forward.process(&mut self.sound, later_spectrum);
        copy(&self.earlier, &mut self.sound);
        let _ = self.forward.process(&mut self.sound, earlier_spectrum);
        for (later, earlier) in later_spectrum.iter_mut().zip(earlier_spectrum) {
            *later = later.conj() * *earlier;
        }
        let _ = self.inverse.process(later_spectrum, &mut self.sound);

        // The window that begins at `begin` in the earlier sound, from no lag
        // to the largest.
        let no_lag = SPAN - WINDOW;
        let mut energy: f32 = self.earlier.range(no_lag..).map(|sample| sample * sample).sum();
        let mut largest = 0.0f32;
        for begin in (no_lag - MOST_LAG..=no_lag).rev() {
            let product = self.sound[begin] / SPAN as f32;
            if energy > LEAST_ENERGY {
                largest = largest.max(product.abs() / (later_energy * energy).sqrt());
            }
            if begin > 0 {
                energy +=
                    self.earlier[begin - 1].powi(2) - self.earlier[begin - 1 + WINDOW].powi(2);
            }
        }
        largest.min(1.0)
    }
}

fn append(kept: &mut VecDeque<f32>, samples: &[f32], last: &mut f32) {
    kept.drain(..samples.len().min(kept.len()));
    for &sample in samples {
        kept.push_back(sample - PREEMPHASIS * *last);
        *last = sample;
    }
}

fn copy(kept: &VecDeque<f32>, to: &mut [f32]) {
    for (to, sample) in to.iter_mut().zip(kept) {
        *to = *sample;
    }
}
