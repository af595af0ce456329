//! Measures what would be kept of a scripted life: by rules, by a language
//! model, and by both.
//!
//!     cargo run --release --example learn_life -- LIFE.toml [MODEL.gguf [NOTES.json]]
//!
//! The life says for each turn what should be kept of it, and what may be. What
//! the model writes is kept in NOTES.json and not asked again for the same
//! prompt, so that a long measurement can be made in parts (ended after 270 s,
//! it goes on where it stopped).

use anyhow::{Context as _, bail};
use memory::learn::{self, Candidate, Line, Said, Someone, Speaker, Subject};
use samantha::dialogue::responder;
use samantha::dialogue::{Aside, AsideId, DialogueEvent, Responder as _, Sampling, local};
use samantha::learner;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SLICE: Duration = Duration::from_secs(270);
/// Lines of the conversation that help to understand the next one.
const LINES_BEFORE: usize = 12;

#[derive(Deserialize)]
struct Life {
    turn: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    id: u32,
    conversation: u32,
    at: String,
    text: String,
    #[serde(default)]
    reply: String,
    #[serde(default)]
    keep: Vec<Fact>,
    #[serde(default)]
    also: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    statement: String,
    words: Vec<String>,
    subject: String,
    #[serde(default)]
    not: Option<toml::Value>,
    #[serde(default)]
    when: Option<jiff::civil::Date>,
}

/// The model, and what it wrote before.
struct Model {
    responder: responder::ResponderThread,
    events: crossbeam_channel::Receiver<DialogueEvent>,
    file: Option<PathBuf>,
    notes: BTreeMap<String, String>,
    asked: u64,
    took: Duration,
    began: Instant,
}

impl Model {
    fn start(model_file: &Path, file: Option<PathBuf>) -> anyhow::Result<Self> {
        let config = local::Config {
            program: std::env::current_exe()?
                .parent()
                .and_then(Path::parent)
                .context("no folder above this one")?
                .join(format!("samantha-llm{}", std::env::consts::EXE_SUFFIX)),
            model_file: model_file.to_owned(),
            model_name: "measured".into(),
            context_tokens: 512,
            reply_tokens: 64,
            threads: 2,
        };
        let (tell, events) = crossbeam_channel::unbounded();
        let sampling = Sampling { max_tokens: 64, temperature: 0.0 };
        let outbox: samantha::Outbox<DialogueEvent> = Box::new(move |event| {
            let _ = tell.send(event);
        });
        let responder = responder::spawn(sampling, outbox, move |link| {
            Ok(Box::new(local::Local::new(config, link)) as _)
        });
        let notes = match &file {
            Some(file) if file.exists() => serde_json::from_slice(&std::fs::read(file)?)?,
            _ => BTreeMap::new(),
        };
        let (asked, took, began) = (0, Duration::ZERO, Instant::now());
        Ok(Self { responder, events, file, notes, asked, took, began })
    }

    fn write(&mut self, task: Aside) -> anyhow::Result<String> {
        let messages: Vec<&str> =
            task.prompt.messages.iter().map(|message| message.content.as_str()).collect();
        let key = messages.join("\n\n") + task.grammar.as_deref().unwrap_or_default();
        if let Some(text) = self.notes.get(&key) {
            return Ok(text.clone());
        }
        if self.began.elapsed() > SLICE {
            bail!("not ready yet: run again to go on");
        }
        let began = Instant::now();
        self.asked += 1;
        let id = AsideId(self.asked);
        self.responder.aside(id, task);
        let text = loop {
            match self.events.recv()? {
                DialogueEvent::AsideDone { id: of, text } if of == id => break text,
                DialogueEvent::AsideEnded { .. } => bail!("the model did not do it"),
                DialogueEvent::Unavailable { reason } => bail!(reason),
                _ => {}
            }
        };
        self.took += began.elapsed();
        self.notes.insert(key, text.clone());
        if let Some(file) = &self.file {
            std::fs::write(file, serde_json::to_vec(&self.notes)?)?;
        }
        Ok(text)
    }
}

/// Who keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Rules,
    Model,
    Both,
}

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let life = args.next().context("which life?")?;
    let life: Life = toml::from_str(&std::fs::read_to_string(life)?)?;
    let mut model = match args.next() {
        Some(model) => Some(Model::start(Path::new(&model), args.next().map(PathBuf::from))?),
        None => None,
    };
    let ways = if model.is_some() { &[By::Rules, By::Model, By::Both][..] } else { &[By::Rules] };
    for by in ways {
        measure(&life, *by, model.as_mut())?;
    }
    if let Some(model) = &mut model {
        summarise(&life, model)?;
    }
    if let Some(model) = model
        && model.asked > 0
    {
        println!(
            "{} asked, {:.1} s each",
            model.asked,
            model.took.as_secs_f32() / model.asked as f32
        );
    }
    Ok(())
}

fn measure(life: &Life, by: By, mut model: Option<&mut Model>) -> anyhow::Result<()> {
    println!("\n== {by:?} ==");
    let verbose = std::env::var_os("LIFE_VERBOSE").is_some();
    let (mut kept, mut right, mut wanted, mut found) = (0, 0, 0, 0);
    let mut people: Vec<Someone> = Vec::new();
    for (index, turn) in life.turn.iter().enumerate() {
        let at = turn.at.parse().context("a time")?;
        let before = before(&life.turn[..index], turn.conversation);
        let said = Said { text: &turn.text, at: &at, before: &before, people: &people };
        let mut wrote = String::new();
        let candidates = {
            let rules = || learn::learn(&said);
            match (by, learner::extraction(&said), model.as_mut()) {
                (By::Model | By::Both, Some(task), Some(model)) => {
                    wrote = model.write(task)?;
                    let noted = learner::candidates(&wrote, &said);
                    if by == By::Both { learner::merge(rules(), noted) } else { noted }
                }
                (By::Model, ..) => Vec::new(),
                (By::Rules | By::Both, ..) => rules(),
            }
        };
        let missed: Vec<&Fact> =
            turn.keep.iter().filter(|fact| !candidates.iter().any(|c| tells(c, fact))).collect();
        let wrong: Vec<&Candidate> = candidates
            .iter()
            .filter(|c| !turn.keep.iter().chain(&turn.also).any(|fact| tells(c, fact)))
            .collect();
        if verbose {
            for candidate in &candidates {
                println!("{:3}      {} ({})", turn.id, candidate.statement, candidate.confidence);
            }
        }
        kept += candidates.len();
        right += candidates.len() - wrong.len();
        wanted += turn.keep.len();
        found += turn.keep.len() - missed.len();
        if !missed.is_empty() || !wrong.is_empty() {
            println!("{:3} {}", turn.id, turn.text);
            for line in wrote.lines() {
                println!("      wrote  {line}");
            }
            for fact in missed {
                println!("      missed {}", fact.statement);
            }
            for candidate in wrong {
                println!("      wrong  {} {:?}", candidate.statement, candidate.subject);
            }
        }
        for candidate in candidates {
            if let Subject::Other(someone) = candidate.subject
                && !people.contains(&someone)
            {
                // A name for someone who had none.
                people.retain(|known| known.relation != someone.relation || !known.name.is_empty());
                people.push(someone);
            }
        }
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f32 / whole.max(1) as f32;
    println!(
        "{by:?}: {right} of {kept} kept are right ({:.1}%), {found} of {wanted} wanted are kept \
         ({:.1}%)",
        percent(right, kept),
        percent(found, wanted)
    );
    Ok(())
}

/// What each conversation was about, as the model tells it.
fn summarise(life: &Life, model: &mut Model) -> anyhow::Result<()> {
    println!("\n== Summaries ==");
    let last = life.turn.iter().map(|turn| turn.conversation).max().unwrap_or_default();
    for conversation in 1..=last {
        let turns = life.turn.iter().filter(|turn| turn.conversation == conversation);
        let lines: Vec<Line<'_>> =
            turns.map(|turn| Line { speaker: Speaker::Person, text: &turn.text }).collect();
        let Some(task) = learner::summary(&lines) else { continue };
        let written = model.write(task)?;
        println!("{conversation}: {:?}\n   of {written}", learner::parse_summary(&written, &lines));
    }
    Ok(())
}

fn before(turns: &[Turn], conversation: u32) -> Vec<Line<'_>> {
    let lines = turns
        .iter()
        .filter(|turn| turn.conversation == conversation)
        .flat_map(|turn| [(Speaker::Person, &turn.text), (Speaker::Samantha, &turn.reply)]);
    let lines: Vec<Line<'_>> = lines
        .filter(|(_, text)| !text.is_empty())
        .map(|(speaker, text)| Line { speaker, text: text.as_str() })
        .collect();
    lines[lines.len().saturating_sub(LINES_BEFORE)..].to_vec()
}

/// The candidate says this.
fn tells(candidate: &Candidate, fact: &Fact) -> bool {
    let said = words(&candidate.statement);
    let has = |wanted: &str| words(wanted).iter().all(|word| said.contains(word));
    let denied = learn::is_denied(&candidate.statement);
    let polarity = match &fact.not {
        None => !denied,
        Some(toml::Value::Boolean(not)) => *not == denied,
        Some(_) => true,
    };
    let when = fact.when.is_none() || fact.when == candidate.when;
    polarity
        && when
        && is_about(&candidate.subject, &fact.subject)
        && fact.words.iter().all(|wanted| wanted.split('|').any(has))
}

fn is_about(subject: &Subject, wanted: &str) -> bool {
    wanted.split('|').any(|whose| match subject {
        Subject::Person => whose == "me",
        Subject::Other(Someone { name, relation }) => {
            let name = name.to_lowercase();
            name.split(' ').any(|part| part == whose)
                || relation.split(' ').next_back() == Some(whose)
        }
    })
}

/// In lower case; "Leila's" is "leila" too.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .flat_map(|word| word.strip_suffix("'s").into_iter().chain([word]))
        .map(str::to_owned)
        .collect()
}
