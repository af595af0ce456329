//! Text for the ear: numbers, times, dates, money, units, abbreviations,
//! addresses and the like as the words a person would read out.

use std::ops::Range;

/// A piece of text that can be read aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What is read.
    pub what: What,
    /// The bytes of the text it was written with. Several pieces may come of
    /// the same bytes ("$5" is read "five dollars").
    pub source: Range<usize>,
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A word as a dictionary spells it, with an apostrophe or hyphen where it
    /// has one; capitals as written, for names.
    Word(String),
    /// A single letter, read by its name.
    Letter(char),
    /// Phonemes that the text itself gives.
    Phonemes(String),
    /// One of `, . ? ! ; : — …` or a bracket or quotation mark; a paragraph's
    /// end is `\n`.
    Mark(char),
}
