//! The rows that the settings are made of: each is declared once and gets its
//! name, its line of explanation, its place in the search and its reset here.

use super::{fold, help_ui};
use crate::ui::theme::{Palette, text_width};
use crate::wording::Text;
use crate::wording::setting_rows::{self as words, Row};
use eframe::egui::{Align, Button, Id, Label, Layout, Response, RichText, TextStyle, Ui};

/// Shows the rows that fit what is looked for.
pub(super) struct Rows<'a> {
    /// What is looked for: words in lower case. All rows are shown without.
    wanted: Vec<String>,
    /// What is found by the name of the group being shown.
    group: Text,
    /// The heading of that group, until the first of its rows was found.
    heading: Option<Text>,
    found: bool,
    /// The row that is to be brought into sight and get the keyboard.
    sought: &'a mut Option<Row>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(search: &str, sought: &'a mut Option<Row>) -> Self {
        let wanted = search.split_whitespace().map(str::to_lowercase).collect();
        Self { wanted, group: Text(""), heading: None, found: false, sought }
    }

    /// Whether something is looked for.
    pub(super) fn is_searching(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Whether anything was shown.
    pub(super) fn found(&self) -> bool {
        self.found
    }

    /// A group that can be folded away; while something is looked for, its
    /// heading above those rows that fit.
    pub(super) fn group_ui(
        &mut self,
        ui: &mut Ui,
        title: Text,
        is_open: bool,
        contents: impl FnOnce(&mut Ui, &mut Self),
    ) {
        self.group = title;
        if self.is_searching() {
            self.heading = Some(title);
            contents(ui, self);
            self.heading = None;
        } else {
            ui.add_space(14.0);
            // What is sought may be in here.
            let open = self.sought.is_some().then_some(true);
            let group = fold(title.get()).default_open(is_open).open(open);
            group.show_unindented(ui, |ui| contents(ui, self));
        }
    }

    /// Whether a row is to be shown; then the heading is above it.
    pub(super) fn begin(&mut self, ui: &mut Ui, row: &Row, more: &str) -> bool {
        let texts = [&*row.label, &*row.help, &*row.also, &*self.group, more];
        if !self.wanted.iter().all(|wanted| begins_word(&texts, wanted)) {
            return false;
        }
        self.found = true;
        if let Some(title) = self.heading.take() {
            ui.add_space(18.0);
            ui.heading(title);
        }
        ui.add_space(8.0);
        true
    }

    /// A setting under its name. `control` gets the id of the name, by which a
    /// screen reader calls it.
    pub(super) fn row_ui<T: PartialEq + Clone>(
        &mut self,
        ui: &mut Ui,
        row: &Row,
        value: &mut T,
        usual: &T,
        control: impl FnOnce(&mut Ui, &mut T, Id) -> Response,
    ) {
        if !self.begin(ui, row, "") {
            return;
        }
        ui.push_id(row.label.0, |ui| {
            let name = line_ui(ui, row, value, usual, |ui, _| {
                ui.add(Label::new(RichText::new(row.label).small()).selectable(false).wrap())
            });
            let response = control(ui, value, name.id);
            help_ui(ui, &row.help);
            self.bring(row, &name, &response);
        });
    }

    /// A setting that is on or off.
    pub(super) fn switch_ui(&mut self, ui: &mut Ui, row: &Row, value: &mut bool, usual: bool) {
        if !self.begin(ui, row, "") {
            return;
        }
        ui.push_id(row.label.0, |ui| {
            let response =
                line_ui(ui, row, value, &usual, |ui, value| ui.checkbox(value, &*row.label));
            help_ui(ui, &row.help);
            self.bring(row, &response, &response);
        });
    }

    /// Something that is no setting but is found like one.
    pub(super) fn other_ui<R>(
        &mut self,
        ui: &mut Ui,
        row: &Row,
        contents: impl FnOnce(&mut Ui) -> (Response, R),
    ) -> Option<R> {
        if !self.begin(ui, row, "") {
            return None;
        }
        let (response, result) = contents(ui);
        self.bring(row, &response, &response);
        Some(result)
    }

    fn bring(&mut self, row: &Row, top: &Response, control: &Response) {
        if self.sought.is_some_and(|sought| sought.label == row.label) {
            *self.sought = None;
            top.scroll_to_me(Some(Align::Min));
            control.request_focus();
        }
    }
}

/// Whether a word of these texts begins like this.
fn begins_word(texts: &[&str], wanted: &str) -> bool {
    let mut words =
        texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '+'));
    words.any(|word| word.to_lowercase().starts_with(wanted))
}

/// What names a setting, and at the end of the line what resets it. The same
/// widgets stand in the same places either way, so that what is being dragged
/// or has the keyboard keeps it.
fn line_ui<T: PartialEq + Clone>(
    ui: &mut Ui,
    row: &Row,
    value: &mut T,
    usual: &T,
    name: impl FnOnce(&mut Ui, &mut T) -> Response,
) -> Response {
    let can_reset = value != usual;
    let line = ui.horizontal(|ui| {
        let reset_px = match can_reset {
            true => {
                text_width(ui, &TextStyle::Small, &words::RESET)
                    + 2.0 * ui.spacing().button_padding.x
                    + ui.spacing().item_spacing.x
            }
            false => 0.0,
        };
        let room = (ui.available_width() - reset_px).max(0.0);
        let named = ui.vertical(|ui| {
            ui.set_width(room);
            name(ui, value)
        });
        if can_reset {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let name = words::RESET_ONE.with(&[("setting", &row.label)]);
                let text = RichText::new(words::RESET).small().color(Palette::of(ui).accent);
                let button = Button::new(text).small().frame_when_inactive(false);
                let button = ui.add(button).on_hover_text(name.as_str());
                if button.accessible_name(name).clicked() {
                    *value = usual.clone();
                }
            });
        }
        named.inner
    });
    line.inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::setting_rows::{HOTKEY, RATE};

    #[test]
    fn a_row_is_found_by_its_name_its_help_and_what_people_call_it() {
        for (search, row, expect) in [
            ("", RATE, true),
            ("pace", RATE, true),
            ("PACE", RATE, true),
            ("how fast", RATE, true),
            ("speed", RATE, true),
            ("speed pace", RATE, true),
            ("speed key", RATE, false),
            ("shortcut", HOTKEY, true),
            ("pace", HOTKEY, false),
        ] {
            let mut sought = None;
            let mut rows = Rows::new(search, &mut sought);
            eframe::egui::__run_test_ui(|ui| {
                assert_eq!(rows.begin(ui, &row, ""), expect, "{search:?} for {}", row.label);
            });
        }
    }
}
