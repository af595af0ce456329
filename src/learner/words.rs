//! Whether two texts speak of the same. Words only; pure.

use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeSet;

/// Words that tell nothing by themselves.
const LIGHT: &[&str] = &[
    "a", "about", "all", "also", "am", "an", "and", "are", "as", "at", "be", "been", "being",
    "but", "by", "called", "can", "did", "do", "does", "for", "from", "get", "got", "had", "has",
    "have", "he", "her", "here", "him", "his", "i", "in", "is", "it", "its", "just", "me", "mine",
    "more", "my", "name", "no", "not", "now", "of", "on", "or", "our", "really", "she", "so",
    "some", "still", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to",
    "too", "us", "very", "was", "we", "were", "what", "when", "which", "who", "will", "with",
    "would", "you", "your",
];

const NEGATIONS: &[&str] = &["not", "no", "never", "nothing", "nobody", "neither", "cannot"];

/// The words of a text in lower case, "don't" as "do" and "not", "Ana's" as
/// "ana".
pub fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .flat_map(|word| {
            let word = word.trim_matches('\'');
            let (stem, negated) = match word {
                "can't" => ("can", true),
                "won't" => ("will", true),
                _ => match word.strip_suffix("n't") {
                    Some(stem) => (stem, true),
                    None => (word.split('\'').next().unwrap_or_default(), false),
                },
            };
            [Some(stem.to_owned()), negated.then(|| "not".to_owned())]
        })
        .flatten()
        .filter(|word| !word.is_empty())
        .collect()
}

/// Those of them that tell something, without their endings: "moved" and
/// "moving" are one.
pub fn telling(text: &str) -> BTreeSet<String> {
    stems(text).into_iter().filter(|stem| !stem.is_empty()).collect()
}

/// The words of a text without their endings; an empty one for each that tells
/// nothing by itself.
fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let stem = |word: &String| match LIGHT.contains(&word.as_str()) {
        true => String::new(),
        false => stemmer.stem(word).into_owned(),
    };
    words(text).iter().map(stem).collect()
}

/// How many of these words occur among those.
pub fn shared(these: &BTreeSet<String>, those: &BTreeSet<String>) -> usize {
    these.intersection(those).count()
}

/// One says little that the other does not.
pub fn says_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (telling(one), telling(other));
    let (fewer, more) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    shared(fewer, more) * 3 >= fewer.len() * 2
}

/// Whether `statement` says yes and no where `source` does: what it denies was
/// denied, and nothing that was denied is told as if it were so.
pub fn agrees(source: &str, statement: &str) -> bool {
    const NEAR: usize = 3;
    let (source_words, source_stems) = (words(source), stems(source));
    let (statement_words, statement_stems) = (words(statement), stems(statement));
    let is_no = |word: &String| NEGATIONS.contains(&word.as_str());
    let denied =
        |from: usize, to: usize| source_words[from.saturating_sub(NEAR)..=to].iter().any(is_no);
    let heard_at = |told: &String| source_stems.iter().position(|stem| stem == told);
    let telling = |stem: &&String| !stem.is_empty();
    if let Some(no) = statement_words.iter().position(is_no) {
        let told = statement_stems[no + 1..].iter().find(telling);
        return told.and_then(heard_at).is_some_and(|at| denied(at, at));
    }
    let told_at: Vec<usize> = statement_stems.iter().filter(telling).filter_map(heard_at).collect();
    match (told_at.iter().min(), told_at.iter().max()) {
        (Some(first), Some(last)) => !denied(*first, *last),
        _ => true,
    }
}

/// Whether what `statement` says of "I" or "we" was said of them in `source`:
/// a model likes to make "don't ever call" into "I don't ever call". True of
/// statements about others.
pub fn owns(source: &str, statement: &str) -> bool {
    const OWN: &[&str] = &["i", "we", "me", "us"];
    let told = words(statement);
    if !told.first().is_some_and(|first| OWN.contains(&first.as_str())) {
        return true;
    }
    let Some(first) = stems(statement).into_iter().find(|stem| !stem.is_empty()) else {
        return false;
    };
    let source_words = words(source);
    stems(source).iter().enumerate().any(|(at, stem)| {
        let before = &source_words[at.saturating_sub(5)..at];
        *stem == first && before.iter().any(|word| OWN.contains(&word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_no_statement_of_ones_own() {
        let said = "I hate mushrooms so don't ever suggest any";
        assert!(owns(said, "I hate mushrooms."));
        assert!(!owns(said, "I don't ever suggest any."));
        assert!(owns(said, "Mushrooms are what Ana hates."));
    }

    #[test]
    fn contractions_are_taken_apart() {
        assert_eq!(
            words("I don't, can't; Ana’s won't!"),
            "i do not can not ana will not".split(' ').collect::<Vec<_>>()
        );
    }

    #[test]
    fn another_ending_is_the_same_word() {
        for (one, other) in [("moved", "moving"), ("kid", "kids"), ("teach", "teaches")] {
            assert_eq!(telling(one), telling(other));
        }
        for (one, other) in [("nut", "nurse"), ("lisbon", "lisp"), ("porto", "portugal")] {
            assert_ne!(telling(one), telling(other));
        }
    }

    #[test]
    fn what_was_said_already_is_noticed() {
        assert!(says_the_same("My sister Ana moved to Lisbon.", "Ana moved to Lisbon."));
        assert!(says_the_same("I live in Leeds.", "I live in Leeds with Tom and our dog."));
        assert!(!says_the_same("My sister Ana moved to Lisbon.", "My sister Ana has two kids."));
    }

    #[test]
    fn yes_and_no_stay_where_they_were() {
        let said = "I don't drink coffee, it was wrecking my sleep";
        assert!(!agrees(said, "I drink coffee."));
        assert!(agrees(said, "I don't drink coffee."));
        assert!(agrees(said, "It was wrecking my sleep."));
        assert!(!agrees("I'm allergic to nuts so no cake", "I'm not allergic to nuts."));
        assert!(agrees("I hate eggs so don't cook eggs", "I hate eggs."));
    }
}
