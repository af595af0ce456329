//! The part of the session that deals with the memory: what is laid before the
//! language model, what is answered from the memory itself, what clients ask
//! of it, and what the language model studies for it when nobody waits.

use super::{Core, Line};
use crate::dialogue::AsideId;
use crate::remembering::{Access, Remembering, Reply};
use crate::session::{Event, MemoryCommand, Message, Presence, Secret, Speaker, Topic};
use crate::turn::TurnId;
use crate::wording;
use memory::vault::Keeper;

impl Core {
    /// Lays before the language model what is remembered of the person's last
    /// words.
    pub(super) fn recall(&mut self, turn: TurnId) {
        let in_view = self.in_view();
        let said = self.lines.iter().rev().find(|line| line.speaker == Speaker::Person);
        let Some(text) = said.map(|line| line.text.clone()) else { return };
        if let Some((note, what)) = self.remembering.recall(turn, &text, &in_view) {
            self.notes.insert(turn, note);
            self.tell(Event::Recalled { turn, what });
        }
    }

    /// Says what the memory answered.
    pub(super) fn answer(&mut self, turn: TurnId, answer: &Reply) {
        if !answer.keep {
            self.unkept.insert(turn);
        }
        if answer.forgot {
            self.after_forgetting();
        }
        self.tell(Event::OffTheRecord(self.remembering.is_off_the_record()));
        self.remembering.note_cited(turn.0);
        self.reply_grew(turn, &answer.text);
        self.reply_ended(turn);
        self.memory_changed();
    }

    pub(super) fn memory_command(&mut self, command: MemoryCommand) {
        let outcome = match command {
            MemoryCommand::Show(words) => {
                self.page = Some(words);
                Ok(())
            }
            MemoryCommand::Edit { fact, statement } => self.remembering.edit(fact, &statement),
            MemoryCommand::Forget(fact) => {
                self.remembering.forget_facts(&[fact]).map(|()| self.after_forgetting())
            }
            MemoryCommand::ForgetEverything => {
                self.remembering.forget_everything().map(|()| self.after_forgetting())
            }
            MemoryCommand::OffTheRecord(off) => {
                self.remembering.set_off_the_record(off);
                self.tell(Event::OffTheRecord(off));
                Ok(())
            }
            MemoryCommand::Unlock(Secret(passphrase)) => {
                self.reopen(|remembering| remembering.unlock(&passphrase));
                Ok(())
            }
            MemoryCommand::Recover(Secret(phrase)) => {
                self.reopen(|remembering| remembering.recover(&phrase));
                Ok(())
            }
            MemoryCommand::Retry => {
                self.reopen(Remembering::retry);
                Ok(())
            }
            MemoryCommand::Protect(keeper) => self.remembering.protect(keeper, ""),
            MemoryCommand::ProtectByPassphrase(Secret(passphrase)) => {
                self.remembering.protect(Keeper::Passphrase, &passphrase)
            }
            MemoryCommand::TellPhrase => {
                if let Some(phrase) = self.remembering.recovery_phrase() {
                    self.tell(Event::RecoveryPhrase(Secret(phrase)));
                }
                Ok(())
            }
        };
        if let Err(error) = outcome {
            self.notice(Topic::Memory, wording::memory::failed(&error).into(), false);
        }
        self.memory_changed();
    }

    /// Tries to open a locked memory. What was said until then is taken into
    /// it, behind what was said before.
    fn reopen(&mut self, open: impl FnOnce(&mut Remembering)) {
        if *self.remembering.access() == Access::Open {
            return;
        }
        open(&mut self.remembering);
        self.tell_access();
        if *self.remembering.access() == Access::Open {
            self.machine.skip_to(self.remembering.next_turn());
            self.recall_pauses();
            self.resume();
            self.tell(Event::Conversation(self.lines.clone()));
            self.responder.prepare(self.prompt());
        }
    }

    /// Tells whether there is a memory.
    pub(super) fn tell_access(&mut self) {
        match self.remembering.access().clone() {
            Access::Open => self.tell(Event::NoticeCleared(Topic::Memory)),
            Access::Unkept { reason: None } => {}
            Access::Locked { reason, .. } => self.notice(Topic::Memory, reason.into(), true),
            Access::Unkept { reason: Some(reason) } => self.notice(Topic::Memory, reason, true),
        }
    }

    pub(super) fn memory_failed(&mut self, error: &anyhow::Error) {
        self.memory_failing = true;
        self.notice(Topic::Memory, wording::memory::cannot_keep(error), true);
    }

    /// Something may have been learnt or forgotten: the voice hears how words are
    /// said, and the memory page is shown as it is now, if anybody looks at it.
    pub(super) fn memory_changed(&mut self) {
        let pronunciations = self.remembering.pronunciations();
        if pronunciations != self.pronunciations {
            self.voice.set_pronunciations(pronunciations.clone());
            self.pronunciations = pronunciations;
        }
        if let Some(words) = &self.page {
            let page = self.remembering.page(words);
            self.tell(Event::Memory(page));
        }
    }

    /// Takes what was forgotten out of the transcript and out of what the
    /// language model reads.
    pub(super) fn after_forgetting(&mut self) {
        let remembering = &self.remembering;
        // The exchange under way is not kept yet, or never will be.
        let now = self.reply.as_ref().map(|reply| reply.turn);
        let stays = |line: &Line| Some(line.turn) == now || remembering.may_stay(line);
        let before = self.lines[..self.first_read].iter().filter(|line| stays(line)).count();
        let kept: Vec<Line> = self.lines.iter().filter(|line| stays(line)).cloned().collect();
        self.first_read = before;
        self.lines = kept;
        self.recall_pauses();
        // They quote what was remembered.
        self.notes.clear();
        self.studies.clear();
        self.stop_studying();
        self.tell(Event::Conversation(self.lines.clone()));
        self.responder.prepare(self.prompt());
    }

    /// Lets the language model study the next thing, if nobody waits for it.
    pub(super) fn study(&mut self) {
        let is_idle = self.machine.presence().0 == Presence::Idle;
        if self.studying.is_some() || self.reply.is_some() || !is_idle {
            return;
        }
        self.catch_up();
        loop {
            let next = self.studies.pop_front().or_else(|| self.remembering.next_unsummarised());
            let Some(study) = next else { return };
            let Some(task) = self.remembering.task(&study) else {
                self.remembering.studied(&study, None);
                continue;
            };
            let id = AsideId(self.next_aside);
            self.next_aside += 1;
            self.studying = Some((id, study));
            self.responder.aside(id, task);
            return;
        }
    }

    /// Embeds lines of before there was an embedder, a few at a time, so that
    /// whatever else arrives comes in between.
    pub(super) fn catch_up(&mut self) {
        let is_idle = self.machine.presence().0 == Presence::Idle;
        if is_idle && self.remembering.catch_up() {
            let _ = self.inbox.send(Message::CatchUp);
        }
    }

    /// The person wants something: what is being studied waits.
    pub(super) fn stop_studying(&mut self) {
        if let Some((_, study)) = self.studying.take() {
            self.responder.cancel_asides();
            self.studies.push_front(study);
        }
    }

    pub(super) fn studied(&mut self, id: AsideId, output: Option<&str>) {
        match self.studying.take_if(|(asked, _)| *asked == id) {
            Some((_, study)) => self.remembering.studied(&study, output),
            None => return,
        }
        self.memory_changed();
        self.study();
    }
}
