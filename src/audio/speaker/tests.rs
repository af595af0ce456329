//! A loudspeaker in virtual time, whose devices come and go as the test likes.

use super::output::{Output, Timing, line};
use super::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

/// What the next attempt to open finds: a rate, or nothing.
type Plugged = Arc<Mutex<Option<u32>>>;

struct Desk {
    speaker: Speaker,
    plugged: Plugged,
    opened: Receiver<Output>,
    /// The device that is open and calls back.
    device: Option<Output>,
    rate_hz: u32,
    now: Instant,
    /// The device calls this much late.
    late_ns: u64,
    played: Vec<f32>,
    told: Vec<SpeakerEvent>,
}

impl Desk {
    fn new(rate_hz: Option<u32>) -> Self {
        let plugged = Arc::new(Mutex::new(rate_hz));
        let (tx, opened) = unbounded();
        let desk = plugged.clone();
        let open: Opener = Box::new(move |wish: Wish| {
            let rate_hz = desk.lock().expect("one thread").ok_or(SpeakerError::NoSpeaker)?;
            let (feed, output) = line(rate_hz, 2 * wish.period_ms);
            tx.send(output).expect("the test lives");
            Ok(Line { feed, device: Box::new(()), period_ms: wish.period_ms })
        });
        let speaker = Speaker::with(open).expect("a thread");
        let now = speaker.epoch + Duration::from_secs(1);
        Self {
            speaker,
            plugged,
            opened,
            device: None,
            rate_hz: rate_hz.unwrap_or(RATE_HZ),
            now,
            late_ns: 0,
            played: Vec::new(),
            told: Vec::new(),
        }
    }

    fn plug(&mut self, rate_hz: Option<u32>) {
        *self.plugged.lock().expect("one thread") = rate_hz;
        self.rate_hz = rate_hz.unwrap_or(self.rate_hz);
    }

    /// Samples that say which they are.
    fn push(&mut self, count: usize) {
        let from = self.speaker.pushed();
        let samples: Vec<f32> = (from..from + count as u64).map(|n| n as f32 / 1e6).collect();
        self.speaker.push(&samples, 1.0);
    }

    /// Time passes in steps of 10 ms; whatever is open plays.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += Duration::from_millis(10);
            self.told.extend(self.speaker.poll(self.now));
            while matches!(self.speaker.device, Device::Opening { .. }) {
                // The other thread works in real time; in the test's, at once.
                let answer = self.speaker.answers.recv().expect("an answer");
                self.speaker.answered(answer, self.now);
                self.device = self.opened.try_iter().last();
                self.told.extend(self.speaker.poll(self.now));
            }
            if let Some(device) = &mut self.device {
                let now_ns = (self.now - self.speaker.epoch).as_nanos() as u64;
                let now_ns = now_ns + self.late_ns;
                let mut data = vec![0.0f32; self.rate_hz as usize / 100];
                device.fill(&mut data, 1, Timing { now_ns, latency_ns: 0 });
                self.played.extend(data);
            }
        }
    }

    fn told(&mut self) -> Vec<SpeakerEvent> {
        std::mem::take(&mut self.told)
    }

    /// Which samples were played, without fades and silence.
    fn places(&self) -> Vec<u64> {
        self.played.iter().map(|s| (s * 1e6).round() as u64).filter(|place| *place > 0).collect()
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn what_is_pushed_is_heard_and_the_device_is_closed_when_all_was() {
    for rate_hz in [24_000, 44_100, 48_000] {
        let mut desk = Desk::new(Some(rate_hz));
        assert_eq!(desk.speaker.period(), None);
        desk.push(36_000);
        desk.speaker.finish();
        desk.pass(SECOND);
        assert!((22_000..25_000).contains(&desk.speaker.heard()), "{}", desk.speaker.heard());
        desk.pass(SECOND);
        assert_eq!(desk.speaker.heard(), 36_000, "at {rate_hz} Hz");
        assert_eq!(desk.speaker.underruns(), 0);
        desk.pass(IDLE);
        assert_eq!(desk.speaker.period(), None, "it is still open");
        // And again.
        desk.push(12_000);
        desk.speaker.finish();
        desk.pass(SECOND);
        assert_eq!(desk.speaker.heard(), 48_000);
        assert_eq!(desk.told(), [SpeakerEvent::Available]);
    }
}

#[test]
fn it_tells_how_loud_that_is_which_is_being_heard() {
    let mut desk = Desk::new(Some(48_000));
    assert_eq!(desk.speaker.level(), 0.0);
    desk.speaker.push(&[0.4; RATE_HZ as usize], 0.5);
    desk.speaker.push(&[0.0; RATE_HZ as usize], 0.5);
    desk.speaker.finish();
    desk.pass(SECOND / 2);
    assert!((desk.speaker.level() - 0.2).abs() < 1e-4, "{}", desk.speaker.level());
    desk.pass(SECOND);
    assert!(desk.speaker.heard() < desk.speaker.pushed());
    assert_eq!(desk.speaker.level(), 0.0, "what is heard now is silence");
    desk.speaker.push(&[0.4; RATE_HZ as usize], 1.0);
    desk.pass(SECOND);
    assert!(desk.speaker.level() > 0.3);
    desk.speaker.hold(desk.now);
    assert_eq!(desk.speaker.level(), 0.0, "she is held");
}

#[test]
fn a_lost_device_is_replaced_and_nothing_unheard_is_left_out() {
    let mut desk = Desk::new(Some(RATE_HZ));
    desk.push(72_000);
    desk.speaker.finish();
    desk.pass(SECOND);
    // It takes what it is given no more.
    desk.device = None;
    let heard = desk.speaker.heard();
    desk.pass(SILENT_AFTER - Duration::from_millis(50));
    assert!(desk.speaker.heard() - heard <= 240, "the unheard counts as heard");
    let last = desk.places().last().copied();
    desk.plug(Some(RATE_HZ));
    desk.pass(SECOND * 4);
    assert_eq!(desk.speaker.heard(), 72_000);
    let places = desk.places();
    let gap = places.windows(2).find(|pair| pair[1] > pair[0] + 400);
    assert_eq!(gap, None, "samples were left out");
    assert!(places.iter().position(|p| Some(*p) == last) < Some(places.len() - 1));
}

#[test]
fn the_sound_system_that_reports_a_dead_stream_is_believed_at_once() {
    let mut desk = Desk::new(Some(RATE_HZ));
    desk.push(72_000);
    desk.speaker.finish();
    desk.pass(SECOND);
    if let Device::Open(playing) = &desk.speaker.device {
        playing.line.feed.failing()();
    }
    desk.device = None;
    desk.pass(SECOND * 3);
    assert_eq!(desk.speaker.heard(), 72_000);
}

#[test]
fn without_a_device_it_says_so_once_and_plays_when_there_is_one() {
    let mut desk = Desk::new(None);
    desk.speaker.wake(desk.now);
    desk.pass(SECOND * 10);
    let reason = SpeakerError::NoSpeaker.to_string();
    assert_eq!(desk.told(), [SpeakerEvent::Unavailable { reason }]);
    desk.push(24_000);
    desk.speaker.finish();
    desk.pass(SECOND);
    assert_eq!(desk.speaker.heard(), 0);
    desk.plug(Some(RATE_HZ));
    desk.pass(RETRY_EVERY + SECOND * 2);
    assert_eq!(desk.told(), [SpeakerEvent::Available]);
    assert_eq!(desk.speaker.heard(), 24_000);
}

#[test]
fn a_stop_tells_the_first_sample_that_was_not_heard() {
    let mut desk = Desk::new(Some(48_000));
    desk.push(48_000);
    desk.pass(SECOND);
    desk.speaker.stop(desk.now);
    // Pushed before the stop was carried out: it belongs to what follows.
    desk.push(2400);
    desk.speaker.stop(desk.now);
    desk.push(2400);
    desk.speaker.finish();
    desk.pass(SECOND);
    let told = desk.told();
    let [SpeakerEvent::Available, SpeakerEvent::Silent { from }] = told[..] else {
        panic!("{told:?}")
    };
    assert!((23_000..25_000).contains(&from), "{from}");
    let places = desk.places();
    assert!(places.iter().any(|place| *place > 50_400), "what follows is not played");
    // But for the samples of a fade, which look like earlier ones.
    let between = places.iter().filter(|place| (25_000..50_400).contains(*place)).count();
    assert!(between < 48 * 6, "it plays on");
    assert_eq!(desk.speaker.heard(), 52_800);
    assert_eq!(desk.speaker.underruns(), 0);
}

#[test]
fn a_stop_on_a_dead_device_is_done_all_the_same() {
    let mut desk = Desk::new(Some(RATE_HZ));
    desk.push(48_000);
    desk.pass(SECOND);
    desk.device = None;
    let heard = desk.speaker.heard();
    desk.speaker.stop(desk.now);
    desk.pass(STOP_WITHIN + Duration::from_millis(20));
    assert_eq!(desk.told(), [SpeakerEvent::Available, SpeakerEvent::Silent { from: heard }]);
}

#[test]
fn a_computer_that_is_too_busy_gets_longer_periods_and_no_sample_is_left_out() {
    let mut desk = Desk::new(Some(RATE_HZ));
    desk.push(96_000);
    desk.speaker.finish();
    for late_ms in [0, 30, 0, 30, 0] {
        desk.late_ns = late_ms * 1_000_000;
        desk.pass(Duration::from_millis(if late_ms > 0 { 10 } else { 300 }));
    }
    assert_eq!(desk.speaker.period_ms, 2 * SHORTEST_PERIOD_MS);
    desk.pass(SECOND * 4);
    assert_eq!(desk.speaker.heard(), 96_000);
    let places = desk.places();
    let gap = places.windows(2).find(|pair| pair[1] > pair[0] + 400);
    assert_eq!(gap, None, "samples were left out");
    // Untroubled, it is shorter next time.
    desk.pass(IDLE + SECOND);
    assert_eq!(desk.speaker.period_ms, SHORTEST_PERIOD_MS);
    assert_eq!(desk.told(), [SpeakerEvent::Available]);
}

#[test]
fn held_she_falls_silent_at_once_and_goes_on_where_she_is_told() {
    for rate_hz in [24_000, 44_100, 48_000] {
        let mut desk = Desk::new(Some(rate_hz));
        desk.push(48_000);
        desk.pass(SECOND);
        desk.speaker.hold(desk.now);
        assert_eq!(desk.speaker.period(), Some(STOPPING_PERIOD));
        desk.pass(Duration::from_millis(20));
        let at = desk.speaker.held_at().expect("it is silent");
        assert!((23_000..25_000).contains(&at), "{at}");
        let sounded = desk.places().len();
        // More may be pushed meanwhile.
        desk.push(24_000);
        desk.speaker.finish();
        desk.speaker.hold(desk.now);
        desk.pass(HELD_OPEN - SECOND);
        assert_eq!((desk.speaker.heard(), desk.places().len()), (at, sounded));
        assert!(matches!(desk.speaker.device, Device::Open(_)), "it was closed");

        desk.speaker.resume(at - 5000, desk.now);
        desk.pass(Duration::from_millis(100));
        assert_eq!(desk.speaker.heard(), at, "what is repeated counts twice");
        desk.pass(SECOND * 3);
        assert_eq!(desk.speaker.heard(), 72_000);
        let again = desk.places()[sounded + 400];
        assert!((at - 5000..at - 4000).contains(&again), "{again} after {at}");
        assert_eq!(desk.speaker.underruns(), 0);
        assert_eq!(desk.told(), [SpeakerEvent::Available]);
    }
}

#[test]
fn held_for_very_long_the_device_is_closed_and_opened_again() {
    let mut desk = Desk::new(Some(RATE_HZ));
    desk.push(48_000);
    desk.speaker.finish();
    desk.pass(SECOND);
    desk.speaker.hold(desk.now);
    desk.pass(HELD_OPEN + IDLE + SECOND);
    assert!(matches!(desk.speaker.device, Device::Closed { .. }), "it is still open");
    assert_eq!(desk.speaker.period(), None);
    let at = desk.speaker.held_at().expect("it is held");
    desk.speaker.resume(at - 1000, desk.now);
    desk.pass(SECOND * 2);
    assert_eq!(desk.speaker.heard(), 48_000);
}

#[test]
fn a_stop_ends_a_hold_and_tells_what_was_heard_before_it() {
    let mut desk = Desk::new(Some(48_000));
    desk.push(48_000);
    desk.pass(SECOND);
    desk.speaker.hold(desk.now);
    desk.pass(SECOND);
    let at = desk.speaker.heard();
    desk.speaker.stop(desk.now);
    desk.push(2400);
    desk.speaker.finish();
    desk.pass(SECOND);
    assert_eq!(desk.told(), [SpeakerEvent::Available, SpeakerEvent::Silent { from: at }]);
    assert_eq!(desk.speaker.heard(), 50_400);
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Pass(u64),
    Hold,
    Resume(u64),
    Stop,
    Unplug,
    Late,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_often_she_is_held_every_sample_is_heard(
        rate_hz in prop::sample::select(vec![24_000u32, 44_100, 48_000]),
        steps in prop::collection::vec(prop_oneof![
            4 => (1usize..12_000).prop_map(Step::Push),
            4 => (1u64..40).prop_map(Step::Pass),
            3 => Just(Step::Hold),
            3 => (0u64..6000).prop_map(Step::Resume),
            1 => Just(Step::Stop),
            1 => Just(Step::Unplug),
            1 => Just(Step::Late),
        ], 1..40),
    ) {
        let mut desk = Desk::new(Some(rate_hz));
        let (mut heard, mut stops) = (0, 0);
        // What a stop drops is the only thing that may be left out.
        let mut dropped = Vec::new();
        for step in steps {
            match step {
                Step::Push(count) => desk.push(count),
                Step::Pass(steps) => desk.pass(Duration::from_millis(10) * steps as u32),
                Step::Hold => desk.speaker.hold(desk.now),
                Step::Resume(back) => {
                    if let Some(at) = desk.speaker.held_at() {
                        desk.speaker.resume(at.saturating_sub(back), desk.now);
                    }
                }
                Step::Stop => {
                    stops += 1;
                    dropped.push(desk.speaker.heard()..desk.speaker.pushed());
                    desk.speaker.stop(desk.now);
                    desk.pass(STOP_WITHIN);
                }
                Step::Unplug => {
                    if let Device::Open(playing) = &desk.speaker.device {
                        playing.line.feed.failing()();
                    }
                    desk.device = None;
                }
                Step::Late => {
                    desk.late_ns = 30_000_000;
                    desk.pass(Duration::from_millis(10));
                    desk.late_ns = 0;
                }
            }
            prop_assert!(desk.speaker.heard() >= heard, "the clock ran back");
            heard = desk.speaker.heard();
        }
        desk.pass(Duration::from_millis(200));
        let at = desk.speaker.heard();
        desk.speaker.resume(at, desk.now);
        desk.speaker.finish();
        desk.pass(SECOND * 22);
        prop_assert_eq!(desk.speaker.heard(), desk.speaker.pushed());
        let silences = desk.told().iter().filter(|e| matches!(e, SpeakerEvent::Silent { .. })).count();
        prop_assert_eq!(silences, stops);
        let mut is_played = vec![false; desk.speaker.pushed() as usize + 1];
        for place in desk.places() {
            if let Some(is_played) = is_played.get_mut(place as usize) {
                *is_played = true;
            }
        }
        for range in dropped {
            is_played[range.start as usize..range.end as usize].fill(true);
        }
        // Two fades, where one sound ends and the next begins, in which a place
        // can't be read well; together at most 18 ms.
        let longest = is_played.split(|is_played| *is_played).map(<[bool]>::len).max();
        prop_assert!(longest <= Some(432), "{longest:?} samples in a row are not heard");
    }
}

/// Hears nothing and goes by the moments as long as it is told to.
struct Follower(Arc<Mutex<bool>>);

impl Tap for Follower {
    fn played(&self, _heard_from: Instant, _samples: &[f32]) {}

    fn silent_from(&self, _at: Instant) {}

    fn is_followed(&self) -> bool {
        *self.0.lock().expect("one thread")
    }
}

#[test]
fn while_somebody_goes_by_its_moments_it_takes_more_at_a_time_and_stays_open() {
    let mut desk = Desk::new(Some(RATE_HZ));
    let is_followed = Arc::new(Mutex::new(false));
    desk.speaker.tap = Some(Box::new(Follower(is_followed.clone())));
    let period_ms = |desk: &Desk| match &desk.speaker.device {
        Device::Open(playing) => Some(playing.line.period_ms),
        _ => None,
    };
    desk.push(24_000);
    desk.speaker.finish();
    desk.pass(SECOND / 2);
    *is_followed.lock().expect("one thread") = true;
    desk.pass(SECOND / 4);
    assert_eq!(period_ms(&desk), Some(SHORTEST_PERIOD_MS), "not amid her words");
    desk.pass(SECOND);
    assert_eq!(period_ms(&desk), Some(SHORTEST_IF_FOLLOWED_MS));
    desk.pass(IDLE * 2);
    assert_eq!(period_ms(&desk), Some(SHORTEST_IF_FOLLOWED_MS), "it was closed");
    *is_followed.lock().expect("one thread") = false;
    desk.pass(SECOND);
    assert_eq!(period_ms(&desk), None);
}
