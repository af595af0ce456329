//! The air between loudspeaker and microphone: what the virtual speaker plays
//! comes back into the virtual microphone, later, softer and with the room's
//! own sound, as where nobody wears headphones.
//!
//! [`crate::Desktop::echo_room`] opens one. It never touches what else is played
//! into the microphone: the sound server mixes both.

use crate::chance::Chance;
use crate::desktop::Desktop;
use crate::processes::{Running, hurry};
use crate::sound::{RECORDING_RATE_HZ, Recording, Sound};
use anyhow::Context;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex, num_complex::Complex32};
use std::io::{Read, Write};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// After so long an echo has lost 60 dB: a furnished living room.
const RT60_S: f32 = 0.35;

/// The room's own sound against what comes straight from the loudspeaker, as
/// for a microphone half a metre from it.
const REVERBERATION_DB: f32 = -3.0;

/// No wall is nearer: the straight sound stands alone for this long.
const FIRST_REFLECTION_S: f32 = 0.003;

/// Sound is taken and given in pieces of 10 ms.
const BLOCK: usize = RECORDING_RATE_HZ as usize / 100;

/// What the sound server is asked to hold of the echo; enough for the pieces to
/// come irregularly on a busy machine.
const HELD: Duration = Duration::from_millis(60);

/// For so many pieces it is watched how many wait to be taken. Some always wait
/// for a moment; what waits all the time is a delay that came when the machine
/// was busy. It is dropped, so that the echo is as late afterwards as before.
const WATCHED: usize = 25;

/// A room with an echo, until it is dropped.
#[derive(Debug)]
pub struct EchoRoom {
    ear: Option<Running>,
    mouth: Option<Running>,
    air: Option<JoinHandle<()>>,
    /// What becomes of sound from now on.
    to_air: Sender<Walls>,
    gain_db: f32,
}

impl EchoRoom {
    /// `record` and `play` are commands that give and take mono float samples
    /// at [`RECORDING_RATE_HZ`]. The echo is as late as these make it.
    pub(crate) fn between(
        mut record: Command,
        mut play: Command,
        spawn: impl Fn(Command) -> anyhow::Result<Running>,
        gain_db: f32,
    ) -> anyhow::Result<Self> {
        record.arg("--latency-msec=10").stdout(Stdio::piped());
        play.arg(format!("--latency-msec={}", HELD.as_millis()))
            .arg("--stream-name=echo")
            .stdin(Stdio::piped());
        let mut ear = spawn(record)?;
        let mut mouth = spawn(play)?;
        ear.hurry();
        mouth.hurry();
        let (mut heard, mut spoken) = (ear.take_stdout()?, mouth.take_stdin()?);
        let mut walls = Walls::new(&impulse_response(gain_db, Duration::ZERO));
        let (to_air, other_walls) = channel();
        let air = std::thread::Builder::new().name("echo room".into()).spawn(move || {
            hurry(None);
            let mut bytes = [0u8; BLOCK * size_of::<f32>()];
            let (mut watched, mut least_waiting, mut late) = (0, usize::MAX, 0);
            while heard.read_exact(&mut bytes).is_ok() {
                let samples: Vec<f32> = bytes
                    .chunks_exact(4)
                    .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                    .collect();
                walls = other_walls.try_iter().last().unwrap_or(walls);
                let Ok(echo) = walls.reflect(&samples) else { break };
                (watched, least_waiting) = (watched + 1, least_waiting.min(waiting(&spoken)));
                if watched == WATCHED {
                    late = least_waiting / bytes.len();
                    (watched, least_waiting) = (0, usize::MAX);
                }
                if late > 0 {
                    late -= 1;
                    continue;
                }
                let bytes: Vec<u8> = echo.iter().flat_map(|s| s.to_le_bytes()).collect();
                if spoken.write_all(&bytes).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { ear: Some(ear), mouth: Some(mouth), air: Some(air), to_air, gain_db })
    }

    /// The echo is so late from now on; without this it is `own_delay` late.
    pub(crate) fn delay(&self, delay: Duration, own_delay: Duration) -> anyhow::Result<()> {
        let delay = delay.checked_sub(own_delay).with_context(|| {
            format!("an echo cannot be earlier than {} ms here", own_delay.as_millis())
        })?;
        self.to_air.send(Walls::new(&impulse_response(self.gain_db, delay)))?;
        Ok(())
    }
}

impl Drop for EchoRoom {
    fn drop(&mut self) {
        // Without an ear there is nothing more to pass on, so the thread ends.
        self.ear = None;
        self.mouth = None;
        if let Some(air) = self.air.take() {
            let _ = air.join();
        }
    }
}

/// How late the echo in the first microphone is now: how long sound waits on its
/// way through the sound server differs from one machine and room to the next.
pub(crate) fn delay_now(desktop: &Desktop) -> anyhow::Result<Duration> {
    const BURSTS: usize = 3;
    const LENGTH: Duration = Duration::from_millis(200);
    let burst = Sound::noise(LENGTH, 0.3);
    let wav = desktop.folder().join("burst.wav");
    burst.save(&wav)?;
    let (speaker, microphone) = (desktop.record_speaker()?, desktop.record_first_microphone()?);
    let mut delays = Vec::new();
    for _ in 0..BURSTS {
        let begun_at = Instant::now();
        desktop.play_on_speaker(&wav)?.wait()?;
        std::thread::sleep(2 * LENGTH);
        let until = Instant::now() - LENGTH;
        let begun = |heard: &Recording| heard.since(begun_at).moment_like(&burst, begun_at, until);
        let (played, heard) = begun(&speaker).zip(begun(&microphone)).context("no echo")?;
        delays.push(heard.saturating_duration_since(played));
    }
    // A machine that stalls holds up some of it; the median does not see that.
    delays.sort_unstable();
    Ok(delays[BURSTS / 2])
}

/// Bytes that the player has not yet taken.
fn waiting(pipe: &ChildStdin) -> usize {
    rustix::io::ioctl_fionread(pipe).map_or(0, |bytes| bytes as usize)
}

/// What becomes of a click: silence for `delay`, the straight sound, the decaying
/// sound of the room. `gain_db` is the loudness of noise that comes back against
/// its loudness at the speaker.
fn impulse_response(gain_db: f32, delay: Duration) -> Vec<f32> {
    let rate = RECORDING_RATE_HZ as f32;
    let first = (FIRST_REFLECTION_S * rate) as usize;
    let mut chance = Chance::new(1);
    let mut room: Vec<f32> = (0..(RT60_S * rate) as usize)
        .map(|n| {
            let decay = 10f32.powf(-3.0 * n as f32 / rate / RT60_S);
            if n < first { 0.0 } else { chance.sample() * decay }
        })
        .collect();
    let energy = |samples: &[f32]| samples.iter().map(|s| s * s).sum::<f32>();
    let softer = (10f32.powf(REVERBERATION_DB / 10.0) / energy(&room)).sqrt();
    room.iter_mut().for_each(|sample| *sample *= softer);
    room[0] = 1.0;
    let gain = (10f32.powf(gain_db / 10.0) / energy(&room)).sqrt();
    let silence = (delay.as_secs_f32() * rate).round() as usize;
    std::iter::repeat_n(0.0, silence).chain(room.iter().map(|sample| sample * gain)).collect()
}

/// Convolves a stream of blocks with an impulse response: overlap-add.
struct Walls {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    response: Vec<Complex32>,
    /// What earlier blocks still give.
    ringing: Vec<f32>,
}

impl Walls {
    fn new(response: &[f32]) -> Self {
        // A multiple of a number with many small factors is transformed fast.
        let length = (response.len() + BLOCK).next_multiple_of(1920);
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) =
            (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut padded = forward.make_input_vec();
        padded[..response.len()].copy_from_slice(response);
        let mut spectrum = forward.make_output_vec();
        // The buffers are the planner's own, so their lengths fit.
        let _ = forward.process(&mut padded, &mut spectrum);
        // The inverse transform is not normalised.
        let response = spectrum.iter().map(|bin| bin / length as f32).collect();
        Self { forward, inverse, response, ringing: vec![0.0; length] }
    }

    fn reflect(&mut self, block: &[f32]) -> Result<Vec<f32>, realfft::FftError> {
        if block.iter().any(|sample| *sample != 0.0) {
            let mut padded = self.forward.make_input_vec();
            padded[..BLOCK].copy_from_slice(block);
            let mut spectrum = self.forward.make_output_vec();
            self.forward.process(&mut padded, &mut spectrum)?;
            for (bin, response) in spectrum.iter_mut().zip(&self.response) {
                *bin *= response;
            }
            // Rounding leaves the edges of the spectrum a little complex.
            for edge in [0, spectrum.len() - 1] {
                spectrum[edge].im = 0.0;
            }
            self.inverse.process(&mut spectrum, &mut padded)?;
            for (sum, sample) in self.ringing.iter_mut().zip(&padded) {
                *sum += sample;
            }
        }
        let out = self.ringing[..BLOCK].to_vec();
        self.ringing.copy_within(BLOCK.., 0);
        let end = self.ringing.len() - BLOCK;
        self.ringing[end..].fill(0.0);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_comes_back_as_the_impulse_response() {
        let response = impulse_response(-6.0, Duration::from_millis(25));
        let mut walls = Walls::new(&response);
        let mut heard = Vec::new();
        for n in 0..60 {
            let mut block = vec![0.0; BLOCK];
            if n == 1 {
                block[7] = 1.0;
            }
            heard.extend(walls.reflect(&block).expect("reflected"));
        }
        let begun = BLOCK + 7;
        let (expected, found) = (&response, &heard[begun..begun + response.len()]);
        let worst = expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-4, "off by {worst}");
        assert!(heard[..begun].iter().all(|sample| sample.abs() < 1e-4));
    }

    #[test]
    fn the_room_is_as_loud_and_as_long_as_it_should_be() {
        let response = impulse_response(-6.0, Duration::from_millis(25));
        let energy = |from: usize| response[from..].iter().map(|s| s * s).sum::<f32>();
        assert!((10.0 * energy(0).log10() + 6.0).abs() < 0.01);
        let straight = RECORDING_RATE_HZ as usize * 25 / 1000;
        assert!(response[..straight].iter().all(|sample| *sample == 0.0));
        // Half the time, half the decay.
        let middle = straight + (RT60_S / 2.0 * RECORDING_RATE_HZ as f32) as usize;
        let decay_db = 10.0 * (energy(middle) / energy(straight + 1)).log10();
        assert!((decay_db + 30.0).abs() < 2.0, "{decay_db} dB");
    }
}
