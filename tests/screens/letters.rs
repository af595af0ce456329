//! Past conversations in the window, by the keyboard alone: days, a search, a
//! day read as a letter, copying, saving, forgetting.

use crate::window::{Window, here, line, still};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::civil::{Date, date};
use memory::recall::marks;
use memory::store::letters::{Day, Reading, Scope, Start};
use memory::store::{Line, PERSON, SAMANTHA};
use samantha::letters::Format;
use samantha::remembering::{Access, OpensBy};
use samantha::session::{Command, Event, Hit, Letters, LettersCommand, Speaker};
use samantha::settings::Settings;
use std::path::PathBuf;

const DAY: Date = date(2025, 11, 3);
const HEADING: &str = "Monday, 3 November 2025";
const HERON: &str = "I saw a heron by the lake.";
const ANSWER: &str = "What was it doing there?";

fn ctrl_h(window: &mut Window) {
    window.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::COMMAND, Key::H);
    window.harness.run();
}

fn sent(command: LettersCommand) -> Command {
    Command::Letters(command)
}

fn days_from(before: Option<Date>) -> Command {
    sent(LettersCommand::Days { before })
}

fn read(date: Date, from: Start, words: &str) -> Command {
    sent(LettersCommand::Read { date, from, words: words.into() })
}

fn day(date: Date, first_words: &str) -> Day {
    Day { date, conversations: 2, lines: 3, first_words: first_words.into() }
}

fn days(access: Access, days: Vec<Day>) -> Event {
    let folder = PathBuf::from("/home/theo/Documents");
    Event::Letters(Letters::Days { access, before: None, days, has_more: true, folder })
}

fn said(id: i64, speaker: &str, text: &str, at: &str) -> Line {
    Line {
        id,
        conversation: if id < 3 { 1 } else { 2 },
        turn: 1,
        speaker: speaker.into(),
        text: text.into(),
        interrupted: id == 2,
        at: here(at),
        origin: None,
    }
}

fn lines() -> Vec<Line> {
    vec![
        said(1, PERSON, HERON, "2025-11-03T12:00:00"),
        said(2, SAMANTHA, ANSWER, "2025-11-03T12:00:10"),
        said(3, PERSON, "Good night.", "2025-11-03T12:40:00"),
    ]
}

fn reading(words: &str) -> Event {
    let lines = lines();
    let marks = lines.iter().map(|line| marks(&line.text, words)).collect();
    let reading = Reading {
        date: DAY,
        conversations: 2,
        all: 3,
        skipped: 0,
        lines,
        earlier: Some(date(2025, 10, 30)),
        later: None,
    };
    Event::Letters(Letters::Reading { reading, marks })
}

fn found(words: &str) -> Event {
    let line = lines().remove(0);
    let hits = vec![Hit { marks: marks(&line.text, words), line }];
    Event::Letters(Letters::Found { words: words.into(), skip: 0, hits, all: 1 })
}

/// The page with two days, opened by the keyboard.
fn opened() -> Window {
    let mut window = Window::with(Settings::default(), [960.0, 1000.0]);
    ctrl_h(&mut window);
    assert_eq!(window.commands(), [days_from(None)]);
    tell_days(&mut window);
    window
}

fn tell_days(window: &mut Window) {
    let list = vec![day(DAY, HERON), day(date(2025, 10, 30), "Hello?")];
    window.tell(days(Access::Open, list));
    window.rest();
}

fn row(window: &Window) -> String {
    let row = window.harness.get_by_label_contains(HEADING);
    row.accesskit_node().label().expect("a name")
}

/// The first of the days, as a letter.
fn opened_day() -> Window {
    let mut window = opened();
    let row = row(&window);
    window.enter_on(&row);
    assert_eq!(window.commands(), [read(DAY, Start::Skip(0), "")]);
    window.tell(reading(""));
    window.rest();
    window
}

/// Every form of the page, at a size.
pub fn every_page(size: [f32; 2], mut check: impl FnMut(&str, &mut Window)) {
    let mut window = Window::with(still(), size);
    window.awake();
    ctrl_h(&mut window);
    let access = Access::Locked { reason: "It is locked.".into(), opens_by: OpensBy::Retry };
    window.tell(days(access, vec![]));
    check("letters, locked", &mut window);
    window.tell(days(Access::Unkept { reason: None }, vec![]));
    check("letters, empty", &mut window);
    window.tell(days(Access::Open, vec![day(DAY, HERON)]));
    check("letters, days", &mut window);
    window.enter_on("Save all to a file");
    // The name that is proposed has today's date.
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.type_text("/home/theo/Documents/letters.md");
    check("letters, saving", &mut window);
    window.press(Key::Escape);
    window.tab_to("Search all conversations");
    window.type_text("heron");
    window.tell(found("heron"));
    check("letters, found", &mut window);
    let hit = window.harness.get_by_label_contains("a heron by").accesskit_node().label();
    window.enter_on(&hit.expect("a name"));
    window.tell(reading("heron"));
    check("letters, a day", &mut window);
    window.enter_on(&format!("Copy or forget: {HERON}"));
    check("letters, a line", &mut window);
    window.enter_on(&format!("Forget: {HERON}"));
    check("letters, forgetting", &mut window);
}

#[test]
fn ctrl_and_h_lead_to_past_conversations_and_escape_leads_back() {
    let mut window = opened();
    assert!(window.shows_part(HEADING));
    assert_eq!(window.focused().as_deref(), Some("Search all conversations"));
    window.press(Key::Escape);
    assert!(!window.shows_part(HEADING));
    window.enter_on("Letters");
    assert!(!window.shows_part(HEADING), "nothing of it stayed behind");
    tell_days(&mut window);
    assert!(window.shows_part(HEADING));
    window.enter_on("Memory");
    assert!(!window.shows_part(HEADING), "one page at a time");
    ctrl_h(&mut window);
    tell_days(&mut window);
    assert!(window.shows_part(HEADING));
    ctrl_h(&mut window);
    assert!(!window.shows_part(HEADING));
}

#[test]
fn a_day_reads_like_a_letter_and_leads_to_its_neighbours() {
    let mut window = opened_day();
    assert!(window.shows(HEADING) && window.shows(HERON));
    assert!(window.shows(&format!("{ANSWER} — interrupted")));
    assert!(window.shows("You") && window.shows("Samantha"));
    assert_eq!(window.focused().as_deref(), Some("All days"));
    assert!(!window.shows_part("Later day"));
    window.enter_on("Earlier day: Thursday, 30 October 2025");
    assert_eq!(window.commands(), [read(date(2025, 10, 30), Start::Skip(0), "")]);
    assert!(!window.shows(HERON), "nothing of another day is shown under its name");
    window.press(Key::Escape);
    assert!(window.shows_part(HEADING), "back among the days");
    window.rest();
    let other = window.focused().expect("a day");
    assert!(other.starts_with("Thursday, 30 October 2025"), "the keyboard too: {other}");
}

#[test]
fn earlier_days_are_asked_for_and_added() {
    let mut window = opened();
    window.enter_on("Earlier days");
    let before = Some(date(2025, 10, 30));
    assert_eq!(window.commands(), [days_from(before)]);
    window.tell(Event::Letters(Letters::Days {
        access: Access::Open,
        before,
        days: vec![day(date(2025, 10, 1), "Long ago.")],
        has_more: false,
        folder: PathBuf::new(),
    }));
    assert!(window.shows_part(HEADING) && window.shows_part("Wednesday, 1 October 2025"));
    assert!(!window.shows("Earlier days"));
}

#[test]
fn words_are_searched_for_as_they_are_typed_and_a_hit_opens_where_it_was_said() {
    let mut window = opened();
    window.type_text("her");
    window.type_text("on");
    let search = |words: &str| sent(LettersCommand::Search { words: words.into(), skip: 0 });
    assert_eq!(window.commands(), [search("her"), search("heron")]);
    window.tell(found("heron"));
    assert_eq!(window.get("1 line").accesskit_node().role(), Role::Status);
    let hit = window.harness.get_by_label_contains(HERON).accesskit_node().label();
    let hit = hit.expect("a name");
    assert!(hit.starts_with(HEADING), "a hit tells its day: {hit}");
    window.enter_on(&hit);
    assert_eq!(window.commands(), [read(DAY, Start::Line(1), "heron")]);
    window.tell(reading("heron"));
    window.rest();
    assert!(window.shows(&format!("{HERON} — found here")), "it is told in words");
    assert_eq!(window.focused(), Some(format!("Copy or forget: {HERON}")));
    window.enter_on("Back to what was found");
    assert_eq!(window.commands(), [search("heron")]);
    assert!(window.shows("1 line"));
    window.tell(Event::Letters(Letters::Found {
        words: "heron".into(),
        skip: 0,
        hits: vec![],
        all: 0,
    }));
    assert!(window.shows_part("Nobody said that."));
}

#[test]
fn a_line_a_conversation_and_a_day_are_copied_by_the_keyboard() {
    let mut window = opened_day();
    for (opens, copies, scope) in [
        (Some(format!("Copy or forget: {HERON}")), format!("Copy: {HERON}"), Scope::Line(1)),
        (None, format!("Copy: {HEADING}"), Scope::Day(DAY)),
    ] {
        if let Some(opens) = opens {
            window.enter_on(&opens);
            window.rest();
            assert_eq!(window.focused(), Some(copies.clone()));
            window.press(Key::Enter);
        } else {
            window.enter_on(&copies);
        }
        assert_eq!(window.commands(), [sent(LettersCommand::Copy(scope))]);
        assert!(window.shows("Copied."));
    }
    let times = window.harness.query_all_by_label_contains("Copy or forget: the conversation of");
    assert_eq!(times.count(), 2);
    window.sender.send(samantha::app::Update::Session(Event::Letters(Letters::Copied(
        "The whole day.".into(),
    ))));
    window.harness.step();
    let copied = window.harness.output().platform_output.commands.iter().any(
        |command| matches!(command, OutputCommand::CopyText(text) if text == "The whole day."),
    );
    assert!(copied);
}

#[test]
fn everything_is_saved_where_the_person_wants_it() {
    let mut window = opened();
    window.enter_on("Save all to a file");
    window.rest();
    assert_eq!(window.focused().as_deref(), Some("The file to write"));
    let proposed = window.get("The file to write").value().expect("a proposal");
    assert!(proposed.starts_with("/home/theo/Documents/samantha-all-"), "{proposed}");
    assert!(proposed.ends_with(".md"));
    assert!(window.shows("The file is not encrypted: whoever gets it can read it."));
    window.tab_to("JSON, for programs");
    window.press(Key::Space);
    let file = window.get("The file to write").value().expect("a proposal");
    assert!(file.ends_with(".json"), "{file}");
    window.enter_on("Save");
    let (scope, format) = (Scope::Everything, Format::Json);
    assert_eq!(window.commands(), [sent(LettersCommand::Save { scope, format, file })]);
    assert!(window.shows("Saving …"));
    let reason = "There is no folder /home/theo/Documents. Please choose another one.";
    window.tell(Event::Letters(Letters::Saved(Err(reason.into()))));
    assert!(window.shows(reason));
    let file = PathBuf::from("/tmp/all.json");
    window.tell(Event::Letters(Letters::Saved(Ok(file))));
    assert!(window.shows_part("Saved in /tmp/all.json."));
}

#[test]
fn a_day_is_forgotten_only_after_a_second_word() {
    let mut window = opened_day();
    window.enter_on(&format!("Forget: {HEADING}"));
    let question = "Forget this day, and all that is known from it?";
    assert_eq!(window.get(question).accesskit_node().role(), Role::Alert);
    window.rest();
    assert_eq!(window.focused(), Some(format!("Keep: {HEADING}")), "the safe answer is at hand");
    window.press(Key::Escape);
    assert!(!window.shows(question));
    assert!(window.shows(HERON), "Escape puts aside only what is at hand");
    window.enter_on(&format!("Forget: {HEADING}"));
    window.rest();
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    window.harness.run();
    window.commands();
    window.press(Key::Enter);
    assert_eq!(window.commands(), [sent(LettersCommand::Forget(Scope::Day(DAY)))]);
}

#[test]
fn what_is_said_meanwhile_is_asked_for() {
    let mut window = opened();
    window.tell(Event::Said(line(1, Speaker::Person, "Are you there?")));
    assert_eq!(window.commands(), [days_from(None)]);
    window.rest();
    assert_eq!(window.commands(), [], "once");
}

#[test]
fn a_locked_memory_and_an_empty_one_say_so() {
    let mut window = opened();
    let access = Access::Locked { reason: "x".into(), opens_by: OpensBy::Passphrase };
    window.tell(days(access, vec![]));
    assert!(window.shows_part("What was said before is locked away"));
    window.enter_on("Open her memory");
    assert!(window.shows("Close memory"));
    ctrl_h(&mut window);
    window.tell(Event::Letters(Letters::Days {
        access: Access::Open,
        before: None,
        days: vec![],
        has_more: false,
        folder: PathBuf::new(),
    }));
    assert!(window.shows_part("Nothing yet. What you and I say"));
}

#[test]
fn an_open_day_asks_for_no_repaint() {
    let mut window = opened_day();
    window.come_to_rest();
    let viewport = window.harness.output().viewport_output.values().next().expect("a viewport");
    assert!(viewport.repaint_delay > std::time::Duration::from_secs(60));
}
