//! What her patience learnt of somebody's pauses, kept for the next conversation.

use super::Remembering;
use ear::turn_end::patience::Pauses;
use memory::store::pacing::Pacing;

impl Remembering {
    /// This person's pauses; typical ones until they are known.
    pub fn pauses(&self) -> Pauses {
        // Without it she is as patient as with anybody.
        let kept = self.memory.store().pacing().unwrap_or_else(|error| {
            tracing::warn!("what is known of pauses could not be read: {error:#}");
            None
        });
        let Pacing { pauses_ms, pauses_of_turns } = kept.unwrap_or_default();
        Pauses::of(&pauses_ms, &pauses_of_turns)
    }

    /// Keeps them, unless nothing is to be kept.
    pub fn keep_pauses(&mut self, pauses: &Pauses) {
        if self.off_the_record {
            return;
        }
        let pacing = Pacing {
            pauses_ms: pauses.recent_ms().to_vec(),
            pauses_of_turns: pauses.of_turns().collect(),
        };
        if let Err(error) = self.memory.keep_pacing(&pacing) {
            tracing::warn!("what is known of pauses could not be kept: {error:#}");
        }
    }
}
