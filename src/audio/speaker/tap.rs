//! What a speaker plays and when it is heard, for whoever has to know: the echo
//! canceller takes it out of what the microphone hears.
//!
//! Told ahead, as far as the ring is filled, so that a thread that is late for a
//! moment leaves no hole in it; and told anew from where it turned out
//! otherwise.

use super::output::{Progress, duration_ns};
use std::ops::Range;
use std::time::Instant;

/// How far ahead of what is heard a tap is told, at most, besides what the
/// device itself holds.
const AHEAD_MS: u64 = 500;

/// A clock that differs by less than this is still the same.
const BEARABLE_NS: u64 = 4_000_000;

/// Hears of what is heard. Called on the speaker's thread; must not wait.
pub trait Tap: Send {
    /// These samples, at [`super::RATE_HZ`], are heard from this moment on. It
    /// may lie up to a second ahead. What was told of the same time before no
    /// longer counts.
    fn played(&self, heard_from: Instant, samples: &[f32]);
    /// What was told of the time from this moment on is not heard: it was cut
    /// off, or comes at another time, which is told next.
    fn silent_from(&self, at: Instant);
    /// Somebody goes by the moments now and would lose by another clock.
    fn is_followed(&self) -> bool {
        false
    }
}

/// What a tap was told about one line. Places are those of its ring.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Everything before this place.
    until: u64,
    /// Where the sound without gap began to which that belongs, and when the
    /// first sample of the ring would have been heard with it.
    from: u64,
    start_ns: i64,
    /// How far the device had come when it was told.
    place: u64,
}

/// What a tap is to be told.
#[derive(Debug, PartialEq)]
pub(super) struct News {
    /// First, that what it knows is wrong from this moment on.
    pub(super) silent_from_ns: Option<u64>,
    /// Then this part of the ring.
    pub(super) ring: Range<u64>,
    /// When the first sample of the ring would have been heard.
    pub(super) start_ns: i64,
}

impl Told {
    /// The device came so far with a ring into which `pushed` samples went.
    pub(super) fn follow(&mut self, progress: Progress, pushed: u64, rate_hz: u32) -> News {
        let Progress { from, place, heard_at_ns, goes_on } = progress;
        let ahead = u64::from(rate_hz) * AHEAD_MS / 1000;
        let until = if goes_on { pushed.min(place + ahead) } else { place };
        let start_ns = heard_at_ns as i64 - duration_ns(place, rate_hz) as i64;
        let is_same_sound = from == self.from;
        let is_same_clock = self.start_ns.abs_diff(start_ns) <= BEARABLE_NS;
        // From where on what was told is wrong or nothing was told.
        let begin = match (is_same_sound, is_same_clock) {
            (true, true) => self.until.min(until),
            (true, false) => self.place,
            (false, _) => from,
        };
        let told_ns = self.start_ns;
        if !(is_same_sound && is_same_clock) {
            (self.from, self.start_ns) = (from, start_ns);
        }
        let silent_from_ns = (begin < self.until).then(|| {
            let begin_ns = duration_ns(begin, rate_hz) as i64;
            (told_ns.min(self.start_ns) + begin_ns).max(0) as u64
        });
        (self.until, self.place) = (until.max(begin), place);
        News { silent_from_ns, ring: begin..self.until, start_ns: self.start_ns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE_HZ: u32 = 1000;
    const MS: u64 = 1_000_000;

    fn progress(from: u64, place: u64, heard_at_ms: u64, goes_on: bool) -> Progress {
        Progress { from, place, heard_at_ns: heard_at_ms * MS, goes_on }
    }

    #[track_caller]
    fn check(news: &News, silent_from_ms: Option<u64>, ring: Range<u64>, start_ms: i64) {
        let silent_from_ns = silent_from_ms.map(|ms| ms * MS);
        assert_eq!(*news, News { silent_from_ns, ring, start_ns: start_ms * MS as i64 });
    }

    #[test]
    fn sound_is_told_ahead_once_and_anew_where_it_came_otherwise() {
        let mut told = Told::default();
        // Nothing was played yet.
        check(&told.follow(Progress::default(), 300, RATE_HZ), None, 0..0, 0);
        check(&told.follow(progress(0, 10, 110, true), 900, RATE_HZ), None, 0..510, 100);
        check(&told.follow(progress(0, 20, 120, true), 900, RATE_HZ), None, 510..520, 100);
        // The device ran dry for 7 ms.
        let news = told.follow(progress(0, 30, 137, true), 900, RATE_HZ);
        check(&news, Some(120), 20..530, 107);
        // Cut off.
        check(&told.follow(progress(0, 45, 152, false), 900, RATE_HZ), Some(152), 45..45, 107);
        check(&told.follow(progress(0, 45, 152, false), 1000, RATE_HZ), None, 45..45, 107);
        // And begun anew, behind what was dropped.
        check(&told.follow(progress(900, 910, 2010, true), 1000, RATE_HZ), None, 900..1000, 1100);
    }

    proptest! {
        #[test]
        fn what_is_left_told_is_what_was_heard(
            steps in prop::collection::vec((1u64..30, 0u64..40, 0u8..8), 1..60),
        ) {
            // The ring's places that are heard in each millisecond, truly and as told.
            let mut heard = vec![None; 10_000];
            let mut known = vec![None; 10_000];
            let (mut told, mut pushed, mut now_ms) = (Told::default(), 0u64, 1u64);
            let mut last = Progress::default();
            for (count, more, what) in steps {
                pushed += more;
                // Now and then it is silent for a while and begins anew.
                let gap = what == 0 || !last.goes_on;
                now_ms += if gap { 40 } else { 0 };
                let from = if gap { last.place } else { last.from };
                let place = pushed.min(last.place + count);
                if place == last.place {
                    last.goes_on = false;
                } else {
                    for ring in last.place..place {
                        heard[now_ms as usize] = Some(ring);
                        now_ms += 1;
                    }
                    last = progress(from, place, now_ms, place < pushed);
                }
                let News { silent_from_ns, ring, start_ns } = told.follow(last, pushed, RATE_HZ);
                if let Some(ns) = silent_from_ns {
                    known[(ns / MS) as usize..].fill(None);
                }
                for place in ring {
                    known[(start_ns / MS as i64) as usize + place as usize] = Some(place);
                }
            }
            let so_far = now_ms as usize;
            prop_assert_eq!(&known[..so_far], &heard[..so_far]);
        }
    }
}
