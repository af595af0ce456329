//! How words appear: softly, and then they settle. Knows when each word came,
//! and nothing else.

use crate::app::view::Live;
use crate::turn::TurnId;
use eframe::egui::lerp;
use std::ops::Range;

/// How long words take to appear, and finished ones to settle.
const APPEAR_S: f64 = 0.35;
const SETTLE_S: f64 = 0.5;
/// How much of a word is seen at first.
const FAINT: f32 = 0.25;

/// Words that grow, and when each part of them came.
#[derive(Debug, Default)]
pub(super) struct Growing {
    turn: Option<TurnId>,
    text: String,
    /// Where each part ends, and when it came, on egui's clock.
    parts: Vec<(usize, f64)>,
}

impl Growing {
    /// These are the words now.
    pub(super) fn follow(&mut self, live: Option<&Live>, now_s: f64) {
        let Some(live) = live else {
            *self = Self::default();
            return;
        };
        if self.turn != Some(live.turn) {
            *self = Self { turn: Some(live.turn), ..Self::default() };
        }
        if self.text == live.text {
            return;
        }
        let kept = common_words(&self.text, &live.text);
        self.parts.retain(|(end, _)| *end <= kept);
        let settled = self.parts.last().map_or(0, |(end, _)| *end);
        if kept > settled {
            // Part of what came before was changed: what is left of it is not new.
            self.parts.push((kept, now_s - APPEAR_S));
        }
        self.parts.push((live.text.len(), now_s));
        self.text.clone_from(&live.text);
    }

    /// The parts, and how much is seen of each, 0.0..=1.0.
    pub(super) fn parts(&self, now_s: f64) -> impl Iterator<Item = (Range<usize>, f32)> {
        let begins = std::iter::once(0).chain(self.parts.iter().map(|(end, _)| *end));
        begins.zip(&self.parts).map(move |(begin, (end, since_s))| {
            (begin..*end, lerp(FAINT..=1.0, share(now_s - since_s, APPEAR_S)))
        })
    }

    /// Whether anything still appears.
    pub(super) fn is_moving(&self, now_s: f64) -> bool {
        self.parts.last().is_some_and(|(_, since_s)| now_s - since_s < APPEAR_S)
    }
}

/// The last finished line of the person, whose words have just become certain.
#[derive(Debug, Default)]
pub(super) struct Settling {
    lines: usize,
    since_s: Option<f64>,
}

impl Settling {
    /// So many lines are finished; `is_new` if the last one was not before.
    pub(super) fn follow(&mut self, lines: usize, conversation_goes_on: bool, now_s: f64) {
        let before = std::mem::replace(&mut self.lines, lines);
        if !conversation_goes_on {
            self.since_s = None;
        } else if lines == before + 1 {
            self.since_s = Some(now_s);
        }
    }

    /// How far the last line has settled, 0.0..=1.0.
    pub(super) fn share(&self, now_s: f64) -> f32 {
        self.since_s.map_or(1.0, |since_s| share(now_s - since_s, SETTLE_S))
    }
}

fn share(passed_s: f64, within_s: f64) -> f32 {
    (passed_s / within_s).clamp(0.0, 1.0) as f32
}

/// How many bytes both begin with, up to the end of a word.
fn common_words(before: &str, now: &str) -> usize {
    let same = before.bytes().zip(now.bytes()).take_while(|(a, b)| a == b).count();
    let is_end = |at: usize| {
        at == now.len() || now.as_bytes()[at] == b' ' || (at > 0 && now.as_bytes()[at - 1] == b' ')
    };
    (0..=same).rev().find(|at| now.is_char_boundary(*at) && is_end(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(text: &str) -> Live {
        Live { turn: TurnId(1), text: text.into() }
    }

    #[track_caller]
    fn check(words: &Growing, now_s: f64, expect: &[(&str, bool)]) {
        let parts: Vec<_> =
            words.parts(now_s).map(|(part, seen)| (&words.text[part], seen >= 1.0)).collect();
        assert_eq!(parts, expect);
    }

    #[test]
    fn new_words_appear_and_those_before_them_stay() {
        let mut words = Growing::default();
        words.follow(Some(&live("how are")), 10.0);
        check(&words, 10.1, &[("how are", false)]);
        words.follow(Some(&live("how are you")), 11.0);
        check(&words, 11.1, &[("how are", true), (" you", false)]);
        assert!(words.is_moving(11.1) && !words.is_moving(11.5));
        check(&words, 11.5, &[("how are", true), (" you", true)]);
    }

    #[test]
    fn a_word_that_is_understood_otherwise_is_new() {
        let mut words = Growing::default();
        words.follow(Some(&live("I saw a bear über")), 10.0);
        words.follow(Some(&live("I saw a beer übel")), 11.0);
        check(&words, 11.1, &[("I saw a ", true), ("beer übel", false)]);
        words.follow(None, 12.0);
        assert_eq!(words.parts(12.0).count(), 0);
    }

    #[test]
    fn a_finished_line_settles_and_an_old_one_never_moved() {
        let mut settling = Settling::default();
        settling.follow(40, false, 10.0);
        assert_eq!(settling.share(10.0), 1.0);
        settling.follow(41, true, 11.0);
        assert!(settling.share(11.1) < 0.5);
        assert_eq!(settling.share(12.0), 1.0);
    }
}
