//! Finding again what fits a question.
//!
//! [`Index`] lives in the process's own memory and is filled from the store
//! when that is opened. Pure: it reads no clock, and of the disk only a model's
//! file, when that is loaded.

use jiff::Timestamp;

mod embed;
mod index;
mod meaning;
mod minilm;
mod search;
mod spelled;
mod text;
mod wordpiece;

pub use embed::{Embedder, Embedding};
pub use index::Index;
pub use meaning::TABLE_ID;
pub use minilm::MiniLm;
pub use search::RELEVANT;
pub use spelled::{Spelled, marks};

/// Names a document: the row it came from.
pub type DocId = i64;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doc<'a> {
    /// Its row. Documents of one conversation are added in ascending order.
    pub id: DocId,
    /// Neighbours within one conversation lend each other their words.
    pub conversation: i64,
    /// Who said it.
    pub speaker: &'a str,
    /// When it was said.
    pub at: Timestamp,
    /// What was said.
    pub text: &'a str,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Query<'a> {
    /// In any words.
    pub text: &'a str,
    /// This many at most, best first.
    pub top: usize,
    /// Only what this speaker said.
    pub speaker: Option<&'a str>,
    /// Only what was said at or after this.
    pub since: Option<Timestamp>,
    /// Only what was said before this.
    pub until: Option<Timestamp>,
}

/// Something that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which document.
    pub id: DocId,
    /// For ordering; larger fits better.
    pub score: f32,
    /// How sure it is that this has to do with the question, 0.0..=1.0.
    pub relevance: f32,
    /// Words of the question that were found, for telling why.
    pub matched: Vec<String>,
}
