//! How fast she answers, for the curious: the last turns and their medians.
//!
//! Each row is one text, so that a screen reader says it as a sentence rather
//! than as figures without their headings.

use super::fold::Fold;
use super::help_ui;
use super::rows::Rows;
use crate::app::latency::{Latency, STAGES};
use crate::ui::theme::Palette;
use crate::wording::latency as words;
use crate::wording::setting_rows as row;
use eframe::egui::accesskit::Role;
use eframe::egui::{Align2, Color32, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// Turns that are shown one by one.
const TURNS: usize = 3;
const COLUMN_WIDTH: f32 = 50.0;
const MEDIAN_WIDTH: f32 = 58.0;
const ROW_HEIGHT: f32 = 24.0;

pub(super) fn latency_ui(ui: &mut Ui, rows: &mut Rows, latency: &Latency, fold: &mut Fold) {
    let header = fold.ui(ui, rows, &row::LATENCY, |ui| {
        if latency.is_empty() {
            return help_ui(ui, &words::NOTHING_YET);
        }
        help_ui(ui, &words::FROM_LAST_WORD);
        figures_ui(ui, latency);
    });
    if let Some(header) = header {
        header.on_hover_text(words::SHORTCUT);
    }
}

fn figures_ui(ui: &mut Ui, latency: &Latency) {
    let turns = latency.latest_ms(0).take(TURNS).count();
    let headings = (0..turns).map(words::turn);
    let cells: Vec<_> = std::iter::once(words::MEDIAN.get().to_owned()).chain(headings).collect();
    row_ui(ui, "", &cells, None);
    for (i, stage) in STAGES.into_iter().enumerate() {
        let median_ms = latency.median_ms(i);
        let latest_ms: Vec<_> = latency.latest_ms(i).take(TURNS).collect();
        let figures = std::iter::once(median_ms).chain(latest_ms.iter().copied());
        let cells: Vec<_> = figures.map(words::figure).collect();
        let sentence = words::in_words(stage, median_ms, &latest_ms);
        row_ui(ui, &words::stage(stage), &cells, Some(&sentence));
    }
}

/// One row; `sentence` is what it says as a whole. The headings need none.
fn row_ui(ui: &mut Ui, name: &str, cells: &[String], sentence: Option<&str>) {
    let palette = Palette::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    let font = TextStyle::Small.resolve(ui.style());
    let write = |x: f32, align: Align2, text: &str, color: Color32| {
        ui.painter().text(pos2(x, rect.center().y), align, text, font.clone(), color);
    };
    write(rect.left(), Align2::LEFT_CENTER, name, palette.ink);
    let mut right = rect.right();
    for (i, cell) in cells.iter().enumerate().rev() {
        let is_figure = sentence.is_some() && i == 0;
        let color = if is_figure { palette.ink } else { palette.soft_ink };
        write(right, Align2::RIGHT_CENTER, cell, color);
        right -= if i == 0 { MEDIAN_WIDTH } else { COLUMN_WIDTH };
    }
    if let Some(sentence) = sentence {
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence));
    }
}
