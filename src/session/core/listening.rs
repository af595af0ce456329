//! The part of the session that listens without a key: whether speech is meant
//! for her, whether it is finished, and what is answered meanwhile in advance.
//!
//! The microphone tells when somebody speaks and pauses, the recogniser what
//! they have said so far. What follows from both is judged here, in words that
//! the turn machine understands.

use super::own_words::OwnWords;
use super::{Core, Milestone};
use crate::audio::{EchoGuard, ROOM_RINGS_FOR, Speech};
use crate::dialogue::sadness::is_sad;
use crate::session::{Event, Presence, Speaker};
use crate::turn::{Attention, Input, Moment, Silence, TurnId};
use crate::wording::listening as wording;
use ear::turn_end::patience::{self, Evidence, Manner, Pauses};
use ear::turn_end::words::{
    Judgement, addresses, asks_for_silence, asks_to_wait, echoes, is_backchannel, judge,
};
use std::time::Duration;

/// So much of what was heard, found in what she is saying, makes it her echo.
const ECHO_SHARE: f32 = 0.6;

/// Once her own words were understood, more of them are to be expected for so long:
/// her echo comes back otherwise than it was known, and is not yet learned anew.
const LEAKS_FOR: Duration = Duration::from_secs(20);

/// While she speaks, so few words of somebody who is still speaking may be hers.
const UNCLEAR_WORDS: usize = 2;

/// Who speaks again so soon, and before she has said a word, has not finished.
const GOES_ON_WITHIN: Duration = Duration::from_millis(1800);

/// Who speaks slower than this takes their time.
const SLOW_WORDS_PER_S: f32 = 1.7;

/// A silence after which she may say a gentle word.
const GENTLE_AFTER: Duration = Duration::from_secs(25);

/// What is known of speech that no key delimits.
#[derive(Default)]
pub(super) struct Following {
    /// Somebody is speaking now.
    speaking: bool,
    /// When they began, and when they last paused.
    began: Moment,
    paused: Moment,
    /// How long their pauses were since they began, in all.
    silent: Duration,
    /// How likely they have finished, by the sound of the last pause, and by how much
    /// softer they ended than they spoke.
    by_sound: Option<f32>,
    fading_db: Option<f32>,
    /// All they had said until a pause, and when it was understood.
    words: Option<(TurnId, String, Moment)>,
    /// This person's own pauses.
    pauses: Pauses,
    /// Whether what they said last was taken for a turn.
    taken: bool,
    /// When her last reply was over.
    pub(super) she_ended: Moment,
    /// What she says, of which some may be heard.
    pub(super) own_words: OwnWords,
    /// When some of it was last understood.
    leaked: Option<Moment>,
}

impl Core {
    /// Listens as the settings say.
    pub(super) fn listen_as_set(&mut self) {
        let settings = self.listening_settings.clone();
        self.microphone.set_headphones(settings.headphones);
        let rest_after = Duration::from_secs(settings.rest_after_s);
        self.feed(Input::Silence(Silence {
            rest_after: (!rest_after.is_zero()).then_some(rest_after),
            wakes_by_name: settings.wake_by_name,
            gentle_after: settings.gentle_word.then_some(GENTLE_AFTER),
        }));
        self.feed(Input::HandsFree(settings.hands_free));
    }

    pub(super) fn speech_told(&mut self, speech: Speech) {
        match speech {
            Speech::Onset { ago } => {
                let onset = self.now.saturating_sub(ago);
                let pause = onset.saturating_sub(self.following.paused);
                let follows = self.machine.followed().is_some();
                self.count_pause(pause, follows);
                if follows {
                    self.following.silent += pause;
                } else {
                    self.following.began = onset;
                    self.following.silent = Duration::ZERO;
                }
                self.following.speaking = true;
                self.following.by_sound = None;
                self.following.fading_db = None;
                self.following.words = None;
                // They go on: what was made of it so far is not all.
                self.drop_draft();
                self.feed(Input::Onset);
            }
            // Mostly it would be herself: her voice is not held for that.
            Speech::Sustained if self.is_unsettled() && self.is_over_her() => {}
            Speech::Sustained => self.feed(Input::Sustained),
            Speech::Stirring => self.feed(Input::Stirring),
            Speech::Paused { ago, fading_db } => {
                self.following.speaking = false;
                self.following.paused = self.now.saturating_sub(ago);
                self.following.fading_db = fading_db;
                self.feed(Input::Paused(ago));
                self.draft_said();
                self.judge_pause();
            }
            Speech::Judged { finished } => {
                self.following.by_sound = Some(finished);
                self.judge_pause();
            }
        }
    }

    /// Learns from a pause that is over, and from the turn that was over with it.
    fn count_pause(&mut self, pause: Duration, follows: bool) {
        if follows || self.was_cut_off(pause) {
            return self.following.pauses.went_on_after(pause);
        }
        // Who speaks so soon although she has begun may well go on: no end to learn from.
        match std::mem::take(&mut self.following.taken) && pause >= GOES_ON_WITHIN {
            true => {
                self.following.pauses.finished();
                self.remembering.keep_pauses(&self.following.pauses);
            }
            false => self.following.pauses.dropped(),
        }
    }

    /// Is as patient as was learnt before.
    pub(super) fn recall_pauses(&mut self) {
        self.following.pauses = self.remembering.pauses();
    }

    /// Whether they only went on, and she had taken them to have finished.
    fn was_cut_off(&self, pause: Duration) -> bool {
        let is_silent = match &self.reply {
            Some(reply) => reply.begun == 0,
            None => self.machine.presence().0 == Presence::Understanding,
        };
        is_silent && pause < GOES_ON_WITHIN
    }

    /// What was said so far is known a little better.
    pub(super) fn partly_heard(&mut self, turn: TurnId, text: &str, settled: bool) {
        if self.machine.overheard() == Some(turn) {
            self.judge_overheard(turn, text, settled);
        }
        let is_listened_to = self.machine.presence() == (Presence::Listening, Some(turn));
        if !is_listened_to || text.is_empty() {
            return; // nobody's turn, or none any more
        }
        self.tell(Event::Partial { turn, text: text.to_owned() });
        let by_key = self.machine.followed() != Some(turn);
        if settled && by_key {
            // The key says when they have finished; that may be now.
            return self.draft(turn, text);
        }
        self.drop_draft();
        if settled {
            self.following.words = Some((turn, text.to_owned(), self.now));
        }
        if settled && !self.following.speaking {
            self.draft_said();
            self.judge_pause();
        }
        if self.draft.is_none() {
            self.read_ahead(turn, text);
        }
    }

    /// What they have said until the pause that lasts now, once it is known: it
    /// was understood after they had paused.
    fn said_until_pause(&self) -> Option<&str> {
        let followed = self.machine.followed()?;
        let (_, text, at) = self.following.words.as_ref().filter(|(turn, ..)| *turn == followed)?;
        (*at >= self.following.paused && !self.following.speaking).then_some(text)
    }

    /// Also where the words look unfinished: the language model tells better whether
    /// they are. Who asks for time is not to be answered.
    fn draft_said(&mut self) {
        let said = self.said_until_pause().filter(|said| !asks_to_wait(said));
        if let (Some(said), Some(turn)) = (said.map(str::to_owned), self.machine.followed()) {
            self.draft(turn, &said);
        }
    }

    /// Whether what was overheard is meant for her, if that can be told.
    fn judge_overheard(&mut self, turn: TurnId, text: &str, settled: bool) {
        let settled = settled && !self.following.speaking;
        let is_echo = self.is_echo(text);
        if is_echo {
            self.following.leaked = Some(self.now);
        }
        let is_meant = !is_echo && self.is_meant(text, settled);
        let is_sustained = self.machine.is_sustained();
        tracing::debug!(turn = turn.0, settled, is_meant, is_echo, is_sustained, "overheard");
        if is_meant {
            self.feed(Input::Words(turn));
        } else if settled {
            self.feed(Input::NotMeant(turn));
        }
    }

    fn is_meant(&self, text: &str, settled: bool) -> bool {
        if text.is_empty() {
            return false;
        }
        if self.is_over_her() && !self.interrupts(text, settled) {
            return false;
        }
        self.machine.attention() != Attention::Name || addresses(text, &self.persona.name)
    }

    /// Whether what is heard began while she spoke, or may be the last of her.
    fn is_over_her(&self) -> bool {
        let rings_until = self.following.she_ended + ROOM_RINGS_FOR;
        self.machine.is_replying() || (self.is_unsettled() && self.following.began < rings_until)
    }

    /// Whether what is understood while she speaks may well be what is left of her.
    fn is_unsettled(&self) -> bool {
        let leaks = self.following.leaked.is_some_and(|at| self.now < at + LEAKS_FOR);
        self.echo_guard == EchoGuard::Unsettled || leaks
    }

    /// Whether this is said to make her stop: real speech for as long as no cough
    /// lasts, and more than a listener's "mm-hmm"; or the word for it.
    fn interrupts(&self, text: &str, settled: bool) -> bool {
        if self.is_unsettled() {
            return asks_to_wait(text) || addresses(text, &self.persona.name);
        }
        // The beginning of a word or two may yet become anything.
        let is_clear = settled || text.split_whitespace().count() > UNCLEAR_WORDS;
        asks_to_wait(text) || (self.machine.is_sustained() && is_clear && !is_backchannel(text))
    }

    /// Whether these are her own words, come back through the microphone. Only what
    /// she was saying meanwhile can: people take up words that she said earlier. The
    /// sentence in hand is counted in, since some voices tell late that it began.
    fn is_echo(&self, text: &str) -> bool {
        if self.echo_guard == EchoGuard::Headphones {
            return false;
        }
        let mut spoken = self.following.own_words.since(self.following.began);
        if let Some(next) = self.reply.as_ref().and_then(|it| it.sentences.get(it.begun)) {
            spoken.push(' ');
            spoken.push_str(next);
        }
        echoes(text, &spoken) >= ECHO_SHARE
    }

    /// How long she waits after the pause that lasts now.
    pub(super) fn judge_pause(&mut self) {
        let Some(turn) = self.machine.followed() else { return };
        let words = self.said_until_pause();
        let evidence = Evidence {
            sound: self.following.by_sound,
            fading_db: self.following.fading_db,
            words: words.map(what_words_say),
            meaning: self.meaning(),
        };
        let manner = Manner {
            upset: self.is_upset(words),
            slow: words.is_some_and(|text| self.is_slow(text)),
        };
        let wait = patience::wait(&evidence, manner, &self.following.pauses);
        let after = self.now.saturating_sub(self.following.paused);
        tracing::debug!(turn = turn.0, ?wait, ?after, ?evidence, ?manner, "patience");
        self.feed(Input::Patience(turn, wait));
    }

    fn is_upset(&self, words: Option<&str>) -> bool {
        let before = self.lines.iter().rev().find(|line| line.speaker == Speaker::Person);
        words.is_some_and(is_sad) || before.is_some_and(|line| is_sad(&line.text))
    }

    fn is_slow(&self, text: &str) -> bool {
        let since = self.following.paused.saturating_sub(self.following.began);
        let spoken = since.saturating_sub(self.following.silent);
        let words = text.split_whitespace().count();
        words >= 4 && (words as f32) < SLOW_WORDS_PER_S * spoken.as_secs_f32()
    }

    /// They are taken to have finished.
    pub(super) fn turn_ended(&mut self, turn: TurnId, speech_ended: Moment) {
        self.milestone_at(turn, Milestone::SpeechEnd, speech_ended);
        self.milestone(turn, Milestone::TurnEnd);
        let began_ago = self.now.saturating_sub(self.following.began);
        let ended_ago = self.now.saturating_sub(speech_ended);
        self.following.taken = true;
        self.tell(Event::TurnEnded { turn, began_ago, ended_ago });
    }

    /// What the final words of a turn ask of the turn machine.
    pub(super) fn heard_as(&self, turn: TurnId, text: &str) -> Input {
        let waits = self.machine.attention().is_hands_free() && asks_to_wait(text);
        if waits && !asks_to_stop_listening(text) {
            Input::HeardWait(turn)
        } else {
            Input::Heard(turn)
        }
    }

    /// Closes the microphone, if these words ask for that, and says so.
    pub(super) fn stop_listening_if_asked(&mut self, turn: TurnId) -> bool {
        let said = self.lines.iter().rev().find(|line| line.speaker == Speaker::Person);
        if !said.is_some_and(|line| asks_to_stop_listening(&line.text)) {
            return false;
        }
        self.feed(Input::Mute(true));
        self.reply_grew(turn, wording::STOPPED_LISTENING);
        self.reply_ended(turn);
        true
    }

    /// One gentle word into a long silence; nothing to somebody sad, whom it
    /// would press.
    pub(super) fn say_gently(&mut self, turn: TurnId) {
        self.begin_reply(turn);
        self.unkept.insert(turn);
        if self.is_upset(None) {
            return self.feed(Input::ReplyEnded(turn));
        }
        self.reply_grew(turn, wording::GENTLE_WORD);
        self.reply_ended(turn);
    }
}

fn what_words_say(text: &str) -> patience::Words {
    if asks_to_stop_listening(text) || asks_for_silence(text) {
        return patience::Words { finished: 1.0, closed: true, ..Default::default() };
    }
    let Judgement { finished, unfinished, wait } = match judge(text) {
        asking if asks_to_wait(text) => asking,
        Judgement { finished, unfinished, wait } => {
            Judgement { finished: finished + wait, unfinished, wait: 0.0 }
        }
    };
    let closed = text.ends_with(['.', '!', '?']) && !text.ends_with("...");
    patience::Words { finished, unfinished, wait, closed }
}

/// A request, and little else: "and then I told him to stop listening to her" is
/// none.
fn asks_to_stop_listening(text: &str) -> bool {
    const REQUESTS: [&str; 7] = [
        "stop listening",
        "mute yourself",
        "mute the microphone",
        "turn off the microphone",
        "turn the microphone off",
        "close the microphone",
        "don't listen any more",
    ];
    let text: String = text.to_lowercase().replace('’', "'");
    let words = text.split_whitespace().count();
    words <= 7 && REQUESTS.iter().any(|request| text.contains(request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_request_stops_her_listening() {
        for text in ["Stop listening.", "Samantha, stop listening, please.", "Mute yourself!"] {
            assert!(asks_to_stop_listening(text), "{text}");
        }
        for text in ["I can't stop listening to that song these days.", "Stop.", "Listen to me."] {
            assert!(!asks_to_stop_listening(text), "{text}");
        }
    }

    #[test]
    fn only_who_names_it_is_given_time() {
        let words = what_words_say("Hold on a moment.");
        assert!(words.wait > 0.5, "{words:?}");
        let words = what_words_say("I would like to hear something else.");
        assert!(words.wait == 0.0 && words.finished > 0.9, "{words:?}");
    }
}
