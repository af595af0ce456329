//! What the talk keys mean: repeats, bounces, lost releases, several keys.

use super::{Input, LONGEST_HOLD, Moment};
use crate::session::TalkSource;
use crate::settings::TalkMode;
use std::time::Duration;

/// A key that is down repeats at least this often; a press after a longer gap
/// is a new one whose release was lost.
const REPEAT_GAP: Duration = Duration::from_millis(1000);

/// What a key's movement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    Nothing,
    Begin(TalkSource),
    End,
}

/// Which keys are down.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    mode: TalkMode,
    /// Keys that are down, and when each last said so.
    down: Vec<(TalkSource, Moment)>,
}

impl Keys {
    pub(super) fn new(mode: TalkMode) -> Self {
        Self { mode, down: Vec::new() }
    }

    pub(super) fn set_mode(&mut self, mode: TalkMode) {
        self.mode = mode;
        self.down.clear();
    }

    /// Whether a key is being held so that she must be silent. In toggle mode
    /// a key that is down means nothing.
    pub(super) fn any_held(&self) -> bool {
        self.mode == TalkMode::Hold && !self.down.is_empty()
    }

    /// When the oldest hold would be longer than anybody holds a key.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.down.iter().map(|(_, at)| *at + LONGEST_HOLD).min()
    }

    pub(super) fn forget_lost(&mut self, now: Moment) {
        self.down.retain(|(_, at)| now < *at + LONGEST_HOLD);
    }

    /// `listening_to`: the source that is being listened to, if its key has
    /// not been let go.
    pub(super) fn talk(
        &mut self,
        input: Input,
        listening_to: Option<TalkSource>,
        now: Moment,
    ) -> Talk {
        match input {
            Input::Pressed(source) => {
                if self.press(source, now) {
                    return Talk::Nothing;
                }
                match (self.mode, listening_to) {
                    (_, None) => Talk::Begin(source),
                    (TalkMode::Toggle, Some(_)) => Talk::End,
                    // Who holds the key decides when it ends, whatever began it.
                    (TalkMode::Hold, Some(owner)) if !self.is_held(owner) => Talk::Begin(source),
                    (TalkMode::Hold, Some(_)) => Talk::Nothing,
                }
            }
            Input::Released(source) => {
                self.down.retain(|(s, _)| *s != source);
                if self.mode == TalkMode::Hold && listening_to == Some(source) {
                    Talk::End
                } else {
                    Talk::Nothing
                }
            }
            Input::Start(source) => match listening_to {
                None => Talk::Begin(source),
                Some(_) => Talk::Nothing,
            },
            Input::Stop(_) => self.end(listening_to),
            Input::Toggle(source) => match listening_to {
                None => Talk::Begin(source),
                Some(_) => self.end(listening_to),
            },
            _ => Talk::Nothing,
        }
    }

    /// Ends listening on request, unless a held key says otherwise.
    fn end(&self, listening_to: Option<TalkSource>) -> Talk {
        match listening_to {
            Some(source) if !self.is_held(source) => Talk::End,
            _ => Talk::Nothing,
        }
    }

    fn is_held(&self, source: TalkSource) -> bool {
        self.mode == TalkMode::Hold && self.down.iter().any(|(s, _)| *s == source)
    }

    /// Notes that the key is down; returns whether that is only a repeat.
    fn press(&mut self, source: TalkSource, now: Moment) -> bool {
        match self.down.iter_mut().find(|(s, _)| *s == source) {
            Some((_, at)) => {
                let repeat = self.mode == TalkMode::Hold || now.saturating_sub(*at) < REPEAT_GAP;
                // In hold mode the hold is counted from its beginning.
                if self.mode == TalkMode::Toggle {
                    *at = now;
                }
                repeat
            }
            None => {
                self.down.push((source, now));
                false
            }
        }
    }
}
