//! What the machine is told, and what it answers.

use super::{Attention, Moment, TurnId};
use crate::session::{Presence, TalkSource};
use crate::settings::TalkMode;
use std::time::Duration;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The talk key went down, or repeated.
    Pressed(TalkSource),
    /// The talk key went up.
    Released(TalkSource),
    /// Listen, in either mode.
    Start(TalkSource),
    /// The person has finished, in either mode.
    Stop(TalkSource),
    /// Start or stop.
    Toggle(TalkSource),
    /// Drop everything.
    Cancel,
    /// Her reply, if there is one, is not to go on.
    Interrupt,
    /// The person typed something.
    Typed,
    /// Hold or toggle from now on.
    Mode(TalkMode),
    /// Listen without a key from now on, or no longer.
    HandsFree(bool),
    /// Capture nothing from now on, or again.
    Mute(bool),
    /// What follows from silence, from now on.
    Silence(Silence),
    /// Somebody began to speak, or went on after a pause.
    Onset,
    /// They have really been speaking for so long that it is no cough.
    Sustained,
    /// Something is heard that may be speech again: for a moment nothing follows from
    /// the pause.
    Stirring,
    /// They paused, this long ago.
    Paused(Duration),
    /// After this pause they are taken to have finished when it lasts so long.
    Patience(TurnId, Duration),
    /// Words of what was overheard have been recognised, and are meant for her.
    Words(TurnId),
    /// What was overheard is not: a noise, a listener's "mm-hmm", her own echo.
    NotMeant(TurnId),
    /// Everything captured for the turn was delivered.
    SoundComplete(TurnId),
    /// The final transcript has words.
    Heard(TurnId),
    /// The final transcript asks her to wait.
    HeardWait(TurnId),
    /// The final transcript has none, or failed.
    NothingHeard(TurnId),
    /// One more sentence of the reply is complete.
    Sentence(TurnId),
    /// The reply is complete, or failed after what came.
    ReplyEnded(TurnId),
    /// A sentence is being played.
    Begun(TurnId, usize),
    /// A sentence was said to its end.
    Ended(TurnId, usize),
    /// A sentence was not said to its end: she was told to stop, the voice
    /// stopped by itself, or another program silenced it.
    CutOff {
        /// Its turn.
        turn: TurnId,
        /// Its place in the reply.
        index: usize,
        /// So many bytes of it were heard.
        bytes: usize,
    },
    /// Sentences can be said aloud, or only be shown.
    Voice(bool),
    /// Nothing happened but time.
    Tick,
}

/// What follows when, without a key, nobody says anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// After this she rests; `None`: never.
    pub rest_after: Option<Duration>,
    /// While she rests the microphone stays open for her name.
    pub wakes_by_name: bool,
    /// After this she says one gentle word; `None`: none.
    pub gentle_after: Option<Duration>,
}

/// How much of a reply was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Sentences heard to their end.
    pub sentences: usize,
    /// Bytes of the next one.
    pub bytes: usize,
}

/// What is to be done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Capture sound for this new turn.
    Listen(TurnId),
    /// The person let go; for measuring.
    SpeechEnd(TurnId),
    /// Without a key, they are taken to have finished; for measuring.
    TurnEnd {
        /// Their turn.
        turn: TurnId,
        /// When they paused for good.
        speech_ended: Moment,
    },
    /// Capture no more for it.
    FinishListening(TurnId),
    /// All sound was delivered: the final transcript is wanted.
    Transcribe(TurnId),
    /// Forget the sound and the transcript of this turn.
    Forget(TurnId),
    /// This new turn begins with what was typed; keep it.
    KeepTyped(TurnId),
    /// Keep what was said in this turn.
    KeepSaid(TurnId),
    /// Nothing was understood; tell the person.
    TellNothingHeard(TurnId),
    /// Ask for a reply to all that is unanswered, as this turn.
    Ask(TurnId),
    /// Say one gentle word into the silence, as a reply of this new turn.
    SayGently(TurnId),
    /// No reply to this turn any more.
    CancelReply(TurnId),
    /// Say this sentence of the reply aloud.
    Say(TurnId, usize),
    /// Fall silent now, and keep what is still to be said.
    Hold,
    /// Go on where she fell silent.
    GoOn,
    /// Fall silent now; nothing is held any more.
    Hush,
    /// Capture sound like this from now on.
    Attend(Attention),
    /// A key was pressed, and the microphone is muted; tell the person.
    TellMuted,
    /// Her reply is over.
    Close {
        /// Its turn.
        turn: TurnId,
        /// What of it was heard.
        heard: Heard,
        /// Whether she was cut off.
        interrupted: bool,
    },
    /// Her state changed.
    Show(Presence, Option<TurnId>),
}
