//! The first run: one screen a step, each with one thought.
//!
//! Called by [`super::window_ui`] in place of everything else while it is open.
//! It keeps where the person is and what they have not decided yet; all else is
//! asked for as actions, and takes effect at once. Whoever only presses Enter
//! goes through all of it and ends in a conversation.

use super::presence::{Mood, Place, PresenceState};
use super::theme::{self, Palette};
use super::{Action, UiState, column_ui};
use crate::app::view::View;
use crate::session::Presence;
use crate::settings::Settings;
use crate::wording::{Text, welcome as words};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    self, Align, Align2, Button, Frame, Id, Key, Label, Layout, Margin, RichText, ScrollArea,
    Sense, TextEdit, Ui, UiBuilder, vec2,
};
use key::KeyState;
use models::Models;

mod key;
mod microphone;
mod models;
mod voice;

/// One screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What she is.
    Hello,
    /// Where words go.
    Privacy,
    /// The person's name.
    Name,
    /// What has to be fetched.
    Models,
    /// The microphone.
    Microphone,
    /// Her voice.
    Voice,
    /// The talk key.
    Key,
    /// How to begin.
    Ready,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 8] = [
        Self::Hello,
        Self::Privacy,
        Self::Name,
        Self::Models,
        Self::Microphone,
        Self::Voice,
        Self::Key,
        Self::Ready,
    ];

    /// Beginning at 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The step after it, if there is one.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The step before it, if there is one.
    pub fn back(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|before| Self::ALL[before])
    }
}

/// Where the person goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Next,
    Back,
    Skip,
}

/// How far the welcome has come.
#[derive(Debug, Default)]
pub struct WelcomeState {
    /// `None` while it is closed.
    step: Option<Step>,
    /// The step has just been reached: what is usual there gets the keyboard.
    is_new: bool,
    name: String,
    models: Models,
    key: KeyState,
    presence: PresenceState,
}

impl WelcomeState {
    /// Begins with the first step.
    pub fn open(&mut self, settings: &Settings) {
        let name = settings.person.name.clone();
        *self = Self { step: Some(Step::Hello), is_new: true, name, ..Self::default() };
    }

    /// The step that is shown, if any.
    pub fn step(&self) -> Option<Step> {
        self.step
    }

    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.step.is_some()
    }

    /// Whether the microphone is to be open for a trial.
    pub fn tries_microphone(&self) -> bool {
        self.step == Some(Step::Microphone)
    }

    /// Whether a key that makes her listen is only tried out, and was pressed
    /// just now.
    pub fn takes_key(&mut self, presence: Presence) -> bool {
        self.step == Some(Step::Key) && self.key.pressed(presence == Presence::Listening)
    }

    fn go(
        &mut self,
        from: Step,
        to: Move,
        view: &View,
        wanted: &mut Settings,
        actions: &mut Vec<Action>,
    ) {
        if from == Step::Name && to != Move::Skip {
            self.name.trim().clone_into(&mut wanted.person.name);
        }
        if from == Step::Models && to == Move::Next {
            self.models.begin(&view.weights, actions);
        }
        self.step = match to {
            Move::Next => from.next(),
            Move::Back => from.back(),
            Move::Skip => None,
        };
        self.is_new = true;
        self.key = KeyState::default();
        wanted.window.welcomed |= self.step.is_none();
    }
}

/// Wider than this, a thought no longer reads as one.
const THOUGHT_WIDTH: f32 = 560.0;
const NEXT_SIZE: egui::Vec2 = vec2(168.0, 52.0);

/// The whole window.
pub fn welcome_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut UiState,
    actions: &mut Vec<Action>,
) {
    let UiState { welcome, hotkey_refused, .. } = state;
    let Some(step) = welcome.step else { return };
    let mut wanted = settings.clone();
    let background = Frame::new().fill(Palette::of(ui).paper);
    let is_new = std::mem::take(&mut welcome.is_new);
    let skip = egui::Panel::top("welcome")
        .frame(background)
        .show_separator_line(false)
        .show(ui, |ui| where_ui(ui, step))
        .inner;
    let go = egui::Panel::bottom("way on")
        .frame(background)
        .show_separator_line(false)
        .show(ui, |ui| way_on_ui(ui, step, view, welcome, is_new, actions))
        .inner;
    let mut entered = None;
    egui::CentralPanel::default().frame(background).show(ui, |ui| {
        let height = ui.available_height();
        ScrollArea::vertical().id_salt(step.number()).auto_shrink(false).show(ui, |ui| {
            column_ui(ui, |ui| {
                thought_frame_ui(ui, |ui| {
                    ui.add_space(((height - 420.0) * 0.4).clamp(4.0, 120.0));
                    presence_ui(ui, step, view, settings, &mut welcome.presence);
                    heading_ui(ui, step, settings);
                    entered =
                        content_ui(ui, step, view, &mut wanted, welcome, hotkey_refused, actions);
                    ui.add_space(12.0);
                    if is_new && step == Step::Name {
                        ui.memory_mut(|memory| memory.request_focus(name_id()));
                    }
                });
            });
        });
    });
    if let Some(to) = skip.or(go).or(entered) {
        welcome.go(step, to, view, &mut wanted, actions);
        *hotkey_refused = None;
        ui.ctx().request_repaint();
    }
    if wanted != *settings {
        actions.push(Action::Change(Box::new(wanted)));
    }
}

/// In the settings: the way back to it.
pub fn again_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.add_space(12.0);
    if ui.button(words::AGAIN.get()).clicked() {
        actions.push(Action::OpenWelcome);
    }
}

/// Which step it is, and the way out.
fn where_ui(ui: &mut Ui, step: Step) -> Option<Move> {
    Frame::new()
        .inner_margin(Margin::symmetric(20, 14))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                let count = Step::ALL.len();
                let text = RichText::new(words::step_of(step.number(), count)).weak();
                let label = ui.add(Label::new(text).selectable(false));
                let announced = words::announced(step.number(), count, &words::title(step));
                ui.ctx().accesskit_node_builder(label.id, |node| {
                    node.set_role(Role::Status);
                    node.set_label(announced);
                    node.set_live(Live::Polite);
                });
                let skip = |ui: &mut Ui| {
                    let button = ui.button(words::SKIP.get()).accessible_name(words::SKIP_ALL);
                    button.clicked().then_some(Move::Skip)
                };
                ui.with_layout(Layout::right_to_left(Align::Center), skip).inner
            })
            .inner
        })
        .inner
}

/// The lower edge: what is being fetched, the way back and the way on.
fn way_on_ui(
    ui: &mut Ui,
    step: Step,
    view: &View,
    state: &mut WelcomeState,
    is_new: bool,
    actions: &mut Vec<Action>,
) -> Option<Move> {
    let mut to = None;
    column_ui(ui, |ui| {
        thought_frame_ui(ui, |ui| {
            state.models.progress_ui(ui, &view.weights, actions);
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if step.back().is_some() {
                    let back = Button::new(words::BACK.get()).min_size(vec2(96.0, NEXT_SIZE.y));
                    if ui.add(back.corner_radius(NEXT_SIZE.y / 2.0)).clicked() {
                        to = Some(Move::Back);
                    }
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if next_ui(ui, step, view, state, is_new) {
                        to = Some(Move::Next);
                    }
                });
            });
            ui.add_space(20.0);
        });
    });
    to
}

fn next_ui(ui: &mut Ui, step: Step, view: &View, state: &WelcomeState, is_new: bool) -> bool {
    let palette = Palette::of(ui);
    let text = match step {
        Step::Models if state.models.has_more(&view.weights) => words::DOWNLOAD,
        Step::Ready => words::BEGIN,
        _ => words::NEXT,
    };
    let has_keyboard = ui.memory(|memory| memory.has_focus(next_id()));
    let fill = match has_keyboard {
        true => palette.accent.lerp_to_gamma(palette.ink, 0.15),
        false => palette.accent,
    };
    let (_, rect) = ui.allocate_space(NEXT_SIZE);
    let response = ui.interact(rect, next_id(), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Button, true, text.get()));
    let radius = rect.height() / 2.0;
    let fill = if response.hovered() { fill.lerp_to_gamma(palette.ink, 0.15) } else { fill };
    ui.painter().rect_filled(rect, radius, fill);
    if has_keyboard {
        let ring = egui::Stroke::new(2.5, palette.accent);
        ui.painter().rect_stroke(rect.expand(4.0), radius + 4.0, ring, egui::StrokeKind::Middle);
    }
    let font = egui::TextStyle::Button.resolve(ui.style());
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, palette.on_accent);
    // Also when Escape or a click beside everything took the keyboard away.
    let is_free = ui.memory(|memory| memory.focused().is_none());
    if (is_new && step != Step::Name) || (is_free && !is_new) {
        response.request_focus();
    }
    response.clicked()
}

/// She herself, where she greets and where she is met.
fn presence_ui(
    ui: &mut Ui,
    step: Step,
    view: &View,
    settings: &Settings,
    presence: &mut PresenceState,
) {
    if matches!(step, Step::Hello | Step::Ready) {
        let (rect, _) = ui.allocate_exact_size(vec2(112.0, 112.0), Sense::hover());
        let moves = super::moves(view, settings);
        presence.show(ui, Place::Middle(rect), Mood::of(view), moves);
        ui.add_space(8.0);
    }
}

fn heading_ui(ui: &mut Ui, step: Step, settings: &Settings) {
    let title = words::title(step);
    let label = ui.add(Label::new(RichText::new(title.get()).size(32.0)).wrap().selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(title);
    });
    ui.add_space(6.0);
    for paragraph in words::thought(step, settings) {
        thought_ui(ui, paragraph.get());
    }
    ui.add_space(8.0);
}

/// Returns the way on, where it was taken from the content.
fn content_ui(
    ui: &mut Ui,
    step: Step,
    view: &View,
    wanted: &mut Settings,
    state: &mut WelcomeState,
    refused: &Option<(String, String)>,
    actions: &mut Vec<Action>,
) -> Option<Move> {
    match step {
        Step::Hello | Step::Privacy => {}
        Step::Name => return name_ui(ui, &mut state.name),
        Step::Models => state.models.models_ui(ui, &view.weights),
        Step::Microphone => microphone::microphone_ui(ui, view, wanted, actions),
        Step::Voice => voice::voice_ui(ui, view, wanted, actions),
        Step::Key => key::key_ui(ui, view, wanted, &mut state.key, refused.as_ref(), actions),
        Step::Ready => ready_ui(ui, view, wanted, &state.models),
    }
    None
}

fn name_ui(ui: &mut Ui, name: &mut String) -> Option<Move> {
    let field = TextEdit::singleline(name)
        .id(name_id())
        .margin(Margin::symmetric(14, 12))
        .align(Align2::LEFT_CENTER)
        .desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name(words::NAME);
    let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    is_entered.then_some(Move::Next)
}

fn ready_ui(ui: &mut Ui, view: &View, settings: &Settings, models: &Models) {
    thought_ui(ui, &words::how_to_begin(&settings.talk));
    thought_ui(ui, &words::WRITE_TOO);
    let text = if view.weights.missing().next().is_some() {
        if models.is_fetching(&view.weights) { words::ALMOST } else { words::NOT_YET }
    } else if view.hearing.is_none() || view.dialogue.is_none() {
        words::WAKING
    } else {
        words::READY
    };
    status_ui(ui, text);
}

/// A paragraph to be read at leisure.
fn thought_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(thought(text)).wrap().selectable(false));
    ui.add_space(4.0);
}

fn thought(text: &str) -> RichText {
    RichText::new(text).size(18.0).line_height(Some(theme::LETTER_LINE_HEIGHT))
}

/// How something stands: told when it changes.
fn status_ui(ui: &mut Ui, text: Text) {
    let label = ui.add(Label::new(thought(&text).strong()).wrap().selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Status);
        node.set_label(text);
        node.set_live(Live::Polite);
    });
}

/// What went wrong, and what to do.
fn trouble_ui(ui: &mut Ui, text: &str) {
    let text_color = Palette::of(ui).accent;
    let label = ui.add(Label::new(RichText::new(text).color(text_color)).wrap().selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Alert);
        node.set_label(text);
        node.set_live(Live::Polite);
    });
}

fn hint_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap().selectable(false));
}

/// In the middle, as wide as a thought.
fn thought_frame_ui<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let width = room.width().min(THOUGHT_WIDTH);
    let left = room.center().x - width / 2.0;
    let column = egui::Rect::from_x_y_ranges(left..=left + width, room.y_range());
    ui.scope_builder(UiBuilder::new().max_rect(column), add_contents).inner
}

/// The way on.
fn next_id() -> Id {
    Id::unique("next step")
}

fn name_id() -> Id {
    Id::unique("the person's name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_each_other_both_ways() {
        let mut step = Step::ALL[0];
        assert_eq!(step.back(), None);
        for expected in 2..=Step::ALL.len() {
            let next = step.next().expect("another one");
            assert_eq!((next.number(), next.back()), (expected, Some(step)));
            step = next;
        }
        assert_eq!(step.next(), None);
    }

    #[test]
    fn a_key_is_only_tried_where_it_is_chosen() {
        let mut state = WelcomeState { step: Some(Step::Voice), ..WelcomeState::default() };
        assert!(!state.takes_key(Presence::Listening));
        state.step = Some(Step::Key);
        assert!(!state.takes_key(Presence::Idle));
        assert!(state.takes_key(Presence::Listening), "pressed");
        assert!(!state.takes_key(Presence::Listening), "and told once");
    }
}
