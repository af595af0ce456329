//! What the window shows, one file a part.
//!
//! Functions that end in `_ui` are called by [`crate::app`] on every repaint.
//! They read the view and the settings, keep only how the window itself stands
//! ([`UiState`]), and ask for [`Action`]s; they change nothing else.

use crate::app::downloads::DownloadCommand;
use crate::app::errands::Errand;
use crate::app::view::View;
use crate::session::{LettersCommand, MemoryCommand, Presence, Topic};
use crate::settings::{Motion, Settings, VoiceEngine};
use crate::wording::{self, Text};
use eframe::egui::{self, Align, Frame, Layout, Margin, TextStyle, Ui, UiBuilder, Vec2, vec2};
use presence::{Mood, Place};
use theme::{Palette, text_width};

pub mod pace;
pub mod theme;

mod announce;
mod bidi;
mod dock;
mod letters;
mod memory;
mod meter;
mod microphone;
mod notices;
mod presence;
mod record;
mod remedy;
mod room;
mod settings;
mod small;
mod status;
mod transcript;
mod weights;
mod welcome;

pub use dock::talk_button_id;
pub use meter::lit_ticks;
pub use small::{Small, small_ui};
pub use welcome::{Step, WelcomeState};

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
    /// Listen without a key, or by it alone.
    SetHandsFree(bool),
    /// Close the microphone until further notice, or open it again.
    SetMuted(bool),
    /// These are the settings now.
    Change(Box<Settings>),
    /// Fetch a weight, or stop.
    Download(DownloadCommand),
    /// Let this voice be heard.
    Hear(VoiceEngine),
    /// Record a few seconds of the microphone that is tried out, and play them.
    RecordTrial,
    /// Be welcomed, once more.
    OpenWelcome,
    /// Have something tried or measured.
    Errand(Errand),
    /// Show the memory page.
    OpenMemory,
    /// Leave it.
    CloseMemory,
    /// Something about what she remembers.
    Memory(MemoryCommand),
    /// Show past conversations.
    OpenLetters,
    /// Leave them.
    CloseLetters,
    /// Something about them.
    Letters(LettersCommand),
    /// Show the 24 words no longer.
    HideRecoveryPhrase,
}

/// How the window itself stands; nothing of it outlives the window.
#[derive(Debug, Default)]
pub struct UiState {
    /// The settings are open.
    pub settings_open: bool,
    /// A talk key that was refused, and why.
    pub hotkey_refused: Option<(String, String)>,
    /// The first run.
    pub welcome: WelcomeState,
    /// A field has the keyboard, which Escape takes away first.
    field_has_keyboard: bool,
    settings: settings::SettingsState,
    /// The notice whose details are shown.
    notice_details: Option<Topic>,
    weights_put_aside: bool,
    memory: memory::MemoryState,
    letters: letters::LettersState,
    dock: dock::DockState,
    presence: presence::PresenceState,
    transcript: transcript::TranscriptState,
}

impl UiState {
    /// Escape was pressed: if there is nothing to silence and no field to
    /// leave, the settings close, or the page that is open.
    pub fn escape(&mut self, presence: Presence) {
        if presence != Presence::Idle {
            return;
        }
        if !self.settings_open && self.letters.is_open() {
            self.letters.escape(self.field_has_keyboard);
        } else if !self.settings_open {
            self.memory.escape(self.field_has_keyboard);
        } else if !self.field_has_keyboard {
            self.settings_open = false;
        }
    }

    /// Opens the settings where they show how fast she answers; closes them if
    /// they do.
    pub fn toggle_latency(&mut self) {
        let latency = self.settings.latency();
        self.settings_open = !(self.settings_open && latency.is_open());
        latency.show(self.settings_open);
    }

    /// Opens the settings, in place of the memory page.
    fn open_settings(&mut self) {
        self.settings_open = true;
        self.memory.close();
    }

    /// Welcomes the person, in place of everything else.
    pub fn open_welcome(&mut self, settings: &Settings) {
        self.settings_open = false;
        self.hotkey_refused = None;
        self.welcome.open(settings);
    }

    /// Whether voices can be heard where the window stands.
    pub fn offers_voices(&self) -> bool {
        self.settings_open || self.welcome.step() == Some(Step::Voice)
    }

    /// Whether the memory page is shown.
    pub fn memory_open(&self) -> bool {
        self.memory.is_open()
    }

    /// Shows the memory page.
    pub fn open_memory(&mut self) {
        self.settings_open = false;
        self.letters.close();
        self.memory.open();
    }

    /// Whether past conversations are shown.
    pub fn letters_open(&self) -> bool {
        self.letters.is_open()
    }

    /// Shows past conversations.
    pub fn open_letters(&mut self) {
        self.settings_open = false;
        self.memory.close();
        self.letters.open();
    }

    /// Leaves them.
    pub fn close_letters(&mut self) {
        self.letters.close();
    }

    /// Leaves it.
    pub fn close_memory(&mut self) {
        self.memory.close();
    }
}

/// From this width on, settings stand beside the conversation.
const WIDE: f32 = 860.0;
/// Text is not set wider than this: longer lines tire the eye.
const COLUMN_WIDTH: f32 = 720.0;
const SETTINGS_WIDTH: f32 = 372.0;
/// From this width on, her name stands beside the buttons.
const NAMED: f32 = 540.0;
/// From this width on, the buttons have their full text.
const SPACIOUS: f32 = 560.0;

/// From this size on, what is left below the header makes an empty room; in a
/// smaller one she stands beside her state.
const ROOM: Vec2 = vec2(340.0, 420.0);
/// The lower edge takes at most this share of what is left below the header.
const DOCK_SHARE: f32 = 0.67;

/// The whole window.
pub fn window_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    if state.welcome.is_open() {
        welcome::welcome_ui(ui, view, settings, state, actions);
        state.field_has_keyboard = ui.ctx().text_edit_focused();
        return;
    }
    let palette = Palette::of(ui);
    let is_wide = ui.available_width() >= WIDE;
    let background = Frame::new().fill(palette.paper);
    egui::Panel::top("header").frame(background).show_separator_line(false).show(ui, |ui| {
        header_ui(ui, view, state, is_wide, actions);
        if view.off_the_record {
            record::sign_ui(ui, actions);
        }
        notices::notices_ui(ui, view, settings, state, actions);
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
        body_ui(ui, view, settings, state, actions);
    }
    announce::announce_ui(ui, view, settings);
    state.field_has_keyboard = ui.ctx().text_edit_focused();
}

fn header_ui(
    ui: &mut Ui,
    view: &View,
    state: &mut UiState,
    is_wide: bool,
    actions: &mut Vec<Action>,
) {
    let width = ui.available_width();
    Frame::new().inner_margin(Margin { left: 20, right: 12, top: 10, bottom: 4 }).show(ui, |ui| {
        let text = match width >= SPACIOUS {
            true => wording::NEW_CONVERSATION,
            false => wording::NEW,
        };
        if width < NAMED {
            let pages = [settings_page(state), memory_page(state), letters_page(state)];
            let pages = pages.map(|page| page.text(ui).get());
            fit_buttons(ui, &[text.get(), pages[0], pages[1], pages[2]]);
        }
        ui.horizontal(|ui| {
            if width >= NAMED {
                ui.heading(wording::HER_NAME);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                settings_button_ui(ui, state, is_wide, actions);
                let button = ui
                    .add_enabled(!view.is_blank(), quiet_button(text))
                    .accessible_name(wording::NEW_CONVERSATION);
                if button.clicked() {
                    actions.push(Action::NewConversation);
                }
                memory_button_ui(ui, state, actions);
                letters_button_ui(ui, state, actions);
            });
        });
    });
}

fn settings_button_ui(ui: &mut Ui, state: &mut UiState, is_wide: bool, actions: &mut Vec<Action>) {
    if !settings_page(state).button_ui(ui).clicked() {
        return;
    }
    state.settings_open = !state.settings_open;
    if state.settings_open {
        actions.push(Action::ListMicrophones);
        if !is_wide && state.memory.is_open() {
            actions.push(Action::CloseMemory);
        }
        if !is_wide && state.letters.is_open() {
            actions.push(Action::CloseLetters);
        }
    }
}

fn memory_button_ui(ui: &mut Ui, state: &UiState, actions: &mut Vec<Action>) {
    let page = memory_page(state);
    let button = page.button_ui(ui).on_hover_text(wording::memory_page::SHORTCUT);
    if button.clicked() {
        actions.push(if page.is_open { Action::CloseMemory } else { Action::OpenMemory });
    }
}

/// A page that the header opens and closes.
#[derive(Clone, Copy)]
struct Page {
    is_open: bool,
    open: Text,
    close: Text,
}

fn settings_page(state: &UiState) -> Page {
    let (open, close) = (wording::SETTINGS, wording::CLOSE_SETTINGS);
    Page { is_open: state.settings_open, open, close }
}

fn memory_page(state: &UiState) -> Page {
    use wording::memory_page::{CLOSE, MEMORY};
    Page { is_open: state.memory.is_open(), open: MEMORY, close: CLOSE }
}

fn letters_page(state: &UiState) -> Page {
    use wording::letters::{CLOSE, LETTERS};
    Page { is_open: state.letters.is_open(), open: LETTERS, close: CLOSE }
}

impl Page {
    fn name(self) -> Text {
        if self.is_open { self.close } else { self.open }
    }

    /// Shorter where there is little room.
    fn text(self, ui: &Ui) -> Text {
        let is_narrow = ui.ctx().content_rect().width() < SPACIOUS;
        if self.is_open && is_narrow { wording::CLOSE } else { self.name() }
    }

    fn button_ui(self, ui: &mut Ui) -> egui::Response {
        ui.add(quiet_button(self.text(ui))).accessible_name(self.name().get())
    }
}

/// Where buttons with these texts do not fit in a row, they stand closer, and
/// then in smaller letters.
fn fit_buttons(ui: &mut Ui, texts: &[&str]) {
    let width = |ui: &Ui, style: TextStyle| {
        let spacing = ui.spacing();
        let each = 2.0 * spacing.button_padding.x + spacing.item_spacing.x;
        texts.iter().map(|text| text_width(ui, &style, text) + each).sum::<f32>()
    };
    if width(ui, TextStyle::Button) > ui.available_width() {
        ui.spacing_mut().button_padding.x = 7.0;
        ui.spacing_mut().item_spacing.x = 2.0;
    }
    if width(ui, TextStyle::Button) > ui.available_width() {
        ui.style_mut().override_text_style = Some(TextStyle::Small);
    }
}

/// A button of the header: only its words, until it is pointed at or has the
/// keyboard.
fn quiet_button<'a>(text: impl Into<egui::WidgetText>) -> egui::Button<'a> {
    egui::Button::new(text.into()).frame_when_inactive(false)
}

fn letters_button_ui(ui: &mut Ui, state: &UiState, actions: &mut Vec<Action>) {
    let page = letters_page(state);
    let button = page.button_ui(ui).on_hover_text(wording::letters::SHORTCUT);
    if button.clicked() {
        actions.push(if page.is_open { Action::CloseLetters } else { Action::OpenLetters });
    }
}

/// The conversation or another page, above the dock.
fn body_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let background = Frame::new().fill(palette.paper);
    let in_memory = state.memory.is_open();
    let in_letters = state.letters.is_open();
    let in_page = in_memory || in_letters;
    let weights_missing = view.weights.missing().next().is_some();
    let offers_weights = weights_missing && !state.weights_put_aside;
    let room = ui.available_size();
    let is_roomy = room.x >= ROOM.x && room.y >= ROOM.y;
    let is_empty_room = is_roomy && !in_page && !offers_weights && view.is_empty_room();
    let parts = dock::DockParts {
        text_box: !in_page,
        presence: !is_empty_room,
        highest: room.y * DOCK_SHARE,
    };
    let dock = egui::Panel::bottom("dock").frame(background).show_separator_line(false);
    let beside = dock.show(ui, |ui| {
        column_ui(ui, |ui| dock::dock_ui(ui, view, settings, &mut state.dock, parts, actions))
    });
    if actions.iter().any(|action| matches!(action, Action::Say(_))) {
        state.transcript.follow();
    }
    let middle = egui::CentralPanel::default().frame(background).show(ui, |ui| {
        if is_empty_room {
            return Some(room::room_ui(ui, view, settings));
        }
        if in_memory {
            memory::memory_ui(ui, view, &mut state.memory, actions);
        } else if in_letters {
            letters::letters_ui(ui, view, settings, &mut state.letters, actions);
        } else if offers_weights {
            weights::missing_ui(ui, &view.weights, &mut state.weights_put_aside, actions);
        } else {
            let moves = moves(view, settings);
            transcript::transcript_ui(ui, view, settings, &mut state.transcript, moves);
        }
        None
    });
    let place = middle.inner.map(Place::Middle).or(beside.inner.map(Place::Beside));
    if let Some(place) = place {
        state.presence.show(ui, place, Mood::of(view), moves(view, settings));
    }
}

/// Whether anything moves by itself.
fn moves(view: &View, settings: &Settings) -> bool {
    match settings.window.motion {
        Motion::System => !view.system_is_still,
        Motion::Full => true,
        Motion::Still => false,
    }
}

/// Something, and something else at the right edge; below it where both do not
/// fit into one row. They need `width` together.
fn beside_ui<R>(
    ui: &mut Ui,
    width: f32,
    first: impl FnOnce(&mut Ui) -> R,
    second: impl FnOnce(&mut Ui),
) -> R {
    let room = ui.available_width();
    let at_right = |ui: &mut Ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.set_max_width(room);
            second(ui);
        });
    };
    if width + ui.spacing().item_spacing.x <= room {
        let both = |ui: &mut Ui| {
            let first = first(ui);
            at_right(ui);
            first
        };
        return ui.horizontal(both).inner;
    }
    let first = first(ui);
    ui.horizontal(at_right);
    first
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
