//! A microphone that plays sound from files, for conversations without a
//! person: the rest of the app cannot tell the difference.

pub mod open;

use super::{Microphone, MicrophoneEvent, SPEECH_RATE_HZ};
use crate::Outbox;
use crate::settings::Headphones;
use crate::turn::{Attention, TurnId};
use crate::worker::Worker;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Sound is delivered in pieces of this length, as a device would.
const PIECE: Duration = Duration::from_millis(40);
const PIECE_SAMPLES: usize = (SPEECH_RATE_HZ / 25) as usize;

/// How fast a file is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// As a person speaks.
    RealTime,
    /// As fast as the listener takes it.
    AtOnce,
}

/// Sound for the turns to come, one after the other: 16 kHz mono.
pub type Clips = Sender<Vec<f32>>;

/// The queue through which [`spawn`] is given its sound.
pub fn clips() -> (Clips, Receiver<Vec<f32>>) {
    unbounded()
}

/// Starts the microphone. Each turn that is started plays the next clip of the
/// queue; when that has run out, `run_out` is called, so that the key can be
/// let go. A turn for which there is no clip runs out at once.
pub fn spawn(
    clips: Receiver<Vec<f32>>,
    pacing: Pacing,
    run_out: Outbox<TurnId>,
    outbox: Outbox<MicrophoneEvent>,
) -> Box<dyn Microphone> {
    Box::new(Worker::start("file microphone", move |inbox| {
        outbox(MicrophoneEvent::Ready { device: "file".into() });
        Player { clips, pacing, run_out, outbox, playing: None }.run(inbox);
    }))
}

enum Request {
    Start(TurnId),
    Finish(TurnId),
    Abandon(TurnId),
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

    /// There is only one.
    fn select(&mut self, _device: Option<String>) {}

    /// Turns are delimited by the clips.
    fn attend(&mut self, _attention: Attention) {}

    /// The file does not hear her.
    fn she_speaks(&mut self, _speaking: bool) {}

    fn set_headphones(&mut self, _headphones: Headphones) {}
}

struct Playing {
    turn: TurnId,
    rest: VecDeque<f32>,
    next_at: Instant,
    has_run_out: bool,
}

struct Player {
    clips: Receiver<Vec<f32>>,
    pacing: Pacing,
    run_out: Outbox<TurnId>,
    outbox: Outbox<MicrophoneEvent>,
    playing: Option<Playing>,
}

impl Player {
    fn run(&mut self, inbox: &Receiver<Request>) {
        loop {
            let request = match &self.playing {
                Some(playing) if !playing.has_run_out => inbox.recv_deadline(playing.next_at),
                _ => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match request {
                Ok(request) => self.on_request(&request),
                Err(RecvTimeoutError::Timeout) => self.play_piece(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn on_request(&mut self, request: &Request) {
        match *request {
            Request::Start(turn) => {
                let rest = self.clips.try_recv().unwrap_or_default().into();
                // A piece can be delivered once it has been spoken.
                let next_at = Instant::now() + self.period();
                self.playing = Some(Playing { turn, rest, next_at, has_run_out: false });
            }
            Request::Finish(turn) => {
                self.playing.take_if(|playing| playing.turn == turn);
                (self.outbox)(MicrophoneEvent::Finished { turn });
            }
            Request::Abandon(turn) => {
                self.playing.take_if(|playing| playing.turn == turn);
            }
        }
    }

    fn play_piece(&mut self) {
        let period = self.period();
        let Some(playing) = &mut self.playing else {
            return;
        };
        let count = playing.rest.len().min(PIECE_SAMPLES);
        if count > 0 {
            let samples: Vec<f32> = playing.rest.drain(..count).collect();
            let loudness = samples.iter().map(|s| s * s).sum::<f32>() / count as f32;
            (self.outbox)(MicrophoneEvent::Audio { turn: playing.turn, samples });
            (self.outbox)(MicrophoneEvent::Level(loudness.sqrt().min(1.0)));
        }
        // Counted from the piece before, so that delays do not add up.
        playing.next_at += period;
        if playing.rest.is_empty() {
            playing.has_run_out = true;
            (self.run_out)(playing.turn);
        }
    }

    fn period(&self) -> Duration {
        match self.pacing {
            Pacing::RealTime => PIECE,
            Pacing::AtOnce => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Told {
        Microphone(MicrophoneEvent),
        RunOut(TurnId),
    }

    fn microphone(sound: Vec<Vec<f32>>, pacing: Pacing) -> (Box<dyn Microphone>, Receiver<Told>) {
        let (queue, clips) = clips();
        for clip in sound {
            queue.send(clip).expect("queued");
        }
        let (told, hearing) = unbounded();
        let telling = told.clone();
        let microphone = spawn(
            clips,
            pacing,
            Box::new(move |turn| drop(telling.send(Told::RunOut(turn)))),
            Box::new(move |event| drop(told.send(Told::Microphone(event)))),
        );
        (microphone, hearing)
    }

    fn sound_until_run_out(hearing: &Receiver<Told>, turn: TurnId) -> Vec<f32> {
        let mut sound = Vec::new();
        loop {
            match hearing.recv_timeout(Duration::from_secs(5)).expect("told") {
                Told::Microphone(MicrophoneEvent::Audio { turn: of, samples }) => {
                    assert_eq!(of, turn);
                    sound.extend(samples);
                }
                Told::RunOut(of) => {
                    assert_eq!(of, turn);
                    return sound;
                }
                Told::Microphone(_) => {}
            }
        }
    }

    #[test]
    fn each_turn_plays_the_next_clip_whole_and_says_when_it_ran_out() {
        let clips: Vec<Vec<f32>> = vec![(0..1000).map(|n| n as f32).collect(), vec![0.5; 3]];
        let (mut microphone, hearing) = microphone(clips.clone(), Pacing::AtOnce);
        for (turn, expected) in
            [(TurnId(1), clips[0].clone()), (TurnId(2), clips[1].clone()), (TurnId(3), vec![])]
        {
            microphone.start(turn);
            assert_eq!(sound_until_run_out(&hearing, turn), expected);
            microphone.finish(turn);
            let last = hearing.recv_timeout(Duration::from_secs(5)).expect("told");
            assert_eq!(last, Told::Microphone(MicrophoneEvent::Finished { turn }));
        }
    }

    #[test]
    fn in_real_time_a_second_takes_a_second() {
        let (mut microphone, hearing) = microphone(vec![vec![0.1; 16_000]], Pacing::RealTime);
        let begun = Instant::now();
        microphone.start(TurnId(1));
        assert_eq!(sound_until_run_out(&hearing, TurnId(1)).len(), 16_000);
        assert!(begun.elapsed() >= Duration::from_millis(990), "{:?}", begun.elapsed());
    }

    #[test]
    fn nothing_follows_an_abandoned_turn() {
        let (mut microphone, hearing) = microphone(vec![vec![0.1; 160_000]], Pacing::RealTime);
        microphone.start(TurnId(1));
        microphone.abandon(TurnId(1));
        microphone.finish(TurnId(2));
        let told: Vec<_> =
            std::iter::from_fn(|| hearing.recv_timeout(Duration::from_millis(200)).ok()).collect();
        assert_eq!(
            told.last(),
            Some(&Told::Microphone(MicrophoneEvent::Finished { turn: TurnId(2) }))
        );
        assert!(told.len() <= 2, "{told:?}"); // ready, finished
    }
}
