//! Weights and settings.

use crate::window::{Window, offer, offers, presence};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use samantha::app::Update;
use samantha::app::audition::Audition;
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::session::{Command, Event, Presence};
use samantha::settings::{DialogueEngine, Settings, TalkMode, VoiceEngine};
use samantha::speech::VoiceInfo;

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
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
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

fn voice_weight(installed: bool) -> DownloadEvent {
    let hibari = offer("hibari", "Hibari", Purpose::Speaking);
    DownloadEvent::Offered(vec![Offer { installed, needed: false, ..hibari }])
}

#[test]
fn both_voices_are_heard_before_one_is_chosen() {
    const HEAR_OWN: &str = "Hear it: A voice of her own, in English";
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
    window.tell_download(voice_weight(true));
    window.click("Settings");
    window.click("Hear it: The system's voice");
    window.click(HEAR_OWN);
    let heard = std::mem::take(&mut window.asked.borrow_mut().auditions);
    assert_eq!(heard, [Some(VoiceEngine::System), Some(VoiceEngine::Own)]);

    window.sender.send(Update::Audition(Audition::Speaking(VoiceEngine::Own)));
    window.harness.run();
    assert!(window.get(HEAR_OWN).accesskit_node().is_disabled(), "it speaks already");
    // Nothing is to be heard while the person talks.
    window.tell(presence(Presence::Listening));
    assert_eq!(window.asked.borrow().auditions, [None]);
    let reason = "There is no loudspeaker.".to_owned();
    window.sender.send(Update::Audition(Audition::Failed(VoiceEngine::Own, reason)));
    window.harness.run();
    assert_eq!(window.get("There is no loudspeaker.").accesskit_node().role(), Role::Alert);

    window.click("A voice of her own, in English");
    assert!(window.shows("Warmth"));
    assert_eq!(window.saved().voice.engine, VoiceEngine::Own);
}

#[test]
fn a_voice_that_is_not_here_is_fetched_where_it_would_be_chosen() {
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
    window.tell_download(voice_weight(false));
    window.click("Settings");
    let download = window.harness.query_all_by_label("Download: Hibari").next();
    download.expect("it can be fetched").click();
    window.harness.run();
    assert_eq!(window.asked.borrow().downloads, [DownloadCommand::Start("hibari".into())]);
}

#[test]
fn the_sounds_of_listening_can_be_switched_off() {
    let mut window = Window::with(Settings::default(), [960.0, 1600.0]);
    window.click("Settings");
    window.click("A soft sound when she begins and ends listening");
    assert_eq!(window.commands(), [Command::SetCues(false)]);
    assert!(!window.saved().voice.cues);
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
