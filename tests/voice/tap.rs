//! What her voice tells the echo canceller, against what the speaker played.

use super::{PATIENCE, Stage, begun, ended, style};
use crate::is_level;
use crossbeam_channel::{Receiver, unbounded};
use rehearsal::{Sound, undisturbed, watched};
use samantha::audio::speaker::Tap;
use samantha::speech::{Utterance, Voice, VoiceEvent, natural};
use samantha::turn::TurnId;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use voice::{Manner, RATE_HZ, Synthesizer, Word};

/// Says each word as a quarter of a second of noise that never repeats, the
/// last fifth of it silent.
struct Noise(u64);

impl Synthesizer for Noise {
    fn synthesize(&mut self, clause: &str, _manner: &Manner) -> anyhow::Result<voice::Sound> {
        let mut sound = voice::Sound::default();
        let mut at = 0;
        for word in clause.split_whitespace() {
            at += clause[at..].find(word).unwrap_or(0);
            let begin = sound.samples.len();
            let mut low = 0.0;
            for _ in 0..RATE_HZ / 5 {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                // Softened, so that half a sample more or less changes little.
                low += 0.3 * ((self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0 - low);
                sound.samples.push(0.5 * low);
            }
            sound
                .words
                .push(Word { text: at..at + word.len(), samples: begin..sound.samples.len() });
            sound.samples.resize(begin + RATE_HZ as usize / 4, 0.0);
            at += word.len();
        }
        Ok(sound)
    }

    fn set_pronunciations(&mut self, _pronunciations: &[(String, String)]) {}
}

/// What is told, on a line of time.
#[derive(Clone)]
struct Timeline {
    begun_at: Instant,
    samples: Arc<Mutex<Vec<f32>>>,
    /// How long before it was heard the latest was told, at the least.
    least_ahead: Arc<Mutex<Duration>>,
}

impl Timeline {
    fn place(&self, at: Instant) -> usize {
        (at.saturating_duration_since(self.begun_at).as_secs_f64() * f64::from(RATE_HZ)).round()
            as usize
    }
}

impl Tap for Timeline {
    fn played(&self, heard_from: Instant, samples: &[f32]) {
        let ahead = heard_from.saturating_duration_since(Instant::now());
        let mut least = self.least_ahead.lock().expect("one thread");
        *least = ahead.min(*least);
        let mut line = self.samples.lock().expect("one thread");
        let from = self.place(heard_from);
        let until = from + samples.len();
        let length = line.len().max(until);
        line.resize(length, 0.0);
        line[from..until].copy_from_slice(samples);
    }

    fn silent_from(&self, at: Instant) {
        let mut line = self.samples.lock().expect("one thread");
        let from = self.place(at).min(line.len());
        line[from..].fill(0.0);
    }
}

/// Speaks as with a person who coughs and cuts in.
fn converse(voice: &mut dyn Voice, told: &Receiver<VoiceEvent>) {
    const TEXT: &str = "one two three four five six seven eight nine ten eleven twelve";
    let next = || told.recv_timeout(PATIENCE).expect("the voice tells something");
    let pass = |ms| std::thread::sleep(Duration::from_millis(ms));
    let speak = |index| Utterance { turn: TurnId(7), index, text: TEXT.into(), gently: false };
    for index in 0..6 {
        voice.speak(speak(index));
        assert_eq!(next(), begun(index));
        pass(700 + 37 * index as u64);
        voice.hold();
        pass(500);
        voice.go_on();
        pass(900);
        if index % 2 == 0 {
            voice.stop();
            assert!(matches!(next(), VoiceEvent::Stopped { .. }));
            pass(170 * index as u64);
        } else {
            assert_eq!(next(), ended(index));
        }
    }
    // The device was closed and is opened anew.
    pass(6000);
    voice.speak(speak(6));
    assert_eq!(next(), begun(6));
    assert_eq!(next(), ended(6));
    pass(300);
}

/// By how much the recording is later than this part of the timeline, and how
/// alike they are, 0..=1.
fn lag_ms(line: &[f32], from: usize, heard: &[f32], offset: i64) -> Option<(f64, f32)> {
    const REACH: i64 = RATE_HZ as i64 * 40 / 1000;
    let part = &line[from..from + RATE_HZ as usize / 20];
    let energy: f32 = part.iter().map(|s| s * s).sum();
    if part.iter().any(|s| s.abs() < 1e-9) || energy < 1.0 {
        return None; // not all of it is sound
    }
    let likeness = |lag: i64| {
        let first = usize::try_from(from as i64 + offset + lag).ok()?;
        let other = heard.get(first..first + part.len())?;
        let other_energy: f32 = other.iter().map(|s| s * s).sum();
        let product: f32 = part.iter().zip(other).map(|(a, b)| a * b).sum();
        Some(product / (energy * other_energy).sqrt().max(1e-6))
    };
    let best = (-REACH..REACH)
        .step_by(2)
        .filter_map(|lag| Some((lag, likeness(lag)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((best.0 as f64 * 1000.0 / f64::from(RATE_HZ), best.1))
}

#[test]
fn the_echo_canceller_learns_to_5_ms_when_she_is_heard() {
    undisturbed(|| {
        let stage = Stage::new();
        let timeline = Timeline {
            begun_at: Instant::now(),
            samples: Arc::default(),
            least_ahead: Arc::new(Mutex::new(Duration::MAX)),
        };
        let (tx, told) = unbounded();
        let outbox = Box::new(move |event| {
            if !is_level(&event) {
                let _ = tx.send(event);
            }
        });
        let load = || Ok(Box::new(Noise(0x2545_F491_4F6C_DD1D)) as Box<dyn Synthesizer>);
        let mut voice = natural::spawn(load, style(), Some(Box::new(timeline.clone())), outbox);
        let ready = told.recv_timeout(PATIENCE);
        assert!(matches!(ready, Ok(VoiceEvent::Ready { .. })), "{ready:?}");
        let recording = stage.desktop.record_speaker().expect("a recording");
        let ((), stood_still) = watched(|| converse(&mut *voice, &told));
        let recording = recording.finish();
        drop(voice);

        let line = timeline.samples.lock().expect("one thread").clone();
        let Sound { samples, rate_hz, begun_at } = &recording;
        assert_eq!(*rate_hz, 2 * RATE_HZ);
        let heard: Vec<f32> =
            samples.chunks_exact(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        let offset = -(timeline.place(*begun_at) as i64);
        let step = RATE_HZ as usize / 20;
        let lags: Vec<(f64, f32)> = (0..line.len().saturating_sub(step))
            .step_by(step)
            .filter_map(|from| lag_ms(&line, from, &heard, offset))
            .collect();
        // What was cut off or torn is like nothing, so it has no lag.
        let alike = lags.iter().filter(|(_, like)| *like > 0.7);
        let mut sorted: Vec<f64> = alike.map(|(lag_ms, _)| *lag_ms).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
        let least_like = lags.iter().map(|(_, like)| *like).fold(1.0, f32::min);
        println!(
            "{} of {} pieces of 50 ms are found: heard {:.2} ms after told in the middle, {:.2} to {:.2} in 90% and \
         {:.2} to {:.2} at the most; alike by {least_like:.3} at the least; told {:?} ahead at the \
         least",
            sorted.len(),
            lags.len(),
            at(0.5),
            at(0.05),
            at(0.95),
            at(0.0),
            at(1.0),
            timeline.least_ahead.lock().expect("one thread"),
        );
        assert!(lags.len() > 150, "hardly anything was told");
        // A device that was held up is heard later than it could be told; all the same
        // no guess may be kept that is wrong by more than 8 ms.
        let (found, from, to, most_ms) = match stood_still {
            false => (0.95, 0.0, 1.0, 5.0),
            true => (0.9, 0.05, 0.95, 10.0),
        };
        assert!(sorted.len() as f64 >= found * lags.len() as f64, "{lags:?}");
        assert!(at(to) - at(from) <= most_ms, "{lags:?}");

        // Nothing is heard that was not told, nor told that is not heard.
        let middle = (at(0.5) * f64::from(RATE_HZ) / 1000.0).round() as i64;
        let level = |samples: &[f32]| (samples.iter().map(|s| s * s).sum::<f32>() / 240.0).sqrt();
        let margin = 240; // of 10 ms on both sides
        let mut wrong = 0;
        for from in (margin..line.len().saturating_sub(2 * margin)).step_by(240) {
            let Ok(first) = usize::try_from(from as i64 + offset + middle) else { continue };
            let (Some(there), Some(around)) = (
                heard.get(first..first + 240),
                heard.get(first.saturating_sub(margin)..first + 480),
            ) else {
                continue;
            };
            let known = &line[from..from + 240];
            let known_around = &line[from - margin..from + 480];
            let untold = level(there) > 0.02 && level(known_around) < 0.001;
            let unheard = level(known) > 0.02 && level(around) < 0.001;
            wrong += usize::from(untold || unheard);
        }
        assert_eq!(wrong, 0, "so many times 10 ms differ");
    });
}
