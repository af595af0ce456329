//! What the default loudspeaker plays, whoever plays it: captured from the
//! sound server's monitor and written on the timeline.
//!
//! For the system's voice, whose sound this program never sees. Started by the
//! listener while it wants to hear over her, dropped afterwards. Works where a
//! sound server offers monitors (PulseAudio, PipeWire); elsewhere the caller is
//! told, and does without.

use super::{LEAD, ReferenceWriter};
use crate::audio::capture::Capture;
use crate::audio::devices;
use crate::audio::level::LevelMeter;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::time::{Duration, Instant};

/// How much sound the monitor hands over at a time, and how often it is
/// fetched.
const PERIOD_MS: u32 = 10;
const FETCH_EVERY: Duration = Duration::from_millis(5);
/// So long after it was captured it is written. As much is added to when it is
/// heard: the microphone's sound may come sooner and would find nothing. A
/// loudspeaker plays later than its monitor tells, by its buffer; so the echo still
/// follows what it is an echo of.
const HANDED_OVER_WITHIN: Duration = Duration::from_millis(25);
/// A monitor runs all the time, even in silence: one that brings nothing for
/// this long is gone.
const SILENT_AFTER: Duration = Duration::from_millis(1_500);
/// How often it is looked whether another loudspeaker is the default.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How much the monitor's clock may be slower than ours.
const MOST_DRIFT: f64 = 100e-6;

/// What a monitor tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MonitorEvent {
    /// What is played is written from now on.
    Running,
    /// How loud it is: root mean square of the last 50 ms.
    Level(f32),
    /// There is no monitor, or no longer; nothing more is written or told.
    Gone,
}

/// A running capture, ended by dropping it.
pub struct Monitor {
    _stop: Sender<()>,
}

impl Monitor {
    /// Begins to write what the default loudspeaker plays. Returns at once;
    /// `tell` is called on the monitor's thread and must not wait.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(
        writer: ReferenceWriter,
        tell: impl Fn(MonitorEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = bounded(0);
        std::thread::Builder::new()
            .name("speaker monitor".into())
            .spawn(move || while run(&writer, &stopped, &tell) == Ended::Elsewhere {})?;
        Ok(Self { _stop: stop })
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    /// Another loudspeaker is the default now.
    Elsewhere,
    ForGood,
}

fn run(writer: &ReferenceWriter, stopped: &Receiver<()>, tell: &impl Fn(MonitorEvent)) -> Ended {
    let gone = |reason: &str| {
        tracing::warn!(reason, "what the loudspeaker plays cannot be followed");
        tell(MonitorEvent::Gone);
        Ended::ForGood
    };
    let Some((device, handle)) = devices::default_monitor() else {
        return gone("there is no monitor");
    };
    let id = device.id.clone();
    let mut capture = match Capture::open(device, &handle, PERIOD_MS) {
        Ok(capture) => capture,
        Err(error) => return gone(&error.to_string()),
    };
    // It returns only when the first sound has arrived.
    let starter = std::thread::Builder::new().name("monitor start".into()).spawn(capture.starter());
    if let Err(error) = starter {
        return gone(&error.to_string());
    }
    let mut clock: Option<Clock> = None;
    let mut meter = LevelMeter::new(capture.rate_hz);
    let (mut arrived_at, mut looked_at) = (Instant::now(), Instant::now());
    let mut samples = Vec::new();
    loop {
        match stopped.recv_timeout(FETCH_EVERY) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => return Ended::ForGood,
        }
        let now = Instant::now();
        let waiting = capture.samples.slots();
        samples.clear();
        if let Ok(chunk) = capture.samples.read_chunk(waiting) {
            samples.extend(chunk);
        }
        if capture.counters.take_dropped_frames() > 0 {
            clock = None;
        }
        if !samples.is_empty() {
            if clock.is_none() {
                tell(MonitorEvent::Running);
            }
            arrived_at = now;
            let rate_hz = capture.rate_hz;
            let clock = clock.get_or_insert_with(|| Clock::new(rate_hz, now));
            // The reader looks ahead by as much as the lead.
            let heard_from = clock.begin_of(samples.len(), now) + LEAD + HANDED_OVER_WITHIN;
            writer.played_at(rate_hz, heard_from, &samples);
            if let Some(level) = meter.push(&samples) {
                tell(MonitorEvent::Level(level));
            }
        }
        if capture.counters.has_failed() || now - arrived_at > SILENT_AFTER {
            writer.silent_from(now);
            return gone("it fell silent");
        }
        if now - looked_at > LOOK_EVERY {
            looked_at = now;
            if devices::default_monitor().is_some_and(|(device, _)| device.id != id) {
                return Ended::Elsewhere;
            }
        }
    }
}

/// When samples were captured, from when they arrived: always too late, and
/// never twice by the same.
struct Clock {
    rate_hz: f64,
    /// When the first sample was captured, as the promptest arrivals tell.
    first: Instant,
    /// Samples since then.
    count: u64,
    updated_at: Instant,
}

impl Clock {
    fn new(rate_hz: u32, now: Instant) -> Self {
        Self { rate_hz: f64::from(rate_hz), first: now, count: 0, updated_at: now }
    }

    /// When the first of the samples that arrived now was captured.
    fn begin_of(&mut self, samples: usize, now: Instant) -> Instant {
        let before = self.after_first(self.count);
        self.count += samples as u64;
        let length = self.after_first(self.count);
        let elapsed = now - self.updated_at;
        self.updated_at = now;
        self.first += elapsed.mul_f64(MOST_DRIFT);
        if let Some(first) = now.checked_sub(length) {
            self.first = self.first.min(first);
        }
        self.first + before
    }

    fn after_first(&self, count: u64) -> Duration {
        Duration::from_secs_f64(count as f64 / self.rate_hz)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_settles_on_the_promptest_arrivals_and_follows_a_slow_device() {
        let begun = Instant::now();
        let mut clock = Clock::new(16_000, begun);
        for n in 0..6_000u64 {
            // 10 ms each, of a clock that is 50 ppm slow, 2 to 12 ms late.
            let captured = begun + Duration::from_secs_f64(n as f64 * 0.01 * 1.000_05);
            let late = Duration::from_micros(2_000 + n * 7_919 % 10_000);
            let told = clock.begin_of(160, captured + Duration::from_millis(10) + late);
            if n > 200 {
                let late = told.saturating_duration_since(captured);
                assert!(told >= captured && late < Duration::from_millis(6), "{n}: {late:?}");
            }
        }
    }
}
