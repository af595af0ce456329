//! Which words carry meaning, for comparing what was said with what is to be
//! kept. Words only.

use std::collections::HashSet;

const STOP: &[&str] = &[
    "a", "an", "the", "i", "me", "my", "mine", "we", "us", "our", "you", "your", "he", "him",
    "his", "she", "her", "it", "its", "they", "them", "their", "is", "am", "are", "was", "were",
    "be", "been", "being", "do", "does", "did", "have", "has", "had", "will", "would", "can",
    "could", "shall", "should", "may", "might", "must", "not", "and", "or", "but", "so", "that",
    "this", "these", "those", "there", "here", "in", "on", "at", "to", "of", "for", "from", "with",
    "by", "about", "as", "than", "then", "just", "really", "very", "too", "got", "get", "going",
    "'s", "'d", "one", "some", "any", "all", "name", "called", "who", "which", "what", "when",
    "still", "now", "person", "user",
];

/// Carries meaning of its own.
pub fn is_content(word: &str) -> bool {
    !STOP.contains(&word) && word.chars().any(char::is_alphanumeric)
}

/// Without its ending: "move" of "moved".
pub fn stem(word: &str) -> String {
    let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::English);
    stemmer.stem(word).into_owned()
}

/// The content words of a text, stemmed; numbers are among them.
pub fn content(text: &str) -> HashSet<String> {
    super::token::tokens(text)
        .iter()
        .flat_map(|token| token.norm.split(['-', ' ', '/']).map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| is_content(word))
        .map(|word| stem(&word))
        .collect()
}
