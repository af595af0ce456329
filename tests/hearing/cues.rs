//! The sounds that tell when she listens are not taken for words, nor do they
//! cost any.

use super::{SENTENCES, assert_heard, model_file, one_at_a_time, spoken};
use samantha::audio::cues::{Cue, samples};
use samantha::audio::{PRE_ROLL_MS, SPEECH_RATE_HZ};
use samantha::cancel::CancelToken;
use samantha::transcribe::Recognizer as _;
use samantha::transcribe::whisper::Whisper;

/// A cue as the microphone hears it, `loudness` times as loud as it is played.
/// Leaving samples out is rough, but all of a cue lies below 2 kHz.
fn bled(cue: Cue, loudness: f32) -> Vec<f32> {
    let sound = samples(cue);
    (0..sound.len() * 2 / 3).map(|n| loudness * sound[n * 3 / 2]).collect()
}

/// Mixes `cue` into `sound` from this moment on.
fn mix(sound: &mut Vec<f32>, cue: &[f32], at_ms: u32) {
    let at = (SPEECH_RATE_HZ * at_ms / 1000) as usize;
    sound.resize(sound.len().max(at + cue.len()), 0.0);
    sound[at..].iter_mut().zip(cue).for_each(|(sample, cue)| *sample += cue);
}

/// From a microphone far from the loudspeaker to one beside it.
const LOUDNESS: [f32; 4] = [0.05, 0.3, 1.0, 3.0];

#[test]
fn a_cue_alone_is_not_speech() {
    let _alone = one_at_a_time();
    let mut whisper = Whisper::load(&model_file(), "en").expect("weights that load");
    for cue in [Cue::Begin, Cue::End] {
        for loudness in LOUDNESS {
            let mut sound = vec![0.0; SPEECH_RATE_HZ as usize * 2];
            mix(&mut sound, &bled(cue, loudness), PRE_ROLL_MS + 40);
            let heard = whisper.recognize(&sound, &CancelToken::new()).expect("recognised").text;
            assert_eq!(heard, "", "{cue:?} at {loudness}");
        }
    }
}

#[test]
fn words_under_a_cue_are_understood_as_without_it() {
    let _alone = one_at_a_time();
    let mut whisper = Whisper::load(&model_file(), "en").expect("weights that load");
    for (name, text) in SENTENCES {
        for loudness in LOUDNESS {
            // The person begins to speak as they press: into the cue.
            let mut sound = vec![0.0; (SPEECH_RATE_HZ * PRE_ROLL_MS / 1000) as usize];
            sound.extend(spoken(name));
            // The end of the turn before, then the beginning of this one.
            mix(&mut sound, &bled(Cue::End, loudness), 50);
            mix(&mut sound, &bled(Cue::Begin, loudness), PRE_ROLL_MS + 40);
            let heard = whisper.recognize(&sound, &CancelToken::new()).expect("recognised").text;
            assert_heard(text, &heard, 1);
        }
    }
}
