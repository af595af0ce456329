//! What is reported when, for a speaker that plays as it is told.

use super::*;
use crate::turn::TurnId;
use proptest::prelude::*;

const T: TurnId = TurnId(1);
/// Every letter lasts this many samples, spaces none.
const LETTER: usize = 1000;

fn utterance(index: usize, text: &str) -> Utterance {
    Utterance { turn: T, index, text: text.into(), gently: false }
}
fn begun(index: usize) -> VoiceEvent {
    VoiceEvent::Begun { turn: T, index }
}
fn ended(index: usize) -> VoiceEvent {
    VoiceEvent::Ended { turn: T, index }
}
fn stopped(index: usize, heard: usize) -> VoiceEvent {
    VoiceEvent::Stopped { turn: T, index, heard }
}

fn sound_of(clause: &str) -> Sound {
    let mut sound = Sound::default();
    let mut at = 0;
    for word in clause.split_whitespace() {
        at += clause[at..].find(word).expect("it is there");
        let begin = sound.samples.len();
        sound.samples.resize(begin + word.len() * LETTER, 0.1);
        sound.words.push(Word { text: at..at + word.len(), samples: begin..sound.samples.len() });
        at += word.len();
    }
    // A pause.
    sound.samples.resize(sound.samples.len() + LETTER, 0.0);
    sound
}

/// A script and the samples that were pushed for it.
struct Stage {
    script: Script,
    pushed: u64,
    heard: u64,
    told: Vec<VoiceEvent>,
}

impl Stage {
    fn new() -> Self {
        Self { script: Script::new(), pushed: 0, heard: 0, told: Vec::new() }
    }

    /// Makes one clause; which.
    fn make(&mut self) -> Option<String> {
        let clause = self.script.next_clause(self.pushed, self.heard)?.to_owned();
        self.deliver(&clause);
        Some(clause)
    }

    fn deliver(&mut self, clause: &str) {
        let sound = sound_of(clause);
        if self.script.made(&sound, self.pushed) {
            self.pushed += sound.samples.len() as u64;
        }
    }

    fn hear(&mut self, until: u64) {
        self.heard = until.min(self.pushed);
        let told = &mut self.told;
        self.script.heard(self.heard, &mut |event| told.push(event));
    }

    /// Holds her when `at` was heard and lets her go on; from where.
    fn hold(&mut self, at: u64) -> u64 {
        self.hear(at);
        let from = self.script.go_on_at(self.heard);
        // What is repeated is heard, and nothing new.
        self.hear(self.heard);
        from
    }

    /// Stops when `at` was heard.
    fn stop(&mut self, at: u64) {
        self.script.stop();
        let told = &mut self.told;
        self.script.silent(at.min(self.pushed), &mut |event| told.push(event));
        self.heard = self.pushed;
    }
}

#[test]
fn an_utterance_begins_with_its_first_sample_and_ends_with_its_last() {
    let mut stage = Stage::new();
    stage.script.speak(utterance(0, "One."));
    stage.script.speak(utterance(1, "Two."));
    while stage.make().is_some() {}
    stage.hear(0);
    assert_eq!(stage.told, []);
    stage.hear(1);
    assert_eq!(stage.told, [begun(0)]);
    stage.hear(4999);
    assert_eq!(stage.told, [begun(0)]);
    stage.hear(5001);
    assert_eq!(stage.told, [begun(0), ended(0), begun(1)]);
    stage.hear(10_000);
    assert_eq!(stage.told, [begun(0), ended(0), begun(1), ended(1)]);
    assert!(stage.script.is_idle());
}

#[test]
fn a_word_counts_when_its_greater_part_was_heard() {
    // "one two three": 3000 samples, 3000, 5000, and a pause.
    let cases = [
        (0, stopped(0, 0)),
        (1500, stopped(0, 0)),
        (1501, stopped(0, 3)),
        (4500, stopped(0, 3)),
        (4501, stopped(0, 7)),
        (8500, stopped(0, 7)),
        (8501, stopped(0, 13)),
        // All words to their ends: only silence was cut.
        (11_000, ended(0)),
    ];
    for (at, expected) in cases {
        let mut stage = Stage::new();
        stage.script.speak(utterance(0, "one two three"));
        stage.make();
        stage.hear(1);
        stage.stop(at);
        assert_eq!(stage.told, [begun(0), expected], "stopped at {at}");
    }
}

#[test]
fn bytes_are_counted_in_the_whole_text_and_the_unmade_is_not_heard() {
    let mut stage = Stage::new();
    stage.script.speak(utterance(0, "When the rain stops, we go home."));
    stage.script.speak(utterance(1, "Then."));
    assert_eq!(stage.make().as_deref(), Some("When the rain stops,"));
    assert_eq!(stage.make().as_deref(), Some("we go home."));
    stage.hear(1);
    // Into the "we" of the second clause.
    stage.stop(18_000 + 1900);
    assert_eq!(stage.told, [begun(0), stopped(0, 23), stopped(1, 0)]);
}

#[test]
fn after_a_hold_she_begins_the_word_again_that_was_cut() {
    let mut stage = Stage::new();
    stage.script.speak(utterance(0, "When the rain stops, we go home."));
    while stage.make().is_some() {}
    let mut script = stage.script;
    // "When" 0..4000, "the" ..7000, "rain" ..11000, "stops," ..17000, a pause.
    let cases = [
        (0, 0),
        (1, 0),
        (4000, 4000),
        (4001, 4000),
        (10_999, 7000),
        (17_500, 17_500),
        (18_000, 18_000),
        (18_001, 18_000),
        // All of it.
        (99_999, 99_999),
    ];
    for (at, expected) in cases {
        assert_eq!(script.go_on_at(at), expected, "held at {at}");
    }
    // Of one that lasts for ever, and where none is known, about a syllable.
    let item = script.items.front_mut().expect("it is being said");
    item.words[0].samples = 0..27_000;
    assert_eq!(script.go_on_at(26_000), 26_000 - STEP_BACK);
    let item = script.items.front_mut().expect("it is being said");
    item.words.clear();
    assert_eq!(script.go_on_at(9000), 9000 - STEP_BACK);
    assert_eq!(script.go_on_at(1000), 0);
}

#[test]
fn a_clause_that_was_being_made_when_she_was_stopped_is_not_played() {
    let mut stage = Stage::new();
    stage.script.speak(utterance(0, "Old words."));
    let old = stage.script.next_clause(0, 0).expect("a clause").to_owned();
    stage.stop(0);
    stage.script.speak(utterance(1, "New words."));
    // One at a time.
    assert_eq!(stage.script.next_clause(0, 0), None);
    stage.deliver(&old);
    assert_eq!(stage.pushed, 0);
    assert_eq!(stage.make().as_deref(), Some("New words."));
    stage.hear(20_000);
    assert_eq!(stage.told, [stopped(0, 0), begun(1), ended(1)]);
}

#[test]
fn she_works_some_seconds_ahead_and_no_further() {
    let mut stage = Stage::new();
    for index in 0..100 {
        stage.script.speak(utterance(index, "Some words to be said."));
    }
    while stage.make().is_some() {}
    let ahead_s = stage.pushed as f32 / voice::RATE_HZ as f32;
    assert!((8.0..10.0).contains(&ahead_s), "{ahead_s}");
    stage.hear(stage.pushed / 2);
    assert!(stage.make().is_some());
}

#[test]
fn what_has_nothing_to_be_said_begins_and_ends() {
    let mut stage = Stage::new();
    stage.script.speak(utterance(0, "…"));
    let clause = stage.script.next_clause(0, 0).map(str::to_owned);
    if clause.is_some() {
        assert!(stage.script.made(&Sound::default(), 0));
    }
    stage.hear(0);
    assert_eq!(stage.told, [begun(0), ended(0)]);
}

#[derive(Clone, Debug)]
enum Step {
    Speak,
    Make,
    Hear(u64),
    Hold(u64),
    Stop(u64),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_utterance_ends_once_and_no_more_is_heard_than_was_played(
        steps in prop::collection::vec(prop_oneof![
            3 => Just(Step::Speak),
            6 => Just(Step::Make),
            4 => (0u64..40_000).prop_map(Step::Hear),
            3 => (0u64..40_000).prop_map(Step::Hold),
            1 => (0u64..40_000).prop_map(Step::Stop),
        ], 1..80),
    ) {
        const TEXT: &str = "When the rain stops, we go. Then home.";
        let mut stage = Stage::new();
        let mut count = 0;
        for step in steps {
            match step {
                Step::Speak => {
                    stage.script.speak(utterance(count, TEXT));
                    count += 1;
                }
                Step::Make => { stage.make(); }
                Step::Hear(more) => stage.hear(stage.heard + more),
                Step::Hold(more) => {
                    let from = stage.hold(stage.heard + more);
                    let at = stage.heard;
                    prop_assert!(from <= at);
                    let words = stage.script.items.iter().flat_map(|item| &item.words);
                    let whole = words.filter(|w| w.samples.start >= from && w.samples.end <= at);
                    prop_assert_eq!(whole.count(), 0, "more than the cut word is said again");
                }
                Step::Stop(more) => stage.stop(stage.heard + more),
            }
        }
        stage.stop(stage.heard);
        let mut over = std::collections::HashMap::new();
        let mut began = std::collections::HashSet::new();
        for event in &stage.told {
            match event {
                VoiceEvent::Begun { index, .. } => prop_assert!(began.insert(*index)),
                VoiceEvent::Ended { index, .. } => {
                    prop_assert!(began.contains(index));
                    *over.entry(*index).or_insert(0) += 1;
                }
                VoiceEvent::Stopped { index, heard, .. } => {
                    prop_assert!(*heard <= TEXT.len() && TEXT.is_char_boundary(*heard));
                    prop_assert!(*heard == 0 || began.contains(index));
                    *over.entry(*index).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        prop_assert_eq!(over.len(), count);
        prop_assert!(over.values().all(|times| *times == 1));
    }
}
