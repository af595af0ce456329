//! Lets the person hear a voice before they choose it: the very voice, with the
//! settings as they are, on a thread of its own. The session knows nothing of
//! it.

use crate::app::audition::Audition;
use crate::app::{Update, UpdateSender};
use crate::engines;
use crate::paths::Paths;
use crate::settings::{Settings, VoiceEngine};
use crate::speech::{Utterance, VoiceEvent};
use crate::turn::TurnId;
use crate::wording::settings::AUDITION_TEXT;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::time::{Duration, Instant};

/// A voice that has not said its sentence by then never will.
const LONGEST: Duration = Duration::from_secs(30);

/// A voice that stops by itself says why.
const REASON_WITHIN: Duration = Duration::from_secs(1);

/// What is to be heard, and with which settings; `None` for silence.
type Wish = Option<(VoiceEngine, Settings)>;

/// Asks for voices to be heard.
pub(super) struct Auditions {
    wishes: Sender<Wish>,
}

impl Auditions {
    /// Starts the thread; it ends when this is dropped.
    pub(super) fn start(paths: &Paths, window: &UpdateSender) -> std::io::Result<Self> {
        // Unbounded: a click each.
        let (wishes, inbox) = unbounded();
        let (paths, window) = (paths.clone(), window.clone());
        std::thread::Builder::new().name("audition".into()).spawn(move || {
            let mut next = inbox.recv().ok();
            while let Some(wish) = next {
                next = match wish {
                    Some((engine, settings)) => hear(engine, &settings, &paths, &window, &inbox),
                    None => inbox.recv().ok(),
                };
            }
        })?;
        Ok(Self { wishes })
    }

    /// Lets this voice be heard instead of what is heard now.
    pub(super) fn hear(&self, engine: VoiceEngine, settings: &Settings) {
        let _ = self.wishes.send(Some((engine, settings.clone())));
    }

    /// Falls silent.
    pub(super) fn hush(&self) {
        let _ = self.wishes.send(None);
    }
}

/// Says the sentence; returns the next wish, `None` when there will be none.
fn hear(
    engine: VoiceEngine,
    settings: &Settings,
    paths: &Paths,
    window: &UpdateSender,
    inbox: &Receiver<Wish>,
) -> Option<Wish> {
    let tell = |audition| window.send(Update::Audition(audition));
    let mut settings = settings.clone();
    settings.voice.engine = engine;
    if engine == VoiceEngine::Own
        && let Err(error) = engines::own_voice(paths, &settings.voice.own)
    {
        tell(Audition::Failed(engine, error.to_string()));
        return inbox.recv().ok();
    }
    tell(Audition::Speaking(engine));
    let (events, told) = unbounded();
    let factory = engines::voice(paths, &settings, None);
    let mut voice = factory(Box::new(move |event| drop(events.send(event))));
    let text = AUDITION_TEXT.to_owned();
    voice.speak(Utterance { turn: TurnId(0), index: 0, text, gently: false });
    let mut deadline = Instant::now() + LONGEST;
    let outcome = loop {
        crossbeam_channel::select! {
            recv(inbox) -> wish => {
                tell(Audition::Over);
                return wish.ok();
            }
            recv(told) -> event => match event {
                Ok(VoiceEvent::Unavailable { reason }) => break Audition::Failed(engine, reason),
                Ok(VoiceEvent::Ended { .. }) | Err(_) => break Audition::Over,
                // Why is told next, if there is a reason.
                Ok(VoiceEvent::Stopped { .. }) => deadline = Instant::now() + REASON_WITHIN,
                Ok(_) => {}
            },
            default(deadline.saturating_duration_since(Instant::now())) => break Audition::Over,
        }
    };
    tell(outcome);
    drop(voice);
    inbox.recv().ok()
}
