//! Talking without a key, in a room where she hears her own voice too.

use super::home::Home;
use super::{alone, launch, pictures, share_of_words, start};
use rehearsal::app::{AUDIBLE, Manner, TALK_KEY};
use rehearsal::flow::Scene;
use rehearsal::{Desktop, Speech, say_to_wav};
use std::process::Command;
use std::time::{Duration, Instant};

const QUESTION: &str = "What could I cook for dinner with rice and two eggs?";
const HANDS_FREE: &str = "[listening]\nhands_free = true\nrest_after_s = 0\n";

#[test]
fn a_question_without_a_key_is_answered_aloud() {
    let _alone = alone();
    let home = Home::with_settings(HANDS_FREE);
    let desktop = Desktop::start().unwrap();
    let question = desktop.folder().join("question.wav");
    say_to_wav(QUESTION, &question).unwrap();
    let speaker = desktop.record_speaker().unwrap();
    let mut app = start(&desktop, &home);
    let mut seen = vec![];
    let exchange = app
        .ask(&desktop, &speaker, &question, Manner::HandsFree, |state| {
            seen.push(state.to_owned());
            desktop.screenshot(&pictures().join(format!("hands-free-{state}.png")))
        })
        .unwrap();
    assert!(share_of_words(QUESTION, &exchange.heard) >= 0.7, "heard: {}", exchange.heard);
    assert!(seen.iter().any(|state| state == "speaking"), "never speaking: {seen:?}");
    assert!(exchange.first_sound_at.is_some(), "nothing was heard at the speaker");
    let ended_ms = exchange.stage_ms("turn_end").expect("the end of the turn is told");
    assert!(ended_ms < 5000.0, "the turn ended {ended_ms:.0} ms after the speech");
}

#[test]
fn she_does_not_answer_herself_and_lets_herself_be_interrupted() {
    let _alone = alone();
    let home = Home::with_settings(&format!(
        "{HANDS_FREE}[voice]\nengine = \"own\"\n[dialogue]\nmax_reply_tokens = 300\n"
    ));
    let desktop = Desktop::start().unwrap();
    let mut scene = Scene::open(&desktop, &launch(&home)).unwrap();

    let speaking = scene.have_her_speak().unwrap();
    let ending = scene.wait_for_ending(speaking, speaking.since + Duration::from_secs(30)).unwrap();
    let own = scene.later_turns(speaking).unwrap();
    assert!(own.is_empty(), "she heard herself: {own:?}");
    assert!(!ending.is_some_and(|ending| ending.interrupted), "she stopped for herself");

    // A reply may be over too soon, and one interruption in twenty is noticed late or
    // not at all in such a room (docs/measurements.md): who is not heard says it again.
    let interrupted = (0..3).find_map(|_| {
        let speaking = scene.have_her_speak().unwrap();
        let spoken = speaking.since.elapsed();
        std::thread::sleep(Duration::from_secs(3).saturating_sub(spoken));
        let words = "Wait, I have a question about the weather.";
        let (began_at, length) = scene.say(Speech::Flite("rms"), words).unwrap();
        let until = began_at + length + Duration::from_secs(4);
        let ending = scene.wait_for_ending(speaking, until).unwrap()?;
        let last_sound = scene.speaker.between(began_at, ending.at).end_of_sound(AUDIBLE);
        let talked_on = last_sound.map_or(Duration::ZERO, |at| at - began_at);
        (ending.interrupted && talked_on <= Duration::from_secs(2)).then_some(speaking)
    });
    let Some(speaking) = interrupted else {
        panic!("she went on: {:#?}", scene.app.events.seen());
    };

    let said = scene.app.events.wait_for("what was said", 0, Duration::from_secs(20), |event| {
        event.event == "said" && event.turn.is_some_and(|turn| turn > speaking.turn)
    });
    let heard = said.unwrap().1.text.unwrap_or_default();
    assert!(share_of_words("question about the weather", &heard) >= 0.5, "heard: {heard}");
}

/// What programs record; the sound server itself records what is fed into the
/// virtual microphone.
fn recordings(desktop: &Desktop) -> Vec<String> {
    let all = desktop.pactl(&["list", "short", "source-outputs"]).unwrap();
    let programs = all.lines().filter(|line| line.contains("protocol-native"));
    programs.map(str::to_owned).collect()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within 5 s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn muted_she_captures_nothing() {
    let _alone = alone();
    let home = Home::with_settings(HANDS_FREE);
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
    wait_until("the microphone is open", || !recordings(&desktop).is_empty());
    talk("mute");
    wait_until("the microphone is closed", || recordings(&desktop).is_empty());
    desktop.screenshot(&pictures().join("muted.png")).unwrap();
    let before = app.events.seen().len();
    desktop.play_into_microphone(&question).unwrap().wait().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    app.events.read_new().unwrap();
    let heard = app.events.seen()[before..].iter().find(|event| event.event == "said");
    assert!(heard.is_none(), "{heard:?}");
    assert!(recordings(&desktop).is_empty());

    let before = app.events.seen().len();
    talk("unmute");
    wait_until("the microphone is open again", || !recordings(&desktop).is_empty());
    app.wait_for("microphone_ready", before, Duration::from_secs(10)).unwrap();
    desktop.play_into_microphone(&question).unwrap().wait().unwrap();
    let place = app.wait_for("said", before, Duration::from_secs(30)).unwrap();
    let heard = app.events.seen()[place].text.clone().unwrap_or_default();
    assert!(share_of_words(QUESTION, &heard) >= 0.7, "heard: {heard}");
}

#[test]
fn resting_closes_the_microphone_and_the_key_wakes_her() {
    let _alone = alone();
    let home = Home::with_settings("[listening]\nhands_free = true\nrest_after_s = 3\n");
    let desktop = Desktop::start().unwrap();
    let question = desktop.folder().join("question.wav");
    say_to_wav(QUESTION, &question).unwrap();
    let mut app = start(&desktop, &home);
    let wait_for = |app: &mut rehearsal::app::App, attention: &str, from: usize| {
        let (place, _) = app
            .events
            .wait_for(attention, from, Duration::from_secs(20), |event| {
                event.attention.as_deref() == Some(attention)
            })
            .unwrap();
        place
    };
    let resting = wait_for(&mut app, "resting", 0);
    wait_until("the microphone is closed", || recordings(&desktop).is_empty());
    desktop.screenshot(&pictures().join("resting.png")).unwrap();

    let speaker = desktop.record_speaker().unwrap();
    desktop.key_down(TALK_KEY).unwrap();
    desktop.key_up(TALK_KEY).unwrap();
    wait_for(&mut app, "open", resting);
    app.wait_for("microphone_ready", resting, Duration::from_secs(10)).unwrap();
    let exchange = app.ask(&desktop, &speaker, &question, Manner::HandsFree, |_| Ok(())).unwrap();
    assert!(share_of_words(QUESTION, &exchange.heard) >= 0.7, "heard: {}", exchange.heard);
}
