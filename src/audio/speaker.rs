//! The loudspeaker: 24 kHz mono samples in, heard sound out, with a clock that
//! says up to which sample it was heard.
//!
//! Her own voice and the cues each own a [`Speaker`], push samples and call
//! [`Speaker::poll`] from their thread; it never waits. A second thread opens
//! and closes the device, which may take as long as the sound system likes;
//! what the device's callback does is in [`output`].
//!
//! Samples are kept until they were heard. If the device is lost, the next one
//! goes on where it broke off; and so does she when she was held.

mod output;
mod playing;
mod priority;
mod stream;
mod tap;

use crate::wording::{Text, troubles};
use crossbeam_channel::{Receiver, Sender, unbounded};
use playing::Playing;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use stream::{Line, Opener, Request, Wish};
use tap::News;

pub use stream::SpeakerError;
pub use tap::Tap;

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

/// The same while the tap is followed: a device that runs dry plays the rest later
/// than it told, and the canceller has to learn the room anew.
const SHORTEST_IF_FOLLOWED_MS: u32 = 16;

/// The device is closed when nothing was to be said for this long. Opening it
/// takes a few milliseconds; open, it costs wake-ups all day.
const IDLE: Duration = Duration::from_secs(5);
/// The same while the tap is followed.
const IDLE_IF_FOLLOWED: Duration = Duration::from_secs(60);
/// Held, it is idle only after this: whoever coughed is heard out by then.
const HELD_OPEN: Duration = Duration::from_secs(10);

/// How loud she is, is measured over so much (50 ms).
const LEVEL_SAMPLES: usize = RATE_HZ as usize / 20;

/// So much is kept of what was heard, to begin a word again that was cut.
const KEPT_SAMPLES: u64 = RATE_HZ as u64;

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

const HANGING: Text = if cfg!(target_os = "linux") {
    troubles::SPEAKER_HANGS
} else {
    troubles::SPEAKER_HANGS_ELSEWHERE
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
    /// What was pushed, from a little before the place up to which it was
    /// heard, and the place of the first of it.
    samples: VecDeque<f32>,
    kept_from: u64,
    heard: u64,
    /// The place up to which samples were given to the open line.
    fed: u64,
    /// No more is coming for now.
    finished: bool,
    device: Device,
    /// A device was asked for and there is no answer yet.
    unanswered: bool,
    stopping: Option<Stopping>,
    hold: Option<Hold>,
    tap: Option<Box<dyn Tap>>,
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

/// A stop that the callback has not carried out yet.
#[derive(Clone, Copy)]
struct Stopping {
    asked_at: Instant,
    /// Samples before this place are dropped.
    until: u64,
}

/// Silence that ends where it began.
#[derive(Clone, Copy)]
struct Hold {
    since: Instant,
    /// The callback has carried it out.
    is_silent: bool,
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
            samples: VecDeque::new(),
            kept_from: 0,
            heard: 0,
            fed: 0,
            finished: true,
            device: Device::Closed { retry_at: None },
            unanswered: false,
            stopping: None,
            hold: None,
            tap: None,
            raised: None,
            told: None,
            events: Vec::new(),
            underruns: 0,
            period_ms: SHORTEST_PERIOD_MS,
        })
    }

    /// The same, telling this tap what is heard when.
    pub fn with_tap(mut self, tap: Box<dyn Tap>) -> Self {
        self.tap = Some(tap);
        self
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
        self.samples.extend(samples.iter().map(|s| (s * volume).clamp(-1.0, 1.0)));
    }

    /// Nothing follows for now: silence after what was pushed is no underrun.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// How many samples were pushed.
    pub fn pushed(&self) -> u64 {
        self.kept_from + self.samples.len() as u64
    }

    /// How many of them were heard, or dropped by a stop.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// How loud what is being heard is: root mean square of the last 50 ms; 0.0
    /// while nothing is.
    pub fn level(&self) -> f32 {
        let is_silent = self.is_all_heard() || self.hold.is_some() || self.stopping.is_some();
        if is_silent || !matches!(self.device, Device::Open(_)) {
            return 0.0;
        }
        let heard = (self.heard - self.kept_from) as usize;
        let latest = self.samples.range(heard.saturating_sub(LEVEL_SAMPLES)..heard);
        let count = latest.len().max(1) as f32;
        (latest.map(|sample| sample * sample).sum::<f32>() / count).sqrt()
    }

    fn is_all_heard(&self) -> bool {
        self.heard == self.pushed()
    }

    /// Gaps in the sound so far.
    pub fn underruns(&self) -> u64 {
        let open = match &self.device {
            Device::Open(playing) => playing.line.feed.underruns(),
            _ => 0,
        };
        self.underruns + open
    }

    /// Falls silent now and keeps what was not heard, until
    /// [`Speaker::resume`].
    pub fn hold(&mut self, now: Instant) {
        if self.hold.is_some() {
            return;
        }
        self.hold = Some(Hold { since: now, is_silent: false });
        if let Device::Open(playing) = &mut self.device {
            playing.fall_silent();
        }
        self.poll_hold(now);
    }

    /// Once a hold has become silence: the first sample not heard.
    pub fn held_at(&self) -> Option<u64> {
        self.hold.filter(|hold| hold.is_silent).map(|_| self.heard)
    }

    /// Ends a hold that has become silence, and goes on from this place, at
    /// most a second before what was heard; what is repeated counts once.
    pub fn resume(&mut self, from: u64, now: Instant) {
        if self.hold.take_if(|hold| hold.is_silent).is_none() {
            return;
        }
        self.fed = from.clamp(self.kept_from, self.heard);
        if let Device::Open(playing) = &mut self.device {
            playing.idle_since = now;
        }
        self.feed();
    }

    /// Falls silent now and drops what was pushed. [`SpeakerEvent::Silent`]
    /// follows. Ends a hold.
    pub fn stop(&mut self, now: Instant) {
        let until = self.pushed();
        self.finished = true;
        self.hold = None;
        if let Some(stopping) = &mut self.stopping {
            // What was pushed since then has gone no further than here.
            stopping.until = until;
            return;
        }
        self.stopping = Some(Stopping { asked_at: now, until });
        if let Device::Open(playing) = &mut self.device {
            playing.fall_silent();
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
        self.poll_hold(now);
        self.watch(now);
        self.feed();
        self.tell();
        std::mem::take(&mut self.events)
    }

    /// How long it may take until [`Speaker::poll`] is called again; `None` if
    /// nothing is going on.
    pub fn period(&self) -> Option<Duration> {
        match &self.device {
            _ if self.stopping.is_some() => Some(STOPPING_PERIOD),
            _ if self.hold.is_some_and(|hold| !hold.is_silent) => Some(STOPPING_PERIOD),
            Device::Closed { retry_at: None } => None,
            Device::Closed { .. } => Some(RETRY_EVERY / 4),
            Device::Opening { .. } => Some(STOPPING_PERIOD),
            Device::Open(_) if self.is_all_heard() || self.hold.is_some() => Some(IDLE / 10),
            Device::Open(_) => Some(PERIOD),
        }
    }

    fn open(&mut self, now: Instant) {
        // A sound system that hangs is asked once, not every time; its answer
        // will do. If that thread died, nothing answers, and that is told.
        if !std::mem::replace(&mut self.unanswered, true) {
            let wish = Wish { epoch: self.epoch, period_ms: self.wanted_period_ms() };
            let _ = self.requests.send(Request::Open(wish));
        }
        self.device = Device::Opening { since: now };
    }

    fn close(&mut self, now: Instant) {
        if let Device::Open(playing) =
            std::mem::replace(&mut self.device, Device::Closed { retry_at: None })
        {
            self.underruns += playing.line.feed.underruns();
            let _ = self.requests.send(Request::Close(playing.line.device));
            if let Some(tap) = &self.tap {
                tap.silent_from(now);
            }
        }
        // What was not heard is played on the next device.
        self.fed = self.heard;
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
                self.device = Device::Open(Box::new(Playing::new(line, now)));
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

    fn wanted_period_ms(&self) -> u32 {
        let shortest_ms = if self.is_followed() { SHORTEST_IF_FOLLOWED_MS } else { 0 };
        self.period_ms.max(shortest_ms)
    }

    fn is_followed(&self) -> bool {
        self.tap.as_ref().is_some_and(|tap| tap.is_followed())
    }

    fn watch(&mut self, now: Instant) {
        let is_waiting = !self.is_all_heard();
        let is_followed = self.is_followed();
        let idle = if is_followed { IDLE_IF_FOLLOWED } else { IDLE };
        match &mut self.device {
            Device::Closed { retry_at: Some(at) } if now >= *at => self.open(now),
            Device::Closed { .. }
                if is_waiting && self.hold.is_none() && self.told != Some(false) =>
            {
                self.open(now);
            }
            Device::Opening { since } if now - *since >= ANSWER_WITHIN => {
                self.unavailable(HANGING.into(), now);
            }
            Device::Open(playing) => {
                let is_busy = match self.hold {
                    Some(hold) => now - hold.since < HELD_OPEN,
                    None => is_waiting || self.stopping.is_some(),
                };
                if is_busy {
                    playing.idle_since = now;
                }
                let is_too_short = is_followed && playing.line.period_ms < SHORTEST_IF_FOLLOWED_MS;
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
                    self.close(now);
                    self.open(now);
                } else if playing.leaving {
                    self.leave(now);
                } else if playing.line.feed.late_calls() > LATE_CALLS_BORNE
                    && playing.line.period_ms < LONGEST_PERIOD_MS
                    && self.stopping.is_none()
                    && self.hold.is_none()
                {
                    playing.leaving = true;
                    playing.line.feed.stop();
                } else if is_too_short && !is_busy {
                    self.close(now);
                    self.open(now);
                } else if now - playing.idle_since >= idle {
                    if playing.line.feed.late_calls() == 0 {
                        self.period_ms = (self.period_ms / 2).max(SHORTEST_PERIOD_MS);
                    }
                    self.close(now);
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
        let longer_ms = playing.line.period_ms * 2;
        self.forget_until(place);
        self.period_ms = longer_ms.min(LONGEST_PERIOD_MS);
        tracing::debug!(period_ms = self.period_ms, "busy computer: playing in longer periods");
        self.close(now);
        self.open(now);
    }

    /// Forgets what was heard.
    fn note_heard(&mut self, now: Instant) {
        let Device::Open(playing) = &mut self.device else { return };
        if self.stopping.is_some() || self.hold.is_some() || playing.leaving {
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
        self.heard = place.min(self.pushed()).max(self.heard);
        let count = self.heard.saturating_sub(KEPT_SAMPLES).saturating_sub(self.kept_from);
        self.samples.drain(..count as usize);
        self.kept_from += count;
    }

    fn poll_stop(&mut self, now: Instant) {
        let Some(Stopping { asked_at, until }) = self.stopping else { return };
        let Some(from) = self.silent_from(asked_at, now) else { return };
        self.stopping = None;
        self.forget_until(until);
        self.fed = until;
        self.events.push(SpeakerEvent::Silent { from });
    }

    fn poll_hold(&mut self, now: Instant) {
        let Some(Hold { since, is_silent: false }) = self.hold else { return };
        let Some(from) = self.silent_from(since, now) else { return };
        self.forget_until(from);
        self.fed = self.heard;
        self.hold = Some(Hold { since, is_silent: true });
    }

    /// The first sample not heard, once the callback has fallen silent as it
    /// was asked at that moment.
    fn silent_from(&mut self, asked_at: Instant, now: Instant) -> Option<u64> {
        let Device::Open(playing) = &mut self.device else { return Some(self.heard) };
        match playing.line.feed.silent_from() {
            Some(ring) => Some(playing.place_of(ring).min(self.fed).max(self.heard)),
            None => (now - asked_at >= STOP_WITHIN).then_some(self.heard),
        }
    }

    /// Converts and hands over as much as fits.
    fn feed(&mut self) {
        let pushed = self.pushed();
        let Device::Open(playing) = &mut self.device else { return };
        if self.stopping.is_some() || self.hold.is_some() || playing.leaving {
            return;
        }
        loop {
            let room = playing.line.feed.room().min(playing.converted.len());
            let count = playing.line.feed.push(&playing.converted[..room]);
            playing.converted.drain(..count);
            if !playing.converted.is_empty() || self.fed == pushed {
                break;
            }
            let from = (self.fed - self.kept_from) as usize;
            let count = (self.samples.len() - from).min(RATE_HZ as usize / 10);
            let piece: Vec<f32> = self.samples.range(from..from + count).copied().collect();
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

    /// Tells the tap what is heard when.
    fn tell(&mut self) {
        let (Some(tap), Device::Open(playing)) = (&self.tap, &mut self.device) else { return };
        let feed = &playing.line.feed;
        let (progress, pushed) = (feed.progress(), feed.pushed());
        let News { silent_from_ns, ring, start_ns } =
            playing.told.follow(progress, pushed, feed.rate_hz());
        let moment = |ns: i64| self.epoch + Duration::from_nanos(ns.max(0) as u64);
        if let Some(ns) = silent_from_ns {
            tap.silent_from(moment(ns as i64));
        }
        for (after_ns, places) in playing.places(ring) {
            let at = |place: u64| {
                (place.saturating_sub(self.kept_from) as usize).min(self.samples.len())
            };
            let samples: Vec<f32> =
                self.samples.range(at(places.start)..at(places.end)).copied().collect();
            tap.played(moment(start_ns + after_ns as i64), &samples);
        }
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.close(Instant::now());
    }
}

#[cfg(test)]
mod tests;
