//! Searching, filtering, and the memories themselves.

use super::super::Action;
use super::{Focus, MemoryState, button_ui, entry, field_ui, in_sight, recalled, say_ui};
use crate::app::view::View;
use crate::session::{MemoryCommand, MemoryEntry, MemoryPage};
use crate::wording::memory_page as words;
use eframe::egui::accesskit::Role;
use eframe::egui::{ComboBox, Ui};
use jiff::Zoned;
use memory::learn::Topic;
use memory::store::facts::{Fact, State};
use memory::store::{FactId, PersonId};
use std::collections::HashSet;

/// So many memories are laid out; more when asked for.
const AT_ONCE: usize = 50;

/// What is shown of the list.
#[derive(Debug, Default)]
pub struct ListState {
    /// Searched for.
    pub words: String,
    /// Whose sentences are shown.
    pub opened: HashSet<FactId>,
    who: Who,
    topic: Option<Topic>,
    /// Also what does not hold any more.
    history: bool,
    /// Times that more was asked for.
    more: usize,
}

/// Whom memories are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Who {
    #[default]
    Everyone,
    Yourself,
    Someone(PersonId),
}

impl ListState {
    fn shows(&self, fact: &Fact) -> bool {
        let about = fact.about.as_ref().map(|(id, _)| *id);
        let of_whom = match self.who {
            Who::Everyone => true,
            Who::Yourself => about.is_none(),
            Who::Someone(id) => about == Some(id),
        };
        of_whom
            && self.topic.is_none_or(|topic| topic == fact.topic)
            && (self.history || fact.state == State::Current)
    }

    fn is_narrowed(&self) -> bool {
        !self.words.is_empty() || self.who != Who::Everyone || self.topic.is_some()
    }
}

/// The search field, the filters, what helped last, the memories.
pub fn list_ui(
    ui: &mut Ui,
    view: &View,
    page: &MemoryPage,
    now: &Zoned,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    let is_blank = page.counts.facts + page.counts.superseded == 0;
    if is_blank && page.entries.is_empty() && !state.list.is_narrowed() {
        recalled::on_page_ui(ui, view, now, &mut state.recalled_open);
        say_ui(ui, &words::EMPTY);
        return;
    }
    let field = field_ui(ui, &words::SEARCH, &mut state.list.words, false);
    if field.changed() {
        state.list.more = 0;
        actions.push(Action::Memory(MemoryCommand::Show(state.list.words.trim().to_owned())));
    }
    state.focus_on(&Focus::First, &field);
    filters_ui(ui, page, &mut state.list);
    recalled::on_page_ui(ui, view, now, &mut state.recalled_open);
    ui.add_space(4.0);
    memories_ui(ui, page, now, state, actions);
}

fn filters_ui(ui: &mut Ui, page: &MemoryPage, list: &mut ListState) {
    // Who was forgotten can't be chosen any more.
    if let Who::Someone(id) = list.who
        && page.people.iter().all(|known| known.id != id)
    {
        list.who = Who::Everyone;
    }
    ui.horizontal_wrapped(|ui| {
        who_ui(ui, page, &mut list.who);
        topic_ui(ui, page, &mut list.topic);
        in_sight(ui.checkbox(&mut list.history, words::ALSO_CHANGED));
    });
}

fn who_ui(ui: &mut Ui, page: &MemoryPage, who: &mut Who) {
    let text = |who: Who| match who {
        Who::Everyone => words::EVERYONE.into(),
        Who::Yourself => words::YOURSELF.into(),
        Who::Someone(id) => page
            .people
            .iter()
            .find(|known| known.id == id)
            .map(|known| words::about(&known.who))
            .unwrap_or_default(),
    };
    let known = page.people.iter().map(|known| Who::Someone(known.id));
    let choices = [Who::Everyone, Who::Yourself].into_iter().chain(known);
    choice_ui(ui, &words::ABOUT_WHOM, who, choices, text);
}

fn topic_ui(ui: &mut Ui, page: &MemoryPage, topic: &mut Option<Topic>) {
    let there = page.entries.iter().map(|entry| entry.fact.topic).chain(*topic);
    let there: HashSet<Topic> = there.collect();
    let choices = ALL_TOPICS.into_iter().filter(|topic| there.contains(topic)).map(Some);
    let choices = std::iter::once(None).chain(choices);
    choice_ui(ui, &words::WHICH_TOPIC, topic, choices, |topic| {
        topic.map_or(words::EVERY_TOPIC, words::topic).to_owned().into()
    });
}

const ALL_TOPICS: [Topic; 11] = [
    Topic::People,
    Topic::Pets,
    Topic::Places,
    Topic::Work,
    Topic::Health,
    Topic::Taste,
    Topic::Plans,
    Topic::Events,
    Topic::Feelings,
    Topic::Wishes,
    Topic::Other,
];

fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    chosen: &mut T,
    choices: impl Iterator<Item = T>,
    text: impl Fn(T) -> String,
) {
    let mut was_chosen = false;
    let combo = ComboBox::from_id_salt(name)
        .width(190.0_f32.min(ui.available_width()))
        .truncate()
        .selected_text(text(*chosen))
        .show_ui(ui, |ui| {
            for choice in choices {
                // A click closes the list, Enter would not.
                if ui.selectable_value(chosen, choice, text(choice)).clicked() {
                    was_chosen = true;
                    ui.close();
                }
            }
        });
    let combo = in_sight(combo.response.accessible_name(name));
    if was_chosen {
        combo.request_focus();
    }
}

fn memories_ui(
    ui: &mut Ui,
    page: &MemoryPage,
    now: &Zoned,
    state: &mut MemoryState,
    actions: &mut Vec<Action>,
) {
    let shown = page.entries.iter().filter(|entry| state.list.shows(&entry.fact));
    let (current, past): (Vec<&MemoryEntry>, Vec<_>) =
        shown.partition(|entry| entry.fact.state == State::Current);
    let shown: Vec<&MemoryEntry> = current.into_iter().chain(past).collect();
    if shown.is_empty() {
        say_ui(ui, &words::NOTHING_FITS);
        return;
    }
    let limit = AT_ONCE * (1 + state.list.more);
    ui.scope(|ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::List);
            node.set_label(words::LIST);
        });
        count_ui(ui, &words::found(shown.len()));
        for entry in shown.iter().take(limit) {
            let successor = entry.fact.superseded_by.and_then(|id| {
                page.entries.iter().find(|other| other.fact.id == id).map(|other| &other.fact)
            });
            ui.push_id(entry.fact.id, |ui| {
                entry::entry_ui(ui, entry, successor, now, state, actions);
            });
        }
    });
    if shown.len() > limit && button_ui(ui, &words::SHOW_MORE, &words::SHOW_MORE).clicked() {
        state.list.more += 1;
    }
}

/// How many there are, read out when that changes.
fn count_ui(ui: &mut Ui, text: &str) {
    use eframe::egui::accesskit::Live;
    let label = super::small_ui(ui, text);
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Status);
        node.set_label(text);
        node.set_live(Live::Polite);
    });
}
