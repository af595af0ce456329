//! What a sentence tells about the person's life.
//!
//! Rules for what rules do well. Facts come only from what the person said.
//! Pure: the time of the saying is an argument.
//!
//! [`learn`] hears the conversation up to now, so that it knows whom "she"
//! means, and then reads what was said: cut into clauses
//! ([`segment`]), each read on its own ([`clause`]) with its days
//! ([`date`]) and pronouns ([`resolve`]) put into words that last. It would
//! rather keep nothing than something that isn't so.

mod answer;
mod clause;
mod content;
mod copula;
pub(crate) mod date;
mod filler;
mod hygiene;
mod naming;
mod number;
mod people;
mod pronounced;
mod record;
mod repair;
mod resolve;
mod restate;
mod retract;
mod segment;
mod talk;
pub(crate) mod token;
mod topic;
mod verb;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Zoned;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use pronounced::pronunciation;
use record::Record;
pub use restate::{is_told, restates};

/// Who said a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The person.
    Person,
    /// Samantha: never a source, but what "yes" and "there" may refer to.
    Samantha,
}

/// A line of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Who said it.
    pub speaker: Speaker,
    /// What was said.
    pub text: &'a str,
}

/// Someone in the person's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Someone {
    /// "Ana"; empty if only the relation is known.
    pub name: String,
    /// What they are to the person: "sister", "boss"; empty if unknown.
    pub relation: String,
}

/// What was said, and what helps to understand it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What the person said.
    pub text: &'a str,
    /// When, in the person's own time zone.
    pub at: &'a Zoned,
    /// The lines before it in this conversation, oldest first.
    pub before: &'a [Line<'a>],
    /// Who is known already.
    pub people: &'a [Someone],
}

/// Whom a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The person.
    Person,
    /// Someone in their life.
    Other(Someone),
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Family, friends, colleagues.
    People,
    /// Where they live and lived, travel.
    Places,
    /// Work and learning.
    Work,
    /// Body and mind.
    Health,
    /// What they like and dislike.
    Taste,
    /// What they intend, and when.
    Plans,
    /// What happened.
    Events,
    /// Feelings that were named.
    Feelings,
    /// Animals they keep.
    Pets,
    /// What they asked to be done or believed: quoted, never obeyed.
    Wishes,
    /// Anything else of their life.
    Other,
}

/// Something that may be worth keeping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// In the person's own voice and as near to their words as can be, with
    /// names, places and dates in place of "she", "there" and "tomorrow":
    /// "My sister Ana moved to Lisbon."
    pub statement: String,
    /// Whom it is about.
    pub subject: Subject,
    /// What it is about.
    pub topic: Topic,
    /// What there can be only one of at a time, such as "home" or "employer";
    /// a new fact of the same subject and slot makes the old one history.
    /// Empty if there can be many.
    pub slot: String,
    /// When it happens or happened, if that was said: the day, or the first
    /// day of the week, month, season or year that was named. A feeling is of
    /// the day on which it was told.
    pub when: Option<Date>,
    /// 0.0..=1.0.
    pub confidence: f32,
    /// It was said as a correction: "no, that's wrong, she …".
    pub corrects: bool,
}

impl Candidate {
    /// The same for statements that say the same in nearly the same words
    /// about the same one: for finding duplicates.
    pub fn key(&self) -> String {
        let mut words: BTreeSet<String> = content::content(&self.statement).into_iter().collect();
        if let Subject::Other(someone) = &self.subject {
            let whose = if someone.name.is_empty() { &someone.relation } else { &someone.name };
            words.insert(format!("@{}", whose.to_lowercase()));
        }
        if is_denied(&self.statement) {
            words.insert("not".to_owned());
        }
        words.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// The statement says that something is not (or no longer) so: "I don't drink
/// coffee any more."
pub fn is_denied(statement: &str) -> bool {
    token::tokens(statement)
        .iter()
        .any(|token| token.is(&["not", "never", "no", "nobody", "nothing", "neither", "cannot"]))
}

/// What is worth remembering of what the person said.
///
/// Nothing is kept of questions, of what might be, of jokes, films and other
/// people's words, of the world at large, of Samantha, nor of what was asked
/// not to be kept. Each statement stands for itself: whoever and whenever is
/// meant is said in it.
pub fn learn(said: &Said<'_>) -> Vec<Candidate> {
    let mut reader = clause::Reader {
        talk: talk::Talk::new(said.people),
        today: said.at.date(),
        thing: None,
        asked: None,
    };
    let mut open = true;
    for line in said.before {
        match line.speaker {
            Speaker::Person => open = read(&mut reader, line.text, open, false).1,
            Speaker::Samantha => reader.overhear(line.text),
        }
    }
    let read = read(&mut reader, said.text, open, true).0;
    // Said in so many words, it is nothing else.
    let mut candidates = match pronounced::told(said).filter(|_| open) {
        Some(told) => vec![told],
        None => read,
    };
    let mut keys = BTreeSet::new();
    candidates.retain(|candidate| worth_keeping(candidate) && keys.insert(candidate.key()));
    candidates
}

/// Reads a text; what it tells, and whether the record is open behind it.
fn read(
    reader: &mut clause::Reader,
    text: &str,
    mut open: bool,
    keep: bool,
) -> (Vec<Candidate>, bool) {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut corrects = false;
    let mut played = false;
    // What may yet turn out otherwise, and in which sentence it was told.
    let mut hearsay: Option<(Range<usize>, u32)> = None;
    for sentence in segment::joined(token::sentences(token::tokens(text))) {
        reader.talk.sentence += 1;
        let norms = sentence_norms(&sentence.tokens);
        match record::record(&norms) {
            Record::Open => {}
            Record::Closed | Record::Shut if sentence.asked => {}
            // What was told with it was meant too.
            Record::Closed => return (Vec::new(), open),
            Record::Shut => return (Vec::new(), false),
            Record::Reopened => {
                open = true;
                continue;
            }
        }
        let taken_back = retract::takes_back(&norms);
        if taken_back {
            candidates.clear();
            hearsay = None;
        }
        corrects |= hygiene::corrects(&norms);
        played |= hygiene::sets_a_scene(&norms);
        let keep = keep && open && !played && !hygiene::is_unreal(&norms);
        let conditional = hygiene::is_conditional(&norms);
        let sentence = match reader.answer(&sentence) {
            Some((whole, rest)) => {
                candidates.extend(reader.read(&whole, keep && !conditional && !taken_back));
                rest
            }
            None => sentence,
        };
        let clauses = segment::clauses(&sentence);
        let within = |clause: &segment::Clause| {
            clause.tokens.iter().any(|token| token.is(&["if", "unless"]))
        };
        let condition = clauses.iter().position(within).unwrap_or_default();
        let joked = if taken_back { retract::joked(&clauses) } else { 0 };
        for (index, clause) in clauses.iter().enumerate() {
            if retract::overturns(clause)
                && let Some((told, heard)) = hearsay.take()
                && heard + 1 >= reader.talk.sentence
            {
                candidates.drain(told);
            }
            let keep = keep && index >= joked;
            // "He kept bees, and he'd cry if one died": what was stays so.
            let keep = keep && (!conditional || index < condition && is_over(clause));
            let mut asked = clause.tokens.clone();
            clause::strip_opening(&mut asked);
            if keep && !clause.question && hygiene::is_instruction(&asked) {
                candidates.push(order(asked, &clauses[index + 1..]));
                break;
            }
            let told = candidates.len();
            candidates.append(&mut told_by(reader, clause, keep));
            if retract::is_hearsay(&clause.tokens) {
                hearsay = Some((told..candidates.len(), reader.talk.sentence));
            }
            if hygiene::opens_quotation(&clause.tokens) {
                // The rest is someone else's.
                break;
            }
        }
    }
    for candidate in &mut candidates {
        candidate.corrects |= corrects;
    }
    (candidates, open)
}

/// What a clause tells, or else what stands within it.
fn told_by(reader: &mut clause::Reader, clause: &segment::Clause, keep: bool) -> Vec<Candidate> {
    let mut told = reader.read(clause, keep);
    // What was said besides names people at most.
    if keep && told.iter().all(|told| matches!(told.slot.as_str(), "name" | "partner")) {
        let within = [segment::reason(clause), segment::known(clause)];
        told.extend(within.iter().flatten().flat_map(|within| reader.read(within, keep)));
    }
    told
}

/// What was asked, to the end of the sentence, as a quotation.
fn order(asked: Vec<token::Token>, behind: &[segment::Clause]) -> Candidate {
    let rest = behind.iter().flat_map(|clause| {
        let lead = (!clause.lead.is_empty()).then(|| token::Token::put(&clause.lead));
        lead.into_iter().chain(clause.tokens.iter().cloned())
    });
    clause::quote(&asked.into_iter().chain(rest).collect::<Vec<_>>())
}

/// It tells what is over, whatever would be.
fn is_over(clause: &segment::Clause) -> bool {
    verb::tense(&clause.tokens) == verb::Tense::Past
}

/// Whether what was said may be kept at all: it is not off the record, nor was
/// it asked not to be kept.
pub fn may_keep(said: &Said<'_>) -> bool {
    let own = said.before.iter().filter(|line| line.speaker == Speaker::Person);
    let mut open = true;
    let mut closed = false;
    for text in own.map(|line| line.text).chain([said.text]) {
        closed = false;
        for sentence in token::sentences(token::tokens(text)) {
            match record::record(&sentence_norms(&sentence.tokens)) {
                Record::Open => {}
                Record::Reopened => open = true,
                Record::Closed | Record::Shut if sentence.asked => {}
                Record::Closed => closed = true,
                Record::Shut => open = false,
            }
        }
    }
    open && !closed
}

/// The words of a sentence with "'s" in full where that is certain.
fn sentence_norms(tokens: &[token::Token]) -> String {
    token::norms(tokens)
        .replace(" that 's ", " that is ")
        .replace(" it 's ", " it is ")
        .replace(" he 's ", " he is ")
        .replace(" she 's ", " she is ")
}

/// It is a whole statement, sure enough, and stands for itself.
pub fn worth_keeping(candidate: &Candidate) -> bool {
    let words = token::tokens(&candidate.statement);
    let points = words.first().is_some_and(|word| {
        word.is(&["he", "she", "they", "him", "her", "his", "their", "there", "this", "that"])
    });
    let drifts = words.iter().any(|word| word.is(&["yesterday", "tomorrow", "tonight"]));
    let quoted = candidate.topic == Topic::Wishes;
    candidate.confidence >= 0.5 && words.len() >= 3 && !points && (quoted || !drifts)
}

/// Every word of a statement that carries meaning, each number and name, was
/// said by the person, now or before, or is what their words mean: a filter
/// for statements that a language model wrote.
///
/// Samantha's lines count for nothing.
pub fn grounded(statement: &str, said: &Said<'_>) -> bool {
    let mut known = content::content(said.text);
    for line in said.before.iter().filter(|line| line.speaker == Speaker::Person) {
        known.extend(content::content(line.text));
    }
    // Whom and when was meant, as the rules understand it.
    for candidate in learn(said) {
        known.extend(content::content(&candidate.statement));
    }
    let talked_of = |someone: &&Someone| {
        [&someone.name, &someone.relation]
            .iter()
            .any(|word| !word.is_empty() && content::content(word).is_subset(&known))
    };
    let people: Vec<&Someone> = said.people.iter().filter(talked_of).collect();
    for someone in people {
        known.extend(content::content(&someone.name));
        known.extend(content::content(&someone.relation));
    }
    known.extend(date::meant(&token::tokens(said.text), said.at.date()));
    let told = content::content(statement);
    !told.is_empty() && told.is_subset(&known) && is_denied(statement) <= said_no(said)
}

/// Something was denied in what was said.
fn said_no(said: &Said<'_>) -> bool {
    is_denied(said.text)
}
