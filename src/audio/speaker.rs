//! The loudspeaker: 24 kHz mono samples in, heard sound out, with a clock that
//! says up to which sample it was heard.
//!
//! Her own voice and the cues each own a [`Speaker`], push samples and call
//! [`Speaker::poll`] from their thread; it never waits. A second thread opens
//! and closes the device, which may take as long as the sound system likes;
//! what the device's callback does is in [`output`].
//!
//! Samples are kept until they were heard. If the device is lost, the next one
//! goes on where it broke off.

mod output;
mod priority;
mod stream;

use super::resample::RateConverter;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use stream::{Line, Opener, Request, Wish};

pub use stream::SpeakerError;

/// The rate of what is pushed.
pub const RATE_HZ: u32 = voice::RATE_HZ;

/// How often [`Speaker::poll`] is due while sound plays, and while a stop is
/// being carried out.
const PERIOD: Duration = Duration::from_millis(10);
const STOPPING_PERIOD: Duration = Duration::from_millis(2);

/// How much the device takes at a time, at first and at most. Twice this plays
/// on after a stop. It is doubled when a busy computer lets the device run dry
/// twice, and halved for the next one after that went well.
const SHORTEST_PERIOD_MS: u32 = 6;
const LONGEST_PERIOD_MS: u32 = 48;
const LATE_CALLS_BORNE: u64 = 1;

/// The device is closed when nothing was to be said for this long. Opening it
/// takes a few milliseconds; open, it costs wake-ups all day.
const IDLE: Duration = Duration::from_secs(5);

/// A device that does not call back for this long is gone.
const SILENT_AFTER: Duration = Duration::from_millis(1000);
/// One that was just opened may take longer; Bluetooth does.
const FIRST_CALL_WITHIN: Duration = Duration::from_millis(2500);
/// How often another try is made while there is no loudspeaker.
const RETRY_EVERY: Duration = Duration::from_secs(2);
/// After this the sound system itself is taken to hang.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// A stop that the callback does not carry out in this time is taken for done:
/// the device is dead.
const STOP_WITHIN: Duration = Duration::from_millis(120);

const HANGING: &str = if cfg!(target_os = "linux") {
    "The sound system does not answer, so replies are shown: restart it, for instance with `systemctl --user restart pipewire-pulse` or `pulseaudio --kill`."
} else {
    "The sound system does not answer, so replies are shown: log out and in again."
};

/// What a speaker tells.
#[derive(Clone, Debug, PartialEq)]
pub enum SpeakerEvent {
    /// There is a device to play on; told once, and again after `Unavailable`.
    Available,
    /// There is none. What was pushed waits for one.
    Unavailable {
        /// One sentence for people.
        reason: String,
    },
    /// The stop that was asked for is done: this sample was the first not heard.
    Silent {
        /// Counted from the first sample ever pushed.
        from: u64,
    },
}

/// A loudspeaker; see the module.
pub struct Speaker {
    requests: Sender<Request>,
    answers: Receiver<Result<Line, SpeakerError>>,
    epoch: Instant,
    /// What was pushed and not yet heard, and the place of the first of it.
    unheard: VecDeque<f32>,
    unheard_from: u64,
    /// The place up to which samples were given to the open line.
    fed: u64,
    /// No more is coming for now.
    finished: bool,
    device: Device,
    /// A device was asked for and there is no answer yet.
    unanswered: bool,
    stopping: Option<Stopping>,
    /// The thread that calls back, once its priority was raised.
    raised: Option<u32>,
    told: Option<bool>,
    events: Vec<SpeakerEvent>,
    underruns: u64,
    period_ms: u32,
}

enum Device {
    Closed { retry_at: Option<Instant> },
    Opening { since: Instant },
    Open(Box<Playing>),
}

/// An open device.
struct Playing {
    line: Line,
    converter: Option<RateConverter>,
    /// Converted and not yet in the ring.
    converted: Vec<f32>,
    /// Where in the line's ring each stretch of the pushed samples begins.
    stretches: VecDeque<Stretch>,
    /// It fades out, to be replaced by one that takes more at a time.
    leaving: bool,
    opened_at: Instant,
    idle_since: Instant,
}

/// A stop that the callback has not carried out yet.
#[derive(Clone, Copy)]
struct Stopping {
    asked_at: Instant,
    /// Samples before this place are dropped.
    until: u64,
}

#[derive(Clone, Copy)]
struct Stretch {
    ring: u64,
    place: u64,
}

impl Speaker {
    /// A speaker for the system's default device, closed until it is needed.
    pub fn new() -> std::io::Result<Self> {
        Self::with(Box::new(stream::open))
    }

    /// A speaker without a device: samples pass in real time and nobody hears
    /// them.
    pub fn unheard() -> std::io::Result<Self> {
        Self::with(Box::new(stream::open_unheard))
    }

    fn with(open: Opener) -> std::io::Result<Self> {
        // Unbounded: a handful of messages each time the device changes.
        let (requests, inbox) = unbounded();
        let (telling, answers) = unbounded();
        std::thread::Builder::new()
            .name("speaker device".into())
            .spawn(move || stream::run(open, &inbox, &telling))?;
        Ok(Self {
            requests,
            answers,
            epoch: Instant::now(),
            unheard: VecDeque::new(),
            unheard_from: 0,
            fed: 0,
            finished: true,
            device: Device::Closed { retry_at: None },
            unanswered: false,
            stopping: None,
            raised: None,
            told: None,
            events: Vec::new(),
            underruns: 0,
            period_ms: SHORTEST_PERIOD_MS,
        })
    }

    /// Opens the device, if it is not: something will be said soon, or it is to
    /// be known whether there is one.
    pub fn wake(&mut self, now: Instant) {
        match &mut self.device {
            Device::Open(playing) => playing.idle_since = now,
            Device::Opening { .. } => {}
            Device::Closed { .. } => self.open(now),
        }
    }

    /// Plays this after what was pushed before, `volume` times as loud.
    pub fn push(&mut self, samples: &[f32], volume: f32) {
        self.finished = false;
        self.unheard.extend(samples.iter().map(|s| (s * volume).clamp(-1.0, 1.0)));
    }

    /// Nothing follows for now: silence after what was pushed is no underrun.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// How many samples were pushed.
    pub fn pushed(&self) -> u64 {
        self.unheard_from + self.unheard.len() as u64
    }

    /// How many of them were heard, or dropped by a stop.
    pub fn heard(&self) -> u64 {
        self.unheard_from
    }

    /// Gaps in the sound so far.
    pub fn underruns(&self) -> u64 {
        let open = match &self.device {
            Device::Open(playing) => playing.line.feed.underruns(),
            _ => 0,
        };
        self.underruns + open
    }

    /// Falls silent now and drops what was pushed. [`SpeakerEvent::Silent`]
    /// follows.
    pub fn stop(&mut self, now: Instant) {
        let until = self.pushed();
        self.finished = true;
        if let Some(stopping) = &mut self.stopping {
            // What was pushed since then has gone no further than here.
            stopping.until = until;
            return;
        }
        self.stopping = Some(Stopping { asked_at: now, until });
        if let Device::Open(playing) = &mut self.device {
            playing.converted.clear();
            playing.converter = None;
            playing.line.feed.stop();
        }
        self.poll_stop(now);
    }

    /// Moves samples on and looks after the device; what happened.
    pub fn poll(&mut self, now: Instant) -> Vec<SpeakerEvent> {
        while let Ok(answer) = self.answers.try_recv() {
            self.answered(answer, now);
        }
        self.note_heard(now);
        self.poll_stop(now);
        self.watch(now);
        self.feed();
        std::mem::take(&mut self.events)
    }

    /// How long it may take until [`Speaker::poll`] is called again; `None` if
    /// nothing is going on.
    pub fn period(&self) -> Option<Duration> {
        match &self.device {
            _ if self.stopping.is_some() => Some(STOPPING_PERIOD),
            Device::Closed { retry_at: None } => None,
            Device::Closed { .. } => Some(RETRY_EVERY / 4),
            Device::Opening { .. } => Some(STOPPING_PERIOD),
            Device::Open(_) if self.unheard.is_empty() => Some(IDLE / 10),
            Device::Open(_) => Some(PERIOD),
        }
    }

    fn open(&mut self, now: Instant) {
        // A sound system that hangs is asked once, not every time; its answer
        // will do. If that thread died, nothing answers, and that is told.
        if !std::mem::replace(&mut self.unanswered, true) {
            let wish = Wish { epoch: self.epoch, period_ms: self.period_ms };
            let _ = self.requests.send(Request::Open(wish));
        }
        self.device = Device::Opening { since: now };
    }

    fn close(&mut self) {
        if let Device::Open(playing) =
            std::mem::replace(&mut self.device, Device::Closed { retry_at: None })
        {
            self.underruns += playing.line.feed.underruns();
            let _ = self.requests.send(Request::Close(playing.line.device));
        }
        // What was not heard is played on the next device.
        self.fed = self.unheard_from;
    }

    fn answered(&mut self, answer: Result<Line, SpeakerError>, now: Instant) {
        self.unanswered = false;
        if !matches!(self.device, Device::Opening { .. }) {
            // It comes after it was given up.
            if let Ok(line) = answer {
                let _ = self.requests.send(Request::Close(line.device));
            }
            return;
        }
        match answer {
            Ok(line) => {
                self.device = Device::Open(Box::new(Playing {
                    line,
                    converter: None,
                    converted: Vec::new(),
                    stretches: VecDeque::new(),
                    leaving: false,
                    opened_at: now,
                    idle_since: now,
                }));
                if self.told != Some(true) {
                    self.told = Some(true);
                    self.events.push(SpeakerEvent::Available);
                }
            }
            Err(error) => self.unavailable(error.to_string(), now),
        }
    }

    fn unavailable(&mut self, reason: String, now: Instant) {
        self.device = Device::Closed { retry_at: Some(now + RETRY_EVERY) };
        if self.told != Some(false) {
            self.told = Some(false);
            self.events.push(SpeakerEvent::Unavailable { reason });
        }
    }

    fn watch(&mut self, now: Instant) {
        match &mut self.device {
            Device::Closed { retry_at: Some(at) } if now >= *at => self.open(now),
            Device::Closed { .. } if !self.unheard.is_empty() && self.told != Some(false) => {
                self.open(now);
            }
            Device::Opening { since } if now - *since >= ANSWER_WITHIN => {
                self.unavailable(HANGING.to_owned(), now);
            }
            Device::Open(playing) => {
                let busy = !self.unheard.is_empty() || self.stopping.is_some();
                if busy {
                    playing.idle_since = now;
                }
                let called_at = match playing.line.feed.called_at_ns() {
                    0 => playing.opened_at + FIRST_CALL_WITHIN - SILENT_AFTER,
                    ns => self.epoch + Duration::from_nanos(ns),
                };
                let thread = playing.line.feed.thread();
                if thread.is_some() && thread != self.raised {
                    self.raised = thread;
                    self.requests.send(Request::Raise { thread: thread.unwrap_or_default() }).ok();
                }
                let is_lost = playing.line.feed.has_failed()
                    || now.saturating_duration_since(called_at) >= SILENT_AFTER;
                if is_lost {
                    tracing::warn!("the loudspeaker was lost");
                    self.close();
                    self.open(now);
                } else if playing.leaving {
                    self.leave(now);
                } else if playing.line.feed.late_calls() > LATE_CALLS_BORNE
                    && self.period_ms < LONGEST_PERIOD_MS
                    && self.stopping.is_none()
                {
                    playing.leaving = true;
                    playing.line.feed.stop();
                } else if now - playing.idle_since >= IDLE {
                    if playing.line.feed.late_calls() == 0 {
                        self.period_ms = (self.period_ms / 2).max(SHORTEST_PERIOD_MS);
                    }
                    self.close();
                }
            }
            Device::Closed { .. } | Device::Opening { .. } => {}
        }
    }

    /// Goes on with longer periods, once what was playing has faded out.
    fn leave(&mut self, now: Instant) {
        let Device::Open(playing) = &mut self.device else { return };
        let Some(ring) = playing.line.feed.silent_from() else { return };
        let place = playing.place_of(ring).min(self.fed);
        self.forget_until(place);
        self.period_ms = (self.period_ms * 2).min(LONGEST_PERIOD_MS);
        tracing::debug!(period_ms = self.period_ms, "busy computer: playing in longer periods");
        self.close();
        self.open(now);
    }

    /// Forgets what was heard.
    fn note_heard(&mut self, now: Instant) {
        let Device::Open(playing) = &mut self.device else { return };
        if self.stopping.is_some() || playing.leaving {
            return; // the callback will say how far it came
        }
        // What a device was given and had no time to play was not heard.
        let until_ns = (now - self.epoch).as_nanos() as u64;
        let trusted_ns = playing.line.feed.called_at_ns() + PERIOD.as_nanos() as u64 * 5;
        let ring = playing.line.feed.heard(until_ns.min(trusted_ns));
        let place = playing.place_of(ring).min(self.fed);
        self.forget_until(place);
    }

    fn forget_until(&mut self, place: u64) {
        let count = place.saturating_sub(self.unheard_from).min(self.unheard.len() as u64);
        self.unheard.drain(..count as usize);
        self.unheard_from += count;
    }

    fn poll_stop(&mut self, now: Instant) {
        let Some(Stopping { asked_at, until }) = self.stopping else { return };
        let from = match &mut self.device {
            Device::Open(playing) => match playing.line.feed.silent_from() {
                Some(ring) => playing.place_of(ring).clamp(self.unheard_from, self.fed),
                None if now - asked_at < STOP_WITHIN => return,
                None => self.unheard_from,
            },
            _ => self.unheard_from,
        };
        self.stopping = None;
        self.forget_until(until);
        self.fed = until;
        self.events.push(SpeakerEvent::Silent { from });
    }

    /// Converts and hands over as much as fits.
    fn feed(&mut self) {
        let Device::Open(playing) = &mut self.device else { return };
        if self.stopping.is_some() || playing.leaving {
            return;
        }
        let pushed = self.unheard_from + self.unheard.len() as u64;
        loop {
            let room = playing.line.feed.room().min(playing.converted.len());
            let count = playing.line.feed.push(&playing.converted[..room]);
            playing.converted.drain(..count);
            if !playing.converted.is_empty() || self.fed == pushed {
                break;
            }
            let from = (self.fed - self.unheard_from) as usize;
            let count = (self.unheard.len() - from).min(RATE_HZ as usize / 10);
            let piece: Vec<f32> = self.unheard.range(from..from + count).copied().collect();
            if !playing.convert(&piece, self.fed) {
                break;
            }
            self.fed += count as u64;
        }
        if self.finished && self.fed == pushed {
            if let Some(converter) = playing.converter.take() {
                converter.finish(&mut playing.converted);
                let count = playing.line.feed.push(&playing.converted);
                playing.converted.drain(..count);
            }
            if playing.converted.is_empty() {
                playing.line.feed.finish();
            }
        }
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.close();
    }
}

impl Playing {
    /// Converts samples that begin at `place`.
    fn convert(&mut self, samples: &[f32], place: u64) -> bool {
        if self.converter.is_none() {
            let rate_hz = self.line.feed.rate_hz();
            let converter = RateConverter::new(RATE_HZ, rate_hz)
                .inspect_err(|error| tracing::error!(%error, rate_hz, "no resampler"));
            let Ok(converter) = converter else { return false };
            let ring = self.line.feed.pushed() + self.converted.len() as u64;
            self.stretches.push_back(Stretch { ring, place });
            self.converter = Some(converter);
        }
        if let Some(converter) = &mut self.converter {
            converter.push(samples, &mut self.converted);
        }
        true
    }

    /// The place of the pushed sample that stands at this place of the ring.
    fn place_of(&mut self, ring: u64) -> u64 {
        while self.stretches.get(1).is_some_and(|next| next.ring <= ring) {
            self.stretches.pop_front();
        }
        let Some(stretch) = self.stretches.front() else { return 0 };
        let since = u128::from(ring.saturating_sub(stretch.ring));
        let place = since * u128::from(RATE_HZ) / u128::from(self.line.feed.rate_hz());
        stretch.place + place as u64
    }
}

#[cfg(test)]
mod tests;
