//! Runs a scripted life through the rules and counts: of what is kept, how
//! much is true and about the person; of what should be kept, how much is.
//!
//!     cargo run --release -p memory --example life -- tests/life/life.toml
//!
//! A kept statement is right if some fact of the script has all its words in
//! it, the same subject, the same polarity and, where the script names them,
//! the same day and topic; and if no pronoun or "tomorrow" is left open in it.
//! Everything else is a mistake, and is printed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use jiff::Zoned;
use jiff::civil::Date;
use memory::learn::{Candidate, Line, Said, Someone, Speaker, Subject, Topic, is_denied, learn};
use serde::Deserialize;

#[derive(Deserialize)]
struct Life {
    turn: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    id: u32,
    conversation: u32,
    at: Zoned,
    text: String,
    #[serde(default)]
    reply: String,
    #[serde(default)]
    keep: Vec<Fact>,
    #[serde(default)]
    also: Vec<Fact>,
}

#[derive(Clone, Deserialize)]
struct Fact {
    id: String,
    statement: String,
    words: Vec<String>,
    subject: String,
    #[serde(default)]
    not: Polarity,
    when: Option<Date>,
    topic: Option<Topic>,
    supersedes: Option<String>,
}

/// `not = true`, `not = false` (also if left out) or `not = "either"`.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Polarity {
    Denied(bool),
    #[allow(dead_code, reason = "says only that it does not matter")]
    Either(String),
}

impl Default for Polarity {
    fn default() -> Self {
        Self::Denied(false)
    }
}

/// What can't stand by itself weeks later.
const OPEN: &[&str] = &[
    "tomorrow",
    "yesterday",
    "tonight",
    "today",
    "next week",
    "last week",
    "next month",
    "last month",
    "next year",
    "last year",
    "last summer",
    "next summer",
    "last night",
    "next monday",
    "next friday",
    "that day",
];

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\u{2019}'], "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').to_owned())
        // "Leila's" is "Leila" too.
        .flat_map(|word| match word.strip_suffix("'s") {
            Some(stem) => vec![stem.to_owned(), word.clone()],
            None => vec![word],
        })
        .filter(|word| !word.is_empty())
        .collect()
}

fn stands_alone(statement: &str) -> bool {
    let words = words(statement);
    let text = format!(" {} ", words.join(" "));
    let opens = words.first().is_some_and(|first| {
        [
            "he", "she", "they", "it", "him", "her", "his", "their", "he's", "she's", "they're",
            "there",
        ]
        .contains(&first.as_str())
    });
    // "It's Tom's birthday" says what it is.
    let opens = opens && !text.contains(" birthday ");
    !opens && !OPEN.iter().any(|open| text.contains(&format!(" {open} ")))
}

fn is_about(subject: &Subject, gold: &str) -> bool {
    gold.split('|').any(|gold| match subject {
        Subject::Person => gold == "me",
        Subject::Other(Someone { name, relation }) => {
            let name = name.to_lowercase();
            name == gold
                || name.split(' ').any(|part| part == gold)
                || relation.split(' ').next_back() == Some(gold)
        }
    })
}

fn tells(candidate: &Candidate, fact: &Fact) -> bool {
    let said = words(&candidate.statement);
    let all = fact.words.iter().all(|alternatives| {
        alternatives
            .split('|')
            .any(|wanted| words(wanted).iter().all(|wanted| said.contains(wanted)))
    });
    let polarity = match fact.not {
        Polarity::Denied(denied) => is_denied(&candidate.statement) == denied,
        Polarity::Either(_) => true,
    };
    all && polarity
        && is_about(&candidate.subject, &fact.subject)
        && fact.when.is_none_or(|when| candidate.when == Some(when))
        && fact.topic.is_none_or(|topic| candidate.topic == topic)
        && (fact.topic == Some(Topic::Wishes)) == (candidate.topic == Topic::Wishes)
        && stands_alone(&candidate.statement)
}

fn main() -> Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    anyhow::ensure!(!paths.is_empty(), "Name the life to run, such as tests/life/life.toml.");
    let verbose = std::env::var_os("LIFE_VERBOSE").is_some();
    for path in paths {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} can't be read.", path.display()))?;
        let life: Life =
            toml::from_str(&text).with_context(|| format!("{} is not a life.", path.display()))?;
        run(&path.display().to_string(), &life, verbose);
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "it is what this is for")]
fn run(name: &str, life: &Life, verbose: bool) {
    println!("{name}");
    let (mut kept, mut right, mut wanted, mut found) = (0, 0, 0, 0);
    let (mut successions, mut succeeded) = (0, 0);
    let mut people: Vec<Someone> = Vec::new();
    // What was kept for each fact that was found.
    let mut by_id: Vec<(String, Candidate)> = Vec::new();
    for (index, turn) in life.turn.iter().enumerate() {
        let earlier: Vec<&Turn> =
            life.turn[..index].iter().filter(|t| t.conversation == turn.conversation).collect();
        let before: Vec<Line<'_>> = earlier
            .iter()
            .flat_map(|turn| {
                [
                    Line { speaker: Speaker::Person, text: &turn.text },
                    Line { speaker: Speaker::Samantha, text: &turn.reply },
                ]
            })
            .filter(|line| !line.text.is_empty())
            .collect();
        let said = Said { text: &turn.text, at: &turn.at, before: &before, people: &people };
        let candidates = learn(&said);
        for candidate in &candidates {
            kept += 1;
            let is_right = turn.keep.iter().chain(&turn.also).any(|fact| tells(candidate, fact));
            right += u32::from(is_right);
            if verbose || !is_right {
                let mark = if is_right { "      " } else { "WRONG " };
                println!(
                    "  {mark}{:>2} {:?} [{:?} {:?} {:?}]",
                    turn.id,
                    candidate.statement,
                    candidate.subject,
                    candidate.slot,
                    candidate.when.map(|when| when.to_string()),
                );
            }
        }
        for fact in &turn.keep {
            wanted += 1;
            if let Some(candidate) = candidates.iter().find(|candidate| tells(candidate, fact)) {
                found += 1;
                if let Some(old) = &fact.supersedes {
                    successions += 1;
                    let ended = by_id.iter().any(|(id, before)| {
                        id == old
                            && before.subject == candidate.subject
                            && (candidate.corrects
                                || !candidate.slot.is_empty() && candidate.slot == before.slot)
                    });
                    succeeded += u32::from(ended);
                    if !ended {
                        println!(
                            "  STAYS {:>2} {old} is not ended by {:?}",
                            turn.id, candidate.statement
                        );
                    }
                }
                by_id.push((fact.id.clone(), candidate.clone()));
            } else {
                println!("  MISS  {:>2} {}", turn.id, fact.statement);
            }
        }
        for candidate in candidates {
            if let Subject::Other(someone) = candidate.subject
                && !people.contains(&someone)
            {
                // A name for someone who had none.
                people
                    .retain(|known| !(known.relation == someone.relation && known.name.is_empty()));
                people.push(someone);
            }
        }
    }
    println!(
        "{kept} kept, {right} of them right: {:.1}%. {wanted} to be kept, {found} of them found: {:.1}%. {successions} successions found, {succeeded} of them seen.",
        100.0 * f64::from(right) / f64::from(kept.max(1)),
        100.0 * f64::from(found) / f64::from(wanted.max(1)),
    );
}
