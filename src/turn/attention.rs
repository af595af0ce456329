//! How closely she listens: to the key alone, to whoever speaks, to her name
//! while resting, or, muted, to nothing.

use super::{Effect, Machine, Moment, Reply, State};
use crate::session::TalkSource;
use serde::Serialize;
use std::time::Duration;

/// What the microphone is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// It is open, so that no first word is lost when the talk key goes down.
    #[default]
    Key,
    /// It is open, and whoever speaks is listened to.
    Open,
    /// It is open, and only her name wakes her.
    Name,
    /// It is closed until a key is pressed: nothing was said for long.
    Resting,
    /// It is closed until the person says otherwise.
    Muted,
}

impl Attention {
    /// Whether sound is captured.
    pub fn captures(self) -> bool {
        matches!(self, Self::Key | Self::Open | Self::Name)
    }

    /// Whether speech is noticed without a key.
    pub fn is_hands_free(self) -> bool {
        matches!(self, Self::Open | Self::Name)
    }
}

/// What decides about [`Attention`].
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    pub(super) hands_free: bool,
    pub(super) muted: bool,
    pub(super) rest_after: Option<Duration>,
    pub(super) wakes_by_name: bool,
    /// A silence after which she says one gentle word.
    pub(super) gentle_after: Option<Duration>,
    /// She has said it since the person last spoke.
    pub(super) was_gentle: bool,
    resting: bool,
    /// When something last happened in the conversation.
    last_heard: Moment,
    told: Attention,
}

impl Watch {
    pub(super) fn wake(&mut self) {
        self.resting = false;
    }

    pub(super) fn attention(&self) -> Attention {
        match (self.muted, self.hands_free, self.resting) {
            (true, ..) => Attention::Muted,
            (false, false, _) => Attention::Key,
            (false, true, false) => Attention::Open,
            (false, true, true) if self.wakes_by_name => Attention::Name,
            (false, true, true) => Attention::Resting,
        }
    }
}

impl Machine {
    /// How closely she listens now.
    pub fn attention(&self) -> Attention {
        self.watch.attention()
    }

    pub(super) fn attend(
        &mut self,
        change: impl FnOnce(&mut Watch),
        now: Moment,
        effects: &mut Vec<Effect>,
    ) {
        let was_hands_free = self.watch.hands_free;
        change(&mut self.watch);
        if self.watch.hands_free != was_hands_free {
            self.watch.wake();
        }
        self.watch.last_heard = now;
        let attention = self.watch.attention();
        if attention == self.watch.told {
            return;
        }
        self.watch.told = attention;
        if !attention.is_hands_free() {
            self.dismiss(effects);
            self.end_without_a_key(now, effects);
        }
        effects.push(Effect::Attend(attention));
    }

    /// What was said until now is answered; after it nothing is captured.
    fn end_without_a_key(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if let State::Listening { turn, source: TalkSource::Speech, .. } = self.state {
            effects.push(Effect::SpeechEnd(turn));
            self.finish_listening(turn, false, now, effects);
        }
    }

    pub(super) fn mute(&mut self, on: bool, now: Moment, effects: &mut Vec<Effect>) {
        if on && let State::Listening { turn, .. } = self.state {
            self.forget_listening(turn, now, effects);
        }
        self.attend(
            |watch| {
                watch.muted = on;
                watch.wake();
            },
            now,
            effects,
        );
    }

    /// When she says a gentle word, or rests, if nothing happens until then.
    pub(super) fn silence_ends_at(&self) -> Option<Moment> {
        let watch = &self.watch;
        let waits = self.state == State::Idle
            && self.overheard.is_none()
            && self.closing.is_none()
            && watch.attention() == Attention::Open;
        let gentle = watch.gentle_after.filter(|_| !watch.was_gentle && self.voice);
        let silence = [watch.rest_after, gentle].into_iter().flatten().min();
        silence.filter(|_| waits).map(|silence| watch.last_heard + silence)
    }

    pub(super) fn pass_silence(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if self.state != State::Idle || self.overheard.is_some() {
            self.watch.last_heard = now;
        }
        if self.silence_ends_at().is_none_or(|at| now < at) {
            return;
        }
        let silence = now.saturating_sub(self.watch.last_heard);
        if self.watch.rest_after.is_some_and(|after| silence >= after) {
            self.attend(|watch| watch.resting = true, now, effects);
        } else {
            self.watch.was_gentle = true;
            let turn = self.new_turn();
            effects.push(Effect::SayGently(turn));
            self.state = State::Replying(Reply::new(turn));
        }
    }
}
