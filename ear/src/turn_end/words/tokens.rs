//! Words as a recogniser writes them, brought to one form: lower case, without
//! accents, apostrophes and remarks in brackets. Pure text, no judgement.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a text is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// The end of a sentence with more to come.
    Break,
}

/// How a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a word, or with a full stop, which recognisers set everywhere.
    Plain,
    /// With dots, a dash or a comma: the recogniser heard it go on.
    Open,
}

/// Abbreviations whose full stop ends nothing.
const TITLES: [&str; 5] = ["mr", "mrs", "ms", "dr", "st"];

/// The words of `text` and the breaks between its sentences.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut chars = without_remarks(text).nfkd().collect::<Vec<_>>().into_iter().peekable();
    let mut previous = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => continue,
            _ if is_combining_mark(c) => continue,
            _ if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            _ => {
                let in_number =
                    previous.is_ascii_digit() && chars.peek().is_some_and(char::is_ascii_digit);
                let title = c == '.' && TITLES.contains(&word.as_str());
                end_word(&mut word, &mut tokens);
                let ends = matches!(c, '.' | '?' | '!' | ';') && !in_number && !title;
                if ends
                    && matches!(tokens.last(), Some(Token::Word(_)))
                    && !is_ellipsis(c, chars.peek())
                {
                    tokens.push(Token::Break);
                }
            }
        }
        previous = c;
    }
    end_word(&mut word, &mut tokens);
    while tokens.last() == Some(&Token::Break) {
        tokens.pop();
    }
    tokens
}

/// Only the words of `text`.
pub(super) fn words(text: &str) -> Vec<String> {
    let word = |token| match token {
        Token::Word(word) => Some(word),
        Token::Break => None,
    };
    tokens(text).into_iter().filter_map(word).collect()
}

/// Whether `text` ends as if it went on.
pub(super) fn ending(text: &str) -> Ending {
    let text = without_remarks(text);
    let end = text.trim_end().trim_end_matches(['"', '\'', '”', '’']);
    let open = end.ends_with("..") || end.ends_with(['…', '-', '–', '—', ',', ':']);
    if open { Ending::Open } else { Ending::Plain }
}

/// Without "[laughs]", "(sighs)" and "*coughs*".
pub(super) fn without_remarks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut closing = None;
    for c in text.chars() {
        match (closing, c) {
            (None, '[') => closing = Some(']'),
            (None, '(') => closing = Some(')'),
            (None, '*') => closing = Some('*'),
            (Some(end), _) if c == end => closing = None,
            (None, _) => kept.push(c),
            (Some(_), _) => {}
        }
    }
    kept
}

/// The number of letters to change, add or drop to turn `a` into `b`.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn end_word(word: &mut String, tokens: &mut Vec<Token>) {
    if !word.is_empty() {
        tokens.push(Token::Word(std::mem::take(word)));
    }
}

/// "Well... I" is one sentence with a pause.
fn is_ellipsis(c: char, next: Option<&char>) -> bool {
    c == '.' && next == Some(&'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_apostrophes_and_remarks_do_not_matter() {
        assert_eq!(words("[laughs] I’d love a Café crème!"), ["id", "love", "a", "cafe", "creme"]);
        assert_eq!(words("It's 3.5, well-known"), ["its", "3", "5", "well", "known"]);
    }

    #[test]
    fn a_sentence_breaks_off_only_where_more_follows() {
        let breaks = |text| tokens(text).iter().filter(|&t| *t == Token::Break).count();
        assert_eq!(breaks("Hi. I lost it. Can you help?"), 2);
        assert_eq!(breaks("Dr. Brown is 1.80 tall."), 0);
        assert_eq!(breaks("...?!"), 0);
    }

    #[test]
    fn dots_dashes_and_commas_leave_the_end_open() {
        for text in ["I was...", "I was—", "well, ", "and so… "] {
            assert_eq!(ending(text), Ending::Open, "{text}");
        }
        for text in ["I was.", "Was I?", "I was", ""] {
            assert_eq!(ending(text), Ending::Plain, "{text}");
        }
    }

    #[test]
    fn distance_counts_changed_letters() {
        assert_eq!(distance("samantha", "simanta"), 2);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
