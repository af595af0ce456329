//! Arabic and Hebrew among what is read: from right to left, and joined.
//!
//! egui shapes each word, but lays out words from left to right in whatever
//! script. So a text with such words is broken into rows as it is written, and
//! each row laid out in the order in which it is seen. What the galley says it
//! holds stays the text as it is written: that is what a screen reader says.

use eframe::egui::epaint::text::ByteRangeExt as _;
use eframe::egui::text::{LayoutJob, LayoutSection, TextWrapping};
use eframe::egui::{
    Align, FontSelection, Galley, Label, Rect, Sense, TextFormat, TextWrapMode, Ui, WidgetText,
    pos2,
};
use std::ops::Range;
use std::sync::Arc;
use unicode_bidi::{BidiClass, BidiInfo, ParagraphInfo, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

/// Rows that were just as wide as the room may be wider by a rounding.
const ROUNDING: f32 = 2.0;

/// A text to be read, of several rows. One with words from right to left can't
/// be selected: the mouse would go through it from left to right.
pub fn label(ui: &Ui, text: impl Into<WidgetText>) -> Label {
    let text = text.into();
    if !has_rtl(text.text()) {
        return Label::new(text).wrap();
    }
    let valign = ui.text_valign();
    let job = text.into_layout_job(ui.style(), FontSelection::Default, valign);
    let mut job = Arc::unwrap_or_clone(job);
    job.halign = ui.layout().horizontal_placement();
    job.wrap = TextWrapping::from_wrap_mode_and_width(TextWrapMode::Wrap, ui.available_width());
    Label::new(galley(ui, job)).selectable(false).sense(Sense::click())
}

/// A text as it is seen, within the width that the job has.
pub fn galley(ui: &Ui, job: LayoutJob) -> Arc<Galley> {
    if !has_rtl(&job.text) {
        return ui.fonts_mut(|fonts| fonts.layout_job(job));
    }
    let info = BidiInfo::new(&job.text, None);
    let mut seen = LayoutJob { text: String::new(), sections: Vec::new(), ..job.clone() };
    let mut is_rtl = Vec::new();
    for row in rows(ui, &job) {
        if !is_rtl.is_empty() {
            let format = section_at(&job, row.start).format.clone();
            seen.append("\n", 0.0, format);
        }
        is_rtl.push(paragraph_at(&info, row.start).is_some_and(|it| it.level.is_rtl()));
        for piece in pieces(&info, row) {
            append(&mut seen, &job, &piece);
        }
    }
    let width = job.wrap.max_width;
    seen.wrap.max_width = width + ROUNDING;
    let mut galley = Arc::unwrap_or_clone(ui.fonts_mut(|fonts| fonts.layout_job(seen)));
    if job.halign == Align::LEFT {
        align(&mut galley, &is_rtl, width);
    }
    galley.job = Arc::new(job);
    Arc::new(galley)
}

/// Whether anything of it is read from right to left.
pub fn has_rtl(text: &str) -> bool {
    // Nothing before the Hebrew block is; most texts end here.
    text.chars().any(|c| c >= '\u{590}' && is_rtl(c))
}

fn is_rtl(c: char) -> bool {
    matches!(bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// Which bytes share a row: as many words as fit, line breaks left out.
fn rows(ui: &Ui, job: &LayoutJob) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut begins = 0;
    let mut filled = 0.0;
    for word in words(&job.text) {
        let text = &job.text[word.clone()];
        let width = width(ui, job, &word);
        let is_break = text == "\n";
        if is_break || filled > 0.0 && filled + width > job.wrap.max_width && text != " " {
            rows.push(begins..word.start);
            begins = if is_break { word.end } else { word.start };
            filled = 0.0;
        }
        if !is_break {
            filled += width;
        }
    }
    rows.push(begins..job.text.len());
    rows
}

/// The words of a text, and each space between them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some(last) if goes_on && !c.is_whitespace() => last.end = end,
            _ => words.push(at..end),
        }
        goes_on = !c.is_whitespace();
    }
    words
}

fn width(ui: &Ui, job: &LayoutJob, word: &Range<usize>) -> f32 {
    let mut alone = LayoutJob::default();
    for section in &job.sections {
        let bytes = section.byte_range.as_usize();
        let part = bytes.start.max(word.start)..bytes.end.min(word.end);
        if part.start < part.end {
            alone.append(&job.text[part], 0.0, section.format.clone());
        }
    }
    ui.fonts_mut(|fonts| fonts.layout_job(alone)).size().x
}

/// A part of a row as it is seen.
#[derive(Debug, PartialEq)]
struct Piece {
    text: String,
    /// Where it is written.
    bytes: Range<usize>,
}

/// The parts of a row, from left to right. A word from right to left is one
/// piece, in the order in which it is written: egui turns it around and joins
/// its letters.
fn pieces(info: &BidiInfo<'_>, row: Range<usize>) -> Vec<Piece> {
    let text = &info.text[row.clone()];
    let row = row.start..row.start + text.trim_end().len();
    let Some(paragraph) = paragraph_at(info, row.start).filter(|_| !row.is_empty()) else {
        return Vec::new();
    };
    let (levels, runs) = info.visual_runs(paragraph, row);
    let mut pieces = Vec::new();
    for run in runs {
        let is_turned = levels.get(run.start).is_some_and(|level| level.is_rtl());
        let mut parts = parts(&info.text[run.clone()], run.start);
        if is_turned {
            parts.reverse();
            parts.iter_mut().for_each(mirror);
        }
        pieces.extend(parts);
    }
    pieces
}

/// Words from right to left as a whole, everything else letter by letter, each
/// with its marks.
fn parts(text: &str, begins: usize) -> Vec<Piece> {
    let mut parts: Vec<Piece> = Vec::new();
    let mut goes_on = false;
    for (at, letter) in text.grapheme_indices(true) {
        let bytes = begins + at..begins + at + letter.len();
        let is_word = letter.starts_with(is_rtl);
        match parts.last_mut() {
            Some(word) if goes_on && is_word => {
                word.text.push_str(letter);
                word.bytes.end = bytes.end;
            }
            _ => parts.push(Piece { text: letter.into(), bytes }),
        }
        goes_on = is_word;
    }
    parts
}

/// Brackets open to the side from which they are read.
fn mirror(piece: &mut Piece) {
    const PAIRS: [(&str, &str); 6] =
        [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("«", "»"), ("‹", "›")];
    for (open, close) in PAIRS {
        if piece.text == open || piece.text == close {
            piece.text = if piece.text == open { close } else { open }.into();
            return;
        }
    }
}

fn paragraph_at<'a>(info: &'a BidiInfo<'_>, byte: usize) -> Option<&'a ParagraphInfo> {
    info.paragraphs.iter().find(|paragraph| paragraph.range.contains(&byte))
}

fn section_at(job: &LayoutJob, byte: usize) -> &LayoutSection {
    let holds = |section: &&LayoutSection| section.byte_range.as_usize().contains(&byte);
    job.sections.iter().find(holds).unwrap_or(&job.sections[0])
}

/// Adds a piece in the look of what it was written as. What egui would not turn
/// around shares a section, so that its letters are kerned.
fn append(seen: &mut LayoutJob, job: &LayoutJob, piece: &Piece) {
    let look = |at: usize| &section_at(job, piece.bytes.start + at).format;
    let mut parts: Vec<(&str, &TextFormat)> = Vec::new();
    let mut begins = 0;
    // A mirrored bracket is one letter, whatever its length.
    for (at, _) in piece.text.char_indices().skip(1) {
        if look(at) != look(begins) {
            parts.push((&piece.text[begins..at], look(begins)));
            begins = at;
        }
    }
    parts.push((&piece.text[begins..], look(begins)));
    // Where the look changes within a word, what comes later stands further left.
    if piece.text.starts_with(is_rtl) {
        parts.reverse();
    }
    for (text, format) in parts {
        let is_plain = !text.contains(is_turned) && !seen.text.ends_with(is_turned);
        if is_plain {
            seen.append(text, 0.0, format.clone());
        } else {
            // What `append` puts together would be turned around together.
            let begins = seen.text.len();
            seen.text.push_str(text);
            seen.sections.push(LayoutSection {
                leading_space: 0.0,
                byte_range: begins.into()..seen.text.len().into(),
                format: format.clone(),
            });
        }
    }
}

/// Written in a script that egui would turn around.
fn is_turned(c: char) -> bool {
    matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN | BidiClass::NSM)
        || ('\u{590}'..'\u{900}').contains(&c)
}

/// Rows of a paragraph from right to left begin at the right.
fn align(galley: &mut Galley, is_rtl: &[bool], width: f32) {
    if !width.is_finite() {
        return;
    }
    let mut paragraph = 0;
    for row in &mut galley.rows {
        if is_rtl.get(paragraph) == Some(&true) {
            row.pos.x = (width - row.row.size.x).max(0.0);
        }
        paragraph += usize::from(row.ends_with_newline);
    }
    if is_rtl.contains(&true) {
        let right = width.max(galley.rect.right());
        galley.rect = Rect::from_min_max(
            galley.rect.min.min(pos2(0.0, 0.0)),
            pos2(right, galley.rect.bottom()),
        );
        galley.mesh_bounds = galley.mesh_bounds.union(galley.rect);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let info = BidiInfo::new(text, None);
        let pieces = pieces(&info, 0..text.len());
        let seen: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(seen, expect);
        for piece in pieces.iter().filter(|piece| piece.text.starts_with(is_rtl)) {
            assert_eq!(piece.text, text[piece.bytes.clone()], "a word is as it is written");
        }
    }

    #[test]
    fn words_go_from_right_to_left_each_as_it_is_written() {
        check("שלום עולם", &["עולם", " ", "שלום"]);
        check("مرحبا بك", &["بك", " ", "مرحبا"]);
        check("مرحبا، بك", &["بك", " ", "،", "مرحبا"]);
        check("שלום! ", &["!", "שלום"]);
    }

    #[test]
    fn numbers_and_latin_words_keep_their_direction() {
        check("אני בן 42", &["4", "2", " ", "בן", " ", "אני"]);
        check("Ana שלום", &["A", "n", "a", " ", "שלום"]);
        check("יש לי PC", &["P", "C", " ", "לי", " ", "יש"]);
    }

    #[test]
    fn brackets_are_mirrored_and_marks_stay_with_their_letters() {
        check("(שלום) א", &["א", " ", "(", "שלום", ")"]);
        check("שָׁלוֹם", &["שָׁלוֹם"]);
        check("می\u{200c}خواهم", &["می\u{200c}خواهم"]);
    }

    #[test]
    fn nothing_is_done_where_nothing_goes_from_right_to_left() {
        assert!(!has_rtl("Grüße, 你好, привет – 42 %"));
        assert!(has_rtl("She said שלום.") && has_rtl("سلام"));
    }
}
