//! What she has lately said aloud, and when: a microphone may bring it back.

use crate::turn::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// So long after its end a sentence may be heard: the way through loudspeaker, room
/// and microphone, the sound before an onset that belongs to it, and voices that
/// tell of an end too early.
const COMES_BACK_WITHIN: Duration = Duration::from_secs(2);

/// Nobody is listened to from so long ago.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// See the module.
#[derive(Default)]
pub(super) struct OwnWords(VecDeque<Uttered>);

struct Uttered {
    text: String,
    /// `None` while it is being said.
    ended: Option<Moment>,
}

impl OwnWords {
    /// The first sound of this text was played.
    pub(super) fn begun(&mut self, text: String, now: Moment) {
        self.ended(now);
        self.0.retain(|it| it.ended.is_none_or(|ended| now < ended + KEPT_FOR));
        self.0.push_back(Uttered { text, ended: None });
    }

    /// What was being said is over.
    pub(super) fn ended(&mut self, now: Moment) {
        for uttered in &mut self.0 {
            uttered.ended.get_or_insert(now);
        }
    }

    /// All that may have come back since then.
    pub(super) fn since(&self, began: Moment) -> String {
        let may_come =
            |it: &&Uttered| it.ended.is_none_or(|ended| began < ended + COMES_BACK_WITHIN);
        let texts: Vec<&str> = self.0.iter().filter(may_come).map(|it| it.text.as_str()).collect();
        texts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_still_be_heard_comes_back() {
        let at = Duration::from_secs;
        let mut words = OwnWords::default();
        words.begun("It rained.".into(), at(1));
        words.begun("Then it stopped.".into(), at(3));
        assert_eq!(words.since(at(2)), "It rained. Then it stopped.");
        assert_eq!(words.since(at(4)), "It rained. Then it stopped.");
        assert_eq!(words.since(at(5)), "Then it stopped.");
        words.ended(at(6));
        assert_eq!(words.since(at(7)), "Then it stopped.");
        assert_eq!(words.since(at(8)), "");
        words.begun("Much later.".into(), at(60));
        assert_eq!(words.0.len(), 1);
    }
}
