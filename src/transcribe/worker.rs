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
use crate::wording::troubles;
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
                let settled = turn.utterance.is_settled_by(running.pass);
                if !turn.is_finished && !running.pass.commits && (text != before || settled) {
                    let turn = running.turn;
                    (self.outbox)(TranscriberEvent::Partial { turn, text, settled });
                }
            }
            Err(RecognizeError::Cancelled) => {}
            Err(RecognizeError::Engine(reason)) => self.fail(running.turn, reason),
        }
    }

    /// Starts, waits for, or concludes what the first turn needs.
    fn advance(&mut self) {
        while let Some(turn) = self.turns.front_mut() {
            if let Engine::Unavailable(reason) = &self.engine {
                if !turn.is_finished {
                    return;
                }
                let (id, reason) = (turn.id, reason.clone());
                self.fail(id, reason);
                continue;
            }
            if let Some(running) = &self.running {
                let is_last = turn.is_finished && !running.pass.commits;
                let is_superseded = turn.utterance.has_paused_since(running.pass)
                    || (is_last && !turn.utterance.is_completed_by(running.pass));
                if is_superseded && running.turn == turn.id {
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
            self.be_unavailable(troubles::HEARING_STOPPED.into());
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

#[cfg(test)]
mod tests {
    use super::super::gate::SpeechMeter;
    use super::*;
    use crossbeam_channel::unbounded;

    const TURN: TurnId = TurnId(1);
    const SOON: Duration = Duration::from_secs(5);

    fn sentence() -> Vec<f32> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audio/france.flac");
        crate::audio::decode::read_speech(file.as_ref()).expect("a sentence")
    }

    /// Understands what the test tells it to, when the test tells it to.
    struct Scripted {
        /// Tells the test how many samples it was given.
        asked: Sender<usize>,
        answers: Receiver<Result<&'static str, &'static str>>,
    }

    impl Recognizer for Scripted {
        fn recognize(
            &mut self,
            samples: &[f32],
            cancel: &CancelToken,
        ) -> Result<Transcript, RecognizeError> {
            self.asked.send(samples.len()).expect("a test that listens");
            loop {
                if cancel.is_cancelled() {
                    return Err(RecognizeError::Cancelled);
                }
                match self.answers.recv_timeout(Duration::from_millis(1)) {
                    Ok(Ok(text)) => {
                        return Ok(Transcript { text: text.into(), language: "en".into() });
                    }
                    Ok(Err(reason)) => return Err(RecognizeError::Engine(reason.into())),
                    Err(_) => {}
                }
            }
        }
    }

    struct Stage {
        worker: Box<dyn Transcriber>,
        asked: Receiver<usize>,
        answer: Sender<Result<&'static str, &'static str>>,
        events: Receiver<TranscriberEvent>,
    }

    impl Stage {
        fn new() -> Self {
            let (asked_out, asked) = unbounded();
            let (answer, answers) = unbounded();
            let (events_out, events) = unbounded();
            let factory: RecognizerFactory =
                Box::new(move || Ok(Box::new(Scripted { asked: asked_out, answers }) as _));
            let outbox = Box::new(move |event| {
                let _ = events_out.send(event);
            });
            let stage =
                Self { worker: spawn("scripted".into(), factory, outbox), asked, answer, events };
            assert_eq!(stage.event(), TranscriberEvent::Ready { model: "scripted".into() });
            stage
        }

        /// A pass over the first half of this, within speech, is under way.
        fn amid(sound: &[f32]) -> Self {
            let mut stage = Self::new();
            let head = &sound[..sound.len() / 2];
            stage.worker.begin(TURN);
            stage.worker.push(TURN, head.to_vec());
            assert_eq!(stage.asked(), head.len());
            stage
        }

        fn event(&self) -> TranscriberEvent {
            self.events.recv_timeout(SOON).expect("an event")
        }

        fn asked(&self) -> usize {
            self.asked.recv_timeout(SOON).expect("a pass")
        }

        fn answer(&self, text: &'static str) {
            self.answer.send(Ok(text)).expect("an engine that listens");
        }

        fn expect_final(&self, turn: TurnId, expected: &str) {
            // A pass may end before the worker was told that the turn is finished.
            let is_partial = |event: &_| matches!(event, TranscriberEvent::Partial { .. });
            let last = std::iter::repeat_with(|| self.event()).find(|event| !is_partial(event));
            match last {
                Some(TranscriberEvent::Final { turn: of, transcript }) => {
                    assert_eq!((of, transcript.text.as_str()), (turn, expected));
                }
                other => panic!("not a final: {other:?}"),
            }
        }
    }

    #[test]
    fn words_appear_while_the_person_talks() {
        let mut stage = Stage::new();
        stage.worker.begin(TURN);
        stage.worker.push(TURN, sentence());
        stage.asked();
        stage.answer("What is the");
        let partial =
            TranscriberEvent::Partial { turn: TURN, text: "What is the".into(), settled: true };
        assert_eq!(stage.event(), partial);
    }

    #[test]
    fn a_pass_that_heard_everything_is_the_answer() {
        let mut stage = Stage::new();
        stage.worker.begin(TURN);
        stage.worker.push(TURN, sentence());
        stage.asked();
        stage.worker.finish(TURN);
        stage.answer("What is the capital of France?");
        stage.expect_final(TURN, "What is the capital of France?");
        assert!(stage.asked.is_empty(), "nothing was left to recognise");
    }

    #[test]
    fn a_pass_that_heard_too_little_is_aborted_at_the_end() {
        let sound = sentence();
        let mut stage = Stage::amid(&sound);
        // Without a pause, for which it would be aborted anyway.
        let speech_end = SpeechMeter::measure(&sound).speech_end();
        stage.worker.push(TURN, sound[sound.len() / 2..speech_end].to_vec());
        stage.worker.finish(TURN);
        assert_eq!(stage.asked(), speech_end);
        stage.answer("What is the capital of France?");
        stage.expect_final(TURN, "What is the capital of France?");
    }

    #[test]
    fn a_pass_that_only_told_what_is_said_meanwhile_gives_way_to_that_of_a_pause() {
        let sound = sentence();
        let mut stage = Stage::amid(&sound);
        stage.worker.push(TURN, sound[sound.len() / 2..].to_vec());
        assert_eq!(stage.asked(), sound.len(), "though nothing was answered before");
    }

    #[test]
    fn nobody_spoke_so_nothing_is_asked() {
        let mut stage = Stage::new();
        stage.worker.begin(TURN);
        stage.worker.push(TURN, vec![0.0; 32_000]);
        stage.worker.finish(TURN);
        stage.expect_final(TURN, "");
        assert!(stage.asked.is_empty());
    }

    #[test]
    fn a_cancelled_turn_is_never_heard_of_again() {
        let mut stage = Stage::new();
        stage.worker.begin(TURN);
        stage.worker.push(TURN, sentence());
        stage.asked();
        stage.worker.cancel(TURN);
        stage.worker.finish(TURN);
        let next = TurnId(2);
        stage.worker.begin(next);
        stage.worker.push(next, sentence());
        stage.worker.finish(next);
        stage.asked();
        stage.answer("The second one.");
        stage.expect_final(next, "The second one.");
    }

    #[test]
    fn a_finished_turn_is_answered_though_the_next_has_begun() {
        let mut stage = Stage::new();
        let next = TurnId(2);
        stage.worker.begin(TURN);
        stage.worker.push(TURN, sentence());
        stage.worker.finish(TURN);
        stage.worker.begin(next);
        stage.asked();
        stage.answer("The first one.");
        stage.expect_final(TURN, "The first one.");
    }

    #[test]
    fn a_failing_pass_fails_its_turn_alone() {
        let mut stage = Stage::new();
        stage.worker.begin(TURN);
        stage.worker.push(TURN, sentence());
        stage.asked();
        stage.answer.send(Err("The model broke.")).expect("an engine that listens");
        let failed = TranscriberEvent::Failed { turn: TURN, reason: "The model broke.".into() };
        assert_eq!(stage.event(), failed);
        let next = TurnId(2);
        stage.worker.begin(next);
        stage.worker.push(next, sentence());
        stage.worker.finish(next);
        stage.asked();
        stage.answer("Better now.");
        stage.expect_final(next, "Better now.");
    }

    #[test]
    fn without_a_model_each_turn_says_so() {
        let (events_out, events) = unbounded();
        let mut worker = spawn(
            "none".into(),
            Box::new(|| Err("Fetch the model.".into())),
            Box::new(move |event| {
                let _ = events_out.send(event);
            }),
        );
        let reason = "Fetch the model.".to_owned();
        let unavailable = TranscriberEvent::Unavailable { reason: reason.clone() };
        assert_eq!(events.recv_timeout(SOON), Ok(unavailable));
        worker.begin(TURN);
        worker.finish(TURN);
        assert_eq!(events.recv_timeout(SOON), Ok(TranscriberEvent::Failed { turn: TURN, reason }));
    }

    #[test]
    fn an_engine_that_dies_is_reported() {
        let (events_out, events) = unbounded();
        let _worker = spawn(
            "dying".into(),
            Box::new(|| panic!("the engine dies")),
            Box::new(move |event| {
                let _ = events_out.send(event);
            }),
        );
        let event = events.recv_timeout(SOON).expect("an event");
        assert!(matches!(event, TranscriberEvent::Unavailable { .. }), "{event:?}");
    }
}
