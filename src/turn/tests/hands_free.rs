//! Conversation without a key: what is overheard, pauses, barge-in, rest.

use super::*;

fn hands_free(steps: &[(u64, Input)]) -> Vec<Effect> {
    let steps = [&[(0, Input::HandsFree(true))], steps].concat();
    let effects = run(TalkMode::Hold, true, &steps);
    assert_eq!(effects[0], Attend(Attention::Open));
    effects[1..].to_vec()
}

/// Up to the moment she has begun to answer "T" aloud.
fn answered() -> Vec<(u64, Input)> {
    vec![
        (1000, Input::Onset),
        (1600, Input::Words(T)),
        (3000, Input::Paused(ms(200))),
        (3010, Input::Patience(T, ms(500))),
        (3300, Input::Tick),
        (3320, Input::SoundComplete(T)),
        (3400, Input::Heard(T)),
        (3500, Input::Sentence(T)),
        (3550, Input::Begun(T, 0)),
        (3600, Input::ReplyEnded(T)),
    ]
}

const ANSWERED: [Effect; 7] = [
    Listen(T),
    TurnEnd { turn: T, speech_ended: Duration::from_millis(2800) },
    FinishListening(T),
    Transcribe(T),
    KeepSaid(T),
    Ask(T),
    Say(T, 0),
];

fn after_answering(more: &[(u64, Input)]) -> Vec<Effect> {
    let effects = hands_free(&[answered(), more.to_vec()].concat());
    assert_eq!(effects[..7], ANSWERED);
    effects[7..].to_vec()
}

#[test]
fn speech_becomes_a_turn_when_a_word_is_recognised_and_ends_after_a_pause() {
    let effects = after_answering(&[(5000, Input::Ended(T, 0))]);
    assert_eq!(effects, [Close { turn: T, heard: whole(1), interrupted: false }]);
}

#[test]
fn nobody_is_told_of_a_noise() {
    let mut machine = Machine::new(TalkMode::Hold, true, 1);
    machine.handle(Input::HandsFree(true), ms(0));
    let steps = [
        (1000, Input::Onset),
        (1400, Input::Sustained),
        (2000, Input::Paused(ms(200))),
        (2300, Input::NotMeant(T)),
    ];
    let effects: Vec<_> =
        steps.iter().flat_map(|(at, input)| machine.handle(*input, ms(*at))).collect();
    assert_eq!(effects, [Listen(T), Forget(T)]);
}

#[test]
fn a_noise_of_which_nothing_is_known_is_forgotten_in_time() {
    let effects =
        hands_free(&[(1000, Input::Onset), (2000, Input::Paused(ms(0))), (4500, Input::Tick)]);
    assert_eq!(effects, [Listen(T), Forget(T)]);
    let goes_on = hands_free(&[(1000, Input::Onset), (6000, Input::Tick)]);
    assert_eq!(goes_on, [Listen(T), Forget(T)]);
}

#[test]
fn she_waits_while_they_think() {
    let effects = hands_free(&[
        (1000, Input::Onset),
        (1600, Input::Words(T)),
        (2000, Input::Paused(ms(200))),
        (2100, Input::Patience(T, ms(2500))),
        (3900, Input::Tick),
        (4000, Input::Onset),
        (4500, Input::Paused(ms(200))),
        (4550, Input::Patience(T, ms(400))),
        (4700, Input::Tick),
    ]);
    let end = TurnEnd { turn: T, speech_ended: ms(4300) };
    assert_eq!(effects, [Listen(T), end, FinishListening(T)]);
}

#[test]
fn what_may_be_speech_again_is_waited_for_and_noise_only_for_a_moment() {
    let paused = [
        (1000, Input::Onset),
        (1600, Input::Words(T)),
        (2000, Input::Paused(ms(200))),
        (2010, Input::Patience(T, ms(500))),
        (2290, Input::Stirring),
    ];
    let ends = |after: &[(u64, Input)]| {
        let effects = hands_free(&[&paused[..], after].concat());
        effects.iter().any(|effect| matches!(effect, TurnEnd { .. }))
    };
    assert!(!ends(&[(2489, Input::Tick)]), "for 0.2 s");
    assert!(ends(&[(2490, Input::Tick)]));
    assert!(!ends(&[(2450, Input::Onset), (2600, Input::Tick)]), "it was speech");
    let noise = [(2400, Input::Stirring), (2550, Input::Stirring), (2690, Input::Stirring)];
    assert!(!ends(&[&noise[..], &[(2699, Input::Tick)]].concat()));
    assert!(ends(&[&noise[..], &[(2700, Input::Tick)]].concat()), "0.4 s at most");
}

#[test]
fn who_asks_her_to_wait_is_answered_when_they_go_on() {
    let mut steps = answered();
    steps.truncate(6);
    steps.extend([
        (3400, Input::HeardWait(T)),
        (9000, Input::Onset),
        (9400, Input::Words(U)),
        (10_000, Input::Paused(ms(0))),
        (10_010, Input::Patience(U, ms(500))),
        (10_500, Input::Tick),
        (10_600, Input::SoundComplete(U)),
        (10_700, Input::Heard(U)),
    ]);
    let effects = hands_free(&steps);
    let kept: Vec<_> =
        effects.into_iter().filter(|it| matches!(it, KeepSaid(_) | Ask(_))).collect();
    assert_eq!(kept, [KeepSaid(T), KeepSaid(U), Ask(U)]);
}

#[test]
fn a_cough_does_not_interrupt_her() {
    let effects = after_answering(&[
        (4000, Input::Onset),
        (4300, Input::Paused(ms(100))),
        (4500, Input::NotMeant(U)),
        (5000, Input::Ended(T, 0)),
    ]);
    let close = Close { turn: T, heard: whole(1), interrupted: false };
    assert_eq!(effects, [Listen(U), Forget(U), close]);
}

#[test]
fn after_a_long_noise_she_goes_on_where_she_stopped() {
    let effects = after_answering(&[
        (4000, Input::Onset),
        (4400, Input::Sustained),
        (5000, Input::Paused(ms(200))),
        (5200, Input::NotMeant(U)),
        (6000, Input::Ended(T, 0)),
    ]);
    let close = Close { turn: T, heard: whole(1), interrupted: false };
    assert_eq!(effects, [Listen(U), Hold, Forget(U), GoOn, close]);
}

#[test]
fn words_over_hers_stop_her_and_become_the_next_turn() {
    let effects = after_answering(&[
        (4000, Input::Onset),
        (4400, Input::Sustained),
        (4600, Input::Words(U)),
        (4620, Input::CutOff { turn: T, index: 0, bytes: 7 }),
        (5000, Input::Paused(ms(200))),
        (5010, Input::Patience(U, ms(500))),
        (5300, Input::Tick),
        (5400, Input::SoundComplete(U)),
        (5500, Input::Heard(U)),
    ]);
    let heard = Heard { sentences: 0, bytes: 7 };
    let end = TurnEnd { turn: U, speech_ended: ms(4800) };
    assert_eq!(
        effects,
        [
            Listen(U),
            Hold,
            Hush,
            Close { turn: T, heard, interrupted: true },
            end,
            FinishListening(U),
            Transcribe(U),
            KeepSaid(U),
            Ask(U),
        ]
    );
}

#[test]
fn she_does_not_begin_while_they_go_on() {
    let mut steps = answered();
    steps.truncate(7);
    steps.extend([
        (3420, Input::Onset),
        (3450, Input::Sustained),
        (3500, Input::Sentence(T)),
        (3900, Input::Paused(ms(100))),
        (4100, Input::NotMeant(U)),
    ]);
    let effects = hands_free(&steps);
    assert_eq!(effects[6..], [Listen(U), Hold, Forget(U), GoOn, Say(T, 0)]);
}

#[test]
fn the_key_takes_over_what_was_being_said() {
    let effects = hands_free(&[
        (1000, Input::Onset),
        (1300, Input::Pressed(Hotkey)),
        (1500, Input::Paused(ms(200))),
        (9000, Input::Released(Hotkey)),
        (9100, Input::Tick),
    ]);
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn muted_she_captures_nothing_and_says_so() {
    let effects = hands_free(&[
        (1000, Input::Onset),
        (1300, Input::Words(T)),
        (1500, Input::Mute(true)),
        (1600, Input::Onset),
        (2000, Input::Pressed(Hotkey)),
        (2500, Input::Released(Hotkey)),
        (3000, Input::Mute(false)),
    ]);
    assert_eq!(
        effects,
        [Listen(T), Forget(T), Attend(Attention::Muted), TellMuted, Attend(Attention::Open)]
    );
}

#[test]
fn after_a_long_silence_she_rests_until_a_key_wakes_her() {
    let silence = Silence { rest_after: Some(ms(60_000)), ..Silence::default() };
    let effects = hands_free(&[
        (10, Input::Silence(silence)),
        (50_000, Input::Onset),
        (50_100, Input::Paused(ms(0))),
        (50_300, Input::NotMeant(T)),
        (110_000, Input::Tick),
        (110_400, Input::Tick),
        (200_000, Input::Onset),
        (300_000, Input::Pressed(Hotkey)),
    ]);
    assert_eq!(
        effects,
        [Listen(T), Forget(T), Attend(Attention::Resting), Attend(Attention::Open), Listen(U)]
    );
}

#[test]
fn her_name_wakes_her_from_a_rest() {
    let silence =
        Silence { rest_after: Some(ms(60_000)), wakes_by_name: true, ..Silence::default() };
    let effects = hands_free(&[
        (0, Input::Silence(silence)),
        (60_000, Input::Tick),
        (70_000, Input::Onset),
        (70_900, Input::Words(T)),
    ]);
    assert_eq!(effects, [Attend(Attention::Name), Listen(T), Attend(Attention::Open)]);
}

#[test]
fn into_a_long_silence_she_says_one_gentle_word() {
    let silence = Silence { gentle_after: Some(ms(20_000)), ..Silence::default() };
    let effects = hands_free(&[
        (0, Input::Silence(silence)),
        (20_000, Input::Tick),
        (20_010, Input::Sentence(T)),
        (20_010, Input::ReplyEnded(T)),
        (20_100, Input::Begun(T, 0)),
        (21_000, Input::Ended(T, 0)),
        (90_000, Input::Tick),
    ]);
    let close = Close { turn: T, heard: whole(1), interrupted: false };
    assert_eq!(effects, [SayGently(T), Say(T, 0), close]);
}

pub(super) fn any_input() -> impl Strategy<Value = Input> {
    let turn = (1u64..8).prop_map(TurnId);
    let silence =
        Silence { rest_after: Some(ms(30_000)), wakes_by_name: true, gentle_after: Some(ms(5000)) };
    prop_oneof![
        2 => any::<bool>().prop_map(Input::HandsFree),
        1 => any::<bool>().prop_map(Input::Mute),
        1 => Just(Input::Silence(silence)),
        6 => Just(Input::Onset),
        3 => Just(Input::Sustained),
        3 => Just(Input::Stirring),
        6 => (0u64..300).prop_map(|ago| Input::Paused(ms(ago))),
        3 => (turn.clone(), 300u64..3000).prop_map(|(turn, wait)| Input::Patience(turn, ms(wait))),
        5 => turn.clone().prop_map(Input::Words),
        3 => turn.clone().prop_map(Input::NotMeant),
        1 => turn.prop_map(Input::HeardWait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_held_voice_is_released_or_silenced(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let (mut now, mut held) = (0, false);
        for (gap, input) in steps {
            now += gap;
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    Hold => {
                        prop_assert!(!held);
                        held = true;
                    }
                    GoOn | Hush => held = false,
                    Say(..) => prop_assert!(!held, "said into a held voice"),
                    _ => {}
                }
            }
            if held {
                prop_assert!(machine.overheard().is_some(), "held for nobody");
                prop_assert!(machine.deadline().is_some());
            }
        }
    }

    #[test]
    fn every_capture_is_finished_forgotten_or_going_on(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        let mut open: Option<TurnId> = None;
        for (gap, input) in steps {
            now += gap;
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    Listen(turn) => {
                        prop_assert_eq!(open, None, "two turns are captured at once");
                        open = Some(turn);
                    }
                    FinishListening(turn) | Forget(turn) => { open.take_if(|it| *it == turn); }
                    Attend(attention) if !attention.captures() => prop_assert_eq!(open, None),
                    _ => {}
                }
            }
            let listens = machine.presence().0 == Presence::Listening;
            prop_assert_eq!(open.is_some(), listens || machine.overheard().is_some());
        }
    }

    #[test]
    fn without_a_recognised_word_nothing_becomes_a_turn(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        for (gap, input) in steps {
            let spoken = matches!(
                input,
                Input::Onset | Input::Sustained | Input::Paused(_) | Input::NotMeant(_)
                    | Input::Patience(..)
            );
            now += gap;
            machine.handle(Input::Tick, ms(now));
            let before = machine.presence();
            machine.handle(input, ms(now));
            if spoken {
                prop_assert_eq!(machine.presence(), before);
            }
        }
    }
}
