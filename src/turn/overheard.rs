//! Speech that was noticed without a key: captured and recognised, but no turn
//! before a word of it is known to be meant for her.

use super::{Effect, Machine, Moment, Pause, STIRRING, State, TurnId, Watch};
use crate::session::TalkSource;
use std::time::Duration;

/// Whatever goes on for longer without a recognised word is no speech: a
/// machine, music. She goes on talking over it.
const LONGEST_WORDLESS: Duration = Duration::from_secs(5);

/// So long after it ended, what had no recognised word is taken for none. The
/// recogniser mostly says so sooner.
const WORDS_WITHIN: Duration = Duration::from_millis(2500);

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overheard {
    pub(super) turn: TurnId,
    since: Moment,
    paused: Option<Moment>,
    /// It goes on for so long that it is no cough: she is silent meanwhile.
    pub(super) sustained: bool,
}

impl Overheard {
    pub(super) fn deadline(&self) -> Moment {
        match self.paused {
            Some(at) => at + WORDS_WITHIN,
            None => self.since + LONGEST_WORDLESS,
        }
    }
}

impl Machine {
    /// The speech that may become a turn.
    pub fn overheard(&self) -> Option<TurnId> {
        self.overheard.map(|it| it.turn)
    }

    /// Whether it goes on for so long that it is no cough.
    pub fn is_sustained(&self) -> bool {
        self.overheard.is_some_and(|it| it.sustained)
    }

    /// Whether a reply is under way that may be talked over.
    pub fn is_replying(&self) -> bool {
        matches!(self.state, State::Replying(_))
    }

    /// The turn that is being listened to without a key, or overheard.
    pub fn followed(&self) -> Option<TurnId> {
        match self.state {
            State::Listening { turn, source: TalkSource::Speech, released: None, .. } => Some(turn),
            _ => self.overheard(),
        }
    }

    pub(super) fn onset(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if !self.attention().is_hands_free() || self.keys.any_held() {
            return;
        }
        match (&mut self.state, &mut self.overheard) {
            (State::Listening { pause, .. }, _) => *pause = None,
            (_, Some(overheard)) => overheard.paused = None,
            (_, None) => {
                let turn = self.listen(effects);
                self.overheard =
                    Some(Overheard { turn, since: now, paused: None, sustained: false });
            }
        }
    }

    pub(super) fn sustained(&mut self, effects: &mut Vec<Effect>) {
        let Some(overheard) = &mut self.overheard else { return };
        if std::mem::replace(&mut overheard.sustained, true) {
            return;
        }
        if self.voice && self.is_replying() && !std::mem::replace(&mut self.is_held, true) {
            effects.push(Effect::Hold);
        }
    }

    pub(super) fn paused(&mut self, since: Moment) {
        match (&mut self.state, &mut self.overheard) {
            (State::Listening { source: TalkSource::Speech, released: None, pause, .. }, _) => {
                pause.get_or_insert(Pause::new(since));
            }
            (_, Some(overheard)) => {
                overheard.paused.get_or_insert(since);
            }
            _ => {}
        }
    }

    pub(super) fn stirring(&mut self, now: Moment) {
        if let State::Listening { pause: Some(pause), .. } = &mut self.state {
            pause.stirring_until = now + STIRRING;
        }
    }

    pub(super) fn set_patience(&mut self, turn: TurnId, patience: Duration) {
        if let State::Listening { turn: t, pause: Some(pause), .. } = &mut self.state
            && *t == turn
        {
            pause.patience = patience;
        }
    }

    /// What was overheard is a turn.
    pub(super) fn words(&mut self, turn: TurnId, now: Moment, effects: &mut Vec<Effect>) {
        let Some(overheard) = self.overheard.take_if(|it| it.turn == turn) else { return };
        self.begin(TalkSource::Speech, false, Some(turn), now, effects);
        if let State::Listening { since, pause, .. } = &mut self.state {
            *since = overheard.since;
            *pause = overheard.paused.map(Pause::new);
        }
        self.attend(Watch::wake, now, effects);
    }

    /// What was overheard is nothing, unless they are speaking again.
    pub(super) fn not_meant(&mut self, turn: TurnId, effects: &mut Vec<Effect>) {
        if self.overheard.is_some_and(|it| it.turn == turn && it.paused.is_some()) {
            self.dismiss(effects);
        }
    }

    pub(super) fn dismiss(&mut self, effects: &mut Vec<Effect>) {
        if let Some(overheard) = self.overheard.take() {
            effects.push(Effect::Forget(overheard.turn));
            if std::mem::take(&mut self.is_held) {
                effects.push(Effect::GoOn);
            }
        }
    }

    pub(super) fn pass_overheard_time(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if self.overheard.is_some_and(|it| now >= it.deadline()) {
            self.dismiss(effects);
        }
    }
}
