//! Prints what smart-turn says of sound files and how long it takes:
//! `measure_turn_sound WEIGHT FILE.wav...` (16 kHz, mono, 16 bit). For each file
//! the probability and milliseconds. Run it on one core of an idle machine.

use std::path::Path;
use std::time::Instant;

use ear::turn_end::sound::SmartTurn;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let weight = arguments.next().ok_or("usage: measure_turn_sound WEIGHT FILE.wav...")?;
    let start = Instant::now();
    let mut smart_turn = SmartTurn::load(Path::new(&weight))?;
    println!("loaded in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    for file in arguments {
        let mut wav = hound::WavReader::open(&file)?;
        if wav.spec().sample_rate != ear::RATE_HZ || wav.spec().channels != 1 {
            return Err(format!("{file} is not 16 kHz mono").into());
        }
        let samples = wav.samples::<i16>();
        let samples: Vec<f32> =
            samples.map(|s| s.map(|s| f32::from(s) / 32_768.0)).collect::<Result<_, _>>()?;
        let start = Instant::now();
        let probability = smart_turn.probability(&samples)?;
        println!("{file}\t{probability:.6}\t{:.1}", start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(())
}
