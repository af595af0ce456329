//! Whether this computer, or one of its processors, stood still while something
//! was measured in real time, as virtual machines do whose host is busy.

use crate::processes::hurry;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is measured may be tried so often, and for longer if it is short: a busy
/// host holds up its machines every few seconds.
const ATTEMPTS: u32 = 3;
const TRIED_FOR: Duration = Duration::from_secs(180);
/// A thread that goes before all others is late by less than this wherever the
/// processor runs at all, and a gap so short may be heard.
const STANDSTILL: Duration = Duration::from_millis(3);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Runs a test that holds a program to moments. Where it fails, and the computer
/// stood still meanwhile, it says so and runs it again, twice and for three
/// minutes at the least; otherwise the failure is the program's, and counts at once.
///
/// # Panics
/// As the test does.
pub fn undisturbed(test: impl Fn()) {
    let begun_at = Instant::now();
    for attempt in 1.. {
        let witness = Witness::start();
        let result = catch_unwind(AssertUnwindSafe(&test));
        let stood_still = witness.finish();
        match result {
            Ok(()) => return,
            Err(_) if counts_for_nothing(stood_still, attempt, begun_at.elapsed()) => {
                println!("the computer stood still for {stood_still:?}: once more");
            }
            Err(panic) => {
                println!("the computer stood still for {stood_still:?} at the most");
                resume_unwind(panic);
            }
        }
    }
}

/// What this gives, and whether the computer stood still meanwhile: then moments are
/// known less well.
pub fn watched<T>(measure: impl FnOnce() -> T) -> (T, bool) {
    let witness = Witness::start();
    let measured = measure();
    (measured, witness.finish() >= STANDSTILL)
}

/// Whether a failure tells nothing: the computer stood still meanwhile, and there is
/// time for another attempt.
fn counts_for_nothing(stood_still: Duration, attempt: u32, tried_for: Duration) -> bool {
    stood_still >= STANDSTILL && (attempt < ATTEMPTS || tried_for < TRIED_FOR)
}

/// A thread on each processor: the host may hold up one and let the others run.
struct Witness {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Duration>>,
}

impl Witness {
    fn start() -> Self {
        let stop = Arc::<AtomicBool>::default();
        let processors = sched_getaffinity(None).unwrap_or_default();
        let threads = (0..CpuSet::MAX_CPU)
            .filter(|processor| processors.is_set(*processor))
            .map(|processor| {
                let stopped = stop.clone();
                std::thread::spawn(move || Self::look(processor, &stopped))
            })
            .collect();
        Self { stop, threads }
    }

    fn look(processor: usize, stopped: &AtomicBool) -> Duration {
        let mut here = CpuSet::new();
        here.set(processor);
        let _ = sched_setaffinity(None, &here);
        hurry(None);
        let mut longest = Duration::ZERO;
        while !stopped.load(Ordering::Relaxed) {
            let asleep_at = Instant::now();
            std::thread::sleep(LOOK_EVERY);
            longest = longest.max(asleep_at.elapsed().saturating_sub(LOOK_EVERY));
        }
        longest
    }

    /// The longest time that a processor did not run.
    fn finish(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let longest = self.threads.into_iter().map(|it| it.join().unwrap_or_default());
        longest.max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_the_computer_stood_still_it_is_tried_again_and_not_for_ever() {
        let (running, still) = (STANDSTILL / 2, 2 * STANDSTILL);
        assert!(!counts_for_nothing(running, 1, Duration::ZERO));
        assert!(counts_for_nothing(still, 1, 2 * TRIED_FOR));
        assert!(counts_for_nothing(still, 9, TRIED_FOR / 2));
        assert!(!counts_for_nothing(still, ATTEMPTS, 2 * TRIED_FOR));
    }

    #[test]
    fn what_succeeds_is_run_once() {
        let runs = std::cell::Cell::new(0);
        undisturbed(|| runs.set(runs.get() + 1));
        assert_eq!(runs.get(), 1);
    }

    #[test]
    fn the_processors_are_watched_until_the_end() {
        let witness = Witness::start();
        assert!(!witness.threads.is_empty());
        std::thread::sleep(Duration::from_millis(20));
        assert!(witness.finish() < Duration::from_secs(5));
    }
}
