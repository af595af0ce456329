//! The weights: which are to be fetched, and how far that has come.

use super::{hint_ui, status_ui, trouble_ui};
use crate::app::downloads::{DownloadCommand, Fetch, Purpose, Weight, Weights};
use crate::ui::theme::{Palette, button_width, text_width};
use crate::ui::{Action, beside_ui};
use crate::wording::welcome as words;
use eframe::egui::{Align, CornerRadius, Label, Layout, ProgressBar, RichText, TextStyle, Ui};
use std::collections::{HashMap, HashSet};

/// What the person decided about them.
#[derive(Debug, Default)]
pub(super) struct Models {
    /// Whether it is to be fetched, where that is not as preselected.
    ticks: HashMap<String, bool>,
    /// What was asked for.
    asked: HashSet<String>,
    /// Fetching is interrupted here, in bytes: so many of so many.
    paused_at: Option<(u64, u64)>,
}

/// How fetching stands.
#[derive(Clone, Copy)]
enum Progress<'a> {
    Running,
    Paused,
    /// For this reason.
    Failed(&'a str),
}

impl Models {
    /// Fetches what is chosen, unless the person interrupted that.
    pub(super) fn begin(&mut self, weights: &Weights, actions: &mut Vec<Action>) {
        if self.paused_at.is_none() {
            self.start(weights, actions);
        }
    }

    /// Whether anything chosen is neither here nor on its way.
    pub(super) fn has_more(&self, weights: &Weights) -> bool {
        self.paused_at.is_none() && self.startable(weights).next().is_some()
    }

    /// Whether something is on its way.
    pub(super) fn is_fetching(&self, weights: &Weights) -> bool {
        weights.all().iter().any(is_running)
    }

    /// The list of the step.
    pub(super) fn models_ui(&mut self, ui: &mut Ui, weights: &Weights) {
        let listed: Vec<&Weight> =
            weights.all().iter().filter(|weight| self.is_listed(weight)).collect();
        if weights.missing().next().is_none() && !listed.iter().any(|weight| is_running(weight)) {
            status_ui(ui, words::ALL_HERE);
            ui.add_space(8.0);
        }
        for weight in listed {
            self.model_ui(ui, weight);
        }
        ui.add_space(4.0);
        let is_without = weights.missing().any(|weight| {
            let is_vital = matches!(weight.offer.purpose, Purpose::Hearing | Purpose::Dialogue);
            is_vital && !self.is_chosen(weight)
        });
        if is_without {
            hint_ui(ui, &words::WITHOUT);
        } else if self.has_more(weights) {
            let bytes = self.startable(weights).map(|weight| weight.offer.size_bytes).sum();
            hint_ui(ui, &words::altogether(bytes));
        }
        hint_ui(ui, &words::MORE_MODELS);
    }

    fn model_ui(&mut self, ui: &mut Ui, weight: &Weight) {
        let offer = &weight.offer;
        ui.horizontal(|ui| {
            let mut is_chosen = self.is_chosen(weight);
            let facts = words::model_facts(weight);
            let ability = words::ability(offer.purpose);
            let is_open = !offer.installed && !is_running(weight);
            ui.add_enabled_ui(is_open, |ui| {
                let tick = ui.checkbox(&mut is_chosen, ability.get());
                if tick.accessible_name(format!("{ability}: {facts}")).changed() {
                    self.ticks.insert(offer.id.clone(), is_chosen);
                    self.asked.remove(&offer.id);
                }
            });
            let text = match &weight.fetch {
                Fetch::Failed(_) => words::NOT_FETCHED.into(),
                _ if offer.installed => words::HERE.into(),
                _ => facts,
            };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = RichText::new(text).small().weak();
                ui.add(Label::new(text).truncate().selectable(false));
            });
        });
    }

    /// How far fetching has come, and how to interrupt it; nothing where nothing
    /// was asked for.
    pub(super) fn progress_ui(
        &mut self,
        ui: &mut Ui,
        weights: &Weights,
        actions: &mut Vec<Action>,
    ) {
        let Some(progress) = self.progress(weights) else { return };
        let (done, total) = self.paused_at.unwrap_or_else(|| self.bytes(weights));
        ui.add_space(8.0);
        if let Progress::Failed(reason) = progress {
            trouble_ui(ui, reason);
        } else {
            let share = done as f32 / total.max(1) as f32;
            let bar = ProgressBar::new(share)
                .desired_height(8.0)
                .corner_radius(CornerRadius::same(4))
                .fill(Palette::of(ui).accent);
            ui.add(bar).accessible_name(words::PROGRESS);
        }
        let (text, button) = match progress {
            Progress::Running => (words::fetching(done, total), words::PAUSE),
            Progress::Paused => (words::paused(done, total), words::GO_ON),
            Progress::Failed(_) => (String::new(), words::TRY_AGAIN),
        };
        let width = text_width(ui, &TextStyle::Small, &text) + button_width(ui, &[&button]);
        beside_ui(
            ui,
            width,
            |ui| ui.add(Label::new(RichText::new(text).small()).selectable(false)),
            |ui| {
                if ui.button(button.get()).clicked() {
                    match progress {
                        Progress::Running => self.pause(weights, actions),
                        Progress::Paused | Progress::Failed(_) => self.start(weights, actions),
                    }
                }
            },
        );
    }

    fn progress<'a>(&self, weights: &'a Weights) -> Option<Progress<'a>> {
        let is_open = |weight: &&Weight| self.is_asked(weight) && !weight.offer.installed;
        let open = || weights.all().iter().filter(is_open);
        open().next()?;
        if self.paused_at.is_some() {
            return Some(Progress::Paused);
        }
        if self.is_fetching(weights) {
            return Some(Progress::Running);
        }
        let failed = open().find_map(|weight| match &weight.fetch {
            Fetch::Failed(reason) => Some(Progress::Failed(reason)),
            _ => None,
        });
        // What was asked for and neither runs nor failed was interrupted elsewhere.
        failed.or(Some(Progress::Paused))
    }

    fn pause(&mut self, weights: &Weights, actions: &mut Vec<Action>) {
        self.paused_at = Some(self.bytes(weights));
        let running = weights.all().iter().filter(|weight| is_running(weight));
        let cancel = |weight: &Weight| DownloadCommand::Cancel(weight.offer.id.clone());
        actions.extend(running.map(|weight| Action::Download(cancel(weight))));
    }

    fn start(&mut self, weights: &Weights, actions: &mut Vec<Action>) {
        self.paused_at = None;
        let ids: Vec<String> =
            self.startable(weights).map(|weight| weight.offer.id.clone()).collect();
        for id in ids {
            // It stays chosen when it is no longer missing.
            self.ticks.insert(id.clone(), true);
            self.asked.insert(id.clone());
            actions.push(Action::Download(DownloadCommand::Start(id)));
        }
    }

    /// Bytes that are here, and bytes altogether, of what was asked for.
    fn bytes(&self, weights: &Weights) -> (u64, u64) {
        let asked = weights.all().iter().filter(|weight| self.is_asked(weight));
        asked.fold((0, 0), |(done, total), weight| {
            let size = weight.offer.size_bytes;
            match weight.fetch {
                Fetch::Running { done_bytes, total_bytes, .. } => {
                    (done + done_bytes, total + total_bytes)
                }
                _ if weight.offer.installed => (done + size, total + size),
                _ => (done, total + size),
            }
        })
    }

    /// Whether it was to be fetched, or is being fetched.
    fn is_asked(&self, weight: &Weight) -> bool {
        self.asked.contains(&weight.offer.id) || is_running(weight)
    }

    fn startable<'a>(&'a self, weights: &'a Weights) -> impl Iterator<Item = &'a Weight> {
        weights.all().iter().filter(|weight| {
            self.is_chosen(weight) && !weight.offer.installed && !is_running(weight)
        })
    }

    fn is_chosen(&self, weight: &Weight) -> bool {
        self.ticks.get(&weight.offer.id).copied().unwrap_or(weight.offer.needed)
    }

    /// What is missing, what was decided about, and small things that help.
    fn is_listed(&self, weight: &Weight) -> bool {
        let is_small = matches!(
            weight.offer.purpose,
            Purpose::Remembering | Purpose::Speaking | Purpose::TurnTaking
        );
        weight.offer.needed
            || is_running(weight)
            || self.ticks.contains_key(&weight.offer.id)
            || (is_small && !weight.offer.installed)
    }
}

fn is_running(weight: &Weight) -> bool {
    matches!(weight.fetch, Fetch::Running { .. })
}
