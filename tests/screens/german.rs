//! The window in German, where errors and findings are shown: nothing of it is
//! left in English, whoever found the words.

use crate::window::{Window, notice, offers};
use egui_kittest::kittest::NodeT as _;
use samantha::app::downloads::DownloadEvent;
use samantha::app::errands::ErrandEvent;
use samantha::doctor::{Finding, Part, Verdict};
use samantha::models::PullError;
use samantha::session::Topic;
use samantha::settings::Settings;
use samantha::wording::{self, Sentence, findings, language, setting_rows as row, troubles};

/// Words that no German sentence has.
const ENGLISH: [&str; 14] = [
    "the", "and", "is", "are", "of", "to", "your", "you", "cannot", "with", "from", "it", "she",
    "here",
];

#[track_caller]
fn assert_german(window: &Window) {
    let mut labels = 0;
    for node in window.harness.root().children_recursive() {
        let node = node.accesskit_node();
        for text in node.label().into_iter().chain(node.value()) {
            let mut words = text.split(|c: char| !c.is_alphabetic());
            let english = words.find(|word| ENGLISH.contains(&word.to_lowercase().as_str()));
            assert_eq!(english, None, "{text:?}");
            labels += 1;
        }
    }
    assert!(labels > 5, "only {labels} labels");
}

#[test]
fn a_model_that_cannot_be_fetched_is_told_in_german() {
    language::speaking("de", || {
        let mut window = Window::new();
        window.tell_download(DownloadEvent::Offered(offers()));
        let reason = PullError::NoSource { id: "ear".into() }.to_string();
        window.tell_download(DownloadEvent::Failed { id: "ear".into(), reason });
        assert!(window.shows_part("ear ist aus keiner Quelle zu bekommen"));
        assert_german(&window);
        window.tell(notice(Topic::Dialogue, &troubles::MODEL_NOT_READY, true));
        assert!(window.shows("Das Sprachmodell ist noch nicht so weit: Frag noch einmal."));
        assert_german(&window);
    });
}

#[test]
fn what_was_checked_is_told_in_german() {
    language::speaking("de", || {
        let mut window = Window::with(Settings::default(), [960.0, 3600.0]);
        window.click(&wording::SETTINGS);
        window.click(&row::CHECKUP.label);
        window.rest();
        window.click(&wording::checkup::CHECK);
        assert_german(&window);
        for part in Part::ALL {
            let text: Sentence = match part {
                Part::Microphone => findings::MICROPHONE_SILENT.filling("device", "Headset"),
                Part::Speaker => findings::NO_SPEAKER.into(),
                Part::Voice => findings::VOICES.filling("count", 12),
                Part::Hearing => troubles::missing_weights("speech").into(),
                Part::Dialogue => findings::SERVER_CLOSED.filling("host", "localhost"),
                Part::LanguageModelProgram => findings::PROGRAM_NOT_NEEDED.into(),
                Part::Memory => findings::MEMORY_DAMAGED.into(),
                Part::Display => findings::DISPLAY_ANSWERS.filling("display", ":0"),
                Part::Hotkey => findings::KEY_TAKEN.filling("key", "Ctrl+Shift+Space"),
            };
            let verdict = Verdict::Fails;
            window.tell_errand(ErrandEvent::Found(Finding { part, verdict, text }));
        }
        window.tell_errand(ErrandEvent::CheckedUp);
        assert!(window.shows_part("Lautsprecher, nicht da: Es wurde kein Lautsprecher gefunden"));
        assert_german(&window);
    });
}
