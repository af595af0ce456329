//! Conversations on disk, saved as they happen.
//!
//! SQLite with a write-ahead log: what was committed survives `kill -9` at any
//! moment. The session commits a line before it tells anyone that the line is
//! done. Text never leaves this module but through its return values.

use crate::paths::create_private_dir;
use crate::session::{Line, Speaker};
use crate::turn::TurnId;
use anyhow::Context;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};

/// Every step from the first version on; never changed, only added to.
const STEPS: &[M<'static>] = &[M::up(
    "CREATE TABLE conversation (
        id INTEGER PRIMARY KEY,
        started_at TEXT NOT NULL      -- RFC 3339, UTC
    ) STRICT;
    CREATE TABLE line (
        id INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
        turn INTEGER NOT NULL,        -- unique to an exchange, across conversations
        speaker TEXT NOT NULL CHECK (speaker IN ('person', 'samantha')),
        text TEXT NOT NULL,           -- of hers, only what was heard
        interrupted INTEGER NOT NULL DEFAULT 0,
        at TEXT NOT NULL              -- RFC 3339, UTC
    ) STRICT;
    CREATE INDEX line_by_conversation ON line(conversation, id);",
)];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The saved conversations. Owned by the session.
pub struct History {
    connection: Connection,
    conversation: Option<i64>,
    /// Where an unreadable earlier file was put.
    pub set_aside: Option<PathBuf>,
}

impl History {
    /// Opens or makes the file, readable by its owner alone. A file that is no
    /// database is kept under another name, and a new one is begun.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        if let Some(dir) = file.parent() {
            create_private_dir(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        match Self::connect(file) {
            Ok(connection) => Ok(Self { connection, conversation: None, set_aside: None }),
            Err(error) if is_not_a_database(&error) => {
                let aside = (1u32..)
                    .map(|n| file.with_extension(format!("broken-{n}.sqlite")))
                    .find(|candidate| !candidate.exists())
                    .context("no free name")?;
                std::fs::rename(file, &aside)?;
                let connection = Self::connect(file)?;
                Ok(Self { connection, conversation: None, set_aside: Some(aside) })
            }
            Err(error) => Err(error),
        }
    }

    /// Conversations that are forgotten when the session ends.
    pub fn in_memory() -> anyhow::Result<Self> {
        let connection = Self::prepare(Connection::open_in_memory()?)?;
        Ok(Self { connection, conversation: None, set_aside: None })
    }

    fn connect(file: &Path) -> anyhow::Result<Connection> {
        // Made first, so that SQLite's own files take its mode.
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file).with_context(|| format!("cannot write {}", file.display()))?;
        Self::prepare(Connection::open(file)?)
    }

    fn prepare(mut connection: Connection) -> anyhow::Result<Connection> {
        connection.busy_timeout(std::time::Duration::from_secs(2))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        MIGRATIONS.to_latest(&mut connection)?;
        Ok(connection)
    }

    /// The id above all that were ever given to a turn.
    pub fn next_turn(&self) -> anyhow::Result<u64> {
        let last: Option<i64> =
            self.connection.query_row("SELECT max(turn) FROM line", [], |row| row.get(0))?;
        Ok(u64::try_from(last.unwrap_or(0)).unwrap_or(0) + 1)
    }

    /// Goes on with the latest conversation and returns its last lines, oldest
    /// first, `limit` at most.
    pub fn resume(&mut self, limit: u32) -> anyhow::Result<Vec<Line>> {
        self.conversation = self
            .connection
            .query_row("SELECT max(id) FROM conversation", [], |row| row.get(0))
            .optional()?
            .flatten();
        let mut statement = self.connection.prepare(
            "SELECT turn, speaker, text, interrupted FROM
                (SELECT * FROM line WHERE conversation = ?1 ORDER BY id DESC LIMIT ?2)
             ORDER BY id",
        )?;
        let lines = statement.query_map(params![self.conversation, limit], |row| {
            let speaker: String = row.get(1)?;
            Ok(Line {
                turn: TurnId(row.get::<_, i64>(0)?.unsigned_abs()),
                speaker: if speaker == "person" { Speaker::Person } else { Speaker::Samantha },
                text: row.get(2)?,
                interrupted: row.get(3)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// The next line begins a new conversation.
    pub fn begin(&mut self) {
        self.conversation = None;
    }

    /// Saves a line. When this returns, the line survives the end of the
    /// process, however it ends.
    pub fn save(&mut self, line: &Line, at: Timestamp) -> anyhow::Result<()> {
        let transaction = self.connection.transaction()?;
        let conversation = match self.conversation {
            Some(id) => id,
            None => {
                transaction.execute(
                    "INSERT INTO conversation (started_at) VALUES (?1)",
                    [at.to_string()],
                )?;
                transaction.last_insert_rowid()
            }
        };
        let speaker = match line.speaker {
            Speaker::Person => "person",
            Speaker::Samantha => "samantha",
        };
        transaction.execute(
            "INSERT INTO line (conversation, turn, speaker, text, interrupted, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                conversation,
                i64::try_from(line.turn.0)?,
                speaker,
                line.text,
                line.interrupted,
                at.to_string()
            ],
        )?;
        transaction.commit()?;
        self.conversation = Some(conversation);
        Ok(())
    }
}

fn is_not_a_database(error: &anyhow::Error) -> bool {
    let code = error.chain().find_map(|cause| {
        cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code)
    });
    matches!(code, Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
        Line { turn: TurnId(turn), speaker, text: text.into(), interrupted: false }
    }

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().expect("valid");
    }

    #[test]
    fn a_conversation_is_taken_up_again() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("data/history.sqlite");
        let now = Timestamp::now();
        let said = line(1, Speaker::Person, "Hello.");
        let replied = Line { interrupted: true, ..line(1, Speaker::Samantha, "Good morning.") };
        {
            let mut history = History::open(&file).expect("opened");
            assert_eq!(history.resume(10).expect("resumed"), []);
            history.save(&said, now).expect("saved");
            history.save(&replied, now).expect("saved");
        }
        let mut history = History::open(&file).expect("opened");
        assert_eq!(history.next_turn().expect("counted"), 2);
        assert_eq!(history.resume(10).expect("resumed"), [said, replied.clone()]);
        assert_eq!(history.resume(1).expect("resumed"), [replied]);
        history.begin();
        let fresh = line(2, Speaker::Person, "Another day.");
        history.save(&fresh, now).expect("saved");
        assert_eq!(history.resume(10).expect("resumed"), [fresh]);
    }

    #[test]
    fn a_file_that_is_no_database_is_kept_aside() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("history.sqlite");
        let junk = vec![b'x'; 4096];
        std::fs::write(&file, &junk).expect("written");
        let history = History::open(&file).expect("opened");
        let aside = history.set_aside.expect("set aside");
        assert_eq!(std::fs::read(aside).expect("read"), junk);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("history.sqlite");
        let mut history = History::open(&file).expect("opened");
        history.save(&line(1, Speaker::Person, "Hi."), Timestamp::now()).expect("saved");
        for entry in std::fs::read_dir(dir.path()).expect("listed") {
            let entry = entry.expect("an entry");
            let mode = entry.metadata().expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
        }
    }
}
