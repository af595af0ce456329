//! The window's own talk key: its button and the space bar as one switch.
//!
//! [`super::SamanthaApp`] tells it what is held down; it answers with the
//! command to send when that changes. It knows no toolkit and no clock, and
//! leaves hold or toggle to the session.

use crate::session::{Command, TalkSource};

/// What is held down. Button and space bar together are one key: it goes down
/// with the first and up with the last.
#[derive(Debug, Default)]
pub struct TalkKey {
    button: bool,
    space: bool,
    /// The window lost the keyboard while the button was down; it counts again
    /// once it was let go.
    button_spent: bool,
}

impl TalkKey {
    /// The button is or is not held down with the mouse or a finger.
    pub fn button(&mut self, down: bool) -> Option<Command> {
        self.button_spent &= down;
        let counts = down && !self.button_spent;
        self.change(|key| key.button = counts)
    }

    /// The space bar went down or up.
    pub fn space(&mut self, down: bool) -> Option<Command> {
        self.change(|key| key.space = down)
    }

    /// Another window has the keyboard now: the release would go there.
    pub fn focus_lost(&mut self) -> Option<Command> {
        self.button_spent |= self.button;
        self.change(|key| (key.button, key.space) = (false, false))
    }

    /// Whether it is down.
    pub fn is_down(&self) -> bool {
        self.button || self.space
    }

    fn change(&mut self, apply: impl FnOnce(&mut Self)) -> Option<Command> {
        let before = self.is_down();
        apply(self);
        match (before, self.is_down()) {
            (false, true) => Some(Command::TalkPressed(TalkSource::Window)),
            (true, false) => Some(Command::TalkReleased(TalkSource::Window)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Input {
        Button(bool),
        Space(bool),
        FocusLost,
    }
    use Input::{Button, FocusLost, Space};

    /// Feeds `inputs`; each command is written as `v` (pressed) or `^`.
    #[track_caller]
    fn check(inputs: &[Input], expect: &str) {
        let mut key = TalkKey::default();
        let mut seen = String::new();
        for input in inputs {
            let command = match *input {
                Button(down) => key.button(down),
                Space(down) => key.space(down),
                FocusLost => key.focus_lost(),
            };
            match command {
                Some(Command::TalkPressed(TalkSource::Window)) => seen.push('v'),
                Some(Command::TalkReleased(TalkSource::Window)) => seen.push('^'),
                None => {}
                Some(other) => panic!("{other:?} is not the talk key's to send"),
            }
        }
        assert_eq!(seen, expect, "{inputs:?}");
    }

    #[test]
    fn it_presses_once_and_releases_once() {
        check(&[], "");
        check(&[Button(true), Button(true), Button(false), Button(false)], "v^");
        check(&[Space(true), Space(true), Space(false)], "v^");
    }

    #[test]
    fn button_and_space_bar_are_one_key() {
        check(&[Button(true), Space(true), Button(false), Space(false)], "v^");
    }

    #[test]
    fn losing_the_keyboard_lets_go() {
        check(&[Space(true), FocusLost, Space(false)], "v^");
        check(&[FocusLost], "");
    }

    #[test]
    fn a_button_held_through_the_loss_counts_again_only_when_pressed_anew() {
        check(&[Button(true), FocusLost, Button(true), Button(false), Button(true)], "v^v");
    }
}
