//! Off the record: the sign that nothing is kept.

use super::memory::in_sight;
use super::theme::Palette;
use super::{Action, column_ui};
use crate::session::MemoryCommand;
use crate::wording::memory_page as words;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Checkbox, CornerRadius, Frame, Label, Margin, Painter, Pos2, Sense, Stroke, Ui, vec2,
};

/// Above everything while nothing is kept.
pub fn sign_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    column_ui(ui, |ui| {
        let frame = Frame::new()
            .fill(palette.accent_soft)
            .corner_radius(CornerRadius::same(12))
            .inner_margin(Margin::symmetric(14, 8));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(22.0, 26.0), Sense::hover());
                crossed_pencil(ui.painter(), rect.center(), &palette);
                let label = ui.add(Label::new(words::NOTHING_IS_KEPT));
                ui.ctx().accesskit_node_builder(label.id, |node| {
                    node.set_role(Role::Status);
                    node.set_label(words::NOTHING_IS_KEPT);
                    node.set_live(Live::Polite);
                });
                if ui.button(words::BACK_ON_THE_RECORD).clicked() {
                    actions.push(Action::Memory(MemoryCommand::OffTheRecord(false)));
                }
            });
        });
        ui.add_space(4.0);
    });
}

/// The switch.
pub fn switch_ui(ui: &mut Ui, is_off: bool, actions: &mut Vec<Action>) {
    let mut wanted = is_off;
    let text = eframe::egui::RichText::new(words::OFF_THE_RECORD).small();
    if in_sight(ui.add(Checkbox::new(&mut wanted, text))).changed() {
        actions.push(Action::Memory(MemoryCommand::OffTheRecord(wanted)));
    }
}

/// A pencil that does not write.
fn crossed_pencil(painter: &Painter, center: Pos2, palette: &Palette) {
    let stroke = Stroke::new(1.8, palette.accent);
    let at = |x: f32, y: f32| center + vec2(x, y);
    let pencil = vec![at(-8.0, 8.0), at(-6.5, 2.5), at(4.0, -8.0), at(8.0, -4.0), at(-2.5, 6.5)];
    painter.add(eframe::egui::Shape::closed_line(pencil, stroke));
    painter.line_segment([at(-9.0, -8.0), at(9.0, 9.0)], stroke);
}
