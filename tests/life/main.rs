//! What she learns of four scripted lives, by rules alone, through the real
//! session. `examples/life.rs` measures the same with a language model.

mod live;
mod script;

use live::{Outcome, live};
use script::Life;
use std::time::Duration;

fn outcome(name: &str) -> Outcome {
    let path = format!("{}/tests/life/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let outcome = live(&Life::read(&path), None, Duration::ZERO);
    // What the rules get wrong of the life that is held out stays unseen.
    for mistake in outcome.mistakes.iter().filter(|_| name != "fourth") {
        println!("{mistake}");
    }
    println!(
        "{name}: {} of {} kept are right, {} of {} are kept, {} of {} became history",
        outcome.right,
        outcome.kept,
        outcome.found,
        outcome.wanted,
        outcome.succeeded,
        outcome.successions
    );
    outcome
}

/// At least nine in ten of what is kept are right, and eight in ten of what
/// should be kept are kept.
fn meets_the_bars(outcome: &Outcome) {
    assert!(outcome.precision() >= 0.9, "{:.3}", outcome.precision());
    assert!(outcome.recall() >= 0.8, "{:.3}", outcome.recall());
    assert_eq!(outcome.obeyed, Vec::<String>::new());
}

#[test]
fn of_a_life_the_right_things_are_kept() {
    meets_the_bars(&outcome("life"));
}

/// The rules were improved with these two in view.
#[test]
fn of_another_life_the_right_things_are_kept() {
    meets_the_bars(&outcome("other"));
}

/// She answers in lone words and says much that only the weeks before explain.
#[test]
fn of_a_third_life_what_is_kept_is_right() {
    let outcome = outcome("third");
    assert!(outcome.precision() >= 0.9, "{:.3}", outcome.precision());
    assert!(outcome.recall() >= 0.7, "{:.3}", outcome.recall());
    assert_eq!(outcome.obeyed, Vec::<String>::new());
}

/// Held out: nobody looked at what the rules make of it, but for the figures.
#[test]
fn of_a_life_that_was_held_out_the_right_things_are_kept() {
    meets_the_bars(&outcome("fourth"));
}
