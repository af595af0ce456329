//! The speech service of the operating system: Speech Dispatcher on Linux,
//! AVSpeechSynthesizer on macOS, WinRT on Windows.
//!
//! [`spawn`] starts the thread that owns what is to be said ([`queue`]); the
//! session calls it. A second thread ([`service`]) makes the calls into the
//! service, which may block: the first never waits for it, notices when it no
//! longer answers, says so, and quietly tries again. One utterance a sentence
//! is how it knows which sentence was heard.
//!
//! To hold her, the service is silenced, and what was cut is said anew when she
//! goes on, from the last clause that the service told to be over; where it
//! tells none, the whole sentence. Services can pause, but Speech Dispatcher
//! with espeak-ng does so at the end of a sentence only, seconds late, and what
//! is cancelled meanwhile leaves it stuck.

mod choice;
mod queue;
mod service;

use super::{Utterance, Voice, VoiceEvent, VoiceStyle};
use crate::Outbox;
use crate::wording::{reasons, troubles};
use crossbeam_channel::{Receiver, Sender, unbounded};
use queue::{Effect, Input, Queue};
use service::{Order, Reports};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long closing may take; silencing the service takes a few milliseconds.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(300);

/// Starts a voice that sounds like `style`. Reports [`VoiceEvent::Ready`] when
/// the service was reached, or [`VoiceEvent::Unavailable`] at most five seconds
/// later; what is spoken before is kept until then. Dropping the voice falls
/// silent.
pub fn spawn(style: VoiceStyle, outbox: Outbox<VoiceEvent>) -> Box<dyn Voice> {
    // Unbounded, because the library's callbacks must never wait; what arrives
    // is limited by the sentences of a reply.
    let (tx, rx) = unbounded();
    let narrator = Narrator {
        queue: Queue::new(Instant::now(), style.rate, service::UNREACHABLE_REASON.into()),
        style,
        connection: 0,
        orders: None,
        tx: tx.clone(),
        outbox,
    };
    let thread = std::thread::Builder::new().name("voice".into()).spawn(move || narrator.run(&rx));
    match thread {
        Ok(thread) => Box::new(SystemVoice { tx, thread: Some(thread) }),
        Err(error) => {
            // Out of threads: the closed channel makes every call do nothing.
            tracing::error!("the voice's thread could not be started: {error}");
            Box::new(SystemVoice { tx, thread: None })
        }
    }
}

struct SystemVoice {
    tx: Sender<Signal>,
    thread: Option<JoinHandle<()>>,
}

/// What the voice's thread hears of.
enum Signal {
    Speak(Utterance),
    Stop,
    Hold,
    GoOn,
    Style(VoiceStyle),
    Close,
    Service { connection: u64, input: Input },
}

impl Voice for SystemVoice {
    fn speak(&mut self, utterance: Utterance) {
        let _ = self.tx.send(Signal::Speak(utterance));
    }

    fn stop(&mut self) {
        let _ = self.tx.send(Signal::Stop);
    }

    fn hold(&mut self) {
        let _ = self.tx.send(Signal::Hold);
    }

    fn go_on(&mut self) {
        let _ = self.tx.send(Signal::GoOn);
    }

    fn set_style(&mut self, style: VoiceStyle) {
        let _ = self.tx.send(Signal::Style(style));
    }
}

impl Drop for SystemVoice {
    fn drop(&mut self) {
        let _ = self.tx.send(Signal::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The voice's thread.
struct Narrator {
    queue: Queue,
    style: VoiceStyle,
    /// Counts connections; reports of earlier ones are ignored.
    connection: u64,
    orders: Option<Sender<Order>>,
    tx: Sender<Signal>,
    outbox: Outbox<VoiceEvent>,
}

impl Narrator {
    fn run(mut self, signals: &Receiver<Signal>) {
        self.handle(Input::Tick);
        loop {
            let signal = match self.queue.next_deadline() {
                Some(at) => signals.recv_deadline(at).ok(),
                None => signals.recv().ok(),
            };
            match signal {
                None => self.handle(Input::Tick),
                Some(Signal::Speak(utterance)) => self.handle(Input::Speak(utterance)),
                Some(Signal::Stop) => self.handle(Input::Stop),
                Some(Signal::Hold) => self.handle(Input::Hold),
                Some(Signal::GoOn) => self.handle(Input::GoOn),
                Some(Signal::Style(style)) => {
                    self.queue.set_rate(style.rate);
                    self.style = style.clone();
                    self.order(Order::Style(style));
                }
                Some(Signal::Service { connection, input }) => {
                    if connection == self.connection {
                        self.handle(input);
                    }
                }
                Some(Signal::Close) => return self.close(signals),
            }
        }
    }

    fn handle(&mut self, input: Input) {
        for effect in self.queue.handle(input, Instant::now()) {
            let order = match effect {
                Effect::Tell(event) => {
                    (self.outbox)(event);
                    continue;
                }
                Effect::Connect => {
                    self.connect();
                    continue;
                }
                Effect::Send(text) => Order::Say(text),
                Effect::Silence => Order::Silence,
                Effect::Probe => Order::Probe,
            };
            self.order(order);
        }
    }

    /// A thread that hangs in an earlier connection keeps its orders' receiver
    /// and ends, if ever, when it finds the sender gone.
    fn connect(&mut self) {
        self.connection += 1;
        let (orders_tx, orders) = unbounded();
        let reports = Reports { connection: self.connection, tx: self.tx.clone() };
        let style = self.style.clone();
        let thread = std::thread::Builder::new()
            .name("voice-service".into())
            .spawn(move || service::run(&style, &orders, &reports));
        match thread {
            Ok(_) => self.orders = Some(orders_tx),
            Err(error) => {
                let reason = troubles::VOICE_CANNOT_START.with(&[("reason", &reasons::of(&error))]);
                let input = Input::ConnectFailed { reason };
                let _ = self.tx.send(Signal::Service { connection: self.connection, input });
            }
        }
    }

    /// Returns whether anybody is there to follow it: a thread that failed to
    /// connect has ended and reported why.
    fn order(&self, order: Order) -> bool {
        self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok())
    }

    /// Falls silent, and waits a moment for the service to hear of it.
    fn close(mut self, signals: &Receiver<Signal>) {
        self.handle(Input::Stop);
        let deadline = Instant::now() + CLOSE_TIMEOUT;
        if !self.order(Order::Probe) {
            return;
        }
        while let Ok(signal) = signals.recv_deadline(deadline) {
            if matches!(signal, Signal::Service { input: Input::Probed { .. }, .. }) {
                return;
            }
        }
    }
}
