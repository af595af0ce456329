//! Each situation as a list of what happens and what must follow, then all
//! situations at random.

use super::*;
use Effect::*;
use TalkSource::{Control, Hotkey, Window};
use proptest::prelude::*;

mod hands_free;

const T: TurnId = TurnId(1);
const U: TurnId = TurnId(2);

fn ms(ms: u64) -> Moment {
    Duration::from_millis(ms)
}

fn whole(sentences: usize) -> Heard {
    Heard { sentences, bytes: 0 }
}

/// Runs `steps` (time in ms, input) and returns all effects but `Show`.
fn run(mode: TalkMode, voice: bool, steps: &[(u64, Input)]) -> Vec<Effect> {
    let mut machine = Machine::new(mode, voice, 1);
    steps
        .iter()
        .flat_map(|(at, input)| machine.handle(*input, ms(*at)))
        .filter(|effect| !matches!(effect, Show(..)))
        .collect()
}

/// Up to the moment the first turn was asked.
fn asked() -> Vec<(u64, Input)> {
    vec![
        (0, Input::Pressed(Hotkey)),
        (1000, Input::Released(Hotkey)),
        (1060, Input::Tick),
        (1100, Input::SoundComplete(T)),
        (1200, Input::Heard(T)),
    ]
}

const ASKED: [Effect; 6] =
    [Listen(T), SpeechEnd(T), FinishListening(T), Transcribe(T), KeepSaid(T), Ask(T)];

fn after_asking(voice: bool, more: &[(u64, Input)]) -> Vec<Effect> {
    let steps = [asked(), more.to_vec()].concat();
    let effects = run(TalkMode::Hold, voice, &steps);
    assert_eq!(effects[..6], ASKED);
    effects[6..].to_vec()
}

#[test]
fn a_held_key_becomes_a_spoken_reply() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1600, Input::Begun(T, 0)),
            (1700, Input::Sentence(T)),
            (1800, Input::ReplyEnded(T)),
            (2500, Input::Ended(T, 0)),
            (2600, Input::Begun(T, 1)),
            (3000, Input::Ended(T, 1)),
        ],
    );
    assert_eq!(
        effects,
        [Say(T, 0), Say(T, 1), Close { turn: T, heard: whole(2), interrupted: false }]
    );
}

#[test]
fn her_state_is_shown_at_each_change() {
    let mut machine = Machine::new(TalkMode::Hold, true, 1);
    let steps = [
        asked(),
        vec![
            (1500, Input::Sentence(T)),
            (1600, Input::Begun(T, 0)),
            (1800, Input::ReplyEnded(T)),
            (2500, Input::Ended(T, 0)),
        ],
    ]
    .concat();
    let shown: Vec<Presence> = steps
        .into_iter()
        .flat_map(|(at, input)| machine.handle(input, ms(at)))
        .filter_map(|effect| match effect {
            Show(presence, _) => Some(presence),
            _ => None,
        })
        .collect();
    use Presence::*;
    assert_eq!(shown, [Listening, Understanding, Thinking, Speaking, Idle]);
}

#[test]
fn without_a_voice_what_is_shown_counts_as_heard() {
    let effects = after_asking(false, &[(1500, Input::Sentence(T)), (1600, Input::ReplyEnded(T))]);
    assert_eq!(effects, [Close { turn: T, heard: whole(1), interrupted: false }]);
}

#[test]
fn a_voice_that_is_lost_in_mid_reply_leaves_the_rest_to_be_read() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1600, Input::Voice(false)),
            (1700, Input::Sentence(T)),
            (1800, Input::ReplyEnded(T)),
        ],
    );
    assert_eq!(effects, [Say(T, 0), Hush, Close { turn: T, heard: whole(2), interrupted: false }]);
}

#[test]
fn a_press_while_she_speaks_stops_her_and_keeps_what_was_heard() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1510, Input::Sentence(T)),
            (2500, Input::Ended(T, 0)),
            (2600, Input::Begun(T, 1)),
            (2700, Input::Pressed(Hotkey)),
            (2800, Input::Sentence(T)),
            (2900, Input::Ended(T, 1)),
        ],
    );
    assert_eq!(
        effects,
        [
            Say(T, 0),
            Say(T, 1),
            CancelReply(T),
            Hush,
            Listen(U),
            // It was said to its end after all.
            Close { turn: T, heard: whole(2), interrupted: true },
        ]
    );
}

#[test]
fn she_was_heard_up_to_the_word_at_which_the_voice_stopped() {
    let spoken = [
        (1500, Input::Sentence(T)),
        (1510, Input::Sentence(T)),
        (1520, Input::ReplyEnded(T)),
        (1600, Input::Begun(T, 0)),
        (2500, Input::Ended(T, 0)),
        (2600, Input::Begun(T, 1)),
        (2700, Input::Pressed(Hotkey)),
    ];
    let cut = |index, bytes| Input::CutOff { turn: T, index, bytes };
    let cases: [(&[(u64, Input)], Heard); 5] = [
        (&[(2720, cut(1, 12)), (2721, cut(2, 0))], Heard { sentences: 1, bytes: 12 }),
        // A voice that cannot tell words.
        (&[(2720, cut(1, 0))], whole(1)),
        // The report of the end was on its way.
        (&[(2720, Input::Ended(T, 1))], whole(2)),
        // It is not the sentence that follows what was heard.
        (&[(2720, cut(0, 12))], whole(1)),
        // The voice never answers.
        (&[(3100, Input::Tick), (3200, cut(1, 12))], whole(1)),
    ];
    for (reports, heard) in cases {
        let effects = after_asking(true, &[&spoken, reports].concat());
        assert_eq!(effects[..4], [Say(T, 0), Say(T, 1), Hush, Listen(U)], "{reports:?}");
        let interrupted = heard.sentences < 2;
        assert_eq!(effects[4..], [Close { turn: T, heard, interrupted }], "{reports:?}");
    }
}

#[test]
fn nothing_is_kept_behind_a_reply_before_that_is_closed() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1600, Input::Begun(T, 0)),
            (1700, Input::Interrupt),
            (1710, Input::Typed),
            (1720, Input::CutOff { turn: T, index: 0, bytes: 5 }),
        ],
    );
    let closed = Close { turn: T, heard: whole(0), interrupted: true };
    assert_eq!(effects, [Say(T, 0), CancelReply(T), Hush, closed, KeepTyped(U), Ask(U)]);
}

#[test]
fn a_tap_while_she_speaks_only_silences_her() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1510, Input::ReplyEnded(T)),
            (2700, Input::Pressed(Hotkey)),
            (2800, Input::Released(Hotkey)),
            (2900, Input::Tick),
        ],
    );
    assert_eq!(
        effects,
        [
            Say(T, 0),
            Hush,
            Close { turn: T, heard: whole(0), interrupted: true },
            Listen(U),
            SpeechEnd(U),
            Forget(U)
        ]
    );
}

#[test]
fn what_a_command_begins_is_never_a_tap() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[(0, Input::Start(Control)), (10, Input::Stop(Control)), (100, Input::Tick)],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn going_on_before_being_understood_is_one_thought() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (1000, Input::Released(Hotkey)),
            (1060, Input::Tick),
            (1070, Input::Pressed(Hotkey)),
            (1080, Input::SoundComplete(T)),
            (1300, Input::Heard(T)),
            (2000, Input::Released(Hotkey)),
            (2060, Input::Tick),
            (2080, Input::SoundComplete(U)),
            (2200, Input::Heard(U)),
        ],
    );
    assert_eq!(
        effects,
        [
            Listen(T),
            SpeechEnd(T),
            FinishListening(T),
            Listen(U),
            Transcribe(T),
            KeepSaid(T),
            SpeechEnd(U),
            FinishListening(U),
            Transcribe(U),
            KeepSaid(U),
            Ask(U)
        ]
    );
}

#[test]
fn a_tap_while_she_understands_changes_nothing() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (1000, Input::Released(Hotkey)),
            (1060, Input::SoundComplete(T)),
            (1070, Input::Pressed(Hotkey)),
            (1100, Input::Released(Hotkey)),
            (1200, Input::Heard(T)),
        ],
    );
    assert_eq!(
        effects,
        [
            Listen(T),
            SpeechEnd(T),
            FinishListening(T),
            Transcribe(T),
            Listen(U),
            SpeechEnd(U),
            Forget(U),
            KeepSaid(T),
            Ask(T)
        ]
    );
}

#[test]
fn key_repeat_is_one_press() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (500, Input::Pressed(Hotkey)),
            (530, Input::Pressed(Hotkey)),
            (900, Input::Released(Hotkey)),
            (1000, Input::Tick),
        ],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn a_repeat_that_sends_releases_is_one_press() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (500, Input::Released(Hotkey)),
            (510, Input::Pressed(Hotkey)),
            (540, Input::Released(Hotkey)),
            (550, Input::Pressed(Hotkey)),
            (900, Input::Released(Hotkey)),
            (1000, Input::Tick),
        ],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), SpeechEnd(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn a_release_without_a_press_means_nothing() {
    assert_eq!(run(TalkMode::Hold, true, &[(0, Input::Released(Hotkey))]), []);
    assert_eq!(run(TalkMode::Toggle, true, &[(0, Input::Released(Hotkey))]), []);
}

#[test]
fn a_lost_release_ends_by_itself() {
    let effects = run(TalkMode::Hold, true, &[(0, Input::Pressed(Hotkey)), (300_000, Input::Tick)]);
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn toggle_begins_with_one_press_and_ends_with_the_next() {
    let effects = run(
        TalkMode::Toggle,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (400, Input::Pressed(Hotkey)),
            (430, Input::Released(Hotkey)),
            (5000, Input::Pressed(Hotkey)),
            (5100, Input::Released(Hotkey)),
        ],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn toggle_survives_a_lost_release() {
    let effects = run(
        TalkMode::Toggle,
        true,
        &[(0, Input::Pressed(Hotkey)), (5000, Input::Pressed(Hotkey)), (5100, Input::Tick)],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn another_source_letting_go_changes_nothing() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (500, Input::Pressed(Window)),
            (600, Input::Released(Window)),
            (700, Input::Stop(Control)),
            (800, Input::Toggle(Control)),
        ],
    );
    assert_eq!(effects, [Listen(T)]);
}

#[test]
fn a_key_takes_over_what_a_command_began() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Toggle(Control)),
            (500, Input::Pressed(Hotkey)),
            (900, Input::Released(Hotkey)),
            (1000, Input::Tick),
        ],
    );
    assert_eq!(effects, [Listen(T), SpeechEnd(T), FinishListening(T)]);
}

#[test]
fn nothing_heard_is_told_and_not_asked() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Start(Control)),
            (1000, Input::Stop(Control)),
            (1100, Input::SoundComplete(T)),
            (1200, Input::NothingHeard(T)),
        ],
    );
    assert_eq!(
        effects,
        [Listen(T), SpeechEnd(T), FinishListening(T), Transcribe(T), TellNothingHeard(T)]
    );
}

#[test]
fn a_recogniser_that_never_answers_is_given_up() {
    let mut steps = asked();
    steps.pop();
    steps.push((61_100, Input::Tick));
    let effects = run(TalkMode::Hold, true, &steps);
    assert_eq!(effects[4..], [Forget(T), TellNothingHeard(T)]);
}

#[test]
fn what_is_typed_is_answered_at_once() {
    assert_eq!(run(TalkMode::Hold, true, &[(0, Input::Typed)]), [KeepTyped(T), Ask(T)]);
}

#[test]
fn what_is_typed_while_talking_is_answered_with_it() {
    let effects = run(
        TalkMode::Hold,
        true,
        &[
            (0, Input::Pressed(Hotkey)),
            (500, Input::Typed),
            (1000, Input::Released(Hotkey)),
            (1060, Input::SoundComplete(T)),
            (1200, Input::NothingHeard(T)),
        ],
    );
    assert_eq!(
        effects,
        [
            Listen(T),
            KeepTyped(U),
            SpeechEnd(T),
            FinishListening(T),
            Transcribe(T),
            TellNothingHeard(T),
            Ask(T)
        ]
    );
}

#[test]
fn cancel_drops_what_is_under_way() {
    let pressed = (0, Input::Pressed(Hotkey));
    assert_eq!(
        run(TalkMode::Hold, true, &[pressed, (500, Input::Cancel), (900, Input::Released(Hotkey))]),
        [Listen(T), Forget(T)]
    );
    assert_eq!(
        after_asking(true, &[(1300, Input::Cancel)]),
        [CancelReply(T), Close { turn: T, heard: whole(0), interrupted: true }]
    );
}

#[test]
fn a_voice_silenced_by_another_program_ends_the_reply() {
    let effects = after_asking(
        true,
        &[
            (1500, Input::Sentence(T)),
            (1510, Input::ReplyEnded(T)),
            (1600, Input::CutOff { turn: T, index: 0, bytes: 0 }),
        ],
    );
    assert_eq!(effects, [Say(T, 0), Hush, Close { turn: T, heard: whole(0), interrupted: true }]);
}

#[test]
fn a_reply_of_nothing_is_closed() {
    let effects = after_asking(true, &[(1500, Input::ReplyEnded(T))]);
    assert_eq!(effects, [Close { turn: T, heard: whole(0), interrupted: false }]);
}

fn any_input() -> impl Strategy<Value = Input> {
    let source = prop_oneof![Just(Hotkey), Just(Window), Just(Control)];
    let turn = (1u64..8).prop_map(TurnId);
    prop_oneof![
        4 => source.clone().prop_map(Input::Pressed),
        4 => source.clone().prop_map(Input::Released),
        1 => source.clone().prop_map(Input::Start),
        1 => source.clone().prop_map(Input::Stop),
        1 => source.prop_map(Input::Toggle),
        1 => Just(Input::Cancel),
        1 => Just(Input::Typed),
        3 => turn.clone().prop_map(Input::SoundComplete),
        3 => turn.clone().prop_map(Input::Heard),
        1 => turn.clone().prop_map(Input::NothingHeard),
        4 => turn.clone().prop_map(Input::Sentence),
        2 => turn.clone().prop_map(Input::ReplyEnded),
        2 => (turn.clone(), 0usize..3).prop_map(|(t, i)| Input::Begun(t, i)),
        2 => (turn.clone(), 0usize..3).prop_map(|(t, i)| Input::Ended(t, i)),
        1 => (turn, 0usize..3, 0usize..9)
            .prop_map(|(turn, index, bytes)| Input::CutOff { turn, index, bytes }),
        1 => Just(Input::Interrupt),
        1 => any::<bool>().prop_map(Input::Voice),
        8 => hands_free::any_input(),
        3 => Just(Input::Tick),
    ]
}

fn any_steps() -> impl Strategy<Value = Vec<(u64, Input)>> {
    // Mostly quick, now and then past every deadline.
    let gap = prop_oneof![8 => 0u64..400, 2 => 400u64..5000, 1 => 60_000u64..400_000];
    prop::collection::vec((gap, any_input()), 1..60)
}

/// What the world would look like: who holds a key, whether the voice is
/// sounding. Kept apart from the machine on purpose.
#[derive(Default)]
struct World {
    held: Vec<(TalkSource, u64)>,
    queued: Option<TurnId>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_sequence_of_inputs_leaves_her_speaking_while_the_key_is_held(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut world = World::default();
        let mut now = 0;
        for (gap, input) in steps {
            now += gap;
            world.held.retain(|(_, since)| now < since + 300_000);
            match input {
                Input::Pressed(s) if !world.held.iter().any(|(h, _)| *h == s) => {
                    world.held.push((s, now));
                }
                Input::Released(s) => world.held.retain(|(h, _)| *h != s),
                _ => {}
            }
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    Say(turn, _) => {
                        prop_assert!(world.held.is_empty(), "said {turn:?} while held");
                        world.queued = Some(turn);
                    }
                    Hush | Close { .. } => world.queued = None,
                    _ => {}
                }
            }
            if matches!(input, Input::Pressed(_)) && !world.held.is_empty() {
                prop_assert_eq!(world.queued, None, "still speaking after {:?}", input);
            }
        }
    }

    #[test]
    fn a_turn_that_is_over_never_speaks_and_sentences_come_in_order(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        let mut over = std::collections::HashSet::new();
        let mut next = std::collections::HashMap::new();
        for (gap, input) in steps {
            now += gap;
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    Say(turn, index) => {
                        prop_assert!(!over.contains(&turn));
                        let expected = next.entry(turn).or_insert(0);
                        prop_assert!(index >= *expected);
                        *expected = index + 1;
                    }
                    Close { turn, .. } => { prop_assert!(over.insert(turn)); }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn every_reply_is_closed_once_and_before_anything_else_is_kept(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        let mut open = None;
        for (gap, input) in steps {
            now += gap;
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    Ask(turn) | SayGently(turn) => {
                        prop_assert_eq!(open, None);
                        open = Some(turn);
                    }
                    Close { turn, .. } => prop_assert_eq!(open.take(), Some(turn)),
                    KeepSaid(_) | KeepTyped(_) => prop_assert_eq!(open, None),
                    _ => {}
                }
            }
            if machine.is_closing() {
                prop_assert!(machine.deadline().is_some());
                prop_assert_ne!(machine.presence().0, Presence::Speaking);
            }
        }
    }

    #[test]
    fn whatever_was_said_is_answered_or_was_cancelled(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        let mut open = 0;
        for (gap, input) in steps {
            now += gap;
            // Who asks her to wait is answered when they go on.
            if matches!(input, Input::Cancel | Input::HeardWait(_)) {
                machine.handle(input, ms(now));
                open = 0;
                continue;
            }
            for effect in machine.handle(input, ms(now)) {
                match effect {
                    KeepSaid(_) | KeepTyped(_) => open += 1,
                    Ask(_) => open = 0,
                    _ => {}
                }
            }
            if machine.presence().0 == Presence::Idle {
                prop_assert_eq!(open, 0);
            }
        }
    }

    #[test]
    fn she_never_hangs(steps in any_steps()) {
        let mut machine = Machine::new(TalkMode::Hold, true, 1);
        let mut now = 0;
        for (gap, input) in steps {
            now += gap;
            machine.handle(input, ms(now));
            let waiting = matches!(
                machine.presence().0,
                Presence::Listening | Presence::Understanding
            );
            prop_assert!(!waiting || machine.deadline().is_some());
        }
    }
}
