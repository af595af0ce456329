//! Where speech begins and ends in a piece of sound, and its level.

use std::ops::Range;

use crate::RATE_HZ;

/// Samples whose level is taken together: 5 ms.
const STEP: usize = RATE_HZ as usize / 200;
/// What is this much below the loudest is silence.
const SILENCE_DB: f32 = -48.0;
/// Kept before the first sound and behind the last.
const KEPT_BEFORE: usize = 2 * STEP;
const KEPT_AFTER: usize = 6 * STEP;
/// Above this, peaks are rounded off.
const KNEE: f32 = 0.7;
/// No sample is louder: -1.2 dB.
const CEILING: f32 = 0.87;

/// The samples in which something is heard, with a little around them.
pub(crate) fn heard(samples: &[f32]) -> Range<usize> {
    let levels: Vec<f32> = samples
        .chunks(STEP)
        .map(|step| step.iter().map(|s| s * s).sum::<f32>() / step.len() as f32)
        .collect();
    let loudest = levels.iter().copied().fold(0.0, f32::max);
    let loud = |level: &f32| *level > loudest * 10f32.powf(SILENCE_DB / 10.0);
    let (Some(first), Some(last)) = (levels.iter().position(loud), levels.iter().rposition(loud))
    else {
        return 0..0;
    };
    let start = (first * STEP).saturating_sub(KEPT_BEFORE);
    start..samples.len().min((last + 1) * STEP + KEPT_AFTER)
}

/// Scales, rounds off peaks, and fades in and out, so that the sound begins and
/// ends with silence.
pub(crate) fn finish(samples: &mut [f32], gain: f32) {
    for sample in samples.iter_mut() {
        let scaled = *sample * gain;
        let over = scaled.abs() - KNEE;
        *sample = if over > 0.0 {
            let room = CEILING - KNEE;
            (KNEE + room * (over / room).tanh()).copysign(scaled)
        } else {
            scaled
        };
    }
    let half = samples.len() / 2;
    let fade = |length: usize, i: usize| (i as f32 + 0.5) / length as f32;
    let length = KEPT_BEFORE.min(half);
    for (i, sample) in samples[..length].iter_mut().enumerate() {
        *sample *= fade(length, i);
    }
    let length = KEPT_AFTER.min(half);
    for (i, sample) in samples.iter_mut().rev().take(length).enumerate() {
        *sample *= fade(length, i);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_speech_is_found() {
        let mut samples = vec![0.0001; 24_000];
        for sample in &mut samples[6000..12_000] {
            *sample = 0.3;
        }
        let heard = heard(&samples);
        assert_eq!(heard, 6000 - KEPT_BEFORE..12_000 + KEPT_AFTER);
        assert!(super::heard(&[]).is_empty() && super::heard(&[0.0; 500]).is_empty());
    }

    #[test]
    fn peaks_stay_below_the_ceiling_and_edges_are_silent() {
        let mut samples: Vec<f32> = (0..24_000).map(|i| (i as f32 * 0.1).sin() * 3.0).collect();
        finish(&mut samples, 1.0);
        assert!(samples.iter().all(|s| s.abs() <= CEILING));
        assert!(samples[0].abs() < 0.01 && samples[23_999].abs() < 0.01);
        let quiet = &mut [0.5f32; 4000];
        finish(quiet, 1.0);
        assert_eq!(quiet[2000], 0.5, "what is not too loud is not changed");
    }
}
