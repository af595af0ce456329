//! `samantha conversations`: what was said, day by day, for people without a
//! window and for scripts.

use super::memory::open;
use crate::letters::{Format, speaker};
use crate::paths::Paths;
use crate::remembering::write_new;
use crate::settings;
use crate::wording::letters as words;
use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use memory::store::letters::Scope;
use memory::{Memory, recall};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Read, search and save past conversations.
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
    /// The days on which something was said, the latest first.
    List {
        /// This many at most.
        #[arg(long, default_value_t = 30, value_name = "N")]
        top: usize,
        /// Only days before this one.
        #[arg(long, value_parser = day, value_name = "DAY")]
        before: Option<Date>,
        /// JSON lines.
        #[arg(long)]
        json: bool,
    },
    /// Show what was said on a day.
    Show {
        /// "today", "yesterday", or a date such as 2026-03-01.
        #[arg(value_parser = day, default_value = "today")]
        day: Date,
        /// As what.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Find lines in which all of these words stand, the latest first.
    Search {
        /// Whole words, or their beginnings.
        #[arg(required = true)]
        words: Vec<String>,
        /// This many at most.
        #[arg(long, default_value_t = 20, value_name = "N")]
        top: usize,
        /// JSON lines.
        #[arg(long)]
        json: bool,
    },
    /// Write conversations into a file that is not encrypted.
    Export {
        /// Where to; a file that is there already is left alone.
        file: PathBuf,
        /// As what.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Only this day.
        #[arg(long, value_parser = day, value_name = "DAY", conflicts_with = "conversation")]
        day: Option<Date>,
        /// Only this conversation, as `search --json` names it.
        #[arg(long, value_name = "NUMBER")]
        conversation: Option<i64>,
    },
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let mut memory = open(paths)?;
    let now = Zoned::now();
    let person = settings::load(&paths.settings_file())
        .map(|loaded| loaded.settings.person.name)
        .unwrap_or_default();
    match args.command {
        Command::List { top, before, json } => list(&memory, before, top, json, &now)?,
        Command::Show { day, format } => {
            let lines = memory.store().lines_in(Scope::Day(day), now.time_zone())?;
            if lines.is_empty() {
                bail!("nothing was said on {day}: `samantha conversations list` names the days");
            }
            println!("{}", format.write(&lines, &person, &now).trim_end());
        }
        Command::Search { words, top, json } => {
            search(&mut memory, &words.join(" "), top, json, &person, &now)?;
        }
        Command::Export { file, format, day, conversation } => {
            let scope = match (day, conversation) {
                (Some(day), _) => Scope::Day(day),
                (None, Some(id)) => Scope::Conversation(id),
                (None, None) => Scope::Everything,
            };
            export(&memory, scope, format, &file, &person, &now)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct DayLine<'a> {
    day: Date,
    conversations: u64,
    lines: u64,
    first_words: &'a str,
}

fn list(
    memory: &Memory,
    before: Option<Date>,
    top: usize,
    json: bool,
    now: &Zoned,
) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for day in memory.store().days(before, top, now.time_zone())? {
        if json {
            let line = DayLine {
                day: day.date,
                conversations: day.conversations,
                lines: day.lines,
                first_words: &day.first_words,
            };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
            continue;
        }
        let count = words::conversations(day.conversations);
        let begins = one_line(&day.first_words);
        writeln!(out, "{}\t{count}\t{begins}", day.date)?;
    }
    Ok(out.flush()?)
}

#[derive(Serialize)]
struct HitLine<'a> {
    conversation: i64,
    day: Date,
    at: jiff::Timestamp,
    speaker: &'a str,
    text: &'a str,
    /// The words that were found.
    found: Vec<&'a str>,
}

fn search(
    memory: &mut Memory,
    words: &str,
    top: usize,
    json: bool,
    person: &str,
    now: &Zoned,
) -> anyhow::Result<()> {
    let (lines, all) = memory.search_spelled(words, 0, top)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in &lines {
        let at = now.time_zone().to_datetime(line.at);
        if json {
            let found = recall::marks(&line.text, words);
            let hit = HitLine {
                conversation: line.conversation,
                day: at.date(),
                at: line.at,
                speaker: &line.speaker,
                text: &line.text,
                found: found.into_iter().map(|mark| &line.text[mark]).collect(),
            };
            serde_json::to_writer(&mut out, &hit)?;
            writeln!(out)?;
            continue;
        }
        let (who, time) = (speaker(line, person), crate::wording::letters::time(at.time()));
        writeln!(out, "{}\t{time}\t{who}\t{}", at.date(), one_line(&line.text))?;
    }
    out.flush()?;
    if all > lines.len() && !json {
        let rest = all - lines.len();
        writeln!(std::io::stderr(), "samantha: {rest} more; --top shows more of them")?;
    }
    Ok(())
}

fn export(
    memory: &Memory,
    scope: Scope,
    format: Format,
    file: &std::path::Path,
    person: &str,
    now: &Zoned,
) -> anyhow::Result<()> {
    let lines = memory.store().lines_in(scope, now.time_zone())?;
    if lines.is_empty() && scope != Scope::Everything {
        bail!("nothing was said there: `samantha conversations list` and `search` name what was");
    }
    let file =
        std::path::absolute(file).with_context(|| format!("cannot write {}", file.display()))?;
    let name = file.to_str().context("the name of the file is no text")?;
    let written =
        write_new(name, &format.write(&lines, person, now)).map_err(anyhow::Error::msg)?;
    println!("{}", words::saved(&written));
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A day as people name it, or as a date.
fn day(text: &str) -> Result<Date, String> {
    let today = Zoned::now().date();
    match text {
        "today" => Ok(today),
        "yesterday" => today.checked_sub(1.day()).map_err(|error| error.to_string()),
        _ => text
            .parse()
            .map_err(|_| "expected today, yesterday, or a date such as 2026-03-01".into()),
    }
}
