//! How likely a message is all that its author has to say.
//!
//! Used by the engine for words that may not be the last. A model that has read
//! them expects something next: where that is a full stop or the end of the
//! message, they stand by themselves; where it is another word, more will come.

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

/// Marks that end a sentence. An ellipsis does not: it trails off.
const MARKS: [char; 6] = ['.', '?', '!', '。', '？', '！'];

/// Removes the mark that a recogniser put at the end of `text`, by which it
/// claims what is asked here.
pub fn without_mark(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_whitespace() || MARKS.contains(&c) || ",;:…-".contains(c))
}

/// The tokens that close a message.
pub struct Closers(Vec<LlamaToken>);

impl Closers {
    /// Those of this model.
    pub fn of(model: &LlamaModel) -> Self {
        let vocab = model.vocab();
        let closes = |token: &LlamaToken| {
            vocab.is_eog(*token)
                || std::str::from_utf8(&vocab.token_to_piece(*token, false, None)).is_ok_and(closes)
        };
        Self(vocab.tokens().filter(closes).collect())
    }

    /// The probability that one of them comes next, 0.0 to 1.0; `logits` has
    /// one for each token of the vocabulary.
    pub fn probability(&self, logits: &[f32]) -> f32 {
        let highest = logits.iter().copied().fold(f32::MIN, f32::max);
        let weight = |logit: f32| f64::from(logit - highest).exp();
        let all: f64 = logits.iter().map(|logit| weight(*logit)).sum();
        let closing = self.0.iter().filter_map(|token| logits.get(usize::try_from(token.0).ok()?));
        (closing.map(|logit| weight(*logit)).sum::<f64>() / all) as f32
    }
}

/// One mark, and white space; or a new line.
fn closes(piece: &str) -> bool {
    match piece.trim_end() {
        "" => piece.contains('\n'),
        mark => {
            let mut chars = mark.chars();
            chars.next().is_some_and(|c| MARKS.contains(&c)) && chars.next().is_none()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_new_lines_close_a_message() {
        for piece in [".", "?", "!\n", ".\n\n", "\n", "。"] {
            assert!(closes(piece), "{piece:?}");
        }
        for piece in ["", " ", "...", ",", " and", ".com", " ."] {
            assert!(!closes(piece), "{piece:?}");
        }
    }

    #[test]
    fn the_recognisers_mark_is_not_taken_at_its_word() {
        assert_eq!(without_mark("I went to the. "), "I went to the");
        assert_eq!(without_mark("Really?!"), "Really");
        assert_eq!(without_mark("3.5 litres"), "3.5 litres");
    }

    #[test]
    fn the_probability_is_the_share_of_what_closes() {
        let closers = Closers(vec![LlamaToken::new(1), LlamaToken::new(3)]);
        let logits = [0.0, 0.0, 0.0, f32::NEG_INFINITY];
        assert!((closers.probability(&logits) - 1.0 / 3.0).abs() < 1e-6);
    }
}
