//! What the person should know, above the conversation.

use super::theme::Palette;
use super::{Action, column_ui};
use crate::app::view::View;
use crate::session::{Notice, Topic};
use crate::wording;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    CornerRadius, Frame, Label, Margin, Painter, Pos2, Sense, Shape, Stroke, TextStyle, Ui, pos2,
    vec2,
};

const DISMISS_WIDTH: f32 = 94.0;

/// All notices, the ones that stop something first. The memory page says
/// itself why the memory is closed.
pub fn notices_ui(ui: &mut Ui, view: &View, in_memory: bool, actions: &mut Vec<Action>) {
    let notices = view
        .notices
        .iter()
        .filter(|notice| !(in_memory && notice.blocking && notice.topic == Topic::Memory));
    let (blocking, others): (Vec<_>, Vec<_>) = notices.partition(|notice| notice.blocking);
    for notice in blocking.into_iter().chain(others) {
        column_ui(ui, |ui| notice_ui(ui, notice, actions));
    }
}

fn notice_ui(ui: &mut Ui, notice: &Notice, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let fill = if notice.blocking { palette.alert } else { palette.sheet };
    let frame = Frame::new()
        .fill(fill)
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(14, 10));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.set_min_height(ui.spacing().interact_size.y);
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 26.0), Sense::hover());
            sign(ui.painter(), rect.center(), notice.blocking, &palette);
            let width = ui.available_width();
            let has_button = !notice.blocking || notice.topic == Topic::Memory;
            let button_width = if has_button { DISMISS_WIDTH } else { 0.0 };
            let text_width = width - button_width;
            let font = TextStyle::Body.resolve(ui.style());
            let text = ui.painter().layout(notice.text.clone(), font, palette.ink, text_width);
            // As high as the text, so that the row sets it in its middle.
            let size = vec2(text_width, text.size().y);
            ui.allocate_ui(size, |ui| {
                ui.set_min_width(text_width);
                let label = ui.add(Label::new(text));
                ui.ctx().accesskit_node_builder(label.id, |node| {
                    node.set_role(if notice.blocking { Role::Alert } else { Role::Status });
                    node.set_label(notice.text.as_str());
                    node.set_live(if notice.blocking { Live::Assertive } else { Live::Polite });
                });
            });
            if !notice.blocking {
                if ui.button(wording::DISMISS).clicked() {
                    actions.push(Action::DismissNotice(notice.topic));
                }
            } else if notice.topic == Topic::Memory
                && ui
                    .button(wording::memory_page::HELP)
                    .accessible_name(wording::memory_page::GO_THERE)
                    .clicked()
            {
                actions.push(Action::OpenMemory);
            }
        });
    });
    ui.add_space(4.0);
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
