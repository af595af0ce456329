//! Writing samples to a file.

use std::path::Path;

use anyhow::Context as _;

pub fn write(path: &Path, samples: &[f32]) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: voice::RATE_HZ,
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
