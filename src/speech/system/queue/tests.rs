use super::*;
use crate::turn::TurnId;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A queue, its clock, and what it told.
struct Desk {
    queue: Queue,
    now: Instant,
}

impl Desk {
    fn new() -> Self {
        let now = Instant::now();
        Self { queue: Queue::new(now, 1.0, "no service".into()), now }
    }

    /// Connected and idle.
    fn ready() -> Self {
        let mut desk = Self::new();
        assert_eq!(desk.does(Input::Tick), [Effect::Connect]);
        assert_eq!(desk.does(Input::Connected { voices: vec![] }), [ready()]);
        desk
    }

    fn does(&mut self, input: Input) -> Vec<Effect> {
        self.queue.handle(input, self.now)
    }

    /// Lets time pass until something is due, and returns what is done then.
    fn waits(&mut self) -> Vec<Effect> {
        self.now = self.queue.next_deadline().expect("something is due");
        self.does(Input::Tick)
    }

    /// Lets time pass, every probe answered, until something else is done.
    fn waits_with_a_living_service(&mut self) -> Vec<Effect> {
        for _ in 0..1000 {
            let effects = self.waits();
            if effects == [Effect::Probe] {
                assert_eq!(self.does(Input::Probed { alive: true }), []);
            } else if !effects.is_empty() {
                return effects;
            }
        }
        panic!("nothing happened in a thousand deadlines");
    }
}

fn sentence(index: usize) -> Utterance {
    Utterance { turn: TurnId(1), index, text: format!("Sentence {index}."), gently: false }
}
fn speak(index: usize) -> Input {
    Input::Speak(sentence(index))
}
fn send(index: usize) -> Effect {
    Effect::Send(sentence(index).text)
}
fn ready() -> Effect {
    Effect::Tell(VoiceEvent::Ready { voices: vec![] })
}
fn begun(index: usize) -> Effect {
    Effect::Tell(VoiceEvent::Begun { turn: TurnId(1), index })
}
fn ended(index: usize) -> Effect {
    Effect::Tell(VoiceEvent::Ended { turn: TurnId(1), index })
}
fn stopped(index: usize) -> Effect {
    Effect::Tell(VoiceEvent::Stopped { turn: TurnId(1), index, heard: 0 })
}
fn unavailable() -> Effect {
    Effect::Tell(VoiceEvent::Unavailable { reason: "no service".into() })
}

/// Runs inputs and compares what each of them does.
fn check(desk: &mut Desk, steps: &[(Input, &[Effect])]) {
    for (at, (input, effects)) in steps.iter().enumerate() {
        assert_eq!(desk.does(input.clone()), *effects, "step {at}: {input:?}");
    }
}

#[test]
fn sentences_follow_each_other_and_only_the_next_is_sent_ahead() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (speak(2), &[]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Finished { id: 10 }, &[ended(0), send(2)]),
            (Input::Began { id: 11 }, &[begun(1)]),
            (Input::Accepted { id: 12 }, &[]),
            (Input::Finished { id: 11 }, &[ended(1)]),
            (Input::Began { id: 12 }, &[begun(2)]),
            (Input::Finished { id: 12 }, &[ended(2)]),
        ],
    );
}

#[test]
fn what_is_spoken_before_the_service_answers_is_kept() {
    let mut desk = Desk::new();
    check(
        &mut desk,
        &[
            (speak(0), &[Effect::Connect]),
            (speak(1), &[]),
            (Input::Connected { voices: vec![] }, &[ready(), send(0), send(1)]),
        ],
    );
}

#[test]
fn a_report_may_overtake_the_answer_that_names_its_utterance() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (Input::Began { id: 10 }, &[]),
            (Input::Finished { id: 10 }, &[]),
            (Input::Accepted { id: 10 }, &[begun(0), ended(0)]),
        ],
    );
}

#[test]
fn after_a_stop_nothing_of_before_is_ended() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (speak(2), &[]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Stop, &[Effect::Silence, stopped(0), stopped(1), stopped(2)]),
            (speak(3), &[send(3)]),
            // The second sentence's answer and all reports come late.
            (Input::Finished { id: 10 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (Input::CutOff { id: 11 }, &[]),
            (Input::Accepted { id: 12 }, &[]),
            (Input::Began { id: 12 }, &[begun(3)]),
            (Input::Finished { id: 12 }, &[ended(3)]),
        ],
    );
}

#[test]
fn what_is_held_is_said_anew_and_told_to_begin_once() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Hold, &[Effect::Silence]),
            (Input::Hold, &[]),
            (speak(2), &[]),
            (Input::CutOff { id: 10 }, &[]),
            // The answer to what was sent before.
            (Input::Accepted { id: 11 }, &[]),
            (Input::CutOff { id: 11 }, &[]),
            (Input::GoOn, &[send(0), send(1)]),
            (Input::GoOn, &[]),
            (Input::Accepted { id: 12 }, &[]),
            (Input::Began { id: 12 }, &[]),
            (Input::Accepted { id: 13 }, &[]),
            (Input::Finished { id: 12 }, &[ended(0), send(2)]),
            (Input::Began { id: 13 }, &[begun(1)]),
        ],
    );
}

#[test]
fn what_was_heard_of_a_sentence_is_not_said_again() {
    let text = "Well then, here we go; and so on.";
    let utterance = Utterance { text: text.into(), ..sentence(0) };
    check(
        &mut Desk::ready(),
        &[
            (Input::Speak(utterance), &[Effect::Send(text.into())]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Reached { id: 10, byte: 10 }, &[]),
            (Input::Hold, &[Effect::Silence]),
            (Input::CutOff { id: 10 }, &[]),
            (Input::GoOn, &[Effect::Send(text[10..].into())]),
            // It may overtake the answer.
            (Input::Reached { id: 11, byte: 12 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (
                Input::Stop,
                &[
                    Effect::Silence,
                    Effect::Tell(VoiceEvent::Stopped { turn: TurnId(1), index: 0, heard: 22 }),
                ],
            ),
        ],
    );
}

#[test]
fn what_ended_in_the_moment_it_was_held_is_not_said_again() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Hold, &[Effect::Silence]),
            (Input::Finished { id: 10 }, &[ended(0)]),
            (Input::CutOff { id: 11 }, &[]),
            (Input::GoOn, &[send(1)]),
        ],
    );
}

#[test]
fn a_stop_ends_a_hold() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Hold, &[Effect::Silence]),
            (Input::Stop, &[stopped(0)]),
            (speak(1), &[send(1)]),
        ],
    );
}

#[test]
fn being_held_for_long_is_no_fault_of_the_service() {
    let mut desk = Desk::ready();
    check(
        &mut desk,
        &[
            (speak(0), &[send(0)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::Hold, &[Effect::Silence]),
        ],
    );
    for _ in 0..60 {
        assert_eq!(desk.waits(), [Effect::Probe]);
        assert_eq!(desk.does(Input::Probed { alive: true }), []);
    }
    // Nor is its death meanwhile: nothing was being said.
    assert_eq!(desk.waits(), [Effect::Probe]);
    check(
        &mut desk,
        &[
            (Input::Probed { alive: false }, &[Effect::Connect]),
            (Input::Connected { voices: vec![] }, &[ready()]),
            (Input::GoOn, &[send(0)]),
        ],
    );
}

#[test]
fn stopping_silence_does_nothing() {
    check(&mut Desk::ready(), &[(Input::Stop, &[])]);
}

#[test]
fn another_program_that_cuts_her_off_does_not_end_the_reply() {
    check(
        &mut Desk::ready(),
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (Input::CutOff { id: 10 }, &[stopped(0)]),
            (Input::Began { id: 11 }, &[begun(1)]),
        ],
    );
}

#[test]
fn a_service_that_cannot_be_reached_is_named_once_and_sought_quietly() {
    let mut desk = Desk::new();
    let failed = || Input::ConnectFailed { reason: "no service".into() };
    check(
        &mut desk,
        &[
            (speak(0), &[Effect::Connect]),
            (failed(), &[stopped(0), unavailable()]),
            (speak(1), &[stopped(1)]),
        ],
    );
    let mut pauses = vec![];
    for _ in 0..7 {
        let before = desk.now;
        assert_eq!(desk.waits(), [Effect::Connect]);
        pauses.push((desk.now - before).as_secs());
        assert_eq!(desk.does(failed()), []);
    }
    assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(desk.waits(), [Effect::Connect]);
    check(&mut desk, &[(Input::Connected { voices: vec![] }, &[ready()]), (speak(2), &[send(2)])]);
}

#[test]
fn an_attempt_that_hangs_is_told_and_not_repeated_beside_itself() {
    let mut desk = Desk::new();
    check(&mut desk, &[(speak(0), &[Effect::Connect])]);
    assert_eq!(desk.waits(), [stopped(0), unavailable()]);
    assert_eq!(desk.queue.next_deadline(), None);
    check(&mut desk, &[(Input::Connected { voices: vec![] }, &[ready()])]);
}

#[test]
fn a_service_that_dies_while_speaking_cuts_one_sentence_and_says_the_rest() {
    let mut desk = Desk::ready();
    check(
        &mut desk,
        &[
            (speak(0), &[send(0)]),
            (speak(1), &[send(1)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Accepted { id: 11 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
        ],
    );
    assert_eq!(desk.waits(), [Effect::Probe]);
    check(
        &mut desk,
        &[
            (Input::Probed { alive: false }, &[stopped(0), Effect::Connect]),
            // It is being restarted, and not there at the first look.
            (Input::ConnectFailed { reason: "no service".into() }, &[]),
        ],
    );
    assert_eq!(desk.waits(), [Effect::Connect]);
    check(&mut desk, &[(Input::Connected { voices: vec![] }, &[ready(), send(1)])]);
}

#[test]
fn a_service_that_dies_for_good_is_told_after_a_moment() {
    let mut desk = Desk::ready();
    check(
        &mut desk,
        &[
            (speak(0), &[send(0)]),
            (Input::Accepted { id: 10 }, &[]),
            (Input::Began { id: 10 }, &[begun(0)]),
            (speak(1), &[send(1)]),
            (Input::Refused, &[stopped(0), Effect::Connect]),
        ],
    );
    let died_at = desk.now;
    loop {
        let effects = desk.does(Input::ConnectFailed { reason: "no service".into() });
        if !effects.is_empty() {
            assert_eq!(effects, [stopped(1), unavailable()]);
            break;
        }
        assert_eq!(desk.waits(), [Effect::Connect]);
    }
    assert!(desk.now - died_at <= Duration::from_secs(4));
}

#[test]
fn a_service_that_can_be_reached_but_not_used_is_not_hammered() {
    check(
        &mut Desk::ready(),
        &[(speak(0), &[send(0)]), (Input::Refused, &[stopped(0), unavailable()])],
    );
}

#[test]
fn a_service_that_answers_nothing_is_given_up() {
    let mut desk = Desk::ready();
    assert_eq!(desk.does(speak(0)), [send(0)]);
    assert_eq!(desk.waits(), [Effect::Probe]);
    let mut effects = desk.waits();
    while effects.is_empty() {
        effects = desk.waits();
    }
    assert_eq!(effects, [stopped(0), unavailable()]);
}

#[test]
fn a_sentence_that_never_begins_or_never_ends_is_given_up() {
    for begins in [false, true] {
        let mut desk = Desk::ready();
        check(&mut desk, &[(speak(0), &[send(0)]), (Input::Accepted { id: 10 }, &[])]);
        if begins {
            assert_eq!(desk.does(Input::Began { id: 10 }), [begun(0)]);
        }
        let before = desk.now;
        assert_eq!(desk.waits_with_a_living_service(), [stopped(0), unavailable()]);
        assert!(desk.now - before < Duration::from_secs(10));
    }
}

#[test]
fn spelt_out_numbers_are_given_the_time_they_need() {
    // espeak-ng speaks these 30 digits, as one number, for 17 s.
    assert!(longest("123456789012345678901234567890", 1.0) > Duration::from_secs(18));
    assert!(longest("The quick brown fox jumps.", 1.0) < Duration::from_secs(9));
    assert!(longest("Slowly.", 0.5) > longest("Slowly.", 1.0));
}

/// What may happen next, the service being as confused as it likes.
fn anything() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Speak),
        1 => Just(Step::Stop),
        2 => Just(Step::Hold),
        2 => Just(Step::GoOn),
        1 => Just(Step::Connected),
        1 => Just(Step::ConnectFailed),
        4 => Just(Step::Accepted),
        1 => Just(Step::Refused),
        1 => any::<bool>().prop_map(Step::Probed),
        4 => (0u8..6).prop_map(Step::Began),
        4 => (0u8..6).prop_map(Step::Finished),
        1 => (0u8..6).prop_map(Step::CutOff),
        1 => Just(Step::Wait),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Speak,
    Stop,
    Hold,
    GoOn,
    Connected,
    ConnectFailed,
    Accepted,
    Refused,
    Probed(bool),
    Began(u8),
    Finished(u8),
    CutOff(u8),
    Wait,
}

proptest! {
    #[test]
    fn every_utterance_ends_or_is_stopped_exactly_once(
        steps in proptest::collection::vec(anything(), 1..120),
    ) {
        let mut desk = Desk::new();
        let (mut spoken, mut last_id, mut held) = (0, 0u64, false);
        let mut begun = BTreeMap::<usize, usize>::new();
        let mut over = BTreeMap::<usize, usize>::new();
        let mut stopped_before = 0;
        let steps = steps.into_iter().chain([Step::Stop]);
        for step in steps {
            // Reports name one of the latest utterances, or one to come.
            let id = |back: u8| (last_id + 2).saturating_sub(back.into());
            let input = match step {
                Step::Speak => {
                    spoken += 1;
                    speak(spoken - 1)
                }
                Step::Stop => Input::Stop,
                Step::Hold => Input::Hold,
                Step::GoOn => Input::GoOn,
                Step::Connected => Input::Connected { voices: vec![] },
                Step::ConnectFailed => Input::ConnectFailed { reason: "no service".into() },
                Step::Accepted => {
                    last_id += 1;
                    Input::Accepted { id: last_id }
                }
                Step::Refused => Input::Refused,
                Step::Probed(alive) => Input::Probed { alive },
                Step::Began(back) => Input::Began { id: id(back) },
                Step::Finished(back) => Input::Finished { id: id(back) },
                Step::CutOff(back) => Input::CutOff { id: id(back) },
                Step::Wait => {
                    desk.now = desk.queue.next_deadline().unwrap_or(desk.now);
                    Input::Tick
                }
            };
            let stops = matches!(input, Input::Stop);
            held = match step {
                Step::Hold => true,
                Step::GoOn | Step::Stop => false,
                _ => held,
            };
            for effect in desk.does(input) {
                // A voice that is lost is no longer held.
                held &= effect != unavailable();
                prop_assert!(!held || !matches!(effect, Effect::Send(_)), "sent while held");
                let Effect::Tell(event) = effect else { continue };
                match event {
                    VoiceEvent::Begun { index, .. } => {
                        *begun.entry(index).or_default() += 1;
                        prop_assert!(!over.contains_key(&index), "begun after it was over");
                    }
                    VoiceEvent::Ended { index, .. } => {
                        *over.entry(index).or_default() += 1;
                        prop_assert!(begun.contains_key(&index), "ended without beginning");
                        prop_assert!(index >= stopped_before, "ended after a stop");
                    }
                    VoiceEvent::Stopped { index, .. } => *over.entry(index).or_default() += 1,
                    VoiceEvent::Ready { .. }
                    | VoiceEvent::Level(_)
                    | VoiceEvent::Unavailable { .. } => {}
                }
            }
            if stops {
                stopped_before = spoken;
            }
        }
        prop_assert!(begun.values().all(|times| *times == 1), "begun twice: {begun:?}");
        let once: BTreeMap<_, _> = (0..spoken).map(|index| (index, 1)).collect();
        prop_assert_eq!(over, once);
    }
}
