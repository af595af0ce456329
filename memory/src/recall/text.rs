//! Words as they are compared: cut, lowered, stemmed, without stop words; and
//! the few cues of a sentence that tell what it asks or answers.
//!
//! Called by the index for documents and questions alike, so that both are
//! cut the same way. English is stemmed; words of other scripts stay whole.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation as _;

/// Words that say nothing of what a sentence is about.
const STOP_WORDS: &str = "a about above after again against all am an and any are aren't as at be \
    because been before being below between both but by can can't cannot could couldn't did \
    didn't do does doesn't doing don't down during each few for from further had hadn't has \
    hasn't have haven't having he her here hers herself him himself his how i i'd i'll i'm i've \
    if in into is isn't it it's its itself just let let's me mightn't more most mustn't my \
    myself no nor not now of off on once only or other our ours ourselves out over own same \
    shan't she she's should shouldn't so some such than that that's the their theirs them \
    themselves then there there's these they they're this those through to too under until up \
    very was wasn't we we're were weren't what what's when where which while who whom who's why \
    will with won't would wouldn't you you're your yours yourself yourselves also ever did much \
    many like get got go s t d ll re ve m";

/// Words (stemmed) of asking, not of what is asked about: they weigh little
/// when meanings are compared. "Can you recommend a good restaurant?"
const ASKING: &str = "advice advis ani best better choic choos consid enjoy experi find good great \
    help idea interest know look memor must need new next option plan pleas popular recommend \
    some someth start suggest tell thing think tip top tri uniqu upcom want way";

/// Words (stemmed) of greeting, thanking and agreeing: a sentence of nothing
/// but these, words of asking and names needs no memory.
const SMALL_TALK: &str = "absolut afternoon ah alright awesom bye cool count day eight eleven even exact fine \
    five four fun funni goodby goodnight haha hear hello hey hi hm hmm hundr \
    joke late later lol make mean mhm mind moment morn never nice night nine \
    oh ok okay one perfect question realli repeat right say see sens seven six \
    slow sorri speak stop sure talk ten thank thought three true twelv two uh \
    um understand wait welcom well wonder wow yeah yep yes zero";

/// Words of a sentence that answers "when".
const TEMPORAL: &str = "yesterday today tomorrow ago last next week weekend month year recently \
    tonight morning night friday saturday sunday monday tuesday wednesday thursday january \
    february march april may june july august september october november december days weeks \
    months years since soon";

const FIRST_PERSON: [&str; 6] = ["i", "my", "i'm", "i've", "we", "our"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words after which "may" is the month.
const BEFORE_MAY: [&str; 10] =
    ["in", "of", "last", "this", "next", "since", "until", "by", "early", "late"];

/// How questions after a time begin.
const ASKS_WHEN: [&str; 10] = [
    "when",
    "how long",
    "what date",
    "what year",
    "what month",
    "what day",
    "in which month",
    "in which year",
    "which month",
    "which year",
];

/// Words (stemmed) for a kind of thing, and things of that kind: whoever asks
/// about their family asks about their sister.
const KINDS: [(&str, &str); 5] = [
    ("famili", KIN),
    ("relat", KIN),
    ("parent", "mother father mom mum dad"),
    ("sibl", "sister brother twin"),
    ("pet", "dog cat puppi kitten hamster rabbit parrot bird fish turtl hors guinea"),
];
const KIN: &str = "mother father mom mum dad parent sister brother sibl son daughter child children \
    kid babi wife husband spous aunt uncl cousin niec nephew grandmoth grandfath grandma grandpa \
    grandson granddaught grandpar grandchild grandchildren stepmoth stepfath twin relat famili";

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| set(STOP_WORDS));
static ASK: LazyLock<HashSet<&str>> = LazyLock::new(|| set(ASKING));
static SMALL: LazyLock<HashSet<&str>> = LazyLock::new(|| set(SMALL_TALK));
static TIME: LazyLock<HashSet<&str>> = LazyLock::new(|| set(TEMPORAL));

/// A word of a sentence that may be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was written, lowered.
    pub surface: String,
    /// As it is compared.
    pub stem: String,
}

/// A sentence, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// What it is about, in order, with repetitions.
    pub words: Vec<Word>,
    /// It ends with a question mark.
    pub is_question: bool,
    /// It speaks of the speaker.
    pub first_person: bool,
    /// It names a time.
    pub temporal: bool,
}

/// What a question asks of the time of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TimeAsked {
    /// "When …?", "How long …?"
    pub asks_when: bool,
    /// Months that are named, 1 to 12.
    pub months: Vec<i8>,
    /// Years that are named.
    pub years: Vec<i16>,
}

/// The word stem `word`, lowered already, is compared by.
pub(super) fn stem(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') {
        Stemmer::create(Algorithm::English).stem(word).into_owned()
    } else {
        word.to_owned()
    }
}

/// Whether the stem belongs to asking rather than to what is asked about.
pub(super) fn is_asking(stem: &str) -> bool {
    ASK.contains(stem)
}

/// Whether the stem belongs to small talk.
pub(super) fn is_small_talk(stem: &str) -> bool {
    SMALL.contains(stem)
}

/// Stems of things of the kind that a stem names.
pub(super) fn things_of_kind(stem: &str) -> impl Iterator<Item = &'static str> {
    let things = KINDS.iter().find(|(kind, _)| *kind == stem).map_or("", |(_, things)| things);
    things.split_whitespace()
}

/// Lowered words with their possessive cut off, stop words included.
pub(super) fn lowered(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(|word| {
        let word = word.to_lowercase().replace('’', "'");
        match word.strip_suffix("'s") {
            Some(owner) if !STOP.contains(word.as_str()) => owner.to_owned(),
            _ => word,
        }
    })
}

impl Sentence {
    /// Takes `text` apart.
    pub fn parse(text: &str) -> Self {
        let mut sentence = Self::default();
        for surface in lowered(text) {
            sentence.first_person |= FIRST_PERSON.contains(&surface.as_str());
            sentence.temporal |= TIME.contains(surface.as_str());
            if !STOP.contains(surface.as_str()) {
                let stem = stem(&surface);
                sentence.words.push(Word { surface, stem });
            }
        }
        // A caption of a picture may follow the words in brackets.
        let said = text.split('[').next().unwrap_or_default();
        sentence.is_question = said.trim_end().ends_with(['?', '？', '؟']);
        sentence
    }
}

impl TimeAsked {
    /// Finds what `question` asks of time.
    pub fn parse(question: &str) -> Self {
        let lower = question.trim_start().to_lowercase();
        let mut asked = Self {
            asks_when: ASKS_WHEN.iter().any(|start| lower.starts_with(start)),
            ..Self::default()
        };
        let words: Vec<String> = lowered(question).collect();
        for (at, word) in words.iter().enumerate() {
            let is_number = |at: usize| {
                words.get(at).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
            };
            let before = at.checked_sub(1);
            if let Some(month) = MONTHS.iter().position(|name| name == word) {
                // "may" is mostly a verb.
                let is_month = word != "may"
                    || is_number(at + 1)
                    || before.is_some_and(|b| is_number(b) || BEFORE_MAY.contains(&&*words[b]));
                if is_month {
                    asked.months.push(month as i8 + 1);
                }
            } else if word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) {
                asked.years.extend(word.parse::<i16>());
            }
        }
        asked
    }

    /// Whether a day of this month and year is what was named. A year alone
    /// names too much to tell anything.
    pub fn fits(&self, year: i16, month: i8) -> bool {
        self.months.contains(&month) && (self.years.is_empty() || self.years.contains(&year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        Sentence::parse(text).words.into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn inflections_meet_in_one_stem() {
        assert_eq!(stems("She was visiting her sisters"), stems("visit sister"));
    }

    #[test]
    fn possessives_are_the_owner() {
        assert_eq!(stems("Ana’s dog"), stems("ana dog"));
    }

    #[test]
    fn other_scripts_stay_whole() {
        assert_eq!(stems("Моя сестра живёт в Лиссабоне")[1], "сестра");
        assert_eq!(stems("Überraschung"), ["überraschung"]);
        assert!(!stems("私の妹はリスボンに引っ越しました").is_empty());
    }

    #[test]
    fn a_caption_does_not_hide_the_question_mark() {
        assert!(Sentence::parse("Is it yours? [a photo of a dog]").is_question);
        assert!(!Sentence::parse("It is mine. [a photo of what?]").is_question);
    }

    #[test]
    fn months_and_years_of_a_question_are_understood() {
        let asked = TimeAsked::parse("What did she buy in August 2023?");
        assert!(asked.fits(2023, 8));
        assert!(!asked.fits(2022, 8));
        assert!(!asked.fits(2023, 9));
        assert!(TimeAsked::parse("Where was she in May?").fits(2023, 5));
        assert!(!TimeAsked::parse("May I ask where she was?").fits(2023, 5));
        assert!(TimeAsked::parse("When did she go?").asks_when);
        assert!(!TimeAsked::parse("Where did she go?").asks_when);
    }
}
