//! What can be done with everything, a day, a conversation or a line: copy,
//! save, forget.

use super::super::Action;
use super::super::memory::{button_ui, chief_button_ui, in_sight, say_ui};
use super::super::theme::Palette;
use super::save::{self, Draft};
use super::{AtHand, Did, Focus, LettersState, Shown};
use crate::session::LettersCommand;
use crate::wording::{Text, letters as words};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{self, CornerRadius, Label, Sense, StrokeKind, Ui, Vec2, WidgetInfo, vec2};
use memory::store::letters::Scope;

/// Everything or a day: what can be done is always shown.
pub fn scope_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    scope: Scope,
    name: &str,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    ui.push_id(("scope", name), |ui| {
        choices_ui(ui, shown, scope, name, state, actions);
        at_hand_ui(ui, shown, scope, name, state, actions);
    });
}

/// What is at hand with this part, and what was done with it.
pub fn at_hand_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    scope: Scope,
    name: &str,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    if state.at_hand == AtHand::Choices(scope) {
        choices_ui(ui, shown, scope, name, state, actions);
    } else if state.at_hand == AtHand::Forget(scope) {
        forget_ui(ui, scope, name, state, actions);
    } else if state.at_hand.scope() == Some(scope) {
        save::save_ui(ui, shown.now, state, actions);
    }
    match (state.did, &shown.letters.saved) {
        (Some(Did::Copied(what)), _) if what == scope => say_ui(ui, &words::COPIED),
        (Some(Did::Saved(what)), None) if what == scope => say_ui(ui, &words::SAVING),
        (Some(Did::Saved(what)), Some(saved)) if what == scope => match saved {
            Ok(file) => say_ui(ui, &words::saved(file)),
            Err(reason) => say_ui(ui, reason),
        },
        _ => {}
    }
}

fn choices_ui(
    ui: &mut Ui,
    shown: Shown<'_>,
    scope: Scope,
    name: &str,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    ui.horizontal_wrapped(|ui| {
        small_buttons(ui);
        let is_hidden = matches!(scope, Scope::Line(_) | Scope::Conversation(_));
        if scope != Scope::Everything {
            let copy = button_ui(ui, &words::COPY, &words::of(&words::COPY, name));
            if is_hidden {
                state.focus_on(Focus::AtHand, &copy);
            }
            if copy.clicked() {
                actions.push(Action::Letters(LettersCommand::Copy(scope)));
                state.put_aside();
                state.did = Some(Did::Copied(scope));
            }
        }
        if !matches!(scope, Scope::Line(_)) {
            let save = match scope {
                Scope::Everything => {
                    button_ui(ui, &words::SAVE_EVERYTHING, &words::SAVE_EVERYTHING)
                }
                _ => button_ui(ui, &words::SAVE_TO_FILE, &words::of(&words::SAVE_TO_FILE, name)),
            };
            if !is_hidden {
                state.focus_on(Focus::Scope(scope), &save);
            }
            if save.clicked() {
                let draft = Draft::new(scope, &shown.letters.folder, shown.now);
                state.take_in_hand(AtHand::Save(draft));
            }
        }
        if scope != Scope::Everything
            && button_ui(ui, &words::FORGET, &words::of(&words::FORGET, name)).clicked()
        {
            state.take_in_hand(AtHand::Forget(scope));
        }
    });
}

/// Asks once before it is gone.
fn forget_ui(
    ui: &mut Ui,
    scope: Scope,
    name: &str,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let question: Text = match scope {
        Scope::Line(_) => words::FORGET_LINE,
        Scope::Conversation(_) => words::FORGET_CONVERSATION,
        Scope::Day(_) | Scope::Everything => words::FORGET_DAY,
    };
    let label = ui.add(Label::new(question).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Alert);
        node.set_label(question.get());
        node.set_live(Live::Assertive);
    });
    ui.horizontal(|ui| {
        let forget = chief_button_ui(ui, true, &words::FORGET);
        let keep = button_ui(ui, &words::KEEP, &words::of(&words::KEEP, name));
        // The safe answer has the keyboard.
        state.focus_on(Focus::AtHand, &keep);
        if forget.clicked() {
            state.at_hand = AtHand::Nothing;
            state.focus = Some(Focus::Back);
            actions.push(Action::Letters(LettersCommand::Forget(scope)));
        } else if keep.clicked() {
            state.put_aside();
        }
    });
}

/// Three dots that lead to what can be done.
pub fn dots_ui(ui: &mut Ui, scope: Scope, name: &str, state: &mut LettersState) {
    let (rect, response) = ui.allocate_exact_size(vec2(30.0, 28.0), Sense::click());
    let is_open = state.at_hand.scope() == Some(scope);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::what_to_do(name)));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(is_open));
    if ui.is_rect_visible(rect) {
        let palette = Palette::of(ui);
        let painter = ui.painter();
        let is_lit = response.hovered() || response.has_focus() || is_open;
        if is_lit {
            painter.rect_filled(rect, CornerRadius::same(10), palette.button);
        }
        if response.has_focus() {
            let stroke = ui.visuals().widgets.active.bg_stroke;
            painter.rect_stroke(rect, CornerRadius::same(10), stroke, StrokeKind::Inside);
        }
        let color = if is_lit { palette.ink } else { palette.outline };
        for x in [-6.0, 0.0, 6.0] {
            painter.circle_filled(rect.center() + vec2(x, 0.0), 1.8, color);
        }
    }
    let response = in_sight(response);
    state.focus_on(Focus::Scope(scope), &response);
    if let Scope::Line(id) = scope {
        state.focus_on(Focus::Line(id), &response);
    }
    if response.clicked() {
        if is_open {
            state.put_aside();
        } else {
            state.take_in_hand(AtHand::Choices(scope));
        }
    }
}

fn small_buttons(ui: &mut Ui) {
    let spacing = ui.spacing_mut();
    spacing.button_padding = Vec2::new(10.0, 4.0);
    spacing.interact_size.y = 30.0;
    spacing.item_spacing.x = 6.0;
    ui.style_mut().override_text_style = Some(egui::TextStyle::Small);
}
