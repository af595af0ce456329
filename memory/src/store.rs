//! What is kept, and how it is read, written and forgotten: the one place that
//! speaks SQL.
//!
//! [`crate::Memory`] owns a store and keeps the search index in step with it.
//! What a call returned from is on disk and survives `kill -9`.

use crate::key::Key;
use crate::schema;
use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

mod embeddings;
pub mod episodes;
pub mod facts;
pub mod forget;
pub mod letters;
pub mod pacing;
pub mod portable;
mod salvage;

/// Speaker of what the person said.
pub const PERSON: &str = "person";
/// Speaker of what Samantha said.
pub const SAMANTHA: &str = "samantha";

/// After a silence of this length a new conversation begins.
pub const CONVERSATION_GAP: SignedDuration = SignedDuration::from_hours(4);

/// Row of a line.
pub type LineId = i64;
/// Row of a fact.
pub type FactId = i64;
/// Row of someone in the person's life.
pub type PersonId = i64;
/// Row of a conversation.
pub type ConversationId = i64;

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its row.
    pub id: LineId,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Its exchange; unique across conversations.
    pub turn: u64,
    /// [`PERSON`], [`SAMANTHA`], or a name in an imported conversation.
    pub speaker: String,
    /// What was said; of hers, only what was heard.
    pub text: String,
    /// She was cut off after this.
    pub interrupted: bool,
    /// When.
    pub at: Timestamp,
    /// The id it was imported under.
    pub origin: Option<String>,
}

/// Something to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLine<'a> {
    /// Its exchange.
    pub turn: u64,
    /// [`PERSON`] or [`SAMANTHA`].
    pub speaker: &'a str,
    /// What was said.
    pub text: &'a str,
    /// She was cut off after this.
    pub interrupted: bool,
    /// When.
    pub at: Timestamp,
}

/// A turn from elsewhere, as `samantha memory import-turns` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedTurn {
    /// Names it for ever; a turn whose id is known already is passed over.
    pub id: String,
    /// Who said it.
    pub speaker: String,
    /// When, RFC 3339.
    pub time: Timestamp,
    /// What was said.
    pub text: String,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Lines of all conversations.
    pub lines: u64,
    /// Conversations.
    pub conversations: u64,
    /// Facts that hold.
    pub facts: u64,
    /// Facts that were corrected or have changed.
    pub superseded: u64,
    /// People.
    pub people: u64,
    /// Summaries.
    pub episodes: u64,
    /// Facts and lines that were forgotten on request.
    pub forgotten: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// The database.
pub struct Store {
    pub(crate) connection: Connection,
    file: Option<PathBuf>,
    conversation: Option<(ConversationId, Timestamp)>,
}

/// An opened store, and what had to be done for it.
pub struct Opened {
    /// To be used.
    pub store: Store,
    /// Where a damaged file was put, after all that could be read of it was
    /// taken into the new one.
    pub set_aside: Option<PathBuf>,
}

impl Store {
    /// Opens or makes the file with a key that is known to be the right one. A
    /// damaged file is kept under another name, and what can be read of it is
    /// taken over.
    pub fn open(file: &Path, key: &Key) -> anyhow::Result<Opened> {
        let opened = schema::open(file, key).and_then(|connection| {
            check_pages(&connection)?;
            Ok(connection)
        });
        let (connection, set_aside) = match opened {
            Ok(connection) => (connection, None),
            Err(error) if schema::is_damage(&error) => {
                let (connection, aside) = salvage::salvage(file, key)
                    .with_context(|| format!("{} is damaged", file.display()))?;
                (connection, Some(aside))
            }
            Err(error) => return Err(error),
        };
        let store = Self { connection, file: Some(file.to_owned()), conversation: None };
        Ok(Opened { store, set_aside })
    }

    /// The same after the conversations of a file that was not encrypted have
    /// been taken over, if there is one.
    pub fn open_after(plain: &Path, file: &Path, key: &Key) -> anyhow::Result<Opened> {
        match schema::take_over(plain, file, key) {
            Ok(_) => {}
            // It stays where it is, for someone to look at.
            Err(error) if schema::is_damage(&error) => {}
            Err(error) => return Err(error),
        }
        Self::open(file, key)
    }

    /// One more connection to a file that is open already, for reading on another
    /// thread.
    pub fn open_beside(file: &Path, key: &Key) -> anyhow::Result<Self> {
        let connection = schema::open(file, key)?;
        Ok(Self { connection, file: Some(file.to_owned()), conversation: None })
    }

    /// A store that is gone when it is dropped.
    pub fn in_memory() -> anyhow::Result<Self> {
        Ok(Self { connection: schema::in_memory()?, file: None, conversation: None })
    }

    /// The id above all that were ever given to a turn.
    pub fn next_turn(&self) -> anyhow::Result<u64> {
        let last: Option<i64> =
            self.connection.query_row("SELECT max(turn) FROM line", [], |row| row.get(0))?;
        Ok(u64::try_from(last.unwrap_or(0)).unwrap_or(0) + 1)
    }

    /// Takes up the latest conversation, unless it has been silent for
    /// [`CONVERSATION_GAP`], and returns the last lines that were said, oldest
    /// first, `limit` at most.
    pub fn resume(&mut self, limit: u32, now: Timestamp) -> anyhow::Result<Vec<Line>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM line JOIN conversation AS c ON c.id = line.conversation
             WHERE NOT c.imported
             ORDER BY c.started_at DESC, c.id DESC, line.id DESC LIMIT ?1"
        ))?;
        let mut lines: Vec<Line> =
            statement.query_map([limit], read_line)?.collect::<Result<_, _>>()?;
        lines.reverse();
        self.conversation = lines
            .last()
            .filter(|line| now.duration_since(line.at) < CONVERSATION_GAP)
            .map(|line| (line.conversation, line.at));
        Ok(lines)
    }

    /// The next line begins a new conversation.
    pub fn begin(&mut self) {
        self.conversation = None;
    }

    /// The conversation that lines are being added to.
    pub fn current_conversation(&self) -> Option<ConversationId> {
        self.conversation.map(|(id, _)| id)
    }

    /// Keeps a line. When this returns, it survives the end of the process,
    /// however that ends.
    pub fn save(&mut self, line: &NewLine<'_>) -> anyhow::Result<Line> {
        let transaction = self.connection.transaction()?;
        let conversation = match self.conversation {
            Some((id, last)) if line.at.duration_since(last) < CONVERSATION_GAP => id,
            _ => begin_conversation(&transaction, line.at, false)?,
        };
        let id = insert_line(&transaction, conversation, line, None)?;
        transaction.commit()?;
        self.conversation = Some((conversation, line.at));
        Ok(Line {
            id,
            conversation,
            turn: line.turn,
            speaker: line.speaker.to_owned(),
            text: line.text.to_owned(),
            interrupted: line.interrupted,
            at: line.at,
            origin: None,
        })
    }

    /// Keeps turns from elsewhere, all or none of them, and returns those that
    /// were not known yet. Turns that lie close together in time become one
    /// conversation.
    pub fn import_turns(&mut self, turns: &[ImportedTurn]) -> anyhow::Result<Vec<Line>> {
        let mut exchange = self.next_turn()?;
        let transaction = self.connection.transaction()?;
        let mut last: Option<(ConversationId, Timestamp)> = None;
        let mut lines = Vec::new();
        for turn in turns {
            let known = transaction
                .prepare_cached("SELECT 1 FROM line WHERE origin = ?1")?
                .exists([&turn.id])?;
            if known {
                continue;
            }
            let conversation = match last {
                Some((id, at)) if turn.time.duration_since(at).abs() < CONVERSATION_GAP => id,
                _ => begin_conversation(&transaction, turn.time, true)?,
            };
            last = Some((conversation, turn.time));
            let new = NewLine {
                turn: exchange,
                speaker: &turn.speaker,
                text: &turn.text,
                interrupted: false,
                at: turn.time,
            };
            let id = insert_line(&transaction, conversation, &new, Some(&turn.id))?;
            lines.push(Line {
                id,
                conversation,
                turn: exchange,
                speaker: turn.speaker.clone(),
                text: turn.text.clone(),
                interrupted: false,
                at: turn.time,
                origin: Some(turn.id.clone()),
            });
            exchange += 1;
        }
        transaction.commit()?;
        Ok(lines)
    }

    /// Hands every line to `take`, in the order they were said.
    pub fn each_line(&self, mut take: impl FnMut(&Line)) -> anyhow::Result<()> {
        let mut statement =
            self.connection.prepare(&format!("SELECT {COLUMNS} FROM line ORDER BY id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(&read_line(row)?);
        }
        Ok(())
    }

    /// A line by its row.
    pub fn line(&self, id: LineId) -> anyhow::Result<Option<Line>> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM line WHERE id = ?1"))?;
        Ok(statement.query_row([id], read_line).optional()?)
    }

    /// A line by the id it was imported under.
    pub fn line_by_origin(&self, origin: &str) -> anyhow::Result<Option<Line>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM line WHERE origin = ?1"))?;
        Ok(statement.query_row([origin], read_line).optional()?)
    }

    /// The lines of an exchange.
    pub fn lines_of_turn(&self, turn: u64) -> anyhow::Result<Vec<Line>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM line WHERE turn = ?1 ORDER BY id"))?;
        let lines = statement.query_map([i64::try_from(turn)?], read_line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// The lines of a conversation, oldest first.
    pub fn lines_of(&self, conversation: ConversationId) -> anyhow::Result<Vec<Line>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM line WHERE conversation = ?1 ORDER BY id"
        ))?;
        let lines = statement.query_map([conversation], read_line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Notes what was laid before the language model in an exchange.
    pub fn note_recalled(
        &mut self,
        turn: u64,
        fact: Option<FactId>,
        line: Option<LineId>,
    ) -> anyhow::Result<()> {
        self.connection
            .prepare_cached("INSERT INTO recalled (turn, fact, line) VALUES (?1, ?2, ?3)")?
            .execute(params![i64::try_from(turn)?, fact, line])?;
        Ok(())
    }

    /// Changes when another process writes to the database.
    pub fn data_version(&self) -> anyhow::Result<i64> {
        Ok(self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// How much there is.
    pub fn counts(&self) -> anyhow::Result<Counts> {
        let count = |sql: &str| -> anyhow::Result<u64> {
            let n: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
            Ok(n.unsigned_abs())
        };
        let on_disk = |file: &Path| {
            ["", "-wal"]
                .iter()
                .filter_map(|suffix| std::fs::metadata(schema::beside(file, suffix)).ok())
                .map(|data| data.len())
                .sum()
        };
        Ok(Counts {
            lines: count("SELECT count(*) FROM line")?,
            conversations: count("SELECT count(*) FROM conversation")?,
            facts: count("SELECT count(*) FROM fact WHERE state = 'current'")?,
            superseded: count("SELECT count(*) FROM fact WHERE state = 'superseded'")?,
            people: count("SELECT count(*) FROM person")?,
            episodes: count("SELECT count(*) FROM episode")?,
            forgotten: count("SELECT coalesce(sum(facts + lines), 0) FROM forgotten")?,
            bytes: self.file.as_deref().map_or(0, on_disk),
        })
    }

    /// Looks at every page, every reference and every index; the list is
    /// empty if all is well.
    pub fn check(&self) -> anyhow::Result<Vec<String>> {
        let mut problems = Vec::new();
        // Each page carries a code that only the key can make.
        for pragma in ["cipher_integrity_check", "integrity_check"] {
            let mut statement = self.connection.prepare(&format!("PRAGMA {pragma}"))?;
            let found = statement.query_map([], |row| row.get::<_, String>(0))?;
            for problem in found {
                problems.extend(Some(problem?).filter(|text| text != "ok"));
            }
        }
        let dangling: i64 = self.connection.query_row(
            "SELECT count(*) FROM pragma_foreign_key_check",
            [],
            |row| row.get(0),
        )?;
        if dangling > 0 {
            problems.push(format!("{dangling} references lead nowhere"));
        }
        Ok(problems)
    }
}

/// Reads what a damaged file would fail at later: every page of the tables.
fn check_pages(connection: &Connection) -> anyhow::Result<()> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let damaged = statement.exists([])?;
    if damaged {
        let damage = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(rusqlite::Error::SqliteFailure(damage, None).into());
    }
    Ok(())
}

const COLUMNS: &str = "line.id, line.conversation, line.turn, line.speaker, line.text, \
                       line.interrupted, line.at, line.origin";

fn read_line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: row.get(0)?,
        conversation: row.get(1)?,
        turn: row.get::<_, i64>(2)?.unsigned_abs(),
        speaker: row.get(3)?,
        text: row.get(4)?,
        interrupted: row.get(5)?,
        at: read_time(row, 6)?,
        origin: row.get(7)?,
    })
}

fn read_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error: jiff::Error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

fn begin_conversation(
    connection: &Connection,
    at: Timestamp,
    imported: bool,
) -> anyhow::Result<ConversationId> {
    connection
        .prepare_cached("INSERT INTO conversation (started_at, imported) VALUES (?1, ?2)")?
        .execute(params![at.to_string(), imported])?;
    Ok(connection.last_insert_rowid())
}

fn insert_line(
    connection: &Connection,
    conversation: ConversationId,
    line: &NewLine<'_>,
    origin: Option<&str>,
) -> anyhow::Result<LineId> {
    connection
        .prepare_cached(
            "INSERT INTO line (conversation, turn, speaker, text, interrupted, at, origin)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            conversation,
            i64::try_from(line.turn)?,
            line.speaker,
            line.text,
            line.interrupted,
            line.at.to_string(),
            origin
        ])?;
    Ok(connection.last_insert_rowid())
}

#[cfg(test)]
mod tests;
