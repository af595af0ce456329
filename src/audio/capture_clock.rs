//! When samples were captured, told from when they arrived.
//!
//! For whoever lays captured sound beside other sound, sample by sample: the echo
//! canceller above all, which learns how much later the echo is than what the
//! loudspeaker plays. A step of a few samples costs it all that it has learned, for
//! ten seconds and more, while an offset costs nothing. So the first guess is kept
//! as long as it may be, however irregularly samples arrive. Pure: reads no clock.

use std::time::{Duration, Instant};

/// A guess that is wrong by less is kept. [`super::reference::LEAD`] bears it.
const BEARABLE_S: f64 = 0.030;
/// Of all arrivals in so long some are prompt; how late these are is how wrong the
/// guess is: a device has its own pace, and a capture may have gaps.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// See the module.
#[derive(Debug)]
pub(super) struct CaptureClock {
    rate_hz: f64,
    guess: Option<Guess>,
    /// Samples so far.
    count: u64,
}

#[derive(Clone, Copy, Debug)]
struct Guess {
    /// When the first sample was captured.
    first_at: Instant,
    /// By how much the promptest of the latest arrivals differed, and since when
    /// they are looked at.
    least_late_s: f64,
    since: Instant,
    /// It is still being made.
    is_new: bool,
}

impl CaptureClock {
    pub(super) fn new(rate_hz: u32) -> Self {
        Self { rate_hz: f64::from(rate_hz), guess: None, count: 0 }
    }

    /// Samples were lost; nothing is known of how many.
    pub(super) fn lost(&mut self) {
        self.guess = None;
    }

    /// When the first of so many samples, which arrived now, was captured.
    pub(super) fn begin_of(&mut self, samples: usize, now: Instant) -> Instant {
        let before_s = self.count as f64 / self.rate_hz;
        self.count += samples as u64;
        let until_now = Duration::from_secs_f64(self.count as f64 / self.rate_hz);
        // Before the system's clock began nothing was captured.
        let Some(first_at) = now.checked_sub(until_now) else { return now };
        let anew = Guess { first_at, least_late_s: f64::INFINITY, since: now, is_new: true };
        let mut guess = self.guess.unwrap_or(anew);
        let late_s = seconds_between(guess.first_at, first_at);
        let borne_s = if guess.is_new { 0.0 } else { BEARABLE_S };
        if late_s < -borne_s {
            guess = Guess { first_at, is_new: guess.is_new, since: guess.since, ..anew };
        }
        guess.least_late_s = guess.least_late_s.min(seconds_between(guess.first_at, first_at));
        if now - guess.since > LOOK_EVERY {
            if guess.least_late_s > BEARABLE_S {
                guess.first_at += Duration::from_secs_f64(guess.least_late_s);
            }
            guess = Guess { first_at: guess.first_at, is_new: false, ..anew };
        }
        self.guess = Some(guess);
        guess.first_at + Duration::from_secs_f64(before_s)
    }
}

fn seconds_between(from: Instant, to: Instant) -> f64 {
    let later = to.saturating_duration_since(from).as_secs_f64();
    later - from.saturating_duration_since(to).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 16_000;

    /// What is told of pieces of 10 ms that are captured at the given pace and
    /// arrive 2 to 12 ms late: by how much the moment is wrong, and how often it
    /// stepped. `lost` is a gap of 100 ms in the middle.
    fn tell(pieces: u64, pace: f64, lost: bool) -> (f64, u32) {
        let begun = Instant::now() + Duration::from_secs(1000);
        let mut clock = CaptureClock::new(RATE_HZ);
        let (mut worst_s, mut steps, mut expected) = (0.0f64, 0, None);
        for n in 0..pieces {
            let gap_s = if lost && n >= pieces / 2 { 0.1 } else { 0.0 };
            let captured = begun + Duration::from_secs_f64(n as f64 * 0.01 * pace + gap_s);
            let late = Duration::from_micros(2_000 + n * 7_919 % 10_000);
            let told = clock.begin_of(160, captured + Duration::from_millis(10) + late);
            if n < 600 || (lost && (pieces / 2..pieces / 2 + 1_100).contains(&n)) {
                expected = None;
            } else {
                worst_s = worst_s.max(seconds_between(captured, told).abs());
            }
            let step_s = expected.map_or(0.0, |at| seconds_between(at, told).abs());
            steps += u32::from(step_s > 1e-6);
            expected = Some(told + Duration::from_millis(10));
        }
        (worst_s, steps)
    }

    #[test]
    fn what_arrives_irregularly_is_told_evenly() {
        let (worst_s, steps) = tell(6_000, 1.0, false);
        assert!(worst_s < 0.005, "{worst_s}");
        assert_eq!(steps, 0);
    }

    #[test]
    fn a_device_of_another_pace_is_followed_in_few_steps() {
        // 100 ppm: 60 ms in the ten minutes.
        for pace in [1.000_1, 0.999_9] {
            let (worst_s, steps) = tell(60_000, pace, false);
            assert!(worst_s < 0.045, "{worst_s}");
            assert!((1..=2).contains(&steps), "{steps}");
        }
    }

    #[test]
    fn a_gap_is_found_out() {
        let (worst_s, steps) = tell(6_000, 1.0, true);
        assert!(worst_s < 0.015, "{worst_s}");
        assert_eq!(steps, 0, "none but the one after the gap");
    }
}
