//! Just talking, muting, resting, and whether she hears anybody.

use crate::window::{Window, line, notice, presence};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT as _;
use samantha::app::Update;
use samantha::audio::EchoGuard;
use samantha::session::{Command, Event, Milestone, Presence, Speaker, Topic};
use samantha::settings::{Headphones, Listening, Settings};
use samantha::turn::{Attention, TurnId};
use std::time::Duration;

/// A window whose models and microphone are there.
fn awake(attention: Attention) -> Window {
    let mut settings = Settings::default();
    settings.listening.hands_free = attention != Attention::Key;
    let mut window = Window::with(settings, [960.0, 1800.0]);
    window.awake();
    window.tell(Event::Attention(attention));
    window.tell(Event::Capturing(attention.captures()));
    window
}

fn listening(change: impl FnOnce(&mut Listening)) -> Command {
    let mut listening = Listening::default();
    change(&mut listening);
    Command::SetListening(listening)
}

#[test]
fn just_talking_is_switched_on_by_the_keyboard_alone_and_kept() {
    let mut window = awake(Attention::Key);
    window.tab_to("Just talk");
    assert_eq!(window.get("Just talk").accesskit_node().role(), Role::CheckBox);
    window.press(Key::Space);
    assert_eq!(window.commands(), [listening(|l| l.hands_free = true)]);
    assert!(window.saved().listening.hands_free);
    window.press(Key::Space);
    assert_eq!(window.commands(), [listening(|l| l.hands_free = false)]);
}

#[test]
fn just_talking_is_switched_on_from_the_command_line_and_kept() {
    let mut window = awake(Attention::Key);
    window.sender.send(Update::HandsFree(true));
    window.harness.run();
    assert_eq!(window.commands(), [listening(|l| l.hands_free = true)]);
    assert!(window.saved().listening.hands_free);
}

#[test]
fn the_mute_button_mutes_and_opens_again() {
    let mut window = awake(Attention::Key);
    window.enter_on("Mute the microphone");
    assert_eq!(window.commands(), [Command::SetMuted(true)]);
    window.tell(Event::Attention(Attention::Muted));
    assert!(window.shows("Closing the microphone …"), "it is not closed yet");
    window.tell(Event::Capturing(false));
    window.get("Unmute the microphone").click_accesskit();
    window.harness.run();
    assert_eq!(window.commands(), [Command::SetMuted(false)]);
}

#[test]
fn m_mutes_and_opens_again_unless_a_text_is_written() {
    let mut window = awake(Attention::Key);
    window.press(Key::M);
    assert_eq!(window.commands(), [Command::SetMuted(true)]);
    window.tell(Event::Attention(Attention::Muted));
    window.press(Key::M);
    assert_eq!(window.commands(), [Command::SetMuted(false)]);
    window.write("Or write to her", "a");
    window.press(Key::M);
    assert_eq!(window.commands(), [], "it belongs to the text");
    window.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::SHIFT, Key::M);
    window.harness.run();
    assert_eq!(window.commands(), [Command::SetMuted(false)]);
    assert!(!window.shows("Close memory"), "that is another key");
}

#[test]
fn being_muted_is_told_in_words_whatever_she_does() {
    let mut window = awake(Attention::Key);
    window.tell(Event::Attention(Attention::Muted));
    window.tell(Event::Capturing(false));
    assert_eq!(window.get("Muted").accesskit_node().role(), Role::Status);
    assert!(window.shows_part("My microphone is muted."));
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    assert!(window.shows("Press M, and she can hear you again"));
    for state in [Presence::Idle, Presence::Thinking, Presence::Speaking] {
        window.tell(presence(state));
        assert!(window.shows("Muted: she cannot hear you"), "{state:?}");
        assert!(!window.shows_part("istening"), "{state:?}");
    }
}

#[test]
fn resting_tells_how_she_is_woken() {
    let mut window = awake(Attention::Resting);
    assert!(window.shows("Resting") && window.shows("Closed: a key wakes her"));
    assert!(window.shows("Hold the space bar to wake her"));
    window.tell(Event::Attention(Attention::Name));
    window.tell(Event::Capturing(true));
    assert!(window.shows("Resting") && window.shows("Open: only her name wakes her"));
    assert!(window.shows("Say “Samantha” to wake her, or press the talk key"));
}

#[test]
fn without_a_key_she_says_that_she_listens_only_while_sound_comes() {
    let mut window = awake(Attention::Open);
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    assert!(window.shows("Open: listening for you"));
    assert!(window.shows("Just talk: she answers when you have finished"));
    window.tell(presence(Presence::Listening));
    assert!(window.shows("Listening") && window.shows("Open: she hears you"));
    assert!(window.shows("Hold to talk"), "nothing is held that could be let go");
    window.tell(Event::Capturing(false));
    assert!(window.shows("Not hearing you") && !window.shows("Listening"));
    window.tell(presence(Presence::Idle));
    window.tell(notice(Topic::Microphone, "Plug one in.", true));
    assert!(window.shows("No microphone: she cannot hear you"));
    assert!(!window.shows_part("listening"));
}

#[test]
fn who_cannot_be_heard_while_she_speaks_is_told_once_and_what_helps() {
    const TOLD: &str = "While she speaks she does not hear you. Headphones help, or the talk key.";
    let mut window = awake(Attention::Open);
    assert!(!window.shows(TOLD));
    window.tell(Event::EchoGuard(EchoGuard::HalfDuplex));
    assert!(window.shows(TOLD));
    window.tell(presence(Presence::Speaking));
    assert!(window.shows("Not listening just now"));
    assert!(window.shows("Hold the space bar to interrupt; Escape silences her"));
    window.tell(Event::EchoGuard(EchoGuard::Headphones));
    assert!(!window.shows(TOLD) && window.shows("Open: listening for you"));
    window.tell(Event::EchoGuard(EchoGuard::HalfDuplex));
    window.tell(Event::Attention(Attention::Key));
    assert!(!window.shows(TOLD), "by the key it makes no difference");
}

#[test]
fn settings_of_listening_take_effect_at_once_and_are_saved() {
    let mut window = awake(Attention::Key);
    window.click("Settings");
    window.enter_on("Just talking");
    window.rest();
    window.enter_on("Listen without a key");
    window.enter_on("Rest when nothing was said for");
    window.click("15 minutes");
    window.enter_on("Her name wakes her");
    window.enter_on("A gentle word after a long silence");
    window.enter_on("Yes");
    let wanted = Listening {
        hands_free: true,
        rest_after_s: 900,
        wake_by_name: true,
        gentle_word: true,
        headphones: Headphones::Yes,
    };
    let commands = window.commands();
    assert_eq!(commands.len(), 5, "{commands:?}");
    assert_eq!(commands.last(), Some(&Command::SetListening(wanted.clone())));
    assert_eq!(window.saved().listening, wanted);
    assert!(window.shows("Then only her name or the talk key wakes her."));
}

/// She answers, and once more, a little slower.
pub fn answer_twice(window: &mut Window) {
    for (turn, slower_ms) in [(1, 0), (2, 300)] {
        for (milestone, at_ms) in [
            (Milestone::SpeechEnd, 0),
            (Milestone::TurnEnd, 600 + slower_ms),
            (Milestone::FirstToken, 800 + slower_ms),
            (Milestone::FirstAudio, 1200 + slower_ms),
        ] {
            let at = Duration::from_millis(turn * 10_000 + at_ms);
            window.tell(Event::Milestone { turn: TurnId(turn), milestone, at });
        }
    }
}

#[test]
fn how_fast_she_answers_is_read_as_sentences() {
    let mut window = awake(Attention::Open);
    let ctrl_l = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::CTRL, Key::L);
        window.rest();
    };
    ctrl_l(&mut window);
    assert!(window.shows_part("Nothing to show yet"));
    answer_twice(&mut window);
    assert!(!window.shows_part("Nothing to show yet"));
    assert!(
        window.shows("Her voice begins: median 1,350 ms; last turn 1,500 ms; before that 1,200 ms")
    );
    assert!(
        window.shows("Words understood: median nothing; last turn nothing; before that nothing")
    );
    ctrl_l(&mut window);
    assert!(!window.shows("Close settings"));
    // The fold opens by itself too.
    window.click("Settings");
    window.rest();
    assert!(!window.shows_part("Her voice begins"));
    window.enter_on("How fast she answers");
    window.rest();
    assert!(window.shows_part("Her voice begins: median 1,350 ms"));
}

#[test]
fn a_quiet_room_without_a_key_asks_for_no_repaint() {
    let mut window = awake(Attention::Open);
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    window.come_to_rest();
    for _ in 0..3 {
        window.sender.send(Update::Session(Event::Level(0.0008)));
    }
    assert!(!window.harness.ctx.has_requested_repaint());
    window.sender.send(Update::Session(Event::Level(0.08)));
    assert!(window.harness.ctx.has_requested_repaint());
}
