//! Finding again what fits a question.
//!
//! [`Index`] lives in the process's own memory and is filled from the store
//! when that is opened. Pure: it reads no disk and no clock.

use jiff::Timestamp;

mod index;
mod meaning;
mod search;
mod text;

pub use index::Index;
pub use meaning::TABLE_ID;

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

/// At least this relevant is worth saying.
pub const RELEVANT: f32 = 0.5;

/// Placeholder until the real one is merged.
#[derive(Default)]
pub struct Index(Vec<(DocId, String)>);

impl Index {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds.
    pub fn add(&mut self, doc: &Doc<'_>, _vector: Option<&[i8]>) {
        self.0.push((doc.id, doc.text.to_lowercase()));
    }
    /// Removes.
    pub fn remove(&mut self, id: DocId) {
        self.0.retain(|(i, _)| *i != id);
    }
    /// Finds.
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let text = query.text.to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).collect();
        let mut hits: Vec<Hit> = self
            .0
            .iter()
            .filter_map(|(id, doc)| {
                let matched: Vec<String> =
                    words.iter().filter(|w| doc.contains(**w)).map(|w| (*w).to_owned()).collect();
                (!matched.is_empty()).then(|| Hit {
                    id: *id,
                    score: matched.len() as f32,
                    relevance: 0.9,
                    matched,
                })
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(query.top);
        hits
    }
}
