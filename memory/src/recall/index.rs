//! The index itself: postings, vectors and who stood beside whom.
//!
//! Filled by the store; asked by the search in [`super::search`].

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::embed::{Embedder, Embedding, SIZE, hubness};
use super::meaning::{DIMS, Row, Vector, table};
use super::text::{Sentence, is_asking, stem};
use super::{Doc, DocId};

/// A place in the index; freed places are used again.
pub(super) type Slot = u32;
/// Names a word of the index.
pub(super) type TermId = u32;
/// No neighbour.
pub(super) const NONE: Slot = Slot::MAX;

/// Turns further apart do not answer each other.
const DIALOGUE_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// How much the turns around one (two before to two after) lend it of their
/// meaning.
pub(super) const WINDOW: [f32; 5] = [0.4, 0.7, 1.0, 0.7, 0.4];

/// A word and where it occurs.
#[derive(Default)]
pub(super) struct Term {
    /// How it is compared; empty if the place is free.
    pub stem: String,
    /// How it was written first, for telling why something was found.
    pub surface: String,
    /// Its meaning, if that is known.
    pub row: Option<Row>,
    /// Where it occurs, and how often there.
    pub postings: Vec<(Slot, u8)>,
}

/// What is kept of a document.
pub(super) struct Entry {
    pub id: DocId,
    pub conversation: i64,
    pub speaker: u32,
    pub at: Timestamp,
    pub year: i16,
    pub month: i8,
    /// Its words, each once, with their counts.
    pub terms: Box<[(TermId, u8)]>,
    /// How many words it has.
    pub len: f32,
    pub is_question: bool,
    pub first_person: bool,
    pub temporal: bool,
    /// The turn it answers, and the one that answers it.
    pub prev: Slot,
    pub next: Slot,
    /// How many words the window of two turns before and after has.
    pub window_len: f32,
    /// The sum of its words' meanings is its direction (in
    /// [`Index::directions`]) times this.
    pub scale: f32,
    /// The lengths of that sum and of the window's.
    pub norm: f32,
    pub window_norm: f32,
    /// The same of the meaning of the whole sentence, if that is known.
    pub sentence: Option<Sense>,
}

/// What is kept of an [`Embedding`] beside its direction.
#[derive(Clone, Copy)]
pub(super) struct Sense {
    /// See [`hubness`].
    pub hubness: f32,
    /// The length of the direction, and of the sum of unit vectors of the
    /// window.
    pub norm: f32,
    pub window_norm: f32,
}

/// Everything that can be found, in the process's memory.
#[derive(Default)]
pub struct Index {
    slots: HashMap<DocId, Slot>,
    pub(super) entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
    /// The latest document of each conversation.
    latest: HashMap<i64, Slot>,
    /// Names, lowered, with how many documents are theirs.
    pub(super) speakers: Vec<(String, usize)>,
    term_ids: HashMap<String, TermId>,
    pub(super) terms: Vec<Term>,
    free_terms: Vec<TermId>,
    /// The term of each row of the word table, if it occurs.
    pub(super) row_terms: Vec<Option<TermId>>,
    /// The direction of each slot's meaning, in one piece for fast reading.
    pub(super) directions: Vec<[i8; DIMS]>,
    pub(super) embedder: Option<Arc<dyn Embedder>>,
    /// The direction of each slot's embedding; zeros where that is not known.
    pub(super) embeddings: Vec<[i8; SIZE]>,
    /// How many documents have one.
    embedded: usize,
    total_len: f64,
    total_window_len: f64,
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self { row_terms: vec![None; table().len()], ..Self::default() }
    }

    /// An empty index whose documents get embeddings ([`Self::embed`]).
    pub fn with_embedder(embedder: Arc<dyn Embedder>) -> Self {
        Self { embedder: Some(embedder), ..Self::new() }
    }

    /// How many documents can be found.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Makes a document findable. One with the same id is replaced.
    pub fn add(&mut self, doc: &Doc<'_>) {
        self.remove(doc.id);
        let sentence = Sentence::parse(doc.text);
        let speaker = self.speaker(doc.speaker);
        let slot = self.free.pop().unwrap_or(self.entries.len() as Slot);

        let mut counts: Vec<(TermId, u8)> = Vec::with_capacity(sentence.words.len());
        for word in &sentence.words {
            let term = self.term(&word.stem, &word.surface);
            match counts.iter_mut().find(|(id, _)| *id == term) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((term, 1)),
            }
        }
        for (term, count) in &counts {
            self.terms[*term as usize].postings.push((slot, *count));
        }
        let meaning = self.meaning(sentence.words.iter().map(|word| word.stem.as_str()), false);

        let prev = self.answered_by(doc, speaker);
        let date = TimeZone::UTC.to_datetime(doc.at).date();
        let entry = Entry {
            id: doc.id,
            conversation: doc.conversation,
            speaker,
            at: doc.at,
            year: date.year(),
            month: date.month(),
            terms: counts.into_boxed_slice(),
            len: sentence.words.len() as f32,
            is_question: sentence.is_question,
            first_person: sentence.first_person,
            temporal: sentence.temporal,
            prev,
            next: NONE,
            window_len: 0.0,
            scale: meaning.scale,
            norm: meaning.norm(),
            window_norm: 0.0,
            sentence: None,
        };
        self.total_len += f64::from(entry.len);
        if slot as usize == self.entries.len() {
            self.entries.push(Some(entry));
            self.directions.push(meaning.bytes);
            if self.embedder.is_some() {
                self.embeddings.push([0; SIZE]);
            }
        } else {
            self.entries[slot as usize] = Some(entry);
            self.directions[slot as usize] = meaning.bytes;
        }
        if let Some(before) = self.entry_mut(prev) {
            before.next = slot;
        }
        self.slots.insert(doc.id, slot);
        self.latest.insert(doc.conversation, slot);
        self.renew_windows(slot);
    }

    /// Adds what a document means as a whole. Embeddings are compared once
    /// every document has one; until then the table of words serves. Without
    /// an embedder, or the document, this does nothing.
    pub fn embed(&mut self, id: DocId, embedding: &Embedding) {
        let Some(&slot) = self.slots.get(&id) else { return };
        let Some(embedder) = &self.embedder else { return };
        let hubness = hubness(embedding, embedder.requests());
        self.embeddings[slot as usize] = embedding.bytes;
        let Some(entry) = self.entry_mut(slot) else { return };
        let before =
            entry.sentence.replace(Sense { hubness, norm: embedding.norm, window_norm: 0.0 });
        self.embedded += usize::from(before.is_none());
        self.renew_windows(slot);
    }

    /// Whether every document has its embedding.
    pub(super) fn is_embedded(&self) -> bool {
        self.embedder.is_some() && self.embedded == self.len()
    }

    /// Makes a document unfindable and keeps nothing of its words. Unknown
    /// ids are no error.
    pub fn remove(&mut self, id: DocId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        let around = self.around(slot);
        let Some(entry) = self.entries[slot as usize].take() else { return };
        for (term, _) in &entry.terms {
            let held = &mut self.terms[*term as usize];
            held.postings.retain(|(at, _)| *at != slot);
            if held.postings.is_empty() {
                let held = std::mem::take(held);
                self.term_ids.remove(&held.stem);
                if let Some(row) = held.row {
                    self.row_terms[usize::from(row)] = None;
                }
                self.free_terms.push(*term);
            }
        }
        self.directions[slot as usize] = [0; DIMS];
        if let Some(embedding) = self.embeddings.get_mut(slot as usize) {
            *embedding = [0; SIZE];
        }
        self.embedded -= usize::from(entry.sentence.is_some());
        self.total_len -= f64::from(entry.len);
        self.total_window_len -= f64::from(entry.window_len);
        self.speakers[entry.speaker as usize].1 -= 1;
        if let Some(before) = self.entry_mut(entry.prev) {
            before.next = NONE;
        }
        if let Some(after) = self.entry_mut(entry.next) {
            after.prev = NONE;
        }
        if self.latest.get(&entry.conversation) == Some(&slot) {
            self.latest.remove(&entry.conversation);
        }
        self.free.push(slot);
        for neighbour in around.into_iter().filter(|s| *s != NONE && *s != slot) {
            self.renew_window(neighbour);
        }
    }

    /// The document in a slot.
    pub(super) fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    fn entry_mut(&mut self, slot: Slot) -> Option<&mut Entry> {
        self.entries.get_mut(slot as usize)?.as_mut()
    }

    /// The term a stem has here.
    pub(super) fn term_of(&self, stem: &str) -> Option<TermId> {
        self.term_ids.get(stem).copied()
    }

    /// The slots two before to two after, itself in the middle.
    pub(super) fn around(&self, slot: Slot) -> [Slot; 5] {
        let prev = |s| self.entry(s).map_or(NONE, |e| e.prev);
        let next = |s| self.entry(s).map_or(NONE, |e| e.next);
        let (before, after) = (prev(slot), next(slot));
        [prev(before), before, slot, after, next(after)]
    }

    /// Words in a document, and in a window, on average.
    pub(super) fn average_lens(&self) -> (f32, f32) {
        let docs = self.slots.len().max(1) as f64;
        ((self.total_len / docs).max(1.0) as f32, (self.total_window_len / docs).max(1.0) as f32)
    }

    /// Whether several people speak here, so that their names tell whose words
    /// are looked for rather than what was said.
    pub(super) fn is_dialogue(&self) -> bool {
        self.speakers.iter().filter(|(_, docs)| *docs > 0).nth(1).is_some()
    }

    /// Sums up what words mean, leaving out the speakers' names. In a question
    /// the words of asking count less.
    pub(super) fn meaning<'a>(
        &self,
        stems: impl Iterator<Item = &'a str>,
        is_query: bool,
    ) -> Vector {
        let names: Vec<_> = self.speakers.iter().map(|(name, _)| stem(name)).collect();
        Vector::sum(stems.filter(|s| !names.iter().any(|name| name == s)).filter_map(|stem| {
            let row = table().row(stem)?;
            let asking = if is_query && is_asking(stem) { ASKING_WEIGHT } else { 1.0 };
            Some((row, table().weight(row) * asking))
        }))
    }

    fn speaker(&mut self, name: &str) -> u32 {
        let name = name.to_lowercase();
        let at = match self.speakers.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                self.speakers.push((name, 0));
                self.speakers.len() - 1
            }
        };
        self.speakers[at].1 += 1;
        at as u32
    }

    fn term(&mut self, stem: &str, surface: &str) -> TermId {
        if let Some(id) = self.term_ids.get(stem) {
            return *id;
        }
        let row = table().row(stem);
        let term = Term { stem: stem.into(), surface: surface.into(), row, postings: Vec::new() };
        let id = self.free_terms.pop().unwrap_or(self.terms.len() as TermId);
        if id as usize == self.terms.len() {
            self.terms.push(term);
        } else {
            self.terms[id as usize] = term;
        }
        self.term_ids.insert(stem.to_owned(), id);
        if let Some(row) = row {
            self.row_terms[usize::from(row)] = Some(id);
        }
        id
    }

    /// The turn that `doc` answers: the one before it in its conversation, if
    /// someone else said it a moment ago. Statements of one speaker in a row
    /// stand for themselves.
    fn answered_by(&self, doc: &Doc<'_>, speaker: u32) -> Slot {
        let Some(&slot) = self.latest.get(&doc.conversation) else { return NONE };
        match self.entry(slot) {
            Some(before)
                if before.speaker != speaker
                    && before.at.duration_until(doc.at).abs() <= DIALOGUE_PAUSE =>
            {
                slot
            }
            _ => NONE,
        }
    }

    fn renew_windows(&mut self, slot: Slot) {
        for slot in self.around(slot).into_iter().filter(|s| *s != NONE) {
            self.renew_window(slot);
        }
    }

    /// Sums up what a turn and those around it say.
    fn renew_window(&mut self, slot: Slot) {
        let mut len = 0.0;
        let mut sum = [0.0_f32; DIMS];
        for (near, lent) in self.around(slot).into_iter().zip(WINDOW) {
            let Some(entry) = self.entry(near) else { continue };
            len += entry.len;
            for (s, x) in sum.iter_mut().zip(&self.directions[near as usize]) {
                *s += lent * entry.scale * f32::from(*x);
            }
        }
        let norm = length(&sum);
        let sentence_norm = self.sentence_window_norm(slot);
        let Some(entry) = self.entry_mut(slot) else { return };
        if let Some(sense) = &mut entry.sentence {
            sense.window_norm = sentence_norm;
        }
        let before = std::mem::replace(&mut entry.window_len, len);
        entry.window_norm = norm;
        self.total_window_len += f64::from(len) - f64::from(before);
    }

    /// The length of the sum of the embeddings around a turn that has one.
    fn sentence_window_norm(&self, slot: Slot) -> f32 {
        if self.entry(slot).is_none_or(|entry| entry.sentence.is_none()) {
            return 0.0;
        }
        let mut sum = [0.0_f32; SIZE];
        for (near, lent) in self.around(slot).into_iter().zip(WINDOW) {
            let Some(sense) = self.entry(near).and_then(|entry| entry.sentence) else { continue };
            for (s, x) in sum.iter_mut().zip(&self.embeddings[near as usize]) {
                *s += lent * f32::from(*x) / sense.norm;
            }
        }
        length(&sum)
    }
}

fn length(vector: &[f32]) -> f32 {
    vector.iter().map(|x| x * x).sum::<f32>().sqrt()
}

/// What a word of asking weighs in the meaning of a question.
const ASKING_WEIGHT: f32 = 0.2;
