//! Prints how fast the voice is: `voice_speed MODEL`. Run it on one core
//! (`taskset -c 0`) of an idle machine.

use std::path::Path;
use std::time::Instant;

use voice::{Hibari, Manner, RATE_HZ, Synthesizer};

const SENTENCE: &str = "I kept the letter you wrote me when we were both young.";
const MINUTE: [&str; 12] = [
    "The old harbor was quiet in the early hours of that September morning.",
    "A few gulls sat on the wall, and the boats moved gently in the wind.",
    "Have you ever watched the light change over the water, before anybody is awake?",
    "My grandfather used to bring me here, when I was six or seven years old.",
    "He would tell me the names of the ships, and where each of them had been.",
    "Some had crossed the ocean many times; others had never left the bay.",
    "I did not understand half of what he said, but I remember how he said it.",
    "Later, we would walk back through the narrow streets and buy fresh bread.",
    "The baker knew us well, and he always gave me a small cake for the way home.",
    "It is strange which things stay with us, and which ones we forget so easily.",
    "Now the harbor is full of yachts, and the bakery has become a coffee shop.",
    "But the light is still the same, and so are the gulls!",
];
const RUNS: usize = 15;

fn main() -> anyhow::Result<()> {
    let model =
        std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: voice_speed MODEL"))?;
    let resident = resident_kb();
    let start = Instant::now();
    let mut voice = Hibari::load(Path::new(&model))?;
    println!("loaded in {:.1} ms", ms(start));
    let manner = Manner::default();

    let start = Instant::now();
    voice.synthesize(SENTENCE, &manner)?;
    println!("the very first sentence after {:.1} ms", ms(start));
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        voice.synthesize(SENTENCE, &manner)?;
        times.push(ms(start));
    }
    times.sort_by(f64::total_cmp);
    println!(
        "first sound of a sentence of {} words: median {:.1} ms, slowest of {RUNS} {:.1} ms",
        SENTENCE.split(' ').count(),
        times[RUNS / 2],
        times[RUNS - 1],
    );

    let start = Instant::now();
    let mut samples = 0;
    for sentence in MINUTE {
        samples += voice.synthesize(sentence, &manner)?.samples.len();
    }
    let (computing_s, sound_s) = (ms(start) / 1000.0, samples as f64 / f64::from(RATE_HZ));
    println!(
        "{sound_s:.1} s of speech in {computing_s:.2} s: {:.4} s a second",
        computing_s / sound_s
    );

    let mut phonemes = 0;
    let start = Instant::now();
    for sentence in MINUTE {
        phonemes += voice.phonemes(sentence)?.len();
    }
    println!("of that {:.1} ms for pronunciation ({phonemes} bytes of phonemes)", ms(start));
    if let (Some(before), Some(now)) = (resident, resident_kb()) {
        println!("memory: {} MB more than before loading", (now - before) / 1024);
    }
    Ok(())
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// Where the system tells it.
fn resident_kb() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}
