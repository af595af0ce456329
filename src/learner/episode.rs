//! What a conversation was about, in two or three sentences.
//!
//! Told from what the person said; her own lines are no source. The model
//! writes it, or, where there is none, it is put together from facts.

use super::notes::may_tell;
use super::{Aside, Candidate, Line, Message, Prompt, Role, Speaker, beginning, message, words};
use jiff::Zoned;
use memory::learn::{self, Said, Subject, Topic};
use unicode_segmentation::UnicodeSegmentation as _;

/// Of a conversation, so much is read; of a long one, the end.
const MAX_SAID_CHARS: usize = 2800;
/// Of one line, so much.
const MAX_LINE_CHARS: usize = 400;
const MAX_SENTENCES: usize = 3;
/// Fewer words than these tell too little for a summary.
const MIN_WORDS: usize = 12;
/// This share of a sentence's words the person must have used.
const GROUNDED: f32 = 0.7;

const TASK: &str = "A person talked to you. Here is what they said. Write two or three short plain \
                    sentences about what they told you, in the second person and the past tense: \
                    \"You talked about ...\", \"You said that ...\". Use their own words. Add \
                    nothing that they did not say. Leave out questions, greetings and small talk.";

const EXAMPLE: (&str, &str) = (
    "Hi there.\nMy knee hurts since the marathon.\nWhat's the capital of Peru?\nMy wife Ines has a \
     show of her paintings in May, I'm so proud of her.",
    "You talked about your knee, which hurts since the marathon. You said that your wife Ines has \
     a show of her paintings in May, and that you are so proud of her.",
);

/// Asks the model what the conversation was about. `None` if too little was
/// said to speak of.
pub fn summary(lines: &[Line<'_>]) -> Option<Aside> {
    let said = said(lines);
    if words::words(&said).len() < MIN_WORDS {
        return None;
    }
    let messages: Vec<Message> = vec![
        message(Role::System, TASK),
        message(Role::User, EXAMPLE.0),
        message(Role::Assistant, EXAMPLE.1),
        message(Role::User, &said),
    ];
    let grammar = format!(
        "root ::= \"You talked about \" text (\" You \" text){{0,{}}}\ntext ::= \
         [^.!?\\n\"*#<>\\x00-\\x1f]{{3,180}} \".\"\n",
        MAX_SENTENCES - 1
    );
    Some(Aside { prompt: Prompt { messages }, grammar: Some(grammar), max_tokens: 120 })
}

/// What of the model's summary is true: those of its sentences that the person
/// said in their own words. `None` if nothing is left.
pub fn parse_summary(output: &str, lines: &[Line<'_>]) -> Option<String> {
    let said = words::telling(&said(lines));
    let sentences: Vec<&str> = output
        .unicode_sentences()
        .map(str::trim)
        .filter(|sentence| sentence.starts_with("You ") && sentence.ends_with('.'))
        .filter(|sentence| {
            let mut told = words::telling(sentence);
            for frame in ["talked", "said", "told", "mentioned"] {
                told.remove(frame);
            }
            let shared = words::shared(&told, &said);
            !told.is_empty() && shared as f32 >= told.len() as f32 * GROUNDED
        })
        .take(MAX_SENTENCES)
        .collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The same without a model, from what was learnt in the conversation. `None`
/// if that was nothing.
pub fn plain_summary(facts: &[Candidate]) -> Option<String> {
    let told: Vec<&Candidate> = facts.iter().filter(|fact| fact.topic != Topic::Wishes).collect();
    let mut matters: Vec<String> = Vec::new();
    for fact in &told {
        let matter = matter(fact);
        if !matters.contains(&matter) {
            matters.push(matter);
        }
    }
    matters.truncate(4);
    let (last, others) = matters.split_last()?;
    let matters = match others {
        [] => last.clone(),
        others => format!("{} and {last}", others.join(", ")),
    };
    let quotes: Vec<String> =
        told.iter().take(2).map(|fact| format!("\u{201c}{}\u{201d}", fact.statement)).collect();
    Some(format!("You talked about {matters}. You said: {}", quotes.join(" and ")))
}

/// "your sister Ana", "your work".
fn matter(fact: &Candidate) -> String {
    if let Subject::Other(someone) = &fact.subject {
        return match (someone.relation.as_str(), someone.name.as_str()) {
            ("", name) => name.to_owned(),
            (relation, "") => format!("your {relation}"),
            (relation, name) => format!("your {relation} {name}"),
        };
    }
    match fact.topic {
        Topic::People => "the people in your life",
        Topic::Places => "where you live and travel",
        Topic::Work => "your work",
        Topic::Health => "your health",
        Topic::Taste => "what you like",
        Topic::Plans => "your plans",
        Topic::Events => "what happened to you",
        Topic::Feelings => "how you felt",
        Topic::Pets => "your animals",
        Topic::Wishes | Topic::Other => "your life",
    }
    .to_owned()
}

/// What the person said of their life, a line each, the end of it if it was
/// much; without what they asked not to be kept.
fn said(lines: &[Line<'_>]) -> String {
    // Whether something may be kept does not depend on the time.
    let at = Zoned::default();
    let mut kept: Vec<String> = Vec::new();
    let mut chars = 0;
    for (index, line) in lines.iter().enumerate().rev() {
        let text = beginning(line.text, MAX_LINE_CHARS);
        let said = Said { text: line.text, at: &at, before: &lines[..index], people: &[] };
        if line.speaker != Speaker::Person || !learn::may_keep(&said) {
            continue;
        }
        let text: String = text.unicode_sentences().filter(|s| may_tell(s)).collect();
        chars += text.chars().count();
        if chars > MAX_SAID_CHARS {
            break;
        }
        if !text.is_empty() {
            kept.push(text.trim_end().to_owned());
        }
    }
    kept.reverse();
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use memory::learn::Someone;

    const LINES: &[Line<'_>] = &[
        Line { speaker: Speaker::Person, text: "Hi, my knee hurts since I ran the marathon." },
        Line { speaker: Speaker::Samantha, text: "Have you seen a doctor in Berlin?" },
        Line {
            speaker: Speaker::Person,
            text: "I'll see Doctor Lund on Monday, my wife drives me.",
        },
    ];

    #[test]
    fn a_summary_tells_only_what_the_person_said() {
        let written = "You talked about your knee, which hurts since the marathon. You flew to \
                       Berlin with your three cousins. You said that your wife drives you.";
        assert_eq!(
            parse_summary(written, LINES).as_deref(),
            Some(
                "You talked about your knee, which hurts since the marathon. You said that your \
                 wife drives you."
            )
        );
        assert_eq!(parse_summary("You talked about the weather in Berlin.", LINES), None);
        assert_eq!(parse_summary("", LINES), None);
    }

    #[test]
    fn only_the_persons_words_are_shown_to_the_model() {
        let asked = summary(LINES).expect("enough was said");
        let shown = &asked.prompt.messages.last().expect("a message").content;
        assert!(shown.contains("Doctor Lund") && !shown.contains("Berlin"), "{shown}");
        assert!(summary(&LINES[1..2]).is_none(), "nothing was said");
    }

    #[test]
    fn what_is_not_to_be_kept_is_not_shown_either() {
        let person = |text| Line { speaker: Speaker::Person, text };
        let mut lines = LINES.to_vec();
        lines.push(person("My address is 14 Mill Lane, but please don't keep that."));
        lines.push(person("If I were rich I'd buy a yacht."));
        lines.push(person("This is off the record."));
        lines.push(person("I owe my uncle a lot of money."));
        let asked = summary(&lines).expect("enough was said");
        let shown = &asked.prompt.messages.last().expect("a message").content;
        assert!(shown.contains("Doctor Lund"), "{shown}");
        for hidden in ["Mill Lane", "yacht", "uncle"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    #[test]
    fn without_a_model_facts_tell_what_it_was_about() {
        let fact = |statement: &str, subject, topic| Candidate {
            statement: statement.into(),
            subject,
            topic,
            slot: String::new(),
            when: None,
            confidence: 0.9,
            corrects: false,
        };
        let ana = Subject::Other(Someone { name: "Ana".into(), relation: "sister".into() });
        let facts = [
            fact("My sister Ana moved to Lisbon.", ana, Topic::Places),
            fact("I asked: \"always agree.\"", Subject::Person, Topic::Wishes),
            fact("My knee hurts.", Subject::Person, Topic::Health),
        ];
        assert_eq!(
            plain_summary(&facts).as_deref(),
            Some(
                "You talked about your sister Ana and your health. You said: \u{201c}My sister Ana \
                 moved to Lisbon.\u{201d} and \u{201c}My knee hurts.\u{201d}"
            )
        );
        assert_eq!(plain_summary(&[]), None);
    }
}
