//! The conversation and its one owner.
//!
//! Clients (the window, the command line, tests) send [`Command`]s through a
//! [`Session`] and receive [`Event`]s in the past tense. Inside, the
//! session's thread asks the pure machine in [`crate::turn`] what follows and
//! carries it out through the four engines.

use crate::Outbox;
use crate::audio::cues::Cues;
use crate::audio::{EchoGuard, Microphone, MicrophoneEvent};
use crate::dialogue::{DialogueEvent, ReplyStats, Responder};
use crate::persona::Persona;
use crate::remembering::{Access, Remembering, Saved};
use crate::settings::{Listening, TalkMode};
use crate::speech::{Voice, VoiceEvent, VoiceInfo, VoiceStyle};
use crate::transcribe::{Transcriber, TranscriberEvent};
use crate::turn::{Attention, TurnId};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use jiff::Timestamp;
use memory::Recalled;
use memory::store::facts::{Fact, Known};
use memory::store::{Counts, FactId};
use memory::vault::Keeper;
use serde::Serialize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

mod core;
pub mod journal;
mod letters;
mod prompt;
#[cfg(test)]
mod tests;

use self::core::Core;
pub use letters::{Hit, Letters, LettersCommand};

/// What can begin and end talking. Listening belongs to the source that began
/// it: letting go of another one changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TalkSource {
    /// The key that works everywhere on the desktop.
    Hotkey,
    /// The button or the space bar of the window.
    Window,
    /// `samantha talk`.
    Control,
    /// A file played as if it were the microphone.
    File,
    /// No key: the person just talks.
    Speech,
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The talk key went down (or repeated). What follows depends on the mode.
    TalkPressed(TalkSource),
    /// The talk key went up.
    TalkReleased(TalkSource),
    /// Listen from now on, in either mode.
    TalkStart(TalkSource),
    /// The person has finished, in either mode.
    TalkStop(TalkSource),
    /// `TalkStart` if she is not listening, else `TalkStop`.
    TalkToggle(TalkSource),
    /// Drop what is being said, fall silent, answer nothing.
    Cancel,
    /// A typed message.
    Say(String),
    /// Begin a new conversation; the old one stays saved.
    NewConversation,
    /// Hold or toggle.
    SetTalkMode(TalkMode),
    /// Listen without a key, or not, and how.
    SetListening(Listening),
    /// Close the microphone until further notice, or open it again.
    SetMuted(bool),
    /// One or the other.
    ToggleMuted,
    /// Use this microphone; `None` is the system's default.
    SelectMicrophone(Option<String>),
    /// Sound like this.
    SetVoiceStyle(VoiceStyle),
    /// Speak replies, or only show them.
    SetVoiceEnabled(bool),
    /// Let her fall silent; nothing that was said is dropped.
    Interrupt,
    /// Let beginning and end of listening be heard, or not.
    SetCues(bool),
    /// What she calls the person, and the language they speak with her.
    SetPerson {
        /// Empty if they did not say.
        name: String,
        /// BCP 47 tag.
        language: String,
    },
    /// Something about what she remembers.
    Memory(MemoryCommand),
    /// Something about past conversations.
    Letters(LettersCommand),
    /// End, after saving what is to be saved.
    Shutdown,
}

/// What a client asks of the memory. Each is answered by [`Event::Memory`],
/// what failed by a notice.
#[derive(Clone, Debug, PartialEq)]
pub enum MemoryCommand {
    /// Show what fits these words; all of it if there are none. Later changes
    /// are shown by the same words.
    Show(String),
    /// Word a fact otherwise; the old wording becomes history.
    Edit {
        /// Which.
        fact: FactId,
        /// In the person's voice.
        statement: String,
    },
    /// Forget a fact, its sentence, and all that told it.
    Forget(FactId),
    /// Forget all of it, for good.
    ForgetEverything,
    /// Keep nothing from now on, or keep things again.
    OffTheRecord(bool),
    /// Open it with the passphrase.
    Unlock(Secret),
    /// Open it with the 24 words.
    Recover(Secret),
    /// Try again to open it, for instance after the keychain was unlocked.
    Retry,
    /// Have the key kept by the keychain or a file from now on.
    Protect(Keeper),
    /// Have the key kept by a passphrase from now on.
    ProtectByPassphrase(Secret),
    /// Tell the 24 words, by [`Event::RecoveryPhrase`].
    TellPhrase,
}

/// Something that is not to be shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the memory page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryPage {
    /// Whether there is a memory.
    pub access: Access,
    /// Who keeps its key.
    pub keeper: Option<Keeper>,
    /// Facts that fit the words asked for, best or latest first.
    pub entries: Vec<MemoryEntry>,
    /// Everyone in the person's life.
    pub people: Vec<Known>,
    /// How much there is.
    pub counts: Counts,
}

/// A fact and where it is from.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryEntry {
    /// What is known.
    pub fact: Fact,
    /// The sentences it is from, oldest first.
    pub sources: Vec<memory::store::Line>,
}

/// Her state at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Nothing is going on.
    #[default]
    Idle,
    /// Sound is being captured.
    Listening,
    /// What was said is being written down.
    Understanding,
    /// The answer has been asked for; nothing is said yet.
    Thinking,
    /// She is speaking.
    Speaking,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The person.
    Person,
    /// Samantha.
    Samantha,
}

/// A finished line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its exchange.
    pub turn: TurnId,
    /// Who said it.
    pub speaker: Speaker,
    /// What was said; of hers, only what was heard, up to the word: a dash at
    /// the end stands for the rest of a sentence.
    pub text: String,
    /// She was cut off after this.
    pub interrupted: bool,
    /// It is not kept.
    pub off_the_record: bool,
    /// When it was said; of hers, when it had been said.
    pub said_at: Timestamp,
}

/// A moment of a turn that latency is counted between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// The person let go of the key, or stopped speaking.
    SpeechEnd,
    /// Without a key: they are taken to have finished.
    TurnEnd,
    /// The final transcript is there.
    TranscriptReady,
    /// The first piece of the reply is there.
    FirstToken,
    /// The first whole sentence was handed to the voice.
    FirstSentence,
    /// The voice reports that sound is being played.
    FirstAudio,
    /// The reply has been heard, or cut off.
    ReplyDone,
}

/// What a [`Notice`] is about. A later notice on the same topic replaces the
/// earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The microphone.
    Microphone,
    /// Speech to text.
    Hearing,
    /// The language model or the server.
    Dialogue,
    /// The voice.
    Voice,
    /// The talk key.
    Hotkey,
    /// What she remembers.
    Memory,
    /// The settings file.
    Settings,
}

/// Something the person should know: one or two plain sentences that say what
/// happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What it is about.
    pub topic: Topic,
    /// For people.
    pub text: String,
    /// Whether something does not work until the person acts.
    pub blocking: bool,
    /// What lies behind it, for those who want to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// The file it is about, where it helps to look at that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl Notice {
    /// Without details.
    pub fn new(topic: Topic, text: impl Into<String>, blocking: bool) -> Self {
        Self { topic, text: text.into(), blocking, details: None, file: None }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Her state changed.
    Presence {
        /// The turn it concerns, if one is under way.
        turn: Option<TurnId>,
        /// What she is doing now.
        presence: Presence,
    },
    /// How loud the microphone is, 0.0..=1.0; only while a turn is captured or
    /// speech is attended to.
    Level(f32),
    /// How loud her voice is, as it is heard now, 0.0..=1.0; told only where it is
    /// known, at most 20 times a second.
    VoiceLevel(f32),
    /// What the microphone is used for, from now on.
    Attention(Attention),
    /// Whether sound is being captured: the microphone is open and gives some.
    Capturing(bool),
    /// What keeps her from hearing herself, from now on.
    EchoGuard(EchoGuard),
    /// Without a key, the person is taken to have finished. All times are
    /// counted back from now.
    TurnEnded {
        /// Their turn.
        turn: TurnId,
        /// When they began to speak.
        began_ago: Duration,
        /// When they stopped.
        ended_ago: Duration,
    },
    /// What was understood so far.
    Partial {
        /// Its turn.
        turn: TurnId,
        /// May still change.
        text: String,
    },
    /// What the person said, for good. Saved before it is told.
    Said(Line),
    /// Nothing was understood in this turn.
    NothingHeard {
        /// Its turn.
        turn: TurnId,
    },
    /// More of her reply, cleaned for the ear, to be shown while she speaks.
    Reply {
        /// Its turn.
        turn: TurnId,
        /// All sentences so far.
        text: String,
    },
    /// Her reply is over. Saved before it is told.
    Replied(Line),
    /// The turn ended before a sentence of the reply was heard: it was
    /// interrupted, or a [`Notice`] says why.
    NoReply {
        /// Its turn.
        turn: TurnId,
    },
    /// For measuring.
    Milestone {
        /// Its turn.
        turn: TurnId,
        /// What was reached.
        milestone: Milestone,
        /// When, since the session began.
        at: Duration,
    },
    /// What the reply cost the language model.
    Stats {
        /// Its turn.
        turn: TurnId,
        /// Token counts.
        stats: ReplyStats,
    },
    /// What she remembers, as far as it was asked for, or changed since.
    Memory(MemoryPage),
    /// What was asked for of past conversations.
    Letters(Letters),
    /// Whether nothing is kept.
    OffTheRecord(bool),
    /// What was laid before the language model for this reply, and why.
    Recalled {
        /// Its turn.
        turn: TurnId,
        /// Best first.
        what: Vec<Recalled>,
    },
    /// The 24 words that open the memory if its key is lost.
    RecoveryPhrase(Secret),
    /// An earlier conversation was taken up again, or a new one begun: the
    /// transcript so far.
    Conversation(Vec<Line>),
    /// The microphone in use.
    MicrophoneReady(String),
    /// The recogniser in use.
    HearingReady(String),
    /// The language model in use.
    DialogueReady(String),
    /// The voices the system offers.
    Voices(Vec<VoiceInfo>),
    /// Something the person should know.
    Notice(Notice),
    /// What the notice was about works again.
    NoticeCleared(Topic),
}

/// Where her words come from, for what she is told about herself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The model's name for people.
    pub model: String,
    /// Such as "on this computer" or "on the server example.org".
    pub place: String,
}

/// With what a session begins.
pub struct Config {
    /// Hold or toggle.
    pub talk_mode: TalkMode,
    /// Whether replies are spoken.
    pub voice_enabled: bool,
    /// Who she is.
    pub persona: Persona,
    /// What she calls the person; empty if they did not say.
    pub person: String,
    /// BCP 47 tag of the language they speak.
    pub language: String,
    /// Whether and how she listens without a key.
    pub listening: Listening,
    /// Where her words come from.
    pub origin: Origin,
    /// Opens what is kept; called once, on the session's thread, since a
    /// keychain may ask the person first.
    pub remembering: Box<dyn FnOnce() -> Remembering + Send>,
    /// Go on with the latest conversation rather than begin a new one.
    pub resume: bool,
}

/// Builds an engine, given where it reports. Called once, on the session's
/// thread.
pub type EngineFactory<T, E> = Box<dyn FnOnce(Outbox<E>) -> Box<T> + Send>;

/// The four engines of a session.
pub struct Engines {
    /// Where speech comes from.
    pub microphone: EngineFactory<dyn Microphone, MicrophoneEvent>,
    /// Speech to text.
    pub transcriber: EngineFactory<dyn Transcriber, TranscriberEvent>,
    /// What she answers.
    pub responder: EngineFactory<dyn Responder, DialogueEvent>,
    /// How she says it.
    pub voice: EngineFactory<dyn Voice, VoiceEvent>,
    /// The sounds that tell when she listens.
    pub cues: Box<dyn FnOnce() -> Box<dyn Cues> + Send>,
}

/// What arrives at the session's thread.
enum Message {
    Command(Command),
    Microphone(MicrophoneEvent),
    Transcriber(Generation, TranscriberEvent),
    Dialogue(Generation, DialogueEvent),
    Voice(Generation, VoiceEvent),
    ReplaceTranscriber(EngineFactory<dyn Transcriber, TranscriberEvent>),
    ReplaceResponder(Origin, EngineFactory<dyn Responder, DialogueEvent>),
    ReplaceVoice(EngineFactory<dyn Voice, VoiceEvent>),
    /// There may be more lines to embed.
    CatchUp,
    /// Past conversations were saved in a file, or could not be.
    LettersSaved(Saved),
    Tick,
}

/// Counts the replacements of an engine, so that what an earlier one still
/// says is not taken for the new one's.
type Generation = u32;

/// A running session. Dropping it ends the session in good order.
pub struct Session {
    inbox: Sender<Message>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Sends commands to a session; may outlive it, and then does nothing.
#[derive(Clone)]
pub struct Commands(Sender<Message>);

impl Commands {
    /// Asks for something.
    pub fn send(&self, command: Command) {
        let _ = self.0.send(Message::Command(command));
    }

    /// Takes this recogniser instead, for instance after weights arrived.
    pub fn replace_transcriber(&self, factory: EngineFactory<dyn Transcriber, TranscriberEvent>) {
        let _ = self.0.send(Message::ReplaceTranscriber(factory));
    }

    /// Takes this language model instead.
    pub fn replace_responder(
        &self,
        origin: Origin,
        factory: EngineFactory<dyn Responder, DialogueEvent>,
    ) {
        let _ = self.0.send(Message::ReplaceResponder(origin, factory));
    }

    /// Takes this voice instead, once nothing is being said.
    pub fn replace_voice(&self, factory: EngineFactory<dyn Voice, VoiceEvent>) {
        let _ = self.0.send(Message::ReplaceVoice(factory));
    }
}

impl Session {
    /// Starts the session's thread. `on_event` is called on it and must not
    /// block.
    pub fn start(
        config: Config,
        engines: Engines,
        on_event: impl FnMut(Event) + Send + 'static,
    ) -> std::io::Result<Self> {
        // Unbounded: sound comes no faster than it is spoken, everything else
        // is rare, and a full inbox would have to drop someone's words.
        let (inbox, messages) = crossbeam_channel::unbounded();
        let sender = inbox.clone();
        let thread = std::thread::Builder::new().name("session".into()).spawn(move || {
            let core = Core::new(config, engines, sender, Box::new(on_event));
            run(core, &messages);
        })?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    /// A sender of commands that can be cloned and kept.
    pub fn commands(&self) -> Commands {
        Commands(self.inbox.clone())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.inbox.send(Message::Command(Command::Shutdown));
        if let Some(thread) = self.thread.take() {
            // Its panic has been reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

fn run(mut core: Core, messages: &Receiver<Message>) {
    let start = Instant::now();
    core.begin();
    loop {
        let message = match core.deadline() {
            Some(at) => match messages.recv_deadline(start + at) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => Message::Tick,
                Err(RecvTimeoutError::Disconnected) => return,
            },
            None => match messages.recv() {
                Ok(message) => message,
                Err(_) => return,
            },
        };
        if core.handle(message, start.elapsed()).is_break() {
            return;
        }
    }
}
