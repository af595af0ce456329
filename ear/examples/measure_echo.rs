//! Measures whether she hears herself, and whether she hears who talks over
//! her: `measure_echo FAR_DIR DATA_DIR MINUTES SEED [alone|person|noise|nobody]`.
//!
//! FAR_DIR holds replies of hers (16 kHz mono WAV, one file a reply). They are
//! played with silences between, through simulated rooms, into a simulated
//! microphone; over them come excerpts of DATA_DIR's `speech/`, or of the
//! noises in `nonspeech/`. The canceller starts cold in every run.

#[path = "shared/decode.rs"]
mod decode;
#[path = "measure_echo/room.rs"]
mod room;

use ear::RATE_HZ;
use ear::echo::{EchoCanceller, person};
use ear::vad::{FRAME_SAMPLES, Vad};
use room::{JUDGED, Room, decibels, loudness, mix};
use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

const RATE: usize = RATE_HZ as usize;
const FRAME_MS: usize = FRAME_SAMPLES * 1000 / RATE;
/// How loud she is played.
const PLAYED: f32 = 0.12;
const SPEECH: f32 = 0.5;
/// Somebody speaks if so much of the last 0.6 s was speech.
const WITHIN_MS: usize = 600;
const SHORT_MS: usize = 250;
const LONG_MS: usize = 400;
/// She must have stopped so soon after [`LONG_MS`] of speech.
const IN_TIME_MS: usize = 150;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Clip = (String, Vec<f32>);

fn main() -> Result<()> {
    let usage = "usage: measure_echo FAR_DIR DATA_DIR MINUTES SEED [alone|person|noise|nobody]";
    let mut args = std::env::args();
    let mut arg = || args.next().ok_or(usage);
    arg()?;
    let far = clips(Path::new(&arg()?))?;
    let data = PathBuf::from(arg()?);
    let (minutes, seed) = (arg()?.parse()?, arg()?.parse()?);
    let only = arg().ok();
    let wants = |what: &str| only.as_deref().is_none_or(|only| only == what);
    let speech = clips(&data.join("speech"))?;
    // Music and what may hold voices is left out: nobody plays a trumpet at her.
    let mut noises = clips(&data.join("nonspeech"))?;
    noises.retain(|(name, _)| !["music", "sb_", "office"].iter().any(|no| name.starts_with(no)));
    let bench = Bench { far, speech, noises, minutes, seed };

    if wants("alone") {
        println!("## Only she speaks, {minutes} minutes: how often that is taken for a person");
        println!("room | {SHORT_MS} ms | {LONG_MS} ms | uncancelled {LONG_MS} ms | cpu %");
        for room in [JUDGED].iter().chain(&ROOMS) {
            bench.alone(room)?;
        }
    }
    if wants("person") {
        println!("## A person talks over her, 0.6 to 3 s at a time");
        println!(
            "room | level dB | times | by {LONG_MS} ms: caught, late (median, 90%), in \
             {IN_TIME_MS} ms | by {SHORT_MS} ms: the same"
        );
        for room in [JUDGED, ROOMS[0], ROOMS[4], ROOMS[5]] {
            for level_db in [-6.0, 0.0, 6.0] {
                bench.person(&room, level_db)?;
            }
        }
    }
    if wants("noise") {
        println!("## Keys, kitchen, a dog, thunder over her, 0.3 to 1 s at a time");
        println!("room | level dB | times | taken for a person, {SHORT_MS} ms | {LONG_MS} ms");
        for level_db in [0.0, 6.0, 12.0] {
            bench.noises(&JUDGED, level_db)?;
        }
    }
    if wants("nobody") {
        bench.nobody()?;
    }
    Ok(())
}

const ROOMS: [Room; 9] = [
    Room { name: "20 ms, 0 dB", delay_ms: 20, echo_db: 0.0, ..JUDGED },
    Room { name: "200 ms, -12 dB", delay_ms: 200, echo_db: -12.0, ..JUDGED },
    Room { name: "300 ms", delay_ms: 300, ..JUDGED },
    Room { name: "RT60 0.3 s", rt60_s: 0.3, ..JUDGED },
    Room { name: "RT60 0.5 s, direct -6 dB", rt60_s: 0.5, direct_db: -6.0, ..JUDGED },
    Room { name: "drift 50 ppm", drift_ppm: 50.0, ..JUDGED },
    Room { name: "overdriven", drive: 3.0, ..JUDGED },
    Room { name: "quiet microphone", noise_dbfs: -95.0, ..JUDGED },
    Room { name: "moves every 30 s", moves_every_s: Some(30), ..JUDGED },
];

struct Bench {
    far: Vec<Clip>,
    speech: Vec<Clip>,
    noises: Vec<Clip>,
    minutes: usize,
    seed: u64,
}

/// What came of one run, by frames.
struct Run {
    raw: Vec<f32>,
    persons: Vec<f32>,
    cpu: Duration,
}

impl Bench {
    fn alone(&self, room: &Room) -> Result<()> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let (played, _) = self.played(&mut random);
        let heard = room.hears(&played, &mut random);
        let run = run(&heard, &played)?;
        let cpu = 100.0 * run.cpu.as_secs_f64() * RATE as f64 / played.len() as f64;
        let onsets = |scores: &[f32], ms| begins(&sustained(scores, ms)).count();
        println!(
            "{} | {} | {} | {} | {cpu:.2}",
            room.name,
            onsets(&run.persons, SHORT_MS),
            onsets(&run.persons, LONG_MS),
            onsets(&run.raw, LONG_MS),
        );
        Ok(())
    }

    fn person(&self, room: &Room, level_db: f32) -> Result<()> {
        let over = self.over(room, &self.speech, 600..3_000, level_db)?;
        // What the excerpts alone, without her, are found to hold.
        let really = sustained(&scores(&over.near)?, LONG_MS);
        let mut dues = Vec::new();
        for span in &over.spans {
            let frames = span.start / FRAME_SAMPLES..span.end / FRAME_SAMPLES;
            dues.extend(frames.clone().find(|frame| really[*frame]).map(|due| (frames, due)));
        }
        print!("{} | {level_db} | {}", room.name, dues.len());
        for by_ms in [LONG_MS, SHORT_MS] {
            let noticed = sustained(&over.run.persons, by_ms);
            let mut late_ms: Vec<usize> = Vec::new();
            for (frames, due) in &dues {
                let mut frames = frames.start..(frames.end + 4).min(noticed.len());
                let at = frames.find(|frame| noticed[*frame]);
                late_ms.extend(at.map(|at| at.saturating_sub(*due) * FRAME_MS));
            }
            late_ms.sort_unstable();
            let late = |share: usize| late_ms.get(late_ms.len() * share / 100).unwrap_or(&0);
            let in_time = late_ms.iter().filter(|late| **late <= IN_TIME_MS).count();
            let share = |count: usize| 100 * count / dues.len().max(1);
            print!(
                " | {}%, {} / {} ms, {}%",
                share(late_ms.len()),
                late(50),
                late(90),
                share(in_time)
            );
        }
        println!();
        Ok(())
    }

    fn noises(&self, room: &Room, level_db: f32) -> Result<()> {
        let over = self.over(room, &self.noises, 300..1_000, level_db)?;
        let taken = |ms: usize| {
            let noticed = sustained(&over.run.persons, ms);
            let frames = |span: &Range<usize>| {
                span.start / FRAME_SAMPLES..(span.end / FRAME_SAMPLES + 8).min(noticed.len())
            };
            over.spans.iter().filter(|span| noticed[frames(span)].contains(&true)).count()
        };
        let (times, short, long) = (over.spans.len(), taken(SHORT_MS), taken(LONG_MS));
        println!("{} | {level_db} | {times} | {short} | {long}", room.name);
        Ok(())
    }

    /// What it costs while she is silent.
    fn nobody(&self) -> Result<()> {
        let played = vec![0.0; 60 * RATE];
        let mut random = fastrand::Rng::with_seed(self.seed);
        let cpu = run(&JUDGED.hears(&played, &mut random), &played)?.cpu;
        println!("## Nobody speaks: {:.2}% of a core", 100.0 * cpu.as_secs_f64() / 60.0);
        Ok(())
    }

    /// Excerpts of the clips over her words, of these lengths, so loud beside
    /// her echo.
    fn over(&self, room: &Room, clips: &[Clip], ms: Range<usize>, level_db: f32) -> Result<Over> {
        let mut random = fastrand::Rng::with_seed(self.seed + 1000);
        let (played, replies) = self.played(&mut random);
        let mut heard = room.hears(&played, &mut random);
        let mut near = vec![0.0; heard.len()];
        let mut spans = Vec::new();
        for reply in replies {
            let mut at = reply.start + RATE / 2 + random.usize(..RATE);
            loop {
                let (_, clip) = &clips[random.usize(..clips.len())];
                let length = (random.usize(ms.clone()) * RATE / 1000).min(clip.len() - RATE / 10);
                if at + length > reply.end {
                    break;
                }
                let from = random.usize(..clip.len() - length);
                let excerpt = &clip[from..from + length];
                let loudness = loudness(excerpt);
                if loudness > 1e-3 {
                    let gain = PLAYED * decibels(room.echo_db + level_db) / loudness;
                    mix(&mut near, at, excerpt, gain);
                    spans.push(mix(&mut heard, at, excerpt, gain));
                }
                at += length + 2 * RATE + random.usize(..2 * RATE);
            }
        }
        heard.iter_mut().for_each(|sample| *sample = sample.clamp(-1.0, 1.0));
        Ok(Over { run: run(&heard, &played)?, near, spans })
    }

    /// Her replies with silences between, and where they are.
    fn played(&self, random: &mut fastrand::Rng) -> (Vec<f32>, Vec<Range<usize>>) {
        let (mut played, mut replies) = (Vec::new(), Vec::new());
        while played.len() < self.minutes * 60 * RATE {
            let silence_ms = [300, 800, 2_000, 4_000, 8_000][random.usize(..5)];
            played.resize(played.len() + silence_ms * RATE / 1000, 0.0);
            let (_, reply) = &self.far[random.usize(..self.far.len())];
            let gain = PLAYED / loudness(reply);
            let begin = played.len();
            played.extend(reply.iter().map(|sample| (sample * gain).clamp(-1.0, 1.0)));
            replies.push(begin..played.len());
        }
        (played, replies)
    }
}

/// A run in which something lies over her words.
struct Over {
    run: Run,
    /// Only what lies over them, and where.
    near: Vec<f32>,
    spans: Vec<Range<usize>>,
}

fn run(heard: &[f32], played: &[f32]) -> Result<Run> {
    let (mut canceller, mut vad) = (EchoCanceller::new(), Vad::new()?);
    let (mut cancelled, mut speech, mut persons) = (Vec::new(), Vec::new(), Vec::new());
    let begun = cpu_time();
    for (heard, played) in heard.chunks(FRAME_SAMPLES).zip(played.chunks(FRAME_SAMPLES)) {
        cancelled.clear();
        speech.clear();
        canceller.process(heard, played, &mut cancelled);
        vad.push(&cancelled, &mut speech)?;
        for &speech in &speech {
            persons.push(person(speech, &canceller.state()));
        }
    }
    Ok(Run { cpu: cpu_time() - begun, raw: scores(heard)?, persons })
}

/// What this thread has computed; 0 where the system does not tell.
fn cpu_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

fn scores(sound: &[f32]) -> Result<Vec<f32>> {
    let mut scores = Vec::new();
    Vad::new()?.push(sound, &mut scores)?;
    Ok(scores)
}

/// For each frame, whether so much of the time before it was speech.
fn sustained(scores: &[f32], speech_ms: usize) -> Vec<bool> {
    let (within, least) = (WITHIN_MS.div_ceil(FRAME_MS), speech_ms.div_ceil(FRAME_MS));
    let is_speech = |score: &&f32| **score > SPEECH;
    let before = |frame: usize| &scores[(frame + 1).saturating_sub(within)..=frame];
    (0..scores.len()).map(|f| before(f).iter().filter(is_speech).count() >= least).collect()
}

fn begins(holds: &[bool]) -> impl Iterator<Item = usize> {
    (0..holds.len()).filter(|n| holds[*n] && (*n == 0 || !holds[n - 1]))
}

/// Every WAV and FLAC file of a folder, by name.
fn clips(folder: &Path) -> Result<Vec<Clip>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut clips = Vec::new();
    for file in files {
        let sound = match file.extension().and_then(|it| it.to_str()) {
            Some("flac") => decode::flac(&file)?,
            Some("wav") => wav(&file)?,
            _ => continue,
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        clips.push((name, sound));
    }
    Ok(clips)
}

fn wav(file: &Path) -> Result<Vec<f32>> {
    let mut reader = hound::WavReader::open(file)?;
    let spec = reader.spec();
    if (spec.sample_rate, spec.channels, spec.bits_per_sample) != (RATE_HZ, 1, 16) {
        return Err(format!("{} is not 16 kHz mono of 16 bits", file.display()).into());
    }
    reader.samples::<i16>().map(|s| Ok(f32::from(s?) / 32_768.0)).collect()
}
