//! Words of the dictionary and their phonemes, looked up in place in tables
//! that are part of the program (`assets/`, made by `scripts/make-pronunciations`).

use std::collections::HashMap;

use crate::phonemes;

static WORDS: &[u8] = include_bytes!("../../assets/lexicon.bin");
static HOMOGRAPHS: &str = include_str!("../../assets/homographs.tsv");

/// The dictionary.
pub(crate) struct Lexicon {
    /// By word: part of speech and phonemes.
    homographs: HashMap<&'static str, Vec<(&'static str, &'static str)>>,
}

/// What the dictionary has of a word.
pub(crate) enum Entry<'a> {
    One(String),
    /// By part of speech.
    Several(&'a [(&'static str, &'static str)]),
}

impl Lexicon {
    pub fn new() -> Self {
        let homographs = HOMOGRAPHS.lines().filter_map(|line| {
            let mut columns = line.split('\t');
            let word = columns.next()?;
            Some((word, columns.filter_map(|column| column.split_once(':')).collect()))
        });
        Self { homographs: homographs.collect() }
    }

    /// The entry spelt exactly so.
    pub fn get(&self, word: &str) -> Option<Entry<'_>> {
        match self.homographs.get(word) {
            Some(several) => Some(Entry::Several(several)),
            None => find(word.as_bytes()).map(Entry::One),
        }
    }
}

/// Searches the table; its layout is told in `scripts/make-pronunciations`.
fn find(word: &[u8]) -> Option<String> {
    let u32_at = |at: usize| {
        let bytes = WORDS[at..at + 4].try_into().unwrap_or_default();
        u32::from_le_bytes(bytes) as usize
    };
    let blocks = u32_at(0);
    let entries = &WORDS[4 + 4 * blocks..];
    let start = |block: usize| u32_at(4 + 4 * block);
    let first_word = |block: usize| {
        let at = start(block) + 2;
        &entries[at..at + usize::from(entries[at - 1])]
    };
    // The last block whose first word is not behind the one sought.
    let (mut low, mut high) = (0, blocks);
    while low < high {
        let middle = (low + high) / 2;
        if first_word(middle) <= word { low = middle + 1 } else { high = middle }
    }
    let block = low.checked_sub(1)?;
    let end = if low < blocks { start(low) } else { entries.len() };

    let mut rest = &entries[start(block)..end];
    let mut letters = Vec::with_capacity(32);
    while let [shared, further, tail @ ..] = rest {
        let (suffix, tail) = tail.split_at(usize::from(*further));
        let (&length, tail) = tail.split_first()?;
        let (said, tail) = tail.split_at(usize::from(length));
        letters.truncate(usize::from(*shared));
        letters.extend_from_slice(suffix);
        match letters.as_slice().cmp(word) {
            std::cmp::Ordering::Less => rest = tail,
            std::cmp::Ordering::Equal => {
                return Some(said.iter().copied().filter_map(phonemes::symbol).collect());
            }
            std::cmp::Ordering::Greater => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        for (word, said) in [
            ("hello", "həlˈO"),
            ("'Merica", "mˈɛɹəkə"),
            ("it's", "ɪts"),
            ("aaron", "ˈɛɹən"),
            ("children", "ʧˈɪldɹᵊn"),
            ("little", "lˈɪTᵊl"),
            ("zebra", "zˈibɹə"),
            ("lead", "lˈid"),
        ] {
            let found = find(word.as_bytes());
            assert_eq!(found.as_deref(), Some(said), "{word}");
        }
        for word in ["", "!", "zzzzzz", "hellp", "\u{10ffff}"] {
            assert_eq!(find(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn words_of_several_pronunciations_come_with_all() {
        let lexicon = Lexicon::new();
        let Some(Entry::Several(read)) = lexicon.get("read") else { panic!("read is a homograph") };
        assert!(read.contains(&("DEFAULT", "ɹˈid")) && read.contains(&("VBD", "ɹˈɛd")));
    }
}
