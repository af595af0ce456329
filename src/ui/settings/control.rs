//! Lists, sliders and text fields of the settings, one a row. Each is called by
//! the name with the id `name`.

use crate::ui::theme::Palette;
use crate::wording::Text;
use eframe::egui::{Align2, ComboBox, Id, Key, Label, Response, RichText, Slider, TextEdit, Ui};
use std::ops::RangeInclusive;

/// What can be chosen: what is stored, and what a person reads.
pub(super) type Choice = (String, String);

pub(super) fn with_default(text: &str, others: impl Iterator<Item = Choice>) -> Vec<Choice> {
    std::iter::once((String::new(), text.to_owned())).chain(others).collect()
}

/// A list to choose from. What was chosen earlier and is not offered now, such
/// as an unplugged microphone, stays chosen and is shown by its id.
pub(super) fn choice_ui(
    ui: &mut Ui,
    chosen: &mut String,
    choices: Vec<Choice>,
    name: Id,
) -> Response {
    let text = choices
        .iter()
        .find(|(id, _)| id == chosen)
        .map_or_else(|| chosen.clone(), |(_, text)| text.clone());
    let width = ui.available_width();
    ComboBox::from_id_salt("choice")
        .width(width)
        .truncate()
        .selected_text(text)
        .show_ui(ui, |ui| {
            for (id, text) in choices {
                // A click closes the list, Enter would not.
                if ui.selectable_value(chosen, id, text).clicked() {
                    ui.close();
                }
            }
        })
        .response
        .labelled_by(name)
}

/// One of a few, each to be seen.
pub(super) fn radio_ui<T: PartialEq + Copy>(
    ui: &mut Ui,
    chosen: &mut T,
    all: &[T],
    in_words: impl Fn(T) -> Text,
) -> Response {
    let radios = all.iter().map(|&one| ui.radio_value(chosen, one, in_words(one)));
    // The first one stands for all of them.
    radios.reduce(|first, next| first | next).unwrap_or_else(|| ui.response())
}

/// With the value in words beside it.
pub(super) fn slider_ui(
    ui: &mut Ui,
    value: &mut f32,
    range: RangeInclusive<f32>,
    in_words: fn(f32) -> String,
    name: Id,
) -> Response {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        let figure_width = 52.0;
        ui.spacing_mut().slider_width =
            ui.available_width() - figure_width - ui.spacing().item_spacing.x;
        ui.visuals_mut().selection.bg_fill = palette.accent;
        ui.visuals_mut().widgets.inactive.bg_fill = palette.button_hovered;
        let slider = Slider::new(value, range).step_by(0.05).show_value(false);
        let slider = ui.add(slider).labelled_by(name);
        ui.add(Label::new(RichText::new(in_words(*value)).small().weak()).selectable(false));
        slider
    })
    .inner
}

/// How a text field differs from the plain one.
#[derive(Clone, Copy, Default)]
pub(super) struct Field {
    pub(super) hint: &'static str,
    pub(super) is_secret: bool,
}

/// A text field. `value` changes once the field is left, if something new was
/// entered; Escape leaves it without.
pub(super) fn text_ui(ui: &mut Ui, value: &mut String, field: Field, name: Id) -> Response {
    let id = ui.make_persistent_id("field");
    // What is being typed outlives the repaint, but not the focus.
    let mut draft = ui.data_mut(|data| data.remove_temp(id)).unwrap_or_else(|| value.clone());
    let response = ui
        .add(
            TextEdit::singleline(&mut draft)
                .id(id)
                .password(field.is_secret)
                .hint_text(field.hint)
                .align(Align2::LEFT_CENTER)
                .desired_width(f32::INFINITY),
        )
        .labelled_by(name);
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, draft));
        return response;
    }
    let is_discarded = ui.input(|input| input.key_pressed(Key::Escape));
    let entered = draft.trim();
    if response.lost_focus() && !is_discarded && entered != value {
        *value = entered.to_owned();
    }
    response
}
