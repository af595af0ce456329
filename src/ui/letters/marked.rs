//! Words in which a search found something: underlined and on a ground of
//! their own.

use super::super::theme::Palette;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Stroke, TextFormat};
use std::ops::Range;

/// Letters of a line that are shown among what was found.
const EXCERPT: usize = 160;
/// Of those, before the first word that was found.
const BEFORE: usize = 50;

/// Adds a text, the marked words of it as such.
pub fn append(
    job: &mut LayoutJob,
    text: &str,
    marks: &[Range<usize>],
    format: &TextFormat,
    palette: &Palette,
) {
    let marked = TextFormat {
        underline: Stroke::new(2.0, palette.accent),
        background: palette.accent_soft,
        color: palette.ink,
        ..format.clone()
    };
    let mut done = 0;
    for mark in marks {
        // The text may be another than the one that was searched.
        let (Some(before), Some(word)) = (text.get(done..mark.start), text.get(mark.clone()))
        else {
            continue;
        };
        job.append(before, 0.0, format.clone());
        job.append(word, 0.0, marked.clone());
        done = mark.end;
    }
    job.append(&text[done..], 0.0, format.clone());
}

/// The part of a text around the first mark, and the marks in it.
pub fn excerpt(text: &str, marks: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let first = marks.first().map_or(0, |mark| mark.start);
    let letters_before = text[..first].chars().count();
    let skipped = letters_before.saturating_sub(BEFORE);
    let at = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at);
    let start = if skipped == 0 { 0 } else { next_word(text, at(skipped)) };
    let end = at(skipped + EXCERPT).max(marks.first().map_or(0, |mark| mark.end));
    let (head, tail) =
        (if start > 0 { "… " } else { "" }, if end < text.len() { " …" } else { "" });
    let moved = |place: usize| place - start + head.len();
    let marks = marks.iter().filter(|mark| mark.start >= start && mark.end <= end);
    let marks = marks.map(|mark| moved(mark.start)..moved(mark.end)).collect();
    (format!("{head}{}{tail}", &text[start..end]), marks)
}

/// Where the next word begins, if that is soon.
fn next_word(text: &str, from: usize) -> usize {
    text[from..]
        .char_indices()
        .take(30)
        .find(|(_, c)| *c == ' ')
        .map_or(from, |(at, _)| from + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use memory::recall::marks;

    #[test]
    fn an_excerpt_holds_the_word_that_was_found_and_is_short() {
        let long =
            format!("{}the heron stood {}", "Möwe und mehr ".repeat(40), "still ".repeat(60));
        let (text, found) = excerpt(&long, &marks(&long, "heron"));
        assert_eq!(&text[found[0].clone()], "heron");
        assert!(text.starts_with("… ") && text.ends_with(" …"));
        assert!(text.chars().count() < EXCERPT + 8, "{text}");
        let short = "A heron.";
        let (text, found) = excerpt(short, &marks(short, "her"));
        assert_eq!((text.as_str(), &found[..]), (short, std::slice::from_ref(&(2..7))));
    }

    #[test]
    fn all_of_a_text_is_laid_out_whatever_is_marked() {
        let palette = super::super::super::theme::LIGHT;
        let mut job = LayoutJob::default();
        append(&mut job, "A heron.", &[2..7, 90..99], &TextFormat::default(), &palette);
        assert_eq!(job.text, "A heron.");
    }
}
