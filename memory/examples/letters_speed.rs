//! How fast past conversations are read and searched:
//! `cargo run --release -p memory --example letters_speed`
//!
//! Fills an encrypted memory with 100,000 made-up turns of three years, which are
//! one single conversation, and prints how long it takes to open, to tell the
//! latest and the earliest days, to read a day, to search, and to read all of it
//! for an export.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use memory::Memory;
use memory::key::Key;
use memory::store::letters::{Scope, Start};
use memory::store::{ImportedTurn, PERSON, SAMANTHA};
use std::hint::black_box;
use std::time::Instant;

const TURNS: i64 = 100_000;
const WORDS: &str = "I you my we the to and of was it have day work home good time friend family \
    week sister dog movie book dinner trip music job city garden car school phone weekend beach \
    mother coffee train birthday recipe doctor game house brother money walk photo park winter \
    summer kitchen paint guitar hospital museum lake bicycle flight concert neighbour camera";

fn main() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("memory.sqlite");
    let key = Key::random()?;
    let mut memory = Memory::open(&file, None, &key)?;
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = fastrand::Rng::with_seed(7);
    let mut turns = Vec::new();
    for n in 0..TURNS {
        let mut text = String::new();
        for _ in 0..18 {
            let common = random.usize(0..words.len()).min(random.usize(0..words.len()));
            match random.u32(0..6) {
                0 => text.push_str(&format!("w{} ", random.u32(0..20_000))),
                _ => text.push_str(&format!("{} ", words[common])),
            }
        }
        turns.push(ImportedTurn {
            id: n.to_string(),
            speaker: [PERSON, SAMANTHA][n as usize % 2].into(),
            // Some ninety turns a day.
            time: Timestamp::from_second(1_700_000_000 + n * 950)?,
            text,
        });
    }
    memory.import_turns(&turns)?;
    drop(memory);
    let started = Instant::now();
    let mut memory = Memory::open(&file, None, &key)?;
    println!("opened, the index filled\t{:.0?}", started.elapsed());

    let zone = TimeZone::get("Europe/Vienna")?;
    let latest = measured("40 latest days", || memory.store().days(None, 41, &zone))?;
    let last = latest.first().expect("a day").date;
    let early = zone.to_datetime(Timestamp::from_second(1_704_000_000)?).date();
    measured("40 early days", || memory.store().days(Some(early), 41, &zone))?;
    measured("a day", || memory.store().read_day(last, Start::Skip(0), 120, &zone))?;
    measured("a day at a line", || memory.store().read_day(last, Start::Line(TURNS), 120, &zone))?;
    for (name, words) in [
        ("a rare word", "w1234"),
        ("one letter", "w"),
        ("the commonest word", "I"),
        ("three words", "the dog garden"),
        ("no hit", "xylophone"),
    ] {
        let (_, all) = measured(name, || memory.search_spelled(words, 0, 40))?;
        println!("\t{all} hits");
    }
    measured("all lines", || memory.store().lines_in(Scope::Everything, &zone))?;
    Ok(())
}

/// The median and the worst of some times.
fn measured<T>(name: &str, mut act: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut times = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        black_box(act()?);
        times.push(started.elapsed());
    }
    times.sort_unstable();
    println!("{name}\tmedian {:.1?}\tworst {:.1?}", times[7], times[14]);
    act()
}
