//! The window's own settings, and what the tray and a second start ask of it.

use crate::window::Window;
use eframe::egui::{Key, Modifiers, Theme as Shown, ViewportCommand, ViewportEvent, ViewportId};
use samantha::app::Update;
use samantha::settings::{Motion, Settings, Theme};
use samantha::tray::TrayEvent;

fn commands(window: &Window) -> Vec<ViewportCommand> {
    let output = window.harness.output();
    output.viewport_output.values().flat_map(|viewport| viewport.commands.clone()).collect()
}

/// One repaint, so that its commands can be read.
fn told(window: &mut Window, update: Update) {
    window.sender.send(update);
    window.harness.step();
}

fn closes(window: &mut Window) -> Vec<ViewportCommand> {
    let viewport = window.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
    viewport.events.push(ViewportEvent::Close);
    window.harness.step();
    commands(window)
}

fn in_tray(close_to_tray: bool) -> Window {
    let mut settings = Settings::default();
    settings.window.close_to_tray = close_to_tray;
    Window::with(settings, [1280.0, 800.0])
}

#[test]
fn closing_leaves_her_in_the_tray_only_where_that_is_wanted_and_there_is_one() {
    for (wanted, there, stays) in [(true, true, true), (true, false, false), (false, true, false)] {
        let mut window = in_tray(wanted);
        told(&mut window, Update::Tray(TrayEvent::IsThere(there)));
        let stayed = closes(&mut window).contains(&ViewportCommand::CancelClose);
        assert_eq!(stayed, stays, "wanted: {wanted}, there: {there}");
    }
}

#[test]
fn a_hidden_window_comes_back_when_the_tray_goes() {
    let mut window = in_tray(true);
    told(&mut window, Update::Tray(TrayEvent::IsThere(true)));
    assert!(closes(&mut window).contains(&ViewportCommand::Visible(false)));
    told(&mut window, Update::Tray(TrayEvent::IsThere(false)));
    assert!(commands(&window).contains(&ViewportCommand::Visible(true)));
}

#[test]
fn a_second_start_brings_the_window_to_the_front() {
    let mut window = Window::new();
    told(&mut window, Update::Show);
    let commands = commands(&window);
    for command in
        [ViewportCommand::Visible(true), ViewportCommand::Minimized(false), ViewportCommand::Focus]
    {
        assert!(commands.contains(&command), "{commands:?}");
    }
}

#[test]
fn quitting_in_the_tray_closes_the_window_for_good() {
    let mut window = in_tray(true);
    told(&mut window, Update::Tray(TrayEvent::IsThere(true)));
    told(&mut window, Update::Tray(TrayEvent::Quit));
    assert!(commands(&window).contains(&ViewportCommand::Close));
    assert!(!closes(&mut window).contains(&ViewportCommand::CancelClose));
}

#[test]
fn the_settings_of_the_window_are_kept_and_seen_at_once() {
    let mut window = Window::new();
    window.click("Settings");
    window.get("The window").click_accesskit();
    window.rest();
    window.get("Dark").click_accesskit();
    window.get("High contrast").click_accesskit();
    window.get("Everything still").click_accesskit();
    window.get("Start when you log in").click_accesskit();
    let saved = window.saved().window;
    assert_eq!(saved.theme, Theme::Dark);
    assert!(saved.high_contrast && saved.start_at_login);
    assert_eq!(saved.motion, Motion::Still);
    assert_eq!(window.harness.ctx.theme(), Shown::Dark);
    let paper = window.harness.ctx.global_style().visuals.panel_fill;
    assert_eq!(paper, eframe::egui::Color32::BLACK);
}

#[test]
fn a_size_chosen_by_the_keyboard_is_kept_and_comes_back() {
    let mut window = Window::new();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    let saved = window.saved();
    assert_eq!(saved.window.zoom, 1.1);
    let mut later = Window::with(saved, [1280.0, 800.0]);
    later.rest();
    assert_eq!(later.harness.ctx.zoom_factor(), 1.1);
    later.harness.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    assert_eq!(later.saved().window.zoom, 1.0);
}
