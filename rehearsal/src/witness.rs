//! Whether this computer stood still while something was measured in real time,
//! as virtual machines do whose host is busy.

use crate::processes::hurry;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is measured may be tried so often.
const ATTEMPTS: u32 = 3;
/// A thread that goes before all others is late by less than this wherever the
/// computer runs at all.
const STANDSTILL: Duration = Duration::from_millis(12);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Runs a test that holds a program to moments. Where it fails, and the computer
/// stood still meanwhile, it says so and runs it again, at most twice; otherwise
/// the failure is the program's, and counts at once.
///
/// # Panics
/// As the test does.
pub fn undisturbed(test: impl Fn()) {
    for attempt in 1.. {
        let witness = Witness::start();
        let result = catch_unwind(AssertUnwindSafe(&test));
        let stood_still = witness.finish();
        match result {
            Ok(()) => return,
            Err(_) if attempt < ATTEMPTS && stood_still >= STANDSTILL => {
                println!("the computer stood still for {stood_still:?}: once more");
            }
            Err(panic) => resume_unwind(panic),
        }
    }
}

struct Witness {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Duration>,
}

impl Witness {
    fn start() -> Self {
        let stop = Arc::<AtomicBool>::default();
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            hurry(None);
            let mut longest = Duration::ZERO;
            while !stopped.load(Ordering::Relaxed) {
                let asleep_at = Instant::now();
                std::thread::sleep(LOOK_EVERY);
                longest = longest.max(asleep_at.elapsed().saturating_sub(LOOK_EVERY));
            }
            longest
        });
        Self { stop, thread }
    }

    /// The longest time that it did not run.
    fn finish(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn what_fails_by_itself_fails_at_once_or_thrice_at_most() {
        let tried = AtomicU32::new(0);
        let failing = catch_unwind(AssertUnwindSafe(|| {
            undisturbed(|| {
                tried.fetch_add(1, Ordering::Relaxed);
                panic!("as meant");
            });
        }));
        assert!(failing.is_err());
        assert!((1..=ATTEMPTS).contains(&tried.load(Ordering::Relaxed)));
        undisturbed(|| {
            tried.store(0, Ordering::Relaxed);
        });
        assert_eq!(tried.load(Ordering::Relaxed), 0);
    }
}
