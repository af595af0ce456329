//! Who answers: a model on this computer, or a server that can be tried.

use super::control::{Field, choice_ui, radio_ui, text_ui, with_default};
use super::rows::Rows;
use super::{error_ui, help_ui};
use crate::app::downloads::Purpose;
use crate::app::errands::{Errand, ServerTest};
use crate::app::view::View;
use crate::settings::{DialogueEngine, Server, Settings};
use crate::ui::Action;
use crate::wording::server_test as test_words;
use crate::wording::setting_rows as row;
use crate::wording::{model_rows, settings as words};
use eframe::egui::{Button, CollapsingHeader, Label, Response, RichText, Ui};

pub(super) fn answers_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut Settings, &Settings),
    actions: &mut Vec<Action>,
) {
    let (wanted, usual) = (&mut wanted.dialogue, &usual.dialogue);
    rows.group_ui(ui, words::ANSWERS, true, |ui, rows| {
        rows.row_ui(ui, &row::ENGINE, &mut wanted.engine, &usual.engine, |ui, engine, _| {
            radio_ui(ui, engine, &[DialogueEngine::Local, DialogueEngine::Server], words::engine)
        });
        match wanted.engine {
            DialogueEngine::Local => {
                let model = &mut wanted.model;
                rows.row_ui(ui, &row::DIALOGUE_MODEL, model, &usual.model, |ui, model, name| {
                    choice_ui(ui, model, language_models(view), name)
                });
            }
            DialogueEngine::Server => {
                server_ui(ui, rows, (&mut wanted.server, &usual.server));
                let server = &wanted.server;
                let instead = rows.other_ui(ui, &row::SERVER_TEST, |ui| {
                    test_ui(ui, &view.errands.server_test, server, actions)
                });
                if instead == Some(true) {
                    wanted.engine = DialogueEngine::Local;
                }
            }
        }
    });
}

/// Those that were measured with how fast they are here.
fn language_models(view: &View) -> Vec<(String, String)> {
    let weights = view.weights.for_purpose(Purpose::Dialogue).map(|weight| {
        let offer = &weight.offer;
        let text = match view.errands.speeds.words_per_s(&offer.id) {
            _ if !offer.installed => words::not_here(&offer.name),
            Some(words_per_s) => model_rows::with_speed(&offer.name, words_per_s),
            None => offer.name.clone(),
        };
        (offer.id.clone(), text)
    });
    with_default(&words::MODEL_DEFAULT, weights)
}

fn server_ui(ui: &mut Ui, rows: &mut Rows, (wanted, usual): (&mut Server, &Server)) {
    if !rows.is_searching() {
        ui.add_space(6.0);
        help_ui(ui, &words::SERVER_WARNING);
    }
    let example = Field { hint: words::BASE_URL_EXAMPLE, ..Field::default() };
    let texts = [
        (row::BASE_URL, &mut wanted.base_url, &usual.base_url, example),
        (row::SERVER_MODEL, &mut wanted.model, &usual.model, Field::default()),
        (row::API_KEY_ENV, &mut wanted.api_key_env, &usual.api_key_env, Field::default()),
    ];
    for (row, wanted, usual, field) in texts {
        rows.row_ui(ui, &row, wanted, usual, |ui, text, name| text_ui(ui, text, field, name));
    }
    rows.row_ui(ui, &row::API_KEY, &mut wanted.api_key, &usual.api_key, |ui, key, name| {
        // The field begins empty whatever is stored.
        let mut entered = String::new();
        let hidden = Field { is_secret: true, ..Field::default() };
        let response = text_ui(ui, &mut entered, hidden, name);
        if !entered.is_empty() {
            *key = entered;
        }
        if !key.is_empty() {
            help_ui(ui, &words::API_KEY_STORED);
            if ui.button(words::FORGET_KEY).clicked() {
                key.clear();
            }
        }
        response
    });
}

/// The button, and what came of it. The answer is whether this computer is to
/// answer instead.
fn test_ui(
    ui: &mut Ui,
    test: &ServerTest,
    server: &Server,
    actions: &mut Vec<Action>,
) -> (Response, bool) {
    let is_running = matches!(test, ServerTest::Running(tested) if tested == server);
    ui.add(Label::new(RichText::new(row::SERVER_TEST.label).small()).selectable(false).wrap());
    let button = ui.add_enabled(!is_running, Button::new(test_words::TEST));
    let button = button.accessible_name(&*test_words::TEST_NAME);
    if button.clicked() {
        actions.push(Action::Errand(Errand::TestServer));
    }
    let mut instead = false;
    match test {
        ServerTest::Running(_) if is_running => help_ui(ui, &test_words::RUNNING),
        ServerTest::Done(tested, report) if tested == server => {
            if report.works {
                super::status_ui(ui, &report.text);
            } else {
                error_ui(ui, &report.text);
                instead = ui.button(test_words::USE_LOCAL).clicked();
            }
            details_ui(ui, &report.details);
        }
        _ => help_ui(ui, &row::SERVER_TEST.help),
    }
    (button, instead)
}

fn details_ui(ui: &mut Ui, details: &str) {
    if !details.is_empty() {
        let title = RichText::new(test_words::DETAILS).small();
        CollapsingHeader::new(title).id_salt("details").show(ui, |ui| help_ui(ui, details));
    }
}
