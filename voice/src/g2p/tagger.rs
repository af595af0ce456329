//! The part of speech of each word of a sentence, in Penn Treebank tags: an
//! averaged perceptron over the words and tags around it. Only used to choose
//! between pronunciations.

use std::collections::HashMap;

static MODEL: &[u8] = include_bytes!("../../assets/tagger.bin");
static TAGS: &str = include_str!("../../assets/tags.txt");

/// What stands before and after the words of a sentence.
const BEFORE: [&str; 2] = ["-START2-", "-START-"];
const AFTER: [&str; 2] = ["-END-", "-END2-"];

/// The model. Its layout is told in `scripts/make-pronunciations`.
pub(crate) struct Tagger {
    tags: Vec<&'static str>,
    /// The tag of words that have but one, by their hash.
    settled: HashMap<u32, u8>,
    frequent: Vec<u32>,
    features: Vec<u32>,
    /// Where each feature's weights begin, and where the last one's end.
    starts: Vec<u32>,
    /// Pairs of tag and weight.
    weights: &'static [u8],
}

impl Tagger {
    pub fn new() -> Self {
        let mut rest = MODEL;
        let words = keys(&mut rest);
        let (settled, mut rest) = rest.split_at(words.len());
        let frequent = keys(&mut rest);
        let features = keys(&mut rest);
        let (counts, weights) = rest.split_at(features.len());
        let mut total = 0;
        let starts = std::iter::once(0).chain(counts.iter().map(|&count| {
            total += u32::from(count);
            total
        }));
        Self {
            tags: TAGS.lines().collect(),
            settled: words.into_iter().zip(settled.iter().copied()).collect(),
            frequent,
            features,
            starts: starts.collect(),
            weights,
        }
    }

    /// The tag of each word; punctuation counts as a word.
    pub fn tags(&self, words: &[&str]) -> Vec<&'static str> {
        let shown: Vec<String> = words.iter().map(|word| self.shown(word)).collect();
        let context: Vec<&str> =
            BEFORE.into_iter().chain(shown.iter().map(String::as_str)).chain(AFTER).collect();
        let [mut before_last, mut last] = BEFORE;
        let mut tags = Vec::with_capacity(words.len());
        for (i, word) in words.iter().enumerate() {
            let tag = match self.settled.get(&hash(&[word])) {
                Some(&tag) => self.tags[usize::from(tag)],
                None => self.predict(i, word, &context[i..i + 5], before_last, last),
            };
            tags.push(tag);
            (before_last, last) = (last, tag);
        }
        tags
    }

    fn predict(
        &self,
        i: usize,
        word: &str,
        around: &[&str],
        before_last: &str,
        last: &str,
    ) -> &'static str {
        let mut scores = [0i32; 64];
        let mut add = |parts: &[&str]| {
            let Ok(found) = self.features.binary_search(&hash(parts)) else { return };
            let range = 2 * self.starts[found] as usize..2 * self.starts[found + 1] as usize;
            for pair in self.weights[range].chunks_exact(2) {
                scores[usize::from(pair[0] & 63)] += i32::from(pair[1] as i8);
            }
        };
        let first = word.chars().next().map_or(0, char::len_utf8);
        add(&["b"]);
        add(&["s3=", ending(word)]);
        add(&["p1=", &word[..first]]);
        add(&["w=", around[2]]);
        add(&["sh=", &shape(word)]);
        add(&[if i == 0 { "i0" } else { "i+" }]);
        add(&["t-1=", last]);
        add(&["t-2=", before_last]);
        add(&["t-12=", last, ",", before_last]);
        add(&["w-1=", around[1]]);
        add(&["s3-1=", ending(around[1])]);
        add(&["w-2=", around[0]]);
        add(&["w+1=", around[3]]);
        add(&["s3+1=", ending(around[3])]);
        add(&["w+2=", around[4]]);
        // The tags are in order, and of equal ones the last wins.
        let best = (0..self.tags.len()).max_by_key(|&tag| scores[tag]);
        best.map_or("NN", |tag| self.tags[tag])
    }

    /// A word as the features see it: rare ones by their shape alone.
    fn shown(&self, word: &str) -> String {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let plain = if word.contains('-') && !word.starts_with('-') {
            "!HYPHEN".to_owned()
        } else if digits && word.len() == 4 {
            "!YEAR".to_owned()
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            "!DIGITS".to_owned()
        } else {
            word.to_lowercase()
        };
        if self.frequent.binary_search(&hash(&[&plain])).is_ok() {
            plain
        } else {
            format!("<{}>", shape(word))
        }
    }
}

/// A table's keys: their number, then each, in order.
fn keys(rest: &mut &'static [u8]) -> Vec<u32> {
    let mut next = || {
        let (number, tail) = rest.split_first_chunk().unwrap_or((&[0; 4], &[]));
        *rest = tail;
        u32::from_le_bytes(*number)
    };
    let count = next();
    (0..count).map(|_| next()).collect()
}

/// The lower half of FNV-1a with 64 bits, over the parts joined.
fn hash(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    });
    hash as u32
}

/// The last three characters.
fn ending(word: &str) -> &str {
    word.char_indices().rev().nth(2).map_or(word, |(at, _)| &word[at..])
}

fn shape(word: &str) -> String {
    let mut letters = word.chars();
    let tail_is_small =
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
    if word.chars().all(char::is_alphabetic) {
        let known = if word.chars().all(char::is_lowercase) {
            "x"
        } else if word.chars().all(char::is_uppercase) {
            if word.chars().count() > 1 { "XX" } else { "X1" }
        } else if tail_is_small {
            "Xx"
        } else {
            "xX"
        };
        return known.to_owned();
    }
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return "d".to_owned();
    }
    let kind = |c: char| {
        if c.is_numeric() {
            'd'
        } else if c.is_alphabetic() {
            'x'
        } else {
            c
        }
    };
    word.chars().take(4).map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_around_tell_the_part_of_speech() {
        let tagger = Tagger::new();
        let tag = |sentence: &str, word: &str| {
            let words: Vec<&str> = sentence.split(' ').collect();
            let at = words.iter().position(|w| *w == word).expect("the word is in the sentence");
            tagger.tags(&words)[at]
        };
        assert_eq!(tag("I read a book yesterday .", "read"), "VBD");
        assert_eq!(tag("I will read it to you .", "read"), "VB");
        assert_eq!(tag("They record a song .", "record"), "VBP");
        assert_eq!(tag("It was a record .", "record"), "NN");
        assert_eq!(tag("Please close the door .", "close"), "VB");
    }

    #[test]
    fn odd_words_have_a_tag_too() {
        let tagger = Tagger::new();
        assert_eq!(tagger.tags(&["", "\0", "é", "1234", "x-y"]).len(), 5);
        assert!(tagger.tags(&[]).is_empty());
    }
}
