//! Text for the ear: numbers, times, dates, money, units, abbreviations,
//! addresses and the like as the words a person would read out.
//!
//! [`pieces`] is called for each clause before its words become phonemes. It
//! goes through the text once, from left to right; at each place the readers of
//! [`READERS`] are asked in turn, and the first that knows what stands there says
//! how it is read. Each kind of writing has its own module below this one; look
//! for dates in `text/dates.rs`.
//!
//! It knows how things are written, in English, and nothing of how words sound.

mod abbreviations;
mod addresses;
mod capitals;
mod dates;
mod emoji;
mod marks;
mod maths;
mod measures;
mod money;
mod number;
mod place;
mod pronunciation;
mod quantities;
mod roman;
mod telephone;
#[cfg(test)]
mod tests;
mod times;
mod words;

use std::ops::Range;

use place::{Place, Reading};

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
    /// One of `, . ? ! ; : — …`, a bracket `( )` or a quotation mark `“ ”`; a
    /// paragraph's end is `\n`.
    Mark(char),
}

/// Reads what stands at a place, if it is of its kind.
type Reader = fn(&Place) -> Option<Reading>;

/// In the order in which they are asked: what is surest comes first, and the
/// last of them reads anything.
const READERS: [Reader; 15] = [
    pronunciation::read,
    marks::space,
    addresses::read,
    marks::emoticon,
    dates::read,
    times::read,
    telephone::read,
    money::read,
    maths::read,
    measures::read,
    quantities::read,
    abbreviations::read,
    roman::read,
    capitals::read,
    words::read,
];

/// What is read of `text`, a clause or more in English without markup, in the
/// order of the text: sources never go back. Empty if nothing of it can be said.
///
/// A name's pronunciation can stand in the text itself, in IPA:
/// `[Joaquin](/wɑːˈkiːn/)`.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let place = Place::new(text, at);
        let reading =
            READERS.iter().find_map(|read| read(&place)).unwrap_or_else(|| marks::read(&place));
        let source = at..at + reading.length;
        debug_assert!(!source.is_empty() && text.is_char_boundary(source.end));
        at = source.end;
        for what in reading.said {
            push(&mut pieces, Piece { what, source: source.clone() });
        }
    }
    if pieces.iter().any(|piece| !matches!(piece.what, What::Mark(_))) {
        pieces
    } else {
        emoji::alone(text)
    }
}

/// Marks that meet, as in "?!" or where something unspeakable stood between
/// them, become the stronger one.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    if let What::Mark(new) = piece.what
        && let Some(Piece { what: What::Mark(last), .. }) = pieces.last_mut()
        && let (Some(strength), Some(new_strength)) = (strength(*last), strength(new))
    {
        if new_strength > strength {
            *last = new;
        }
        return;
    }
    pieces.push(piece);
}

/// How much a mark says about the sentence; none for brackets, quotes and paragraphs.
fn strength(mark: char) -> Option<usize> {
    const WEAK_TO_STRONG: [char; 8] = [',', ';', ':', '—', '…', '.', '!', '?'];
    WEAK_TO_STRONG.iter().position(|&known| known == mark)
}
