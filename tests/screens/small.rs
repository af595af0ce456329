//! The small window: what it shows while the large one is hidden.

use crate::painter::Painter;
use crate::window::{line, partial, presence};
use eframe::egui::Vec2;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, LazyRenderer};
use samantha::app::view::View;
use samantha::session::{Event, Presence, Speaker};
use samantha::settings::Settings;
use samantha::turn::TurnId;
use samantha::ui::{Small, small_ui};

/// Around what a harness shows.
const MARGIN: f32 = 8.0;

/// The small window after this has happened, not moving by itself.
pub fn after(events: Vec<Event>) -> Harness<'static, Small> {
    let mut view = View { system_is_still: true, ..View::default() };
    let ready = [Event::HearingReady("base".into()), Event::DialogueReady("Small model".into())];
    for event in ready.into_iter().chain(events) {
        view.apply(event);
    }
    let mut small = Small::default();
    assert!(small.follow(&view, &Settings::default()));
    assert!(!small.follow(&view, &Settings::default()), "nothing is new");
    // A harness keeps a margin.
    let size = Small::SIZE + Vec2::splat(2.0 * MARGIN);
    let harness = Harness::builder().with_step_dt(0.02).with_size(size);
    let harness = harness.renderer(LazyRenderer::new(Painter::default));
    let mut harness = harness.build_ui_state(small_ui, small);
    harness.run();
    harness
}

fn shows(harness: &Harness<'_, Small>, label: &str) -> bool {
    harness.query_by_label(label).is_some()
}

#[test]
fn it_shows_her_state_and_the_live_words() {
    let said = || Event::Said(line(1, Speaker::Person, "How are you?"));
    let reply = || Event::Reply { turn: TurnId(1), text: "I am well.".into() };
    let replied = Event::Replied(line(1, Speaker::Samantha, "I am well."));
    let cases: Vec<(Vec<Event>, &str, &str)> = vec![
        (vec![presence(Presence::Listening), partial("how are")], "Listening", "how are …"),
        (vec![said(), presence(Presence::Thinking)], "Thinking", "How are you?"),
        (vec![said(), presence(Presence::Speaking), reply()], "Speaking", "I am well."),
        (vec![said(), reply(), replied], "Here", "I am well."),
        (
            vec![Event::NothingHeard { turn: TurnId(1) }],
            "Here",
            "No words were heard. Please try again.",
        ),
    ];
    for (events, word, words) in cases {
        let harness = after(events);
        assert!(shows(&harness, word) && shows(&harness, words), "{word}: {words}");
        assert_eq!(harness.get_by_label(word).accesskit_node().role(), Role::Status);
    }
}

#[test]
fn of_a_long_reply_the_newest_words_are_in_sight() {
    let text = "One two three four five six seven eight nine ten. ".repeat(12);
    let reply = Event::Reply { turn: TurnId(1), text: text.clone() };
    let harness = after(vec![presence(Presence::Speaking), reply]);
    let words = harness.get_by_label(&text).rect();
    assert!(words.top() < 0.0, "the first words have left: {words:?}");
    assert!(words.bottom() <= MARGIN + Small::SIZE.y, "the last ones are there: {words:?}");
    assert!(words.right() <= MARGIN + Small::SIZE.x);
}
