//! Whether they have finished, by how loud they ended: a voice fades over what it has
//! to say, and before a pause within it less than at its end. It tells read speech
//! apart better than what was trained on chats does. Pure; hears no words.

use crate::RATE_HZ;

/// Loudness is told each 10 ms, over 30 ms.
const HOP_SAMPLES: usize = RATE_HZ as usize / 100;
const WINDOW_HOPS: usize = 3;
/// Softer than the loudest moment by more than this is no voice.
const VOICE_RANGE_DB: f32 = 25.0;
/// Of the voice, what is softer than its mean by more than this is between its vowels.
const VOWEL_RANGE_DB: f32 = 12.0;
/// How much of the vowels is taken for the end, and what it takes to compare it.
const END_HOPS: usize = 20;
const LEAST_HOPS: usize = 50;
/// Digital silence.
const FLOOR: f32 = 1e-10;

/// By how much softer the last 0.2 s of vowels are than all of them, in decibels, from
/// the sound of a turn (16 kHz) and of the pause after it. `None` if too little was said.
pub fn fading_db(samples: &[f32]) -> Option<f32> {
    let power: Vec<f32> = samples
        .chunks_exact(HOP_SAMPLES)
        .map(|hop| hop.iter().map(|x| x * x).sum::<f32>() / HOP_SAMPLES as f32)
        .collect();
    let power: Vec<f32> = power
        .windows(WINDOW_HOPS)
        .map(|hops| hops.iter().sum::<f32>() / WINDOW_HOPS as f32 + FLOOR)
        .collect();
    let loudest = power.iter().copied().fold(FLOOR, f32::max);
    let is_voice = |power: &&f32| decibels(**power / loudest) > -VOICE_RANGE_DB;
    let voice_mean = mean(power.iter().filter(is_voice).copied());
    let vowels_db: Vec<f32> = power
        .iter()
        .map(|power| decibels(power / voice_mean))
        .filter(|db| *db > -VOWEL_RANGE_DB)
        .collect();
    let end = vowels_db.last_chunk::<END_HOPS>()?;
    let is_enough = vowels_db.len() >= LEAST_HOPS && loudest > FLOOR;
    is_enough.then(|| mean(vowels_db.iter().copied()) - mean(end.iter().copied()))
}

fn decibels(ratio: f32) -> f32 {
    10.0 * ratio.log10()
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Syllables of 0.2 s at these levels, 0.1 s between them, then a pause.
    fn syllables(levels_db: &[f32]) -> Vec<f32> {
        let mut sound = vec![0.0; 8_000];
        for level_db in levels_db {
            let peak = 10_f32.powf(level_db / 20.0);
            sound.extend((0..3_200).map(|n| peak * (n as f32 * 0.06).sin()));
            sound.extend([0.0; 1_600]);
        }
        sound.extend([0.0; 3_200]);
        sound
    }

    #[test]
    fn it_is_told_by_how_much_they_end_softer() {
        let even = fading_db(&syllables(&[-20.0; 5])).expect("enough");
        assert!(even.abs() < 1.0, "{even}");
        let fading = fading_db(&syllables(&[-20.0, -20.0, -20.0, -22.0, -27.0])).expect("enough");
        assert!((3.0..7.0).contains(&fading), "{fading}");
        let rising = fading_db(&syllables(&[-25.0, -25.0, -24.0, -22.0, -20.0])).expect("enough");
        assert!(rising < -1.0, "{rising}");
    }

    #[test]
    fn how_loud_the_microphone_is_and_the_silence_around_make_no_difference() {
        let levels = [-20.0, -20.0, -20.0, -22.0, -27.0];
        let sound = syllables(&levels);
        let softer: Vec<f32> = sound.iter().map(|x| x * 0.05).collect();
        let longer = [vec![0.0; 80_000], sound.clone(), vec![0.0; 16_000]].concat();
        let expected = fading_db(&sound).expect("enough");
        for other in [softer, longer] {
            let fading = fading_db(&other).expect("enough");
            assert!((fading - expected).abs() < 0.2, "{fading}, not {expected}");
        }
    }

    #[test]
    fn a_single_word_and_silence_are_not_judged() {
        for sound in [vec![], vec![0.0; 32_000], syllables(&[-20.0])] {
            assert_eq!(fading_db(&sound), None);
        }
    }
}
