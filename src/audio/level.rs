//! How loud the microphone is, or the loudspeaker.

/// Measures loudness in windows of 50 ms.
#[derive(Debug)]
pub(super) struct LevelMeter {
    window: usize,
    sum_of_squares: f64,
    count: usize,
}

impl LevelMeter {
    pub(super) fn new(rate_hz: u32) -> Self {
        Self { window: (rate_hz / 20).max(1) as usize, sum_of_squares: 0.0, count: 0 }
    }

    /// Takes samples; the root mean square of the last window that became
    /// whole with them, 0.0..=1.0.
    pub(super) fn push(&mut self, samples: &[f32]) -> Option<f32> {
        let mut latest = None;
        for &sample in samples {
            self.sum_of_squares += f64::from(sample) * f64::from(sample);
            self.count += 1;
            if self.count == self.window {
                let rms = (self.sum_of_squares / self.window as f64).sqrt() as f32;
                latest = Some(rms.min(1.0));
                self.sum_of_squares = 0.0;
                self.count = 0;
            }
        }
        latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_as_loud_as_its_peak_over_the_root_of_two_in_any_pieces() {
        for piece in [1, 7, 800, 4000] {
            let mut meter = LevelMeter::new(16_000);
            let sine: Vec<f32> = (0..16_000)
                .map(|n| 0.5 * (std::f32::consts::TAU * 440.0 * n as f32 / 16_000.0).sin())
                .collect();
            let levels: Vec<f32> = sine.chunks(piece).filter_map(|s| meter.push(s)).collect();
            assert!(levels.len() >= 4, "pieces of {piece}");
            for level in levels {
                assert!((level - 0.5 / 2f32.sqrt()).abs() < 0.001, "{level}");
            }
        }
    }
}
