//! Conversation without a key, and how it rests. Folded away while nobody talks
//! like that.

use super::control::{choice_ui, radio_ui};
use super::help_ui;
use super::rows::Rows;
use crate::app::view::View;
use crate::settings::{Headphones, Listening};
use crate::wording::listening as words;
use crate::wording::setting_rows as row;
use eframe::egui::Ui;

/// Silences to choose from, in seconds; 0 is never.
const REST_AFTER_S: [u64; 5] = [0, 60, 300, 900, 1800];

pub(super) fn listening_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut Listening, &Listening),
) {
    rows.group_ui(ui, words::GROUP, wanted.hands_free, |ui, rows| {
        rows.switch_ui(ui, &row::HANDS_FREE, &mut wanted.hands_free, usual.hands_free);
        let rest_row = match wanted.wake_by_name {
            true => row::REST_AFTER_BY_NAME,
            false => row::REST_AFTER,
        };
        let rest = &mut wanted.rest_after_s;
        rows.row_ui(ui, &rest_row, rest, &usual.rest_after_s, |ui, rest_s, name| {
            let mut chosen = rest_s.to_string();
            let mut choices = REST_AFTER_S.to_vec();
            if !choices.contains(rest_s) {
                choices.push(*rest_s); // written into the file by hand
            }
            let choices = choices.into_iter().map(|s| (s.to_string(), words::rest_after(s)));
            let response = choice_ui(ui, &mut chosen, choices.collect(), name);
            *rest_s = chosen.parse().unwrap_or(*rest_s);
            response
        });
        rows.switch_ui(ui, &row::WAKE_BY_NAME, &mut wanted.wake_by_name, usual.wake_by_name);
        rows.switch_ui(ui, &row::GENTLE, &mut wanted.gentle_word, usual.gentle_word);
        let headphones = &mut wanted.headphones;
        rows.row_ui(ui, &row::HEADPHONES, headphones, &usual.headphones, |ui, worn, _| {
            let all = [Headphones::Auto, Headphones::Yes, Headphones::No];
            let response = radio_ui(ui, worn, &all, words::headphones);
            help_ui(ui, &words::echo_guard(view.echo_guard));
            response
        });
    });
}
