//! The part of the session that deals with past conversations.

use super::Core;
use crate::session::{Event, Letters, LettersCommand, Message, Topic};
use crate::wording;

impl Core {
    pub(super) fn letters_command(&mut self, command: &LettersCommand) {
        let person = self.person.clone();
        let outcome = match command {
            LettersCommand::Save { scope, format, file } => {
                let inbox = self.inbox.clone();
                self.remembering.save_letters(*scope, *format, file, &person, move |saved| {
                    let _ = inbox.send(Message::LettersSaved(saved));
                })
            }
            LettersCommand::Forget(scope) => self.remembering.forget_letters(*scope).map(|()| {
                self.after_forgetting();
                self.memory_changed();
            }),
            asked => self.remembering.letters(asked, &person).map(|told| {
                if let Some(told) = told {
                    self.tell(Event::Letters(told));
                }
            }),
        };
        if let Err(error) = outcome {
            self.notice(Topic::Memory, wording::memory::failed(&error).into(), false);
        }
    }

    pub(super) fn letters_saved(&mut self, saved: crate::remembering::Saved) {
        self.tell(Event::Letters(Letters::Saved(saved)));
    }
}
