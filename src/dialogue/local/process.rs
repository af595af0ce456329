//! One run of the `samantha-llm` process: pipes, and the thread that reads.
//!
//! It has nothing to save, so dropping it kills it.

use super::Config;
use crate::dialogue::ReplyStats;
use crossbeam_channel::{Receiver, Sender};
use llm_protocol::{Fault, Reply, Request, Stop, write_line};
use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

/// What the process says, as far as anybody wants to know.
#[derive(Debug)]
pub enum Incoming {
    /// The weights are read.
    Ready { context_tokens: u32, load_ms: u64 },
    /// The weights cannot be read.
    Refused { fault: Fault, message: String },
    /// A prompt was read ahead.
    Prepared { id: u64 },
    /// The person's last message was read, and is so likely complete.
    Ending { id: u64, likelihood: f32 },
    /// More of a reply.
    Delta { id: u64, text: String },
    /// A reply is over.
    Done { id: u64, stop: Stop, stats: ReplyStats },
    /// A request failed.
    Failed { id: u64, fault: Fault, message: String },
    /// The process has ended, or makes no sense.
    Died,
}

/// The running process.
pub struct Process {
    child: Child,
    requests: ChildStdin,
    replies: Receiver<Incoming>,
}

impl Process {
    /// Starts it and has it load the model. `wake` is called from another
    /// thread when that is done, and when the process ends.
    pub fn start(config: &Config, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let mut command = Command::new(&config.program);
        // How long its threads wait for each other it has from us (`process_env`).
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        hide_console(&mut command);
        let mut child = command.spawn()?;
        let (Some(requests), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        // Unbounded: the process must never wait for us, and says little.
        let (tell, replies) = crossbeam_channel::unbounded();
        thread::Builder::new()
            .name("dialogue-replies".into())
            .spawn(move || read_replies(output, &tell, wake))?;
        let mut process = Self { child, requests, replies };
        process.send(&Request::Load {
            model: config.model_file.to_string_lossy().into_owned(),
            context_tokens: config.context_tokens,
            reply_tokens: config.reply_tokens,
            threads: config.threads,
        });
        Ok(process)
    }

    /// The system's number for it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A process that cannot be written to has ended; the reading thread tells.
    pub fn send(&mut self, request: &Request) {
        if let Err(error) = write_line(&mut self.requests, request) {
            tracing::debug!("the language model takes no requests: {error}");
        }
    }

    /// What it says next, within `timeout`.
    pub fn recv_timeout(&self, timeout: Duration) -> Option<Incoming> {
        self.replies.recv_timeout(timeout).ok()
    }

    /// What it has said already.
    pub fn try_recv(&self) -> Option<Incoming> {
        self.replies.try_recv().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Errors mean that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_replies(output: ChildStdout, tell: &Sender<Incoming>, wake: impl Fn()) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while matches!(output.read_until(b'\n', &mut line), Ok(length) if length > 0) {
        let Ok(reply) = serde_json::from_slice(&line) else {
            break;
        };
        line.clear();
        let Some(incoming) = understand(reply) else { continue };
        let worth_waking = matches!(incoming, Incoming::Ready { .. } | Incoming::Refused { .. });
        if tell.send(incoming).is_err() {
            return; // The process was given up.
        }
        if worth_waking {
            wake();
        }
    }
    if tell.send(Incoming::Died).is_ok() {
        wake();
    }
}

fn understand(reply: Reply) -> Option<Incoming> {
    Some(match reply {
        Reply::Ready { context_tokens, load_ms } => Incoming::Ready { context_tokens, load_ms },
        Reply::Prepared { id, prompt } => {
            tracing::debug!("prepared: {prompt:?}");
            Incoming::Prepared { id }
        }
        Reply::Ending { id, likelihood } => Incoming::Ending { id, likelihood },
        Reply::Delta { id, text } => Incoming::Delta { id, text },
        Reply::Done { id, stop, prompt, reply_tokens, reply_ms } => {
            tracing::debug!("replied: {stop:?}, {prompt:?}, {reply_tokens} tokens, {reply_ms} ms");
            let stats = ReplyStats {
                prompt_tokens: prompt.prompt_tokens,
                cached_tokens: prompt.cached_tokens,
                reply_tokens,
            };
            Incoming::Done { id, stop, stats }
        }
        Reply::Error { id: Some(id), fault, message } => Incoming::Failed { id, fault, message },
        Reply::Error { id: None, fault, message } => Incoming::Refused { fault, message },
    })
}

#[cfg(windows)]
fn hide_console(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn hide_console(_: &mut Command) {}
