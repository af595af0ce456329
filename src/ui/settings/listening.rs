//! Conversation without a key, and how it rests. Folded away while nobody talks
//! like that.

use super::{choice_ui, fold, help_ui, label_ui};
use crate::app::view::View;
use crate::settings::{Headphones, Listening};
use crate::wording::listening as words;
use eframe::egui::Ui;

/// Silences to choose from, in seconds; 0 is never.
const REST_AFTER_S: [u64; 5] = [0, 60, 300, 900, 1800];

pub(super) fn listening_ui(ui: &mut Ui, view: &View, wanted: &mut Listening) {
    ui.add_space(18.0);
    let group = fold(&words::GROUP).default_open(wanted.hands_free);
    group.show_unindented(ui, |ui| group_ui(ui, view, wanted));
}

fn group_ui(ui: &mut Ui, view: &View, wanted: &mut Listening) {
    ui.checkbox(&mut wanted.hands_free, words::HANDS_FREE);
    help_ui(ui, &words::JUST_TALK_HELP);

    let mut chosen = wanted.rest_after_s.to_string();
    let mut choices = REST_AFTER_S.to_vec();
    if !choices.contains(&wanted.rest_after_s) {
        choices.push(wanted.rest_after_s); // written into the file by hand
    }
    let choices = choices.into_iter().map(|s| (s.to_string(), words::rest_after(s))).collect();
    choice_ui(ui, &words::REST_AFTER, &mut chosen, choices);
    wanted.rest_after_s = chosen.parse().unwrap_or(wanted.rest_after_s);
    let by_name = wanted.wake_by_name;
    help_ui(ui, if by_name { &words::REST_BY_NAME_HELP } else { &words::REST_HELP });
    ui.add_space(6.0);
    ui.checkbox(&mut wanted.wake_by_name, words::WAKE_BY_NAME);
    help_ui(ui, &words::WAKE_BY_NAME_HELP);
    ui.add_space(6.0);
    ui.checkbox(&mut wanted.gentle_word, words::GENTLE);
    help_ui(ui, &words::GENTLE_HELP);

    label_ui(ui, &words::HEADPHONES);
    for worn in [Headphones::Auto, Headphones::Yes, Headphones::No] {
        ui.radio_value(&mut wanted.headphones, worn, words::headphones(worn));
    }
    help_ui(ui, &words::echo_guard(view.echo_guard));
}
