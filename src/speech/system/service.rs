//! The thread that owns the connection to the system's speech service.
//!
//! Any call into the service may block for ever, so that nobody waits for this
//! thread: it takes [`Order`]s and sends [`Input`]s, and when it no longer
//! answers, its owner forgets it and starts another. What each system's service
//! is called by is in [`backend`].

#[cfg(target_os = "linux")]
#[path = "service/linux.rs"]
mod backend;
#[cfg(not(target_os = "linux"))]
#[path = "service/other.rs"]
mod backend;

use super::choice;
use super::queue::Input;
use crate::speech::{VoiceInfo, VoiceStyle};
use backend::Backend;
use crossbeam_channel::{Receiver, Sender};

pub(super) use backend::UNREACHABLE_REASON;

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
            Order::Say(text) => match service.backend.say(&text) {
                Some(id) => reports.send(Input::Accepted { id }),
                None => reports.send(Input::Refused),
            },
            Order::Silence => service.backend.silence(),
            Order::Style(style) => service.apply(&style),
            Order::Probe => {
                let alive = service.backend.set_volume(service.volume);
                reports.send(Input::Probed { alive });
            }
        }
    }
}

struct Service {
    backend: Backend,
    voices: Vec<VoiceInfo>,
    /// The voice that is set, if one was.
    chosen: Option<String>,
    volume: f32,
}

impl Service {
    fn connect(style: &VoiceStyle, reports: &Reports) -> Result<Self, String> {
        let backend = Backend::connect(reports)?;
        let voices = backend.voices();
        if voices.is_empty() {
            return Err(backend::NO_VOICES_REASON.into());
        }
        let mut service = Self { backend, voices, chosen: None, volume: 1.0 };
        service.apply(style);
        let voices = choice::worth_offering(&service.voices, &style.language);
        reports.send(Input::Connected { voices });
        service.warm_up();
        Ok(service)
    }

    /// The first utterance after the service started costs half a second more
    /// than the later ones, so it is one that nobody hears or waits for.
    fn warm_up(&mut self) {
        if self.backend.set_volume(0.0) {
            let _ = self.backend.say("a");
            self.backend.set_volume(self.volume);
        }
    }

    fn apply(&mut self, style: &VoiceStyle) {
        self.volume = if style.volume.is_finite() { style.volume.clamp(0.0, 1.0) } else { 1.0 };
        let pace = if style.rate.is_finite() { style.rate.clamp(0.5, 2.0) } else { 1.0 };
        self.backend.set_volume(self.volume);
        self.backend.set_pace(pace);
        let Some(wanted) = choice::choose(&self.voices, style) else {
            // Better spoken by whatever voice the service has than not at all.
            self.backend.set_language(&style.language);
            return;
        };
        if self.chosen.as_ref() != Some(&wanted.id) {
            if !self.backend.set_voice(wanted) {
                tracing::warn!("the speech service refused the voice {:?}", wanted.id);
            }
            self.chosen = Some(wanted.id.clone());
        }
    }
}
