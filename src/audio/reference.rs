//! What the loudspeaker plays and when, at 16 kHz, for the echo canceller.
//!
//! Whoever plays sound writes it ([`ReferenceWriter`]), a little ahead or just
//! after it is heard, and may take back what is not heard after all. The
//! listener reads it beside what the microphone captured ([`Reference`]). Both
//! are ordinary threads with a channel between them; neither ever waits. Where
//! nothing was written there is silence.
//!
//! A voice that plays its own sound writes it itself; what another program
//! plays comes from [`monitor`].

pub mod monitor;

use super::SPEECH_RATE_HZ;
use super::resample::RateConverter;
use super::speaker::Tap;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How much earlier [`Reference::follow`] hands out sound than it is heard.
/// The canceller bears an echo that is late, not one that comes before its
/// sound, and no sound system is exact about its own delay.
pub const LEAD: Duration = Duration::from_millis(80);

/// Pieces that wait for the reader: 2 s and more. When nobody reads, the rest
/// is lost.
const WAITING_PIECES: usize = 256;
/// A piece that begins so near the end of the one before goes on with it.
const SAME_SOUND_WITHIN: Duration = Duration::from_micros(500);
/// What lies so far back is forgotten.
const KEPT: i64 = SPEECH_RATE_HZ as i64;
/// Moments are exact to so many samples; more is another moment.
const SAME_MOMENT_SAMPLES: u64 = 2;
/// What goes on may be told so late; then it is not taken for another sound, which
/// would begin with a gap.
const LATE_SAMPLES: i64 = SPEECH_RATE_HZ as i64 * 5 / 100;

/// A timeline and who writes on it.
pub fn reference() -> (ReferenceWriter, Reference) {
    let (news, inbox) = bounded(WAITING_PIECES);
    let taps = Arc::<AtomicUsize>::default();
    let is_read = Arc::<AtomicBool>::default();
    let reference = Reference {
        inbox,
        taps: taps.clone(),
        is_read: is_read.clone(),
        epoch: Instant::now(),
        stretches: VecDeque::new(),
        next: None,
    };
    (ReferenceWriter { news, taps, is_read }, reference)
}

/// Tells what is played.
#[derive(Clone)]
pub struct ReferenceWriter {
    news: Sender<News>,
    /// How many taps there are.
    taps: Arc<AtomicUsize>,
    is_read: Arc<AtomicBool>,
}

/// Writes what one voice plays, as long as there is that voice.
struct VoiceTap {
    writer: ReferenceWriter,
}

enum News {
    Played { heard_from: Instant, rate_hz: u32, samples: Vec<f32> },
    SilentFrom(Instant),
}

impl Drop for VoiceTap {
    fn drop(&mut self) {
        self.writer.taps.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Tap for VoiceTap {
    fn played(&self, heard_from: Instant, samples: &[f32]) {
        self.writer.played(heard_from, samples);
    }

    fn silent_from(&self, at: Instant) {
        self.writer.silent_from(at);
    }

    fn is_followed(&self) -> bool {
        self.writer.is_read.load(Ordering::Relaxed)
    }
}

impl ReferenceWriter {
    /// For a voice that plays its own sound. As long as it is there,
    /// [`Reference::is_written`].
    pub fn tap(&self) -> Box<dyn Tap> {
        self.taps.fetch_add(1, Ordering::Relaxed);
        Box::new(VoiceTap { writer: self.clone() })
    }

    /// These samples, of the loudspeaker's 24 kHz, are heard from this moment
    /// on, which may lie ahead. What was told of the time from then on no
    /// longer counts.
    pub fn played(&self, heard_from: Instant, samples_24k: &[f32]) {
        self.played_at(super::speaker::RATE_HZ, heard_from, samples_24k);
    }

    /// The same at another rate.
    pub fn played_at(&self, rate_hz: u32, heard_from: Instant, samples: &[f32]) {
        let samples = samples.to_vec();
        self.tell(News::Played { heard_from, rate_hz, samples });
    }

    /// Nothing that was told is heard from this moment on.
    pub fn silent_from(&self, at: Instant) {
        self.tell(News::SilentFrom(at));
    }

    fn tell(&self, news: News) {
        if let Err(TrySendError::Full(_)) = self.news.try_send(news) {
            tracing::trace!("nobody reads what is played");
        }
    }
}

/// Reads what is played; see the module.
pub struct Reference {
    inbox: Receiver<News>,
    taps: Arc<AtomicUsize>,
    is_read: Arc<AtomicBool>,
    /// Where the timeline's places are counted from.
    epoch: Instant,
    /// In order, without overlap.
    stretches: VecDeque<Stretch>,
    /// Where [`Reference::follow`] goes on.
    next: Option<i64>,
}

/// Sound without a gap.
struct Stretch {
    /// The place of the first sample that is kept.
    begin: i64,
    samples: VecDeque<f32>,
    rate_hz: u32,
    /// When the next piece is heard, if it belongs to this.
    ends_at: Instant,
    /// The place where that is.
    told_until: i64,
    /// `None` once it has ended.
    converter: Option<RateConverter>,
}

impl Reference {
    /// Whether a voice writes what it plays.
    pub fn is_written(&self) -> bool {
        self.taps.load(Ordering::Relaxed) > 0
    }

    /// From now on it is read all the time, or no longer: then a voice keeps its
    /// loudspeaker open, since each opening moves its clock.
    pub fn set_read(&self, is_read: bool) {
        self.is_read.store(is_read, Ordering::Relaxed);
    }

    /// Appends `count` samples at 16 kHz that are heard from this moment on.
    pub fn read(&mut self, from: Instant, count: usize, out: &mut Vec<f32>) {
        let place = self.place(from);
        self.read_places(place, count, out);
    }

    /// Appends the `count` samples that belong to as many captured ones, the
    /// first captured at this moment, [`LEAD`] early. Whether they do not follow
    /// upon those before: the clock of one or the other was set.
    pub fn follow(&mut self, captured_from: Instant, count: usize, out: &mut Vec<f32>) -> bool {
        let wanted = self.place(captured_from + LEAD);
        // Rounding must neither leave out a sample nor repeat one.
        let next = self.next.filter(|next| next.abs_diff(wanted) <= SAME_MOMENT_SAMPLES);
        if next.is_none() {
            let off_by_samples = self.next.map(|next| wanted - next);
            tracing::debug!(off_by_samples, "the microphone's clock was set");
        }
        let from = next.unwrap_or(wanted);
        let was_set = next.is_none() && self.next.is_some();
        self.next = Some(from + count as i64);
        self.read_places(from, count, out);
        was_set
    }

    fn read_places(&mut self, from: i64, count: usize, out: &mut Vec<f32>) {
        while let Ok(news) = self.inbox.try_recv() {
            match news {
                News::Played { heard_from, rate_hz, samples } => {
                    self.add(heard_from, rate_hz, &samples);
                }
                News::SilentFrom(at) => self.cut(self.place(at)),
            }
        }
        let begin = out.len();
        out.resize(begin + count, 0.0);
        let until = from + count as i64;
        for stretch in &mut self.stretches {
            // The filter holds back the last samples: only at its end must
            // they be had without what follows.
            if stretch.told_until > stretch.end() && until > stretch.told_until + LATE_SAMPLES {
                stretch.finish();
            }
            let (first, last) = (stretch.begin.max(from), stretch.end().min(until));
            if first < last {
                let kept = (first - stretch.begin) as usize..(last - stretch.begin) as usize;
                let to = &mut out[begin + (first - from) as usize..];
                to.iter_mut().zip(stretch.samples.range(kept)).for_each(|(to, s)| *to = *s);
            }
        }
        self.forget_until(from - KEPT);
    }

    fn add(&mut self, heard_from: Instant, rate_hz: u32, samples: &[f32]) {
        let goes_on = self.stretches.back().is_some_and(|last| {
            let apart = heard_from
                .saturating_duration_since(last.ends_at)
                .max(last.ends_at.saturating_duration_since(heard_from));
            last.converter.is_some() && last.rate_hz == rate_hz && apart < SAME_SOUND_WITHIN
        });
        if !goes_on {
            let begin = self.place(heard_from);
            self.cut(begin);
            let converter = RateConverter::new(rate_hz, SPEECH_RATE_HZ)
                .inspect_err(|error| tracing::error!(%error, rate_hz, "no resampler"));
            let Ok(converter) = converter else { return };
            self.stretches.push_back(Stretch {
                begin,
                samples: VecDeque::new(),
                rate_hz,
                ends_at: heard_from,
                told_until: begin,
                converter: Some(converter),
            });
        }
        let epoch = self.epoch;
        if let Some(stretch) = self.stretches.back_mut() {
            stretch.push(samples);
            stretch.told_until = place_after(epoch, stretch.ends_at);
        }
    }

    /// Takes back everything from this place on.
    fn cut(&mut self, place: i64) {
        while let Some(last) = self.stretches.back_mut() {
            last.finish();
            if last.begin < place {
                last.samples.truncate((place - last.begin) as usize);
                last.told_until = last.told_until.min(place);
                return;
            }
            self.stretches.pop_back();
        }
    }

    fn forget_until(&mut self, place: i64) {
        while let Some(first) = self.stretches.front_mut() {
            let count = (place - first.begin).clamp(0, first.samples.len() as i64);
            first.samples.drain(..count as usize);
            first.begin += count;
            if first.converter.is_some() || !first.samples.is_empty() {
                return;
            }
            self.stretches.pop_front();
        }
    }

    fn place(&self, at: Instant) -> i64 {
        place_after(self.epoch, at)
    }
}

impl Stretch {
    fn end(&self) -> i64 {
        self.begin + self.samples.len() as i64
    }

    fn push(&mut self, samples: &[f32]) {
        let Some(converter) = &mut self.converter else { return };
        let mut converted = Vec::new();
        converter.push(samples, &mut converted);
        self.samples.extend(converted);
        self.ends_at += Duration::from_secs_f64(samples.len() as f64 / f64::from(self.rate_hz));
    }

    fn finish(&mut self) {
        if let Some(converter) = self.converter.take() {
            let mut rest = Vec::new();
            converter.finish(&mut rest);
            self.samples.extend(rest);
            self.told_until = self.end();
        }
    }
}

fn place_after(epoch: Instant, at: Instant) -> i64 {
    let samples =
        |duration: Duration| (duration.as_secs_f64() * f64::from(SPEECH_RATE_HZ)).round() as i64;
    match at.checked_duration_since(epoch) {
        Some(since) => samples(since),
        None => -samples(epoch - at),
    }
}

#[cfg(test)]
mod tests;
