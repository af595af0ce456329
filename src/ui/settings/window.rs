//! The window's own settings: language, colours, size, and where it goes when
//! it is closed.

use super::{choice_ui, fold, help_ui, label_ui, with_default};
use crate::app::view::View;
use crate::settings::{Motion, Theme, WindowSettings};
use crate::wording::language::LANGUAGES;
use crate::wording::window as words;
use eframe::egui::{Button, Ui};

/// What one step larger or smaller is.
const ZOOM_STEP: f32 = 0.1;

pub(super) fn window_ui(ui: &mut Ui, view: &View, window: &mut WindowSettings) {
    ui.add_space(18.0);
    fold(&words::GROUP).show_unindented(ui, |ui| {
        let languages =
            LANGUAGES.iter().map(|language| (language.code.into(), language.name.into()));
        let choices = with_default(&words::LANGUAGE_DEFAULT, languages);
        choice_ui(ui, &words::LANGUAGE, &mut window.language, choices);
        help_ui(ui, &words::LANGUAGE_HELP);

        label_ui(ui, &words::THEME);
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            ui.radio_value(&mut window.theme, theme, words::theme(theme));
        }
        ui.checkbox(&mut window.high_contrast, words::HIGH_CONTRAST);
        help_ui(ui, &words::HIGH_CONTRAST_HELP);
        zoom_ui(ui, &mut window.zoom);

        label_ui(ui, &words::MOTION);
        for motion in [Motion::System, Motion::Full, Motion::Still] {
            ui.radio_value(&mut window.motion, motion, words::motion(motion));
        }
        ui.checkbox(&mut window.small_window, words::SMALL_WINDOW);
        help_ui(ui, &words::SMALL_WINDOW_HELP);
        desktop_ui(ui, view, window);
    });
}

fn zoom_ui(ui: &mut Ui, zoom: &mut f32) {
    label_ui(ui, &words::SIZE);
    ui.horizontal(|ui| {
        for (sign, name, step) in
            [("−", words::SMALLER, -ZOOM_STEP), ("+", words::LARGER, ZOOM_STEP)]
        {
            let stepped = WindowSettings { zoom: *zoom + step, ..Default::default() }.zoom();
            let button = ui
                .add_enabled(
                    stepped != *zoom,
                    Button::new(sign).min_size(ui.spacing().interact_size),
                )
                .accessible_name(name.get());
            if button.clicked() {
                *zoom = stepped;
            }
        }
        ui.label(words::zoom(*zoom));
    });
    help_ui(ui, &words::SIZE_HELP);
}

fn desktop_ui(ui: &mut Ui, view: &View, window: &mut WindowSettings) {
    ui.checkbox(&mut window.tray, words::TRAY);
    // Asked for and not there: said, not hidden.
    let is_lacking = window.tray && !view.has_tray;
    help_ui(ui, if is_lacking { &words::NO_TRAY } else { &words::TRAY_HELP });
    ui.add_enabled_ui(view.has_tray, |ui| {
        ui.checkbox(&mut window.close_to_tray, words::CLOSE_TO_TRAY);
    });
    help_ui(ui, &words::CLOSE_TO_TRAY_HELP);
    if cfg!(target_os = "linux") {
        ui.checkbox(&mut window.start_at_login, words::START_AT_LOGIN);
        help_ui(ui, &words::START_AT_LOGIN_HELP);
    }
}
