//! A file played as if it were an open microphone: for conversations without a
//! key and without a person.

use super::super::attentive::{Attentive, Parts};
use super::super::{EchoGuard, Microphone, MicrophoneEvent, SPEECH_RATE_HZ};
use crate::Outbox;
use crate::settings::Headphones;
use crate::turn::{Attention, TurnId};
use crate::worker::Worker;
use crossbeam_channel::{Receiver, after, never, select};
use std::time::{Duration, Instant};

/// Sound is heard in pieces of this length, as from a device.
const PIECE: Duration = Duration::from_millis(20);
const PIECE_SAMPLES: usize = (SPEECH_RATE_HZ / 50) as usize;

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// It begins now.
    Begun(Instant),
    /// It is over; silence follows.
    Over,
}

/// Starts the microphone. It plays `sound` (16 kHz mono) in real time as soon as
/// it is given, with silence after it. Nothing she says is heard by it.
pub fn spawn(
    sound: Receiver<Vec<f32>>,
    parts: Parts,
    played: Outbox<Played>,
    outbox: Outbox<MicrophoneEvent>,
) -> Box<dyn Microphone> {
    Box::new(Worker::start("file microphone", move |inbox| {
        let mut attentive = Attentive::new(parts);
        attentive.set_headphones(Headphones::Yes);
        attentive.source_changed(SPEECH_RATE_HZ);
        outbox(MicrophoneEvent::EchoGuard(EchoGuard::Headphones));
        outbox(MicrophoneEvent::Ready { device: "file".into() });
        Player { attentive, played, outbox, turn: None }.run(inbox, &sound);
    }))
}

enum Request {
    Start(TurnId),
    Finish(TurnId),
    Abandon(TurnId),
    Attend(Attention),
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

    fn attend(&mut self, attention: Attention) {
        self.send(Request::Attend(attention));
    }

    /// There is only one.
    fn select(&mut self, _device: Option<String>) {}

    /// The file does not hear her.
    fn she_speaks(&mut self, _speaking: bool) {}

    fn set_headphones(&mut self, _headphones: Headphones) {}
}

struct Player {
    attentive: Attentive,
    played: Outbox<Played>,
    outbox: Outbox<MicrophoneEvent>,
    turn: Option<TurnId>,
}

/// A file that is being played.
struct Tape {
    samples: Vec<f32>,
    place: usize,
    next_at: Instant,
}

impl Player {
    fn run(&mut self, inbox: &Receiver<Request>, sound: &Receiver<Vec<f32>>) {
        let (mut sound, mut tape) = (sound.clone(), None::<Tape>);
        loop {
            let tick = tape.as_ref().map_or_else(never, |tape| {
                after(tape.next_at.saturating_duration_since(Instant::now()))
            });
            select! {
                recv(inbox) -> request => match request {
                    Ok(request) => self.on_request(&request),
                    Err(_) => return,
                },
                recv(sound) -> samples => match samples {
                    Ok(samples) => {
                        let now = Instant::now();
                        (self.played)(Played::Begun(now));
                        // A piece is heard once it has been spoken.
                        tape = Some(Tape { samples, place: 0, next_at: now + PIECE });
                    }
                    Err(_) => sound = never(),
                },
                recv(tick) -> _ => {
                    if let Some(tape) = &mut tape {
                        self.play(tape);
                    }
                }
            }
        }
    }

    fn on_request(&mut self, request: &Request) {
        match *request {
            Request::Start(turn) => {
                self.turn = Some(turn);
                let samples = self.attentive.turn_begin();
                (self.outbox)(MicrophoneEvent::Audio { turn, samples });
            }
            Request::Finish(turn) => {
                self.end(turn);
                (self.outbox)(MicrophoneEvent::Finished { turn });
            }
            Request::Abandon(turn) => self.end(turn),
            Request::Attend(attention) => self.attentive.attend(attention.is_hands_free()),
        }
    }

    fn end(&mut self, turn: TurnId) {
        if self.turn.take_if(|it| *it == turn).is_some() {
            self.attentive.turn_ended();
        }
    }

    fn play(&mut self, tape: &mut Tape) {
        let end = (tape.place + PIECE_SAMPLES).min(tape.samples.len());
        let mut piece = tape.samples[tape.place..end].to_vec();
        piece.resize(PIECE_SAMPLES, 0.0);
        let was_over = tape.place == tape.samples.len();
        tape.place = end;
        let heard = self.attentive.push(&piece, tape.next_at);
        // Counted from the piece before, so that delays do not add up.
        tape.next_at += PIECE;
        heard.level.into_iter().for_each(|level| (self.outbox)(MicrophoneEvent::Level(level)));
        if let Some(turn) = self.turn {
            (self.outbox)(MicrophoneEvent::Audio { turn, samples: heard.samples });
        }
        heard.speech.into_iter().for_each(|it| (self.outbox)(MicrophoneEvent::Speech(it)));
        if !was_over && tape.place == tape.samples.len() {
            (self.played)(Played::Over);
        }
    }
}
