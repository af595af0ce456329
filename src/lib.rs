//! Samantha: a voice companion that runs on the person's own computer.
//!
//! This crate doc is the map; ARCHITECTURE.md tells the same at more length.
//!
//! One thread owns the conversation: [`session`]. It asks the pure state
//! machine in [`turn`] what to do next and carries that out through four
//! engines, each behind one trait and each on threads of its own:
//!
//! - [`audio`]: the microphone, from device callback to 16 kHz mono;
//! - [`transcribe`]: speech to text;
//! - [`dialogue`]: what she answers, from a local model or a server;
//! - [`speech`]: the voice that says it.
//!
//! The window ([`app`], [`ui`]), the command line ([`cli`]) and the tests are
//! clients of the same session: they send [`session::Command`]s and receive
//! [`session::Event`]s.

pub mod app;
pub mod audio;
pub mod autostart;
pub mod cancel;
pub mod cli;
pub mod control;
pub mod dialogue;
pub mod doctor;
pub mod engines;
pub mod hotkey;
pub mod http;
pub mod learner;
pub mod letters;
pub mod models;
pub mod motion;
pub mod paths;
pub mod persona;
pub mod process_env;
pub mod remembering;
pub mod reveal;
pub mod session;
pub mod settings;
pub mod speech;
pub mod transcribe;
pub mod tray;
pub mod turn;
pub mod ui;
pub mod wording;
mod worker;

/// How an engine thread reports what happened. Called on the engine's thread;
/// must not block.
pub type Outbox<E> = Box<dyn Fn(E) + Send>;
