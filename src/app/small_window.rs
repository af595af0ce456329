//! The small window: there while the large one is hidden and the person talks
//! with her, gone when she has finished.
//!
//! It is made once, unseen, while the large window is still painted, because the
//! windowing library makes none for a hidden one; then it is only shown and
//! hidden. It takes no keyboard and no mouse.

use super::desktop::can_hide;
use super::view::View;
use crate::session::Presence;
use crate::settings::Settings;
use crate::ui::{Small, small_ui};
use crate::wording;
use eframe::egui::{self, ViewportBuilder, ViewportCommand, ViewportId, X11WindowType};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// It stays so long after she has finished.
const STAYS: Duration = Duration::from_millis(1500);
/// It is made when the large window has been there for a moment: not while the
/// first picture is awaited.
const MADE_AFTER: Duration = Duration::from_secs(2);
/// From the lower edge of the screen.
const ABOVE_EDGE_PX: f32 = 72.0;

/// See the module.
#[derive(Debug)]
pub struct SmallWindow {
    is_possible: bool,
    begun_at: Instant,
    is_made: bool,
    shown: Shown,
    /// How large everything was when it was made or measured last.
    zoom: f32,
    /// Shared with what paints it, on the same thread.
    content: Arc<Mutex<Small>>,
}

/// Whether it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Shown {
    is_shown: bool,
    idle_since: Option<Instant>,
}

impl Default for SmallWindow {
    fn default() -> Self {
        Self {
            is_possible: can_hide(),
            begun_at: Instant::now(),
            is_made: false,
            shown: Shown::default(),
            zoom: 1.0,
            content: Arc::default(),
        }
    }
}

fn id() -> ViewportId {
    ViewportId::from_hash_of("small window")
}

impl SmallWindow {
    /// Shows and hides it; call whenever something happened, also while the large
    /// window is hidden. `in_tray`: it was hidden there.
    pub fn follow(&mut self, ctx: &egui::Context, in_tray: bool, view: &View, settings: &Settings) {
        if !self.is_made {
            return;
        }
        let is_hidden = in_tray || ctx.input(|input| input.viewport().visible() == Some(false));
        let is_wanted = is_hidden && settings.window.small_window;
        let now = Instant::now();
        let was_shown = self.shown.is_shown;
        self.shown.follow(is_wanted, view.presence, now);
        let is_shown = self.shown.is_shown;
        if is_shown != was_shown {
            ctx.send_viewport_cmd_to(id(), ViewportCommand::Visible(is_shown));
        }
        if !is_shown {
            return;
        }
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        if content.follow(view, settings) || !was_shown {
            ctx.request_repaint_of(id());
        }
        if let Some(since) = self.shown.idle_since {
            ctx.request_repaint_after((since + STAYS).saturating_duration_since(now));
        }
    }

    /// Keeps it alive; call whenever the large window is painted.
    pub fn keep(&mut self, ctx: &egui::Context, settings: &Settings) {
        let is_of_use = self.is_possible && settings.window.small_window && !ctx.embed_viewports();
        if !is_of_use && !self.is_made {
            return;
        }
        let wait = MADE_AFTER.saturating_sub(self.begun_at.elapsed());
        if !wait.is_zero() {
            ctx.request_repaint_after(wait);
            return;
        }
        let was_made = std::mem::replace(&mut self.is_made, true);
        let is_other = std::mem::replace(&mut self.zoom, ctx.zoom_factor()) != self.zoom;
        if was_made && is_other {
            ctx.send_viewport_cmd_to(id(), ViewportCommand::InnerSize(Small::SIZE));
            if let Some(place) = place(ctx) {
                ctx.send_viewport_cmd_to(id(), ViewportCommand::OuterPosition(place));
            }
        }
        let content = self.content.clone();
        ctx.show_viewport_deferred(id(), builder(ctx), move |ui, _class| {
            let mut content = content.lock().unwrap_or_else(PoisonError::into_inner);
            small_ui(ui, &mut content);
        });
    }
}

fn builder(ctx: &egui::Context) -> ViewportBuilder {
    let builder = ViewportBuilder::default()
        .with_app_id("samantha")
        .with_title(wording::HER_NAME)
        .with_inner_size(Small::SIZE)
        .with_resizable(false)
        .with_decorations(false)
        .with_taskbar(false)
        .with_always_on_top()
        .with_active(false)
        .with_mouse_passthrough(true)
        .with_window_type(X11WindowType::Notification)
        .with_visible(false);
    match place(ctx) {
        Some(place) => builder.with_position(place),
        None => builder,
    }
}

/// Where it belongs, if the screen is known.
fn place(ctx: &egui::Context) -> Option<egui::Pos2> {
    let screen = ctx.input(|input| input.viewport().monitor_size)?;
    let left = (screen.x - Small::SIZE.x) / 2.0;
    Some(egui::pos2(left, screen.y - Small::SIZE.y - ABOVE_EDGE_PX))
}

impl Shown {
    /// It comes when she begins to listen, and leaves a moment after she has
    /// finished, or when the large window is back.
    fn follow(&mut self, is_wanted: bool, presence: Presence, now: Instant) {
        if !is_wanted {
            *self = Self::default();
        } else if presence == Presence::Idle {
            let since = *self.idle_since.get_or_insert(now);
            self.is_shown &= now - since < STAYS;
        } else {
            self.idle_since = None;
            self.is_shown |= presence == Presence::Listening;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_with_listening_and_leaves_when_she_has_finished() {
        use Presence::{Idle, Listening, Speaking, Thinking};
        let begun = Instant::now();
        let mut shown = Shown::default();
        for (at_ms, is_wanted, presence, expect) in [
            (0, true, Idle, false),
            (100, true, Speaking, false),
            (200, true, Idle, false),
            (300, true, Listening, true),
            (400, true, Thinking, true),
            (500, true, Speaking, true),
            (2_000, true, Idle, true),
            (3_400, true, Idle, true),
            (3_500, true, Idle, false),
            (3_600, true, Speaking, false),
            (3_700, true, Listening, true),
            (3_800, false, Listening, false),
            (3_900, true, Thinking, false),
        ] {
            shown.follow(is_wanted, presence, begun + Duration::from_millis(at_ms));
            assert_eq!(shown.is_shown, expect, "after {at_ms} ms");
        }
    }

    #[test]
    fn a_question_within_the_moment_keeps_it() {
        let begun = Instant::now();
        let mut shown = Shown::default();
        shown.follow(true, Presence::Listening, begun);
        shown.follow(true, Presence::Idle, begun + Duration::from_secs(1));
        shown.follow(true, Presence::Listening, begun + Duration::from_secs(2));
        shown.follow(true, Presence::Idle, begun + Duration::from_secs(3));
        shown.follow(true, Presence::Idle, begun + Duration::from_secs(4));
        assert!(shown.is_shown);
    }
}
