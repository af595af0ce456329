//! The voice with its real weight.

use std::path::PathBuf;

use voice::{Hibari, Manner, RATE_HZ, Sound, Synthesizer};

fn voice() -> Hibari {
    let folder = std::env::var_os("SAMANTHA_TEST_MODELS")
        .expect("SAMANTHA_TEST_MODELS must name the folder that has hibari.onnx");
    let path = PathBuf::from(folder).join("hibari.onnx");
    assert!(path.is_file(), "{} is missing", path.display());
    Hibari::load(&path).expect("the voice loads")
}

fn say(voice: &mut Hibari, text: &str) -> Sound {
    voice.synthesize(text, &Manner::default()).expect("the voice speaks")
}

fn seconds(sound: &Sound) -> f32 {
    sound.samples.len() as f32 / RATE_HZ as f32
}

fn level_db(samples: &[f32]) -> f32 {
    10.0 * (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).max(1e-12).log10()
}

#[test]
fn every_word_has_its_place_in_the_sound() {
    let text = "Hello Theodore, I owe you $5 since 9:30. Did she close the door?\n\nNo!";
    let sound = say(&mut voice(), text);
    let words: Vec<&str> = sound.words.iter().map(|word| &text[word.text.clone()]).collect();
    assert_eq!(words[..5], ["Hello", "Theodore", "I", "owe", "you"]);
    assert_eq!(words.last(), Some(&"No"));
    for pair in sound.words.windows(2) {
        assert!(pair[0].text.end <= pair[1].text.start);
        assert!(pair[0].samples.end <= pair[1].samples.start);
    }
    for (word, name) in sound.words.iter().zip(words) {
        assert!(word.samples.end <= sound.samples.len());
        let length = word.samples.len() as f32 / RATE_HZ as f32;
        assert!((0.02..2.0).contains(&length), "{name} takes {length} s");
        assert!(
            level_db(&sound.samples[word.samples.clone()]) > -40.0,
            "{name} is not heard where it should be"
        );
    }
}

#[test]
fn the_sound_is_as_loud_as_speech_and_never_clips() {
    let mut voice = voice();
    for text in
        ["The quick brown fox jumps over the lazy dog.", "Stop! What a wonderful surprise!", "Hm."]
    {
        let sound = say(&mut voice, text);
        assert!(sound.samples.iter().all(|sample| sample.abs() < 0.89), "{text}");
        let spoken = sound.words[0].samples.start..sound.words[sound.words.len() - 1].samples.end;
        let level = level_db(&sound.samples[spoken]);
        assert!((-28.0..-14.0).contains(&level), "{text}: {level} dB");
    }
}

#[test]
fn a_clause_begins_and_ends_in_silence_and_the_pause_fits_its_mark() {
    let mut voice = voice();
    let mut pause_of = |text: &str| {
        let sound = say(&mut voice, text);
        assert!(
            sound.samples[0].abs() < 0.005 && sound.words[0].samples.start < RATE_HZ as usize / 5
        );
        let silent = sound.samples.iter().rev().take_while(|sample| **sample == 0.0).count();
        silent as f32 / RATE_HZ as f32
    };
    let (none, comma, stop, paragraph) =
        (pause_of("Well"), pause_of("Well,"), pause_of("Well."), pause_of("Well.\n\n"));
    assert!(
        none < 0.1 && comma > 0.15 && stop > 0.35 && paragraph >= stop,
        "{none} {comma} {stop} {paragraph}"
    );
}

#[test]
fn the_same_text_gives_the_same_sound() {
    let (mut first, mut second) = (voice(), voice());
    let sound = say(&mut first, "The same again, please.");
    say(&mut first, "Something else.");
    assert_eq!(say(&mut first, "The same again, please."), sound);
    assert_eq!(say(&mut second, "The same again, please."), sound);
}

#[test]
fn pace_and_warmth_change_how_it_is_said() {
    let mut voice = voice();
    let text = "We have all the time in the world.";
    let plain = say(&mut voice, text);
    let mut with = |pace, warmth| voice.synthesize(text, &Manner { pace, warmth }).expect("spoken");
    assert!(seconds(&with(1.5, 0.0)) < 0.8 * seconds(&plain));
    assert!(seconds(&with(0.7, 0.0)) > 1.2 * seconds(&plain));
    let warm = with(1.0, 1.0);
    assert!(seconds(&warm) > seconds(&plain));
    assert!(level_db(&warm.samples) < level_db(&plain.samples) - 1.5);
    for odd in [f32::NAN, f32::INFINITY, -3.0, 0.0] {
        assert!(with(odd, odd).samples.iter().all(|sample| sample.is_finite()));
    }
}

#[test]
fn a_name_sounds_as_it_was_given() {
    let mut voice = voice();
    let before = say(&mut voice, "Call Joaquin.");
    voice.set_pronunciations(&[("Joaquin".to_owned(), "wah-KEEN".to_owned())]);
    assert_ne!(say(&mut voice, "Call Joaquin.").samples, before.samples);
    assert!(voice.phonemes("Call Joaquin.").expect("pronounced").contains("wəkˈin"));
}

#[test]
fn what_has_no_words_is_no_sound() {
    let mut voice = voice();
    for text in ["", " \n\t", "…", "?!.,;:", "\u{0}", "—“”()"] {
        assert_eq!(say(&mut voice, text), Sound::default(), "{text:?}");
    }
    for text in ["🙂🙂🙂", "漢字かな", "\u{0}a\u{0}", "Ünïcödé"] {
        assert!(say(&mut voice, text).samples.iter().all(|sample| sample.is_finite()), "{text:?}");
    }
}

#[test]
fn five_thousand_letters_are_spoken() {
    let mut voice = voice();
    let sentence = "and then we went on ".repeat(250);
    let sound = say(&mut voice, &sentence);
    assert_eq!(sound.words.len(), 1250);
    let last = &sound.words[1249];
    assert_eq!(&sentence[last.text.clone()], "on");
    assert!(last.samples.end <= sound.samples.len() && seconds(&sound) > 120.0);
    let word = say(&mut voice, &"ab".repeat(2500));
    assert!(!word.words.is_empty() && word.samples.iter().all(|sample| sample.is_finite()));
}
