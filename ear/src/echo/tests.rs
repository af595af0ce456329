use super::*;
use std::ops::Range;

const SECOND: usize = RATE_HZ as usize;
const FRAME: usize = crate::vad::FRAME_SAMPLES;

/// Noise in syllables of a quarter second, like nobody else's.
fn voice(seed: u64, seconds: usize) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut sound = Vec::new();
    while sound.len() < seconds * SECOND {
        let loudness = 0.05 + 0.3 * random.f32();
        sound.extend((0..SECOND / 4).map(|_| loudness * (2.0 * random.f32() - 1.0)));
    }
    sound
}

/// What comes back of it: 80 ms later, at half the amplitude, with a tail.
fn echo(played: &[f32]) -> Vec<f32> {
    let delays_ms = [80, 87, 101, 124, 150];
    let mut heard = vec![0.0; played.len()];
    for (n, delay_ms) in delays_ms.into_iter().enumerate() {
        let delay = delay_ms * SECOND / 1000;
        for (to, sample) in heard[delay..].iter_mut().zip(played) {
            *to += 0.5f32.powi(n as i32 + 1) * sample;
        }
    }
    heard
}

fn silence(seconds: usize) -> Vec<f32> {
    vec![0.0; seconds * SECOND]
}

fn add(sound: &mut [f32], at: Range<usize>, other: &[f32]) {
    sound[at].iter_mut().zip(other).for_each(|(to, sample)| *to += sample);
}

fn power(sound: &[f32]) -> f32 {
    sound.iter().map(|sample| sample * sample).sum::<f32>() / sound.len() as f32
}

/// The cancelled sound, and for each frame whether speech there would be a
/// person's.
fn cancel(canceller: &mut EchoCanceller, heard: &[f32], played: &[f32]) -> (Vec<f32>, Vec<bool>) {
    let (mut out, mut persons) = (Vec::new(), Vec::new());
    for (heard, played) in heard.chunks(FRAME).zip(played.chunks(FRAME)) {
        canceller.process(heard, played, &mut out);
        persons.push(person(1.0, &canceller.state()) > 0.5);
    }
    (out, persons)
}

fn frames(seconds: Range<f32>) -> Range<usize> {
    let frame = |at: f32| (at * SECOND as f32) as usize / FRAME;
    frame(seconds.start)..frame(seconds.end)
}

#[test]
fn what_the_loudspeaker_plays_is_taken_out_of_the_microphone() {
    let played = voice(1, 8);
    let heard = echo(&played);
    let (out, _) = cancel(&mut EchoCanceller::new(), &heard, &played);
    let settled = 6 * SECOND..8 * SECOND - FRAME;
    let left_db = 10.0 * (power(&out[settled.clone()]) / power(&heard[settled])).log10();
    assert!(left_db < -20.0, "{left_db} dB are left");
}

#[test]
fn her_own_voice_is_no_person_from_the_first_word_on() {
    let mut played = silence(1);
    played.extend(voice(2, 6));
    let (_, persons) = cancel(&mut EchoCanceller::new(), &echo(&played), &played);
    // Before it, only a person could speak.
    let wrong: Vec<usize> = frames(1.3..7.0).filter(|frame| persons[*frame]).collect();
    assert!(wrong.is_empty(), "frames {wrong:?}");
}

#[test]
fn whoever_talks_over_her_is_a_person_and_is_left_as_they_are() {
    let played = voice(3, 10);
    let mut heard = echo(&played);
    // Noise has none of the gaps that speech has between its tones, in which
    // another voice stands out: it has to be louder.
    let words: Vec<f32> = voice(4, 1).iter().map(|sample| 2.0 * sample).collect();
    let over = 7 * SECOND..8 * SECOND;
    add(&mut heard, over.clone(), &words);
    let (out, persons) = cancel(&mut EchoCanceller::new(), &heard, &played);
    let noticed = frames(7.1..8.0).filter(|frame| persons[*frame]).count();
    let share = noticed as f32 / frames(7.1..8.0).len() as f32;
    assert!(share > 0.7, "{share} of their frames");
    let rest: Vec<f32> = out[over].iter().zip(&words).map(|(out, word)| out - word).collect();
    let spoilt_db = 10.0 * (power(&rest) / power(&words)).log10();
    assert!(spoilt_db < -8.0, "{spoilt_db} dB of them are spoilt");
}

#[test]
fn an_echo_that_jumps_is_still_hers() {
    let played = voice(6, 12);
    let mut heard = echo(&played);
    // From here on it comes 20 ms later: a sound system that stalled.
    let (at, late) = (7 * SECOND, SECOND / 50);
    heard.copy_within(at..12 * SECOND - late, at + late);
    let (_, persons) = cancel(&mut EchoCanceller::new(), &heard, &played);
    let wrong: Vec<usize> = frames(0.5..11.9).filter(|frame| persons[*frame]).collect();
    assert!(wrong.len() < 5, "frames {wrong:?}");
}

#[test]
fn an_echo_that_comes_a_little_later_or_earlier_is_followed_at_once() {
    let played = voice(13, 30);
    let mut heard = echo(&played);
    // As where a sound system stalls for a moment, and catches up on it.
    heard.copy_within(15 * SECOND..30 * SECOND - 4, 15 * SECOND + 4);
    heard.copy_within(20 * SECOND + 60..30 * SECOND, 20 * SECOND);
    let (out, persons) = cancel(&mut EchoCanceller::new(), &heard, &played);
    for settled in [12..15, 17..20, 22..29] {
        let settled = settled.start * SECOND..settled.end * SECOND;
        let left_db =
            10.0 * (power(&out[settled.clone()]) / power(&heard[settled.clone()])).log10();
        assert!(left_db < -22.0, "{left_db} dB are left in {settled:?}");
    }
    assert!(!persons[frames(12.0..29.9)].contains(&true));
}

#[test]
fn who_interrupts_her_again_and_again_does_not_move_her_echo() {
    let played = voice(14, 50);
    let mut heard = echo(&played);
    let words: Vec<f32> = voice(15, 2).iter().map(|sample| 2.0 * sample).collect();
    for second in (20..44).step_by(4) {
        add(&mut heard, second * SECOND..(second * 2 + 3) * SECOND / 2, &words);
    }
    let mut canceller = EchoCanceller::new();
    for (second, (heard, played)) in heard.chunks(SECOND).zip(played.chunks(SECOND)).enumerate() {
        cancel(&mut canceller, heard, played);
        assert!(!canceller.has_lost_her(), "second {second}");
    }
}

#[test]
fn a_sound_just_before_she_begins_does_not_make_her_a_person() {
    let mut played = voice(16, 12);
    played.extend(silence(2));
    played.extend(voice(17, 2));
    let mut heard = echo(&played);
    let knock: Vec<f32> = voice(18, 1)[..SECOND / 5].to_vec();
    add(&mut heard, 14 * SECOND - SECOND / 6..14 * SECOND + SECOND / 30, &knock);
    let (_, persons) = cancel(&mut EchoCanceller::new(), &heard, &played);
    let wrong = frames(14.1..15.9).filter(|frame| persons[*frame]).count();
    assert!(wrong <= 5, "{wrong} frames, and six would be an onset");
}

#[test]
fn an_echo_that_moves_on_and_on_is_lost_until_it_rests() {
    let played = voice(12, 80);
    let mut heard = echo(&played);
    let late = SECOND / 50;
    for second in (40..60).step_by(2) {
        let at = second * SECOND;
        heard.copy_within(at..at + SECOND - late, at + late);
    }
    let mut canceller = EchoCanceller::new();
    let mut lost = Vec::new();
    for (heard, played) in heard.chunks(SECOND).zip(played.chunks(SECOND)) {
        canceller.process(heard, played, &mut Vec::new());
        lost.push(canceller.has_lost_her());
    }
    assert!(!lost[..40].contains(&true), "{lost:?}");
    assert!(lost[45..60].contains(&true), "{lost:?}");
    assert!(!lost[79], "{lost:?}");
}

#[test]
fn while_she_is_silent_every_voice_is_a_person_and_passes_unchanged() {
    let heard = voice(5, 3);
    let (out, persons) = cancel(&mut EchoCanceller::new(), &heard, &silence(3));
    assert!(persons.iter().all(|person| *person));
    let mut highpass = HighPass::default();
    let expected: Vec<f32> = heard.iter().map(|sample| highpass.next(*sample)).collect();
    assert_eq!(out, expected[..out.len()]);
}

#[test]
fn what_was_learned_of_the_room_outlasts_a_long_silence() {
    let mut played = voice(6, 6);
    played.extend(silence(40));
    played.extend(voice(7, 1));
    let heard = echo(&played);
    let (out, _) = cancel(&mut EchoCanceller::new(), &heard, &played);
    let again = 46 * SECOND + SECOND / 10..47 * SECOND - FRAME;
    let left_db = 10.0 * (power(&out[again.clone()]) / power(&heard[again])).log10();
    assert!(left_db < -15.0, "{left_db} dB are left");
}

#[test]
fn pieces_of_any_size_give_the_same_sound() {
    let played = voice(8, 2);
    let heard = echo(&played);
    let (mut whole, mut pieces) = (Vec::new(), Vec::new());
    EchoCanceller::new().process(&heard, &played, &mut whole);
    let mut canceller = EchoCanceller::new();
    let (mut at, mut random) = (0, fastrand::Rng::with_seed(9));
    while at < heard.len() {
        let end = (at + random.usize(..700)).min(heard.len());
        canceller.process(&heard[at..end], &played[at..end], &mut pieces);
        at = end;
    }
    assert_eq!(whole, pieces);
}

#[test]
fn a_short_reference_is_followed_by_silence_and_no_number_by_no_harm() {
    let mut heard = voice(10, 2);
    heard[100] = f32::NAN;
    heard[200] = f32::INFINITY;
    let mut out = Vec::new();
    let mut canceller = EchoCanceller::new();
    canceller.process(&heard, &voice(11, 1), &mut out);
    assert_eq!(out.len(), heard.len());
    assert!(out.iter().all(|sample| sample.is_finite()));
    assert!(canceller.state().left_db.is_finite());
}

#[test]
fn speech_is_hers_when_it_is_faint_beside_her_echo_or_like_it() {
    let alone = EchoState {
        echo_possible: false,
        left_db: 90.0,
        usual_left_db: None,
        above_db: None,
        likeness: 0.0,
    };
    let over = EchoState { echo_possible: true, left_db: -3.0, likeness: 0.05, ..alone };
    let known = EchoState { usual_left_db: Some(-25.0), ..over };
    let cases = [
        (alone, 0.9),
        (over, 0.9),
        (EchoState { left_db: -25.0, ..over }, 0.0),
        (EchoState { likeness: 0.4, ..over }, 0.0),
        (EchoState { above_db: Some(0.1), ..over }, 0.0),
        (EchoState { above_db: Some(1.5), ..over }, 0.9),
        // Whose echo is known well is told by what is left alone.
        (EchoState { left_db: -15.0, above_db: Some(0.2), ..known }, 0.9),
        (EchoState { left_db: -15.0, above_db: Some(0.0), ..known }, 0.0),
        (EchoState { left_db: -20.0, above_db: Some(1.5), ..known }, 0.0),
        (EchoState { likeness: 0.4, ..known }, 0.0),
    ];
    for (state, expected) in cases {
        assert_eq!(person(0.9, &state), expected, "{state:?}");
    }
}
