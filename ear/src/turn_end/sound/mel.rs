//! Sound as smart-turn sees it: the log-mel spectrogram of Whisper over 8 s.
//! Follows `WhisperFeatureExtractor(chunk_length=8)` of the Transformers library
//! with `do_normalize`, which the network was trained with.

use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use crate::RATE_HZ;

/// Mel bands of a frame.
pub(super) const BANDS: usize = 80;
/// Frames of 10 ms.
pub(super) const FRAMES: usize = 800;

const HOP_SAMPLES: usize = 160;
const WINDOW_SAMPLES: usize = 400;
const BINS: usize = WINDOW_SAMPLES / 2 + 1;
const SAMPLES: usize = FRAMES * HOP_SAMPLES;
/// Of the frames, which are centred on their hop.
const PAD_SAMPLES: usize = WINDOW_SAMPLES / 2;
/// What the logarithm takes for silence.
const FLOOR: f64 = 1e-10;
/// Kept below the loudest, in powers of ten.
const RANGE: f64 = 8.0;

/// A triangle over the spectrum.
struct Band {
    first_bin: usize,
    weights: Vec<f64>,
}

/// Computes the spectrogram; holds the tables and buffers for it.
pub(super) struct LogMel {
    window: Vec<f64>,
    bands: Vec<Band>,
    fft: Arc<dyn RealToComplex<f64>>,
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl LogMel {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW_SAMPLES);
        let hann = |n| 0.5 - 0.5 * (TAU * n as f64 / WINDOW_SAMPLES as f64).cos();
        Self {
            window: (0..WINDOW_SAMPLES).map(hann).collect(),
            bands: bands(),
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// The features of the last 8 s of `samples` (16 kHz), with silence before
    /// them if they are shorter: [`BANDS`] rows of [`FRAMES`].
    pub(super) fn compute(&mut self, samples: &[f32]) -> Vec<f32> {
        let sound = framed(samples);
        let mut log_mel = vec![0.0; BANDS * FRAMES];
        let mut loudest = f64::MIN;
        let mut power = [0.0; BINS];
        for frame in 0..FRAMES {
            let sound = &sound[frame * HOP_SAMPLES..][..WINDOW_SAMPLES];
            for ((x, sample), weight) in self.frame.iter_mut().zip(sound).zip(&self.window) {
                *x = sample * weight;
            }
            // Fails only on buffers of another length than the plan's own.
            let done = self.fft.process_with_scratch(
                &mut self.frame,
                &mut self.spectrum,
                &mut self.scratch,
            );
            debug_assert!(done.is_ok());
            for (power, bin) in power.iter_mut().zip(&self.spectrum) {
                *power = bin.norm_sqr();
            }
            for (row, band) in self.bands.iter().enumerate() {
                let bins = power[band.first_bin..].iter().zip(&band.weights);
                let energy: f64 = bins.map(|(power, weight)| power * weight).sum();
                let value = energy.max(FLOOR).log10();
                loudest = loudest.max(value);
                log_mel[row * FRAMES + frame] = value;
            }
        }
        log_mel.into_iter().map(|x| ((x.max(loudest - RANGE) + 4.0) / 4.0) as f32).collect()
    }
}

/// The last 8 s with mean 0 and variance 1, mirrored at both ends.
fn framed(samples: &[f32]) -> Vec<f64> {
    let heard = &samples[samples.len().saturating_sub(SAMPLES)..];
    let mean = heard.iter().copied().map(f64::from).sum::<f64>() / SAMPLES as f64;
    let square = heard.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / SAMPLES as f64;
    let scale = (square - mean * mean + 1e-7).sqrt().recip();
    let silence = std::iter::repeat_n(0.0, SAMPLES - heard.len());
    let mut padded = vec![0.0; PAD_SAMPLES];
    padded.extend(silence.chain(heard.iter().copied()).map(|x| (f64::from(x) - mean) * scale));
    padded.resize(PAD_SAMPLES + SAMPLES + PAD_SAMPLES, 0.0);
    for n in 1..=PAD_SAMPLES {
        padded[PAD_SAMPLES - n] = padded[PAD_SAMPLES + n];
        let last = PAD_SAMPLES + SAMPLES - 1;
        padded[last + n] = padded[last - n];
    }
    padded
}

/// The mel filters after Slaney: triangles of equal area.
fn bands() -> Vec<Band> {
    let top = mel(f64::from(RATE_HZ) / 2.0);
    let edge_hz = |n: usize| hz(top * n as f64 / (BANDS + 1) as f64);
    let bin_hz = |bin: usize| bin as f64 * f64::from(RATE_HZ) / WINDOW_SAMPLES as f64;
    (0..BANDS)
        .map(|band| {
            let [low, centre, high] = [0, 1, 2].map(|n| edge_hz(band + n));
            let weight = |bin| {
                let hz = bin_hz(bin);
                let triangle = ((hz - low) / (centre - low)).min((high - hz) / (high - centre));
                triangle.max(0.0) * 2.0 / (high - low)
            };
            let first_bin = (0..BINS).find(|&bin| weight(bin) > 0.0).unwrap_or(0);
            let weights = (first_bin..BINS).map(weight).take_while(|&w| w > 0.0).collect();
            Band { first_bin, weights }
        })
        .collect()
}

const LOG_FROM_HZ: f64 = 1000.0;
const LOG_FROM_MEL: f64 = 15.0;

/// Linear below 1 kHz, logarithmic above: 27 mels for a factor of 6.4.
fn mel(hz: f64) -> f64 {
    if hz < LOG_FROM_HZ {
        hz * LOG_FROM_MEL / LOG_FROM_HZ
    } else {
        LOG_FROM_MEL + (hz / LOG_FROM_HZ).ln() * 27.0 / 6.4_f64.ln()
    }
}

fn hz(mel: f64) -> f64 {
    if mel < LOG_FROM_MEL {
        mel * LOG_FROM_HZ / LOG_FROM_MEL
    } else {
        LOG_FROM_HZ * ((mel - LOG_FROM_MEL) * 6.4_f64.ln() / 27.0).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| (n as f32 * hz * std::f32::consts::TAU / 16_000.0).sin()).collect()
    }

    #[test]
    fn a_tone_is_loudest_in_its_band_and_silence_stands_before_it() {
        let features = LogMel::new().compute(&tone(1000.0, 16_000));
        let column = |frame: usize| (0..BANDS).map(move |band| band * FRAMES + frame);
        let loudest = column(750).max_by(|&a, &b| features[a].total_cmp(&features[b]));
        // 1 kHz is mel 15 of 45.25, and there are 81 steps.
        assert_eq!(loudest.map(|at| at / FRAMES), Some(26));
        let floor = features.iter().copied().fold(f32::MAX, f32::min);
        assert!(column(100).all(|at| features[at] < floor + 0.6), "silence is on the left");
    }

    #[test]
    fn only_the_last_8_s_count() {
        let mut log_mel = LogMel::new();
        let sound = tone(440.0, SAMPLES);
        let longer: Vec<f32> = tone(3000.0, 5000).into_iter().chain(sound.clone()).collect();
        assert_eq!(log_mel.compute(&longer), log_mel.compute(&sound));
    }

    #[test]
    fn how_loud_it_is_does_not_matter() {
        let mut log_mel = LogMel::new();
        let loud = tone(440.0, 40_000);
        let soft: Vec<f32> = loud.iter().map(|x| x * 0.1).collect();
        let differences = log_mel.compute(&loud).into_iter().zip(log_mel.compute(&soft));
        let largest = differences.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(largest < 1e-3, "{largest}");
    }

    #[test]
    fn nothing_at_all_is_silence() {
        assert!(LogMel::new().compute(&[]).iter().all(|&x| x == -1.5));
    }

    #[test]
    fn the_filters_are_triangles_of_equal_area_without_gaps() {
        let bands = bands();
        assert_eq!(bands.len(), BANDS);
        assert!(bands.iter().all(|band| !band.weights.is_empty()));
        let bin_hz = f64::from(RATE_HZ) / WINDOW_SAMPLES as f64;
        for band in &bands[40..] {
            let area = band.weights.iter().sum::<f64>() * bin_hz;
            assert!((area - 1.0).abs() < 0.1, "{area}");
        }
    }
}
