//! Hearing a voice before it is chosen.

use crate::settings::VoiceEngine;

/// How far that has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Audition {
    /// None is to be heard.
    #[default]
    Over,
    /// It will speak in a moment, or speaks.
    Speaking(VoiceEngine),
    /// It cannot be heard, for this reason: one sentence for people.
    Failed(VoiceEngine, String),
}
