//! Dates and years: "3 May 2024", "May 3rd", "2024-05-03", "03/05/2024", "'90s",
//! "1990-95".

use regex::Captures;

use super::number::{cardinal, decade, ordinal, value, year};
use super::place::{Place, Reading, pattern};
use super::words;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Words after which four digits are a year and two numbers a date.
const BEFORE_A_DATE: &[&str] = &[
    "on", "by", "until", "till", "since", "before", "after", "from", "through", "in", "during",
    "year", "circa", "of",
];

pub(super) fn read(place: &Place) -> Option<Reading> {
    let first = place.first();
    if first.is_ascii_uppercase() {
        return names(place).or_else(|| month_first(place)).or_else(|| month_and_year(place));
    }
    if matches!(first, '\'' | '’' | '‘') {
        return short_year(place);
    }
    if !first.is_ascii_digit() || place.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    day_first(place)
        .or_else(|| year_first(place))
        .or_else(|| numeric(place))
        .or_else(|| day_and_month(place))
        .or_else(|| years(place))
        .or_else(|| decades(place))
        .or_else(|| bare_year(place))
}

/// "3 May 2024", "5–7 May", "the 3rd of May".
fn day_first(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"([0-9]{1,2})(?:st|nd|rd|th)?(?: ?[-–] ?([0-9]{1,2})(?:st|nd|rd|th)?)?(?: of)? <month>(?:,? ([12][0-9]{3})\b)?"
    ))?;
    let article = if place.follows(&["the"]) { "" } else { "the" };
    let days = days(&captures, 1)?;
    let month = month(&captures[3])?;
    let date = format!("{article} {days} of {month}");
    Some(finish(place, &captures, 4, &date))
}

/// "May 3rd", "Dec. 5, 2024", "June 5-7".
fn month_first(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"<month> ([0-9]{1,2})(?:st|nd|rd|th)?(?: ?[-–] ?([0-9]{1,2})(?:st|nd|rd|th)?)?\b(?:,? ([12][0-9]{3})\b)?"
    ))?;
    let after = place.after(captures[0].len());
    if captures.get(4).is_none() && pattern!("[:,.%°/][0-9]|[%°]").is_match(after) {
        return None;
    }
    let date = format!("{} {}", month(&captures[1])?, days(&captures, 2)?);
    Some(finish(place, &captures, 4, &date))
}

/// "Sept. 2024".
fn month_and_year(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"<month>,? (1[0-9]{3}|20[0-9]{2})\b"))?;
    Some(finish(place, &captures, 2, month(&captures[1])?))
}

/// A date's words, with the year of a group if there is one.
fn finish(place: &Place, captures: &Captures, year_group: usize, date: &str) -> Reading {
    let reading = Reading::of(captures[0].len()).words(date);
    match captures.get(year_group).and_then(|digits| value(digits.as_str())) {
        Some(number) => reading.words(&year(number)),
        None => reading.stop_at_end(place),
    }
}

/// One day or two as ordinals, from a group and the one after it.
fn days(captures: &Captures, group: usize) -> Option<String> {
    let day = |group: usize| {
        let number = captures.get(group).and_then(|digits| value(digits.as_str()));
        number.filter(|number| (1..=31).contains(number)).map(ordinal)
    };
    match captures.get(group + 1) {
        Some(_) => Some(format!("{} to {}", day(group)?, day(group + 1)?)),
        None => day(group),
    }
}

/// "Tuesday-Thursday", "Mon. – Fri.", "June–August".
fn names(place: &Place) -> Option<Reading> {
    if place.last().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '@' | '#')) {
        return None;
    }
    let captures = place.captures(pattern!(
        r"([A-Z][a-z]{2,8})(?:\.<space>| )?[-–‒‐‑]<space>([A-Z][a-z]{2,8})\b"
    ))?;
    let length = captures[0].len();
    let name =
        |find: fn(&str) -> Option<&'static str>| Some((find(&captures[1])?, find(&captures[2])?));
    let (first, last) = name(weekday).or_else(|| name(month_named))?;
    let goes_on = pattern!(r"[-–‒‐‑]\w").is_match(place.after(length));
    let is_dotted = pattern!(r"\.(?:[,;:)]| [a-z0-9])").is_match(place.after(length));
    let length = length + usize::from(is_dotted);
    (!goes_on).then(|| Reading::of(length).words(first).words("to").words(last))
}

/// The day of a name that may be cut short.
fn weekday(name: &str) -> Option<&'static str> {
    let short = matches!(name, "Tues" | "Thur" | "Thurs" | "Weds") || name.len() == 3;
    WEEKDAYS.into_iter().find(|day| *day == name || short && name.get(..3) == day.get(..3))
}

/// The month of a name that is spelt out or cut short as is usual.
fn month_named(name: &str) -> Option<&'static str> {
    let is_month = pattern!("<month>$").is_match(name);
    if is_month { month(name) } else { None }
}

/// The month of a name that may be cut short.
fn month(name: &str) -> Option<&'static str> {
    MONTHS.into_iter().find(|month| name.get(..3) == month.get(..3))
}

/// "2024-05-03", "2024/05/03", with a time after it if it is a machine's.
fn year_first(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"([12][0-9]{3})([-/.])([01]?[0-9])([-/.])([0-3]?[0-9])(?:T([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
    ))?;
    if captures[2] != captures[4] {
        return None;
    }
    let date = calendar_day(value(&captures[5])?, value(&captures[3])?, value(&captures[1])?)?;
    let reading = Reading::of(captures[0].len()).words(&date);
    Some(match captures.get(6) {
        Some(time) => reading.words("at").words(&super::times::clock(time.as_str())?),
        None => reading,
    })
}

/// "03/05/2024" with the month first, as in America, unless only the other
/// order makes a date; "03.05.2024" with the day first, as in Europe.
fn numeric(place: &Place) -> Option<Reading> {
    let captures = place
        .captures(pattern!(r"([0-3]?[0-9])([-/.])([0-3]?[0-9])([-/.])((?:[12][0-9])?[0-9]{2})"))?;
    if captures[2] != captures[4] || &captures[2] != "/" && captures[5].len() == 2 {
        return None;
    }
    let (first, second) = (value(&captures[1])?, value(&captures[3])?);
    let number = match (value(&captures[5])?, captures[5].len()) {
        (short, 2) if short < 50 => 2000 + short,
        (short, 2) => 1900 + short,
        (long, _) => long,
    };
    let date = if first > 12 || &captures[2] == "." {
        calendar_day(first, second, number)?
    } else {
        calendar_day(second, first, number)?
    };
    Some(Reading::of(captures[0].len()).words(&date))
}

fn calendar_day(day: u64, month: u64, number: u64) -> Option<String> {
    let month = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    (1..=31).contains(&day).then(|| format!("{month} {} {}", ordinal(day), year(number)))
}

/// "on 12/25", "due 3/14", "her birthday is 3/14", "Friday, 3/14".
fn day_and_month(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"(1[0-2]|0?[1-9])/([0-3]?[0-9])"))?;
    let goes_on = place.after(captures[0].len()).starts_with(['/', '%']);
    let is_name = &captures[0] == "9/11";
    let is_whole_part = place.after(captures[0].len()).starts_with(" of");
    let is_date = place.follows(&BEFORE_A_DATE[..9])
        || pattern!(
            r"(?is).*\b(?:(?:due|dated|starts|starting|ends|ending|expires|born|(?:sun|mon|tues|wednes|thurs|fri|satur)day),?|(?:birthday|anniversary|deadline|date|appointment|wedding)(?:['’]s|:| is| was| will be| falls on)?) $"
        )
        .is_match(place.before());
    if !is_date || goes_on || is_whole_part || is_name {
        return None;
    }
    let month = MONTHS.get(usize::try_from(value(&captures[1])?).ok()? - 1)?;
    let day = value(&captures[2]).filter(|day| (1..=31).contains(day))?;
    Some(Reading::of(captures[0].len()).words(month).words(&ordinal(day)))
}

/// "1990-95", "1914–1918", "2019/20".
fn years(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        r"(1[0-9]{3}|20[0-9]{2})(?:<space>[-–/]<space>|—)((?:1[0-9]|20)?[0-9]{2})\b"
    ))?;
    let (first, second) = (value(&captures[1])?, value(&captures[2])?);
    let is_short = captures[2].len() == 2;
    let is_range = if is_short { second > first % 100 } else { second > first };
    let after = place.after(captures[0].len());
    if !is_range || pattern!("[-/][0-9]| ?=").is_match(after) {
        return None;
    }
    let second = match (is_short, second) {
        (true, 1..=9) => format!("oh {}", cardinal(second)),
        (true, _) => cardinal(second),
        (false, _) => year(second),
    };
    Some(Reading::of(captures[0].len()).words(&year(first)).words("to").words(&second))
}

/// "'99", "'05", "'90s".
fn short_year(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!("['’‘]([0-9]{2})(['’]?s)?"))?;
    let number = value(&captures[1])?;
    let words = match captures.get(2) {
        Some(_) if number % 10 == 0 && number > 10 => decade(number),
        Some(_) => return None,
        None if number < 10 => format!("oh {}", cardinal(number)),
        None => cardinal(number),
    };
    // Where a quotation of digits ends the same mark follows.
    let is_quotation = place.after(captures[0].len()).starts_with(['\'', '’']);
    (!is_quotation).then(|| Reading::of(captures[0].len()).words(&words))
}

/// "1800s", "1990's", "in his 30s".
fn decades(place: &Place) -> Option<Reading> {
    const BEFORE: &[&str] = &[
        "the", "his", "her", "their", "my", "your", "our", "early", "mid", "late", "in", "low",
        "high", "and",
    ];
    let captures = place.captures(pattern!("([12][0-9]{2}0|[2-9]0)['’]?s"))?;
    let is_after_mid = place.before().ends_with("mid-");
    if captures[1].len() == 2 && !place.follows(BEFORE) && !is_after_mid {
        return None;
    }
    Some(Reading::of(captures[0].len()).words(&decade(value(&captures[1])?)))
}

/// Four digits by themselves: a year, unless things are counted with them. For
/// hundreds the words are the same ("fifteen hundred people").
fn bare_year(place: &Place) -> Option<Reading> {
    let captures =
        place.captures(pattern!("(1[1-9][0-9]{2}|20[0-9]{2}|10[1-9][0-9])\\b(['’]s)?"))?;
    let length = captures[0].len();
    let after = place.after(length);
    if pattern!("[.,:/][0-9]|[%°€£$½¼¾]|<space>[-–+*/=^]<space>[0-9]").is_match(after) {
        return None;
    }
    if !place.follows(&BEFORE_A_DATE[..13]) && counts(after) {
        return None;
    }
    let mut words = year(value(&captures[1])?);
    if captures.get(2).is_some() {
        words.push_str("'s");
    }
    Some(Reading::of(length).words(&words))
}

/// Whether what follows a number is counted by it.
pub(super) fn counts(after: &str) -> bool {
    const PLURALS: &[&str] =
        &["people", "men", "women", "children", "feet", "percent", "million", "dozen", "sheep"];
    const NOT_COUNTED: &[&str] = &["was", "is", "has", "as", "does", "its", "this", "sees"];
    let Some(word) = after.strip_prefix(' ').map(words::leading_letters) else { return false };
    let is_unit = super::measures::is_unit(word);
    let is_plural = word.len() > 3 && word.ends_with('s') && word.starts_with(char::is_lowercase);
    PLURALS.contains(&word) || is_unit || is_plural && !NOT_COUNTED.contains(&word)
}
