//! What the window shows, one file a part.
//!
//! Functions that end in `_ui` are called by [`crate::app`] on every repaint.
//! They read the view and the settings, keep only how the window itself stands
//! ([`UiState`]), and ask for [`Action`]s; they change nothing else.

use crate::app::downloads::DownloadCommand;
use crate::app::view::View;
use crate::session::{Presence, Topic};
use crate::settings::Settings;
use crate::wording;
use eframe::egui::{self, Align, Frame, Layout, Margin, Ui, UiBuilder};
use theme::Palette;

pub mod theme;

mod announce;
mod dock;
mod meter;
mod notices;
mod settings;
mod shape;
mod transcript;
mod weights;

pub use dock::talk_button_id;

/// What the person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The talk button is held down; asked for on every repaint while it is.
    HoldTalkButton,
    /// The talk button was operated by keyboard or screen reader, which can
    /// not hold it.
    ToggleTalk,
    /// A written message.
    Say(String),
    /// Begin a new conversation.
    NewConversation,
    /// Show the notice on this topic no longer.
    DismissNotice(Topic),
    /// Look which microphones there are.
    ListMicrophones,
    /// Use this talk key, if it can be used.
    ProposeHotkey(String),
    /// These are the settings now.
    Change(Box<Settings>),
    /// Fetch a weight, or stop.
    Download(DownloadCommand),
}

/// How the window itself stands; nothing of it outlives the window.
#[derive(Debug, Default)]
pub struct UiState {
    /// The settings are open.
    pub settings_open: bool,
    /// A talk key that was refused, and why.
    pub hotkey_refused: Option<(String, String)>,
    /// A field has the keyboard, which Escape takes away first.
    field_has_keyboard: bool,
    weights_put_aside: bool,
    dock: dock::DockState,
    transcript: transcript::TranscriptState,
}

impl UiState {
    /// Escape was pressed: nothing to silence, no field to leave, so the
    /// settings close.
    pub fn escape(&mut self, presence: Presence) {
        if presence == Presence::Idle && !self.field_has_keyboard {
            self.settings_open = false;
        }
    }
}

/// From this width on, settings stand beside the conversation.
const WIDE: f32 = 860.0;
/// Text is not set wider than this: longer lines tire the eye.
const COLUMN_WIDTH: f32 = 720.0;
const SETTINGS_WIDTH: f32 = 372.0;

/// The whole window.
pub fn window_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let is_wide = ui.available_width() >= WIDE;
    let background = Frame::new().fill(palette.paper);
    egui::Panel::top("header").frame(background).show_separator_line(false).show(ui, |ui| {
        header_ui(ui, view, state, actions);
        notices::notices_ui(ui, &view.notices, actions);
    });
    if state.settings_open && is_wide {
        egui::Panel::right("settings")
            .exact_size(SETTINGS_WIDTH)
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(palette.sheet))
            .show(ui, |ui| settings::settings_ui(ui, view, settings, state, actions));
    }
    if state.settings_open && !is_wide {
        egui::CentralPanel::default()
            .frame(Frame::new().fill(palette.sheet))
            .show(ui, |ui| settings::settings_ui(ui, view, settings, state, actions));
    } else {
        conversation_ui(ui, view, settings, state, actions);
    }
    announce::announce_ui(ui, view, settings);
    state.field_has_keyboard = ui.ctx().text_edit_focused();
}

fn header_ui(ui: &mut Ui, view: &View, state: &mut UiState, actions: &mut Vec<Action>) {
    Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.heading(wording::HER_NAME);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let was_open = state.settings_open;
                let label = if was_open { wording::CLOSE_SETTINGS } else { wording::SETTINGS };
                if ui.button(label).clicked() {
                    state.settings_open = !was_open;
                    if state.settings_open {
                        actions.push(Action::ListMicrophones);
                    }
                }
                if ui
                    .add_enabled(!view.is_blank(), egui::Button::new(wording::NEW_CONVERSATION))
                    .clicked()
                {
                    actions.push(Action::NewConversation);
                }
            });
        });
    });
}

fn conversation_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let background = Frame::new().fill(palette.paper);
    egui::Panel::bottom("dock").frame(background).show_separator_line(false).show(ui, |ui| {
        column_ui(ui, |ui| dock::dock_ui(ui, view, settings, &mut state.dock, actions));
    });
    if actions.iter().any(|action| matches!(action, Action::Say(_))) {
        state.transcript.follow();
    }
    egui::CentralPanel::default().frame(background).show(ui, |ui| {
        let weights_missing = view.weights.missing().next().is_some();
        if weights_missing && !state.weights_put_aside {
            weights::missing_ui(ui, &view.weights, &mut state.weights_put_aside, actions);
        } else if view.is_blank() {
            greeting_ui(ui, settings);
        } else {
            transcript::transcript_ui(ui, view, settings, &mut state.transcript);
        }
    });
}

fn greeting_ui(ui: &mut Ui, settings: &Settings) {
    column_ui(ui, |ui| {
        ui.add_space((ui.available_height() * 0.3).max(16.0));
        ui.vertical_centered(|ui| {
            ui.set_max_width(ui.available_width().min(440.0));
            ui.label(egui::RichText::new(wording::GREETING).size(30.0));
            ui.add_space(10.0);
            let text = egui::RichText::new(wording::how_to_begin(settings))
                .line_height(Some(theme::LETTER_LINE_HEIGHT))
                .color(Palette::of(ui).soft_ink);
            ui.add(egui::Label::new(text).wrap());
        });
    });
}

/// A centred column, not wider than reads well.
fn column_ui<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let column = column_rect(ui.available_rect_before_wrap());
    ui.scope_builder(UiBuilder::new().max_rect(column), add_contents).inner
}

fn column_rect(available: egui::Rect) -> egui::Rect {
    let width = (available.width() - 40.0).clamp(0.0, COLUMN_WIDTH);
    let left = available.center().x - width / 2.0;
    egui::Rect::from_x_y_ranges(left..=left + width, available.y_range())
}
