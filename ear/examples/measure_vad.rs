//! Measures the detector of speech on hand-labelled sound:
//! `measure_vad DATA_DIR [OTHER.onnx]`.
//!
//! DATA_DIR holds `vad/` (16 kHz mono FLAC, each with its labels in an `.scv`:
//! name, then start, end and 1 for speech, repeated) and `nonspeech/`. OTHER
//! is another version of Silero VAD to compare with. Run it on one core
//! (`taskset -c 0`) of an idle machine.

#[path = "shared/decode.rs"]
mod decode;

use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use ear::RATE_HZ;
use ear::activity::{Activity, Change, Manner, spans};
use ear::vad::{FRAME_SAMPLES, Vad};

/// What is judged: 10 ms.
const CELL_SAMPLES: u64 = 160;
/// An onset is only one if it was quiet for so long before, in seconds.
const QUIET_BEFORE_S: f64 = 0.38;

type Spans = Vec<Range<u64>>;

struct Clip {
    sound: Vec<f32>,
    /// Where the labels say speech, in seconds.
    labels: Vec<Range<f64>>,
}

/// Frames that are rightly, wrongly and not taken for speech.
#[derive(Default, Clone, Copy)]
struct Agreement {
    right: u32,
    wrong: u32,
    missed: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let data = args.next().ok_or("usage: measure_vad DATA_DIR [OTHER.onnx]")?;
    let mut clips = Vec::new();
    for file in flacs(&data.join("vad"))? {
        let labels = labels(&std::fs::read_to_string(file.with_extension("scv"))?)?;
        clips.push(Clip { sound: decode::flac(&file)?, labels });
    }
    let mut noises = Vec::new();
    for file in flacs(&data.join("nonspeech"))? {
        noises.push((file.clone(), decode::flac(&file)?));
    }

    println!("agreement with hand labels, {} clips, frames of 10 ms", clips.len());
    let mut vad = Vad::new()?;
    print_agreement("spans", &clips, |clip| Ok(spans(&clip.sound)?))?;
    print_silero("Silero", &mut vad, &clips)?;
    if let Some(other) = args.next() {
        print_silero("other Silero", &mut Vad::from_onnx(std::fs::read(other)?)?, &clips)?;
    }
    for threshold in [0.4, 0.5, 0.6] {
        print_agreement(&format!("earshot, frames over {threshold}"), &clips, |clip| {
            Ok(over(threshold, 256, &earshot_scores(&clip.sound)))
        })?;
    }

    println!("\nonsets: noticed late by, in labelled speech; begun in clips without speech");
    let spoken: Vec<Vec<f32>> =
        clips.iter().map(|clip| scores(&mut vad, &clip.sound)).collect::<Result<_, _>>()?;
    let mut noise_scores = Vec::new();
    for (_, sound) in &noises {
        noise_scores.push(scores(&mut vad, sound)?);
    }
    for threshold in [0.5, 0.6, 0.7] {
        for onset_ms in [64, 96, 128, 160, 192, 256, 384] {
            let release_threshold = threshold - 0.15;
            let manner = Manner { threshold, release_threshold, onset_ms, ..Manner::HANDS_FREE };
            let (mut lags, missed) = lags_ms(manner, &clips, &spoken);
            lags.sort_by(f64::total_cmp);
            let began = noise_scores.iter().filter(|scores| begins(manner, scores)).count();
            println!(
                "  over {threshold} for {onset_ms:>3} ms: median {:.0} ms, 90% {:.0} ms, {missed} of {} \
                 missed; {began} of {} clips",
                lags[lags.len() / 2],
                lags[lags.len() * 9 / 10],
                lags.len() + missed,
                noises.len(),
            );
        }
    }
    for hangover_ms in [160, 180, 200, 250, 300] {
        let manner = Manner { hangover_ms, ..Manner::HANDS_FREE };
        let (mut lags, missed, early) = pause_lags_ms(manner, &clips, &spoken);
        lags.sort_by(f64::total_cmp);
        println!(
            "  pauses of {hangover_ms} ms: known after median {:.0} ms, 90% {:.0} ms, {missed} of {} \
             missed; {early} within labelled speech",
            lags[lags.len() / 2],
            lags[lags.len() * 9 / 10],
            lags.len() + missed,
        );
    }
    for (name, manner) in [("hands-free", Manner::HANDS_FREE), ("barge-in", Manner::BARGE_IN)] {
        for ((file, _), scores) in noises.iter().zip(&noise_scores) {
            if begins(manner, scores) {
                println!("  {name} begins in {}", file.display());
            }
        }
    }

    let minute: Vec<f32> = clips.iter().flat_map(|clip| clip.sound.iter().copied()).collect();
    let (start, busy_s) = (Instant::now(), computing_s());
    scores(&mut vad, &minute)?;
    let sound_s = minute.len() as f64 / f64::from(RATE_HZ);
    let share = |computing_s: f64| 100.0 * computing_s / sound_s;
    println!(
        "\n{sound_s:.0} s of sound by the clock: {:.2}% of a core",
        share(start.elapsed().as_secs_f64())
    );
    if let (Some(before), Some(after)) = (busy_s, computing_s()) {
        println!("computing time alone: {:.2}% of a core", share(after - before));
    }
    Ok(())
}

/// As its authors cut recordings, and each frame by itself.
fn print_silero(name: &str, vad: &mut Vad, clips: &[Clip]) -> Result<(), Box<dyn Error>> {
    print_agreement(&format!("{name}, its authors' spans"), clips, |clip| {
        Ok(authors_spans(&padded_scores(vad, &clip.sound)?, clip.sound.len() as u64))
    })?;
    print_agreement(&format!("{name}, frames over 0.5"), clips, |clip| {
        Ok(over(0.5, FRAME_SAMPLES as u64, &padded_scores(vad, &clip.sound)?))
    })
}

fn print_agreement(
    name: &str,
    clips: &[Clip],
    mut find: impl FnMut(&Clip) -> Result<Spans, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut all = Agreement::default();
    let mut worst = 1.0f64;
    for clip in clips {
        let found = find(clip)?;
        let mut here = Agreement::default();
        for cell in 0..clip.sound.len() as u64 / CELL_SAMPLES {
            let middle = cell * CELL_SAMPLES + CELL_SAMPLES / 2;
            let at_s = middle as f64 / f64::from(RATE_HZ);
            let speech = clip.labels.iter().any(|span| span.contains(&at_s));
            match (found.iter().any(|span| span.contains(&middle)), speech) {
                (true, true) => here.right += 1,
                (true, false) => here.wrong += 1,
                (false, true) => here.missed += 1,
                (false, false) => {}
            }
        }
        worst = worst.min(here.f1());
        all.right += here.right;
        all.wrong += here.wrong;
        all.missed += here.missed;
    }
    let found = f64::from(all.right + all.wrong);
    let labelled = f64::from(all.right + all.missed);
    println!(
        "  {name}: F1 {:.4} (precision {:.3}, recall {:.3}), worst clip {worst:.3}",
        all.f1(),
        f64::from(all.right) / found,
        f64::from(all.right) / labelled
    );
    Ok(())
}

impl Agreement {
    fn f1(self) -> f64 {
        2.0 * f64::from(self.right) / f64::from(2 * self.right + self.wrong + self.missed)
    }
}

fn scores(vad: &mut Vad, sound: &[f32]) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut scores = Vec::new();
    vad.reset();
    vad.push(sound, &mut scores)?;
    Ok(scores)
}

/// With a score for what is left at the end, filled up with silence.
fn padded_scores(vad: &mut Vad, sound: &[f32]) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut sound = sound.to_vec();
    sound.resize(sound.len().next_multiple_of(FRAME_SAMPLES), 0.0);
    scores(vad, &sound)
}

fn earshot_scores(sound: &[f32]) -> Vec<f32> {
    let mut detector = earshot::Detector::default_boxed();
    sound.chunks_exact(256).map(|frame| detector.predict_f32(frame)).collect()
}

fn over(threshold: f32, frame_samples: u64, scores: &[f32]) -> Spans {
    let frames = (0..).step_by(frame_samples as usize).zip(scores);
    frames.filter(|(_, score)| **score >= threshold).map(|(at, _)| at..at + frame_samples).collect()
}

/// `get_speech_timestamps` of the package `silero-vad` with its defaults:
/// threshold 0.5, end below 0.35 for 100 ms, at least 250 ms, 30 ms more on
/// both sides.
fn authors_spans(scores: &[f32], length: u64) -> Spans {
    let ms = |ms: u64| ms * u64::from(RATE_HZ) / 1000;
    let mut spans = Spans::new();
    let (mut began, mut ended) = (None, None);
    for (at, &score) in (0..).step_by(FRAME_SAMPLES).zip(scores) {
        let Some(start) = began else {
            began = (score >= 0.5).then_some(at);
            continue;
        };
        if score >= 0.5 {
            ended = None;
        } else if score < 0.35 {
            let end = *ended.get_or_insert(at);
            if at - end >= ms(100) {
                if end - start > ms(250) {
                    spans.push(start..end);
                }
                (began, ended) = (None, None);
            }
        }
    }
    if let Some(start) = began.filter(|start| length - start > ms(250)) {
        spans.push(start..length);
    }
    let pad = ms(30);
    for i in 0..spans.len() {
        if i == 0 {
            spans[0].start = spans[0].start.saturating_sub(pad);
        }
        if i + 1 == spans.len() {
            spans[i].end = length.min(spans[i].end + pad);
        } else {
            let half = pad.min((spans[i + 1].start - spans[i].end) / 2);
            spans[i].end += half;
            spans[i + 1].start -= half;
        }
    }
    spans
}

/// What this process has computed so far, on all its threads; Linux only.
fn computing_s() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // User and system time, in hundredths of a second.
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    Some(fields.map(|ticks| ticks.parse().unwrap_or(0.0)).sum::<f64>() / 100.0)
}

fn begins(manner: Manner, scores: &[f32]) -> bool {
    let mut activity = Activity::new(manner);
    scores.iter().any(|&score| matches!(activity.push(score), Some(Change::Began { .. })))
}

/// How much later than labelled each onset after a silence was known, and how
/// many never were.
fn lags_ms(manner: Manner, clips: &[Clip], scores: &[Vec<f32>]) -> (Vec<f64>, usize) {
    let frame_s = FRAME_SAMPLES as f64 / f64::from(RATE_HZ);
    let (mut lags, mut missed) = (Vec::new(), 0);
    for (clip, scores) in clips.iter().zip(scores) {
        for (before, speech) in clip.labels.iter().zip(&clip.labels[1..]) {
            if speech.start - before.end < QUIET_BEFORE_S {
                continue;
            }
            // From the silence before, so that each onset is met alone.
            let first = ((speech.start - 0.15) / frame_s) as usize;
            let end = ((speech.end / frame_s) as usize + 2).min(scores.len());
            let mut activity = Activity::new(manner);
            let known = scores[first..end]
                .iter()
                .position(|&score| matches!(activity.push(score), Some(Change::Began { .. })));
            match known {
                Some(frames) => {
                    lags.push(((first + frames + 1) as f64 * frame_s - speech.start) * 1000.0);
                }
                None => missed += 1,
            }
        }
    }
    (lags, missed)
}

/// How long after its labelled beginning each long pause was known, how many
/// never were, and how many were told of where the labels say speech.
fn pause_lags_ms(manner: Manner, clips: &[Clip], scores: &[Vec<f32>]) -> (Vec<f64>, usize, usize) {
    let (mut lags, mut missed, mut early) = (Vec::new(), 0, 0);
    for (clip, scores) in clips.iter().zip(scores) {
        let mut activity = Activity::new(manner);
        let mut known = Vec::new();
        for (i, &score) in scores.iter().enumerate() {
            if matches!(activity.push(score), Some(Change::Paused { .. })) {
                known.push(((i + 1) * FRAME_SAMPLES) as f64 / f64::from(RATE_HZ));
            }
        }
        let speech = |at: &&f64| clip.labels.iter().any(|span| span.contains(at));
        early += known.iter().filter(speech).count();
        for (speech, after) in clip.labels.iter().zip(&clip.labels[1..]) {
            if after.start - speech.end < QUIET_BEFORE_S {
                continue;
            }
            match known.iter().find(|at| (speech.end..after.start).contains(at)) {
                Some(at) => lags.push((at - speech.end) * 1000.0),
                None => missed += 1,
            }
        }
    }
    (lags, missed, early)
}

fn flacs(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "flac"));
    files.sort();
    Ok(files)
}

fn labels(text: &str) -> Result<Vec<Range<f64>>, Box<dyn Error>> {
    let fields: Vec<&str> = text.trim().split(',').skip(1).collect();
    let mut speech = Vec::new();
    for span in fields.chunks_exact(3) {
        if span[2] == "1" {
            speech.push(span[0].parse()?..span[1].parse()?);
        }
    }
    Ok(speech)
}
