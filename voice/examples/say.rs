//! Writes a text as sound and prints its phonemes and when its words are heard:
//! `say MODEL TEXT OUT.wav [PACE [WARMTH]]`.

#[path = "shared/wav.rs"]
mod wav;

use std::path::Path;

use voice::{Hibari, Manner, RATE_HZ, Synthesizer};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, text, out, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: say MODEL TEXT OUT.wav [PACE [WARMTH]]");
    };
    let number = |at: usize, default: f32| rest.get(at).map_or(Ok(default), |n| n.parse());
    let manner = Manner { pace: number(0, 1.0)?, warmth: number(1, 0.0)? };
    let mut voice = Hibari::load(Path::new(model))?;
    println!("{}", voice.phonemes(text)?);
    let sound = voice.synthesize(text, &manner)?;
    wav::write(Path::new(out), &sound.samples)?;
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
