//! Who keeps the key, the recovery words, and forgetting everything.

use super::super::Action;
use super::super::theme::Palette;
use super::{
    AtHand, Focus, MemoryState, bring_all_into_sight, bring_into_sight, button_ui, card_ui,
    chief_button_ui, entered, field_ui, in_sight, section_ui, small_ui,
};
use crate::app::view::View;
use crate::session::{MemoryCommand, Secret};
use crate::wording::memory_page as words;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Grid, Label, RichText, Ui};
use memory::store::Counts;
use memory::vault::Keeper;

const KEEPERS: [Keeper; 3] = [Keeper::Keychain, Keeper::File, Keeper::Passphrase];

/// One of the 24 words with its number.
const WORD_WIDTH: f32 = 132.0;

/// How the memory is protected, and changing that.
pub fn protection_ui(
    ui: &mut Ui,
    view: &View,
    keeper: Keeper,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    section_ui(ui, &words::PROTECTION);
    let text = format!("{} {}", words::ENCRYPTED, words::kept_by(keeper));
    ui.add(Label::new(text).wrap());
    small_ui(ui, &words::keeper_means(keeper));
    if matches!(state.at_hand, AtHand::Protect { .. }) {
        card_ui(ui, Palette::of(ui).sheet, |ui| change_ui(ui, keeper, state, actions));
    } else {
        let button = button_ui(ui, &words::CHANGE_KEEPER, &words::CHANGE_KEEPER);
        state.focus_on(&Focus::ChangeKeeper, &button);
        if button.clicked() {
            let (passphrase, again) = (Secret(String::new()), Secret(String::new()));
            state.take_in_hand(AtHand::Protect { keeper, passphrase, again });
        }
    }
    ui.add_space(8.0);
    match &view.recovery_phrase {
        Some(Secret(phrase)) => {
            card_ui(ui, Palette::of(ui).field, |ui| words_ui(ui, phrase, state, actions));
        }
        None => {
            small_ui(ui, &words::WORDS_HELP);
            let button = button_ui(ui, &words::SHOW_WORDS, &words::SHOW_WORDS);
            state.focus_on(&Focus::ShowWords, &button);
            if button.clicked() {
                state.focus = Some(Focus::HideWords);
                actions.push(Action::Memory(MemoryCommand::TellPhrase));
            }
        }
    }
}

/// The three keepers, each with what it means.
fn change_ui(ui: &mut Ui, now: Keeper, state: &mut MemoryState, actions: &mut Vec<Action>) {
    let focus = state.focus.take_if(|focus| *focus == Focus::AtHand).is_some();
    let AtHand::Protect { keeper, passphrase, again } = &mut state.at_hand else { return };
    ui.add(Label::new(words::WHO_KEEPS).wrap());
    for other in KEEPERS {
        let radio = in_sight(ui.radio_value(keeper, other, words::keeper(other)));
        if focus && other == *keeper {
            radio.request_focus();
            bring_into_sight(&radio);
        }
        ui.indent(words::keeper(other), |ui| small_ui(ui, &words::keeper_means(other)));
    }
    let mut can_save = *keeper != now;
    let mut is_entered = false;
    if *keeper == Keeper::Passphrase {
        ui.add_space(4.0);
        field_ui(ui, &words::NEW_PASSPHRASE, &mut passphrase.0, true);
        let field = field_ui(ui, &words::PASSPHRASE_AGAIN, &mut again.0, true);
        can_save = !passphrase.0.is_empty() && passphrase == again;
        is_entered = entered(ui, &field);
        if !again.0.is_empty() && !can_save {
            small_ui(ui, &words::NOT_THE_SAME);
        }
    }
    let (save, cancel) = ui
        .horizontal(|ui| {
            let save = chief_button_ui(ui, can_save, &words::SAVE).clicked();
            (save, button_ui(ui, &words::CANCEL, &words::CANCEL).clicked())
        })
        .inner;
    if can_save && (save || is_entered) {
        let command = match *keeper {
            Keeper::Passphrase => MemoryCommand::ProtectByPassphrase(passphrase.clone()),
            other => MemoryCommand::Protect(other),
        };
        actions.push(Action::Memory(command));
        state.put_aside();
    } else if cancel {
        state.put_aside();
    }
}

/// The 24 words, numbered. They can't be selected: they belong on paper.
fn words_ui(ui: &mut Ui, phrase: &str, state: &mut MemoryState, actions: &mut Vec<Action>) {
    ui.label(RichText::new(words::THE_WORDS).strong());
    ui.add(Label::new(words::WORDS_ADVICE).wrap());
    ui.add_space(6.0);
    let all: Vec<&str> = phrase.split_whitespace().collect();
    let columns = ((ui.available_width() / WORD_WIDTH) as usize).clamp(1, 4);
    // Down the columns, as on paper.
    let rows = all.len().div_ceil(columns);
    Grid::new("recovery words").min_col_width(WORD_WIDTH - 12.0).spacing([12.0, 6.0]).show(
        ui,
        |ui| {
            for row in 0..rows {
                for place in (0..columns).map(|column| column * rows + row) {
                    if let Some(word) = all.get(place) {
                        let text = format!("{:>2}. {word}", place + 1);
                        ui.add(Label::new(RichText::new(text).monospace()).selectable(false));
                    }
                }
                ui.end_row();
            }
        },
    );
    ui.add_space(6.0);
    let hide = button_ui(ui, &words::HIDE_WORDS, &words::HIDE_WORDS);
    state.focus_on(&Focus::HideWords, &hide);
    if hide.clicked() {
        state.focus = Some(Focus::ShowWords);
        actions.push(Action::HideRecoveryPhrase);
    }
}

/// A button, then a word that has to be typed.
pub fn forget_everything_ui(
    ui: &mut Ui,
    counts: &Counts,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    if matches!(state.at_hand, AtHand::ForgetEverything { .. }) {
        let fill = Palette::of(ui).alert;
        card_ui(ui, fill, |ui| really_everything_ui(ui, counts, state, actions));
        return;
    }
    let button = button_ui(ui, &words::FORGET_EVERYTHING, &words::FORGET_EVERYTHING);
    state.focus_on(&Focus::ForgetEverything, &button);
    if button.clicked() {
        state.take_in_hand(AtHand::ForgetEverything { typed: String::new() });
    }
}

fn really_everything_ui(
    ui: &mut Ui,
    counts: &Counts,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    let AtHand::ForgetEverything { typed } = &mut state.at_hand else { return };
    let text = words::forget_everything(counts);
    let question = ui.add(Label::new(&text).wrap());
    ui.ctx().accesskit_node_builder(question.id, |node| {
        node.set_role(Role::Alert);
        node.set_label(text);
        node.set_live(Live::Assertive);
    });
    let field = field_ui(ui, &words::TYPE_FORGET, typed, false);
    let is_sure = typed.trim().eq_ignore_ascii_case(&words::FORGET_WORD);
    let (forget, keep) = ui
        .horizontal_wrapped(|ui| {
            let forget = chief_button_ui(ui, is_sure, &words::FORGET_EVERYTHING).clicked();
            (forget, button_ui(ui, &words::KEEP_EVERYTHING, &words::KEEP_EVERYTHING).clicked())
        })
        .inner;
    if state.focus_on(&Focus::AtHand, &field) {
        bring_all_into_sight(ui, question.rect.top());
    }
    if is_sure && (forget || entered(ui, &field)) {
        state.put_aside();
        actions.push(Action::Memory(MemoryCommand::ForgetEverything));
    } else if keep {
        state.put_aside();
    }
}
