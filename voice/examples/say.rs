//! Writes a text as sound: `say MODEL TEXT OUT.wav [PACE [WARMTH]]`.

use std::path::Path;

use anyhow::Context as _;
use voice::{Hibari, Manner, RATE_HZ, Synthesizer};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, text, out, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: say MODEL TEXT OUT.wav [PACE [WARMTH]]");
    };
    let number = |at: usize, default: f32| rest.get(at).map_or(Ok(default), |n| n.parse());
    let manner = Manner { pace: number(0, 1.0)?, warmth: number(1, 0.0)? };
    let mut voice = Hibari::load(Path::new(model))?;
    let sound = voice.synthesize(text, &manner)?;
    write_wav(Path::new(out), &sound.samples)?;
    for word in &sound.words {
        let seconds = |sample: usize| sample as f32 / RATE_HZ as f32;
        println!(
            "{:7.3} {:7.3}  {}",
            seconds(word.samples.start),
            seconds(word.samples.end),
            &text[word.text.clone()]
        );
    }
    Ok(())
}

fn write_wav(path: &Path, samples: &[f32]) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, spec)
        .with_context(|| format!("cannot write {}", path.display()))?;
    for sample in samples {
        file.write_sample((sample * f32::from(i16::MAX)) as i16)?;
    }
    Ok(file.finalize()?)
}
