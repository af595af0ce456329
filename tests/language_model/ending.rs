//! What the language model makes of words that may not be the last.

use crate::bench::{Bench, config};
use samantha::dialogue::{DialogueEvent, Message, Prompt, ReplyId, Responder, Role};

/// How likely the model takes `said` to be all, after what was said `before`.
fn ending(bench: &mut Bench, before: &[&str], said: &str) -> f32 {
    let mut prompt = Prompt::default();
    let system = "You are Samantha, a friendly voice.";
    prompt.messages.push(Message { role: Role::System, content: system.into() });
    for (i, content) in before.iter().chain([&said]).enumerate() {
        let role = if i % 2 == 0 { Role::User } else { Role::Assistant };
        prompt.messages.push(Message { role, content: (*content).into() });
    }
    let id = bench.next_reply();
    bench.responder.draft(id, prompt);
    loop {
        match bench.next_event() {
            DialogueEvent::Ending { id: of, likelihood } => {
                assert_eq!(of, id, "another draft");
                assert!((0.0..=1.0).contains(&likelihood), "{likelihood}");
                bench.responder.cancel(id);
                return likelihood;
            }
            DialogueEvent::Failed { reason, .. } => panic!("{reason}"),
            DialogueEvent::Delta { id: of, .. } => assert_ne!(of, id, "the reply came first"),
            _ => {}
        }
    }
}

#[test]
fn what_is_whole_is_told_from_what_is_not_whatever_mark_it_bears() {
    let mut bench = Bench::start(config(1024, 16), 16);
    for (whole, part) in [
        ("I went to the market this morning.", "I went to the."),
        ("What is the capital of France?", "What is the capital of?"),
        ("I am so tired today", "I am so tired because"),
        ("Ich bin heute sehr müde.", "Ich bin heute sehr müde, weil ich."),
    ] {
        let (whole_p, part_p) = (ending(&mut bench, &[], whole), ending(&mut bench, &[], part));
        assert!(whole_p > 10.0 * part_p, "{whole}: {whole_p}; {part}: {part_p}");
    }
}

#[test]
fn what_was_read_ahead_is_judged_all_the_same() {
    let mut bench = Bench::start(config(1024, 16), 16);
    let before = ["Hello.", "Hello! How was your day?"];
    let said = "It was long and I would like to sleep.";
    let first = ending(&mut bench, &before, said);
    let again = ending(&mut bench, &before, said);
    assert!((first - again).abs() < 0.05, "{first} and {again}");
}

#[test]
fn a_question_that_is_complete_is_not_judged() {
    let mut bench = Bench::start(config(1024, 16), 16);
    let message = Message { role: Role::User, content: "How are you?".into() };
    bench.responder.ask(ReplyId(900), Prompt { messages: vec![message] });
    loop {
        match bench.next_event() {
            DialogueEvent::Ending { .. } => panic!("nobody asked"),
            DialogueEvent::Done { .. } => return,
            DialogueEvent::Failed { reason, .. } => panic!("{reason}"),
            _ => {}
        }
    }
}
