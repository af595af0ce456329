//! How the window stands on the desktop: shown, hidden in the tray, how large.
//!
//! [`SamanthaApp`](super::SamanthaApp) asks on every repaint, and while the
//! window is hidden. It is never hidden without a tray to bring it back.

use super::SamanthaApp;
use crate::session::{Command, Event, Notice, Topic};
use crate::settings::{Theme, WindowSettings};
use crate::tray::{Shown, TrayEvent};
use crate::wording::{language, remedies::FILE_NOT_SHOWN};
use eframe::egui::{self, ThemePreference, ViewportCommand};
use std::path::Path;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Desktop {
    /// It was hidden, and not shown since.
    is_hidden: bool,
    /// Closing is meant this time.
    is_quitting: bool,
    /// What the tray was told last.
    in_tray: Option<Shown>,
    /// How large everything was at the last repaint.
    zoom: Option<f32>,
    /// The desktop asks for high contrast.
    contrast_asked: bool,
}

/// Lets the window's settings take effect that are egui's.
/// `contrast_asked` is the desktop's wish for high contrast.
pub(super) fn dress(ctx: &egui::Context, window: &WindowSettings, contrast_asked: bool) {
    ctx.set_theme(match window.theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
    crate::ui::theme::apply(ctx, window.high_contrast || contrast_asked);
    ctx.set_zoom_factor(window.zoom());
    ctx.send_viewport_cmd(ViewportCommand::MinInnerSize(least_size(window.zoom())));
}

/// How small the window can be made, in points. Enlarged, it is to hold what it
/// has; but no screen is to be too small for it.
fn least_size(zoom: f32) -> egui::Vec2 {
    egui::vec2((360.0 / zoom).max(320.0), (480.0 / zoom).max(300.0))
}

/// Whether a window can be hidden, and placed above others. Under Wayland no
/// program may do that.
pub fn can_hide() -> bool {
    let is_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
    !(cfg!(target_os = "linux") && is_wayland)
}

impl Desktop {
    /// Lets changed settings of the window take effect.
    pub fn change(&self, ctx: &egui::Context, before: &WindowSettings, now: &WindowSettings) {
        if before.language != now.language {
            language::choose(&now.language);
        }
        if before != now {
            dress(ctx, now, self.contrast_asked);
        }
    }

    /// The desktop asks for high contrast, or no longer.
    pub fn contrast_asked(&mut self, high: bool, window: &WindowSettings, ctx: &egui::Context) {
        self.contrast_asked = high;
        dress(ctx, window, high);
    }

    /// Brings the window to the front.
    pub fn show(&mut self, ctx: &egui::Context) {
        self.is_hidden = false;
        for command in [
            ViewportCommand::Visible(true),
            ViewportCommand::Minimized(false),
            ViewportCommand::Focus,
        ] {
            ctx.send_viewport_cmd(command);
        }
    }

    /// Hides it. Only where there is a tray.
    pub fn hide(&mut self, ctx: &egui::Context) {
        self.is_hidden = true;
        ctx.send_viewport_cmd(ViewportCommand::Visible(false));
    }

    /// Closes it for good.
    pub fn quit(&mut self, ctx: &egui::Context) {
        self.is_quitting = true;
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    /// Whether it was hidden, and not shown since.
    pub fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// The tray came or went: a window that is hidden in it comes back.
    pub fn tray_changed(&mut self, is_there: bool, ctx: &egui::Context) {
        if !is_there && self.is_hidden {
            self.show(ctx);
        }
    }

    /// The person may have closed the window: it then goes into the tray, if
    /// that is wanted.
    pub fn watch_closing(&mut self, stays_in_tray: bool, ctx: &egui::Context) {
        let is_closing = ctx.input(|input| input.viewport().close_requested());
        if is_closing && stays_in_tray && !self.is_quitting {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.hide(ctx);
        }
    }

    /// What the tray is to be told, if that is something new.
    pub fn news_for_tray(&mut self, shown: Option<Shown>) -> Option<Option<Shown>> {
        (std::mem::replace(&mut self.in_tray, shown) != shown).then_some(shown)
    }

    /// The size that the person chose by the keyboard since the last time.
    pub fn new_zoom(&mut self, ctx: &egui::Context) -> Option<f32> {
        let zoom = ctx.zoom_factor();
        let before = self.zoom.replace(zoom);
        before.is_some_and(|before| before != zoom).then_some(zoom)
    }
}

impl SamanthaApp {
    /// Does what was chosen in the tray.
    pub(super) fn hear_tray(&mut self, event: TrayEvent, ctx: &egui::Context) {
        match event {
            TrayEvent::IsThere(is_there) => {
                self.view.has_tray = is_there;
                self.desktop.tray_changed(is_there, ctx);
            }
            TrayEvent::Show => self.desktop.show(ctx),
            TrayEvent::SetHandsFree(on) => self.set_hands_free(on, ctx),
            TrayEvent::SetMuted(on) => self.send(Command::SetMuted(on)),
            TrayEvent::Quit => self.desktop.quit(ctx),
        }
    }

    /// Where no program shows folders, the person may know a way to this file.
    pub(super) fn hand_out(&mut self, file: &Path, ctx: &egui::Context) {
        let path = file.display().to_string();
        let text = FILE_NOT_SHOWN.with(&[("path", &path)]);
        ctx.copy_text(path);
        self.view.apply(Event::Notice(Notice::new(Topic::Settings, text, false)));
    }

    /// The tray shows what she does, closing may only hide, and a size chosen by
    /// the keyboard is kept.
    pub(super) fn stand_on_desktop(&mut self, ctx: &egui::Context) {
        let window = &self.wiring.settings.window;
        self.desktop.watch_closing(window.close_to_tray && self.view.has_tray, ctx);
        let shown = window.tray.then(|| Shown {
            microphone: self.view.microphone_use(),
            hands_free: self.wiring.settings.listening.hands_free,
            is_muted: self.view.is_muted(),
        });
        if let Some(news) = self.desktop.news_for_tray(shown) {
            (self.wiring.tray)(news);
        }
        if let Some(zoom) = self.desktop.new_zoom(ctx)
            && zoom != window.zoom()
        {
            let mut settings = self.wiring.settings.clone();
            settings.window.zoom = zoom;
            self.change(settings, ctx);
        }
    }
}
