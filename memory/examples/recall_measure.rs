//! How well remembered turns are found again, straight from the index:
//! `cargo run --release -p memory --example recall_measure -- DATA_FOLDER [MODEL]`
//!
//! The folder holds `memory/locomo.json` (conversations whose questions name
//! the turns that answer them) and `memory/prefeval/` (preferences, each with
//! a question it bears on). MODEL is the ONNX file of the embedder; without it
//! the table of words serves. `scripts/measure-recall` gives the same figures
//! through the command line.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::DateTime;
use memory::recall::{Doc, Embedder, Index, MiniLm, Query};
use serde_json::Value;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("Give the folder that holds memory/.")?;
    let folder = Path::new(&folder).join("memory");
    let embedder: Option<Arc<dyn Embedder>> = match std::env::args().nth(2) {
        Some(file) => Some(Arc::new(MiniLm::load(Path::new(&file))?)),
        None => None,
    };
    locomo(&folder.join("locomo.json"), embedder.as_ref())?;
    prefeval(&folder.join("prefeval"), embedder.as_ref())
}

fn empty(embedder: Option<&Arc<dyn Embedder>>) -> Index {
    embedder.cloned().map_or_else(Index::new, Index::with_embedder)
}

fn add(index: &mut Index, doc: &Doc<'_>, embedder: Option<&Arc<dyn Embedder>>) -> Result<()> {
    index.add(doc);
    if let Some(embedder) = embedder {
        index.embed(doc.id, &embedder.embed(doc.text)?);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Value> {
    let file = File::open(path).with_context(|| format!("Cannot open {}.", path.display()))?;
    Ok(serde_json::from_reader(std::io::BufReader::new(file))?)
}

fn found(index: &Index, question: &str) -> Vec<i64> {
    let query = Query { text: question, top: 10, ..Query::default() };
    index.search(&query).into_iter().map(|hit| hit.id).collect()
}

fn locomo(path: &Path, embedder: Option<&Arc<dyn Embedder>>) -> Result<()> {
    let data = read(path)?;
    // Shares found in the first 5 and 10, for each category.
    let mut shares: BTreeMap<i64, Vec<[f64; 2]>> = BTreeMap::new();
    for entry in data.as_array().context("not a list")? {
        let (index, ids) = conversation(&entry["conversation"], embedder)?;
        for asked in entry["qa"].as_array().context("no questions")? {
            let mut evidence: Vec<i64> = asked["evidence"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .flat_map(|text| text.split([';', ' ', ',']))
                .filter_map(|id| ids.get(&normal(id)?).copied())
                .collect();
            evidence.sort_unstable();
            evidence.dedup();
            if evidence.is_empty() {
                continue;
            }
            let hits = found(&index, asked["question"].as_str().unwrap_or_default());
            let share = |top: usize| {
                let there = hits.iter().take(top).filter(|id| evidence.contains(id)).count();
                there as f64 / evidence.len() as f64
            };
            let category = asked["category"].as_i64().unwrap_or_default();
            shares.entry(category).or_default().push([share(5), share(10)]);
        }
    }
    let all: Vec<_> = shares.values().flatten().copied().collect();
    let percent = |of: &[[f64; 2]], k: usize| {
        100.0 * of.iter().map(|s| s[k]).sum::<f64>() / of.len().max(1) as f64
    };
    println!(
        "LoCoMo    top 5 {:.1}  top 10 {:.1}  ({} questions)",
        percent(&all, 0),
        percent(&all, 1),
        all.len()
    );
    for (category, of) in &shares {
        println!(
            "  category {category}: top 5 {:.1}  top 10 {:.1}",
            percent(of, 0),
            percent(of, 1)
        );
    }
    Ok(())
}

/// "D1:03" and "D1:3" name the same turn.
fn normal(id: &str) -> Option<String> {
    let (session, turn) = id.strip_prefix('D')?.split_once(':')?;
    Some(format!("D{}:{}", session.parse::<u32>().ok()?, turn.parse::<u32>().ok()?))
}

fn conversation(
    of: &Value,
    embedder: Option<&Arc<dyn Embedder>>,
) -> Result<(Index, BTreeMap<String, i64>)> {
    let (mut index, mut ids) = (empty(embedder), BTreeMap::new());
    for session in 1.. {
        let Some(time) = of[format!("session_{session}_date_time")].as_str() else { break };
        let at = DateTime::strptime("%I:%M %p on %d %B, %Y", time.replace(" ,", ","))?
            .in_tz("UTC")?
            .timestamp();
        for turn in of[format!("session_{session}")].as_array().into_iter().flatten() {
            let mut text = turn["text"].as_str().unwrap_or_default().to_owned();
            if let Some(caption) = turn["blip_caption"].as_str().filter(|c| !c.is_empty()) {
                text.push_str(&format!(" [{caption}]"));
            }
            let id = ids.len() as i64;
            ids.insert(turn["dia_id"].as_str().and_then(normal).context("no id")?, id);
            let speaker = turn["speaker"].as_str().unwrap_or_default();
            let doc = Doc { id, conversation: 1, speaker, at, text: &text };
            add(&mut index, &doc, embedder)?;
        }
    }
    Ok((index, ids))
}

fn prefeval(folder: &Path, embedder: Option<&Arc<dyn Embedder>>) -> Result<()> {
    let mut files: Vec<_> =
        folder.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    let mut index = empty(embedder);
    let mut questions = Vec::new();
    for path in files {
        for pair in read(&path)?.as_array().into_iter().flatten() {
            let text = pair["preference"].as_str().unwrap_or_default();
            let id = questions.len() as i64;
            let at = Timestamp::UNIX_EPOCH;
            let doc = Doc { id, conversation: 1, speaker: "user", at, text };
            add(&mut index, &doc, embedder)?;
            questions.push(pair["question"].as_str().unwrap_or_default().to_owned());
        }
    }
    let mut hits = [0_usize; 2];
    for (id, question) in questions.iter().enumerate() {
        let place = found(&index, question).iter().position(|hit| *hit == id as i64);
        hits[0] += usize::from(place.is_some_and(|p| p < 5));
        hits[1] += usize::from(place.is_some());
    }
    let percent = |n: usize| 100.0 * n as f64 / questions.len().max(1) as f64;
    println!(
        "PrefEval  top 5 {:.1}  top 10 {:.1}  ({} preferences)",
        percent(hits[0]),
        percent(hits[1]),
        questions.len()
    );
    Ok(())
}
