//! Her memory as the session uses it: open or locked, on or off the record.
//!
//! Owned by the session's core, on the session's thread. It decides nothing
//! about turns: it keeps lines, learns from them when a reply is over, finds
//! what fits, and answers what is asked of the memory itself
//! ([`requests`]). Everything it does is quick, or asked for by the person.

use crate::dialogue::Aside;
use crate::learner;
use crate::paths::Paths;
use crate::session::{Line, MemoryPage, Speaker};
use crate::turn::TurnId;
use crate::wording::{Sentence, memory as wording};
use jiff::{Timestamp, Zoned};
use memory::key::Key;
use memory::learn::{self, Candidate, Said};
use memory::recall::Embedder;
use memory::store::facts::{Learnt, State};
use memory::store::{self, ConversationId, FactId, LineId, NewLine, PERSON, SAMANTHA};
use memory::vault::{Keeper, Locked, Vault};
use memory::{Memory, Recalled};
use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

mod letters;
mod pacing;
mod requests;

pub use letters::{Saved, file_name, write_new};
pub use requests::{Reply, Request};

/// Letters of memory that are laid before the language model for one reply. On
/// two cores it reads some hundred tokens a second, and the person waits.
const RECALLED_LETTERS: usize = 320;
/// Lines before a sentence that help to understand it.
const CONTEXT_LINES: usize = 8;

/// Tells the time, in the person's zone.
pub type Clock = Box<dyn Fn() -> Zoned + Send>;

/// Whether there is a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// It remembers.
    Open,
    /// It is there, and stays closed until the person helps.
    Locked {
        /// One or two sentences for people that say what to do.
        reason: Sentence,
        /// What would open it.
        opens_by: OpensBy,
    },
    /// Nothing is kept beyond this run.
    Unkept {
        /// Why, if that was not asked for.
        reason: Option<String>,
    },
}

/// What would open a locked memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpensBy {
    /// The person's passphrase.
    Passphrase,
    /// The 24 words.
    RecoveryPhrase,
    /// Another try, once the keychain is unlocked.
    Retry,
}

/// Where the memory lies.
struct Place {
    file: PathBuf,
    plain: PathBuf,
    vault: Vault,
    key: Option<Key>,
}

/// See the module's documentation.
pub struct Remembering {
    memory: Memory,
    place: Option<Place>,
    access: Access,
    /// Tells what lines mean; without it their words are compared.
    embedder: Option<Arc<dyn Embedder>>,
    off_the_record: bool,
    clock: Clock,
    /// Lines of the person that nothing has been learnt from yet.
    unread: VecDeque<store::Line>,
    /// Conversations that are to be summed up.
    unsummarised: VecDeque<ConversationId>,
    /// What was laid before the model for the last reply, or cited in it.
    cited: Vec<Recalled>,
    /// Facts that the last exchange told.
    just_learnt: Vec<FactId>,
    /// The exchange before the one under way.
    last_turn: Option<u64>,
    confirm: Option<requests::Confirm>,
}

/// Work for the language model beside the conversation.
pub enum Study {
    /// What a line tells; the rules have read it already.
    Line(store::Line),
    /// What a conversation was about.
    Conversation(Vec<store::Line>),
}

impl Remembering {
    /// The memory of these paths, opened if that needs no help. `embedder`
    /// tells what lines mean; without it their words are compared.
    pub fn open(paths: &Paths, embedder: Option<Arc<dyn Embedder>>) -> Self {
        let file = paths.memory_file();
        let vault = Vault::new(&file);
        Self::open_with(paths, vault, embedder)
    }

    /// The same with another keeper of the key.
    pub fn open_with(paths: &Paths, vault: Vault, embedder: Option<Arc<dyn Embedder>>) -> Self {
        let file = paths.memory_file();
        let place = Place { file, plain: paths.history_file(), vault, key: None };
        let mut this = Self::new(Some(place), Box::new(Zoned::now));
        this.embedder = embedder;
        let key = this.place.as_ref().map(|place| place.vault.key());
        if let Some(key) = key {
            this.unlock_with(key);
        }
        this
    }

    /// One that is gone when it is dropped.
    pub fn unkept() -> Self {
        Self::new(None, Box::new(Zoned::now))
    }

    /// One that is gone when it is dropped and knows another time.
    pub fn unkept_at(clock: Clock) -> Self {
        Self::new(None, clock)
    }

    fn new(place: Option<Place>, clock: Clock) -> Self {
        Self {
            memory: Memory::in_memory().expect("a database without a file"),
            place,
            access: Access::Unkept { reason: None },
            embedder: None,
            off_the_record: false,
            clock,
            unread: VecDeque::new(),
            unsummarised: VecDeque::new(),
            cited: Vec::new(),
            just_learnt: Vec::new(),
            last_turn: None,
            confirm: None,
        }
    }

    /// Whether there is a memory.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Where a damaged file was put, if one was found.
    pub fn set_aside(&self) -> Option<PathBuf> {
        self.memory.set_aside().map(PathBuf::from)
    }

    /// Who keeps the key.
    pub fn keeper(&self) -> Option<Keeper> {
        self.place.as_ref().and_then(|place| place.vault.keeper())
    }

    /// What is remembered, for reading.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.clock)().timestamp()
    }

    /// Tries again without the person's help, for instance after they unlocked
    /// the keychain.
    pub fn retry(&mut self) {
        if let Some(key) = self.place.as_ref().map(|place| place.vault.key()) {
            self.unlock_with(key);
        }
    }

    /// Opens it with the passphrase.
    pub fn unlock(&mut self, passphrase: &str) {
        if let Some(key) =
            self.place.as_ref().map(|place| place.vault.key_by_passphrase(passphrase))
        {
            self.unlock_with(key);
        }
    }

    /// Opens it with the recovery phrase.
    pub fn recover(&mut self, phrase: &str) {
        if let Some(key) = self.place.as_ref().map(|place| place.vault.recover(phrase)) {
            self.unlock_with(key);
        }
    }

    /// What was said while it was locked goes into it.
    fn unlock_with(&mut self, key: Result<Key, Locked>) {
        let Some(place) = &mut self.place else { return };
        let key = match key {
            Ok(key) => key,
            Err(locked) => {
                self.access = Access::Locked {
                    opens_by: match &locked {
                        Locked::Passphrase | Locked::WrongPassphrase => OpensBy::Passphrase,
                        Locked::KeyLost | Locked::Phrase(_) | Locked::OtherPhrase => {
                            OpensBy::RecoveryPhrase
                        }
                        Locked::KeychainSilent(_) | Locked::Failed(_) => OpensBy::Retry,
                    },
                    reason: wording::locked(&locked),
                };
                return;
            }
        };
        let opened = Memory::open(&place.file, Some(&place.plain), &key).and_then(|mut memory| {
            memory.take_in(&self.memory)?;
            if let Some(embedder) = &self.embedder {
                memory.use_embedder(embedder.clone())?;
            }
            Ok(memory)
        });
        match opened {
            Ok(memory) => {
                place.key = Some(key);
                self.memory = memory;
                self.access = Access::Open;
                self.unread.clear();
                self.note_what_is_left();
            }
            Err(error) => {
                self.access = Access::Unkept { reason: Some(wording::cannot_open(&error)) };
            }
        }
    }

    /// What an earlier run could not finish.
    fn note_what_is_left(&mut self) {
        self.unsummarised = self.memory.store().unsummarised().unwrap_or_default().into();
    }

    /// Has the key kept elsewhere from now on.
    pub fn protect(&mut self, keeper: Keeper, passphrase: &str) -> anyhow::Result<()> {
        let place = self.place.as_ref().filter(|place| place.key.is_some());
        let Some((place, key)) = place.and_then(|place| Some((place, place.key.as_ref()?))) else {
            anyhow::bail!("the memory is not open");
        };
        match keeper {
            Keeper::Passphrase => place.vault.keep_by_passphrase(key, passphrase),
            other => place.vault.keep(key, other),
        }
    }

    /// The 24 words, to be written on paper.
    pub fn recovery_phrase(&self) -> Option<String> {
        let key = self.place.as_ref()?.key.as_ref()?;
        Some(key.phrase().to_string())
    }

    /// The id above all that were ever given to a turn.
    pub fn next_turn(&self) -> u64 {
        self.memory.store().next_turn().unwrap_or(1)
    }

    /// The end of what was said before; see [`Memory::resume`].
    pub fn resume(&mut self, limit: u32) -> anyhow::Result<Vec<Line>> {
        let now = self.now();
        let lines = self.memory.resume(limit, now)?;
        // What a crash kept from being learnt. A line that told something has
        // been read.
        for line in lines.iter().filter(|line| line.speaker == PERSON) {
            if self.memory.store().facts_of(line.id)?.is_empty() {
                self.unread.push_back(line.clone());
            }
        }
        self.learn_by_rules();
        Ok(lines.into_iter().filter_map(shown).collect())
    }

    /// The next line begins a new conversation.
    pub fn begin(&mut self) {
        let over = self.memory.store().current_conversation();
        self.memory.begin();
        self.unsummarised.extend(over);
        self.cited.clear();
        self.just_learnt.clear();
        self.last_turn = None;
    }

    /// Embeds a few lines that are not yet, which takes some hundredths of a
    /// second. Whether there may be more.
    pub fn catch_up(&mut self) -> bool {
        const LINES: usize = 8;
        match self.memory.embed(LINES) {
            Ok(count) => count == LINES,
            Err(error) => {
                tracing::warn!("older lines could not be embedded: {error:#}");
                false
            }
        }
    }

    /// How words are said that the person put right: the word, and their way.
    pub fn pronunciations(&self) -> Vec<(String, String)> {
        let facts = self.memory.store().facts().unwrap_or_default();
        let current = facts.iter().filter(|fact| fact.state == State::Current);
        current.filter_map(|fact| learn::pronunciation(&fact.statement)).collect()
    }

    /// Whether nothing is kept at the moment.
    pub fn is_off_the_record(&self) -> bool {
        self.off_the_record
    }

    /// Nothing is kept from now on, or again.
    pub fn set_off_the_record(&mut self, off: bool) {
        self.off_the_record = off;
    }

    /// Keeps a line. When this returns without an error, it survives the end
    /// of the process.
    pub fn save(&mut self, line: &Line) -> anyhow::Result<()> {
        let speaker = match line.speaker {
            Speaker::Person => PERSON,
            Speaker::Samantha => SAMANTHA,
        };
        let before = self.memory.store().current_conversation();
        let kept = self.memory.save(&NewLine {
            turn: line.turn.0,
            speaker,
            text: &line.text,
            interrupted: line.interrupted,
            at: line.said_at,
        })?;
        // Hours have passed: the conversation before this one is over.
        if before.is_some_and(|before| before != kept.conversation) {
            self.unsummarised.extend(before);
        }
        if line.speaker == Speaker::Person {
            self.unread.push_back(kept);
        }
        Ok(())
    }

    /// What of the memory fits what the person said last, and the words in
    /// which the language model is told of it; `None` if nothing does.
    /// `in_view` are the exchanges it reads anyway.
    pub fn recall(
        &mut self,
        turn: TurnId,
        text: &str,
        in_view: &HashSet<u64>,
    ) -> Option<(String, Vec<Recalled>)> {
        self.cited.clear();
        let (note, recalled) = self.find(text, in_view)?;
        if !self.off_the_record
            && let Err(error) = self.memory.note_recalled(turn.0, &recalled)
        {
            tracing::warn!("what was recalled could not be noted: {error:#}");
            return None;
        }
        self.cited.clone_from(&recalled);
        Some((note, recalled))
    }

    /// The same for words that may not be the last: it leaves no trace.
    pub fn find(&mut self, text: &str, in_view: &HashSet<u64>) -> Option<(String, Vec<Recalled>)> {
        // Without a memory she can still talk.
        let recalled = self
            .memory
            .recall(text, in_view, RECALLED_LETTERS)
            .inspect_err(|error| tracing::warn!("recalling failed: {error:#}"))
            .ok()
            .filter(|recalled| !recalled.is_empty())?;
        let now = (self.clock)();
        Some((wording::recalled(&recalled, &now), recalled))
    }

    /// A reply is over: learns by rules from what was said, which takes less
    /// than a millisecond, and returns what the language model may study when
    /// nothing else is to be done.
    pub fn exchange_is_over(&mut self, turn: TurnId) -> Vec<Study> {
        self.last_turn = Some(turn.0);
        self.learn_by_rules()
    }

    fn learn_by_rules(&mut self) -> Vec<Study> {
        self.just_learnt.clear();
        let mut studies = Vec::new();
        while let Some(line) = self.unread.pop_front() {
            match self.with_said(&line, learn::learn) {
                Ok(candidates) => {
                    self.keep_candidates(&line, &candidates);
                    studies.push(Study::Line(line));
                }
                Err(error) => tracing::warn!("nothing could be learnt: {error:#}"),
            }
        }
        studies
    }

    fn keep_candidates(&mut self, line: &store::Line, candidates: &[Candidate]) {
        for candidate in candidates {
            let corrected = self.cited.first().and_then(|cited| cited.fact);
            match self.memory.learn(line, candidate, corrected) {
                Ok(Learnt::New(id) | Learnt::Superseded { by: id, .. }) => {
                    self.just_learnt.push(id);
                }
                Ok(Learnt::Known(_)) => {}
                Err(error) => tracing::warn!("something learnt could not be kept: {error:#}"),
            }
        }
    }

    /// Calls `act` with the line and what helps to understand it.
    fn with_said<T>(
        &self,
        line: &store::Line,
        act: impl FnOnce(&Said<'_>) -> T,
    ) -> anyhow::Result<T> {
        let conversation = self.memory.store().lines_of(line.conversation)?;
        let before: Vec<learn::Line<'_>> = conversation
            .iter()
            .filter(|earlier| earlier.id < line.id)
            .map(|earlier| learn::Line {
                speaker: if earlier.speaker == PERSON {
                    learn::Speaker::Person
                } else {
                    learn::Speaker::Samantha
                },
                text: &earlier.text,
            })
            .collect();
        let people: Vec<_> =
            self.memory.store().people()?.into_iter().map(|known| known.who).collect();
        let at = line.at.to_zoned((self.clock)().time_zone().clone());
        Ok(act(&Said {
            text: &line.text,
            at: &at,
            before: &before[before.len().saturating_sub(CONTEXT_LINES)..],
            people: &people,
        }))
    }

    /// A conversation that is over and not summed up yet.
    pub fn next_unsummarised(&mut self) -> Option<Study> {
        while let Some(id) = self.unsummarised.pop_front() {
            let lines = self.memory.store().lines_of(id).unwrap_or_default();
            if lines.iter().any(|line| line.speaker == PERSON) {
                return Some(Study::Conversation(lines));
            }
        }
        None
    }

    /// What the language model is asked for a study.
    pub fn task(&self, study: &Study) -> Option<Aside> {
        match study {
            Study::Line(line) => self.with_said(line, learner::extraction).ok().flatten(),
            Study::Conversation(lines) => learner::summary(&spoken(lines)),
        }
    }

    /// The language model has studied it; `None` if it could not.
    pub fn studied(&mut self, study: &Study, output: Option<&str>) {
        match study {
            Study::Line(line) => {
                let Some(output) = output else { return };
                // It may have been forgotten in the meantime.
                if !matches!(self.memory.store().line(line.id), Ok(Some(_))) {
                    return;
                }
                let found = self.with_said(line, |said| {
                    learner::merge(learn::learn(said), learner::candidates(output, said))
                });
                let known = self.memory.store().facts_of(line.id).unwrap_or_default();
                let mut fresh = found.unwrap_or_default();
                fresh.retain(|new| known.iter().all(|old| old.statement != new.statement));
                self.keep_candidates(line, &fresh);
            }
            Study::Conversation(lines) => {
                let still = lines
                    .iter()
                    .all(|line| matches!(self.memory.store().line(line.id), Ok(Some(_))));
                if !still {
                    return;
                }
                let spoken = spoken(lines);
                let summary = output
                    .and_then(|output| learner::parse_summary(output, &spoken))
                    .or_else(|| learner::plain_summary(&self.told_in(lines)));
                let summary = summary.unwrap_or_default();
                if let Err(error) = self.memory.save_episode(lines, &summary) {
                    tracing::warn!("a conversation could not be summed up: {error:#}");
                }
            }
        }
    }

    /// What was learnt in these lines.
    fn told_in(&self, lines: &[store::Line]) -> Vec<Candidate> {
        let mut told: Vec<Candidate> = Vec::new();
        for line in lines.iter().filter(|line| line.speaker == PERSON) {
            for fact in self.memory.store().facts_of(line.id).unwrap_or_default() {
                told.push(fact.into());
            }
        }
        told.dedup_by(|a, b| a.statement == b.statement);
        told
    }

    /// Sums up by rules what nobody will study any more.
    pub fn close(&mut self) {
        self.learn_by_rules();
        self.memory.begin();
        self.note_what_is_left();
        while let Some(study) = self.next_unsummarised() {
            self.studied(&study, None);
        }
    }

    /// The lines of an exchange that are still remembered.
    pub fn still_there(&self, line: &Line) -> bool {
        let lines = self.memory.store().lines_of_turn(line.turn.0).unwrap_or_default();
        lines.iter().any(|kept| kept.text == line.text)
    }

    /// What the memory page shows.
    pub fn page(&self, words: &str) -> MemoryPage {
        let store = self.memory.store();
        MemoryPage {
            access: self.access.clone(),
            keeper: self.keeper(),
            entries: self
                .memory
                .find_facts(words)
                .unwrap_or_default()
                .into_iter()
                .map(|fact| {
                    let sources = store.sources(fact.id).unwrap_or_default();
                    crate::session::MemoryEntry { fact, sources }
                })
                .collect(),
            people: store.people().unwrap_or_default(),
            counts: store.counts().unwrap_or_default(),
        }
    }

    /// Changes the wording of a fact.
    pub fn edit(&mut self, fact: FactId, statement: &str) -> anyhow::Result<()> {
        let now = self.now();
        self.memory.edit(fact, statement.trim(), now)?;
        Ok(())
    }

    /// Forgets facts and all that told them.
    pub fn forget_facts(&mut self, facts: &[FactId]) -> anyhow::Result<()> {
        let now = self.now();
        self.memory.forget_facts(facts, now)?;
        self.after_forgetting();
        Ok(())
    }

    /// Forgets lines and what came from them alone.
    pub fn forget_lines(&mut self, lines: &[LineId]) -> anyhow::Result<()> {
        let now = self.now();
        self.memory.forget_lines(lines, now)?;
        self.after_forgetting();
        Ok(())
    }

    /// Forgets all of it.
    pub fn forget_everything(&mut self) -> anyhow::Result<()> {
        let now = self.now();
        self.memory.forget_everything(now)?;
        self.unsummarised.clear();
        self.after_forgetting();
        Ok(())
    }

    fn after_forgetting(&mut self) {
        let store = self.memory.store();
        self.unread.retain(|line| matches!(store.line(line.id), Ok(Some(_))));
        self.cited.clear();
        self.just_learnt.clear();
        // Summaries that told it are gone with it.
        self.note_what_is_left();
    }
}

/// A line as the session shows it; those of imported conversations are not
/// hers to show.
fn shown(line: store::Line) -> Option<Line> {
    let speaker = match line.speaker.as_str() {
        PERSON => Speaker::Person,
        SAMANTHA => Speaker::Samantha,
        _ => return None,
    };
    Some(Line {
        turn: TurnId(line.turn),
        speaker,
        text: line.text,
        interrupted: line.interrupted,
        off_the_record: false,
        said_at: line.at,
    })
}

fn spoken(lines: &[store::Line]) -> Vec<learn::Line<'_>> {
    lines
        .iter()
        .map(|line| learn::Line {
            speaker: if line.speaker == PERSON {
                learn::Speaker::Person
            } else {
                learn::Speaker::Samantha
            },
            text: &line.text,
        })
        .collect()
}
