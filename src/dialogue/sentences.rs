//! Cuts a reply that arrives in pieces into sentences, each as soon as it is
//! certainly complete, so that the first can be spoken while the rest is still
//! being thought of.

/// Abbreviations that a full stop belongs to; a sentence rarely ends there.
const TITLES: [&str; 32] = [
    "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "rev", "hon", "gen", "col", "capt", "lt",
    "sgt", "vs", "no", "vol", "fig", "approx", "dept", "est", "ca", "cf", "mt", "nr", "bzw", "hr",
    "fr", "inkl", "evtl", "ggf",
];

/// Abbreviations that often end a sentence: they do if a capital follows.
const DOTTED: [&str; 10] = ["a.m", "p.m", "etc", "e.g", "i.e", "z.b", "d.h", "u.s", "u.k", "inc"];

/// A first clause of fewer letters would be over before the next is there, and
/// its melody would suffer.
const EARLY_LETTERS: usize = 10;

/// A first phrase has at least so many words, and letters: about a second, in
/// which most of the sentence is written.
const PHRASE_WORDS: usize = 4;
const PHRASE_LETTERS: usize = 12;

/// English words that begin a phrase of their own. A speaker may take breath, or
/// thought, before them.
const PHRASES_BEGIN: [&str; 33] = [
    "about", "after", "although", "and", "at", "because", "before", "but", "by", "for", "from",
    "how", "if", "in", "into", "on", "or", "since", "so", "that", "though", "to", "until", "what",
    "when", "where", "whether", "which", "while", "who", "why", "with", "without",
];

/// English words that lean on the next one: no breath is taken after them.
const LEANING: [&str; 41] = [
    "a", "an", "are", "as", "be", "been", "can", "could", "did", "do", "does", "had", "has",
    "have", "he", "her", "his", "i", "is", "it", "may", "might", "must", "my", "not", "of", "our",
    "she", "should", "such", "the", "their", "they", "this", "very", "was", "we", "were", "will",
    "would", "your",
];

/// What may be returned before a sentence is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Early {
    /// Nothing.
    #[default]
    Nothing,
    /// The first phrase.
    Phrase,
    /// The clauses that follow it, up to the end of the sentence.
    Clauses,
}

/// A reply in the making.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    pending: String,
    early: Early,
}

impl Sentences {
    /// An empty one. With `early`, the first phrase of the first sentence is
    /// returned by itself, so that it can be said while the rest is still being
    /// thought of, and then its clauses.
    pub fn new(early: bool) -> Self {
        let early = if early { Early::Phrase } else { Early::Nothing };
        Self { early, ..Self::default() }
    }

    /// Takes the next piece and returns the sentences it completed, as the
    /// model wrote them, without the white space around.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.pending.push_str(piece);
        // Models write common words in one piece, with the space before them.
        let last_is_whole = piece.strip_prefix(' ').is_some_and(begins_phrase);
        let mut complete = Vec::new();
        while let Some((end, early)) = self.next_end(last_is_whole) {
            self.early = early;
            let rest = self.pending.split_off(end);
            let sentence = std::mem::replace(&mut self.pending, rest);
            let sentence = sentence.trim();
            if !sentence.is_empty() {
                complete.push(sentence.to_owned());
            }
        }
        complete
    }

    /// Where what can be returned ends, and what is early after that.
    fn next_end(&self, last_is_whole: bool) -> Option<(usize, Early)> {
        let text = &self.pending;
        let sentence = first_boundary(text);
        let part = match self.early {
            Early::Nothing => None,
            Early::Phrase => {
                first_phrase(text, last_is_whole).into_iter().chain(first_pause(text)).min()
            }
            Early::Clauses => first_pause(text),
        };
        match (sentence, part) {
            (None, Some(part)) => Some((part, Early::Clauses)),
            (sentence, _) => Some((sentence?, Early::Nothing)),
        }
    }

    /// The reply is over: what is left is the last sentence.
    pub fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.pending);
        let rest = rest.trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    }
}

/// The byte at which the first clause ends: behind a comma, semicolon, colon or
/// dash between words, after [`EARLY_LETTERS`], and not within brackets,
/// quotation marks or what is set apart by asterisks.
pub fn first_pause(text: &str) -> Option<usize> {
    let mut letters = 0;
    for (at, c) in text.char_indices() {
        letters += usize::from(c.is_alphanumeric());
        match c {
            '(' | '[' | '{' | '*' | '_' | '`' | '"' | '“' | '„' | '«' | '\n' => return None,
            ',' | ';' | ':' | '–' | '—' if letters >= EARLY_LETTERS => {
                let end = at + c.len_utf8();
                let rest = &text[end..];
                // What follows must be seen: "1, 000" or a smiley is no clause.
                let next = rest.trim_start().chars().next()?;
                if rest.starts_with(char::is_whitespace) && next.is_alphabetic() {
                    return Some(end);
                }
            }
            _ => {}
        }
    }
    None
}

/// The byte at which the first phrase ends: before a word that begins another
/// one, after [`PHRASE_WORDS`]. The last word may still grow, unless it is whole.
fn first_phrase(text: &str, last_is_whole: bool) -> Option<usize> {
    let (mut words, mut letters, mut before) = (0, 0, String::new());
    let mut at = 0;
    let complete = if last_is_whole { text } else { &text[..text.rfind(char::is_whitespace)?] };
    for piece in complete.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if word.contains(['(', '[', '{', '*', '_', '`', '"', '“', '„', '«', '\n']) {
            return None;
        }
        let is_long = words >= PHRASE_WORDS && letters >= PHRASE_LETTERS;
        let leans = |word: &str| LEANING.contains(&word) || begins_phrase(word);
        if is_long && begins_phrase(word) && !leans(&before) {
            return Some(at);
        }
        words += usize::from(!word.is_empty());
        letters += word.chars().filter(|c| c.is_alphanumeric()).count();
        before = word.to_lowercase();
        at += piece.len();
    }
    None
}

fn begins_phrase(word: &str) -> bool {
    PHRASES_BEGIN.contains(&word)
}

/// The byte at which the first complete sentence ends. Needs to see the
/// character that follows, since "3." may become "3.5".
fn first_boundary(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' && !text[..at].trim().is_empty() {
            return Some(at + 1);
        }
        if matches!(c, '。' | '！' | '？') {
            return Some(at + c.len_utf8());
        }
        if !is_terminator(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next_at, next)) = chars.peek() {
            if !is_terminator(next) && !is_closer(next) {
                break;
            }
            end = next_at + next.len_utf8();
            chars.next();
        }
        // Only white space ends a word; and what comes after it must be seen.
        let after = &text[end..];
        let next_word = after.trim_start_matches([' ', '\t', '\u{a0}']);
        if next_word.len() == after.len() && !after.starts_with('\n') {
            if after.is_empty() {
                return None;
            }
            continue;
        }
        let next = next_word.chars().next()?;
        if next == '\n' || ends_sentence(&text[..at], &text[at..end], next) {
            return Some(end);
        }
    }
    None
}

/// Whether `mark`, which follows `before`, ends a sentence, given that the
/// next word begins with `next`.
fn ends_sentence(before: &str, mark: &str, next: char) -> bool {
    if next.is_lowercase() {
        // "Really?" she asked. / Well... maybe.
        return mark.starts_with(['?', '!']) && !mark.ends_with(is_closer);
    }
    if !mark.starts_with('.') || mark.starts_with("..") {
        return true;
    }
    let word = last_word(before);
    if word.is_empty() {
        return true;
    }
    let lower = word.to_lowercase();
    if DOTTED.contains(&lower.as_str()) {
        // "at 5 p.m. She left" ends; "the U.S. Army" can't be told apart, and
        // a pause there does less harm than a run-on.
        return !matches!(lower.as_str(), "e.g" | "i.e" | "z.b" | "d.h" | "u.s" | "u.k");
    }
    if TITLES.contains(&lower.as_str()) {
        // "No." is also an answer.
        return lower == "no" && !next.is_numeric();
    }
    // Initials, as in J. R. R. Tolkien; but "I." ends as in "So am I."
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && letter.is_uppercase()
    {
        return letter == 'I';
    }
    // "1. First", at the beginning of a line: a list's number.
    let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
    !(line.len() <= 2 && line.chars().all(|c| c.is_ascii_digit()))
}

fn last_word(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’'))
        .last()
        .map_or(text.len(), |(at, _)| at);
    text[start..].trim_start_matches(['.', '\'', '’'])
}

fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»' | '*' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Splits `text` whole, and again letter by letter: both must agree.
    fn check(text: &str, expected: &[&str]) {
        for step in [text.len().max(1), 1] {
            let mut sentences = Sentences::default();
            let mut found = Vec::new();
            let chars: Vec<char> = text.chars().collect();
            for piece in chars.chunks(step) {
                found.extend(sentences.push(&piece.iter().collect::<String>()));
            }
            found.extend(sentences.finish());
            assert_eq!(found, expected, "in pieces of {step}");
        }
    }

    #[test]
    fn plain_sentences() {
        check(
            "Hello there. How are you?  I am well!",
            &["Hello there.", "How are you?", "I am well!"],
        );
        check("Wait... what? Yes.", &["Wait... what?", "Yes."]);
        check("One\ntwo\n\nthree", &["One", "two", "three"]);
        check("今日は。元気ですか？はい", &["今日は。", "元気ですか？", "はい"]);
    }

    #[test]
    fn numbers_and_names_stay_whole() {
        check("It costs 3.5 euros. Fine.", &["It costs 3.5 euros.", "Fine."]);
        check("Version 2.0.1 is out. Good.", &["Version 2.0.1 is out.", "Good."]);
        check(
            "Dr. Smith met Mrs. Jones. They spoke.",
            &["Dr. Smith met Mrs. Jones.", "They spoke."],
        );
        check(
            "J. R. R. Tolkien wrote it. So did I. Truly.",
            &["J. R. R. Tolkien wrote it.", "So did I.", "Truly."],
        );
        check(
            "Take fruit, e.g. Apples. Or i.e. Pears.",
            &["Take fruit, e.g. Apples.", "Or i.e. Pears."],
        );
        check("Come at 5 p.m. She waits.", &["Come at 5 p.m.", "She waits."]);
        check("Come at 5 p.m. tomorrow. Yes.", &["Come at 5 p.m. tomorrow.", "Yes."]);
        check("No. 5 is here. No. Really.", &["No. 5 is here.", "No.", "Really."]);
        check("See example.com for it. Bye.", &["See example.com for it.", "Bye."]);
    }

    #[test]
    fn quotations_end_with_their_mark() {
        check("She said, “Come in.” He did.", &["She said, “Come in.”", "He did."]);
        check(
            "\"Really?\" she asked. \"Yes!\" he said.",
            &["\"Really?\" she asked.", "\"Yes!\" he said."],
        );
        check("(It was late.) We left.", &["(It was late.)", "We left."]);
    }

    #[test]
    fn lists_keep_their_numbers() {
        check("1. Milk\n2. Bread", &["1. Milk", "2. Bread"]);
    }

    #[test]
    fn a_sentence_is_told_as_soon_as_the_next_one_begins() {
        let mut sentences = Sentences::default();
        assert!(sentences.push("Good morning.").is_empty());
        assert_eq!(sentences.push(" S"), ["Good morning."]);
    }

    /// What is said by itself, letter by letter.
    fn early(text: &str) -> Vec<String> {
        let mut sentences = Sentences::new(true);
        let mut found: Vec<String> =
            text.chars().flat_map(|c| sentences.push(&c.to_string())).collect();
        found.extend(sentences.finish());
        found
    }

    #[test]
    fn the_first_phrase_is_not_waited_for() {
        let cases: [(&str, &[&str]); 8] = [
            (
                "I am sorry to hear that you had a rough day. Tell me more, if you like.",
                &["I am sorry to hear", "that you had a rough day.", "Tell me more, if you like."],
            ),
            (
                "Walking by the sea in the evening can help, and so can a book.",
                &["Walking by the sea", "in the evening can help,", "and so can a book."],
            ),
            ("It is one of the best in town.", &["It is one of the best", "in town."]),
            ("I would like to do it today.", &["I would like to do it today."]),
            ("Yes, of course. And you?", &["Yes, of course.", "And you?"]),
            ("That sounds good to me", &["That sounds good to me"]),
            (
                "He said \"go to bed with a book\" to me.",
                &["He said \"go to bed with a book\" to me."],
            ),
            ("Das klingt nach einem langen Tag.", &["Das klingt nach einem langen Tag."]),
        ];
        for (text, expected) in cases {
            assert_eq!(early(text), expected);
        }
    }

    #[test]
    fn a_phrase_ends_at_once_where_a_whole_word_begins_the_next() {
        let mut sentences = Sentences::new(true);
        let pieces = ["You", " could", " make", " an", " omelet", " with", " rice"];
        let found = pieces.map(|piece| sentences.push(piece));
        assert_eq!(found[5], ["You could make an omelet"]);
        assert!(found[..5].iter().chain(&found[6..]).all(Vec::is_empty), "{found:?}");

        let mut sentences = Sentences::new(true);
        let pieces = ["You", " could", " make", " an", " omelet", " to", "day", "."];
        let found = pieces.map(|piece| sentences.push(piece));
        assert_eq!(found[5], ["You could make an omelet"]);
        assert_eq!(sentences.finish().as_deref(), Some("today."), "no word is cut in two");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(
            text in "([a-zA-Z0-9 .,!?…\"”()\n']|and |that |with ){0,80}",
            step in 1usize..9,
            early in any::<bool>(),
        ) {
            let mut sentences = Sentences::new(early);
            let mut found = String::new();
            for piece in text.as_bytes().chunks(step) {
                // The alphabet's wide characters may be cut: skip those cases.
                let Ok(piece) = std::str::from_utf8(piece) else { return Ok(()) };
                found.extend(sentences.push(piece));
            }
            found.extend(sentences.finish());
            let dense = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(dense(&found), dense(&text));
        }
    }
}
