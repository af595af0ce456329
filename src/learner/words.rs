//! Whether two texts speak of the same. Words only; pure.

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

/// Those of them that tell something.
pub fn telling(text: &str) -> BTreeSet<String> {
    words(text).into_iter().filter(|word| is_telling(word)).collect()
}

fn is_telling(word: &str) -> bool {
    !LIGHT.contains(&word)
}

/// The same word, perhaps with another ending: "moved" and "moving".
pub fn alike(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let (shorter, longer) = {
        let (a, b) = (one.chars().count(), other.chars().count());
        (a.min(b), a.max(b))
    };
    one == other || (common >= 3 && common + 2 >= shorter && common + 4 >= longer && shorter >= 3)
}

/// How many of these words occur among those.
pub fn shared(these: &BTreeSet<String>, those: &BTreeSet<String>) -> usize {
    these.iter().filter(|word| those.iter().any(|other| alike(word, other))).count()
}

/// One says little that the other does not.
pub fn says_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (telling(one), telling(other));
    let (fewer, more) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    shared(fewer, more) * 3 >= fewer.len() * 2
}

/// Whether `source` denies what of it `statement` repeats: "I don't like
/// opera" denies "opera is what I like".
pub fn denies(source: &str, statement: &str) -> bool {
    let source = words(source);
    let told = telling(statement);
    let told_at: Vec<usize> = source
        .iter()
        .enumerate()
        .filter(|(_, word)| is_telling(word) && told.iter().any(|other| alike(word, other)))
        .map(|(at, _)| at)
        .collect();
    let (Some(first), Some(last)) = (told_at.first(), told_at.last()) else { return false };
    source[first.saturating_sub(3)..=*last].iter().any(|word| NEGATIONS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(alike(one, other), "{one} {other}");
        }
        for (one, other) in [("nut", "nurse"), ("lisbon", "lisp"), ("porto", "portugal")] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_was_said_already_is_noticed() {
        assert!(says_the_same("My sister Ana moved to Lisbon.", "Ana moved to Lisbon."));
        assert!(says_the_same("I live in Leeds.", "I live in Leeds with Tom and our dog."));
        assert!(!says_the_same("My sister Ana moved to Lisbon.", "My sister Ana has two kids."));
    }

    #[test]
    fn a_denial_reaches_as_far_as_its_clause() {
        assert!(denies("I don't drink coffee any more", "I drink coffee."));
        assert!(!denies("I don't drink coffee, it was wrecking my sleep", "It wrecked my sleep."));
    }
}
