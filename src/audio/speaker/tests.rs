//! A loudspeaker in virtual time, whose devices come and go as the test likes.

use super::output::{Output, Timing, line};
use super::*;
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
            Ok(Line { feed, device: Box::new(()) })
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
