//! The memory page: what she remembers of the person, and what they can do
//! about it.
//!
//! Called by [`super::window_ui`] in place of the conversation. What is shown
//! is the session's last [`MemoryPage`]; what was typed, opened or asked back
//! is the window's own and ends with the page ([`MemoryState`]). At most one
//! thing is asked back at a time ([`AtHand`]), so that Escape has one meaning.

use super::theme::Palette;
use super::{Action, column_ui};
use crate::app::view::View;
use crate::remembering::Access;
use crate::session::{MemoryCommand, MemoryPage, Secret};
use crate::wording::memory_page as words;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    self, Align2, Button, CornerRadius, Frame, Label, Margin, Response, RichText, ScrollArea,
    TextEdit, Ui,
};
use jiff::Zoned;
use list::ListState;
use locked::LockState;
use memory::store::FactId;
use memory::vault::Keeper;

mod entry;
mod list;
mod locked;
mod protection;
pub mod recalled;

/// The edge of the scrolled area, where things fade.
pub(super) const FADED: f32 = 28.0;

/// How the page stands.
#[derive(Debug, Default)]
pub struct MemoryState {
    is_open: bool,
    focus: Option<Focus>,
    at_hand: AtHand,
    list: ListState,
    lock: LockState,
    recalled_open: bool,
}

/// What is to get the keyboard as soon as it is painted.
#[derive(Clone, Debug, PartialEq)]
enum Focus {
    /// The field the page begins with.
    First,
    /// A memory's button.
    Edit(FactId),
    /// A memory's button.
    Forget(FactId),
    /// The button of the memory with this wording, once it is there.
    EditOf(String),
    /// The field or the safe answer of what is at hand.
    AtHand,
    /// Changes who keeps the key.
    ChangeKeeper,
    /// Shows the recovery words.
    ShowWords,
    /// Hides them.
    HideWords,
    /// Asks to forget everything.
    ForgetEverything,
}

/// What is being changed, or asked back.
#[derive(Debug, Default, PartialEq)]
enum AtHand {
    #[default]
    Nothing,
    /// A memory is worded otherwise.
    Edit { fact: FactId, draft: String },
    /// Is it to be forgotten?
    Forget(FactId),
    /// The key is to be kept elsewhere.
    Protect { keeper: Keeper, passphrase: Secret, again: Secret },
    /// Is everything to be forgotten?
    ForgetEverything { typed: String },
}

impl MemoryState {
    /// Whether the page is shown.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Shows it, as if for the first time.
    pub fn open(&mut self) {
        *self = Self { is_open: true, focus: Some(Focus::First), ..Self::default() };
    }

    /// Leaves it; nothing typed stays.
    pub fn close(&mut self) {
        *self = Self::default();
    }

    /// Escape puts aside what is at hand, else leaves the field, else the page.
    pub fn escape(&mut self, field_has_keyboard: bool) {
        if self.at_hand != AtHand::Nothing {
            self.put_aside();
        } else if !field_has_keyboard || self.list.words.is_empty() && self.lock.is_blank() {
            self.close();
        }
    }

    /// Nothing is at hand any more; the keyboard goes back to where it came
    /// from.
    fn put_aside(&mut self) {
        self.focus = match std::mem::take(&mut self.at_hand) {
            AtHand::Nothing => None,
            AtHand::Edit { fact, .. } => Some(Focus::Edit(fact)),
            AtHand::Forget(fact) => Some(Focus::Forget(fact)),
            AtHand::Protect { .. } => Some(Focus::ChangeKeeper),
            AtHand::ForgetEverything { .. } => Some(Focus::ForgetEverything),
        };
    }

    /// Something is asked back from now on.
    fn take_in_hand(&mut self, what: AtHand) {
        self.at_hand = what;
        self.focus = Some(Focus::AtHand);
    }

    /// Gives the keyboard to a widget that is waited for; whether it was.
    fn focus_on(&mut self, target: &Focus, response: &Response) -> bool {
        let is_awaited = self.focus.take_if(|focus| focus == target).is_some();
        if is_awaited {
            response.request_focus();
            // The page itself goes to its beginning.
            if *target != Focus::First {
                bring_into_sight(response);
            }
            response.ctx.request_repaint();
        }
        is_awaited
    }
}

/// The whole page.
pub fn memory_ui(ui: &mut Ui, view: &View, state: &mut MemoryState, actions: &mut Vec<Action>) {
    let Some(page) = &view.memory else { return };
    let now = Zoned::now();
    let mut area = ScrollArea::vertical().id_salt("memory").auto_shrink(false);
    if state.focus == Some(Focus::First) {
        area = area.vertical_scroll_offset(0.0);
    }
    area.show(ui, |ui| {
        column_ui(ui, |ui| {
            ui.add_space(6.0);
            ui.label(RichText::new(words::TITLE).size(28.0));
            ui.add_space(6.0);
            match &page.access {
                Access::Locked { reason, opens_by } => {
                    locked::locked_ui(ui, view, &reason.to_string(), *opens_by, state, actions);
                }
                access => {
                    if state.lock.was_tried() {
                        state.lock = LockState::default();
                        state.focus = Some(Focus::First);
                    }
                    unkept_ui(ui, access, actions);
                    list::list_ui(ui, view, page, &now, state, actions);
                    rest_ui(ui, view, page, state, actions);
                }
            }
            ui.add_space(16.0);
        });
    });
}

/// Why nothing is kept, if that is so.
fn unkept_ui(ui: &mut Ui, access: &Access, actions: &mut Vec<Action>) {
    let Access::Unkept { reason } = access else { return };
    say_ui(ui, reason.as_deref().unwrap_or(&words::KEPT_NOWHERE));
    if reason.is_some() && button_ui(ui, &words::TRY_AGAIN, &words::TRY_AGAIN).clicked() {
        actions.push(Action::Memory(MemoryCommand::Retry));
    }
    ui.add_space(8.0);
}

/// What stands below the list.
fn rest_ui(
    ui: &mut Ui,
    view: &View,
    page: &MemoryPage,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    if let (Access::Open, Some(keeper)) = (&page.access, page.keeper) {
        protection::protection_ui(ui, view, keeper, state, actions);
    }
    let counts = &page.counts;
    if counts.facts + counts.superseded + counts.lines == 0 {
        return;
    }
    ui.add_space(24.0);
    protection::forget_everything_ui(ui, counts, state, actions);
    ui.add_space(16.0);
    small_ui(ui, &words::counts(counts));
}

/// A card to set something apart.
pub(super) fn card_ui<R>(
    ui: &mut Ui,
    fill: egui::Color32,
    add_contents: impl FnOnce(&mut Ui) -> R,
) -> R {
    let frame = Frame::new()
        .fill(fill)
        .stroke(Palette::of(ui).card_stroke())
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(16, 12));
    frame
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            add_contents(ui)
        })
        .inner
}

fn section_ui(ui: &mut Ui, title: &str) {
    ui.add_space(24.0);
    ui.heading(title);
}

pub(super) fn small_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap())
}

/// A sentence that is read out when it changes.
pub(super) fn say_ui(ui: &mut Ui, text: &str) {
    let label = ui.add(Label::new(text).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Status);
        node.set_label(text);
        node.set_live(Live::Polite);
    });
}

/// Brings what the tabulator went to into sight, clear of the faded edge.
pub(super) fn in_sight(response: Response) -> Response {
    if response.gained_focus() {
        bring_into_sight(&response);
    }
    response
}

pub(super) fn bring_into_sight(response: &Response) {
    let roomy = response.rect.expand2(egui::vec2(0.0, FADED));
    response.clone().with_new_rect(roomy).scroll_to_me(None);
}

/// Brings what was painted from here on into sight as a whole, if that can be:
/// who was asked something sees the answers too.
pub(super) fn bring_all_into_sight(ui: &Ui, top: f32) {
    let all = ui.min_rect().with_min_y(top).expand2(egui::vec2(0.0, FADED));
    if all.height() <= ui.clip_rect().height() {
        ui.scroll_to_rect(all, None);
    }
}

/// A button; `name` tells more than fits on it.
pub(super) fn button_ui(ui: &mut Ui, text: &str, name: &str) -> Response {
    in_sight(ui.button(text).accessible_name(name))
}

/// A button that is meant to be pressed. As long as it can't be, it looks like
/// any other: faded, neither its colour nor its words would be told.
pub(super) fn chief_button_ui(ui: &mut Ui, enabled: bool, text: &str) -> Response {
    let palette = Palette::of(ui);
    let button = match enabled {
        true => Button::new(RichText::new(text).color(palette.on_accent)).fill(palette.accent),
        false => Button::new(text),
    };
    in_sight(ui.add_enabled(enabled, button))
}

/// A field of one line; what a secret one held is not to be undone.
pub(super) fn field_ui(ui: &mut Ui, name: &str, text: &mut String, is_secret: bool) -> Response {
    let field = TextEdit::singleline(text)
        .id_salt(name)
        .password(is_secret)
        .hint_text(name)
        .align(Align2::LEFT_CENTER)
        .desired_width(f32::INFINITY);
    let response = in_sight(ui.add(field).accessible_name(name));
    if is_secret {
        forget_undone(ui, response.id);
    }
    response
}

/// A secret is kept nowhere but in its field.
fn forget_undone(ui: &Ui, field: egui::Id) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), field) {
        state.clear_undoer();
        state.store(ui.ctx(), field);
    }
}

/// Enter was pressed in this field.
pub(super) fn entered(ui: &Ui, field: &Response) -> bool {
    let enter = ui.input(|input| input.modifiers.is_none() && input.key_pressed(egui::Key::Enter));
    enter && (field.has_focus() || field.lost_focus())
}
