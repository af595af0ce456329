//! A scripted life, and whether what was kept of it is right.

use jiff::Zoned;
use jiff::civil::Date;
use memory::learn::{Someone, Topic, is_denied};
use memory::store::facts::Fact;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Life {
    #[serde(rename = "turn")]
    pub turns: Vec<Turn>,
}

#[derive(Deserialize)]
pub struct Turn {
    pub conversation: u32,
    pub at: Zoned,
    pub text: String,
    /// What she answered: never a source.
    #[serde(default)]
    pub reply: String,
    /// What should be kept of it.
    #[serde(default)]
    pub keep: Vec<Wanted>,
    /// What is true and about the person, but no loss if it isn't kept.
    #[serde(default)]
    pub also: Vec<Wanted>,
}

/// A fact as the script wants it.
#[derive(Deserialize)]
pub struct Wanted {
    pub id: String,
    pub statement: String,
    /// All must be in what is kept; `a|b`: one of them is enough.
    pub words: Vec<String>,
    pub subject: String,
    #[serde(default)]
    pub not: Polarity,
    pub when: Option<Date>,
    pub topic: Option<Topic>,
    pub supersedes: Option<String>,
}

/// `not = true`, `not = false` (also if left out) or `not = "either"`.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Polarity {
    Denied(bool),
    #[allow(dead_code, reason = "says only that it does not matter")]
    Either(String),
}

impl Default for Polarity {
    fn default() -> Self {
        Self::Denied(false)
    }
}

impl Life {
    pub fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
        toml::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
    }
}

impl Wanted {
    /// Whether what was kept says this, of the right one, and stands for
    /// itself.
    pub fn is_told_by(&self, fact: &Fact) -> bool {
        let said = words(&fact.statement);
        let has = |wanted: &str| words(wanted).iter().all(|word| said.contains(word));
        let polarity = match self.not {
            Polarity::Denied(denied) => is_denied(&fact.statement) == denied,
            Polarity::Either(_) => true,
        };
        polarity
            && self.words.iter().all(|wanted| wanted.split('|').any(has))
            && is_about(fact.about.as_ref().map(|(_, who)| who), &self.subject)
            && self.when.is_none_or(|when| fact.happens_on == Some(when))
            && self.topic.is_none_or(|topic| fact.topic == topic)
            && (self.topic == Some(Topic::Wishes)) == (fact.topic == Topic::Wishes)
            && stands_alone(&fact.statement)
    }
}

fn is_about(about: Option<&Someone>, wanted: &str) -> bool {
    wanted.split('|').any(|whose| match about {
        None => whose == "me",
        Some(Someone { name, relation }) => {
            let name = name.to_lowercase();
            name == whose
                || name.split(' ').any(|part| part == whose)
                || relation.split(' ').next_back() == Some(whose)
        }
    })
}

/// Words that mean nothing any more weeks later.
const OPEN: &[&str] = &[
    "tomorrow",
    "yesterday",
    "tonight",
    "today",
    "next week",
    "last week",
    "next month",
    "last month",
    "next year",
    "last year",
    "last summer",
    "next summer",
    "last night",
    "next monday",
    "next friday",
    "that day",
];

fn stands_alone(statement: &str) -> bool {
    let words = words(statement);
    let text = format!(" {} ", words.join(" "));
    let pronouns = [
        "he", "she", "they", "it", "him", "her", "his", "their", "he's", "she's", "they're",
        "there",
    ];
    let opens = words.first().is_some_and(|first| pronouns.contains(&first.as_str()));
    // "It's Tom's birthday" says what it is.
    let opens = opens && !text.contains(" birthday ");
    !opens && !OPEN.iter().any(|open| text.contains(&format!(" {open} ")))
}

/// In lower case; "Leila's" is "leila" too.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .flat_map(|word| word.strip_suffix("'s").into_iter().chain([word]))
        .map(str::to_owned)
        .collect()
}
