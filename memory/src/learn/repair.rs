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

const PREPOSITIONS: &[&str] = &["at", "in", "on", "to", "from", "with"];

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
                let month = month_of(tokens, from, to);
                tokens.drain(from..to);
                if let Some(month) = month {
                    carry(tokens, from, month);
                }
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
    if put_right.is(PREPOSITIONS) {
        let kind = kind(tokens, behind_small(tokens, right))?;
        let wrong = (earliest..at).rev().find(|&wrong| tokens[wrong].norm == put_right.norm)?;
        let wrong_kind = self::kind(tokens, behind_small(tokens, wrong));
        return (wrong_kind == Some(kind)).then_some((wrong, right));
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

/// "The third of May, no, the fourth": "of May", if what is right needs it.
fn month_of(tokens: &[Token], from: usize, to: usize) -> Option<Vec<Token>> {
    let wrong = behind_ordinal(tokens, from)?;
    let right = behind_ordinal(tokens, to)?;
    let of_month = |at: usize| {
        let month = at + usize::from(tokens.get(at)?.norm == "of");
        date::is_month(tokens.get(month)?).then_some(month + 1)
    };
    let end = of_month(wrong).filter(|end| *end < to)?;
    of_month(right).is_none().then(|| tokens[wrong..end].to_vec())
}

/// Puts "of May" behind the ordinal at `at`.
fn carry(tokens: &mut Vec<Token>, at: usize, mut month: Vec<Token>) {
    let Some(behind) = behind_ordinal(tokens, at) else { return };
    if let Some(last) = month.last_mut() {
        last.after = std::mem::take(&mut tokens[behind - 1].after);
    }
    tokens.splice(behind..behind, month);
}

/// Where "on the twenty first" ends.
fn behind_ordinal(tokens: &[Token], at: usize) -> Option<usize> {
    let at = behind_small(tokens, at);
    number::ordinal(tokens.get(at..)?).map(|(_, words)| at + words)
}

/// Behind "on" and "the".
fn behind_small(tokens: &[Token], at: usize) -> usize {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.is(words));
    let at = at + usize::from(is(at, PREPOSITIONS));
    at + usize::from(is(at, &["the"]))
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
