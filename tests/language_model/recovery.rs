//! A process that dies, and one that cannot start.

use crate::bench::{Bench, Conversation, config};
use samantha::dialogue::{DialogueEvent, Role};
use std::sync::atomic::Ordering;

/// Sends a signal with the system's own `kill`.
pub fn signal(which: &str, process: u32) {
    let status = std::process::Command::new("kill")
        .args([which, &process.to_string()])
        .status()
        .expect("kill runs");
    assert!(status.success(), "kill {which} {process}");
}

#[test]
fn a_reply_goes_on_after_the_process_was_killed_in_the_middle() {
    let question = Conversation::new().with(Role::User, "Tell me about the sea.");
    let mut bench = Bench::start(config(1024, 80), 80);
    let undisturbed = bench.answer(&question.0).text;
    // Another question, so that the process is again at the beginning.
    bench.answer(&Conversation::new().with(Role::User, "Hello?").0);

    let first_process = bench.process_id.load(Ordering::SeqCst);
    let turn = bench.ask(&question.0);
    let mut text = bench.first_text(turn);
    signal("-KILL", first_process);
    text.push_str(&bench.rest_of(turn).text);

    // Nothing twice and nothing lost: up to where it was cut the reply is the
    // undisturbed one, and it goes on to a length like that one's.
    let common = undisturbed.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    assert!(common >= 20, "{undisturbed:?} became {text:?}");
    assert!(text.len() * 2 > undisturbed.len(), "{undisturbed:?} became {text:?}");

    let answer = bench.answer(&question.with(Role::Assistant, &text).with(Role::User, "And?").0);
    assert!(answer.stats.reply_tokens > 0, "the next turn is answered");
    assert_ne!(bench.process_id.load(Ordering::SeqCst), first_process);
}

#[test]
fn a_process_killed_while_idle_is_back_before_it_is_needed() {
    let mut bench = Bench::start(config(1024, 16), 16);
    let first_process = bench.process_id.load(Ordering::SeqCst);
    signal("-KILL", first_process);
    assert!(matches!(bench.next_event(), DialogueEvent::Restarting { .. }));
    assert!(matches!(bench.next_event(), DialogueEvent::Ready { .. }));
    let answer = bench.answer(&Conversation::new().with(Role::User, "Hello?").0);
    assert!(answer.stats.reply_tokens > 0);
}

#[test]
fn a_question_may_come_before_the_model_is_loaded() {
    let mut bench = Bench::start_at_once(config(1024, 16), 16);
    let answer = bench.answer(&Conversation::new().with(Role::User, "Hello?").0);
    assert!(answer.stats.reply_tokens > 0);
}

#[test]
fn a_file_that_is_no_model_is_told_and_may_be_put_right() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("model.gguf");
    std::fs::write(&file, "this is no model").expect("written");
    let good = config(1024, 16);
    let bad = samantha::dialogue::local::Config { model_file: file.clone(), ..good.clone() };
    let mut bench = Bench::start_at_once(bad, 16);
    match bench.next_event() {
        DialogueEvent::Unavailable { reason } => assert!(reason.contains("fetch it"), "{reason}"),
        other => panic!("{other:?}"),
    }
    std::fs::copy(&good.model_file, &file).expect("copied");
    let answer = bench.answer(&Conversation::new().with(Role::User, "Hello?").0);
    assert!(answer.stats.reply_tokens > 0);
}

#[test]
fn a_missing_program_is_told() {
    let bad = samantha::dialogue::local::Config {
        program: "/nowhere/samantha-llm".into(),
        ..config(1024, 16)
    };
    let mut bench = Bench::start_at_once(bad, 16);
    assert!(matches!(bench.next_event(), DialogueEvent::Unavailable { .. }));
    bench.ask(&Conversation::new().with(Role::User, "Hello?").0);
    assert!(matches!(bench.next_event(), DialogueEvent::Unavailable { .. }));
    match bench.next_event() {
        DialogueEvent::Unavailable { .. } => {
            assert!(matches!(bench.next_event(), DialogueEvent::Failed { .. }));
        }
        other => assert!(matches!(other, DialogueEvent::Failed { .. }), "{other:?}"),
    }
}
