//! The real thing: the app's own binary in a real window on a virtual desktop,
//! with real sound, real weights and the real key.
//!
//! Weights come from the folder that `SAMANTHA_TEST_MODELS` names
//! (`scripts/test` fetches them): whisper-tiny.en and smollm2-135m.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

mod first_run;
mod hands_free;
mod home;
mod talking;
mod trouble;

use rehearsal::Desktop;
use rehearsal::app::{App, Launch};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Two desktops at once would share two cores, and time is measured here.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where pictures of the tests go, to be looked at.
fn pictures() -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("desktop");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn launch(home: &home::Home) -> Launch {
    Launch {
        binary: env!("CARGO_BIN_EXE_samantha").into(),
        home: Some(home.path().to_owned()),
        arguments: vec![],
        environment: vec![],
    }
}

fn start(desktop: &Desktop, home: &home::Home) -> App {
    App::start(desktop, &launch(home)).unwrap()
}

/// Words in lower case, without punctuation.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Which share of `expected`'s words appear in `found`, in order.
fn share_of_words(expected: &str, found: &str) -> f64 {
    let (expected, found) = (words(expected), words(found));
    let mut longest = vec![0usize; found.len() + 1];
    for word in &expected {
        let mut diagonal = 0;
        for (at, other) in found.iter().enumerate() {
            let above = longest[at + 1];
            longest[at + 1] = if word == other { diagonal + 1 } else { above.max(longest[at]) };
            diagonal = above;
        }
    }
    longest[found.len()] as f64 / expected.len().max(1) as f64
}

#[test]
fn shares_of_words_are_counted_in_order() {
    assert_eq!(share_of_words("Hello there, Ana.", "hello Ana"), 2.0 / 3.0);
    assert_eq!(share_of_words("one two", "two one"), 0.5);
}
