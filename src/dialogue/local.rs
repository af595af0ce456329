//! A model on this computer, run by the `samantha-llm` process.
//!
//! Lives on the dialogue thread. Starts the process, speaks to it as
//! `llm_protocol` says, and starts it again when it dies. It never links the
//! model's library itself: that cannot share a process with the recogniser's.
//!
//! When the process dies in the middle of a reply, the person should hear the
//! rest and nothing twice. So the question is asked again with what was already
//! said as the beginning of the answer, and only what follows is delivered. If
//! it dies a second time in one reply, that is told.

use super::responder::Link;
use super::{
    Aside, Dialogue, DialogueError, DialogueEvent, Prompt, ReplyStats, Role, Sampling, Told,
};
use crate::cancel::CancelToken;
use crate::settings::DialogueSettings;
use crate::wording::reasons::Reason;
use crate::wording::{Sentence, Text, troubles};
use llm_protocol::{Fault, Stop};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

mod process;

use process::{Incoming, Process};

/// How often a raised token is looked for.
const POLL: Duration = Duration::from_millis(5);
/// A process that has not confirmed a cancellation by then is killed.
const CANCEL_CONFIRMED: Duration = Duration::from_millis(80);
/// After so many deaths without a reply between them, only the next question
/// starts it again.
const MAX_DEATHS: u32 = 5;
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// More cores than this add heat rather than speed: writing is bound by memory.
const MAX_THREADS: usize = 8;

/// What to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The `samantha-llm` program.
    pub program: PathBuf,
    /// A GGUF file.
    pub model_file: PathBuf,
    /// What people call the model.
    pub model_name: String,
    /// Tokens of conversation the model keeps in view.
    pub context_tokens: u32,
    /// Tokens of these kept free for the reply.
    pub reply_tokens: u32,
    /// Threads that compute.
    pub threads: u32,
}

impl Config {
    /// What the settings ask for, with the program found beside this one or
    /// named by the environment variable `SAMANTHA_LLM`.
    pub fn new(
        settings: &DialogueSettings,
        model_file: Option<PathBuf>,
        model_name: String,
    ) -> Result<Self, DialogueError> {
        let model_file = model_file
            .ok_or_else(|| DialogueError::Unavailable(troubles::missing_weights("language")))?;
        Ok(Self {
            program: find_program()?,
            model_file,
            model_name,
            context_tokens: settings.context_tokens,
            reply_tokens: settings.max_reply_tokens,
            threads: fitting_threads(),
        })
    }
}

fn find_program() -> Result<PathBuf, DialogueError> {
    if let Some(named) = std::env::var_os("SAMANTHA_LLM") {
        return Ok(named.into());
    }
    let name = format!("samantha-llm{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(|dir| dir.join(&name)))
        .filter(|program| program.is_file());
    beside.ok_or_else(|| {
        DialogueError::Unavailable(troubles::MODEL_PROGRAM_MISSING.with(&[("program", &name)]))
    })
}

/// One thread for each core, not for each hyper-thread; but two on the smallest
/// machines, whose virtual cores are often told as one.
fn fitting_threads() -> u32 {
    let logical = thread::available_parallelism().map_or(1, usize::from);
    let physical = sysinfo::System::physical_core_count().unwrap_or(logical);
    physical.max(2).min(logical).min(MAX_THREADS) as u32
}

/// The engine.
pub struct Local {
    config: Config,
    link: Link,
    state: State,
    last_id: u64,
    /// Times the process died since it last did what it was asked.
    deaths: u32,
}

enum State {
    /// To be started at this time.
    Down { start_at: Instant },
    /// Reading its weights.
    Loading(Process),
    /// Waiting for requests, or at one.
    Ready(Process),
    /// Not to be started again until somebody asks.
    GivenUp { reason: String },
}

/// How one attempt at a reply ended, if not in an error.
enum Attempt {
    Done(ReplyStats),
    ProcessDied,
}

impl Local {
    /// Starts nothing yet; [`Dialogue::tend`] does.
    pub fn new(config: Config, link: Link) -> Self {
        let state = State::Down { start_at: Instant::now() };
        Self { config, link, state, last_id: 0, deaths: 0 }
    }

    /// The system's number for the running process.
    pub fn process_id(&self) -> Option<u32> {
        match &self.state {
            State::Loading(process) | State::Ready(process) => Some(process.id()),
            State::Down { .. } | State::GivenUp { .. } => None,
        }
    }

    fn start(&mut self) {
        let waker = self.link.waker();
        self.state = match Process::start(&self.config, waker) {
            Ok(process) => State::Loading(process),
            Err(error) => {
                let program = self.config.program.display().to_string();
                let text = troubles::MODEL_PROGRAM_FAILS.filling("program", program);
                self.give_up(text.with("reason", Reason(error)))
            }
        };
    }

    fn give_up(&self, reason: Sentence) -> State {
        tracing::error!("{reason}");
        let reason = String::from(reason);
        self.link.report(DialogueEvent::Unavailable { reason: reason.clone() });
        State::GivenUp { reason }
    }

    /// What the process could not do, as one sentence for people.
    fn in_words(&self, fault: Fault, cause: String) -> Sentence {
        let file = self.config.model_file.display().to_string();
        troubles::model_fault(fault).filling("file", file).with("reason", cause)
    }

    /// The process is gone, by itself or by our hand.
    fn died(&mut self, reason: Text) {
        self.deaths += 1;
        tracing::warn!("{reason} ({} times in a row)", self.deaths);
        if self.deaths >= MAX_DEATHS {
            self.state = self.give_up(troubles::MODEL_STOPS_AGAIN.into());
            return;
        }
        let backoff = match self.deaths {
            1 => Duration::ZERO,
            deaths => FIRST_BACKOFF * 2u32.pow(deaths - 2),
        };
        self.state = State::Down { start_at: Instant::now() + backoff };
        self.link.report(DialogueEvent::Restarting { reason: reason.into() });
    }

    fn died_by_itself(&mut self) {
        self.died(troubles::MODEL_STOPPED);
    }

    /// Takes in what the process said while nobody listened.
    fn take_in(&mut self, incoming: Incoming) {
        let state = std::mem::replace(&mut self.state, State::Down { start_at: Instant::now() });
        match (state, incoming) {
            (State::Loading(process), Incoming::Ready { context_tokens, load_ms }) => {
                tracing::info!(
                    "{} loaded in {load_ms} ms with {context_tokens} tokens of context",
                    self.config.model_name
                );
                self.state = State::Ready(process);
                let model = troubles::MODEL_HERE.with(&[("model", &self.config.model_name)]);
                self.link.report(DialogueEvent::Ready { model });
            }
            (State::Loading(_), Incoming::Refused { fault, message }) => {
                self.state = self.give_up(self.in_words(fault, message));
            }
            (State::Loading(_) | State::Ready(_), Incoming::Died) => self.died_by_itself(),
            // Left over from a request that nobody waits for any more.
            (state, _) => self.state = state,
        }
    }

    /// Waits until requests can be sent.
    fn await_ready(&mut self, cancel: &CancelToken) -> Result<(), DialogueError> {
        loop {
            if cancel.is_cancelled() {
                return Err(DialogueError::Cancelled);
            }
            match &self.state {
                State::Ready(process) => match process.try_recv() {
                    Some(incoming) => self.take_in(incoming),
                    None => return Ok(()),
                },
                State::Loading(process) => {
                    if let Some(incoming) = process.recv_timeout(POLL) {
                        self.take_in(incoming);
                    }
                }
                State::Down { start_at } if Instant::now() >= *start_at => self.start(),
                State::Down { .. } => thread::sleep(POLL),
                State::GivenUp { reason } => {
                    return Err(DialogueError::Unavailable(reason.clone()));
                }
            }
        }
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Sends a request to the process, which must be ready.
    fn send(&mut self, request: &llm_protocol::Request) -> Result<(), DialogueError> {
        match &mut self.state {
            // A broken pipe is followed by `Died`, which is where it is handled.
            State::Ready(process) => {
                process.send(request);
                Ok(())
            }
            _ => Err(DialogueError::Failed(troubles::MODEL_NOT_READY.into())),
        }
    }

    fn recv_until(&self, deadline: Instant) -> Option<Incoming> {
        match &self.state {
            State::Loading(process) | State::Ready(process) => {
                process.recv_timeout(deadline.saturating_duration_since(Instant::now()))
            }
            State::Down { .. } | State::GivenUp { .. } => Some(Incoming::Died),
        }
    }

    /// Asks once. `said` is what the person has already been given of the
    /// reply, and grows.
    fn attempt(
        &mut self,
        request: llm_protocol::Request,
        id: u64,
        cancel: &CancelToken,
        mut tell: impl FnMut(Told<'_>),
    ) -> Result<Attempt, DialogueError> {
        self.send(&request)?;
        drop(request);
        loop {
            if cancel.is_cancelled() {
                self.cancel(id)?;
                return Err(DialogueError::Cancelled);
            }
            match self.recv_until(Instant::now() + POLL) {
                Some(Incoming::Ending { id: of, likelihood }) if of == id => {
                    tell(Told::Ending(likelihood));
                }
                Some(Incoming::Delta { id: of, text }) if of == id => tell(Told::Text(&text)),
                Some(Incoming::Done { id: of, stats, .. }) if of == id => {
                    self.deaths = 0;
                    return Ok(Attempt::Done(stats));
                }
                Some(Incoming::Failed { id: of, fault, message }) if of == id => {
                    return Err(DialogueError::Failed(self.in_words(fault, message).into()));
                }
                Some(Incoming::Died) => return Ok(Attempt::ProcessDied),
                Some(_) | None => {}
            }
        }
    }

    /// Stops request `id` for certain: kills the process if it does not.
    fn cancel(&mut self, id: u64) -> Result<(), DialogueError> {
        self.send(&llm_protocol::Request::Cancel { id })?;
        let deadline = Instant::now() + CANCEL_CONFIRMED;
        loop {
            match self.recv_until(deadline) {
                Some(Incoming::Done { id: of, .. } | Incoming::Failed { id: of, .. })
                    if of == id =>
                {
                    return Ok(());
                }
                Some(Incoming::Died) => {
                    self.died_by_itself();
                    return Ok(());
                }
                Some(_) => {}
                None => {
                    // Replacing the state drops the process, which kills it.
                    self.died(troubles::MODEL_HANGS);
                    return Ok(());
                }
            }
        }
    }
}

impl Dialogue for Local {
    fn prepare(&mut self, prompt: &Prompt, cancel: &CancelToken) -> Result<(), DialogueError> {
        self.await_ready(cancel)?;
        let id = self.next_id();
        self.send(&llm_protocol::Request::Prepare { id, messages: to_messages(prompt) })?;
        loop {
            if cancel.is_cancelled() {
                // Nothing to say to the process: the request that comes next
                // ends this one, and keeps what has been read.
                return Err(DialogueError::Cancelled);
            }
            match self.recv_until(Instant::now() + POLL) {
                Some(Incoming::Prepared { id: of }) if of == id => {
                    self.deaths = 0;
                    return Ok(());
                }
                Some(Incoming::Failed { id: of, fault, message }) if of == id => {
                    return Err(DialogueError::Failed(self.in_words(fault, message).into()));
                }
                Some(Incoming::Died) => {
                    self.died_by_itself();
                    return Err(DialogueError::Failed(troubles::MODEL_STOPPED.into()));
                }
                Some(_) | None => {}
            }
        }
    }

    fn reply(
        &mut self,
        prompt: &Prompt,
        sampling: Sampling,
        cancel: &CancelToken,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<ReplyStats, DialogueError> {
        if matches!(self.state, State::GivenUp { .. }) {
            // Somebody asks: perhaps what was wrong has been put right.
            self.state = State::Down { start_at: Instant::now() };
            self.deaths = MAX_DEATHS - 1;
        }
        let mut said = String::new();
        let mut pieces = 0;
        for _ in 0..2 {
            self.await_ready(cancel)?;
            let id = self.next_id();
            let request = llm_protocol::Request::Generate {
                id,
                messages: to_messages(prompt),
                begun: said.clone(),
                // A piece is about a token.
                sampling: drawing(sampling, sampling.max_tokens.saturating_sub(pieces)),
                judge_ending: sampling.judge_ending,
            };
            let attempt = self.attempt(request, id, cancel, |told| {
                if let Told::Text(text) = told {
                    pieces += 1;
                    said.push_str(text);
                }
                tell(told);
            })?;
            match attempt {
                Attempt::Done(stats) => return Ok(stats),
                Attempt::ProcessDied => self.died_by_itself(),
            }
        }
        Err(DialogueError::Failed(troubles::MODEL_STOPPED_TWICE.into()))
    }

    fn aside(&mut self, aside: &Aside, cancel: &CancelToken) -> Result<String, DialogueError> {
        self.await_ready(cancel)?;
        let id = self.next_id();
        self.send(&llm_protocol::Request::Aside {
            id,
            messages: to_messages(&aside.prompt),
            grammar: aside.grammar.clone(),
            max_tokens: aside.max_tokens,
        })?;
        let mut text = String::new();
        loop {
            if cancel.is_cancelled() {
                // Nothing to wait for: it gives way to any request, and what
                // it still says is not for that one.
                self.send(&llm_protocol::Request::Cancel { id })?;
                return Err(DialogueError::Cancelled);
            }
            match self.recv_until(Instant::now() + POLL) {
                Some(Incoming::Delta { id: of, text: more }) if of == id => text.push_str(&more),
                Some(Incoming::Done { id: of, stop: Stop::Cancelled, .. }) if of == id => {
                    return Err(DialogueError::Cancelled);
                }
                Some(Incoming::Done { id: of, .. }) if of == id => {
                    self.deaths = 0;
                    return Ok(text);
                }
                Some(Incoming::Failed { id: of, fault, message }) if of == id => {
                    return Err(DialogueError::Failed(self.in_words(fault, message).into()));
                }
                Some(Incoming::Died) => {
                    self.died_by_itself();
                    return Err(DialogueError::Failed(troubles::MODEL_STOPPED.into()));
                }
                Some(_) | None => {}
            }
        }
    }

    fn tend(&mut self) -> Option<Instant> {
        loop {
            match &self.state {
                State::Loading(process) | State::Ready(process) => match process.try_recv() {
                    Some(incoming) => self.take_in(incoming),
                    None => return None,
                },
                State::Down { start_at } if Instant::now() >= *start_at => self.start(),
                State::Down { start_at } => return Some(*start_at),
                State::GivenUp { .. } => return None,
            }
        }
    }
}

/// How a companion's replies are drawn: a little freely, and without running
/// in circles, which small models like to do.
fn drawing(sampling: Sampling, max_tokens: u32) -> llm_protocol::Sampling {
    llm_protocol::Sampling {
        max_tokens,
        temperature: sampling.temperature,
        top_p: 0.95,
        min_p: 0.05,
        repetition_penalty: 1.1,
        seed: None,
    }
}

fn to_messages(prompt: &Prompt) -> Vec<llm_protocol::Message> {
    prompt.messages.iter().map(to_message).collect()
}

/// The same message, in the words of the protocol.
pub(super) fn to_message(message: &super::Message) -> llm_protocol::Message {
    let role = match message.role {
        Role::System => llm_protocol::Role::System,
        Role::User => llm_protocol::Role::User,
        Role::Assistant => llm_protocol::Role::Assistant,
    };
    llm_protocol::Message { role, content: message.content.clone() }
}
