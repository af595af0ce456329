//! The thread that owns the connection to the system's speech service.
//!
//! Any call into the service may block for ever, so that nobody waits for this
//! thread: it takes [`Order`]s and sends [`Report`]s, and when it no longer
//! answers, its owner forgets it and starts another.
//!
//! The [`Tts`] is never dropped: closing it cancels the library's own thread,
//! perhaps inside a callback, and removes what its callbacks rely on. Forgetting
//! it costs a socket for the rest of the run, once for each lost connection.

use super::choice;
use super::queue::Input;
use crate::speech::{VoiceInfo, VoiceStyle};
use crossbeam_channel::{Receiver, Sender};
use std::mem::ManuallyDrop;
use tts::{Features, Tts, UtteranceId};

/// What the service is to do.
pub(super) enum Order {
    Say(String),
    Silence,
    Style(VoiceStyle),
    Probe,
}

/// Where a connection reports.
#[derive(Clone)]
pub(super) struct Reports {
    /// Told apart from those of earlier connections.
    pub(super) connection: u64,
    pub(super) tx: Sender<super::Signal>,
}

impl Reports {
    fn send(&self, input: Input) {
        // Nobody listens any more when the voice was closed meanwhile.
        let _ = self.tx.send(super::Signal::Service { connection: self.connection, input });
    }
}

/// Connects, then follows orders until their sender is gone.
pub(super) fn run(style: &VoiceStyle, orders: &Receiver<Order>, reports: &Reports) {
    let mut service = match Service::connect(style, reports) {
        Ok(service) => service,
        Err(reason) => return reports.send(Input::ConnectFailed { reason }),
    };
    for order in orders {
        match order {
            Order::Say(text) => match service.tts.speak(text, false) {
                Ok(Some(id)) => reports.send(Input::Accepted { id: number(&id) }),
                Ok(None) | Err(_) => reports.send(Input::Refused),
            },
            Order::Silence => {
                // A dead service is silent; that it is dead shows elsewhere.
                let _ = service.tts.stop();
            }
            Order::Style(style) => service.apply(&style),
            Order::Probe => reports.send(Input::Probed { alive: service.set_volume() }),
        }
    }
}

struct Service {
    tts: ManuallyDrop<Tts>,
    voices: Vec<tts::Voice>,
    offered: Vec<VoiceInfo>,
    chosen: Option<String>,
    volume: f32,
}

impl Service {
    fn connect(style: &VoiceStyle, reports: &Reports) -> Result<Self, String> {
        let tts = ManuallyDrop::new(Tts::default().map_err(|_| super::unreachable_reason())?);
        let Features { utterance_callbacks, stop, .. } = tts.supported_features();
        if !utterance_callbacks || !stop {
            return Err("The speech service of this system cannot tell what was heard, so that \
                        replies are only shown: install another one."
                .into());
        }
        let voices = tts.voices().unwrap_or_default();
        if voices.is_empty() {
            return Err(super::no_voices_reason());
        }
        let offered = voices.iter().map(describe).collect();
        let mut service = Self { tts, voices, offered, chosen: None, volume: 1.0 };
        service.listen(reports).map_err(|_| super::unreachable_reason())?;
        service.apply(style);
        let voices = choice::worth_offering(&service.offered, &style.language);
        reports.send(Input::Connected { voices });
        service.warm_up();
        Ok(service)
    }

    /// The callbacks run under the library's global lock: they only send.
    fn listen(&self, reports: &Reports) -> Result<(), tts::Error> {
        let report = |input: fn(u64) -> Input| {
            let reports = reports.clone();
            Some(Box::new(move |id: UtteranceId| reports.send(input(number(&id)))) as Box<_>)
        };
        self.tts.on_utterance_begin(report(|id| Input::Began { id }))?;
        self.tts.on_utterance_end(report(|id| Input::Finished { id }))?;
        self.tts.on_utterance_stop(report(|id| Input::CutOff { id }))
    }

    /// The first utterance after the service started costs half a second more
    /// than the later ones, so it is one that nobody hears or waits for.
    fn warm_up(&mut self) {
        let silence = self.tts.min_volume();
        if self.tts.set_volume(silence).is_ok() {
            let _ = self.tts.speak("a", false);
            self.set_volume();
        }
    }

    fn apply(&mut self, style: &VoiceStyle) {
        self.volume = style.volume.clamp(0.0, 1.0);
        // Also shows that the connection lives: on a dead one, choosing a voice
        // would crash inside the library.
        if !self.set_volume() {
            return;
        }
        let rate = service_rate(&self.tts, style.rate);
        let _ = self.tts.set_rate(rate);
        let wanted = choice::choose(&self.offered, style).map(|voice| voice.id.clone());
        if wanted == self.chosen {
            return;
        }
        // Without a fitting voice the service keeps its own.
        if let Some(voice) = self.voices.iter().find(|voice| Some(voice.id()) == wanted)
            && let Err(error) = self.tts.set_voice(voice)
        {
            tracing::warn!("the speech service refused the voice {:?}: {error}", voice.id());
        }
        self.chosen = wanted;
    }

    /// Returns whether the service answered.
    fn set_volume(&mut self) -> bool {
        let (low, high) = (self.tts.min_volume(), self.tts.max_volume());
        let volume = low + (high - low) * self.volume;
        self.tts.set_volume(volume).is_ok()
    }
}

fn describe(voice: &tts::Voice) -> VoiceInfo {
    let name = voice.name();
    VoiceInfo {
        id: voice.id(),
        female: match voice.gender() {
            Some(gender) => Some(gender == tts::Gender::Female),
            None => choice::female_by_name(&name),
        },
        language: voice.language().to_string(),
        name,
    }
}

/// The service's number for a pace, where 1.0 is the voice's own.
fn service_rate(tts: &Tts, pace: f32) -> f32 {
    let (low, normal, high) = (tts.min_rate(), tts.normal_rate(), tts.max_rate());
    rate_on_scale(low, normal, high, pace)
}

fn rate_on_scale(low: f32, normal: f32, high: f32, pace: f32) -> f32 {
    let pace = if pace.is_finite() { pace.clamp(0.5, 2.0) } else { 1.0 };
    if normal > 0.0 {
        return (normal * pace).clamp(low, high);
    }
    // Speech Dispatcher's scale: 0 is normal, its ends are espeak-ng's 80 and
    // 449 words a minute around 170.
    let (slowest, fastest) = (80.0 / 170.0, 449.0 / 170.0);
    let share = if pace < 1.0 {
        low * (1.0 - pace) / (1.0 - slowest)
    } else {
        high * (pace - 1.0) / (fastest - 1.0)
    };
    share.round().clamp(low, high)
}

#[cfg(target_os = "linux")]
fn number(id: &UtteranceId) -> u64 {
    let UtteranceId::SpeechDispatcher(id) = id;
    *id
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_becomes_the_services_own_scale() {
        for (pace, rate) in [(1.0, 0.0), (0.5, -94.0), (2.0, 61.0), (9.0, 61.0), (f32::NAN, 0.0)] {
            assert_eq!(rate_on_scale(-100.0, 0.0, 100.0, pace), rate, "for {pace}");
        }
        assert_eq!(rate_on_scale(0.1, 0.5, 2.0, 1.5), 0.75);
        assert_eq!(rate_on_scale(0.5, 1.0, 6.0, 0.1), 0.5);
    }
}
