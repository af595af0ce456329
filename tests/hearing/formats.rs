//! Sound files of every kind, and broken ones. Needs no weights.

use samantha::audio::decode::{DecodeError, read_speech};
use std::f32::consts::TAU;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const DURATION_S: f32 = 0.5;
const TONE_HZ: f32 = 440.0;
const LEVEL: f32 = 0.5;

fn tone(rate_hz: u32) -> impl Iterator<Item = f32> {
    let frames = (DURATION_S * rate_hz as f32) as u32;
    (0..frames).map(move |at| LEVEL * (TAU * TONE_HZ * at as f32 / rate_hz as f32).sin())
}

fn write_wav(file: &Path, spec: hound::WavSpec) {
    let mut writer = hound::WavWriter::create(file, spec).expect("a file");
    let full_scale = 2.0_f32.powi(i32::from(spec.bits_per_sample) - 1) - 1.0;
    for sample in tone(spec.sample_rate) {
        for _ in 0..spec.channels {
            match spec.sample_format {
                hound::SampleFormat::Float => writer.write_sample(sample),
                hound::SampleFormat::Int => writer.write_sample((sample * full_scale) as i32),
            }
            .expect("written");
        }
    }
    writer.finalize().expect("finished");
}

/// The tone is there: right length, right loudness, right pitch.
#[track_caller]
fn assert_tone(samples: &[f32], what: &str) {
    let expected = DURATION_S * 16_000.0;
    assert!((samples.len() as f32 - expected).abs() < 20.0, "{what}: {} samples", samples.len());
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    let rms = (middle.iter().map(|s| s * s).sum::<f32>() / middle.len() as f32).sqrt();
    assert!((rms - LEVEL / 2.0_f32.sqrt()).abs() < 0.02, "{what}: loudness {rms}");
    let rises = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
    let pitch_hz = rises as f32 / (middle.len() as f32 / 16_000.0);
    assert!((pitch_hz - TONE_HZ).abs() < 8.0, "{what}: {pitch_hz} Hz");
}

fn in_a_folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A plain WAV header for `data_len` bytes, with what the caller wants to vary.
fn header(tag: u16, channels: u16, rate_hz: u32, bits: u16, data_len: u32) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend(data_len.wrapping_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16u32.to_le_bytes());
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate_hz.to_le_bytes());
    bytes.extend(rate_hz.wrapping_mul(u32::from(block)).to_le_bytes());
    bytes.extend(block.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(data_len.to_le_bytes());
    bytes
}

fn read_bytes(bytes: &[u8]) -> Result<Vec<f32>, DecodeError> {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    let started = Instant::now();
    let result = read_speech(file.path());
    assert!(started.elapsed() < Duration::from_secs(1), "took {:?}", started.elapsed());
    if let Err(error) = &result {
        let text = error.to_string();
        assert!(!text.is_empty() && !text.contains('\n'), "{text:?} is not one line");
    }
    result
}

fn tone_16_bit() -> Vec<u8> {
    tone(16_000).flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect()
}

#[test]
fn wav_of_any_rate_width_and_channel_count_is_read() {
    let dir = in_a_folder();
    let file = dir.path().join("tone.wav");
    for sample_rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000] {
        for channels in [1, 2, 6] {
            for bits_per_sample in [8, 16, 24, 32] {
                let sample_format = hound::SampleFormat::Int;
                let spec = hound::WavSpec { channels, sample_rate, bits_per_sample, sample_format };
                write_wav(&file, spec);
                assert_tone(&read_speech(&file).expect("read"), &format!("{spec:?}"));
            }
            let (bits_per_sample, sample_format) = (32, hound::SampleFormat::Float);
            let spec = hound::WavSpec { channels, sample_rate, bits_per_sample, sample_format };
            write_wav(&file, spec);
            assert_tone(&read_speech(&file).expect("read"), &format!("{spec:?}"));
        }
    }
}

#[test]
fn telephone_and_double_precision_wav_is_read() {
    let mut a_law = header(6, 1, 16_000, 8, 8_000);
    a_law.extend(tone(16_000).map(a_law_byte));
    assert_tone(&read_bytes(&a_law).expect("read"), "A-law");
    let mut double = header(3, 1, 16_000, 64, 64_000);
    double.extend(tone(16_000).flat_map(|sample| f64::from(sample).to_le_bytes()));
    assert_tone(&read_bytes(&double).expect("read"), "f64");
}

/// ITU-T G.711.
fn a_law_byte(sample: f32) -> u8 {
    let magnitude = (sample.abs() * 4_095.0) as u32;
    let exponent = if magnitude < 32 { 0 } else { magnitude.ilog2() - 4 };
    let mantissa = if exponent == 0 { magnitude >> 1 } else { magnitude >> exponent } & 0x0f;
    let sign = if sample >= 0.0 { 0x80 } else { 0 };
    (sign | (exponent << 4) as u8 | mantissa as u8) ^ 0x55
}

#[test]
fn wrong_lengths_do_not_matter() {
    let data = tone_16_bit();
    for claimed in [0, u32::MAX, u32::MAX - 1, 1 << 31, data.len() as u32 + 7] {
        let mut bytes = header(1, 1, 16_000, 16, claimed);
        bytes.extend(&data);
        assert_tone(&read_bytes(&bytes).expect("read"), &format!("claimed {claimed}"));
    }
}

#[test]
fn a_truncated_file_is_read_as_far_as_it_goes() {
    let mut bytes = header(1, 1, 16_000, 16, 16_000);
    bytes.extend(&tone_16_bit()[..8_001]);
    assert_eq!(read_bytes(&bytes).expect("read").len(), 4_000);
    let flac = include_bytes!("../audio/france.flac");
    let whole = read_bytes(flac).expect("read").len();
    let half = read_bytes(&flac[..flac.len() / 2]).expect("read").len();
    assert!((whole / 4..whole * 3 / 4).contains(&half), "{half} of {whole}");
}

#[test]
fn what_is_not_a_number_becomes_silence() {
    let mut bytes = header(3, 1, 16_000, 32, 64);
    for sample in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30].repeat(4) {
        bytes.extend(sample.to_le_bytes());
    }
    let samples = read_bytes(&bytes).expect("read");
    assert!(samples.iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0), "{samples:?}");
}

#[test]
fn broken_files_are_refused_in_one_line() {
    let data = tone_16_bit();
    let wav = |tag, channels, rate_hz, bits| {
        let mut bytes = header(tag, channels, rate_hz, bits, data.len() as u32);
        bytes.extend(&data);
        bytes
    };
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("text", b"hello, this is not sound".to_vec()),
        ("a header alone", header(1, 1, 16_000, 16, 0)),
        ("half a header", header(1, 1, 16_000, 16, 0)[..20].to_vec()),
        ("no channels", wav(1, 0, 16_000, 16)),
        ("many channels", wav(1, u16::MAX, 16_000, 16)),
        ("no rate", wav(1, 1, 0, 16)),
        ("a mad rate", wav(1, 1, u32::MAX, 16)),
        ("no bits", wav(1, 1, 16_000, 0)),
        ("mad bits", wav(1, 1, 16_000, u16::MAX)),
        ("an unknown coding", wav(0x1234, 1, 16_000, 16)),
        ("ADPCM without blocks", wav(2, 1, 16_000, 4)),
        ("FLAC in name only", b"fLaC\0\0\0\x22rubbish".to_vec()),
        ("AIFF in name only", b"FORM\0\0\0\x04AIFF".to_vec()),
    ] {
        assert!(read_bytes(&bytes).is_err(), "{what} was read");
    }
    assert!(read_speech(Path::new("/")).is_err(), "a folder was read");
}

#[test]
fn damage_anywhere_never_panics() {
    let mut wav = header(1, 2, 44_100, 24, 6_000);
    wav.extend(tone_16_bit());
    let flac = include_bytes!("../audio/yes.flac");
    let mut state = 1u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for original in [&wav[..], &flac[..]] {
        for round in 0..400 {
            let mut bytes = original.to_vec();
            // Mostly the header, where it matters.
            let reach = if round % 2 == 0 { 64 } else { bytes.len() };
            for _ in 0..=random() % 4 {
                let at = random() % reach;
                bytes[at] = random() as u8;
            }
            if round % 5 == 0 {
                bytes.truncate(random() % original.len());
            }
            let _ = read_bytes(&bytes);
        }
    }
}
