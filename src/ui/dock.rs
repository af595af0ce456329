//! The lower edge: her state, the talk button, the microphone, the text box, and
//! where words go.

use super::memory::in_sight;
use super::theme::{Palette, button_width, switch_width};
use super::{Action, meter, microphone, record, status};
use crate::app::view::View;
use crate::session::Presence;
use crate::settings::{Settings, TalkMode};
use crate::wording;
use eframe::egui::accesskit::{Action as AccessAction, Role};
use eframe::egui::{
    self, Id, Key, KeyboardShortcut, Modifiers, Rect, RichText, ScrollArea, Sense, Stroke,
    StrokeKind, TextEdit, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

/// What stands in the text box, and who holds the button.
#[derive(Debug, Default)]
pub struct DockState {
    draft: String,
    button_held: bool,
}

/// The talk button's identity: the space bar talks while it has the keyboard.
pub fn talk_button_id() -> Id {
    Id::unique("talk button")
}

const ROW_HEIGHT: f32 = 60.0;
/// Wider where its text needs it.
const BUTTON_SIZE: Vec2 = vec2(142.0, 50.0);
/// Wider where its text needs it.
const SEND_SIZE: Vec2 = vec2(76.0, 40.0);

/// Her shape, and the words beside the button, where there is little room.
const SMALL_FIGURE: f32 = 44.0;
const SMALL_WORD: f32 = 18.0;
const WORD: f32 = 21.0;
/// Narrower than this, the words beside her shape would be broken letter by
/// letter: the sentence stands below.
const NARROW: f32 = 110.0;

/// What belongs to the lower edge at the moment.
#[derive(Clone, Copy, Debug)]
pub struct DockParts {
    /// The text box.
    pub text_box: bool,
    /// Her shape and her state; in an empty room they stand in its middle.
    pub presence: bool,
    /// It is at most so high, in points; then all but her state and the talk
    /// button is scrolled.
    pub highest: f32,
}

/// The whole lower edge. Returns where her shape belongs, if it does here.
pub fn dock_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut DockState,
    parts: DockParts,
    actions: &mut Vec<Action>,
) -> Option<Rect> {
    let top = ui.cursor().top();
    ui.add_space(8.0);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), ROW_HEIGHT));
    // As wide whether she listens or not.
    let texts = [false, true].map(|listens| wording::talk_button(settings.talk.mode, listens));
    let width = button_width(ui, &texts.each_ref().map(|text| text.get())) + 8.0;
    let mut size = BUTTON_SIZE.max(vec2(width, 0.0));
    let mut side = ROW_HEIGHT;
    let words_width = |side: f32, size: Vec2| row.width() - side - size.x - 24.0;
    let is_narrow = words_width(side, size) < NARROW;
    if is_narrow {
        (side, size.x) = (SMALL_FIGURE, width);
    }
    let figure = Rect::from_min_size(row.min, Vec2::splat(side));
    let figure = figure.translate(vec2(0.0, (ROW_HEIGHT - side) / 2.0));
    let middle = match parts.presence {
        true => pos2(row.right() - size.x / 2.0, row.center().y),
        false => row.center(),
    };
    let button = Rect::from_center_size(middle, size);
    if parts.presence {
        let words = row.with_min_x(figure.right() + 12.0).with_max_x(button.left() - 12.0);
        let words = UiBuilder::new().max_rect(words.shrink2(vec2(0.0, 5.0)));
        ui.scope_builder(words, |ui| state_ui(ui, view, settings, is_narrow));
    }
    talk_button_ui(ui, button, view, settings, state, actions);
    if parts.presence && is_narrow && view.presence != Presence::Listening {
        ui.advance_cursor_after_rect(row);
        hint_ui(ui, &status::words(view, settings).1);
    }
    let highest = (parts.highest - (ui.cursor().top() - top)).max(ROW_HEIGHT);
    let rest = ScrollArea::vertical().id_salt("below").auto_shrink([false, true]);
    rest.max_height(highest).min_scrolled_height(highest).show(ui, |ui| {
        ui.add_space(4.0);
        microphone::microphone_ui(ui, view, settings, actions);
        if parts.text_box {
            ui.add_space(4.0);
            writing_ui(ui, state, actions);
        }
        record_ui(ui, view, settings, actions);
        ui.add_space(4.0);
    });
    parts.presence.then_some(figure)
}

/// Her state in a word, and what can be done now.
fn state_ui(ui: &mut Ui, view: &View, settings: &Settings, is_narrow: bool) {
    let (word, hint) = status::words(view, settings);
    status::word_ui(ui, word, if is_narrow { SMALL_WORD } else { WORD });
    if view.presence == Presence::Listening {
        meter::meter_ui(ui, view.level);
    } else if !is_narrow {
        hint_ui(ui, &hint);
    }
}

fn hint_ui(ui: &mut Ui, hint: &str) {
    ui.add(egui::Label::new(RichText::new(hint).small().weak()).wrap().selectable(false));
}

/// Where words go, and whether they are kept.
fn record_ui(ui: &mut Ui, view: &View, settings: &Settings, actions: &mut Vec<Action>) {
    let words = wording::where_words_go(settings, view.dialogue.as_deref());
    ui.horizontal(|ui| {
        let text = wording::memory_page::OFF_THE_RECORD;
        let switch_width = switch_width(ui, &TextStyle::Small, &text);
        let width = ui.available_width() - switch_width - ui.spacing().item_spacing.x;
        let font = TextStyle::Small.resolve(ui.style());
        let color = Palette::of(ui).soft_ink;
        let words = ui.painter().layout(words, font, color, width);
        // As high as the text, so that the row sets it in its middle.
        ui.allocate_ui(vec2(width, words.size().y), |ui| {
            ui.set_min_width(width);
            ui.add(egui::Label::new(words));
        });
        record::switch_ui(ui, view.off_the_record, actions);
    });
}

fn talk_button_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &View,
    settings: &Settings,
    state: &mut DockState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    // Who just talks holds nothing that could be let go.
    let is_by_key = !view.attention.is_hands_free() || settings.talk.mode == TalkMode::Toggle;
    let is_listening = view.presence == Presence::Listening && (is_by_key || state.button_held);
    let text = wording::talk_button(settings.talk.mode, is_listening);
    let font = TextStyle::Button.resolve(ui.style());
    let response = ui.interact(rect, talk_button_id(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));

    let is_down = response.is_pointer_button_down_on();
    // Kept by hand, because egui forgets a finger that rests for long.
    state.button_held =
        (state.button_held || is_down) && ui.input(|input| input.pointer.primary_down());
    if state.button_held {
        actions.push(Action::HoldTalkButton);
    }
    let by_keyboard = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let by_screen_reader =
        ui.input(|input| input.has_accesskit_action_request(talk_button_id(), AccessAction::Click));
    if by_keyboard || by_screen_reader {
        actions.push(Action::ToggleTalk);
    }

    let fill = if state.button_held || is_listening {
        palette.ink
    } else if response.hovered() {
        palette.accent.lerp_to_gamma(palette.ink, 0.15)
    } else {
        palette.accent
    };
    let ink = if fill == palette.ink { palette.paper } else { palette.on_accent };
    let radius = rect.height() / 2.0;
    ui.painter().rect_filled(rect, radius, fill);
    if response.has_focus() {
        let ring = Stroke::new(2.5, palette.accent);
        ui.painter().rect_stroke(rect.expand(4.0), radius + 4.0, ring, StrokeKind::Middle);
    }
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, text, font, ink);
}

/// The text box: Enter sends, Shift and Enter begin a new line.
fn writing_ui(ui: &mut Ui, state: &mut DockState, actions: &mut Vec<Action>) {
    ui.horizontal_top(|ui| {
        // Nothing to send, no button.
        let has_draft = !state.draft.is_empty();
        let send_size = SEND_SIZE.max(vec2(button_width(ui, &[&wording::SEND]), 0.0));
        let send_width = send_size.x + ui.spacing().item_spacing.x;
        let field_width = ui.available_width() - if has_draft { send_width } else { 0.0 };
        let field = ScrollArea::vertical()
            .id_salt("draft")
            .max_width(field_width)
            .max_height(132.0)
            .content_margin(0)
            .show(ui, |ui| {
                let field = TextEdit::multiline(&mut state.draft)
                    .id_salt("draft")
                    .desired_rows(1)
                    .desired_width(f32::INFINITY)
                    .min_size(vec2(0.0, SEND_SIZE.y))
                    .margin(egui::Margin::symmetric(14, 10))
                    .hint_text(wording::WRITE_INSTEAD)
                    .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter));
                ui.add(field).accessible_name(wording::WRITE_INSTEAD)
            })
            .inner;
        let field = in_sight(field);
        let can_send = !state.draft.trim().is_empty();
        let send = |ui: &mut Ui| ui.add_sized(send_size, egui::Button::new(wording::SEND));
        let clicked = has_draft && ui.add_enabled_ui(can_send, send).inner.clicked();
        let entered = field.has_focus()
            && ui.input(|input| input.modifiers.is_none() && input.key_pressed(Key::Enter));
        if can_send && (entered || clicked) {
            actions.push(Action::Say(state.draft.trim().to_owned()));
            state.draft.clear();
            field.request_focus();
        }
    });
}
