//! Conversations without a key: who just talks, and what else is heard.

use super::*;
use crate::audio::Speech;

impl World {
    fn hands_free(said: &[&'static str], answers: &[&'static str]) -> Self {
        let mut world = Self::fresh(said, answers);
        world.listen(Listening { hands_free: true, ..Listening::default() });
        world
    }

    fn listen(&mut self, settings: Listening) {
        self.command(Command::SetListening(settings));
    }

    fn speech(&mut self, speech: Speech) {
        self.give(Message::Microphone(MicrophoneEvent::Speech(speech)));
    }

    fn partly(&mut self, turn: u64, text: &str, settled: bool) {
        let partial =
            TranscriberEvent::Partial { turn: TurnId(turn), text: text.to_owned(), settled };
        self.give(Message::Transcriber(0, partial));
    }

    /// Somebody says this from one moment to the other, and pauses: noticed
    /// after 200 ms, understood so far after 600, and whole 400 after the end.
    fn says(&mut self, turn: u64, from_ms: u64, to_ms: u64, text: &str) {
        self.run(ms(from_ms + 200));
        self.speech(Speech::Onset { ago: ms(200) });
        if to_ms - from_ms >= 600 {
            self.run(ms(from_ms + 450));
            self.speech(Speech::Sustained);
            self.run(ms(from_ms + 600));
            let begun = text.split(' ').next().unwrap_or_default();
            self.partly(turn, begun, false);
        }
        self.run(ms(to_ms + 200));
        self.speech(Speech::Paused { ago: ms(200), fading_db: None });
        self.run(ms(to_ms + 400));
        self.partly(turn, text, true);
    }

    fn asked(&self) -> Vec<Vec<String>> {
        let asked = self.calls().into_iter();
        asked
            .filter_map(|call| if let Call::Ask(_, prompt) = call { Some(prompt) } else { None })
            .collect()
    }

    fn count(&self, wanted: &Call) -> usize {
        self.calls().iter().filter(|call| *call == wanted).count()
    }
}

#[test]
fn who_just_talks_is_answered_and_the_answer_was_begun_before_they_were_sure_to_have_finished() {
    let mut world = World::hands_free(&["How are you?"], &["I am well."]);
    world.says(1, 1000, 2000, "How are you?");
    world.run(ms(20_000));
    assert_eq!(
        world.transcript(),
        owned(&[(Person, "How are you?", false), (Samantha, "I am well.", false)])
    );
    assert_eq!(world.asked(), [["How are you?".to_owned()]], "asked once");
    let speech_end = world.reached(1, Milestone::SpeechEnd).expect("reached");
    assert_eq!(speech_end, ms(2000));
    // The turn ends, its sound is delivered, and it is recognised once more.
    let turn_end = world.reached(1, Milestone::TurnEnd).expect("reached");
    let audio = world.reached(1, Milestone::FirstAudio).expect("reached");
    assert!(turn_end - speech_end <= ms(600), "{:?}", turn_end - speech_end);
    assert_eq!(audio - turn_end, ms(40 + 200 + 80), "the words were there already");
}

#[test]
fn the_language_model_decides_how_long_a_pause_may_be() {
    let waited = |ending: Option<f32>| {
        let mut world = World::hands_free(&["It was fine."], &["I see."]);
        world.ending = ending;
        world.says(1, 1000, 2000, "It was fine.");
        world.run(ms(20_000));
        world.reached(1, Milestone::TurnEnd).expect("reached") - ms(2000)
    };
    let (whole, unasked, open) = (waited(Some(0.8)), waited(None), waited(Some(0.001)));
    assert!(whole <= ms(600), "{whole:?} after what it takes for all");
    assert!(open >= ms(1400), "{open:?} after what it expects to go on");
    assert!(whole <= unasked && unasked < open, "{unasked:?} without its judgement");
}

#[test]
fn it_is_asked_also_where_the_words_look_unfinished_but_not_where_they_ask_for_time() {
    let waited = |text: &'static str, ending| {
        let mut world = World::hands_free(&[text], &["I see."]);
        world.ending = ending;
        world.says(1, 1000, 2000, text);
        world.run(ms(10_000));
        (world.asked().len(), world.reached(1, Milestone::TurnEnd).map(|at| at - ms(2000)))
    };
    let (asked, unasked_wait) = waited("And then we went to the", None);
    assert_eq!(asked, 1);
    let (_, whole_wait) = waited("And then we went to the", Some(0.8));
    assert!(whole_wait < unasked_wait, "{whole_wait:?}, {unasked_wait:?} without its judgement");
    assert_eq!(waited("Let me think.", Some(0.8)), (0, None), "she waits for them");
}

#[test]
fn nobody_is_slow_by_their_pauses() {
    let waited = |pause_ms: u64| {
        let mut world = World::hands_free(&["Well, we could go now."], &["Yes."]);
        world.says(1, 1000, 2000, "Well, we");
        world.says(1, 2000 + pause_ms, 3000 + pause_ms, "Well, we could go now.");
        world.run(ms(20_000));
        world.reached(1, Milestone::TurnEnd).expect("reached") - ms(3000 + pause_ms)
    };
    let (after_a_breath, after_a_pause) = (waited(300), waited(1500));
    assert!(after_a_pause < after_a_breath.mul_f32(1.2), "{after_a_pause:?}, {after_a_breath:?}");
}

#[test]
fn an_answer_that_was_whole_before_they_were_sure_to_have_finished_leaves_her_at_rest() {
    let mut world = World::hands_free(&["It was fine."], &["I see."]);
    world.command(Command::SetVoiceEnabled(false));
    world.ending = Some(0.001);
    world.says(1, 1000, 2000, "It was fine.");
    world.run(ms(20_000));
    assert_eq!(world.transcript().len(), 2, "{:?}", world.transcript());
    assert_eq!(world.core_presence(), Presence::Idle);
}

#[test]
fn whoever_holds_the_key_is_not_judged() {
    let mut world = World::fresh(&["It was fine."], &["I see."]);
    world.run(ms(1000));
    world.command(Command::TalkPressed(TalkSource::Hotkey));
    world.run(ms(2000));
    world.partly(1, "It was fine.", true);
    world.command(Command::TalkReleased(TalkSource::Hotkey));
    world.run(ms(20_000));
    assert_eq!(world.asked().len(), 1, "it was asked in advance, and once");
    assert!(!world.calls().iter().any(|call| matches!(call, Call::Judge(_))));
}

#[test]
fn what_was_begun_is_thrown_away_without_a_trace_when_they_go_on() {
    let mut world = World::hands_free(&["I like it. But not today."], &["Why?", "Good."]);
    world.says(1, 1000, 2000, "I like it.");
    assert_eq!(world.asked().len(), 1);
    world.says(1, 2400, 4000, "I like it. But not today.");
    world.run(ms(20_000));
    assert_eq!(
        world.transcript(),
        owned(&[(Person, "I like it. But not today.", false), (Samantha, "Why?", false)])
            .into_iter()
            .map(|(who, text, cut)| if who == Samantha {
                (who, "Good.".into(), cut)
            } else {
                (who, text, cut)
            })
            .collect::<Vec<_>>()
    );
    assert!(world.calls().contains(&Call::CancelReply(1)));
    let told = world.events().iter().any(|event| format!("{event:?}").contains("Why?"));
    assert!(!told, "a draft was told");
}

#[test]
fn a_noise_is_nobodys_turn() {
    let mut world = World::hands_free(&[], &[]);
    world.run(ms(1000));
    world.speech(Speech::Onset { ago: ms(200) });
    world.run(ms(1800));
    world.speech(Speech::Paused { ago: ms(200), fading_db: None });
    world.speech(Speech::Judged { finished: 0.9 });
    world.partly(1, "", true);
    world.run(ms(20_000));
    assert_eq!(world.transcript(), []);
    let shown = world.events().iter().any(|event| {
        matches!(event, Event::Presence { .. } | Event::NothingHeard { .. } | Event::Partial { .. })
    });
    assert!(!shown, "{:?}", world.events());
    assert_eq!(world.count(&Call::ForgetTranscript(1)), 1);
}

/// Up to the middle of her answer.
fn answering() -> World {
    let answer = "One thing. Another thing that takes rather long to say.";
    answering_with(answer, "No, wait. Another.", 3200)
}

/// She answers this, and has begun by then; what the person says next is to be
/// understood as that.
fn answering_with(answer: &'static str, said_next: &'static str, until_ms: u64) -> World {
    let mut world = World::hands_free(&["Tell me.", said_next], &[answer, "Well then."]);
    world.says(1, 0, 1000, "Tell me.");
    world.run(ms(until_ms));
    assert!(matches!(world.core_presence(), Presence::Speaking));
    world
}

impl World {
    fn core_presence(&self) -> Presence {
        let shown = self.events().into_iter().rev().find_map(|event| match event {
            Event::Presence { presence, .. } => Some(presence),
            _ => None,
        });
        shown.unwrap_or_default()
    }
}

#[test]
fn a_listeners_mm_hmm_lets_her_go_on_and_is_no_answer() {
    let mut world = answering();
    world.says(2, 3300, 4000, "Mm-hmm.");
    world.run(ms(30_000));
    assert_eq!(
        world.transcript(),
        owned(&[
            (Person, "Tell me.", false),
            (Samantha, "One thing. Another thing that takes rather long to say.", false),
        ])
    );
    assert_eq!((world.count(&Call::Hold), world.count(&Call::GoOn)), (1, 1));
    assert_eq!(world.asked().len(), 1, "{:?}", world.asked());
}

#[test]
fn her_own_words_are_no_answer_either() {
    let mut world = answering();
    world.says(2, 3300, 4300, "Another thing that takes");
    world.run(ms(30_000));
    assert_eq!(world.transcript().len(), 2, "{:?}", world.transcript());
    assert_eq!(world.count(&Call::GoOn), 1);
}

#[test]
fn where_her_words_come_back_what_is_misheard_of_them_is_no_answer_either() {
    let answer = "One thing. In winter he has three visitors, two of them gulls and one wet.";
    let mut world = answering_with(answer, "Of them go.", 3600);
    world.says(2, 3700, 4500, "In winter he has");
    world.says(3, 5200, 6000, "Of them go.");
    world.run(ms(30_000));
    assert_eq!(world.transcript().len(), 2, "{:?}", world.transcript());
    assert_eq!(world.count(&Call::Hold), 1, "held once, before it was known");
}

#[test]
fn who_takes_up_words_that_she_has_yet_to_say_is_no_echo() {
    let answer = "One thing takes long. So does another. Then he talked about the weather.";
    let mut world = answering_with(answer, "Let us talk about the weather.", 3600);
    world.says(2, 3700, 4700, "Let us talk about the weather.");
    world.run(ms(30_000));
    assert_eq!(world.asked().len(), 2, "{:?}", world.transcript());
}

#[test]
fn who_asks_for_silence_gets_it_and_is_not_waited_for() {
    let answer = "One thing. Another thing that takes rather long to say.";
    let mut world = answering_with(answer, "Stop, that is enough.", 3200);
    world.says(2, 3300, 4300, "Stop, that is enough.");
    world.run(ms(6000));
    let transcript = world.transcript();
    let last = transcript.last().expect("a line");
    assert_eq!((last.0, last.1.as_str()), (Person, "Stop, that is enough."), "{transcript:?}");
    world.run(ms(30_000));
    assert_eq!(world.asked().len(), 1, "nothing is answered");
}

#[test]
fn who_talks_over_her_is_listened_to_and_she_knows_where_she_was_cut_off() {
    let mut world = answering();
    world.says(2, 3300, 4600, "No, another.");
    world.run(ms(30_000));
    let transcript = world.transcript();
    assert_eq!(transcript.len(), 4, "{transcript:?}");
    let (who, text, interrupted) = transcript[1].clone();
    assert_eq!((who, interrupted), (Samantha, true));
    assert!(text.starts_with("One thing.") && text.ends_with('—'), "{text}");
    let prompt = world.asked().pop().expect("asked again");
    assert_eq!(prompt[1], text, "she reads where she was cut off");
    assert_eq!(world.count(&Call::GoOn), 0);
}

#[test]
fn where_much_of_her_voice_is_left_only_a_request_interrupts_her() {
    let interrupted_by = |words: &'static str| {
        let mut world = answering();
        let guard = MicrophoneEvent::EchoGuard(crate::audio::EchoGuard::Unsettled);
        world.give(Message::Microphone(guard));
        world.says(2, 3300, 4600, words);
        world.run(ms(30_000));
        assert_eq!(world.count(&Call::Hold), 0, "she would stumble over herself");
        world.transcript().iter().any(|(who, _, interrupted)| *who == Samantha && *interrupted)
    };
    for misheard in ["She learned his job.", "No, another.", "And to the top."] {
        assert!(!interrupted_by(misheard), "{misheard}");
    }
    for request in ["Stop.", "Wait a moment.", "Samantha, tell me something else."] {
        assert!(interrupted_by(request), "{request}");
    }
}

#[test]
fn who_asks_her_to_wait_is_waited_for_in_silence() {
    let mut world = World::hands_free(&["Hold on a moment.", "It is blue."], &["I see."]);
    world.says(1, 0, 1000, "Hold on a moment.");
    world.run(ms(30_000));
    assert_eq!(world.transcript(), owned(&[(Person, "Hold on a moment.", false)]));
    world.says(2, 31_000, 32_000, "It is blue.");
    world.run(ms(60_000));
    assert_eq!(world.transcript().len(), 3);
    assert_eq!(world.asked().pop(), Some(vec!["Hold on a moment.\nIt is blue.".to_owned()]));
}

#[test]
fn while_she_rests_only_her_name_wakes_her() {
    let mut world = World::hands_free(&["Samantha, are you there?"], &["Yes."]);
    world.listen(Listening {
        hands_free: true,
        rest_after_s: 60,
        wake_by_name: true,
        ..Listening::default()
    });
    world.run(ms(61_000));
    assert!(world.calls().contains(&Call::Attend(Attention::Name)));
    world.says(1, 70_000, 71_000, "What is for dinner?");
    world.run(ms(80_000));
    assert_eq!(world.transcript(), []);
    world.says(2, 81_000, 82_500, "Samantha, are you there?");
    world.run(ms(90_000));
    assert_eq!(world.transcript().len(), 2, "{:?} {:?}", world.transcript(), world.calls());
}

#[test]
fn asked_to_stop_listening_she_closes_the_microphone_and_says_so() {
    let mut world = World::hands_free(&["Stop listening, please."], &[]);
    world.says(1, 0, 1000, "Stop listening, please.");
    world.run(ms(20_000));
    assert!(world.calls().contains(&Call::Attend(Attention::Muted)));
    let said = crate::wording::listening::STOPPED_LISTENING.to_owned();
    assert_eq!(world.transcript().pop(), Some((Samantha, said, false)));
}

#[test]
fn muted_the_key_captures_nothing_and_the_person_is_told() {
    let mut world = World::hands_free(&["Hello."], &["Hi."]);
    world.command(Command::ToggleMuted);
    world.hold(1000, 2000);
    world.run(ms(10_000));
    assert_eq!(world.count(&Call::StartCapture(1)), 0);
    let told = world.events().iter().any(|event| {
        matches!(event, Event::Notice(notice) if notice.text == crate::wording::notices::MUTED)
    });
    assert!(told);
    world.command(Command::ToggleMuted);
    assert_eq!(world.calls().last(), Some(&Call::Attend(Attention::Open)));
}

/// How long this person, who now says in one breath something that is hardly more likely
/// whole than not, is waited for.
fn waited_for(world: &mut World, turn: u64, at_ms: u64) -> Duration {
    world.ending = Some(0.4);
    world.says(turn, at_ms, at_ms + 1000, "It was fine.");
    world.run(ms(at_ms + 15_000));
    let ended = world.reached(turn, Milestone::TurnEnd).expect("it ended");
    ended - world.reached(turn, Milestone::SpeechEnd).expect("it was noticed")
}

#[test]
fn what_she_learnt_of_their_pauses_is_known_the_next_day_and_forgotten_with_the_rest() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let paths = crate::paths::Paths::new(Some(dir.path())).expect("paths");
    let open = || {
        let remembering = Remembering::open_with(&paths, without_keychain(&paths), None);
        let next_turn = remembering.next_turn();
        let mut world = World::new(remembering, &["It was fine."; 12], &["I see."; 12]);
        world.listen(Listening { hands_free: true, ..Listening::default() });
        (world, next_turn)
    };
    let (mut world, _) = open();
    for turn in 1..=10 {
        let begin_ms = 20_000 * turn;
        for part in 0..3 {
            let at_ms = begin_ms + 1900 * part;
            world.says(turn, at_ms, at_ms + 1000, "and then we went to the");
        }
        world.run(ms(begin_ms + 19_000));
    }
    let known = waited_for(&mut world, 11, 300_000);
    drop(world);
    let (mut world, next_turn) = open();
    let next_day = waited_for(&mut world, next_turn, 20_000);
    world.command(Command::Memory(MemoryCommand::ForgetEverything));
    let forgotten = waited_for(&mut world, next_turn + 1, 60_000);
    let stranger = waited_for(&mut World::hands_free(&["It was fine."], &["I see."]), 1, 20_000);
    assert!(known > stranger.mul_f32(1.2), "{known:?}, {stranger:?} for somebody not known");
    assert!(next_day > stranger.mul_f32(1.2), "{next_day:?} the next day");
    assert_eq!(forgotten, stranger);
}
