//! Two soft sounds: she listens now; she no longer does.
//!
//! The session holds a [`Cues`]; the thread behind it owns a loudspeaker of its
//! own, so that they work with every voice. They are made here, from two
//! partials each. The microphone hears them, since it listens from before the
//! key went down; so they are short and soft and have neither the pitch nor the
//! formants of speech. What the recogniser makes of them is tested in
//! `tests/hearing`.

use super::speaker::{RATE_HZ, Speaker, SpeakerEvent};
use crate::worker::Worker;
use crossbeam_channel::{Receiver, after, never, select};
use std::f32::consts::{PI, TAU};
use std::time::Instant;

/// How loud their loudest sample is: about a tenth of a raised voice.
const PEAK: f32 = 0.06;

/// How long one note lasts; the second begins before the first is over.
const NOTE_MS: u32 = 90;
const STEP_MS: u32 = 45;

/// A fifth. Above the pitch of every voice, and too pure for a vowel.
const LOW_HZ: f32 = 1046.5;
const HIGH_HZ: f32 = 1568.0;

/// What is to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Listening begins: a rising fifth.
    Begin,
    /// Listening ends: a falling one.
    End,
}

/// Plays cues. All calls return at once.
pub trait Cues: Send {
    /// Plays this now, instead of one that is still playing.
    fn play(&mut self, cue: Cue);
    /// Plays them from now on, or stays silent.
    fn set_enabled(&mut self, on: bool);
}

/// The samples of a cue: 24 kHz mono, shorter than 150 ms.
pub fn samples(cue: Cue) -> Vec<f32> {
    let (first_hz, second_hz) = match cue {
        Cue::Begin => (LOW_HZ, HIGH_HZ),
        Cue::End => (HIGH_HZ, LOW_HZ),
    };
    let places = |ms: u32| (RATE_HZ * ms / 1000) as usize;
    let mut sound = vec![0.0; places(STEP_MS + NOTE_MS)];
    for (begin, pitch_hz) in [(0, first_hz), (places(STEP_MS), second_hz)] {
        let length = places(NOTE_MS);
        for (n, sample) in sound[begin..begin + length].iter_mut().enumerate() {
            let x = n as f32 / length as f32;
            // A quick, round attack and a long, round end.
            let swell = (PI * x.sqrt()).sin().powi(2);
            *sample += PEAK * swell * (TAU * pitch_hz * n as f32 / RATE_HZ as f32).sin();
        }
    }
    let peak = sound.iter().fold(0.0f32, |peak, s| peak.max(s.abs()));
    sound.iter_mut().for_each(|s| *s *= PEAK / peak);
    sound
}

/// Starts the thread that plays them. It opens the loudspeaker when the first
/// is played; where there is none, nothing is heard.
pub fn spawn(enabled: bool) -> Box<dyn Cues> {
    Box::new(Player { enabled, worker: Worker::start("cues", run) })
}

struct Player {
    enabled: bool,
    worker: Worker<Cue>,
}

impl Cues for Player {
    fn play(&mut self, cue: Cue) {
        if self.enabled {
            self.worker.send(cue);
        }
    }

    fn set_enabled(&mut self, on: bool) {
        self.enabled = on;
    }
}

fn run(inbox: &Receiver<Cue>) {
    let mut speaker = match Speaker::new() {
        Ok(speaker) => speaker,
        Err(error) => {
            tracing::error!("the cues' loudspeaker could not be started: {error}");
            return;
        }
    };
    let (begin, end) = (samples(Cue::Begin), samples(Cue::End));
    loop {
        let tick = speaker.period().map_or_else(never, after);
        select! {
            recv(inbox) -> cue => {
                let Ok(cue) = cue else { return };
                let now = Instant::now();
                if speaker.heard() < speaker.pushed() {
                    speaker.stop(now);
                }
                speaker.push(if cue == Cue::Begin { &begin } else { &end }, 1.0);
                speaker.finish();
            }
            recv(tick) -> _ => {}
        }
        let events = speaker.poll(Instant::now());
        if events.iter().any(|event| matches!(event, SpeakerEvent::Unavailable { .. })) {
            // A sound that comes late would mislead: this one is dropped, and
            // the next one looks for a loudspeaker again.
            match Speaker::new() {
                Ok(fresh) => speaker = fresh,
                Err(error) => {
                    tracing::error!("the cues' loudspeaker could not be started: {error}");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_short_soft_and_begin_and_end_in_silence() {
        for cue in [Cue::Begin, Cue::End] {
            let sound = samples(cue);
            assert!(sound.len() < RATE_HZ as usize * 150 / 1000, "{}", sound.len());
            assert!(sound.iter().all(|s| s.abs() <= PEAK));
            let edge = RATE_HZ as usize / 500;
            let loudest = |part: &[f32]| part.iter().fold(0.0f32, |peak, s| peak.max(s.abs()));
            assert!(loudest(&sound[..edge]) < PEAK / 2.0);
            assert!(loudest(&sound[sound.len() - edge..]) < PEAK / 10.0);
        }
        assert_ne!(samples(Cue::Begin), samples(Cue::End));
    }
}
