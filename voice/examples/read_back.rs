//! Says each line of a file: `read_back MODEL LINES.txt FOLDER` writes
//! `FOLDER/001.wav` and so on.

#[path = "shared/wav.rs"]
mod wav;

use std::path::Path;

use voice::{Hibari, Manner, Synthesizer};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, lines, folder] = arguments.as_slice() else {
        anyhow::bail!("usage: read_back MODEL LINES.txt FOLDER");
    };
    let mut voice = Hibari::load(Path::new(model))?;
    for (i, line) in std::fs::read_to_string(lines)?.lines().enumerate() {
        let sound = voice.synthesize(line, &Manner::default())?;
        wav::write(&Path::new(folder).join(format!("{:03}.wav", i + 1)), &sound.samples)?;
    }
    Ok(())
}
