//! The window's screens and flows, found by their accessible names, without a
//! session: what happened is told by hand, what was asked for is recorded.

use eframe::egui::accesskit::Role;
use eframe::egui::{Event as Input, Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::app::{SamanthaApp, Update, UpdateSender, Wiring, inbox};
use samantha::session::{Command, Event, Line, Notice, Presence, Speaker, TalkSource, Topic};
use samantha::settings::{DialogueEngine, Settings, TalkMode};
use samantha::speech::VoiceInfo;
use samantha::turn::TurnId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

const PRESSED: Command = Command::TalkPressed(TalkSource::Window);
const RELEASED: Command = Command::TalkReleased(TalkSource::Window);

/// What the window asked for.
#[derive(Default)]
struct Asked {
    commands: Vec<Command>,
    saved: Vec<Settings>,
    downloads: Vec<DownloadCommand>,
}

/// The window on a desk: the sender by which it is told, and what it asked.
struct Window {
    harness: Harness<'static, Option<SamanthaApp>>,
    sender: UpdateSender,
    asked: Rc<RefCell<Asked>>,
}

impl Window {
    fn new() -> Self {
        Self::with(Settings::default(), [960.0, 760.0])
    }

    fn with(settings: Settings, size: [f32; 2]) -> Self {
        let asked = Rc::new(RefCell::new(Asked::default()));
        let asked_here = asked.clone();
        let told: Arc<Mutex<Option<UpdateSender>>> = Arc::default();
        let told_here = told.clone();
        // Short steps: a person's clicks follow each other within moments.
        let harness = Harness::builder().with_step_dt(0.02).with_max_steps(8);
        let harness = harness.with_size(size).build_ui_state(
            move |ui, app: &mut Option<SamanthaApp>| {
                let app = app.get_or_insert_with(|| {
                    let (sender, updates) = inbox(ui.ctx());
                    *told_here.lock().expect("one thread") = Some(sender.clone());
                    let wiring = wiring(settings.clone(), sender, asked_here.clone());
                    SamanthaApp::new(ui.ctx(), updates, wiring)
                });
                app.logic(&ui.ctx().clone());
                app.paint(ui);
            },
            None,
        );
        let sender = told.lock().expect("one thread").clone().expect("the window was opened");
        Self { harness, sender, asked }
    }

    #[track_caller]
    fn tell(&mut self, event: Event) {
        self.sender.send(Update::Session(event));
        self.harness.run();
    }

    #[track_caller]
    fn tell_download(&mut self, event: DownloadEvent) {
        self.sender.send(Update::Download(event));
        self.harness.run();
    }

    #[track_caller]
    fn get<'a>(&'a self, label: &'a str) -> Node<'a> {
        self.harness.get_by_label(label)
    }

    fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    fn shows_part(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    #[track_caller]
    fn click(&mut self, label: &str) {
        self.get(label).click();
        self.harness.run();
    }

    #[track_caller]
    fn write(&mut self, label: &str, text: &str) {
        self.get(label).focus();
        self.harness.run();
        self.get(label).type_text(text);
        self.harness.run();
    }

    #[track_caller]
    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run();
    }

    /// What was sent to the session since the last time.
    fn commands(&self) -> Vec<Command> {
        std::mem::take(&mut self.asked.borrow_mut().commands)
    }

    /// The person does nothing for a second.
    fn rest(&mut self) {
        self.harness.run_steps(50);
    }

    /// The settings as they were saved last, once the person's hand rests.
    #[track_caller]
    fn saved(&mut self) -> Settings {
        self.rest();
        self.asked.borrow().saved.last().expect("settings were saved").clone()
    }
}

fn wiring(settings: Settings, sender: UpdateSender, asked: Rc<RefCell<Asked>>) -> Wiring {
    let (commands, saved, downloads) = (asked.clone(), asked.clone(), asked);
    Wiring {
        settings,
        send: Box::new(move |command| commands.borrow_mut().commands.push(command)),
        settings_changed: Box::new(move |settings| {
            if settings.person.name == "a full disk" {
                return Err("The disk is full.".into());
            }
            saved.borrow_mut().saved.push(settings.clone());
            Ok(())
        }),
        check_hotkey: Box::new(|text| {
            if text == "Ctrl+Alt+S" { Ok(()) } else { Err(format!("{text} is no key.")) }
        }),
        list_microphones: Box::new(move || {
            sender.send(Update::Microphones(vec!["Built-in".into(), "Headset".into()]));
        }),
        download: Box::new(move |command| downloads.borrow_mut().downloads.push(command)),
    }
}

fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
    Line {
        turn: TurnId(turn),
        speaker,
        text: text.into(),
        interrupted: false,
        off_the_record: false,
    }
}

fn presence(presence: Presence) -> Event {
    Event::Presence { turn: Some(TurnId(1)), presence }
}

fn partial(text: &str) -> Event {
    Event::Partial { turn: TurnId(1), text: text.into() }
}

fn notice(topic: Topic, text: &str, blocking: bool) -> Event {
    Event::Notice(Notice { topic, text: text.into(), blocking })
}

fn offer(id: &str, name: &str, purpose: Purpose) -> Offer {
    Offer {
        id: id.into(),
        name: name.into(),
        purpose,
        size_bytes: 75_500_000,
        ram_bytes: 200_000_000,
        licence: "MIT".into(),
        installed: false,
        needed: true,
    }
}

fn offers() -> Vec<Offer> {
    vec![
        offer("ear", "Whisper tiny", Purpose::Hearing),
        offer("mind", "Small model", Purpose::Dialogue),
    ]
}

fn pointer(pos: Pos2, pressed: bool) -> Input {
    let button = eframe::egui::PointerButton::Primary;
    Input::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE }
}

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
    window.tell(Event::HearingReady("base".into()));
    window.tell(Event::DialogueReady("Small model".into()));
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
    assert!(window.shows("One. — interrupted"));
    assert!(!window.shows_part("Two."));
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

#[test]
fn missing_weights_are_fetched_from_one_panel() {
    let mut window = Window::new();
    window.tell_download(DownloadEvent::Offered(offers()));
    assert!(window.shows("Before we can talk"));
    assert!(window.shows_part("75.5 MB · MIT"));
    window.click("Download 151 MB");
    let start = |id: &str| DownloadCommand::Start(id.into());
    assert_eq!(window.asked.borrow().downloads, [start("ear"), start("mind")]);

    window.tell_download(DownloadEvent::Progress {
        id: "ear".into(),
        done_bytes: 40_000_000,
        total_bytes: 75_500_000,
    });
    assert!(window.shows("40.0 MB of 75.5 MB"));
    window.click("Cancel: Small model");
    let cancel = DownloadCommand::Cancel("mind".into());
    assert_eq!(window.asked.borrow().downloads.last(), Some(&cancel));
    window.tell_download(DownloadEvent::Cancelled { id: "mind".into() });
    window.click("Download: Small model");
    window.tell_download(DownloadEvent::Failed {
        id: "mind".into(),
        reason: "The network is down.".into(),
    });
    assert_eq!(window.get("The network is down.").accesskit_node().role(), Role::Alert);
    window.click("Try again: Small model");
    window.tell_download(DownloadEvent::Finished { id: "mind".into() });
    window.tell_download(DownloadEvent::Finished { id: "ear".into() });
    assert!(!window.shows("Before we can talk"));
}

#[test]
fn missing_weights_can_be_put_aside() {
    let mut window = Window::new();
    window.tell_download(DownloadEvent::Offered(offers()));
    window.click("Later");
    assert!(!window.shows("Before we can talk"));
    assert!(window.shows("She needs her models first"));
}

#[test]
fn changed_settings_take_effect_at_once_and_are_saved_once() {
    let mut window = Window::new();
    window.click("Settings");
    window.click("Press to begin, press to end");
    assert_eq!(window.commands(), [Command::SetTalkMode(TalkMode::Toggle)]);
    assert!(window.shows("Talk"));
    window.click("Say replies aloud");
    assert_eq!(window.commands(), [Command::SetVoiceEnabled(false)]);
    let saved = window.saved();
    assert_eq!(saved.talk.mode, TalkMode::Toggle);
    assert!(!saved.voice.enabled);
    assert_eq!(window.asked.borrow().saved.len(), 1);
}

#[test]
fn a_microphone_is_chosen_from_those_there_are() {
    let mut window = Window::new();
    window.click("Settings");
    window.click("Microphone");
    window.click("Headset");
    assert_eq!(window.commands(), [Command::SelectMicrophone(Some("Headset".into()))]);
    window.click("Microphone");
    window.harness.get_by_role_and_label(Role::Button, "The system's default").click();
    window.harness.run();
    assert_eq!(window.commands(), [Command::SelectMicrophone(None)]);
}

#[test]
fn a_voice_is_chosen_from_those_there_are() {
    let mut window = Window::new();
    window.tell(Event::Voices(vec![VoiceInfo {
        id: "f3".into(),
        name: "Ada".into(),
        language: "en".into(),
        female: Some(true),
    }]));
    window.click("Settings");
    window.get("Voice").scroll_to_me();
    window.harness.run();
    window.click("Voice");
    window.click("Ada (en)");
    let Some(Command::SetVoiceStyle(style)) = window.commands().pop() else {
        panic!("the voice was not told to the session");
    };
    assert_eq!(style.voice.as_deref(), Some("f3"));
    window.get("Pace").scroll_to_me();
    window.harness.run();
    window.get("Pace").set_value_accesskit(1.5);
    window.harness.run();
    let Some(Command::SetVoiceStyle(style)) = window.commands().pop() else {
        panic!("the pace was not told to the session");
    };
    assert_eq!(style.rate, 1.5);
}

#[test]
fn a_talk_key_that_cannot_be_used_is_refused_with_the_reason() {
    let mut window = Window::new();
    window.click("Settings");
    let enter = |window: &mut Window, text: &str| {
        window.get("Talk key in any window").focus();
        window.harness.run();
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.harness.run();
        window.get("Talk key in any window").type_text(text);
        window.harness.run();
        window.press(Key::Enter);
    };
    enter(&mut window, "Blue");
    assert!(window.shows("Blue is no key."));
    enter(&mut window, "Ctrl+Alt+S");
    assert!(!window.shows("Blue is no key."));
    assert_eq!(window.saved().talk.hotkey, "Ctrl+Alt+S");
    assert_eq!(window.asked.borrow().saved.len(), 1, "what was refused is not saved");
}

#[test]
fn settings_that_cannot_be_saved_are_told() {
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
    window.click("Settings");
    window.write("Your name", "a full disk");
    window.press(Key::Enter);
    window.rest();
    assert!(window.shows("The disk is full."));
}

#[test]
fn escape_leaves_a_field_without_changing_anything() {
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
    window.click("Settings");
    window.write("Your name", "Ada");
    window.press(Key::Escape);
    window.rest();
    assert!(window.asked.borrow().saved.is_empty());
    assert!(window.shows("Close settings"), "the first Escape only leaves the field");
    window.press(Key::Escape);
    assert!(!window.shows("Close settings"));
}

#[test]
fn a_key_is_stored_but_never_shown() {
    let mut settings = Settings::default();
    settings.dialogue.engine = DialogueEngine::Server;
    settings.dialogue.server.base_url = "https://llm.example.org/v1".into();
    settings.dialogue.server.api_key = "old-secret".into();
    let mut window = Window::with(settings, [960.0, 1800.0]);
    assert!(window.shows("Your words go to llm.example.org."));
    window.click("Settings");
    assert!(window.shows("A key is stored. It is never shown."));
    window.write("Or the key itself", "new-secret");
    let tree = format!("{:?}", window.harness);
    assert!(!tree.contains("secret"), "neither the stored nor the typed key is in the tree");
    window.press(Key::Enter);
    assert_eq!(window.saved().dialogue.server.api_key, "new-secret");
    assert!(!format!("{:?}", window.harness).contains("secret"));
    assert_eq!(window.get("Or the key itself").value().as_deref(), Some(""));
    window.click("Forget the key");
    assert_eq!(window.saved().dialogue.server.api_key, "");
}

#[test]
fn a_server_is_set_in_the_settings_and_told_below() {
    let mut window = Window::with(Settings::default(), [960.0, 1800.0]);
    assert!(window.shows("Everything stays on this computer."));
    window.click("Settings");
    window.click("A server");
    window.write("Server address", "http://localhost:11434/v1");
    window.press(Key::Enter);
    assert!(window.shows("Your words go to a server on this computer (localhost:11434)."));
    assert_eq!(window.saved().dialogue.server.base_url, "http://localhost:11434/v1");
}

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
        window.tell_download(DownloadEvent::Offered(offers()));
        window.tell_download(DownloadEvent::Progress {
            id: "ear".into(),
            done_bytes: 1,
            total_bytes: 2,
        });
        check(&format!("{name}, weights"), &mut window);
        window.click("Settings");
        check(&format!("{name}, settings"), &mut window);
    }
}

#[test]
fn everything_that_can_be_operated_has_a_name() {
    for size in [[1280.0, 800.0], [480.0, 640.0]] {
        every_screen(size, |screen, window| {
            let unnamed = window.harness.unnamed_widgets();
            assert!(unnamed.is_empty(), "{screen} at {size:?}: {unnamed:?}");
        });
    }
}

#[test]
fn nothing_in_sight_is_cut_off_sideways() {
    for size in [[1280.0, 800.0], [480.0, 640.0], [376.0, 496.0]] {
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
    for _ in 0..12 {
        window.press(Key::Tab);
        let focused = window.harness.root().children_recursive().find(|node| node.is_focused());
        reached.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    for name in ["Settings", "New conversation", "Hold to talk", "Or write to her"] {
        assert!(reached.iter().any(|label| label == name), "{name} is not among {reached:?}");
    }
}

#[test]
fn an_idle_window_asks_for_no_repaint() {
    let mut window = Window::new();
    window.tell(Event::Conversation(vec![line(0, Speaker::Person, "Hello.")]));
    window.harness.run();
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
