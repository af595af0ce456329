//! The spectra that the network predicts, to samples: a pulse train of the
//! voice's pitch through the harmonic filter, noise through another, a part of
//! its own phase, and the inverse short-time Fourier transform of their sum.

use std::f32::consts::{PI, TAU};
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::RATE_HZ;

/// Samples from one frame of the network to the next.
pub(crate) const HOP: usize = 300;
/// Frequencies of a frame.
pub(crate) const BINS: usize = WINDOW / 2 + 1;
const WINDOW: usize = 4 * HOP;
const OVERLAP: usize = WINDOW / HOP;
/// Frames filtered together: a cache line of each row of the network's output.
const BLOCK: usize = 16;
/// Logarithms of magnitudes are capped here.
const LOUDEST: f32 = 7.0;
/// Below, a frame has no pitch.
const LOWEST_PITCH_HZ: f32 = 40.0;
/// Harmonics reach up to here.
const HIGHEST_HARMONIC_HZ: f32 = 11_000.0;

/// What the network says of `frames` frames. Spectra have a row of `frames`
/// values for each of the [`BINS`] frequencies.
#[derive(Clone, Copy)]
pub(crate) struct Spectra<'a> {
    pub harmonic_log: &'a [f32],
    pub harmonic_phase: &'a [f32],
    pub noise_log: &'a [f32],
    pub free_log: &'a [f32],
    pub free_phase: &'a [f32],
    /// One value a frame.
    pub pitch_hz: &'a [f32],
}

/// Changes to the sound that leave the words as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tone {
    /// The pitch is multiplied by this.
    pub pitch: f32,
    /// Of the highest frequencies, in decibels; the lower ones change less.
    pub treble_db: f32,
}

/// Turns spectra into samples; owns all buffers that this takes.
pub(crate) struct Vocoder {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    pulses: Vec<f32>,
    frame: Vec<f32>,
    spectra: Vec<Complex<f32>>,
    gains: Vec<f32>,
    forward_scratch: Vec<Complex<f32>>,
    inverse_scratch: Vec<Complex<f32>>,
    overlapped: Vec<f32>,
}

impl Vocoder {
    pub fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(WINDOW);
        let inverse = planner.plan_fft_inverse(WINDOW);
        let hann = |i| 0.5 - 0.5 * (TAU * i as f32 / WINDOW as f32).cos();
        Self {
            window: (0..WINDOW).map(hann).collect(),
            pulses: Vec::new(),
            frame: vec![0.0; WINDOW],
            spectra: vec![Complex::default(); BLOCK * BINS],
            gains: vec![1.0; BINS],
            forward_scratch: forward.make_scratch_vec(),
            inverse_scratch: inverse.make_scratch_vec(),
            overlapped: Vec::new(),
            forward,
            inverse,
        }
    }

    /// The samples of `spectra`, [`HOP`] a frame. The noise follows from `seed`.
    pub fn samples(&mut self, spectra: &Spectra<'_>, tone: Tone, seed: u64) -> &[f32] {
        let frames = spectra.pitch_hz.len();
        if frames < OVERLAP {
            return &[];
        }
        self.draw_pulses(spectra.pitch_hz, tone.pitch);
        for (bin, gain) in self.gains.iter_mut().enumerate() {
            *gain = 10f32.powf(treble_share(bin) * tone.treble_db / 20.0);
        }
        self.overlapped.clear();
        self.overlapped.resize((frames + OVERLAP - 1) * HOP, 0.0);
        let mut noise = fastrand::Rng::with_seed(seed);
        for first in (0..frames).step_by(BLOCK) {
            let block = first..frames.min(first + BLOCK);
            for frame in block.clone() {
                self.analyse_pulses(frame, frame - first);
            }
            self.filter(spectra, frames, block.clone(), &mut noise);
            for frame in block {
                self.add_frame(frame, frame - first);
            }
        }
        self.even_out(frames);
        &self.overlapped[WINDOW / 2..WINDOW / 2 + frames * HOP]
    }

    /// A pulse train of all harmonics at equal level.
    fn draw_pulses(&mut self, pitch_hz: &[f32], scale: f32) {
        let frames = pitch_hz.len();
        self.pulses.clear();
        self.pulses.reserve(frames * HOP);
        let mut phase = 0.0f64;
        for frame in 0..frames {
            let here = pitch_hz[frame];
            let before = pitch_hz[frame.saturating_sub(1)];
            let after = pitch_hz[(frame + 1).min(frames - 1)];
            for sample in 0..HOP {
                // Each value belongs to the middle of its frame.
                let at = (sample as f32 + 0.5) / HOP as f32 - 0.5;
                let hz = if at < 0.0 {
                    here + (before - here) * -at
                } else {
                    here + (after - here) * at
                };
                let voiced = hz > LOWEST_PITCH_HZ;
                let hz = hz.max(LOWEST_PITCH_HZ) * scale;
                phase = (phase + f64::from(hz) / f64::from(RATE_HZ)).fract();
                if !voiced {
                    self.pulses.push(0.0);
                    continue;
                }
                let angle = phase as f32 * TAU;
                let harmonics = (HIGHEST_HARMONIC_HZ / hz).floor() + 0.5;
                let divisor = 2.0 * (angle * 0.5).sin();
                let sum = if divisor.abs() <= 2e-3 {
                    harmonics
                } else {
                    (harmonics * angle).sin() / divisor
                };
                self.pulses.push(sum - 0.5);
            }
        }
    }

    /// The spectrum of the pulses around the middle of `frame`, into a place of the block.
    fn analyse_pulses(&mut self, frame: usize, place: usize) {
        let (middle, last) = (frame * HOP, self.pulses.len() - 1);
        let spectrum = &mut self.spectra[place * BINS..(place + 1) * BINS];
        // Beyond the ends the train is mirrored.
        let mirrored = |at: usize| match at.checked_sub(WINDOW / 2) {
            None => WINDOW / 2 - at,
            Some(at) if at > last => 2 * last - at,
            Some(at) => at,
        };
        let mut silent = true;
        for (i, (sample, window)) in self.frame.iter_mut().zip(&self.window).enumerate() {
            let pulse = self.pulses[mirrored(middle + i)];
            silent &= pulse == 0.0;
            *sample = pulse * window / HOP as f32;
        }
        if silent {
            spectrum.fill(Complex::default());
            return;
        }
        let done =
            self.forward.process_with_scratch(&mut self.frame, spectrum, &mut self.forward_scratch);
        debug_assert!(done.is_ok(), "the buffers have the lengths of the plan");
    }

    /// Makes the voice's spectra of those of the pulses.
    fn filter(
        &mut self,
        from: &Spectra<'_>,
        frames: usize,
        block: std::ops::Range<usize>,
        noise: &mut fastrand::Rng,
    ) {
        let magnitude = |log: f32| log.min(LOUDEST).exp();
        for bin in 0..BINS {
            let row = bin * frames;
            let gain = self.gains[bin];
            for frame in block.clone() {
                let at = row + frame;
                let value = &mut self.spectra[(frame - block.start) * BINS + bin];
                let mut sum = normal(noise) * magnitude(from.noise_log[at]);
                if *value != Complex::default() {
                    let turn = Complex::cis(PI * from.harmonic_phase[at].tanh());
                    sum += *value * turn * magnitude(from.harmonic_log[at]);
                }
                sum += Complex::from_polar(magnitude(from.free_log[at]), from.free_phase[at]);
                *value = sum * gain;
            }
        }
    }

    /// Adds the wave of a spectrum of the block to those before.
    fn add_frame(&mut self, frame: usize, place: usize) {
        let spectrum = &mut self.spectra[place * BINS..(place + 1) * BINS];
        // A real wave has no imaginary part at the lowest and highest frequency.
        spectrum[0].im = 0.0;
        spectrum[BINS - 1].im = 0.0;
        let done =
            self.inverse.process_with_scratch(spectrum, &mut self.frame, &mut self.inverse_scratch);
        debug_assert!(done.is_ok(), "the buffers have the lengths of the plan");
        let sum = &mut self.overlapped[frame * HOP..frame * HOP + WINDOW];
        for ((sum, sample), window) in sum.iter_mut().zip(&self.frame).zip(&self.window) {
            *sum += sample * window / WINDOW as f32;
        }
    }

    /// Divides by the summed squares of the windows that lie over each sample.
    fn even_out(&mut self, frames: usize) {
        for (block, samples) in self.overlapped.chunks_exact_mut(HOP).enumerate() {
            let over = (0..OVERLAP).filter(|&part| (part..part + frames).contains(&block));
            for (i, sample) in samples.iter_mut().enumerate() {
                let weight: f32 =
                    over.clone().map(|part| self.window[part * HOP + i].powi(2)).sum();
                *sample /= weight.max(1e-11);
            }
        }
    }
}

/// How much of a change of the treble a frequency gets: none below 2 kHz, all
/// from 6 kHz.
fn treble_share(bin: usize) -> f32 {
    let hz = bin as f32 * RATE_HZ as f32 / WINDOW as f32;
    ((hz - 2000.0) / 4000.0).clamp(0.0, 1.0)
}

/// A complex number whose parts are normally distributed with variance 1.
fn normal(noise: &mut fastrand::Rng) -> Complex<f32> {
    let radius = (-2.0 * (1.0 - noise.f32()).ln()).sqrt();
    Complex::from_polar(radius, TAU * noise.f32())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Tone = Tone { pitch: 1.0, treble_db: 0.0 };

    /// Rows of one value for `frames` frames.
    fn rows(frames: usize, value: f32) -> Vec<f32> {
        vec![value; BINS * frames]
    }

    #[test]
    fn a_wave_comes_back_from_its_spectra() {
        let frames = 24;
        let wave: Vec<f32> = (0..frames * HOP)
            .map(|i| 0.3 * (i as f32 * 0.05).sin() + 0.1 * (i as f32 * 0.71 + 1.0).cos())
            .collect();
        let window: Vec<f32> =
            (0..WINDOW).map(|i| 0.5 - 0.5 * (TAU * i as f32 / WINDOW as f32).cos()).collect();
        let (mut log, mut phase) = (rows(frames, 0.0), rows(frames, 0.0));
        let forward = RealFftPlanner::new().plan_fft_forward(WINDOW);
        for frame in 0..frames {
            let at = |i: usize| (frame * HOP + i).checked_sub(WINDOW / 2);
            let mut part: Vec<f32> = (0..WINDOW)
                .map(|i| window[i] * at(i).and_then(|at| wave.get(at)).copied().unwrap_or(0.0))
                .collect();
            let mut spectrum = forward.make_output_vec();
            forward.process(&mut part, &mut spectrum).expect("lengths of the plan");
            for (bin, value) in spectrum.iter().enumerate() {
                log[bin * frames + frame] = value.norm().max(1e-9).ln();
                phase[bin * frames + frame] = value.arg();
            }
        }
        let (silent, still) = (rows(frames, -30.0), rows(frames, 0.0));
        let spectra = Spectra {
            harmonic_log: &silent,
            harmonic_phase: &still,
            noise_log: &silent,
            free_log: &log,
            free_phase: &phase,
            pitch_hz: &vec![0.0; frames],
        };
        let mut vocoder = Vocoder::new();
        let samples = vocoder.samples(&spectra, PLAIN, 1);
        assert_eq!(samples.len(), wave.len());
        // The last two frames lack those that would lie over them.
        let inner = ..wave.len() - WINDOW / 2;
        for (i, (back, sample)) in samples[inner].iter().zip(&wave[inner]).enumerate() {
            assert!((back - sample).abs() < 1e-3, "sample {i}: {back} instead of {sample}");
        }
    }

    #[test]
    fn pulses_come_at_the_pitch() {
        let mut vocoder = Vocoder::new();
        for (scale, period) in [(1.0, 120), (0.8, 150)] {
            vocoder.draw_pulses(&[200.0; 80], scale);
            let peaks: Vec<usize> = (1..vocoder.pulses.len() - 1)
                .filter(|&i| vocoder.pulses[i] > 20.0)
                .filter(|&i| {
                    vocoder.pulses[i] > vocoder.pulses[i - 1]
                        && vocoder.pulses[i] >= vocoder.pulses[i + 1]
                })
                .collect();
            assert!(peaks.len() > 100);
            assert!(peaks.windows(2).all(|pair| (pair[1] - pair[0]).abs_diff(period) <= 1));
        }
        vocoder.draw_pulses(&[0.0; 10], 1.0);
        assert!(vocoder.pulses.iter().all(|&pulse| pulse == 0.0));
    }

    #[test]
    fn noise_follows_from_the_seed() {
        let frames = 8;
        let (quiet, still) = (rows(frames, -2.0), rows(frames, 0.0));
        let spectra = Spectra {
            harmonic_log: &quiet,
            harmonic_phase: &still,
            noise_log: &quiet,
            free_log: &quiet,
            free_phase: &still,
            pitch_hz: &[180.0; 8],
        };
        let mut vocoder = Vocoder::new();
        let first = vocoder.samples(&spectra, PLAIN, 7).to_vec();
        assert_eq!(vocoder.samples(&spectra, PLAIN, 7), first);
        assert_ne!(vocoder.samples(&spectra, PLAIN, 8), first);
        assert!(first.iter().all(|sample| sample.is_finite()));
    }
}
