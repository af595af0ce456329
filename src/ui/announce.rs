//! What a screen reader is told without being asked.

use crate::app::view::View;
use crate::session::Topic;
use crate::settings::Settings;
use crate::wording;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Id, Rect, Sense, Ui, Vec2};

/// Her last reply as a live region, which changes when a reply is over. Only
/// when she does not say it herself: nobody wants two voices at once. Her
/// state is announced where it is shown.
pub fn announce_ui(ui: &Ui, view: &View, settings: &Settings) {
    let is_mute =
        !settings.voice.enabled || view.notices.iter().any(|notice| notice.topic == Topic::Voice);
    let Some(line) = view.last_reply().filter(|_| is_mute) else { return };
    let id = Id::unique("her last reply");
    let nowhere = Rect::from_min_size(ui.max_rect().min, Vec2::ZERO);
    ui.interact(nowhere, id, Sense::empty());
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
        node.set_label(wording::announced_reply(&line.text));
    });
}
