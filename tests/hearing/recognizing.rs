//! Whole pieces of sound.

use super::{SENTENCES, assert_heard, model_file, one_at_a_time, plain, spoken};
use samantha::cancel::CancelToken;
use samantha::transcribe::whisper::Whisper;
use samantha::transcribe::{RecognizeError, Recognizer as _};
use std::time::{Duration, Instant};

fn whisper() -> Whisper {
    Whisper::load(&model_file(), "en").expect("weights that load")
}

fn recognize(whisper: &mut Whisper, samples: &[f32]) -> String {
    whisper.recognize(samples, &CancelToken::new()).expect("recognised").text
}

/// Pseudo-random in -1.0..1.0.
fn noise() -> impl Iterator<Item = f32> {
    let mut state = 3u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    })
}

#[test]
fn sentences_are_understood() {
    let _alone = one_at_a_time();
    let mut whisper = whisper();
    for (name, text) in SENTENCES {
        assert_heard(text, &recognize(&mut whisper, &spoken(name)), 1);
    }
}

#[test]
fn a_single_word_is_understood() {
    let _alone = one_at_a_time();
    assert_eq!(plain(&recognize(&mut whisper(), &spoken("yes"))), ["yes"]);
}

#[test]
fn a_quiet_voice_in_a_noisy_room_is_understood() {
    let _alone = one_at_a_time();
    let mut whisper = whisper();
    for (name, text) in SENTENCES {
        let quiet: Vec<f32> = spoken(name)
            .iter()
            .zip(noise())
            .map(|(sample, noise)| 0.1 * sample + 0.001 * noise)
            .collect();
        assert_heard(text, &recognize(&mut whisper, &quiet), 2);
    }
}

#[test]
fn what_is_not_speech_gives_no_text() {
    let _alone = one_at_a_time();
    let mut whisper = whisper();
    let rate = 16_000.0_f32;
    let tone = |frequency_hz: f32, level: f32| -> Vec<f32> {
        (0..80_000)
            .map(|at| level * (std::f32::consts::TAU * frequency_hz * at as f32 / rate).sin())
            .collect()
    };
    let hiss = |level: f32| -> Vec<f32> { noise().take(80_000).map(|s| level * s).collect() };
    let mut rumble = hiss(1.0);
    let mut level = 0.0;
    for sample in &mut rumble {
        level = 0.98 * level + 0.02 * *sample;
        *sample = level;
    }
    let mut clicks = vec![0.0; 80_000];
    clicks.iter_mut().step_by(9_000).for_each(|sample| *sample = 0.9);
    for (kind, sound) in [
        ("silence", vec![0.0; 80_000]),
        ("almost nothing", vec![0.0; 7]),
        ("soft hiss", hiss(0.003)),
        ("hiss", hiss(0.05)),
        ("loud hiss", hiss(0.6)),
        ("rumble", rumble),
        ("hum", tone(50.0, 0.2)),
        ("a tone", tone(440.0, 0.3)),
        ("a whistle", tone(2_500.0, 0.1)),
        ("clicks", clicks),
    ] {
        assert_eq!(recognize(&mut whisper, &sound), "", "{kind}");
    }
}

#[test]
fn long_speech_is_neither_lost_nor_doubled() {
    let mut sound = Vec::new();
    let mut text = String::new();
    for (name, sentence) in SENTENCES.iter().cycle().take(12) {
        sound.extend(spoken(name));
        text.push_str(sentence);
        text.push(' ');
    }
    let _alone = one_at_a_time();
    assert_heard(&text, &recognize(&mut whisper(), &sound), 8);
}

#[test]
fn a_raised_token_stops_it_within_100_ms() {
    let _alone = one_at_a_time();
    let mut whisper = whisper();
    whisper.warm_up().expect("warm");
    let sound = spoken("weather");
    let started = Instant::now();
    recognize(&mut whisper, &sound);
    let whole_run = started.elapsed();
    // The engine looks at the token after the encoder and at every word, so
    // the moment of raising it is varied over the whole run.
    let mut waits: Vec<Duration> = (0..10)
        .filter_map(|step| {
            let cancel = CancelToken::new();
            std::thread::scope(|scope| {
                let raiser = scope.spawn(|| {
                    std::thread::sleep(whole_run * step / 10);
                    cancel.cancel();
                    Instant::now()
                });
                let result = whisper.recognize(&sound, &cancel);
                let ended = Instant::now();
                let raised = raiser.join().expect("raised");
                matches!(result, Err(RecognizeError::Cancelled)).then(|| ended - raised)
            })
        })
        .collect();
    waits.sort();
    assert!(waits.len() >= 5, "only {} of 10 runs were cancelled", waits.len());
    let median = waits[waits.len() / 2];
    // Other programs may slow the whole run down, and then this with it.
    let allowed = Duration::from_millis(100).max(whole_run / 2);
    assert!(median < allowed, "{waits:?} of {whole_run:?}");
    // And it still works afterwards.
    assert_heard(SENTENCES[4].1, &recognize(&mut whisper, &sound), 1);
}
