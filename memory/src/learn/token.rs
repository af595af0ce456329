//! Words as they were heard, and back to text.
//!
//! Used by everything in [`learn`](super). Contractions are taken apart
//! ("I'm" is "I" and "'m", which means "am") so that the grammar meets whole
//! words, and put together again when written. Knows nothing of meaning.

/// A word, and the punctuation behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// As it was heard: "I", "'m", "Leila".
    pub text: String,
    /// For comparing: lower case, contractions in full: "am", "not".
    pub norm: String,
    /// Written without a space before it.
    pub glued: bool,
    /// Inside double quotation marks.
    pub quoted: bool,
    /// Punctuation behind it, such as "," or "?!".
    pub after: String,
}

impl Token {
    /// A word (or several) put in by the rules.
    pub fn put(text: &str) -> Self {
        Self { text: text.to_owned(), norm: text.to_lowercase(), ..Self::default() }
    }

    /// The word is one of these.
    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.norm.as_str())
    }

    /// A comma or the like stands behind it.
    pub fn pauses(&self) -> bool {
        self.after.contains([',', ';', ':', ')'])
    }

    /// Begins with a capital letter and is not "I".
    pub fn is_capital(&self) -> bool {
        self.norm != "i" && !self.glued && self.text.chars().next().is_some_and(char::is_uppercase)
    }

    fn ends_sentence(&self) -> bool {
        const ABBREVIATIONS: &[&str] =
            &["dr", "mr", "mrs", "ms", "st", "prof", "a.m", "p.m", "e.g", "i.e", "etc", "vs"];
        self.after.contains(['!', '?'])
            || (self.after.contains(['.', ';']) && !self.is(ABBREVIATIONS))
    }
}

/// Cuts a text into words.
pub fn tokens(text: &str) -> Vec<Token> {
    let text = text
        .replace(['\u{2019}', '\u{2018}', '\u{2bc}'], "'")
        .replace(['\u{201c}', '\u{201d}'], "\"")
        .replace(['\u{2014}', '\u{2013}', '\u{2026}'], ", ")
        .replace("...", ", ");
    let mut tokens: Vec<Token> = Vec::new();
    let mut quoted = false;
    for chunk in text.split_whitespace() {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '%' | '$' | '€' | '£' | '°');
        let Some(from) = chunk.find(word) else {
            if let Some(last) = tokens.last_mut() {
                last.after.push_str(chunk);
                // " - " parts as a comma does.
                if chunk.chars().all(|c| c == '-') {
                    last.after.push(',');
                }
            }
            quoted ^= chunk.matches('"').count() % 2 == 1;
            continue;
        };
        let to = chunk
            .rfind(word)
            .map_or(chunk.len(), |at| at + chunk[at..].chars().next().map_or(1, char::len_utf8));
        // "'cause" and "'em" keep their apostrophe.
        let from =
            if chunk[..from].ends_with('\'') && chunk[..from] != *"''" { from - 1 } else { from };
        quoted ^= chunk[..from].contains('"');
        let core = &chunk[from..to];
        let first = tokens.len();
        split(core, quoted, &mut tokens);
        if let Some(last) = tokens.get_mut(first..).and_then(<[Token]>::last_mut) {
            chunk[to..].clone_into(&mut last.after);
        }
        quoted ^= chunk[to..].matches('"').count() % 2 == 1;
    }
    tokens
}

/// Takes a contraction apart: "don't" is "do" and "n't".
fn split(core: &str, quoted: bool, tokens: &mut Vec<Token>) {
    const TAILS: &[(&str, &str)] = &[
        ("n't", "not"),
        ("'m", "am"),
        ("'re", "are"),
        ("'ve", "have"),
        ("'ll", "will"),
        ("'d", "'d"),
        ("'s", "'s"),
    ];
    let lower = core.to_lowercase();
    // Lower case may have other lengths than what it came from.
    if lower.len() == core.len()
        && let Some((tail, norm)) = TAILS
            .iter()
            .find(|(tail, _)| lower.len() > tail.len() && lower.ends_with(tail))
            .filter(|(tail, _)| core.is_char_boundary(core.len() - tail.len()))
    {
        let (stem, rest) = core.split_at(core.len() - tail.len());
        let norm_of_stem = match (stem.to_lowercase().as_str(), *norm) {
            ("ca", "not") => "can".to_owned(),
            ("wo", "not") => "will".to_owned(),
            ("sha", "not") => "shall".to_owned(),
            ("ai", "not") => "is".to_owned(),
            (other, _) => other.to_owned(),
        };
        tokens.push(Token {
            text: stem.to_owned(),
            norm: norm_of_stem,
            quoted,
            ..Token::default()
        });
        tokens.push(Token {
            text: rest.to_owned(),
            norm: (*norm).to_owned(),
            glued: true,
            quoted,
            ..Token::default()
        });
        return;
    }
    tokens.push(Token { text: core.to_owned(), norm: lower, quoted, ..Token::default() });
}

/// One sentence.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Its words.
    pub tokens: Vec<Token>,
    /// It ended with a question mark.
    pub asked: bool,
}

/// Cuts words into sentences.
pub fn sentences(tokens: Vec<Token>) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut current = Sentence::default();
    for token in tokens {
        let ends = token.ends_sentence();
        current.asked |= token.after.contains('?');
        current.tokens.push(token);
        if ends {
            sentences.push(std::mem::take(&mut current));
        }
    }
    if !current.tokens.is_empty() {
        sentences.push(current);
    }
    sentences
}

/// Writes words as a text, with its commas, without what ends a sentence.
pub fn write(tokens: &[Token]) -> String {
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 && !token.glued {
            text.push(' ');
        }
        text.push_str(&token.text);
        if index + 1 < tokens.len() && token.after.contains(',') {
            text.push(',');
        }
    }
    text
}

/// Writes words as a sentence: "My sister Ana moved to Lisbon."
pub fn write_sentence(tokens: &[Token]) -> String {
    let text = write(tokens);
    let text = text.trim_end_matches([',', ' ']);
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    first.to_uppercase().chain(chars).chain(['.']).collect()
}

/// The words, normalised, with a space between them and around them.
pub fn norms(tokens: &[Token]) -> String {
    let mut text = String::from(" ");
    for token in tokens {
        text.push_str(&token.norm);
        text.push(' ');
    }
    text
}
