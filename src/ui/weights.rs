//! Weights: what is missing, what is being fetched.

use super::theme::{Palette, button_width};
use super::{Action, column_ui};
use crate::app::downloads::{DownloadCommand, Fetch, Weight, Weights};
use crate::wording;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Align, Button, CornerRadius, Frame, Label, Layout, Margin, ProgressBar, RichText, ScrollArea,
    Ui,
};

/// Stands in place of the conversation while she cannot hear or answer.
pub fn missing_ui(ui: &mut Ui, weights: &Weights, put_aside: &mut bool, actions: &mut Vec<Action>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        column_ui(ui, |ui| {
            ui.add_space(24.0);
            ui.label(RichText::new(wording::WEIGHTS_MISSING_TITLE).size(28.0));
            ui.add_space(4.0);
            ui.add(Label::new(RichText::new(wording::WEIGHTS_MISSING).weak()).wrap());
            ui.add_space(12.0);
            for weight in weights.missing() {
                weight_ui(ui, weight, actions);
            }
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                fetch_all_ui(ui, weights, actions);
                if ui.button(wording::LATER).clicked() {
                    *put_aside = true;
                }
            });
            ui.add_space(16.0);
        });
    });
}

/// One button for everything that is missing and not on its way.
fn fetch_all_ui(ui: &mut Ui, weights: &Weights, actions: &mut Vec<Action>) {
    let idle: Vec<&Weight> =
        weights.missing().filter(|weight| !matches!(weight.fetch, Fetch::Running { .. })).collect();
    if idle.is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    let total_bytes = idle.iter().map(|weight| weight.offer.size_bytes).sum();
    let text = RichText::new(wording::download_all(total_bytes)).color(palette.on_accent);
    if ui.add(Button::new(text).fill(palette.accent)).clicked() {
        actions.extend(idle.iter().map(|weight| start(weight)));
    }
}

/// One weight: what it is, and how it is fetched.
pub fn weight_ui(ui: &mut Ui, weight: &Weight, actions: &mut Vec<Action>) {
    weight_with_ui(ui, weight, actions, |_, _| {});
}

/// The same, and `more` that can be done with it.
pub fn weight_with_ui(
    ui: &mut Ui,
    weight: &Weight,
    actions: &mut Vec<Action>,
    more: impl FnOnce(&mut Ui, &mut Vec<Action>),
) {
    let palette = Palette::of(ui);
    let offer = &weight.offer;
    Frame::new()
        .fill(palette.field)
        .stroke(palette.card_stroke())
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(16, 12))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let texts = [wording::DOWNLOAD, wording::CANCEL, wording::TRY_AGAIN];
                let button_width = button_width(ui, &texts.each_ref().map(|text| text.get()));
                let text_width = ui.available_width() - button_width.max(114.0) - 10.0;
                ui.vertical(|ui| {
                    ui.set_width(text_width);
                    ui.spacing_mut().item_spacing.y = 4.0;
                    let title = format!("{}, {}", offer.name, wording::purpose(offer.purpose));
                    ui.add(Label::new(title).wrap());
                    let facts = RichText::new(wording::offer_facts(offer)).small().weak();
                    ui.add(Label::new(facts).wrap());
                });
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    button_ui(ui, weight, actions);
                });
            });
            match &weight.fetch {
                Fetch::Idle => {}
                Fetch::Running { done_bytes, total_bytes, step } => {
                    let share = *done_bytes as f32 / (*total_bytes).max(1) as f32;
                    let bar = ui.add(
                        ProgressBar::new(share)
                            .desired_height(8.0)
                            .corner_radius(CornerRadius::same(4))
                            .fill(palette.accent),
                    );
                    bar.accessible_name(offer.name.as_str());
                    let progress = wording::progress(*done_bytes, *total_bytes);
                    ui.add(Label::new(RichText::new(progress).small()).wrap());
                    if let Some(step) = step {
                        ui.add(Label::new(RichText::new(step).small().weak()).wrap());
                    }
                }
                Fetch::Failed(reason) => {
                    let label = ui.add(Label::new(reason).wrap());
                    ui.ctx().accesskit_node_builder(label.id, |node| {
                        node.set_role(Role::Alert);
                        node.set_label(reason.as_str());
                        node.set_live(Live::Polite);
                    });
                }
            }
            more(ui, actions);
        });
}

fn button_ui(ui: &mut Ui, weight: &Weight, actions: &mut Vec<Action>) {
    let offer = &weight.offer;
    let mut button = |text: &str, action: Action| {
        let name = wording::of_weight(text, &offer.name);
        if ui.button(text).accessible_name(name).clicked() {
            actions.push(action);
        }
    };
    match &weight.fetch {
        Fetch::Running { .. } => {
            let cancel = DownloadCommand::Cancel(offer.id.clone());
            button(&wording::CANCEL, Action::Download(cancel));
        }
        _ if offer.installed => {
            ui.label(RichText::new(wording::INSTALLED).small().weak());
        }
        Fetch::Failed(_) => button(&wording::TRY_AGAIN, start(weight)),
        Fetch::Idle => button(&wording::DOWNLOAD, start(weight)),
    }
}

fn start(weight: &Weight) -> Action {
    Action::Download(DownloadCommand::Start(weight.offer.id.clone()))
}
