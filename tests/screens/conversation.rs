//! What is read: the transcript, notices, her state.

use crate::memory::recalled;
use crate::window::{Window, line, notice, partial, presence};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, OutputCommand};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use samantha::session::{Command, Event, Line, Presence, Speaker, Topic};
use samantha::settings::{Motion, Settings};
use samantha::turn::TurnId;

#[test]
fn partial_words_give_way_to_the_final_ones() {
    let mut window = Window::new();
    window.tell(presence(Presence::Listening));
    window.tell(partial("how are"));
    assert!(window.shows("how are …"));
    window.tell(Event::Said(line(1, Speaker::Person, "How are you?")));
    assert!(window.shows("How are you?"));
    assert!(!window.shows_part("how are …"));
}

#[test]
fn her_reply_grows_and_is_marked_where_it_was_interrupted() {
    let mut window = Window::new();
    let reply = |text: &str| Event::Reply { turn: TurnId(1), text: text.into() };
    window.tell(reply("One."));
    window.tell(reply("One. Two."));
    assert!(window.shows("One. Two."));
    let heard = Line { interrupted: true, ..line(1, Speaker::Samantha, "One.") };
    window.tell(Event::Replied(heard));
    assert!(window.shows("One. — interrupted, not heard: Two."), "told in words too");
    window.tell(Event::Conversation(vec![line(1, Speaker::Samantha, "One.")]));
    assert!(!window.shows_part("Two."), "it was kept nowhere");
}

#[test]
fn the_first_words_appear_in_the_empty_room_and_become_a_letter_when_they_are_certain() {
    let mut window = Window::new();
    window.awake();
    let word = |window: &Window, word| window.get(word).accesskit_node().role();
    assert_eq!(word(&window, "Hello. I am here."), Role::Status);
    window.tell(presence(Presence::Listening));
    window.tell(partial("how are"));
    assert_eq!(word(&window, "Listening"), Role::Status);
    assert!(window.shows("how are …") && window.shows("Microphone level"));
    assert!(!window.shows("You"), "it is no letter yet");
    window.tell(Event::Said(line(1, Speaker::Person, "How are you?")));
    window.tell(presence(Presence::Thinking));
    assert!(window.shows("You") && window.shows("How are you?") && window.shows("Thinking"));
}

#[test]
fn days_and_times_stand_beside_the_words() {
    let mut window = Window::new();
    let at = |days: i64, text| {
        let said_at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
        Line { said_at, ..line(1, Speaker::Person, text) }
    };
    window.tell(Event::Conversation(vec![at(1, "One."), at(0, "Two."), at(0, "Three.")]));
    assert!(window.shows("Yesterday") && window.shows("Today"));
    assert!(window.get("Yesterday").rect().bottom() < window.get("One.").rect().top());
    assert!(window.get("Today").rect().top() > window.get("One.").rect().bottom());
    assert!(window.get("Today").rect().bottom() < window.get("Two.").rect().top());
}

#[test]
fn the_conversation_is_copied_by_the_keyboard_alone() {
    let mut window = Window::new();
    window.tell(Event::Conversation(vec![
        line(1, Speaker::Person, "How are you?"),
        line(1, Speaker::Samantha, "Well."),
    ]));
    window.tab_to("Copy the conversation");
    window.harness.key_down(Key::Enter);
    window.harness.step();
    let copied: Vec<_> = window.harness.output().platform_output.commands.iter().collect();
    let expect = OutputCommand::CopyText("You\nHow are you?\n\nSamantha\nWell.\n".into());
    assert_eq!(copied, [&expect]);
    window.harness.key_up(Key::Enter);
    window.harness.run();
    assert!(window.shows("Copied"));
    window.harness.run_steps(120);
    assert!(window.shows("Copy the conversation"));
}

#[test]
fn words_appear_and_settle_unless_stillness_is_asked_for() {
    let repaints = |motion| {
        let mut settings = Settings::default();
        settings.window.motion = motion;
        let mut window = Window::with(settings, [960.0, 760.0]);
        window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
        window.come_to_rest();
        window.tell(Event::Reply { turn: TurnId(1), text: "One.".into() });
        let viewport = window.harness.output().viewport_output.values().next();
        viewport.expect("a viewport").repaint_delay < std::time::Duration::from_secs(1)
    };
    assert!(repaints(Motion::Full) && !repaints(Motion::Still));
}

#[test]
fn a_reply_is_announced_only_when_it_is_not_spoken() {
    let mut window = Window::new();
    window.tell(Event::Replied(line(1, Speaker::Samantha, "Good morning.")));
    assert!(!window.shows("Samantha: Good morning."));
    window.tell(notice(Topic::Voice, "There is no voice here.", false));
    let announced = window.get("Samantha: Good morning.");
    assert_eq!(announced.accesskit_node().role(), Role::Status);
}

#[test]
fn a_turn_without_words_is_told() {
    let mut window = Window::new();
    window.tell(Event::HearingReady("base".into()));
    window.tell(Event::DialogueReady("Small model".into()));
    window.tell(Event::NothingHeard { turn: TurnId(1) });
    assert!(window.shows("No words were heard. Please try again."));
}

#[test]
fn a_notice_stays_until_it_is_cleared_or_dismissed() {
    let mut window = Window::new();
    window.tell(notice(Topic::Microphone, "There is no microphone.", true));
    assert_eq!(window.get("There is no microphone.").accesskit_node().role(), Role::Alert);
    assert!(!window.shows("Dismiss"), "what blocks cannot be waved away");
    window.tell(Event::NoticeCleared(Topic::Microphone));
    assert!(!window.shows("There is no microphone."));
    window.tell(notice(Topic::Hotkey, "The key is taken.", false));
    window.click("Dismiss");
    assert!(!window.shows("The key is taken."));
}

#[test]
fn a_new_conversation_is_asked_for_and_shown_when_it_has_begun() {
    let mut window = Window::new();
    window.tell(Event::Conversation(vec![line(1, Speaker::Person, "Old words.")]));
    assert!(window.shows("Old words."));
    window.awake();
    window.click("New conversation");
    assert_eq!(window.commands(), [Command::NewConversation]);
    window.tell(Event::Conversation(vec![]));
    assert!(!window.shows("Old words."));
    assert!(window.shows("Hello. I am here."));
}

#[test]
fn a_long_conversation_shows_its_end_and_lays_out_little() {
    let mut window = Window::new();
    let lines = (0..1000).map(|i| line(i, Speaker::Person, &format!("Line {i}."))).collect();
    window.tell(Event::Conversation(lines));
    window.harness.run();
    assert!(window.shows("Line 999."));
    let laid_out = window.harness.query_all_by_label_contains("Line ").count();
    assert!((10..100).contains(&laid_out), "{laid_out} of 1000 lines");
}

#[test]
fn who_writes_sees_the_answer_come() {
    let mut window = Window::new();
    let lines = (0..100).map(|i| line(i, Speaker::Person, &format!("Line {i}."))).collect();
    window.tell(Event::Conversation(lines));
    window.write("Or write to her", "Line 100.");
    // The session answers within the same moment.
    window.harness.key_press(eframe::egui::Key::Enter);
    window.harness.step();
    window.tell(Event::Said(line(100, Speaker::Person, "Line 100.")));
    window.tell(Event::Recalled { turn: TurnId(100), what: vec![recalled("Line 7.", &[])] });
    window.tell(presence(Presence::Thinking));
    assert!(!window.shows("Newest"));
    window.tell(Event::Reply { turn: TurnId(100), text: "Line 101.".into() });
    assert!(!window.shows("Newest"));
    window.tell(Event::Replied(line(100, Speaker::Samantha, "Line 101.")));
    window.rest();
    assert!(window.shows("Line 101.") && !window.shows("Newest"));
    let helped = window.get("1 memory helped with her last reply, show it").rect();
    let dock = window.get("Thinking").rect();
    assert!(helped.bottom() < dock.top(), "{helped:?} {dock:?}");
}

#[test]
fn who_scrolled_up_is_left_there_until_they_want_the_newest() {
    let mut window = Window::new();
    let lines = (0..100).map(|i| line(i, Speaker::Person, &format!("Line {i}."))).collect();
    window.tell(Event::Conversation(lines));
    for _ in 0..8 {
        window.get("Line 99.").scroll_up();
        window.harness.run();
        if window.shows("Newest") {
            break;
        }
    }
    assert!(window.shows("Newest"));
    let before = window.get("Line 95.").rect();
    window.tell(Event::Said(line(100, Speaker::Person, "Line 100.")));
    assert_eq!(window.get("Line 95.").rect(), before, "nothing moved");
    window.click("Newest");
    window.rest();
    assert!(!window.shows("Newest"));
    assert!(window.shows("Line 100."));
}
