//! What the language model is given to read.

use super::{Line, Speaker};
use crate::dialogue::{Message, Prompt, Role};

/// The system message, then the lines in order. What one of the two said in
/// several breaths becomes one message, since chat templates want them by
/// turns. Lines only ever get appended, so successive prompts share their
/// beginning byte for byte.
pub(super) fn prompt(system: &str, lines: &[Line]) -> Prompt {
    let mut messages = vec![Message { role: Role::System, content: system.to_owned() }];
    for line in lines {
        let role = match line.speaker {
            Speaker::Person => Role::User,
            Speaker::Samantha => Role::Assistant,
        };
        match messages.last_mut() {
            Some(last) if last.role == role => {
                last.content.push('\n');
                last.content.push_str(&line.text);
            }
            // A conversation that was cut may begin with her: templates want
            // the person first.
            Some(last) if last.role == Role::System && role == Role::Assistant => {}
            _ => messages.push(Message { role, content: line.text.clone() }),
        }
    }
    Prompt { messages }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::TurnId;

    #[test]
    fn breaths_are_joined_and_the_person_begins() {
        use Speaker::{Person, Samantha};
        let line = |speaker, text: &str| Line {
            turn: TurnId(1),
            speaker,
            text: text.into(),
            interrupted: false,
        };
        let lines =
            [line(Samantha, "a"), line(Person, "b"), line(Person, "c"), line(Samantha, "d")];
        let contents: Vec<_> =
            prompt("s", &lines).messages.into_iter().map(|m| (m.role, m.content)).collect();
        assert_eq!(
            contents,
            [
                (Role::System, "s".to_owned()),
                (Role::User, "b\nc".to_owned()),
                (Role::Assistant, "d".to_owned())
            ]
        );
    }
}
