//! `samantha memory`: what she remembers, for people without a window, for
//! scripts and for measuring.

use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::wording::memory as wording;
use anyhow::{Context, bail};
use jiff::Timestamp;
use memory::key::Key;
use memory::recall::Query;
use memory::store::facts::{Fact, State, topic_name};
use memory::store::{FactId, ImportedTurn, Line, LineId};
use memory::vault::{self, Locked, Sealed, Vault};
use memory::{Found, Memory};
use serde::Serialize;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

mod key;

/// Look at, search, forget, take away and bring back what she remembers.
///
/// A memory that opens with a passphrase asks for it, or takes it from
/// SAMANTHA_PASSPHRASE.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Remember turns from elsewhere: JSON lines with id, speaker, time, text.
    ImportTurns {
        /// The file; "-" reads standard input.
        file: PathBuf,
    },
    /// Find remembered turns, best first.
    Search(Search),
    /// List what is known, the latest first.
    List {
        /// Also what was corrected or has changed.
        #[arg(long)]
        all: bool,
        /// JSON lines.
        #[arg(long)]
        json: bool,
    },
    /// Show a memory with the sentences it came from.
    Show {
        /// As `list` and `search` name it.
        id: String,
    },
    /// Forget memories and all that told them, for good.
    Forget {
        /// As `list` and `search` name them.
        #[arg(required_unless_present_any = ["words", "everything"])]
        ids: Vec<String>,
        /// Forget whatever holds these words.
        #[arg(long, value_name = "WORDS")]
        words: Option<String>,
        /// Forget all of it.
        #[arg(long, conflicts_with_all = ["ids", "words"])]
        everything: bool,
    },
    /// Write all of it into one file to take away, encrypted with a passphrase.
    Export {
        /// Where to.
        file: PathBuf,
        /// Not encrypted: anyone who gets the file can read it.
        #[arg(long)]
        plain: bool,
    },
    /// Bring back what was exported; what is known already stays as it is.
    Import {
        /// From where.
        file: PathBuf,
    },
    /// Check that all of it is sound, and say how much there is.
    Check {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Who keeps the key, the recovery phrase, and other keepers.
    Key(key::Args),
}

#[derive(Debug, clap::Args)]
struct Search {
    /// In any words.
    #[arg(required_unless_present = "batch")]
    query: Option<String>,
    /// One query a line instead; "-" reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    batch: Option<PathBuf>,
    /// This many at most.
    #[arg(long, default_value_t = 5, value_name = "K")]
    top: usize,
    /// JSON lines, one a query: {"query", "results": [{"id", …}]}.
    #[arg(long)]
    json: bool,
    /// Only what this speaker said; the person is "person".
    #[arg(long)]
    speaker: Option<String>,
    /// Only from this time on: a date or RFC 3339.
    #[arg(long, value_parser = time)]
    since: Option<Timestamp>,
    /// Only before this time: a date or RFC 3339.
    #[arg(long, value_parser = time)]
    until: Option<Timestamp>,
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    if let Command::Key(args) = &args.command {
        return key::run(args, paths);
    }
    let mut memory = open(paths)?;
    let now = Timestamp::now();
    match args.command {
        Command::ImportTurns { file } => {
            let turns = read_turns(&file)?;
            let count = memory.import_turns(&turns)?;
            embed(&mut memory, paths, true)?;
            println!("{count} of {} turns are new and remembered now.", turns.len());
        }
        Command::Search(search) => {
            embed(&mut memory, paths, false)?;
            find(&memory, &search)?;
        }
        Command::List { all, json } => list(&memory, all, json)?,
        Command::Show { id } => show(&memory, &id)?,
        Command::Forget { ids, words, everything } => {
            if everything {
                memory.forget_everything(now)?;
                println!("Everything is forgotten.");
            } else if let Some(words) = words {
                let gone = memory.forget_words(&words, now)?;
                report_forgotten(gone.facts.len(), gone.lines.len());
            } else {
                forget(&mut memory, &ids, now)?;
            }
        }
        Command::Export { file, plain } => export(&memory, &file, plain, now)?,
        Command::Import { file } => {
            let imported = import(&mut memory, &file)?;
            println!(
                "{} sentences and {} memories were brought back.",
                imported.lines, imported.facts
            );
        }
        Command::Check { json } => return check(&memory, json),
        Command::Key(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the memory, asking for the passphrase if that is what opens it.
pub(super) fn open(paths: &Paths) -> anyhow::Result<Memory> {
    let key = key_of(&Vault::new(&paths.memory_file()))?;
    let memory = Memory::open(&paths.memory_file(), Some(&paths.history_file()), &key)?;
    if let Some(aside) = memory.set_aside() {
        tell(&crate::wording::memory::set_aside(aside))?;
    }
    Ok(memory)
}

/// So many lines are embedded before anybody wonders.
const SOON_EMBEDDED: usize = 300;

/// Embeds what is not yet, with the weight that is here or, if `fetches`, can be
/// had. Nothing is lost without: words are compared then.
fn embed(memory: &mut Memory, paths: &Paths, fetches: bool) -> anyhow::Result<()> {
    let mut embedder = engines::embedder(paths);
    if fetches && embedder.is_none() {
        tell("fetching what finds memories by their meaning (23 MB); it goes on if that fails")?;
        match engines::fetch(paths, Kind::Memory) {
            Ok(()) => embedder = engines::embedder(paths),
            Err(error) => tracing::debug!("not fetched: {error:#}"),
        }
    }
    if let Some(embedder) = embedder {
        memory.use_embedder(embedder)?;
        if memory.embed(SOON_EMBEDDED)? == SOON_EMBEDDED {
            tell(
                "reading what is remembered, once, so that it is found by its meaning; this may take a minute",
            )?;
            memory.embed(usize::MAX)?;
        }
    }
    Ok(())
}

fn key_of(vault: &Vault) -> anyhow::Result<Key> {
    match vault.key() {
        Err(Locked::Passphrase) => {
            vault.key_by_passphrase(&passphrase("Passphrase: ")?).map_err(|why| stays_closed(&why))
        }
        Err(Locked::KeyLost) => {
            bail!("{} Run: samantha memory key recover", wording::locked(&Locked::KeyLost))
        }
        other => other.map_err(|why| stays_closed(&why)),
    }
}

fn stays_closed(why: &Locked) -> anyhow::Error {
    anyhow::anyhow!(wording::locked(why))
}

/// From the environment, or typed.
fn passphrase(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if let Ok(passphrase) = std::env::var("SAMANTHA_PASSPHRASE") {
        return Ok(Zeroizing::new(passphrase));
    }
    if !std::io::stdin().is_terminal() {
        bail!("a passphrase is needed: type it in a terminal, or set SAMANTHA_PASSPHRASE");
    }
    Ok(Zeroizing::new(rpassword::prompt_password(prompt)?))
}

fn tell(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stderr(), "samantha: {text}")?)
}

fn reader(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let opened =
        std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

fn read_turns(file: &Path) -> anyhow::Result<Vec<ImportedTurn>> {
    let mut turns = Vec::new();
    for (number, line) in reader(file)?.lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            let turn = serde_json::from_str(&line).with_context(|| {
                format!(
                    "{} line {}: expected {{\"id\", \"speaker\", \"time\", \"text\"}}; nothing was \
                     imported",
                    file.display(),
                    number + 1
                )
            })?;
            turns.push(turn);
        }
    }
    Ok(turns)
}

#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    results: Vec<FoundLine<'a>>,
}

#[derive(Serialize)]
struct FoundLine<'a> {
    id: String,
    speaker: &'a str,
    time: Timestamp,
    text: &'a str,
    score: f32,
}

fn find(memory: &Memory, search: &Search) -> anyhow::Result<()> {
    let queries: Vec<String> = match (&search.query, &search.batch) {
        (_, Some(file)) => reader(file)?.lines().collect::<Result<_, _>>()?,
        (query, None) => query.iter().cloned().collect(),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for text in &queries {
        let found = memory.search(&Query {
            text,
            top: search.top,
            speaker: search.speaker.as_deref(),
            since: search.since,
            until: search.until,
        })?;
        if search.json || search.batch.is_some() {
            let results = found.iter().map(found_line).collect();
            serde_json::to_writer(&mut out, &Answer { query: text, results })?;
            writeln!(out)?;
            continue;
        }
        for Found { line, .. } in &found {
            writeln!(out, "{}\t{}\t{}\t{}", name(line), line.at, line.speaker, line.text)?;
        }
    }
    out.flush()?;
    Ok(())
}

fn found_line(found: &Found) -> FoundLine<'_> {
    FoundLine {
        id: name(&found.line),
        speaker: &found.line.speaker,
        time: found.line.at,
        text: &found.line.text,
        score: found.score,
    }
}

/// What a line is called on the command line: the id it was imported under, or
/// its own.
fn name(line: &Line) -> String {
    line.origin.clone().unwrap_or_else(|| format!("line-{}", line.id))
}

#[derive(Serialize)]
struct FactLine<'a> {
    id: String,
    statement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a memory::learn::Someone>,
    topic: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    happens_on: Option<jiff::civil::Date>,
    said_at: Timestamp,
    confidence: f32,
    state: State,
    sources: Vec<Source>,
}

#[derive(Serialize)]
struct Source {
    id: String,
    time: Timestamp,
    text: String,
}

fn list(memory: &Memory, all: bool, json: bool) -> anyhow::Result<()> {
    let mut facts = memory.store().facts()?;
    facts.retain(|fact| all || fact.state == State::Current);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for fact in &facts {
        if json {
            let sources = memory.store().sources(fact.id)?;
            serde_json::to_writer(&mut out, &fact_line(fact, sources))?;
            writeln!(out)?;
        } else {
            let past = if fact.state == State::Superseded { " (no longer)" } else { "" };
            writeln!(out, "fact-{}\t{}\t{}{past}", fact.id, fact.said_at, fact.statement)?;
        }
    }
    out.flush()?;
    Ok(())
}

fn fact_line(fact: &Fact, sources: Vec<Line>) -> FactLine<'_> {
    FactLine {
        id: format!("fact-{}", fact.id),
        statement: &fact.statement,
        about: fact.about.as_ref().map(|(_, who)| who),
        topic: topic_name(fact.topic),
        happens_on: fact.happens_on,
        said_at: fact.said_at,
        confidence: fact.confidence,
        state: fact.state,
        sources: sources
            .into_iter()
            .map(|line| Source { id: name(&line), time: line.at, text: line.text })
            .collect(),
    }
}

/// What an id names.
enum Named {
    Fact(FactId),
    Line(LineId),
}

fn named(memory: &Memory, id: &str) -> anyhow::Result<Named> {
    if let Some(line) = memory.store().line_by_origin(id)? {
        return Ok(Named::Line(line.id));
    }
    let number = |prefix: &str| id.strip_prefix(prefix).and_then(|n| n.parse::<i64>().ok());
    if let Some(fact) = number("fact-").filter(|n| matches!(memory.store().fact(*n), Ok(Some(_)))) {
        return Ok(Named::Fact(fact));
    }
    if let Some(line) = number("line-").filter(|n| matches!(memory.store().line(*n), Ok(Some(_)))) {
        return Ok(Named::Line(line));
    }
    bail!("there is no memory \"{id}\": `samantha memory list` and `search` name them")
}

fn show(memory: &Memory, id: &str) -> anyhow::Result<()> {
    match named(memory, id)? {
        Named::Fact(id) => {
            let fact = memory.store().fact(id)?.context("it is gone")?;
            let by = fact.superseded_by;
            let sources = memory.store().sources(id)?;
            println!("{}", serde_json::to_string_pretty(&fact_line(&fact, sources))?);
            if let Some(by) = by.and_then(|by| memory.store().fact(by).ok().flatten()) {
                println!("No longer; now fact-{}: {}", by.id, by.statement);
            }
        }
        Named::Line(id) => {
            let line = memory.store().line(id)?.context("it is gone")?;
            println!("{}\t{}\t{}\t{}", name(&line), line.at, line.speaker, line.text);
            for fact in memory.store().facts_of(id)? {
                println!("  fact-{}\t{}", fact.id, fact.statement);
            }
        }
    }
    Ok(())
}

fn forget(memory: &mut Memory, ids: &[String], now: Timestamp) -> anyhow::Result<()> {
    // All are looked up before any is forgotten.
    let names = ids.iter().map(|id| named(memory, id)).collect::<anyhow::Result<Vec<_>>>()?;
    let (mut facts, mut lines) = (Vec::new(), Vec::new());
    for name in names {
        match name {
            Named::Fact(id) => facts.push(id),
            Named::Line(id) => lines.push(id),
        }
    }
    let by_fact = memory.forget_facts(&facts, now)?;
    let by_line = memory.forget_lines(&lines, now)?;
    report_forgotten(
        by_fact.facts.len() + by_line.facts.len(),
        by_fact.lines.len() + by_line.lines.len(),
    );
    Ok(())
}

fn report_forgotten(facts: usize, lines: usize) {
    println!("Forgotten: {facts} memories and {lines} sentences.");
}

fn export(memory: &Memory, file: &Path, plain: bool, now: Timestamp) -> anyhow::Result<()> {
    let content = Zeroizing::new(memory.store().export(now)?);
    if plain {
        memory::write_private(file, &content)?;
    } else {
        let typed = passphrase("Passphrase for the file: ")?;
        if std::env::var_os("SAMANTHA_PASSPHRASE").is_none()
            && *passphrase("Once more: ")? != *typed
        {
            bail!("the two passphrases differ: nothing was written");
        }
        memory::write_private(file, &vault::encrypt(&content, &typed)?)?;
    }
    println!("All of it is in {}.", file.display());
    Ok(())
}

fn import(memory: &mut Memory, file: &Path) -> anyhow::Result<memory::store::portable::Imported> {
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if !vault::is_sealed(&content) {
        return memory.import(&content);
    }
    let plain =
        vault::decrypt(&content, &passphrase("Passphrase of the file: ")?).map_err(|error| {
            match error {
                Sealed::WrongPassphrase => anyhow::anyhow!("{}: {error}", file.display()),
                damaged => anyhow::Error::new(damaged).context(file.display().to_string()),
            }
        })?;
    memory.import(&plain)
}

fn check(memory: &Memory, json: bool) -> anyhow::Result<ExitCode> {
    let problems = memory.store().check()?;
    let counts = memory.store().counts()?;
    if json {
        let report = serde_json::json!({ "sound": problems.is_empty(), "problems": problems, "counts": counts });
        println!("{report}");
    } else {
        println!(
            "{} sentences in {} conversations; {} memories ({} no longer hold), {} people, {} \
             summaries; {} forgotten; {} kB.",
            counts.lines,
            counts.conversations,
            counts.facts,
            counts.superseded,
            counts.people,
            counts.episodes,
            counts.forgotten,
            counts.bytes.div_ceil(1000)
        );
        for problem in &problems {
            println!("Problem: {problem}");
        }
        if problems.is_empty() {
            println!("All of it is sound.");
        }
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A time as RFC 3339, or a date, which begins at midnight here.
fn time(text: &str) -> Result<Timestamp, String> {
    text.parse::<Timestamp>().or_else(|_| {
        let date: jiff::civil::Date =
            text.parse().map_err(|_| "expected a date such as 2026-03-01".to_owned())?;
        let here = jiff::tz::TimeZone::system();
        date.to_zoned(here).map(|at| at.timestamp()).map_err(|error| error.to_string())
    })
}
