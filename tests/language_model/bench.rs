//! What the tests of the local model share.

use crossbeam_channel::{Receiver, Sender};
use samantha::dialogue::ReplyId;
use samantha::dialogue::local::{Config, Local};
use samantha::dialogue::responder::{self, ResponderThread};
use samantha::dialogue::{
    Aside, Dialogue, DialogueError, DialogueEvent, Message, Prompt, ReplyStats, Responder, Role,
    Sampling, Told,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Generous: the machine that runs the tests may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a reply came to.
#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub stats: ReplyStats,
}

/// A responder over the real process.
pub struct Bench {
    pub responder: ResponderThread,
    pub events: Receiver<DialogueEvent>,
    pub process_id: Arc<AtomicU32>,
    next_turn: u64,
}

/// A `Local` that tells the tests which process it runs.
struct Watched {
    local: Local,
    process_id: Arc<AtomicU32>,
}

impl Watched {
    fn note(&self) {
        self.process_id.store(self.local.process_id().unwrap_or(0), Ordering::SeqCst);
    }
}

impl Dialogue for Watched {
    fn prepare(
        &mut self,
        prompt: &Prompt,
        cancel: &samantha::cancel::CancelToken,
    ) -> Result<(), DialogueError> {
        let prepared = self.local.prepare(prompt, cancel);
        self.note();
        prepared
    }

    fn reply(
        &mut self,
        prompt: &Prompt,
        sampling: Sampling,
        cancel: &samantha::cancel::CancelToken,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<ReplyStats, DialogueError> {
        let replied = self.local.reply(prompt, sampling, cancel, tell);
        self.note();
        replied
    }

    fn aside(
        &mut self,
        aside: &Aside,
        cancel: &samantha::cancel::CancelToken,
    ) -> Result<String, DialogueError> {
        let done = self.local.aside(aside, cancel);
        self.note();
        done
    }

    fn tend(&mut self) -> Option<Instant> {
        let at = self.local.tend();
        self.note();
        at
    }
}

pub fn config(context_tokens: u32, reply_tokens: u32) -> Config {
    Config {
        program: program(),
        model_file: model_file(),
        model_name: "SmolLM2 135M".into(),
        context_tokens,
        reply_tokens,
        threads: 2,
    }
}

fn model_file() -> PathBuf {
    let folder = std::env::var_os("SAMANTHA_TEST_MODELS").expect(
        "SAMANTHA_TEST_MODELS is not set: it names the folder that holds smollm2-135m.gguf \
         (scripts/test fetches it)",
    );
    let file = PathBuf::from(folder).join("smollm2-135m.gguf");
    assert!(file.is_file(), "{} is missing (scripts/test fetches it)", file.display());
    file
}

fn program() -> PathBuf {
    let mut program = PathBuf::from(env!("CARGO_BIN_EXE_samantha"));
    program.set_file_name(format!("samantha-llm{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is missing: build the workspace first", program.display());
    program
}

impl Bench {
    /// Starts the process and waits until it can answer.
    pub fn start(config: Config, max_tokens: u32) -> Self {
        let bench = Self::start_at_once(config, max_tokens);
        match bench.next_event() {
            DialogueEvent::Ready { model } => {
                assert_eq!(model, "SmolLM2 135M, on this computer");
            }
            other => panic!("not ready: {other:?}"),
        }
        bench
    }

    /// Starts the process and does not wait.
    pub fn start_at_once(config: Config, max_tokens: u32) -> Self {
        let (tell, events): (Sender<DialogueEvent>, _) = crossbeam_channel::unbounded();
        let process_id = Arc::new(AtomicU32::new(0));
        let sampling = Sampling { max_tokens, temperature: 0.0, judge_ending: false };
        let outbox: samantha::Outbox<DialogueEvent> = Box::new(move |event| {
            let _ = tell.send(event);
        });
        let responder = responder::spawn(sampling, true, outbox, {
            let process_id = Arc::clone(&process_id);
            move |link| Ok(Box::new(Watched { local: Local::new(config, link), process_id }) as _)
        });
        Self { responder, events, process_id, next_turn: 0 }
    }

    pub fn next_event(&self) -> DialogueEvent {
        self.events.recv_timeout(PATIENCE).expect("an event before patience ends")
    }

    pub fn ask(&mut self, prompt: &Prompt) -> ReplyId {
        let turn = self.next_reply();
        self.responder.ask(turn, prompt.clone());
        turn
    }

    /// An id that was not used yet.
    pub fn next_reply(&mut self) -> ReplyId {
        self.next_turn += 1;
        ReplyId(self.next_turn)
    }

    /// Waits for the first piece of the reply to `turn`.
    pub fn first_text(&self, turn: ReplyId) -> String {
        loop {
            match self.next_event() {
                DialogueEvent::Delta { id: of, text } if of == turn => return text,
                DialogueEvent::Failed { reason, .. } => panic!("{reason}"),
                _ => {}
            }
        }
    }

    /// The whole reply to a question.
    pub fn answer(&mut self, prompt: &Prompt) -> Answer {
        let turn = self.ask(prompt);
        self.rest_of(turn)
    }

    /// What comes of `turn` from now on.
    pub fn rest_of(&self, turn: ReplyId) -> Answer {
        let mut text = String::new();
        loop {
            match self.next_event() {
                DialogueEvent::Delta { id: of, text: more } => {
                    assert_eq!(of, turn, "a reply to another turn");
                    text.push_str(&more);
                }
                DialogueEvent::Done { id: of, stats } => {
                    assert_eq!(of, turn, "the end of another turn");
                    return Answer { text, stats };
                }
                DialogueEvent::Failed { reason, .. } => panic!("{reason}"),
                DialogueEvent::Ready { .. }
                | DialogueEvent::Ending { .. }
                | DialogueEvent::Restarting { .. }
                | DialogueEvent::Unavailable { .. }
                | DialogueEvent::AsideDone { .. }
                | DialogueEvent::AsideEnded { .. } => {}
            }
        }
    }

    /// Computing time of the process so far.
    #[cfg(target_os = "linux")]
    pub fn cpu_ms(&self) -> u64 {
        let id = self.process_id.load(Ordering::SeqCst);
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
        // After the name in brackets, which may hold anything.
        let fields: Vec<&str> = stat[stat.rfind(')').expect("a name") + 2..].split(' ').collect();
        let ticks = |index: usize| fields[index].parse::<u64>().expect("a number");
        (ticks(11) + ticks(12)) * 10
    }
}

/// A conversation that grows.
pub struct Conversation(pub Prompt);

impl Conversation {
    pub fn new() -> Self {
        let content = "You are Samantha, a warm companion. You are a computer program. You \
                       answer in one or two short spoken sentences.";
        Self(Prompt { messages: vec![Message { role: Role::System, content: content.into() }] })
    }

    pub fn with(mut self, role: Role, content: &str) -> Self {
        self.say(role, content);
        self
    }

    pub fn say(&mut self, role: Role, content: &str) {
        self.0.messages.push(Message { role, content: content.into() });
    }
}

/// Text that takes the model seconds to read.
pub fn long_text(words: usize) -> String {
    let list = ["apple", "river", "stone", "cloud", "garden", "window", "yellow", "seven"];
    (0..words).map(|n| list[(n * 7 + n / 8) % list.len()]).collect::<Vec<_>>().join(" ")
}
