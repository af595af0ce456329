//! Lines by the words that stand in them, as they are spelled.
//!
//! For a person who looks for a word: all lines with it are found, the latest
//! first, and nothing else. Case and accents do not matter, and a word may be
//! begun only. Kept by [`crate::Memory`] in the process's own memory: the words
//! of all lines one after the other, which are read through for each search.
//! That takes milliseconds for 100,000 lines.

use crate::store::LineId;
use jiff::Timestamp;
use memchr::memmem;
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// Before each word; no word holds it.
const BEFORE_WORD: char = ' ';

/// See the module's documentation.
#[derive(Default)]
pub struct Spelled {
    /// The words of all lines, each behind [`BEFORE_WORD`].
    text: String,
    /// In the order of `text`.
    lines: Vec<Place>,
}

/// A line, and where its words begin.
struct Place {
    id: LineId,
    at: Timestamp,
    start: usize,
}

impl Spelled {
    /// Makes a line findable that was not.
    pub fn add(&mut self, id: LineId, at: Timestamp, text: &str) {
        self.lines.push(Place { id, at, start: self.text.len() });
        for word in text.unicode_words() {
            self.text.push(BEFORE_WORD);
            fold(word, &mut self.text);
        }
        // So that a word is not found at the end of the line before.
        self.text.push('\n');
    }

    /// These lines are found no longer.
    pub fn remove(&mut self, gone: &BTreeSet<LineId>) {
        if gone.is_empty() {
            return;
        }
        let mut kept = Self::default();
        for (n, line) in self.lines.iter().enumerate() {
            if !gone.contains(&line.id) {
                kept.lines.push(Place { start: kept.text.len(), ..*line });
                kept.text.push_str(&self.text[self.words_of(n)]);
            }
        }
        *self = kept;
    }

    /// Lines in which every one of these words stands or begins a word, the
    /// latest first. No line, if there is no word.
    pub fn search(&self, words: &str) -> Vec<LineId> {
        let mut wanted = beginnings(words, true);
        // The longest is the rarest, mostly.
        wanted.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let Some((first, others)) = wanted.split_first() else { return Vec::new() };
        let first = memmem::Finder::new(first);
        let others: Vec<_> = others.iter().map(memmem::Finder::new).collect();
        let text = self.text.as_bytes();
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(found) = first.find(&text[from..]) {
            let n = self.lines.partition_point(|line| line.start <= from + found) - 1;
            let words = self.words_of(n);
            from = words.end;
            if others.iter().all(|word| word.find(&text[words.clone()]).is_some()) {
                hits.push((self.lines[n].at, self.lines[n].id));
            }
        }
        hits.sort_unstable_by(|a, b| b.cmp(a));
        hits.into_iter().map(|(_, id)| id).collect()
    }

    fn words_of(&self, n: usize) -> Range<usize> {
        let end = self.lines.get(n + 1).map_or(self.text.len(), |next| next.start);
        self.lines[n].start..end
    }
}

/// Where in a text the words stand that [`Spelled::search`] finds it by.
pub fn marks(text: &str, words: &str) -> Vec<Range<usize>> {
    let wanted = beginnings(words, false);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut folded = String::new();
    text.unicode_word_indices()
        .filter(|(_, word)| {
            folded.clear();
            fold(word, &mut folded);
            wanted.iter().any(|wanted| folded.starts_with(wanted))
        })
        .map(|(start, word)| start..start + word.len())
        .collect()
}

/// The words of a search as they are compared.
fn beginnings(words: &str, marked: bool) -> Vec<String> {
    let one = |word: &str| {
        let mut wanted = String::from(if marked { " " } else { "" });
        fold(word, &mut wanted);
        wanted
    };
    words.unicode_words().map(one).collect()
}

/// Adds a word without case and accents.
fn fold(word: &str, to: &mut String) {
    if word.is_ascii() {
        to.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    let bare = word.nfkd().filter(|c| !is_combining_mark(*c));
    to.extend(bare.flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(lines: &[&str]) -> Spelled {
        let mut spelled = Spelled::default();
        for (n, text) in lines.iter().enumerate() {
            let at = Timestamp::from_second(n as i64).expect("in range");
            spelled.add(n as LineId, at, text);
        }
        spelled
    }

    #[test]
    fn whole_words_and_beginnings_are_found_and_nothing_inside_a_word() {
        let spelled = spelled(&[
            "My sister moved to the café in Lisbon.",
            "It’s a removal van; I don't mind.",
            "We are moving, sister!",
            "私の妹はリスボンに引っ越しました",
            "",
        ]);
        for (words, found) in [
            ("move", &[0][..]),
            ("mov", &[2, 0]),
            ("SISTER mov", &[2, 0]),
            ("lisbon sister", &[0]),
            ("cafe", &[0]),
            ("Café", &[0]),
            ("don’t", &[1]),
            ("it's", &[1]),
            ("oval", &[]),
            ("妹", &[3]),
            ("リスボ", &[3]),
            ("mind we", &[]),
            ("", &[]),
            (" ?! ", &[]),
        ] {
            assert_eq!(spelled.search(words), found, "{words}");
        }
    }

    #[test]
    fn what_is_removed_is_found_no_longer() {
        let mut spelled = spelled(&["one heron", "two herons", "three herons"]);
        spelled.remove(&BTreeSet::from([1]));
        assert_eq!(spelled.search("heron"), [2, 0]);
        assert!(!spelled.text.contains("two"));
        spelled.add(9, Timestamp::MAX, "the last heron");
        assert_eq!(spelled.search("heron"), [9, 2, 0]);
    }

    #[test]
    fn the_words_that_were_found_are_marked() {
        let text = "Die Möwen, die Möwe!";
        let marked: Vec<&str> = marks(text, "mowe").into_iter().map(|range| &text[range]).collect();
        assert_eq!(marked, ["Möwen", "Möwe"]);
        assert!(marks(text, " ").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn every_word_of_a_line_finds_it(texts in proptest::collection::vec(".{0,40}", 1..8)) {
            let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
            let spelled = spelled(&lines);
            for (n, text) in lines.iter().enumerate() {
                for word in text.unicode_words() {
                    // A word may be cut otherwise when it stands alone.
                    if word.unicode_words().eq([word]) {
                        proptest::prop_assert!(spelled.search(word).contains(&(n as LineId)));
                        proptest::prop_assert!(!marks(text, word).is_empty());
                    }
                }
            }
        }
    }
}
