//! Being asked and answering, aloud.

use super::home::Home;
use super::{alone, launch, pictures, share_of_words, start};
use rehearsal::app::{AUDIBLE, App, Manner, TALK_KEY};
use rehearsal::{Desktop, say_to_wav, undisturbed};
use samantha::session::Speaker;
use std::process::Command;
use std::time::{Duration, Instant};

const QUESTION: &str = "What could I cook for dinner with rice and two eggs?";

#[test]
fn a_spoken_question_is_answered_aloud() {
    answers_aloud(&Home::with_weights());
}

#[test]
fn her_own_voice_answers_too_and_is_understood() {
    answers_aloud(&Home::with_her_own_voice());
}

fn answers_aloud(home: &Home) {
    let _alone = alone();
    let desktop = Desktop::start().unwrap();
    let question = desktop.folder().join("question.wav");
    say_to_wav(QUESTION, &question).unwrap();
    let speaker = desktop.record_speaker().unwrap();
    let mut app = start(&desktop, home);
    let mut seen = vec![];
    let exchange = app
        .ask(&desktop, &speaker, &question, Manner::Key, |state| {
            seen.push(state.to_owned());
            desktop.screenshot(&pictures().join(format!("{state}.png")))
        })
        .unwrap();

    assert!(share_of_words(QUESTION, &exchange.heard) >= 0.7, "heard: {}", exchange.heard);
    for state in ["listening", "understanding", "thinking", "speaking"] {
        assert!(seen.iter().any(|s| s == state), "never {state}: {seen:?}");
    }
    assert!(exchange.first_sound_at.is_some(), "nothing was heard at the speaker");

    // What the speaker played is what she is said to have said.
    std::thread::sleep(Duration::from_millis(500));
    let sound = speaker.finish();
    let reply = desktop.folder().join("reply.wav");
    sound.between(exchange.speech_ended_at, Instant::now()).save(&reply).unwrap();
    let read = Command::new(env!("CARGO_BIN_EXE_samantha"))
        .arg("--home")
        .arg(home.path())
        .args(["transcribe", "--model", "whisper-tiny.en"])
        .arg(&reply)
        .output()
        .unwrap();
    let read = String::from_utf8(read.stdout).unwrap();
    let (_, read) = read.trim().split_once('\t').unwrap();
    let share = share_of_words(&exchange.answered, read);
    assert!(share >= 0.5, "{share:.2} of {:?} was read back as {read:?}", exchange.answered);

    // And it is on disk before it is shown as done.
    drop(app);
    let lines = home.saved_lines();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].text, exchange.heard);
    assert_eq!((lines[1].speaker, &lines[1].text), (Speaker::Samantha, &exchange.answered));
}

#[test]
fn the_key_stops_her_and_only_what_was_heard_is_kept() {
    undisturbed(|| {
        let _alone = alone();
        let home = Home::with_weights();
        let desktop = Desktop::start().unwrap();
        let question = desktop.folder().join("question.wav");
        say_to_wav("Please tell me a long story about a dog and a cat.", &question).unwrap();
        let speaker = desktop.record_speaker().unwrap();
        let mut app = start(&desktop, &home);

        desktop.key_down(TALK_KEY).unwrap();
        desktop.play_into_microphone(&question).unwrap().wait().unwrap();
        desktop.key_up(TALK_KEY).unwrap();
        let released_at = Instant::now();
        app.wait_for("first_audio", 0, Duration::from_secs(60)).unwrap();
        speaker.wait_for_onset(released_at, AUDIBLE, Duration::from_secs(5)).expect("her voice");
        std::thread::sleep(Duration::from_millis(700));
        desktop.key_down(TALK_KEY).unwrap();
        let pressed_at = Instant::now();
        std::thread::sleep(Duration::from_millis(1500));
        desktop.key_up(TALK_KEY).unwrap();
        app.wait_for("reply_done", 0, Duration::from_secs(10)).unwrap();

        let sound = speaker.finish();
        let after = sound.between(pressed_at, pressed_at + Duration::from_millis(1400));
        let silent_after =
            after.end_of_sound(AUDIBLE).map_or(Duration::ZERO, |end| end - pressed_at);
        assert!(silent_after <= Duration::from_millis(200), "she spoke on for {silent_after:?}");

        let account = app.events.seen();
        let replied = account.iter().find(|event| event.event == "replied");
        let heard_none = account.iter().any(|event| event.event == "no_reply");
        let ended: Vec<_> = replied.and_then(|event| event.text.clone()).into_iter().collect();
        assert!(heard_none || ended.len() == 1, "{account:?}");
        drop(app);
        let kept = home.saved_lines();
        let hers: Vec<_> = kept.iter().filter(|line| line.speaker == Speaker::Samantha).collect();
        assert!(hers.iter().all(|line| line.interrupted), "{hers:?}");
        assert_eq!(hers.iter().map(|line| line.text.clone()).collect::<Vec<_>>(), ended);
    });
}

#[test]
fn another_programs_shortcut_can_make_her_listen() {
    let _alone = alone();
    let home = Home::with_weights();
    let desktop = Desktop::start().unwrap();
    let question = desktop.folder().join("question.wav");
    say_to_wav(QUESTION, &question).unwrap();
    let mut app = start(&desktop, &home);
    let talk = |what: &str| {
        let status = Command::new(env!("CARGO_BIN_EXE_samantha"))
            .arg("--home")
            .arg(home.path())
            .args(["talk", what])
            .status()
            .unwrap();
        assert!(status.success(), "samantha talk {what}");
    };
    talk("toggle");
    desktop.play_into_microphone(&question).unwrap().wait().unwrap();
    talk("toggle");
    let place = app.wait_for("said", 0, Duration::from_secs(30)).unwrap();
    let heard = app.events.seen()[place].text.clone().unwrap();
    assert!(share_of_words(QUESTION, &heard) >= 0.7, "heard: {heard}");
}

#[test]
fn the_window_is_typed_to_and_answers_without_a_microphone_or_a_voice() {
    let _alone = alone();
    let home = Home::with_weights();
    let mut desktop = Desktop::start().unwrap();
    desktop.unplug_microphone().unwrap();
    desktop.stop_speech_service();
    let mut app = App::launch(&desktop, &launch(&home)).unwrap();
    app.wait_for("dialogue_ready", 0, Duration::from_secs(60)).unwrap();
    for topic in ["microphone", "voice"] {
        app.events
            .wait_for(topic, 0, Duration::from_secs(30), |event| {
                event.event == "notice" && event.topic.as_deref() == Some(topic)
            })
            .unwrap();
    }
    desktop.focus_window("Samantha").unwrap();
    // Into the text field, at the bottom of the window in its usual size.
    desktop.xdotool(&["mousemove", "440", "690", "click", "1"]).unwrap();
    desktop.xdotool(&["type", "--delay", "20", "Good morning!"]).unwrap();
    desktop.xdotool(&["key", "Return"]).unwrap();
    let place = app.wait_for("said", 0, Duration::from_secs(10)).unwrap();
    assert_eq!(app.events.seen()[place].text.as_deref(), Some("Good morning!"));
    let place = app.wait_for("replied", place, Duration::from_secs(60)).unwrap();
    assert!(!app.events.seen()[place].text.as_deref().unwrap_or_default().is_empty());
    desktop.screenshot(&pictures().join("error.png")).unwrap();
}
