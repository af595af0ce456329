//! The database: its tables, how it is opened, and how an earlier form of it
//! becomes this one.

use crate::key::Key;
use crate::private;
use anyhow::Context;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every step from the first version on; never changed, only added to.
const STEPS: &[M<'static>] = &[
    // Conversations alone, in a file that was not encrypted.
    M::up(
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
    ),
    // What is learnt from them.
    M::up(
        "ALTER TABLE conversation ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE line_2 (
            id INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
            turn INTEGER NOT NULL,        -- unique to an exchange, across conversations
            speaker TEXT NOT NULL,        -- 'person', 'samantha', or a name if imported
            text TEXT NOT NULL,           -- of hers, only what was heard
            interrupted INTEGER NOT NULL DEFAULT 0,
            at TEXT NOT NULL,             -- RFC 3339, UTC
            origin TEXT UNIQUE            -- the id it was imported under
        ) STRICT;
        INSERT INTO line_2 SELECT id, conversation, turn, speaker, text, interrupted, at, NULL
            FROM line;
        DROP TABLE line;
        ALTER TABLE line_2 RENAME TO line;
        CREATE INDEX line_by_conversation ON line(conversation, id);
        CREATE INDEX line_by_turn ON line(turn);

        CREATE TABLE person (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,           -- empty if only the relation is known
            relation TEXT NOT NULL        -- to the person; empty if unknown
        ) STRICT;
        CREATE TABLE fact (
            id INTEGER PRIMARY KEY,
            statement TEXT NOT NULL,      -- in the person's voice
            about INTEGER REFERENCES person(id),  -- null: the person themself
            topic TEXT NOT NULL,
            slot TEXT NOT NULL,           -- of which there is one at a time; or empty
            happens_on TEXT,              -- the date of the matter
            said_at TEXT NOT NULL,        -- RFC 3339, UTC: the date of the saying
            confidence REAL NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('current', 'superseded')),
            superseded_by INTEGER REFERENCES fact(id) ON DELETE SET NULL
        ) STRICT;
        CREATE INDEX fact_by_subject ON fact(about, slot);
        CREATE TABLE fact_source (
            fact INTEGER NOT NULL REFERENCES fact(id) ON DELETE CASCADE,
            line INTEGER NOT NULL REFERENCES line(id) ON DELETE CASCADE,
            PRIMARY KEY (fact, line)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fact_source_by_line ON fact_source(line);
        -- What was laid before the language model in which exchange: her reply
        -- may tell it.
        CREATE TABLE recalled (
            turn INTEGER NOT NULL,
            fact INTEGER REFERENCES fact(id) ON DELETE CASCADE,
            line INTEGER REFERENCES line(id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX recalled_by_fact ON recalled(fact);
        CREATE INDEX recalled_by_line ON recalled(line);
        CREATE INDEX recalled_by_turn ON recalled(turn);
        CREATE TABLE episode (
            conversation INTEGER PRIMARY KEY REFERENCES conversation(id) ON DELETE CASCADE,
            summary TEXT NOT NULL,
            began_at TEXT NOT NULL,
            ended_at TEXT NOT NULL
        ) STRICT;
        -- That something was forgotten, and when; never what.
        CREATE TABLE forgotten (
            at TEXT NOT NULL,
            facts INTEGER NOT NULL,
            lines INTEGER NOT NULL
        ) STRICT;",
    ),
    // What lines mean, told by a model.
    M::up(
        "CREATE TABLE embedding (
            line INTEGER PRIMARY KEY REFERENCES line(id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            vector BLOB NOT NULL          -- a signed byte a number
        ) STRICT;",
    ),
    // Reading day by day.
    M::up("CREATE INDEX line_by_time ON line(at, conversation);"),
    // How the person paces their speech.
    M::up(
        "CREATE TABLE pacing (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            pauses TEXT NOT NULL          -- JSON
        ) STRICT;",
    ),
];
pub(crate) const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Opens or makes the encrypted database, in its latest form and readable by
/// its owner alone.
pub(crate) fn open(file: &Path, key: &Key) -> anyhow::Result<Connection> {
    if let Some(dir) = file.parent() {
        private::create_dir(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    }
    // Made first, so that SQLite's own files take its mode.
    private::open(file).with_context(|| format!("cannot write {}", file.display()))?;
    let connection = Connection::open(file)?;
    key.unlock(&connection)?;
    prepare(connection)
}

/// A database that is gone when it is closed.
pub(crate) fn in_memory() -> anyhow::Result<Connection> {
    prepare(Connection::open_in_memory()?)
}

/// Whether the key fits an existing database.
pub(crate) fn opens(file: &Path, key: &Key) -> bool {
    let read = || {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        key.unlock(&connection)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    };
    read().is_ok()
}

/// Settings that hold for a connection, and the latest form of the tables.
pub(crate) fn prepare(mut connection: Connection) -> anyhow::Result<Connection> {
    connection.busy_timeout(Duration::from_secs(2))?;
    // What is deleted is overwritten, and nothing is put into temporary files.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    // The steps drop tables that others refer to.
    connection.pragma_update(None, "foreign_keys", false)?;
    MIGRATIONS.to_latest(&mut connection)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Takes over the conversations of a file that was not encrypted, then
/// overwrites and removes it. Does nothing if there is no such file, or the
/// encrypted one has begun already.
pub(crate) fn take_over(plain: &Path, file: &Path, key: &Key) -> anyhow::Result<bool> {
    if !plain.exists() || file.exists() {
        return Ok(false);
    }
    let fresh = file.with_extension("sqlite.new");
    let _ = std::fs::remove_file(&fresh);
    private::open(&fresh)?;
    {
        let old = Connection::open(plain)?;
        old.busy_timeout(Duration::from_secs(2))?;
        let version: i64 = old.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let key = zeroize::Zeroizing::new(format!("x'{}'", &*key.hex()));
        old.execute("ATTACH ?1 AS fresh KEY ?2", [&*fresh.to_string_lossy(), key.as_str()])?;
        old.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))?;
        old.pragma_update(Some("fresh"), "user_version", version)?;
        old.execute("DETACH fresh", [])?;
    }
    // Whole before the old one is given up.
    std::fs::File::open(&fresh)?.sync_all()?;
    drop(open(&fresh, key)?);
    std::fs::rename(&fresh, file)?;
    for leftover in [plain.to_owned(), beside(plain, "-wal"), beside(plain, "-shm")] {
        if leftover.exists() {
            private::shred(&leftover)?;
        }
    }
    Ok(true)
}

/// The database's own files beside it.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether an error says that the file is damaged, or encrypted with another
/// key.
pub(crate) fn is_damage(error: &anyhow::Error) -> bool {
    matches!(code(error), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// What is wrong with the place where the memory or its key lies, and not with the
/// memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No room.
    DiskFull,
    /// Nothing can be written there.
    ReadOnly,
    /// Another program is writing to it.
    Busy,
    /// It does not answer as it should.
    DiskFails,
    /// This computer has no keychain.
    NoKeychain,
    /// The keychain does not answer.
    KeychainSilent,
    /// The keychain takes the key and has it not.
    KeychainForgets,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl Trouble {
    /// The one that this error comes from, if it does.
    pub fn of(error: &anyhow::Error) -> Option<Self> {
        if let Some(trouble) = error.downcast_ref() {
            return Some(*trouble);
        }
        match code(error)? {
            ErrorCode::DiskFull => Some(Self::DiskFull),
            ErrorCode::ReadOnly => Some(Self::ReadOnly),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some(Self::Busy),
            ErrorCode::SystemIoFailure => Some(Self::DiskFails),
            _ => None,
        }
    }
}

pub(crate) fn code(error: &anyhow::Error) -> Option<ErrorCode> {
    error.chain().find_map(|cause| {
        cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_valid() {
        MIGRATIONS.validate().expect("valid");
    }

    #[test]
    fn every_earlier_version_becomes_this_one() {
        for version in 0..STEPS.len() {
            let mut connection = Connection::open_in_memory().expect("opened");
            MIGRATIONS.to_version(&mut connection, version).expect("an earlier version");
            if version >= 1 {
                connection
                    .execute_batch(
                        "INSERT INTO conversation (id, started_at) VALUES (7, '2026-01-01T00:00:00Z');
                        INSERT INTO line (id, conversation, turn, speaker, text, interrupted, at)
                        VALUES (9, 7, 3, 'person', 'My sister moved.', 1, '2026-01-01T00:00:01Z');",
                    )
                    .expect("filled");
            }
            let connection = prepare(connection).expect("brought up to date");
            let lines: i64 = connection
                .query_row(
                    "SELECT count(*) FROM line JOIN conversation ON conversation = conversation.id
                    WHERE line.id = 9 AND turn = 3 AND interrupted = 1 AND origin IS NULL
                    AND text = 'My sister moved.' AND imported = 0",
                    [],
                    |row| row.get(0),
                )
                .expect("asked");
            assert_eq!(lines, i64::from(version >= 1), "from version {version}");
            let wrong: i64 = connection
                .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
                .expect("asked");
            assert_eq!(wrong, 0);
        }
    }

    #[test]
    fn a_plain_file_is_taken_over_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let plain = dir.path().join("history.sqlite");
        let file = dir.path().join("memory.sqlite");
        let key = Key::random().expect("random");
        {
            let mut old = Connection::open(&plain).expect("opened");
            old.pragma_update(None, "journal_mode", "wal").expect("set");
            MIGRATIONS.to_version(&mut old, 1).expect("the first version");
            old.execute_batch(
                "INSERT INTO conversation VALUES (1, '2026-01-01T00:00:00Z');
                INSERT INTO line VALUES (1, 1, 1, 'person', 'Marmalade.', 0, '2026-01-01T00:00:00Z')",
            )
            .expect("filled");
        }
        assert!(take_over(&plain, &file, &key).expect("taken over"));
        assert!(!take_over(&plain, &file, &key).expect("nothing to do"));
        let connection = open(&file, &key).expect("opened");
        let text: String =
            connection.query_row("SELECT text FROM line", [], |row| row.get(0)).expect("there");
        assert_eq!(text, "Marmalade.");
        for entry in std::fs::read_dir(dir.path()).expect("listed") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("read");
            assert!(!bytes.windows(9).any(|w| w == b"Marmalade"), "{}", path.display());
        }
        assert!(!plain.exists());
    }
}
