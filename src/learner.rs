//! What the language model adds to what is learnt by rules.
//!
//! The session asks it, after a reply, for what the person's words told of
//! their life ([`extraction`], then [`candidates`]), and at the end of a
//! conversation for what it was about ([`summary`], then [`parse_summary`]).
//! Rules understand plain sentences well and winding ones badly; a small model
//! is good at saying things plainly, and bad at judging them. So the model only
//! takes apart what was said, and the rules of [`memory::learn`] read what it
//! wrote. Nothing that the person did not say gets past them.
//!
//! Pure: no disk, no clock, no model. The caller carries an [`Aside`] to the
//! language model and brings back what it wrote.

use crate::dialogue::{Aside, Message, Prompt, Role};
use memory::learn::{self, Candidate, Line, Said, Speaker};
use unicode_segmentation::UnicodeSegmentation as _;

mod episode;
mod grammar;
mod notes;
mod words;

pub use episode::{parse_summary, plain_summary, summary};
pub use notes::candidates;

/// Of what was said, this much is looked at: a minute of talk.
const MAX_SAID_CHARS: usize = 900;
/// A longer question is left out.
const MAX_QUESTION_CHARS: usize = 160;
/// Notes of one utterance, at most.
const MAX_NOTES: usize = 5;
/// As many tokens as so many notes of ordinary length take.
const MAX_NOTE_TOKENS: u32 = 160;

const TASK: &str = "Take apart what a person says into short plain statements, one a line. One thing \
                    in each line, in their own words, with who, where and when. Keep I and my. \
                    Leave out um, well, you know, I guess. Leave nothing else out and add nothing.";

/// What may be said, and what is to be written. The first lines of the prompt,
/// always the same, so that they are read once.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "Hello, so, I'm Priya, I teach maths at a school in Oslo, been doing that for ten years, \
         and my wife Ines, she's from Chile, she paints.",
        "My name is Priya.\nI teach maths at a school in Oslo.\nI have taught maths for ten \
         years.\nMy wife Ines is from Chile.\nMy wife Ines paints.",
    ),
    (
        "My brother Sam came over on Sunday with his dog, he's thirty and he's a bit shy, haha.",
        "My brother Sam came over on Sunday.\nMy brother Sam has a dog.\nMy brother Sam is \
         thirty.\nMy brother Sam is a bit shy.",
    ),
    (
        "Question: Do you have pets?\nYeah, a cat, her name's Moss and, um, she hates rain.",
        "I have a cat called Moss.\nMy cat Moss hates rain.",
    ),
    (
        "I can't eat nuts so no cake for me, and I'm seeing Doctor Lund on Monday at ten because I \
         hurt my knee yesterday.",
        "I can't eat nuts.\nI'm seeing Doctor Lund on Monday at ten.\nI hurt my knee yesterday.",
    ),
    (
        "And don't forget that we're moving to Ghent in spring, she got a job there, I'm so nervous.",
        "We're moving to Ghent in spring.\nShe got a job in Ghent.\nI'm so nervous.",
    ),
    ("Nice one. She's the funniest person I know, honestly.", "She's the funniest person I know."),
];

/// Asks the model what the person's words tell of their life. `None` if it
/// need not be asked, since they tell nothing: a question, an order.
pub fn extraction(said: &Said<'_>) -> Option<Aside> {
    if !said.text.unicode_sentences().any(notes::may_tell) {
        return None;
    }
    let mut messages = vec![message(Role::System, TASK)];
    for (heard, written) in EXAMPLES {
        messages.push(message(Role::User, heard));
        messages.push(message(Role::Assistant, written));
    }
    let text = beginning(said.text, MAX_SAID_CHARS);
    let question = said.before.last().and_then(question);
    messages.push(match question {
        Some(question) => message(Role::User, &format!("Question: {question}\n{text}")),
        None => message(Role::User, text),
    });
    let grammar = grammar::own_words(&[text, question.unwrap_or_default()], MAX_NOTES);
    let prompt = Prompt { messages };
    Some(Aside { prompt, grammar: Some(grammar), max_tokens: MAX_NOTE_TOKENS })
}

/// Both together: the rules win, the model adds what they missed.
pub fn merge(rules: Vec<Candidate>, model: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept = rules;
    for candidate in model {
        if !kept.iter().any(|other| words::says_the_same(&other.statement, &candidate.statement)) {
            kept.push(candidate);
        }
    }
    kept
}

/// Her last question, if the line is hers and ends in one.
fn question<'a>(line: &Line<'a>) -> Option<&'a str> {
    let last = line.text.unicode_sentences().last()?.trim();
    (line.speaker == Speaker::Samantha && last.ends_with('?') && last.len() <= MAX_QUESTION_CHARS)
        .then_some(last)
}

/// As much of the beginning as `max_chars` allow, up to a whole word.
fn beginning(text: &str, max_chars: usize) -> &str {
    let text = text.trim();
    match text.char_indices().nth(max_chars) {
        None => text,
        Some((end, _)) => text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words),
    }
}

fn message(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Zoned;
    use memory::learn::{Subject, Topic};

    fn fact(statement: &str) -> Candidate {
        Candidate {
            statement: statement.into(),
            subject: Subject::Person,
            topic: Topic::Other,
            slot: String::new(),
            when: None,
            confidence: 0.9,
            corrects: false,
        }
    }

    #[test]
    fn the_model_is_not_asked_about_what_tells_nothing() {
        let at: Zoned = "2026-03-05T18:40:00+00:00[UTC]".parse().expect("a time");
        let asks = |text| extraction(&Said { text, at: &at, before: &[], people: &[] }).is_some();
        for text in
            ["What time is it?", "Tell me a joke.", "Is it? And you?", "", "From now on, rhyme."]
        {
            assert!(!asks(text), "{text}");
        }
        assert!(asks("Do you like tea? I don't, my stomach hurts."));
    }

    #[test]
    fn prompts_begin_alike_and_stay_short() {
        let at: Zoned = "2026-03-05T18:40:00+00:00[UTC]".parse().expect("a time");
        let before = [Line { speaker: Speaker::Samantha, text: "Hm. Who is Ana?" }];
        let long = "I have a sister. ".repeat(500);
        let task = |text| {
            extraction(&Said { text, at: &at, before: &before, people: &[] }).expect("worth asking")
        };
        let (one, other) = (task("My sister."), task(&long));
        let fixed = one.prompt.messages.len() - 1;
        assert_eq!(one.prompt.messages[..fixed], other.prompt.messages[..fixed]);
        assert_eq!(one.prompt.messages[fixed].content, "Question: Who is Ana?\nMy sister.");
        assert!(other.prompt.messages[fixed].content.len() < MAX_SAID_CHARS + 100);
    }

    #[test]
    fn the_model_adds_what_the_rules_missed_and_nothing_twice() {
        let rules = vec![fact("My sister Ana moved to Lisbon on 4 March 2026.")];
        let model = vec![fact("Ana moved to Lisbon."), fact("My sister Ana has two kids.")];
        let kept: Vec<String> = merge(rules, model).into_iter().map(|c| c.statement).collect();
        let expected =
            ["My sister Ana moved to Lisbon on 4 March 2026.", "My sister Ana has two kids."];
        assert_eq!(kept, expected);
    }
}
