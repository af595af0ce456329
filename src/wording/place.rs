//! What is read around the conversation itself: days, times, what was not heard,
//! copying.

use crate::session::{Line, Speaker};
use crate::wording::{self, Text, days};
use jiff::{Timestamp, Zoned};

/// Heads what was said today.
pub const TODAY: Text = Text("Today");
/// Heads what was said yesterday.
pub const YESTERDAY: Text = Text("Yesterday");
/// Heads what was said on another day of this year.
pub const DAY: Text = Text("{weekday}, {day} {month}");
/// Heads what was said in another year.
pub const DAY_AND_YEAR: Text = Text("{day} {month} {year}");

/// Before the words of hers that were not heard.
pub const NOT_HEARD: Text = Text("not heard:");
/// Copies the conversation.
pub const COPY: Text = Text("Copy");
/// Names that button.
pub const COPY_NAME: Text = Text("Copy the conversation");
/// In its place, once that is done.
pub const COPIED: Text = Text("Copied");
/// Copies one line.
pub const COPY_LINE: Text = Text("Copy these words");

/// A day, as it heads a letter.
pub fn day(at: Timestamp, now: &Zoned) -> String {
    let then = at.to_zoned(now.time_zone().clone());
    if then.date() == now.date() {
        return TODAY.into();
    }
    if now.date().yesterday().is_ok_and(|yesterday| then.date() == yesterday) {
        return YESTERDAY.into();
    }
    let weekday = days::weekday(then.weekday());
    let month = days::month(then.date());
    match then.year() == now.year() {
        true => DAY.with(&[("weekday", &weekday), ("day", &then.day()), ("month", &month)]),
        false => {
            DAY_AND_YEAR.with(&[("day", &then.day()), ("month", &month), ("year", &then.year())])
        }
    }
}

/// A time of day.
pub fn time(at: Timestamp, now: &Zoned) -> String {
    at.to_zoned(now.time_zone().clone()).strftime("%H:%M").to_string()
}

/// The conversation as text.
pub fn letter(lines: &[Line], person: &str) -> String {
    let person = if person.is_empty() { wording::YOU.into() } else { person };
    let paragraph = |line: &Line| {
        let name: &str = match line.speaker {
            Speaker::Samantha => wording::HER_NAME,
            Speaker::Person => person,
        };
        format!("{name}\n{}\n", line.text)
    };
    lines.iter().map(paragraph).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::TurnId;

    #[test]
    fn days_are_told_as_a_letter_heads_them() {
        let now: Zoned = "2026-03-05T08:00:00[Europe/Vienna]".parse().expect("a time");
        for (at, told, time_of_day) in [
            ("2026-03-05T06:30:00Z", "Today", "07:30"),
            ("2026-03-04T22:59:00Z", "Yesterday", "23:59"),
            ("2026-03-04T23:00:00Z", "Today", "00:00"),
            ("2026-02-20T12:00:00Z", "Friday, 20 February", "13:00"),
            ("2025-12-24T12:00:00Z", "24 December 2025", "13:00"),
        ] {
            let at: Timestamp = at.parse().expect("a time");
            assert_eq!((day(at, &now).as_str(), time(at, &now).as_str()), (told, time_of_day));
        }
    }

    #[test]
    fn a_copied_conversation_reads_like_a_letter() {
        let line = |speaker, text: &str| Line {
            turn: TurnId(1),
            speaker,
            text: text.into(),
            interrupted: false,
            off_the_record: false,
            said_at: Timestamp::UNIX_EPOCH,
        };
        let lines = [line(Speaker::Person, "Hello."), line(Speaker::Samantha, "Hello, you.")];
        assert_eq!(letter(&lines, "Ana"), "Ana\nHello.\n\nSamantha\nHello, you.\n");
        assert!(letter(&lines, "").starts_with("You\n"));
    }
}
