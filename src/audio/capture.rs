//! One open device: from its callback to a lock-free ring of mono samples.
//!
//! The callback mixes down, counts, and does nothing else: no allocation, no
//! lock, no log, no waiting.

use super::devices::{DeviceError, InputDevice};
use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{FromSample, InputCallbackInfo, Sample, SampleFormat, SizedSample, StreamConfig};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How much sound the ring holds: the listener may be held up this long.
const RING_S: u32 = 2;

/// How much sound the device is asked to hand over at a time, while only a key
/// makes it matter. Half of it is the mean wait when the key is let go. Shorter
/// periods wake the computer more often.
pub(super) const IDLE_PERIOD_MS: u32 = 40;
/// The same while speech is attended to: each wait here is one before she
/// answers, or falls silent.
pub(super) const ATTENTIVE_PERIOD_MS: u32 = 20;

/// How long opening may take on systems that can tell.
const OPEN_WITHIN: Duration = Duration::from_secs(2);

/// An open device. Closed when dropped, which may wait for the sound system.
pub(super) struct Capture {
    pub(super) device: InputDevice,
    pub(super) rate_hz: u32,
    pub(super) samples: rtrb::Consumer<f32>,
    pub(super) counters: Arc<Counters>,
    stream: Arc<cpal::Stream>,
}

/// What the callback tells besides sound.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Frames that found no room in the ring.
    dropped_frames: AtomicU64,
    /// All sound until here, in nanoseconds of the stream's own clock, has
    /// been handed over.
    covered_until_ns: AtomicU64,
    /// The sound system reported that the stream is dead.
    failed: AtomicBool,
}

impl Counters {
    /// Frames lost since this was last asked.
    pub(super) fn take_dropped_frames(&self) -> u64 {
        self.dropped_frames.swap(0, Ordering::Relaxed)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

impl Capture {
    /// Opens the device. Sound flows once [`Capture::starter`] has run.
    pub(super) fn open(
        device: InputDevice,
        handle: &cpal::Device,
        period_ms: u32,
    ) -> Result<Self, DeviceError> {
        let supported = handle
            .default_input_config()
            .or_else(|error| {
                let mut ranges = handle.supported_input_configs()?;
                ranges.next().map(|range| range.with_max_sample_rate()).ok_or(error)
            })
            .map_err(|error| explain(&device, &error))?;
        let supported = without_24_bits(handle, supported);
        let format = supported.sample_format();
        let mut config = supported.config();
        let rate_hz = config.sample_rate;
        config.buffer_size = cpal::BufferSize::Fixed((rate_hz * period_ms / 1000).max(1));

        // Not every system lets the length be chosen.
        let opened = build(handle, config, format).or_else(|_| {
            config.buffer_size = cpal::BufferSize::Default;
            build(handle, config, format)
        });
        let (stream, samples, counters) = opened.map_err(|error| explain(&device, &error))?;
        Ok(Self { device, rate_hz, samples, counters, stream: Arc::new(stream) })
    }

    /// Starts the flow of sound. Run it on a thread of its own: with
    /// PulseAudio it returns only when the first sound has arrived, which a
    /// dead device never delivers.
    pub(super) fn starter(&self) -> impl FnOnce() + Send + 'static {
        let (stream, counters) = (self.stream.clone(), self.counters.clone());
        move || {
            if let Err(error) = stream.play() {
                tracing::debug!(%error, "the microphone did not start");
                counters.failed.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Now, on the clock that [`Capture::has_covered`] compares with.
    pub(super) fn now_ns(&self) -> u64 {
        u64::try_from(self.stream.now().as_nanos()).unwrap_or(u64::MAX)
    }

    /// About when the newest sample in the ring was captured.
    pub(super) fn newest_at(&self) -> Instant {
        let covered_ns = self.counters.covered_until_ns.load(Ordering::Acquire);
        let age_ns = self.now_ns().saturating_sub(covered_ns).min(RING_S as u64 * 1_000_000_000);
        let now = Instant::now();
        now.checked_sub(Duration::from_nanos(age_ns)).unwrap_or(now)
    }

    /// Whether all sound up to this moment is in the ring.
    pub(super) fn has_covered(&self, moment_ns: u64) -> bool {
        self.counters.covered_until_ns.load(Ordering::Acquire) >= moment_ns
    }
}

/// Asks for another format where the device's own has 24 bits, if there is one:
/// PulseAudio and ALSA leave the fourth byte empty, and cpal does not extend
/// the sign into it, so that every negative sample would be wrong.
fn without_24_bits(
    handle: &cpal::Device,
    supported: cpal::SupportedStreamConfig,
) -> cpal::SupportedStreamConfig {
    if !matches!(supported.sample_format(), SampleFormat::I24 | SampleFormat::U24) {
        return supported;
    }
    let Ok(ranges) = handle.supported_input_configs() else {
        return supported;
    };
    ranges
        .filter(|range| {
            range.channels() == supported.channels()
                && matches!(range.sample_format(), SampleFormat::F32 | SampleFormat::I32)
        })
        .find_map(|range| range.try_with_sample_rate(supported.sample_rate()))
        .unwrap_or(supported)
}

type Opened = (cpal::Stream, rtrb::Consumer<f32>, Arc<Counters>);

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
) -> Result<Opened, cpal::Error> {
    match format {
        SampleFormat::I8 => build_for::<i8>(device, config),
        SampleFormat::I16 => build_for::<i16>(device, config),
        SampleFormat::I24 => build_for::<cpal::I24>(device, config),
        SampleFormat::I32 => build_for::<i32>(device, config),
        SampleFormat::I64 => build_for::<i64>(device, config),
        SampleFormat::U8 => build_for::<u8>(device, config),
        SampleFormat::U16 => build_for::<u16>(device, config),
        SampleFormat::U24 => build_for::<cpal::U24>(device, config),
        SampleFormat::U32 => build_for::<u32>(device, config),
        SampleFormat::U64 => build_for::<u64>(device, config),
        SampleFormat::F32 => build_for::<f32>(device, config),
        SampleFormat::F64 => build_for::<f64>(device, config),
        _ => Err(cpal::Error::new(cpal::ErrorKind::UnsupportedConfig)),
    }
}

fn build_for<T>(device: &cpal::Device, config: StreamConfig) -> Result<Opened, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels.max(1));
    let rate_hz = config.sample_rate;
    let (mut ring, samples) = rtrb::RingBuffer::new((rate_hz * RING_S) as usize);
    let counters = Arc::new(Counters::default());
    let (counting, failing) = (counters.clone(), counters.clone());
    let stream = device.build_input_stream(
        config,
        move |data: &[T], info: &InputCallbackInfo| {
            let frames = data.len() / channels;
            let dropped = mix_down_into(&mut ring, data, channels);
            if dropped > 0 {
                counting.dropped_frames.fetch_add(dropped as u64, Ordering::Relaxed);
            }
            let length_ns = frames as u64 * 1_000_000_000 / u64::from(rate_hz);
            let begun_ns = info.timestamp().capture.as_nanos() as u64;
            counting.covered_until_ns.store(begun_ns + length_ns, Ordering::Release);
        },
        move |error| {
            use cpal::ErrorKind::{DeviceNotAvailable, HostUnavailable, StreamInvalidated};
            // Others, such as a buffer that overran, do not end the stream.
            if matches!(error.kind(), DeviceNotAvailable | HostUnavailable | StreamInvalidated) {
                failing.failed.store(true, Ordering::Relaxed);
            }
        },
        Some(OPEN_WITHIN),
    )?;
    Ok((stream, samples, counters))
}

/// Writes the average of each frame's channels; how many frames found no room.
fn mix_down_into<T>(ring: &mut rtrb::Producer<f32>, data: &[T], channels: usize) -> usize
where
    T: Sample,
    f32: FromSample<T>,
{
    let frames = data.len() / channels;
    let room = ring.slots().min(frames);
    let Ok(chunk) = ring.write_chunk_uninit(room) else {
        return frames;
    };
    let share = 1.0 / channels as f32;
    let written = chunk
        .fill_from_iter(data.chunks_exact(channels).map(|frame| {
            frame.iter().map(|&sample| f32::from_sample(sample)).sum::<f32>() * share
        }));
    frames - written
}

fn explain(device: &InputDevice, error: &cpal::Error) -> DeviceError {
    let device = device.name.clone();
    match error.kind() {
        cpal::ErrorKind::HostUnavailable => DeviceError::NoSoundSystem,
        cpal::ErrorKind::PermissionDenied => DeviceError::Refused { device },
        cpal::ErrorKind::DeviceBusy => DeviceError::Busy { device },
        _ => DeviceError::Unusable { device, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed<T: Sample>(data: &[T], channels: usize, room: usize) -> (Vec<f32>, usize)
    where
        f32: FromSample<T>,
    {
        let (mut producer, mut consumer) = rtrb::RingBuffer::new(room);
        let dropped = mix_down_into(&mut producer, data, channels);
        let mut samples = vec![0.0; consumer.slots()];
        consumer.pop_entire_slice(&mut samples).expect("all of it");
        (samples, dropped)
    }

    #[test]
    fn every_format_has_the_same_silence_and_the_same_half() {
        fn check<T: Sample + std::fmt::Debug>(silence: T, half: T)
        where
            f32: FromSample<T>,
        {
            let (samples, dropped) = mixed(&[silence, half, half, half], 2, 8);
            assert_eq!(dropped, 0);
            for (sample, expected) in samples.iter().zip([0.25, 0.5]) {
                assert!((sample - expected).abs() < 0.01, "{half:?} became {samples:?}");
            }
        }
        check(0i8, 64);
        check(0i16, 1 << 14);
        check(cpal::I24::new(0).expect("in range"), cpal::I24::new(1 << 22).expect("in range"));
        check(0i32, 1 << 30);
        check(0i64, 1 << 62);
        check(128u8, 192);
        check(1u16 << 15, (1 << 15) + (1 << 14));
        check(1u32 << 31, (1 << 31) + (1 << 30));
        check(1u64 << 63, (1 << 63) + (1 << 62));
        check(0.0f32, 0.5);
        check(0.0f64, 0.5);
    }

    #[test]
    fn any_number_of_channels_becomes_their_average() {
        for channels in [1, 2, 3, 6, 8, 32] {
            let frames: Vec<f32> =
                (0..5).flat_map(|n| std::iter::repeat_n(n as f32 / 10.0, channels)).collect();
            let (samples, _) = mixed(&frames, channels, 8);
            for (n, sample) in samples.iter().enumerate() {
                assert!((sample - n as f32 / 10.0).abs() < 1e-6, "{channels}: {samples:?}");
            }
        }
    }

    #[test]
    fn frames_without_room_are_counted_and_the_rest_is_kept() {
        assert_eq!(mixed(&[0.5f32; 10], 1, 4), (vec![0.5; 4], 6));
    }

    #[test]
    fn the_callback_allocates_nothing() {
        let (mut producer, consumer) = rtrb::RingBuffer::new(1000);
        let data = vec![0.5f32; 960];
        let allocations = crate::audio::allocations::of(|| {
            // The third finds no room.
            for _ in 0..3 {
                mix_down_into(&mut producer, &data, 2);
            }
        });
        assert_eq!(allocations, 0);
        drop(consumer);
    }
}
