//! Her state in a word, and what can be done now.

use crate::app::view::View;
use crate::session::Presence;
use crate::settings::Settings;
use crate::turn::Attention;
use crate::wording::{self, Text};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Label, RichText, Ui};
use std::borrow::Cow;

/// The word and a sentence.
pub fn words(view: &View, settings: &Settings) -> (Text, Cow<'static, str>) {
    let word = state_in_a_word(view);
    if view.weights.missing().next().is_some() {
        (word, wording::WEIGHTS_MISSING_HINT.into())
    } else if view.is_waking() && !view.is_muted() {
        (wording::WAKING, wording::WAKING_HINT.into())
    } else if view.nothing_heard {
        (word, wording::NOTHING_HEARD.into())
    } else {
        (word, wording::presence_hint(view, &settings.talk))
    }
}

fn state_in_a_word(view: &View) -> Text {
    match (view.presence, view.attention) {
        (Presence::Idle, Attention::Muted) => wording::listening::MUTED,
        (Presence::Idle, Attention::Name | Attention::Resting) => wording::listening::RESTING,
        (Presence::Listening, _) if view.capturing == Some(false) => {
            wording::listening::NOT_HEARING
        }
        (presence, _) => wording::presence(presence),
    }
}

/// The word, which a screen reader is told whenever it changes.
pub fn word_ui(ui: &mut Ui, word: Text, size: f32) {
    let label = ui.add(Label::new(RichText::new(word).size(size)).selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Status);
        node.set_label(word.get());
        node.set_live(Live::Polite);
    });
}
