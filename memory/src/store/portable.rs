//! The memory as one file that can be taken away and brought back.
//!
//! JSON lines, one record a line, documented in `docs/memory-format.md`;
//! encrypted with a passphrase in the `age` format unless the person wants it
//! plain. Bringing a file in adds what is not known yet and changes nothing
//! that is.

use super::facts::{State, add_source, insert, person, supersede, topic_name, topic_named};
use super::pacing::Pacing;
use super::{FactId, LineId, Store, begin_conversation, insert_line};
use crate::learn::{Candidate, Someone, Subject};
use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The version this program writes, and the latest it reads.
const VERSION: u32 = 1;

/// One line of the file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    /// The first line.
    SamanthaMemory {
        version: u32,
        exported_at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pacing: Option<Pacing>,
    },
    Conversation {
        id: i64,
        started_at: Timestamp,
        #[serde(default)]
        imported: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<String>,
    },
    Line {
        id: LineId,
        conversation: i64,
        turn: u64,
        speaker: String,
        text: String,
        #[serde(default)]
        interrupted: bool,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<String>,
    },
    Fact {
        id: FactId,
        statement: String,
        /// Absent if it is about the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<Someone>,
        topic: String,
        #[serde(default)]
        slot: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happens_on: Option<Date>,
        said_at: Timestamp,
        confidence: f32,
        state: State,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        superseded_by: Option<FactId>,
        /// Lines it is from.
        sources: Vec<LineId>,
    },
}

/// What was brought in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Lines that were not known yet.
    pub lines: u64,
    /// Facts that were not known yet.
    pub facts: u64,
}

impl Store {
    /// All of it as JSON lines.
    pub fn export(&self, now: Timestamp) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut write = |record: &Record| -> anyhow::Result<()> {
            serde_json::to_writer(&mut out, record)?;
            out.push(b'\n');
            Ok(())
        };
        let pacing = self.pacing()?;
        write(&Record::SamanthaMemory { version: VERSION, exported_at: now, pacing })?;
        let mut statement = self.connection.prepare(
            "SELECT id, started_at, imported, summary FROM conversation
             LEFT JOIN episode ON episode.conversation = conversation.id ORDER BY id",
        )?;
        let conversations = statement.query_map([], |row| {
            Ok(Record::Conversation {
                id: row.get(0)?,
                started_at: super::read_time(row, 1)?,
                imported: row.get(2)?,
                summary: row.get(3)?,
            })
        })?;
        for conversation in conversations {
            write(&conversation?)?;
        }
        let mut lines = Vec::new();
        self.each_line(|line| lines.push(line.clone()))?;
        for line in lines {
            write(&Record::Line {
                id: line.id,
                conversation: line.conversation,
                turn: line.turn,
                speaker: line.speaker,
                text: line.text,
                interrupted: line.interrupted,
                at: line.at,
                origin: line.origin,
            })?;
        }
        let mut facts = self.facts()?;
        facts.sort_by_key(|fact| fact.id);
        for fact in facts {
            let sources = self.sources(fact.id)?.into_iter().map(|line| line.id).collect();
            write(&Record::Fact {
                id: fact.id,
                statement: fact.statement,
                about: fact.about.map(|(_, who)| who),
                topic: topic_name(fact.topic),
                slot: fact.slot,
                happens_on: fact.happens_on,
                said_at: fact.said_at,
                confidence: fact.confidence,
                state: fact.state,
                superseded_by: fact.superseded_by,
                sources,
            })?;
        }
        Ok(out)
    }

    /// Adds what an export holds, all of it or, on an error, nothing.
    pub fn import(&mut self, json_lines: &[u8]) -> anyhow::Result<Imported> {
        let text = std::str::from_utf8(json_lines).context(NOT_AN_EXPORT)?;
        let mut records = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let coming_pacing = match records.next().map(|(_, line)| serde_json::from_str(line)) {
            Some(Ok(Record::SamanthaMemory { version, pacing, .. })) if version <= VERSION => {
                pacing
            }
            Some(Ok(Record::SamanthaMemory { version, .. })) => bail!(
                "this file was written by a newer Samantha (format {version}): update this one first"
            ),
            _ => bail!(NOT_AN_EXPORT),
        };
        let pacing = coming_pacing.filter(|_| !matches!(self.pacing(), Ok(Some(_))));
        let next_turn = self.next_turn()?;
        let transaction = self.connection.transaction()?;
        if let Some(pacing) = pacing {
            super::pacing::keep(&transaction, &pacing)?;
        }
        let mut coming = Coming { next_turn, ..Coming::default() };
        for (number, line) in records {
            let record = serde_json::from_str(line)
                .with_context(|| format!("line {} of the file cannot be read", number + 1))?;
            coming.take(&transaction, record)?;
        }
        for (old, by) in std::mem::take(&mut coming.superseded) {
            if let (Some(old), Some(by)) = (coming.facts.get(&old), coming.facts.get(&by)) {
                supersede(&transaction, *old, *by)?;
            }
        }
        for conversation in coming.begun.values() {
            transaction.execute(
                "UPDATE episode SET ended_at = coalesce((SELECT at FROM line
                    WHERE line.conversation = ?1 ORDER BY id DESC LIMIT 1), ended_at)
                 WHERE conversation = ?1",
                [conversation],
            )?;
        }
        transaction.commit()?;
        Ok(coming.imported)
    }
}

const NOT_AN_EXPORT: &str = "this is no memory that Samantha exported: its first line should be \
                             {\"record\":\"samantha_memory\",…}";

/// An import under way: which row of the file became which row here.
#[derive(Default)]
struct Coming {
    imported: Imported,
    next_turn: u64,
    conversations: HashMap<i64, (Timestamp, bool, Option<String>)>,
    begun: HashMap<i64, i64>,
    turns: HashMap<u64, u64>,
    lines: HashMap<LineId, LineId>,
    facts: HashMap<FactId, FactId>,
    superseded: Vec<(FactId, FactId)>,
}

impl Coming {
    fn take(&mut self, to: &rusqlite::Connection, record: Record) -> anyhow::Result<()> {
        match record {
            Record::SamanthaMemory { .. } => bail!("the file holds two exports"),
            Record::Conversation { id, started_at, imported, summary } => {
                self.conversations.insert(id, (started_at, imported, summary));
            }
            Record::Line { id, conversation, turn, speaker, text, interrupted, at, origin } => {
                let known: Option<LineId> = to
                    .prepare_cached(
                        "SELECT id FROM line WHERE (origin = ?1 AND ?1 IS NOT NULL)
                         OR (at = ?2 AND speaker = ?3 AND text = ?4)",
                    )?
                    .query_row(params![origin, at.to_string(), speaker, text], |row| row.get(0))
                    .optional()?;
                if let Some(known) = known {
                    self.lines.insert(id, known);
                    return Ok(());
                }
                let conversation = self.conversation(to, conversation, at)?;
                let fresh = self.next_turn;
                let turn = *self.turns.entry(turn).or_insert(fresh);
                self.next_turn += u64::from(turn == fresh);
                let line = super::NewLine { turn, speaker: &speaker, text: &text, interrupted, at };
                let row = insert_line(to, conversation, &line, origin.as_deref())?;
                self.lines.insert(id, row);
                self.imported.lines += 1;
            }
            Record::Fact {
                id,
                statement,
                about,
                topic,
                slot,
                happens_on,
                said_at,
                confidence,
                state,
                superseded_by,
                sources,
            } => {
                let who = about.map(|who| person(to, &who)).transpose()?;
                let known: Option<FactId> = to
                    .prepare_cached(
                        "SELECT id FROM fact WHERE statement = ?1 AND about IS ?2 AND said_at = ?3",
                    )?
                    .query_row(params![statement, who, said_at.to_string()], |row| row.get(0))
                    .optional()?;
                let row = match known {
                    Some(row) => row,
                    None => {
                        self.imported.facts += 1;
                        let candidate = Candidate {
                            statement,
                            subject: Subject::Person,
                            topic: topic_named(&topic),
                            slot,
                            when: happens_on,
                            confidence,
                            corrects: false,
                        };
                        let row = insert(to, who, &candidate, said_at)?;
                        if state == State::Superseded {
                            to.execute(
                                "UPDATE fact SET state = 'superseded' WHERE id = ?1",
                                [row],
                            )?;
                        }
                        row
                    }
                };
                self.facts.insert(id, row);
                self.superseded.extend(superseded_by.map(|by| (id, by)));
                for line in sources.iter().filter_map(|line| self.lines.get(line)) {
                    add_source(to, row, *line)?;
                }
            }
        }
        Ok(())
    }

    /// The conversation here that stands for one of the file.
    fn conversation(
        &mut self,
        to: &rusqlite::Connection,
        id: i64,
        at: Timestamp,
    ) -> anyhow::Result<i64> {
        if let Some(row) = self.begun.get(&id) {
            return Ok(*row);
        }
        let (started_at, imported, summary) =
            self.conversations.get(&id).cloned().unwrap_or((at, false, None));
        let row = begin_conversation(to, started_at, imported)?;
        if let Some(summary) = summary {
            to.execute(
                "INSERT INTO episode (conversation, summary, began_at, ended_at)
                 VALUES (?1, ?2, ?3, ?3)",
                params![row, summary, started_at.to_string()],
            )?;
        }
        self.begun.insert(id, row);
        Ok(row)
    }
}
