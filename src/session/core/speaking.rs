//! The part of the session that deals with her voice: what it tells, another one
//! in its place, and the sounds of listening.

use super::{Core, outbox};
use crate::audio::cues::Cue;
use crate::session::{Event, Generation, Message, Milestone, Presence, Topic};
use crate::speech::VoiceEvent;
use crate::turn::{Heard, Input, TurnId};
use std::mem;

impl Core {
    /// A voice that was replaced may still say how far it came, and nothing
    /// else.
    pub(super) fn voice_told(&mut self, generation: Generation, event: VoiceEvent) {
        let is_replaced = generation != self.voice_generation;
        match event {
            VoiceEvent::Ready { .. } | VoiceEvent::Unavailable { .. } | VoiceEvent::Level(_)
                if is_replaced => {}
            VoiceEvent::Level(level) => self.tell(Event::VoiceLevel(level)),
            VoiceEvent::Ready { voices } => {
                self.voice_available = true;
                self.tell(Event::Voices(voices));
                self.tell(Event::NoticeCleared(Topic::Voice));
                self.feed(Input::Voice(self.voice_enabled));
            }
            VoiceEvent::Begun { turn, index } => {
                self.sentence_begun(turn, index);
                self.feed(Input::Begun(turn, index));
            }
            VoiceEvent::Ended { turn, index } => {
                self.following.own_words.ended(self.now);
                self.feed(Input::Ended(turn, index));
            }
            VoiceEvent::Stopped { turn, index, heard } => {
                self.following.own_words.ended(self.now);
                self.feed(Input::CutOff { turn, index, bytes: heard });
            }
            VoiceEvent::Unavailable { reason } => {
                self.voice_available = false;
                if self.voice_enabled {
                    self.notice(Topic::Voice, reason, false);
                }
                self.feed(Input::Voice(false));
            }
        }
    }

    /// The first sound of a sentence is heard.
    fn sentence_begun(&mut self, turn: TurnId, index: usize) {
        let Some(reply) = self.reply.as_mut().filter(|reply| reply.turn == turn) else { return };
        let is_first = mem::replace(&mut reply.begun, index + 1) == 0;
        if let Some(text) = reply.sentences.get(index) {
            self.following.own_words.begun(text.clone(), self.now);
        }
        if is_first {
            self.milestone(turn, Milestone::FirstAudio);
        }
    }

    /// Takes the voice that was asked for, unless a reply is under way.
    pub(super) fn take_next_voice(&mut self) {
        if self.machine.presence().0 != Presence::Idle {
            return;
        }
        let Some(factory) = self.next_voice.take() else { return };
        self.voice_generation += 1;
        let generation = self.voice_generation;
        let voice = factory(outbox(&self.inbox, move |event| Message::Voice(generation, event)));
        let mut old = mem::replace(&mut self.voice, voice);
        old.stop();
        // It may wait for the sound system; without a thread, we wait too.
        let _ = std::thread::Builder::new().name("old voice".into()).spawn(move || drop(old));
        self.voice.set_pronunciations(self.pronunciations.clone());
        self.voice_available = false;
        self.feed(Input::Voice(false));
    }

    /// Lets the person hear that listening began, or ended.
    pub(super) fn cue(&mut self, presence: Presence) {
        let listening = presence == Presence::Listening;
        if mem::replace(&mut self.listening, listening) != listening {
            self.cues.play(if listening { Cue::Begin } else { Cue::End });
        }
    }
}

/// The words of a reply that were heard; a dash stands where she was cut off in
/// the middle of a sentence.
pub(super) fn heard_text(sentences: &[String], heard: Heard) -> String {
    let whole = heard.sentences.min(sentences.len());
    let mut text = sentences[..whole].join(" ");
    let part = sentences.get(whole).and_then(|sentence| sentence.get(..heard.bytes));
    if let Some(part) = part.map(str::trim_end).filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
        text.push_str(" —");
    }
    text
}
