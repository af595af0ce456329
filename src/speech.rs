//! The voice that says her sentences.

pub mod natural;
pub mod silent;
pub mod system;

use crate::settings::Settings;
use crate::turn::TurnId;

/// One sentence to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The turn it belongs to.
    pub turn: TurnId,
    /// Its place in the reply, from 0.
    pub index: usize,
    /// What is said; never empty.
    pub text: String,
    /// Slower and softer, as one speaks to somebody sad.
    pub gently: bool,
}

/// A voice the system offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceInfo {
    /// What the settings store.
    pub id: String,
    /// What a person reads.
    pub name: String,
    /// BCP 47 tag.
    pub language: String,
    /// Whether the service calls it a woman's voice; `None` if it does not say.
    pub female: Option<bool>,
}

/// How she sounds.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceStyle {
    /// A [`VoiceInfo::id`]; `None` chooses a woman's voice in `language`.
    pub voice: Option<String>,
    /// BCP 47 tag of the person's language.
    pub language: String,
    /// 1.0 is the voice's own pace, 0.5..=2.0.
    pub rate: f32,
    /// 0.0..=1.0.
    pub volume: f32,
    /// How warm a voice of her own is, 0.0..=1.0; the system's know nothing of
    /// it.
    pub warmth: f32,
}

impl VoiceStyle {
    /// How she sounds according to the settings.
    pub fn of(settings: &Settings) -> Self {
        let voice = &settings.voice;
        Self {
            voice: Some(voice.voice.clone()).filter(|id| !id.is_empty()),
            language: settings.person.language.clone(),
            rate: voice.rate,
            volume: voice.volume,
            warmth: voice.warmth,
        }
    }
}

/// Says sentences one after the other. All calls return at once; the thread
/// behind the handle does the work.
pub trait Voice: Send {
    /// Says this after what is already queued.
    fn speak(&mut self, utterance: Utterance);
    /// Falls silent now and forgets what is queued. Utterances cut off or
    /// forgotten report [`VoiceEvent::Stopped`], never `Ended`. Ends a hold:
    /// what is spoken afterwards is said at once.
    fn stop(&mut self);
    /// Falls silent now and keeps whatever was not heard, because somebody may
    /// have begun to talk. Nothing is reported for it, and nothing is begun or
    /// ended until [`Voice::go_on`]; what is spoken meanwhile is queued. Does
    /// nothing if she is held already.
    fn hold(&mut self);
    /// Goes on where [`Voice::hold`] broke off, a little earlier if that sounds
    /// better: at the beginning of the word that was cut if the voice knows its
    /// words, else of the clause or the utterance. What is heard twice counts
    /// once. Does nothing if she is not held.
    fn go_on(&mut self);
    /// Sounds like this from the next utterance on.
    fn set_style(&mut self, style: VoiceStyle);
    /// Whether a sentence may be handed over clause by clause: a voice that
    /// knows its own pauses can begin before the sentence is complete.
    fn takes_clauses(&self) -> bool {
        false
    }
    /// Says these words, names above all, as the person does: the word as
    /// written, and how it is said, such as "wah-KEEN". Voices that cannot
    /// ignore it.
    fn set_pronunciations(&mut self, _pronunciations: Vec<(String, String)>) {}
}

/// What the voice's thread tells.
#[derive(Clone, Debug, PartialEq)]
pub enum VoiceEvent {
    /// The service answers.
    Ready {
        /// What it offers.
        voices: Vec<VoiceInfo>,
    },
    /// The first sound of this utterance is being played.
    Begun {
        /// Its turn.
        turn: TurnId,
        /// Its place in the reply.
        index: usize,
    },
    /// How loud she is, as it is heard now: root mean square, 0.0..=1.0. Told at
    /// most 20 times a second, by a voice that knows, and once when she falls
    /// silent.
    Level(f32),
    /// It was said to its end.
    Ended {
        /// Its turn.
        turn: TurnId,
        /// Its place in the reply.
        index: usize,
    },
    /// It was cut off, or never begun.
    Stopped {
        /// Its turn.
        turn: TurnId,
        /// Its place in the reply.
        index: usize,
        /// So many bytes of its text were heard, up to the end of a word. 0 if
        /// the voice cannot tell: then only whole utterances count.
        heard: usize,
    },
    /// She has no voice here, now: replies are shown instead.
    Unavailable {
        /// One sentence for people that says what to install or start.
        reason: String,
    },
}
