//! Meanings of words as vectors, shipped with the program.
//!
//! A table of word stems, made once by `scripts/make-word-table`: no download,
//! no runtime, about a microsecond a word, so that nothing needs to be kept
//! beside the text. Called by the index; never changes.

use std::sync::LazyLock;

/// Numbers in a vector.
pub(super) const DIMS: usize = 256;

/// The table; see [`Table::parse`] for its layout.
static BYTES: &[u8] = include_bytes!("../../assets/words.bin");
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(BYTES));

/// Names the table, so that a change of it is noticed.
pub const TABLE_ID: &str = "wordllama-minilm-256/1";

/// A row of the table.
pub(super) type Row = u16;

/// The meanings of words.
pub(super) struct Table {
    /// Stems in ascending order.
    stems: Vec<&'static str>,
    /// How much a word tells: near 0.0 for the commonest, 1.0 for rare ones.
    weights: &'static [u8],
    /// Unit vectors times a constant, row after row.
    vectors: &'static [u8],
    /// Where the related words of each row begin, and where the last end.
    related_start: Vec<u32>,
    /// Related rows with their similarity in 1/255: row (2 bytes), similarity.
    related: &'static [u8],
}

/// The table that is shipped.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// Little-endian: rows (u32), bytes of the stems (u32), related words
    /// (u32); the stems, a line each; a weight byte a row; [`DIMS`] signed
    /// bytes a row; the count of related words, a byte a row; then those, three
    /// bytes each.
    fn parse(bytes: &'static [u8]) -> Self {
        let number = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
        };
        let (rows, stems_len, related_len) = (number(0), number(4), number(8));
        let (stems, rest) = bytes[12..].split_at(stems_len);
        let (weights, rest) = rest.split_at(rows);
        let (vectors, rest) = rest.split_at(rows * DIMS);
        let (counts, related) = rest.split_at(rows);
        let stems: Vec<_> =
            stems.split(|b| *b == b'\n').map(|s| str::from_utf8(s).unwrap_or_default()).collect();
        let mut related_start = Vec::with_capacity(rows + 1);
        let mut start = 0;
        for count in counts {
            related_start.push(start);
            start += u32::from(*count);
        }
        related_start.push(start);
        assert_eq!(
            (stems.len(), related.len()),
            (rows, related_len * 3),
            "the word table is whole"
        );
        Self { stems, weights, vectors, related_start, related }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.stems.len()
    }

    /// The row of a stem.
    pub fn row(&self, stem: &str) -> Option<Row> {
        self.stems.binary_search(&stem).ok().map(|row| row as Row)
    }

    /// How much the word tells, 0.0..=1.0.
    pub fn weight(&self, row: Row) -> f32 {
        f32::from(self.weights[usize::from(row)]) / 255.0
    }

    /// Its meaning; all rows have the same length.
    pub fn vector(&self, row: Row) -> impl Iterator<Item = f32> {
        let at = usize::from(row) * DIMS;
        self.vectors[at..at + DIMS].iter().map(|b| f32::from(b.cast_signed()))
    }

    /// Words of like meaning, with the cosine of their vectors.
    pub fn related(&self, row: Row) -> impl Iterator<Item = (Row, f32)> {
        let row = usize::from(row);
        let [from, to] = [self.related_start[row], self.related_start[row + 1]].map(|i| i as usize);
        self.related[from * 3..to * 3]
            .chunks_exact(3)
            .map(|r| (Row::from_le_bytes([r[0], r[1]]), f32::from(r[2]) / 255.0))
    }
}

/// A sum of meanings, kept small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vector {
    /// The direction.
    pub bytes: [i8; DIMS],
    /// The sum is the direction times this.
    pub scale: f32,
}

impl Vector {
    /// No meaning at all.
    pub const ZERO: Self = Self { bytes: [0; DIMS], scale: 0.0 };

    /// Sums up meanings, each times its weight.
    pub fn sum(parts: impl Iterator<Item = (Row, f32)>) -> Self {
        let mut sum = [0.0_f32; DIMS];
        for (row, weight) in parts {
            for (s, x) in sum.iter_mut().zip(table().vector(row)) {
                *s += weight * x;
            }
        }
        let largest = sum.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if largest == 0.0 {
            return Self::ZERO;
        }
        let scale = largest / 127.0;
        Self { bytes: sum.map(|x| (x / scale).round() as i8), scale }
    }

    /// Its length.
    pub fn norm(&self) -> f32 {
        (dot(&self.bytes, &self.bytes) as f32).sqrt() * self.scale
    }
}

/// The dot product of two directions.
pub(super) fn dot<const N: usize>(a: &[i8; N], b: &[i8; N]) -> i32 {
    // Products of bytes fit 16 bits: this form becomes multiply-and-add
    // instructions on every processor.
    a.iter().zip(b).map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::text::stem;

    fn similarity(a: &str, b: &str) -> f32 {
        let [a, b] = [a, b].map(|word| {
            let row = table().row(&stem(word)).expect("the table has the word");
            Vector::sum(std::iter::once((row, 1.0)))
        });
        dot(&a.bytes, &b.bytes) as f32 * a.scale * b.scale / (a.norm() * b.norm())
    }

    #[test]
    fn like_words_have_like_vectors() {
        assert!(similarity("sister", "family") > similarity("sister", "engine") + 0.1);
        assert!(similarity("movie", "film") > 0.5);
    }

    #[test]
    fn common_words_weigh_little() {
        let weight = |word| table().weight(table().row(word).expect("the table has the word"));
        assert!(weight("good") < weight("violin"));
    }

    #[test]
    fn related_words_are_found_and_never_the_word_itself() {
        let row = table().row("dog").expect("the table has the word");
        let names: Vec<_> =
            table().related(row).map(|(r, _)| table().stems[usize::from(r)]).collect();
        assert!(names.contains(&"puppi"), "{names:?}");
        assert!(!names.contains(&"dog"));
    }
}
