//! A day, read as a letter.

use super::super::memory::{button_ui, say_ui, small_ui};
use super::super::theme::{LETTER_LINE_HEIGHT, LETTER_SIZE, Palette};
use super::super::{Action, bidi};
use super::{Focus, LettersState, Opened, Shown, marked, scope, shortened};
use crate::letters::speaker;
use crate::wording::{self, letters as words};
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Color32, FontFamily, FontId, Label, Layout, RichText, Sense, TextFormat, Ui, vec2,
};
use memory::store::letters::{Reading, Scope, Start};
use memory::store::{Line, SAMANTHA};
use std::ops::Range;

/// Kept free beside the words for what can be done with them.
const MARGIN: f32 = 40.0;
/// So many letters of a line name what can be done with it.
const NAMED_BY: usize = 50;
/// A step through a long day.
const STEP: u64 = 100;

/// What stands above a line.
#[derive(Clone, Copy, PartialEq)]
enum Head {
    /// The same speaker goes on.
    None,
    /// The time stands above already.
    Name,
    NameAndTime,
}

/// See the module's documentation.
pub fn reading_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    opened: &Opened,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let told = shown.letters.reading.as_ref().filter(|(reading, _)| reading.date == opened.date);
    ways_ui(ui, told.map(|(reading, _)| reading), opened, true, state, actions);
    ui.add_space(10.0);
    let day = words::day(opened.date, shown.now);
    ui.label(RichText::new(&day).size(28.0));
    let Some((reading, marks)) = told else { return };
    if reading.all == 0 {
        say_ui(ui, &words::EMPTY_DAY);
        return;
    }
    scope::scope_ui(ui, shown, Scope::Day(opened.date), &day, state, actions);
    part_ui(ui, reading, opened, true, state, actions);
    let mut before: Option<&Line> = None;
    for (n, line) in reading.lines.iter().enumerate() {
        let begins = before.is_none_or(|before| before.conversation != line.conversation);
        if begins {
            conversation_ui(ui, shown, line, state, actions);
        }
        let head = match before {
            _ if begins => Head::Name,
            Some(before) if before.speaker == line.speaker => Head::None,
            _ => Head::NameAndTime,
        };
        before = Some(line);
        let marks = marks.get(n).map_or(&[][..], Vec::as_slice);
        ui.push_id(line.id, |ui| {
            line_ui(ui, shown, line, marks, head, state, actions);
        });
    }
    ui.add_space(16.0);
    part_ui(ui, reading, opened, false, state, actions);
    ways_ui(ui, Some(reading), opened, false, state, actions);
}

/// Back, and to the neighbouring days.
fn ways_ui(
    ui: &mut Ui,
    reading: Option<&Reading>,
    opened: &Opened,
    is_top: bool,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    ui.horizontal_wrapped(|ui| {
        if is_top {
            let text = if opened.by_search { words::BACK_TO_FOUND } else { words::ALL_DAYS };
            let back = button_ui(ui, &text, &text);
            state.focus_on(Focus::Back, &back);
            if back.clicked() {
                state.leave_day();
            }
        }
        for (text, day) in [
            (words::EARLIER_DAY, reading.and_then(|reading| reading.earlier)),
            (words::LATER_DAY, reading.and_then(|reading| reading.later)),
        ] {
            if let Some(day) = day
                && button_ui(ui, &text, &words::of(&text, &words::whole_date(day))).clicked()
            {
                state.read(day, Start::Skip(0), false, actions);
            }
        }
    });
}

/// A long day is read in parts: what comes before or after this one.
fn part_ui(
    ui: &mut Ui,
    reading: &Reading,
    opened: &Opened,
    is_top: bool,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let last = reading.skipped + reading.lines.len() as u64;
    let (text, skip) = match is_top {
        true if reading.skipped > 0 => (words::EARLIER_PART, reading.skipped.saturating_sub(STEP)),
        false if last < reading.all => (words::LATER_PART, last),
        _ => return,
    };
    ui.horizontal_wrapped(|ui| {
        if button_ui(ui, &text, &text).clicked() {
            state.read(opened.date, Start::Skip(skip), opened.by_search, actions);
        }
        small_ui(ui, &words::part(reading.skipped + 1, last, reading.all));
    });
    ui.add_space(8.0);
}

/// The time at which a conversation begins, or goes on, and what can be done
/// with it.
fn conversation_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    first: &Line,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let time = words::time(shown.here(first.at).time());
    let scope = Scope::Conversation(first.conversation);
    ui.add_space(18.0);
    ui.push_id(("conversation", first.conversation), |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(&time).small().color(palette.soft_ink));
            let rule = ui.available_width() - MARGIN;
            let (rect, _) = ui.allocate_exact_size(vec2(rule.max(0.0), 30.0), Sense::hover());
            ui.painter().hline(rect.x_range(), rect.center().y, (1.0, palette.button_hovered));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                scope::dots_ui(ui, scope, &words::conversation_of(&time), state);
            });
        });
        scope::at_hand_ui(ui, shown, scope, &words::conversation_of(&time), state, actions);
    });
}

fn line_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    line: &Line,
    marks: &[Range<usize>],
    head: Head,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let scope = Scope::Line(line.id);
    let name = shortened(&line.text, NAMED_BY);
    let is_found = state.reading.as_ref().is_some_and(|opened| opened.from == Start::Line(line.id));
    ui.spacing_mut().item_spacing.y = 2.0;
    if head != Head::None {
        ui.add_space(12.0);
        name_ui(ui, shown, line, head);
    } else {
        ui.add_space(6.0);
    }
    let job = job(line, marks, is_found, &palette);
    ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
        let width = ui.available_width() - MARGIN;
        let text =
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.add(bidi::label(ui, job))
            });
        if is_found {
            let bar = text.response.rect.translate(vec2(-12.0, 0.0));
            ui.painter().vline(bar.left(), bar.y_range(), (3.0, palette.accent));
        }
        scope::dots_ui(ui, scope, &name, state);
    });
    if state.concerns(scope) {
        // Clear of the words and of the mark below them.
        ui.add_space(4.0);
        ui.spacing_mut().item_spacing.y = 8.0;
        scope::at_hand_ui(ui, shown, scope, &name, state, actions);
    }
}

/// Who it was, and when.
fn name_ui(ui: &mut Ui, shown: Shown<'_>, line: &Line, head: Head) {
    let palette = Palette::of(ui);
    let is_hers = line.speaker == SAMANTHA;
    let color = if is_hers { palette.accent } else { palette.soft_ink };
    let name = speaker(line, shown.person);
    let time = words::time(shown.here(line.at).time());
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.add(Label::new(RichText::new(name).small().color(color)).truncate());
        if head == Head::NameAndTime {
            ui.label(RichText::new(time).size(12.5).color(palette.soft_ink));
        }
    });
}

fn job(line: &Line, marks: &[Range<usize>], is_found: bool, palette: &Palette) -> LayoutJob {
    let format = |size: f32, color: Color32| TextFormat {
        line_height: Some(LETTER_LINE_HEIGHT),
        valign: Align::Center,
        ..TextFormat::simple(FontId::new(size, FontFamily::Proportional), color)
    };
    let mut job = LayoutJob::default();
    marked::append(&mut job, &line.text, marks, &format(LETTER_SIZE, palette.ink), palette);
    let after =
        [line.interrupted.then_some(wording::INTERRUPTED), is_found.then_some(words::IS_FOUND)];
    for text in after.into_iter().flatten() {
        job.append(&format!(" — {text}"), 0.0, format(LETTER_SIZE - 4.0, palette.soft_ink));
    }
    job
}
