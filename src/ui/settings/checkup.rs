//! Is everything all right? Every part, tried, with what to do about it.

use super::fold::Fold;
use super::rows::Rows;
use super::{help_ui, status_ui};
use crate::app::errands::{CheckUp, Errand};
use crate::app::view::View;
use crate::doctor::{Finding, Verdict, is_conversation_possible};
use crate::settings::Settings;
use crate::ui::Action;
use crate::ui::remedy::Remedy;
use crate::ui::theme::Palette;
use crate::wording::checkup as words;
use crate::wording::remedies::for_part;
use crate::wording::setting_rows as row;
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Button, Label, Painter, Pos2, RichText, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// Returns what the person asked for to put something right.
pub(super) fn checkup_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    settings: &Settings,
    fold: &mut Fold,
    actions: &mut Vec<Action>,
) -> Option<Remedy> {
    let mut asked = None;
    fold.ui(ui, rows, &row::CHECKUP, |ui| {
        let checkup = &view.errands.checkup;
        help_ui(ui, &row::CHECKUP.help);
        ui.add_space(4.0);
        for finding in &checkup.findings {
            let remedy = Remedy::of_finding(finding, view, settings);
            if finding_ui(ui, finding, remedy.as_ref(), checkup.checking.is_none()) {
                asked = remedy;
            }
        }
        summary_ui(ui, checkup);
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| buttons_ui(ui, checkup, actions));
    });
    asked
}

/// Whether the button that helps was pressed.
fn finding_ui(ui: &mut Ui, finding: &Finding, remedy: Option<&Remedy>, is_quiet: bool) -> bool {
    let mut is_pressed = false;
    let palette = Palette::of(ui);
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
        mark(ui.painter(), rect.center(), finding, &palette);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let title = format!("{}: {}", finding.part.name(), words::verdict(finding));
            ui.add(Label::new(RichText::new(title).small()).wrap());
            let text = RichText::new(finding.text.to_string()).small().weak();
            let label = ui.add(Label::new(text).wrap());
            let sentence = words::in_words(finding);
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
            if let Some(remedy) = remedy {
                let name = for_part(&remedy.name(), finding.part.name());
                let button = ui.add_enabled(is_quiet, Button::new(remedy.text()));
                is_pressed = button.accessible_name(name).clicked();
            }
        });
    });
    ui.add_space(2.0);
    is_pressed
}

/// A tick, a question mark's dot, or a cross; never told by colour alone.
fn mark(painter: &Painter, center: Pos2, finding: &Finding, palette: &Palette) {
    let stroke = |color| Stroke::new(1.8, color);
    let at = |x: f32, y: f32| pos2(center.x + x, center.y + y);
    match finding.verdict {
        Verdict::Works => {
            painter.line_segment([at(-5.0, 0.5), at(-1.5, 4.0)], stroke(palette.soft_ink));
            painter.line_segment([at(-1.5, 4.0), at(5.5, -4.0)], stroke(palette.soft_ink));
        }
        Verdict::Doubtful => {
            painter.circle_stroke(center, 5.0, stroke(palette.accent));
        }
        Verdict::Fails if finding.part.is_needed() => {
            painter.line_segment([at(-4.5, -4.5), at(4.5, 4.5)], stroke(palette.accent));
            painter.line_segment([at(-4.5, 4.5), at(4.5, -4.5)], stroke(palette.accent));
        }
        Verdict::Fails => {
            painter.line_segment([at(-5.0, 0.0), at(5.0, 0.0)], stroke(palette.soft_ink));
        }
    }
}

fn summary_ui(ui: &mut Ui, checkup: &CheckUp) {
    if let Some(part) = checkup.checking {
        help_ui(ui, &words::CHECKING.with(&[("part", &part.name())]));
    } else if !checkup.findings.is_empty() {
        let is_possible = is_conversation_possible(&checkup.findings);
        status_ui(ui, if is_possible { &words::ALL_WELL } else { &words::NOT_YET });
    }
}

fn buttons_ui(ui: &mut Ui, checkup: &CheckUp, actions: &mut Vec<Action>) {
    let is_first = checkup.findings.is_empty();
    let text = if is_first { words::CHECK } else { words::CHECK_AGAIN };
    if ui.add_enabled(checkup.checking.is_none(), Button::new(text)).clicked() {
        actions.push(Action::Errand(Errand::CheckUp));
    }
    if !is_first && checkup.checking.is_none() && ui.button(words::COPY).clicked() {
        let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE"));
        ui.ctx().copy_text(words::report(&checkup.findings, &home.unwrap_or_default()));
    }
}
