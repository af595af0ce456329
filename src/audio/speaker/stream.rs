//! The open device behind a [`Feed`], and the thread that opens and closes it:
//! a sound system that hangs holds up that thread and nobody else.

use super::output::{Feed, Output, Timing, line};
use super::priority;
use crate::audio::devices;
use crate::wording::troubles;
use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{FromSample, OutputCallbackInfo, SampleFormat, SizedSample, StreamConfig};
use crossbeam_channel::{Receiver, Sender};
use std::time::{Duration, Instant};

/// What the device's own buffer holds at least, behind what it was handed: a
/// callback that is late by less is not heard.
const HARDWARE_MS: u32 = 8;

/// How long opening may take on systems that can tell.
const OPEN_WITHIN: Duration = Duration::from_secs(2);

/// Why there is no loudspeaker. Each is one sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeakerError {
    /// Neither a sound server nor the kernel's sound system answered.
    #[error("{}", devices::DeviceError::NoSoundSystem)]
    NoSoundSystem,
    /// The sound system lists no loudspeaker.
    #[error("{}", troubles::NO_SPEAKER)]
    NoSpeaker,
    /// It cannot be opened.
    #[error("{}", troubles::SPEAKER_UNUSABLE.with(&[("device", .device), ("reason", .reason)]))]
    Unusable {
        /// The device's name.
        device: String,
        /// What the sound system says.
        reason: String,
    },
}

/// An open device.
pub(super) struct Line {
    /// Where samples go in.
    pub(super) feed: Feed,
    /// Keeps it open; dropping it may wait for the sound system.
    pub(super) device: Box<dyn Send>,
    /// How much the device takes at a time, as it was wished.
    pub(super) period_ms: u32,
}

/// Opens a line to the system's default device.
pub(super) type Opener = Box<dyn FnMut(Wish) -> Result<Line, SpeakerError> + Send>;

/// What a line should be like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Where its clock begins.
    pub(super) epoch: Instant,
    /// How much the device is to take at a time. Twice this waits in the sound
    /// system and plays on after a stop.
    pub(super) period_ms: u32,
}

/// What the device thread is asked.
pub(super) enum Request {
    Open(Wish),
    Close(Box<dyn Send>),
    /// Let this thread run before others.
    Raise {
        thread: u32,
    },
}

/// Opens and closes until nobody asks any more.
pub(super) fn run(
    mut open: Opener,
    requests: &Receiver<Request>,
    answers: &Sender<Result<Line, SpeakerError>>,
) {
    for request in requests {
        match request {
            Request::Open(wish) => {
                if answers.send(open(wish)).is_err() {
                    return;
                }
            }
            Request::Close(device) => close(device),
            Request::Raise { thread } => priority::raise(thread),
        }
    }
}

/// Closes a device on a thread of its own: cpal's PulseAudio client waits for
/// ever for a stream that went with its device.
fn close(device: Box<dyn Send>) {
    let closing = move || drop(device);
    if let Err(error) = std::thread::Builder::new().name("speaker close".into()).spawn(closing) {
        tracing::debug!(%error, "closed the loudspeaker in passing");
    }
}

/// Opens the system's default device and starts it.
pub(super) fn open(wish: Wish) -> Result<Line, SpeakerError> {
    let begun = Instant::now();
    let (name, device, connection) = devices::default_output()?;
    let unusable = |error: cpal::Error| match error.kind() {
        cpal::ErrorKind::HostUnavailable => SpeakerError::NoSoundSystem,
        _ => SpeakerError::Unusable { device: name.clone(), reason: error.to_string() },
    };
    let supported = device.default_output_config().map_err(unusable)?;
    let format = supported.sample_format();
    let mut config = supported.config();
    let period = (config.sample_rate * wish.period_ms / 1000).max(1);
    config.buffer_size = cpal::BufferSize::Fixed(period);
    // Not every system lets the length be chosen.
    let (feed, stream) = build(&device, config, format, wish)
        .or_else(|_| {
            config.buffer_size = cpal::BufferSize::Default;
            build(&device, config, format, wish)
        })
        .map_err(unusable)?;
    stream.play().map_err(unusable)?;
    tracing::debug!(
        rate_hz = feed.rate_hz(),
        period_ms = wish.period_ms,
        opened_in_ms = begun.elapsed().as_millis() as u64,
        "opened the loudspeaker"
    );
    Ok(Line { feed, device: Box::new((stream, connection)), period_ms: wish.period_ms })
}

/// How much passes at a time where there is no device.
const UNHEARD_PERIOD: Duration = Duration::from_millis(10);

/// Opens a line that leads nowhere, in real time.
pub(super) fn open_unheard(wish: Wish) -> Result<Line, SpeakerError> {
    let (feed, mut output) = line(voice::RATE_HZ, 0);
    let (open, closed) = crossbeam_channel::bounded::<()>(0);
    let run = move || {
        let mut silence = vec![0.0_f32; voice::RATE_HZ as usize / 100];
        let mut due = Instant::now();
        while closed.recv_deadline(due) == Err(crossbeam_channel::RecvTimeoutError::Timeout) {
            let now_ns = wish.epoch.elapsed().as_nanos() as u64;
            output.fill(&mut silence, 1, Timing { now_ns, latency_ns: 0 });
            due += UNHEARD_PERIOD;
        }
    };
    let thread = std::thread::Builder::new().name("unheard speaker".into()).spawn(run);
    thread.map_err(|error| SpeakerError::Unusable {
        device: "none".into(),
        reason: error.to_string(),
    })?;
    Ok(Line { feed, device: Box::new(open), period_ms: wish.period_ms })
}

type Opened = (Feed, cpal::Stream);

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    wish: Wish,
) -> Result<Opened, cpal::Error> {
    match format {
        SampleFormat::I8 => build_for::<i8>(device, config, wish),
        SampleFormat::I16 => build_for::<i16>(device, config, wish),
        SampleFormat::I24 => build_for::<cpal::I24>(device, config, wish),
        SampleFormat::I32 => build_for::<i32>(device, config, wish),
        SampleFormat::I64 => build_for::<i64>(device, config, wish),
        SampleFormat::U8 => build_for::<u8>(device, config, wish),
        SampleFormat::U16 => build_for::<u16>(device, config, wish),
        SampleFormat::U24 => build_for::<cpal::U24>(device, config, wish),
        SampleFormat::U32 => build_for::<u32>(device, config, wish),
        SampleFormat::U64 => build_for::<u64>(device, config, wish),
        SampleFormat::F32 => build_for::<f32>(device, config, wish),
        SampleFormat::F64 => build_for::<f64>(device, config, wish),
        _ => Err(cpal::Error::new(cpal::ErrorKind::UnsupportedConfig)),
    }
}

fn build_for<T>(
    device: &cpal::Device,
    config: StreamConfig,
    wish: Wish,
) -> Result<Opened, cpal::Error>
where
    T: SizedSample + FromSample<f32>,
{
    let channels = usize::from(config.channels.max(1));
    let (feed, output) = line(config.sample_rate, 2 * wish.period_ms + HARDWARE_MS);
    let failing = feed.failing();
    let stream = device.build_output_stream(
        config,
        callback::<T>(output, channels, wish.epoch),
        move |error| {
            use cpal::ErrorKind::{DeviceNotAvailable, HostUnavailable, StreamInvalidated};
            // Others, such as a buffer that ran dry, do not end the stream.
            if matches!(error.kind(), DeviceNotAvailable | HostUnavailable | StreamInvalidated) {
                failing();
            }
        },
        Some(OPEN_WITHIN),
    )?;
    Ok((feed, stream))
}

fn callback<T>(
    mut output: Output,
    channels: usize,
    epoch: Instant,
) -> impl FnMut(&mut [T], &OutputCallbackInfo) + Send + 'static
where
    T: SizedSample + FromSample<f32>,
{
    move |data, info| {
        let timestamp = info.timestamp();
        let latency = timestamp.playback.duration_since(timestamp.callback);
        let timing = Timing {
            now_ns: epoch.elapsed().as_nanos() as u64,
            latency_ns: latency.as_nanos() as u64,
        };
        output.fill(data, channels, timing);
    }
}
