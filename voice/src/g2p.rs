//! Pieces of text to phonemes: the dictionary, the part of speech of homographs,
//! what the next word does to *the*, *to* and *a*, endings, names by their
//! letters, and pronunciations that the person gave.

mod lexicon;
mod respelling;
mod stems;
mod tagger;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::HashMap;
use std::ops::Range;

use rten::RunOptions;

use self::lexicon::{Entry, Lexicon};
use self::tagger::Tagger;
use self::unknown::Unknown;
use crate::phonemes::{self, PRIMARY, SECONDARY};
use crate::text::{Piece, What};

pub(crate) use self::respelling::phonemes_of;

/// Something that is said or that shapes how it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Utterance {
    pub kind: Kind,
    /// The bytes of the text it was written with.
    pub source: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Phonemes; not empty.
    Word(String),
    /// Like a word, and said without a gap after what is before: a letter of "FBI".
    Joined(String),
    Mark(char),
}

/// Knows how words are pronounced.
pub(crate) struct Pronouncer {
    lexicon: Lexicon,
    tagger: Tagger,
    unknown: Unknown,
    /// By the word in small letters; what the person said goes before all else.
    given: HashMap<String, String>,
}

/// What follows a word.
#[derive(Clone, Copy, Default)]
struct Next {
    /// Whether it begins with a vowel; `None` before a mark and at the end.
    vowel: Option<bool>,
    /// Whether it is "to".
    to: bool,
}

impl Pronouncer {
    /// `options`: how the network for unknown words runs.
    pub fn new(options: RunOptions) -> anyhow::Result<Self> {
        Ok(Self {
            lexicon: Lexicon::new(),
            tagger: Tagger::new(),
            unknown: Unknown::new(options)?,
            given: HashMap::new(),
        })
    }

    /// Replaces the pronunciations that the person gave: words as written, with
    /// a respelling or phonemes in slashes. What cannot be read is left out.
    pub fn set_given(&mut self, given: &[(String, String)]) {
        let read = |(word, respelled): &(String, String)| {
            Some((plain_apostrophes(word.trim()).to_lowercase(), phonemes_of(respelled)?))
        };
        self.given = given.iter().filter_map(read).collect();
    }

    /// What is said of `pieces`, which belong to one sentence or a few.
    pub fn pronounce(&self, pieces: &[Piece]) -> anyhow::Result<Vec<Utterance>> {
        let tags = self.tags(pieces);
        let mut next = Next::default();
        let mut said = Vec::with_capacity(pieces.len());
        // From the last to the first, since how a word is said depends on the next.
        for (i, piece) in pieces.iter().enumerate().rev() {
            let kind = match &piece.what {
                What::Mark(mark) => Kind::Mark(*mark),
                What::Phonemes(given) => {
                    Kind::Word(phonemes_of(&format!("/{given}/")).unwrap_or_default())
                }
                What::Word(word) => {
                    Kind::Word(self.word(&plain_apostrophes(word), tags[i], next)?)
                }
                What::Letter(letter) => {
                    let name = self.letter(*letter);
                    let joins = |a: &Piece, b: &Piece| {
                        matches!(a.what, What::Letter(_))
                            && (a.source == b.source || a.source.end == b.source.start)
                    };
                    let last = pieces.get(i + 1).is_none_or(|after| {
                        !matches!(after.what, What::Letter(_)) || !joins(piece, after)
                    });
                    let name = if last { name } else { phonemes::weakened(&name) };
                    if i > 0 && joins(&pieces[i - 1], piece) {
                        Kind::Joined(name)
                    } else {
                        Kind::Word(name)
                    }
                }
            };
            match &kind {
                Kind::Mark('"' | '“' | '”' | '(' | ')') => {}
                Kind::Mark(_) => next = Next::default(),
                Kind::Word(phonemes) | Kind::Joined(phonemes) if phonemes.is_empty() => continue,
                Kind::Word(phonemes) | Kind::Joined(phonemes) => {
                    let to =
                        matches!(&piece.what, What::Word(word) if word.eq_ignore_ascii_case("to"));
                    next = Next { vowel: phonemes::begins_with_vowel(phonemes), to };
                }
            }
            said.push(Utterance { kind, source: piece.source.clone() });
        }
        said.reverse();
        Ok(said)
    }

    /// The part of speech of each piece; contractions count as two words.
    fn tags(&self, pieces: &[Piece]) -> Vec<&'static str> {
        let spelt: Vec<String> = pieces
            .iter()
            .map(|piece| match &piece.what {
                What::Word(word) => plain_apostrophes(word),
                What::Letter(letter) => letter.to_string(),
                What::Phonemes(_) => "it".to_owned(),
                What::Mark(mark) => mark.to_string(),
            })
            .collect();
        let mut words = Vec::with_capacity(spelt.len());
        let mut heads = Vec::with_capacity(spelt.len());
        for word in &spelt {
            let small = word.to_ascii_lowercase();
            let tail = ["n't", "'s", "'m", "'re", "'ve", "'ll", "'d"]
                .iter()
                .find(|tail| small.ends_with(**tail));
            let (head, tail) = word.split_at(word.len() - tail.map_or(0, |tail| tail.len()));
            heads.push(words.len());
            if !head.is_empty() || tail.is_empty() {
                words.push(head);
            }
            if !tail.is_empty() {
                words.push(tail);
            }
        }
        // The tagger was taught with single sentences.
        let ends = |word: &&str| matches!(*word, "." | "!" | "?" | "…" | "\n");
        let tags: Vec<&str> =
            words.split_inclusive(ends).flat_map(|sentence| self.tagger.tags(sentence)).collect();
        heads.into_iter().map(|head| tags[head]).collect()
    }

    fn letter(&self, letter: char) -> String {
        let (large, small) = (letter.to_uppercase().to_string(), letter.to_lowercase().to_string());
        match self.lexicon.get(&large).or_else(|| self.lexicon.get(&small)) {
            Some(Entry::One(name)) => name,
            _ => String::new(),
        }
    }

    /// The phonemes of a word; empty if there is nothing to be said.
    fn word(&self, word: &str, tag: &'static str, next: Next) -> anyhow::Result<String> {
        if let Some(given) = self.given(word) {
            return Ok(given);
        }
        if let Some(said) = self.little_word(word, tag, next) {
            return Ok(said);
        }
        if let Some(said) = self.known(word, tag, next) {
            return Ok(emphasised(&said, word));
        }
        let parts: Vec<&str> = parts(word).collect();
        if parts.len() > 1 {
            let said: anyhow::Result<Vec<String>> = parts
                .iter()
                .map(|part| self.word(part, "NN", Next { vowel: Some(false), to: false }))
                .collect();
            return Ok(compound(&said?));
        }
        if is_initialism(word) {
            return Ok(self.spelt(word));
        }
        self.unknown.phonemes(word)
    }

    /// What the person gave for the word, or for what it is the genitive of.
    fn given(&self, word: &str) -> Option<String> {
        if self.given.is_empty() {
            return None;
        }
        let small = word.to_lowercase();
        if let Some(said) = self.given.get(&small) {
            return Some(said.clone());
        }
        let mut stems = stems::stems(&small).into_iter().filter(|_| small.contains('\''));
        stems.find_map(|(stem, ending)| self.given.get(&stem).map(|said| ending.onto(said)))
    }

    /// Words that change with what follows.
    fn little_word(&self, word: &str, tag: &str, next: Next) -> Option<String> {
        let small = word.to_ascii_lowercase();
        let said = match small.as_str() {
            "a" if tag == "DT" || word == "a" => "ɐ",
            "an" if word != "AN" => "ɐn",
            "the" => match next.vowel {
                Some(true) => "ði",
                _ => "ðə",
            },
            "to" => match next.vowel {
                None => "tu",
                Some(true) => "tʊ",
                Some(false) => "tə",
            },
            "in" if next.vowel.is_some() && tag == "IN" => "ɪn",
            "in" if tag != "NNP" => "ˈɪn",
            "am" if word == "am" && next.vowel.is_some() => "ɐm",
            "i" if tag == "PRP" => "ˌI",
            "by" if tag.starts_with("RB") => "bˈI",
            "used" if next.to && matches!(tag, "VBD" | "JJ" | "VBN") => "jˈust",
            "used" => "jˈuzd",
            _ => return None,
        };
        Some(said.to_owned())
    }

    /// From the dictionary, as it is or with an ending.
    fn known(&self, word: &str, tag: &'static str, next: Next) -> Option<String> {
        self.listed(word, tag, next).or_else(|| {
            let small = word.to_lowercase();
            let candidates = stems::stems(word).into_iter().chain(stems::stems(&small));
            candidates
                .filter(|(stem, _)| {
                    stem.chars().count() > 1 || stem.chars().all(char::is_uppercase)
                })
                .find_map(|(stem, ending)| Some(ending.onto(&self.listed(&stem, tag, next)?)))
                .filter(|said| !said.is_empty())
        })
    }

    /// From the dictionary, spelt so or with other capitals.
    fn listed(&self, word: &str, tag: &'static str, next: Next) -> Option<String> {
        let small = word.to_lowercase();
        let mut capital = small.chars();
        let capital: String =
            capital.next().into_iter().flat_map(char::to_uppercase).chain(capital).collect();
        let spellings = [word, small.as_str(), capital.as_str()];
        // Letters that happen to spell a rare word in small letters are letters.
        let own = if is_initialism(word) && tag.starts_with("NNP") {
            &spellings[..1]
        } else {
            &spellings[..]
        };
        let entry = own.iter().find_map(|spelling| self.lexicon.get(spelling))?;
        Some(match entry {
            Entry::One(said) => said,
            Entry::Several(several) => {
                let of = |tag: &str| {
                    several.iter().find(|(known, _)| *known == tag).map(|(_, said)| *said)
                };
                let alone = if next.vowel.is_none() { of("None") } else { None };
                let said = alone
                    .or_else(|| of(tag))
                    .or_else(|| of(class(tag)))
                    .or_else(|| of("DEFAULT"))?;
                said.to_owned()
            }
        })
    }

    /// Letter by letter, the last one stressed.
    fn spelt(&self, word: &str) -> String {
        let names: Vec<String> = word
            .chars()
            .filter(|c| c.is_alphabetic())
            .map(|c| self.letter(c))
            .filter(|n| !n.is_empty())
            .collect();
        let last = names.len().saturating_sub(1);
        let weak = |(i, name): (usize, &String)| {
            if i == last { name.clone() } else { phonemes::weakened(name) }
        };
        names.iter().enumerate().map(weak).collect()
    }
}

/// The dictionary's name for a class of tags.
fn class(tag: &str) -> &str {
    match tag {
        _ if tag.starts_with("VB") => "VERB",
        _ if tag.starts_with("NN") => "NOUN",
        _ if tag.starts_with("RB") => "ADV",
        _ if tag.starts_with("JJ") => "ADJ",
        _ => tag,
    }
}

fn plain_apostrophes(word: &str) -> String {
    word.replace(['‘', '’', 'ʼ'], "'")
}

/// Whether a word that no dictionary has is read letter by letter: capitals
/// that are few or without a vowel between them.
fn is_initialism(word: &str) -> bool {
    let letters = word.chars().count();
    let capitals = letters > 1 && word.chars().all(|c| c.is_ascii_uppercase());
    let vowels = word.chars().any(|c| "AEIOUY".contains(c));
    let sayable = vowels && letters > 3;
    (capitals && !sayable && letters < 7) || (letters == 1 && word.chars().all(char::is_alphabetic))
}

/// The parts of a compound: between hyphens, and before capitals inside a word.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut before = None;
    let mut starts = vec![0];
    for (at, letter) in word.char_indices() {
        let inner = letter.is_uppercase() && before.is_some_and(char::is_lowercase);
        // "McDonald" is one name; so is "O'Brien", whose parts are not words.
        let after_short = starts.last().is_some_and(|start| at - start < 3);
        if inner && !after_short {
            starts.push(at);
        }
        before = Some(letter);
    }
    starts.push(word.len());
    let cuts: Vec<Range<usize>> = starts.windows(2).map(|pair| pair[0]..pair[1]).collect();
    cuts.into_iter()
        .flat_map(move |cut| word[cut].split(['-', '‐', '‑', '_', '/']))
        .filter(|part| !part.is_empty())
}

/// One word of several: of many main stresses the later ones become lesser.
fn compound(parts: &[String]) -> String {
    let mut stressed = false;
    let strong = |part: &str| part.contains(PRIMARY);
    let join = parts.iter().map(|part| {
        let again = stressed && strong(part);
        stressed |= strong(part);
        if again { phonemes::weakened(part) } else { part.clone() }
    });
    join.collect()
}

/// A word in capitals is stressed, one with a capital at least a little.
fn emphasised(said: &str, word: &str) -> String {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let capital = letters.next().is_some_and(char::is_uppercase);
    match (capital, word.chars().count() > 1 && letters.all(char::is_uppercase)) {
        (true, true) => phonemes::stressed(said, PRIMARY),
        (true, false) => phonemes::stressed(said, SECONDARY),
        _ => said.to_owned(),
    }
}
