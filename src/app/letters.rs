//! Past conversations as far as the window was told of them: a few days, a part
//! of one of them, some of what was found.
//!
//! Pure, as [`super::view`]: what is told is added up, everything else only
//! reads.

use crate::remembering::Access;
use crate::session::{Hit, Letters};
use memory::store::letters::{Day, Reading};
use std::ops::Range;
use std::path::PathBuf;

/// As many days as an answer holds at most.
const FIRST_DAYS: usize = 40;

/// See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastLetters {
    /// Whether there is a memory; `None` until the days were told.
    pub access: Option<Access>,
    /// Days on which something was said, the latest first.
    pub days: Vec<Day>,
    /// There are earlier ones.
    pub has_earlier: bool,
    /// A part of a day, and where in each line the words of a search stand.
    pub reading: Option<(Reading, Vec<Vec<Range<usize>>>)>,
    /// What was found last.
    pub found: Found,
    /// A folder to save files in.
    pub folder: PathBuf,
    /// What became of the last file that was to be saved.
    pub saved: Option<Result<PathBuf, String>>,
    /// To be put into the clipboard.
    pub copied: Option<String>,
    /// Counts what was said or forgotten, so that a reader asks anew.
    pub changes: u64,
}

/// Lines that hold some words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The words.
    pub words: String,
    /// Lines, the latest first.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub all: usize,
}

impl PastLetters {
    /// Takes in what was told.
    pub fn apply(&mut self, told: Letters) {
        match told {
            Letters::Days { access, before, days, has_more, folder } => {
                self.access = Some(access);
                self.folder = folder;
                match before {
                    // It goes on where the list ends.
                    Some(_) if self.days.last().map(|day| day.date) == before => {
                        self.days.extend(days);
                        self.has_earlier = has_more;
                    }
                    Some(_) => {}
                    None => self.renew_days(days, has_more),
                }
            }
            Letters::Reading { reading, marks } => self.reading = Some((reading, marks)),
            Letters::Found { words, skip, hits, all } => {
                if skip == 0 {
                    self.found = Found { words, hits, all };
                } else if self.found.words == words && self.found.hits.len() == skip {
                    self.found.hits.extend(hits);
                    self.found.all = all;
                }
            }
            Letters::Copied(text) => self.copied = Some(text),
            Letters::Saved(saved) => self.saved = Some(saved),
        }
    }

    /// The page was closed: nothing else shows what it showed.
    pub fn close(&mut self) {
        *self = Self { changes: self.changes, ..Self::default() };
    }

    /// Something may have been forgotten: the days of the first answer are asked
    /// for anew, the others when they are wanted.
    pub fn forgotten(&mut self) {
        self.changes += 1;
        if self.days.len() > FIRST_DAYS {
            self.days.truncate(FIRST_DAYS);
            self.has_earlier = true;
        }
    }

    /// The latest days are these; those before them stay as they are.
    fn renew_days(&mut self, days: Vec<Day>, has_more: bool) {
        let oldest = days.last().map(|day| day.date).filter(|_| has_more);
        let mut known = std::mem::replace(&mut self.days, days);
        known.retain(|day| oldest.is_some_and(|oldest| day.date < oldest));
        if known.is_empty() {
            self.has_earlier = has_more;
        }
        self.days.extend(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(days: &[i8]) -> Vec<Day> {
        let day = |day: &i8| Day {
            date: date(2026, 3, *day),
            conversations: 1,
            lines: 2,
            first_words: "Hello.".into(),
        };
        days.iter().map(day).collect()
    }

    fn told(before: Option<i8>, list: &[i8], has_more: bool) -> Letters {
        Letters::Days {
            access: Access::Open,
            before: before.map(|day| date(2026, 3, day)),
            days: days(list),
            has_more,
            folder: PathBuf::new(),
        }
    }

    #[test]
    fn days_are_added_and_renewed() {
        let mut letters = PastLetters::default();
        letters.apply(told(None, &[9, 8], true));
        letters.apply(told(Some(8), &[7, 6], true));
        letters.apply(told(Some(8), &[7, 6], true));
        assert_eq!(letters.days, days(&[9, 8, 7, 6]), "an answer that comes twice is not added");
        letters.apply(told(None, &[10, 9], true));
        assert_eq!(letters.days, days(&[10, 9, 8, 7, 6]));
        assert!(letters.has_earlier);
        letters.apply(told(None, &[10], false));
        assert_eq!(letters.days, days(&[10]), "all others were forgotten");
        assert!(!letters.has_earlier);
    }

    #[test]
    fn days_that_may_have_been_forgotten_are_dropped_or_asked_for_anew() {
        let many: Vec<i8> = (1..=31).rev().collect();
        let mut letters = PastLetters::default();
        letters.apply(told(None, &many, true));
        letters.apply(told(Some(1), &many[..20], true));
        letters.forgotten();
        assert_eq!((letters.days.len(), letters.has_earlier, letters.changes), (40, true, 1));
        letters.close();
        assert_eq!(letters, PastLetters { changes: 1, ..PastLetters::default() });
    }

    #[test]
    fn late_hits_of_other_words_are_dropped() {
        let found = |words: &str, skip| Letters::Found {
            words: words.into(),
            skip,
            hits: Vec::new(),
            all: 7,
        };
        let mut letters = PastLetters::default();
        letters.apply(found("heron", 0));
        letters.apply(found("crane", 40));
        assert_eq!((letters.found.words.as_str(), letters.found.all), ("heron", 7));
    }
}
