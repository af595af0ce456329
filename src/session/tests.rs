//! Whole conversations with fake engines in virtual time: half a minute of
//! talk passes in microseconds, and always the same way.

use super::core::Core;
use super::*;
use crate::audio::cues::Cue;
use crate::dialogue::ReplyId;
use crate::transcribe::Transcript;
use std::sync::{Arc, Mutex};

mod hands_free;
mod remembering;
mod world;

use Speaker::{Person, Samantha};
use world::*;

#[test]
fn a_question_is_answered_aloud_sentence_by_sentence() {
    let mut world = World::fresh(&["How are you?"], &["I am well. And you?"]);
    world.hold(1000, 3000);
    world.run(ms(20_000));
    assert_eq!(
        world.transcript(),
        owned(&[(Person, "How are you?", false), (Samantha, "I am well. And you?", false)])
    );
    let speech_end = world.reached(1, Milestone::SpeechEnd).expect("reached");
    let first_audio = world.reached(1, Milestone::FirstAudio).expect("reached");
    // Tail 60, delivery 40, recognition 200, four words 200, voice 80: the
    // voice begins before the reply is complete.
    assert_eq!(first_audio - speech_end, ms(580));
    assert!(world.reached(1, Milestone::FirstSentence) < Some(speech_end + ms(600)));
    assert!(world.calls().contains(&Call::Speak(1, 0, "I am well.".into())));
}

#[test]
fn an_utterance_is_not_a_quotation() {
    let mut world = World::fresh(&["\"Hello, Samantha.\"", "He said \"no\""], &["Hi.", "Oh."]);
    world.hold(0, 1000);
    world.hold(9000, 10_000);
    world.run(ms(20_000));
    let said: Vec<_> =
        world.transcript().into_iter().filter(|l| l.0 == Person).map(|l| l.1).collect();
    assert_eq!(said, ["Hello, Samantha.", "He said \"no\""]);
}

#[test]
fn what_was_heard_is_what_she_remembers() {
    let mut world = World::fresh(
        &["Tell me.", "Stop."],
        &["One thing. Another thing that takes long. A third.", "Yes."],
    );
    world.hold(0, 1000);
    // "One thing." takes 600 ms to say; press in the middle of the second.
    world.hold(3200, 4200);
    world.run(ms(20_000));
    assert_eq!(
        world.transcript(),
        owned(&[
            (Person, "Tell me.", false),
            (Samantha, "One thing. Another thing —", true),
            (Person, "Stop.", false),
            (Samantha, "Yes.", false),
        ])
    );
    let heard = "One thing. Another thing —".into();
    let asked = Call::Ask(2, vec!["Tell me.".into(), heard, "Stop.".into()]);
    assert!(world.calls().contains(&asked), "{:?}", world.calls());
}

#[test]
fn what_ends_her_reply_is_kept_behind_the_words_that_were_heard() {
    let interruptions = [Command::Say("Stop.".into()), Command::NewConversation, Command::Shutdown];
    for interruption in interruptions {
        let mut world = World::fresh(&["Tell me."], &["A thing that takes very long.", "Yes."]);
        world.hold(0, 1000);
        world.run(ms(3000));
        world.command(interruption.clone());
        // Behind it, before the voice has answered.
        world.command(Command::Say("Go on.".into()));
        let ended_at = world.now;
        while world.transcript().len() < 2 {
            assert!(world.now < ended_at + ms(100), "{interruption:?}: {:?}", world.transcript());
            world.run(world.now + ms(5));
        }
        world.run(ms(20_000));
        let heard = (Samantha, "A thing that takes —".to_owned(), true);
        assert_eq!(world.transcript()[1], heard, "{interruption:?}");
        let behind = world.events().into_iter().skip_while(|event| match event {
            Event::Replied(line) => line.text != heard.1,
            _ => true,
        });
        let next = behind.skip(1).find_map(|event| match event {
            Event::Said(line) => Some(line.text),
            Event::Conversation(_) => Some("a new one".into()),
            _ => None,
        });
        let expected = match interruption {
            Command::Say(_) => Some("Stop.".to_owned()),
            Command::NewConversation => Some("a new one".to_owned()),
            _ => None,
        };
        assert_eq!(next, expected);
    }
}

#[test]
fn a_voice_that_does_not_say_how_far_it_came_keeps_nobody_waiting() {
    let mut world = World::fresh(&["Tell me."], &["A thing that takes very long.", "Yes."]);
    world.hold(0, 1000);
    world.run(ms(3000));
    world.saying.clear();
    world.command(Command::Say("Stop.".into()));
    world.run(ms(3500));
    assert_eq!(world.transcript(), owned(&[(Person, "Tell me.", false), (Person, "Stop.", false)]));
}

#[test]
fn a_cue_tells_when_listening_begins_and_ends() {
    let mut world = World::fresh(&["Tell me."], &["A thing.", "Yes."]);
    world.hold(0, 1000);
    world.run(ms(20_000));
    let calls = world.calls();
    let cues: Vec<_> = calls.iter().filter(|call| matches!(call, Call::Cue(_))).cloned().collect();
    assert_eq!(cues, [Call::Cue(Cue::Begin), Call::Cue(Cue::End)]);
    let place = |wanted| calls.iter().position(|call| *call == wanted);
    assert!(place(Call::StartCapture(1)) < place(Call::Cue(Cue::Begin)));
    assert!(place(Call::FinishCapture(1)) < place(Call::Cue(Cue::End)));
}

#[test]
fn a_cancelled_turn_never_speaks() {
    let mut world = World::fresh(&["Tell me."], &["A long story. With many parts. And an end."]);
    world.hold(0, 1000);
    world.run(ms(1320)); // asked, nothing has come yet
    world.command(Command::Cancel);
    world.run(ms(20_000));
    assert!(world.calls().contains(&Call::CancelReply(1)));
    assert!(!world.calls().iter().any(|call| matches!(call, Call::Speak(..))));
    assert!(world.events().contains(&Event::NoReply { turn: TurnId(1) }));
}

#[test]
fn silence_is_told_and_not_answered() {
    let mut world = World::fresh(&[""], &[]);
    world.hold(0, 1000);
    world.run(ms(5000));
    assert!(world.events().contains(&Event::NothingHeard { turn: TurnId(1) }));
    assert!(!world.calls().iter().any(|call| matches!(call, Call::Ask(..))));
}

#[test]
fn without_a_voice_the_reply_is_shown() {
    let mut world = World::fresh(&["Hello."], &["Good morning. Did you sleep?"]);
    world.give(Message::Voice(0, VoiceEvent::Unavailable { reason: "Install one.".into() }));
    world.hold(0, 1000);
    world.run(ms(5000));
    assert_eq!(
        world.transcript(),
        owned(&[(Person, "Hello.", false), (Samantha, "Good morning. Did you sleep?", false)])
    );
    assert!(!world.calls().iter().any(|call| matches!(call, Call::Speak(..))));
}

#[test]
fn what_is_meant_for_the_eye_is_not_said() {
    let mut world = World::fresh(
        &["Hello."],
        &["*smiles* Samantha: **Hello** there! 😊 How are you? User: I am fine. Bye."],
    );
    world.hold(0, 1000);
    world.run(ms(20_000));
    assert_eq!(world.transcript()[1..], owned(&[(Samantha, "Hello there! How are you?", false)]));
    assert!(world.calls().contains(&Call::CancelReply(1)));
}

#[test]
fn the_prompt_only_grows_at_its_end() {
    let mut world = World::fresh(&["A?", "B?", "C?"], &["One.", "Two.", "Three."]);
    for turn in 0..3 {
        world.hold(turn * 10_000, turn * 10_000 + 1000);
        world.run(ms(turn * 10_000 + 9000));
    }
    let prompts: Vec<Vec<String>> = world
        .calls()
        .into_iter()
        .filter_map(|call| match call {
            Call::Ask(_, texts) | Call::Prepare(texts) => Some(texts),
            _ => None,
        })
        .collect();
    assert_eq!(prompts.last().expect("prepared"), &["A?", "One.", "B?", "Two.", "C?", "Three."]);
    for pair in prompts.windows(2) {
        assert!(pair[1].starts_with(&pair[0]), "{pair:?}");
    }
}

#[test]
fn a_failed_reply_leaves_her_ready_for_the_next() {
    let mut world = World::fresh(&["Hello.", "Again."], &["", "Here I am."]);
    world.hold(0, 1000);
    world.run(ms(1310));
    let reason = "The model stopped. Say that again.".to_owned();
    world.give(Message::Dialogue(0, DialogueEvent::Failed { id: ReplyId(1), reason }));
    world.hold(5000, 6000);
    world.run(ms(20_000));
    assert!(world.events().contains(&Event::NoReply { turn: TurnId(1) }));
    assert_eq!(world.transcript().last(), owned(&[(Samantha, "Here I am.", false)]).last());
}

#[test]
fn a_dead_microphone_is_named() {
    let mut world = World::fresh(&[""], &[]);
    world.command(Command::TalkPressed(TalkSource::Hotkey));
    world.give(Message::Microphone(MicrophoneEvent::Audio {
        turn: TurnId(1),
        samples: vec![0.0; 1600],
    }));
    world.run(ms(1000));
    world.command(Command::TalkReleased(TalkSource::Hotkey));
    // The engine's own delivery is not silent: replace it by silence.
    world.waiting.retain(|_, m| !matches!(m, Message::Microphone(MicrophoneEvent::Audio { .. })));
    world.run(ms(1070));
    world.waiting.retain(|_, m| !matches!(m, Message::Microphone(MicrophoneEvent::Audio { .. })));
    world.run(ms(5000));
    let named = world
        .events()
        .into_iter()
        .any(|e| matches!(e, Event::Notice(n) if n.topic == Topic::Microphone));
    assert!(named);
}

#[test]
fn an_engine_that_was_replaced_has_nothing_to_say() {
    let mut world = World::fresh(&["Hello."], &["Never to be heard."]);
    world.hold(0, 1000);
    world.run(ms(1320));
    let calls = world.calls.clone();
    world.give(Message::ReplaceResponder(
        Origin::default(),
        Box::new(move |_| Box::new(Fake(calls))),
    ));
    world.run(ms(10_000));
    assert!(!world.calls().iter().any(|call| matches!(call, Call::Speak(..))));
}

#[test]
fn the_conversation_goes_on_after_a_restart() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let paths = crate::paths::Paths::new(Some(dir.path())).expect("paths");
    let open = || Remembering::open_with(&paths, without_keychain(&paths), None);
    let mut world = World::new(open(), &["Hello."], &["Hi."]);
    world.hold(0, 1000);
    world.run(ms(9000));
    drop(world);
    let mut world = World::new(open(), &["More?"], &["Yes."]);
    assert!(world.calls().contains(&Call::Prepare(vec!["Hello.".into(), "Hi.".into()])));
    world.hold(0, 1000);
    world.run(ms(9000));
    let asked = Call::Ask(1, vec!["Hello.".into(), "Hi.".into(), "More?".into()]);
    assert!(world.calls().contains(&asked), "{:?}", world.calls());
    world.command(Command::NewConversation);
    assert_eq!(world.calls().last(), Some(&Call::Prepare(Vec::new())));
}

#[test]
fn of_a_long_conversation_only_the_end_is_read_again() {
    let mut remembering = Remembering::unkept();
    for turn in 1..=20 {
        for speaker in [Person, Samantha] {
            let line = Line {
                turn: TurnId(turn),
                speaker,
                text: format!("Line {turn}."),
                interrupted: false,
                off_the_record: false,
                said_at: jiff::Timestamp::UNIX_EPOCH,
            };
            remembering.save(&line).expect("saved");
        }
    }
    let world = World::new(remembering, &[], &[]);
    let Some(Event::Conversation(shown)) = world.events().into_iter().next() else {
        panic!("no conversation was told");
    };
    assert_eq!(shown.len(), 40);
    let Call::Prepare(read) = &world.calls()[0] else { panic!("nothing was read") };
    assert_eq!(read.len(), 10);
    assert_eq!(read.last().map(String::as_str), Some("Line 20."));
}

#[test]
fn a_real_session_starts_and_ends_in_order() {
    let calls = Calls::default();
    let [c1, c2, c3, c4, c5] = std::array::from_fn(|_| calls.clone());
    let (tell, told) = crossbeam_channel::unbounded();
    let session = Session::start(
        Config {
            talk_mode: TalkMode::Hold,
            voice_enabled: false,
            persona: Persona::samantha(),
            person: String::new(),
            language: "en".into(),
            listening: Listening::default(),
            origin: Origin::default(),
            remembering: Box::new(Remembering::unkept),
            resume: false,
        },
        Engines {
            microphone: Box::new(move |_| Box::new(Fake(c1))),
            transcriber: Box::new(move |_| Box::new(Fake(c2))),
            responder: Box::new(move |outbox| {
                outbox(DialogueEvent::Ready { model: "a fake".into() });
                Box::new(Fake(c3))
            }),
            voice: Box::new(move |_| Box::new(Fake(c4))),
            cues: Box::new(move || Box::new(Fake(c5))),
        },
        move |event| {
            let _ = tell.send(event);
        },
    )
    .expect("a thread");
    assert!(told.iter().any(|event| event == Event::DialogueReady("a fake".into())));
    session.commands().send(Command::Say("Hello.".into()));
    drop(session);
    let events: Vec<Event> = told.iter().collect();
    assert!(events.iter().any(|e| matches!(e, Event::Said(line) if line.text == "Hello.")));
    assert!(calls.lock().expect("done").contains(&Call::CancelReply(1)));
}

#[test]
fn how_loud_she_is_is_told_as_her_voice_or_the_loudspeaker_tells() {
    let mut world = World::fresh(&["Hello."], &["Good morning."]);
    world.give(Message::Voice(0, VoiceEvent::Level(0.2)));
    world.give(Message::Voice(7, VoiceEvent::Level(0.9)));
    world.give(Message::Microphone(MicrophoneEvent::Loudspeaker(0.1)));
    let levels: Vec<f32> = world
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::VoiceLevel(level) => Some(level),
            _ => None,
        })
        .collect();
    assert_eq!(levels, [0.2, 0.1], "another voice is not the one that is heard");
}

#[test]
fn another_voice_takes_over_and_speaks_clause_by_clause() {
    let answers =
        ["Never to be heard to its end, since it is long.", "I am so very sorry, and I listen."];
    let mut world = World::fresh(&["Hello.", "My father died."], &answers);
    world.hold(0, 1000);
    world.run(ms(2600));
    let calls = world.calls.clone();
    world.give(Message::ReplaceVoice(Box::new(move |_| Box::new(Other(calls)))));
    world.run(ms(9000));
    let last = world.transcript().pop().expect("a reply");
    assert_eq!(last, (Samantha, answers[0].into(), false), "what is being said is said to its end");
    world.give(Message::Voice(0, VoiceEvent::Unavailable { reason: "An old complaint.".into() }));
    world.give(Message::Voice(1, VoiceEvent::Ready { voices: Vec::new() }));
    world.hold(9500, 10_500);
    world.run(ms(15_000));
    let said: Vec<_> = world
        .calls()
        .into_iter()
        .filter_map(|call| match call {
            Call::SpeakOther(2, index, text, gently) => Some((index, text, gently)),
            _ => None,
        })
        .collect();
    assert_eq!(said, [(0, "I am so very sorry,".into(), true), (1, "and I listen.".into(), true)]);
}
