//! A group of the settings that a key or another place can open and bring into
//! sight.

use super::rows::Rows;
use crate::wording::setting_rows::Row;
use eframe::egui::{Align, Response, Ui};

/// Whether it is folded out.
#[derive(Debug, Default)]
pub struct Fold {
    is_open: bool,
    /// It is to be brought into sight.
    is_sought: bool,
}

impl Fold {
    /// Folds it out and into sight, or away.
    pub fn show(&mut self, on: bool) {
        (self.is_open, self.is_sought) = (on, on);
    }

    /// Whether it is folded out.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The header, and below it the contents. Found by the search as a row is,
    /// and then open.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        rows: &mut Rows,
        row: &Row,
        contents: impl FnOnce(&mut Ui),
    ) -> Option<Response> {
        if !rows.begin(ui, row, "") {
            return None;
        }
        ui.add_space(6.0);
        let is_open = self.is_open || rows.is_searching();
        let title = row.label.get();
        let shown = super::fold(title).open(Some(is_open)).show_unindented(ui, contents);
        let header = shown.header_response;
        if header.clicked() {
            self.is_open = !self.is_open;
        }
        if std::mem::take(&mut self.is_sought) {
            header.scroll_to_me(Some(Align::Min));
        }
        Some(header)
    }
}
