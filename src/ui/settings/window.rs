//! The window's own settings: language, colours, size, and where it goes when
//! it is closed.

use super::control::{choice_ui, radio_ui, with_default};
use super::help_ui;
use super::rows::Rows;
use crate::app::view::View;
use crate::settings::{Motion, Theme, WindowSettings};
use crate::wording::language::LANGUAGES;
use crate::wording::setting_rows as row;
use crate::wording::window as words;
use eframe::egui::{Button, Id, Response, Ui};

/// What one step larger or smaller is.
const ZOOM_STEP: f32 = 0.1;

pub(super) fn window_ui(
    ui: &mut Ui,
    rows: &mut Rows,
    view: &View,
    (wanted, usual): (&mut WindowSettings, &WindowSettings),
) {
    rows.group_ui(ui, words::GROUP, false, |ui, rows| {
        let language = &mut wanted.language;
        rows.row_ui(ui, &row::WINDOW_LANGUAGE, language, &usual.language, |ui, chosen, name| {
            let all = LANGUAGES.iter().map(|language| (language.code.into(), language.name.into()));
            choice_ui(ui, chosen, with_default(&words::LANGUAGE_DEFAULT, all), name)
        });
        rows.row_ui(ui, &row::THEME, &mut wanted.theme, &usual.theme, |ui, theme, _| {
            radio_ui(ui, theme, &[Theme::System, Theme::Light, Theme::Dark], words::theme)
        });
        rows.switch_ui(ui, &row::HIGH_CONTRAST, &mut wanted.high_contrast, usual.high_contrast);
        rows.row_ui(ui, &row::ZOOM, &mut wanted.zoom, &usual.zoom, zoom_ui);
        rows.row_ui(ui, &row::MOTION, &mut wanted.motion, &usual.motion, |ui, motion, _| {
            radio_ui(ui, motion, &[Motion::System, Motion::Full, Motion::Still], words::motion)
        });
        rows.switch_ui(ui, &row::SMALL_WINDOW, &mut wanted.small_window, usual.small_window);
        rows.switch_ui(ui, &row::TRAY, &mut wanted.tray, usual.tray);
        // Asked for and not there: said, not hidden.
        if wanted.tray && !view.has_tray && !rows.is_searching() {
            help_ui(ui, &words::NO_TRAY);
        }
        ui.add_enabled_ui(view.has_tray, |ui| {
            let to_tray = &mut wanted.close_to_tray;
            rows.switch_ui(ui, &row::CLOSE_TO_TRAY, to_tray, usual.close_to_tray);
        });
        if cfg!(target_os = "linux") {
            let at_login = &mut wanted.start_at_login;
            rows.switch_ui(ui, &row::START_AT_LOGIN, at_login, usual.start_at_login);
        }
    });
}

fn zoom_ui(ui: &mut Ui, zoom: &mut f32, _name: Id) -> Response {
    ui.horizontal(|ui| {
        let steps = [("−", words::SMALLER, -ZOOM_STEP), ("+", words::LARGER, ZOOM_STEP)];
        let buttons = steps.map(|(sign, name, step)| {
            let stepped = WindowSettings { zoom: *zoom + step, ..Default::default() }.zoom();
            let button = Button::new(sign).min_size(ui.spacing().interact_size);
            let button = ui.add_enabled(stepped != *zoom, button).accessible_name(name.get());
            if button.clicked() {
                *zoom = stepped;
            }
            button
        });
        ui.label(words::zoom(*zoom));
        let [smaller, larger] = buttons;
        smaller | larger
    })
    .inner
}
