//! What the window knows: the session's events, added up.
//!
//! Pure: [`View::apply`] takes an event, everything else only reads. The
//! window never keeps conversation state of its own beside this.

use super::audition::Audition;
use super::downloads::Weights;
use super::errands::Errands;
use super::latency::Latency;
use super::letters::PastLetters;
use crate::audio::EchoGuard;
use crate::audio::trial::Trial;
use crate::session::{Event, Line, MemoryPage, Notice, Presence, Secret, Speaker, Topic};
use crate::speech::VoiceInfo;
use crate::turn::{Attention, TurnId};
use memory::Recalled;
use std::collections::HashMap;

/// Words that may still change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Their exchange.
    pub turn: TurnId,
    /// All of them so far.
    pub text: String,
}

/// What the microphone is doing, as far as is known for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MicrophoneUse {
    /// It is open, and what the person says now is listened to.
    Hearing,
    /// It is open, and whoever speaks is listened to.
    ForSpeech,
    /// It is open, but she would only hear herself: nothing is listened to.
    Deafened,
    /// It is open, and only her name is listened for.
    ForName,
    /// It is open for the talk key.
    ForKey,
    /// It is to be open and gives no sound yet.
    Opening,
    /// It is to be closed and may still give sound.
    Closing,
    /// It is closed until a key is pressed.
    Resting,
    /// It is closed until the person says otherwise.
    Muted,
    /// There is none.
    Missing,
}

/// Everything that is shown, except settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// What she is doing.
    pub presence: Presence,
    /// How loud the microphone is, root mean square, 0.0..=1.0; 0.0 unless she
    /// listens, or listens for somebody to speak.
    pub level: f32,
    /// How loud her voice is while she speaks, root mean square; `None` where
    /// nothing tells.
    pub voice_level: Option<f32>,
    /// How closely she listens.
    pub attention: Attention,
    /// Whether the microphone gives sound; `None` until that is told.
    pub capturing: Option<bool>,
    /// What keeps her from hearing herself; `None` until that is told.
    pub echo_guard: Option<EchoGuard>,
    /// How fast she answered.
    pub latency: Latency,
    /// The finished lines, oldest first.
    pub lines: Vec<Line>,
    /// Counts conversations, so that a reader of `lines` notices a new list.
    pub conversation: u64,
    /// What is being understood of the person's words.
    pub partial: Option<Live>,
    /// What she has said so far of a reply that goes on.
    pub reply: Option<Live>,
    /// What she had not said yet when she was cut off, by turn. Only what this
    /// window was showing: it is kept nowhere, and gone with the conversation.
    pub unheard: HashMap<TurnId, String>,
    /// The last turn held no words.
    pub nothing_heard: bool,
    /// What the person should know, oldest first, one a topic.
    pub notices: Vec<Notice>,
    /// The microphone in use.
    pub microphone: Option<String>,
    /// The recogniser in use.
    pub hearing: Option<String>,
    /// The language model in use.
    pub dialogue: Option<String>,
    /// The voices the system offers.
    pub voices: Vec<VoiceInfo>,
    /// The microphones the system offers.
    pub microphones: Vec<String>,
    /// Weights, here or to be fetched.
    pub weights: Weights,
    /// What she remembers, once it was asked for.
    pub memory: Option<MemoryPage>,
    /// Counts the times that was told, so that who asked notices the answer.
    pub memory_told: u64,
    /// Past conversations, as far as they were asked for.
    pub letters: PastLetters,
    /// Nothing is kept at the moment.
    pub off_the_record: bool,
    /// What was remembered for the last reply, best first.
    pub recalled: Vec<Recalled>,
    /// The 24 words, once they were asked for.
    pub recovery_phrase: Option<Secret>,
    /// The system asks programs not to move things.
    pub system_is_still: bool,
    /// A voice that is being heard before it is chosen.
    pub audition: Audition,
    /// The desktop has a tray, and she is in it.
    pub has_tray: bool,
    /// The microphone that is being tried out.
    pub trial: Trial,
    /// What was tried and measured beside the conversation.
    pub errands: Errands,
}

impl View {
    /// Takes in what happened.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Presence { presence, .. } => self.set_presence(presence),
            Event::Level(level) => {
                if self.shows_level() {
                    self.level = level.clamp(0.0, 1.0);
                }
            }
            Event::VoiceLevel(level) => {
                if self.presence == Presence::Speaking {
                    self.voice_level = Some(level.clamp(0.0, 1.0));
                }
            }
            Event::Attention(attention) => {
                self.attention = attention;
                self.settle_level();
            }
            Event::Capturing(capturing) => {
                self.capturing = Some(capturing);
                self.settle_level();
            }
            Event::EchoGuard(guard) => self.echo_guard = Some(guard),
            Event::Partial { turn, text } => {
                if !self.has_line(turn, Speaker::Person) {
                    self.partial = Some(Live { turn, text });
                }
            }
            Event::Memory(page) => {
                self.memory = Some(page);
                self.memory_told += 1;
            }
            Event::Letters(told) => self.letters.apply(told),
            Event::OffTheRecord(off) => self.off_the_record = off,
            Event::Recalled { what, .. } => self.recalled = what,
            Event::RecoveryPhrase(phrase) => self.recovery_phrase = Some(phrase),
            Event::Said(line) => {
                self.recalled.clear();
                self.partial = None;
                self.nothing_heard = false;
                self.letters.changes += 1;
                self.lines.push(line);
            }
            Event::NothingHeard { .. } => {
                self.partial = None;
                self.nothing_heard = true;
            }
            Event::Reply { turn, text } => {
                if !self.has_line(turn, Speaker::Samantha) {
                    self.reply = Some(Live { turn, text });
                }
            }
            Event::Replied(line) => {
                let shown = self.end_reply(line.turn);
                if let (true, Some(shown)) = (line.interrupted, shown)
                    && let Some(rest) = rest_of(&shown.text, &line.text)
                {
                    self.unheard.insert(line.turn, rest.to_owned());
                }
                self.letters.changes += 1;
                // Cut off before a word was heard: there is nothing to show.
                if !line.text.is_empty() {
                    self.lines.push(line);
                }
            }
            Event::NoReply { turn } => drop(self.end_reply(turn)),
            Event::Conversation(lines) => {
                self.lines = lines;
                self.letters.forgotten();
                self.unheard.clear();
                self.conversation += 1;
                self.partial = None;
                self.reply = None;
                self.nothing_heard = false;
                // Something may have been forgotten.
                self.recalled.clear();
            }
            Event::MicrophoneReady(name) => self.microphone = Some(name),
            Event::HearingReady(model) => self.hearing = Some(model),
            Event::DialogueReady(model) => self.dialogue = Some(model),
            // Her own voice knows nothing of the system's.
            Event::Voices(voices) if voices.is_empty() => {}
            Event::Voices(voices) => self.voices = voices,
            Event::Notice(notice) => {
                self.dismiss(notice.topic);
                self.notices.push(notice);
            }
            Event::NoticeCleared(topic) => self.dismiss(topic),
            Event::Milestone { turn, milestone, at } => self.latency.note(turn, milestone, at),
            Event::TurnEnded { .. } | Event::Stats { .. } => {}
        }
    }

    /// Shows the notice on this topic no longer.
    pub fn dismiss(&mut self, topic: Topic) {
        self.notices.retain(|notice| notice.topic != topic);
    }

    /// Whether something does not work until the person acts.
    pub fn is_blocked(&self) -> bool {
        self.notices.iter().any(|notice| notice.blocking)
    }

    /// What the microphone is doing.
    pub fn microphone_use(&self) -> MicrophoneUse {
        let is_capturing = self.capturing == Some(true);
        match (self.attention, is_capturing) {
            (Attention::Muted | Attention::Resting, true) => MicrophoneUse::Closing,
            (Attention::Muted, false) => MicrophoneUse::Muted,
            (Attention::Resting, false) => MicrophoneUse::Resting,
            (_, false) if self.is_without_microphone() => MicrophoneUse::Missing,
            (_, false) => MicrophoneUse::Opening,
            (_, true) if self.presence == Presence::Listening => MicrophoneUse::Hearing,
            (Attention::Key, true) => MicrophoneUse::ForKey,
            (Attention::Open | Attention::Name, true) if self.hears_herself() => {
                MicrophoneUse::Deafened
            }
            (Attention::Open, true) => MicrophoneUse::ForSpeech,
            (Attention::Name, true) => MicrophoneUse::ForName,
        }
    }

    /// Whether models are still being loaded.
    pub fn is_waking(&self) -> bool {
        self.presence == Presence::Idle
            && !self.is_blocked()
            && (self.hearing.is_none() || self.dialogue.is_none())
    }

    /// Whether nothing was said yet; words that are still being understood may
    /// be there.
    pub fn is_empty_room(&self) -> bool {
        self.lines.is_empty() && self.reply.is_none()
    }

    /// Whether she is muted.
    pub fn is_muted(&self) -> bool {
        self.attention == Attention::Muted
    }

    /// Whether, without a key, she cannot be talked to while she speaks.
    pub fn is_half_duplex(&self) -> bool {
        self.attention.is_hands_free() && self.echo_guard == Some(EchoGuard::HalfDuplex)
    }

    /// Whether, without a key, only some words interrupt her.
    pub fn is_hard_to_interrupt(&self) -> bool {
        self.attention.is_hands_free() && self.echo_guard == Some(EchoGuard::Unsettled)
    }

    /// Whether there is nothing to read yet.
    pub fn is_blank(&self) -> bool {
        self.lines.is_empty() && self.partial.is_none() && self.reply.is_none()
    }

    /// The last thing she said to its end or was cut off in.
    pub fn last_reply(&self) -> Option<&Line> {
        self.lines.iter().rev().find(|line| line.speaker == Speaker::Samantha)
    }

    /// What was remembered for her last reply, once that is over and as long
    /// as nothing was said after it.
    pub fn helped(&self) -> &[Recalled] {
        let is_last = self.reply.is_none()
            && self.lines.last().is_some_and(|line| line.speaker == Speaker::Samantha);
        if is_last { &self.recalled } else { &[] }
    }

    fn set_presence(&mut self, presence: Presence) {
        self.presence = presence;
        if presence == Presence::Listening {
            self.nothing_heard = false;
        }
        self.settle_level();
        if presence != Presence::Speaking {
            self.voice_level = None;
        }
        if presence == Presence::Idle {
            // Whatever was half understood was dropped.
            self.partial = None;
        }
    }

    fn is_without_microphone(&self) -> bool {
        self.notices.iter().any(|notice| notice.blocking && notice.topic == Topic::Microphone)
    }

    fn hears_herself(&self) -> bool {
        self.presence == Presence::Speaking && self.is_half_duplex()
    }

    fn shows_level(&self) -> bool {
        let is_awaiting =
            matches!(self.microphone_use(), MicrophoneUse::ForSpeech | MicrophoneUse::ForName);
        self.presence == Presence::Listening || is_awaiting
    }

    fn settle_level(&mut self) {
        if !self.shows_level() {
            self.level = 0.0;
        }
    }

    fn end_reply(&mut self, turn: TurnId) -> Option<Live> {
        self.reply.take_if(|reply| reply.turn == turn)
    }

    /// Whether this turn already has its finished line, so that live words for
    /// it come too late. Only recent lines are looked at: turns are counted
    /// anew in each conversation.
    fn has_line(&self, turn: TurnId, speaker: Speaker) -> bool {
        self.lines.iter().rev().take(4).any(|line| line.turn == turn && line.speaker == speaker)
    }
}

/// What of the words that were shown is not among those that were heard, which
/// may end in a dash.
fn rest_of<'a>(shown: &'a str, heard: &str) -> Option<&'a str> {
    let heard = heard.strip_suffix('—').unwrap_or(heard).trim_end();
    let rest = shown.strip_prefix(heard)?.trim_start();
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN: TurnId = TurnId(1);

    fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
        Line {
            turn: TurnId(turn),
            speaker,
            text: text.into(),
            interrupted: false,
            off_the_record: false,
            said_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn said(text: &str) -> Event {
        Event::Said(line(1, Speaker::Person, text))
    }

    fn replied(text: &str) -> Event {
        Event::Replied(line(1, Speaker::Samantha, text))
    }

    fn partial(text: &str) -> Event {
        Event::Partial { turn: TURN, text: text.into() }
    }

    fn reply(text: &str) -> Event {
        Event::Reply { turn: TURN, text: text.into() }
    }

    fn presence(presence: Presence) -> Event {
        Event::Presence { turn: Some(TURN), presence }
    }

    fn notice(topic: Topic, text: &str) -> Event {
        Event::Notice(Notice::new(topic, text, false))
    }

    fn after(events: Vec<Event>) -> View {
        let mut view = View::default();
        for event in events {
            view.apply(event);
        }
        view
    }

    /// The transcript as it reads: `>` the person, `<` Samantha, `~` live
    /// words, `/` interrupted.
    fn transcript(view: &View) -> String {
        let mut parts = Vec::new();
        for line in &view.lines {
            let who = if line.speaker == Speaker::Person { '>' } else { '<' };
            parts.push(format!("{who}{}{}", line.text, if line.interrupted { "/" } else { "" }));
        }
        parts.extend(view.partial.iter().map(|live| format!("~>{}", live.text)));
        parts.extend(view.reply.iter().map(|live| format!("~<{}", live.text)));
        parts.join(" ")
    }

    #[test]
    fn the_transcript_follows_the_session() {
        use Presence::{Idle, Listening};
        let interrupted =
            Event::Replied(Line { interrupted: true, ..line(1, Speaker::Samantha, "One.") });
        let cases: Vec<(&str, Vec<Event>, &str)> = vec![
            ("partial words", vec![partial("how"), partial("how are")], "~>how are"),
            ("final words replace them", vec![partial("how"), said("How?")], ">How?"),
            ("a late partial is dropped", vec![said("How?"), partial("how")], ">How?"),
            ("a dropped turn leaves no words", vec![partial("ho"), presence(Idle)], ""),
            ("listening keeps them", vec![partial("ho"), presence(Listening)], "~>ho"),
            ("silence leaves no words", vec![partial("m"), Event::NothingHeard { turn: TURN }], ""),
            ("a reply as it comes", vec![reply("One."), reply("One. Two.")], "~<One. Two."),
            ("a reply that ends", vec![reply("One."), replied("One. Two.")], "<One. Two."),
            ("a late reply is dropped", vec![replied("One."), reply("One. T")], "<One."),
            ("what was heard stays", vec![reply("One. Two."), interrupted], "<One./"),
            ("nothing heard, nothing shown", vec![reply("One."), replied("")], ""),
            ("a failed reply", vec![reply("One."), Event::NoReply { turn: TURN }], ""),
            (
                "an earlier turn ends no later reply",
                vec![reply("One."), Event::NoReply { turn: TurnId(0) }],
                "~<One.",
            ),
            (
                "a conversation replaces everything",
                vec![
                    said("Old."),
                    partial("old"),
                    reply("Old."),
                    Event::Conversation(vec![line(7, Speaker::Person, "New.")]),
                ],
                ">New.",
            ),
        ];
        for (case, events, expect) in cases {
            assert_eq!(transcript(&after(events)), expect, "{case}");
        }
    }

    #[test]
    fn the_level_shows_only_while_she_listens() {
        let mut view = after(vec![Event::Level(0.5)]);
        assert_eq!(view.level, 0.0);
        view.apply(presence(Presence::Listening));
        view.apply(Event::Level(0.5));
        assert_eq!(view.level, 0.5);
        view.apply(presence(Presence::Understanding));
        assert_eq!(view.level, 0.0);
    }

    #[test]
    fn without_a_key_the_level_shows_while_she_waits_for_speech() {
        use Presence::{Idle, Speaking};
        let open = [Event::Attention(Attention::Open), Event::Capturing(true)];
        let after = |more: Vec<Event>| {
            let events = open.iter().cloned().chain([Event::Level(0.5)]).chain(more);
            after(events.collect()).level
        };
        assert_eq!(after(vec![]), 0.5);
        assert_eq!(after(vec![presence(Idle)]), 0.5);
        assert_eq!(after(vec![Event::Capturing(false)]), 0.0);
        assert_eq!(after(vec![Event::Attention(Attention::Muted)]), 0.0);
        let half = Event::EchoGuard(EchoGuard::HalfDuplex);
        assert_eq!(after(vec![half, presence(Speaking)]), 0.0, "it would be her own voice");
    }

    #[test]
    fn what_the_microphone_does_is_told_as_it_is() {
        use Attention::{Key, Muted, Name, Open, Resting};
        let missing = Event::Notice(Notice::new(Topic::Microphone, "Plug one in.", true));
        let cancelled = Event::EchoGuard(EchoGuard::Cancelled);
        let half = Event::EchoGuard(EchoGuard::HalfDuplex);
        let listening = presence(Presence::Listening);
        let speaking = presence(Presence::Speaking);
        let cases: Vec<(Attention, Option<bool>, Vec<Event>, MicrophoneUse)> = vec![
            (Key, None, vec![], MicrophoneUse::Opening),
            (Key, Some(false), vec![missing.clone()], MicrophoneUse::Missing),
            (Key, Some(true), vec![], MicrophoneUse::ForKey),
            (Key, Some(true), vec![listening.clone()], MicrophoneUse::Hearing),
            (Key, Some(false), vec![listening], MicrophoneUse::Opening),
            (Key, Some(true), vec![half.clone(), speaking.clone()], MicrophoneUse::ForKey),
            (Open, Some(true), vec![], MicrophoneUse::ForSpeech),
            (Open, Some(true), vec![half.clone()], MicrophoneUse::ForSpeech),
            (Open, Some(true), vec![half, speaking.clone()], MicrophoneUse::Deafened),
            (Open, Some(true), vec![cancelled, speaking], MicrophoneUse::ForSpeech),
            (Open, Some(false), vec![], MicrophoneUse::Opening),
            (Name, Some(true), vec![], MicrophoneUse::ForName),
            (Resting, Some(true), vec![], MicrophoneUse::Closing),
            (Resting, Some(false), vec![], MicrophoneUse::Resting),
            (Muted, Some(true), vec![], MicrophoneUse::Closing),
            (Muted, Some(false), vec![missing], MicrophoneUse::Muted),
        ];
        for (attention, capturing, more, expect) in cases {
            let case = format!("{attention:?} {capturing:?} {more:?}");
            let mut events = vec![Event::Attention(attention)];
            events.extend(capturing.map(Event::Capturing));
            events.extend(more);
            assert_eq!(after(events).microphone_use(), expect, "{case}");
        }
    }

    #[test]
    fn a_turn_without_words_is_told_until_the_next_one() {
        let mut view = after(vec![Event::NothingHeard { turn: TURN }, presence(Presence::Idle)]);
        assert!(view.nothing_heard);
        view.apply(presence(Presence::Listening));
        assert!(!view.nothing_heard);
    }

    #[test]
    fn what_was_not_heard_is_shown_in_this_window_and_nowhere_else() {
        let cut = |shown: &str, heard: &str| {
            let line = Line { interrupted: true, ..line(1, Speaker::Samantha, heard) };
            after(vec![reply(shown), Event::Replied(line)])
        };
        for (shown, heard, rest) in [
            ("One. Two.", "One.", Some("Two.")),
            ("One. Two, three.", "One. Two, —", Some("three.")),
            ("One.", "One.", None),
            ("One.", "Something else.", None),
        ] {
            let mut view = cut(shown, heard);
            assert_eq!(view.unheard.get(&TURN).map(String::as_str), rest, "{shown} {heard}");
            assert_eq!(view.lines[0].text, heard, "the line itself knows nothing of it");
            view.apply(Event::Conversation(vec![]));
            assert!(view.unheard.is_empty());
        }
        let whole = after(vec![reply("One. Two."), replied("One.")]);
        assert!(whole.unheard.is_empty(), "she was not interrupted");
    }

    #[test]
    fn a_notice_replaces_the_one_on_its_topic_until_it_is_cleared() {
        let mut view = after(vec![
            notice(Topic::Voice, "no voice"),
            notice(Topic::Hotkey, "taken"),
            notice(Topic::Voice, "still no voice"),
        ]);
        let texts: Vec<_> = view.notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(texts, ["taken", "still no voice"]);
        view.apply(Event::NoticeCleared(Topic::Voice));
        view.apply(Event::NoticeCleared(Topic::Microphone));
        assert_eq!(view.notices.len(), 1);
    }

    #[test]
    fn what_helped_belongs_to_the_last_reply_and_goes_with_it() {
        let recalled = Event::Recalled {
            turn: TURN,
            what: vec![Recalled {
                fact: None,
                line: Some(1),
                words: "I was in Rome.".into(),
                said_at: jiff::Timestamp::UNIX_EPOCH,
                relevance: 0.9,
                matched: vec!["Rome".into()],
            }],
        };
        let mut view = after(vec![said("Rome?"), recalled]);
        assert!(view.helped().is_empty(), "she has not answered yet");
        view.apply(replied("You were there."));
        assert_eq!(view.helped().len(), 1);
        let after_forgetting = Event::Conversation(view.lines.clone());
        let mut other = view.clone();
        other.apply(after_forgetting);
        assert!(other.helped().is_empty(), "a quote may be of what was forgotten");
        view.apply(said("Thanks."));
        assert!(view.helped().is_empty());
    }

    #[test]
    fn a_new_list_of_lines_is_counted() {
        let view = after(vec![Event::Conversation(vec![]), Event::Conversation(vec![])]);
        assert_eq!(view.conversation, 2);
        assert!(view.is_blank());
    }
}
