//! Everything that is remembered, with the index to find it again.

use crate::key::Key;
use crate::learn::{Candidate, Someone, Topic};
use crate::recall::{Doc, Embedder, Index, Query, RELEVANT, Spelled};
use crate::store::facts::{Fact, Learnt, State};
use crate::store::forget::Forgotten;
use crate::store::pacing::Pacing;
use crate::store::portable::Imported;
use crate::store::{FactId, ImportedTurn, Line, LineId, NewLine, Opened, PERSON, SAMANTHA, Store};
use crate::words::telling;
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Hits that are looked at for the few that are laid before the language
/// model.
const CANDIDATES: usize = 12;
/// Of more lines none is embedded: that would take minutes, and searching them
/// too long. The table of words serves them all.
const EMBEDDED_LINES_MOST: usize = 20_000;
/// Lines that are embedded before they are kept: little is lost if the process
/// ends.
const EMBEDDED_AT_ONCE: usize = 100;

/// Of a line that fits, this many of the facts it told.
const FACTS_OF_A_LINE: usize = 2;

/// Something that fits what the person just said.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    /// The fact, unless it is a line that was only said.
    pub fact: Option<FactId>,
    /// The line it was said in; of a fact, the latest.
    pub line: Option<LineId>,
    /// The statement, or the line's words.
    pub words: String,
    /// When it was said.
    pub said_at: Timestamp,
    /// How sure it is that it fits, 0.0..=1.0.
    pub relevance: f32,
    /// Words of the question that led to it.
    pub matched: Vec<String>,
}

/// A line that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The line.
    pub line: Line,
    /// Larger fits better.
    pub score: f32,
}

/// What is remembered of a person. Owned by one thread.
pub struct Memory {
    store: Store,
    lines: Index,
    facts: Index,
    /// The lines once more, by the words that stand in them; made when somebody
    /// looks for a word.
    spelled: Option<Spelled>,
    embedder: Option<Arc<dyn Embedder>>,
    /// Of the database when the index was filled.
    data_version: i64,
    /// Lines that could not be written yet, oldest first.
    unwritten: Vec<Unwritten>,
    set_aside: Option<PathBuf>,
}

struct Unwritten {
    turn: u64,
    speaker: String,
    text: String,
    interrupted: bool,
    at: Timestamp,
}

impl Memory {
    /// Opens or makes the memory at `file`; the conversations of an earlier,
    /// plain file are taken over first, if there is one. The key must be known
    /// to be the right one.
    pub fn open(file: &Path, plain: Option<&Path>, key: &Key) -> anyhow::Result<Self> {
        let Opened { store, set_aside } = match plain {
            Some(plain) => Store::open_after(plain, file, key)?,
            None => Store::open(file, key)?,
        };
        Self::with(store, set_aside)
    }

    /// A memory that is gone when it is dropped.
    pub fn in_memory() -> anyhow::Result<Self> {
        Self::with(Store::in_memory()?, None)
    }

    fn with(store: Store, set_aside: Option<PathBuf>) -> anyhow::Result<Self> {
        let mut memory = Self {
            store,
            lines: Index::new(),
            facts: Index::new(),
            spelled: None,
            embedder: None,
            data_version: 0,
            unwritten: Vec::new(),
            set_aside,
        };
        memory.fill()?;
        Ok(memory)
    }

    /// Compares lines by what their sentences mean from now on, as far as
    /// [`Self::embed`] has been asked to.
    pub fn use_embedder(&mut self, embedder: Arc<dyn Embedder>) -> anyhow::Result<()> {
        self.embedder = Some(embedder);
        self.fill()
    }

    /// Embeds the latest lines that are not yet, `most` at most: some
    /// milliseconds each. What one says is used once all of them are. Without
    /// an embedder, or with very many lines, this does nothing. Returns how
    /// many were embedded.
    pub fn embed(&mut self, most: usize) -> anyhow::Result<usize> {
        let Some(embedder) = self.embedder.clone() else { return Ok(0) };
        if self.lines.len() > EMBEDDED_LINES_MOST {
            return Ok(0);
        }
        let lines = self.store.lines_to_embed(embedder.id(), most)?;
        for lines in lines.chunks(EMBEDDED_AT_ONCE) {
            let embeddings = lines
                .iter()
                .map(|(id, text)| Ok((*id, embedder.embed(text)?)))
                .collect::<anyhow::Result<Vec<_>>>()?;
            self.store.keep_embeddings(embedder.id(), &embeddings)?;
            for (id, embedding) in &embeddings {
                self.lines.embed(*id, embedding);
            }
        }
        Ok(lines.len())
    }

    fn embed_line(&mut self, line: &Line) -> anyhow::Result<()> {
        let Some(embedder) = self.embedder.clone() else { return Ok(()) };
        if self.lines.len() <= EMBEDDED_LINES_MOST {
            let embedding = embedder.embed(&line.text)?;
            self.lines.embed(line.id, &embedding);
            self.store.keep_embeddings(embedder.id(), &[(line.id, embedding)])?;
        }
        Ok(())
    }

    /// Where a damaged file was put, if that was found at opening.
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// What is kept, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Takes up the latest conversation; see [`Store::resume`].
    pub fn resume(&mut self, limit: u32, now: Timestamp) -> anyhow::Result<Vec<Line>> {
        self.store.resume(limit, now)
    }

    /// The next line begins a new conversation.
    pub fn begin(&mut self) {
        self.store.begin();
    }

    /// Keeps a line. On an error it is held, and written with the next one
    /// that can be.
    pub fn save(&mut self, line: &NewLine<'_>) -> anyhow::Result<Line> {
        self.write_what_is_left()?;
        match self.store.save(line) {
            Ok(line) => {
                self.add_line(&line);
                // The line is kept; what fails here is made up for later.
                let _ = self.embed_line(&line);
                Ok(line)
            }
            Err(error) => {
                self.unwritten.push(Unwritten {
                    turn: line.turn,
                    speaker: line.speaker.to_owned(),
                    text: line.text.to_owned(),
                    interrupted: line.interrupted,
                    at: line.at,
                });
                Err(error)
            }
        }
    }

    fn write_what_is_left(&mut self) -> anyhow::Result<()> {
        while let Some(first) = self.unwritten.first() {
            let line = self.store.save(&NewLine {
                turn: first.turn,
                speaker: &first.speaker,
                text: &first.text,
                interrupted: first.interrupted,
                at: first.at,
            })?;
            self.add_line(&line);
            self.unwritten.remove(0);
        }
        Ok(())
    }

    /// Keeps turns from elsewhere; see [`Store::import_turns`].
    pub fn import_turns(&mut self, turns: &[ImportedTurn]) -> anyhow::Result<usize> {
        let lines = self.store.import_turns(turns)?;
        for line in &lines {
            self.add_line(line);
        }
        Ok(lines.len())
    }

    /// Keeps what a line told.
    pub fn learn(
        &mut self,
        source: &Line,
        candidate: &Candidate,
        corrected: Option<FactId>,
    ) -> anyhow::Result<Learnt> {
        let learnt = self.store.learn(source, candidate, corrected)?;
        if let Learnt::Superseded { old, .. } = learnt {
            self.facts.remove(old);
        }
        if let Learnt::New(id) | Learnt::Superseded { by: id, .. } = learnt {
            self.index_fact(id)?;
        }
        Ok(learnt)
    }

    /// Changes the wording of a fact by hand.
    pub fn edit(&mut self, id: FactId, statement: &str, now: Timestamp) -> anyhow::Result<FactId> {
        let fresh = self.store.edit(id, statement, now)?;
        self.facts.remove(id);
        self.index_fact(fresh)?;
        Ok(fresh)
    }

    /// A fact is wrong, and nothing takes its place.
    pub fn retract(&mut self, id: FactId) -> anyhow::Result<()> {
        self.store.retract(id)?;
        self.facts.remove(id);
        Ok(())
    }

    /// What of the memory fits what the person just said, best first: of
    /// facts those that hold, of lines those of the person outside `in_view`
    /// (exchanges the language model reads anyway). Empty if nothing is
    /// relevant. `letters` limits the length of all words together.
    pub fn recall(
        &mut self,
        text: &str,
        in_view: &HashSet<u64>,
        letters: usize,
    ) -> anyhow::Result<Vec<Recalled>> {
        self.refresh()?;
        let query = Query { text, top: CANDIDATES, ..Query::default() };
        let mut found = Vec::new();
        let mut told = HashSet::new();
        for hit in self.facts.search(&query).into_iter().filter(|hit| hit.relevance >= RELEVANT) {
            let Some(fact) = self.store.fact(hit.id)? else { continue };
            let sources = self.store.sources(fact.id)?;
            told.extend(sources.iter().map(|line| line.id));
            // What was asked of her once is no order for ever.
            if fact.topic == Topic::Wishes || sources.iter().any(|l| in_view.contains(&l.turn)) {
                continue;
            }
            found.push(Recalled {
                fact: Some(fact.id),
                line: sources.last().map(|line| line.id),
                words: fact.statement,
                said_at: fact.said_at,
                relevance: hit.relevance,
                matched: hit.matched,
            });
        }
        for hit in self.lines.search(&query).into_iter().filter(|hit| hit.relevance >= RELEVANT) {
            let Some(line) = self.store.line(hit.id)? else { continue };
            if line.speaker == SAMANTHA || in_view.contains(&line.turn) || told.contains(&line.id) {
                continue;
            }
            let facts = self.store.facts_of(line.id)?;
            // What was learnt from a line says more than the line: its dates are
            // resolved, and what no longer holds is not among it.
            let learnt = facts
                .iter()
                .filter(|fact| fact.state == State::Current && fact.topic != Topic::Wishes)
                .map(|fact| (Some(fact.id), fact.statement.clone()));
            let words: Vec<(Option<FactId>, String)> = match facts.is_empty() {
                true if line.text.trim_end().ends_with('?') => Vec::new(),
                true => vec![(None, line.text.clone())],
                false => learnt.take(FACTS_OF_A_LINE).collect(),
            };
            for (fact, words) in words {
                if fact.is_some() && found.iter().any(|one: &Recalled| one.fact == fact) {
                    continue;
                }
                found.push(Recalled {
                    fact,
                    line: Some(line.id),
                    words,
                    said_at: line.at,
                    relevance: hit.relevance,
                    matched: hit.matched.clone(),
                });
            }
        }
        found.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
        let mut room = letters;
        found.retain(|recalled| {
            let length = recalled.words.chars().count();
            let fits = length <= room;
            room -= if fits { length } else { 0 };
            fits
        });
        Ok(found)
    }

    /// Notes what was laid before the language model in an exchange, so that
    /// forgetting finds her reply.
    pub fn note_recalled(&mut self, turn: u64, recalled: &[Recalled]) -> anyhow::Result<()> {
        for one in recalled {
            self.store.note_recalled(turn, one.fact, one.line)?;
        }
        Ok(())
    }

    /// Lines that fit a query, best first.
    pub fn search(&self, query: &Query<'_>) -> anyhow::Result<Vec<Found>> {
        let mut found = Vec::new();
        for hit in self.lines.search(query) {
            if let Some(line) = self.store.line(hit.id)? {
                found.push(Found { line, score: hit.score });
            }
        }
        Ok(found)
    }

    /// Lines in which all of these words stand, or begin a word, the latest
    /// first: `most` of them after the first `skip`, and how many there are.
    pub fn search_spelled(
        &mut self,
        words: &str,
        skip: usize,
        most: usize,
    ) -> anyhow::Result<(Vec<Line>, usize)> {
        self.refresh()?;
        let spelled = match &mut self.spelled {
            Some(spelled) => spelled,
            none => {
                let mut spelled = Spelled::default();
                self.store.each_line(|line| spelled.add(line.id, line.at, &line.text))?;
                none.insert(spelled)
            }
        };
        let hits = spelled.search(words);
        let mut lines = Vec::new();
        for id in hits.iter().skip(skip).take(most) {
            lines.extend(self.store.line(*id)?);
        }
        Ok((lines, hits.len()))
    }

    /// Facts that fit some words, best first; all of them, the latest first,
    /// if there are no words.
    pub fn find_facts(&self, words: &str) -> anyhow::Result<Vec<Fact>> {
        let facts = self.store.facts()?;
        let words = words.trim().to_lowercase();
        if words.is_empty() {
            return Ok(facts);
        }
        let query = Query { text: &words, top: 50, ..Query::default() };
        let hits = self.facts.search(&query);
        let place = |fact: &Fact| {
            let about = fact.about.as_ref().map(|(_, who)| who);
            let literal = fact.statement.to_lowercase().contains(&words)
                || about.is_some_and(|who| {
                    who.name.to_lowercase().contains(&words)
                        || who.relation.to_lowercase().contains(&words)
                });
            let hit = hits.iter().position(|hit| hit.id == fact.id && hit.relevance >= RELEVANT);
            if literal { Some(0) } else { hit.map(|place| place + 1) }
        };
        let mut placed: Vec<(usize, Fact)> =
            facts.into_iter().filter_map(|fact| place(&fact).map(|at| (at, fact))).collect();
        placed.sort_by_key(|(at, _)| *at);
        Ok(placed.into_iter().map(|(_, fact)| fact).collect())
    }

    /// What is known about someone: the current facts, the latest first.
    pub fn facts_about(&self, name_or_relation: &str) -> anyhow::Result<Vec<Fact>> {
        let wanted = telling(name_or_relation);
        let is = |who: &Someone| {
            let known = telling(&format!("{} {}", who.name, who.relation));
            !wanted.is_empty() && wanted.iter().all(|word| known.contains(word))
        };
        let mut facts = self.store.facts()?;
        facts.retain(|fact| {
            fact.state == State::Current && fact.about.as_ref().is_some_and(|(_, who)| is(who))
        });
        Ok(facts)
    }

    /// Forgets facts; see [`Store::forget_facts`].
    pub fn forget_facts(&mut self, facts: &[FactId], now: Timestamp) -> anyhow::Result<Forgotten> {
        let gone = self.store.forget_facts(facts, now)?;
        Ok(self.drop_forgotten(gone))
    }

    /// Forgets lines; see [`Store::forget_lines`].
    pub fn forget_lines(&mut self, lines: &[LineId], now: Timestamp) -> anyhow::Result<Forgotten> {
        let gone = self.store.forget_lines(lines, now)?;
        Ok(self.drop_forgotten(gone))
    }

    /// Forgets whatever holds these words; see [`Store::forget_words`].
    pub fn forget_words(&mut self, words: &str, now: Timestamp) -> anyhow::Result<Forgotten> {
        let gone = self.store.forget_words(words, now)?;
        Ok(self.drop_forgotten(gone))
    }

    /// Forgets all of it.
    pub fn forget_everything(&mut self, now: Timestamp) -> anyhow::Result<()> {
        self.unwritten.clear();
        self.store.forget_everything(now)?;
        self.fill()
    }

    fn drop_forgotten(&mut self, gone: Forgotten) -> Forgotten {
        for fact in &gone.facts {
            self.facts.remove(*fact);
        }
        for line in &gone.lines {
            self.lines.remove(*line);
        }
        if let Some(spelled) = &mut self.spelled {
            spelled.remove(&gone.lines);
        }
        gone
    }

    /// Keeps what a conversation was about.
    pub fn save_episode(&mut self, lines: &[Line], summary: &str) -> anyhow::Result<()> {
        self.store.save_episode(lines, summary)
    }

    /// Keeps how the person paces their speech; see [`Store::keep_pacing`].
    pub fn keep_pacing(&mut self, pacing: &Pacing) -> anyhow::Result<()> {
        self.store.keep_pacing(pacing)
    }

    /// Adds what an export holds; see [`Store::import`].
    pub fn import(&mut self, json_lines: &[u8]) -> anyhow::Result<Imported> {
        let imported = self.store.import(json_lines)?;
        self.fill()?;
        Ok(imported)
    }

    /// Takes over what was kept elsewhere while this memory could not be
    /// opened.
    pub fn take_in(&mut self, other: &Memory) -> anyhow::Result<()> {
        let export = other.store.export(Timestamp::UNIX_EPOCH)?;
        self.import(&export)?;
        Ok(())
    }

    /// Sees what another process has written in the meantime.
    fn refresh(&mut self) -> anyhow::Result<()> {
        if self.store.data_version()? != self.data_version {
            self.fill()?;
        }
        Ok(())
    }

    fn fill(&mut self) -> anyhow::Result<()> {
        self.data_version = self.store.data_version()?;
        let mut lines = self.embedder.clone().map_or_else(Index::new, Index::with_embedder);
        self.store.each_line(|line| lines.add(&doc(line)))?;
        if let Some(embedder) = &self.embedder
            && lines.len() <= EMBEDDED_LINES_MOST
        {
            self.store.each_embedding(embedder.id(), |id, embedding| lines.embed(id, embedding))?;
        }
        self.lines = lines;
        self.spelled = None;
        self.facts = Index::new();
        for fact in self.store.facts()?.into_iter().rev() {
            if fact.state == State::Current {
                self.add_fact(&fact);
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &Line) {
        self.lines.add(&doc(line));
        if let Some(spelled) = &mut self.spelled {
            spelled.add(line.id, line.at, &line.text);
        }
    }

    fn index_fact(&mut self, id: FactId) -> anyhow::Result<()> {
        if let Some(fact) = self.store.fact(id)? {
            self.add_fact(&fact);
        }
        Ok(())
    }

    fn add_fact(&mut self, fact: &Fact) {
        let about = fact.about.as_ref().map(|(_, who)| format!("{} {}", who.relation, who.name));
        let text = match about {
            Some(about) => format!("{} ({about})", fact.statement),
            None => fact.statement.clone(),
        };
        // Each fact stands for itself: no neighbours lend it their words.
        self.facts.add(&Doc {
            id: fact.id,
            conversation: fact.id,
            speaker: PERSON,
            at: fact.said_at,
            text: &text,
        });
    }
}

fn doc(line: &Line) -> Doc<'_> {
    Doc {
        id: line.id,
        conversation: line.conversation,
        speaker: &line.speaker,
        at: line.at,
        text: &line.text,
    }
}

#[cfg(test)]
mod tests;
