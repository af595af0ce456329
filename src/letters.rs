//! Past conversations written out, for other programs and for paper.
//!
//! Called by the session for what is copied or saved, and by `samantha
//! conversations`. Pure: lines go in, text comes out.

use crate::wording::{self, letters as words};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use memory::store::{ConversationId, Line, PERSON, SAMANTHA};
use serde::Serialize;

/// How they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// To be read.
    #[default]
    Markdown,
    /// To be worked with.
    Json,
}

impl Format {
    /// How a file's name ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// Lines in this format, a conversation after the other. `person` is the
    /// person's name, or empty.
    pub fn write(self, lines: &[Line], person: &str, now: &Zoned) -> String {
        match self {
            Self::Markdown => markdown(lines, person, now.time_zone()),
            Self::Json => json(lines, now.timestamp()),
        }
    }
}

/// Who said a line, for people.
pub fn speaker<'a>(line: &'a Line, person: &'a str) -> &'a str {
    match line.speaker.as_str() {
        SAMANTHA => wording::HER_NAME,
        PERSON if person.is_empty() => wording::YOU.get(),
        PERSON => person,
        name => name,
    }
}

fn markdown(lines: &[Line], person: &str, zone: &TimeZone) -> String {
    let mut text = format!("# {}\n", words::HEADING);
    let mut before: Option<(Date, ConversationId)> = None;
    for line in lines {
        let at = zone.to_datetime(line.at);
        if before.is_none_or(|(date, _)| date != at.date()) {
            text += &format!("\n## {}\n", words::whole_date(at.date()));
        }
        if before != Some((at.date(), line.conversation)) {
            text += &format!("\n### {}\n", words::time(at.time()));
        }
        before = Some((at.date(), line.conversation));
        let name = escaped(speaker(line, person));
        let mark = match line.interrupted {
            true => format!(" — *{}*", wording::INTERRUPTED),
            false => String::new(),
        };
        text += &format!("\n**{name}:** {}{mark}\n", escaped(&line.text));
    }
    text
}

/// Words that are to be read as they are.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => text.extend(['\\', c]),
            // A line ends, the paragraph goes on; what begins the next line is
            // no heading, quote or list.
            '\n' => text += "\\\n",
            '#' | '>' | '-' | '+' if text.ends_with('\n') => text.extend(['\\', c]),
            _ => text.push(c),
        }
    }
    text
}

/// What a file in JSON holds.
#[derive(Serialize)]
struct Conversations<'a> {
    written_at: Timestamp,
    conversations: Vec<Conversation<'a>>,
}

#[derive(Serialize)]
struct Conversation<'a> {
    id: ConversationId,
    lines: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    at: Timestamp,
    speaker: &'a str,
    text: &'a str,
    interrupted: bool,
}

fn json(lines: &[Line], now: Timestamp) -> String {
    let conversations = lines
        .chunk_by(|a, b| a.conversation == b.conversation)
        .map(|lines| Conversation {
            id: lines.first().map_or(0, |line| line.conversation),
            lines: lines
                .iter()
                .map(|line| Said {
                    at: line.at,
                    speaker: &line.speaker,
                    text: &line.text,
                    interrupted: line.interrupted,
                })
                .collect(),
        })
        .collect();
    let written = Conversations { written_at: now, conversations };
    serde_json::to_string_pretty(&written).expect("texts and numbers are always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn lines() -> Vec<Line> {
        let line = |id, conversation, speaker: &str, text: &str, at: &str| Line {
            id,
            conversation,
            turn: 1,
            speaker: speaker.into(),
            text: text.into(),
            interrupted: id == 2,
            at: at.parse().expect("a time"),
            origin: None,
        };
        vec![
            line(1, 1, PERSON, "What is *that*, a_b?", "2026-03-01T22:59:00Z"),
            line(2, 1, SAMANTHA, "One.\n# Two\n- three", "2026-03-01T23:00:00Z"),
            line(3, 2, "Ana", "A “quoted\" \\ word 🌊.", "2026-03-02T09:05:00Z"),
        ]
    }

    fn now() -> Zoned {
        "2026-03-02T12:00:00[Europe/Vienna]".parse().expect("a time")
    }

    #[test]
    fn markdown_reads_like_a_letter_by_day_and_time() {
        let expect = "\
# Conversations with Samantha

## Sunday, 1 March 2026

### 23:59

**Theo:** What is \\*that\\*, a\\_b?

## Monday, 2 March 2026

### 00:00

**Samantha:** One.\\\n\\# Two\\\n\\- three — *interrupted*

### 10:05

**Ana:** A “quoted\" \\\\ word 🌊.
";
        assert_eq!(Format::Markdown.write(&lines(), "Theo", &now()), expect);
    }

    #[test]
    fn json_has_every_line_once_and_word_for_word() {
        let written: Value =
            serde_json::from_str(&Format::Json.write(&lines(), "", &now())).expect("JSON");
        let conversations = written["conversations"].as_array().expect("a list");
        assert_eq!(conversations.len(), 2);
        let said: Vec<&Value> =
            conversations.iter().flat_map(|one| one["lines"].as_array().expect("a list")).collect();
        assert_eq!(said.len(), 3);
        for (said, line) in said.into_iter().zip(lines()) {
            assert_eq!(said["text"], line.text);
            assert_eq!(said["speaker"], line.speaker);
            assert_eq!(said["interrupted"], line.interrupted);
            assert_eq!(said["at"], line.at.to_string());
        }
    }

    #[test]
    fn nothing_said_is_still_a_whole_file() {
        assert!(Format::Markdown.write(&[], "", &now()).starts_with("# Conversations"));
        let written: Value =
            serde_json::from_str(&Format::Json.write(&[], "", &now())).expect("JSON");
        assert_eq!(written["conversations"], serde_json::json!([]));
    }
}
