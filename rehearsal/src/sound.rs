//! Sound to play and sound that was recorded, with the moment of each sample.

use crate::processes::{Running, output_of, quick_tool};
use anyhow::Context;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The rate at which the speaker is recorded.
pub const RECORDING_RATE_HZ: u32 = 48_000;

/// Mono sound whose first sample happened at a known moment.
#[derive(Clone, Debug)]
pub struct Sound {
    /// -1.0..=1.0.
    pub samples: Vec<f32>,
    /// Samples a second.
    pub rate_hz: u32,
    /// When the first sample was played.
    pub begun_at: Instant,
}

impl Sound {
    /// When the sample at this place was played.
    pub fn moment_of(&self, sample: usize) -> Instant {
        self.begun_at + Duration::from_secs_f64(sample as f64 / f64::from(self.rate_hz))
    }

    /// The first moment at or after `from` whose loudness (root mean square of
    /// 5 ms) exceeds `threshold`.
    pub fn onset_after(&self, from: Instant, threshold: f32) -> Option<Instant> {
        let skip = from.saturating_duration_since(self.begun_at).as_secs_f64();
        let first = (skip * f64::from(self.rate_hz)).round() as usize;
        let window = (self.rate_hz / 200) as usize;
        let rest = self.samples.get(first..)?;
        let hit = rest.chunks(window).position(|chunk| rms(chunk) > threshold)?;
        // Within the window that was loud, the first sample that is.
        let at = hit * window;
        let within = rest[at..].iter().take(window).position(|s| s.abs() > threshold).unwrap_or(0);
        Some(self.moment_of(first + at + within))
    }

    /// The last moment at which it was louder than `threshold`.
    pub fn end_of_sound(&self, threshold: f32) -> Option<Instant> {
        let window = (self.rate_hz / 200) as usize;
        let last = self.samples.chunks(window).rposition(|chunk| rms(chunk) > threshold)?;
        Some(self.moment_of((last + 1) * window))
    }

    /// The part between two moments.
    pub fn between(&self, from: Instant, until: Instant) -> Sound {
        let place = |moment: Instant| {
            let seconds = moment.saturating_duration_since(self.begun_at).as_secs_f64();
            ((seconds * f64::from(self.rate_hz)).round() as usize).min(self.samples.len())
        };
        let (first, last) = (place(from), place(until).max(place(from)));
        Sound {
            samples: self.samples[first..last].to_vec(),
            rate_hz: self.rate_hz,
            begun_at: self.moment_of(first),
        }
    }

    /// Writes it as 16-bit WAV.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        write_wav(path, self.rate_hz, &self.samples)
    }
}

/// The loudness of a piece of sound: root mean square.
pub fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
}

/// What the speaker plays, while it plays it.
///
/// Each chunk is stamped when it arrives. Delays only make chunks late, so the
/// smallest difference between arrival and position is the best estimate of the
/// clock; that is what the moments are counted from. A chunk arrives when its
/// first sample is due, hence [`PERIOD`]. The first quarter of a
/// second is left out: until the sink has taken up the recorder's short
/// period, it renders ahead of time.
#[derive(Debug)]
pub struct Recording {
    recorder: Option<Running>,
    reader: Option<JoinHandle<()>>,
    captured: Arc<Mutex<Captured>>,
}

/// The length of the chunks that the recorder asks the sound server for.
pub(crate) const PERIOD: Duration = Duration::from_millis(10);

/// How long the clock is not trusted at first.
const SETTLE: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
struct Captured {
    samples: Vec<f32>,
    begun_at: Option<Instant>,
}

impl Recording {
    pub(crate) fn of(mut recorder: Running) -> anyhow::Result<Self> {
        let mut pipe = recorder.take_stdout()?;
        let captured = Arc::new(Mutex::new(Captured::default()));
        let writer = captured.clone();
        let reader =
            std::thread::Builder::new().name("speaker recorder".into()).spawn(move || {
                let mut bytes = [0u8; 8192];
                let mut kept = 0;
                let mut first_arrival = None;
                while let Ok(count) = pipe.read(&mut bytes[kept..]) {
                    if count == 0 {
                        break;
                    }
                    let now = Instant::now();
                    let whole = (kept + count) / 4 * 4;
                    let Ok(mut captured) = writer.lock() else { break };
                    captured.samples.extend(
                        bytes[..whole]
                            .chunks_exact(4)
                            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
                    );
                    let length = captured.samples.len() as f64 / f64::from(RECORDING_RATE_HZ);
                    let settled = now - *first_arrival.get_or_insert(now) >= SETTLE;
                    let begun_at = now.checked_sub(Duration::from_secs_f64(length));
                    if let Some(begun_at) = begun_at.filter(|_| settled) {
                        let best = captured.begun_at.map_or(begun_at, |known| known.min(begun_at));
                        captured.begun_at = Some(best);
                    }
                    drop(captured);
                    bytes.copy_within(whole..kept + count, 0);
                    kept = kept + count - whole;
                }
            })?;
        Ok(Self { recorder: Some(recorder), reader: Some(reader), captured })
    }

    /// Whether moments can be told.
    pub(crate) fn is_settled(&self) -> bool {
        self.captured.lock().is_ok_and(|captured| captured.begun_at.is_some())
    }

    /// Everything heard so far.
    pub fn so_far(&self) -> Sound {
        let (samples, begun_at) = match self.captured.lock() {
            Ok(captured) => (captured.samples.clone(), captured.begun_at),
            Err(_) => (Vec::new(), None),
        };
        let begun_at = begun_at.unwrap_or_else(Instant::now) + PERIOD;
        Sound { samples, rate_hz: RECORDING_RATE_HZ, begun_at }
    }

    /// Waits until the speaker carries sound after `from`; the moment it began.
    pub fn wait_for_onset(
        &self,
        from: Instant,
        threshold: f32,
        timeout: Duration,
    ) -> Option<Instant> {
        let deadline = Instant::now() + timeout;
        loop {
            if let Some(onset) = self.so_far().onset_after(from, threshold) {
                return Some(onset);
            }
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the recording.
    pub fn finish(mut self) -> Sound {
        self.end();
        self.so_far()
    }

    fn end(&mut self) {
        self.recorder = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.end();
    }
}

/// Speaks `text` into a WAV file, in a voice that recognisers read better than
/// espeak-ng's.
pub fn say_to_wav(text: &str, path: &Path) -> anyhow::Result<()> {
    let mut command = quick_tool("flite")?;
    command.args(["-voice", "slt", "-o"]).arg(path).arg("-t").arg(text);
    output_of(command).map(drop)
}

/// Writes a sine of `frequency_hz` with the given peak.
pub fn write_tone(
    path: &Path,
    rate_hz: u32,
    frequency_hz: f32,
    peak: f32,
    length: Duration,
) -> anyhow::Result<()> {
    let count = (length.as_secs_f64() * f64::from(rate_hz)) as usize;
    let step = std::f64::consts::TAU * f64::from(frequency_hz) / f64::from(rate_hz);
    let samples: Vec<f32> = (0..count).map(|n| (n as f64 * step).sin() as f32 * peak).collect();
    write_wav(path, rate_hz, &samples)
}

fn write_wav(path: &Path, rate_hz: u32, samples: &[f32]) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec)
        .with_context(|| format!("cannot write {}", path.display()))?;
    for sample in samples {
        writer.write_sample((sample.clamp(-1.0, 1.0) * 32767.0).round() as i16)?;
    }
    writer.finalize()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_onset_is_the_first_loud_sample_after_the_given_moment() {
        let mut samples = vec![0.0; 4800];
        samples[2401..].fill(0.5);
        samples[10] = 0.9; // a lone click does not make 5 ms loud
        let begun_at = Instant::now();
        let sound = Sound { samples, rate_hz: 48_000, begun_at };
        let onset = sound.onset_after(begun_at, 0.1).expect("an onset");
        assert_eq!(onset, sound.moment_of(2401));
        assert_eq!(sound.onset_after(sound.moment_of(4800), 0.1), None);
        assert_eq!(sound.end_of_sound(0.1), Some(sound.moment_of(4800)));
        assert_eq!(sound.between(sound.moment_of(100), sound.moment_of(300)).samples.len(), 200);
    }
}
