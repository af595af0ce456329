//! What the model can write at all: short lines in the person's own words.
//!
//! Within this grammar it can cut and rearrange what was said, but it cannot
//! say "grandmother" for "gran", nor make anything up.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What plain statements need besides, when "she's" becomes "my wife is".
const GLUE: &[&str] = &[
    "I", "I'm", "I've", "I have", "we", "we're", "my", "our", "is", "am", "are", "was", "were",
    "has", "have", "had", "a", "an", "the", "and", "of", "to", "in", "at", "with", "not", "name",
    "called",
];
/// The longest statement.
const MAX_WORDS: usize = 22;

/// At most `max_lines` statements in the words of `texts`.
pub fn own_words(texts: &[&str], max_lines: usize) -> String {
    let own = texts.iter().flat_map(|text| text.split_whitespace()).map(bare);
    let words: BTreeSet<String> =
        own.chain(GLUE.iter().map(|word| (*word).to_owned())).filter(|w| !w.is_empty()).collect();
    let capitals: BTreeSet<String> = words.iter().map(|word| capitalised(word)).collect();
    let (more_lines, more_words) = (max_lines - 1, MAX_WORDS - 1);
    let mut grammar = format!(
        "root ::= line (\"\\n\" line){{0,{more_lines}}}\nline ::= first (\" \" \
         word){{2,{more_words}}} \".\"\n"
    );
    for (rule, words) in [("first", &capitals), ("word", &words)] {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(grammar, "{rule} ::= {}", quoted.join(" | "));
    }
    grammar
}

/// The word without the punctuation around it, and without what has a meaning
/// in grammars.
fn bare(word: &str) -> String {
    let word = word.replace('\u{2019}', "'");
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '-' | '.' | ':' | '/' | '&'))
        .collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_said_can_be_written() {
        let grammar = own_words(&["Um, \"she's\" at 3.30; so\\what?"], 2);
        let words = grammar.lines().find(|line| line.starts_with("word ::=")).expect("a rule");
        for word in ["\"she's\"", "\"3.30\"", "\"sowhat\"", "\"my\""] {
            assert!(words.contains(word), "{word} in {words}");
        }
        assert!(!words.contains("grandmother"));
        assert!(grammar.contains("\"She's\" |"));
        assert!(!grammar.contains('\\') || grammar.matches('\\').count() == 1, "{grammar}");
    }

    #[test]
    fn nothing_said_is_no_special_case() {
        assert!(own_words(&[""], 1).contains("word ::= \"I\""));
    }
}
