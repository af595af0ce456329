//! What the default loudspeaker plays, whoever plays it: captured from the
//! sound server's monitor and written on the timeline.
//!
//! For the system's voice, whose sound this program never sees. Started by the
//! listener while it wants to hear over her, dropped afterwards. Works where a
//! sound server offers monitors (PulseAudio, PipeWire); elsewhere the caller is
//! told, and does without.

use super::{LEAD, ReferenceWriter};
use crate::audio::capture::Capture;
use crate::audio::capture_clock::CaptureClock;
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
    let mut clock = CaptureClock::new(capture.rate_hz);
    let mut has_begun = false;
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
            clock.lost();
        }
        if !samples.is_empty() {
            if !std::mem::replace(&mut has_begun, true) {
                tell(MonitorEvent::Running);
            }
            arrived_at = now;
            let rate_hz = capture.rate_hz;
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
