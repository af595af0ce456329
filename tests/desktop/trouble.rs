//! What goes wrong in life: devices vanish, processes die.

use super::home::Home;
use super::{alone, pictures, start};
use rehearsal::app::{App, Manner};
use rehearsal::{Desktop, say_to_wav, slowness};
use std::process::Command;
use std::time::{Duration, Instant};

fn question(desktop: &Desktop) -> std::path::PathBuf {
    let question = desktop.folder().join("question.wav");
    say_to_wav("Good evening. Did you hear the rain this morning?", &question).unwrap();
    question
}

/// The language model's process.
fn language_model(app: &App) -> u32 {
    let output = Command::new("pgrep")
        .args(["-P", &app.process_id().to_string(), "-f", "samantha-llm"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().expect("one language model process")
}

fn kill(process_id: u32) {
    assert!(Command::new("kill").args(["-9", &process_id.to_string()]).status().unwrap().success());
}

#[test]
fn a_microphone_that_is_unplugged_is_missed_within_two_seconds_and_taken_back() {
    let _alone = alone();
    let home = Home::with_weights();
    let mut desktop = Desktop::start().unwrap();
    let question = question(&desktop);
    let speaker = desktop.record_speaker().unwrap();
    let mut app = start(&desktop, &home);
    let before = app.events.seen().len();
    let unplugged = Instant::now();
    desktop.unplug_microphone().unwrap();
    app.events
        .wait_for("a notice", before, Duration::from_secs(10), |event| {
            event.event == "notice" && event.topic.as_deref() == Some("microphone")
        })
        .unwrap();
    let noticed = unplugged.elapsed();
    assert!(noticed <= Duration::from_secs(2), "noticed after {noticed:?}");
    desktop.screenshot(&pictures().join("unplugged.png")).unwrap();

    let before = app.events.seen().len();
    desktop.plug_microphone().unwrap();
    app.wait_for("microphone_ready", before, Duration::from_secs(15)).unwrap();
    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |_| Ok(())).unwrap();
    assert!(exchange.heard.to_lowercase().contains("rain"), "heard: {}", exchange.heard);
}

#[test]
fn a_language_model_that_dies_in_mid_reply_is_replaced() {
    let _alone = alone();
    let home = Home::with_weights();
    let desktop = Desktop::start().unwrap();
    let question = question(&desktop);
    let speaker = desktop.record_speaker().unwrap();
    let mut app = start(&desktop, &home);
    let first = language_model(&app);
    let mut killed = false;
    // Killed while she thinks, before a word came.
    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |state| {
        if state == "thinking" && !killed {
            kill(first);
            killed = true;
        }
        Ok(())
    });
    assert!(killed, "she never thought");
    // Answered after all, or told in words.
    match exchange {
        Ok(exchange) => assert!(!exchange.answered.is_empty()),
        Err(error) => {
            let told =
                app.events.seen().iter().any(|event| {
                    event.event == "notice" && event.topic.as_deref() == Some("dialogue")
                });
            assert!(told, "neither answered nor told: {error:#}");
        }
    }
    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |_| Ok(())).unwrap();
    assert!(!exchange.answered.is_empty());
    assert_ne!(language_model(&app), first);
}

#[test]
fn what_was_shown_as_done_survives_a_kill() {
    let _alone = alone();
    let home = Home::with_weights();
    let desktop = Desktop::start().unwrap();
    let question = question(&desktop);
    let speaker = desktop.record_speaker().unwrap();
    let mut app = start(&desktop, &home);
    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |_| Ok(())).unwrap();
    kill(app.process_id());
    drop(app);
    let lines = home.saved_lines();
    let texts: Vec<_> = lines.iter().map(|line| line.text.clone()).collect();
    assert_eq!(texts, [exchange.heard, exchange.answered]);
}

#[test]
fn she_is_still_while_nothing_happens() {
    let _alone = alone();
    let home = Home::with_weights();
    let desktop = Desktop::start().unwrap();
    let app = start(&desktop, &home);
    std::thread::sleep(Duration::from_secs(3));
    let before = cpu_ticks(app.process_id()) + cpu_ticks(language_model(&app));
    let span = Duration::from_secs(20);
    std::thread::sleep(span);
    let ticks = cpu_ticks(app.process_id()) + cpu_ticks(language_model(&app)) - before;
    // Linux counts a hundred ticks a second.
    let percent = ticks as f64 / span.as_secs_f64();
    assert!(percent <= slowness(), "{percent:.2}% of a core while idle");
}

/// Processor time of a process, in hundredths of a second.
fn cpu_ticks(process_id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process_id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}
