//! Takes her own voice out of what the microphone hears, and tells what of the
//! rest is still hers.
//!
//! [`EchoCanceller`] learns how what the loudspeaker plays comes back through
//! the room, and subtracts that. The work is WebRTC's AEC3 (`sonora-aec3`), of
//! which only the linear part is used: its suppressor, which mutes what may be
//! echo, would mute the person who talks over her as well and cost the
//! recogniser words. So a little of her stays, above all in the first seconds
//! in a new room. [`person`] tells that from a person.
//!
//! Called by whoever follows the microphone. Never decides whether she is
//! interrupted, and never looks at words.

mod alignment;
mod expectation;
mod likeness;
mod steadiness;

use crate::RATE_HZ;
use crate::highpass::HighPass;
use crate::vad::FRAME_SAMPLES;
use alignment::Alignment;
use expectation::Expectation;
use likeness::Likeness;
use sonora_aec3::block::Block;
use sonora_aec3::block_processor::BlockProcessor;
use sonora_aec3::config::EchoCanceller3Config;
use std::collections::VecDeque;
use steadiness::Steadiness;

/// What the canceller works on in one step: 4 ms.
pub const BLOCK_SAMPLES: usize = 64;
/// It counts in the units of 16-bit samples.
const FULL_SCALE: f32 = 32_768.0;
/// The echo it can take out: 240 ms of the room, behind any delay up to 0.5 s.
/// With 52 ms, as in calls, a living room's echo stays at -7 dB; so at -30 dB.
const FILTER_BLOCKS: usize = 60;
/// In the first seconds of her voice a shorter filter learns faster: from the third second
/// to the eighth -13 to -17 dB were left in the virtual room, with 30 blocks for 2.5 s
/// (the default) -7 to -12.
const FIRST_FILTER_BLOCKS: usize = 20;
const FIRST_S: f32 = 6.0;
/// Below this (-70 dBFS) the loudspeaker plays nothing.
const SILENT_BELOW: f32 = 3e-4;
/// An echo is over so long after its sound: delay and reverberation.
const ECHO_LASTS_MS: u32 = 700;
/// After this much silence there is nothing to take out, and nothing is done.
const REST_AFTER_MS: u32 = 1_000;
/// A frame of [`crate::vad`].
const FRAME_BLOCKS: u32 = (FRAME_SAMPLES / BLOCK_SAMPLES) as u32;
/// It is looked so often whether her echo comes when it did: every eighth of a second.
const ALIGNED_EVERY_BLOCKS: u32 = 4 * FRAME_BLOCKS;
/// How fast the powers in [`EchoState`] follow, in blocks.
const POWER_BLOCKS: f32 = 48.0;

/// What is left of her voice when it is cancelled, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EchoState {
    /// The loudspeaker played something so lately that its echo may be heard.
    pub echo_possible: bool,
    /// How loud the cancelled sound was in the last 0.2 s beside the echo that
    /// was taken out, in dB: about -30 if only she speaks, -10 and more if a
    /// person does too.
    pub left_db: f32,
    /// What is left when only she speaks, on average, once that is little. `None` as well
    /// while her echo comes back otherwise.
    pub usual_left_db: Option<f32>,
    /// How much louder the microphone was in the last quarter of a second than
    /// her echo should be, in dB, on average over 20 bands: below 0.3 if only
    /// she speaks, 0.5 and more if a person does too. `None` until she was first
    /// heard for 2.5 s.
    pub above_db: Option<f32>,
    /// How like the cancelled sound of the last half second is to what the
    /// loudspeaker played up to 0.4 s before, from 0.0 to 1.0: her echo about
    /// 0.15 and more, a person's voice seldom above 0.1. 0.0 where it is not asked
    /// for, once `above_db` is known.
    pub likeness: f32,
}

/// The probability that a person speaks, given the probability that the
/// cancelled sound is speech ([`crate::vad`]): 0.0 if it is what is left of
/// her own voice.
pub fn person(speech: f32, state: &EchoState) -> f32 {
    let EchoState { left_db, likeness, .. } = *state;
    let is_hers = match (state.usual_left_db, state.above_db) {
        (Some(usual_db), above_db) => {
            left_db < usual_db + LEAST_MORE_DB
                || likeness > MOST_LEFT_LIKENESS
                || above_db.is_some_and(|above_db| above_db < LEAST_ABOVE_KNOWN_DB)
        }
        (None, Some(above_db)) => above_db < LEAST_ABOVE_DB || left_db < LEAST_LEFT_DB,
        (None, None) => left_db < LEAST_LEFT_DB || likeness > MOST_LIKENESS,
    };
    if state.echo_possible && is_hers { 0.0 } else { speech }
}

/// So little more than is usually left of her is left of her too.
const LEAST_MORE_DB: f32 = 8.0;
/// So much more, if it is like her or no louder than her echo should be, is her echo
/// that has moved.
const MOST_LEFT_LIKENESS: f32 = 0.2;
const LEAST_ABOVE_KNOWN_DB: f32 = 0.1;
/// Less above what her echo should be is her echo.
const LEAST_ABOVE_DB: f32 = 0.35;
/// Softer beside the echo that was taken out is no person who wants to interrupt.
const LEAST_LEFT_DB: f32 = -12.0;
/// More like her is no other person.
const MOST_LIKENESS: f32 = 0.1;

/// Follows the microphone and the loudspeaker; see the module.
pub struct EchoCanceller {
    aec: BlockProcessor,
    highpasses: [HighPass; 2],
    /// What waits until there is a block of both.
    heard: VecDeque<f32>,
    reference: VecDeque<f32>,
    /// What the loudspeaker played last, newest last.
    played: VecDeque<f32>,
    /// By how many samples the reference is held back, and how many of the next are
    /// left out for it.
    late: isize,
    left_out: usize,
    blocks: [Block; 3],
    /// Blocks since the loudspeaker played something.
    silent_blocks: u32,
    /// Of those since she began, the blocks in which she is loud enough to be measured.
    audible_blocks: u32,
    /// Her echo was expected in what is heard since she began.
    is_echo_there: bool,
    likeness: Likeness,
    expectation: Expectation,
    steadiness: Steadiness,
    alignment: Alignment,
    left_power: f32,
    echo_power: f32,
}

impl EchoCanceller {
    /// In a room it does not know yet.
    pub fn new() -> Self {
        Self {
            aec: processor(),
            highpasses: Default::default(),
            heard: VecDeque::new(),
            reference: VecDeque::new(),
            played: VecDeque::from(vec![0.0; alignment::MOST]),
            late: 0,
            left_out: 0,
            blocks: std::array::from_fn(|_| Block::new(1, 1)),
            silent_blocks: u32::MAX,
            audible_blocks: 0,
            is_echo_there: false,
            likeness: Likeness::new(),
            expectation: Expectation::new(),
            steadiness: Steadiness::default(),
            alignment: Alignment::new(),
            left_power: 0.0,
            echo_power: 0.0,
        }
    }

    /// More sound, in pieces of any size: what the microphone heard, and what
    /// the loudspeaker played at the same time, sample for sample (where it is
    /// shorter, nothing was played). An echo may come 0 to 0.3 s after its
    /// reference, never before it. Appends the heard sound without it, in
    /// blocks of [`BLOCK_SAMPLES`] that are whole now; 16 ms later at most, where
    /// her echo comes earlier than it did.
    pub fn process(&mut self, heard: &[f32], reference: &[f32], out: &mut Vec<f32>) {
        let [heard_filter, reference_filter] = &mut self.highpasses;
        self.heard.extend(heard.iter().map(|sample| heard_filter.next(*sample)));
        let reference = reference.iter().copied().chain(std::iter::repeat(0.0));
        let reference = reference.take(heard.len()).map(|sample| reference_filter.next(sample));
        self.reference.extend(reference);

        loop {
            let left_out = self.left_out.min(self.reference.len());
            self.reference.drain(..left_out);
            self.left_out -= left_out;
            if self.heard.len().min(self.reference.len()) < BLOCK_SAMPLES {
                return;
            }
            let heard = block_of(&mut self.heard);
            let reference = block_of(&mut self.reference);
            self.played.extend(reference);
            self.played.drain(..BLOCK_SAMPLES);
            self.process_block(&heard, &reference, out);
        }
    }

    /// About the sound that was given last. Costs 0.3 ms where likeness is measured: ask
    /// once for each frame of [`crate::vad`].
    pub fn state(&mut self) -> EchoState {
        let echo_possible = self.silent_blocks < blocks_in(ECHO_LASTS_MS);
        let (left_db, above_db) = (self.left_db(), self.expectation.above_db());
        let usual_left_db = self.steadiness.usual_left_db();
        let asks_for_likeness = match usual_left_db {
            Some(usual_db) => left_db >= usual_db + LEAST_MORE_DB,
            None => above_db.is_none(),
        };
        let likeness =
            if echo_possible && asks_for_likeness { self.likeness.measure() } else { 0.0 };
        EchoState { echo_possible, left_db, usual_left_db, above_db, likeness }
    }

    /// The two signals may lie otherwise beside each other from here on: sound was
    /// lost, or a clock was set.
    pub fn doubt(&mut self) {
        self.steadiness.doubt();
    }

    /// Whether her echo was known well and comes back otherwise now, so that much
    /// of her is left until that is learned: some twenty seconds of her voice.
    pub fn has_lost_her(&self) -> bool {
        self.steadiness.is_lost()
    }

    fn left_db(&self) -> f32 {
        let ratio = (self.left_power + 1e-12) / (self.echo_power + 1e-12);
        10.0 * ratio.log10()
    }

    fn process_block(
        &mut self,
        heard: &[f32; BLOCK_SAMPLES],
        reference: &[f32; BLOCK_SAMPLES],
        out: &mut Vec<f32>,
    ) {
        self.expectation.push(heard, reference);
        let is_silent = reference.iter().all(|sample| sample.abs() < SILENT_BELOW);
        if !is_silent && self.silent_blocks >= blocks_in(ECHO_LASTS_MS) {
            self.she_begins();
        }
        self.silent_blocks = if is_silent { self.silent_blocks.saturating_add(1) } else { 0 };
        if self.silent_blocks > blocks_in(REST_AFTER_MS) {
            // Both signals stand still together, so that no time seems to have
            // passed when she goes on, and what was learned of the room stays.
            out.extend_from_slice(heard);
            return;
        }
        let [capture, render, left] = &mut self.blocks;
        fill(capture, heard);
        fill(render, reference);
        let is_saturated = heard.iter().any(|sample| sample.abs() > 0.98);
        self.aec.buffer_render(render);
        self.aec.process_capture(false, is_saturated, Some(left), capture);

        let begin = out.len();
        out.extend(left.view(0, 0).iter().map(|sample| sample / FULL_SCALE));
        let left = &out[begin..];
        let echo = heard.iter().zip(left).map(|(heard, left)| heard - left);
        // Until her echo is there, what is heard is not left of it.
        self.is_echo_there |= is_audible(echo.clone());
        if self.is_echo_there {
            follow(&mut self.echo_power, echo.clone());
            follow(&mut self.left_power, left.iter().copied());
        }
        self.alignment.push(heard, echo);
        self.likeness.push(left, reference);
        if is_audible(reference.iter().copied()) {
            self.audible_blocks += 1;
            if self.audible_blocks.is_multiple_of(FRAME_BLOCKS) {
                self.look();
            }
        }
    }

    /// Looks, once in a frame of her voice, whether her echo comes back as it did.
    fn look(&mut self) {
        let left_db = self.left_db();
        // What a person leaves, who talks over her, says nothing of it.
        let is_hers = left_db < LEAST_LEFT_DB || self.likeness.measure() > MOST_LIKENESS;
        if is_hers && self.steadiness.push(left_db) {
            // One that begins learns faster than one that has learned otherwise.
            self.aec = processor();
            self.alignment.clear();
        }
        if self.audible_blocks.is_multiple_of(ALIGNED_EVERY_BLOCKS)
            && let Some(samples) = self.alignment.moved_by()
        {
            self.hold_back(samples);
        }
    }

    /// What was heard before says nothing of whether somebody talks over her.
    fn she_begins(&mut self) {
        self.expectation.forget_heard();
        self.alignment.clear();
        self.audible_blocks = 0;
        self.is_echo_there = false;
        (self.left_power, self.echo_power) = (0.0, 0.0);
    }

    /// Her echo comes so many samples later than it did, or earlier: so does what is
    /// played, from here on, and what was learned of the room holds.
    fn hold_back(&mut self, samples: isize) {
        let late = self.late + samples;
        if late.unsigned_abs() > alignment::MOST {
            return;
        }
        self.late = late;
        self.alignment.clear();
        let count = samples.unsigned_abs();
        if samples < 0 {
            self.left_out += count;
        } else {
            let again = self.played.range(self.played.len() - count..);
            again.rev().for_each(|sample| self.reference.push_front(*sample));
        }
    }
}

impl Default for EchoCanceller {
    fn default() -> Self {
        Self::new()
    }
}

fn block_of(queue: &mut VecDeque<f32>) -> [f32; BLOCK_SAMPLES] {
    let mut samples = queue.drain(..BLOCK_SAMPLES);
    std::array::from_fn(|_| samples.next().unwrap_or_default())
}

fn processor() -> BlockProcessor {
    let mut aec = BlockProcessor::new(&config(), RATE_HZ as usize, 1, 1);
    aec.set_capture_output_usage(false);
    aec
}

fn config() -> EchoCanceller3Config {
    let mut config = EchoCanceller3Config::default();
    let filter = &mut config.filter;
    filter.refined.length_blocks = FILTER_BLOCKS;
    filter.coarse.length_blocks = FILTER_BLOCKS;
    filter.refined_initial.length_blocks = FIRST_FILTER_BLOCKS;
    filter.initial_state_seconds = FIRST_S;
    filter.export_linear_aec_output = true;
    config
}

const fn blocks_in(ms: u32) -> u32 {
    ms * RATE_HZ / 1000 / BLOCK_SAMPLES as u32
}

fn fill(block: &mut Block, samples: &[f32]) {
    for (to, sample) in block.view_mut(0, 0).iter_mut().zip(samples) {
        *to = sample * FULL_SCALE;
    }
}

/// Whether a block is so loud (-50 dBFS) that what is left of it can be measured.
fn is_audible(block: impl Iterator<Item = f32>) -> bool {
    block.map(|sample| sample * sample).sum::<f32>() > 1e-5 * BLOCK_SAMPLES as f32
}

fn follow(power: &mut f32, samples: impl Iterator<Item = f32>) {
    let block = samples.map(|sample| sample * sample).sum::<f32>() / BLOCK_SAMPLES as f32;
    *power += (block - *power) / POWER_BLOCKS;
}

#[cfg(test)]
mod tests;
