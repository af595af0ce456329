//! Where something is saved, and as what.

use super::super::Action;
use super::super::memory::{
    bring_all_into_sight, button_ui, card_ui, chief_button_ui, entered, field_ui, in_sight,
    small_ui,
};
use super::super::theme::Palette;
use super::{AtHand, Did, Focus, LettersState};
use crate::letters::Format;
use crate::remembering::file_name;
use crate::session::LettersCommand;
use crate::wording::letters as words;
use eframe::egui::Ui;
use eframe::egui::accesskit::Role;
use jiff::Zoned;
use memory::store::letters::Scope;
use std::path::{Path, PathBuf};

/// What is to be saved, as far as the person has decided.
#[derive(Debug, PartialEq)]
pub struct Draft {
    pub scope: Scope,
    format: Format,
    file: String,
    folder: PathBuf,
}

impl Draft {
    /// Something sensible to begin with.
    pub fn new(scope: Scope, folder: &Path, now: &Zoned) -> Self {
        let format = Format::default();
        let file = folder.join(file_name(scope, format, now)).display().to_string();
        Self { scope, format, file, folder: folder.to_owned() }
    }

    /// The name follows the format as long as it is the one that was proposed.
    fn choose(&mut self, format: Format, now: &Zoned) {
        let proposed = |format| self.folder.join(file_name(self.scope, format, now));
        if Path::new(&self.file) == proposed(self.format) {
            self.file = proposed(format).display().to_string();
        }
        self.format = format;
    }
}

/// The form.
pub fn save_ui(ui: &mut Ui, now: &Zoned, state: &mut LettersState, actions: &mut Vec<Action>) {
    let AtHand::Save(draft) = &mut state.at_hand else { return };
    let fill = Palette::of(ui).sheet;
    let top = ui.cursor().top();
    let (field, save, cancel) = card_ui(ui, fill, |ui| {
        let mut format = draft.format;
        ui.horizontal_wrapped(|ui| {
            ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
                node.set_role(Role::RadioGroup);
                node.set_label(words::FORMAT.get());
            });
            for (choice, text) in [(Format::Markdown, words::MARKDOWN), (Format::Json, words::JSON)]
            {
                in_sight(ui.radio_value(&mut format, choice, text));
            }
        });
        if format != draft.format {
            draft.choose(format, now);
        }
        let field = field_ui(ui, &words::FILE, &mut draft.file, false);
        small_ui(ui, &words::NOT_ENCRYPTED);
        ui.horizontal(|ui| {
            let can_save = !draft.file.trim().is_empty();
            let save = chief_button_ui(ui, can_save, &words::SAVE).clicked();
            let save = save || can_save && entered(ui, &field);
            (field, save, button_ui(ui, &words::CANCEL, &words::CANCEL).clicked())
        })
        .inner
    });
    if save {
        let (scope, format, file) = (draft.scope, draft.format, draft.file.clone());
        actions.push(Action::Letters(LettersCommand::Save { scope, format, file }));
        state.put_aside();
        state.did = Some(Did::Saved(scope));
        return;
    }
    if state.focus_on(Focus::AtHand, &field) {
        bring_all_into_sight(ui, top);
    }
    if cancel {
        state.put_aside();
    }
}
