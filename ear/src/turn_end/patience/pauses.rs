//! How long one person's pauses are and how many their turns have, so that patience
//! fits them.

use std::collections::VecDeque;
use std::time::Duration;

/// How many are kept: some minutes of talk.
const KEPT: usize = 24;
/// What is taken for theirs until theirs are known, in milliseconds.
const TYPICAL_MS: [u16; KEPT] = [
    250, 850, 400, 650, 300, 1100, 500, 350, 750, 450, 1400, 550, 250, 900, 400, 600, 300, 1000,
    500, 350, 700, 450, 1250, 600,
];
/// Shorter ones belong to any speech.
const SHORTEST: Duration = Duration::from_millis(200);
/// Of ten pauses, two are longer than this one.
const LONG_ONE: usize = KEPT * 8 / 10;
/// A wait longer than that pause by this outlasts nearly all of them.
const OUTLASTING: f32 = 1.4;
const LEAST_STRETCH: f32 = 0.85;
const MOST_STRETCH: f32 = 1.5;

/// Shorter ones are not counted: whether they are noticed is chance.
const COUNTED: Duration = Duration::from_millis(400);
/// From this one on, the pauses of a turn are taken together.
const LATE_PAUSE: u16 = 3;
/// Before their turns are known, it is as if so many had told nothing.
const UNTOLD_TURNS: f32 = 4.0;
/// How many pauses there were before tells no more than this, in log-odds.
const MOST_TOLD: f32 = 1.5;

/// The recent pauses of one person after which they went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// The oldest first.
    recent_ms: [u16; KEPT],
    /// How many that count each of their recent turns had, the oldest first.
    of_turns: VecDeque<u16>,
    of_this_turn: u16,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { recent_ms: TYPICAL_MS, of_turns: VecDeque::new(), of_this_turn: 0 }
    }
}

impl Pauses {
    /// Those that [`Pauses::recent_ms`] and [`Pauses::of_turns`] gave once; of more than
    /// are kept, the last.
    pub fn of(recent_ms: &[u16], of_turns: &[u16]) -> Self {
        let mut pauses = Self::default();
        for &ms in recent_ms {
            pauses.went_on_after(Duration::from_millis(ms.into()));
        }
        for &count in of_turns {
            pauses.of_this_turn = count;
            pauses.finished();
        }
        pauses.dropped();
        pauses
    }

    /// How long the last ones were, in milliseconds, to be kept until the next
    /// conversation.
    pub fn recent_ms(&self) -> &[u16] {
        &self.recent_ms
    }

    /// How many pauses that count each of the last turns had, to be kept as well.
    pub fn of_turns(&self) -> impl Iterator<Item = u16> {
        self.of_turns.iter().copied()
    }

    /// They paused this long and went on. A pause in which she began to speak too
    /// early counts as well: left out, she would only ever learn to wait less.
    pub fn went_on_after(&mut self, pause: Duration) {
        if pause >= SHORTEST {
            self.recent_ms.rotate_left(1);
            self.recent_ms[KEPT - 1] = u16::try_from(pause.as_millis()).unwrap_or(u16::MAX);
        }
        if pause >= COUNTED {
            self.of_this_turn = self.of_this_turn.saturating_add(1);
        }
    }

    /// They had finished when they paused last; what they say next is another turn.
    pub fn finished(&mut self) {
        if self.of_turns.len() == KEPT {
            self.of_turns.pop_front();
        }
        self.of_turns.push_back(std::mem::take(&mut self.of_this_turn));
    }

    /// What they said was no turn.
    pub fn dropped(&mut self) {
        self.of_this_turn = 0;
    }

    /// By how much longer she waits, since their long pauses are longer than is typical;
    /// within bounds. As the square root: what she waits anyway outlasts most of them.
    pub(super) fn stretch(&self) -> f32 {
        let stretch = long_one_ms(&self.recent_ms) / long_one_ms(&TYPICAL_MS);
        stretch.sqrt().clamp(LEAST_STRETCH, MOST_STRETCH)
    }

    /// How much likelier they have finished with the pause that lasts now than with any,
    /// in log-odds: who tells things at length seldom ends with the first one, who answers
    /// in a sentence mostly does. Nothing until their turns are known.
    pub(super) fn told_by_their_number(&self) -> f32 {
        let pauses: u32 = self.of_turns.iter().copied().map(u32::from).sum();
        if pauses == 0 {
            return 0.0; // none of theirs is known
        }
        let turns = self.of_turns.len() as f32;
        let of_any = turns / (turns + pauses as f32);
        let nth = self.of_this_turn.min(LATE_PAUSE);
        let ended = self.of_turns.iter().filter(|&&n| n.min(LATE_PAUSE) == nth).count();
        let went_on: u32 = self.of_turns.iter().map(|&n| pauses_like(nth, n)).sum();
        let of_these =
            (ended as f32 + UNTOLD_TURNS * of_any) / (ended as f32 + went_on as f32 + UNTOLD_TURNS);
        (log_odds(of_these) - log_odds(of_any)).clamp(-MOST_TOLD, MOST_TOLD)
    }

    /// A wait that nearly all of their pauses are shorter than, in milliseconds.
    pub(super) fn outlasting_ms(&self) -> f32 {
        OUTLASTING * long_one_ms(&self.recent_ms)
    }
}

/// How many of a turn's pauses were the `nth` (or a late one), and not its end.
fn pauses_like(nth: u16, pauses: u16) -> u32 {
    match nth < LATE_PAUSE {
        true => u32::from(pauses > nth),
        false => pauses.saturating_sub(LATE_PAUSE).into(),
    }
}

fn log_odds(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

fn long_one_ms(pauses_ms: &[u16; KEPT]) -> f32 {
    let mut sorted = *pauses_ms;
    sorted.sort_unstable();
    f32::from(sorted[LONG_ONE])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(pause_ms: u64, times: usize) -> Pauses {
        let mut pauses = Pauses::default();
        for _ in 0..times {
            pauses.went_on_after(Duration::from_millis(pause_ms));
        }
        pauses
    }

    #[test]
    fn nobody_is_waited_for_differently_before_they_are_known() {
        assert_eq!(Pauses::default().stretch(), 1.0);
    }

    #[test]
    fn patience_grows_with_their_pauses_and_shrinks_again_within_bounds() {
        let mut pauses = after(5000, 100);
        assert_eq!(pauses.stretch(), MOST_STRETCH);
        for _ in 0..100 {
            pauses.went_on_after(Duration::from_millis(250));
        }
        assert_eq!(pauses.stretch(), LEAST_STRETCH);
    }

    #[test]
    fn a_single_long_pause_changes_little() {
        assert!(after(60_000, 1).stretch() < 1.15);
        assert!(after(70_000, 8).stretch() > 1.4, "several change much");
    }

    #[test]
    fn what_was_kept_comes_back() {
        let pauses = turns(&[1, 0, 4, 2], 0);
        let of_turns: Vec<u16> = pauses.of_turns().collect();
        assert_eq!(of_turns, [1, 0, 4, 2]);
        assert_eq!(Pauses::of(pauses.recent_ms(), &of_turns), pauses);
        assert_eq!(Pauses::of(&[], &[]), Pauses::default());
        assert_eq!(Pauses::of(&[700; 99], &[3; 99]), Pauses::of(&[700; KEPT], &[3; KEPT]));
    }

    /// Somebody whose turns had so many pauses, and that many in the present one.
    fn turns(pauses: &[u16], of_this_turn: u16) -> Pauses {
        let mut theirs = Pauses::default();
        let pause = |theirs: &mut Pauses, count: u16| {
            (0..count).for_each(|_| theirs.went_on_after(Duration::from_millis(500)));
        };
        for &count in pauses {
            pause(&mut theirs, count);
            theirs.finished();
        }
        pause(&mut theirs, of_this_turn);
        theirs
    }

    #[test]
    fn who_tells_things_at_length_has_seldom_finished_with_the_first_pause() {
        let told =
            |of_this_turn| turns(&[2, 3, 2, 1, 4, 2, 3, 2], of_this_turn).told_by_their_number();
        assert!(told(0) < -0.7, "{}", told(0));
        assert!(told(2) > 0.3, "{}", told(2));
        assert!(told(1) < told(2));
    }

    #[test]
    fn who_answers_in_a_sentence_has_mostly_finished_with_the_first_pause() {
        let told = |of_this_turn| {
            turns(&[0, 0, 1, 0, 0, 3, 0, 0, 0, 1], of_this_turn).told_by_their_number()
        };
        assert!(told(0) > 0.05, "{}", told(0));
        assert!(told(1) < told(0));
    }

    #[test]
    fn nothing_is_told_of_turns_that_are_not_known() {
        assert_eq!(turns(&[], 0).told_by_their_number(), 0.0);
        assert_eq!(turns(&[], 5).told_by_their_number(), 0.0);
        assert_eq!(turns(&[0; 30], 0).told_by_their_number(), 0.0);
        let once = turns(&[4], 0).told_by_their_number();
        assert!((-0.5..=0.0).contains(&once), "a single turn tells little: {once}");
    }

    #[test]
    fn what_was_no_turn_is_not_counted() {
        let mut theirs = turns(&[2, 2, 2], 2);
        let before = theirs.told_by_their_number();
        theirs.dropped();
        assert!(theirs.told_by_their_number() < before);
        assert_eq!(theirs.told_by_their_number(), turns(&[2, 2, 2], 0).told_by_their_number());
    }

    #[test]
    fn the_gap_between_two_words_is_no_pause() {
        assert_eq!(after(150, 50), Pauses::default());
    }
}
