//! The settings, with effect at once.
//!
//! Works on a copy: when a control changed it, the copy is asked for as the
//! new settings. A text counts when its field is left, a key is never put
//! into its field.

use super::theme::Palette;
use super::{Action, UiState, weights, welcome};
use crate::app::downloads::Purpose;
use crate::app::view::View;
use crate::settings::{DialogueEngine, Server, Settings, TalkMode};
use crate::wording::settings as words;
use eframe::egui::{
    self, Align2, CollapsingHeader, ComboBox, Key, Label, Margin, Response, RichText, ScrollArea,
    Slider, TextEdit, Ui,
};
use std::ops::RangeInclusive;

mod latency;
mod listening;
mod voice;
mod window;

pub use latency::LatencyState;

/// The whole panel.
pub fn settings_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let mut wanted = settings.clone();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin::symmetric(22, 6)).show(ui, |ui| {
            talking_ui(ui, view, &mut wanted, state, actions);
            listening::listening_ui(ui, view, &mut wanted.listening);
            voice::voice_ui(ui, view, &mut wanted, actions);
            answers_ui(ui, view, &mut wanted);
            person_ui(ui, &mut wanted);
            window::window_ui(ui, view, &mut wanted.window);
            weights_ui(ui, view, actions);
            welcome::again_ui(ui, actions);
            latency::latency_ui(ui, &view.latency, &mut state.latency);
            ui.add_space(20.0);
        });
    });
    if wanted != *settings {
        actions.push(Action::Change(Box::new(wanted)));
    }
}

fn talking_ui(
    ui: &mut Ui,
    view: &View,
    wanted: &mut Settings,
    state: &UiState,
    actions: &mut Vec<Action>,
) {
    section_ui(ui, &words::TALKING);
    label_ui(ui, &words::TALK_MODE);
    for mode in [TalkMode::Hold, TalkMode::Toggle] {
        ui.radio_value(&mut wanted.talk.mode, mode, words::talk_mode(mode));
    }
    let hotkey = match &state.hotkey_refused {
        Some((refused, _)) => refused.as_str(),
        None => wanted.talk.hotkey.as_str(),
    };
    if let Some(text) = text_ui(ui, &words::HOTKEY, hotkey, Field::default()) {
        actions.push(Action::ProposeHotkey(text));
    }
    match &state.hotkey_refused {
        Some((_, reason)) => error_ui(ui, reason),
        None => help_ui(ui, &words::HOTKEY_HELP),
    }
    let devices = view.microphones.iter().map(|name| (name.clone(), name.clone()));
    let choices = with_default(&words::SYSTEM_DEFAULT, devices);
    choice_ui(ui, &words::MICROPHONE, &mut wanted.microphone.device, choices);
    let choices = weight_choices(view, Purpose::Hearing);
    choice_ui(ui, &words::HEARING_MODEL, &mut wanted.hearing.model, choices);
}

fn answers_ui(ui: &mut Ui, view: &View, wanted: &mut Settings) {
    section_ui(ui, &words::ANSWERS);
    label_ui(ui, &words::ENGINE);
    let dialogue = &mut wanted.dialogue;
    for engine in [DialogueEngine::Local, DialogueEngine::Server] {
        ui.radio_value(&mut dialogue.engine, engine, words::engine(engine));
    }
    match dialogue.engine {
        DialogueEngine::Local => {
            let choices = weight_choices(view, Purpose::Dialogue);
            choice_ui(ui, &words::DIALOGUE_MODEL, &mut dialogue.model, choices);
        }
        DialogueEngine::Server => server_ui(ui, &mut dialogue.server),
    }
}

fn server_ui(ui: &mut Ui, server: &mut Server) {
    help_ui(ui, &words::SERVER_WARNING);
    let example = Field { hint: words::BASE_URL_EXAMPLE, ..Field::default() };
    replace_if(&mut server.base_url, |old| text_ui(ui, &words::BASE_URL, old, example));
    replace_if(&mut server.model, |old| text_ui(ui, &words::SERVER_MODEL, old, Field::default()));
    replace_if(&mut server.api_key_env, |old| {
        text_ui(ui, &words::API_KEY_ENV, old, Field::default())
    });
    // The field begins empty whatever is stored.
    let hidden = Field { is_secret: true, ..Field::default() };
    if let Some(key) = text_ui(ui, &words::API_KEY, "", hidden) {
        server.api_key = key;
    }
    if server.api_key.is_empty() {
        help_ui(ui, &words::API_KEY_HELP);
    } else {
        help_ui(ui, &words::API_KEY_STORED);
        if ui.button(words::FORGET_KEY).clicked() {
            server.api_key.clear();
        }
    }
}

fn person_ui(ui: &mut Ui, wanted: &mut Settings) {
    section_ui(ui, &words::YOU);
    let person = &mut wanted.person;
    replace_if(&mut person.name, |old| text_ui(ui, &words::NAME, old, Field::default()));
    replace_if(&mut person.language, |old| text_ui(ui, &words::LANGUAGE, old, Field::default()));
}

fn weights_ui(ui: &mut Ui, view: &View, actions: &mut Vec<Action>) {
    section_ui(ui, &words::WEIGHTS);
    if view.weights.all().is_empty() {
        help_ui(ui, &words::NO_WEIGHTS);
    }
    for weight in view.weights.all() {
        weights::weight_ui(ui, weight, actions);
    }
}

/// What can be chosen: what is stored, and what a person reads.
type Choice = (String, String);

fn with_default(text: &str, others: impl Iterator<Item = Choice>) -> Vec<Choice> {
    std::iter::once((String::new(), text.to_owned())).chain(others).collect()
}

fn weight_choices(view: &View, purpose: Purpose) -> Vec<Choice> {
    let weights = view.weights.for_purpose(purpose).map(|weight| {
        let offer = &weight.offer;
        let text = if offer.installed { offer.name.clone() } else { words::not_here(&offer.name) };
        (offer.id.clone(), text)
    });
    with_default(&words::MODEL_DEFAULT, weights)
}

/// A list to choose from. What was chosen earlier and is not offered now, such
/// as an unplugged microphone, stays chosen and is shown by its id.
fn choice_ui(ui: &mut Ui, label: &str, chosen: &mut String, choices: Vec<Choice>) {
    let name = label_ui(ui, label);
    let text = choices
        .iter()
        .find(|(id, _)| id == chosen)
        .map_or_else(|| chosen.clone(), |(_, text)| text.clone());
    let width = ui.available_width();
    ComboBox::from_id_salt(label)
        .width(width)
        .truncate()
        .selected_text(text)
        .show_ui(ui, |ui| {
            for (id, text) in choices {
                // A click closes the list, Enter would not.
                if ui.selectable_value(chosen, id, text).clicked() {
                    ui.close();
                }
            }
        })
        .response
        .labelled_by(name.id);
}

fn slider_ui(
    ui: &mut Ui,
    label: &str,
    value: &mut f32,
    range: RangeInclusive<f32>,
    in_words: fn(f32) -> String,
) {
    ui.add_space(8.0);
    let name = ui
        .horizontal(|ui| {
            let name = ui.add(Label::new(RichText::new(label).small()).selectable(false));
            ui.add(Label::new(RichText::new(in_words(*value)).small().weak()).selectable(false));
            name
        })
        .inner;
    let palette = Palette::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = ui.available_width();
        ui.visuals_mut().selection.bg_fill = palette.accent;
        ui.visuals_mut().widgets.inactive.bg_fill = palette.button_hovered;
        ui.add(Slider::new(value, range).step_by(0.05).show_value(false)).labelled_by(name.id);
    });
}

/// How a text field differs from the plain one.
#[derive(Clone, Copy, Default)]
struct Field {
    hint: &'static str,
    is_secret: bool,
}

/// A text field. Returns what was entered once the field is left, if that is
/// something new; Escape leaves it without.
fn text_ui(ui: &mut Ui, label: &str, value: &str, field: Field) -> Option<String> {
    let name = label_ui(ui, label);
    let id = ui.make_persistent_id(label);
    // What is being typed outlives the repaint, but not the focus.
    let mut draft = ui.data_mut(|data| data.remove_temp(id)).unwrap_or_else(|| value.to_owned());
    let response = ui
        .add(
            TextEdit::singleline(&mut draft)
                .id(id)
                .password(field.is_secret)
                .hint_text(field.hint)
                .align(Align2::LEFT_CENTER)
                .desired_width(f32::INFINITY),
        )
        .labelled_by(name.id);
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, draft));
        return None;
    }
    let is_discarded = ui.input(|input| input.key_pressed(Key::Escape));
    let entered = draft.trim();
    (response.lost_focus() && !is_discarded && entered != value).then(|| entered.to_owned())
}

fn replace_if(target: &mut String, new: impl FnOnce(&str) -> Option<String>) {
    if let Some(text) = new(target) {
        *target = text;
    }
}

fn section_ui(ui: &mut Ui, title: &str) {
    ui.add_space(18.0);
    ui.heading(title);
}

/// A section that can be folded away.
fn fold(title: &str) -> CollapsingHeader {
    CollapsingHeader::new(RichText::new(title).heading()).id_salt(title)
}

fn label_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add_space(8.0);
    ui.add(Label::new(RichText::new(text).small()).selectable(false).wrap())
}

fn help_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

fn error_ui(ui: &mut Ui, text: &str) {
    let color = Palette::of(ui).accent;
    let label = ui.add(Label::new(RichText::new(text).small().color(color)).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(egui::accesskit::Role::Alert);
        node.set_label(text);
        node.set_live(egui::accesskit::Live::Assertive);
    });
}
