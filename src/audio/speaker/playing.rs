//! A device that is open: what it was given, in its own rate, and which of the
//! pushed samples that is.

use super::RATE_HZ;
use super::output::duration_ns;
use super::stream::Line;
use super::tap::Told;
use crate::audio::resample::RateConverter;
use std::collections::VecDeque;
use std::ops::Range;
use std::time::Instant;

pub(super) struct Playing {
    pub(super) line: Line,
    pub(super) converter: Option<RateConverter>,
    /// Converted and not yet in the ring.
    pub(super) converted: Vec<f32>,
    /// Where in the line's ring each stretch of the pushed samples begins.
    stretches: VecDeque<Stretch>,
    /// What the tap was told of this line.
    pub(super) told: Told,
    /// It fades out, to be replaced by one that takes more at a time.
    pub(super) leaving: bool,
    pub(super) opened_at: Instant,
    pub(super) idle_since: Instant,
}

struct Stretch {
    ring: u64,
    place: u64,
}

impl Playing {
    pub(super) fn new(line: Line, now: Instant) -> Self {
        Self {
            line,
            converter: None,
            converted: Vec::new(),
            stretches: VecDeque::new(),
            told: Told::default(),
            leaving: false,
            opened_at: now,
            idle_since: now,
        }
    }

    /// Fades out and drops what waits in the ring.
    pub(super) fn fall_silent(&mut self) {
        self.converted.clear();
        self.converter = None;
        self.line.feed.stop();
    }

    /// Converts samples that begin at `place`.
    pub(super) fn convert(&mut self, samples: &[f32], place: u64) -> bool {
        if self.converter.is_none() {
            let rate_hz = self.line.feed.rate_hz();
            let converter = RateConverter::new(RATE_HZ, rate_hz)
                .inspect_err(|error| tracing::error!(%error, rate_hz, "no resampler"));
            let Ok(converter) = converter else { return false };
            let ring = self.line.feed.pushed() + self.converted.len() as u64;
            self.stretches.push_back(Stretch { ring, place });
            self.converter = Some(converter);
        }
        if let Some(converter) = &mut self.converter {
            converter.push(samples, &mut self.converted);
        }
        true
    }

    /// The place of the pushed sample that stands at this place of the ring;
    /// earlier ones are not asked for any more.
    pub(super) fn place_of(&mut self, ring: u64) -> u64 {
        while self.stretches.get(1).is_some_and(|next| next.ring <= ring) {
            self.stretches.pop_front();
        }
        let rate_hz = self.line.feed.rate_hz();
        self.stretches.front().map_or(0, |stretch| stretch.place_of(ring, rate_hz))
    }

    /// The stretches of pushed samples within this part of the ring: how long
    /// after the ring's first sample each is heard, and its places.
    pub(super) fn places(&self, ring: Range<u64>) -> impl Iterator<Item = (u64, Range<u64>)> {
        let rate_hz = self.line.feed.rate_hz();
        let ends = self.stretches.iter().skip(1).map(|next| next.ring).chain([u64::MAX]);
        self.stretches.iter().zip(ends).filter_map(move |(stretch, end)| {
            let (from, to) = (ring.start.max(stretch.ring), ring.end.min(end));
            (from < to).then(|| {
                let places = stretch.place_of(from, rate_hz)..stretch.place_of(to, rate_hz);
                let since_ns = duration_ns(places.start - stretch.place, RATE_HZ);
                (duration_ns(stretch.ring, rate_hz) + since_ns, places)
            })
        })
    }
}

impl Stretch {
    fn place_of(&self, ring: u64, rate_hz: u32) -> u64 {
        let since = u128::from(ring.saturating_sub(self.ring));
        self.place + (since * u128::from(RATE_HZ) / u128::from(rate_hz)) as u64
    }
}
