//! What is said of a server that was tried.

use super::Text;

/// Tries it.
pub const TEST: Text = Text("Test it");
/// Names that button.
pub const TEST_NAME: Text = Text("Test it: the server");
/// While it is asked.
pub const RUNNING: Text = Text("Asking the server. It may have to load its model first …");
/// It answers, and its pace could be told.
const WORKS: Text =
    Text("It works: the first word came after {seconds} s, then {words} words a second.");
/// It answers all at once.
const WORKS_AT_ONCE: Text = Text("It works: the answer came after {seconds} s.");
/// The same, but she would have to wait for its words.
const WORKS_SLOWLY: Text = Text(
    "It works, but slowly: the first word came after {seconds} s, then {words} words a second. \
     She speaks about three a second.",
);
/// It answers with nothing.
pub const NO_WORDS: Text =
    Text("The server answers without a word: choose another model on it, and test again.");
/// Behind that.
pub const NO_WORDS_DETAILS: Text = Text("The reply ended in good order and was empty.");
/// What was asked, and where.
pub const ASKED: Text = Text("POST {address}, model {model}.");
/// What it said.
const SAID: Text = Text("It said: {reply}");
/// The settings are not complete.
pub const NOTHING_SENT: Text = Text("Nothing was sent.");
/// Takes the way out.
pub const USE_LOCAL: Text = Text("Answer on this computer instead");
/// Unfolds what lies behind a sentence.
pub const DETAILS: Text = Text("Details");

/// She speaks about so many.
const SPOKEN_WORDS_PER_S: f32 = 3.0;

/// It answers.
pub fn works(first_word_s: f32, words_per_s: Option<f32>) -> String {
    let seconds = format!("{first_word_s:.1}");
    match words_per_s.map(|words| (words, format!("{words:.0}"))) {
        None => WORKS_AT_ONCE.with(&[("seconds", &seconds)]),
        Some((words, text)) if words < SPOKEN_WORDS_PER_S => {
            WORKS_SLOWLY.with(&[("seconds", &seconds), ("words", &text)])
        }
        Some((_, text)) => WORKS.with(&[("seconds", &seconds), ("words", &text)]),
    }
}

/// The beginning of what it said.
pub fn said(reply: &str) -> String {
    let reply: String = reply.chars().take(120).collect();
    SAID.with(&[("reply", &reply)])
}
