//! Times of day and durations: "3:05 pm", "15:30", "7 a.m.", "5–7 pm", "1:02:03".

use super::dates::counts;
use super::number::{cardinal, value};
use super::place::{Place, Reading, pattern};

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !place.first().is_ascii_digit() || place.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    range(place).or_else(|| with_seconds(place)).or_else(|| time(place))
}

/// "5–7 pm", "9am-5pm", "9:30 - 11:00".
fn range(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"([0-9]{1,2}(?:[:.][0-5][0-9])?)(?:<space>([AaPp])\.?[Mm]\.?)?(?: ?[-–] ?|—)([0-9]{1,2}(?:[:.][0-5][0-9])?)(?:<space>([AaPp])(?:[Mm]\b|\.[Mm]\.?))?"
    ))?;
    let halves = (captures.get(2), captures.get(4));
    let is_time = captures[1].contains(':') && captures[3].contains(':');
    // "at 3 pm - 2 hours later" goes on with a duration.
    let is_amount = halves.1.is_none() && !is_time && counts(place.after(captures[0].len()));
    if halves == (None, None) && !is_time || is_amount {
        return None;
    }
    let plain = |time: &str| {
        let words = hours_and_minutes(time)?;
        let whole = if is_time { words.trim_end_matches(" o'clock").to_owned() } else { words };
        Some(whole)
    };
    let mut reading = Reading::of(captures[0].len()).words(&plain(&captures[1])?);
    if let Some(half) = halves.0 {
        reading = reading.letters(half.as_str()).letters("m");
    }
    reading = reading.words("to").words(&plain(&captures[3])?);
    if let Some(half) = halves.1 {
        reading = reading.letters(half.as_str()).letters("m");
    }
    Some(reading.stop_at_end(place))
}

/// "1:02:03" is a duration, "14:30:15" and "2:30:15 pm" a time of day.
fn with_seconds(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])(?:<space>([AaPp])(?:[Mm]\b|\.[Mm]\.?))?"
    ))?;
    let (hours, minutes, seconds) =
        (value(&captures[1])?, value(&captures[2])?, value(&captures[3])?);
    let reading = Reading::of(captures[0].len());
    let half = captures.get(4);
    if half.is_none() && !(10..=23).contains(&hours) {
        let parts: Vec<_> = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| counted(count, unit))
            .collect();
        return Some(match parts.as_slice() {
            [] => reading.words("zero seconds"),
            [only] => reading.words(only),
            [first @ .., last] => reading.words(&first.join(" ")).words("and").words(last),
        });
    }
    let time = hours_and_minutes(&format!("{hours}:{:02}", minutes))?;
    let mut reading = reading.words(time.trim_end_matches(" o'clock"));
    if let Some(half) = half {
        reading = reading.letters(half.as_str()).letters("m");
    }
    Some(reading.words("and").words(&counted(seconds, "second")).stop_at_end(place))
}

fn counted(count: u64, unit: &str) -> String {
    format!("{} {unit}{}", cardinal(count), if count == 1 { "" } else { "s" })
}

/// "3:05", "3:05 pm", "10.30 am", "7 a.m.".
fn time(place: &Place) -> Option<Reading> {
    if let Some(captures) = place.captures(pattern!(
        r"([0-9]{1,2}(?:[:.][0-5][0-9])?)<space>([AaPp])(?:[Mm]\b|\.<space>[Mm]\b\.?)"
    )) {
        let words = hours_and_minutes(&captures[1])?;
        let reading = Reading::of(captures[0].len()).words(words.trim_end_matches(" o'clock"));
        return Some(reading.letters(&captures[2]).letters("m").stop_at_end(place));
    }
    let captures = place.captures(pattern!("([01]?[0-9]|2[0-4]):([0-5][0-9])"))?;
    let length = captures[0].len();
    let after = place.after(length);
    if pattern!("[:/.][0-9]").is_match(after) {
        return None;
    }
    let words = clock(&captures[0])?;
    let is_named = pattern!(" (?:o['’]clock|noon|midnight|hours)").is_match(after);
    let words = if is_named { words.trim_end_matches(" o'clock") } else { &words };
    Some(Reading::of(length).words(words))
}

/// "15:30", "03:05" as on a clock.
pub(super) fn clock(time: &str) -> Option<String> {
    hours_and_minutes(time)
}

/// "5", "15:30", "10.30".
fn hours_and_minutes(time: &str) -> Option<String> {
    let (hours, minutes) = time.split_once([':', '.']).unwrap_or((time, ""));
    let hours = value(hours).filter(|&hours| hours <= 24)?;
    Some(match (hours, value(minutes)) {
        (_, None) => cardinal(hours),
        (0 | 24, Some(0)) => "midnight".to_owned(),
        (1..=12, Some(0)) => format!("{} o'clock", cardinal(hours)),
        (_, Some(0)) => format!("{} hundred", cardinal(hours)),
        (_, Some(minutes @ 1..=9)) => format!("{} oh {}", cardinal(hours), cardinal(minutes)),
        (_, Some(minutes)) => format!("{} {}", cardinal(hours), cardinal(minutes)),
    })
}
