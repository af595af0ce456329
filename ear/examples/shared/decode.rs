//! Reads sound files for measurements and tests.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;

/// A FLAC file of 16 kHz mono.
pub fn flac(file: &Path) -> Result<Vec<f32>, Box<dyn Error>> {
    let source = MediaSourceStream::new(Box::new(File::open(file)?), Default::default());
    let mut format = symphonia::default::get_probe().probe(
        &Hint::new(),
        source,
        Default::default(),
        Default::default(),
    )?;
    let track = format.tracks().first().ok_or("no track")?;
    let codec = track.codec_params.as_ref().and_then(|codec| codec.audio()).ok_or("no sound")?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(codec, &AudioDecoderOptions::default())?;
    let (mut sound, mut piece) = (Vec::new(), Vec::<f32>::new());
    while let Some(packet) = format.next_packet()? {
        let buffer = decoder.decode(&packet)?;
        if buffer.spec().rate() != 16_000 || buffer.spec().channels().count() != 1 {
            return Err("not 16 kHz mono".into());
        }
        buffer.copy_to_vec_interleaved(&mut piece);
        sound.extend_from_slice(&piece);
    }
    Ok(sound)
}
