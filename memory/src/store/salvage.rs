//! What can still be read of a damaged file.

use crate::key::Key;
use crate::{private, schema};
use anyhow::Context;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// So many attempts behind the last row that could be read: a page of the
/// database holds some dozen rows.
const MOST_FAILURES: i64 = 4000;

/// Tables in the order in which they refer to each other.
const TABLES: &[(&str, &str)] = &[
    ("conversation", "id"),
    ("line", "id"),
    ("person", "id"),
    ("fact", "id"),
    ("episode", "conversation"),
    ("fact_source", "fact"),
    ("recalled", "rowid"),
    ("forgotten", "rowid"),
    ("pacing", "id"),
];

/// Puts the damaged file and its log under another name, begins a new one, and
/// takes over every row that can be read. Returns the new database and where
/// the old one is.
pub(super) fn salvage(file: &Path, key: &Key) -> anyhow::Result<(Connection, PathBuf)> {
    let aside = (1u32..)
        .map(|n| file.with_extension(format!("damaged-{n}.sqlite")))
        .find(|candidate| !candidate.exists())
        .context("no free name")?;
    for suffix in ["-wal", ""] {
        let from = schema::beside(file, suffix);
        if from.exists() {
            std::fs::rename(from, schema::beside(&aside, suffix))?;
        }
    }
    let _ = std::fs::remove_file(schema::beside(file, "-shm"));
    let fresh = schema::open(file, key)?;
    // On a copy: reading may change the log, and what was put aside stays as
    // it was found.
    let copy = aside.with_extension("copy");
    for suffix in ["-wal", ""] {
        let from = schema::beside(&aside, suffix);
        if from.exists() {
            private::replace(&schema::beside(&copy, suffix), &std::fs::read(from)?)?;
        }
    }
    fresh.pragma_update(None, "foreign_keys", false)?;
    for (table, row_id) in TABLES {
        copy_rows(&Damaged { file: &copy, key }, &fresh, table, row_id)?;
    }
    drop_dangling(&fresh)?;
    fresh.pragma_update(None, "foreign_keys", true)?;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(schema::beside(&copy, suffix));
    }
    Ok((fresh, aside))
}

/// A file of which some pages cannot be read. A connection that met one of
/// those refuses everything afterwards, so each attempt gets a new one.
struct Damaged<'a> {
    file: &'a Path,
    key: &'a Key,
}

impl Damaged<'_> {
    fn open(&self) -> Option<Connection> {
        let damaged =
            Connection::open_with_flags(self.file, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
        self.key.unlock(&damaged).ok()?;
        Some(damaged)
    }

    fn last_row(&self, table: &str, row_id: &str) -> Option<i64> {
        let query = format!("SELECT max({row_id}) FROM {table}");
        self.open()?.query_row(&query, [], |row| row.get(0)).ok().flatten()
    }
}

/// Copies a table up to the damage, feels its way through that row by row, and
/// goes on behind it.
fn copy_rows(from: &Damaged<'_>, to: &Connection, table: &str, row_id: &str) -> anyhow::Result<()> {
    // The end itself may be damaged.
    let last = from.last_row(table, row_id).unwrap_or(i64::MAX);
    let mut next = i64::MIN;
    let mut failures = 0;
    while failures < MOST_FAILURES {
        let query =
            format!("SELECT {row_id}, * FROM {table} WHERE {row_id} >= {next} ORDER BY {row_id}");
        let (whole, reached) = copy_until_damage(from, to, table, &query)?;
        if whole || next > last {
            return Ok(());
        }
        next = match reached {
            Some(id) => {
                failures = 0;
                id + 1
            }
            None => {
                failures += 1;
                next.max(0) + 1 + failures / 256
            }
        };
    }
    Ok(())
}

/// Copies what a query gives until it fails. Returns whether it did not, and
/// the last row id. A failure to write is an error.
fn copy_until_damage(
    from: &Damaged<'_>,
    to: &Connection,
    table: &str,
    query: &str,
) -> anyhow::Result<(bool, Option<i64>)> {
    let mut reached = None;
    let Some(from) = from.open() else { return Ok((false, None)) };
    let Ok(mut statement) = from.prepare(query) else { return Ok((false, None)) };
    let columns: Vec<String> =
        statement.column_names().into_iter().skip(1).map(String::from).collect();
    let places = vec!["?"; columns.len()].join(", ");
    let insert =
        format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({places})", columns.join(", "));
    let Ok(mut rows) = statement.query([]) else { return Ok((false, None)) };
    let transaction = to.unchecked_transaction()?;
    let whole = loop {
        match rows.next() {
            Ok(Some(row)) => {
                reached = row.get(0).ok();
                let values: Result<Vec<Value>, _> =
                    (1..=columns.len()).map(|i| row.get(i)).collect();
                if let Ok(values) = values {
                    // A row that breaks a rule of the table is damage, too.
                    let _ = transaction
                        .prepare_cached(&insert)?
                        .execute(rusqlite::params_from_iter(values));
                }
            }
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    transaction.commit()?;
    Ok((whole, reached))
}

/// Removes what refers to rows that are lost. A line whose conversation is
/// lost gets one, since what was said matters more than in which.
fn drop_dangling(connection: &Connection) -> anyhow::Result<()> {
    connection.execute_batch(
        "INSERT INTO conversation (id, started_at)
            SELECT conversation, min(at) FROM line
            WHERE conversation NOT IN (SELECT id FROM conversation) GROUP BY conversation;
        UPDATE fact SET about = NULL WHERE about NOT IN (SELECT id FROM person);
        UPDATE fact SET superseded_by = NULL WHERE superseded_by NOT IN (SELECT id FROM fact);
        DELETE FROM episode WHERE conversation NOT IN (SELECT id FROM conversation);
        DELETE FROM fact_source WHERE fact NOT IN (SELECT id FROM fact)
            OR line NOT IN (SELECT id FROM line);
        DELETE FROM recalled WHERE fact NOT IN (SELECT id FROM fact)
            OR line NOT IN (SELECT id FROM line);",
    )?;
    Ok(())
}
