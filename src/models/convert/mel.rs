//! Whisper's bank of mel filters, which ggml files carry and CTranslate2's do
//! not. Slaney's scale and area norm. `libm` rather than the system's functions,
//! so that every platform gets the same bytes.

const SAMPLE_RATE_HZ: f64 = 16_000.0;
const FFT_LEN: usize = 400;
/// Frequencies of the spectrum.
pub(super) const BIN_COUNT: usize = FFT_LEN / 2 + 1;

/// Below this the scale is linear, above it logarithmic.
const BREAK_HZ: f64 = 1000.0;
const LINEAR_HZ_PER_MEL: f64 = 200.0 / 3.0;
const BREAK_MEL: f64 = BREAK_HZ / LINEAR_HZ_PER_MEL;

/// `mel_count` rows of [`BIN_COUNT`] weights.
pub(super) fn filters(mel_count: usize) -> Vec<f32> {
    let log_step = libm::log(6.4) / 27.0;
    let mel_from_hz = |hz: f64| {
        if hz >= BREAK_HZ {
            BREAK_MEL + libm::log(hz / BREAK_HZ) / log_step
        } else {
            hz / LINEAR_HZ_PER_MEL
        }
    };
    let hz_from_mel = |mel: f64| {
        if mel >= BREAK_MEL {
            BREAK_HZ * libm::exp(log_step * (mel - BREAK_MEL))
        } else {
            mel * LINEAR_HZ_PER_MEL
        }
    };
    let top_mel = mel_from_hz(SAMPLE_RATE_HZ / 2.0);
    let mel_step = top_mel / (mel_count + 1) as f64;
    let mut edges_hz: Vec<f64> =
        (0..=mel_count).map(|i| hz_from_mel(i as f64 * mel_step)).collect();
    edges_hz.push(hz_from_mel(top_mel));

    let bin_hz = SAMPLE_RATE_HZ / 2.0 / (BIN_COUNT - 1) as f64;
    let mut weights = Vec::with_capacity(mel_count * BIN_COUNT);
    for edges in edges_hz.windows(3) {
        let norm = 2.0 / (edges[2] - edges[0]);
        for bin in 0..BIN_COUNT {
            let hz = bin as f64 * bin_hz;
            let rise = -(edges[0] - hz) / (edges[1] - edges[0]);
            let fall = (edges[2] - hz) / (edges[2] - edges[1]);
            let height = rise.min(fall);
            // Not `max`, which may return either zero: the very first weight is
            // a negative one, as numpy computes it.
            let height = if height < 0.0 { 0.0 } else { height };
            weights.push((height * norm) as f32);
        }
    }
    weights
}
