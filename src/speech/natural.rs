//! Her own voice: a neural synthesiser whose sound we play ourselves, so that
//! we know to the word what was heard.
//!
//! [`spawn`] starts the thread that owns what is to be said ([`script`]) and
//! the loudspeaker; the session calls it. A second thread makes the sound,
//! clause by clause and some seconds ahead, so that a stop never waits for a
//! clause that is being made.

mod clauses;
mod script;

use super::{Utterance, Voice, VoiceEvent, VoiceStyle};
use crate::Outbox;
use crate::audio::speaker::{Speaker, SpeakerEvent, Tap};
use crate::wording::{reasons, troubles};
use crate::worker::Worker;
use crossbeam_channel::{Receiver, Sender, bounded, never, select};
use script::Script;
use std::time::{Duration, Instant};
use voice::{Manner, Sound, Synthesizer};

/// How much slower and warmer she speaks to somebody sad.
const GENTLE_PACE: f32 = 0.92;
const GENTLE_WARMTH: f32 = 0.4;

/// What a text sounds like as a whole, clause by clause as it would be spoken:
/// samples at [`voice::RATE_HZ`].
pub fn render(
    synthesizer: &mut dyn Synthesizer,
    text: &str,
    manner: &Manner,
) -> anyhow::Result<Vec<f32>> {
    let mut samples = Vec::new();
    for clause in clauses::clauses(text, true) {
        samples.extend(synthesizer.synthesize(&text[clause], manner)?.samples);
    }
    Ok(samples)
}

/// How often it is told how loud she is.
const LEVEL_EVERY: Duration = Duration::from_millis(50);

/// How long closing waits for the thread that makes sound; a clause takes less.
const CLOSE_WITHIN: Duration = Duration::from_millis(500);

/// The same as [`spawn`] without a loudspeaker: what is said passes in its own
/// time and nobody hears it, for machines that have none.
pub fn spawn_unheard(
    load: impl FnOnce() -> anyhow::Result<Box<dyn Synthesizer>> + Send + 'static,
    style: VoiceStyle,
    outbox: Outbox<VoiceEvent>,
) -> Box<dyn Voice> {
    spawn_on(Speaker::unheard, load, style, None, outbox)
}

/// Starts a voice that sounds like `style`. `load` is called on the thread that
/// makes the sound; its error should be one sentence for people. Reports
/// [`VoiceEvent::Ready`] when the synthesiser is loaded and there is a
/// loudspeaker, else [`VoiceEvent::Unavailable`]. What is spoken before is kept
/// until then. The tap hears of what is heard, and when. Dropping the voice
/// falls silent.
pub fn spawn(
    load: impl FnOnce() -> anyhow::Result<Box<dyn Synthesizer>> + Send + 'static,
    style: VoiceStyle,
    tap: Option<Box<dyn Tap>>,
    outbox: Outbox<VoiceEvent>,
) -> Box<dyn Voice> {
    spawn_on(Speaker::new, load, style, tap, outbox)
}

fn spawn_on(
    speaker: fn() -> std::io::Result<Speaker>,
    load: impl FnOnce() -> anyhow::Result<Box<dyn Synthesizer>> + Send + 'static,
    style: VoiceStyle,
    tap: Option<Box<dyn Tap>>,
    outbox: Outbox<VoiceEvent>,
) -> Box<dyn Voice> {
    Box::new(Worker::start("voice", move |inbox| {
        let speaker = match speaker() {
            Ok(speaker) => match tap {
                Some(tap) => speaker.with_tap(tap),
                None => speaker,
            },
            Err(error) => return cannot_start(&error, inbox, &outbox),
        };
        // One clause at a time is made, so neither ever holds more than one.
        let (orders, to_make) = bounded(1);
        let (made_tx, made) = bounded(1);
        let maker = std::thread::Builder::new()
            .name("voice synthesis".into())
            .spawn(move || make(load, &to_make, &made_tx));
        let maker = match maker {
            Ok(maker) => maker,
            Err(error) => return cannot_start(&error, inbox, &outbox),
        };
        let narrator = Narrator {
            script: Script::new(),
            speaker,
            style,
            orders,
            outbox,
            loaded: false,
            held: false,
            audible: None,
            pronunciations: None,
            unable: false,
            underruns: 0,
            level: 0.0,
            level_told_at: Instant::now(),
        };
        narrator.run(inbox, &made);
        let deadline = Instant::now() + CLOSE_WITHIN;
        // It ends when it finds the orders gone.
        while made.recv_deadline(deadline).is_ok() {}
        if maker.is_finished() {
            let _ = maker.join();
        }
    }))
}

enum Request {
    Speak(Utterance),
    Stop,
    Hold,
    GoOn,
    Style(VoiceStyle),
    Pronunciations(Vec<(String, String)>),
}

impl Voice for Worker<Request> {
    fn speak(&mut self, utterance: Utterance) {
        self.send(Request::Speak(utterance));
    }

    fn stop(&mut self) {
        self.send(Request::Stop);
    }

    fn hold(&mut self) {
        self.send(Request::Hold);
    }

    fn go_on(&mut self) {
        self.send(Request::GoOn);
    }

    fn set_style(&mut self, style: VoiceStyle) {
        self.send(Request::Style(style));
    }

    fn takes_clauses(&self) -> bool {
        true
    }

    fn set_pronunciations(&mut self, pronunciations: Vec<(String, String)>) {
        self.send(Request::Pronunciations(pronunciations));
    }
}

/// What the thread that makes sound tells.
enum Made {
    Loaded,
    Failed(anyhow::Error),
    Clause(Sound),
}

struct Order {
    clause: String,
    manner: Manner,
    /// From now on, if they changed.
    pronunciations: Option<Vec<(String, String)>>,
}

/// How she says something in this style.
pub fn manner(style: &VoiceStyle, gently: bool) -> Manner {
    if gently {
        Manner { pace: style.rate * GENTLE_PACE, warmth: (style.warmth + GENTLE_WARMTH).min(1.0) }
    } else {
        Manner { pace: style.rate, warmth: style.warmth }
    }
}

/// The thread that makes sound.
fn make(
    load: impl FnOnce() -> anyhow::Result<Box<dyn Synthesizer>>,
    orders: &Receiver<Order>,
    made: &Sender<Made>,
) {
    let mut synthesizer = match load() {
        Ok(synthesizer) => synthesizer,
        Err(error) => {
            let _ = made.send(Made::Failed(error));
            return;
        }
    };
    if made.send(Made::Loaded).is_err() {
        return;
    }
    for Order { clause, manner, pronunciations } in orders {
        if let Some(given) = pronunciations {
            synthesizer.set_pronunciations(&given);
        }
        let sound = synthesizer.synthesize(&clause, &manner).unwrap_or_else(|error| {
            // One clause unsaid is better than none said.
            tracing::error!(%error, letters = clause.len(), "a clause could not be made");
            Sound::default()
        });
        if made.send(Made::Clause(sound)).is_err() {
            return;
        }
    }
}

/// The voice's thread.
struct Narrator {
    script: Script,
    speaker: Speaker,
    style: VoiceStyle,
    orders: Sender<Order>,
    outbox: Outbox<VoiceEvent>,
    /// The synthesiser is there.
    loaded: bool,
    /// She is not to be heard until she may go on.
    held: bool,
    /// There is a loudspeaker; `None` until that is known.
    audible: Option<bool>,
    /// New ones, until they go with the next clause.
    pronunciations: Option<Vec<(String, String)>>,
    /// The synthesiser will never be there.
    unable: bool,
    /// Gaps that were logged.
    underruns: u64,
    /// How loud she is, as it was told.
    level: f32,
    level_told_at: Instant,
}

impl Narrator {
    fn run(mut self, inbox: &Receiver<Request>, made: &Receiver<Made>) {
        // Whether there is a loudspeaker is to be known before it is needed.
        self.speaker.wake(Instant::now());
        let mut made = made.clone();
        loop {
            let tick = self.speaker.period().map_or_else(never, crossbeam_channel::after);
            select! {
                recv(inbox) -> request => match request {
                    Ok(request) => self.on_request(request),
                    Err(_) => break,
                },
                recv(made) -> message => match message {
                    Ok(message) => self.on_made(message),
                    Err(_) => {
                        made = never();
                        self.fail(troubles::VOICE_STOPPED.into());
                    }
                },
                recv(tick) -> _ => {}
            }
            // A stop behind other requests takes effect before they cost time.
            while let Ok(request) = inbox.try_recv() {
                self.on_request(request);
            }
            self.proceed();
        }
        self.close();
    }

    fn on_request(&mut self, request: Request) {
        match request {
            Request::Speak(utterance) if self.unable || self.audible == Some(false) => {
                let Utterance { turn, index, .. } = utterance;
                (self.outbox)(VoiceEvent::Stopped { turn, index, heard: 0 });
            }
            Request::Speak(utterance) => {
                self.script.speak(utterance);
                // Opening overlaps with making the first clause.
                self.speaker.wake(Instant::now());
            }
            Request::Stop => self.stop(),
            Request::Hold => {
                self.held = true;
                self.speaker.hold(Instant::now());
            }
            Request::GoOn => self.held = false,
            Request::Style(style) => self.style = style,
            Request::Pronunciations(given) => self.pronunciations = Some(given),
        }
    }

    fn tell_level(&mut self, now: Instant) {
        let level = self.speaker.level();
        let is_due = level == 0.0 || now - self.level_told_at >= LEVEL_EVERY;
        if level != self.level && is_due {
            (self.level, self.level_told_at) = (level, now);
            (self.outbox)(VoiceEvent::Level(level));
        }
    }

    fn on_made(&mut self, made: Made) {
        match made {
            Made::Loaded => {
                self.loaded = true;
                self.tell_if_ready();
            }
            Made::Failed(error) => self.fail(error.to_string()),
            Made::Clause(sound) => {
                if self.script.made(&sound, self.speaker.pushed()) {
                    self.speaker.push(&sound.samples, self.style.volume);
                }
            }
        }
    }

    /// What follows from anything that happened.
    fn proceed(&mut self) {
        for event in self.speaker.poll(Instant::now()) {
            match event {
                SpeakerEvent::Available => {
                    self.audible = Some(true);
                    self.tell_if_ready();
                }
                SpeakerEvent::Unavailable { reason } => {
                    self.audible = Some(false);
                    self.stop();
                    // Closed, it is silent at once: first what was heard.
                    for event in self.speaker.poll(Instant::now()) {
                        if let SpeakerEvent::Silent { from } = event {
                            self.script.silent(from, &mut |event| (self.outbox)(event));
                        }
                    }
                    (self.outbox)(VoiceEvent::Unavailable { reason });
                }
                SpeakerEvent::Silent { from } => {
                    self.script.silent(from, &mut |event| (self.outbox)(event));
                }
            }
        }
        if !self.held {
            // Where to go on is known once she has fallen silent.
            if let Some(at) = self.speaker.held_at() {
                self.speaker.resume(self.script.go_on_at(at), Instant::now());
            }
            self.script.heard(self.speaker.heard(), &mut |event| (self.outbox)(event));
        }
        self.tell_level(Instant::now());
        let gently = self.script.is_gentle();
        if self.loaded
            && let Some(clause) =
                self.script.next_clause(self.speaker.pushed(), self.speaker.heard())
        {
            let order = Order {
                clause: clause.to_owned(),
                manner: manner(&self.style, gently),
                pronunciations: self.pronunciations.take(),
            };
            // There is room: one is made at a time.
            let _ = self.orders.try_send(order);
        }
        if self.script.is_all_made() {
            self.speaker.finish();
        }
        let underruns = self.speaker.underruns();
        if underruns > self.underruns {
            tracing::warn!(underruns, "her voice had gaps because the computer was too busy");
            self.underruns = underruns;
        }
    }

    fn stop(&mut self) {
        self.held = false;
        if !self.script.is_idle() {
            self.script.stop();
            self.speaker.stop(Instant::now());
        }
    }

    fn fail(&mut self, reason: String) {
        if !std::mem::replace(&mut self.unable, true) {
            self.loaded = false;
            self.stop();
            (self.outbox)(VoiceEvent::Unavailable { reason });
        }
    }

    fn tell_if_ready(&self) {
        if self.loaded && self.audible == Some(true) {
            (self.outbox)(VoiceEvent::Ready { voices: Vec::new() });
        }
    }

    /// Fades out, so that closing does not click.
    fn close(mut self) {
        self.stop();
        let deadline = Instant::now() + CLOSE_WITHIN;
        while !self.script.is_idle() && Instant::now() < deadline {
            self.proceed();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Out of threads: nothing can be said.
fn cannot_start(error: &std::io::Error, inbox: &Receiver<Request>, outbox: &Outbox<VoiceEvent>) {
    let reason = troubles::VOICE_CANNOT_START.with(&[("reason", &reasons::of(error))]);
    outbox(VoiceEvent::Unavailable { reason });
    for request in inbox {
        if let Request::Speak(Utterance { turn, index, .. }) = request {
            outbox(VoiceEvent::Stopped { turn, index, heard: 0 });
        }
    }
}
