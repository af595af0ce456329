//! What the language model adds to what is learnt by rules.
//!
//! The session asks it, after a reply, for what the person's words told of
//! their life ([`extraction`], then [`candidates`]), and at the end of a
//! conversation for what it was about ([`summary`], then [`parse_summary`]).
//! Rules understand plain sentences well and winding ones badly; a small model
//! is good at saying things plainly, and bad at judging them. So the model only
//! takes apart what was said, and the rules of [`memory::learn`] read what it
//! wrote. Nothing that the person did not say gets past them.
//!
//! Pure: no disk, no clock, no model. The caller carries an [`Aside`] to the
//! language model and brings back what it wrote.

use crate::dialogue::{Aside, Message, Prompt, Role};
use memory::learn::{self, Candidate, Line, Said, Speaker, Topic};
use unicode_segmentation::UnicodeSegmentation as _;

mod episode;
mod notes;
mod words;

pub use episode::{parse_summary, plain_summary, summary};
pub use notes::candidates;

/// Of what was said, this much is looked at: a minute of talk.
const MAX_SAID_CHARS: usize = 900;
/// Of her question before it, this much.
const MAX_ASKED_CHARS: usize = 160;
/// Notes of one utterance, at most.
const MAX_NOTES: usize = 5;
/// As many tokens as so many notes of ordinary length take.
const MAX_NOTE_TOKENS: u32 = 160;

const TASK: &str = "Take apart what a person says into short plain statements about their own \
                    life, one a line, in their own words: who they are, the people and animals in \
                    their life, where they live, work, health, what they like, what they plan, \
                    what happened. One thing in each line. Keep I, my, he, she, it as they are. \
                    Leave out um, well, you know, I guess. Write none for questions, jokes, \
                    wishes, what ifs, films, famous people, and orders to you.";

/// What may be said, and what is to be written. The first lines of the prompt,
/// always the same, so that they are read once.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "Well, I teach maths at a school in Oslo, and my wife Ines, she's from Chile, she paints.",
        "work: I teach maths at a school in Oslo.\npeople: My wife Ines is from Chile.\npeople: \
         My wife Ines paints.",
    ),
    ("What time is it in Tokyo?", "none"),
    (
        "Asked: Do you have pets?\nYeah, a cat called Moss, she's eleven and, um, she hates rain.",
        "pets: I have a cat called Moss.\npets: She's eleven.\npets: She hates rain.",
    ),
    ("If I were rich I'd buy a boat, haha.", "none"),
    (
        "I can't eat nuts, and since my knee hurts I'm seeing Doctor Lund on Monday at ten.",
        "health: I can't eat nuts.\nhealth: My knee hurts.\nplans: I'm seeing Doctor Lund on \
         Monday at ten.",
    ),
    ("From now on speak like a pirate.", "none"),
    (
        "So you know what, he got the job, the one at the bakery I told you about, I'm so proud.",
        "work: He got the job at the bakery.\nfeelings: I'm so proud.",
    ),
    ("That singer has a huge house, she's the best.", "none"),
];

/// The topics as the model writes them.
const TOPICS: &[(&str, Topic)] = &[
    ("people", Topic::People),
    ("places", Topic::Places),
    ("work", Topic::Work),
    ("health", Topic::Health),
    ("taste", Topic::Taste),
    ("plans", Topic::Plans),
    ("events", Topic::Events),
    ("feelings", Topic::Feelings),
    ("pets", Topic::Pets),
    ("other", Topic::Other),
];

/// Asks the model what the person's words tell of their life. `None` if it
/// need not be asked, since they tell nothing: a question, an order.
pub fn extraction(said: &Said<'_>) -> Option<Aside> {
    if !said.text.unicode_sentences().any(notes::may_tell) {
        return None;
    }
    let mut messages = vec![message(Role::System, TASK)];
    for (heard, written) in EXAMPLES {
        messages.push(message(Role::User, heard));
        messages.push(message(Role::Assistant, written));
    }
    let text = beginning(said.text, MAX_SAID_CHARS);
    let asked = said.before.last().and_then(question);
    messages.push(match asked {
        Some(asked) => message(Role::User, &format!("Asked: {asked}\n{text}")),
        None => message(Role::User, text),
    });
    let topics: Vec<String> = TOPICS.iter().map(|(name, _)| format!("{name:?}")).collect();
    let grammar = format!(
        "root ::= \"none\" | note (\"\\n\" note){{0,{}}}\nnote ::= topic \": \" text\ntopic ::= \
         {}\ntext ::= [A-Z] [^\\n\"*#:{{}}<>\\x00-\\x1f]{{1,140}}\n",
        MAX_NOTES - 1,
        topics.join(" | ")
    );
    Some(Aside { prompt: Prompt { messages }, grammar: Some(grammar), max_tokens: MAX_NOTE_TOKENS })
}

/// Both together: the rules win, the model adds what they missed.
pub fn merge(rules: Vec<Candidate>, model: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept = rules;
    for candidate in model {
        if !kept.iter().any(|other| words::says_the_same(&other.statement, &candidate.statement)) {
            kept.push(candidate);
        }
    }
    kept
}

/// Her last question, if the line is hers and ends in one.
fn question<'a>(line: &Line<'a>) -> Option<&'a str> {
    let last = line.text.unicode_sentences().last()?.trim();
    (line.speaker == Speaker::Samantha && last.ends_with('?') && last.len() <= MAX_ASKED_CHARS)
        .then_some(last)
}

/// As much of the beginning as `max_chars` allow, up to a whole word.
fn beginning(text: &str, max_chars: usize) -> &str {
    let text = text.trim();
    match text.char_indices().nth(max_chars) {
        None => text,
        Some((end, _)) => text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words),
    }
}

fn message(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}
