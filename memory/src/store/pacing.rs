//! How somebody paces their speech: numbers that her patience goes by, and no words.

use super::Store;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

/// What was learnt of their pauses, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pacing {
    /// How long the pauses were after which they went on, in milliseconds.
    pub pauses_ms: Vec<u16>,
    /// How many pauses each of their turns had.
    pub pauses_of_turns: Vec<u16>,
}

impl Store {
    /// What was kept last.
    pub fn pacing(&self) -> anyhow::Result<Option<Pacing>> {
        let kept: Option<String> = self
            .connection
            .query_row("SELECT pauses FROM pacing", [], |row| row.get(0))
            .optional()?;
        Ok(kept.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// Keeps this in place of what was kept before.
    pub fn keep_pacing(&mut self, pacing: &Pacing) -> anyhow::Result<()> {
        keep(&self.connection, pacing)
    }
}

pub(super) fn keep(to: &rusqlite::Connection, pacing: &Pacing) -> anyhow::Result<()> {
    to.prepare_cached("INSERT OR REPLACE INTO pacing (id, pauses) VALUES (1, ?1)")?
        .execute([serde_json::to_string(pacing)?])?;
    Ok(())
}
