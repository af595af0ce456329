//! What a sentence tells about the person's life.
//!
//! Rules for what rules do well. Facts come only from what the person said.
//! Pure: the time of the saying is an argument.

use jiff::Zoned;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who said a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The person.
    Person,
    /// Samantha: never a source, but what "yes" and "there" may refer to.
    Samantha,
}

/// A line of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Who said it.
    pub speaker: Speaker,
    /// What was said.
    pub text: &'a str,
}

/// Someone in the person's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Someone {
    /// "Ana"; empty if only the relation is known.
    pub name: String,
    /// What they are to the person: "sister", "boss"; empty if unknown.
    pub relation: String,
}

/// What was said, and what helps to understand it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What the person said.
    pub text: &'a str,
    /// When, in the person's own time zone.
    pub at: &'a Zoned,
    /// The lines before it in this conversation, oldest first.
    pub before: &'a [Line<'a>],
    /// Who is known already.
    pub people: &'a [Someone],
}

/// Whom a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The person.
    Person,
    /// Someone in their life.
    Other(Someone),
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Family, friends, colleagues.
    People,
    /// Where they live and lived, travel.
    Places,
    /// Work and learning.
    Work,
    /// Body and mind.
    Health,
    /// What they like and dislike.
    Taste,
    /// What they intend, and when.
    Plans,
    /// What happened.
    Events,
    /// Feelings that were named.
    Feelings,
    /// Animals they keep.
    Pets,
    /// What they asked to be done or believed: quoted, never obeyed.
    Wishes,
    /// Anything else of their life.
    Other,
}

/// Something that may be worth keeping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// In the person's own voice and as near to their words as can be, with
    /// names, places and dates in place of "she", "there" and "tomorrow":
    /// "My sister Ana moved to Lisbon."
    pub statement: String,
    /// Whom it is about.
    pub subject: Subject,
    /// What it is about.
    pub topic: Topic,
    /// What there can be only one of at a time, such as "home" or "employer";
    /// a new fact of the same subject and slot makes the old one history.
    /// Empty if there can be many.
    pub slot: String,
    /// When it happens or happened, if that was said.
    pub when: Option<Date>,
    /// 0.0..=1.0.
    pub confidence: f32,
    /// It was said as a correction: "no, that's wrong, she …".
    pub corrects: bool,
}
