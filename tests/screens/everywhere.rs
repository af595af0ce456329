//! What holds on every screen: names, sizes, the keyboard, rest.

use crate::window::{Window, line, notice, offers, presence};
use crate::{letters, memory};
use eframe::egui::accesskit::{Action, Role};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT as _;
use samantha::app::downloads::DownloadEvent;
use samantha::audio::EchoGuard;
use samantha::session::{Event, Milestone, Presence, Speaker, Topic};
use samantha::settings::{DialogueEngine, Settings};
use samantha::turn::{Attention, TurnId};
use std::time::Duration;

/// A window of 480 by 640 pixels at a text size of 150 %, and the margin that a
/// harness keeps.
pub const TINY: [f32; 2] = [336.0, 442.0];

/// The window in every state, at a size.
fn every_screen(size: [f32; 2], mut check: impl FnMut(&str, &mut Window)) {
    let mut server = Settings::default();
    server.dialogue.engine = DialogueEngine::Server;
    for (name, settings) in [("local", Settings::default()), ("server", server)] {
        let mut window = Window::with(settings, size);
        check(&format!("{name}, empty"), &mut window);
        window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
        window.tell(notice(Topic::Hotkey, "The key is taken.", false));
        for state in [Presence::Listening, Presence::Thinking, Presence::Speaking] {
            window.tell(presence(state));
            check(&format!("{name}, {state:?}"), &mut window);
        }
        for attention in [Attention::Open, Attention::Name, Attention::Resting, Attention::Muted] {
            window.tell(Event::Attention(attention));
            window.tell(Event::Capturing(attention.captures()));
            window.tell(Event::EchoGuard(EchoGuard::HalfDuplex));
            check(&format!("{name}, {attention:?}"), &mut window);
        }
        window.tell_download(DownloadEvent::Offered(offers()));
        window.tell_download(DownloadEvent::Progress {
            id: "ear".into(),
            done_bytes: 1,
            total_bytes: 2,
        });
        check(&format!("{name}, weights"), &mut window);
        window.click("Settings");
        check(&format!("{name}, settings"), &mut window);
        window.get("Just talking").click_accesskit();
        window.rest();
        check(&format!("{name}, settings of just talking"), &mut window);
        for milestone in [Milestone::SpeechEnd, Milestone::FirstToken, Milestone::FirstAudio] {
            let at = Duration::from_secs(1);
            window.tell(Event::Milestone { turn: TurnId(1), milestone, at });
        }
        window.harness.key_press_modifiers(Modifiers::CTRL, Key::L);
        window.rest();
        check(&format!("{name}, latency"), &mut window);
    }
    memory::every_page(size, &mut check);
    letters::every_page(size, check);
}

#[test]
fn everything_that_can_be_operated_has_a_name() {
    for size in [[1280.0, 800.0], [480.0, 640.0]] {
        every_screen(size, |screen, window| {
            let unnamed = window.harness.unnamed_widgets();
            assert!(unnamed.is_empty(), "{screen} at {size:?}: {unnamed:?}");
            for node in window.harness.root().children_recursive() {
                let node = node.accesskit_node();
                if node.data().supports_action(Action::Click) {
                    let role = node.role();
                    let says_nothing = matches!(role, Role::Unknown | Role::GenericContainer);
                    assert!(!says_nothing, "{screen} at {size:?}: {:?} is {role:?}", node.label());
                }
            }
        });
    }
}

#[test]
fn nothing_in_sight_is_cut_off_sideways() {
    for size in [[1280.0, 800.0], [480.0, 640.0], [376.0, 496.0], TINY] {
        every_screen(size, |screen, window| {
            for node in window.harness.root().children_recursive() {
                let has_text = matches!(
                    node.accesskit_node().role(),
                    Role::Button | Role::Label | Role::Status
                );
                if has_text && !node.accesskit_node().is_hidden() {
                    let rect = node.rect();
                    let fits = rect.left() >= 0.0 && rect.right() <= size[0];
                    assert!(fits, "{screen} at {size:?}: {node:?} at {rect:?}");
                }
            }
        });
    }
}

#[test]
fn the_whole_window_is_reached_by_the_tabulator() {
    let mut window = Window::new();
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    let mut reached = Vec::new();
    for _ in 0..14 {
        window.press(Key::Tab);
        let focused = window.harness.root().children_recursive().find(|node| node.is_focused());
        reached.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    for name in [
        "Settings",
        "New conversation",
        "Hold to talk",
        "Just talk",
        "Mute the microphone",
        "Or write to her",
    ] {
        assert!(reached.iter().any(|label| label == name), "{name} is not among {reached:?}");
    }
}

#[test]
fn an_idle_window_asks_for_no_repaint() {
    let mut window = Window::new();
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    window.come_to_rest();
    let viewport = window.harness.output().viewport_output.values().next().expect("a viewport");
    assert!(viewport.repaint_delay > std::time::Duration::from_secs(60));
}

#[test]
fn ctrl_and_plus_enlarge_everything() {
    let mut window = Window::new();
    let before = window.harness.ctx.zoom_factor();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    window.harness.run();
    assert!(window.harness.ctx.zoom_factor() > before);
}
