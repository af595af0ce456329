//! A small language for what a whole sentence may be.
//!
//! A pattern is words with a space between them: `a|b` is one of these, `(a)`
//! may be missing, `$know` and `$tell` are groups of words. At the end, `<>`
//! captures one or more words, `,<?>` captures what follows a pause if there
//! is anything, `...` lets anything follow, and `,...` lets anything follow a
//! pause. Used by [`ask`](super) only.

use crate::learn::token::Token;

/// What became of a pattern.
#[derive(Debug, PartialEq, Eq)]
pub enum Captured<'a> {
    /// It doesn't fit.
    No,
    /// It fits, and captured nothing.
    Nothing,
    /// It fits, and these are the words.
    Words(&'a [Token]),
}

/// Words that come before a request, or after it, without changing it.
const BEFORE: &[&[&str]] = &[
    &["can", "you"], &["could", "you"], &["would", "you"], &["will", "you"], &["can", "we"], &["i", "want", "you", "to"],
    &["i", "would", "like", "you", "to"], &["i", "'d", "like", "you", "to"], &["i", "need", "you", "to"], &["you", "can"],
    &["would", "you", "mind"], &["just"], &["please"], &["so"], &["well"], &["and"], &["but"], &["ok"], &["okay"],
    &["hey"], &["samantha"], &["hi"], &["oh"], &["um"], &["uh"], &["actually"], &["wait"], &["sorry"], &["now"],
    &["yeah"], &["hmm"], &["no"], &["right"], &["alright"], &["all", "right"], &["then"], &["hold", "on"], &["anyway"], &["hang", "on"],
    &["by", "the", "way"], &["i", "am", "curious"], &["out", "of", "curiosity"], &["look"],
];
const AFTER: &[&[&str]] = &[
    &["please"], &["samantha"], &["thanks"], &["thank", "you"], &["now"], &["again"], &["anyway"], &["by", "the", "way"],
    &["ok"], &["okay"], &["then"], &["so", "far"], &["exactly"], &["for", "me"], &["immediately"], &["right", "away"], &["actually"],
    &["right", "now"], &["will", "you"], &["would", "you"], &["could", "you"], &["any", "more"], &["anymore"],
];
/// Taken away by [`without_courtesy`] only if a pattern doesn't need them.
const KEPT_AFTER: &[&str] = &["again"];

const GROUPS: &[(&str, &str)] = &[("$know", super::KNOW), ("$tell", super::TELL)];

/// "What's" and "that's" in full.
pub fn plain(tokens: &[Token]) -> Vec<Token> {
    let mut tokens = tokens.to_vec();
    for at in 1..tokens.len() {
        let full = match (tokens[at - 1].norm.as_str(), tokens[at].norm.as_str()) {
            ("let", "'s") => "us",
            (_, "'s") => "is",
            ("where" | "how" | "what", "'d") => "did",
            _ => continue,
        };
        full.clone_into(&mut tokens[at].norm);
    }
    tokens
}

/// Without "please", "can you" and the like at either end.
pub fn without_courtesy(mut tokens: &[Token]) -> &[Token] {
    let starts = |tokens: &[Token], words: &[&str]| {
        tokens.len() > words.len() && tokens.iter().zip(words).all(|(token, word)| token.norm == *word)
    };
    while let Some(words) = BEFORE.iter().find(|words| starts(tokens, words)) {
        tokens = &tokens[words.len()..];
    }
    while let Some(words) = AFTER.iter().find(|words| {
        tokens.len() > words.len()
            && !KEPT_AFTER.contains(&words[0])
            && starts(&[&tokens[tokens.len() - words.len()..], &[Token::default()]].concat(), words)
    }) {
        tokens = &tokens[..tokens.len() - words.len()];
    }
    tokens
}

/// Tries a pattern on all of these words.
pub fn matches<'a>(pattern: &str, tokens: &'a [Token]) -> Captured<'a> {
    let parts: Vec<&str> = pattern.split(' ').collect();
    from(&parts, tokens, false)
}

fn from<'a>(parts: &[&str], tokens: &'a [Token], paused: bool) -> Captured<'a> {
    let Some((part, rest)) = parts.split_first() else {
        return if tokens.is_empty() { Captured::Nothing } else { Captured::No };
    };
    match *part {
        "<>" if tokens.is_empty() => return Captured::No,
        "<>" => return Captured::Words(tokens),
        "..." => return Captured::Nothing,
        ",..." if tokens.is_empty() || paused => return Captured::Nothing,
        ",<?>" if tokens.is_empty() => return Captured::Nothing,
        ",<?>" if paused => return Captured::Words(tokens),
        ",..." | ",<?>" => return Captured::No,
        _ => {}
    }
    // "(from your memory)" is cut at its spaces: join it again.
    if part.starts_with('(') {
        let Some(end) = parts.iter().position(|part| part.ends_with(')')) else { return Captured::No };
        let inside: Vec<&str> = parts[..=end].iter().map(|part| part.trim_matches(['(', ')'])).collect();
        let with = [&inside, &parts[end + 1..]].concat();
        return match from(&with, tokens, paused) {
            Captured::No => from(&parts[end + 1..], tokens, paused),
            fits => fits,
        };
    }
    let Some((token, more)) = tokens.split_first() else { return Captured::No };
    let words = GROUPS.iter().find(|(name, _)| name == part).map_or(*part, |(_, words)| words);
    // A pause inside a request is unusual: "forget that, let's …".
    if words.split('|').any(|word| token.norm == word) {
        return from(rest, more, !token.after.is_empty());
    }
    Captured::No
}
