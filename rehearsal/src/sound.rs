//! Sound to play and sound that was recorded, with the moment of each sample.

use crate::chance::Chance;
use crate::processes::{Running, output_of, quick_tool};
use anyhow::Context;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The rate at which the speaker is recorded.
pub const RECORDING_RATE_HZ: u32 = 48_000;

/// Sounds are compared at this rate: speech is most alike below 4 kHz.
const MATCHING_RATE_HZ: u32 = 8000;

/// Of two sounds in one place, one as loud as the other, each is alike to 0.7.
const LEAST_ALIKE: f32 = 0.3;

/// Longer silences are not part of speech; in pieces of 10 ms.
const BETWEEN_WORDS: usize = 50;

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

    /// When `other` begins here: where, of the places between two moments, both
    /// are most alike, whatever else sounds meanwhile. `None` if they are
    /// nowhere alike.
    pub fn moment_like(&self, other: &Sound, from: Instant, until: Instant) -> Option<Instant> {
        let pattern = other.at_rate(MATCHING_RATE_HZ);
        let within = self.between(from, until + other.length()).at_rate(MATCHING_RATE_HZ);
        let loudness = rms(&pattern.samples);
        let alike = |place: &[f32]| {
            let both = place.iter().zip(&pattern.samples).map(|(a, b)| a * b).sum::<f32>();
            both / (pattern.samples.len() as f32 * loudness * rms(place)).max(f32::MIN_POSITIVE)
        };
        let likeness = within.samples.windows(pattern.samples.len().max(1)).map(alike);
        let (at, best) = likeness.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (best > LEAST_ALIKE).then(|| within.moment_of(at))
    }

    /// The same at another rate, good enough to compare. Without a filter but
    /// the mean of what falls into one sample.
    fn at_rate(&self, rate_hz: u32) -> Sound {
        let step = f64::from(self.rate_hz) / f64::from(rate_hz);
        let count = (self.samples.len() as f64 / step) as usize;
        let place = |n: usize| ((n as f64 * step) as usize).min(self.samples.len());
        let samples = (0..count)
            .map(|n| {
                let part = &self.samples[place(n)..place(n + 1).max(place(n) + 1)];
                part.iter().sum::<f32>() / part.len() as f32
            })
            .collect();
        Sound { samples, rate_hz, begun_at: self.begun_at }
    }

    /// White noise, no sample louder than `peak`.
    pub(crate) fn noise(length: Duration, peak: f32) -> Sound {
        let mut chance = Chance::new(1);
        let count = (length.as_secs_f64() * f64::from(RECORDING_RATE_HZ)) as usize;
        let samples = (0..count).map(|_| peak * chance.sample()).collect();
        Sound { samples, rate_hz: RECORDING_RATE_HZ, begun_at: Instant::now() }
    }

    /// How long it is.
    pub fn length(&self) -> Duration {
        Duration::from_secs_f64(self.samples.len() as f64 / f64::from(self.rate_hz))
    }

    /// How long it is louder than `threshold`; pauses of up to half a second,
    /// as between words, count.
    pub fn sounding(&self, threshold: f32) -> Duration {
        let window = (self.rate_hz / 100) as usize;
        let (mut sounding, mut pause) = (0, BETWEEN_WORDS);
        for chunk in self.samples.chunks(window) {
            if rms(chunk) > threshold {
                sounding += 1 + if pause < BETWEEN_WORDS { pause } else { 0 };
                pause = 0;
            } else {
                pause = (pause + 1).min(BETWEEN_WORDS);
            }
        }
        Duration::from_millis(10 * sounding as u64)
    }

    /// As loud as somebody speaks: what of it is speech has this loudness.
    pub fn spoken_at(mut self, loudness: f32) -> Sound {
        let window = (self.rate_hz / 50) as usize;
        let loud: Vec<f32> = self.samples.chunks(window).map(rms).collect();
        let loudest = loud.iter().copied().fold(0.0, f32::max);
        let active: Vec<f32> = loud.into_iter().filter(|r| *r > loudest / 10.0).collect();
        let gain = loudness / rms(&active).max(f32::MIN_POSITIVE);
        self.samples.iter_mut().for_each(|sample| *sample *= gain);
        self
    }

    /// Without the silence at both ends, but for `kept` after it.
    pub fn trimmed(&self, threshold: f32, kept: Duration) -> Sound {
        let begun = self.onset_after(self.begun_at, threshold).unwrap_or(self.begun_at);
        let end = self.end_of_sound(threshold).unwrap_or(begun);
        self.between(begun, end + kept)
    }

    /// Reads a WAV file of whole numbers; of several channels, the first.
    pub fn load(path: &Path) -> anyhow::Result<Sound> {
        let cannot = || format!("cannot read {}", path.display());
        let mut reader = hound::WavReader::open(path).with_context(cannot)?;
        let spec = reader.spec();
        let full = 2f32.powi(i32::from(spec.bits_per_sample) - 1);
        let samples = reader
            .samples::<i32>()
            .step_by(usize::from(spec.channels))
            .map(|sample| sample.map(|sample| sample as f32 / full))
            .collect::<Result<_, _>>()
            .with_context(cannot)?;
        Ok(Sound { samples, rate_hz: spec.sample_rate, begun_at: Instant::now() })
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
    captured: Arc<Mutex<Sound>>,
    /// Its clock is known.
    settled: Arc<AtomicBool>,
}

/// The length of the chunks that the recorder asks the sound server for.
pub(crate) const PERIOD: Duration = Duration::from_millis(10);

/// How long the clock is not trusted at first.
const SETTLE: Duration = Duration::from_millis(250);

impl Recording {
    pub(crate) fn of(mut recorder: Running) -> anyhow::Result<Self> {
        let mut pipe = recorder.take_stdout()?;
        let nothing =
            Sound { samples: Vec::new(), rate_hz: RECORDING_RATE_HZ, begun_at: Instant::now() };
        let captured = Arc::new(Mutex::new(nothing));
        let settled = Arc::new(AtomicBool::new(false));
        let (writer, is_settled) = (captured.clone(), settled.clone());
        let reader = std::thread::Builder::new().name("recorder".into()).spawn(move || {
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
                if now - *first_arrival.get_or_insert(now) >= SETTLE
                    && let Some(begun_at) = (now + PERIOD).checked_sub(captured.length())
                {
                    captured.begun_at = match is_settled.swap(true, Ordering::Relaxed) {
                        true => captured.begun_at.min(begun_at),
                        false => begun_at,
                    };
                }
                drop(captured);
                bytes.copy_within(whole..kept + count, 0);
                kept = kept + count - whole;
            }
        })?;
        Ok(Self { recorder: Some(recorder), reader: Some(reader), captured, settled })
    }

    /// Whether moments can be told.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed)
    }

    fn look<T>(&self, at: impl FnOnce(&Sound) -> T) -> T {
        // Whole chunks are added, so that nothing is half done after a panic.
        at(&self.captured.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Everything heard so far.
    pub fn so_far(&self) -> Sound {
        self.look(Sound::clone)
    }

    /// What was heard between two moments, as far as it has come.
    pub fn between(&self, from: Instant, until: Instant) -> Sound {
        self.look(|sound| sound.between(from, until))
    }

    /// What was heard since.
    pub fn since(&self, from: Instant) -> Sound {
        self.look(|sound| sound.between(from, sound.moment_of(sound.samples.len())))
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
            if let Some(onset) = self.look(|sound| sound.onset_after(from, threshold)) {
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
    Speech::Flite("slt").say_to_wav(text, path)
}

/// Somebody who is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// One of flite's voices.
    Flite(&'static str),
    /// One of espeak-ng's voices, with a variant behind a plus sign.
    Espeak(&'static str),
}

impl Speech {
    /// The name of the voice.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flite(voice) | Self::Espeak(voice) => voice,
        }
    }

    /// Speaks `text` into a WAV file.
    pub fn say_to_wav(self, text: &str, path: &Path) -> anyhow::Result<()> {
        let command = match self {
            Self::Flite(voice) => {
                let mut command = quick_tool("flite")?;
                command.args(["-voice", voice, "-o"]).arg(path).arg("-t").arg(text);
                command
            }
            Self::Espeak(voice) => {
                let mut command = quick_tool("espeak-ng")?;
                command.args(["-v", voice, "-w"]).arg(path).arg("--").arg(text);
                command
            }
        };
        output_of(command).map(drop)
    }
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
    fn a_sound_is_found_in_another_one_as_loud() {
        let begun_at = Instant::now();
        let noise = |seed, count| {
            let mut chance = crate::chance::Chance::new(seed);
            // Held for a while, since what is compared is below 4 kHz.
            let held = |_| std::iter::repeat_n(chance.sample(), 24);
            let samples = (0..count / 24).flat_map(held).collect();
            Sound { samples, rate_hz: 48_000, begun_at }
        };
        let (pattern, mut place) = (noise(1, 9600), noise(2, 48_000));
        for (sum, sample) in place.samples[12_000..].iter_mut().zip(&pattern.samples) {
            *sum += sample;
        }
        let end = place.moment_of(48_000);
        let found = place.moment_like(&pattern, begun_at, end).expect("found");
        let off = (found - begun_at).as_secs_f64() - 0.25;
        assert!(off.abs() < 0.001, "off by {off} s");
        assert_eq!(place.moment_like(&noise(3, 9600), begun_at, end), None);
    }

    #[test]
    fn speech_is_measured_and_made_as_loud_as_wished() {
        let mut samples = vec![0.0; 48_000];
        samples[4800..9600].fill(0.2);
        samples[14_400..19_200].fill(0.2);
        let sound = Sound { samples, rate_hz: 48_000, begun_at: Instant::now() };
        assert_eq!(sound.sounding(0.1), Duration::from_millis(300));
        let trimmed = sound.trimmed(0.1, Duration::from_millis(50));
        assert_eq!(trimmed.length(), Duration::from_millis(350));
        let louder = sound.spoken_at(0.5);
        assert!((louder.samples[5000] - 0.5).abs() < 0.01, "{}", louder.samples[5000]);
    }

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
