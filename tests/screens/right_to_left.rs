//! Arabic and Hebrew in the window: seen from right to left, told as written.

use crate::pictures::{Album, SIZE};
use crate::window::{Window, line, still};
use eframe::egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use eframe::egui::{Context, FontData, FontFamily};
use egui_kittest::kittest::Queryable as _;
use samantha::session::{Event, Speaker};

const HEBREW: &str = "אני קורא בספר (Moby Dick) על הים, ולא מתגעגע.";
const ARABIC: &str = "مرحبا، كيف حالك اليوم؟ أحب البحر في الصباح.";

/// A few letters of DejaVu Sans: the font of a system that has one.
fn add_font(ctx: &Context) {
    let data = FontData::from_static(include_bytes!("fonts/DejaVuSans-subset.ttf"));
    let families =
        vec![InsertFontFamily { family: FontFamily::Proportional, priority: FontPriority::Lowest }];
    ctx.add_font(FontInsert::new("right to left", data, families));
}

fn talking() -> Window {
    let mut window = Window::with(still(), SIZE);
    add_font(&window.harness.ctx);
    window.awake();
    window.tell(Event::Capturing(true));
    window.tell(Event::Conversation(vec![
        line(0, Speaker::Person, HEBREW),
        line(0, Speaker::Samantha, ARABIC),
        line(1, Speaker::Person, "What does שלום mean?"),
    ]));
    window.rest();
    window
}

#[test]
fn a_screen_reader_is_told_the_text_as_it_is_written() {
    let window = talking();
    assert!(window.shows(HEBREW) && window.shows(ARABIC));
    assert_eq!(window.harness.query_all_by_label_contains("What does שלום mean?").count(), 1);
}

#[test]
fn a_conversation_from_right_to_left_looks_as_it_did() {
    let mut album = Album::new();
    album.take("right_to_left", &mut talking());
}
