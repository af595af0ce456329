//! Forgetting: the fact, the sentence it came from, what she said of it, and
//! every summary that told it.
//!
//! Deleted rows are overwritten (`secure_delete`), and the write-ahead log is
//! emptied at once.

use super::{FactId, LineId, SAMANTHA, Store};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeSet, HashSet};

/// What is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Facts.
    pub facts: BTreeSet<FactId>,
    /// Lines.
    pub lines: BTreeSet<LineId>,
    /// The exchanges those lines were of.
    pub turns: BTreeSet<u64>,
}

impl Forgotten {
    /// Whether nothing was there to forget.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.lines.is_empty()
    }
}

impl Store {
    /// Forgets facts: also the sentences they came from, and what she said in
    /// the exchanges in which she had them before her.
    pub fn forget_facts(&mut self, facts: &[FactId], now: Timestamp) -> anyhow::Result<Forgotten> {
        self.forget(facts.iter().copied().collect(), BTreeSet::new(), now)
    }

    /// Forgets lines: also every fact that comes from nowhere else.
    pub fn forget_lines(&mut self, lines: &[LineId], now: Timestamp) -> anyhow::Result<Forgotten> {
        self.forget(BTreeSet::new(), lines.iter().copied().collect(), now)
    }

    /// Forgets everything that holds these words, wherever it stands.
    pub fn forget_words(&mut self, words: &str, now: Timestamp) -> anyhow::Result<Forgotten> {
        let words = words.trim().to_lowercase();
        anyhow::ensure!(!words.is_empty(), "say which words are to be forgotten");
        let matching = |connection: &Connection, sql: &str| -> anyhow::Result<BTreeSet<i64>> {
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut found = BTreeSet::new();
            while let Some(row) = rows.next()? {
                if row.get::<_, String>(1)?.to_lowercase().contains(&words) {
                    found.insert(row.get(0)?);
                }
            }
            Ok(found)
        };
        let facts = matching(&self.connection, "SELECT id, statement FROM fact")?;
        let lines = matching(&self.connection, "SELECT id, text FROM line")?;
        let people = matching(&self.connection, "SELECT id, name || ' ' || relation FROM person")?;
        let about: BTreeSet<FactId> = self
            .facts()?
            .into_iter()
            .filter(|fact| fact.about.as_ref().is_some_and(|(id, _)| people.contains(id)))
            .map(|fact| fact.id)
            .collect();
        self.forget(&facts | &about, lines, now)
    }

    /// Forgets all of it.
    pub fn forget_everything(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let counts = self.counts()?;
        let transaction = self.connection.transaction()?;
        for table in [
            "recalled",
            "fact_source",
            "episode",
            "fact",
            "person",
            "embedding",
            "line",
            "conversation",
            "pacing",
        ] {
            transaction.execute(&format!("DELETE FROM {table}"), [])?;
        }
        transaction.execute(
            "INSERT INTO forgotten (at, facts, lines) VALUES (?1, ?2, ?3)",
            (
                now.to_string(),
                i64::try_from(counts.facts + counts.superseded)?,
                i64::try_from(counts.lines)?,
            ),
        )?;
        transaction.commit()?;
        self.begin();
        self.connection.execute_batch("VACUUM")?;
        self.overwrite_log()
    }

    fn forget(
        &mut self,
        mut facts: BTreeSet<FactId>,
        mut lines: BTreeSet<LineId>,
        now: Timestamp,
    ) -> anyhow::Result<Forgotten> {
        let transaction = self.connection.transaction()?;
        // The sentences facts came from, and the facts of those sentences that
        // come from nowhere else.
        for fact in &facts {
            lines.extend(ids(&transaction, "SELECT line FROM fact_source WHERE fact = ?1", *fact)?);
        }
        for line in lines.clone() {
            for fact in ids(&transaction, "SELECT fact FROM fact_source WHERE line = ?1", line)? {
                let sources =
                    ids(&transaction, "SELECT line FROM fact_source WHERE fact = ?1", fact)?;
                if sources.is_subset(&lines) {
                    facts.insert(fact);
                }
            }
        }
        lines.extend(replies_that_tell(&transaction, &facts, &lines)?);
        lines.extend(replies_that_echo(&transaction, &lines)?);
        let mut turns = BTreeSet::new();
        for line in &lines {
            for turn in ids(&transaction, "SELECT turn FROM line WHERE id = ?1", *line)? {
                turns.insert(turn.unsigned_abs());
            }
            transaction.execute(
                "DELETE FROM episode WHERE conversation =
                    (SELECT conversation FROM line WHERE id = ?1)",
                [line],
            )?;
        }
        for fact in &facts {
            transaction.execute("DELETE FROM fact WHERE id = ?1", [fact])?;
        }
        for line in &lines {
            transaction.execute("DELETE FROM line WHERE id = ?1", [line])?;
        }
        transaction.execute(
            "DELETE FROM person WHERE id NOT IN (SELECT about FROM fact WHERE about IS NOT NULL)",
            [],
        )?;
        transaction.execute(
            "DELETE FROM conversation WHERE id NOT IN (SELECT conversation FROM line)",
            [],
        )?;
        if !facts.is_empty() || !lines.is_empty() {
            transaction.execute(
                "INSERT INTO forgotten (at, facts, lines) VALUES (?1, ?2, ?3)",
                (now.to_string(), i64::try_from(facts.len())?, i64::try_from(lines.len())?),
            )?;
        }
        transaction.commit()?;
        if self
            .current_conversation()
            .is_some_and(|id| self.lines_of(id).is_ok_and(|lines| lines.is_empty()))
        {
            self.begin();
        }
        self.overwrite_log()?;
        Ok(Forgotten { facts, lines, turns })
    }

    /// Moves everything from the write-ahead log into the database and empties
    /// the log, so that no earlier form of a page stays behind.
    fn overwrite_log(&mut self) -> anyhow::Result<()> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Her lines in the exchanges of these lines, and in those in which one of
/// these facts or lines was laid before her.
fn replies_that_tell(
    transaction: &Transaction<'_>,
    facts: &BTreeSet<FactId>,
    lines: &BTreeSet<LineId>,
) -> anyhow::Result<BTreeSet<LineId>> {
    let mut turns = BTreeSet::new();
    for fact in facts {
        turns.extend(ids(transaction, "SELECT turn FROM recalled WHERE fact = ?1", *fact)?);
    }
    for line in lines {
        turns.extend(ids(transaction, "SELECT turn FROM recalled WHERE line = ?1", *line)?);
        turns.extend(ids(
            transaction,
            "SELECT turn FROM line WHERE id = ?1 AND origin IS NULL",
            *line,
        )?);
    }
    let mut replies = BTreeSet::new();
    for turn in turns {
        replies.extend(ids(
            transaction,
            "SELECT id FROM line WHERE turn = ?1 AND speaker = 'samantha'",
            turn,
        )?);
    }
    Ok(replies)
}

/// Her other lines in the same conversations that hold a word which, of all
/// the person said, only the forgotten lines hold: she may have come back to
/// it while it was still in view.
fn replies_that_echo(
    transaction: &Transaction<'_>,
    lines: &BTreeSet<LineId>,
) -> anyhow::Result<BTreeSet<LineId>> {
    let mut telling = HashSet::new();
    let mut conversations = BTreeSet::new();
    let mut said_elsewhere = HashSet::new();
    let mut statement = transaction.prepare("SELECT id, conversation, speaker, text FROM line")?;
    let mut rows = statement.query([])?;
    let mut hers = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, conversation): (LineId, i64) = (row.get(0)?, row.get(1)?);
        let (speaker, text): (String, String) = (row.get(2)?, row.get(3)?);
        if speaker == SAMANTHA {
            if !lines.contains(&id) {
                hers.push((id, conversation, text));
            }
        } else if lines.contains(&id) {
            telling.extend(words(&text));
            conversations.insert(conversation);
        } else {
            said_elsewhere.extend(words(&text));
        }
    }
    let only_there: HashSet<String> = telling.difference(&said_elsewhere).cloned().collect();
    Ok(hers
        .into_iter()
        .filter(|(_, conversation, text)| {
            conversations.contains(conversation) && words(text).any(|w| only_there.contains(&w))
        })
        .map(|(id, ..)| id)
        .collect())
}

/// Words that tell something: short ones are mostly grammar.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4)
        .map(str::to_lowercase)
}

fn ids(connection: &Connection, sql: &str, of: i64) -> anyhow::Result<BTreeSet<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([of], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}
