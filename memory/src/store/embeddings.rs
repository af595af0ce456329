//! The meanings of lines, kept so that no line is embedded twice.
//!
//! They can be computed again at any time: an export leaves them out, and
//! those of another model are replaced.

use super::{LineId, Store};
use crate::recall::Embedding;
use rusqlite::params;

impl Store {
    /// Hands every embedding that `model` made to `take`.
    pub fn each_embedding(
        &self,
        model: &str,
        mut take: impl FnMut(LineId, &Embedding),
    ) -> anyhow::Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT line, vector FROM embedding WHERE model = ?1")?;
        let mut rows = statement.query([model])?;
        while let Some(row) = rows.next()? {
            if let Some(embedding) = Embedding::from_bytes(row.get_ref(1)?.as_blob()?) {
                take(row.get(0)?, &embedding);
            }
        }
        Ok(())
    }

    /// The latest lines that `model` has not embedded, with their words, `most`
    /// at most.
    pub fn lines_to_embed(
        &self,
        model: &str,
        most: usize,
    ) -> anyhow::Result<Vec<(LineId, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, text FROM line
             WHERE NOT EXISTS
                 (SELECT 1 FROM embedding WHERE line = line.id AND model = ?1)
             ORDER BY id DESC LIMIT ?2",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let lines =
            statement.query_map(params![model, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Keeps what `model` made of lines, in place of what another did. Lines
    /// that are gone are passed over.
    pub fn keep_embeddings(
        &mut self,
        model: &str,
        embeddings: &[(LineId, Embedding)],
    ) -> anyhow::Result<()> {
        let transaction = self.connection.transaction()?;
        for (line, embedding) in embeddings {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO embedding (line, model, vector)
                     SELECT id, ?2, ?3 FROM line WHERE id = ?1",
                )?
                .execute(params![line, model, embedding.bytes()])?;
        }
        transaction.commit()?;
        Ok(())
    }
}
