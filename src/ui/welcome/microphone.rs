//! The microphone: which one, how loud, and a few seconds played back.

use super::{hint_ui, status_ui, trouble_ui};
use crate::app::view::View;
use crate::audio::trial::TrialPhase;
use crate::settings::Settings;
use crate::ui::{Action, meter};
use crate::wording::welcome as words;
use eframe::egui::{Button, ComboBox, Label, RichText, Ui, vec2};

pub(super) fn microphone_ui(
    ui: &mut Ui,
    view: &View,
    wanted: &mut Settings,
    actions: &mut Vec<Action>,
) {
    let trial = &view.trial;
    choice_ui(ui, view, &mut wanted.microphone.device);
    ui.add_space(12.0);
    meter::meter_ui(ui, trial.level);
    ui.add_space(12.0);
    let text = match trial.phase {
        TrialPhase::Over | TrialPhase::Opening => words::OPENING,
        TrialPhase::Live => words::RECORD,
        TrialPhase::Recording => words::RECORDING,
        TrialPhase::Playing => words::PLAYING,
    };
    let button = Button::new(text.get()).min_size(vec2(0.0, 44.0));
    if ui.add_enabled(trial.phase == TrialPhase::Live, button).clicked() {
        actions.push(Action::RecordTrial);
    }
    ui.add_space(6.0);
    match (&trial.trouble, trial.heard) {
        (Some(reason), _) => trouble_ui(ui, reason),
        (None, Some(true)) => status_ui(ui, words::HEARD),
        (None, Some(false)) => trouble_ui(ui, &words::NOT_HEARD),
        (None, None) => hint_ui(ui, ""),
    }
}

fn choice_ui(ui: &mut Ui, view: &View, device: &mut String) {
    let name = RichText::new(words::MICROPHONE.get()).small();
    let name = ui.add(Label::new(name).selectable(false));
    let text = if device.is_empty() { words::SYSTEM_DEFAULT.into() } else { device.clone() };
    let width = ui.available_width();
    ComboBox::from_id_salt("microphone to try")
        .width(width)
        .truncate()
        .selected_text(text)
        .show_ui(ui, |ui| {
            let default = (String::new(), words::SYSTEM_DEFAULT.into());
            let named = view.microphones.iter().map(|name| (name.clone(), name.clone()));
            for (id, text) in std::iter::once(default).chain(named) {
                // A click closes the list, Enter would not.
                if ui.selectable_value(device, id, text).clicked() {
                    ui.close();
                }
            }
        })
        .response
        .labelled_by(name.id);
}
