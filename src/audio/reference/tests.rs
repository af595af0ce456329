use super::*;

const RATE: usize = SPEECH_RATE_HZ as usize;

fn tone(rate_hz: u32, seconds: f64) -> Vec<f32> {
    let step = std::f64::consts::TAU * 440.0 / f64::from(rate_hz);
    let count = (f64::from(rate_hz) * seconds) as usize;
    (0..count).map(|n| (0.5 * (step * n as f64).sin()) as f32).collect()
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn read(reference: &mut Reference, from: Instant, count: usize) -> Vec<f32> {
    let mut out = Vec::new();
    reference.read(from, count, &mut out);
    out
}

fn differ(sound: &[f32], expected: &[f32]) -> f32 {
    sound.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn what_is_played_in_pieces_is_read_at_its_time_with_silence_around() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch + ms(100);
    let mut at = begun;
    for piece in tone(24_000, 1.0).chunks(240) {
        writer.played(at, piece);
        at += ms(10);
    }
    let sound = read(&mut reference, begun - ms(50), RATE * 11 / 10);
    assert!(sound[..790].iter().all(|sample| *sample == 0.0));
    let expected = tone(SPEECH_RATE_HZ, 1.0);
    // The cut at either end rings.
    let worst = differ(&sound[800 + 400..800 + RATE - 400], &expected[400..RATE - 400]);
    assert!(worst < 0.01, "off by {worst}");
    assert!(sound[800 + RATE..].iter().all(|sample| *sample == 0.0));
}

#[test]
fn the_end_of_the_sound_is_read_though_nothing_follows() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch;
    writer.played(begun, &tone(24_000, 0.333));
    let sound = read(&mut reference, begun, RATE / 2);
    let expected = tone(SPEECH_RATE_HZ, 0.333);
    assert!(sound[5_000..5_300].iter().any(|sample| sample.abs() > 0.3));
    assert!(differ(&sound[400..4_900], &expected[400..4_900]) < 0.01);
}

#[test]
fn what_is_taken_back_is_not_read_and_what_is_told_anew_is() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch;
    writer.played(begun, &tone(24_000, 1.0));
    writer.silent_from(begun + ms(300));
    let sound = read(&mut reference, begun, RATE);
    assert!(sound[4_000..4_800].iter().any(|sample| sample.abs() > 0.4));
    assert!(sound[4_800..].iter().all(|sample| *sample == 0.0));

    writer.played(begun + ms(500), &tone(24_000, 0.4));
    writer.played(begun + ms(700), &[0.0; 2_400]);
    let sound = read(&mut reference, begun + ms(300), RATE / 2);
    assert!(sound[..3_150].iter().all(|sample| sample.abs() < 0.05));
    assert!(sound[3_600..6_000].iter().any(|sample| sample.abs() > 0.4));
    assert!(sound[6_400..].iter().all(|sample| sample.abs() < 0.05));
}

#[test]
fn moments_that_are_rounded_give_sound_without_a_seam() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch;
    for n in 0..20 {
        writer.played(begun + ms(100 * n), &tone(24_000, 2.0)[n as usize * 2_400..][..2_400]);
    }
    let mut out = Vec::new();
    for n in 0..75u64 {
        let rounding = Duration::from_micros(n * 7_919 % 100);
        assert!(!reference.follow(begun + ms(20 * n) + rounding, 320, &mut out));
    }
    let steepest = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    // A sine of 440 Hz rises by 0.087 a sample.
    assert!(steepest < 0.1, "a step of {steepest}");
}

#[test]
fn a_gap_in_the_capture_is_followed_at_once() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch;
    writer.played(begun + ms(1_000) + LEAD, &tone(24_000, 0.5));
    let mut out = Vec::new();
    assert!(!reference.follow(begun, 320, &mut out));
    assert!(reference.follow(begun + ms(1_000), 320, &mut out));
    assert!(out[..320].iter().all(|sample| *sample == 0.0));
    assert!(out[330..].iter().any(|sample| sample.abs() > 0.4));
}

#[test]
fn a_writer_that_nobody_reads_neither_waits_nor_grows() {
    let (writer, mut reference) = reference();
    let begun = reference.epoch;
    for n in 0..10_000 {
        writer.played(begun + ms(10 * n), &[0.1; 240]);
    }
    assert!(reference.inbox.len() <= WAITING_PIECES);
    read(&mut reference, begun + ms(60_000), RATE);
    assert!(reference.stretches.iter().map(|it| it.samples.len()).sum::<usize>() <= RATE);
    drop(reference);
    writer.played(begun, &[0.0; 240]);
}

#[test]
fn what_is_told_a_little_late_is_no_other_sound() {
    let (writer, mut reference) = reference();
    let mut at = reference.epoch;
    for piece in tone(24_000, 0.5).chunks(240) {
        writer.played(at, piece);
        // The reader is 5 ms ahead of what was told.
        read(&mut reference, at + ms(5), RATE / 100);
        at += ms(10);
    }
    assert_eq!(reference.stretches.len(), 1);
    read(&mut reference, at + ms(100), RATE / 100);
    assert!(reference.stretches.iter().all(|stretch| stretch.converter.is_none()), "it has ended");
}
