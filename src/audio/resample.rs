//! From any rate to any other, piece by piece: the microphone's to the
//! recogniser's, the voice's to the loudspeaker's.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, Fft, FixedAsync, FixedSync, Indexing, Resampler, SincInterpolationParameters,
    SincInterpolationType, WindowFunction,
};

/// The longest block, in input samples, for which the rates may be locked
/// together exactly. Rates with no common measure (47,999 Hz) would need
/// blocks of a second.
const LONGEST_BLOCK: usize = 4096;

/// Converts mono sound of one rate to another. The filter's delay is taken off
/// the beginning and made up for at the end, so that nothing is shifted or
/// lost.
pub(super) struct RateConverter {
    /// `None` if the rate already fits.
    filter: Option<Filter>,
}

struct Filter {
    resampler: Box<dyn Resampler<f32>>,
    from_hz: u32,
    to_hz: u32,
    pending: Vec<f32>,
    block: Vec<f32>,
    taken: u64,
    given: u64,
    to_skip: usize,
}

impl RateConverter {
    /// # Errors
    /// If a rate is 0.
    pub(super) fn new(
        from_hz: u32,
        to_hz: u32,
    ) -> Result<Self, rubato::ResamplerConstructionError> {
        if from_hz == to_hz {
            return Ok(Self { filter: None });
        }
        let resampler = build(from_hz, to_hz)?;
        let filter = Filter {
            from_hz,
            to_hz,
            pending: Vec::new(),
            block: vec![0.0; resampler.output_frames_max()],
            taken: 0,
            given: 0,
            to_skip: resampler.output_delay(),
            resampler,
        };
        Ok(Self { filter: Some(filter) })
    }

    /// Takes samples and appends what can be converted already.
    pub(super) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        match &mut self.filter {
            None => out.extend_from_slice(samples),
            Some(filter) => filter.push(samples, out),
        }
    }

    /// Appends the rest: afterwards as much time was given as was taken.
    pub(super) fn finish(mut self, out: &mut Vec<f32>) {
        if let Some(filter) = &mut self.filter {
            filter.finish(out);
        }
    }
}

impl Filter {
    fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        self.pending.extend_from_slice(samples);
        let mut used = 0;
        while self.pending.len() - used >= self.resampler.input_frames_next() {
            used += self.convert(used, None, u64::MAX, out);
        }
        self.pending.drain(..used);
    }

    fn finish(&mut self, out: &mut Vec<f32>) {
        let wanted = (self.taken * u64::from(self.to_hz)).div_ceil(u64::from(self.from_hz));
        let mut left = self.pending.len();
        while self.given < wanted {
            self.convert(self.pending.len() - left, Some(left), wanted, out);
            left = 0;
        }
    }

    /// Converts one block that begins at `from`; how many samples it used.
    fn convert(
        &mut self,
        from: usize,
        partial: Option<usize>,
        wanted: u64,
        out: &mut Vec<f32>,
    ) -> usize {
        let indexing = Indexing { partial_len: partial, ..Indexing::new() };
        let piece = &self.pending[from..];
        let room = self.block.len();
        let converted = InterleavedSlice::new(piece, 1, piece.len()).and_then(|input| {
            let output = InterleavedSlice::new_mut(&mut self.block, 1, room)?;
            Ok((input, output))
        });
        // Sizes are taken from the resampler itself, so that neither can fail;
        // should they ever, the rest of the sound is silence, not a loop.
        let Ok((input, mut output)) = converted else {
            self.given = u64::MAX;
            return piece.len();
        };
        let (used, made) =
            match self.resampler.process_into_buffer(&input, &mut output, Some(&indexing)) {
                Ok(counts) => counts,
                Err(error) => {
                    tracing::error!(%error, "the resampler refused a block");
                    self.given = u64::MAX;
                    return piece.len();
                }
            };
        let skipped = self.to_skip.min(made);
        self.to_skip -= skipped;
        let fresh = &self.block[skipped..made];
        let room = usize::try_from(wanted - self.given).unwrap_or(usize::MAX);
        let fresh = &fresh[..fresh.len().min(room)];
        out.extend_from_slice(fresh);
        self.given += fresh.len() as u64;
        used
    }
}

fn build(
    from_hz: u32,
    to_hz: u32,
) -> Result<Box<dyn Resampler<f32>>, rubato::ResamplerConstructionError> {
    let (from, to) = (from_hz as usize, to_hz as usize);
    let chunk = (from / 50).max(1); // 20 ms
    let smallest_block = from.checked_div(gcd(from, to)).unwrap_or(0);
    if (1..=LONGEST_BLOCK).contains(&smallest_block) {
        // An even number of samples has a middle, so that the filter's delay
        // is a whole number of them.
        let even_block = smallest_block * (1 + smallest_block % 2);
        let fft = Fft::new_custom(
            from,
            to,
            chunk.next_multiple_of(even_block),
            1,
            1,
            WindowFunction::BlackmanHarris2,
            FixedSync::Input,
        )?;
        return Ok(Box::new(fft));
    }
    let parameters = SincInterpolationParameters::new(256, WindowFunction::BlackmanHarris2)
        .oversampling_factor(128)
        .interpolation(SincInterpolationType::Quadratic);
    let ratio = to as f64 / from as f64;
    Ok(Box::new(Async::new_sinc(ratio, 1.0, &parameters, chunk, 1, FixedAsync::Input)?))
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SPEECH_RATE_HZ;
    use proptest::prelude::*;

    fn sine(rate_hz: u32, frequency_hz: f64, count: usize) -> Vec<f32> {
        let step = std::f64::consts::TAU * frequency_hz / f64::from(rate_hz);
        (0..count).map(|n| (0.5 * (step * n as f64).sin()) as f32).collect()
    }

    fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
    }

    fn convert(rate_hz: u32, input: &[f32], piece: usize) -> Vec<f32> {
        let mut resampler = RateConverter::new(rate_hz, SPEECH_RATE_HZ).expect("a resampler");
        let mut out = Vec::new();
        for samples in input.chunks(piece) {
            resampler.push(samples, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    #[test]
    fn a_sine_keeps_its_time_length_and_loudness_from_every_rate() {
        let rates = [
            8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 47_999, 48_000, 88_200,
            96_000, 176_400, 192_000,
        ];
        for rate_hz in rates {
            for frequency_hz in [100.0, 1000.0, 3000.0] {
                let input = sine(rate_hz, frequency_hz, rate_hz as usize);
                let output = convert(rate_hz, &input, rate_hz as usize / 30);
                assert_eq!(output.len(), 16_000, "from {rate_hz} Hz");
                // The cut at either end rings; what is between must fit.
                let middle = 800..15_200;
                let expected = &sine(SPEECH_RATE_HZ, frequency_hz, 16_000)[middle.clone()];
                let output = &output[middle];
                let loudness = rms(output) / rms(expected);
                assert!(
                    (0.99..1.01).contains(&loudness),
                    "{frequency_hz} Hz from {rate_hz} Hz is {loudness} times as loud"
                );
                // The delay of rates that are not locked together is rounded
                // to a sample; the others fit sample by sample.
                if rate_hz != 47_999 {
                    let worst =
                        output.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                    assert!(worst < 0.005, "{frequency_hz} Hz from {rate_hz} Hz is off by {worst}");
                }
            }
        }
    }

    #[test]
    fn what_is_above_the_band_does_not_fold_into_it() {
        for rate_hz in [44_100, 48_000, 96_000] {
            let output = convert(rate_hz, &sine(rate_hz, 12_000.0, rate_hz as usize), 1000);
            let loudest = output[800..15_200].iter().fold(0.0f32, |a, b| a.max(b.abs()));
            assert!(loudest < 0.001, "{loudest} from {rate_hz} Hz");
        }
    }

    #[test]
    fn the_last_word_is_not_lost() {
        for rate_hz in [8_000, 44_100, 48_000] {
            let mut input = vec![0.0; rate_hz as usize];
            let from = input.len() - rate_hz as usize / 100;
            let tail = sine(rate_hz, 500.0, input.len() - from);
            input[from..].copy_from_slice(&tail);
            let output = convert(rate_hz, &input, 333);
            let loudest = output[15_840..].iter().fold(0.0f32, |a, b| a.max(b.abs()));
            assert!(loudest > 0.4, "{loudest} from {rate_hz} Hz");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn pieces_of_any_size_give_the_same_sound(
            rate_hz in prop::sample::select(vec![8_000u32, 16_000, 22_050, 44_100, 48_000]),
            count in 0usize..20_000,
            piece in 1usize..5_000,
        ) {
            let input = sine(rate_hz, 440.0, count);
            let whole = convert(rate_hz, &input, count.max(1));
            prop_assert_eq!(whole.len() as u64, (count as u64 * 16_000).div_ceil(u64::from(rate_hz)));
            prop_assert_eq!(convert(rate_hz, &input, piece), whole);
        }
    }
}
