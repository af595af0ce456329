//! The part of the session that makes a reply: what the language model writes,
//! cut into sentences and cleaned for the ear, as soon as each is complete.

use super::Core;
use crate::dialogue::sadness::is_sad;
use crate::dialogue::sentences::Sentences;
use crate::dialogue::spoken::{Spoken, spoken};
use crate::dialogue::{DialogueEvent, ReplyId, ReplyStats};
use crate::session::{Event, Milestone, Speaker, Topic};
use crate::turn::{Input, TurnId};
use crate::wording::notices as wording_of;
use std::ops::ControlFlow;

/// A reply that is being made.
pub(super) struct Reply {
    pub(super) turn: TurnId,
    /// What the language model was asked for; `None` if she answers without it.
    pub(super) id: Option<ReplyId>,
    pub(super) pieces: Sentences,
    /// Sentences that are complete, cleaned for the ear.
    pub(super) sentences: Vec<String>,
    /// The first piece came.
    pub(super) began: bool,
    /// It answers something sad.
    pub(super) gently: bool,
    /// So many sentences were heard, at least their first sound.
    pub(super) begun: usize,
    /// The model went on as somebody else, or she was interrupted: what still
    /// comes is not hers.
    pub(super) over: bool,
}

impl Core {
    pub(super) fn responder_told(&mut self, event: DialogueEvent) {
        match event {
            DialogueEvent::Ready { model } => {
                self.tell(Event::DialogueReady(model));
                self.tell(Event::NoticeCleared(Topic::Dialogue));
            }
            DialogueEvent::Ending { id, likelihood } => self.draft_judged(id, likelihood),
            DialogueEvent::Delta { id, text } => match self.replying(id) {
                Some(turn) => self.reply_grew(turn, &text),
                None => self.draft_grew(id, &text),
            },
            DialogueEvent::Done { id, stats } => match self.replying(id) {
                Some(turn) => self.reply_done(turn, stats),
                None => self.draft_ended(id, Ok(stats)),
            },
            DialogueEvent::Failed { id, reason } => match self.replying(id) {
                Some(turn) => self.reply_failed(turn, reason),
                None => self.draft_ended(id, Err(reason)),
            },
            // The session asks for none.
            DialogueEvent::AsideDone { id, text } => self.studied(id, Some(&text)),
            DialogueEvent::AsideEnded { id } => self.studied(id, None),
            DialogueEvent::Restarting { reason } => self.notice(Topic::Dialogue, reason, false),
            DialogueEvent::Unavailable { reason } => self.notice(Topic::Dialogue, reason, true),
        }
    }

    /// More of a reply came from the language model.
    pub(super) fn reply_grew(&mut self, turn: TurnId, text: &str) {
        let Some(reply) = self.open_reply(turn) else { return };
        let first = !std::mem::replace(&mut reply.began, true);
        let sentences = reply.pieces.push(text);
        if first {
            self.milestone(turn, Milestone::FirstToken);
        }
        for sentence in sentences {
            if self.sentence(turn, &sentence).is_break() {
                return;
            }
        }
    }

    /// The turn that this reply answers, if it is under way.
    fn replying(&self, id: ReplyId) -> Option<TurnId> {
        self.reply.as_ref().filter(|reply| reply.id == Some(id)).map(|reply| reply.turn)
    }

    pub(super) fn reply_done(&mut self, turn: TurnId, stats: ReplyStats) {
        self.tell(Event::Stats { turn, stats });
        self.reply_ended(turn);
    }

    fn reply_failed(&mut self, turn: TurnId, reason: String) {
        self.notice(Topic::Dialogue, reason, false);
        self.feed(Input::ReplyEnded(turn));
    }

    pub(super) fn reply_ended(&mut self, turn: TurnId) {
        let Some(reply) = self.open_reply(turn) else { return };
        if let Some(rest) = reply.pieces.finish()
            && self.sentence(turn, &rest).is_break()
        {
            return;
        }
        if self.reply.as_ref().is_some_and(|reply| reply.sentences.is_empty()) {
            self.notice(Topic::Dialogue, wording_of::EMPTY_REPLY.into(), false);
        }
        self.feed(Input::ReplyEnded(turn));
    }

    /// The reply of this turn, if more may come to it.
    fn open_reply(&mut self, turn: TurnId) -> Option<&mut Reply> {
        self.reply.as_mut().filter(|reply| reply.turn == turn && !reply.over)
    }

    /// One more sentence, as the model wrote it. Breaks when the reply ends
    /// with it.
    fn sentence(&mut self, turn: TurnId, raw: &str) -> ControlFlow<()> {
        match spoken(raw, &self.persona.name) {
            Spoken::Nothing => ControlFlow::Continue(()),
            Spoken::EndOfReply => {
                self.cancel_reply(turn);
                self.feed(Input::ReplyEnded(turn));
                ControlFlow::Break(())
            }
            Spoken::Say(text) => {
                let Some(reply) = self.reply.as_mut() else { return ControlFlow::Break(()) };
                reply.sentences.push(text);
                let (count, shown) = (reply.sentences.len(), reply.sentences.join(" "));
                if count == 1 {
                    self.milestone(turn, Milestone::FirstSentence);
                }
                self.tell(Event::Reply { turn, text: shown });
                self.feed(Input::Sentence(turn));
                ControlFlow::Continue(())
            }
        }
    }

    pub(super) fn begin_reply(&mut self, turn: TurnId) {
        let said = self.lines.iter().rev().find(|line| line.speaker == Speaker::Person);
        self.reply = Some(Reply {
            turn,
            id: None,
            pieces: Sentences::new(self.voice_enabled && self.voice.takes_clauses()),
            gently: said.is_some_and(|line| is_sad(&line.text)),
            sentences: Vec::new(),
            began: false,
            begun: 0,
            over: false,
        });
    }

    /// What still comes of this reply is not hers.
    pub(super) fn cancel_reply(&mut self, turn: TurnId) {
        if let Some(reply) = self.reply.as_mut().filter(|reply| reply.turn == turn) {
            reply.over = true;
            if let Some(id) = reply.id {
                self.responder.cancel(id);
            }
        }
    }
}
