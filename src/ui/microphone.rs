//! What the microphone is doing, the switch to just talk, and the button that
//! mutes. Told by a sign and in words, never by colour alone.

use super::memory::in_sight;
use super::theme::{Palette, button_width, switch_width};
use super::{Action, meter};
use crate::app::view::{MicrophoneUse, View};
use crate::settings::Settings;
use crate::wording::listening as words;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Button, Checkbox, Color32, CornerRadius, Frame, Label, Margin, Painter, Pos2, Rect, RichText,
    Sense, Shape, Stroke, StrokeKind, TextStyle, Ui, pos2, vec2,
};

/// Wider where its text needs it.
const MUTE_WIDTH: f32 = 74.0;
/// Where the words have less than this beside the controls, they have a row of
/// their own.
const ROOMY: f32 = 216.0;

/// The whole strip.
pub fn microphone_ui(ui: &mut Ui, view: &View, settings: &Settings, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let is_muted = view.is_muted();
    let frame = match is_muted {
        true => Frame::new().fill(palette.alert).stroke(Stroke::new(1.5, palette.accent)),
        // Quiet, and as large.
        false => Frame::new().stroke(Stroke::new(1.5, palette.paper)),
    };
    let frame = frame.corner_radius(CornerRadius::same(12)).inner_margin(Margin {
        left: 4,
        right: 2,
        top: 1,
        bottom: 1,
    });
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let spacing = ui.spacing().item_spacing.x;
        let switch_width = switch_width(ui, &TextStyle::Button, &words::JUST_TALK);
        let words_width = ui.available_width() - switch_width - mute_width(ui) - 2.0 * spacing;
        if words_width < ROOMY {
            ui.horizontal(|ui| sign_ui(ui, view, ui.available_width()));
            ui.horizontal(|ui| controls_ui(ui, is_muted, settings, actions));
        } else {
            ui.horizontal(|ui| {
                sign_ui(ui, view, words_width);
                controls_ui(ui, is_muted, settings, actions);
            });
        }
    });
    let limit = match view.is_half_duplex() {
        true => Some(words::HALF_DUPLEX),
        false => view.is_hard_to_interrupt().then_some(words::UNSETTLED),
    };
    if let Some(limit) = limit {
        ui.add_space(-2.0);
        let text = RichText::new(limit).small().weak();
        ui.add(Label::new(text).wrap().selectable(false));
    }
}

/// The sign and its words.
fn sign_ui(ui: &mut Ui, view: &View, width: f32) {
    let palette = Palette::of(ui);
    let is_used = view.microphone_use();
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 26.0), Sense::hover());
    let sign = Sign { is_crossed: is_crossed(is_used), level: view.level };
    sign.paint(ui.painter(), rect.center(), 1.0, &palette);

    let text = words::microphone(is_used);
    let width = width - rect.width() - ui.spacing().item_spacing.x;
    let font = TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout(text.to_owned().into(), font, palette.ink, width);
    // As high as the text, so that the row sets it in its middle.
    ui.allocate_ui(vec2(width, galley.size().y), |ui| {
        ui.set_min_width(width);
        let label = ui.add(Label::new(galley).selectable(false));
        ui.ctx().accesskit_node_builder(label.id, |node| {
            node.set_role(Role::Status);
            node.set_label(text);
            // What changes with every turn is told by her state already.
            node.set_live(if is_crossed(is_used) { Live::Polite } else { Live::Off });
        });
    });
}

fn controls_ui(ui: &mut Ui, is_muted: bool, settings: &Settings, actions: &mut Vec<Action>) {
    let mut hands_free = settings.listening.hands_free;
    let switch = in_sight(ui.add(Checkbox::new(&mut hands_free, words::JUST_TALK)));
    if switch.on_hover_text(words::JUST_TALK_HELP).changed() {
        actions.push(Action::SetHandsFree(hands_free));
    }
    let (text, name) = match is_muted {
        true => (words::UNMUTE, words::UNMUTE_NAME),
        false => (words::MUTE, words::MUTE_NAME),
    };
    let size = vec2(mute_width(ui), ui.spacing().interact_size.y);
    let button = in_sight(ui.add_sized(size, Button::new(text)).accessible_name(name));
    if button.on_hover_text(words::MUTE_SHORTCUT).clicked() {
        actions.push(Action::SetMuted(!is_muted));
    }
}

/// As wide whether she is muted or not.
fn mute_width(ui: &Ui) -> f32 {
    button_width(ui, &[&words::MUTE, &words::UNMUTE]).max(MUTE_WIDTH)
}

/// Whether nothing can be heard, now and until something is done.
fn is_crossed(is_used: MicrophoneUse) -> bool {
    matches!(is_used, MicrophoneUse::Muted | MicrophoneUse::Resting | MicrophoneUse::Missing)
}

/// A microphone, filled as high as it is loud, or crossed out.
pub struct Sign {
    /// Nothing can be heard.
    pub is_crossed: bool,
    /// As in [`View::level`].
    pub level: f32,
}

impl Sign {
    /// Paints it, 20 points high times `scale`.
    pub fn paint(&self, painter: &Painter, center: Pos2, scale: f32, palette: &Palette) {
        let color = palette.accent;
        let stroke = Stroke::new(1.7 * scale, color);
        let at = |x: f32, y: f32| pos2(center.x + x * scale, center.y + y * scale);
        let head = Rect::from_two_pos(at(-3.5, -10.0), at(3.5, 3.0));
        fill_head(painter, head, meter::loudness(self.level), color);
        painter.rect_stroke(head, 3.5 * scale, stroke, StrokeKind::Middle);
        let holder = (0..=12)
            .map(|step| {
                let angle = std::f32::consts::PI * step as f32 / 12.0;
                at(6.8 * angle.cos(), -0.5 + 6.8 * angle.sin())
            })
            .collect();
        painter.add(Shape::line(holder, stroke));
        painter.line_segment([at(0.0, 6.3), at(0.0, 10.0)], stroke);
        painter.line_segment([at(-3.5, 10.0), at(3.5, 10.0)], stroke);
        if self.is_crossed {
            painter.line_segment([at(-9.0, -9.5), at(9.0, 9.5)], Stroke::new(2.4 * scale, color));
        }
    }
}

fn fill_head(painter: &Painter, head: Rect, share: f32, color: Color32) {
    let filled = head.with_min_y(head.bottom() - head.height() * share);
    painter.with_clip_rect(filled.intersect(painter.clip_rect())).rect_filled(
        head,
        head.width() / 2.0,
        color,
    );
}
