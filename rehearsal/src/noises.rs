//! Noises of a room in which somebody sits: made here, no two alike, the same
//! ones in every run. [`crate::flow`] plays them while she speaks.

use crate::Sound;
use crate::chance::Chance;
use std::time::Instant;

const RATE_HZ: u32 = 16_000;

/// What is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// One to three coughs.
    Cough,
    /// Somebody types a few words.
    Keyboard,
    /// A door falls shut.
    Door,
    /// Somebody laughs.
    Laugh,
}

impl Noise {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cough, Self::Keyboard, Self::Door, Self::Laugh];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cough => "coughs",
            Self::Keyboard => "keyboard",
            Self::Door => "doors",
            Self::Laugh => "laughs",
        }
    }

    /// One such noise, as loud as it is a metre away where speech is at
    /// `speech` (root mean square).
    pub fn sound(self, chance: &mut Chance, speech: f32) -> Sound {
        let (samples, level) = match self {
            Self::Cough => (coughs(chance), 1.6),
            Self::Keyboard => (typing(chance), 0.5),
            Self::Door => (door(chance), 1.6),
            Self::Laugh => (laugh(chance), 1.0),
        };
        let sound = Sound { samples, rate_hz: RATE_HZ, begun_at: Instant::now() };
        sound.spoken_at(speech * level)
    }
}

fn count(seconds: f32) -> usize {
    (seconds * RATE_HZ as f32) as usize
}

/// Air bursts out, then flows through an open mouth, then the voice catches it.
fn coughs(chance: &mut Chance) -> Vec<f32> {
    let mut all = Vec::new();
    let times = 1 + (chance.share() * 3.0) as usize;
    for _ in 0..times {
        let length = chance.between(0.25, 0.4);
        let pitch_hz = chance.between(110.0, 260.0);
        let air = (0..count(length)).map(|n| {
            let t = n as f32 / RATE_HZ as f32;
            let burst = (t / 0.004).min(1.0) * (-t / 0.035).exp();
            let flow = 0.35 * (-t / (0.4 * length)).exp();
            let voice = if t > 0.6 * length { 0.5 * pulse(t, pitch_hz) } else { 0.0 };
            chance.sample() * (burst + flow) + voice * (-(t - 0.6 * length) / 0.05).exp()
        });
        let air: Vec<f32> = air.collect();
        let throat = chance.between(0.85, 1.15);
        all.extend(mouth(&air, &[(650.0, 200.0), (1500.0, 250.0), (2700.0, 400.0)], throat, 0.3));
        all.extend(vec![0.0; count(chance.between(0.08, 0.3))]);
    }
    all
}

/// "Ha ha ha", breath before each vowel, ever softer and lower.
fn laugh(chance: &mut Chance) -> Vec<f32> {
    let syllables = 3 + (chance.share() * 4.0) as usize;
    let pitch_hz = chance.between(150.0, 330.0);
    let mut air = Vec::new();
    for syllable in 0..syllables {
        let fading = 0.85f32.powi(syllable as i32);
        let (breath, vowel) = (chance.between(0.06, 0.1), chance.between(0.07, 0.12));
        for n in 0..count(breath) {
            let swell = n as f32 / count(breath) as f32;
            air.push(0.25 * swell * fading * chance.sample());
        }
        for n in 0..count(vowel) {
            let t = n as f32 / RATE_HZ as f32;
            let swell = (std::f32::consts::PI * t / vowel).sin();
            let voice = pulse(t, pitch_hz * fading.sqrt());
            air.push(fading * swell * (voice + 0.1 * chance.sample()));
        }
    }
    let throat = chance.between(0.9, 1.2);
    mouth(&air, &[(800.0, 100.0), (1300.0, 120.0), (2600.0, 200.0)], throat, 0.05)
}

/// Keys go down and come up.
fn typing(chance: &mut Chance) -> Vec<f32> {
    let mut all = vec![0.0; count(2.5)];
    let mut at_s = 0.0;
    while at_s < 2.2 {
        for (after_s, loud) in [(0.0, 1.0), (chance.between(0.06, 0.1), 0.4)] {
            let tone = chance.between(1800.0, 4200.0);
            let click: Vec<f32> = (0..count(0.02))
                .map(|n| chance.sample() * (-(n as f32) / count(0.002) as f32).exp())
                .collect();
            add(&mut all, at_s + after_s, &resonate(&click, tone, 900.0), loud);
        }
        at_s += chance.between(0.08, 0.28);
    }
    all
}

/// The leaf hits the frame, the wall hums, the latch clicks.
fn door(chance: &mut Chance) -> Vec<f32> {
    let mut all = vec![0.0; count(0.7)];
    let blow: Vec<f32> = (0..count(0.4))
        .map(|n| chance.sample() * (-(n as f32) / count(0.03) as f32).exp())
        .collect();
    for (tone, width, loud) in [(90.0, 25.0, 4.0), (210.0, 60.0, 2.0), (700.0, 400.0, 1.0)] {
        let tone = tone * chance.between(0.8, 1.25);
        add(&mut all, 0.0, &resonate(&blow, tone, width), loud);
    }
    let latch: Vec<f32> =
        (0..count(0.03)).map(|n| chance.sample() * (-(n as f32) / 40.0).exp()).collect();
    add(&mut all, chance.between(0.05, 0.15), &resonate(&latch, 2500.0, 600.0), 0.6);
    all
}

/// The voice's pulses, whose overtones fall by 12 dB an octave.
fn pulse(t: f32, pitch_hz: f32) -> f32 {
    let phase = t * pitch_hz;
    (1..20).map(|k| (std::f32::consts::TAU * k as f32 * phase).sin() / (k * k) as f32).sum()
}

/// What formants (centre and width in hertz, all `throat` times as high) make of
/// it, and how much goes past them.
fn mouth(air: &[f32], formants: &[(f32, f32)], throat: f32, past: f32) -> Vec<f32> {
    let mut all: Vec<f32> = air.iter().map(|sample| sample * past).collect();
    for (n, (centre_hz, width_hz)) in formants.iter().enumerate() {
        add(&mut all, 0.0, &resonate(air, centre_hz * throat, *width_hz), 0.6f32.powi(n as i32));
    }
    all
}

fn add(to: &mut [f32], at_s: f32, what: &[f32], gain: f32) {
    for (sum, sample) in to.iter_mut().skip(count(at_s)).zip(what) {
        *sum += gain * sample;
    }
}

/// A resonator with two poles, as loud at its centre as what goes in.
fn resonate(samples: &[f32], centre_hz: f32, width_hz: f32) -> Vec<f32> {
    let radius = (-std::f32::consts::PI * width_hz / RATE_HZ as f32).exp();
    let angle = std::f32::consts::TAU * centre_hz / RATE_HZ as f32;
    let (a, b) = (2.0 * radius * angle.cos(), -radius * radius);
    let gain = (1.0 - radius) * (1.0 - 2.0 * radius * (2.0 * angle).cos() + radius * radius).sqrt();
    let (mut last, mut before) = (0.0, 0.0);
    samples
        .iter()
        .map(|sample| {
            let out = gain * sample + a * last + b * before;
            (before, last) = (last, out);
            out
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noises_are_heard_differ_and_come_again() {
        for noise in Noise::ALL {
            let mut chance = Chance::new(3);
            let (one, other) = (noise.sound(&mut chance, 0.05), noise.sound(&mut chance, 0.05));
            assert_ne!(one.samples, other.samples, "{noise:?}");
            assert_eq!(noise.sound(&mut Chance::new(3), 0.05).samples, one.samples);
            let peak = one.samples.iter().fold(0.0f32, |peak, s| peak.max(s.abs()));
            assert!((0.02..1.0).contains(&peak), "{noise:?}: {peak}");
            assert!(one.samples.iter().all(|s| s.is_finite()));
        }
    }
}
