//! An empty room: she in its middle, a greeting, and how to begin. The first
//! words that she understands appear here before they become a letter.

use super::theme::{LETTER_LINE_HEIGHT, LETTER_SIZE, Palette};
use super::{bidi, column_ui, meter, status};
use crate::app::view::View;
use crate::session::Presence;
use crate::settings::Settings;
use crate::turn::Attention;
use crate::wording::{self, Text};
use eframe::egui::{Rect, RichText, Sense, Ui, vec2};
use std::borrow::Cow;

/// Her shape is as large as the room allows.
const SMALLEST: f32 = 64.0;
const LARGEST: f32 = 280.0;
/// Room for what stands below it.
const WORDS_HEIGHT: f32 = 140.0;

/// The room. Returns where her shape belongs.
pub fn room_ui(ui: &mut Ui, view: &View, settings: &Settings) -> Rect {
    column_ui(ui, |ui| {
        let room = ui.available_height();
        let side = (room - WORDS_HEIGHT).min(ui.available_width()).clamp(SMALLEST, LARGEST);
        ui.add_space(((room - WORDS_HEIGHT - side) * 0.5).max(0.0));
        ui.vertical_centered(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
            ui.set_max_width(ui.available_width().min(460.0));
            let (headline, below) = words(view, settings);
            status::word_ui(ui, headline, 28.0);
            if view.presence == Presence::Listening {
                meter::meter_ui(ui, view.level);
            }
            let below = RichText::new(below)
                .size(LETTER_SIZE - 2.0)
                .line_height(Some(LETTER_LINE_HEIGHT - 2.0))
                .color(Palette::of(ui).soft_ink);
            ui.add(bidi::label(ui, below));
            rect
        })
        .inner
    })
}

/// What is greatest, and what stands below it.
fn words(view: &View, settings: &Settings) -> (Text, Cow<'static, str>) {
    let (word, hint) = status::words(view, settings);
    if let Some(partial) = &view.partial {
        return (word, wording::going_on(&partial.text).into());
    }
    let is_at_hand = view.presence == Presence::Idle && !view.is_waking() && !view.nothing_heard;
    match view.attention {
        Attention::Key | Attention::Open if is_at_hand => {
            (wording::GREETING, wording::how_to_begin(settings, view.attention))
        }
        Attention::Muted if is_at_hand => (word, wording::how_to_begin(settings, view.attention)),
        _ => (word, hint),
    }
}
