//! Past conversations, day by day.
//!
//! A day is one of the calendar where the person is. Times are kept as text in
//! UTC, so that a day is a span of texts, and `line_by_time` finds it: also in a
//! conversation that goes on for years, as imported ones may.

use super::{COLUMNS, ConversationId, Line, LineId, Store, read_line, read_time};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{OptionalExtension, params};

/// A part of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Everything,
    /// A day.
    Day(Date),
    /// A conversation.
    Conversation(ConversationId),
    /// A single line.
    Line(LineId),
}

/// A day on which something was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// Conversations that have a line on it.
    pub conversations: u64,
    /// Lines.
    pub lines: u64,
    /// With what it begins.
    pub first_words: String,
}

/// From where on a day is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// After so many lines.
    Skip(u64),
    /// A little before this line.
    Line(LineId),
}

/// A part of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which day.
    pub date: Date,
    /// Conversations that have a line on it.
    pub conversations: u64,
    /// Its lines, in this part and outside.
    pub all: u64,
    /// Those before this part.
    pub skipped: u64,
    /// This part, a conversation after the other.
    pub lines: Vec<Line>,
    /// The day before it on which something was said.
    pub earlier: Option<Date>,
    /// The day after it on which something was said.
    pub later: Option<Date>,
}

/// Lines that lead to the one a reading is about.
const LEADING: u64 = 12;

/// The lines that a conversation has on a day.
struct Share {
    conversation: ConversationId,
    lines: u64,
    began_at: String,
}

/// A day as a span of texts.
struct Span {
    from: String,
    until: String,
}

impl Store {
    /// Days on which something was said, the latest first: those before a day,
    /// or the latest of all; `most` of them.
    pub fn days(
        &self,
        before: Option<Date>,
        most: usize,
        zone: &TimeZone,
    ) -> anyhow::Result<Vec<Day>> {
        let mut days = Vec::new();
        let mut before = before;
        while days.len() < most
            && let Some(date) = self.day_before(before, zone)?
        {
            let span = Span::of(date, zone)?;
            let shares = self.shares(&span)?;
            let first = match shares.first() {
                Some(share) => self.lines_of_share(share, &span, 1, 0)?,
                None => Vec::new(),
            };
            days.push(Day {
                date,
                conversations: shares.len() as u64,
                lines: shares.iter().map(|share| share.lines).sum(),
                first_words: first.into_iter().next().map(|line| line.text).unwrap_or_default(),
            });
            before = Some(date);
        }
        Ok(days)
    }

    /// What was said on a day: `most` lines.
    pub fn read_day(
        &self,
        date: Date,
        from: Start,
        most: u64,
        zone: &TimeZone,
    ) -> anyhow::Result<Reading> {
        let span = Span::of(date, zone)?;
        let shares = self.shares(&span)?;
        let skipped = match from {
            Start::Skip(skipped) => skipped,
            Start::Line(id) => self.lines_before(id, &shares, &span)?.saturating_sub(LEADING),
        };
        let (mut to_skip, mut room) = (skipped, most);
        let mut lines = Vec::new();
        for share in &shares {
            if to_skip < share.lines && room > 0 {
                let fresh = self.lines_of_share(share, &span, room, to_skip)?;
                room -= fresh.len() as u64;
                lines.extend(fresh);
            }
            to_skip = to_skip.saturating_sub(share.lines);
        }
        Ok(Reading {
            date,
            conversations: shares.len() as u64,
            all: shares.iter().map(|share| share.lines).sum(),
            skipped,
            lines,
            earlier: self.day_before(Some(date), zone)?,
            later: self.day_after(date, zone)?,
        })
    }

    /// All lines of a part, a conversation after the other.
    pub fn lines_in(&self, scope: Scope, zone: &TimeZone) -> anyhow::Result<Vec<Line>> {
        match scope {
            Scope::Everything => {
                let mut statement = self.connection.prepare(&format!(
                    "SELECT {COLUMNS} FROM line JOIN conversation AS c ON c.id = line.conversation
                     ORDER BY c.started_at, c.id, line.id"
                ))?;
                let lines = statement.query_map([], read_line)?;
                Ok(lines.collect::<Result<_, _>>()?)
            }
            Scope::Day(date) => {
                let reading = self.read_day(date, Start::Skip(0), u64::from(u32::MAX), zone)?;
                Ok(reading.lines)
            }
            Scope::Conversation(id) => self.lines_of(id),
            Scope::Line(id) => Ok(self.line(id)?.into_iter().collect()),
        }
    }

    /// The latest day with a line before this one, or of all.
    fn day_before(&self, date: Option<Date>, zone: &TimeZone) -> anyhow::Result<Option<Date>> {
        // Behind every digit.
        let edge = date.map_or(Ok("A".into()), |date| edge(date, zone))?;
        self.day_of("SELECT at FROM line WHERE at < ?1 ORDER BY at DESC LIMIT 1", &edge, zone)
    }

    /// The next day with a line after this one.
    fn day_after(&self, date: Date, zone: &TimeZone) -> anyhow::Result<Option<Date>> {
        let edge = edge(date.tomorrow()?, zone)?;
        self.day_of("SELECT at FROM line WHERE at >= ?1 ORDER BY at LIMIT 1", &edge, zone)
    }

    fn day_of(&self, sql: &str, edge: &str, zone: &TimeZone) -> anyhow::Result<Option<Date>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let at: Option<Timestamp> =
            statement.query_row([edge], |row| read_time(row, 0)).optional()?;
        Ok(at.map(|at| zone.to_datetime(at).date()))
    }

    /// The conversations of a day, as they began on it.
    fn shares(&self, span: &Span) -> anyhow::Result<Vec<Share>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT conversation, count(*), min(at) FROM line INDEXED BY line_by_time
             WHERE at >= ?1 AND at < ?2 GROUP BY conversation",
        )?;
        let shares = statement.query_map([&span.from, &span.until], |row| {
            Ok(Share {
                conversation: row.get(0)?,
                lines: row.get::<_, i64>(1)?.unsigned_abs(),
                began_at: row.get(2)?,
            })
        })?;
        let mut shares: Vec<Share> = shares.collect::<Result<_, _>>()?;
        shares.sort_by(|a, b| (&a.began_at, a.conversation).cmp(&(&b.began_at, b.conversation)));
        Ok(shares)
    }

    fn lines_of_share(
        &self,
        share: &Share,
        span: &Span,
        most: u64,
        skip: u64,
    ) -> anyhow::Result<Vec<Line>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM line INDEXED BY line_by_time
             WHERE conversation = ?1 AND at >= ?2 AND at < ?3 ORDER BY id LIMIT ?4 OFFSET ?5"
        ))?;
        let values = params![
            share.conversation,
            span.from,
            span.until,
            i64::try_from(most)?,
            i64::try_from(skip)?
        ];
        let lines = statement.query_map(values, read_line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// How many lines of a day stand before this one.
    fn lines_before(&self, id: LineId, shares: &[Share], span: &Span) -> anyhow::Result<u64> {
        let Some(line) = self.line(id)? else { return Ok(0) };
        let earlier = shares.iter().take_while(|share| share.conversation != line.conversation);
        let before: i64 = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM line INDEXED BY line_by_time
                 WHERE conversation = ?1 AND at >= ?2 AND at < ?3 AND id < ?4",
            )?
            .query_row(params![line.conversation, span.from, span.until, id], |row| row.get(0))?;
        Ok(earlier.map(|share| share.lines).sum::<u64>() + before.unsigned_abs())
    }
}

impl Span {
    fn of(date: Date, zone: &TimeZone) -> anyhow::Result<Self> {
        Ok(Self { from: edge(date, zone)?, until: edge(date.tomorrow()?, zone)? })
    }
}

/// The text before the times of a day. Without its last letter a whole second
/// stands before its parts too.
fn edge(date: Date, zone: &TimeZone) -> anyhow::Result<String> {
    let mut text = date.to_zoned(zone.clone())?.start_of_day()?.timestamp().to_string();
    text.pop();
    Ok(text)
}

#[cfg(test)]
mod tests;
