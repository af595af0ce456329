//! What the language model is given to read.

use super::{Line, Speaker};
use crate::dialogue::{Message, Prompt, Role};
use crate::turn::TurnId;
use std::collections::HashMap;

/// The system message, then the lines in order. What one of the two said in
/// several breaths becomes one message, since chat templates want them by
/// turns. Lines only ever get appended, so successive prompts share their
/// beginning byte for byte.
///
/// `notes` are what was remembered for a turn. They stand before the person's
/// words of that turn and stay there, so that the beginning of the prompt
/// stays as it was read.
pub(super) fn prompt(system: &str, lines: &[Line], notes: &HashMap<TurnId, String>) -> Prompt {
    let mut messages = vec![Message { role: Role::System, content: system.to_owned() }];
    for line in lines {
        let role = match line.speaker {
            Speaker::Person => Role::User,
            Speaker::Samantha => Role::Assistant,
        };
        let noted = notes.get(&line.turn).filter(|_| role == Role::User);
        let text = match noted {
            Some(note) => format!("{note}\n\n{}", line.text),
            None => line.text.clone(),
        };
        match messages.last_mut() {
            Some(last) if last.role == role => {
                last.content.push('\n');
                last.content.push_str(&text);
            }
            // A conversation that was cut may begin with her: templates want
            // the person first.
            Some(last) if last.role == Role::System && role == Role::Assistant => {}
            _ => messages.push(Message { role, content: text }),
        }
    }
    Prompt { messages }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaths_are_joined_and_the_person_begins() {
        use Speaker::{Person, Samantha};
        let line = |speaker, text: &str| Line {
            turn: TurnId(1),
            speaker,
            text: text.into(),
            interrupted: false,
            off_the_record: false,
            said_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let lines =
            [line(Samantha, "a"), line(Person, "b"), line(Person, "c"), line(Samantha, "d")];
        let contents: Vec<_> = prompt("s", &lines, &HashMap::new())
            .messages
            .into_iter()
            .map(|m| (m.role, m.content))
            .collect();
        assert_eq!(
            contents,
            [
                (Role::System, "s".to_owned()),
                (Role::User, "b\nc".to_owned()),
                (Role::Assistant, "d".to_owned())
            ]
        );
    }

    #[test]
    fn what_was_remembered_stands_before_the_words_it_was_remembered_for() {
        let line = |turn, text: &str| Line {
            turn: TurnId(turn),
            speaker: Speaker::Person,
            text: text.into(),
            interrupted: false,
            off_the_record: false,
            said_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let notes = HashMap::from([(TurnId(2), "(note)".to_owned())]);
        let messages = prompt("s", &[line(1, "a"), line(2, "b")], &notes).messages;
        assert_eq!(messages[1].content, "a\n(note)\n\nb");
    }
}
