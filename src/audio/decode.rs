//! Sound files as 16 kHz mono speech: WAV of any kind in use, AIFF, FLAC.
//!
//! Called by the command line and wherever a file stands in for the
//! microphone. Damaged files are decoded as far as they go, or refused in one
//! sentence. Never allocates by what a header claims, only by what is there.

use crate::audio::SPEECH_RATE_HZ;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

mod riff;

/// More than this is not a recording of somebody talking, but it may be a
/// small file that unpacks to fill the memory.
const MAX_DURATION_S: u64 = 3 * 60 * 60;
/// What sound hardware and telephones use, with room on both sides.
const RATES_HZ: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// A stream with more broken packets than this is not worth reading on.
const MAX_BROKEN_PACKETS: u32 = 1_000;
/// Input frames per step of the resampler.
const RESAMPLER_CHUNK_FRAMES: usize = 4_096;

/// Why a file cannot be used. Each text is one sentence for people; the
/// file's name is not in it.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It cannot be opened or read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is none of the formats.
    #[error("it is not a sound file that can be used: give a WAV, AIFF or FLAC file")]
    UnknownFormat,
    /// It is one of the formats, in a variant that is not supported.
    #[error("its sound is stored in a way that is not supported ({0}): convert it to 16-bit WAV")]
    Unsupported(String),
    /// It claims to be one of the formats and is not.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It is well-formed, but there is nothing to hear.
    #[error("it holds no sound")]
    Empty,
    /// It is longer than [`MAX_DURATION_S`].
    #[error("it is longer than {} hours: cut it into shorter files", MAX_DURATION_S / 3600)]
    TooLong,
}

/// Reads a whole file: mono at [`SPEECH_RATE_HZ`], every sample finite and in
/// -1.0..=1.0, at least one sample.
pub fn read_speech(path: &Path) -> Result<Vec<f32>, DecodeError> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        // A folder, or a pipe that might never end.
        return Err(DecodeError::UnknownFormat);
    }
    let mut magic = Vec::with_capacity(12);
    file.by_ref().take(12).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    let source: Box<dyn MediaSource> = match &magic[..] {
        [b'R', b'I', b'F' | b'X', b'F' | b'X', _, _, _, _, b'W', b'A', b'V', b'E']
        | [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E'] => riff::open(file)?,
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C'] => Box::new(file),
        [b'f', b'L', b'a', b'C', ..] => Box::new(file),
        [] => return Err(DecodeError::Empty),
        _ => return Err(DecodeError::UnknownFormat),
    };
    decode(source)
}

fn decode(source: Box<dyn MediaSource>) -> Result<Vec<f32>, DecodeError> {
    let stream = MediaSourceStream::new(source, Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| header_error(&error))?;
    let track = format.default_track(TrackType::Audio).ok_or(DecodeError::Empty)?;
    let track_id = track.id;
    let params = track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .ok_or_else(|| DecodeError::Damaged("its header names no kind of sound".into()))?;
    if let Some(rate_hz) = params.sample_rate {
        check_rate(rate_hz)?;
    }
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| header_error(&error))?;
    let samples = decode_packets(format.as_mut(), decoder.as_mut(), track_id)?;
    if samples.is_empty() { Err(DecodeError::Empty) } else { Ok(samples) }
}

/// Decodes until the end, or as far as the data makes sense.
fn decode_packets(
    format: &mut dyn FormatReader,
    decoder: &mut dyn AudioDecoder,
    track_id: u32,
) -> Result<Vec<f32>, DecodeError> {
    let mut speech: Option<Downsampler> = None;
    let mut interleaved: Vec<f32> = Vec::new();
    let mut broken_packets = 0;
    let mut first_fault = None;
    // A packet that cannot be read ends the sound: what came before is kept.
    while let Ok(Some(packet)) = format.next_packet() {
        if packet.track_id != track_id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) if buffer.frames() > 0 => {
                let speech = match &mut speech {
                    Some(speech) if speech.rate_hz == buffer.spec().rate() => speech,
                    Some(_) => break, // the rate changes within the file: another recording
                    none => none.insert(Downsampler::new(buffer.spec().rate())?),
                };
                speech.push(&downmix(&buffer, &mut interleaved))?;
            }
            Ok(_) => {}
            Err(SymphoniaError::DecodeError(fault)) if broken_packets < MAX_BROKEN_PACKETS => {
                broken_packets += 1;
                first_fault.get_or_insert(fault);
            }
            Err(_) => break,
        }
    }
    match (speech, first_fault) {
        (Some(speech), _) => speech.finish(),
        (None, Some(fault)) => Err(DecodeError::Damaged(fault.into())),
        (None, None) => Err(DecodeError::Empty),
    }
}

/// The mean of all channels. What is not a number becomes silence.
fn downmix(buffer: &GenericAudioBufferRef<'_>, interleaved: &mut Vec<f32>) -> Vec<f32> {
    let channels = buffer.spec().channels().count().max(1);
    buffer.copy_to_vec_interleaved(interleaved);
    let scale = 1.0 / channels as f32;
    interleaved
        .chunks_exact(channels)
        .map(|frame| frame.iter().sum::<f32>() * scale)
        .map(|sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 })
        .collect()
}

fn check_rate(rate_hz: u32) -> Result<(), DecodeError> {
    if RATES_HZ.contains(&rate_hz) {
        return Ok(());
    }
    Err(DecodeError::Damaged(format!("its header claims {rate_hz} samples a second")))
}

fn header_error(error: &SymphoniaError) -> DecodeError {
    match error {
        SymphoniaError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            DecodeError::Damaged("it ends within its header".into())
        }
        SymphoniaError::Unsupported(what) => DecodeError::Unsupported((*what).into()),
        SymphoniaError::DecodeError(what) => DecodeError::Damaged((*what).into()),
        other => DecodeError::Damaged(other.to_string()),
    }
}

/// Brings mono sound of one rate to [`SPEECH_RATE_HZ`], piece by piece.
struct Downsampler {
    rate_hz: u32,
    /// `None` where the rate is right already.
    resampler: Option<Fft<f32>>,
    /// Input that does not fill a chunk yet.
    pending: Vec<f32>,
    /// Input frames seen so far.
    frames_in: u64,
    /// Output frames still to be dropped: the resampler's own delay.
    delay_frames: usize,
    chunk_out: Vec<f32>,
    out: Vec<f32>,
}

impl Downsampler {
    fn new(rate_hz: u32) -> Result<Self, DecodeError> {
        check_rate(rate_hz)?;
        let resampler = (rate_hz != SPEECH_RATE_HZ)
            .then(|| {
                Fft::new(
                    rate_hz as usize,
                    SPEECH_RATE_HZ as usize,
                    RESAMPLER_CHUNK_FRAMES,
                    1,
                    FixedSync::Input,
                )
            })
            .transpose()
            .map_err(|_| DecodeError::Unsupported(format!("a sampling rate of {rate_hz} Hz")))?;
        Ok(Self {
            rate_hz,
            delay_frames: resampler.as_ref().map_or(0, Resampler::output_delay),
            chunk_out: vec![0.0; resampler.as_ref().map_or(0, Resampler::output_frames_max)],
            resampler,
            pending: Vec::new(),
            frames_in: 0,
            out: Vec::new(),
        })
    }

    fn push(&mut self, samples: &[f32]) -> Result<(), DecodeError> {
        self.frames_in += samples.len() as u64;
        if self.frames_in > MAX_DURATION_S * u64::from(self.rate_hz) {
            return Err(DecodeError::TooLong);
        }
        let Some(chunk_frames) = self.resampler.as_ref().map(Resampler::input_frames_next) else {
            self.out.extend_from_slice(samples);
            return Ok(());
        };
        self.pending.extend_from_slice(samples);
        let mut pending = std::mem::take(&mut self.pending);
        let whole = pending.len() - pending.len() % chunk_frames;
        for chunk in pending[..whole].chunks_exact(chunk_frames) {
            self.resample(chunk)?;
        }
        pending.drain(..whole);
        self.pending = pending;
        Ok(())
    }

    /// What is left, and silence until the resampler has given back every
    /// frame it was given.
    fn finish(mut self) -> Result<Vec<f32>, DecodeError> {
        if self.resampler.is_none() {
            return Ok(self.out);
        }
        let wanted =
            (self.frames_in * u64::from(SPEECH_RATE_HZ)).div_ceil(u64::from(self.rate_hz)) as usize;
        let mut rest = std::mem::take(&mut self.pending);
        while self.out.len() < wanted {
            self.resample(&rest)?;
            rest.clear();
        }
        self.out.truncate(wanted);
        Ok(self.out)
    }

    /// One step; a chunk that is too short is filled with silence.
    fn resample(&mut self, chunk: &[f32]) -> Result<(), DecodeError> {
        let Some(resampler) = &mut self.resampler else { return Ok(()) };
        let fault = |_| DecodeError::Unsupported("a sampling rate".into());
        let mut padded = chunk.to_vec();
        padded.resize(resampler.input_frames_next(), 0.0);
        let frames = padded.len();
        let input = InterleavedSlice::new(&padded, 1, frames)
            .map_err(|_| DecodeError::Unsupported("a sampling rate".into()))?;
        let capacity = self.chunk_out.len();
        let mut output = InterleavedSlice::new_mut(&mut self.chunk_out, 1, capacity)
            .map_err(|_| DecodeError::Unsupported("a sampling rate".into()))?;
        let indexing = Indexing { partial_len: Some(chunk.len()), ..Indexing::default() };
        let (_, produced) =
            resampler.process_into_buffer(&input, &mut output, Some(&indexing)).map_err(fault)?;
        let dropped = produced.min(self.delay_frames);
        self.delay_frames -= dropped;
        // The filter may overshoot a little where the input was at full scale.
        self.out.extend(self.chunk_out[dropped..produced].iter().map(|s| s.clamp(-1.0, 1.0)));
        Ok(())
    }
}
