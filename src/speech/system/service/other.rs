//! AVSpeechSynthesizer and WinRT, through the `tts` crate.
//!
//! The [`Tts`] is never dropped: its callbacks rely on what dropping removes.

use super::Reports;
use crate::speech::VoiceInfo;
use crate::speech::system::queue::Input;
use crate::wording::{Text, troubles};
use std::mem::ManuallyDrop;
use tts::{Features, Gender, Tts, UtteranceId};

pub(in crate::speech::system) const UNREACHABLE_REASON: Text =
    troubles::NO_SPEECH_SERVICE_ELSEWHERE;
pub(super) const NO_VOICES_REASON: Text = troubles::NO_VOICES_ELSEWHERE;

pub(super) struct Backend(ManuallyDrop<Tts>);

impl Backend {
    pub(super) fn connect(reports: &Reports) -> Result<Self, String> {
        let tts = ManuallyDrop::new(Tts::default().map_err(|_| UNREACHABLE_REASON)?);
        let Features { utterance_callbacks, stop, .. } = tts.supported_features();
        if !utterance_callbacks || !stop {
            return Err(troubles::SPEECH_SERVICE_TOO_OLD.into());
        }
        // The callbacks run under the library's global lock: they only send.
        let report = |input: fn(u64) -> Input| {
            let reports = reports.clone();
            Some(Box::new(move |id: UtteranceId| reports.send(input(number(&id))))
                as Box<dyn FnMut(UtteranceId)>)
        };
        let listens = || {
            tts.on_utterance_begin(report(|id| Input::Began { id }))?;
            tts.on_utterance_end(report(|id| Input::Finished { id }))?;
            tts.on_utterance_stop(report(|id| Input::CutOff { id }))
        };
        listens().map_err(|_| UNREACHABLE_REASON)?;
        Ok(Self(tts))
    }

    pub(super) fn voices(&self) -> Vec<VoiceInfo> {
        let voices = self.0.voices().unwrap_or_default();
        voices
            .into_iter()
            .map(|voice| VoiceInfo {
                id: voice.id(),
                name: voice.name(),
                language: voice.language().to_string(),
                female: voice.gender().map(|gender| gender == Gender::Female),
            })
            .collect()
    }

    /// Returns the service's number for the text, `None` if it took none.
    pub(super) fn say(&mut self, text: &str) -> Option<u64> {
        self.0.speak(text, false).ok().flatten().map(|id| number(&id))
    }

    pub(super) fn silence(&mut self) {
        let _ = self.0.stop();
    }

    /// `volume`: 0.0..=1.0. Returns whether the service answered.
    pub(super) fn set_volume(&mut self, volume: f32) -> bool {
        let (low, high) = (self.0.min_volume(), self.0.max_volume());
        self.0.set_volume(low + (high - low) * volume).is_ok()
    }

    /// `pace`: 1.0 is the voice's own.
    pub(super) fn set_pace(&mut self, pace: f32) {
        let rate = (self.0.normal_rate() * pace).clamp(self.0.min_rate(), self.0.max_rate());
        let _ = self.0.set_rate(rate);
    }

    pub(super) fn set_voice(&mut self, voice: &VoiceInfo) -> bool {
        let voices = self.0.voices().unwrap_or_default();
        let Some(found) = voices.iter().find(|listed| listed.id() == voice.id) else {
            return false;
        };
        self.0.set_voice(found).is_ok()
    }

    /// Without a voice in the language the system's own is used.
    pub(super) fn set_language(&mut self, _tag: &str) {}
}

#[cfg(target_os = "macos")]
fn number(id: &UtteranceId) -> u64 {
    let UtteranceId::AvFoundation(id) = id;
    *id as usize as u64
}

#[cfg(target_os = "windows")]
fn number(id: &UtteranceId) -> u64 {
    let UtteranceId::WinRt(id) = id;
    *id
}
