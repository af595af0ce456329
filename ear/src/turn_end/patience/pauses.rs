//! How long one person's pauses are, so that patience fits them.

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

/// The recent pauses of one person after which they went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// The oldest first.
    recent_ms: [u16; KEPT],
}

impl Default for Pauses {
    fn default() -> Self {
        Self { recent_ms: TYPICAL_MS }
    }
}

impl Pauses {
    /// Those that [`Pauses::recent_ms`] gave once; of more than are kept, the last.
    pub fn from_recent_ms(recent_ms: &[u16]) -> Self {
        let mut pauses = Self::default();
        for &ms in recent_ms {
            pauses.went_on_after(Duration::from_millis(ms.into()));
        }
        pauses
    }

    /// The pauses in milliseconds, to be kept until the next conversation.
    pub fn recent_ms(&self) -> &[u16] {
        &self.recent_ms
    }

    /// They paused this long and went on. A pause in which she began to speak too
    /// early counts as well: left out, she would only ever learn to wait less.
    pub fn went_on_after(&mut self, pause: Duration) {
        if pause >= SHORTEST {
            self.recent_ms.rotate_left(1);
            self.recent_ms[KEPT - 1] = u16::try_from(pause.as_millis()).unwrap_or(u16::MAX);
        }
    }

    /// By how much longer she waits, since their long pauses are longer than is typical;
    /// within bounds. As the square root: what she waits anyway outlasts most of them.
    pub(super) fn stretch(&self) -> f32 {
        let stretch = long_one_ms(&self.recent_ms) / long_one_ms(&TYPICAL_MS);
        stretch.sqrt().clamp(LEAST_STRETCH, MOST_STRETCH)
    }

    /// A wait that nearly all of their pauses are shorter than, in milliseconds.
    pub(super) fn outlasting_ms(&self) -> f32 {
        OUTLASTING * long_one_ms(&self.recent_ms)
    }
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
        let pauses = after(730, 10);
        assert_eq!(Pauses::from_recent_ms(pauses.recent_ms()), pauses);
        assert_eq!(Pauses::from_recent_ms(&[]), Pauses::default());
    }

    #[test]
    fn the_gap_between_two_words_is_no_pause() {
        assert_eq!(after(150, 50), Pauses::default());
    }
}
