//! What the person should know, above the conversation: one sentence, the one
//! button that helps, and the details behind it.

use super::remedy::Remedy;
use super::theme::{Palette, button_width};
use super::{Action, SPACIOUS, UiState, column_ui};
use crate::app::view::View;
use crate::session::{Notice, Topic};
use crate::settings::Settings;
use crate::wording::{self, server_test::DETAILS};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Button, CornerRadius, Frame, Label, Margin, Painter, Pos2, RichText, ScrollArea, Sense, Shape,
    Stroke, TextStyle, Ui, pos2, vec2,
};

/// Of the window's height, they take at most so much.
const HIGHEST: f32 = 0.36;
/// As high as a button, where the buttons stand beside the text.
const LINE_PX: f32 = 36.0;
/// Where they stand below it.
const NARROW_LINE_PX: f32 = 22.0;

/// All notices, the ones that stop something first. The memory page says
/// itself why the memory is closed. However many there are, the conversation
/// keeps most of the window.
pub fn notices_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let in_memory = state.memory.is_open();
    let notices = view
        .notices
        .iter()
        .filter(|notice| !(in_memory && notice.blocking && notice.topic == Topic::Memory));
    let (blocking, others): (Vec<_>, Vec<_>) = notices.partition(|notice| notice.blocking);
    if blocking.is_empty() && others.is_empty() {
        return;
    }
    let highest = ui.ctx().content_rect().height() * HIGHEST;
    // As high as they are up to there, whatever the panel was before.
    let area = ScrollArea::vertical().max_height(highest).min_scrolled_height(highest);
    area.auto_shrink([false, true]).show(ui, |ui| {
        column_ui(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for notice in blocking.into_iter().chain(others) {
                let remedy = Remedy::of(notice, view, settings);
                notice_ui(ui, notice, remedy.as_ref(), state, actions);
            }
        });
    });
}

fn notice_ui(
    ui: &mut Ui,
    notice: &Notice,
    remedy: Option<&Remedy>,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let fill = if notice.blocking { palette.alert } else { palette.sheet };
    let frame = Frame::new()
        .fill(fill)
        .stroke(palette.card_stroke())
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(14, 10));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let is_wide = ui.available_width() >= SPACIOUS;
        let line_px = if is_wide { LINE_PX } else { NARROW_LINE_PX };
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, line_px), Sense::hover());
            sign(ui.painter(), rect.center(), notice.blocking, &palette);
            let buttons_px = if is_wide { buttons_width(ui, notice, remedy) } else { 0.0 };
            ui.vertical(|ui| {
                ui.set_width(ui.available_width() - buttons_px);
                text_ui(ui, notice, line_px);
                if !is_wide {
                    ui.add_space(2.0);
                    ui.horizontal_wrapped(|ui| buttons_ui(ui, notice, remedy, state, actions));
                }
                details_ui(ui, notice, state, actions);
            });
            if is_wide {
                buttons_ui(ui, notice, remedy, state, actions);
            }
        });
    });
}

/// What stands on the buttons, from left to right.
fn buttons_width(ui: &Ui, notice: &Notice, remedy: Option<&Remedy>) -> f32 {
    let details = notice.details.is_some().then(|| String::from(DETAILS));
    let dismiss = (!notice.blocking).then(|| wording::DISMISS.to_string());
    let texts = [remedy.map(Remedy::text), details, dismiss];
    let gap = ui.spacing().item_spacing.x;
    texts.iter().flatten().map(|text| button_width(ui, &[text]) + gap).sum()
}

fn text_ui(ui: &mut Ui, notice: &Notice, line_px: f32) {
    // The first line stands beside the middle of the sign and of the buttons.
    let row_px = ui.text_style_height(&TextStyle::Body);
    ui.add_space(((line_px - row_px) / 2.0).max(0.0));
    let label = ui.add(Label::new(notice.text.as_str()).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(if notice.blocking { Role::Alert } else { Role::Status });
        node.set_label(notice.text.as_str());
        node.set_live(if notice.blocking { Live::Assertive } else { Live::Polite });
    });
}

fn buttons_ui(
    ui: &mut Ui,
    notice: &Notice,
    remedy: Option<&Remedy>,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    if let Some(remedy) = remedy {
        let text = RichText::new(remedy.text()).color(palette.on_accent);
        let button = Button::new(text).fill(palette.accent);
        if ui.add(button).accessible_name(remedy.name()).clicked() {
            remedy.clone().apply(state, actions);
        }
    }
    if notice.details.is_some() {
        let is_open = state.notice_details == Some(notice.topic);
        let button = ui.add(Button::new(DETAILS).selected(is_open));
        ui.ctx().accesskit_node_builder(button.id, |node| node.set_expanded(is_open));
        if button.clicked() {
            state.notice_details = (!is_open).then_some(notice.topic);
        }
    }
    if !notice.blocking && ui.button(wording::DISMISS).clicked() {
        actions.push(Action::DismissNotice(notice.topic));
    }
}

/// What lies behind it, and the way to try everything.
fn details_ui(ui: &mut Ui, notice: &Notice, state: &mut UiState, actions: &mut Vec<Action>) {
    let Some(details) = &notice.details else { return };
    if state.notice_details != Some(notice.topic) {
        return;
    }
    ui.add(Label::new(RichText::new(details).small()).wrap());
    if ui.button(Remedy::CheckUp.text()).clicked() {
        Remedy::CheckUp.apply(state, actions);
    }
}

/// An exclamation mark in a triangle, or an "i" in a circle.
fn sign(painter: &Painter, center: Pos2, blocking: bool, palette: &Palette) {
    let stroke = Stroke::new(1.8, palette.accent);
    let at = |y: f32| pos2(center.x, center.y + y);
    if blocking {
        let corners = vec![at(-10.0), center + vec2(10.5, 8.5), center + vec2(-10.5, 8.5)];
        painter.add(Shape::closed_line(corners, stroke));
        painter.line_segment([at(-3.5), at(2.5)], stroke);
        painter.circle_filled(at(5.6), 1.2, palette.accent);
    } else {
        painter.circle_stroke(center, 9.5, stroke);
        painter.circle_filled(at(-4.4), 1.2, palette.accent);
        painter.line_segment([at(-1.2), at(5.0)], stroke);
    }
}
