//! What the audio callback does with the samples that wait for it, without a
//! device: it fades instead of clicking, counts what it could not play, and
//! keeps the clock of what was played.
//!
//! [`line`] makes both ends. The callback owns the [`Output`]; the speaker's
//! thread owns the [`Feed`]. They share a ring and a few atomics, so neither
//! ever waits for the other, and [`Output::fill`] allocates, locks and logs
//! nothing.
//!
//! Samples are counted from the opening of the line: the *place* of a sample is
//! how many were pushed before it.

use super::priority;
use cpal::{FromSample, Sample};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};

/// How long a fade takes, at both ends of any sound.
pub(super) const FADE_MS: u32 = 6;

/// After a gap this much must wait in the ring, unless it is the end: two gaps
/// in a row are worse than a longer one.
const CUSHION_MS: u32 = 60;

/// How much the ring holds. It does not delay a stop, which drops it.
const RING_MS: u32 = 1000;

/// The end of a sound that is still being made.
const UNKNOWN: u64 = u64::MAX;

/// How many calls the device's clock is judged by: sound systems say with some
/// noise how far they are behind.
const CLOCK_CALLS: usize = 32;

/// How much the calls may differ from the clock in use before it is set anew: less is
/// noise of what they tell, or drift. The echo canceller, which learned where in the
/// sound the echo is, would have to learn it anew each time, but bears an offset.
const BEARABLE_NS: u64 = 8_000_000;

/// A moment and how far the device is behind it, on the clock that the owner of
/// both ends chose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// When the callback was called.
    pub(super) now_ns: u64,
    /// How much later its first sample will be heard.
    pub(super) latency_ns: u64,
}

/// How long so many samples last.
pub(super) fn duration_ns(samples: u64, rate_hz: u32) -> u64 {
    (u128::from(samples) * 1_000_000_000 / u128::from(rate_hz)) as u64
}

/// Both ends for a device of this rate, which holds `queue_ms` of sound.
pub(super) fn line(rate_hz: u32, queue_ms: u32) -> (Feed, Output) {
    let samples = |ms: u32| (u64::from(rate_hz) * u64::from(ms) / 1000).max(1) as usize;
    let (producer, consumer) = rtrb::RingBuffer::new(samples(RING_MS));
    let shared = Arc::new(Shared::default());
    let feed = Feed { ring: producer, pushed: 0, rate_hz, shared: shared.clone() };
    let output = Output {
        ring: consumer,
        read: 0,
        frames: 0,
        starts_ns: [0; CLOCK_CALLS],
        calls: 0,
        start_ns: None,
        unbroken_from: None,
        level: 0,
        fade: samples(FADE_MS),
        cushion: samples(CUSHION_MS),
        rate_hz,
        queue_ns: u64::from(queue_ms) * 1_000_000,
        shared,
    };
    (feed, output)
}

#[derive(Debug, Default)]
struct Shared {
    /// The place at which the sound ends, or [`UNKNOWN`].
    end: AtomicU64,
    /// What was pushed before this place is not to be played any more.
    discard_until: AtomicU64,
    /// The last `discard_until` that was carried out, and how far was played.
    discarded_until: AtomicU64,
    silent_from: AtomicU64,
    underruns: AtomicU64,
    late_calls: AtomicU64,
    clock: Clock,
    /// When the callback last ran.
    called_at_ns: AtomicU64,
    /// The thread that it runs on, 0 if it never did.
    thread: AtomicU32,
    /// The sound system reported that the stream is dead.
    failed: AtomicBool,
}

/// Numbers that belong together, written by one thread and read by
/// another: a sequence lock, odd while it is being written.
#[derive(Debug, Default)]
struct Clock {
    sequence: AtomicU64,
    from: AtomicU64,
    place: AtomicU64,
    heard_at_ns: AtomicU64,
    goes_on: AtomicBool,
}

/// What the callback last said about the sound it played.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Progress {
    /// Sound without a gap began at this place; everything before it was heard
    /// or dropped.
    pub(super) from: u64,
    /// Everything before this place was handed to the device.
    pub(super) place: u64,
    /// When the last of it will have been heard.
    pub(super) heard_at_ns: u64,
    /// The next sample follows without a gap, as far as is known.
    pub(super) goes_on: bool,
}

impl Clock {
    fn write(&self, progress: Progress) {
        let sequence = self.sequence.load(Ordering::Relaxed);
        self.sequence.store(sequence + 1, Ordering::Relaxed);
        fence(Ordering::Release);
        self.from.store(progress.from, Ordering::Relaxed);
        self.place.store(progress.place, Ordering::Relaxed);
        self.heard_at_ns.store(progress.heard_at_ns, Ordering::Relaxed);
        self.goes_on.store(progress.goes_on, Ordering::Relaxed);
        self.sequence.store(sequence + 2, Ordering::Release);
    }

    fn read(&self) -> Progress {
        loop {
            let before = self.sequence.load(Ordering::Acquire);
            let progress = Progress {
                from: self.from.load(Ordering::Relaxed),
                place: self.place.load(Ordering::Relaxed),
                heard_at_ns: self.heard_at_ns.load(Ordering::Relaxed),
                goes_on: self.goes_on.load(Ordering::Relaxed),
            };
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && before == self.sequence.load(Ordering::Relaxed) {
                return progress;
            }
            std::hint::spin_loop();
        }
    }
}

/// The end that samples go into.
pub(super) struct Feed {
    ring: rtrb::Producer<f32>,
    pushed: u64,
    rate_hz: u32,
    shared: Arc<Shared>,
}

impl Feed {
    pub(super) fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// How many samples went in.
    pub(super) fn pushed(&self) -> u64 {
        self.pushed
    }

    /// How many fit in now.
    pub(super) fn room(&self) -> usize {
        self.ring.slots()
    }

    /// Takes as many as fit; how many. More are to come.
    pub(super) fn push(&mut self, samples: &[f32]) -> usize {
        let count = samples.len().min(self.ring.slots());
        let Ok(chunk) = self.ring.write_chunk_uninit(count) else { return 0 };
        let written = chunk.fill_from_iter(samples[..count].iter().copied());
        self.pushed += written as u64;
        // After the samples: until then the old end is not reached.
        self.shared.end.store(UNKNOWN, Ordering::Release);
        written
    }

    /// No more will come for now: running dry here is no underrun.
    pub(super) fn finish(&mut self) {
        self.shared.end.store(self.pushed, Ordering::Release);
    }

    /// Fades out what is playing and drops what waits. What is pushed from now
    /// on follows.
    pub(super) fn stop(&mut self) {
        self.finish();
        self.shared.discard_until.store(self.pushed, Ordering::Release);
    }

    /// Once a stop was carried out: the place at which silence began.
    pub(super) fn silent_from(&self) -> Option<u64> {
        let wanted = self.shared.discard_until.load(Ordering::Relaxed);
        let done = self.shared.discarded_until.load(Ordering::Acquire);
        (done == wanted).then(|| self.shared.silent_from.load(Ordering::Relaxed))
    }

    /// Up to which place it has been heard at `now_ns`.
    pub(super) fn heard(&self, now_ns: u64) -> u64 {
        let Progress { from, place, heard_at_ns, .. } = self.shared.clock.read();
        let ahead_ns = u128::from(heard_at_ns.saturating_sub(now_ns));
        let ahead = ahead_ns * u128::from(self.rate_hz) / 1_000_000_000;
        place.saturating_sub(ahead as u64).max(from)
    }

    /// How far the callback came.
    pub(super) fn progress(&self) -> Progress {
        self.shared.clock.read()
    }

    /// When the callback last ran, 0 if it never did.
    pub(super) fn called_at_ns(&self) -> u64 {
        self.shared.called_at_ns.load(Ordering::Relaxed)
    }

    /// How often the callback came so late in the middle of sound that the device
    /// must have run dry.
    pub(super) fn late_calls(&self) -> u64 {
        self.shared.late_calls.load(Ordering::Relaxed)
    }

    /// The thread that the callback runs on, once it did.
    pub(super) fn thread(&self) -> Option<u32> {
        Some(self.shared.thread.load(Ordering::Relaxed)).filter(|thread| *thread != 0)
    }

    /// Gaps in sound that was not at its end.
    pub(super) fn underruns(&self) -> u64 {
        self.shared.underruns.load(Ordering::Relaxed)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.shared.failed.load(Ordering::Relaxed)
    }

    /// For the sound system's thread to tell that the stream is dead.
    pub(super) fn failing(&self) -> impl Fn() + Send + 'static {
        let shared = self.shared.clone();
        move || shared.failed.store(true, Ordering::Relaxed)
    }
}

/// The end that the device's callback reads from.
pub(super) struct Output {
    ring: rtrb::Consumer<f32>,
    /// Samples taken out of the ring.
    read: u64,
    /// Frames written, silent ones too.
    frames: u64,
    /// When the first frame of all was heard, as the latest calls tell it, and
    /// how many calls that are.
    starts_ns: [i64; CLOCK_CALLS],
    calls: usize,
    /// The one that is in use.
    start_ns: Option<i64>,
    /// The place from which sound was played without a gap until now.
    unbroken_from: Option<u64>,
    /// How loud, from 0 to `fade`. Never more than the samples that are certain
    /// to come, so that there is always enough left to fade out with.
    level: usize,
    fade: usize,
    cushion: usize,
    rate_hz: u32,
    /// What the device holds lasts this long.
    queue_ns: u64,
    shared: Arc<Shared>,
}

impl Output {
    /// Writes the next frames. The first two channels carry the voice, others
    /// nothing.
    pub(super) fn fill<T>(&mut self, data: &mut [T], channels: usize, timing: Timing)
    where
        T: Sample + FromSample<f32>,
    {
        // Before the ring is looked at: it holds at least what is to be dropped.
        let discard_until = self.shared.discard_until.load(Ordering::Acquire);
        let end = self.shared.end.load(Ordering::Acquire);
        let mut available = self.ring.slots();
        let was_sounding = self.level > 0;
        let mut last = None;
        for (index, frame) in data.chunks_exact_mut(channels).enumerate() {
            let sample = match self.next(discard_until, end, &mut available) {
                Some(sample) => {
                    let from = *self.unbroken_from.get_or_insert(self.read - 1);
                    last = Some((from, self.read, index as u64 + 1));
                    sample
                }
                None => {
                    self.unbroken_from = None;
                    0.0
                }
            };
            let (voice, others) = frame.split_at_mut(channels.min(2));
            voice.fill(T::from_sample(sample));
            others.fill(T::EQUILIBRIUM);
        }
        let called_at_ns = self.shared.called_at_ns.load(Ordering::Relaxed);
        if timing.now_ns > called_at_ns + self.queue_ns {
            self.calls = 0; // the device ran dry: its clock is another one now
            self.shared.late_calls.fetch_add(u64::from(was_sounding), Ordering::Relaxed);
        }
        let begin_ns = self.heard_from_ns(timing);
        self.frames += (data.len() / channels) as u64;
        let goes_on = self.unbroken_from.is_some();
        match last {
            Some((from, place, frames)) => {
                let heard_at_ns = begin_ns + duration_ns(frames, self.rate_hz);
                self.shared.clock.write(Progress { from, place, heard_at_ns, goes_on });
            }
            None => self.shared.clock.goes_on.store(false, Ordering::Relaxed),
        }
        if called_at_ns == 0 {
            self.shared.thread.store(priority::this_thread(), Ordering::Relaxed);
        }
        self.shared.called_at_ns.store(timing.now_ns.max(1), Ordering::Relaxed);
    }

    /// When the first frame of this call is heard. The device plays at an even
    /// pace what the calls hand it, so the middle of what they tell is truer
    /// than what any of them does, and what was once taken for true is kept as long
    /// as it may be.
    fn heard_from_ns(&mut self, timing: Timing) -> u64 {
        let since_ns = duration_ns(self.frames, self.rate_hz) as i64;
        self.starts_ns[self.calls % CLOCK_CALLS] =
            (timing.now_ns + timing.latency_ns) as i64 - since_ns;
        self.calls += 1;
        let count = self.calls.min(CLOCK_CALLS);
        let mut starts_ns = self.starts_ns;
        let (_, middle_ns, _) = starts_ns[..count].select_nth_unstable(count / 2);
        let middle_ns = *middle_ns;
        let kept = self.start_ns.filter(|kept| kept.abs_diff(middle_ns) <= BEARABLE_NS);
        (*self.start_ns.insert(kept.unwrap_or(middle_ns)) + since_ns).max(0) as u64
    }

    /// The next sample, or `None` for silence.
    fn next(&mut self, discard_until: u64, end: u64, available: &mut usize) -> Option<f32> {
        if self.level == 0 && self.discarding(discard_until) {
            self.discard(discard_until, available);
        }
        let is_whole = end <= self.read + *available as u64;
        if self.level == 0 && !is_whole && *available < self.cushion {
            return None;
        }
        let discarding = self.discarding(discard_until);
        let left = match discarding {
            true => (discard_until - self.read) as usize,
            false => *available,
        };
        if discarding || left <= self.level {
            self.level = self.level.saturating_sub(1);
        } else if self.level < self.fade && left >= self.level + 2 {
            self.level += 1;
        }
        if *available == 0 {
            return None; // what came since is for the next call
        }
        let sample = self.ring.pop().ok()?;
        self.read += 1;
        *available -= 1;
        if *available == 0 && self.read != end && !discarding {
            self.shared.underruns.fetch_add(1, Ordering::Relaxed);
        }
        // Half a cosine, near enough.
        let x = self.level as f32 / self.fade as f32;
        Some(sample * (x * x * (3.0 - 2.0 * x)))
    }

    fn discarding(&self, discard_until: u64) -> bool {
        self.read < discard_until
            || self.shared.discarded_until.load(Ordering::Relaxed) < discard_until
    }

    /// Drops what waits; only once it has become silent.
    fn discard(&mut self, discard_until: u64, available: &mut usize) {
        self.unbroken_from = None;
        self.shared.silent_from.store(self.read, Ordering::Relaxed);
        self.shared.discarded_until.store(discard_until, Ordering::Release);
        let count = (discard_until.saturating_sub(self.read) as usize).min(*available);
        if let Ok(chunk) = self.ring.read_chunk(count) {
            chunk.commit_all();
            self.read += count as u64;
            *available -= count;
        }
    }
}

#[cfg(test)]
mod tests;
