//! Each screen as a picture, in light, in dark and in high contrast, compared
//! with how it looked when somebody looked at it last. After a wanted change:
//! `UPDATE_SNAPSHOTS=1 cargo test --release --test screens -- pictures`.

use crate::everywhere::TINY;
use crate::listening::answer_twice;
use crate::welcome::{opened_at, progress};
use crate::window::{Window, line, notice, offers, partial, presence, still};
use crate::{letters, memory, small};
use eframe::egui::{Context, Key, Modifiers, Theme};
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use samantha::app::Update;
use samantha::app::downloads::DownloadEvent;
use samantha::app::errands::ErrandEvent;
use samantha::audio::EchoGuard;
use samantha::audio::trial::{Trial, TrialPhase};
use samantha::dialogue::server::TestReport;
use samantha::doctor::{Finding, Part, Verdict};
use samantha::session::{Event, Line, Notice, Presence, Speaker, Topic};
use samantha::settings::{DialogueEngine, Settings};
use samantha::turn::{Attention, TurnId};
use samantha::ui::theme;

pub const SIZE: [f32; 2] = [480.0, 640.0];
const LOOKS: [(&str, Theme, bool); 4] = [
    ("light", Theme::Light, false),
    ("dark", Theme::Dark, false),
    ("black_on_white", Theme::Light, true),
    ("white_on_black", Theme::Dark, true),
];

/// The pictures that differ; complains of them when it goes.
pub struct Album(SnapshotResults);

impl Album {
    pub fn new() -> Self {
        Self(SnapshotResults::new())
    }

    /// The window as it is once it has settled, in every look.
    pub fn take(&mut self, name: &str, window: &mut Window) {
        window.rest();
        self.take_any(name, &mut window.harness);
    }

    pub fn take_any<S>(&mut self, name: &str, harness: &mut Harness<'_, S>) {
        let options = SnapshotOptions::new().output_path("tests/screens/snapshots");
        for (look, shown, high_contrast) in LOOKS {
            dress(&harness.ctx, shown, high_contrast);
            harness.run_steps(2);
            self.0.add(harness.try_snapshot_options(format!("{name}_{look}"), &options));
        }
        dress(&harness.ctx, Theme::Light, false);
    }

    /// Takes the screens of a walk that have a name.
    fn take_named<'a>(
        &'a mut self,
        named: &'a [(&str, &str)],
    ) -> impl FnMut(&str, &mut Window) + 'a {
        |screen, window| {
            if let Some((_, name)) = named.iter().find(|(begins, _)| screen.starts_with(begins)) {
                self.take(name, window);
            }
        }
    }
}

fn dress(ctx: &Context, shown: Theme, high_contrast: bool) {
    ctx.set_theme(shown);
    theme::apply(ctx, high_contrast);
}

/// With something to read.
fn talking(settings: Settings) -> Window {
    talking_at(settings, SIZE)
}

fn talking_at(settings: Settings, size: [f32; 2]) -> Window {
    let mut window = Window::with(settings, size);
    window.awake();
    window.tell(Event::Capturing(true));
    window.tell(Event::Conversation(vec![
        line(0, Speaker::Person, "How was the sea this morning?"),
        line(0, Speaker::Samantha, "I have no window to look out of. What kept you awake?"),
    ]));
    window
}

#[test]
fn the_conversation_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = Window::with(still(), SIZE);
    album.take("waking", &mut window);
    window.awake();
    album.take("empty", &mut window);
    let mut window = talking(still());
    window.tell(presence(Presence::Listening));
    window.tell(partial("I went down to the harbour and"));
    album.take("listening", &mut window);
    window.tell(Event::Said(line(1, Speaker::Person, "I went down to the harbour and back.")));
    window.tell(presence(Presence::Thinking));
    album.take("thinking", &mut window);
    window.tell(presence(Presence::Speaking));
    let all = "Then you saw the boats leave. Which one would you have taken?";
    window.tell(Event::Reply { turn: TurnId(1), text: all.into() });
    album.take("speaking", &mut window);
    let heard = line(1, Speaker::Samantha, "Then you saw the boats leave.");
    window.tell(Event::Replied(Line { interrupted: true, ..heard }));
    window.tell(presence(Presence::Idle));
    album.take("interrupted", &mut window);
}

#[test]
fn how_closely_she_listens_looks_as_it_did() {
    let mut album = Album::new();
    let mut settings = still();
    settings.listening.hands_free = true;
    for (name, attention, guard) in [
        ("hands_free", Attention::Open, EchoGuard::Cancelled),
        ("half_duplex", Attention::Open, EchoGuard::HalfDuplex),
        ("by_name", Attention::Name, EchoGuard::Cancelled),
        ("resting", Attention::Resting, EchoGuard::Cancelled),
    ] {
        let mut window = talking(settings.clone());
        window.tell(Event::Attention(attention));
        window.tell(Event::Capturing(attention.captures()));
        window.tell(Event::EchoGuard(guard));
        album.take(name, &mut window);
    }
    let mut window = talking(still());
    window.tell(notice(Topic::Hotkey, "Another program already uses the talk key.", false));
    window.tell(Event::Attention(Attention::Muted));
    window.tell(Event::Capturing(false));
    album.take("muted", &mut window);
}

#[test]
fn what_does_not_work_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = talking(still());
    let text = "The language model stopped twice: choose a smaller one, or try again.";
    let details = Some("signal: 9 (SIGKILL) after 812 tokens".into());
    window.tell(Event::Notice(Notice { details, ..Notice::new(Topic::Dialogue, text, true) }));
    window.tell(notice(Topic::Voice, "The system's voice is silent: replies are shown.", false));
    album.take("notices", &mut window);
    window.click("Details");
    album.take("notices_details", &mut window);
    let mut window = Window::with(still(), SIZE);
    let unplugged = "No microphone was found: plug one in, or write to me.";
    window.tell(notice(Topic::Microphone, unplugged, true));
    window.tell(Event::Capturing(false));
    album.take("no_microphone", &mut window);
}

#[test]
fn the_settings_look_as_they_did() {
    let mut album = Album::new();
    let mut window = Window::with(still(), SIZE);
    window.tell_download(DownloadEvent::Offered(offers()));
    album.take("models", &mut window);
    window.tell_download(progress("ear", 40_000_000));
    let reason = "There is no connection: try again when there is one.".into();
    window.tell_download(DownloadEvent::Failed { id: "mind".into(), reason });
    album.take("fetching", &mut window);
    window.click("Settings");
    album.take("settings", &mut window);
    window.write("Search the settings", "voice");
    album.take("settings_search", &mut window);
}

#[test]
fn what_is_measured_and_tried_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = talking(still());
    answer_twice(&mut window);
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::L);
    album.take("latency", &mut window);

    let mut settings = still();
    settings.dialogue.engine = DialogueEngine::Server;
    settings.dialogue.server.base_url = "http://localhost:11434/v1".into();
    let server = settings.dialogue.server.clone();
    let mut window = Window::with(settings, SIZE);
    window.tell(notice(Topic::Dialogue, "The server cannot be reached.", false));
    window.click("Test the server");
    let text = "Nothing answers at this address: start the server, or correct the address.";
    let report = TestReport { works: false, text: text.into(), details: "refused".into() };
    window.tell_errand(ErrandEvent::ServerTested(server, report));
    album.take("server_test", &mut window);
}

#[test]
fn checking_everything_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = talking(still());
    let broken = Some("ALSA: no such device".into());
    let text = "The microphone stopped: plug it in again.";
    let notice = Notice { details: broken, ..Notice::new(Topic::Microphone, text, true) };
    window.tell(Event::Notice(notice));
    window.click("Details");
    window.click("Check everything");
    let found = |part: Part| match part {
        Part::Microphone => (Verdict::Fails, "\"Headset\" stopped giving sound: plug it in again."),
        Part::Voice => (Verdict::Doubtful, "Her voice is switched off in the settings."),
        Part::Hotkey => (Verdict::Fails, "Another program owns it: choose another talk key."),
        _ => (Verdict::Works, "Fine."),
    };
    for part in Part::ALL {
        if part == Part::Dialogue {
            album.take("checking", &mut window);
        }
        let (verdict, text) = found(part);
        window.tell_errand(ErrandEvent::Found(Finding { part, verdict, text: text.into() }));
    }
    window.tell_errand(ErrandEvent::CheckedUp);
    album.take("checked", &mut window);
}

#[test]
fn the_first_run_looks_as_it_did() {
    let mut album = Album::new();
    let names = ["", "_privacy", "_name", "_models", "_microphone", "_voice", "_key", "_ready"];
    for (step, name) in (1..).zip(names) {
        let mut window = opened_at(step, still(), SIZE);
        if name == "_microphone" {
            window.tell_download(progress("ear", 40_000_000));
            let heard = Some(false);
            let trial = Trial { phase: TrialPhase::Live, level: 0.05, heard, ..Trial::default() };
            window.sender.send(Update::Trial(trial));
        }
        album.take(&format!("welcome{name}"), &mut window);
    }
}

#[test]
fn memory_looks_as_it_did() {
    let mut album = Album::new();
    let named = [
        ("helped", "memory_helped"),
        ("locked", "memory_locked"),
        ("key lost", "memory_key_lost"),
        ("keychain", "memory_keychain"),
        ("unkept", "memory_unkept"),
        ("some", "memory"),
        ("Your words", "memory_source"),
        ("Edit", "memory_edit"),
        ("Forget: ", "memory_forget"),
        ("Keep the key", "memory_keeper"),
        ("Forget everything", "memory_forget_everything"),
        ("recovery words", "memory_words"),
    ];
    memory::every_page(SIZE, album.take_named(&named));
}

#[test]
fn letters_look_as_they_did() {
    let mut album = Album::new();
    let named = [
        ("letters, empty", "letters_empty"),
        ("letters, days", "letters"),
        ("letters, saving", "letters_saving"),
        ("letters, found", "letters_found"),
        ("letters, a day", "letters_day"),
        ("letters, a line", "letters_line"),
        ("letters, forgetting", "letters_forget"),
    ];
    letters::every_page(SIZE, album.take_named(&named));
}

#[test]
fn a_tiny_window_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = talking_at(still(), TINY);
    window.tell(presence(Presence::Thinking));
    album.take("tiny_thinking", &mut window);
    window.tell(presence(Presence::Idle));
    window.tell(notice(Topic::Hotkey, "Another program already uses the talk key.", false));
    album.take("tiny_notice", &mut window);
    album.take("tiny_welcome", &mut opened_at(6, still(), TINY));
    memory::every_page(TINY, album.take_named(&[("Edit", "tiny_memory")]));
}

#[test]
fn the_small_window_looks_as_it_did() {
    let mut album = Album::new();
    let said = || Event::Said(line(1, Speaker::Person, "Which boat would you have taken?"));
    let long = "The smallest one, with the red sail, because nobody asks it where it goes, and it \
                is back before the tide has turned. Then I would tell you of it.";
    let reply = Event::Reply { turn: TurnId(1), text: long.into() };
    for (name, events) in [
        ("listening", vec![presence(Presence::Listening), partial("which boat would")]),
        ("thinking", vec![said(), presence(Presence::Thinking)]),
        ("speaking", vec![said(), presence(Presence::Speaking), reply]),
        ("nothing_heard", vec![Event::NothingHeard { turn: TurnId(1) }]),
    ] {
        album.take_any(&format!("small_{name}"), &mut small::after(events));
    }
}
