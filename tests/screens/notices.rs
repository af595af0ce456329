//! What does not work is told where it happens, with the one button that helps.

use crate::window::{Window, notice, offers};
use samantha::app::downloads::{DownloadCommand, DownloadEvent};
use samantha::app::errands::{Errand, ErrandEvent};
use samantha::session::{Command, Event, Notice, Topic};
use samantha::settings::{DialogueEngine, Settings};
use samantha::turn::Attention;

#[test]
fn the_button_leads_to_the_setting_that_helps() {
    for (topic, button, setting) in [
        (Topic::Microphone, "Choose a microphone", "Microphone"),
        (Topic::Hotkey, "Choose another key", "Talk key in any window"),
        (Topic::Voice, "Choose a voice", "The system's voice"),
        (Topic::Hearing, "Choose a model", "Model that hears you"),
        (Topic::Dialogue, "Choose a model", "Model that answers"),
    ] {
        for size in [[1280.0, 800.0], [480.0, 640.0]] {
            let mut window = Window::with(Settings::default(), size);
            window.tell(notice(topic, "Something is wrong.", true));
            window.enter_on(button);
            window.rest();
            assert_eq!(window.focused().as_deref(), Some(setting), "{topic:?} at {size:?}");
            let rect = window.get("Close settings").rect();
            assert!(rect.top() >= 0.0, "the settings are open at {size:?}");
        }
    }
}

#[test]
fn what_is_missing_is_fetched_from_where_its_lack_is_told() {
    let mut window = Window::new();
    window.tell_download(DownloadEvent::Offered(offers()));
    window.click("Later");
    window.tell(notice(Topic::Hearing, "The weights are missing.", true));
    window.click("Download Whisper tiny");
    assert_eq!(window.asked.borrow().downloads, [DownloadCommand::Start("ear".into())]);
}

#[test]
fn a_server_that_does_not_answer_is_tried_where_it_is_set() {
    let mut settings = Settings::default();
    settings.dialogue.engine = DialogueEngine::Server;
    let mut window = Window::with(settings, [1280.0, 800.0]);
    window.tell(notice(Topic::Dialogue, "The server cannot be reached.", false));
    window.click("Test the server");
    assert_eq!(window.asked.borrow().errands, [Errand::TestServer]);
    window.rest();
    assert!(window.shows("Test it: the server"));
}

#[test]
fn who_talks_to_a_muted_microphone_can_open_it_at_once() {
    let mut window = Window::new();
    window.tell(Event::Attention(Attention::Muted));
    window.tell(notice(Topic::Microphone, "My microphone is muted.", false));
    window.commands();
    window.click("Unmute");
    assert_eq!(window.commands(), [Command::SetMuted(false)]);
}

#[test]
fn details_stand_behind_the_sentence() {
    let mut window = Window::new();
    let details = Some("line 3: expected a value.".to_owned());
    let text = "Your settings could not be understood.";
    window.tell(Event::Notice(Notice { details, ..Notice::new(Topic::Settings, text, false) }));
    assert!(window.shows(text) && !window.shows("line 3: expected a value."));
    window.enter_on("Details");
    window.rest();
    assert!(window.shows("line 3: expected a value."));
}

#[test]
fn a_settings_file_that_was_set_aside_is_shown_where_it_lies() {
    let file = std::path::PathBuf::from("/home/ana/.config/samantha/settings.toml.1");
    let mut window = Window::new();
    let text = "Your settings could not be understood.";
    let told = Notice { file: Some(file.clone()), ..Notice::new(Topic::Settings, text, false) };
    window.tell(Event::Notice(told));
    window.enter_on("Show the file");
    assert_eq!(window.asked.borrow().errands, [Errand::ShowFile(file.clone())]);
    window.tell_errand(ErrandEvent::FileNotShown(file));
    assert!(window.shows_part("/home/ana/.config/samantha/settings.toml.1"), "to be pasted");
}
