//! The conversation, read like a letter.
//!
//! Only what is in sight is laid out on a repaint; the heights of finished
//! lines are measured once for a width, so that a long conversation costs no
//! more than a short one.

use super::column_rect;
use super::memory::recalled::recalled_ui;
use super::theme::{LETTER_LINE_HEIGHT, LETTER_SIZE, Palette};
use crate::app::view::View;
use crate::session::{Line, Speaker};
use crate::settings::Settings;
use crate::turn::TurnId;
use crate::wording;
use eframe::egui::accesskit::Role;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    self, Align, Button, Color32, FontId, Label, Rect, RichText, ScrollArea, TextFormat, Ui,
    UiBuilder, Vec2,
};

/// How the transcript stands.
#[derive(Debug, Default)]
pub struct TranscriptState {
    /// Scroll to the end on the next repaint.
    follow: bool,
    measured: Measured,
    helped: Helped,
}

/// What helped with her last reply, below it.
#[derive(Debug, Default)]
struct Helped {
    is_open: bool,
    /// Of what it was opened for.
    turn: Option<TurnId>,
    /// As it was painted last.
    height: f32,
}

impl TranscriptState {
    /// The person said something: they want to see it, wherever they read.
    pub fn follow(&mut self) {
        self.follow = true;
    }
}

/// Heights of the finished lines, and what they were measured for.
#[derive(Debug, Default)]
struct Measured {
    conversation: u64,
    width: f32,
    pixels_per_point: f32,
    heights: Vec<f32>,
}

/// Between speakers.
const GAP: f32 = 20.0;
/// Between two lines of one speaker.
const SMALL_GAP: f32 = 8.0;
const NAME_HEIGHT: f32 = 26.0;
/// Laid out beyond what is in sight, so that a selection can be dragged there.
const OVERSCAN: f32 = 300.0;
/// From here on the person has scrolled up.
const AWAY_FROM_END: f32 = 80.0;

/// What is said in one go, finished or not.
struct Block<'a> {
    speaker: Speaker,
    text: &'a str,
    /// The words may still change.
    is_soft: bool,
    interrupted: bool,
    off_the_record: bool,
    /// Another speaker came before.
    is_named: bool,
}

/// The conversation. Follows the newest words unless the person scrolled up.
pub fn transcript_ui(ui: &mut Ui, view: &View, settings: &Settings, state: &mut TranscriptState) {
    let outer = ui.available_rect_before_wrap();
    let follow = std::mem::take(&mut state.follow);
    let output = ScrollArea::vertical()
        .id_salt(("transcript", view.conversation))
        .auto_shrink(false)
        .stick_to_bottom(true)
        // On its way to the end it would miss the lines that come meanwhile.
        .animated(false)
        .show_viewport(ui, |ui, in_sight| {
            ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
                node.set_role(Role::Log);
                node.set_label(wording::TRANSCRIPT);
            });
            let column = column_rect(ui.max_rect());
            let blocks: Vec<Block<'_>> = blocks(view).collect();
            let heights = heights(ui, view, &blocks, column.width(), &mut state.measured);
            let helped_height = if view.helped().is_empty() { 0.0 } else { state.helped.height };
            let total_height: f32 = GAP + heights.iter().sum::<f32>() + SMALL_GAP + helped_height;
            ui.set_height(total_height);
            ui.set_width(ui.max_rect().width());

            let mut top = GAP;
            for (block, height) in blocks.iter().zip(heights) {
                let bottom = top + height;
                if bottom > in_sight.top() - OVERSCAN && top < in_sight.bottom() + OVERSCAN {
                    let rect = Rect::from_min_size(
                        column.min + Vec2::new(0.0, top),
                        Vec2::new(column.width(), height),
                    );
                    // The id stays with the line while others scroll by.
                    ui.scope_builder(
                        UiBuilder::new().max_rect(rect).id_salt(bottom as i64),
                        |ui| {
                            block_ui(ui, block, settings);
                        },
                    );
                }
                top = bottom;
            }
            if !view.helped().is_empty() {
                let place = column.min + Vec2::new(0.0, top + SMALL_GAP);
                helped_ui(ui, place, column.width(), view, &mut state.helped);
            }
            if follow {
                let end = ui.max_rect().left_top() + Vec2::new(0.0, total_height);
                ui.scroll_to_rect(Rect::from_min_size(end, Vec2::ZERO), Some(Align::BOTTOM));
            }
        });
    let below =
        output.content_size.y - output.state.clamped_offset().y - output.inner_rect.height();
    if below > AWAY_FROM_END {
        let size = Vec2::new(104.0, 36.0);
        let place = outer.center_bottom() - Vec2::new(size.x / 2.0, size.y + 8.0);
        if ui.put(Rect::from_min_size(place, size), Button::new(wording::NEWEST)).clicked() {
            state.follow = true;
            ui.ctx().request_repaint();
        }
    }
}

/// What was remembered for the last reply, and why.
fn helped_ui(ui: &mut Ui, place: egui::Pos2, width: f32, view: &View, helped: &mut Helped) {
    let turn = view.last_reply().map(|line| line.turn);
    if helped.turn != turn {
        *helped = Helped { turn, ..Helped::default() };
    }
    let rect = Rect::from_min_size(place, Vec2::new(width, f32::INFINITY));
    let shown = ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt("helped"), |ui| {
        recalled_ui(ui, view.helped(), &jiff::Zoned::now(), &mut helped.is_open);
    });
    let height = shown.response.rect.height() + SMALL_GAP;
    if height != helped.height {
        // The end of the conversation is there now.
        helped.height = height;
        ui.ctx().request_repaint();
    }
}

/// Finished lines, then the live words of either side.
fn blocks(view: &View) -> impl Iterator<Item = Block<'_>> {
    let finished = view.lines.iter().map(|line: &Line| Block {
        speaker: line.speaker,
        text: &line.text,
        is_soft: false,
        interrupted: line.interrupted,
        off_the_record: line.off_the_record,
        is_named: true,
    });
    let live = |speaker, text, is_soft| Block {
        speaker,
        text,
        is_soft,
        interrupted: false,
        off_the_record: false,
        is_named: true,
    };
    let reply = view.reply.iter().map(move |words| live(Speaker::Samantha, &words.text, false));
    let partial = view.partial.iter().map(move |words| live(Speaker::Person, &words.text, true));
    let mut before = None;
    finished.chain(reply).chain(partial).map(move |mut block| {
        block.is_named = before.replace(block.speaker) != Some(block.speaker);
        block
    })
}

/// One height a block, gap included. Those of finished lines are remembered.
fn heights(
    ui: &Ui,
    view: &View,
    blocks: &[Block<'_>],
    width: f32,
    measured: &mut Measured,
) -> Vec<f32> {
    let pixels_per_point = ui.ctx().pixels_per_point();
    let is_current = measured.conversation == view.conversation
        && measured.width == width
        && measured.pixels_per_point == pixels_per_point
        && measured.heights.len() <= view.lines.len();
    if !is_current {
        measured.heights.clear();
        (measured.conversation, measured.width, measured.pixels_per_point) =
            (view.conversation, width, pixels_per_point);
    }
    let known = measured.heights.len();
    let new = blocks[known..].iter().map(|block| height(ui, block, width));
    let heights: Vec<f32> = measured.heights.iter().copied().chain(new).collect();
    measured.heights.extend_from_slice(&heights[known..view.lines.len()]);
    heights
}

fn height(ui: &Ui, block: &Block<'_>, width: f32) -> f32 {
    let mut job = block.job(&Palette::of(ui));
    job.wrap.max_width = width;
    let text_height = ui.fonts_mut(|fonts| fonts.layout_job(job)).size().y;
    block.head_height() + text_height
}

fn block_ui(ui: &mut Ui, block: &Block<'_>, settings: &Settings) {
    let palette = Palette::of(ui);
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    ui.add_space(block.head_height() - if block.is_named { NAME_HEIGHT } else { 0.0 });
    if block.is_named {
        let (name, color) = match block.speaker {
            Speaker::Samantha => (wording::HER_NAME, palette.accent),
            Speaker::Person if settings.person.name.is_empty() => (wording::YOU, palette.soft_ink),
            Speaker::Person => (settings.person.name.as_str(), palette.soft_ink),
        };
        let name = RichText::new(name).small().color(color);
        ui.allocate_ui(Vec2::new(ui.available_width(), NAME_HEIGHT), |ui| {
            ui.set_min_height(NAME_HEIGHT);
            ui.add(Label::new(name).truncate());
        });
    }
    ui.add(Label::new(block.job(&palette)).wrap());
}

impl Block<'_> {
    /// What stands above the words: the gap, and the name if there is one.
    fn head_height(&self) -> f32 {
        if self.is_named { GAP + NAME_HEIGHT } else { SMALL_GAP }
    }

    fn job(&self, palette: &Palette) -> LayoutJob {
        let ink = if self.is_soft { palette.soft_ink } else { palette.ink };
        let mut job = LayoutJob::default();
        let format = letter_format(LETTER_SIZE, ink);
        if self.is_soft {
            job.append(&wording::going_on(self.text), 0.0, format);
        } else {
            job.append(self.text, 0.0, format);
        }
        let marks = [
            self.interrupted.then_some(wording::INTERRUPTED),
            self.off_the_record.then_some(wording::memory_page::NOT_KEPT),
        ];
        let marks: Vec<&str> = marks.into_iter().flatten().collect();
        if !marks.is_empty() {
            let mark = format!(" — {}", marks.join(", "));
            job.append(&mark, 0.0, letter_format(LETTER_SIZE - 4.0, palette.soft_ink));
        }
        job
    }
}

fn letter_format(size: f32, color: Color32) -> TextFormat {
    TextFormat {
        line_height: Some(LETTER_LINE_HEIGHT),
        valign: Align::Center,
        ..TextFormat::simple(FontId::new(size, egui::FontFamily::Proportional), color)
    }
}
