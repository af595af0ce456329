//! What is said and then unsaid: jokes, and what turned out to be otherwise.
//!
//! Used by [`learn`](super) on each sentence and clause. Only tells that
//! something is taken back; what goes with it is the caller's to say.

use super::filler::LEADS;
use super::hygiene::says;
use super::segment::Clause;
use super::token::{Token, norms};

/// Takes back wherever it stands.
const TAKEN_BACK: &[&str] = &[
    "i am only playing",
    "i am just messing",
    "i was having a laugh",
    "just kidding",
    "i am kidding",
    "only kidding",
    "i was kidding",
    "i am joking",
    "just joking",
    "only joking",
    "i was joking",
    "pulling your leg",
    "just messing",
    "i am messing with you",
    "not really true",
    "made that up",
    "that was a joke",
    "it is a joke",
    "that is a joke",
    "i was testing you",
    "having you on",
    "winding you up",
];

/// Takes back if nothing else is said: "Got you!", but "I got you a cake".
const TAKEN_BACK_ALONE: &[&str] = &[
    "got you",
    "not really",
    "as if",
    "yeah right",
    "i am playing",
    "i am just playing",
    "i was just playing",
    "just playing",
    "i am lying",
    "i was lying",
];

/// These words of a sentence or a clause say that what was told was a joke.
pub fn takes_back(norms: &str) -> bool {
    says(norms, TAKEN_BACK)
        || norms.starts_with(" kidding ")
        || norms.starts_with(" joking ")
        || TAKEN_BACK_ALONE.iter().any(|phrase| is_only(norms, phrase))
}

/// Nothing but this, and what opens a sentence: "ha, got you", "no, not really".
fn is_only(norms: &str, phrase: &str) -> bool {
    let leads = norms.trim().strip_suffix(phrase);
    leads.is_some_and(|leads| {
        (leads.is_empty() || leads.ends_with(' '))
            && leads
                .split_whitespace()
                .all(|lead| LEADS.contains(&lead) || matches!(lead, "no" | "nah" | "oh" | "right"))
    })
}

/// How many clauses of a sentence that takes something back were a joke: all up
/// to "just kidding".
pub fn joked(clauses: &[Clause]) -> usize {
    let last = clauses.iter().rposition(|clause| takes_back(&norms(&clause.tokens)));
    last.map_or(clauses.len(), |last| last + 1)
}

/// "I was told my dad is ill", "we thought he was": it may have been otherwise.
pub fn is_hearsay(tokens: &[Token]) -> bool {
    const HEARD: &[&str] = &[
        "told", "thought", "heard", "said", "says", "believed", "assumed", "figured", "feared",
        "reckoned",
    ];
    tokens.iter().take(6).any(|token| token.is(HEARD))
}

/// "But it turned out he's fine", "but that was wrong", "but she doesn't": what
/// was thought before was not so.
pub fn overturns(clause: &Clause) -> bool {
    const WRONG: &[&str] =
        &[" was wrong ", " were wrong ", " is wrong ", " was a mistake ", " was mistaken "];
    let text = norms(&clause.tokens);
    // "And it turned out to be asthma" says what it was.
    if !matches!(clause.lead.as_str(), "" | "but" | "though" | "although") {
        return false;
    }
    says(&text, &["it turned out", "it turns out"])
        || text.starts_with(" turned out ")
        || text.starts_with(" turns out ")
        || WRONG.iter().any(|wrong| text.ends_with(wrong))
        || is_bare_denial(&clause.tokens)
}

/// "It's not", "she doesn't", "that's not true".
fn is_bare_denial(tokens: &[Token]) -> bool {
    const SUBJECTS: &[&str] = &["it", "that", "this", "he", "she", "they", "i", "we"];
    let Some(not) = tokens.iter().position(|token| token.norm == "not") else { return false };
    let rest = norms(&tokens[not + 1..]);
    not == 2
        && tokens[0].is(SUBJECTS)
        && matches!(rest.trim(), "" | "true" | "so" | "right" | "correct" | "the case" | "at all")
}
