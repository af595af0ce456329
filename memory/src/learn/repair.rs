//! What was said and at once said otherwise: "on Tuesday, no, Wednesday".
//!
//! [`repair`] leaves only what the speaker ended on. Used by
//! [`segment`](super::segment) before anything is cut. Words of one kind
//! replace each other: a day a day, a number a number, a name a name.

use super::date;
use super::number;
use super::people;
use super::token::Token;

/// How a speaker announces that it was otherwise. Longer ones first.
const MARKERS: &[&[&str]] = &[
    &["no", "wait", "sorry"],
    &["no", "i", "mean"],
    &["no", "i", "tell", "a", "lie"],
    &["i", "tell", "a", "lie"],
    &["or", "rather"],
    &["no", "sorry"],
    &["no", "wait"],
    &["wait", "no"],
    &["sorry", "no"],
    &["oh", "no"],
    &["i", "mean"],
    &["make", "that"],
    &["actually", "no"],
    &["no", "actually"],
    &["no", "hang", "on"],
    &["no", "no"],
    &["sorry"],
    &["wait"],
    &["no"],
    &["rather"],
    &["actually"],
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Month,
    Weekday,
    Ordinal,
    Number,
    Name,
}

/// Removes what was put right.
pub fn repair(tokens: &mut Vec<Token>) {
    let mut at = 1;
    while at < tokens.len() {
        match removal(tokens, at) {
            Some((from, to)) => {
                tokens.drain(from..to);
                at = from.max(1);
            }
            None => at += 1,
        }
    }
}

/// What goes if a marker begins at `at`: from what was wrong up to what is
/// right.
fn removal(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let marker = MARKERS.iter().find(|marker| {
        tokens.len() > at + marker.len()
            && tokens[at..].iter().zip(**marker).all(|(token, word)| token.norm == *word)
    })?;
    // Without a pause before it "no" belongs to what follows.
    if !tokens[at - 1].pauses() && marker.len() < 2 {
        return None;
    }
    let mut right = at + marker.len();
    // "No, not Carl, Terrell": the wrong one again.
    if tokens[right].norm == "not" {
        let end = (right..tokens.len().min(right + 4)).find(|&end| tokens[end].pauses())?;
        right = end + 1;
    }
    let put_right = tokens.get(right)?;
    let earliest = at.saturating_sub(6);
    // "At four, no, at five."
    if put_right.is(&["at", "in", "on", "to", "from", "with"]) {
        let kind = kind(tokens, right + 1)?;
        let wrong = (earliest..at).rev().find(|&wrong| tokens[wrong].norm == put_right.norm)?;
        return (self::kind(tokens, wrong + 1) == Some(kind)).then_some((wrong, right));
    }
    // "The twelfth, no, the thirteenth."
    let right = right + usize::from(put_right.norm == "the");
    let kind = kind(tokens, right)?;
    let wrong = (earliest..at).rev().find(|&wrong| self::kind(tokens, wrong) == Some(kind))?;
    let wrong = (0..=wrong).rev().find(|&first| {
        first == 0 || kind == Kind::Number || self::kind(tokens, first - 1) != Some(kind)
    })?;
    if kind == Kind::Number {
        // "Four years, no, five in March" are five years.
        let unit =
            wrong + 1 < at && tokens.get(right + 1).is_none_or(|next| next.is(&["in", "on"]));
        if unit {
            return None;
        }
    }
    Some((wrong, right))
}

fn kind(tokens: &[Token], at: usize) -> Option<Kind> {
    let token = tokens.get(at)?;
    if date::is_month(token) {
        Some(Kind::Month)
    } else if date::is_weekday(token) {
        Some(Kind::Weekday)
    } else if number::ordinal(&tokens[at..]).is_some() {
        Some(Kind::Ordinal)
    } else if !token.is(&["a", "an"]) && number::number(&tokens[at..]).is_some() {
        Some(Kind::Number)
    } else {
        people::is_name(token).then_some(Kind::Name)
    }
}
