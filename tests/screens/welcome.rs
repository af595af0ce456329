//! The first run: by keyboard alone, skipped, repeated, and each of its steps.

use crate::everywhere::TINY;
use crate::window::{Window, offer};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use samantha::app::Update;
use samantha::app::audition::Audition;
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::audio::trial::{Trial, TrialCommand, TrialPhase};
use samantha::session::{Command, Event, Presence, Topic};
use samantha::settings::{Settings, TalkMode, VoiceEngine};

const TITLES: [&str; 8] = [
    "Hello. I am Samantha.",
    "What is said here stays here",
    "What may I call you?",
    "What I need",
    "Can I hear you?",
    "How shall I sound?",
    "One key to talk",
    "That is all.",
];

/// Two that are needed, one that helps, and one that only the settings offer.
fn offers() -> Vec<Offer> {
    let optional =
        |id: &str, name: &str, purpose| Offer { needed: false, ..offer(id, name, purpose) };
    vec![
        offer("ear", "Whisper tiny", Purpose::Hearing),
        offer("mind", "Small model", Purpose::Dialogue),
        optional("hibari", "Hibari", Purpose::Speaking),
        optional("large", "Large model", Purpose::Dialogue),
    ]
}

/// A person whom nobody has welcomed, in front of this step.
fn welcomed_to(step: usize) -> Window {
    sized(step, [960.0, 760.0])
}

fn sized(step: usize, size: [f32; 2]) -> Window {
    opened_at(step, Settings::default(), size)
}

/// In front of this step, with these settings and at this size.
pub fn opened_at(step: usize, settings: Settings, size: [f32; 2]) -> Window {
    let mut window = Window::open(settings, size);
    window.tell_download(DownloadEvent::Offered(offers()));
    for _ in 1..step {
        window.press(Key::Enter);
    }
    assert!(window.shows(TITLES[step - 1]), "not at step {step}");
    window
}

fn start(id: &str) -> DownloadCommand {
    DownloadCommand::Start(id.into())
}

pub fn progress(id: &str, done_bytes: u64) -> DownloadEvent {
    DownloadEvent::Progress { id: id.into(), done_bytes, total_bytes: 75_500_000 }
}

fn finished(id: &str) -> DownloadEvent {
    DownloadEvent::Finished { id: id.into() }
}

#[test]
fn whoever_only_presses_enter_sees_each_step_and_ends_in_the_conversation() {
    let mut window = welcomed_to(1);
    for (at, title) in TITLES.iter().enumerate() {
        let heading = window.get(title);
        assert_eq!(heading.accesskit_node().role(), Role::Heading);
        let announced = format!("Step {} of 8: {title}", at + 1);
        assert_eq!(window.get(&announced).accesskit_node().role(), Role::Status);
        window.press(Key::Enter);
    }
    assert_eq!(window.asked.borrow().downloads, [start("ear"), start("mind")]);
    assert!(window.shows("Hold to talk"), "the conversation is there");
    assert!(window.shows("Before we can talk"), "and what is on its way");
    for id in ["ear", "mind"] {
        window.tell_download(finished(id));
    }
    window.awake();
    assert!(window.shows("Hello. I am here."));
    let saved = window.saved();
    assert!(saved.window.welcomed);
    let usual = Settings::default();
    assert_eq!((saved.talk, saved.voice, saved.person), (usual.talk, usual.voice, usual.person));
}

#[test]
fn it_can_be_skipped_from_every_step_and_does_not_come_again() {
    for step in 1..=8 {
        let mut window = welcomed_to(step);
        window.enter_on("Skip the welcome");
        assert!(window.shows("Hold to talk"), "step {step}");
        assert!(window.saved().window.welcomed);
    }
    let window = Window::with(Settings::default(), [960.0, 760.0]);
    assert!(!window.shows(TITLES[0]));
}

#[test]
fn back_leads_back_and_what_was_entered_stays() {
    let mut window = welcomed_to(3);
    window.type_text("Ada");
    window.press(Key::Enter);
    assert!(window.shows(TITLES[3]), "Enter leads on from the field");
    assert_eq!(window.saved().person.name, "Ada");
    window.enter_on("Back");
    assert!(window.shows(TITLES[2]));
    assert_eq!(window.get("Your name").value().as_deref(), Some("Ada"));
    window.enter_on("Back");
    window.enter_on("Back");
    assert!(window.shows(TITLES[0]) && !window.shows("Back"), "nothing is before the first");
}

#[test]
fn it_is_shown_again_from_the_settings() {
    let mut window = Window::with(Settings::default(), [960.0, 3000.0]);
    window.tell_download(DownloadEvent::Offered(
        offers()
            .into_iter()
            .map(|offer| Offer { installed: true, needed: false, ..offer })
            .collect(),
    ));
    window.click("Settings");
    window.click("Show the welcome again");
    for title in TITLES {
        assert!(window.shows(title), "{title}");
        window.press(Key::Enter);
    }
    assert!(window.asked.borrow().downloads.is_empty(), "all of it is here");
    assert!(window.shows("Hold to talk") && !window.shows("Close settings"));
}

#[test]
fn what_fits_is_ticked_and_the_rest_is_a_choice() {
    let mut window = welcomed_to(4);
    assert!(window.shows("151 MB altogether. You can go on while they arrive."));
    assert!(!window.shows_part("Large model"), "that is a matter for the settings");
    window.click("A voice of my own: Hibari, 75.5 MB");
    assert!(window.shows_part("226 MB altogether"));
    window.click("To answer you: Small model, 75.5 MB");
    assert!(window.shows_part("we cannot talk yet"), "it says what that means");
    window.click("Download");
    assert_eq!(window.asked.borrow().downloads, [start("ear"), start("hibari")]);
}

#[test]
fn who_wants_nothing_fetched_goes_on_without() {
    let mut window = welcomed_to(4);
    window.click("To hear you: Whisper tiny, 75.5 MB");
    window.click("To answer you: Small model, 75.5 MB");
    window.click("Next");
    assert!(window.asked.borrow().downloads.is_empty());
    for _ in 5..8 {
        window.press(Key::Enter);
    }
    assert!(window.shows("Fetch my models whenever you like; then we can talk."));
}

#[test]
fn fetching_goes_on_over_the_steps_and_can_be_paused() {
    let mut window = welcomed_to(4);
    window.press(Key::Enter);
    window.tell_download(progress("ear", 75_500_000));
    window.tell_download(finished("ear"));
    window.tell_download(progress("mind", 20_000_000));
    assert!(window.shows(TITLES[4]) && window.shows("Fetching my models: 95.5 MB of 151 MB"));
    window.asked.borrow_mut().downloads.clear();

    window.enter_on("Pause");
    let cancel = DownloadCommand::Cancel("mind".into());
    assert_eq!(window.asked.borrow().downloads, [cancel]);
    window.tell_download(DownloadEvent::Cancelled { id: "mind".into() });
    assert!(window.shows("Paused at 95.5 MB of 151 MB"), "what is there is kept");
    window.click("Back");
    window.click("Next");
    assert_eq!(window.asked.borrow().downloads.len(), 1, "paused is paused");

    window.enter_on("Go on");
    assert_eq!(window.asked.borrow().downloads.last(), Some(&start("mind")));
    let reason = "The network is down.".to_owned();
    window.tell_download(DownloadEvent::Failed { id: "mind".into(), reason });
    assert_eq!(window.get("The network is down.").accesskit_node().role(), Role::Alert);
    window.click("Back");
    assert!(window.shows("Could not be fetched"));
    window.click("Try again");
    window.tell_download(finished("mind"));
    assert!(window.shows("Everything I need is here already."));
    assert!(!window.shows("Pause") && !window.shows("Go on"));
}

#[test]
fn the_microphone_is_open_only_while_it_is_tried() {
    let mut window = welcomed_to(5);
    let listen = |name: &str| TrialCommand::Listen(name.into());
    assert_eq!(window.asked.borrow().trials, [listen("")]);
    window.click("Microphone");
    window.click("Headset");
    assert_eq!(window.asked.borrow().trials.last(), Some(&listen("Headset")));

    let tell = |window: &mut Window, trial: Trial| {
        window.sender.send(Update::Trial(trial));
        window.harness.run();
    };
    let live = Trial { phase: TrialPhase::Live, level: 0.05, ..Trial::default() };
    tell(&mut window, live.clone());
    let level = window.get("Microphone level").accesskit_node().numeric_value();
    assert!(level.is_some_and(|level| level > 0.3), "{level:?}");
    window.enter_on("Record three seconds");
    assert_eq!(window.asked.borrow().trials.last(), Some(&TrialCommand::Record));
    tell(&mut window, Trial { phase: TrialPhase::Playing, ..live.clone() });
    assert!(window.get("Playing it back…").accesskit_node().is_disabled());
    tell(&mut window, Trial { heard: Some(false), ..live.clone() });
    let hint = window.harness.get_by_label_contains("I heard nothing.");
    assert_eq!(hint.accesskit_node().role(), Role::Alert);
    tell(&mut window, Trial { heard: Some(true), ..live });
    assert!(window.shows("I heard you."));

    window.click("Next");
    assert_eq!(window.asked.borrow().trials.last(), Some(&TrialCommand::Stop));
    assert_eq!(window.saved().microphone.device, "Headset");
}

#[test]
fn who_talks_to_a_microphone_that_is_tried_does_not_talk_to_her() {
    let mut settings = Settings::default();
    settings.listening.hands_free = true;
    let mut window = Window::open(settings, [960.0, 760.0]);
    for _ in 1..5 {
        window.press(Key::Enter);
    }
    let told = |window: &Window| match window.commands().pop() {
        Some(Command::SetListening(listening)) => listening.hands_free,
        other => panic!("{other:?}"),
    };
    assert!(!told(&window));
    window.press(Key::Enter);
    assert!(told(&window), "afterwards she listens as she did");
    window.rest();
    assert!(window.asked.borrow().saved.is_empty(), "nothing of that is her usual way");
}

#[test]
fn both_voices_are_heard_and_one_is_chosen_or_none() {
    let mut window = welcomed_to(6);
    assert!(window.shows("Not fetched yet"));
    window.tell_download(finished("hibari"));
    window.click("Hear it: The computer's voice");
    window.click("Hear it: A voice of my own, in English");
    let heard = std::mem::take(&mut window.asked.borrow_mut().auditions);
    assert_eq!(heard, [Some(VoiceEngine::System), Some(VoiceEngine::Own)]);
    window.click("A voice of my own, in English");
    assert_eq!(window.saved().voice.engine, VoiceEngine::Own);

    window.sender.send(Update::Audition(Audition::Speaking(VoiceEngine::Own)));
    window.harness.run();
    window.click("Next");
    assert_eq!(window.asked.borrow().auditions, [None], "it falls silent with the step");
    window.click("Back");
    window.click("None: I would rather read");
    assert!(!window.saved().voice.enabled);
}

#[test]
fn the_talk_key_is_set_by_pressing_it() {
    let mut window = welcomed_to(7);
    window.enter_on("Choose another key");
    assert!(window.shows("Press the keys together…"));
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::K);
    window.harness.run();
    assert_eq!(window.get("Ctrl+K is no key.").accesskit_node().role(), Role::Alert);
    assert!(window.shows("Ctrl+Shift+Space"), "the old one is kept");

    window.click("Choose another key");
    window.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::ALT, Key::S);
    window.harness.run();
    assert!(window.shows("Ctrl+Alt+S") && !window.shows_part("is no key"));
    assert_eq!(window.focused().as_deref(), Some("Next"), "Enter leads on from here");
    window.click("Press to begin, press to end");
    let saved = window.saved();
    assert_eq!((saved.talk.hotkey.as_str(), saved.talk.mode), ("Ctrl+Alt+S", TalkMode::Toggle));
}

#[test]
fn escape_and_tab_are_taken_like_any_key_while_one_is_awaited() {
    let mut window = welcomed_to(7);
    window.click("Choose another key");
    window.press(Key::Escape);
    assert!(window.shows("Ctrl+Shift+Space") && window.shows("Choose another key"));
    window.click("Choose another key");
    window.press(Key::Tab);
    assert!(window.shows("Tab is no key."));
    window.rest();
    assert!(window.asked.borrow().saved.is_empty());
}

#[test]
fn a_key_that_is_tried_is_noticed_and_nothing_comes_of_it() {
    let mut window = welcomed_to(7);
    window.commands();
    window.tell(Event::Presence { turn: None, presence: Presence::Listening });
    assert_eq!(window.commands(), [Command::Cancel]);
    assert!(window.shows("I noticed the key: it works."));
    let taken = "Another program uses this key.";
    window.tell(crate::window::notice(Topic::Hotkey, taken, false));
    assert!(window.shows(taken));
}

#[test]
fn keys_of_the_conversation_do_nothing_there() {
    let mut window = welcomed_to(1);
    window.commands();
    window.press(Key::M);
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::M);
    window.harness.run();
    window.press(Key::Escape);
    assert!(window.commands().is_empty());
    window.press(Key::Space);
    assert!(window.commands().is_empty() && window.shows(TITLES[1]), "space presses the button");
}

#[test]
fn everything_has_a_name_and_fits_at_every_size() {
    for size in [[1280.0, 800.0], [480.0, 640.0], [376.0, 496.0], TINY] {
        for step in 1..=8 {
            let mut window = sized(step, size);
            window.tell_download(progress("ear", 40_000_000));
            let unnamed = window.harness.unnamed_widgets();
            assert!(unnamed.is_empty(), "step {step} at {size:?}: {unnamed:?}");
            for node in window.harness.root().children_recursive() {
                let role = node.accesskit_node().role();
                let is_seen = matches!(
                    role,
                    Role::Button | Role::Label | Role::Status | Role::Heading | Role::Alert
                );
                if is_seen && !node.accesskit_node().is_hidden() {
                    let rect = node.rect();
                    let fits = rect.left() >= 0.0 && rect.right() <= size[0];
                    assert!(fits, "step {step} at {size:?}: {node:?} at {rect:?}");
                }
            }
        }
    }
}

#[test]
fn every_control_is_reached_by_the_tabulator() {
    for (step, controls) in [
        (4, &["To hear you: Whisper tiny, 75.5 MB", "Back", "Download", "Skip the welcome"][..]),
        (5, &["Microphone", "Back", "Next"]),
        (6, &["The computer's voice", "None: I would rather read"]),
        (7, &["Choose another key", "Hold it while you talk"]),
    ] {
        let mut window = welcomed_to(step);
        for control in controls {
            window.tab_to(control);
        }
    }
}
