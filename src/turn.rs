//! Whose turn it is: the pure state machine of the conversation.
//!
//! The session feeds it [`Input`]s with the time they happened and carries out
//! the [`Effect`]s it answers with. It never reads a clock, never waits, never
//! touches an engine; so a conversation of minutes runs through it in
//! microseconds.
//!
//! What it promises:
//! - while a talk key is held, she says nothing;
//! - what is late for a turn that is over changes nothing;
//! - whatever the person said is either answered, or was cancelled by them, or
//!   asked her to wait;
//! - without a key, nothing becomes a turn before a word of it was recognised;
//! - what sounded like somebody talking over her and was not lets her go on
//!   where she stopped.

use crate::session::{Presence, TalkSource};
use crate::settings::TalkMode;
use serde::{Deserialize, Serialize};
use std::time::Duration;

mod attention;
mod keys;
mod messages;
mod overheard;
#[cfg(test)]
mod tests;

pub use attention::Attention;
pub use messages::{Effect, Heard, Input, Silence};

use attention::Watch;
use keys::{Keys, Talk};
use overheard::Overheard;

/// One exchange: what the person said and what was answered. Everything that
/// can arrive late carries the id of its turn, so that a cancelled turn can
/// never speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub u64);

/// Time since the session began.
pub type Moment = Duration;

/// Sound is still taken for this long after the key is let go: people let go
/// with their last syllable. A key that goes down again within it (a bouncing
/// switch, a key repeat that sends releases) goes on with the same turn.
pub const RELEASE_TAIL: Duration = Duration::from_millis(60);

/// A key held for less than this was touched, not held: it silences her and
/// says nothing.
pub const TAP: Duration = Duration::from_millis(200);

/// Nobody holds a key for longer: the release was lost.
pub const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// How long she waits after speech has paused while nothing is known yet of
/// whether it is finished.
pub const UNJUDGED_PATIENCE: Duration = Duration::from_millis(1500);
/// Speech is known to have begun again so soon after it may have.
const STIRRING: Duration = Duration::from_millis(200);

/// The voice has gone astray if it takes longer to say how far it came.
const LONGEST_CLOSING: Duration = Duration::from_millis(400);

/// The recogniser has gone astray if it takes longer.
const LONGEST_UNDERSTANDING: Duration = Duration::from_secs(60);

/// What the words of a turn ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    Answer,
    Wait,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Listening {
        turn: TurnId,
        source: TalkSource,
        since: Moment,
        /// A key began it, so that it may have been a mere touch.
        by_key: bool,
        /// When the key went up, while the tail is still being captured.
        released: Option<Moment>,
        /// Without a key: when they paused, and how long they may.
        pause: Option<Pause>,
    },
    Understanding {
        turn: TurnId,
        since: Moment,
    },
    Replying(Reply),
}

/// Speech has paused, and may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pause {
    since: Moment,
    patience: Duration,
    /// Until then what is heard may be speech again.
    stirring_until: Moment,
}

impl Pause {
    fn new(since: Moment) -> Self {
        Self { since, patience: UNJUDGED_PATIENCE, stirring_until: since }
    }

    /// Noise that stirs again and again does not go on for ever.
    fn end(&self) -> Moment {
        let end = self.since + self.patience;
        self.stirring_until.clamp(end, end + 2 * STIRRING)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reply {
    turn: TurnId,
    /// Sentences that are complete.
    ready: usize,
    /// Sentences handed to the voice; all below are its business.
    said: usize,
    /// Sentences heard to their end.
    heard: usize,
    /// Whether the voice has begun.
    begun: bool,
    /// Whether no more sentences will come.
    complete: bool,
}

impl Reply {
    fn new(turn: TurnId) -> Self {
        Self { turn, ready: 0, said: 0, heard: 0, begun: false, complete: false }
    }
}

/// A reply that was interrupted, until the voice has said how far it came.
#[derive(Clone, Copy, Debug)]
struct Closing {
    reply: Reply,
    since: Moment,
}

/// The machine. See the module's documentation.
#[derive(Clone, Debug)]
pub struct Machine {
    state: State,
    keys: Keys,
    voice: bool,
    closing: Option<Closing>,
    watch: Watch,
    overheard: Option<Overheard>,
    /// She was told to hold her voice, since somebody seemed to talk over her.
    is_held: bool,
    next_turn: u64,
    /// Turns the person went on from before they were understood: their words
    /// are kept when they come.
    going_on: Vec<TurnId>,
    /// Words were kept that no reply was asked for.
    unanswered: bool,
    shown: (Presence, Option<TurnId>),
}

impl Machine {
    /// `first_turn` is the id of the first turn; those below it are taken.
    pub fn new(mode: TalkMode, voice: bool, first_turn: u64) -> Self {
        Self {
            state: State::Idle,
            keys: Keys::new(mode),
            voice,
            closing: None,
            watch: Watch::default(),
            overheard: None,
            is_held: false,
            next_turn: first_turn,
            going_on: Vec::new(),
            unanswered: false,
            shown: (Presence::Idle, None),
        }
    }

    /// Ids below `first_turn` turned out to be taken.
    pub fn skip_to(&mut self, first_turn: u64) {
        self.next_turn = self.next_turn.max(first_turn);
    }

    /// Takes what happened at `now` and answers what is to be done.
    pub fn handle(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.pass_time(now, &mut effects);
        match input {
            Input::Tick => {}
            Input::Mode(mode) => self.keys.set_mode(mode),
            Input::HandsFree(on) => self.attend(|watch| watch.hands_free = on, now, &mut effects),
            Input::Mute(on) => self.mute(on, now, &mut effects),
            Input::Silence(silence) => self.attend(
                |watch| {
                    watch.rest_after = silence.rest_after;
                    watch.wakes_by_name = silence.wakes_by_name;
                    watch.gentle_after = silence.gentle_after;
                },
                now,
                &mut effects,
            ),
            Input::Onset => self.onset(now, &mut effects),
            Input::Sustained => self.sustained(&mut effects),
            Input::Stirring => self.stirring(now),
            Input::Paused(ago) => self.paused(now.saturating_sub(ago)),
            Input::Patience(turn, patience) => self.set_patience(turn, patience),
            Input::Words(turn) => self.words(turn, now, &mut effects),
            Input::NotMeant(turn) => self.not_meant(turn, &mut effects),
            Input::Voice(on) => self.set_voice(on, &mut effects),
            Input::Cancel => self.cancel(now, &mut effects),
            Input::Interrupt => self.interrupt(now, &mut effects),
            Input::Typed => self.typed(now, &mut effects),
            Input::Pressed(_)
            | Input::Released(_)
            | Input::Start(_)
            | Input::Stop(_)
            | Input::Toggle(_) => self.talk(input, now, &mut effects),
            Input::SoundComplete(turn) => {
                if matches!(self.state, State::Understanding { turn: t, .. } if t == turn)
                    || self.going_on.contains(&turn)
                {
                    effects.push(Effect::Transcribe(turn));
                }
            }
            Input::Heard(turn) => self.heard(turn, Some(Words::Answer), &mut effects),
            Input::HeardWait(turn) => self.heard(turn, Some(Words::Wait), &mut effects),
            Input::NothingHeard(turn) => self.heard(turn, None, &mut effects),
            Input::CutOff { turn, index, bytes } => {
                self.cut_off(turn, index, bytes, now, &mut effects);
            }
            Input::Sentence(turn) => self.reply(turn, |reply| reply.ready += 1),
            Input::ReplyEnded(turn) => self.reply(turn, |reply| reply.complete = true),
            Input::Begun(turn, _) => self.reply(turn, |reply| reply.begun = true),
            Input::Ended(turn, index) => self.reply(turn, |reply| {
                reply.heard = reply.heard.max(index + 1);
            }),
        }
        if self.closing.is_some_and(|closing| closing.reply.heard >= closing.reply.said) {
            self.settle(0, &mut effects);
        }
        self.go_on(&mut effects);
        self.pass_silence(now, &mut effects);
        self.show(&mut effects);
        effects
    }

    /// When [`Input::Tick`] is due, if nothing else happens before.
    pub fn deadline(&self) -> Option<Moment> {
        let state = match self.state {
            State::Listening { released: Some(at), .. } => Some(at + RELEASE_TAIL),
            State::Listening { since, pause: Some(pause), .. } => {
                Some(pause.end().min(since + LONGEST_HOLD))
            }
            State::Listening { since, .. } => Some(since + LONGEST_HOLD),
            State::Understanding { since, .. } => Some(since + LONGEST_UNDERSTANDING),
            State::Idle | State::Replying(_) => None,
        };
        let closing = self.closing.map(|closing| closing.since + LONGEST_CLOSING);
        let overheard = self.overheard.as_ref().map(Overheard::deadline);
        let silence = self.silence_ends_at();
        [state, closing, self.keys.deadline(), overheard, silence].into_iter().flatten().min()
    }

    /// Whether a reply was interrupted, and how much of it was heard is not
    /// known yet: [`Effect::Close`] follows soon.
    pub fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// Her state now.
    pub fn presence(&self) -> (Presence, Option<TurnId>) {
        match self.state {
            State::Idle => (Presence::Idle, None),
            State::Listening { turn, .. } => (Presence::Listening, Some(turn)),
            State::Understanding { turn, .. } => (Presence::Understanding, Some(turn)),
            State::Replying(reply) if reply.begun || (!self.voice && reply.ready > 0) => {
                (Presence::Speaking, Some(reply.turn))
            }
            State::Replying(reply) => (Presence::Thinking, Some(reply.turn)),
        }
    }

    fn pass_time(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        self.keys.forget_lost(now);
        if self.closing.is_some_and(|closing| now >= closing.since + LONGEST_CLOSING) {
            self.settle(0, effects);
        }
        match self.state {
            State::Listening { turn, since, by_key, released: Some(at), .. }
                if now >= at + RELEASE_TAIL =>
            {
                let tapped = by_key && at.saturating_sub(since) < TAP;
                self.finish_listening(turn, tapped, now, effects);
            }
            State::Listening { turn, pause: Some(pause), .. } if now >= pause.end() => {
                effects.push(Effect::TurnEnd { turn, speech_ended: pause.since });
                self.finish_listening(turn, false, now, effects);
            }
            State::Listening { turn, since, released: None, .. } if now >= since + LONGEST_HOLD => {
                effects.push(Effect::SpeechEnd(turn));
                self.finish_listening(turn, false, now, effects);
            }
            State::Understanding { turn, since } if now >= since + LONGEST_UNDERSTANDING => {
                effects.push(Effect::Forget(turn));
                self.heard(turn, None, effects);
            }
            _ => {}
        }
        self.pass_overheard_time(now, effects);
    }

    fn talk(&mut self, input: Input, now: Moment, effects: &mut Vec<Effect>) {
        let listening_to = match self.state {
            State::Listening { source, released: None, .. } => Some(source),
            _ => None,
        };
        match self.keys.talk(input, listening_to, now) {
            Talk::Nothing => {}
            Talk::Begin(source) => {
                if self.watch.muted {
                    self.interrupt(now, effects);
                    return effects.push(Effect::TellMuted);
                }
                self.attend(Watch::wake, now, effects);
                let by_key = matches!(input, Input::Pressed(_));
                // What was overheard before the key went down belongs to it.
                let turn = self.overheard.take().map(|it| it.turn);
                self.begin(source, by_key, turn, now, effects);
            }
            Talk::End => {
                if let State::Listening { turn, released, pause, .. } = &mut self.state {
                    *released = Some(now);
                    *pause = None;
                    effects.push(Effect::SpeechEnd(*turn));
                }
            }
        }
    }

    /// Listens from now on, to what is being captured as `overheard` already or
    /// as a new turn.
    fn begin(
        &mut self,
        source: TalkSource,
        by_key: bool,
        overheard: Option<TurnId>,
        now: Moment,
        effects: &mut Vec<Effect>,
    ) {
        match &mut self.state {
            // Down again within the tail: the person never stopped.
            State::Listening { released, source: owner, pause, .. } => {
                *released = None;
                *owner = source;
                *pause = None;
                return;
            }
            // They go on before they were understood: one thought, two breaths.
            State::Understanding { turn, .. } => self.going_on.push(*turn),
            State::Idle => {}
            State::Replying(_) => self.interrupt(now, effects),
        }
        let turn = overheard.unwrap_or_else(|| self.listen(effects));
        self.state =
            State::Listening { turn, source, since: now, by_key, released: None, pause: None };
    }

    /// Captures sound for a new turn.
    fn listen(&mut self, effects: &mut Vec<Effect>) -> TurnId {
        let turn = self.new_turn();
        effects.push(Effect::Listen(turn));
        turn
    }

    fn finish_listening(
        &mut self,
        turn: TurnId,
        tapped: bool,
        now: Moment,
        effects: &mut Vec<Effect>,
    ) {
        if tapped {
            self.forget_listening(turn, now, effects);
        } else {
            effects.push(Effect::FinishListening(turn));
            self.state = State::Understanding { turn, since: now };
        }
    }

    /// This turn was none; what was said before it still counts.
    fn forget_listening(&mut self, turn: TurnId, now: Moment, effects: &mut Vec<Effect>) {
        effects.push(Effect::Forget(turn));
        match self.going_on.pop() {
            Some(earlier) => self.state = State::Understanding { turn: earlier, since: now },
            None => self.answer_what_is_left(turn, effects),
        }
    }

    fn heard(&mut self, turn: TurnId, words: Option<Words>, effects: &mut Vec<Effect>) {
        if let Some(place) = self.going_on.iter().position(|t| *t == turn) {
            self.going_on.remove(place);
            if words.is_some() {
                self.settle(0, effects);
                effects.push(Effect::KeepSaid(turn));
                self.unanswered = true;
            }
            return;
        }
        if !matches!(self.state, State::Understanding { turn: t, .. } if t == turn) {
            return;
        }
        // Turns are understood in order: what has not come by now never will.
        effects.extend(self.going_on.drain(..).map(Effect::Forget));
        match words {
            Some(words) => {
                self.settle(0, effects);
                effects.push(Effect::KeepSaid(turn));
                // Who asks her to wait is answered when they go on.
                self.unanswered |= words == Words::Answer;
                self.watch.was_gentle = false;
            }
            None => effects.push(Effect::TellNothingHeard(turn)),
        }
        self.answer_what_is_left(turn, effects);
    }

    /// Asks for a reply if the person said something that has none; else
    /// there is nothing to do.
    fn answer_what_is_left(&mut self, turn: TurnId, effects: &mut Vec<Effect>) {
        self.state = if std::mem::take(&mut self.unanswered) {
            self.settle(0, effects);
            effects.push(Effect::Ask(turn));
            State::Replying(Reply::new(turn))
        } else {
            State::Idle
        };
    }

    fn typed(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        self.interrupt(now, effects);
        self.settle(0, effects);
        let turn = self.new_turn();
        effects.push(Effect::KeepTyped(turn));
        self.unanswered = true;
        // Typed while talking: both are answered when the talking ends.
        if self.state == State::Idle {
            self.answer_what_is_left(turn, effects);
        }
    }

    fn cancel(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        self.unanswered = false;
        effects.extend(self.going_on.drain(..).map(Effect::Forget));
        self.dismiss(effects);
        match self.state {
            State::Idle => {}
            State::Listening { turn, .. } | State::Understanding { turn, .. } => {
                effects.push(Effect::Forget(turn));
            }
            State::Replying(_) => self.interrupt(now, effects),
        }
        self.state = State::Idle;
    }

    /// Ends the reply, if there is one. While she may be in the middle of a
    /// sentence, it is closed only when the voice has said how far she came.
    fn interrupt(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let State::Replying(reply) = self.state else { return };
        if !reply.complete {
            effects.push(Effect::CancelReply(reply.turn));
        }
        let is_queued = reply.said > reply.heard && self.voice;
        let was_held = std::mem::take(&mut self.is_held);
        if is_queued {
            effects.push(Effect::Hush);
        } else if was_held {
            effects.push(Effect::GoOn);
        }
        self.closing = Some(Closing { reply, since: now });
        if !is_queued || !reply.begun {
            self.settle(0, effects);
        }
        self.state = State::Idle;
    }

    /// A sentence ended in its middle.
    fn cut_off(
        &mut self,
        turn: TurnId,
        index: usize,
        bytes: usize,
        now: Moment,
        effects: &mut Vec<Effect>,
    ) {
        // Without a voice, the silence was our own doing.
        if matches!(self.state, State::Replying(reply) if reply.turn == turn && self.voice) {
            self.interrupt(now, effects);
        }
        if let Some(Closing { reply, .. }) = self.closing.filter(|it| it.reply.turn == turn) {
            self.settle(if index == reply.heard { bytes } else { 0 }, effects);
        }
    }

    /// Closes the reply that was interrupted, if there is one: whole sentences
    /// as they were reported, and so many bytes of the next.
    fn settle(&mut self, bytes: usize, effects: &mut Vec<Effect>) {
        let Some(Closing { reply, .. }) = self.closing.take() else { return };
        let heard = Heard { sentences: reply.heard, bytes };
        let interrupted = !reply.complete || reply.heard < reply.ready;
        effects.push(Effect::Close { turn: reply.turn, heard, interrupted });
    }

    fn set_voice(&mut self, on: bool, effects: &mut Vec<Effect>) {
        if self.voice && !on {
            self.is_held = false;
            effects.push(Effect::Hush);
        }
        self.voice = on;
    }

    fn reply(&mut self, turn: TurnId, change: impl FnOnce(&mut Reply)) {
        let replying = match &mut self.state {
            State::Replying(reply) => Some(reply),
            _ => None,
        };
        let closing = self.closing.as_mut().map(|closing| &mut closing.reply);
        if let Some(reply) = replying.into_iter().chain(closing).find(|reply| reply.turn == turn) {
            change(reply);
        }
    }

    /// Says what is ready, unless the person holds the key, and closes the
    /// reply when all of it was heard.
    fn go_on(&mut self, effects: &mut Vec<Effect>) {
        let State::Replying(reply) = &mut self.state else { return };
        if self.voice {
            let is_talked_over = self.is_held || self.overheard.is_some_and(|it| it.sustained);
            if !self.keys.any_held() && !is_talked_over {
                let from = reply.said.max(reply.heard);
                effects.extend((from..reply.ready).map(|index| Effect::Say(reply.turn, index)));
                reply.said = reply.ready;
            }
        } else {
            // What can't be heard is shown, and what is shown is read.
            reply.heard = reply.ready;
            reply.said = reply.ready;
        }
        if reply.complete && reply.heard >= reply.ready {
            let (turn, heard) = (reply.turn, Heard { sentences: reply.heard, bytes: 0 });
            effects.push(Effect::Close { turn, heard, interrupted: false });
            self.state = State::Idle;
        }
    }

    fn show(&mut self, effects: &mut Vec<Effect>) {
        let now = self.presence();
        if now != self.shown {
            self.shown = now;
            effects.push(Effect::Show(now.0, now.1));
        }
    }

    fn new_turn(&mut self) -> TurnId {
        let turn = TurnId(self.next_turn);
        self.next_turn += 1;
        turn
    }
}
