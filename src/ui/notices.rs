//! What the person should know, above the conversation: one sentence, the one
//! button that helps, and the details behind it.

use super::theme::Palette;
use super::{Action, UiState, column_ui};
use crate::app::view::View;
use crate::session::{Notice, Topic};
use crate::settings::Settings;
use crate::wording::{self, server_test::DETAILS};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Button, CollapsingHeader, CornerRadius, Frame, Label, Margin, Painter, Pos2, RichText, Sense,
    Shape, Stroke, Ui, pos2, vec2,
};
use remedy::Remedy;

mod remedy;

/// All notices, the ones that stop something first. The memory page says
/// itself why the memory is closed.
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
    for notice in blocking.into_iter().chain(others) {
        let remedy = Remedy::of(notice, view, settings);
        column_ui(ui, |ui| notice_ui(ui, notice, remedy, state, actions));
    }
}

fn notice_ui(
    ui: &mut Ui,
    notice: &Notice,
    remedy: Option<Remedy>,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let fill = if notice.blocking { palette.alert } else { palette.sheet };
    let frame = Frame::new()
        .fill(fill)
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(14, 10));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 26.0), Sense::hover());
            sign(ui.painter(), rect.center(), notice.blocking, &palette);
            ui.vertical(|ui| {
                // In line with the sign.
                ui.add_space(3.0);
                text_ui(ui, notice);
                ui.horizontal_wrapped(|ui| buttons_ui(ui, notice, remedy, state, actions));
                details_ui(ui, notice);
            });
        });
    });
    ui.add_space(4.0);
}

fn text_ui(ui: &mut Ui, notice: &Notice) {
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
    remedy: Option<Remedy>,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    if let Some(remedy) = remedy {
        let text = RichText::new(remedy.text()).color(palette.on_accent);
        let button = Button::new(text).fill(palette.accent);
        if ui.add(button).accessible_name(remedy.name()).clicked() {
            remedy.apply(state, actions);
        }
    }
    if !notice.blocking && ui.button(wording::DISMISS).clicked() {
        actions.push(Action::DismissNotice(notice.topic));
    }
}

fn details_ui(ui: &mut Ui, notice: &Notice) {
    if let Some(details) = &notice.details {
        let title = RichText::new(DETAILS).small();
        CollapsingHeader::new(title).id_salt(("details", notice.topic)).show(ui, |ui| {
            ui.add(Label::new(RichText::new(details).small()).wrap());
        });
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
