//! The models: which are here, how large, how fast; fetched, measured, removed.

use super::rows::Rows;
use super::{error_ui, help_ui};
use crate::app::downloads::{DownloadCommand, Fetch, Purpose, Weight};
use crate::app::errands::{Errand, Errands};
use crate::app::view::View;
use crate::session::Presence;
use crate::ui::{Action, weights};
use crate::wording::model_rows as words;
use crate::wording::setting_rows as row;
use crate::wording::{of_weight, purpose, settings};
use eframe::egui::{Button, Ui};

/// How the list stands.
#[derive(Debug, Default)]
pub(super) struct ModelsState {
    /// The weight of which is asked whether it is to be removed.
    removing: Option<String>,
}

pub(super) fn models_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    state: &mut ModelsState,
    actions: &mut Vec<Action>,
) {
    let is_fetching = view.weights.all().iter().any(|weight| !matches!(weight.fetch, Fetch::Idle));
    rows.group_ui(ui, settings::WEIGHTS, is_fetching, |ui, rows| {
        if !rows.is_searching() {
            help_ui(ui, &row::WEIGHTS.help);
        }
        if view.weights.all().is_empty() {
            help_ui(ui, &settings::NO_WEIGHTS);
        }
        for weight in view.weights.all() {
            let more = format!("{} {}", weight.offer.name, purpose(weight.offer.purpose));
            if rows.begin(ui, &row::WEIGHTS, &more) {
                weights::weight_with_ui(ui, weight, actions, |ui, actions| {
                    if weight.offer.installed {
                        let id = &weight.offer.id;
                        ui.push_id(id, |ui| here_ui(ui, view, weight, state, actions));
                    }
                });
            }
        }
    });
}

/// What can be done with a weight that is here.
fn here_ui(
    ui: &mut Ui,
    view: &View,
    weight: &Weight,
    state: &mut ModelsState,
    actions: &mut Vec<Action>,
) {
    let offer = &weight.offer;
    let errands = &view.errands;
    if let Some(words_per_s) = errands.speeds.words_per_s(&offer.id) {
        help_ui(ui, &words::speed(words_per_s));
    }
    if let Some((_, reason)) = errands.not_measured.as_ref().filter(|(id, _)| *id == offer.id) {
        error_ui(ui, reason);
    }
    if state.removing.as_ref() == Some(&offer.id) {
        help_ui(ui, &words::remove_asked(offer.size_bytes));
    }
    ui.horizontal_wrapped(|ui| {
        if state.removing.as_ref() == Some(&offer.id) {
            removing_ui(ui, weight, state, actions);
            return;
        }
        if offer.purpose == Purpose::Dialogue {
            measure_ui(ui, weight, errands, view.presence == Presence::Idle, actions);
        }
        let name = of_weight(&words::REMOVE, &offer.name);
        if ui.button(words::REMOVE).accessible_name(name).clicked() {
            state.removing = Some(offer.id.clone());
        }
    });
}

fn measure_ui(
    ui: &mut Ui,
    weight: &Weight,
    errands: &Errands,
    is_quiet: bool,
    actions: &mut Vec<Action>,
) {
    let offer = &weight.offer;
    let is_running = errands.measuring.as_ref() == Some(&offer.id);
    let text = if is_running { words::MEASURING } else { words::MEASURE };
    let can_begin = errands.measuring.is_none() && is_quiet;
    let button = ui
        .add_enabled(can_begin, Button::new(text))
        .on_disabled_hover_text(words::NOT_NOW)
        .accessible_name(of_weight(&text, &offer.name));
    if button.clicked() {
        actions.push(Action::Errand(Errand::Measure(offer.id.clone())));
    }
}

fn removing_ui(ui: &mut Ui, weight: &Weight, state: &mut ModelsState, actions: &mut Vec<Action>) {
    let name = &weight.offer.name;
    let keep = ui.button(words::KEEP).accessible_name(of_weight(&words::KEEP, name));
    let remove = ui.button(words::REMOVE_NOW).accessible_name(of_weight(&words::REMOVE_NOW, name));
    if remove.clicked() {
        actions.push(Action::Download(DownloadCommand::Remove(weight.offer.id.clone())));
    }
    if keep.clicked() || remove.clicked() {
        state.removing = None;
    }
}
