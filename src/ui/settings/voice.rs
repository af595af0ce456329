//! Her voice: the system's or her own, each to be heard before it is chosen.

use super::{choice_ui, error_ui, label_ui, section_ui, slider_ui, with_default};
use crate::app::audition::Audition;
use crate::app::downloads::{Purpose, Weight};
use crate::app::view::View;
use crate::session::Topic;
use crate::settings::{Settings, VoiceEngine};
use crate::ui::{Action, weights};
use crate::wording::settings as words;
use eframe::egui::{Align, Button, Layout, Ui};

pub(super) fn voice_ui(ui: &mut Ui, view: &View, wanted: &mut Settings, actions: &mut Vec<Action>) {
    section_ui(ui, &words::VOICE);
    ui.checkbox(&mut wanted.voice.enabled, words::SPEAK);
    ui.add_enabled_ui(wanted.voice.enabled, |ui| {
        label_ui(ui, &words::VOICE_ENGINE);
        for engine in [VoiceEngine::System, VoiceEngine::Own] {
            engine_ui(ui, engine, view, wanted, actions);
        }
        let voice = &mut wanted.voice;
        match voice.engine {
            VoiceEngine::System => {
                let voices = view.voices.iter();
                let voices = voices.map(|v| (v.id.clone(), format!("{} ({})", v.name, v.language)));
                let choices = with_default(&words::VOICE_DEFAULT, voices);
                choice_ui(ui, &words::VOICE_CHOICE, &mut voice.voice, choices);
            }
            VoiceEngine::Own => {
                slider_ui(ui, &words::WARMTH, &mut voice.warmth, 0.0..=1.0, words::volume);
            }
        }
        slider_ui(ui, &words::RATE, &mut voice.rate, 0.5..=2.0, words::rate);
        slider_ui(ui, &words::VOLUME, &mut voice.volume, 0.0..=1.0, words::volume);
    });
    ui.checkbox(&mut wanted.voice.cues, words::CUES);
}

/// One of the two: to choose, and to hear.
fn engine_ui(
    ui: &mut Ui,
    engine: VoiceEngine,
    view: &View,
    wanted: &mut Settings,
    actions: &mut Vec<Action>,
) {
    let missing = missing_weight(engine, view);
    ui.horizontal(|ui| {
        let room = ui.available_width();
        ui.radio_value(&mut wanted.voice.engine, engine, words::voice_engine(engine));
        if missing.is_none() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.set_max_width(room);
                let is_speaking = view.audition == Audition::Speaking(engine);
                let text = if is_speaking { words::HEARING_IT } else { words::HEAR_IT };
                let button = ui.add_enabled(!is_speaking, Button::new(text));
                if button.accessible_name(words::hear(engine)).clicked() {
                    actions.push(Action::Hear(engine));
                }
            });
        }
    });
    if let Some(weight) = missing {
        weights::weight_ui(ui, weight, actions);
    }
    match &view.audition {
        Audition::Failed(failed, reason) if *failed == engine => error_ui(ui, reason),
        // Where the system has no voice, that is said here too.
        _ if engine == wanted.voice.engine => {
            for notice in view.notices.iter().filter(|notice| notice.topic == Topic::Voice) {
                error_ui(ui, &notice.text);
            }
        }
        _ => {}
    }
}

/// Her own voice has to be fetched before it can be heard.
fn missing_weight(engine: VoiceEngine, view: &View) -> Option<&Weight> {
    let own = || view.weights.for_purpose(Purpose::Speaking);
    let is_missing = engine == VoiceEngine::Own && !own().any(|weight| weight.offer.installed);
    own().next().filter(|_| is_missing)
}
