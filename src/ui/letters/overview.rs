//! The search field, and below it all days or what was found.

use super::super::memory::{button_ui, field_ui, in_sight, say_ui};
use super::super::theme::Palette;
use super::super::{Action, bidi};
use super::{Focus, LettersState, Shown, marked, scope, shortened};
use crate::letters::speaker;
use crate::session::{Hit, LettersCommand};
use crate::wording::{letters as words, memory_page};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    self, Align, Align2, CornerRadius, Label, Response, RichText, Sense, StrokeKind, TextFormat,
    TextStyle, Ui, WidgetInfo, vec2,
};
use jiff::Zoned;
use memory::store::letters::{Day, Scope, Start};

/// Room between the rows of a text, for the ground of a marked word.
const LINE_HEIGHT: f32 = 22.0;
/// Letters of the first words of a day.
const FIRST_WORDS: usize = 110;

/// See the module's documentation.
pub fn overview_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let letters = shown.letters;
    if letters.days.is_empty() && state.words.is_empty() {
        say_ui(ui, &words::EMPTY);
        return;
    }
    ui.add(Label::new(RichText::new(words::ABOUT).color(Palette::of(ui).soft_ink)).wrap());
    ui.add_space(6.0);
    let field = field_ui(ui, &words::SEARCH, &mut state.words, false);
    if field.changed() {
        state.ask(actions);
    }
    state.focus_on(Focus::Search, &field);
    ui.add_space(4.0);
    if state.words.trim().is_empty() {
        days_ui(ui, shown, state, actions);
    } else {
        found_ui(ui, shown, state, actions);
    }
    // Where the keyboard was to go back to was forgotten.
    let waits = matches!(state.focus, Some(Focus::Day(_) | Focus::Line(_)));
    if waits && state.reading.is_none() {
        state.focus = Some(Focus::Search);
    }
}

fn days_ui(ui: &mut Ui, shown: Shown<'_>, state: &mut LettersState, actions: &mut Vec<Action>) {
    let letters = shown.letters;
    ui.scope(|ui| {
        list(ui, &words::DAYS);
        for day in &letters.days {
            ui.push_id(day.date, |ui| {
                let row = day_row_ui(ui, day, shown.now);
                state.focus_on(Focus::Day(day.date), &row);
                if row.clicked() {
                    state.read(day.date, Start::Skip(0), false, actions);
                }
            });
        }
    });
    ui.add_space(4.0);
    if letters.has_earlier && button_ui(ui, &words::EARLIER_DAYS, &words::EARLIER_DAYS).clicked() {
        let before = letters.days.last().map(|day| day.date);
        actions.push(Action::Letters(LettersCommand::Days { before }));
    }
    ui.add_space(12.0);
    scope::scope_ui(ui, shown, Scope::Everything, "", state, actions);
}

fn day_row_ui(ui: &mut Ui, day: &Day, now: &Zoned) -> Response {
    let palette = Palette::of(ui);
    let title = words::day(day.date, now);
    let count = words::conversations(day.conversations);
    let begins = shortened(&day.first_words, FIRST_WORDS);
    let mut job = LayoutJob::default();
    job.append(&title, 0.0, format(ui, 18.0, &palette));
    job.append(&format!("   {count}\n"), 0.0, soft(ui, &palette));
    let quoted = memory_page::quoted(&begins);
    job.append(&quoted, 0.0, TextFormat { italics: true, ..soft(ui, &palette) });
    row_ui(ui, job, &format!("{title}, {count}. {quoted}"))
}

fn found_ui(ui: &mut Ui, shown: Shown<'_>, state: &mut LettersState, actions: &mut Vec<Action>) {
    let found = &shown.letters.found;
    // Nothing was told yet of these words; what is shown are those before.
    let is_current = found.words == state.words.trim();
    if found.hits.is_empty() {
        if is_current {
            say_ui(ui, &words::NOTHING_FOUND);
        }
        return;
    }
    let count = words::found(found.all);
    let label = ui.label(RichText::new(&count).small().weak());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Status);
        node.set_label(count);
        node.set_live(Live::Polite);
    });
    ui.scope(|ui| {
        list(ui, &words::FOUND);
        for hit in &found.hits {
            ui.push_id(hit.line.id, |ui| {
                let row = hit_ui(ui, hit, shown);
                state.focus_on(Focus::Line(hit.line.id), &row);
                if row.clicked() {
                    let date = shown.here(hit.line.at).date();
                    state.read(date, Start::Line(hit.line.id), true, actions);
                }
            });
        }
    });
    if is_current
        && found.hits.len() < found.all
        && button_ui(ui, &words::MORE_FOUND, &words::MORE_FOUND).clicked()
    {
        let words = found.words.clone();
        let skip = found.hits.len();
        actions.push(Action::Letters(LettersCommand::Search { words, skip }));
    }
}

fn hit_ui(ui: &mut Ui, hit: &Hit, shown: Shown<'_>) -> Response {
    let palette = Palette::of(ui);
    let at = shown.here(hit.line.at);
    let who = speaker(&hit.line, shown.person);
    let head = format!("{}, {} · {who}", words::day(at.date(), shown.now), words::time(at.time()));
    let (text, marks) = marked::excerpt(&hit.line.text, &hit.marks);
    let mut job = LayoutJob::default();
    job.append(&format!("{head}\n"), 0.0, soft(ui, &palette));
    marked::append(&mut job, &text, &marks, &format(ui, 17.0, &palette), &palette);
    row_ui(ui, job, &format!("{head}: {text}"))
}

/// A text as wide as the page that can be pressed.
fn row_ui(ui: &mut Ui, mut job: LayoutJob, name: &str) -> Response {
    const PADDING: egui::Vec2 = vec2(16.0, 10.0);
    let width = ui.available_width();
    job.wrap.max_width = width - 2.0 * PADDING.x;
    let galley = bidi::galley(ui, job);
    let size = vec2(width, galley.size().y + 2.0 * PADDING.y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if ui.is_rect_visible(rect) {
        let palette = Palette::of(ui);
        let is_lit = response.hovered() || response.has_focus();
        let fill = if is_lit { palette.button_hovered } else { palette.field };
        let painter = ui.painter();
        let stroke = match response.has_focus() {
            true => ui.visuals().widgets.active.bg_stroke,
            false => palette.card_stroke(),
        };
        painter.rect(rect, CornerRadius::same(12), fill, stroke, StrokeKind::Inside);
        let place =
            Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect.shrink2(PADDING));
        painter.galley(place.min, galley, palette.ink);
    }
    in_sight(response)
}

/// Tells that what follows is a list.
fn list(ui: &Ui, name: &str) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(Role::List);
        node.set_label(name);
    });
}

fn format(ui: &Ui, size: f32, palette: &Palette) -> TextFormat {
    let font = TextStyle::Body.resolve(ui.style());
    line(TextFormat::simple(egui::FontId::new(size, font.family), palette.ink))
}

fn soft(ui: &Ui, palette: &Palette) -> TextFormat {
    line(TextFormat::simple(TextStyle::Small.resolve(ui.style()), palette.soft_ink))
}

fn line(format: TextFormat) -> TextFormat {
    TextFormat { line_height: Some(LINE_HEIGHT), valign: Align::Center, ..format }
}
