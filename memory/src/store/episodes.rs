//! What conversations were about.

use super::{ConversationId, Line, PERSON, Store, read_time};
use jiff::Timestamp;
use rusqlite::params;

/// A conversation in two or three sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Which.
    pub conversation: ConversationId,
    /// What it was about.
    pub summary: String,
    /// Its first line.
    pub began_at: Timestamp,
    /// Its last line.
    pub ended_at: Timestamp,
}

impl Store {
    /// Keeps what a conversation was about, in place of an earlier summary.
    pub fn save_episode(&mut self, lines: &[Line], summary: &str) -> anyhow::Result<()> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO episode (conversation, summary, began_at, ended_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                first.conversation,
                summary,
                first.at.to_string(),
                last.at.to_string()
            ])?;
        Ok(())
    }

    /// Summaries of the conversations that began in this span, oldest first.
    pub fn episodes(&self, from: Timestamp, until: Timestamp) -> anyhow::Result<Vec<Episode>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT conversation, summary, began_at, ended_at FROM episode
             ORDER BY began_at, conversation",
        )?;
        let episodes = statement.query_map([], |row| {
            Ok(Episode {
                conversation: row.get(0)?,
                summary: row.get(1)?,
                began_at: read_time(row, 2)?,
                ended_at: read_time(row, 3)?,
            })
        })?;
        // RFC 3339 with and without fractions does not sort as text.
        let mut found: Vec<Episode> = episodes.collect::<Result<_, _>>()?;
        found.retain(|episode| (from..until).contains(&episode.began_at));
        found.sort_by_key(|episode| episode.began_at);
        Ok(found)
    }

    /// Conversations of the person that are over and have no summary, or one
    /// from before their last line.
    pub fn unsummarised(&self) -> anyhow::Result<Vec<ConversationId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT line.conversation FROM line
             JOIN conversation AS c ON c.id = line.conversation
             LEFT JOIN episode ON episode.conversation = c.id
             WHERE NOT c.imported AND c.id IS NOT ?1
             GROUP BY line.conversation
             HAVING sum(line.speaker = ?2) > 0
                AND (episode.ended_at IS NULL
                    OR episode.ended_at <> (SELECT at FROM line AS l
                        WHERE l.conversation = c.id ORDER BY l.id DESC LIMIT 1))
             ORDER BY line.conversation",
        )?;
        let ids =
            statement.query_map(params![self.current_conversation(), PERSON], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
