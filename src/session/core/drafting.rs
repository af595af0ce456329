//! The part of the session that works ahead: while it is not certain yet that
//! the person has finished, a reply to what they have said so far is asked for.
//! It is taken if nothing was added, and else thrown away without a trace: it is
//! not shown, said, or remembered before.

use super::{Core, Line};
use crate::dialogue::{Prompt, ReplyId, ReplyStats};
use crate::session::Speaker;
use crate::turn::TurnId;
use ear::turn_end::patience::Meaning;
use std::collections::HashSet;

/// A reply to words that may not be the last.
pub(super) struct Draft {
    id: ReplyId,
    /// What was laid before the language model for it.
    prompt: Prompt,
    /// How likely it answers all they have to say, by what the language model
    /// expects to follow; `None` until that is told.
    ending: Option<f32>,
    /// What it answered so far.
    text: String,
    ended: Option<Result<ReplyStats, String>>,
}

impl Core {
    /// Has the language model read words that are still being said, and what is
    /// remembered of them: most of them will stay.
    pub(super) fn read_ahead(&mut self, turn: TurnId, text: &str) {
        if let Some(prompt) = self.prompt_if_said(turn, text) {
            self.stop_studying();
            self.responder.prepare(prompt);
        }
    }

    /// The prompt if this were all they had to say, unless it would be answered
    /// otherwise, or asking in advance would cost more than time.
    fn prompt_if_said(&mut self, turn: TurnId, text: &str) -> Option<Prompt> {
        let is_request = self.remembering.request(text).is_some();
        if is_request || !self.responder.may_draft() || self.machine.is_closing() {
            return None;
        }
        let in_view = self.in_view();
        let note = self.remembering.find(text, &in_view).map(|(note, _)| note);
        let line = Line {
            turn,
            speaker: Speaker::Person,
            text: text.to_owned(),
            interrupted: false,
            off_the_record: self.remembering.is_off_the_record(),
            said_at: self.remembering.now(),
        };
        Some(self.prompt_with(Some((line, note))))
    }

    /// Has these words answered in advance.
    pub(super) fn draft(&mut self, turn: TurnId, text: &str) {
        let Some(prompt) = self.prompt_if_said(turn, text) else { return self.drop_draft() };
        if self.draft.as_ref().is_some_and(|draft| draft.prompt == prompt) {
            return;
        }
        self.drop_draft();
        self.stop_studying();
        let id = self.new_reply();
        if self.machine.followed() == Some(turn) {
            self.responder.draft(id, prompt.clone());
        } else {
            // The key says when they have finished: nobody has to judge that.
            self.responder.ask(id, prompt.clone());
        }
        self.draft = Some(Draft { id, prompt, ending: None, text: String::new(), ended: None });
    }

    /// It was not all they had to say.
    pub(super) fn drop_draft(&mut self) {
        if let Some(draft) = self.draft.take() {
            self.responder.cancel(draft.id);
        }
    }

    /// The language model has read what the draft answers.
    pub(super) fn draft_judged(&mut self, id: ReplyId, likelihood: f32) {
        let Some(draft) = self.draft.as_mut().filter(|draft| draft.id == id) else { return };
        draft.ending = Some(likelihood);
        self.judge_pause();
    }

    /// What the language model makes of the words that the draft answers.
    pub(super) fn meaning(&self) -> Meaning {
        match &self.draft {
            None => Meaning::Unasked,
            Some(Draft { ending: Some(likelihood), .. }) => Meaning::Judged(*likelihood),
            // Who writes already has read, and will not judge any more.
            Some(draft) if draft.ended.is_some() || !draft.text.is_empty() => Meaning::Unasked,
            Some(_) => Meaning::Pending,
        }
    }

    pub(super) fn draft_grew(&mut self, id: ReplyId, more: &str) {
        let Some(draft) = self.draft.as_mut().filter(|draft| draft.id == id) else { return };
        let is_first = draft.text.is_empty();
        draft.text.push_str(more);
        if is_first {
            // If nothing was judged by now, nothing will be.
            self.judge_pause();
        }
    }

    pub(super) fn draft_ended(&mut self, id: ReplyId, outcome: Result<ReplyStats, String>) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.id == id) {
            draft.ended = Some(outcome);
            self.judge_pause();
        }
    }

    /// Asks for the reply to this turn, which has begun; or goes on with its
    /// draft, if that answers the very same.
    pub(super) fn ask_or_take_draft(&mut self, turn: TurnId) {
        let prompt = self.prompt();
        let fits =
            |draft: &mut Draft| draft.prompt == prompt && !matches!(draft.ended, Some(Err(_)));
        let draft = self.draft.take_if(fits);
        self.drop_draft();
        let id = draft.as_ref().map_or_else(|| self.new_reply(), |draft| draft.id);
        if let Some(reply) = &mut self.reply {
            reply.id = Some(id);
        }
        let Some(draft) = draft else { return self.responder.ask(id, prompt) };
        if !draft.text.is_empty() {
            self.reply_grew(turn, &draft.text);
        }
        if let Some(Ok(stats)) = draft.ended {
            self.reply_done(turn, stats);
        }
    }

    fn new_reply(&mut self) -> ReplyId {
        let id = ReplyId(self.next_reply);
        self.next_reply += 1;
        id
    }

    /// Exchanges that the language model reads anyway.
    pub(super) fn in_view(&self) -> HashSet<u64> {
        self.lines[self.first_read..].iter().map(|line| line.turn.0).collect()
    }
}
