//! What the small window shows while the large one is hidden: her shape, her
//! state in a word, and the words that are being said.

use super::presence::{Mood, Place, PresenceState};
use super::theme::Palette;
use super::{bidi, moves, status};
use crate::app::view::View;
use crate::session::Presence;
use crate::settings::Settings;
use crate::wording::{self, Text};
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align2, CornerRadius, FontId, Frame, Label, Margin, Rect, Stroke, StrokeKind, TextFormat, Ui,
    UiBuilder, Vec2, vec2,
};

const SHAPE: f32 = 84.0;
const MARGIN: i8 = 12;
const LINE_HEIGHT: f32 = 22.0;

/// What it shows; a copy of a little of the view, since the small window is
/// painted at other times.
#[derive(Debug, Default)]
pub struct Small {
    mood: Mood,
    moves: bool,
    word: Text,
    words: String,
    presence: PresenceState,
}

impl Small {
    /// How large it is, in points.
    pub const SIZE: Vec2 = vec2(400.0, 108.0);

    /// Takes what is to be shown now; whether that looks different.
    pub fn follow(&mut self, view: &View, settings: &Settings) -> bool {
        let (word, hint) = status::words(view, settings);
        let words = match (&view.partial, &view.reply) {
            (Some(partial), _) => wording::going_on(&partial.text),
            (None, Some(reply)) => reply.text.clone(),
            (None, None) if view.nothing_heard => hint.into_owned(),
            // What was asked, and, at the end, what was answered.
            (None, None) => match view.presence {
                Presence::Listening => String::new(),
                _ => view.lines.last().map(|line| line.text.clone()).unwrap_or_default(),
            },
        };
        let (mood, moves) = (Mood::of(view), moves(view, settings));
        let now = (mood, moves, word, words.as_str());
        let is_new = now != (self.mood, self.moves, self.word, self.words.as_str());
        if is_new {
            (self.mood, self.moves, self.word, self.words) = (mood, moves, word, words);
        }
        is_new
    }
}

/// The whole small window.
pub fn small_ui(ui: &mut Ui, small: &mut Small) {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.paper).inner_margin(Margin::same(MARGIN));
    frame.show(ui, |ui| {
        let outer = ui.max_rect();
        let edge = outer.expand(f32::from(MARGIN) - 1.0);
        let stroke = Stroke::new(1.5, palette.outline);
        ui.painter().rect_stroke(edge, CornerRadius::ZERO, stroke, StrokeKind::Inside);
        let shape = Rect::from_min_size(outer.min, Vec2::splat(SHAPE));
        small.presence.show(ui, Place::Beside(shape), small.mood, small.moves);
        let column = outer.with_min_x(shape.right() + 12.0);
        ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
            status::word_ui(ui, small.word, 18.0);
            words_ui(ui, &small.words, &palette);
        });
        ui.expand_to_include_rect(outer);
    });
}

/// The newest words, as many as fit.
fn words_ui(ui: &mut Ui, words: &str, palette: &Palette) {
    let room = ui.available_rect_before_wrap();
    let rows = (room.height() / LINE_HEIGHT).floor().max(1.0);
    let room = room.with_max_y(room.top() + rows * LINE_HEIGHT);
    let format = TextFormat {
        line_height: Some(LINE_HEIGHT),
        ..TextFormat::simple(FontId::proportional(16.0), palette.ink)
    };
    let mut job = LayoutJob::single_section(words.to_owned(), format);
    job.wrap.max_width = room.width();
    let galley = bidi::galley(ui, job);
    let anchor =
        if galley.size().y > room.height() { Align2::LEFT_BOTTOM } else { Align2::LEFT_TOP };
    let rect = anchor.align_size_within_rect(galley.size(), room);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
    ui.shrink_clip_rect(room);
    ui.add(Label::new(galley).selectable(false));
}
