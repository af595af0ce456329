//! The talk button, the space bar, and writing to her.

use crate::window::{PRESSED, RELEASED, Window, line, pointer, presence};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event as Input, Key, Modifiers, Pos2};
use egui_kittest::kittest::NodeT as _;
use samantha::session::{Command, Event, Presence, Speaker, TalkSource};

#[test]
fn holding_the_talk_button_talks() {
    let mut window = Window::new();
    let button = window.get("Hold to talk").rect().center();
    window.harness.event(Input::PointerMoved(button));
    window.harness.event(pointer(button, true));
    window.harness.run();
    assert_eq!(window.commands(), [PRESSED]);
    window.tell(presence(Presence::Listening));
    window.harness.event(Input::PointerMoved(Pos2::new(5.0, 5.0)));
    window.harness.run();
    assert_eq!(window.commands(), [], "the hand may stray while it holds");
    window.harness.event(pointer(Pos2::new(5.0, 5.0), false));
    window.harness.run();
    assert_eq!(window.commands(), [RELEASED]);
}

#[test]
fn a_screen_reader_operates_the_talk_button_without_holding_it() {
    let mut window = Window::new();
    window.get("Hold to talk").click_accesskit();
    window.harness.run();
    assert_eq!(window.commands(), [Command::TalkToggle(TalkSource::Window)]);
}

#[test]
fn enter_operates_the_focused_talk_button() {
    let mut window = Window::new();
    window.get("Hold to talk").focus();
    window.harness.run();
    window.press(Key::Enter);
    assert_eq!(window.commands(), [Command::TalkToggle(TalkSource::Window)]);
}

#[test]
fn the_space_bar_talks_once_however_often_it_repeats() {
    let mut window = Window::new();
    for repeat in [false, true, true] {
        window.harness.event(Input::Key {
            key: Key::Space,
            physical_key: None,
            pressed: true,
            repeat,
            modifiers: Modifiers::NONE,
        });
        window.harness.run();
    }
    assert_eq!(window.commands(), [PRESSED]);
    window.harness.key_up(Key::Space);
    window.harness.run();
    assert_eq!(window.commands(), [RELEASED]);
}

#[test]
fn the_space_bar_talks_when_the_talk_button_has_the_keyboard() {
    let mut window = Window::new();
    window.get("Hold to talk").focus();
    window.harness.run();
    window.press(Key::Space);
    assert_eq!(window.commands(), [PRESSED, RELEASED]);
}

#[test]
fn the_space_bar_writes_a_space_in_the_text_box() {
    let mut window = Window::new();
    window.write("Or write to her", "a");
    window.harness.key_down(Key::Space);
    window.harness.event(Input::Text(" ".into()));
    window.harness.key_up(Key::Space);
    window.harness.run();
    assert_eq!(window.commands(), []);
    assert_eq!(window.get("Or write to her").value().as_deref(), Some("a "));
}

#[test]
fn the_space_bar_operates_a_focused_button_instead_of_talking() {
    let mut window = Window::new();
    window.get("Settings").focus();
    window.harness.run();
    window.press(Key::Space);
    assert_eq!(window.commands(), []);
    assert!(window.shows("Close settings"));
}

#[test]
fn losing_the_keyboard_lets_go_of_the_talk_key() {
    let mut window = Window::new();
    window.harness.key_down(Key::Space);
    window.harness.run();
    window.harness.event(Input::WindowFocused(false));
    window.harness.run();
    assert_eq!(window.commands(), [PRESSED, RELEASED]);
}

#[test]
fn escape_drops_what_is_being_said() {
    let mut window = Window::new();
    window.tell(presence(Presence::Speaking));
    window.press(Key::Escape);
    assert_eq!(window.commands(), [Command::Cancel]);
}

#[test]
fn enter_sends_what_was_written_and_keeps_the_text_box() {
    let mut window = Window::new();
    window.write("Or write to her", "Good morning ");
    window.press(Key::Enter);
    assert_eq!(window.commands(), [Command::Say("Good morning".into())]);
    let text_box = window.get("Or write to her");
    assert_eq!(text_box.value().as_deref(), Some(""));
    assert!(text_box.is_focused());
}

#[test]
fn shift_and_enter_begin_a_new_line() {
    let mut window = Window::new();
    window.write("Or write to her", "one");
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    window.harness.run();
    assert_eq!(window.commands(), []);
    assert_eq!(window.get("Or write to her").value().as_deref(), Some("one\n"));
}

#[test]
fn the_send_button_sends_only_what_has_words() {
    let mut window = Window::new();
    window.write("Or write to her", "  ");
    window.click("Send");
    assert_eq!(window.commands(), []);
    window.write("Or write to her", "Hello");
    window.click("Send");
    assert_eq!(window.commands(), [Command::Say("Hello".into())]);
}

#[test]
fn every_state_has_its_word() {
    let mut window = Window::new();
    assert!(window.shows("Waking up"));
    window.awake();
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    for (state, word) in [
        (Presence::Idle, "Here"),
        (Presence::Listening, "Listening"),
        (Presence::Understanding, "Understanding"),
        (Presence::Thinking, "Thinking"),
        (Presence::Speaking, "Speaking"),
    ] {
        window.tell(presence(state));
        assert_eq!(window.get(word).accesskit_node().role(), Role::Status, "{word}");
        let has_meter = window.shows("Microphone level");
        assert_eq!(has_meter, state == Presence::Listening, "{word}");
    }
}
