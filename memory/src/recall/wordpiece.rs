//! Cuts a sentence into the pieces BERT models read.
//!
//! Words are lowered and lose their accents; each is cut greedily into the
//! longest pieces of the vocabulary. Called by the embedder.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The vocabulary of uncased BERT, a piece a line; a piece's line is its id.
static VOCABULARY: &str = include_str!("../../assets/wordpieces.txt");
static IDS: LazyLock<HashMap<&str, i32>> = LazyLock::new(|| VOCABULARY.lines().zip(0..).collect());

const UNKNOWN: i32 = 100;
const BEGIN: i32 = 101;
const END: i32 = 102;
/// Longer words are no words.
const WORD_CHARS_MOST: usize = 100;

/// The ids of `text`, with those of its beginning and end, `most` altogether.
pub(super) fn pieces(text: &str, most: usize) -> Vec<i32> {
    let mut ids = vec![BEGIN];
    for word in words(text) {
        push_word(&word, &mut ids);
        if ids.len() >= most {
            break;
        }
    }
    ids.truncate(most.saturating_sub(1));
    ids.push(END);
    ids
}

/// Words and, each for itself, marks and characters of scripts that do not
/// part words.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let plain = text.nfd().filter(|c| !is_combining_mark(*c) && !is_ignored(*c));
    for c in plain.flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            words.push(String::new());
        } else if is_mark(c) || is_ideograph(c) {
            words.extend([c.to_string(), String::new()]);
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn push_word(word: &str, ids: &mut Vec<i32>) {
    let before = ids.len();
    let mut rest = word;
    if word.chars().count() > WORD_CHARS_MOST {
        ids.push(UNKNOWN);
        return;
    }
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let longest = ends.into_iter().find_map(|end| {
            let piece = &rest[..end];
            let id = if rest.len() == word.len() {
                IDS.get(piece)
            } else {
                IDS.get(format!("##{piece}").as_str())
            };
            id.map(|id| (*id, end))
        });
        let Some((id, end)) = longest else {
            ids.truncate(before);
            ids.push(UNKNOWN);
            return;
        };
        ids.push(id);
        rest = &rest[end..];
    }
}

fn is_ignored(c: char) -> bool {
    (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{fffd}' | '\u{200b}'..='\u{200f}')
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}')
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}')
        || matches!(c, '\u{3008}'..='\u{3011}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
        || matches!(c, '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected ids are those of the model's own tokenizer.
    #[test]
    fn sentences_are_cut_as_the_model_learnt_them() {
        let cases: [(&str, &[i32]); 5] = [
            (
                "My sister Ana moved to Lisbon.",
                &[101, 2026, 2905, 9617, 2333, 2000, 11929, 1012, 102],
            ),
            (
                "Überraschung für's Café — naïve!",
                &[101, 19169, 8180, 20760, 3070, 6519, 1005, 1055, 7668, 1517, 15743, 999, 102],
            ),
            (
                "Antidisestablishmentarianism?",
                &[101, 3424, 10521, 4355, 7875, 13602, 3672, 12199, 2964, 1029, 102],
            ),
            ("私の妹 lives", &[101, 100, 1671, 100, 3268, 102]),
            (
                "don't you’ll 3.5kg",
                &[101, 2123, 1005, 1056, 2017, 1521, 2222, 1017, 1012, 1019, 2243, 2290, 102],
            ),
        ];
        for (text, ids) in cases {
            assert_eq!(pieces(text, 64), ids, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_and_still_ends() {
        let ids = pieces(&"dog ".repeat(500), 64);
        assert_eq!((ids.len(), ids[0], ids[63]), (64, BEGIN, END));
    }
}
