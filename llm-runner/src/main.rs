//! The process that runs Samantha's local language model.
//!
//! Started by the app, spoken to as `llm_protocol` says. One thread reads
//! requests, so that a cancellation is seen while the other one computes. It
//! writes nothing but replies, keeps nothing on disk, opens no connection, and
//! ends when its standard input does.

mod ending;
mod engine;
mod interrupt;
mod picker;
mod prompt;
mod reader;
mod reuse;
mod utf8;

use anyhow::{Context as _, anyhow, bail};
use engine::{Engine, Finished, Told};
use interrupt::Interrupt;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llm_protocol::{Fault, PromptCost, Reply, Request, RequestId, Stop, write_line};
use reader::{Halt, Written};
use std::io::{self, BufRead, StdoutLock};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

/// A request, or why a line was none.
type Incoming = Result<Request, String>;

/// How much rather the app's own work is done, where both want a core: what she
/// says next is thought of while what she says now is turned into sound, and
/// while the person is heard. Systems that weigh each program as a whole let
/// other programs gain nothing by it.
#[cfg(unix)]
const NICENESS: i32 = 4;

fn main() -> ExitCode {
    // Before there are other threads, which have it from this one.
    #[cfg(unix)]
    let _ = rustix::process::nice(NICENESS); // Without it she only speaks a little later.
    let interrupt = Arc::new(Interrupt::default());
    let (requests, inbox) = mpsc::channel();
    let reader = thread::Builder::new().name("requests".into()).spawn({
        let interrupt = Arc::clone(&interrupt);
        move || read_requests(&interrupt, |incoming| requests.send(incoming).is_ok())
    });
    if reader.is_err() {
        return ExitCode::FAILURE;
    }
    // Whatever goes wrong with a request is told in a reply. What is left is
    // that nobody reads the replies.
    match serve(&inbox, &interrupt, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Passes requests on until standard input ends or nobody takes them.
fn read_requests(interrupt: &Interrupt, mut pass_on: impl FnMut(Incoming) -> bool) {
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    while matches!(input.read_until(b'\n', &mut line), Ok(length) if length > 0) {
        let incoming = serde_json::from_slice(&line).map_err(|error| error.to_string());
        line.clear();
        match incoming {
            Ok(Request::Cancel { id }) => {
                interrupt.cancel(id);
                continue;
            }
            Ok(Request::Prepare { id, .. } | Request::Generate { id, .. }) => {
                interrupt.announce(id);
            }
            // An aside is no reason for the conversation to stop.
            Ok(Request::Aside { .. } | Request::Load { .. }) | Err(_) => {}
        }
        if !pass_on(incoming) {
            break;
        }
    }
    interrupt.close();
}

/// Waits for a model that can be loaded, then answers requests with it.
fn serve(
    inbox: &Receiver<Incoming>,
    interrupt: &Arc<Interrupt>,
    out: &mut StdoutLock<'_>,
) -> io::Result<()> {
    let mut backend = match LlamaBackend::init() {
        Ok(backend) => backend,
        Err(error) => {
            return fail(out, None, &anyhow!("llama.cpp could not be started: {error}"));
        }
    };
    backend.void_logs();
    for incoming in inbox {
        match incoming {
            Ok(Request::Load { model, context_tokens, reply_tokens, threads }) => {
                let began = Instant::now();
                let model = match load(&backend, Path::new(&model), interrupt) {
                    Ok(model) => model,
                    Err(error) => {
                        fail(out, None, &error)?;
                        continue;
                    }
                };
                let interrupt = Arc::clone(interrupt);
                let engine =
                    Engine::new(&backend, &model, interrupt, context_tokens, reply_tokens, threads);
                match engine {
                    Ok(mut engine) => {
                        let load_ms = began.elapsed().as_millis() as u64;
                        let context_tokens = engine.context_tokens();
                        write_line(out, &Reply::Ready { context_tokens, load_ms })?;
                        return answer(&mut engine, inbox, out);
                    }
                    Err(error) => fail(out, None, &error)?,
                }
            }
            Ok(
                Request::Prepare { id, .. }
                | Request::Generate { id, .. }
                | Request::Aside { id, .. },
            ) => {
                fail(out, Some(id), &anyhow!("no model has been loaded yet"))?;
            }
            Ok(Request::Cancel { .. }) => {}
            Err(reason) => fail(out, None, &not_understood(&reason))?,
        }
    }
    Ok(())
}

fn load(
    backend: &LlamaBackend,
    file: &Path,
    interrupt: &Arc<Interrupt>,
) -> anyhow::Result<LlamaModel> {
    if !file.is_file() {
        bail!(Fault::ModelMissing);
    }
    let interrupt = Arc::clone(interrupt);
    let params =
        LlamaModelParams::default().with_progress_callback(move |_| !interrupt.is_closed());
    LlamaModel::load_from_file(backend, file, &params).context(Fault::ModelUnusable)
}

/// Answers requests until no more come.
fn answer(
    engine: &mut Engine<'_>,
    inbox: &Receiver<Incoming>,
    out: &mut StdoutLock<'_>,
) -> io::Result<()> {
    for incoming in inbox {
        match incoming {
            Ok(Request::Prepare { id, messages }) => match engine.prepare(id, &messages) {
                Ok(prompt) => write_line(out, &Reply::Prepared { id, prompt })?,
                Err(Halt::Interrupted) => {}
                Err(Halt::Failed(error)) => fail(out, Some(id), &error)?,
            },
            Ok(Request::Generate { id, messages, begun, sampling, judge_ending }) => {
                let reply = engine::Reply { begun: &begun, sampling: &sampling, judge_ending };
                let finished = engine.generate(id, &messages, reply, |told| {
                    let reply = match told {
                        Told::Ending(likelihood) => Reply::Ending { id, likelihood },
                        Told::Text(text) => Reply::Delta { id, text },
                    };
                    Ok(write_line(out, &reply)?)
                });
                finish(out, id, finished)?;
            }
            Ok(Request::Aside { id, messages, grammar, max_tokens }) => {
                let grammar = grammar.as_deref();
                let finished = engine.aside(id, &messages, grammar, max_tokens, |text| {
                    Ok(write_line(out, &Reply::Delta { id, text })?)
                });
                finish(out, id, finished)?;
            }
            Ok(Request::Load { .. }) => fail(out, None, &anyhow!("a model is loaded already"))?,
            Ok(Request::Cancel { .. }) => {}
            Err(reason) => fail(out, None, &not_understood(&reason))?,
        }
    }
    Ok(())
}

/// Tells how a request ended.
fn finish(
    out: &mut StdoutLock<'_>,
    id: RequestId,
    finished: Result<Finished, Halt>,
) -> io::Result<()> {
    match finished {
        Ok(Finished { prompt, written }) => {
            let Written { stop, reply_tokens, reply_ms } = written;
            write_line(out, &Reply::Done { id, stop, prompt, reply_tokens, reply_ms })
        }
        // Before its prompt was read.
        Err(Halt::Interrupted) => {
            let (stop, prompt) = (Stop::Cancelled, PromptCost::default());
            write_line(out, &Reply::Done { id, stop, prompt, reply_tokens: 0, reply_ms: 0 })
        }
        Err(Halt::Failed(error)) => fail(out, Some(id), &error),
    }
}

fn not_understood(reason: &str) -> anyhow::Error {
    anyhow!("a request was not understood: {reason}")
}

fn fail(out: &mut StdoutLock<'_>, id: Option<RequestId>, error: &anyhow::Error) -> io::Result<()> {
    let fault = error.downcast_ref().copied().unwrap_or_default();
    write_line(out, &Reply::Error { id, fault, message: format!("{error:#}") })
}
