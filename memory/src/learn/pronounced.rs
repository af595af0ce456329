//! How the person wants a word to be said: "Joaquin is pronounced wah-KEEN."

use super::{Candidate, Said, Someone, Subject, Topic};

/// Between the word and its way of being said, in the statement that is kept.
const IS_PRONOUNCED: &str = " is pronounced ";

/// Ways to say it, with the word before and its sound behind.
const AFTER_THE_WORD: [&str; 6] = [
    " is pronounced like ",
    " is pronounced as ",
    " is pronounced ",
    " is said like ",
    " is spoken like ",
    "'s pronounced ",
];
/// Ways with both behind, parted by one of [`PARTED_BY`].
const BEFORE_THE_WORD: [&str; 5] =
    ["you pronounce ", "you say ", "please pronounce ", "please say ", "pronounce "];
const PARTED_BY: [&str; 2] = [" like ", " as "];

/// How a way is spoken of, not a way.
const ADVERBS: [&str; 8] =
    ["wrong", "right", "so", "different", "that", "funny", "backwards", "written"];

/// A way of saying is no longer than this.
const WAY_WORDS_MOST: usize = 4;

/// The word and its way, if this statement tells one.
pub fn pronunciation(statement: &str) -> Option<(String, String)> {
    let (word, way) = statement.strip_suffix('.')?.split_once(IS_PRONOUNCED)?;
    Some((word.to_owned(), way.trim_matches('"').to_owned()))
}

/// What a text tells of it.
pub(super) fn told(said: &Said<'_>) -> Option<Candidate> {
    let text = said.text.replace('’', "'");
    let mut sentences = text.split_inclusive(['.', '!', '?']);
    let sentence = sentences.find(|sentence| is_told(sentence))?;
    let sentence = sentence.trim().trim_end_matches(['.', '!']);
    let (word, way) = after_the_word(sentence).or_else(|| before_the_word(sentence))?;
    let way = way.split(',').next().unwrap_or(way);
    // Of "you say Maria like you mean it" nothing is to be learnt, nor of
    // "Xavier is pronounced with a Z" or "... quite differently": a way is spelt
    // out, or of one or two words that are no words of a sentence.
    let is_spelt = way.contains(['-', '/', '"', '“']);
    let word = plain(word);
    let way: Vec<&str> = plain(way).split_whitespace().collect();
    let is_sound = way.len() <= 2
        && crate::words::telling(&way.join(" ")).len() == way.len()
        && way.iter().all(|word| !word.ends_with("ly") && !ADVERBS.contains(word));
    let is_named = sentence.to_lowercase().contains("pronounce");
    if !is_spelt && (!is_sound || !is_named) {
        return None;
    }
    let is_way = (1..=WAY_WORDS_MOST).contains(&way.len())
        && way.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || "-'/ˈˌː".contains(c)));
    let is_word = word.chars().next().is_some_and(char::is_uppercase)
        && !word.contains(' ')
        && !matches!(word, "It" | "That" | "This" | "He" | "She" | "They" | "I");
    if !is_way || !is_word {
        return None;
    }
    Some(Candidate {
        statement: format!("{word}{IS_PRONOUNCED}\"{}\".", way.join("-")),
        subject: Subject::Other(Someone { name: word.to_owned(), relation: String::new() }),
        topic: Topic::Other,
        slot: "pronunciation".into(),
        when: None,
        confidence: 0.9,
        corrects: false,
    })
}

/// Whether a sentence tells how something is said, rather than asks or doubts.
fn is_told(sentence: &str) -> bool {
    let sentence = format!(" {}", sentence.to_lowercase());
    let is_about_it =
        ["pronounce", "say ", " is said ", " is spoken like "].iter().any(|w| sentence.contains(w));
    let is_open = [" how ", " if ", " whether ", " wonder", " maybe ", " or ", "don't", "never"];
    is_about_it && !sentence.ends_with('?') && !is_open.iter().any(|w| sentence.contains(w))
}

fn after_the_word(sentence: &str) -> Option<(&str, &str)> {
    AFTER_THE_WORD.iter().find_map(|between| {
        let (before, way) = sentence.split_once(between)?;
        // "My friend Joaquin is pronounced …", "No, Joaquin is …"
        let word = before.split([' ', ',']).next_back()?;
        Some((word, way))
    })
}

fn before_the_word(sentence: &str) -> Option<(&str, &str)> {
    BEFORE_THE_WORD.iter().find_map(|before| {
        let at = sentence.to_lowercase().find(before)?;
        let rest = sentence.get(at + before.len()..)?;
        let (word, way) = PARTED_BY.iter().find_map(|between| rest.split_once(between))?;
        Some((plain(word), way))
    })
}

/// Without quotation marks and commas around.
fn plain(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ",;:\"“”".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way_of(text: &str) -> Option<(String, String)> {
        let at: jiff::Zoned = "2025-05-01T12:00:00[UTC]".parse().expect("a time");
        let said = Said { text, at: &at, before: &[], people: &[] };
        told(&said).and_then(|candidate| pronunciation(&candidate.statement))
    }

    #[test]
    fn how_a_name_is_said_is_learnt() {
        let joaquin = Some(("Joaquin".to_owned(), "wah-KEEN".to_owned()));
        for text in [
            "Joaquin is pronounced wah-KEEN.",
            "No, Joaquin is pronounced like \"wah KEEN\".",
            "Joaquin is pronounced wah KEEN, by the way.",
            "By the way, you pronounce Joaquin as wah-KEEN.",
            "Please say Joaquin like wah-KEEN!",
        ] {
            assert_eq!(way_of(text), joaquin, "{text}");
        }
    }

    #[test]
    fn other_talk_of_saying_is_not() {
        for text in [
            "Would you say that like a friend?",
            "It is pronounced in a way that nobody here can follow at all.",
            "You say potato like it matters.",
            "He was pronounced dead.",
            "You say Maria like you mean it.",
            "Do you know if Siobhan is pronounced like it is written?",
            "I never know how Worcester is pronounced exactly.",
            "Xavier is pronounced with a Z.",
            "You pronounce Anna with a long a.",
            "Everybody says that Hermione is pronounced quite differently.",
        ] {
            assert_eq!(way_of(text), None, "{text}");
        }
    }
}
