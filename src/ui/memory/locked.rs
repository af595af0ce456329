//! A memory that is locked: why, and the one field that opens it.

use super::super::Action;
use super::{
    Focus, MemoryState, button_ui, chief_button_ui, entered, field_ui, forget_undone, in_sight,
    say_ui, small_ui,
};
use crate::app::view::View;
use crate::remembering::OpensBy;
use crate::session::{MemoryCommand, Secret};
use crate::wording::memory_page as words;
use eframe::egui::{self, Key, KeyboardShortcut, Modifiers, Response, TextEdit, Ui};

/// What is being tried.
#[derive(Default)]
pub struct LockState {
    /// The 24 words, though something else would open it too.
    by_words: bool,
    typed: String,
    /// The memory was told so many times when it was tried.
    tried_at: Option<u64>,
}

impl std::fmt::Debug for LockState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LockState").field("by_words", &self.by_words).finish_non_exhaustive()
    }
}

impl LockState {
    /// Nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.typed.is_empty()
    }

    /// A key was tried.
    pub fn was_tried(&self) -> bool {
        self.tried_at.is_some()
    }
}

/// The reason, and what helps.
pub fn locked_ui(
    ui: &mut Ui,
    view: &View,
    reason: &str,
    opens_by: OpensBy,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    say_ui(ui, reason);
    ui.add_space(4.0);
    let by = if state.lock.by_words { OpensBy::RecoveryPhrase } else { opens_by };
    let command = match by {
        OpensBy::Passphrase => {
            let field = field_ui(ui, &words::PASSPHRASE, &mut state.lock.typed, true);
            typed_ui(ui, &field, state, MemoryCommand::Unlock)
        }
        OpensBy::RecoveryPhrase => {
            let field = words_ui(ui, &mut state.lock.typed);
            typed_ui(ui, &field, state, MemoryCommand::Recover)
        }
        OpensBy::Retry => {
            let button = chief_button_ui(ui, true, &words::TRY_AGAIN);
            state.focus_on(&Focus::First, &button);
            button.clicked().then_some(MemoryCommand::Retry)
        }
    };
    if let Some(command) = command {
        state.lock.tried_at = Some(view.memory_told);
        actions.push(Action::Memory(command));
    }
    if state.lock.tried_at == Some(view.memory_told) {
        say_ui(ui, &words::OPENING);
    }
    other_way_ui(ui, opens_by, state);
    ui.add_space(12.0);
    small_ui(ui, &words::TALK_ALL_THE_SAME);
}

/// Several lines, since 24 words do not fit into one; seen, since they are
/// copied from paper word by word.
fn words_ui(ui: &mut Ui, typed: &mut String) -> Response {
    let field = TextEdit::multiline(typed)
        .id_salt("recovery words")
        .desired_rows(4)
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(12, 9))
        .hint_text(words::RECOVERY_WORDS)
        .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter));
    let response = in_sight(ui.add(field).accessible_name(words::RECOVERY_WORDS));
    forget_undone(ui, response.id);
    response
}

/// The button below a field. What was typed is tried once and gone.
fn typed_ui(
    ui: &mut Ui,
    field: &Response,
    state: &mut MemoryState,
    command: fn(Secret) -> MemoryCommand,
) -> Option<MemoryCommand> {
    state.focus_on(&Focus::First, field);
    let can_open = !state.lock.typed.trim().is_empty();
    let pressed = chief_button_ui(ui, can_open, &words::OPEN).clicked();
    (can_open && (pressed || entered(ui, field))).then(|| {
        // After a mistake one types again.
        field.request_focus();
        command(Secret(std::mem::take(&mut state.lock.typed)))
    })
}

fn other_way_ui(ui: &mut Ui, opens_by: OpensBy, state: &mut MemoryState) {
    let text = match (opens_by, state.lock.by_words) {
        (OpensBy::RecoveryPhrase, _) => return,
        (_, false) => words::USE_WORDS,
        (OpensBy::Passphrase, true) => words::USE_PASSPHRASE,
        (OpensBy::Retry, true) => words::TRY_AGAIN,
    };
    if button_ui(ui, &text, &text).clicked() {
        let by_words = !state.lock.by_words;
        state.lock = LockState { by_words, ..LockState::default() };
        state.focus = Some(Focus::First);
    }
}
