//! What is asked of the memory itself: how do you know that, what do you know
//! of me, forget that, that is wrong, off the record, what did we talk about.
//!
//! Answered from what is stored and not by the language model, which would
//! have to be believed. The person's words are told with their day.

use super::Remembering;
use crate::session::{Line, Speaker};
use crate::wording::{Sentence, language, memory as wording};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use memory::Recalled;
use memory::ask::{Ask, ask};
use memory::learn::Topic;
use memory::store::facts::{Fact, State};
use memory::store::{FactId, LineId, PERSON};
use memory::words::telling;

/// Facts that are told in one breath; the window has them all.
const TOLD_AT_ONCE: usize = 6;
/// More than this is forgotten only after a second word.
const FORGOTTEN_AT_ONCE: usize = 4;

/// What she answers to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What she says.
    pub text: String,
    /// The exchange may be kept. A request to forget would keep what it names.
    pub keep: bool,
    /// Something was forgotten: what is shown and what the model reads must be
    /// looked at again.
    pub forgot: bool,
}

impl Reply {
    fn kept(text: String) -> Self {
        Self { text, keep: true, forgot: false }
    }

    /// Of what the window shows in its own language too.
    fn in_english(sentence: &Sentence) -> Self {
        Self::kept(language::speaking("en", || sentence.to_string()))
    }
}

/// What waits for a second word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Confirm {
    Everything,
    These { facts: Vec<FactId>, lines: Vec<LineId> },
}

/// What the person's words ask of the memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// As they said it.
    Ask(Ask),
    /// The second word that was waited for.
    Confirmed(bool),
}

impl Request {
    /// Whether the words of the request may be kept.
    pub fn keeps(&self) -> bool {
        match self {
            Self::Ask(
                Ask::Forget { .. } | Ask::ForgetEverything | Ask::NotThis | Ask::OffTheRecord(true),
            )
            | Self::Confirmed(_) => false,
            Self::Ask(_) => true,
        }
    }
}

impl Remembering {
    /// What these words ask of the memory, if they do.
    pub fn request(&self, text: &str) -> Option<Request> {
        if self.confirm.is_some()
            && let Some(yes) = yes_or_no(text)
        {
            return Some(Request::Confirmed(yes));
        }
        ask(text, &(self.clock)()).map(Request::Ask)
    }

    /// Does what was asked and says so; `None` if it is nothing to the memory
    /// after all, so that the language model may answer.
    pub fn answer(&mut self, request: Request) -> Option<Reply> {
        let confirm = self.confirm.take();
        let ask = match request {
            Request::Confirmed(yes) => return Some(self.confirmed(confirm, yes)),
            Request::Ask(ask) => ask,
        };
        if let Ask::OffTheRecord(off) = ask {
            self.off_the_record = off;
            let text = if off { wording::OFF_THE_RECORD } else { wording::ON_THE_RECORD };
            return Some(Reply { keep: !off, ..Reply::kept(text.into()) });
        }
        if let super::Access::Locked { reason, .. } = &self.access {
            return Some(Reply::in_english(reason));
        }
        let answered = match ask {
            Ask::HowDoYouKnow { what } => self.how_do_you_know(what.as_deref()).map(Some),
            Ask::WhatDoYouKnow { about } => self.what_do_you_know(about.as_deref()),
            Ask::Forget { what } => self.forget(what.as_deref()).map(Some),
            Ask::ForgetEverything => self.confirm_everything().map(Some),
            Ask::Wrong { correction } => self.wrong(correction.as_deref()),
            Ask::NotThis => self.not_this().map(Some),
            Ask::WhatDidWeTalkAbout { days } => self.what_did_we_talk_about(days).map(Some),
            Ask::OffTheRecord(_) => Ok(None),
        };
        answered.unwrap_or_else(|error| Some(Reply::in_english(&wording::failed(&error))))
    }

    /// The person's own words and their day: of what was asked about, or of
    /// what the last reply was drawn from.
    fn how_do_you_know(&mut self, what: Option<&str>) -> anyhow::Result<Reply> {
        if let Some(what) = what {
            let (facts, lines) = self.told_of(what)?;
            let mut told = Vec::new();
            for fact in facts {
                told.extend(self.memory.store().fact(fact)?);
            }
            let told: Vec<&Fact> = told.iter().collect();
            self.cite(&told)?;
            if told.is_empty()
                && let Some(line) = lines.first()
                && let Some(line) = self.memory.store().line(*line)?
            {
                self.cited = vec![cited_line(line)];
            }
        }
        let mut sources = Vec::new();
        let mut lines: Vec<LineId> = self.cited.iter().filter_map(|one| one.line).collect();
        lines.dedup();
        for id in lines.into_iter().take(2) {
            sources.extend(self.memory.store().line(id)?.map(|line| (line.text, line.at)));
        }
        Ok(Reply::kept(wording::sources(&sources, &(self.clock)())))
    }

    fn what_do_you_know(&mut self, about: Option<&str>) -> anyhow::Result<Option<Reply>> {
        let facts = match about {
            None => {
                let mut facts = self.memory.store().facts()?;
                facts.retain(|fact| fact.state == State::Current);
                facts
            }
            Some(about) => {
                let facts = self.memory.facts_about(about)?;
                if facts.is_empty() {
                    return Ok(None);
                }
                facts
            }
        };
        let told: Vec<&Fact> = facts.iter().take(TOLD_AT_ONCE).collect();
        self.cite(&told)?;
        let statements: Vec<&str> = told.iter().map(|fact| fact.statement.as_str()).collect();
        Ok(Some(Reply::kept(wording::known(&statements, facts.len()))))
    }

    /// What she says next is drawn from these.
    fn cite(&mut self, facts: &[&Fact]) -> anyhow::Result<()> {
        self.cited.clear();
        for fact in facts {
            let sources = self.memory.store().sources(fact.id)?;
            self.cited.push(Recalled {
                fact: Some(fact.id),
                line: sources.last().map(|line| line.id),
                words: fact.statement.clone(),
                said_at: fact.said_at,
                relevance: 1.0,
                matched: Vec::new(),
            });
        }
        Ok(())
    }

    /// What the answer was drawn from, so that forgetting finds it.
    pub fn note_cited(&mut self, turn: u64) {
        if !self.off_the_record
            && let Err(error) = self.memory.note_recalled(turn, &self.cited)
        {
            tracing::warn!("what was cited could not be noted: {error:#}");
        }
    }

    fn forget(&mut self, what: Option<&str>) -> anyhow::Result<Reply> {
        let (facts, lines) = match what {
            None => self.meant_by_that()?,
            Some(what) => self.told_of(what)?,
        };
        if facts.is_empty() && lines.is_empty() {
            return Ok(Reply { keep: false, ..Reply::kept(wording::NOTHING_TO_FORGET.into()) });
        }
        let count = facts.len().max(lines.len());
        if count > FORGOTTEN_AT_ONCE {
            self.confirm = Some(Confirm::These { facts, lines });
            return Ok(Reply { keep: false, ..Reply::kept(wording::forget_many(count)) });
        }
        self.forget_these(&facts, &lines)
    }

    fn forget_these(&mut self, facts: &[FactId], lines: &[LineId]) -> anyhow::Result<Reply> {
        self.forget_facts(facts)?;
        self.forget_lines(lines)?;
        Ok(Reply { text: wording::FORGOTTEN.into(), keep: false, forgot: true })
    }

    /// What was said in this breath is not kept anyway; if it was only the
    /// request, the sentence before it is meant.
    fn not_this(&mut self) -> anyhow::Result<Reply> {
        let (facts, lines) = match self.last_turn {
            Some(_) => (Vec::new(), self.said_last()?),
            None => (Vec::new(), Vec::new()),
        };
        if lines.is_empty() {
            return Ok(Reply { keep: false, ..Reply::kept(wording::NOT_KEPT.into()) });
        }
        self.forget_these(&facts, &lines)
    }

    fn said_last(&self) -> anyhow::Result<Vec<LineId>> {
        let Some(turn) = self.last_turn else { return Ok(Vec::new()) };
        let lines = self.memory.store().lines_of_turn(turn)?;
        Ok(lines.iter().filter(|line| line.speaker == PERSON).map(|line| line.id).collect())
    }

    /// "That" is what she just cited, else what the person said last.
    fn meant_by_that(&self) -> anyhow::Result<(Vec<FactId>, Vec<LineId>)> {
        if let [one] = &self.cited[..] {
            let lines = one.line.filter(|_| one.fact.is_none());
            return Ok((one.fact.into_iter().collect(), lines.into_iter().collect()));
        }
        Ok((Vec::new(), self.said_last()?))
    }

    /// Facts and lines that hold all the telling words, or are about someone of
    /// that name.
    fn told_of(&self, what: &str) -> anyhow::Result<(Vec<FactId>, Vec<LineId>)> {
        let words = telling(what);
        if words.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let tells = |text: &str| {
            let of_text = telling(text);
            words.iter().all(|word| of_text.contains(word))
        };
        let store = self.memory.store();
        let mut facts: Vec<FactId> = store
            .facts()?
            .iter()
            .filter(|fact| {
                let who =
                    fact.about.as_ref().map(|(_, who)| format!("{} {}", who.name, who.relation));
                tells(&format!("{} {}", fact.statement, who.unwrap_or_default()))
            })
            .map(|fact| fact.id)
            .collect();
        facts.sort_unstable();
        let mut lines = Vec::new();
        store.each_line(|line| {
            if line.speaker == PERSON && tells(&line.text) {
                lines.push(line.id);
            }
        })?;
        Ok((facts, lines))
    }

    fn confirm_everything(&mut self) -> anyhow::Result<Reply> {
        let counts = self.memory.store().counts()?;
        self.confirm = Some(Confirm::Everything);
        let text = wording::forget_everything(counts.facts, counts.lines);
        Ok(Reply { keep: false, ..Reply::kept(text) })
    }

    fn confirmed(&mut self, confirm: Option<Confirm>, yes: bool) -> Reply {
        let done = match confirm {
            Some(_) if !yes => Ok(Reply { keep: false, ..Reply::kept(wording::KEPT.into()) }),
            Some(Confirm::Everything) => self.forget_everything().map(|()| Reply {
                text: wording::ALL_FORGOTTEN.into(),
                keep: false,
                forgot: true,
            }),
            Some(Confirm::These { facts, lines }) => self.forget_these(&facts, &lines),
            None => Ok(Reply::kept(wording::NOTHING_TO_FORGET.into())),
        };
        done.unwrap_or_else(|error| Reply::in_english(&wording::failed(&error)))
    }

    /// The correction itself is learnt like everything the person says, as soon
    /// as the exchange is over; here the wrong fact stops to hold.
    fn wrong(&mut self, correction: Option<&str>) -> anyhow::Result<Option<Reply>> {
        let wrong = self
            .cited
            .first()
            .and_then(|cited| cited.fact)
            .or_else(|| self.just_learnt.last().copied());
        let Some(wrong) = wrong else { return Ok(None) };
        let Some(fact) = self.memory.store().fact(wrong)? else { return Ok(None) };
        if fact.topic == Topic::Wishes {
            return Ok(None);
        }
        let Some(_) = correction else {
            self.memory.retract(wrong)?;
            return Ok(Some(Reply::kept(wording::retracted(&fact.statement))));
        };
        let learnt = self.learn_the_correction(wrong);
        if learnt.is_empty() {
            self.memory.retract(wrong)?;
        }
        Ok(Some(Reply::kept(wording::corrected(&learnt))))
    }

    /// Learns from the line that corrects, at once, and returns the statements.
    fn learn_the_correction(&mut self, wrong: FactId) -> Vec<String> {
        let Some(line) = self.unread.pop_back() else { return Vec::new() };
        let mut candidates = self.with_said(&line, memory::learn::learn).unwrap_or_default();
        for candidate in &mut candidates {
            candidate.corrects = true;
        }
        let mut learnt = Vec::new();
        for candidate in &candidates {
            if self.memory.learn(&line, candidate, Some(wrong)).is_ok() {
                learnt.push(candidate.statement.clone());
            }
        }
        learnt
    }

    fn what_did_we_talk_about(&mut self, days: Option<(Date, Date)>) -> anyhow::Result<Reply> {
        // What is over and was not summed up yet is summed up by rules now.
        while let Some(study) = self.next_unsummarised() {
            self.studied(&study, None);
        }
        let now: Zoned = (self.clock)();
        let zone = now.time_zone().clone();
        let (from, until) = match days {
            Some((first, last)) => (
                first.to_zoned(zone.clone())?.timestamp(),
                last.tomorrow()?.to_zoned(zone)?.timestamp(),
            ),
            None => (Timestamp::MIN, Timestamp::MAX),
        };
        let mut episodes = self.memory.store().episodes(from, until)?;
        episodes.retain(|episode| !episode.summary.is_empty());
        if days.is_none() {
            episodes.drain(..episodes.len().saturating_sub(1));
        }
        let told: Vec<(String, Timestamp)> =
            episodes.into_iter().map(|episode| (episode.summary, episode.began_at)).collect();
        Ok(Reply::kept(wording::episodes(&told, &now)))
    }

    /// Whether a line of the transcript is one that may be told again: it was
    /// said off the record, or is still remembered.
    pub fn may_stay(&self, line: &Line) -> bool {
        line.off_the_record
            || line.speaker == Speaker::Samantha && line.text.is_empty()
            || self.still_there(line)
    }
}

fn cited_line(line: memory::store::Line) -> Recalled {
    Recalled {
        fact: None,
        line: Some(line.id),
        words: line.text,
        said_at: line.at,
        relevance: 1.0,
        matched: Vec::new(),
    }
}

/// A plain yes or no to "is it to be forgotten?"; anything else is neither.
fn yes_or_no(text: &str) -> Option<bool> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    match words.first().map(String::as_str)? {
        "yes" | "yeah" | "yep" | "sure" if words.len() <= 5 => Some(true),
        "no" | "nope" | "don't" | "keep" | "wait" if words.len() <= 5 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_one() {
        for text in ["Yes.", "yes, forget everything", "Yeah, do that."] {
            assert_eq!(yes_or_no(text), Some(true), "{text}");
        }
        for text in ["No.", "no, keep it", "Don't!", "Wait."] {
            assert_eq!(yes_or_no(text), Some(false), "{text}");
        }
        for text in ["", "Perhaps.", "Yes and then I went to see my mother in the hospital."] {
            assert_eq!(yes_or_no(text), None, "{text}");
        }
    }
}
