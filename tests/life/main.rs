//! What she learns of two scripted lives, by rules alone, through the real
//! session. `examples/life.rs` measures the same with a language model.

mod live;
mod script;

use live::{Outcome, live};
use script::Life;
use std::time::Duration;

fn outcome(name: &str) -> Outcome {
    let path = format!("{}/tests/life/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let outcome = live(&Life::read(&path), None, Duration::ZERO);
    for mistake in &outcome.mistakes {
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

#[test]
fn of_a_life_the_right_things_are_kept() {
    let outcome = outcome("life");
    assert!(outcome.precision() >= 0.9, "{:.3}", outcome.precision());
    assert!(outcome.recall() >= 0.8, "{:.3}", outcome.recall());
    assert_eq!(outcome.obeyed, Vec::<String>::new());
}

/// The rules were not made for this one; the language model adds to them.
#[test]
fn of_another_life_what_is_kept_is_right() {
    let outcome = outcome("other");
    assert!(outcome.precision() >= 0.9, "{:.3}", outcome.precision());
    assert!(outcome.recall() >= 0.6, "{:.3}", outcome.recall());
    assert_eq!(outcome.obeyed, Vec::<String>::new());
}
