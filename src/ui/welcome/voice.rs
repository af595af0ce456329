//! Her voice: both can be heard before one is chosen, or none.

use super::{hint_ui, trouble_ui};
use crate::app::audition::Audition;
use crate::app::downloads::Purpose;
use crate::app::view::View;
use crate::session::Topic;
use crate::settings::{Settings, VoiceEngine};
use crate::ui::Action;
use crate::wording::welcome as words;
use eframe::egui::{Align, Button, Layout, Ui};

pub(super) fn voice_ui(ui: &mut Ui, view: &View, wanted: &mut Settings, actions: &mut Vec<Action>) {
    // `None` stands for captions alone.
    let mut chosen = wanted.voice.enabled.then_some(wanted.voice.engine);
    for engine in [VoiceEngine::System, VoiceEngine::Own] {
        ui.horizontal(|ui| {
            let room = ui.available_width();
            ui.radio_value(&mut chosen, Some(engine), words::voice(engine).get());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.set_max_width(room);
                hear_ui(ui, engine, view, wanted.voice.enabled, actions);
            });
        });
        match &view.audition {
            Audition::Failed(failed, reason) if *failed == engine => trouble_ui(ui, reason),
            _ if chosen == Some(engine) => {
                for notice in view.notices.iter().filter(|notice| notice.topic == Topic::Voice) {
                    trouble_ui(ui, &notice.text);
                }
            }
            _ => {}
        }
        ui.add_space(6.0);
    }
    ui.radio_value(&mut chosen, None, words::NO_VOICE.get());
    wanted.voice.enabled = chosen.is_some();
    wanted.voice.engine = chosen.unwrap_or(wanted.voice.engine);
}

fn hear_ui(
    ui: &mut Ui,
    engine: VoiceEngine,
    view: &View,
    is_enabled: bool,
    actions: &mut Vec<Action>,
) {
    let mut own = view.weights.for_purpose(Purpose::Speaking);
    if engine == VoiceEngine::Own && !own.any(|weight| weight.offer.installed) {
        hint_ui(ui, &words::VOICE_NOT_HERE);
        return;
    }
    let is_speaking = view.audition == Audition::Speaking(engine);
    let text = if is_speaking { words::SPEAKING } else { words::HEAR };
    let button = ui.add_enabled(is_enabled && !is_speaking, Button::new(text.get()));
    if button.accessible_name(words::hear(engine)).clicked() {
        actions.push(Action::Hear(engine));
    }
}
