//! What was remembered for her last reply, and why.

use super::super::bidi;
use super::super::theme::Palette;
use super::{card_ui, in_sight, small_ui};
use crate::app::view::View;
use crate::wording::memory_page as words;
use eframe::egui::{Button, RichText, Ui};
use jiff::Zoned;
use memory::Recalled;

/// At the top of the memory page.
pub fn on_page_ui(ui: &mut Ui, view: &View, now: &Zoned, is_open: &mut bool) {
    if view.helped().is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    ui.add_space(4.0);
    card_ui(ui, palette.sheet, |ui| {
        recalled_ui(ui, view.helped(), now, is_open);
    });
}

/// A line that opens to the quotes.
pub fn recalled_ui(ui: &mut Ui, recalled: &[Recalled], now: &Zoned, is_open: &mut bool) {
    let text = words::helped(recalled.len(), *is_open);
    let color = Palette::of(ui).soft_ink;
    let button = Button::new(RichText::new(&text).small().underline().color(color))
        .frame_when_inactive(false);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding.x = 6.0;
            in_sight(ui.add(button))
        })
        .inner;
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(*is_open));
    if response.clicked() {
        *is_open = !*is_open;
    }
    if !*is_open {
        return;
    }
    for one in recalled {
        ui.add(bidi::label(ui, RichText::new(words::quoted(&one.words)).italics()));
        small_ui(ui, &words::why_recalled(one.said_at, &one.matched, now));
        ui.add_space(4.0);
    }
}
