//! Texts of past conversations: of their page, and of what is written out.

use super::Text;
use super::days::{month, weekday};
use jiff::Zoned;
use jiff::civil::{Date, Time};
use std::path::Path;

/// Opens the page.
pub const LETTERS: Text = Text("Letters");
/// Closes it.
pub const CLOSE: Text = Text("Close letters");
/// What it is and how it is opened and left without the mouse.
pub const SHORTCUT: Text = Text("Your past conversations: Ctrl+H; Escape leaves them");
/// Heads the page.
pub const TITLE: Text = Text("Letters");
/// Below the title.
pub const ABOUT: Text = Text("All that you and she have said, day by day.");
/// In the empty search field; also names it.
pub const SEARCH: Text = Text("Search all conversations");
/// Nothing was ever said.
pub const EMPTY: Text =
    Text("Nothing yet. What you and I say to each other will stand here, a letter for each day.");
/// The memory is locked.
pub const LOCKED: Text =
    Text("What was said before is locked away with her memory. Open her memory to read it.");
/// Leads to where it is opened.
pub const OPEN_MEMORY: Text = Text("Open her memory");
/// Nothing is kept beyond this run.
pub const UNKEPT: Text =
    Text("Nothing of this run is kept: what stands here is gone when the window closes.");
/// Names the list of days.
pub const DAYS: Text = Text("Days");
/// Days that are not in the list yet.
pub const EARLIER_DAYS: Text = Text("Earlier days");
/// No line holds the words.
pub const NOTHING_FOUND: Text =
    Text("Nobody said that. Try fewer words, or only their beginnings.");
/// Names what was found.
pub const FOUND: Text = Text("What was found");
/// More of what was found.
pub const MORE_FOUND: Text = Text("Show more");

/// Back from a day to all of them.
pub const ALL_DAYS: Text = Text("All days");
/// Back to what was found.
pub const BACK_TO_FOUND: Text = Text("Back to what was found");
/// The day before, on which something was said.
pub const EARLIER_DAY: Text = Text("Earlier day");
/// The day after.
pub const LATER_DAY: Text = Text("Later day");
/// The part of a long day before this one.
pub const EARLIER_PART: Text = Text("Earlier on this day");
/// The part after this one.
pub const LATER_PART: Text = Text("Later on this day");
/// All of a day was forgotten.
pub const EMPTY_DAY: Text = Text("Nothing of this day is kept any more.");
/// After a line that the search led to.
pub const IS_FOUND: Text = Text("found here");

/// Puts it into the clipboard.
pub const COPY: Text = Text("Copy");
/// Opens the form that writes it into a file.
pub const SAVE_TO_FILE: Text = Text("Save to a file");
/// The same for everything.
pub const SAVE_EVERYTHING: Text = Text("Save all to a file");
/// Asks to forget it.
pub const FORGET: Text = Text("Forget");
/// The safe answer.
pub const KEEP: Text = Text("Keep");
/// Asked before a line is gone.
pub const FORGET_LINE: Text = Text("Forget this line, and all that is known from it?");
/// Asked before a conversation is gone.
pub const FORGET_CONVERSATION: Text =
    Text("Forget this conversation, and all that is known from it?");
/// Asked before a day is gone.
pub const FORGET_DAY: Text = Text("Forget this day, and all that is known from it?");
/// It is in the clipboard.
pub const COPIED: Text = Text("Copied.");

/// Names the choice of a format.
pub const FORMAT: Text = Text("Format");
/// To be read.
pub const MARKDOWN: Text = Text("Markdown, to read");
/// To be worked with.
pub const JSON: Text = Text("JSON, for programs");
/// Names the field of the file.
pub const FILE: Text = Text("The file to write");
/// Before it is written.
pub const NOT_ENCRYPTED: Text = Text("The file is not encrypted: whoever gets it can read it.");
/// Writes it.
pub const SAVE: Text = Text("Save");
/// Puts it aside.
pub const CANCEL: Text = Text("Cancel");
/// While it is being written.
pub const SAVING: Text = Text("Saving …");

/// It is written.
pub fn saved(file: &Path) -> String {
    Text("Saved in {file}. Only your account can read it, but it is not encrypted.")
        .with(&[("file", &file.display())])
}

/// It could not be written, since it would take the place of something.
pub fn file_exists(file: &Path) -> String {
    Text("There is a file {file} already. Please choose another name.")
        .with(&[("file", &file.display())])
}

/// It could not be written, since no folder is there.
pub fn no_folder(folder: &Path) -> String {
    Text("There is no folder {folder}. Please choose another one.")
        .with(&[("folder", &folder.display())])
}

/// A name without a folder.
pub const WHOLE_PATH: Text =
    Text("Please write the whole path of the file, such as ~/Documents/letters.md.");

/// It could not be written.
pub fn cannot_write(file: &Path, reason: &str) -> String {
    Text("{file} could not be written ({reason}). Please choose another place.")
        .with(&[("file", &file.display()), ("reason", &reason)])
}

/// Lines of a day that is read in parts.
pub fn part(first: u64, last: u64, all: u64) -> String {
    Text("Lines {first} to {last} of {all}").with(&[
        ("first", &first),
        ("last", &last),
        ("all", &all),
    ])
}

/// How much was said.
pub fn conversations(count: u64) -> String {
    match count {
        1 => Text("1 conversation").into(),
        _ => Text("{count} conversations").with(&[("count", &count)]),
    }
}

/// How much was found.
pub fn found(count: usize) -> String {
    match count {
        1 => Text("1 line").into(),
        _ => Text("{count} lines").with(&[("count", &count)]),
    }
}

/// Names a button by what it does and to what.
pub fn of(what: &str, whose: &str) -> String {
    format!("{what}: {whose}")
}

/// Names a conversation.
pub fn conversation_of(time: &str) -> String {
    Text("the conversation of {time}").with(&[("time", &time)])
}

/// Names the button with what can be done with a line or a conversation.
pub fn what_to_do(with: &str) -> String {
    Text("Copy or forget: {what}").with(&[("what", &with)])
}

/// A time of the day.
pub fn time(time: Time) -> String {
    let (hour, minute) = (format!("{:02}", time.hour()), format!("{:02}", time.minute()));
    Text("{hour}:{minute}").with(&[("hour", &hour), ("minute", &minute)])
}

/// A day as a heading: "Today", "Yesterday", "Tuesday, 3 November 2026".
pub fn day(date: Date, now: &Zoned) -> String {
    match (now.date() - date).get_days() {
        0 => Text("Today").into(),
        1 => Text("Yesterday").into(),
        _ => whole_date(date),
    }
}

/// A day as it is written where "today" would be wrong soon.
pub fn whole_date(date: Date) -> String {
    Text("{weekday}, {day} {month} {year}").with(&[
        ("weekday", &weekday(date.weekday())),
        ("day", &date.day()),
        ("month", &month(date)),
        ("year", &date.year()),
    ])
}

/// Heads what is written out.
pub const HEADING: Text = Text("Conversations with Samantha");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_as_people_name_them() {
        let now: Zoned = "2026-11-27T00:30:00[Europe/Vienna]".parse().expect("a time");
        for (date, told) in [
            ("2026-11-27", "Today"),
            ("2026-11-26", "Yesterday"),
            ("2026-11-03", "Tuesday, 3 November 2026"),
            ("2026-12-01", "Tuesday, 1 December 2026"),
        ] {
            assert_eq!(day(date.parse().expect("a date"), &now), told);
        }
    }
}
