//! The talk key: set by pressing it, and tried out.

use super::{hint_ui, status_ui, trouble_ui};
use crate::app::view::View;
use crate::hotkey::Binding;
use crate::session::Topic;
use crate::settings::{Settings, TalkMode};
use crate::ui::Action;
use crate::ui::theme::Palette;
use crate::wording::{settings as settings_words, welcome as words};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, Event, EventFilter, FontId, Id, Key, Modifiers, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};

/// What is going on with it.
#[derive(Debug, Default)]
pub(super) struct KeyState {
    /// The next combination that is pressed is to be the talk key.
    is_awaited: bool,
    /// It was pressed on this screen, and noticed.
    has_worked: bool,
    is_down: bool,
}

impl KeyState {
    /// Takes in whether it is down; whether it was pressed just now.
    pub(super) fn pressed(&mut self, is_down: bool) -> bool {
        let was_down = std::mem::replace(&mut self.is_down, is_down);
        let is_new = is_down && !was_down;
        self.has_worked |= is_new;
        // Pressing the old one keeps it.
        self.is_awaited &= !is_new;
        is_new
    }
}

pub(super) fn key_ui(
    ui: &mut Ui,
    view: &View,
    wanted: &mut Settings,
    state: &mut KeyState,
    refused: Option<&(String, String)>,
    actions: &mut Vec<Action>,
) {
    cap_ui(ui, &wanted.talk.hotkey, state, actions);
    ui.add_space(4.0);
    let notice = view.notices.iter().find(|notice| notice.topic == Topic::Hotkey);
    match (refused, notice) {
        _ if state.is_awaited => hint_ui(ui, &words::PRESS_HELP),
        (Some((_, reason)), _) => trouble_ui(ui, reason),
        (None, Some(notice)) => trouble_ui(ui, &notice.text),
        _ if state.has_worked => status_ui(ui, words::KEY_WORKS),
        _ if wanted.talk.hotkey.is_empty() => hint_ui(ui, ""),
        _ => hint_ui(ui, &words::TRY_KEY),
    }
    ui.add_space(4.0);
    if !state.is_awaited && ui.button(words::OTHER_KEY.get()).clicked() {
        *state = KeyState { is_awaited: true, ..KeyState::default() };
        ui.memory_mut(|memory| memory.request_focus(cap_id()));
    }
    ui.add_space(10.0);
    for mode in [TalkMode::Hold, TalkMode::Toggle] {
        ui.radio_value(&mut wanted.talk.mode, mode, settings_words::talk_mode(mode));
    }
}

/// The key as it is, or the place where it is pressed.
fn cap_ui(ui: &mut Ui, hotkey: &str, state: &mut KeyState, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let text = match (state.is_awaited, hotkey) {
        (true, _) => words::PRESS_KEY.get(),
        (false, "") => words::NO_KEY.get(),
        (false, hotkey) => hotkey,
    };
    let size = vec2(ui.available_width(), 64.0);
    let (_, rect) = ui.allocate_space(size);
    let sense = if state.is_awaited { Sense::focusable_noninteractive() } else { Sense::hover() };
    let response = ui.interact(rect, cap_id(), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let edge = match state.is_awaited {
        true => Stroke::new(2.5, palette.accent),
        false => Stroke::new(1.0, palette.outline),
    };
    ui.painter().rect(rect, 14.0, palette.field, edge, StrokeKind::Inside);
    let font = FontId::proportional(24.0);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, palette.ink);
    if !state.is_awaited {
        return;
    }
    // Keys that usually move the keyboard on are taken as well.
    let filter =
        EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(cap_id(), filter));
    let pressed = ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Key { key, physical_key, pressed: true, repeat: false, modifiers } => {
                Some((*key, *physical_key, *modifiers))
            }
            _ => None,
        })
    });
    let Some((key, physical_key, modifiers)) = pressed else {
        // Whoever goes elsewhere with the mouse has changed their mind.
        state.is_awaited = response.has_focus() || !ui.input(|input| input.pointer.any_click());
        return;
    };
    state.is_awaited = false;
    ui.memory_mut(|memory| memory.request_focus(super::next_id()));
    if key != Key::Escape || modifiers.any() {
        actions.push(Action::ProposeHotkey(combination(key, physical_key, modifiers)));
    }
}

fn cap_id() -> Id {
    Id::unique("talk key")
}

/// As a person would write it. Where a key has no name of its own with these
/// modifiers, such as `!`, it is called by its place.
fn combination(key: Key, physical_key: Option<Key>, modifiers: Modifiers) -> String {
    let held = [(modifiers.ctrl, "Ctrl+"), (modifiers.alt, "Alt+"), (modifiers.shift, "Shift+")];
    let held: String = held.iter().filter(|(is_held, _)| *is_held).map(|(_, name)| *name).collect();
    let name = |key: Key| match key {
        Key::Equals => "=",
        Key::Backtick => "`",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        key => key.name(),
    };
    let is_known = |key: &Key| format!("Ctrl+{}", name(*key)).parse::<Binding>().is_ok();
    let key = Some(key).filter(is_known).or(physical_key).unwrap_or(key);
    held + name(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pressed_is_written_as_people_do() {
        let alt_shift = Modifiers::ALT | Modifiers::SHIFT;
        for (key, place, modifiers, expect) in [
            (Key::Space, None, Modifiers::CTRL | Modifiers::SHIFT, "Ctrl+Shift+Space"),
            (Key::S, Some(Key::S), Modifiers::CTRL | Modifiers::ALT, "Ctrl+Alt+S"),
            (Key::F9, None, Modifiers::NONE, "F9"),
            (Key::Exclamationmark, Some(Key::Num1), alt_shift, "Alt+Shift+1"),
            (Key::ArrowLeft, None, Modifiers::ALT, "Alt+Left"),
            (Key::Equals, None, Modifiers::CTRL, "Ctrl+="),
            (Key::Z, Some(Key::Y), Modifiers::CTRL, "Ctrl+Z"),
        ] {
            let text = combination(key, place, modifiers);
            assert_eq!(text, expect);
            assert!(text.parse::<Binding>().is_ok(), "{text}");
        }
    }

    #[test]
    fn pressing_the_old_key_keeps_it() {
        let mut state = KeyState { is_awaited: true, ..KeyState::default() };
        assert!(state.pressed(true));
        assert!(!state.is_awaited && state.has_worked);
        assert!(!state.pressed(true) && !state.pressed(false) && state.pressed(true));
    }
}
