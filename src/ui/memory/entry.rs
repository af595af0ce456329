//! One memory: what she would say, where it is from, and changing it.

use super::super::theme::{Palette, text_width};
use super::super::{Action, bidi};
use super::{
    AtHand, Focus, MemoryState, bring_all_into_sight, button_ui, card_ui, chief_button_ui, entered,
    in_sight, small_ui,
};
use crate::session::{MemoryCommand, MemoryEntry};
use crate::wording::memory::to_the_person;
use crate::wording::memory_page as words;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    self, Key, KeyboardShortcut, Label, Modifiers, RichText, TextEdit, Ui, Vec2, vec2,
};
use jiff::Zoned;
use memory::store::PERSON;
use memory::store::facts::{Fact, State};

/// Below this she is told to be unsure.
const SURE: f32 = 0.65;
/// Beside and between the words of its buttons.
const BUTTON_PADDING: f32 = 10.0;
const BUTTON_GAP: f32 = 6.0;
/// From this width on they stand beside what the memory is about.
const WIDE: f32 = 480.0;

/// A memory as a card. `successor` took its place.
pub fn entry_ui(
    ui: &mut Ui,
    entry: &MemoryEntry,
    successor: Option<&Fact>,
    now: &Zoned,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let fact = &entry.fact;
    let holds = fact.state == State::Current;
    let fill = if holds { palette.field } else { palette.sheet };
    card_ui(ui, fill, |ui| {
        let told = to_the_person(&fact.statement);
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| node.set_role(Role::ListItem));
        ui.spacing_mut().item_spacing.y = 5.0;
        if matches!(&state.at_hand, AtHand::Edit { fact: id, .. } if *id == fact.id) {
            edit_ui(ui, fact, state, actions);
            return;
        }
        let ink = if holds { palette.ink } else { palette.soft_ink };
        let was_open = state.list.opened.contains(&fact.id);
        let told_text = RichText::new(&told).size(17.0).color(ink);
        let top = ui.add(bidi::label(ui, told_text)).rect.top();
        if !holds {
            let text = match successor {
                Some(by) => words::changed(&to_the_person(&by.statement), by.said_at, now),
                None => format!("{}.", words::NO_LONGER),
            };
            ui.add(Label::new(RichText::new(text).small()).wrap());
        } else if fact.confidence < SURE {
            ui.add(Label::new(RichText::new(words::NOT_SURE).small().italics()).wrap());
        }
        let who = fact.about.as_ref().map(|(_, who)| who);
        let about = words::about_fact(fact.topic, who, fact.said_at, now);
        if ui.available_width() >= WIDE {
            ui.horizontal(|ui| {
                let buttons_width = buttons_width(ui, holds);
                let size = vec2(ui.available_width() - buttons_width, ui.spacing().interact_size.y);
                ui.allocate_ui(size, |ui| {
                    ui.set_width(size.x);
                    small_ui(ui, &about);
                });
                buttons_ui(ui, fact, &told, state);
            });
        } else {
            small_ui(ui, &about);
            ui.horizontal_wrapped(|ui| buttons_ui(ui, fact, &told, state));
        }
        if state.list.opened.contains(&fact.id) {
            sources_ui(ui, entry, now);
            if !was_open {
                bring_all_into_sight(ui, top);
            }
        }
        if state.at_hand == AtHand::Forget(fact.id) {
            forget_ui(ui, fact, &told, state, actions);
        }
    });
}

/// How wide the buttons are in one row.
fn buttons_width(ui: &Ui, holds: bool) -> f32 {
    let width = |text: &str| text_width(ui, &egui::TextStyle::Small, text) + 2.0 * BUTTON_PADDING;
    let source = width(&words::SOURCE).max(width(&words::HIDE_SOURCE));
    let edit = if holds { width(&words::EDIT) + BUTTON_GAP } else { 0.0 };
    source + BUTTON_GAP + edit + width(&words::FORGET) + ui.spacing().item_spacing.x
}

fn buttons_ui(ui: &mut Ui, fact: &Fact, told: &str, state: &mut MemoryState) {
    let spacing = ui.spacing_mut();
    spacing.button_padding = Vec2::new(BUTTON_PADDING, 4.0);
    spacing.interact_size.y = 30.0;
    spacing.item_spacing.x = BUTTON_GAP;
    ui.style_mut().override_text_style = Some(egui::TextStyle::Small);
    let is_open = state.list.opened.contains(&fact.id);
    let text = if is_open { words::HIDE_SOURCE } else { words::SOURCE };
    let source = button_ui(ui, &text, &words::of_memory(&text, told));
    ui.ctx().accesskit_node_builder(source.id, |node| node.set_expanded(is_open));
    if source.clicked() && !state.list.opened.remove(&fact.id) {
        state.list.opened.insert(fact.id);
    }
    // What is history is not worded anew.
    if fact.state == State::Current {
        let edit = button_ui(ui, &words::EDIT, &words::of_memory(&words::EDIT, told));
        state.focus_on(&Focus::Edit(fact.id), &edit);
        state.focus_on(&Focus::EditOf(fact.statement.clone()), &edit);
        if edit.clicked() {
            let draft = fact.statement.clone();
            state.take_in_hand(AtHand::Edit { fact: fact.id, draft });
        }
    }
    let forget = button_ui(ui, &words::FORGET, &words::of_memory(&words::FORGET, told));
    state.focus_on(&Focus::Forget(fact.id), &forget);
    if forget.clicked() {
        state.take_in_hand(AtHand::Forget(fact.id));
    }
}

/// The sentences it came from.
fn sources_ui(ui: &mut Ui, entry: &MemoryEntry, now: &Zoned) {
    ui.add_space(4.0);
    if entry.sources.is_empty() {
        small_ui(ui, &words::NO_SOURCE);
    }
    for line in &entry.sources {
        // In an imported conversation it may be somebody else.
        let speaker = (line.speaker != PERSON).then_some(line.speaker.as_str());
        small_ui(ui, &words::said_by(speaker, line.at, now));
        ui.indent(line.id, |ui| {
            ui.add(bidi::label(ui, RichText::new(words::quoted(&line.text)).italics()));
        });
    }
}

/// The statement in the person's own voice, to be worded anew.
fn edit_ui(ui: &mut Ui, fact: &Fact, state: &mut MemoryState, actions: &mut Vec<Action>) {
    let AtHand::Edit { draft, .. } = &mut state.at_hand else { return };
    small_ui(ui, &words::IN_YOUR_VOICE);
    let field = TextEdit::multiline(draft)
        .id_salt("draft")
        .desired_rows(1)
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(12, 9))
        .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter));
    let field = in_sight(ui.add(field).accessible_name(words::IN_YOUR_VOICE));
    // A statement is one line.
    let statement = draft.split_whitespace().collect::<Vec<_>>().join(" ");
    let can_save = !statement.is_empty();
    let (save, cancel) = ui
        .horizontal(|ui| {
            let save = chief_button_ui(ui, can_save, &words::SAVE).clicked();
            (save, button_ui(ui, &words::CANCEL, &words::CANCEL).clicked())
        })
        .inner;
    state.focus_on(&Focus::AtHand, &field);
    if can_save && (save || entered(ui, &field)) {
        state.put_aside();
        if statement != fact.statement {
            state.focus = Some(Focus::EditOf(statement.clone()));
            let edit = MemoryCommand::Edit { fact: fact.id, statement };
            actions.push(Action::Memory(edit));
        }
    } else if cancel {
        state.put_aside();
    }
}

/// Asks once before it is gone.
fn forget_ui(
    ui: &mut Ui,
    fact: &Fact,
    told: &str,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    ui.add_space(6.0);
    let question = ui.add(Label::new(words::FORGET_THIS).wrap());
    ui.ctx().accesskit_node_builder(question.id, |node| {
        node.set_role(Role::Alert);
        node.set_label(words::FORGET_THIS);
        node.set_live(Live::Assertive);
    });
    ui.horizontal(|ui| {
        let forget = chief_button_ui(ui, true, &words::FORGET);
        let keep = button_ui(ui, &words::KEEP, &words::of_memory(&words::KEEP, told));
        // The safe answer has the keyboard.
        if state.focus_on(&Focus::AtHand, &keep) {
            bring_all_into_sight(ui, question.rect.top());
        }
        if forget.clicked() {
            state.at_hand = AtHand::Nothing;
            state.focus = Some(Focus::First);
            actions.push(Action::Memory(MemoryCommand::Forget(fact.id)));
        } else if keep.clicked() {
            state.put_aside();
        }
    });
}
