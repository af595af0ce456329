//! The callback in virtual time: a producer and a device that take turns as
//! they like.

use super::*;
use proptest::prelude::*;

const RATE_HZ: u32 = 48_000;
/// 300 Hz at 0.5 moves by less than this from one sample to the next.
const STEEPEST: f32 = 0.5 * std::f32::consts::TAU * 300.0 / RATE_HZ as f32 * 1.01;
/// The steepest part of a fade adds this.
const FADE_STEP: f32 = 0.5 * 1.5 * 1000.0 / (RATE_HZ * FADE_MS) as f32 * 1.02;

struct Bench {
    feed: Feed,
    output: Output,
    /// Of the sine that is pushed.
    phase: usize,
    now_ns: u64,
    latency_ns: u64,
    played: Vec<f32>,
}

impl Bench {
    fn new() -> Self {
        let (feed, output) = line(RATE_HZ, 1000);
        let played = vec![0.0];
        Self { feed, output, phase: 0, now_ns: 0, latency_ns: 0, played }
    }

    fn push(&mut self, count: usize) {
        let sine: Vec<f32> = (self.phase..self.phase + count)
            .map(|n| 0.5 * (std::f32::consts::TAU * 300.0 * n as f32 / RATE_HZ as f32).sin())
            .collect();
        self.phase += self.feed.push(&sine);
    }

    fn play(&mut self, frames: usize) {
        let mut data = vec![0.0f32; frames * 2];
        let timing = Timing { now_ns: self.now_ns, latency_ns: self.latency_ns };
        self.output.fill(&mut data, 2, timing);
        self.played.extend(data.chunks_exact(2).map(|frame| {
            assert_eq!(frame[0], frame[1]);
            frame[0]
        }));
        self.now_ns += frames as u64 * 1_000_000_000 / u64::from(RATE_HZ);
    }

    fn steepest(&self) -> f32 {
        self.played.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    }

    fn sounding(&self) -> usize {
        self.played.iter().filter(|s| **s != 0.0).count()
    }
}

#[test]
fn sound_is_played_whole_between_two_fades() {
    let mut bench = Bench::new();
    bench.push(4800);
    bench.feed.finish();
    for _ in 0..20 {
        bench.play(480);
    }
    let fade = bench.output.fade;
    assert_eq!(bench.feed.underruns(), 0);
    assert_eq!(bench.feed.heard(bench.now_ns), 4800);
    // Between the fades the samples are as they were pushed.
    let sine = |n: usize| 0.5 * (std::f32::consts::TAU * 300.0 * n as f32 / 48_000.0).sin();
    for n in fade..4800 - fade {
        assert_eq!(bench.played[1 + n], sine(n), "sample {n}");
    }
    assert!(bench.played[4801..].iter().all(|s| *s == 0.0));
    assert!(bench.steepest() < STEEPEST + FADE_STEP);
}

#[test]
fn a_stop_is_silent_after_one_fade_and_says_where() {
    let mut bench = Bench::new();
    bench.push(40_000);
    bench.play(480);
    bench.feed.stop();
    assert_eq!(bench.feed.silent_from(), None);
    bench.play(480);
    let fade = bench.output.fade;
    assert_eq!(bench.feed.silent_from(), Some((480 + fade) as u64));
    assert!(bench.played[1 + 480 + fade..].iter().all(|s| *s == 0.0));
    assert!(bench.steepest() < STEEPEST + FADE_STEP);
    // What is pushed afterwards is played, nothing of what was before.
    bench.push(4800);
    bench.feed.finish();
    let before = bench.played.len();
    bench.play(9600);
    let heard = bench.played[before..].iter().rposition(|s| *s != 0.0).expect("sound");
    assert!((4700..4800).contains(&heard), "{heard}");
    assert_eq!(bench.feed.underruns(), 0);
}

#[test]
fn what_comes_while_the_device_asks_is_left_for_its_next_call() {
    let mut bench = Bench::new();
    bench.push(4800);
    bench.play(480);
    let mut available = 1;
    assert!(bench.output.next(0, u64::MAX, &mut available).is_some());
    bench.push(480);
    assert!(bench.output.level > 0, "she sounds");
    assert_eq!(bench.output.next(0, u64::MAX, &mut available), None);
    bench.play(480);
    assert_eq!(bench.output.read, 480 + 1 + 480);
}

#[test]
fn a_gap_is_faded_counted_and_followed_by_a_cushion() {
    let mut bench = Bench::new();
    bench.push(4800);
    for _ in 0..12 {
        bench.play(480);
    }
    assert_eq!(bench.feed.underruns(), 1);
    // Too little to go on with.
    let before = bench.sounding();
    bench.push(480);
    bench.play(480);
    assert_eq!(bench.sounding(), before);
    bench.push(9600);
    bench.play(480);
    assert!(bench.sounding() > before);
    bench.feed.finish();
    for _ in 0..30 {
        bench.play(480);
    }
    assert_eq!(bench.feed.underruns(), 1);
    assert!(bench.steepest() < STEEPEST + FADE_STEP);
}

#[test]
fn what_the_device_still_holds_was_not_heard() {
    let mut bench = Bench::new();
    bench.latency_ns = 20_000_000;
    bench.push(4800);
    bench.play(480);
    let called_at_ns = bench.now_ns - 10_000_000;
    assert_eq!(bench.feed.heard(called_at_ns), 0);
    assert_eq!(bench.feed.heard(called_at_ns + 20_000_000), 0);
    assert_eq!(bench.feed.heard(called_at_ns + 25_000_000), 240);
    assert_eq!(bench.feed.heard(called_at_ns + 60_000_000), 480);
}

#[test]
fn only_the_first_two_channels_carry_the_voice_in_every_format() {
    let (mut feed, mut output) = line(RATE_HZ, 1000);
    feed.push(&[0.25; 4800]);
    let mut data = vec![7u16; 6 * 1000];
    output.fill(&mut data, 6, Timing { now_ns: 0, latency_ns: 0 });
    let last = data.chunks_exact(6).last().expect("frames");
    assert_eq!(last, [40_960, 40_960, 32_768, 32_768, 32_768, 32_768]);
    let mut data = vec![7i16; 10];
    output.fill(&mut data, 1, Timing { now_ns: 0, latency_ns: 0 });
    assert_eq!(data, [8192; 10]);
}

#[test]
fn the_callback_allocates_nothing() {
    let (mut feed, mut output) = line(RATE_HZ, 1000);
    let mut data = vec![0i16; 960];
    let mut allocations = 0;
    // Silence, sound, a gap, a stop, and sound again.
    let acts: [fn(&mut Feed); 5] = [
        |_| {},
        |feed| assert_eq!(feed.push(&[0.5; 4000]), 4000),
        |_| {},
        Feed::stop,
        |feed| {
            feed.push(&[0.5; 9000]);
            feed.finish();
        },
    ];
    for act in acts {
        act(&mut feed);
        allocations += crate::audio::allocations::of(|| {
            for _ in 0..12 {
                output.fill(&mut data, 2, Timing { now_ns: 0, latency_ns: 0 });
            }
        });
    }
    assert_eq!(allocations, 0);
    assert_eq!(feed.underruns(), 1);
    assert!(feed.silent_from().is_some());
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Finish,
    Stop,
    Play(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..6000).prop_map(Step::Push),
        1 => Just(Step::Finish),
        1 => Just(Step::Stop),
        6 => (1usize..1500).prop_map(Step::Play),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_order_of_pushes_stops_and_gaps_clicks_or_runs_the_clock_back(
        steps in prop::collection::vec(any_step(), 1..80),
        latency_ns in 0u64..50_000_000,
    ) {
        let mut bench = Bench::new();
        bench.latency_ns = latency_ns;
        let (mut heard, mut steepest) = (0, 0.0f32);
        for step in steps {
            match step {
                Step::Push(count) => bench.push(count),
                Step::Finish => bench.feed.finish(),
                Step::Stop => {
                    bench.feed.stop();
                    // The sine may begin anywhere after what was dropped.
                    bench.phase += 37;
                }
                Step::Play(frames) => bench.play(frames),
            }
            let now = bench.feed.heard(bench.now_ns);
            prop_assert!(now >= heard, "the clock ran back from {heard} to {now}");
            prop_assert!(now <= bench.feed.pushed());
            if let Some(from) = bench.feed.silent_from() {
                prop_assert!(from <= bench.feed.pushed());
            }
            heard = now;
            steepest = bench.steepest();
        }
        prop_assert!(steepest < STEEPEST + FADE_STEP, "a jump of {steepest}");
    }

    #[test]
    fn without_stops_everything_is_heard_in_the_end(
        pushes in prop::collection::vec((0usize..3000, 1usize..1500), 1..40),
    ) {
        let mut bench = Bench::new();
        for (count, frames) in pushes {
            bench.push(count);
            bench.play(frames);
        }
        bench.feed.finish();
        bench.play(RATE_HZ as usize);
        bench.play(1);
        prop_assert_eq!(bench.feed.heard(bench.now_ns), bench.feed.pushed());
    }
}
