//! A simulated room: how what a loudspeaker plays comes to a microphone.

use ear::RATE_HZ;
use realfft::RealFftPlanner;
use std::ops::Range;

/// How she is heard, and what else.
#[derive(Clone, Copy)]
pub struct Room {
    pub name: &'static str,
    pub delay_ms: usize,
    /// The echo's power beside what is played.
    pub echo_db: f32,
    /// Until the reverberation has fallen by 60 dB.
    pub rt60_s: f32,
    /// The direct sound's power beside the reverberation's.
    pub direct_db: f32,
    /// The microphone's noise.
    pub noise_dbfs: f32,
    /// How much faster the microphone's clock runs than the loudspeaker's.
    pub drift_ppm: f64,
    /// The loudspeaker overdrives: its sound is tanh(drive·x)/drive. 0: not.
    pub drive: f32,
    /// So often everything moves: another response, 20 ms earlier or later.
    pub moves_every_s: Option<usize>,
}

/// The setting that is judged.
pub const JUDGED: Room = Room {
    name: "80 ms, -6 dB",
    delay_ms: 80,
    echo_db: -6.0,
    rt60_s: 0.4,
    direct_db: 0.0,
    noise_dbfs: -70.0,
    drift_ppm: 0.0,
    drive: 0.0,
    moves_every_s: None,
};

impl Room {
    /// What the microphone hears of what is played.
    pub fn hears(&self, played: &[f32], random: &mut fastrand::Rng) -> Vec<f32> {
        let noise = decibels(self.noise_dbfs);
        let mut heard: Vec<f32> = played.iter().map(|_| noise * gaussian(random)).collect();
        let spoken: Vec<f32> = match self.drive {
            0.0 => played.to_vec(),
            drive => played.iter().map(|sample| (sample * drive).tanh() / drive).collect(),
        };
        let rate = RATE_HZ as usize;
        let stretch = self.moves_every_s.map_or(played.len(), |seconds| seconds * rate).max(1);
        for (n, from) in (0..played.len()).step_by(stretch).enumerate() {
            let to = (from + stretch).min(played.len());
            // What was played just before still sounds.
            let begin = from.saturating_sub(2 * rate);
            let echo = convolve(&spoken[begin..to], &self.response(random));
            let moved_ms = if n % 2 == 1 { 20 } else { 0 };
            let delay = (self.delay_ms + moved_ms) * rate / 1000;
            for at in (begin + delay).max(from)..to {
                heard[at] += decibels(self.echo_db) * echo[at - delay - begin];
            }
        }
        if self.drift_ppm == 0.0 { heard } else { slower(&heard, self.drift_ppm) }
    }

    /// The direct sound, then noise that decays; of energy 1.
    fn response(&self, random: &mut fastrand::Rng) -> Vec<f32> {
        let count = (self.rt60_s * RATE_HZ as f32) as usize;
        let decay = |n: usize| 10f32.powf(-3.0 * n as f32 / count as f32);
        let mut response: Vec<f32> = (0..count).map(|n| gaussian(random) * decay(n)).collect();
        response[..32].fill(0.0);
        response[0] = energy(&response).sqrt() * decibels(self.direct_db);
        let scale = 1.0 / energy(&response).sqrt();
        response.iter_mut().for_each(|sample| *sample *= scale);
        response
    }
}

pub fn decibels(db: f32) -> f32 {
    10f32.powf(db / 20.0)
}

/// The loudness of the louder half of a sound: that of its words, not pauses.
pub fn loudness(sound: &[f32]) -> f32 {
    let frame = |frame: &[f32]| energy(frame) / frame.len() as f32;
    let mut powers: Vec<f32> = sound.chunks(RATE_HZ as usize / 50).map(frame).collect();
    powers.sort_by(f32::total_cmp);
    let loud = &powers[powers.len() / 2..];
    (loud.iter().sum::<f32>() / loud.len().max(1) as f32).sqrt()
}

/// Adds a sound, faded in and out over 10 ms; where it lies.
pub fn mix(into: &mut [f32], at: usize, sound: &[f32], gain: f32) -> Range<usize> {
    let fade = RATE_HZ as usize / 100;
    let end = (at + sound.len()).min(into.len());
    for (n, (to, sample)) in into[at..end].iter_mut().zip(sound).enumerate() {
        let edge = n.min(sound.len() - n) as f32 / fade as f32;
        *to += sample * gain * edge.min(1.0);
    }
    at..end
}

fn energy(sound: &[f32]) -> f32 {
    sound.iter().map(|sample| sample * sample).sum()
}

fn gaussian(random: &mut fastrand::Rng) -> f32 {
    let radius = (-2.0 * (1.0 - random.f32()).ln()).sqrt();
    radius * (std::f32::consts::TAU * random.f32()).cos()
}

fn slower(sound: &[f32], ppm: f64) -> Vec<f32> {
    let at = |n: usize| {
        let place = n as f64 * (1.0 - ppm * 1e-6);
        let (whole, part) = (place as usize, place.fract() as f32);
        let next = sound[(whole + 1).min(sound.len() - 1)];
        sound[whole] * (1.0 - part) + next * part
    };
    (0..sound.len()).map(at).collect()
}

fn convolve(sound: &[f32], response: &[f32]) -> Vec<f32> {
    const SPAN: usize = 1 << 15;
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, inverse) = (planner.plan_fft_forward(SPAN), planner.plan_fft_inverse(SPAN));
    let mut piece = vec![0.0; SPAN];
    let (mut spectrum, mut filter) = (forward.make_output_vec(), forward.make_output_vec());
    piece[..response.len()].copy_from_slice(response);
    forward.process(&mut piece, &mut filter).expect("lengths fit");
    let mut out = vec![0.0; sound.len() + SPAN];
    let step = SPAN - response.len();
    for (n, samples) in sound.chunks(step).enumerate() {
        piece.fill(0.0);
        piece[..samples.len()].copy_from_slice(samples);
        forward.process(&mut piece, &mut spectrum).expect("lengths fit");
        spectrum.iter_mut().zip(&filter).for_each(|(bin, factor)| *bin *= factor);
        inverse.process(&mut spectrum, &mut piece).expect("lengths fit");
        for (to, sample) in out[n * step..].iter_mut().zip(&piece) {
            *to += sample / SPAN as f32;
        }
    }
    out.truncate(sound.len());
    out
}
