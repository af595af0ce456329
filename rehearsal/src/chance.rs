//! Random numbers that are the same in every run, so that a measurement can be
//! repeated.

/// A generator (splitmix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Equal seeds give equal numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0.0 to 1.0.
    pub fn share(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// White noise: -1.0 to 1.0.
    pub fn sample(&mut self) -> f32 {
        2.0 * self.share() - 1.0
    }

    /// Between two numbers.
    pub fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.share()
    }

    /// One of these; `None` of none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get((self.share() * of.len() as f32) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_evenly_and_come_again() {
        let mut chance = Chance::new(7);
        let shares: Vec<f32> = (0..10_000).map(|_| chance.share()).collect();
        let mean = shares.iter().sum::<f32>() / shares.len() as f32;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        let mut again = Chance::new(7);
        assert_eq!(again.share(), shares[0]);
        assert_eq!(again.pick::<u8>(&[]), None);
    }
}
