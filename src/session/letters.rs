//! What clients ask of past conversations, and what they are told.

use crate::letters::Format;
use crate::remembering::Access;
use jiff::civil::Date;
use memory::store::Line;
use memory::store::letters::{Day, Reading, Scope, Start};
use std::ops::Range;
use std::path::PathBuf;

/// What a client asks of past conversations. Each is answered by
/// [`super::Event::Letters`], what failed by a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LettersCommand {
    /// The days on which something was said, the latest first.
    Days {
        /// Only those before this one.
        before: Option<Date>,
    },
    /// What was said on a day.
    Read {
        /// Which day.
        date: Date,
        /// From where on.
        from: Start,
        /// Words to be marked.
        words: String,
    },
    /// Lines in which these words stand, the latest first.
    Search {
        /// Whole words, or their beginnings.
        words: String,
        /// Not the first of them.
        skip: usize,
    },
    /// A part as text, to be copied.
    Copy(Scope),
    /// A part as a file.
    Save {
        /// What of it.
        scope: Scope,
        /// As what.
        format: Format,
        /// Where to: a whole path, or one that begins with `~/`.
        file: String,
    },
    /// Forget a part, and all that came from it alone.
    Forget(Scope),
}

/// What is told of past conversations.
#[derive(Clone, Debug, PartialEq)]
pub enum Letters {
    /// Days.
    Days {
        /// Whether there is a memory.
        access: Access,
        /// Those before this day; the latest of all if there is none.
        before: Option<Date>,
        /// The latest first.
        days: Vec<Day>,
        /// There are days before these.
        has_more: bool,
        /// A folder to save files in.
        folder: PathBuf,
    },
    /// What was said on a day.
    Reading {
        /// The part that was asked for.
        reading: Reading,
        /// Where in each line the words stand that were asked for.
        marks: Vec<Vec<Range<usize>>>,
    },
    /// Lines that hold some words.
    Found {
        /// The words.
        words: String,
        /// Lines before the first of these.
        skip: usize,
        /// The latest first.
        hits: Vec<Hit>,
        /// How many there are.
        all: usize,
    },
    /// A part as text.
    Copied(String),
    /// Where a part was saved, or one sentence for people that says why not.
    Saved(Result<PathBuf, String>),
}

/// A line that holds the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The line.
    pub line: Line,
    /// Where in it the words stand.
    pub marks: Vec<Range<usize>>,
}
