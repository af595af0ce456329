//! From what the model wrote to what may be kept.
//!
//! The model is not believed: a note counts only if it repeats a sentence of
//! the person's that can tell something, and then the rules read it as if they
//! had said it so plainly.

use super::words;
use super::{Candidate, Line, Said, Speaker, learn};
use memory::learn::{Someone, Subject, Topic};
use unicode_segmentation::UnicodeSegmentation as _;

/// So sure one can be of what only the model understood.
const CONFIDENCE: f32 = 0.6;
/// Beginnings of sentences that tell nothing about a life, in lower case.
const ORDERS: &[&str] = &[
    "always",
    "never",
    "please",
    "tell me",
    "give me",
    "remember that you",
    "remember to",
    "pretend",
    "imagine",
    "ignore",
    "forget",
    "stop",
    "call me",
    "speak",
    "say ",
    "repeat",
    "let's",
    "you ",
    "don't you",
    "can you",
    "could you",
    "will you",
    "would you",
    "do you",
    "are you",
    "what ",
    "who ",
    "why ",
    "how ",
    "when ",
    "where ",
    "which ",
];
/// Words by which a sentence says that it is not so.
const UNREAL: &[&str] = &[
    " if ",
    " wish ",
    " imagine ",
    " would ",
    " i'd ",
    " dreamt ",
    " dreamed ",
    " in the film ",
    " in the movie ",
    " in the book ",
    " in the song ",
    " in the show ",
    " kidding ",
    " joking ",
    " joke ",
    " from now on ",
    " off the record ",
    " you must ",
    " maybe ",
    " perhaps ",
];

/// Words whose meaning lies outside of a sentence.
const OPEN: &[&str] = &[
    "he",
    "him",
    "his",
    "she",
    "her",
    "it",
    "its",
    "they",
    "them",
    "their",
    "this",
    "that",
    "these",
    "those",
    "there",
    "you",
    "your",
    "today",
    "tonight",
    "tomorrow",
    "yesterday",
    "morning",
];

/// What of the model's notes may be kept. Whatever it wrote, nothing comes of
/// it that is not in the person's own words.
pub fn candidates(output: &str, said: &Said<'_>) -> Vec<Candidate> {
    if !learn::may_keep(said) {
        return Vec::new();
    }
    let sources: Vec<&str> = said.text.unicode_sentences().filter(|s| may_tell(s)).collect();
    let mut heard = said.before.to_vec();
    heard.push(Line { speaker: Speaker::Person, text: said.text });
    let corrects = learn::learn(said).iter().any(|candidate| candidate.corrects);
    let mut kept: Vec<Candidate> = Vec::new();
    for note in notes(output) {
        if !sources.iter().any(|source| repeats(note, source)) {
            continue;
        }
        for mut candidate in understood(note, said, &heard) {
            candidate.corrects |= corrects;
            let known = kept
                .iter()
                .any(|other| words::says_the_same(&other.statement, &candidate.statement));
            if !known && learn::grounded(&candidate.statement, said) {
                kept.push(candidate);
            }
        }
    }
    kept
}

/// Whether a sentence can tell anything about a life, as far as that can be
/// seen from outside.
pub fn may_tell(sentence: &str) -> bool {
    let plain = sentence.trim().to_lowercase().replace('\u{2019}', "'");
    let spaced: String =
        plain.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    let spaced = format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "));
    let asks = plain.ends_with('?') || ORDERS.iter().any(|order| spaced[1..].starts_with(order));
    !asks && !UNREAL.iter().any(|mark| spaced.contains(mark)) && !words::telling(&plain).is_empty()
}

/// The statement says again what the source says, and no more than a name or
/// two besides.
fn repeats(statement: &str, source: &str) -> bool {
    let (told, said) = (words::telling(statement), words::telling(source));
    let shared = words::shared(&told, &said);
    shared > 0
        && shared * 2 >= told.len()
        && (learn::is_denied(statement) || !words::denies(source, statement))
}

/// The lines the model wrote, without the marks of a list.
fn notes(output: &str) -> impl Iterator<Item = &str> {
    let marks = |c: char| !c.is_alphabetic();
    output.lines().map(move |line| line.trim_start_matches(marks).trim()).filter(|n| !n.is_empty())
}

/// What a note says, as the rules read it; or as it stands, if they do not
/// know what to do with it and it stands for itself.
fn understood(note: &str, said: &Said<'_>, heard: &[Line<'_>]) -> Vec<Candidate> {
    let read = learn::learn(&Said { text: note, before: heard, ..*said });
    if !read.is_empty() {
        return read;
    }
    as_it_stands(note, said).into_iter().collect()
}

fn as_it_stands(note: &str, said: &Said<'_>) -> Option<Candidate> {
    let open = |word: &String| OPEN.contains(&word.as_str());
    if words::words(note).iter().any(open) {
        return None;
    }
    let mut statement = note.trim_end_matches(['.', ',', '!', ';', ' ']).to_owned();
    statement.push('.');
    let candidate = Candidate {
        subject: subject(&statement, said.people)?,
        statement,
        topic: Topic::Other,
        slot: String::new(),
        when: None,
        confidence: CONFIDENCE,
        corrects: false,
    };
    learn::worth_keeping(&candidate).then_some(candidate)
}

/// Whom a statement is about, told by how it begins: "I", or someone known.
fn subject(statement: &str, people: &[Someone]) -> Option<Subject> {
    let words = words::words(statement);
    let mut words = words.iter().map(String::as_str);
    let (first, second) = (words.next()?, words.next()?);
    let is = |one: &str, word: &str| !one.is_empty() && one.to_lowercase() == word;
    match first {
        "i" | "we" => Some(Subject::Person),
        "my" | "our" => {
            let someone = people.iter().find(|someone| is(&someone.relation, second));
            Some(someone.map_or(Subject::Person, |someone| Subject::Other(someone.clone())))
        }
        name => people
            .iter()
            .find(|someone| is(&someone.name, name))
            .map(|someone| Subject::Other(someone.clone())),
    }
}
