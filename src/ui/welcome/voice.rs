//! Her voice: both can be heard before one is chosen, or none.

use super::{hint_ui, trouble_ui};
use crate::app::audition::Audition;
use crate::app::downloads::Purpose;
use crate::app::view::View;
use crate::session::Topic;
use crate::settings::{Settings, VoiceEngine};
use crate::ui::theme::{button_width, switch_width, text_width};
use crate::ui::{Action, beside_ui};
use crate::wording::welcome as words;
use eframe::egui::{Button, TextStyle, Ui};

pub(super) fn voice_ui(ui: &mut Ui, view: &View, wanted: &mut Settings, actions: &mut Vec<Action>) {
    // `None` stands for captions alone.
    let mut chosen = wanted.voice.enabled.then_some(wanted.voice.engine);
    for engine in [VoiceEngine::System, VoiceEngine::Own] {
        let name = words::voice(engine);
        let hear_width = match is_here(engine, view) {
            true => button_width(ui, &[&words::HEAR, &words::SPEAKING]),
            false => text_width(ui, &TextStyle::Small, &words::VOICE_NOT_HERE),
        };
        let width = switch_width(ui, &TextStyle::Button, &name) + hear_width;
        beside_ui(
            ui,
            width,
            |ui| ui.radio_value(&mut chosen, Some(engine), name.get()),
            |ui| hear_ui(ui, engine, view, wanted.voice.enabled, actions),
        );
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

fn is_here(engine: VoiceEngine, view: &View) -> bool {
    let mut own = view.weights.for_purpose(Purpose::Speaking);
    engine != VoiceEngine::Own || own.any(|weight| weight.offer.installed)
}

fn hear_ui(
    ui: &mut Ui,
    engine: VoiceEngine,
    view: &View,
    is_enabled: bool,
    actions: &mut Vec<Action>,
) {
    if !is_here(engine, view) {
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
