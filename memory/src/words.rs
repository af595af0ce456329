//! The words of a text that tell something, in a form that can be compared.

use rust_stemmers::{Algorithm, Stemmer};

/// Words that say how a sentence is built, not what it is about.
const LIGHT: &[&str] = &[
    "a",
    "about",
    "all",
    "an",
    "and",
    "any",
    "anything",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "did",
    "do",
    "does",
    "everything",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "him",
    "his",
    "i",
    "i'm",
    "i've",
    "if",
    "in",
    "is",
    "it",
    "its",
    "just",
    "like",
    "me",
    "mine",
    "my",
    "no",
    "not",
    "of",
    "on",
    "or",
    "our",
    "please",
    "said",
    "she",
    "so",
    "some",
    "something",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "they",
    "thing",
    "things",
    "this",
    "to",
    "told",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "who",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// The telling words, stemmed and in lower case, in order and with repetition.
pub fn telling(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    text.to_lowercase()
        .replace('’', "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').trim_end_matches("'s"))
        .filter(|word| !word.is_empty() && !LIGHT.contains(word))
        .map(|word| stemmer.stem(word).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_alike_and_small_words_are_left_out() {
        assert_eq!(telling("what I said about Ana's dogs"), ["ana", "dog"]);
        assert_eq!(telling("My dog, it’s Ana’s."), ["dog", "ana"]);
        assert_eq!(telling("everything about that"), Vec::<String>::new());
    }
}
