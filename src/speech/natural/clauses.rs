//! Where a text is cut, so that its beginning sounds while the rest is made.

use crate::dialogue::sentences::{Sentences, first_pause};
use std::ops::Range;

/// What may follow a cut: less belongs to the clause before it.
const SHORTEST_REST_LETTERS: usize = 6;

/// Longer sentences are cut too: making one takes time in proportion.
const LONGEST_BYTES: usize = 240;

/// The clauses of a text, in order: whole sentences, but the first as short as
/// sounds well if it is waited for (`early`). What lies between them is white
/// space.
pub(super) fn clauses(text: &str, early: bool) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut rest = text;
    for sentence in sentences(text) {
        let Some(at) = rest.find(&sentence) else { continue };
        let begin = text.len() - rest.len() + at;
        rest = &text[begin + sentence.len()..];
        cut(text, begin..begin + sentence.len(), early, &mut clauses);
    }
    clauses
}

fn sentences(text: &str) -> Vec<String> {
    let mut cutter = Sentences::default();
    let mut sentences = cutter.push(text);
    sentences.extend(cutter.finish());
    sentences
}

/// Adds a sentence, in pieces if it is waited for or very long.
fn cut(text: &str, sentence: Range<usize>, early: bool, clauses: &mut Vec<Range<usize>>) {
    let mut begin = sentence.start;
    loop {
        let rest = &text[begin..sentence.end];
        let pause = (early && clauses.is_empty()).then(|| pause_in(rest)).flatten();
        let end = pause.or_else(|| (rest.len() > LONGEST_BYTES).then(|| last_gap_in(rest)));
        let Some(end) = end.filter(|end| *end < rest.len()) else {
            clauses.push(begin..sentence.end);
            return;
        };
        clauses.push(begin..begin + rest[..end].trim_end().len());
        begin += end + rest[end..].len() - rest[end..].trim_start().len();
    }
}

/// Where the first pause of a sentence ends, if enough follows it.
fn pause_in(sentence: &str) -> Option<usize> {
    let end = first_pause(sentence)?;
    let rest = sentence[end..].chars().filter(|c| c.is_alphanumeric()).count();
    (rest >= SHORTEST_REST_LETTERS).then_some(end)
}

/// The last pause, else the last space, that leaves a piece of bearable length.
fn last_gap_in(sentence: &str) -> usize {
    let head = &sentence[..sentence.floor_char_boundary(LONGEST_BYTES)];
    let pause = head.char_indices().rev().find(|&(at, c)| {
        let end = at + c.len_utf8();
        matches!(c, ',' | ';' | ':' | '–' | '—') && head[end..].starts_with(char::is_whitespace)
    });
    match pause.filter(|(at, _)| *at >= SHORTEST_REST_LETTERS) {
        Some((at, c)) => at + c.len_utf8(),
        None => head.rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(head.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        clauses(text, true).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn the_first_clause_is_short_and_the_rest_whole() {
        let cases: [(&str, &[&str]); 10] = [
            ("Hello there.", &["Hello there."]),
            ("Well, I think so too.", &["Well, I think so too."]),
            (
                "When the rain stops, we go out, and then home.",
                &["When the rain stops,", "we go out, and then home."],
            ),
            ("It costs about 3,500 pounds in all.", &["It costs about 3,500 pounds in all."]),
            ("It is about 3.5 metres long.", &["It is about 3.5 metres long."]),
            ("Please call Dr. Miller today.", &["Please call Dr. Miller today."]),
            ("He is at home, yes.", &["He is at home, yes."]),
            ("One thing is sure: you did it.", &["One thing is sure:", "you did it."]),
            (
                "That is kind of you — thank you, really.",
                &["That is kind of you —", "thank you, really."],
            ),
            (
                "First comes one. Then comes another, of course.",
                &["First comes one.", "Then comes another, of course."],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn what_nobody_waits_for_stays_whole() {
        let text = "When the rain stops, we go out.";
        let whole = 0..text.len();
        assert_eq!(clauses(text, false), [whole]);
    }

    #[test]
    fn a_sentence_without_end_is_cut_where_it_breathes() {
        let text = "and so on, ".repeat(60);
        let pieces = cut(&text);
        assert!(pieces.len() >= 3, "{pieces:?}");
        assert!(pieces.iter().all(|piece| piece.len() <= LONGEST_BYTES && piece.ends_with("on,")));
    }

    proptest! {
        #[test]
        fn every_word_is_in_exactly_one_clause(text in "[a-zA-Zäß0-9,.;:!?—'\" \n-]{0,600}") {
            let pieces = clauses(&text, true);
            let mut end = 0;
            for piece in &pieces {
                prop_assert!(piece.start >= end && piece.end > piece.start);
                prop_assert!(text[end..piece.start].trim().is_empty());
                end = piece.end;
            }
            prop_assert!(text[end..].trim().is_empty(), "{:?}", &text[end..]);
        }
    }
}
