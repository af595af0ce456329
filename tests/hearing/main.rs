//! Hearing with real weights: `SAMANTHA_TEST_MODELS` names the folder that
//! holds `whisper-tiny.en.bin`. The sound is made here or lies in
//! `tests/audio`.

mod cues;
mod formats;
mod recognizing;
mod streaming;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The sentences of `tests/audio`.
const SENTENCES: [(&str, &str); 5] = [
    ("coffee", "i would like a cup of coffee with milk and no sugar"),
    ("france", "what is the capital of france"),
    ("garden", "my mother planted three apple trees in her garden"),
    ("station", "the old man and his dog walked slowly to the station"),
    ("weather", "please tell me what the weather will be like tomorrow morning"),
];

fn model_file() -> PathBuf {
    let dir = std::env::var_os("SAMANTHA_TEST_MODELS").unwrap_or_else(|| {
        panic!("SAMANTHA_TEST_MODELS must name the folder that holds whisper-tiny.en.bin")
    });
    let file = Path::new(&dir).join("whisper-tiny.en.bin");
    assert!(file.is_file(), "the weights {} are missing", file.display());
    file
}

/// Engines that run at the same time would slow each other down, and some
/// tests are about time. Hold this while one is loaded.
fn one_at_a_time() -> MutexGuard<'static, ()> {
    static ENGINE: Mutex<()> = Mutex::new(());
    ENGINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spoken(name: &str) -> Vec<f32> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/audio/{name}.flac"));
    samantha::audio::decode::read_speech(&file).expect("a sentence that ships with the tests")
}

/// Lower case, words only.
fn plain(text: &str) -> Vec<String> {
    text.replace('-', " ")
        .split_whitespace()
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .map(|word| word.to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Insertions, deletions and substitutions that lead from one to the other.
fn word_errors(expected: &[String], heard: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, word) in expected.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in heard.iter().enumerate() {
            let cost = diagonal + usize::from(word != other);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[heard.len()]
}

#[track_caller]
fn assert_heard(expected: &str, heard: &str, allowed_errors: usize) {
    let errors = word_errors(&plain(expected), &plain(heard));
    assert!(errors <= allowed_errors, "{errors} wrong words in {heard:?} for {expected:?}");
}
