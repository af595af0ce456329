//! Long sound in pieces a network can take, cut where nobody is speaking.
//!
//! Pure. Used for whole files and for sound that is still arriving, so that
//! both are cut alike.

use crate::audio::SPEECH_RATE_HZ;
use std::ops::Range;

const RATE: usize = SPEECH_RATE_HZ as usize;
/// Whisper takes 30 s; shorter pieces cancel sooner and err less.
const MAX_SAMPLES: usize = 20 * RATE;
/// A piece shorter than this gives the network too little context.
const MIN_SAMPLES: usize = 8 * RATE;
/// A gap between sentences or clauses; within words gaps are shorter.
const PAUSE_SAMPLES: usize = RATE * 3 / 10;
/// Where energy is looked at.
const HOP_SAMPLES: usize = RATE / 100;
/// A pause has at most this share of the mean energy around it.
const PAUSE_ENERGY_SHARE: f32 = 0.03;

/// How many of `samples` to recognise as one piece: all, if they fit.
pub fn first_piece(samples: &[f32]) -> usize {
    if samples.len() <= MAX_SAMPLES {
        return samples.len();
    }
    quietest(samples, MIN_SAMPLES..MAX_SAMPLES).map_or(MAX_SAMPLES, |quiet| quiet.middle)
}

/// The middle of the quietest moment within `range`, if it is quiet enough to
/// lie between words.
pub fn pause(samples: &[f32], range: Range<usize>) -> Option<usize> {
    let mean = energy(samples) / samples.len().max(1) as f32;
    quietest(samples, range)
        .filter(|quiet| quiet.mean_energy <= mean * PAUSE_ENERGY_SHARE)
        .map(|quiet| quiet.middle)
}

struct Quiet {
    middle: usize,
    mean_energy: f32,
}

fn quietest(samples: &[f32], range: Range<usize>) -> Option<Quiet> {
    let samples = samples.get(range.start..range.end.min(samples.len()))?;
    let hops: Vec<f32> = samples.chunks_exact(HOP_SAMPLES).map(energy).collect();
    let (first_hop, energy) = hops
        .windows(PAUSE_SAMPLES / HOP_SAMPLES)
        .map(|window| window.iter().sum::<f32>())
        .enumerate()
        // Of equals the last, so that pieces are long.
        .min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    Some(Quiet {
        middle: range.start + first_hop * HOP_SAMPLES + PAUSE_SAMPLES / 2,
        mean_energy: energy / PAUSE_SAMPLES as f32,
    })
}

fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum()
}

/// Joins the text of neighbouring pieces, which share no sound.
pub fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() && separates_words(text, more) {
        text.push(' ');
    }
    text.push_str(more);
}

/// Chinese, Japanese and Thai are written without spaces.
fn separates_words(text: &str, more: &str) -> bool {
    let unspaced = |c: char| matches!(c as u32, 0x0e00..=0x0e7f | 0x3000..=0x30ff | 0x3400..=0x9fff | 0xff00..=0xffef);
    !(text.ends_with(unspaced) && more.starts_with(unspaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise with silence where the pauses (in seconds) say so.
    fn talk(duration_s: f32, pauses: &[(f32, f32)]) -> Vec<f32> {
        let mut state = 1u32;
        (0..(duration_s * RATE as f32) as usize)
            .map(|at| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at_s = at as f32 / RATE as f32;
                let silent = pauses.iter().any(|(from, to)| (*from..*to).contains(&at_s));
                let level = if silent { 0.001 } else { 0.3 };
                level * ((state >> 8) as f32 / (1 << 23) as f32 - 1.0)
            })
            .collect()
    }

    #[test]
    fn what_fits_is_not_cut() {
        for duration_s in [0.0, 0.1, 5.0, 20.0] {
            let samples = talk(duration_s, &[(2.0, 3.0)]);
            assert_eq!(first_piece(&samples), samples.len());
        }
    }

    #[test]
    fn long_sound_is_cut_in_its_pause() {
        let samples = talk(40.0, &[(3.0, 4.0), (14.0, 14.6), (30.0, 31.0)]);
        let cut_s = first_piece(&samples) as f32 / RATE as f32;
        assert!((14.0..14.6).contains(&cut_s), "cut at {cut_s} s");
    }

    #[test]
    fn without_a_pause_it_is_cut_all_the_same() {
        let samples = talk(40.0, &[]);
        let cut = first_piece(&samples);
        assert!((MIN_SAMPLES..=MAX_SAMPLES).contains(&cut));
        assert_eq!(pause(&samples, 0..samples.len()), None);
    }

    #[test]
    fn every_sample_lands_in_one_piece() {
        let samples = talk(95.0, &[(10.0, 11.0), (33.0, 34.0)]);
        let mut rest = &samples[..];
        let mut pieces = 0;
        while !rest.is_empty() {
            let cut = first_piece(rest);
            assert!(cut > 0);
            rest = &rest[cut..];
            pieces += 1;
        }
        assert!((5..=12).contains(&pieces), "{pieces} pieces");
    }

    #[test]
    fn texts_are_joined_as_their_script_does() {
        for (first, second, joined) in [
            ("Hello.", "How are you?", "Hello. How are you?"),
            ("", "Hello.", "Hello."),
            ("Hello.", "", "Hello."),
            ("你好。", "再见。", "你好。再见。"),
            ("你好。", "Bye.", "你好。 Bye."),
        ] {
            let mut text = first.to_owned();
            append(&mut text, second);
            assert_eq!(text, joined);
        }
    }
}
