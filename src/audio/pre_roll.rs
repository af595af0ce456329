//! The last moments before the key was pressed. In memory only.

use std::collections::VecDeque;

/// Keeps the newest samples, up to a fixed length.
#[derive(Debug)]
pub(super) struct PreRoll {
    samples: VecDeque<f32>,
    length: usize,
}

impl PreRoll {
    pub(super) fn new(length: usize) -> Self {
        Self { samples: VecDeque::with_capacity(length), length }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        let newest = &samples[samples.len().saturating_sub(self.length)..];
        let excess = (self.samples.len() + newest.len()).saturating_sub(self.length);
        self.samples.drain(..excess);
        self.samples.extend(newest);
    }

    /// What is kept, oldest first.
    pub(super) fn as_slices(&self) -> [&[f32]; 2] {
        let (older, newer) = self.samples.as_slices();
        [older, newer]
    }

    pub(super) fn clear(&mut self) {
        self.samples.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_newest_samples_are_kept_in_order(
            length in 0usize..50,
            pieces in prop::collection::vec(0usize..80, 0..10),
        ) {
            let mut pre_roll = PreRoll::new(length);
            let mut all = Vec::new();
            for piece in pieces {
                let from = all.len();
                all.extend((from..from + piece).map(|n| n as f32));
                pre_roll.push(&all[from..]);
            }
            let expected = &all[all.len().saturating_sub(length)..];
            prop_assert_eq!(pre_roll.as_slices().concat(), expected);
        }
    }
}
