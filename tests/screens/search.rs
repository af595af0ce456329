//! Settings are looked for, taken back one by one, and reached by the keyboard.

use crate::window::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use samantha::settings::{Settings, TalkMode};

const SEARCH: &str = "Search the settings";

fn opened(settings: Settings) -> Window {
    let mut window = Window::with(settings, [960.0, 760.0]);
    window.click("Settings");
    window
}

#[test]
fn a_setting_is_found_by_what_people_call_it() {
    let mut window = opened(Settings::default());
    assert!(window.shows("Talk key in any window"));
    window.write(SEARCH, "sp");
    window.type_text("eed");
    assert!(window.shows("Pace") && window.shows("How fast she speaks."));
    for gone in ["Talk key in any window", "Volume", "Your name"] {
        assert!(!window.shows(gone), "{gone} has nothing to do with it");
    }
    assert!(window.shows("Her voice"), "the group is named");
    assert!(!window.shows("Talking"), "a group without a row is not");
    window.click("Clear");
    assert!(window.shows("Talk key in any window"));
}

#[test]
fn what_is_folded_away_is_found_too() {
    let mut window = opened(Settings::default());
    assert!(!window.shows("Her name wakes her"));
    window.write(SEARCH, "wake word");
    window.click("Her name wakes her");
    assert!(window.saved().listening.wake_by_name);
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    let mut window = opened(Settings::default());
    window.write(SEARCH, "pineapple");
    let text = "No setting fits “pineapple”. Try another word, such as “voice” or “key”.";
    assert_eq!(window.get(text).accesskit_node().role(), Role::Status);
}

#[test]
fn a_changed_setting_can_be_taken_back_alone() {
    let mut settings = Settings::default();
    settings.talk.mode = TalkMode::Toggle;
    settings.voice.rate = 1.5;
    let mut window = opened(settings);
    window.write(SEARCH, "pace");
    assert!(!window.shows("Reset: The talk key"));
    window.click("Reset: Pace");
    let saved = window.saved();
    assert_eq!(saved.voice.rate, 1.0);
    assert_eq!(saved.talk.mode, TalkMode::Toggle, "the others stay");
    assert!(!window.shows("Reset: Pace"), "there is nothing to take back");
}

#[test]
fn a_talk_key_is_taken_back_even_after_one_was_refused() {
    let mut window = opened(Settings::default());
    window.get("Talk key in any window").focus();
    window.harness.run();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.harness.run();
    window.get("Talk key in any window").type_text("Blue");
    window.harness.run();
    window.press(Key::Enter);
    assert!(window.shows("Blue is no key."));
    window.click("Reset: Talk key in any window");
    // The desk takes no key but one; what matters is which was proposed.
    assert!(window.shows("Ctrl+Shift+Space is no key."));
}

#[test]
fn settings_are_searched_changed_and_taken_back_by_the_keyboard_alone() {
    let mut window = Window::new();
    window.enter_on("Settings");
    window.tab_to(SEARCH);
    window.type_text("aloud");
    window.tab_to("Say replies aloud");
    window.press(Key::Space);
    assert!(!window.saved().voice.enabled);
    window.enter_on("Reset: Say replies aloud");
    assert!(window.saved().voice.enabled);
}

#[test]
fn what_the_keyboard_reaches_comes_into_sight() {
    for size in [[960.0, 500.0], [480.0, 640.0]] {
        let mut window = Window::with(Settings::default(), size);
        window.click("Settings");
        for name in ["Volume", "Your name", "Is everything all right?"] {
            window.tab_to(name);
            window.rest();
            let rect = window.get(name).rect();
            assert!(
                rect.top() >= 40.0 && rect.bottom() <= size[1],
                "{name} is at {rect:?} in a window of {size:?}"
            );
        }
    }
}

#[test]
fn settings_begin_at_the_top_even_after_they_were_left_at_the_end() {
    let mut window = Window::new();
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::L);
    window.rest();
    let is_in_sight = |window: &Window| {
        let heading = window.harness.query_all_by_label("Talking").next();
        heading.is_some_and(|heading| heading.rect().top() >= 0.0)
    };
    assert!(!is_in_sight(&window), "the figures are at the end");
    window.click("Close settings");
    window.click("Settings");
    window.rest();
    assert!(is_in_sight(&window));
}
