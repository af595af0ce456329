//! Takes out what is deeper than any voice.

/// Takes out hum and rumble below 80 Hz, which carry no speech: a fan, a footstep, a
/// hand on the table. They mislead the canceller, and whatever tells by loudness that
/// somebody has paused.
#[derive(Default)]
pub struct HighPass {
    state: [f32; 2],
}

impl HighPass {
    /// The next sample (16 kHz) of a Butterworth filter of second order.
    pub fn next(&mut self, sample: f32) -> f32 {
        let sample = if sample.is_finite() { sample } else { 0.0 };
        let filtered = 0.978_030_5 * sample + self.state[0];
        self.state[0] = -1.956_061 * sample + 1.955_578_2 * filtered + self.state[1];
        self.state[1] = 0.978_030_5 * sample - 0.956_543_7 * filtered;
        filtered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RATE_HZ;

    /// How much louder a tone comes out than it went in, in decibels.
    fn gain_db(tone_hz: f32) -> f32 {
        let mut filter = HighPass::default();
        let tone = (0..RATE_HZ)
            .map(|n| (n as f32 * tone_hz * std::f32::consts::TAU / RATE_HZ as f32).sin());
        let out: Vec<f32> = tone.map(|sample| filter.next(sample)).collect();
        let settled = &out[RATE_HZ as usize / 2..];
        let power = settled.iter().map(|x| x * x).sum::<f32>() / settled.len() as f32;
        10.0 * (2.0 * power).log10()
    }

    #[test]
    fn rumble_is_taken_out_and_voices_are_left() {
        assert!(gain_db(20.0) < -22.0, "{}", gain_db(20.0));
        assert!(gain_db(50.0) < -7.0, "{}", gain_db(50.0));
        for voice_hz in [120.0, 200.0, 1_000.0, 5_000.0] {
            assert!(gain_db(voice_hz).abs() < 1.0, "{voice_hz} Hz: {} dB", gain_db(voice_hz));
        }
    }

    #[test]
    fn what_is_no_number_does_no_lasting_harm() {
        let mut filter = HighPass::default();
        filter.next(f32::NAN);
        assert!(filter.next(0.5).is_finite());
    }
}
