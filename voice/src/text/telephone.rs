//! Numbers that name something and are read digit by digit in groups: telephone
//! numbers, cards, parcels, books, post codes.

use super::number::{amount, digits};
use super::place::{Place, Reading, pattern};

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !place.first().is_ascii_digit() && !matches!(place.first(), '+' | '(')
        || place.last().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | ','))
    {
        return None;
    }
    telephone(place).or_else(|| emergency(place)).or_else(|| groups(place)).or_else(|| code(place))
}

fn telephone(place: &Place) -> Option<Reading> {
    // America; the world; seven digits; Britain and the continent.
    let captures = place
        .captures(pattern!(
            r"(?:\+?1[ .-])?(?:\([0-9]{3}\)[ -]?|[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}"
        ))
        .or_else(|| place.captures(pattern!(r"\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{2,5}\)?){2,5}")))
        .or_else(|| place.captures(pattern!("[0-9]{3}-[0-9]{4}")))
        .or_else(|| {
            place.captures(pattern!(
                r"(?:0[0-9]{2,4}|\(0[0-9]{1,4}\))[ -][0-9]{3,4}(?:[ -]?[0-9]{3,4})?"
            ))
        })?;
    let goes_on = pattern!("[-.][0-9]").is_match(place.after(captures[0].len()));
    (!goes_on).then(|| in_groups(&captures[0]))
}

/// "Call 911."
fn emergency(place: &Place) -> Option<Reading> {
    const CALLS: &[&str] = &["call", "calls", "called", "calling", "dial", "dialed", "ring"];
    let captures = place.captures(pattern!("[0-9]{3}"))?;
    let counts = pattern!(r"[,.][0-9]| [a-z]+s\b").is_match(place.after(captures[0].len()));
    (place.follows(CALLS) && !counts).then(|| in_groups(&captures[0]))
}

/// Cards, books and the like.
fn groups(place: &Place) -> Option<Reading> {
    let captures = place
        .captures(pattern!("[0-9]{4}(?:[ -][0-9]{4}){2,}"))
        .or_else(|| place.captures(pattern!("[0-9]+(?:-[0-9]+){2,}")))?;
    let is_formation = captures[0].split('-').all(|group| group.len() == 1);
    Some(if is_formation {
        Reading::of(captures[0].len()).words(&digits(&captures[0]))
    } else {
        in_groups(&captures[0])
    })
}

/// A post code after a state's two letters, or anything that is called a code.
fn code(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!("[0-9]{3,8}"))?;
    let previous = place.previous_word();
    let is_state = previous.len() == 2 && previous.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_post_code = captures[0].len() == 5 && (is_state || place.follows(&["zip", "ZIP"]));
    let is_code = place.follows(&["code", "PIN", "pin", "extension"])
        || pattern!("(?i:(?:code|pin|password) is $)").is_match(last_words(place.before()));
    let goes_on = pattern!("[.,][0-9]").is_match(place.after(captures[0].len()));
    (!goes_on && (is_post_code || is_code)).then(|| in_groups(&captures[0]))
}

/// From the beginning of the last word but one.
fn last_words(before: &str) -> &str {
    let start = before.trim_end().rmatch_indices(' ').nth(1).map_or(0, |(at, _)| at + 1);
    &before[start..]
}

/// Digit by digit with a pause between groups; "800" as it is said.
fn in_groups(written: &str) -> Reading {
    let mut reading = Reading::of(written.len());
    if written.starts_with('+') {
        reading = reading.words("plus");
    }
    let groups = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    for (index, group) in groups.enumerate() {
        if index > 0 {
            reading = reading.mark(',');
        }
        reading = match group {
            "800" => reading.words(&amount(group)),
            _ => reading.words(&digits(group)),
        };
    }
    reading
}
