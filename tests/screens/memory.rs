//! Her memory in the window, by the keyboard alone: the page, what helped with a
//! reply, off the record.

use crate::window::{Window, here, line, still};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use memory::Recalled;
use memory::learn::{Someone, Topic};
use memory::store::facts::{Fact, Known, State};
use memory::store::{Counts, FactId, PERSON};
use memory::vault::Keeper;
use samantha::remembering::{Access, OpensBy};
use samantha::session::{
    Command, Event, Line, MemoryCommand, MemoryEntry, MemoryPage, Notice, Secret, Speaker,
};
use samantha::settings::Settings;
use samantha::turn::TurnId;

const ANA: &str = "Your sister Ana moved to Porto.";
const PEANUTS: &str = "You're allergic to peanuts.";
const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access \
                     accident account accuse achieve acid acoustic acquire across act action \
                     actor actress actual";

fn someone(name: &str, relation: &str) -> Someone {
    Someone { name: name.into(), relation: relation.into() }
}

fn entry(id: FactId, statement: &str, topic: Topic, about: Option<(i64, Someone)>) -> MemoryEntry {
    let said_at = here("2025-11-03T12:00:00");
    MemoryEntry {
        fact: Fact {
            id,
            statement: statement.into(),
            about,
            topic,
            slot: String::new(),
            happens_on: None,
            said_at,
            confidence: 0.9,
            state: State::Current,
            superseded_by: None,
        },
        sources: vec![memory::store::Line {
            id: 100 + id,
            conversation: 1,
            turn: 1,
            speaker: PERSON.into(),
            text: format!("Well, {statement}"),
            interrupted: false,
            at: said_at,
            origin: None,
        }],
    }
}

fn entries() -> Vec<MemoryEntry> {
    let ana = || Some((1, someone("Ana", "sister")));
    let mut lisbon = entry(1, "My sister Ana moved to Lisbon.", Topic::People, ana());
    lisbon.fact.state = State::Superseded;
    lisbon.fact.superseded_by = Some(2);
    let mut boss =
        entry(4, "My boss Ben is leaving.", Topic::Work, Some((2, someone("Ben", "boss"))));
    boss.fact.confidence = 0.56;
    vec![
        lisbon,
        entry(2, "My sister Ana moved to Porto.", Topic::People, ana()),
        entry(3, "I'm allergic to peanuts.", Topic::Health, None),
        boss,
    ]
}

fn page(access: Access, entries: Vec<MemoryEntry>) -> MemoryPage {
    MemoryPage {
        access,
        keeper: Some(Keeper::File),
        counts: Counts {
            lines: 9,
            conversations: 2,
            facts: entries.len().saturating_sub(1) as u64,
            superseded: 1,
            people: 2,
            episodes: 1,
            forgotten: 0,
            bytes: 250_000,
        },
        people: vec![
            Known { id: 1, who: someone("Ana", "sister"), facts: 1 },
            Known { id: 2, who: someone("Ben", "boss"), facts: 1 },
        ],
        entries,
    }
}

fn locked(reason: &str, opens_by: OpensBy) -> MemoryPage {
    let access = Access::Locked { reason: reason.into(), opens_by };
    MemoryPage { counts: Counts::default(), ..page(access, vec![]) }
}

/// Something remembered, and the words that led there.
pub fn recalled(words: &str, matched: &[&str]) -> Recalled {
    Recalled {
        fact: Some(2),
        line: Some(102),
        words: words.into(),
        said_at: here("2025-11-03T12:00:00"),
        relevance: 0.9,
        matched: matched.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// An exchange in which something was remembered.
fn helped(window: &mut Window) {
    window.tell(Event::Said(line(1, Speaker::Person, "Shall I visit family in Porto?")));
    let what = vec![
        recalled("My sister Ana moved to Porto.", &["family", "Porto"]),
        recalled("I was in Porto as a child.", &[]),
    ];
    window.tell(Event::Recalled { turn: TurnId(1), what });
    window.tell(Event::Replied(line(1, Speaker::Samantha, "Ana would be glad.")));
}

fn ctrl_m(window: &mut Window) {
    window.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::COMMAND, Key::M);
    window.harness.run();
}

fn sent(command: MemoryCommand) -> Command {
    Command::Memory(command)
}

fn show(words: &str) -> Command {
    sent(MemoryCommand::Show(words.into()))
}

/// The page with some memories, opened by the keyboard.
fn opened_with(page: MemoryPage) -> Window {
    let mut window = Window::with(Settings::default(), [960.0, 1400.0]);
    ctrl_m(&mut window);
    assert_eq!(window.commands(), [show("")]);
    window.tell(Event::Memory(page));
    window.rest();
    window
}

fn opened() -> Window {
    opened_with(page(Access::Open, entries()))
}

/// Every form of the page, at a size.
pub fn every_page(size: [f32; 2], mut check: impl FnMut(&str, &mut Window)) {
    let mut window = Window::with(still(), size);
    window.awake();
    helped(&mut window);
    window.tell(Event::OffTheRecord(true));
    window.click("2 memories helped with her last reply, show them");
    check("helped, off the record", &mut window);
    window.tell(Event::OffTheRecord(false));
    ctrl_m(&mut window);
    for (name, shown) in [
        ("locked", locked("It is locked.", OpensBy::Passphrase)),
        ("key lost", locked("The key is gone.", OpensBy::RecoveryPhrase)),
        ("keychain", locked("The keychain is silent.", OpensBy::Retry)),
        ("unkept", page(Access::Unkept { reason: Some("The disk is full.".into()) }, vec![])),
        ("some", page(Access::Open, entries())),
    ] {
        window.tell(Event::Memory(shown));
        check(name, &mut window);
    }
    for (opens, closes) in [
        (format!("Your words: {ANA}"), None),
        (format!("Edit: {ANA}"), Some("Cancel".to_owned())),
        (format!("Forget: {ANA}"), Some(format!("Keep: {ANA}"))),
        ("Keep the key elsewhere".into(), Some("Cancel".into())),
        ("Forget everything".into(), Some("Keep everything".into())),
    ] {
        window.enter_on(&opens);
        check(&opens, &mut window);
        if let Some(closes) = closes {
            window.enter_on(&closes);
        }
    }
    window.tell(Event::RecoveryPhrase(Secret(WORDS.into())));
    check("recovery words", &mut window);
}

#[test]
fn ctrl_and_m_lead_to_her_memory_and_escape_leads_back() {
    let mut window = opened();
    assert!(window.shows(ANA));
    assert_eq!(window.focused().as_deref(), Some("Search her memory"));
    window.press(Key::Escape);
    assert!(!window.shows(ANA), "nothing was searched for, so the page is left");
    window.enter_on("Memory");
    assert!(window.shows(ANA));
    ctrl_m(&mut window);
    assert!(!window.shows(ANA));
}

#[test]
fn words_are_searched_for_as_they_are_typed() {
    let mut window = opened();
    window.type_text("Po");
    window.type_text("rto");
    assert_eq!(window.commands(), [show("Po"), show("Porto")]);
    window.tell(Event::Memory(page(Access::Open, vec![entries().remove(1)])));
    assert!(window.shows("1 memory"));
    window.tell(Event::Memory(page(Access::Open, vec![])));
    assert!(window.shows("Nothing in her memory fits that."));
    window.press(Key::Escape);
    assert!(window.shows("Nothing in her memory fits that."), "Escape first leaves the field");
    window.press(Key::Escape);
    assert!(!window.shows("Nothing in her memory fits that."));
}

#[test]
fn memories_are_filtered_by_person_and_by_topic() {
    let mut window = opened();
    window.enter_on("About whom");
    window.enter_on("About Ana, your sister");
    assert!(window.shows(ANA) && !window.shows(PEANUTS));
    assert_eq!(window.focused().as_deref(), Some("About whom"), "the list is closed again");
    window.press(Key::Enter);
    window.enter_on("About yourself");
    assert!(!window.shows(ANA) && window.shows(PEANUTS));
    window.enter_on("About whom");
    window.enter_on("About everyone");
    window.enter_on("Topic");
    window.enter_on("Health");
    assert!(!window.shows(ANA) && window.shows(PEANUTS));
    assert!(window.shows("1 memory"));
}

#[test]
fn what_has_changed_is_shown_when_asked_for_and_says_so_in_words() {
    let mut window = opened();
    let old = "Your sister Ana moved to Lisbon.";
    assert!(!window.shows(old));
    window.tab_to("Also what has changed");
    window.press(Key::Space);
    assert!(window.shows(old));
    assert!(
        window.shows_part(&format!("No longer so. What took its place, on 3 November 2025: {ANA}"))
    );
    assert!(window.get(old).rect().top() > window.get(PEANUTS).rect().top(), "what holds is first");
    assert!(!window.shows(&format!("Edit: {old}")), "history is not worded anew");
    assert!(window.shows(&format!("Forget: {old}")));
}

#[test]
fn only_what_she_half_understood_is_marked() {
    let window = opened();
    let marks = window.harness.query_all_by_label("She is not sure she understood this");
    assert_eq!(marks.count(), 1);
}

#[test]
fn a_memory_opens_to_the_persons_own_words_with_day_and_time() {
    let mut window = opened();
    window.tab_to(&format!("Your words: {ANA}"));
    window.press(Key::Space);
    assert!(window.shows("“Well, My sister Ana moved to Porto.”"));
    assert!(window.shows_part("You said on 3 November 2025 at "));
    window.press(Key::Space);
    assert!(!window.shows("“Well, My sister Ana moved to Porto.”"));
    assert_eq!(window.commands(), [], "the space bar did not talk");
}

#[test]
fn a_memory_is_worded_anew_in_the_persons_own_voice() {
    let mut window = opened();
    window.enter_on(&format!("Edit: {ANA}"));
    let field = "In your own voice, as you would say it to her";
    assert_eq!(window.focused().as_deref(), Some(field));
    let draft = window.harness.get_by_role_and_label(Role::MultilineTextInput, field);
    assert_eq!(draft.value().as_deref(), Some("My sister Ana moved to Porto."));
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.type_text("My sister Ana lives in Faro.");
    window.press(Key::Enter);
    let statement = "My sister Ana lives in Faro.".to_owned();
    assert_eq!(window.commands(), [sent(MemoryCommand::Edit { fact: 2, statement })]);
    let mut changed = entries();
    changed[1] = entry(7, "My sister Ana lives in Faro.", Topic::People, None);
    window.tell(Event::Memory(page(Access::Open, changed)));
    window.rest();
    assert_eq!(window.focused().as_deref(), Some("Edit: Your sister Ana lives in Faro."));
}

#[test]
fn escape_leaves_a_memory_as_it_was() {
    let mut window = opened();
    window.enter_on(&format!("Edit: {ANA}"));
    window.type_text("!");
    window.press(Key::Escape);
    window.rest();
    assert!(window.shows(ANA));
    assert_eq!(window.focused(), Some(format!("Edit: {ANA}")));
    assert_eq!(window.commands(), [Command::Cancel]);
}

#[test]
fn a_memory_is_forgotten_only_after_a_second_word() {
    let mut window = opened();
    window.enter_on(&format!("Forget: {ANA}"));
    let question = "Forget this, the sentence it came from, and all that told it?";
    assert_eq!(window.get(question).accesskit_node().role(), Role::Alert);
    assert_eq!(window.focused(), Some(format!("Keep: {ANA}")), "the safe answer is at hand");
    window.press(Key::Enter);
    assert!(!window.shows(question));
    assert_eq!(window.commands(), []);
    window.press(Key::Enter);
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    window.harness.run();
    assert_eq!(window.focused().as_deref(), Some("Forget"));
    window.press(Key::Enter);
    assert_eq!(window.commands(), [sent(MemoryCommand::Forget(2))]);
    assert_eq!(window.focused().as_deref(), Some("Search her memory"));
}

#[test]
fn everything_is_forgotten_only_after_the_word_was_typed() {
    let mut window = opened();
    window.enter_on("Forget everything");
    assert!(window.shows_part("This erases 4 memories and 9 sentences, for good."));
    assert_eq!(window.focused().as_deref(), Some("To be sure, type the word: forget"));
    window.type_text("forge");
    window.press(Key::Enter);
    assert_eq!(window.commands(), []);
    window.get("To be sure, type the word: forget").focus();
    window.harness.run();
    window.press(Key::End);
    window.type_text("t");
    window.press(Key::Enter);
    assert_eq!(window.commands(), [sent(MemoryCommand::ForgetEverything)]);
}

#[test]
fn off_the_record_is_switched_told_and_marked() {
    let mut window = Window::new();
    window.tab_to("Off the record");
    window.press(Key::Space);
    assert_eq!(window.commands(), [sent(MemoryCommand::OffTheRecord(true))]);
    let sign = "Off the record: nothing is kept.";
    assert!(!window.shows(sign), "only the session says that it is so");
    window.tell(Event::OffTheRecord(true));
    assert_eq!(window.get(sign).accesskit_node().role(), Role::Status);
    let unkept = Line { off_the_record: true, ..line(1, Speaker::Person, "A secret.") };
    window.tell(Event::Said(unkept));
    assert!(window.shows("A secret. — not kept"));
    ctrl_m(&mut window);
    assert!(window.shows(sign), "also on the page");
    window.commands();
    window.enter_on("Back on the record");
    assert_eq!(window.commands(), [sent(MemoryCommand::OffTheRecord(false))]);
    window.tell(Event::OffTheRecord(false));
    assert!(!window.shows(sign));
}

#[test]
fn what_helped_stands_under_her_reply_with_the_reason() {
    let mut window = Window::new();
    helped(&mut window);
    window.enter_on("2 memories helped with her last reply, show them");
    assert!(window.shows("“My sister Ana moved to Porto.”"));
    assert!(window.shows("You said this on 3 November 2025. “family” and “Porto” led there."));
    assert!(window.shows("You said this on 3 November 2025. It fits what you said."));
    ctrl_m(&mut window);
    window.tell(Event::Memory(page(Access::Open, entries())));
    assert!(window.shows("2 memories helped with her last reply, show them"));
    ctrl_m(&mut window);
    window.tell(Event::Said(line(2, Speaker::Person, "Thank you.")));
    assert!(!window.shows_part("memories helped"));
}

#[test]
fn a_passphrase_opens_her_memory_and_is_not_in_the_tree() {
    let mut window = opened_with(locked("My memory is locked.", OpensBy::Passphrase));
    assert!(window.shows("My memory is locked."));
    assert_eq!(window.focused().as_deref(), Some("Your passphrase"));
    window.type_text("open-sesame");
    assert!(!format!("{:?}", window.harness).contains("sesame"));
    window.press(Key::Enter);
    let passphrase = Secret("open-sesame".into());
    assert_eq!(window.commands(), [sent(MemoryCommand::Unlock(passphrase))]);
    assert!(window.shows("One moment, she is trying it …"));
    window.tell(Event::Memory(locked("That is not the passphrase.", OpensBy::Passphrase)));
    assert!(window.shows("That is not the passphrase."));
    assert!(!window.shows("One moment, she is trying it …"));
    assert_eq!(window.focused().as_deref(), Some("Your passphrase"), "to be typed again");
    assert_eq!(window.get("Your passphrase").value().as_deref(), Some(""));
    window.tell(Event::Memory(page(Access::Open, entries())));
    window.rest();
    assert!(window.shows(ANA));
    assert_eq!(window.focused().as_deref(), Some("Search her memory"));
}

#[test]
fn the_24_words_open_it_where_the_passphrase_is_lost() {
    let mut window = opened_with(locked("My memory is locked.", OpensBy::Passphrase));
    window.enter_on("Use my 24 words instead");
    window.rest();
    assert_eq!(window.focused().as_deref(), Some("Your 24 recovery words"));
    window.type_text(WORDS);
    window.enter_on("Open her memory");
    assert_eq!(window.commands(), [sent(MemoryCommand::Recover(Secret(WORDS.into())))]);
}

#[test]
fn a_silent_keychain_is_asked_again() {
    let mut window = opened_with(locked("The keychain is locked.", OpensBy::Retry));
    assert_eq!(window.focused().as_deref(), Some("Try again"));
    window.press(Key::Enter);
    assert_eq!(window.commands(), [sent(MemoryCommand::Retry)]);
}

#[test]
fn a_locked_memory_is_told_in_the_main_window_and_leads_to_the_page() {
    let mut window = Window::new();
    let text = "My memory is locked: type your passphrase to open it.";
    window.tell(Event::Notice(Notice::new(samantha::session::Topic::Memory, text, true)));
    window.enter_on("Look on the memory page");
    assert_eq!(window.commands(), [show("")]);
    window.tell(Event::Memory(locked(text, OpensBy::Passphrase)));
    assert_eq!(window.harness.query_all_by_label(text).count(), 1, "it is said once");
}

#[test]
fn why_nothing_is_kept_is_told() {
    let access = Access::Unkept { reason: Some("The folder is read-only.".into()) };
    let window = opened_with(page(access, vec![]));
    assert!(window.shows("The folder is read-only."));
}

#[test]
fn an_empty_memory_says_what_will_be_there() {
    let mut empty = page(Access::Open, vec![]);
    empty.counts = Counts::default();
    let window = opened_with(empty);
    assert!(window.shows_part("Nothing yet. When you tell me of your life"));
}

#[test]
fn the_key_is_given_to_a_passphrase_that_was_typed_twice() {
    let mut window = opened();
    assert!(window.shows_part("A file that only your account can read keeps its key."));
    window.enter_on("Keep the key elsewhere");
    window.tab_to("A passphrase that only I know");
    window.press(Key::Space);
    window.tab_to("A new passphrase");
    window.type_text("heron");
    window.tab_to("The same once more");
    window.type_text("her");
    assert!(window.shows("The two are not the same yet."));
    window.press(Key::Enter);
    assert_eq!(window.commands(), []);
    window.tab_to("The same once more");
    window.press(Key::End);
    window.type_text("on");
    window.press(Key::Enter);
    let passphrase = Secret("heron".into());
    assert_eq!(window.commands(), [sent(MemoryCommand::ProtectByPassphrase(passphrase))]);
    assert!(!window.shows("A new passphrase"));
}

#[test]
fn the_key_is_given_to_the_keychain() {
    let mut window = opened();
    window.enter_on("Keep the key elsewhere");
    window.tab_to("The keychain of this computer");
    window.press(Key::Space);
    window.enter_on("Save");
    assert_eq!(window.commands(), [sent(MemoryCommand::Protect(Keeper::Keychain))]);
}

#[test]
fn the_recovery_words_are_shown_until_they_are_hidden_or_the_page_is_left() {
    let mut window = opened();
    window.enter_on("Show my recovery words");
    assert_eq!(window.commands(), [sent(MemoryCommand::TellPhrase)]);
    let tell = |window: &mut Window| window.tell(Event::RecoveryPhrase(Secret(WORDS.into())));
    tell(&mut window);
    assert!(window.shows(" 1. abandon") && window.shows("24. actual"));
    window.rest();
    assert_eq!(window.focused().as_deref(), Some("Hide the words"));
    window.press(Key::Enter);
    assert!(!window.shows_part("abandon"));
    tell(&mut window);
    ctrl_m(&mut window);
    ctrl_m(&mut window);
    assert!(!window.shows_part("abandon"), "they went with the page");
    ctrl_m(&mut window);
    tell(&mut window);
    ctrl_m(&mut window);
    assert!(!window.shows_part("abandon"), "words that come late are not shown");
}

#[test]
fn a_long_memory_is_shown_in_parts() {
    let many = (0..120)
        .map(|i| entry(i, &format!("I like song number {i}."), Topic::Taste, None))
        .collect();
    let mut window = opened_with(page(Access::Open, many));
    assert!(window.shows("120 memories"));
    assert!(window.shows("You like song number 49.") && !window.shows("You like song number 50."));
    window.get("Show more").focus();
    window.harness.run();
    window.press(Key::Enter);
    assert!(window.shows("You like song number 99."));
}

#[test]
fn what_the_keyboard_goes_to_is_brought_into_sight() {
    let mut window = Window::with(Settings::default(), [480.0, 640.0]);
    ctrl_m(&mut window);
    window.tell(Event::Memory(page(Access::Open, entries())));
    window.tab_to("Forget everything");
    window.rest();
    let rect = window.get("Forget everything").rect();
    assert!(rect.top() > 64.0 && rect.bottom() < 640.0 - 90.0, "{rect:?}");
}

#[test]
fn an_open_page_asks_for_no_repaint() {
    let mut window = opened();
    window.tab_to("Also what has changed");
    window.come_to_rest();
    let viewport = window.harness.output().viewport_output.values().next().expect("a viewport");
    assert!(viewport.repaint_delay > std::time::Duration::from_secs(60));
}
