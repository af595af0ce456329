//! The keys that work wherever the keyboard is in the window. The talk key of
//! other windows is [`crate::hotkey`]'s.

use super::SamanthaApp;
use crate::session::Command;
use crate::ui;
use eframe::egui;

impl SamanthaApp {
    /// The space bar talks unless a control has the keyboard, which it then
    /// operates; Escape drops what is being said; M mutes unless a text is being
    /// written, and Ctrl, Shift and M always; Ctrl and M lead to the memory page
    /// and back, Ctrl and H to past conversations, Ctrl and L to how fast she
    /// answers.
    pub(super) fn listen_to_keys(&mut self, ctx: &egui::Context) {
        use egui::{Key, Modifiers};
        // There, keys belong to what is on screen.
        if self.ui_state.welcome.is_open() {
            return;
        }
        // The longer one first: a shortcut also takes what has more modifiers.
        let consume = |modifiers, key| {
            ctx.input_mut(|input| {
                let is_new = input.events.iter().any(|event| match event {
                    egui::Event::Key { key: k, pressed, repeat, .. } => {
                        *k == key && *pressed && !*repeat
                    }
                    _ => false,
                });
                input.consume_key(modifiers, key) && is_new
            })
        };
        if consume(Modifiers::CTRL | Modifiers::SHIFT, Key::M) {
            self.send(Command::SetMuted(!self.view.is_muted()));
        }
        if consume(Modifiers::CTRL, Key::L) {
            self.toggle_latency();
        }
        let is_writing = ctx.text_edit_focused();
        let wants_memory = consume(Modifiers::CTRL, Key::M);
        match (wants_memory, self.ui_state.memory_open()) {
            (true, true) => self.ui_state.close_memory(),
            (true, false) => self.open_memory(),
            (false, _) => {}
        }
        let wants_letters = consume(Modifiers::CTRL, Key::H);
        match (wants_letters, self.ui_state.letters_open()) {
            (true, true) => self.ui_state.close_letters(),
            (true, false) => self.open_letters(),
            (false, _) => {}
        }
        let talk_button = ui::talk_button_id();
        let space_is_free = ctx.memory(|memory| memory.focused().is_none_or(|f| f == talk_button));
        for event in ctx.input(|input| input.events.clone()) {
            let command = match event {
                egui::Event::Key { key: Key::Space, pressed: false, .. } => {
                    self.talk_key.space(false)
                }
                egui::Event::Key { key: Key::Space, repeat: false, modifiers, .. }
                    if space_is_free && modifiers.is_none() =>
                {
                    self.talk_key.space(true)
                }
                egui::Event::Key {
                    key: Key::M, pressed: true, repeat: false, modifiers, ..
                } if !is_writing && modifiers.is_none() => {
                    Some(Command::SetMuted(!self.view.is_muted()))
                }
                egui::Event::WindowFocused(false) => self.talk_key.focus_lost(),
                // With a list open, Escape closes that.
                egui::Event::Key { key: Key::Escape, pressed: true, repeat: false, .. }
                    if !egui::Popup::is_any_open(ctx) =>
                {
                    self.ui_state.escape(self.view.presence);
                    Some(Command::Cancel)
                }
                _ => None,
            };
            self.send_if(command);
        }
    }
}
