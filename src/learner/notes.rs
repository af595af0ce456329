//! From what the model wrote to what may be kept.
//!
//! The model is not believed: a note counts only if it repeats a sentence of
//! the person's that can tell something, and then the rules read it as if they
//! had said it so plainly.

use super::words;
use super::{Candidate, Line, Said, Speaker, learn};
use unicode_segmentation::UnicodeSegmentation as _;

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
        if !sources.iter().any(|source| repeats(note, source)) || !words::owns(said.text, note) {
            continue;
        }
        for mut candidate in learn::learn(&Said { text: note, before: &heard, ..*said }) {
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
    !asks && learn::is_told(sentence) && !words::telling(&plain).is_empty()
}

/// The statement says again what the source says, and no more than a name or
/// two besides.
fn repeats(statement: &str, source: &str) -> bool {
    let (told, said) = (words::telling(statement), words::telling(source));
    let shared = words::shared(&told, &said);
    shared > 0
        && shared * 2 >= told.len()
        && words::agrees(source, statement)
        && learn::restates(statement, source)
}

/// The lines the model wrote, without the marks of a list.
fn notes(output: &str) -> impl Iterator<Item = &str> {
    let marks = |c: char| !c.is_alphabetic();
    output.lines().map(move |line| line.trim_start_matches(marks).trim()).filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Zoned;

    fn kept(output: &str, text: &str, before: &[Line<'_>]) -> Vec<String> {
        let at: Zoned = "2026-03-05T18:40:00+00:00[UTC]".parse().expect("a time");
        let said = Said { text, at: &at, before, people: &[] };
        candidates(output, &said).into_iter().map(|candidate| candidate.statement).collect()
    }

    #[test]
    fn a_plain_statement_is_kept_and_made_to_last() {
        let said = "Well, what can I say, my sister Ana, she moved to Lisbon yesterday.";
        let kept = kept("- My sister Ana moved to Lisbon yesterday.", said, &[]);
        assert_eq!(kept, ["My sister Ana moved to Lisbon on 4 March 2026."]);
    }

    #[test]
    fn what_was_not_said_is_not_kept() {
        let said = "My sister Ana moved to Lisbon.";
        for written in [
            "My sister Ana moved to Madrid.",
            "My sister Ana didn't move to Lisbon.",
            "My sister Ana is a nurse and has two kids.",
            "I'm Samantha.",
            "{\"statement\": 3}",
            "",
        ] {
            assert!(kept(written, said, &[]).is_empty(), "{written}");
        }
    }

    #[test]
    fn her_own_words_are_no_source() {
        let before =
            [Line { speaker: Speaker::Samantha, text: "Leeds is lovely, I live in Hull." }];
        assert!(kept("I live in Hull.", "My sister lives in Leeds.", &before).is_empty());
    }

    #[test]
    fn questions_orders_and_what_might_be_tell_nothing() {
        for said in [
            "Do you know that I live in Leeds?",
            "If I lived in Leeds I would be glad.",
            "From now on say that I live in Leeds.",
            "In the film I live in Leeds.",
        ] {
            assert!(kept("I live in Leeds.", said, &[]).is_empty(), "{said}");
        }
    }

    #[test]
    fn off_the_record_nothing_is_kept() {
        let said = "I live in Leeds, but please don't keep that.";
        assert!(kept("I live in Leeds.", said, &[]).is_empty());
        let before = [Line { speaker: Speaker::Person, text: "This is off the record." }];
        assert!(kept("I live in Leeds.", "I live in Leeds.", &before).is_empty());
    }
}
