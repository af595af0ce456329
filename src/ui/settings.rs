//! The settings, with effect at once.
//!
//! Called by [`super::window_ui`] beside or in place of the conversation. Works
//! on a copy: when a control changed it, the copy is asked for as the new
//! settings. A text counts when its field is left, a key is never put into its
//! field.
//!
//! **A new setting** is three things: its words in
//! [`crate::wording::setting_rows`] (name, one line of explanation, other words
//! by which people look for it), its usual value in [`Settings::default`], and
//! one call within a group:
//!
//! ```ignore
//! rows.group_ui(ui, words::WINDOW, true, |ui, rows| {
//!     rows.switch_ui(ui, &row::TRAY, &mut wanted.tray, usual.tray);
//!     rows.row_ui(ui, &row::THEME, &mut wanted.theme, &usual.theme, |ui, value, _| {
//!         radio_ui(ui, value, &[Theme::System, Theme::Light, Theme::Dark], words::theme)
//!     });
//! });
//! ```
//!
//! Name, explanation, search and reset come with it ([`Rows`]). What is no
//! setting, such as the list of models, uses [`Rows::other_ui`].

use super::theme::Palette;
use super::{Action, UiState, welcome};
use crate::app::downloads::Purpose;
use crate::app::view::View;
use crate::settings::{Settings, TalkMode};
use crate::wording::setting_rows::{self as row, Row};
use crate::wording::settings as words;
use control::{Choice, Field, choice_ui, radio_ui, text_ui, with_default};
use eframe::egui::{
    self, Align, Align2, CollapsingHeader, Label, Layout, Margin, RichText, ScrollArea, TextEdit,
    Ui,
};
use fold::Fold;
use rows::Rows;

mod answers;
mod checkup;
mod control;
mod fold;
mod latency;
mod listening;
mod models;

mod rows;
mod voice;
mod window;

/// How the panel stands.
#[derive(Debug, Default)]
pub struct SettingsState {
    search: String,
    /// The row that is to be brought into sight and get the keyboard.
    sought: Option<Row>,
    latency: Fold,
    checkup: Fold,
    models: models::ModelsState,
    /// When it was painted last, in egui's passes: it begins at the top when
    /// it is opened again.
    last_pass: u64,
}

impl SettingsState {
    /// Brings this row into sight, as soon as the panel is painted.
    pub fn seek(&mut self, row: Row) {
        self.search.clear();
        self.sought = Some(row);
    }

    /// How fast she answers, folded out or not.
    pub fn latency(&mut self) -> &mut Fold {
        &mut self.latency
    }

    /// Brings what was checked into sight.
    pub fn show_checkup(&mut self) {
        self.search.clear();
        self.checkup.show(true);
    }
}

/// The whole panel.
pub fn settings_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    ui_state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let mut wanted = settings.clone();
    let usual = Settings::default();
    let mut remedy = None;
    let refused = &mut ui_state.hotkey_refused;
    let state = &mut ui_state.settings;
    let pass = ui.ctx().cumulative_pass_nr();
    let is_fresh = pass > state.last_pass + 1;
    state.last_pass = pass;
    egui::Frame::new()
        .inner_margin(Margin { left: 22, right: 22, top: 10, bottom: 4 })
        .show(ui, |ui| search_ui(ui, &mut state.search));
    let mut area = ScrollArea::vertical().auto_shrink(false);
    if is_fresh {
        area = area.vertical_scroll_offset(0.0);
    }
    area.show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin::symmetric(22, 4)).show(ui, |ui| {
            let mut rows = Rows::new(&state.search, &mut state.sought);
            let rows = &mut rows;
            talking_ui(ui, rows, view, (&mut wanted, &usual), refused, actions);
            listening::listening_ui(ui, rows, view, (&mut wanted.listening, &usual.listening));
            voice::voice_ui(ui, rows, view, (&mut wanted, &usual), actions);
            answers::answers_ui(ui, rows, view, (&mut wanted, &usual), actions);
            person_ui(ui, rows, (&mut wanted, &usual));
            window::window_ui(ui, rows, view, (&mut wanted.window, &usual.window));
            models::models_ui(ui, rows, view, &mut state.models, actions);
            latency::latency_ui(ui, rows, &view.latency, &mut state.latency);
            let checkup = &mut state.checkup;
            remedy = checkup::checkup_ui(ui, rows, view, settings, checkup, actions);
            if !rows.is_searching() {
                welcome::again_ui(ui, actions);
            }
            if rows.is_searching() && !rows.found() {
                ui.add_space(18.0);
                status_ui(ui, &row::NOTHING_FOUND.with(&[("words", &state.search.trim())]));
            }
            ui.add_space(20.0);
            follow_keyboard(ui);
        });
    });
    if wanted != *settings {
        actions.push(Action::Change(Box::new(wanted)));
    }
    if let Some(remedy) = remedy {
        remedy.apply(ui_state, actions);
    }
}

fn search_ui(ui: &mut Ui, search: &mut String) {
    // The keyboard stays in it when the button beside it comes or goes.
    let id = ui.make_persistent_id("search");
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !search.is_empty() && ui.button(row::SEARCH_CLEAR).clicked() {
                search.clear();
            }
            let field = TextEdit::singleline(search)
                .id(id)
                .hint_text(&*row::SEARCH)
                .align(Align2::LEFT_CENTER)
                .desired_width(f32::INFINITY);
            ui.add(field).accessible_name(&*row::SEARCH);
        });
    });
}

/// Keeps in sight what the keyboard reached.
fn follow_keyboard(ui: &Ui) {
    let id = ui.scope_id().with("keyboard");
    let focused = ui.memory(|memory| memory.focused());
    let before = ui.data_mut(|data| {
        let before = data.get_temp(id).flatten();
        data.insert_temp(id, focused);
        before
    });
    if focused == before {
        return;
    }
    let Some(response) = focused.and_then(|focused| ui.ctx().read_response(focused)) else {
        return;
    };
    // What stands outside of the panel is seen there; what is in the panel is
    // seen within it, or not at all.
    let is_elsewhere = response.layer_id != ui.layer_id()
        || !ui.max_rect().x_range().contains(response.rect.center().x)
        || response.interact_rect.is_positive()
            && !ui.clip_rect().intersects(response.interact_rect);
    if !is_elsewhere {
        ui.scroll_to_rect(response.rect.expand2(egui::vec2(0.0, 40.0)), None);
    }
}

fn talking_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut Settings, &Settings),
    refused: &mut Option<(String, String)>,
    actions: &mut Vec<Action>,
) {
    rows.group_ui(ui, words::TALKING, true, |ui, rows| {
        rows.row_ui(ui, &row::TALK_MODE, &mut wanted.talk.mode, &usual.talk.mode, |ui, mode, _| {
            radio_ui(ui, mode, &[TalkMode::Hold, TalkMode::Toggle], words::talk_mode)
        });
        let shown = match &refused {
            Some((text, _)) => text.clone(),
            None => wanted.talk.hotkey.clone(),
        };
        let mut hotkey = shown.clone();
        rows.row_ui(ui, &row::HOTKEY, &mut hotkey, &usual.talk.hotkey, |ui, hotkey, name| {
            let response = text_ui(ui, hotkey, Field::default(), name);
            if let Some((_, reason)) = refused {
                error_ui(ui, reason);
            }
            response
        });
        if hotkey != shown {
            actions.push(Action::ProposeHotkey(hotkey));
        }
        let device = &mut wanted.microphone.device;
        rows.row_ui(ui, &row::MICROPHONE, device, &usual.microphone.device, |ui, device, name| {
            let devices = view.microphones.iter().map(|name| (name.clone(), name.clone()));
            choice_ui(ui, device, with_default(&words::SYSTEM_DEFAULT, devices), name)
        });
        let model = &mut wanted.hearing.model;
        rows.row_ui(ui, &row::HEARING_MODEL, model, &usual.hearing.model, |ui, model, name| {
            choice_ui(ui, model, weight_choices(view, Purpose::Hearing), name)
        });
    });
}

fn person_ui(ui: &mut Ui, rows: &mut Rows, (wanted, usual): (&mut Settings, &Settings)) {
    let (wanted, usual) = (&mut wanted.person, &usual.person);
    rows.group_ui(ui, words::YOU, true, |ui, rows| {
        rows.row_ui(ui, &row::NAME, &mut wanted.name, &usual.name, |ui, text, name| {
            text_ui(ui, text, Field::default(), name)
        });
        rows.row_ui(ui, &row::LANGUAGE, &mut wanted.language, &usual.language, |ui, text, name| {
            text_ui(ui, text, Field::default(), name)
        });
    });
}

/// The models for this purpose, those that are here with how fast they are.
fn weight_choices(view: &View, purpose: Purpose) -> Vec<Choice> {
    let weights = view.weights.for_purpose(purpose).map(|weight| {
        let offer = &weight.offer;
        let text = if offer.installed { offer.name.clone() } else { words::not_here(&offer.name) };
        (offer.id.clone(), text)
    });
    with_default(&words::MODEL_DEFAULT, weights)
}

/// A section that can be folded away.
fn fold(title: &str) -> CollapsingHeader {
    CollapsingHeader::new(RichText::new(title).heading()).id_salt(title)
}

fn help_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}

/// Said by a screen reader when it appears.
fn status_ui(ui: &mut Ui, text: &str) {
    let label = ui.add(Label::new(RichText::new(text).small()).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(egui::accesskit::Role::Status);
        node.set_label(text);
        node.set_live(egui::accesskit::Live::Polite);
    });
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
