//! What the network says in one go: a sentence as its symbols, and which words
//! they belong to.

use std::fmt;
use std::ops::Range;

use crate::g2p::{Kind, Utterance};
use crate::phonemes;

/// The network was taught with sentences of at most so many symbols.
const MOST_SYMBOLS: usize = 400;

/// A sentence, or a part of a very long one.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Phrase {
    /// The network's numbers.
    pub symbols: Vec<u8>,
    /// Each word's bytes in the text and symbols, in order.
    pub words: Vec<(Range<usize>, Range<usize>)>,
    pub pause: Pause,
}

/// What comes after a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pause {
    /// It goes on.
    #[default]
    None,
    Clause,
    Sentence,
    Paragraph,
}

impl Pause {
    fn of(mark: char) -> Self {
        match mark {
            ',' | ';' | ':' | '—' => Pause::Clause,
            '.' | '!' | '?' | '…' => Pause::Sentence,
            '\n' => Pause::Paragraph,
            _ => Pause::None,
        }
    }

    /// In seconds, at the voice's own pace.
    pub fn seconds(self) -> f32 {
        match self {
            Pause::None => 0.03,
            Pause::Clause => 0.2,
            Pause::Sentence => 0.42,
            Pause::Paragraph => 0.75,
        }
    }
}

/// The phrases of what is said; those without a word are dropped.
pub(crate) fn phrases(said: &[Utterance]) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut current = Phrase::default();
    for utterance in said {
        if let Kind::Word(_) | Kind::Joined(_) = utterance.kind
            && current.pause >= Pause::Sentence
        {
            finish(&mut phrases, &mut current);
        }
        current.add(utterance);
        while current.symbols.len() > MOST_SYMBOLS {
            let rest = current.split();
            finish(&mut phrases, &mut current);
            current = rest;
        }
    }
    finish(&mut phrases, &mut current);
    phrases
}

fn finish(phrases: &mut Vec<Phrase>, current: &mut Phrase) {
    let mut done = std::mem::take(current);
    let space = phonemes::number(' ');
    while done.symbols.last().copied() == space && space.is_some() {
        done.symbols.pop();
    }
    if !done.words.is_empty() {
        phrases.push(done);
    } else if let Some(before) = phrases.last_mut() {
        // A paragraph's end alone makes the pause longer.
        before.pause = before.pause.max(done.pause);
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.symbols
            .iter()
            .filter_map(|&symbol| phonemes::symbol(symbol))
            .try_for_each(|c| write!(f, "{c}"))
    }
}

impl Phrase {
    fn add(&mut self, utterance: &Utterance) {
        match &utterance.kind {
            Kind::Mark(mark) => self.mark(*mark),
            Kind::Word(said) => {
                let opened = self.symbols.last().and_then(|&last| phonemes::symbol(last));
                if !matches!(opened, None | Some(' ' | '“' | '(')) {
                    self.symbols.extend(phonemes::number(' '));
                }
                self.word(said, &utterance.source);
            }
            Kind::Joined(said) => self.word(said, &utterance.source),
        }
    }

    fn word(&mut self, said: &str, source: &Range<usize>) {
        let start = self.symbols.len();
        self.symbols.extend(said.chars().filter_map(phonemes::number));
        let symbols = start..self.symbols.len();
        self.pause = Pause::None;
        match self.words.last_mut() {
            // Several words of what was written as one ("$5").
            Some((before, spoken)) if before == source => spoken.end = symbols.end,
            _ => self.words.push((source.clone(), symbols)),
        }
    }

    fn mark(&mut self, mark: char) {
        self.pause = self.pause.max(Pause::of(mark));
        let mark = match mark {
            '"' => {
                let quotes =
                    |c| self.symbols.iter().filter(|&&s| phonemes::number(c) == Some(s)).count();
                if quotes('“') > quotes('”') { '”' } else { '“' }
            }
            '[' | '{' => '(',
            ']' | '}' => ')',
            '–' => '—',
            other => other,
        };
        let Some(number) = phonemes::number(mark) else { return };
        let last = self.symbols.last().and_then(|&last| phonemes::symbol(last));
        if matches!(mark, '“' | '(') && !matches!(last, None | Some(' ')) {
            self.symbols.extend(phonemes::number(' '));
        } else if last == Some(mark) {
            return;
        } else if last.is_none() && !matches!(mark, '“' | '(') {
            // Nothing to close yet.
            return;
        }
        self.symbols.push(number);
    }

    /// Cuts off and returns what is too much: behind the last mark of a clause
    /// if there is one, else between words, else anywhere.
    fn split(&mut self) -> Phrase {
        let is_clause_end =
            |&s: &u8| phonemes::symbol(s).is_some_and(|c| matches!(c, ',' | ';' | ':' | '—'));
        let limit = &self.symbols[..MOST_SYMBOLS];
        let mark = limit.iter().rposition(is_clause_end).map(|at| at + 1);
        let gap = || limit.iter().rposition(|&s| phonemes::number(' ') == Some(s)).map(|at| at + 1);
        let cut = mark.or_else(gap).unwrap_or(MOST_SYMBOLS);
        let rest = self.symbols.split_off(cut);
        let mut moved = Vec::new();
        self.words.retain_mut(|(source, symbols)| {
            if symbols.end > cut {
                moved.push((source.clone(), symbols.start.saturating_sub(cut)..symbols.end - cut));
                symbols.end = cut;
            }
            symbols.start < cut
        });
        let space = phonemes::number(' ');
        let spaces = rest.iter().take_while(|&&s| space == Some(s)).count();
        for (_, symbols) in &mut moved {
            *symbols = symbols.start.saturating_sub(spaces)..symbols.end - spaces;
        }
        let pause = std::mem::replace(
            &mut self.pause,
            if mark.is_some() { Pause::Clause } else { Pause::None },
        );
        Phrase { symbols: rest[spaces..].to_vec(), words: moved, pause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[&str]) -> Vec<Utterance> {
        let kind = |part: &&str| match part.chars().next() {
            Some(mark) if part.chars().count() == 1 && !mark.is_alphabetic() => Kind::Mark(mark),
            _ => Kind::Word((*part).to_owned()),
        };
        let spoken = parts.iter().enumerate();
        spoken.map(|(i, part)| Utterance { kind: kind(part), source: i..i + 1 }).collect()
    }

    #[test]
    fn sentences_are_phrases_with_their_pauses() {
        let phrases =
            phrases(&said(&["həlˈO", ",", "\"", "jˈu", "\"", ".", "jˈɛs", "?", "\n", "nˈO"]));
        assert_eq!(
            phrases.iter().map(Phrase::to_string).collect::<Vec<_>>(),
            ["həlˈO, “jˈu”.", "jˈɛs?", "nˈO"]
        );
        let pauses: Vec<Pause> = phrases.iter().map(|phrase| phrase.pause).collect();
        assert_eq!(pauses, [Pause::Sentence, Pause::Paragraph, Pause::None]);
        assert_eq!(phrases[0].words, [(0..1, 0..5), (3..4, 8..11)]);
    }

    #[test]
    fn long_sentences_are_split_at_a_clause_and_keep_all_words() {
        let mut parts = Vec::new();
        for i in 0..300 {
            parts.push("wˈɜɹd");
            if i % 20 == 19 {
                parts.push(",");
            }
        }
        let phrases = phrases(&said(&parts));
        assert!(phrases.len() > 3);
        assert_eq!(phrases.iter().map(|p| p.words.len()).sum::<usize>(), 300);
        for phrase in &phrases {
            assert!(phrase.symbols.len() <= MOST_SYMBOLS);
            assert!(phrase.to_string().starts_with('w') && phrase.to_string().ends_with(','));
            for (_, symbols) in &phrase.words {
                assert_eq!(symbols.len(), 5);
                assert_eq!(phonemes::symbol(phrase.symbols[symbols.start]), Some('w'));
            }
        }
    }

    #[test]
    fn a_word_without_end_is_split_too() {
        let word = "ɑ".repeat(1000);
        let phrases = phrases(&said(&[&word]));
        assert_eq!(phrases.iter().map(|p| p.symbols.len()).collect::<Vec<_>>(), [400, 400, 200]);
    }

    #[test]
    fn marks_alone_are_nothing() {
        assert_eq!(phrases(&said(&["?", "!", ",", "“", "\n"])), []);
    }
}
