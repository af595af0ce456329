//! How fast she answered: the moments of each spoken turn, and their medians.
//!
//! Pure: [`super::view::View`] notes the session's milestones here, the
//! settings show them. Turns that were typed, dropped or never answered leave
//! no figures.

use crate::session::Milestone;
use crate::turn::TurnId;
use std::collections::VecDeque;
use std::time::Duration;

/// What is shown of a turn, in the order in which it happens. The first is
/// reached only without a key.
pub const STAGES: [Milestone; 5] = [
    Milestone::TurnEnd,
    Milestone::TranscriptReady,
    Milestone::FirstToken,
    Milestone::FirstSentence,
    Milestone::FirstAudio,
];

/// Older turns are forgotten: what she was like hours ago says little.
const TURNS_MAX: usize = 200;

/// When each stage of a turn was reached, since the session began.
#[derive(Clone, Debug, PartialEq)]
struct Timing {
    turn: TurnId,
    speech_end: Duration,
    reached: [Option<Duration>; STAGES.len()],
}

impl Timing {
    fn ms(&self, stage: usize) -> Option<u64> {
        // What was begun in advance may be there before they had finished.
        let after = self.reached.get(stage)?.map(|at| at.saturating_sub(self.speech_end))?;
        u64::try_from(after.as_millis()).ok()
    }

    fn is_answered(&self) -> bool {
        let first_token = STAGES.iter().position(|stage| *stage == Milestone::FirstToken);
        first_token.is_some_and(|stage| self.ms(stage).is_some())
    }
}

/// The turns of this session, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    turns: VecDeque<Timing>,
}

impl Latency {
    /// Takes in what was reached, `at` since the session began.
    pub fn note(&mut self, turn: TurnId, milestone: Milestone, at: Duration) {
        let known = self.turns.iter_mut().rev().find(|timing| timing.turn == turn);
        match (milestone, known) {
            (Milestone::SpeechEnd, Some(timing)) => timing.speech_end = at,
            (Milestone::SpeechEnd, None) => {
                if self.turns.len() == TURNS_MAX {
                    self.turns.pop_front();
                }
                let reached = [None; STAGES.len()];
                self.turns.push_back(Timing { turn, speech_end: at, reached });
            }
            (milestone, Some(timing)) => {
                let stage = STAGES.iter().position(|stage| *stage == milestone);
                if let Some(reached) = stage.and_then(|stage| timing.reached.get_mut(stage)) {
                    *reached = Some(at);
                }
            }
            (_, None) => {}
        }
    }

    /// Whether she has not answered anything spoken yet.
    pub fn is_empty(&self) -> bool {
        self.answered().next().is_none()
    }

    /// Of each answered turn, latest first: how long after the person's last
    /// word this stage (an index into [`STAGES`]) was reached, in ms.
    pub fn latest_ms(&self, stage: usize) -> impl Iterator<Item = Option<u64>> {
        self.answered().rev().map(move |timing| timing.ms(stage))
    }

    /// The median over all turns that reached it, in ms; of an even number the
    /// mean of the middle two.
    pub fn median_ms(&self, stage: usize) -> Option<u64> {
        let mut all: Vec<u64> = self.latest_ms(stage).flatten().collect();
        all.sort_unstable();
        let upper = all.get(all.len() / 2)?;
        let lower = all.get((all.len() - 1) / 2)?;
        Some(u64::midpoint(*lower, *upper))
    }

    fn answered(&self) -> impl DoubleEndedIterator<Item = &Timing> {
        self.turns.iter().filter(|timing| timing.is_answered())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Milestone::{FirstAudio, FirstToken, SpeechEnd, TranscriptReady, TurnEnd};

    const AUDIO: usize = 4;

    fn latency(notes: &[(u64, Milestone, u64)]) -> Latency {
        let mut latency = Latency::default();
        for (turn, milestone, at_ms) in notes {
            latency.note(TurnId(*turn), *milestone, Duration::from_millis(*at_ms));
        }
        latency
    }

    fn answered(turn: u64, audio_ms: u64) -> [(u64, Milestone, u64); 3] {
        let start = turn * 10_000;
        [
            (turn, SpeechEnd, start),
            (turn, FirstToken, start + 1),
            (turn, FirstAudio, start + audio_ms),
        ]
    }

    #[test]
    fn stages_are_counted_from_the_last_word() {
        let latency = latency(&[
            (1, SpeechEnd, 5000),
            (1, TurnEnd, 5600),
            (1, TranscriptReady, 5700),
            (1, FirstToken, 5900),
            (1, FirstAudio, 6400),
        ]);
        let told: Vec<_> =
            (0..STAGES.len()).map(|stage| latency.latest_ms(stage).next().flatten()).collect();
        assert_eq!(told, [Some(600), Some(700), Some(900), None, Some(1400)]);
    }

    #[test]
    fn what_was_ready_before_the_last_word_took_no_time() {
        let latency = latency(&[(1, SpeechEnd, 5000), (1, FirstToken, 4900)]);
        assert_eq!(latency.median_ms(2), Some(0));
    }

    #[test]
    fn medians_are_over_all_answered_turns() {
        let mut notes = Vec::new();
        for (turn, audio_ms) in [(1, 900), (2, 5000), (3, 1000), (4, 1100)] {
            notes.extend(answered(turn, audio_ms));
        }
        let latency = latency(&notes);
        assert_eq!(latency.median_ms(AUDIO), Some(1050));
        let latest: Vec<_> = latency.latest_ms(AUDIO).flatten().collect();
        assert_eq!(latest, [1100, 1000, 5000, 900]);
    }

    #[test]
    fn typed_dropped_and_unheard_turns_leave_no_figures() {
        let latency = latency(&[
            (1, FirstToken, 100),
            (2, SpeechEnd, 1000),
            (3, SpeechEnd, 2000),
            (3, TranscriptReady, 2100),
        ]);
        assert!(latency.is_empty());
        assert_eq!(latency.median_ms(1), None);
    }

    #[test]
    fn who_goes_on_after_letting_go_has_not_finished_yet() {
        let latency = latency(&[(1, SpeechEnd, 1000), (1, SpeechEnd, 3000), (1, FirstToken, 3200)]);
        assert_eq!(latency.latest_ms(2).collect::<Vec<_>>(), [Some(200)]);
    }

    #[test]
    fn old_turns_are_forgotten() {
        let notes: Vec<_> = (0..300).flat_map(|turn| answered(turn, turn)).collect();
        assert_eq!(latency(&notes).latest_ms(AUDIO).count(), TURNS_MAX);
    }
}
