//! Facts about the person's life, the people in it, and where each is from.

use super::{FactId, Line, LineId, PersonId, Store, read_time};
use crate::learn::{Candidate, Someone, Subject, Topic, is_denied};
use crate::words::telling;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

/// Whether a fact holds. What is forgotten is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It holds, as far as she knows.
    Current,
    /// It was corrected, or has changed.
    Superseded,
}

/// Something known of the person's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its row.
    pub id: FactId,
    /// In the person's own voice.
    pub statement: String,
    /// Whom it is about; `None` is the person.
    pub about: Option<(PersonId, Someone)>,
    /// What it is about.
    pub topic: Topic,
    /// Of which there is one at a time; empty if there can be many.
    pub slot: String,
    /// The date of the matter.
    pub happens_on: Option<Date>,
    /// The date of the saying.
    pub said_at: Timestamp,
    /// 0.0..=1.0.
    pub confidence: f32,
    /// Whether it holds.
    pub state: State,
    /// What took its place.
    pub superseded_by: Option<FactId>,
}

impl From<Fact> for Candidate {
    fn from(fact: Fact) -> Self {
        Self {
            statement: fact.statement,
            subject: fact.about.map_or(Subject::Person, |(_, who)| Subject::Other(who)),
            topic: fact.topic,
            slot: fact.slot,
            when: fact.happens_on,
            confidence: fact.confidence,
            corrects: false,
        }
    }
}

/// Someone in the person's life, and how much is known of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Their row.
    pub id: PersonId,
    /// Who.
    pub who: Someone,
    /// Facts about them that hold.
    pub facts: u64,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learnt {
    /// It is new.
    New(FactId),
    /// It was known; this line is one more source.
    Known(FactId),
    /// It is new and took the place of another.
    Superseded {
        /// The new one.
        by: FactId,
        /// The one that is history now.
        old: FactId,
    },
}

impl Store {
    /// Keeps what a line told. `corrected` is the fact that a correction is
    /// about, if that is known.
    pub fn learn(
        &mut self,
        source: &Line,
        candidate: &Candidate,
        corrected: Option<FactId>,
    ) -> anyhow::Result<Learnt> {
        let transaction = self.connection.transaction()?;
        let about = match &candidate.subject {
            Subject::Person => None,
            Subject::Other(who) => Some(person(&transaction, who)?),
        };
        let same_subject = facts_about(&transaction, about)?;
        let known = same_subject.iter().find(|fact| {
            fact.state == State::Current && same(&fact.statement, &candidate.statement)
        });
        if let Some(known) = known {
            let id = known.id;
            add_source(&transaction, id, source.id)?;
            transaction.commit()?;
            return Ok(Learnt::Known(id));
        }
        let current: Vec<Fact> =
            same_subject.into_iter().filter(|fact| fact.state == State::Current).collect();
        let replaced = same_slot(&transaction, &current, candidate)?
            .or_else(|| ended(&current, candidate))
            .or(corrected.filter(|_| candidate.corrects))
            .or_else(|| nearest(&current, candidate).filter(|_| candidate.corrects));
        let id = insert(&transaction, about, candidate, source.at)?;
        add_source(&transaction, id, source.id)?;
        if let Some(old) = replaced {
            supersede(&transaction, old, id)?;
        }
        transaction.commit()?;
        Ok(match replaced {
            Some(old) => Learnt::Superseded { by: id, old },
            None => Learnt::New(id),
        })
    }

    /// What the person changed by hand: the old wording becomes history.
    pub fn edit(&mut self, id: FactId, statement: &str, now: Timestamp) -> anyhow::Result<FactId> {
        let old = self.fact(id)?.ok_or_else(|| anyhow::anyhow!("there is no such memory"))?;
        let transaction = self.connection.transaction()?;
        let candidate = Candidate {
            statement: statement.to_owned(),
            subject: Subject::Person,
            topic: old.topic,
            slot: old.slot,
            when: old.happens_on,
            confidence: 1.0,
            corrects: true,
        };
        let about = old.about.map(|(id, _)| id);
        let fresh = insert(&transaction, about, &candidate, now)?;
        transaction.execute(
            "INSERT INTO fact_source (fact, line) SELECT ?1, line FROM fact_source WHERE fact = ?2",
            [fresh, id],
        )?;
        supersede(&transaction, id, fresh)?;
        transaction.commit()?;
        Ok(fresh)
    }

    /// A fact turned out to be wrong, and nothing takes its place.
    pub fn retract(&mut self, id: FactId) -> anyhow::Result<()> {
        self.connection.execute("UPDATE fact SET state = 'superseded' WHERE id = ?1", [id])?;
        Ok(())
    }

    /// A fact by its row.
    pub fn fact(&self, id: FactId) -> anyhow::Result<Option<Fact>> {
        let mut statement =
            self.connection.prepare_cached(&format!("{SELECT} WHERE fact.id = ?1"))?;
        Ok(statement.query_row([id], read).optional()?)
    }

    /// All facts, those said last first.
    pub fn facts(&self) -> anyhow::Result<Vec<Fact>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY fact.said_at DESC, fact.id DESC"))?;
        let facts = statement.query_map([], read)?;
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// The facts that a line told.
    pub fn facts_of(&self, line: LineId) -> anyhow::Result<Vec<Fact>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} JOIN fact_source ON fact_source.fact = fact.id
             WHERE fact_source.line = ?1 ORDER BY fact.id"
        ))?;
        let facts = statement.query_map([line], read)?;
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// The lines a fact is from, oldest first.
    pub fn sources(&self, fact: FactId) -> anyhow::Result<Vec<Line>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {} FROM line JOIN fact_source ON fact_source.line = line.id
             WHERE fact_source.fact = ?1 ORDER BY line.id",
            super::COLUMNS
        ))?;
        let lines = statement.query_map([fact], super::read_line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Everyone in the person's life.
    pub fn people(&self) -> anyhow::Result<Vec<Known>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT person.id, name, relation,
                (SELECT count(*) FROM fact WHERE about = person.id AND state = 'current')
             FROM person ORDER BY name = '', name, relation",
        )?;
        let people = statement.query_map([], |row| {
            Ok(Known {
                id: row.get(0)?,
                who: Someone { name: row.get(1)?, relation: row.get(2)? },
                facts: row.get::<_, i64>(3)?.unsigned_abs(),
            })
        })?;
        Ok(people.collect::<Result<_, _>>()?)
    }
}

const SELECT: &str = "SELECT fact.id, fact.statement, fact.about, person.name, person.relation,
    fact.topic, fact.slot, fact.happens_on, fact.said_at, fact.confidence, fact.state,
    fact.superseded_by FROM fact LEFT JOIN person ON person.id = fact.about";

fn read(row: &Row<'_>) -> rusqlite::Result<Fact> {
    let about = match row.get::<_, Option<PersonId>>(2)? {
        Some(id) => Some((id, Someone { name: row.get(3)?, relation: row.get(4)? })),
        None => None,
    };
    let state: String = row.get(10)?;
    Ok(Fact {
        id: row.get(0)?,
        statement: row.get(1)?,
        about,
        topic: topic_named(&row.get::<_, String>(5)?),
        slot: row.get(6)?,
        happens_on: row.get::<_, Option<String>>(7)?.and_then(|date| date.parse().ok()),
        said_at: read_time(row, 8)?,
        confidence: row.get(9)?,
        state: if state == "current" { State::Current } else { State::Superseded },
        superseded_by: row.get(11)?,
    })
}

fn facts_about(connection: &Connection, about: Option<PersonId>) -> anyhow::Result<Vec<Fact>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE fact.about IS ?1 ORDER BY fact.id DESC"))?;
    let facts = statement.query_map([about], read)?;
    Ok(facts.collect::<Result<_, _>>()?)
}

pub(super) fn insert(
    connection: &Connection,
    about: Option<PersonId>,
    candidate: &Candidate,
    said_at: Timestamp,
) -> anyhow::Result<FactId> {
    connection
        .prepare_cached(
            "INSERT INTO fact
             (statement, about, topic, slot, happens_on, said_at, confidence, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'current')",
        )?
        .execute(params![
            candidate.statement,
            about,
            topic_name(candidate.topic),
            candidate.slot,
            candidate.when.map(|date| date.to_string()),
            said_at.to_string(),
            candidate.confidence
        ])?;
    Ok(connection.last_insert_rowid())
}

pub(super) fn add_source(
    connection: &Connection,
    fact: FactId,
    line: LineId,
) -> anyhow::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO fact_source (fact, line) VALUES (?1, ?2)")?
        .execute([fact, line])?;
    Ok(())
}

pub(super) fn supersede(connection: &Connection, old: FactId, by: FactId) -> anyhow::Result<()> {
    connection
        .prepare_cached("UPDATE fact SET state = 'superseded', superseded_by = ?2 WHERE id = ?1")?
        .execute([old, by])?;
    Ok(())
}

/// Finds someone, or makes them known. What is learnt later completes what was
/// known before: "my sister" and "my sister Ana" are one, as long as there is
/// only one sister.
pub(super) fn person(connection: &Connection, who: &Someone) -> anyhow::Result<PersonId> {
    let mut statement = connection.prepare_cached("SELECT id, name, relation FROM person")?;
    let people: Vec<(PersonId, Someone)> = statement
        .query_map([], |row| {
            Ok((row.get(0)?, Someone { name: row.get(1)?, relation: row.get(2)? }))
        })?
        .collect::<Result<_, _>>()?;
    let alike = |a: &str, b: &str| a.is_empty() || b.is_empty() || a.eq_ignore_ascii_case(b);
    let same_name = |known: &Someone| {
        !who.name.is_empty()
            && known.name.eq_ignore_ascii_case(&who.name)
            && alike(&known.relation, &who.relation)
    };
    let same_relation = |known: &Someone| {
        !who.relation.is_empty()
            && known.relation.eq_ignore_ascii_case(&who.relation)
            && alike(&known.name, &who.name)
    };
    let found = people.iter().find(|(_, known)| same_name(known)).or_else(|| {
        let mut candidates = people.iter().filter(|(_, known)| same_relation(known));
        candidates.next().filter(|_| candidates.next().is_none())
    });
    if let Some((id, known)) = found {
        let name = if known.name.is_empty() { &who.name } else { &known.name };
        let relation = if known.relation.is_empty() { &who.relation } else { &known.relation };
        connection
            .prepare_cached("UPDATE person SET name = ?2, relation = ?3 WHERE id = ?1")?
            .execute(params![id, name, relation])?;
        return Ok(*id);
    }
    connection
        .prepare_cached("INSERT INTO person (name, relation) VALUES (?1, ?2)")?
        .execute(params![who.name, who.relation])?;
    Ok(connection.last_insert_rowid())
}

/// The fact that held the place which can hold only one.
fn same_slot(
    connection: &Connection,
    current: &[Fact],
    candidate: &Candidate,
) -> anyhow::Result<Option<FactId>> {
    if candidate.slot.is_empty() {
        return Ok(None);
    }
    if let Some(fact) = current.iter().find(|fact| fact.slot == candidate.slot) {
        return Ok(Some(fact.id));
    }
    // A partner is someone else each time: the place is the person's.
    if candidate.slot != "partner" {
        return Ok(None);
    }
    let partner = "SELECT id FROM fact WHERE slot = 'partner' AND state = 'current'
                   ORDER BY id DESC LIMIT 1";
    Ok(connection.query_row(partner, [], |row| row.get(0)).optional()?)
}

/// The fact that a denial ends: "I don't drink coffee any more" ends "I drink
/// coffee."
fn ended(current: &[Fact], candidate: &Candidate) -> Option<FactId> {
    if !is_denied(&candidate.statement) {
        return None;
    }
    let denial = telling(&candidate.statement);
    let ended = current.iter().find(|fact| {
        let words = telling(&fact.statement);
        !is_denied(&fact.statement)
            && !words.is_empty()
            && words.iter().all(|word| denial.contains(word))
    });
    ended.map(|fact| fact.id)
}

/// The fact that shares most words with a correction, and at least one that is
/// no name: "she moved to Porto" corrects "she moved to Lisbon".
fn nearest(current: &[Fact], candidate: &Candidate) -> Option<FactId> {
    let about = match &candidate.subject {
        Subject::Person => Vec::new(),
        Subject::Other(who) => telling(&format!("{} {}", who.name, who.relation)),
    };
    let words = telling(&candidate.statement);
    let shared = |fact: &Fact| {
        let of_fact = telling(&fact.statement);
        words.iter().filter(|word| of_fact.contains(word) && !about.contains(word)).count()
    };
    let best = current.iter().map(|fact| (shared(fact), fact.id)).max()?;
    (best.0 > 0).then_some(best.1)
}

/// Whether two statements say the same in nearly the same words.
fn same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .filter(|word| !matches!(word.as_str(), "a" | "an" | "the" | "just" | "really" | "so"))
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    words(a) == words(b)
}

/// The name of a topic in the database and in exports.
pub fn topic_name(topic: Topic) -> String {
    match serde_json::to_value(topic) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "other".into(),
    }
}

/// The topic of that name; a name that is not known is some other topic.
pub fn topic_named(name: &str) -> Topic {
    serde_json::from_value(name.into()).unwrap_or(Topic::Other)
}
