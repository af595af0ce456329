//! Each screen as a picture, in light, in dark and in high contrast, compared
//! with how it looked when somebody looked at it last. After a wanted change:
//! `UPDATE_SNAPSHOTS=1 cargo test --release --test screens -- pictures`.

use crate::window::{Window, line, notice, offers, partial, presence};
use crate::{letters, memory};
use eframe::egui::{Context, Theme};
use egui_kittest::{SnapshotOptions, SnapshotResults};
use jiff::civil::date;
use jiff::tz::TimeZone;
use samantha::app::downloads::DownloadEvent;
use samantha::session::{Event, Line, Presence, Speaker, Topic};
use samantha::settings::{Motion, Settings};
use samantha::turn::Attention;
use samantha::ui::theme;

const SIZE: [f32; 2] = [480.0, 640.0];
const LOOKS: [(&str, Theme, bool); 4] = [
    ("light", Theme::Light, false),
    ("dark", Theme::Dark, false),
    ("black_on_white", Theme::Light, true),
    ("white_on_black", Theme::Dark, true),
];

/// The pictures that differ; complains of them when it goes.
struct Album(SnapshotResults);

impl Album {
    fn new() -> Self {
        Self(SnapshotResults::new())
    }

    /// The window as it is, in every look.
    fn take(&mut self, name: &str, window: &mut Window) {
        let options = SnapshotOptions::new().output_path("tests/screens/snapshots");
        for (look, shown, high_contrast) in LOOKS {
            dress(&window.harness.ctx, shown, high_contrast);
            window.harness.run_steps(2);
            let name = format!("{name}_{look}");
            self.0.add(window.harness.try_snapshot_options(name, &options));
        }
        dress(&window.harness.ctx, Theme::Light, false);
    }
}

fn dress(ctx: &Context, shown: Theme, high_contrast: bool) {
    ctx.set_theme(shown);
    theme::apply(ctx, high_contrast);
}

/// Long ago, at a time that reads the same wherever this runs.
fn at_noon(line: Line) -> Line {
    let noon = date(2024, 11, 3).at(12, 0, 0, 0).to_zoned(TimeZone::system());
    Line { said_at: noon.expect("a noon").timestamp(), ..line }
}

fn still() -> Settings {
    let mut settings = Settings::default();
    settings.window.motion = Motion::Still;
    settings
}

#[test]
fn the_conversation_looks_as_it_did() {
    let mut album = Album::new();
    let mut window = Window::with(still(), SIZE);
    window.awake();
    window.rest();
    album.take("empty", &mut window);
    window.tell(Event::Conversation(vec![
        at_noon(line(0, Speaker::Person, "How was the sea this morning?")),
        at_noon(line(
            0,
            Speaker::Samantha,
            "I have no window to look out of. What kept you awake?",
        )),
    ]));
    window.tell(presence(Presence::Listening));
    window.tell(partial("I went down to the harbour and"));
    window.rest();
    album.take("listening", &mut window);
    window.tell(presence(Presence::Idle));
    window.tell(notice(Topic::Hotkey, "Another program already uses the talk key.", false));
    window.tell(Event::Attention(Attention::Muted));
    window.tell(Event::Capturing(false));
    window.rest();
    album.take("muted", &mut window);
}

#[test]
fn the_settings_look_as_they_did() {
    let mut album = Album::new();
    let mut window = Window::with(still(), SIZE);
    window.tell_download(DownloadEvent::Offered(offers()));
    window.rest();
    album.take("models", &mut window);
    window.click("Settings");
    window.rest();
    album.take("settings", &mut window);
}

#[test]
fn the_first_screen_looks_as_it_did() {
    let mut window = Window::open(still(), SIZE);
    window.rest();
    Album::new().take("welcome", &mut window);
}

#[test]
fn memory_and_letters_look_as_they_did() {
    let mut album = Album::new();
    let mut take = |screen: &str, window: &mut Window| {
        let name = match screen {
            "some" => "memory",
            "locked" => "memory_locked",
            "letters, days" => "letters",
            _ => return,
        };
        window.rest();
        album.take(name, window);
    };
    memory::every_page(SIZE, &mut take);
    letters::every_page(SIZE, &mut take);
}
