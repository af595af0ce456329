//! Stopping within a tenth of a second.

use crate::bench::{Bench, Conversation, config, long_text};
use samantha::dialogue::{Responder, Role};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A cancelled process may compute this much longer, and not be killed for it.
fn assert_stops(bench: &Bench, what: &str) {
    let process = bench.process_id.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(100));
    let then = bench.cpu_ms();
    std::thread::sleep(Duration::from_millis(200));
    let now = bench.cpu_ms();
    assert!(now <= then + 10, "{what}: it computed {} ms more", now - then);
    assert_eq!(bench.process_id.load(Ordering::SeqCst), process, "{what}: it was not killed");
    assert!(bench.events.try_recv().is_err(), "{what}: nothing is said of a cancelled turn");
}

#[test]
fn reading_a_long_prompt_stops_at_once() {
    let mut bench = Bench::start(config(4096, 16), 16);
    let cpu_before = bench.cpu_ms();
    let turn = bench.ask(&Conversation::new().with(Role::User, &long_text(3000)).0);
    while bench.cpu_ms() < cpu_before + 200 {
        std::thread::sleep(Duration::from_millis(5));
    }
    bench.responder.cancel(turn);
    assert_stops(&bench, "reading");
    let asked = Instant::now();
    let answer = bench.answer(&Conversation::new().with(Role::User, "Hello?").0);
    assert!(answer.stats.reply_tokens > 0, "{:?} later: {answer:?}", asked.elapsed());
}

#[test]
fn writing_a_reply_stops_at_once() {
    let mut bench = Bench::start(config(4096, 3000), 3000);
    let story = Conversation::new().with(Role::User, "Tell me a very long story.");
    let turn = bench.ask(&story.0);
    bench.first_text(turn);
    bench.responder.cancel(turn);
    while bench.events.try_recv().is_ok() {}
    assert_stops(&bench, "writing");
    let answer = bench.answer(&story.with(Role::Assistant, "Once.").with(Role::User, "Bye!").0);
    assert!(answer.stats.cached_tokens > 30, "the cache survives: {answer:?}");
}

#[test]
fn a_new_question_does_not_wait_for_the_old_one() {
    let mut bench = Bench::start(config(4096, 3000), 3000);
    let first = bench.ask(&Conversation::new().with(Role::User, "Tell me a long story.").0);
    bench.first_text(first);
    let second = bench.ask(&Conversation::new().with(Role::User, "How are you?").0);
    bench.first_text(second);
    bench.responder.cancel(second);
}

#[cfg(unix)]
#[test]
fn a_process_that_does_not_stop_is_killed() {
    let mut bench = Bench::start(config(2048, 1000), 1000);
    let process = bench.process_id.load(Ordering::SeqCst);
    let turn = bench.ask(&Conversation::new().with(Role::User, "Tell me a long story.").0);
    bench.first_text(turn);
    crate::recovery::signal("-STOP", process);
    let cancelled = Instant::now();
    bench.responder.cancel(turn);
    let gone = std::path::PathBuf::from(format!("/proc/{process}"));
    while gone.exists() {
        assert!(cancelled.elapsed() < Duration::from_secs(5), "it still runs");
        std::thread::sleep(Duration::from_millis(1));
    }
    // It is given 80 ms; the rest is leeway for a busy machine.
    assert!(cancelled.elapsed() < Duration::from_millis(300), "{:?}", cancelled.elapsed());
    while bench.events.try_recv().is_ok() {}
    let turn = bench.ask(&Conversation::new().with(Role::User, "Are you there?").0);
    bench.first_text(turn);
}
