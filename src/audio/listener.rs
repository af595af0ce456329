//! The thread behind the [`Microphone`] handle.
//!
//! It owns the open device, drains its ring, keeps the pre-roll, and while a
//! turn is captured resamples and delivers. While speech is attended to, all
//! sound goes through [`super::attentive`], and turns are given what comes out
//! of it. What to open is decided by [`super::watchdog`]; whatever has to wait
//! for the sound system is done by a second thread, so that a sound system that
//! hangs never holds up a turn.
//!
//! Nothing is ever written to disk, and outside a turn nothing is delivered.

use super::attentive::{Attentive, Parts};
use super::capture::{ATTENTIVE_PERIOD_MS, Capture, IDLE_PERIOD_MS};
use super::devices::{self, DeviceError, InputDevice};
use super::level::LevelMeter;
use super::pre_roll::PreRoll;
use super::resample::RateConverter;
use super::watchdog::{Action, Input, Watchdog};
use super::{Microphone, MicrophoneEvent, PRE_ROLL_MS, SPEECH_RATE_HZ};
use crate::Outbox;
use crate::settings::Headphones;
use crate::turn::{Attention, TurnId};
use crate::worker::Worker;
use crossbeam_channel::{Receiver, Sender, never, select, unbounded};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the ring is drained: while idle, in a turn, and at its end.
const IDLE_PERIOD: Duration = Duration::from_millis(200);
const TURN_PERIOD: Duration = Duration::from_millis(20);
/// How often it is told how loud the loudspeaker is.
const LOUDSPEAKER_EVERY: Duration = Duration::from_millis(50);
const FINISH_PERIOD: Duration = Duration::from_millis(4);

/// How long the end of a turn waits for sound that is still on its way.
const LAST_SOUND_WITHIN: Duration = Duration::from_millis(150);

/// Sound is delivered in pieces of 20 to 50 ms.
const SMALLEST_PIECE: usize = SPEECH_RATE_HZ as usize / 50;
const LARGEST_PIECE: usize = SPEECH_RATE_HZ as usize / 20;

/// How long the handle's owner waits for the device to close.
const CLOSE_WITHIN: Duration = Duration::from_millis(500);

/// Opens a microphone: `device` is an [`InputDevice::id`], `None` the system's
/// default. `parts` is what it needs to attend to speech. Returns at once; what
/// became of it is told through `outbox`.
pub fn spawn(
    device: Option<String>,
    parts: Parts,
    outbox: Outbox<MicrophoneEvent>,
) -> Box<dyn Microphone> {
    Box::new(Worker::start("microphone", move |inbox| {
        let (answers, from_devices) = unbounded();
        let (to_devices, device_inbox) = unbounded();
        let device_thread = std::thread::Builder::new()
            .name("microphone device".into())
            .spawn(move || run_devices(&device_inbox, &answers));
        let mut listener = Listener {
            outbox,
            to_devices,
            watchdog: Watchdog::new(Instant::now()),
            capture: None,
            opened: None,
            pre_roll: PreRoll::new(0),
            turn: None,
            attention: Attention::Key,
            attentive: Attentive::new(parts),
            she_speaks: false,
            loudspeaker: Loudspeaker { level: 0.0, told_at: Instant::now() },
        };
        listener.feed(Input::Selected(device));
        listener.run(inbox, &from_devices);
        if let Ok(device_thread) = device_thread {
            listener.close(device_thread, &from_devices);
        }
    }))
}

enum Request {
    Start(TurnId),
    Finish(TurnId),
    Abandon(TurnId),
    Select(Option<String>),
    Attend(Attention),
    SheSpeaks(bool),
    Headphones(Headphones),
}

impl Microphone for Worker<Request> {
    fn start(&mut self, turn: TurnId) {
        self.send(Request::Start(turn));
    }

    fn finish(&mut self, turn: TurnId) {
        self.send(Request::Finish(turn));
    }

    fn abandon(&mut self, turn: TurnId) {
        self.send(Request::Abandon(turn));
    }

    fn select(&mut self, device: Option<String>) {
        self.send(Request::Select(device));
    }

    fn attend(&mut self, attention: Attention) {
        self.send(Request::Attend(attention));
    }

    fn she_speaks(&mut self, speaking: bool) {
        self.send(Request::SheSpeaks(speaking));
    }

    fn set_headphones(&mut self, headphones: Headphones) {
        self.send(Request::Headphones(headphones));
    }
}

/// The turn that is being captured.
struct Turn {
    id: TurnId,
    /// `None` until a device gives sound, and after it was lost.
    conversion: Option<Conversion>,
    /// Converted and not yet delivered.
    ready: Vec<f32>,
    /// Set once the person let go of the key.
    ending: Option<Ending>,
}

struct Conversion {
    resampler: RateConverter,
    meter: LevelMeter,
}

/// The end of a turn waits for sound that was made before `moment_ns` (on the
/// stream's clock), but not beyond the deadline.
struct Ending {
    moment_ns: u64,
    deadline: Instant,
}

struct Listener {
    outbox: Outbox<MicrophoneEvent>,
    to_devices: Sender<DeviceRequest>,
    watchdog: Watchdog,
    capture: Option<Capture>,
    /// Opened, and to be adopted or discarded by the watchdog.
    opened: Option<Capture>,
    pre_roll: PreRoll,
    turn: Option<Turn>,
    attention: Attention,
    attentive: Attentive,
    she_speaks: bool,
    loudspeaker: Loudspeaker,
}

/// How loud the loudspeaker is, as it was told.
struct Loudspeaker {
    level: f32,
    told_at: Instant,
}

impl Listener {
    fn run(&mut self, inbox: &Receiver<Request>, from_devices: &Receiver<DeviceAnswer>) {
        let mut from_devices = from_devices.clone();
        loop {
            select! {
                recv(inbox) -> request => match request {
                    Ok(request) => self.on_request(request),
                    Err(_) => return,
                },
                recv(from_devices) -> answer => match answer {
                    Ok(answer) => self.on_answer(answer),
                    Err(_) => from_devices = never(), // its thread died; silence follows
                },
                default(self.period()) => {}
            }
            self.drain();
            self.feed(Input::Tick);
            self.end_turn_if_complete();
            if let Some(guard) = self.attentive.guard_changed(Instant::now()) {
                (self.outbox)(MicrophoneEvent::EchoGuard(guard));
            }
            self.tell_loudspeaker(Instant::now());
        }
    }

    fn period(&self) -> Duration {
        match &self.turn {
            None if self.attention.is_hands_free() || self.follows_her() => TURN_PERIOD,
            None => IDLE_PERIOD,
            Some(Turn { ending: None, .. }) => TURN_PERIOD,
            Some(Turn { ending: Some(_), .. }) => FINISH_PERIOD,
        }
    }

    fn on_request(&mut self, request: Request) {
        // What arrived before the request belongs to the time before it.
        self.drain();
        match request {
            Request::Start(id) => self.start_turn(id),
            Request::Finish(id) => match &mut self.turn {
                Some(turn) if turn.id == id => {
                    let moment_ns = self.capture.as_ref().map_or(0, Capture::now_ns);
                    let deadline = Instant::now() + LAST_SOUND_WITHIN;
                    turn.ending.get_or_insert(Ending { moment_ns, deadline });
                }
                // A turn that never began here has nothing to deliver.
                _ => (self.outbox)(MicrophoneEvent::Finished { turn: id }),
            },
            Request::Abandon(id) => {
                self.turn.take_if(|turn| turn.id == id);
            }
            Request::Select(device) => self.feed(Input::Selected(device)),
            Request::Attend(attention) => self.attend(attention),
            Request::SheSpeaks(speaking) => {
                self.she_speaks = speaking;
                self.attentive.she_speaks(speaking, Instant::now());
                self.attentive.follow_her(self.follows_her());
            }
            Request::Headphones(headphones) => self.attentive.set_headphones(headphones),
        }
    }

    fn attend(&mut self, attention: Attention) {
        let before = std::mem::replace(&mut self.attention, attention);
        self.attentive.attend(attention.is_hands_free());
        self.attentive.follow_her(self.follows_her());
        match (before.captures(), attention.captures()) {
            (true, true) if before.is_hands_free() != attention.is_hands_free() => {
                self.feed(Input::Reopen);
            }
            (true, true) => {}
            (_, captures) => self.feed(Input::Use(captures)),
        }
    }

    /// The sound system shows whoever captures anything: while the microphone is
    /// closed, nothing does.
    fn follows_her(&self) -> bool {
        self.she_speaks && self.attention.captures()
    }

    fn tell_loudspeaker(&mut self, now: Instant) {
        let Some(level) = self.attentive.loudspeaker_level() else { return };
        let told = &mut self.loudspeaker;
        if level != told.level && now - told.told_at >= LOUDSPEAKER_EVERY {
            *told = Loudspeaker { level, told_at: now };
            (self.outbox)(MicrophoneEvent::Loudspeaker(level));
        }
    }

    fn start_turn(&mut self, id: TurnId) {
        self.end_turn();
        self.turn = Some(Turn { id, conversion: None, ready: Vec::new(), ending: None });
        let Some(capture) = &self.capture else {
            return;
        };
        if let Some(turn) = &mut self.turn {
            if self.attention.is_hands_free() {
                turn.ready.extend(self.attentive.turn_begin());
            } else {
                for samples in self.pre_roll.as_slices() {
                    turn.take(samples, capture.rate_hz);
                }
            }
            turn.deliver(&self.outbox);
        }
    }

    fn on_answer(&mut self, answer: DeviceAnswer) {
        match answer {
            DeviceAnswer::Opened { request, capture } => {
                let device = capture.device.clone();
                self.opened = Some(capture);
                self.feed(Input::Opened { request, device });
            }
            DeviceAnswer::Failed { request, error } => {
                self.feed(Input::OpenFailed { request, error });
            }
            DeviceAnswer::Looked(inputs) => self.feed(Input::Looked(inputs)),
        }
    }

    fn feed(&mut self, input: Input) {
        let now = Instant::now();
        for action in self.watchdog.handle(input, self.turn.is_some(), now) {
            match action {
                Action::Open { request, wanted, avoid } => {
                    let period_ms = match self.attention.is_hands_free() {
                        true => ATTENTIVE_PERIOD_MS,
                        false => IDLE_PERIOD_MS,
                    };
                    self.ask(DeviceRequest::Open { request, wanted, avoid, period_ms });
                }
                Action::Look => self.ask(DeviceRequest::Look),
                Action::Adopt => {
                    let opened = self.opened.take();
                    self.replace_capture(opened);
                }
                Action::Discard => {
                    if let Some(capture) = self.opened.take() {
                        self.ask(DeviceRequest::Close(capture));
                    }
                }
                Action::Close => self.replace_capture(None),
                Action::Tell(event) => (self.outbox)(event),
            }
        }
    }

    fn ask(&self, request: DeviceRequest) {
        // If its thread died, the watchdog reports that nothing answers.
        let _ = self.to_devices.send(request);
    }

    fn replace_capture(&mut self, capture: Option<Capture>) {
        if let Some(turn) = &mut self.turn {
            turn.end_conversion();
            turn.deliver(&self.outbox);
        }
        let rate_hz = capture.as_ref().map_or(0, |capture| capture.rate_hz);
        let length = u64::from(rate_hz) * u64::from(PRE_ROLL_MS) / 1000;
        self.pre_roll = PreRoll::new(length as usize);
        self.attentive.source_changed(rate_hz);
        if let Some(old) = std::mem::replace(&mut self.capture, capture) {
            self.ask(DeviceRequest::Close(old));
        }
    }

    /// Takes what the callback has left in the ring.
    fn drain(&mut self) {
        let Some(capture) = &mut self.capture else {
            return;
        };
        let has_failed = capture.counters.has_failed();
        let dropped_frames = capture.counters.take_dropped_frames();
        if dropped_frames > 0 {
            tracing::warn!(dropped_frames, "sound was lost because the computer was too busy");
            self.attentive.sound_lost(Instant::now());
        }
        let waiting = capture.samples.slots();
        let captured_at = capture.newest_at();
        if let Ok(chunk) = capture.samples.read_chunk(waiting)
            && waiting > 0
        {
            let (older, newer) = chunk.as_slices();
            for samples in [older, newer] {
                if self.attention.is_hands_free() {
                    let heard = self.attentive.push(samples, captured_at);
                    heard
                        .level
                        .into_iter()
                        .for_each(|it| (self.outbox)(MicrophoneEvent::Level(it)));
                    if let Some(turn) = &mut self.turn {
                        turn.ready.extend(heard.samples);
                    }
                    heard
                        .speech
                        .into_iter()
                        .for_each(|it| (self.outbox)(MicrophoneEvent::Speech(it)));
                    continue;
                }
                self.pre_roll.push(samples);
                if let Some(turn) = &mut self.turn
                    && let Some(level) = turn.take(samples, capture.rate_hz)
                {
                    (self.outbox)(MicrophoneEvent::Level(level));
                }
            }
            chunk.commit_all();
            if let Some(turn) = &mut self.turn {
                turn.deliver(&self.outbox);
            }
            self.feed(Input::SoundArrived);
        }
        if has_failed {
            self.feed(Input::StreamFailed);
        }
    }

    fn end_turn_if_complete(&mut self) {
        let Some(Turn { ending: Some(ending), .. }) = &self.turn else {
            return;
        };
        let is_covered =
            self.capture.as_ref().is_none_or(|capture| capture.has_covered(ending.moment_ns));
        if is_covered || Instant::now() >= ending.deadline {
            self.drain();
            self.end_turn();
        }
    }

    fn end_turn(&mut self) {
        let Some(mut turn) = self.turn.take() else {
            return;
        };
        turn.end_conversion();
        turn.deliver_all(&self.outbox);
        // What this turn was given must not begin the next one as well.
        self.pre_roll.clear();
        self.attentive.turn_ended();
        (self.outbox)(MicrophoneEvent::Finished { turn: turn.id });
    }

    /// Closes the device, but leaves a sound system that hangs to itself.
    fn close(mut self, device_thread: JoinHandle<()>, from_devices: &Receiver<DeviceAnswer>) {
        self.replace_capture(None);
        drop(self);
        let deadline = Instant::now() + CLOSE_WITHIN;
        // The answers end when the thread does.
        while from_devices.recv_deadline(deadline).is_ok() {}
        if device_thread.is_finished() || Instant::now() < deadline {
            let _ = device_thread.join();
        }
    }
}

impl Turn {
    /// Converts samples; the loudness, if another 50 ms are whole.
    fn take(&mut self, samples: &[f32], rate_hz: u32) -> Option<f32> {
        if self.conversion.is_none() {
            let resampler = RateConverter::new(rate_hz, SPEECH_RATE_HZ)
                .inspect_err(|error| tracing::error!(%error, rate_hz, "no resampler"))
                .ok()?;
            self.conversion = Some(Conversion { resampler, meter: LevelMeter::new(rate_hz) });
        }
        let conversion = self.conversion.as_mut()?;
        conversion.resampler.push(samples, &mut self.ready);
        conversion.meter.push(samples)
    }

    /// Converts what the filter still holds; the next device starts afresh.
    fn end_conversion(&mut self) {
        if let Some(conversion) = self.conversion.take() {
            conversion.resampler.finish(&mut self.ready);
        }
    }

    fn deliver(&mut self, outbox: &Outbox<MicrophoneEvent>) {
        while self.ready.len() >= SMALLEST_PIECE {
            let count = self.ready.len().min(LARGEST_PIECE);
            let samples = self.ready.drain(..count).collect();
            outbox(MicrophoneEvent::Audio { turn: self.id, samples });
        }
    }

    fn deliver_all(&mut self, outbox: &Outbox<MicrophoneEvent>) {
        self.deliver(outbox);
        if !self.ready.is_empty() {
            let samples = std::mem::take(&mut self.ready);
            outbox(MicrophoneEvent::Audio { turn: self.id, samples });
        }
    }
}

enum DeviceRequest {
    Open { request: u64, wanted: Option<String>, avoid: Option<String>, period_ms: u32 },
    Look,
    Close(Capture),
}

enum DeviceAnswer {
    Opened { request: u64, capture: Capture },
    Failed { request: u64, error: DeviceError },
    Looked(Result<Vec<InputDevice>, DeviceError>),
}

/// The thread that waits for the sound system.
fn run_devices(inbox: &Receiver<DeviceRequest>, answers: &Sender<DeviceAnswer>) {
    for request in inbox {
        let answer = match request {
            DeviceRequest::Open { request, wanted, avoid, period_ms } => {
                match open(wanted.as_deref(), avoid.as_deref(), period_ms) {
                    Ok(capture) => DeviceAnswer::Opened { request, capture },
                    Err(error) => DeviceAnswer::Failed { request, error },
                }
            }
            DeviceRequest::Look => DeviceAnswer::Looked(devices::inputs()),
            DeviceRequest::Close(capture) => {
                drop(capture);
                continue;
            }
        };
        if answers.send(answer).is_err() {
            return;
        }
    }
}

fn open(wanted: Option<&str>, avoid: Option<&str>, period_ms: u32) -> Result<Capture, DeviceError> {
    let begun = Instant::now();
    let (device, handle) = devices::find(wanted, avoid)?;
    let capture = Capture::open(device, &handle, period_ms)?;
    let starter = capture.starter();
    let started = std::thread::Builder::new().name("microphone start".into()).spawn(starter);
    if let Err(error) = started {
        let device = capture.device.name.clone();
        return Err(DeviceError::Unusable { device, reason: error.to_string() });
    }
    tracing::debug!(
        rate_hz = capture.rate_hz,
        opened_in_ms = begun.elapsed().as_millis() as u64,
        "opened the microphone"
    );
    Ok(capture)
}
