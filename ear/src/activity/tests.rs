use proptest::prelude::*;

use super::*;

const SPEECH: f32 = 0.9;
const SILENCE: f32 = 0.1;
/// Neither speech nor silence.
const UNSURE: f32 = 0.5;

/// So many frames of each score, and what was told of them in which frame.
fn changes(activity: &mut Activity, runs: &[(f32, usize)]) -> Vec<(usize, Change)> {
    let scores = runs.iter().flat_map(|&(score, frames)| std::iter::repeat_n(score, frames));
    scores.enumerate().filter_map(|(i, score)| Some((i, activity.push(score)?))).collect()
}

fn hands_free(runs: &[(f32, usize)]) -> Vec<(usize, Change)> {
    changes(&mut Activity::new(Manner::HANDS_FREE), runs)
}

fn frames(count: u64) -> u64 {
    count * FRAME
}

#[test]
fn speech_is_told_of_with_where_it_really_began_and_ended() {
    assert_eq!(
        hands_free(&[(SILENCE, 10), (SPEECH, 20), (SILENCE, 20)]),
        [(14, Change::Began { at: frames(9) }), (32, Change::Paused { at: frames(28) }),]
    );
}

#[test]
fn a_pause_is_known_at_most_a_frame_after_the_hangover() {
    let told = hands_free(&[(SPEECH, 20), (SILENCE, 20)]);
    let Some(&(frame, Change::Paused { at })) = told.last() else { panic!("{told:?}") };
    let known = frames(frame as u64 + 1);
    let hangover = samples(Manner::HANDS_FREE.hangover_ms);
    assert!((hangover..hangover + FRAME).contains(&(known - at)), "{known} {at}");
}

#[test]
fn a_cough_does_not_begin_speech() {
    assert_eq!(hands_free(&[(SILENCE, 10), (SPEECH, 4), (SILENCE, 2)].repeat(10)), []);
}

#[test]
fn who_paused_goes_on_with_a_short_word() {
    let (said, word) = ([(SPEECH, 20), (SILENCE, 10)], [(SPEECH, 4), (SILENCE, 10)]);
    let mut activity = Activity::new(Manner::HANDS_FREE);
    changes(&mut activity, &said);
    activity.set_manner(Manner::GOING_ON);
    assert!(matches!(changes(&mut activity, &word)[..], [(_, Change::Began { .. }), ..]));
}

#[test]
fn unsure_frames_neither_begin_speech_nor_end_it() {
    assert_eq!(hands_free(&[(UNSURE, 100)]), []);
    let mut activity = Activity::new(Manner::HANDS_FREE);
    let told = changes(&mut activity, &[(SPEECH, 3), (UNSURE, 5), (SPEECH, 2), (UNSURE, 100)]);
    assert_eq!(told, [(9, Change::Began { at: 0 })]);
    assert!(activity.is_speaking());
}

#[test]
fn a_gap_between_words_is_no_pause() {
    let told = hands_free(&[(SPEECH, 20), (SILENCE, 2)].repeat(10));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn only_speech_counts_as_speech() {
    let mut activity = Activity::new(Manner::BARGE_IN);
    changes(&mut activity, &[(SPEECH, 10), (SILENCE, 4), (UNSURE, 3), (SPEECH, 5)]);
    assert!(activity.is_speaking());
    assert_eq!(activity.speech_ms(), 15 * 32);
    changes(&mut activity, &[(SILENCE, 20), (SPEECH, 1)]);
    assert_eq!(activity.speech_ms(), 32, "it begins anew");
}

#[test]
fn silence_is_counted_from_where_speech_ended() {
    let mut activity = Activity::new(Manner::HANDS_FREE);
    changes(&mut activity, &[(SILENCE, 3)]);
    assert_eq!(activity.silent_for(), frames(3));
    changes(&mut activity, &[(SPEECH, 20)]);
    assert_eq!(activity.silent_for(), 0);
    changes(&mut activity, &[(SILENCE, 1)]);
    assert_eq!(activity.silent_for(), frames(1) + OFFSET_LAG);
    changes(&mut activity, &[(SILENCE, 30), (SPEECH, 1), (SILENCE, 1)]);
    assert_eq!(activity.silent_for(), frames(33) + OFFSET_LAG, "a click changes nothing");
}

#[test]
fn one_short_word_is_enough_whether_loud_or_soft() {
    let word = crate::vad::tests::speech("yes.flac");
    for gain in [1.0, 0.1, 0.02] {
        let word: Vec<f32> = word.iter().map(|sample| gain * sample).collect();
        for manner in [Manner::HANDS_FREE, Manner::BARGE_IN, Manner::RECORDING] {
            let mut activity = Activity::new(manner);
            let scores = crate::vad::tests::scores(&word);
            let told: Vec<Change> = scores.iter().filter_map(|&s| activity.push(s)).collect();
            assert!(matches!(told[..], [Change::Began { .. }, ..]), "{gain} {manner:?}: {told:?}");
        }
    }
}

#[test]
fn a_sentence_is_found_in_a_recording() {
    let sentence = crate::vad::tests::sentence();
    let mut sound = vec![0.0; 32_000];
    sound.extend(&sentence);
    sound.extend([0.0; 32_000]);
    let spans = spans(&sound).expect("spans");
    let (first, last) = (spans.first().expect("speech"), spans.last().expect("speech"));
    assert!((30_000..40_000).contains(&first.start), "{spans:?}");
    assert!((32_000 + sentence.len() as u64).abs_diff(last.end) < 16_000, "{spans:?}");
}

#[test]
fn a_recording_may_be_empty_or_shorter_than_a_frame() {
    for length in [0, 1, 511] {
        assert_eq!(spans(&vec![0.1; length]).expect("spans"), []);
    }
}

#[test]
fn whoever_is_cut_off_speaks_to_the_end() {
    let length = 20 * FRAME - 100;
    assert_eq!(spans_of(&[SPEECH; 20], length).last(), Some(&(0..length)));
}

fn manner() -> impl Strategy<Value = Manner> {
    (0.3f32..0.9, 0.0f32..0.3, 0u32..400, 0u32..600).prop_map(
        |(threshold, below, onset_ms, hangover_ms)| Manner {
            threshold,
            release_threshold: threshold - below,
            onset_ms,
            hangover_ms,
        },
    )
}

/// Scores that stay for a while, as those of sound do.
fn scores() -> impl Strategy<Value = Vec<f32>> {
    let run = (prop_oneof![0.0f32..1.0, Just(0.0), Just(1.0), Just(f32::NAN)], 1usize..20);
    prop::collection::vec(run, 0..40).prop_map(|runs| {
        runs.into_iter().flat_map(|(score, frames)| std::iter::repeat_n(score, frames)).collect()
    })
}

proptest! {
    #[test]
    fn began_and_paused_take_turns_and_never_overlap(manner in manner(), scores in scores()) {
        let mut activity = Activity::new(manner);
        let mut last = None;
        for (i, &score) in scores.iter().enumerate() {
            let heard = (i as u64 + 1) * FRAME;
            let change = activity.push(score);
            match (last, change) {
                (_, None) => {}
                (None, Some(Change::Began { at })) => prop_assert!(at <= heard),
                (Some(Change::Paused { at: paused }), Some(Change::Began { at })) => {
                    prop_assert!(paused <= at && at < heard);
                }
                (Some(Change::Began { at: began }), Some(Change::Paused { at })) => {
                    prop_assert!(began < at && at <= heard);
                }
                turns => prop_assert!(false, "{turns:?}"),
            }
            last = change.or(last);
            prop_assert_eq!(activity.is_speaking(), matches!(last, Some(Change::Began { .. })));
            prop_assert!(activity.silent_for() <= heard);
            prop_assert!(activity.speech_ms() * 16 <= heard);
        }
    }

    #[test]
    fn spans_are_in_order_apart_and_within_the_sound(scores in scores(), cut in 0u64..FRAME) {
        let length = (scores.len() as u64 * FRAME).saturating_sub(cut);
        let spans = spans_of(&scores, length);
        prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= length), "{spans:?}");
        prop_assert!(spans.is_sorted_by(|a, b| a.end <= b.start), "{spans:?}");
    }
}
