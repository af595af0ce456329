//! Days as people name them, in the window's language.

use super::Text;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, Zoned};

/// "today", "yesterday", "on Tuesday, 3 November".
pub fn day(at: Timestamp, now: &Zoned) -> String {
    let then = at.to_zoned(now.time_zone().clone()).date();
    match (now.date() - then).get_days() {
        0 => Text("today").into(),
        1 => Text("yesterday").into(),
        _ if then.year() == now.year() => filled(Text("on {weekday}, {day} {month}"), then),
        _ => filled(Text("on {day} {month} {year}"), then),
    }
}

fn filled(text: Text, date: Date) -> String {
    text.with(&[
        ("weekday", &weekday(date.weekday())),
        ("day", &date.day()),
        ("month", &month(date)),
        ("year", &date.year()),
    ])
}

/// Its name.
pub fn weekday(weekday: Weekday) -> Text {
    match weekday {
        Weekday::Monday => Text("Monday"),
        Weekday::Tuesday => Text("Tuesday"),
        Weekday::Wednesday => Text("Wednesday"),
        Weekday::Thursday => Text("Thursday"),
        Weekday::Friday => Text("Friday"),
        Weekday::Saturday => Text("Saturday"),
        Weekday::Sunday => Text("Sunday"),
    }
}

/// The name of its month.
pub fn month(date: Date) -> Text {
    match date.month() {
        1 => Text("January"),
        2 => Text("February"),
        3 => Text("March"),
        4 => Text("April"),
        5 => Text("May"),
        6 => Text("June"),
        7 => Text("July"),
        8 => Text("August"),
        9 => Text("September"),
        10 => Text("October"),
        11 => Text("November"),
        _ => Text("December"),
    }
}
