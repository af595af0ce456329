//! "Tomorrow", "next Friday", "in two weeks", "last summer": to days.
//!
//! [`resolve`] replaces each such phrase of a clause by the day it means, so
//! that what is kept stays true when it is read weeks later. Pure: the day of
//! the saying is an argument. A phrase that it does not know is left alone.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::number::{number, ordinal};
use super::token::Token;
use super::verb::Tense;

/// What days are counted from.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The day of the saying.
    pub today: Date,
    /// The last day that was spoken of: "that day".
    pub last: Option<Date>,
    /// When the clause happens.
    pub tense: Tense,
    /// Days come round each year: "on 3 April", without a year.
    pub yearly: bool,
}

/// A phrase that was understood.
struct Found {
    /// Words of it.
    words: usize,
    /// "on" or "in", if nothing stronger such as "until" governs it.
    preposition: &'static str,
    /// "13 March 2026"
    text: String,
    /// The day, or the first day of the month, season or year.
    date: Date,
    /// How long it is.
    unit: Unit,
}

/// How long a time is that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Weekend,
    Month,
    Season,
    Year,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const PARTS: &[&str] = &["morning", "afternoon", "evening", "night", "lunchtime"];
const GOVERNING: &[&str] = &["until", "till", "since", "by", "from", "before", "after", "for"];

fn month(token: Option<&Token>) -> Option<i8> {
    let token = token.filter(|token| token.is_capital())?;
    MONTHS.iter().position(|month| token.norm == *month).map(|n| n as i8 + 1)
}

/// "March", written large.
pub fn is_month(token: &Token) -> bool {
    month(Some(token)).is_some()
}

/// "Tuesday"
pub fn is_weekday(token: &Token) -> bool {
    weekday(Some(token)).is_some()
}

fn year(token: Option<&Token>) -> Option<i16> {
    token?.norm.parse::<i16>().ok().filter(|year| (1900..2100).contains(year))
}

fn weekday(token: Option<&Token>) -> Option<Weekday> {
    let token = token?;
    let at = WEEKDAYS.iter().position(|day| token.norm == *day)?;
    Weekday::from_monday_zero_offset(at as i8).ok()
}

/// "13 March 2026"
pub fn write(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn month_year(date: Date) -> String {
    date.strftime("%B %Y").to_string()
}

fn plus(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

/// The next such day after `date`; `date` itself is not one.
fn following(date: Date, day: Weekday) -> Option<Date> {
    date.nth_weekday(1, day).ok()
}

fn preceding(date: Date, day: Weekday) -> Option<Date> {
    date.nth_weekday(-1, day).ok()
}

/// Replaces every phrase that tells a time by what it means; the first day
/// that was meant.
pub fn resolve(tokens: &mut Vec<Token>, context: Context) -> Option<Date> {
    // "Every Tuesday and Thursday" means no day.
    let habit = tokens.iter().any(|t| t.is(&["every", "each", "most", "usually", "always"]));
    let mut first = None;
    let mut at = 0;
    while at < tokens.len() {
        let governor = &tokens[at];
        let governs = governor.is(GOVERNING);
        let skipped = usize::from(governs || governor.is(&["on", "in", "at", "around", "about"]));
        let before =
            at.checked_sub(1).map(|before| tokens[before].norm.as_str()).unwrap_or_default();
        let found = if skipped == 1 {
            phrase(&tokens[at + 1..], &governor.norm, context, habit).map(|f| (f, 1))
        } else {
            None
        }
        .or_else(|| phrase(&tokens[at..], before, context, habit).map(|found| (found, 0)));
        let Some((found, skipped)) = found else {
            at += 1;
            continue;
        };
        let words = found.words + skipped;
        let text = match (skipped, GOVERNING.contains(&before)) {
            (1, _) if governs => format!("{} {}", tokens[at].text, found.text),
            (0, true) => found.text,
            // "I've got Friday off."
            _ if tokens.get(at + words).is_some_and(|next| next.norm == "off") => found.text,
            _ if found.preposition.is_empty() => found.text,
            _ => format!("{} {}", found.preposition, found.text),
        };
        let mut put = Token::put(&text);
        put.after = tokens[at + words - 1].after.clone();
        tokens.splice(at..at + words, [put]);
        first = first.or(Some(found.date));
        at += 1;
    }
    first
}

/// The days of a time in the past that these words, all of them, name: the
/// first and the last.
pub fn past_days(tokens: &[Token], today: Date) -> Option<(Date, Date)> {
    let context = Context { today, last: None, tense: Tense::Past, yearly: false };
    let governor =
        tokens.first().filter(|token| token.is(&["on", "in", "at"]) || token.is(GOVERNING));
    let rest = &tokens[usize::from(governor.is_some())..];
    let found = phrase(rest, governor.map_or("", |token| &token.norm), context, false)?;
    if found.words != rest.len() {
        return None;
    }
    let date = found.date;
    let monday = |date: Date| preceding(plus(date, 1.days())?, Weekday::Monday);
    let last = match found.unit {
        Unit::Day => date,
        Unit::Week => return Some((monday(date)?, plus(monday(date)?, 6.days())?)),
        Unit::Weekend => plus(date, 1.days())?,
        Unit::Month => date.last_of_month(),
        Unit::Season => plus(date, 2.months())?.last_of_month(),
        Unit::Year => date.last_of_year(),
    };
    Some((date, last))
}

/// A time is named in these words.
pub fn is_told(tokens: &[Token]) -> bool {
    let names = |token: &Token| {
        let word = token.norm.trim_end_matches('s');
        is_month(token)
            || WEEKDAYS.contains(&word)
            || matches!(word, "today" | "tomorrow" | "tonight" | "christma" | "easter")
            || token.norm.parse::<u16>().is_ok()
    };
    tokens.iter().enumerate().any(|(at, token)| {
        names(token) || ordinal(&tokens[at..]).is_some() && !token.is(&["first", "second"])
    })
}

/// The words of every day that a text can mean, for comparing.
pub fn meant(tokens: &[Token], today: Date) -> Vec<String> {
    [Tense::Past, Tense::PresentOrFuture]
        .into_iter()
        .flat_map(|tense| {
            let mut tokens = tokens.to_vec();
            resolve(&mut tokens, Context { today, last: None, tense, yearly: false });
            tokens
        })
        .flat_map(|token| super::content::content(&token.text))
        .collect()
}

fn phrase(tokens: &[Token], governor: &str, context: Context, habit: bool) -> Option<Found> {
    relative_day(tokens, context)
        .or_else(|| if habit { None } else { weekday_phrase(tokens, governor, context) })
        .or_else(|| counted(tokens, governor, context))
        .or_else(|| period(tokens, context))
        .or_else(|| calendar_day(tokens, governor, context))
        .or_else(|| bare_month(tokens, governor, context))
        .or_else(|| bare_year(tokens, governor))
}

fn day(words: usize, date: Date) -> Found {
    Found { words, preposition: "on", text: write(date), date, unit: Unit::Day }
}

fn part_of_day(words: usize, part: &str, date: Date) -> Found {
    Found {
        words,
        preposition: "on",
        text: format!("the {part} of {}", write(date)),
        date,
        unit: Unit::Day,
    }
}

/// "today", "tomorrow morning", "last night", "the day after tomorrow",
/// "that day".
fn relative_day(tokens: &[Token], context: Context) -> Option<Found> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let offset = |days: i64| plus(context.today, days.days());
    let simple = |word: &str| match word {
        "today" => Some(0),
        "tomorrow" => Some(1),
        "yesterday" => Some(-1),
        _ => None,
    };
    if let Some(days) = simple(word(0)) {
        let date = offset(days)?;
        return Some(if PARTS.contains(&word(1)) {
            part_of_day(2, word(1), date)
        } else {
            day(1, date)
        });
    }
    match (word(0), word(1)) {
        ("tonight", _) => Some(part_of_day(1, "evening", context.today)),
        ("last", "night") => Some(part_of_day(2, "night", offset(-1)?)),
        ("this", part) if PARTS.contains(&part) => Some(part_of_day(2, part, context.today)),
        ("the", "day") if word(2) == "after" && word(3) == "tomorrow" => Some(day(4, offset(2)?)),
        ("the", "day") if word(2) == "before" && word(3) == "yesterday" => {
            Some(day(4, offset(-2)?))
        }
        ("that", "day") => Some(day(2, context.last?)),
        ("that", part) if PARTS.contains(&part) => Some(part_of_day(2, part, context.last?)),
        ("the", "day") if word(2) == "after" && tokens.len() == 3 => {
            Some(day(3, plus(context.last?, 1.days())?))
        }
        ("the", "day") if word(2) == "before" && tokens.len() == 3 => {
            Some(day(3, plus(context.last?, (-1).days())?))
        }
        ("the", "next" | "following") if word(2) == "day" => {
            Some(day(3, plus(context.last?, 1.days())?))
        }
        _ => None,
    }
}

/// "Friday", "next Friday", "last Friday night", "Friday the 13th".
fn weekday_phrase(tokens: &[Token], governor: &str, context: Context) -> Option<Found> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let which = if matches!(word(0), "next" | "last" | "this" | "coming") { word(0) } else { "" };
    let which_words = usize::from(!which.is_empty());
    let weekday = weekday(tokens.get(which_words))?;
    let today = context.today;
    let past = match which {
        "last" => true,
        "" => context.tense == Tense::Past && !matches!(governor, "until" | "till" | "by"),
        _ => false,
    } || governor == "since";
    let mut date = if past {
        preceding(today, weekday)?
    } else if which == "next" {
        // Of the next week, which begins on Monday.
        let monday = following(today, Weekday::Monday)?;
        if weekday == Weekday::Monday { monday } else { following(monday, weekday)? }
    } else if which.is_empty() && today.weekday() == weekday {
        today
    } else {
        following(today, weekday)?
    };
    let mut words = which_words + 1;
    if word(words) == "week" {
        // "Friday week"
        date = plus(date, 1.week())?;
        words += 1;
    }
    if word(words) == "the"
        && let Some((_, more)) = ordinal(&tokens[words + 1..])
    {
        words += 1 + more;
    }
    if PARTS.contains(&word(words).trim_end_matches('s')) && !PARTS.contains(&word(words)) {
        // "Wednesday nights": each of them.
        return None;
    }
    if PARTS.contains(&word(words)) {
        return Some(part_of_day(words + 1, word(words), date));
    }
    Some(day(words, date))
}

fn span(unit: &str, count: i64) -> Option<Span> {
    match unit.trim_end_matches('s') {
        "day" => Some(count.days()),
        "week" => Some(count.weeks()),
        "fortnight" => Some((count * 2).weeks()),
        "month" => Some(count.months()),
        "year" => Some(count.years()),
        _ => None,
    }
}

/// "in two weeks", "three years ago", "a week from Friday".
fn counted(tokens: &[Token], governor: &str, context: Context) -> Option<Found> {
    let (count, words) = number(tokens)?;
    let unit = tokens.get(words)?.norm.trim_end_matches("'s").to_owned();
    span(&unit, count)?;
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let (words, sign, from) = match (word(words + 1), word(words + 2)) {
        ("ago", _) => (words + 2, -1, context.today),
        ("from", "now" | "today") => (words + 3, 1, context.today),
        ("from" | "on", _)
            if weekday(tokens.get(words + 2)).is_some()
                && matches!(unit.trim_end_matches('s'), "day" | "week" | "fortnight") =>
        {
            let weekday = weekday(tokens.get(words + 2))?;
            (words + 3, 1, following(context.today, weekday)?)
        }
        ("from", "tomorrow") => (words + 3, 1, plus(context.today, 1.days())?),
        // "In two weeks" of what is to come; "I read it in two days" is not.
        _ if governor == "in" && context.tense != Tense::Past => (words + 1, 1, context.today),
        _ => return None,
    };
    let date = plus(from, span(&unit, sign * count)?)?;
    let unit = unit.trim_end_matches('s');
    // The farther, the vaguer it was meant.
    Some(match unit {
        "month" => Found {
            words,
            preposition: "in",
            text: month_year(date),
            date: date.first_of_month(),
            unit: Unit::Month,
        },
        "year" => Found {
            words,
            preposition: "in",
            text: date.year().to_string(),
            date: date.first_of_year(),
            unit: Unit::Year,
        },
        "week" | "fortnight" => Found { unit: Unit::Week, ..day(words, date) },
        _ => day(words, date),
    })
}

/// "next week", "last summer", "this month", "at the weekend".
fn period(tokens: &[Token], context: Context) -> Option<Found> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let today = context.today;
    let step = match word(0) {
        "next" => 1,
        "last" => -1,
        "this" => 0,
        _ => return None,
    };
    let in_year = |first_month: i8, months: i8, name: &str| {
        let mut year = today.year();
        let end = (first_month - 1 + months - 1) % 12 + 1;
        let over = today.month() > end && end >= first_month;
        let begun = today.month() >= first_month;
        match step {
            1 if begun => year = year.checked_add(1)?,
            -1 if !over => year = year.checked_sub(1)?,
            _ => {}
        }
        let date = Date::new(year, first_month, 1).ok()?;
        let unit = if months == 1 { Unit::Month } else { Unit::Season };
        Some(Found { words: 2, preposition: "in", text: format!("{name} {year}"), date, unit })
    };
    match word(1) {
        "week" => {
            let monday = preceding(plus(today, 1.days())?, Weekday::Monday)?;
            let date = plus(monday, step.weeks())?;
            let text = format!("the week of {}", write(date));
            Some(Found { words: 2, preposition: "in", text, date, unit: Unit::Week })
        }
        "weekend" => {
            let monday = preceding(plus(today, 1.days())?, Weekday::Monday)?;
            let date = plus(plus(monday, 5.days())?, step.weeks())?;
            let text = format!("the weekend of {}", write(date));
            Some(Found { words: 2, preposition: "on", text, date, unit: Unit::Weekend })
        }
        "month" => {
            let date = plus(today.first_of_month(), step.months())?;
            Some(Found {
                words: 2,
                preposition: "in",
                text: month_year(date),
                date,
                unit: Unit::Month,
            })
        }
        "year" => {
            let date = plus(today.first_of_year(), step.years())?;
            let text = date.year().to_string();
            Some(Found { words: 2, preposition: "in", text, date, unit: Unit::Year })
        }
        "spring" => in_year(3, 3, "the spring of"),
        "summer" => in_year(6, 3, "the summer of"),
        "autumn" | "fall" => in_year(9, 3, "the autumn of"),
        "winter" => in_year(12, 1, "the winter of"),
        "christmas" => in_year(12, 1, "Christmas"),
        _ => {
            let month = month(tokens.get(1))?;
            let found = in_year(month, 1, "")?;
            Some(Found { text: month_year(found.date), ..found })
        }
    }
}

/// "the 3rd of April", "April 3rd", "14 May 2027", "on the 3rd".
fn calendar_day(tokens: &[Token], governor: &str, context: Context) -> Option<Found> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let number_of_day = |at: usize| {
        ordinal(tokens.get(at..)?).or_else(|| {
            word(at).parse::<i8>().ok().filter(|day| (1..=31).contains(day)).map(|day| (day, 1))
        })
    };
    let (day_of_month, of_month, mut words) = if let Some(of_month) = month(tokens.first()) {
        let the = usize::from(word(1) == "the");
        let (day, words) = number_of_day(1 + the)?;
        (day, Some(of_month), 1 + the + words)
    } else {
        let the = usize::from(word(0) == "the");
        let (day, words) = number_of_day(the)?;
        let of = usize::from(word(the + words) == "of");
        match month(tokens.get(the + words + of)) {
            Some(of_month) => (day, Some(of_month), the + words + of + 1),
            // "on the 3rd", but not "on the first day".
            None if the == 1
                && (word(1).starts_with(|c: char| c.is_ascii_digit())
                    || tokens.len() == 1 + words
                    || tokens[words].pauses()
                    || tokens[1 + words].is(&["now", "instead", "and", "at"]))
                && (matches!(governor, "on") || GOVERNING.contains(&governor)) =>
            {
                (day, None, 1 + words)
            }
            None => return None,
        }
    };
    let today = context.today;
    let date = if let Some(year) = year(tokens.get(words)) {
        words += 1;
        Date::new(year, of_month.unwrap_or(today.month()), day_of_month).ok()?
    } else if let Some(of_month) = of_month {
        let this = Date::new(today.year(), of_month, day_of_month).ok()?;
        let shift = match context.tense {
            Tense::Past if this > today => -1,
            Tense::PresentOrFuture if this < today => 1,
            _ => 0,
        };
        plus(this, shift.years())?
    } else {
        let this = plus(today.first_of_month(), i64::from(day_of_month - 1).days())?;
        let shift = match context.tense {
            Tense::Past if this > today => -1,
            Tense::PresentOrFuture if this < today => 1,
            _ => 0,
        };
        plus(this, shift.months())?
    };
    let mut found = day(words, date);
    if context.yearly {
        found.text = date.strftime("%-d %B").to_string();
    }
    Some(found)
}

/// "in June", "in June next year", "June 2027".
fn bare_month(tokens: &[Token], governor: &str, context: Context) -> Option<Found> {
    let of_month = month(tokens.first())?;
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let this_year = context.today.year();
    let (year, words) = if let Some(year) = year(tokens.get(1)) {
        (year, 2)
    } else {
        match (word(1), word(2)) {
            ("next", "year") => (this_year.checked_add(1)?, 3),
            ("last", "year") => (this_year.checked_sub(1)?, 3),
            ("this", "year") => (this_year, 3),
            // A name ("I met June") unless a preposition says otherwise.
            _ if governor != "in" && !GOVERNING.contains(&governor) => return None,
            _ if context.tense == Tense::Past && of_month > context.today.month() => {
                (this_year.checked_sub(1)?, 1)
            }
            _ if context.tense != Tense::Past && of_month < context.today.month() => {
                (this_year.checked_add(1)?, 1)
            }
            _ => (this_year, 1),
        }
    };
    let date = Date::new(year, of_month, 1).ok()?;
    Some(Found { words, preposition: "in", text: month_year(date), date, unit: Unit::Month })
}

/// "in 2019": nothing to replace, but a day to file it under.
fn bare_year(tokens: &[Token], governor: &str) -> Option<Found> {
    if governor != "in" && governor != "since" {
        return None;
    }
    let year = year(tokens.first())?;
    let date = Date::new(year, 1, 1).ok()?;
    Some(Found { words: 1, preposition: "in", text: year.to_string(), date, unit: Unit::Year })
}
