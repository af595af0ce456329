//! A place in the text and what a reader made of it. Used by all readers.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{What, words};

/// How many bytes a reader sees before and after its place, at most. That keeps
/// the whole linear in the length of the text.
const SIGHT: usize = 300;

/// A number as written, with marks between the thousands and decimals.
const NUMBER: &str = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:[ \x{a0}\x{2009}\x{202f}][0-9]{3})+\b(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)";

/// A month, spelt out or cut short; capitalised, since "may" is a verb.
const MONTH: &str = r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?";

/// Compiles a pattern in which `<number>` and `<month>` stand for those above
/// and `<space>` for at most one space.
pub(super) fn compile(pattern: &str) -> Regex {
    let pattern = pattern
        .replace("<number>", NUMBER)
        .replace("<month>", MONTH)
        .replace("<space>", r"[ \x{a0}\x{2009}\x{202f}]?");
    Regex::new(&format!("^(?:{pattern})")).expect("patterns are part of the program")
}

/// A pattern as a constant of the place where it is written, compiled once.
macro_rules! pattern {
    ($pattern:expr) => {{
        static PATTERN: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::text::place::compile($pattern));
        &*PATTERN
    }};
}
pub(super) use pattern;

/// Where a reader stands, with some of what is around it.
pub(super) struct Place<'t> {
    before: &'t str,
    rest: &'t str,
}

impl<'t> Place<'t> {
    /// `at` is a character boundary of `text` before its end.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        let start = text.floor_char_boundary(at.saturating_sub(SIGHT));
        let end = text.floor_char_boundary(at + SIGHT);
        Self { before: &text[start..at], rest: &text[at..end] }
    }

    /// The text from here on; never empty.
    pub(super) fn rest(&self) -> &'t str {
        self.rest
    }

    /// The text up to here.
    pub(super) fn before(&self) -> &'t str {
        self.before
    }

    /// The text after `length` bytes of the rest.
    pub(super) fn after(&self, length: usize) -> &'t str {
        &self.rest[length..]
    }

    /// The character that stands here.
    pub(super) fn first(&self) -> char {
        self.rest.chars().next().unwrap_or(' ')
    }

    /// The character before this place.
    pub(super) fn last(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    /// Whether something begins here: after a space, an opening bracket or
    /// quotation mark, or a dash.
    pub(super) fn is_start(&self) -> bool {
        self.last().is_none_or(|c| c.is_whitespace() || "([{<\"“‘'«—–¡¿*".contains(c))
    }

    /// The word before the space before this place, without marks; empty if
    /// there is none or a mark stands between.
    pub(super) fn previous_word(&self) -> &'t str {
        let before = self.before.trim_end_matches([' ', '\u{a0}']);
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| words::is_letter(*c) || matches!(c, '\'' | '’' | '-'))
            .last()
            .map_or(before.len(), |(at, _)| at);
        &before[start..]
    }

    /// Whether the word before this place is one of `words`, in any case.
    pub(super) fn follows(&self, words: &[&str]) -> bool {
        let previous = self.previous_word();
        words.iter().any(|word| word.eq_ignore_ascii_case(previous))
    }

    /// Whether the word before this place begins a sentence, so that its capital
    /// makes it no name.
    pub(super) fn is_second_word(&self) -> bool {
        let before = self.before.trim_end_matches([' ', '\u{a0}']);
        let before = before.strip_suffix(self.previous_word()).unwrap_or(before);
        before
            .trim_end_matches([' ', '"', '“', '‘', '\'', '('])
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | '\n'))
    }

    /// What `pattern` matches here, if no letter or digit goes on after it.
    pub(super) fn captures(&self, pattern: &Regex) -> Option<Captures<'t>> {
        let captures = pattern.captures(self.rest)?;
        let matched = captures.get_match();
        let goes_on = |c: char| c.is_alphanumeric() || c == '_';
        let cut = matched.as_str().chars().next_back().is_some_and(goes_on)
            && self.after(matched.end()).starts_with(goes_on);
        (!cut && !matched.is_empty()).then_some(captures)
    }

    /// Whether the sentence ends after `length` bytes, judging by what follows.
    pub(super) fn ends_sentence(&self, length: usize) -> bool {
        let rest = self.after(length);
        let after = rest.trim_start_matches(['"', '”', '’', ')', ']', '\'']).trim_start();
        after.is_empty() || after.len() < rest.len() && is_sentence_start(after)
    }

    /// Whether an amount of `length` bytes belongs to the noun after it: "a 5 km
    /// run", "a $5 coffee".
    pub(super) fn is_attribute(&self, length: usize) -> bool {
        const ARTICLES: &[&str] =
            &["a", "an", "another", "every", "each", "this", "that", "my", "your"];
        const GO_ON: &[&str] = &[
            "a", "about", "after", "ago", "and", "as", "at", "away", "because", "before", "but",
            "by", "each", "for", "from", "if", "in", "into", "is", "later", "less", "more", "of",
            "off", "on", "or", "per", "so", "than", "that", "the", "to", "was", "with",
        ];
        let next = self.after(length).strip_prefix(' ').map(words::leading_letters);
        self.follows(ARTICLES)
            && next
                .is_some_and(|next| next.starts_with(char::is_lowercase) && !GO_ON.contains(&next))
    }
}

/// Whether this looks like a sentence's beginning rather than its middle, after
/// a full stop that may belong to an abbreviation.
fn is_sentence_start(text: &str) -> bool {
    static STARTERS: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"["“‘(]?(?:I|I'[a-z]+|I’[a-z]+|A|An|The|This|That|These|Those|There|Then|They|He|She|It|We|You|His|Her|Its|My|Our|Your|Their|But|And|Or|So|If|In|On|At|As|After|Before|When|While|Where|What|Who|Why|How|Now|No|Not|Yes|For|From|To|With|Let|Do|Did|Does|Is|Are|Was|Were|Some|Many|Most|All|Both|Each|One|Then|However|Here|Please|Thanks|Once|Still|Also|Just)\b"#,
        )
    });
    STARTERS.is_match(text)
}

/// What a reader made of the text at its place.
pub(super) struct Reading {
    /// How many bytes it has read; more than none, up to a character boundary.
    pub(super) length: usize,
    pub(super) said: Vec<What>,
}

impl Reading {
    /// Bytes of which nothing is said yet.
    pub(super) fn of(length: usize) -> Self {
        Self { length, said: Vec::new() }
    }

    /// Words, between spaces.
    pub(super) fn words(mut self, words: &str) -> Self {
        self.said.extend(words.split_whitespace().map(|word| What::Word(word.to_owned())));
        self
    }

    /// Letters by their names.
    pub(super) fn letters(mut self, letters: &str) -> Self {
        self.said.extend(letters.chars().filter(|c| c.is_alphabetic()).map(What::Letter));
        self
    }

    /// Phonemes in IPA.
    pub(super) fn phonemes(mut self, phonemes: &str) -> Self {
        self.said.push(What::Phonemes(phonemes.to_owned()));
        self
    }

    /// A pause or intonation.
    pub(super) fn mark(mut self, mark: char) -> Self {
        self.said.push(What::Mark(mark));
        self
    }

    /// A full stop if the sentence ends with what was read, whose own last
    /// character is the dot of an abbreviation.
    pub(super) fn stop_at_end(self, place: &Place) -> Self {
        if place.rest()[..self.length].ends_with('.') && place.ends_sentence(self.length) {
            self.mark('.')
        } else {
            self
        }
    }

    /// What else was read.
    pub(super) fn and(mut self, said: Vec<What>) -> Self {
        self.said.extend(said);
        self
    }
}
