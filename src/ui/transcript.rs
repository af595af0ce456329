//! The conversation, read like a letter.
//!
//! Only what is in sight is laid out on a repaint; the heights of finished
//! lines are measured once for a width, so that a long conversation costs no
//! more than a short one.

use super::memory::recalled::recalled_ui;
use super::theme::{LETTER_LINE_HEIGHT, LETTER_SIZE, Palette};
use super::{bidi, column_rect};
use crate::app::view::View;
use crate::session::{Line, Presence, Speaker};
use crate::settings::Settings;
use crate::turn::TurnId;
use crate::wording::{self, place as words};
use eframe::egui::accesskit::Role;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    self, Align, Button, Color32, FontId, Label, Layout, Rect, RichText, ScrollArea, Stroke,
    TextFormat, Ui, UiBuilder, Vec2,
};
use jiff::{Timestamp, Zoned};
use settling::{Growing, Settling};
use std::ops::Range;
use std::time::Duration;

mod settling;

/// How the transcript stands.
#[derive(Debug, Default)]
pub struct TranscriptState {
    /// Scroll to the end on the next repaint.
    follow: bool,
    measured: Measured,
    helped: Helped,
    partial: Growing,
    reply: Growing,
    settling: Settling,
    conversation: u64,
    /// When the conversation was copied, on egui's clock.
    copied_at_s: Option<f64>,
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

/// The finished lines as they were measured, and what for.
#[derive(Debug, Default)]
struct Measured {
    conversation: u64,
    width: f32,
    pixels_per_point: f32,
    lines: Vec<Measure>,
}

#[derive(Clone, Copy, Debug)]
struct Measure {
    height: f32,
    /// The first line of its day.
    opens_day: bool,
}

/// Between speakers.
const GAP: f32 = 20.0;
/// Between two lines of one speaker.
const SMALL_GAP: f32 = 8.0;
const NAME_HEIGHT: f32 = 26.0;
/// The day, above its first line.
const DAY_HEIGHT: f32 = 36.0;
/// The button that copies, below the last line.
const COPY_SIZE: Vec2 = Vec2::new(100.0, 30.0);
const COPIED_FOR_S: f64 = 2.0;
/// While words appear.
const APPEARING: Duration = Duration::from_millis(33);
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
    /// Her words, cut off, that nobody heard.
    unheard: Option<&'a str>,
    interrupted: bool,
    off_the_record: bool,
    /// Another speaker came before.
    is_named: bool,
    /// When it was said, if it was.
    said_at: Option<Timestamp>,
    /// How its words are seen: parts of the text, 0.0..=1.0 each.
    appearing: Vec<(Range<usize>, f32)>,
}

/// The conversation. Follows the newest words unless the person scrolled up.
pub fn transcript_ui(
    ui: &mut Ui,
    view: &View,
    settings: &Settings,
    state: &mut TranscriptState,
    moves: bool,
) {
    let outer = ui.available_rect_before_wrap();
    state.follow_words(ui, view, moves);
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
            let mut blocks = state.blocks(view, ui.input(|input| input.time), moves);
            let measures = measures(ui, view, &mut blocks, column.width(), &mut state.measured);
            let helped_height = if view.helped().is_empty() { 0.0 } else { state.helped.height };
            let end_height = SMALL_GAP + helped_height.max(COPY_SIZE.y);
            let total_height: f32 =
                GAP + measures.iter().map(|it| it.height).sum::<f32>() + end_height;
            let now = Zoned::now();
            ui.set_height(total_height);
            ui.set_width(ui.max_rect().width());

            let mut top = GAP;
            for (block, measure) in blocks.iter().zip(measures) {
                let bottom = top + measure.height;
                if bottom > in_sight.top() - OVERSCAN && top < in_sight.bottom() + OVERSCAN {
                    let rect = Rect::from_min_size(
                        column.min + Vec2::new(0.0, top),
                        Vec2::new(column.width(), measure.height),
                    );
                    // The id stays with the line while others scroll by.
                    ui.scope_builder(
                        UiBuilder::new().max_rect(rect).id_salt(bottom as i64),
                        |ui| {
                            ui.spacing_mut().item_spacing = Vec2::ZERO;
                            if measure.opens_day {
                                day_ui(ui, block, &now);
                            }
                            block_ui(ui, block, settings, &now);
                        },
                    );
                }
                top = bottom;
            }
            let place = column.min + Vec2::new(0.0, top + SMALL_GAP);
            if !view.helped().is_empty() {
                let width = column.width() - COPY_SIZE.x;
                helped_ui(ui, place, width, view, &mut state.helped);
            }
            if view.presence == Presence::Idle && !view.lines.is_empty() {
                let place = place + Vec2::new(column.width() - COPY_SIZE.x, 0.0);
                let place = Rect::from_min_size(place, COPY_SIZE);
                copy_ui(ui, place, view, settings, &mut state.copied_at_s);
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

/// Copies the whole conversation.
fn copy_ui(
    ui: &mut Ui,
    place: Rect,
    view: &View,
    settings: &Settings,
    copied_at_s: &mut Option<f64>,
) {
    let now_s = ui.input(|input| input.time);
    let since_s = copied_at_s.map_or(f64::MAX, |at_s| now_s - at_s);
    let is_copied = since_s < COPIED_FOR_S;
    let text = if is_copied { words::COPIED } else { words::COPY };
    let color = Palette::of(ui).soft_ink;
    let button = Button::new(RichText::new(text.get()).small().color(color));
    let button = ui.put(place, button.frame_when_inactive(false));
    let name = if is_copied { words::COPIED } else { words::COPY_NAME };
    if button.accessible_name(name).clicked() {
        ui.ctx().copy_text(words::letter(&view.lines, &settings.person.name));
        *copied_at_s = Some(now_s);
    }
    if is_copied {
        ui.ctx().request_repaint_after_secs((COPIED_FOR_S - since_s) as f32);
    }
}

impl TranscriptState {
    /// Notices which words are new.
    fn follow_words(&mut self, ui: &Ui, view: &View, moves: bool) {
        let now_s = ui.input(|input| input.time);
        self.partial.follow(view.partial.as_ref(), now_s);
        self.reply.follow(view.reply.as_ref(), now_s);
        let before = std::mem::replace(&mut self.conversation, view.conversation);
        self.settling.follow(view.lines.len(), before == view.conversation, now_s);
        let is_moving = self.partial.is_moving(now_s)
            || self.reply.is_moving(now_s)
            || self.settling.share(now_s) < 1.0;
        if moves && is_moving {
            ui.ctx().request_repaint_after(super::pace::pause(ui.ctx(), APPEARING));
        }
    }

    /// Finished lines, then the live words of either side.
    fn blocks<'a>(&self, view: &'a View, now_s: f64, moves: bool) -> Vec<Block<'a>> {
        let last = view.lines.len().saturating_sub(1);
        let finished = view.lines.iter().enumerate().map(|(index, line)| {
            let mut block = Block::finished(line, view);
            // Her words were there before; the person's become certain now.
            if moves && index == last && line.speaker == Speaker::Person {
                let share = self.settling.share(now_s);
                block.appearing.extend((share < 1.0).then_some((0..line.text.len(), share)));
            }
            block
        });
        let live = [(&view.reply, Speaker::Samantha), (&view.partial, Speaker::Person)];
        let live = live.into_iter().zip([&self.reply, &self.partial]);
        let live = live.filter_map(|((live, speaker), growing)| {
            let appearing = if moves { growing.parts(now_s).collect() } else { Vec::new() };
            live.as_ref().map(|live| Block::live(&live.text, speaker, appearing))
        });
        let mut before = None;
        let name = |mut block: Block<'a>| {
            block.is_named = before.replace(block.speaker) != Some(block.speaker);
            block
        };
        finished.chain(live).map(name).collect()
    }
}

/// One measure a block, gap included. Those of finished lines are remembered.
fn measures(
    ui: &Ui,
    view: &View,
    blocks: &mut [Block<'_>],
    width: f32,
    measured: &mut Measured,
) -> Vec<Measure> {
    let pixels_per_point = ui.ctx().pixels_per_point();
    let is_current = measured.conversation == view.conversation
        && measured.width == width
        && measured.pixels_per_point == pixels_per_point
        && measured.lines.len() <= view.lines.len();
    if !is_current {
        measured.lines.clear();
        (measured.conversation, measured.width, measured.pixels_per_point) =
            (view.conversation, width, pixels_per_point);
    }
    let known = measured.lines.len();
    let now = Zoned::now();
    let day =
        |block: &Block<'_>| block.said_at.map(|at| at.to_zoned(now.time_zone().clone()).date());
    let mut measures = measured.lines.clone();
    for index in known..blocks.len() {
        let before = index.checked_sub(1).and_then(|before| day(&blocks[before]));
        let opens_day = day(&blocks[index]).is_some_and(|day| before != Some(day));
        blocks[index].is_named |= opens_day;
        let day_height = if opens_day { DAY_HEIGHT } else { 0.0 };
        measures
            .push(Measure { height: height(ui, &blocks[index], width) + day_height, opens_day });
    }
    for (block, measure) in blocks.iter_mut().zip(&measures) {
        block.is_named |= measure.opens_day;
    }
    measured.lines.extend_from_slice(&measures[known..view.lines.len()]);
    measures
}

fn height(ui: &Ui, block: &Block<'_>, width: f32) -> f32 {
    let mut job = block.job(&Palette::of(ui));
    job.wrap.max_width = width;
    let text_height = bidi::galley(ui, job).size().y;
    block.head_height() + text_height
}

fn day_ui(ui: &mut Ui, block: &Block<'_>, now: &Zoned) {
    let Some(said_at) = block.said_at else { return };
    ui.allocate_ui(Vec2::new(ui.available_width(), DAY_HEIGHT), |ui| {
        ui.set_min_height(DAY_HEIGHT);
        ui.vertical_centered(|ui| {
            ui.add_space(SMALL_GAP);
            let day = RichText::new(words::day(said_at, now)).small();
            ui.add(Label::new(day.color(Palette::of(ui).soft_ink)));
        });
    });
}

fn block_ui(ui: &mut Ui, block: &Block<'_>, settings: &Settings, now: &Zoned) {
    let palette = Palette::of(ui);
    ui.add_space(block.head_height() - if block.is_named { NAME_HEIGHT } else { 0.0 });
    if block.is_named {
        let (name, color) = match block.speaker {
            Speaker::Samantha => (wording::HER_NAME, palette.accent),
            Speaker::Person if settings.person.name.is_empty() => {
                (wording::YOU.get(), palette.soft_ink)
            }
            Speaker::Person => (settings.person.name.as_str(), palette.soft_ink),
        };
        let name = RichText::new(name).small().color(color);
        ui.allocate_ui(Vec2::new(ui.available_width(), NAME_HEIGHT), |ui| {
            ui.set_min_height(NAME_HEIGHT);
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                // Her words follow within moments.
                if let (Speaker::Person, Some(said_at)) = (block.speaker, block.said_at) {
                    let time = RichText::new(words::time(said_at, now)).small();
                    ui.add(Label::new(time.color(palette.soft_ink)));
                }
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                    ui.add(Label::new(name).truncate());
                });
            });
        });
    }
    let label = ui.add(bidi::label(ui, block.job(&palette)));
    label.context_menu(|ui| {
        if ui.button(words::COPY_LINE).clicked() {
            ui.ctx().copy_text(block.text.to_owned());
        }
    });
}

impl<'a> Block<'a> {
    fn finished(line: &'a Line, view: &'a View) -> Self {
        let unheard = line.interrupted.then(|| view.unheard.get(&line.turn)).flatten();
        Self {
            speaker: line.speaker,
            text: &line.text,
            is_soft: false,
            unheard: unheard.map(String::as_str),
            interrupted: line.interrupted,
            off_the_record: line.off_the_record,
            is_named: true,
            said_at: Some(line.said_at),
            appearing: Vec::new(),
        }
    }

    fn live(text: &'a str, speaker: Speaker, appearing: Vec<(Range<usize>, f32)>) -> Self {
        Self {
            speaker,
            text,
            is_soft: speaker == Speaker::Person,
            unheard: None,
            interrupted: false,
            off_the_record: false,
            is_named: true,
            said_at: None,
            appearing,
        }
    }

    /// What stands above the words: the gap, and the name if there is one.
    fn head_height(&self) -> f32 {
        if self.is_named { GAP + NAME_HEIGHT } else { SMALL_GAP }
    }

    fn job(&self, palette: &Palette) -> LayoutJob {
        let ink = if self.is_soft { palette.soft_ink } else { palette.ink };
        // Finished, they grow darker; live, they come out of the paper.
        let from = if self.said_at.is_some() { palette.soft_ink } else { palette.paper };
        let mut job = LayoutJob::default();
        let mut written = 0;
        for (part, seen) in &self.appearing {
            if let Some(words) = self.text.get(part.clone()) {
                let color = from.lerp_to_gamma(ink, *seen);
                job.append(words, 0.0, letter_format(LETTER_SIZE, color));
                written = part.end;
            }
        }
        let rest = &self.text[written..];
        let rest = if self.is_soft { wording::going_on(rest) } else { rest.to_owned() };
        job.append(&rest, 0.0, letter_format(LETTER_SIZE, ink));
        let marks = [
            self.interrupted.then_some(wording::INTERRUPTED),
            self.off_the_record.then_some(wording::memory_page::NOT_KEPT),
            self.unheard.map(|_| words::NOT_HEARD),
        ];
        let marks: Vec<&str> = marks.iter().flatten().map(|mark| mark.get()).collect();
        if !marks.is_empty() {
            let mark = format!(" — {}", marks.join(", "));
            job.append(&mark, 0.0, letter_format(LETTER_SIZE - 4.0, palette.soft_ink));
        }
        if let Some(unheard) = self.unheard {
            // As high as itself, so that the line goes through its middle.
            let format = letter_format(LETTER_SIZE - 2.0, palette.soft_ink);
            let format = TextFormat { line_height: None, ..format };
            job.append(" ", 0.0, format.clone());
            let strikethrough = Stroke::new(1.0, palette.soft_ink);
            job.append(unheard, 0.0, TextFormat { strikethrough, ..format });
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
