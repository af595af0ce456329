//! Measures what is kept of a scripted life that is lived through the real
//! session, by rules alone or with a language model that studies what was said.
//!
//!     cargo run --release --example life -- LIFE.toml [MODEL.gguf]

use samantha::dialogue::{self, DialogueEvent};
use samantha::settings::DialogueSettings;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[path = "../tests/life/live.rs"]
mod live;
#[path = "../tests/life/script.rs"]
mod script;

/// A study of the 1.5B model takes two seconds, a summary four, at first a little more.
const PATIENCE: Duration = Duration::from_secs(5);

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it is what this is for")]
fn main() {
    let mut args = std::env::args().skip(1);
    let Some(life) = args.next() else {
        eprintln!("Name the life to be lived, such as tests/life/life.toml.");
        std::process::exit(2);
    };
    let student = args.next().map(|model| -> live::Student {
        let file = PathBuf::from(model);
        Box::new(move |outbox: samantha::Outbox<DialogueEvent>| {
            dialogue::spawn(&DialogueSettings::default(), Some(file), "the student".into(), outbox)
        })
    });
    let began = Instant::now();
    let outcome = live::live(&script::Life::read(&life), student, PATIENCE);
    for mistake in &outcome.mistakes {
        println!("{mistake}");
    }
    println!(
        "{life}: {} of {} kept are right ({:.1}%), {} of {} are kept ({:.1}%), {} of {} became \
         history, {} orders obeyed, {:.0} s",
        outcome.right,
        outcome.kept,
        100.0 * outcome.precision(),
        outcome.found,
        outcome.wanted,
        100.0 * outcome.recall(),
        outcome.succeeded,
        outcome.successions,
        outcome.obeyed.len(),
        began.elapsed().as_secs_f32()
    );
}
