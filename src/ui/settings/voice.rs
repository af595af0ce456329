//! Her voice: the system's or her own, each to be heard before it is chosen.

use super::control::{choice_ui, slider_ui, with_default};
use super::error_ui;
use super::rows::Rows;
use crate::app::audition::Audition;
use crate::app::downloads::{Purpose, Weight};
use crate::app::view::View;
use crate::session::Topic;
use crate::settings::{Settings, VoiceEngine, VoiceSettings};
use crate::ui::theme::{button_width, switch_width};
use crate::ui::{Action, beside_ui, weights};
use crate::wording::setting_rows as row;
use crate::wording::settings as words;
use eframe::egui::{Button, Response, TextStyle, Ui};

pub(super) fn voice_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut Settings, &Settings),
    actions: &mut Vec<Action>,
) {
    let (wanted, usual) = (&mut wanted.voice, &usual.voice);
    rows.group_ui(ui, words::VOICE, true, |ui, rows| {
        rows.switch_ui(ui, &row::SPEAK, &mut wanted.enabled, usual.enabled);
        ui.add_enabled_ui(wanted.enabled, |ui| {
            sound_ui(ui, rows, view, (wanted, usual), actions);
        });
        rows.switch_ui(ui, &row::CUES, &mut wanted.cues, usual.cues);
    });
}

/// How she sounds, while she speaks at all.
fn sound_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut VoiceSettings, &VoiceSettings),
    actions: &mut Vec<Action>,
) {
    rows.row_ui(ui, &row::VOICE_ENGINE, &mut wanted.engine, &usual.engine, |ui, chosen, _| {
        let system = engine_ui(ui, VoiceEngine::System, view, chosen, actions);
        system | engine_ui(ui, VoiceEngine::Own, view, chosen, actions)
    });
    match wanted.engine {
        VoiceEngine::System => {
            rows.row_ui(ui, &row::VOICE_CHOICE, &mut wanted.voice, &usual.voice, |ui, id, name| {
                let voices = view.voices.iter();
                let voices = voices.map(|v| (v.id.clone(), format!("{} ({})", v.name, v.language)));
                choice_ui(ui, id, with_default(&words::VOICE_DEFAULT, voices), name)
            });
        }
        VoiceEngine::Own => {
            rows.row_ui(ui, &row::WARMTH, &mut wanted.warmth, &usual.warmth, |ui, value, name| {
                slider_ui(ui, value, 0.0..=1.0, words::volume, name)
            });
        }
    }
    rows.row_ui(ui, &row::RATE, &mut wanted.rate, &usual.rate, |ui, value, name| {
        slider_ui(ui, value, 0.5..=2.0, words::rate, name)
    });
    rows.row_ui(ui, &row::VOLUME, &mut wanted.volume, &usual.volume, |ui, value, name| {
        slider_ui(ui, value, 0.0..=1.0, words::volume, name)
    });
}

/// One of the two: to choose, and to hear.
fn engine_ui(
    ui: &mut Ui,
    engine: VoiceEngine,
    view: &View,
    chosen: &mut VoiceEngine,
    actions: &mut Vec<Action>,
) -> Response {
    let missing = missing_weight(engine, view);
    let is_speaking = view.audition == Audition::Speaking(engine);
    let text = if is_speaking { words::HEARING_IT } else { words::HEAR_IT };
    let hear = |ui: &mut Ui| {
        if missing.is_none() {
            let button = ui.add_enabled(!is_speaking, Button::new(text));
            if button.accessible_name(words::hear(engine)).clicked() {
                actions.push(Action::Hear(engine));
            }
        }
    };
    let name = words::voice_engine(engine);
    let hear_width = if missing.is_none() { button_width(ui, &[&text]) } else { 0.0 };
    let width = switch_width(ui, &TextStyle::Button, &name) + hear_width;
    let radio = beside_ui(ui, width, |ui| ui.radio_value(chosen, engine, name), hear);
    if let Some(weight) = missing {
        weights::weight_ui(ui, weight, actions);
    }
    match &view.audition {
        Audition::Failed(failed, reason) if *failed == engine => error_ui(ui, reason),
        // Where the system has no voice, that is said here too.
        _ if engine == *chosen => {
            for notice in view.notices.iter().filter(|notice| notice.topic == Topic::Voice) {
                error_ui(ui, &notice.text);
            }
        }
        _ => {}
    }
    radio
}

/// Her own voice has to be fetched before it can be heard.
fn missing_weight(engine: VoiceEngine, view: &View) -> Option<&Weight> {
    let own = || view.weights.for_purpose(Purpose::Speaking);
    let is_missing = engine == VoiceEngine::Own && !own().any(|weight| weight.offer.installed);
    own().next().filter(|_| is_missing)
}
