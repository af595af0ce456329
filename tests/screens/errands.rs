//! What the window has done beside the conversation: a server tried, a model
//! measured or removed, everything checked.

use crate::window::{Window, offer, presence};
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::app::errands::{Errand, ErrandEvent};
use samantha::dialogue::server::TestReport;
use samantha::doctor::{Finding, Part, Verdict};
use samantha::models::Speeds;
use samantha::session::Presence;
use samantha::settings::{DialogueEngine, Settings};

fn with_server() -> Settings {
    let mut settings = Settings::default();
    settings.dialogue.engine = DialogueEngine::Server;
    settings.dialogue.server.base_url = "http://localhost:11434/v1".into();
    settings.dialogue.server.model = "tiny".into();
    settings
}

fn tall(settings: Settings) -> Window {
    let mut window = Window::with(settings, [960.0, 3600.0]);
    window.click("Settings");
    window
}

fn report(works: bool, text: &str) -> TestReport {
    TestReport { works, text: text.into(), details: "401 Unauthorized".into() }
}

#[test]
fn a_server_is_tried_and_what_happened_is_told() {
    let mut window = tall(with_server());
    window.click("Test it: the server");
    assert_eq!(window.asked.borrow().errands, [Errand::TestServer]);
    let button = window.get("Test it: the server");
    assert!(button.accesskit_node().is_disabled(), "it is being tried");
    let _ = button;
    let server = with_server().dialogue.server;
    let done = report(false, "It does not accept the key.");
    window.tell_errand(ErrandEvent::ServerTested(server.clone(), done));
    assert_eq!(window.get("It does not accept the key.").accesskit_node().role(), Role::Alert);
    assert!(!window.shows("401 Unauthorized"), "that is behind it");
    window.click("Details");
    assert!(window.shows("401 Unauthorized"));

    window.click("Test it: the server");
    window.tell_errand(ErrandEvent::ServerTested(server, report(true, "It works.")));
    assert_eq!(window.get("It works.").accesskit_node().role(), Role::Status);
    window.write("Model on the server", "other");
    window.press(eframe::egui::Key::Enter);
    assert!(!window.shows("It works."), "that was another one");
}

#[test]
fn who_has_no_luck_with_a_server_is_led_back_to_this_computer() {
    let mut window = tall(with_server());
    window.click("Test it: the server");
    let server = with_server().dialogue.server;
    window.tell_errand(ErrandEvent::ServerTested(server, report(false, "It is not there.")));
    window.click("Answer on this computer instead");
    assert_eq!(window.saved().dialogue.engine, DialogueEngine::Local);
}

fn models() -> DownloadEvent {
    let here = |weight| Offer { installed: true, needed: false, ..weight };
    DownloadEvent::Offered(vec![
        here(offer("ear", "Whisper tiny", Purpose::Hearing)),
        here(offer("mind", "Small model", Purpose::Dialogue)),
    ])
}

fn with_models() -> Window {
    let mut window = Window::with(Settings::default(), [960.0, 3600.0]);
    window.tell_download(models());
    window.click("Settings");
    window.click("Models");
    window.rest();
    window
}

#[test]
fn a_language_model_is_measured_on_this_computer() {
    let mut window = with_models();
    assert!(!window.shows("Measure: Whisper tiny"), "that does not write");
    window.click("Measure: Small model");
    assert_eq!(window.asked.borrow().errands, [Errand::Measure("mind".into())]);
    assert!(window.get("Measuring …: Small model").accesskit_node().is_disabled());
    let mut speeds = Speeds::default();
    speeds.set("mind", 27.4);
    window.tell_errand(ErrandEvent::Speeds(speeds));
    window.tell_errand(ErrandEvent::Measured("mind".into(), None));
    assert!(window.shows("Writes 27 words a second here."));
    assert!(window.shows("Measure: Small model"));
}

#[test]
fn measuring_gives_way_to_the_conversation() {
    let mut window = with_models();
    window.click("Measure: Small model");
    window.tell(presence(Presence::Listening));
    let asked = [Errand::Measure("mind".into()), Errand::StopMeasuring];
    assert_eq!(window.asked.borrow().errands, asked);
    assert!(
        window.get("Measure: Small model").accesskit_node().is_disabled(),
        "not while she listens"
    );
    window.tell(presence(Presence::Idle));
    assert!(!window.get("Measure: Small model").accesskit_node().is_disabled());
}

#[test]
fn a_model_is_removed_after_asking_back() {
    let mut window = with_models();
    window.click("Remove: Small model");
    assert!(window.shows("Remove it and free 75.5 MB? It can be fetched again."));
    window.click("Keep it: Small model");
    assert!(window.asked.borrow().downloads.is_empty());
    window.click("Remove: Small model");
    window.click("Yes, remove it: Small model");
    let removed = [DownloadCommand::Remove("mind".into())];
    assert_eq!(window.asked.borrow().downloads, removed);
}

#[test]
fn everything_is_checked_and_told_part_by_part() {
    let mut window = tall(Settings::default());
    window.click("Is everything all right?");
    window.rest();
    window.click("Check now");
    assert_eq!(window.asked.borrow().errands, [Errand::CheckUp]);
    assert!(window.shows("Checking: Microphone …"));
    for part in Part::ALL {
        let is_deaf = part == Part::Microphone;
        let (verdict, text) = match is_deaf {
            true => (Verdict::Fails, "Plug one in."),
            false => (Verdict::Works, "Fine."),
        };
        window.tell_errand(ErrandEvent::Found(Finding { part, verdict, text: text.into() }));
    }
    window.tell_errand(ErrandEvent::CheckedUp);
    assert!(window.shows("Microphone, does not work: Plug one in."));
    assert!(window.shows("Voice, works: Fine."));
    assert!(window.shows("To talk with her, first see to what does not work."));
    assert!(window.harness.query_by_label("Copy report").is_some());
    window.click("Check again");
    assert!(!window.shows("Voice, works: Fine."), "it begins anew");
}

/// The settings after a check in which these parts failed.
fn checked(settings: Settings, failing: &[Part]) -> Window {
    let mut window = tall(settings);
    window.click("Is everything all right?");
    window.rest();
    window.click("Check now");
    for part in Part::ALL {
        let verdict = if failing.contains(&part) { Verdict::Fails } else { Verdict::Works };
        window.tell_errand(ErrandEvent::Found(Finding { part, verdict, text: "So it is.".into() }));
    }
    window.tell_errand(ErrandEvent::CheckedUp);
    window.asked.borrow_mut().errands.clear();
    window
}

#[test]
fn what_was_found_has_the_one_button_that_helps() {
    for (part, button, setting) in [
        (Part::Microphone, "Choose a microphone: Microphone", "Microphone"),
        (Part::Hotkey, "Choose another key: Talk key", "Talk key in any window"),
        (Part::Voice, "Choose a voice: Voice", "The system's voice"),
        (Part::Hearing, "Choose a model: Speech to text", "Model that hears you"),
        (Part::Dialogue, "Choose a model: Answers", "Model that answers"),
    ] {
        let mut window = checked(Settings::default(), &[part]);
        window.get(button).focus();
        window.harness.run();
        window.press(eframe::egui::Key::Enter);
        window.rest();
        assert_eq!(window.focused().as_deref(), Some(setting), "{part:?}");
    }
}

#[test]
fn what_is_missing_is_fetched_from_where_it_was_found_missing() {
    let mut window = checked(Settings::default(), &[Part::Hearing]);
    let missing = DownloadEvent::Offered(vec![offer("ear", "Whisper tiny", Purpose::Hearing)]);
    window.tell_download(missing);
    window.click("Download Whisper tiny: Speech to text");
    assert_eq!(window.asked.borrow().downloads, [DownloadCommand::Start("ear".into())]);
    assert!(!window.shows("Download Whisper tiny: Speech to text"), "it is on its way");
}

#[test]
fn what_is_put_right_elsewhere_is_tried_again_by_itself() {
    let mut window = checked(Settings::default(), &[Part::Speaker]);
    window.click("Try again: Speaker");
    assert_eq!(window.asked.borrow().errands, [Errand::Check(Part::Speaker)]);
    assert!(window.shows("Checking: Speaker …"));
    let finding = Finding { part: Part::Speaker, verdict: Verdict::Works, text: "Fine.".into() };
    window.tell_errand(ErrandEvent::Found(finding));
    window.tell_errand(ErrandEvent::CheckedUp);
    assert!(window.shows("Speaker, works: Fine."));
    assert!(!window.shows("Try again: Speaker"));
}

#[test]
fn a_server_that_was_found_silent_is_tried_where_it_is_set() {
    let mut window = checked(with_server(), &[Part::Dialogue]);
    window.get("Test the server: Answers").click();
    window.rest();
    assert_eq!(window.asked.borrow().errands, [Errand::TestServer]);
}
