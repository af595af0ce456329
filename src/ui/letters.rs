//! Past conversations: all days, what a search finds, and a day read as a
//! letter.
//!
//! Called by [`super::window_ui`] in place of the conversation. What is shown
//! is what the session told last ([`crate::app::letters`]); where the person
//! reads and what is asked back is the window's own and ends with the page
//! ([`LettersState`]). At most one thing is asked back at a time ([`AtHand`]),
//! so that Escape has one meaning.

use super::memory::{bring_into_sight, button_ui, say_ui};
use super::{Action, column_ui};
use crate::app::letters::PastLetters;
use crate::app::view::View;
use crate::remembering::Access;
use crate::session::LettersCommand;
use crate::settings::Settings;
use crate::wording::letters as words;
use eframe::egui::{Response, RichText, ScrollArea, Ui};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};
use memory::store::LineId;
use memory::store::letters::{Scope, Start};
use save::Draft;

mod marked;
mod overview;
mod reading;
mod save;
mod scope;

/// How the page stands.
#[derive(Debug, Default)]
pub struct LettersState {
    is_open: bool,
    /// Searched for.
    words: String,
    reading: Option<Opened>,
    at_hand: AtHand,
    focus: Option<Focus>,
    /// Scroll to the top on the next repaint.
    to_top: bool,
    /// What was done last.
    did: Option<Did>,
    /// As many changes were there when the page last asked.
    asked_at: Option<u64>,
    /// What is shown may have changed while a day was read.
    ask_anew: bool,
}

/// The day that is read.
#[derive(Clone, Debug, PartialEq)]
struct Opened {
    date: Date,
    from: Start,
    /// The search led there.
    by_search: bool,
}

/// What is to get the keyboard as soon as it is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Focus {
    /// The search field.
    Search,
    /// The way back from a day.
    Back,
    /// A day among all.
    Day(Date),
    /// A line that was found.
    Line(LineId),
    /// What can be done with a part.
    Scope(Scope),
    /// The field or the safe answer of what is at hand.
    AtHand,
}

/// What is being done with a part.
#[derive(Debug, Default, PartialEq)]
enum AtHand {
    #[default]
    Nothing,
    /// What can be done is shown.
    Choices(Scope),
    /// Is it to be forgotten?
    Forget(Scope),
    /// It is to be saved.
    Save(Draft),
}

/// What was done last, told where it was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Did {
    Copied(Scope),
    /// The answer tells how it went.
    Saved(Scope),
}

/// What is shown, in whose name, and when.
#[derive(Clone, Copy)]
struct Shown<'a> {
    letters: &'a PastLetters,
    /// The person's name, or empty.
    person: &'a str,
    now: &'a Zoned,
}

impl Shown<'_> {
    /// A time where the person is.
    fn here(&self, at: Timestamp) -> DateTime {
        self.now.time_zone().to_datetime(at)
    }
}

impl AtHand {
    fn scope(&self) -> Option<Scope> {
        match self {
            Self::Nothing => None,
            Self::Choices(scope) | Self::Forget(scope) => Some(*scope),
            Self::Save(draft) => Some(draft.scope),
        }
    }
}

impl LettersState {
    /// Whether the page is shown.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Shows it, as if for the first time.
    pub fn open(&mut self) {
        let focus = Some(Focus::Search);
        *self = Self { is_open: true, focus, to_top: true, ..Self::default() };
    }

    /// Leaves it.
    pub fn close(&mut self) {
        *self = Self::default();
    }

    /// Whether something is at hand with this part, or was just done with it.
    fn concerns(&self, scope: Scope) -> bool {
        let done = self.did.map(|(Did::Copied(what) | Did::Saved(what))| what);
        self.at_hand.scope() == Some(scope) || done == Some(scope)
    }

    /// Escape puts aside what is at hand, else leaves the field, else the day,
    /// else the page.
    pub fn escape(&mut self, field_has_keyboard: bool) {
        if self.at_hand != AtHand::Nothing {
            self.put_aside();
        } else if self.reading.is_some() {
            self.leave_day();
        } else if !field_has_keyboard || self.words.is_empty() {
            self.close();
        }
    }

    /// Nothing is at hand any more; the keyboard goes back to where it came
    /// from.
    fn put_aside(&mut self) {
        self.focus = self.at_hand.scope().map(Focus::Scope);
        self.at_hand = AtHand::Nothing;
    }

    fn take_in_hand(&mut self, what: AtHand) {
        self.at_hand = what;
        self.focus = Some(Focus::AtHand);
        self.did = None;
    }

    fn leave_day(&mut self) {
        self.focus = self.reading.take().map(|opened| match opened.from {
            Start::Line(id) if opened.by_search => Focus::Line(id),
            _ => Focus::Day(opened.date),
        });
        self.at_hand = AtHand::Nothing;
        self.did = None;
        self.ask_anew = true;
    }

    /// Opens a day, from its beginning or at a line.
    fn read(&mut self, date: Date, from: Start, by_search: bool, actions: &mut Vec<Action>) {
        self.reading = Some(Opened { date, from, by_search });
        self.at_hand = AtHand::Nothing;
        self.did = None;
        self.to_top = true;
        self.focus = Some(match from {
            Start::Line(id) => Focus::Line(id),
            Start::Skip(_) => Focus::Back,
        });
        self.ask(actions);
    }

    /// Asks for what is shown.
    fn ask(&self, actions: &mut Vec<Action>) {
        let words = self.words.trim().to_owned();
        actions.push(Action::Letters(match &self.reading {
            Some(opened) => LettersCommand::Read {
                date: opened.date,
                from: opened.from,
                words: if opened.by_search { words } else { String::new() },
            },
            None if words.is_empty() => LettersCommand::Days { before: None },
            None => LettersCommand::Search { words, skip: 0 },
        }));
    }

    /// Gives the keyboard to a widget that is waited for; whether it was.
    fn focus_on(&mut self, target: Focus, response: &Response) -> bool {
        let is_awaited = self.focus.take_if(|focus| *focus == target).is_some();
        if is_awaited {
            response.request_focus();
            if !matches!(target, Focus::Search | Focus::Back) {
                bring_into_sight(response);
            }
            response.ctx.request_repaint();
        }
        is_awaited
    }
}

/// So much of a text that it fits into a line or two.
fn shortened(text: &str, letters: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(letters) {
        Some((end, _)) => format!("{} …", one_line[..end].trim_end()),
        None => one_line,
    }
}

/// The whole page.
pub fn letters_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut LettersState,
    actions: &mut Vec<Action>,
) {
    let letters = &view.letters;
    let Some(access) = &letters.access else { return };
    // Something was said or forgotten: what is shown may be another now.
    let changed = state.asked_at.replace(letters.changes).is_some_and(|at| at != letters.changes);
    if changed || std::mem::take(&mut state.ask_anew) {
        state.ask(actions);
    }
    let now = Zoned::now();
    let shown = Shown { letters, person: &settings.person.name, now: &now };
    let place = state.reading.as_ref().map(|opened| opened.date);
    let mut area = ScrollArea::vertical().id_salt(("letters", place)).auto_shrink(false);
    if std::mem::take(&mut state.to_top) {
        area = area.vertical_scroll_offset(0.0);
    }
    area.show(ui, |ui| {
        column_ui(ui, |ui| {
            ui.add_space(6.0);
            if let Some(opened) = state.reading.clone() {
                reading::reading_ui(ui, shown, &opened, state, actions);
            } else {
                ui.label(RichText::new(words::TITLE).size(28.0));
                ui.add_space(2.0);
                access_ui(ui, access, actions);
                if !matches!(access, Access::Locked { .. }) {
                    overview::overview_ui(ui, shown, state, actions);
                }
            }
            ui.add_space(16.0);
        });
    });
}

/// What keeps past conversations from being here, if that is so.
fn access_ui(ui: &mut Ui, access: &Access, actions: &mut Vec<Action>) {
    match access {
        Access::Open => {}
        Access::Locked { .. } => {
            say_ui(ui, &words::LOCKED);
            ui.add_space(4.0);
            if button_ui(ui, &words::OPEN_MEMORY, &words::OPEN_MEMORY).clicked() {
                actions.push(Action::OpenMemory);
            }
        }
        Access::Unkept { reason } => {
            say_ui(ui, reason.as_deref().unwrap_or(&words::UNKEPT));
        }
    }
}
