//! The threads behind a [`Transcriber`].
//!
//! `hearing` owns the turns and decides; `recognizer` owns the engine and
//! computes. So a turn can be cancelled, or sound can arrive, while the engine
//! is busy. Built by [`super::spawn`]; tests put an engine of their own in.

use super::utterance::{Pass, Utterance};
use super::{RecognizeError, Recognizer, Transcriber, TranscriberEvent, Transcript};
use crate::Outbox;
use crate::cancel::CancelToken;
use crate::turn::TurnId;
use crossbeam_channel::{Receiver, Sender, select};
use std::collections::VecDeque;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// Builds the engine, on the thread that will own it. The error is one
/// sentence for people that says what to do.
pub type RecognizerFactory = Box<dyn FnOnce() -> Result<Box<dyn Recognizer>, String> + Send>;

/// Starts the threads. `model` is the engine's name for
/// [`TranscriberEvent::Ready`].
pub fn spawn(
    model: String,
    factory: RecognizerFactory,
    outbox: Outbox<TranscriberEvent>,
) -> Box<dyn Transcriber> {
    // Unbounded, because the caller must not wait; `hearing` takes everything
    // out at once and never computes.
    let (inbox, messages) = crossbeam_channel::unbounded();
    let thread = Builder::new().name("hearing".into()).spawn(move || {
        Hearing::start(model, factory, outbox).run(&messages);
    });
    if let Err(error) = &thread {
        tracing::error!("speech cannot be understood: no thread could be started: {error}");
    }
    Box::new(Worker { inbox: Some(inbox), thread: thread.ok() })
}

/// The session's end.
struct Worker {
    /// `None` only while it is being dropped.
    inbox: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Begin(TurnId),
    Push(TurnId, Vec<f32>),
    Finish(TurnId),
    Cancel(TurnId),
}

impl Worker {
    fn send(&self, message: Message) {
        if let Some(inbox) = &self.inbox {
            // Fails only if the thread never started, which was reported.
            let _ = inbox.send(message);
        }
    }
}

impl Transcriber for Worker {
    fn begin(&mut self, turn: TurnId) {
        self.send(Message::Begin(turn));
    }

    fn push(&mut self, turn: TurnId, samples: Vec<f32>) {
        self.send(Message::Push(turn, samples));
    }

    fn finish(&mut self, turn: TurnId) {
        self.send(Message::Finish(turn));
    }

    fn cancel(&mut self, turn: TurnId) {
        self.send(Message::Cancel(turn));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.inbox = None; // ends the thread
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Job {
    samples: Vec<f32>,
    cancel: CancelToken,
}

enum Outcome {
    Built(Result<(), String>),
    Recognized(Result<Transcript, RecognizeError>, Duration),
}

/// Owns the engine until there are no more jobs.
fn recognize_jobs(factory: RecognizerFactory, jobs: &Receiver<Job>, outcomes: &Sender<Outcome>) {
    let mut recognizer = match factory() {
        Ok(recognizer) => recognizer,
        Err(reason) => {
            let _ = outcomes.send(Outcome::Built(Err(reason)));
            return;
        }
    };
    // A send fails only when nobody is left to be told.
    let _ = outcomes.send(Outcome::Built(Ok(())));
    for job in jobs {
        let started = Instant::now();
        let result = recognizer.recognize(&job.samples, &job.cancel);
        let _ = outcomes.send(Outcome::Recognized(result, started.elapsed()));
    }
}

struct Hearing {
    model: String,
    outbox: Outbox<TranscriberEvent>,
    engine: Engine,
    jobs: Sender<Job>,
    outcomes: Receiver<Outcome>,
    thread: Option<JoinHandle<()>>,
    /// The first is recognised; those before the last have ended and wait.
    turns: VecDeque<Turn>,
    running: Option<Running>,
}

enum Engine {
    Loading,
    Ready,
    Unavailable(String),
}

struct Turn {
    id: TurnId,
    utterance: Utterance,
    /// No more sound is to come.
    is_finished: bool,
}

struct Running {
    turn: TurnId,
    pass: Pass,
    cancel: CancelToken,
}

impl Hearing {
    fn start(model: String, factory: RecognizerFactory, outbox: Outbox<TranscriberEvent>) -> Self {
        // One job at a time is out, so neither side ever waits to send.
        let (jobs, job_queue) = crossbeam_channel::bounded(1);
        let (outcome_queue, outcomes) = crossbeam_channel::bounded(2);
        let thread = Builder::new()
            .name("recognizer".into())
            .spawn(move || recognize_jobs(factory, &job_queue, &outcome_queue));
        // Without a thread the outcomes are closed, which is reported below.
        Self {
            model,
            outbox,
            engine: Engine::Loading,
            jobs,
            outcomes,
            thread: thread.ok(),
            turns: VecDeque::new(),
            running: None,
        }
    }

    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            select! {
                recv(messages) -> message => match message {
                    Ok(message) => {
                        self.take(message);
                        // All that waits comes before the next pass is chosen.
                        messages.try_iter().for_each(|message| self.take(message));
                    }
                    Err(_) => break,
                },
                recv(self.outcomes) -> outcome => match outcome {
                    Ok(outcome) => self.conclude(outcome),
                    Err(_) => self.lose_engine(),
                },
            }
            self.advance();
        }
        self.abort_running();
        let Self { jobs, thread, .. } = self;
        drop(jobs); // ends the engine's thread
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Begin(id) => {
                // A turn that was never finished is over when the next begins.
                if let Some(open) = self.turns.back().filter(|turn| !turn.is_finished) {
                    self.drop_turn(open.id);
                }
                self.turns.push_back(Turn { id, utterance: Utterance::new(), is_finished: false });
            }
            Message::Push(id, samples) => {
                if let Some(turn) = self.turn_mut(id).filter(|turn| !turn.is_finished) {
                    turn.utterance.push(&samples);
                }
            }
            Message::Finish(id) => {
                if let Some(turn) = self.turn_mut(id) {
                    turn.is_finished = true;
                }
            }
            Message::Cancel(id) => self.drop_turn(id),
        }
    }

    fn conclude(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Built(Ok(())) => {
                self.engine = Engine::Ready;
                (self.outbox)(TranscriberEvent::Ready { model: self.model.clone() });
            }
            Outcome::Built(Err(reason)) => self.be_unavailable(reason),
            Outcome::Recognized(result, took) => {
                let Some(running) = self.running.take() else { return };
                self.conclude_pass(&running, result, took);
            }
        }
    }

    fn conclude_pass(
        &mut self,
        running: &Running,
        result: Result<Transcript, RecognizeError>,
        took: Duration,
    ) {
        let Some(turn) = self.turn_mut(running.turn) else { return };
        match result {
            Ok(transcript) => {
                let before = turn.utterance.transcript().text;
                turn.utterance.pass_done(running.pass, transcript, took);
                let text = turn.utterance.transcript().text;
                // After a commit the rest of the window is read again at once;
                // until then the words would only seem to shrink.
                if !turn.is_finished && !running.pass.commits && text != before {
                    (self.outbox)(TranscriberEvent::Partial { turn: running.turn, text });
                }
            }
            Err(RecognizeError::Cancelled) => {}
            Err(RecognizeError::Engine(reason)) => self.fail(running.turn, reason),
        }
    }

    /// Starts, waits for, or concludes what the first turn needs.
    fn advance(&mut self) {
        while let Some(turn) = self.turns.front() {
            if let Engine::Unavailable(reason) = &self.engine {
                if !turn.is_finished {
                    return;
                }
                let (id, reason) = (turn.id, reason.clone());
                self.fail(id, reason);
                continue;
            }
            if let Some(running) = &self.running {
                let is_superseded = turn.is_finished
                    && running.turn == turn.id
                    && !running.pass.commits
                    && !turn.utterance.is_completed_by(running.pass);
                if is_superseded {
                    running.cancel.cancel();
                }
                return;
            }
            if matches!(self.engine, Engine::Loading) {
                return;
            }
            let pass = if turn.is_finished {
                turn.utterance.last_pass()
            } else {
                turn.utterance.next_pass()
            };
            match pass {
                Some(pass) => return self.start_pass(pass),
                None if turn.is_finished => {
                    let (turn, transcript) = (turn.id, turn.utterance.transcript());
                    self.turns.pop_front();
                    (self.outbox)(TranscriberEvent::Final { turn, transcript });
                }
                None => return,
            }
        }
    }

    /// For the first turn; nothing is running.
    fn start_pass(&mut self, pass: Pass) {
        let Some(turn) = self.turns.front() else { return };
        let cancel = CancelToken::new();
        let job = Job { samples: turn.utterance.samples(pass).to_vec(), cancel: cancel.clone() };
        self.running = Some(Running { turn: turn.id, pass, cancel });
        // Fails only if the engine is gone, which closes the outcomes as well.
        let _ = self.jobs.send(job);
    }

    fn drop_turn(&mut self, id: TurnId) {
        self.turns.retain(|turn| turn.id != id);
        if self.running.as_ref().is_some_and(|running| running.turn == id) {
            self.abort_running();
        }
    }

    /// The outcome still comes, and only then can the next pass start.
    fn abort_running(&self) {
        if let Some(running) = &self.running {
            running.cancel.cancel();
        }
    }

    fn fail(&mut self, turn: TurnId, reason: String) {
        self.turns.retain(|other| other.id != turn);
        (self.outbox)(TranscriberEvent::Failed { turn, reason });
    }

    fn lose_engine(&mut self) {
        self.outcomes = crossbeam_channel::never();
        self.running = None;
        if !matches!(self.engine, Engine::Unavailable(_)) {
            self.be_unavailable(
                "Speech recognition stopped by itself: start Samantha again.".into(),
            );
        }
    }

    fn be_unavailable(&mut self, reason: String) {
        self.engine = Engine::Unavailable(reason.clone());
        (self.outbox)(TranscriberEvent::Unavailable { reason });
    }

    fn turn_mut(&mut self, id: TurnId) -> Option<&mut Turn> {
        self.turns.iter_mut().find(|turn| turn.id == id)
    }
}
