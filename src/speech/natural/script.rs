//! What is to be said, what of it was made into sound, and what was heard: pure
//! bookkeeping, without threads, devices or a clock.
//!
//! The voice's thread feeds it and asks it what to make next. Sound is counted
//! in samples, from the first ever pushed to the speaker. Every utterance ends
//! in exactly one `Ended` or `Stopped`.

use super::clauses::clauses;
use crate::speech::{Utterance, VoiceEvent};
use std::collections::VecDeque;
use std::ops::Range;
use voice::{Sound, Word};

/// No more sound than this is made ahead of what is heard: it outlasts the
/// making of the longest clause on a busy computer, and little is thrown away
/// when the person cuts in.
const AHEAD_S: u64 = 8;

/// How far she goes back, after she was held, where no word begins within
/// [`LONGEST_WORD`]: about a syllable.
const STEP_BACK: u64 = voice::RATE_HZ as u64 / 5;
const LONGEST_WORD: u64 = voice::RATE_HZ as u64;

pub(super) struct Script {
    items: VecDeque<Item>,
    /// Cut off, until the speaker has said how far it came.
    cut: Vec<Item>,
    /// A clause of an item in `items` is being made.
    making: bool,
    /// One of a forgotten item is.
    making_in_vain: bool,
}

struct Item {
    utterance: Utterance,
    /// Clauses that were not made yet; the first of them may be in the making.
    clauses: VecDeque<Range<usize>>,
    /// Where its sound begins, once there is some.
    begin: Option<u64>,
    /// Its words and where they are heard, as far as they were made.
    words: Vec<HeardWord>,
    /// Where the last of them ends, and where its sound ends.
    words_end: u64,
    end: u64,
    begun: bool,
}

struct HeardWord {
    /// The byte of the text at which it ends.
    end: usize,
    samples: Range<u64>,
}

impl Script {
    pub(super) fn new() -> Self {
        Self { items: VecDeque::new(), cut: Vec::new(), making: false, making_in_vain: false }
    }

    /// Says this after the rest.
    pub(super) fn speak(&mut self, utterance: Utterance) {
        // While something else is being said, there is time for the whole.
        let clauses = clauses(&utterance.text, self.items.is_empty()).into();
        self.items.push_back(Item {
            utterance,
            clauses,
            begin: None,
            words: Vec::new(),
            words_end: 0,
            end: 0,
            begun: false,
        });
    }

    /// The clause to be made now, if one is, given how much sound was pushed
    /// and heard. [`Script::made`] has to follow.
    pub(super) fn next_clause(&mut self, pushed: u64, heard: u64) -> Option<&str> {
        let ahead = pushed.saturating_sub(heard);
        if self.making || self.making_in_vain || ahead > AHEAD_S * u64::from(voice::RATE_HZ) {
            return None;
        }
        let item = self.items.iter().find(|item| !item.clauses.is_empty())?;
        self.making = true;
        item.clauses.front().map(|range| &item.utterance.text[range.clone()])
    }

    /// Whether what is made next is to be said gently.
    pub(super) fn is_gentle(&self) -> bool {
        let next = self.items.iter().find(|item| !item.clauses.is_empty());
        next.is_some_and(|item| item.utterance.gently)
    }

    /// The clause asked for last is sound, which would be pushed at the place
    /// `at`. Whether it is still wanted: then it has to be pushed.
    pub(super) fn made(&mut self, sound: &Sound, at: u64) -> bool {
        self.making_in_vain = false;
        if !std::mem::take(&mut self.making) {
            return false;
        }
        let Some(item) = self.items.iter_mut().find(|item| !item.clauses.is_empty()) else {
            return false;
        };
        let Some(clause) = item.clauses.pop_front() else { return false };
        item.begin.get_or_insert(at);
        let words = sound.words.iter().map(|Word { text, samples }| HeardWord {
            end: (clause.start + text.end).min(clause.end),
            samples: at + samples.start as u64..at + samples.end as u64,
        });
        item.words.extend(words);
        item.end = at + sound.samples.len() as u64;
        item.words_end = item.words.last().map_or(item.end, |word| word.samples.end);
        true
    }

    /// Whether everything was made: what follows the last sample is silence.
    pub(super) fn is_all_made(&self) -> bool {
        self.items.iter().all(|item| item.clauses.is_empty())
    }

    /// Whether anything is to be said or reported.
    pub(super) fn is_idle(&self) -> bool {
        self.items.is_empty() && self.cut.is_empty()
    }

    /// All before this sample was heard.
    pub(super) fn heard(&mut self, until: u64, tell: &mut impl FnMut(VoiceEvent)) {
        if !self.cut.is_empty() {
            return; // first things first
        }
        while let Some(item) = self.items.front_mut() {
            let Some(begin) = item.begin else { return };
            let Utterance { turn, index, .. } = item.utterance;
            let complete = item.clauses.is_empty();
            if !item.begun && (until > begin || (complete && item.end == begin)) {
                item.begun = true;
                tell(VoiceEvent::Begun { turn, index });
            }
            if !item.begun || !complete || until < item.end {
                return;
            }
            tell(VoiceEvent::Ended { turn, index });
            self.items.pop_front();
        }
    }

    /// Where to go on after she was held and this was the first sample not
    /// heard: where the word that was cut begins.
    pub(super) fn go_on_at(&self, at: u64) -> u64 {
        let is_cut = |item: &&Item| item.begin.is_some_and(|begin| begin < at) && at < item.end;
        let Some(item) = self.items.iter().find(is_cut) else { return at };
        let word = item.words.iter().find(|word| word.samples.contains(&at));
        match word.map(|word| word.samples.start) {
            Some(start) if at - start <= LONGEST_WORD => start,
            None if !item.words.is_empty() => at,
            _ => at.saturating_sub(STEP_BACK).max(item.begin.unwrap_or(at)),
        }
    }

    /// Everything asked for until now is cut off; [`Script::silent`] has to
    /// follow.
    pub(super) fn stop(&mut self) {
        self.making_in_vain |= std::mem::take(&mut self.making);
        self.cut.extend(self.items.drain(..));
    }

    /// What was cut off was heard until this sample.
    pub(super) fn silent(&mut self, from: u64, tell: &mut impl FnMut(VoiceEvent)) {
        for item in std::mem::take(&mut self.cut) {
            let Utterance { turn, index, .. } = item.utterance;
            if !item.begun && item.begin.is_some_and(|begin| from > begin) {
                tell(VoiceEvent::Begun { turn, index });
            }
            tell(match item.is_said(from) {
                true => VoiceEvent::Ended { turn, index },
                false => VoiceEvent::Stopped { turn, index, heard: item.heard_bytes(from) },
            });
        }
    }
}

impl Item {
    /// Whether all of its words were heard to their ends; the pause behind them
    /// does not count.
    fn is_said(&self, until: u64) -> bool {
        let sounded = self.begin.is_some_and(|begin| until > begin);
        sounded && self.clauses.is_empty() && until >= self.words_end
    }

    /// The end of the last word of which the greater part was heard.
    fn heard_bytes(&self, until: u64) -> usize {
        let is_heard = |word: &&HeardWord| {
            let Range { start, end } = word.samples;
            until > start && 2 * (until - start) > end.saturating_sub(start)
        };
        self.words.iter().rev().find(is_heard).map_or(0, |word| word.end)
    }
}

#[cfg(test)]
mod tests;
