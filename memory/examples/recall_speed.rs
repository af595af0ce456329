//! How fast remembered turns are found:
//! `cargo run --release -p memory --example recall_speed -- [MODEL]`
//!
//! MODEL is the ONNX file of the embedder; without it the table of words
//! serves, as it always does for 100,000 turns.
//! Fills indexes with made-up turns whose words are as unevenly spread as in
//! speech, and prints the median and the 99th percentile of searches.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use memory::recall::{Doc, Embedder, Index, MiniLm, Query};

/// Everyday words; small numbers are drawn most often, as common words are.
const WORDS: &str = "I you my we the to and of was it have day work home good time friend family \
    week sister dog movie book dinner trip music job city garden car school phone weekend beach \
    mother coffee train birthday recipe doctor game house brother game money walk photo park \
    winter summer kitchen paint guitar hospital museum lake bicycle flight concert neighbour \
    camera mountain exam wedding painting museum chess bread tomato violin passport penicillin";

fn main() {
    let model = std::env::args().nth(1).map(|file| MiniLm::load(Path::new(&file)));
    let model: Option<Arc<dyn Embedder>> =
        model.map(|model| Arc::new(model.expect("a model")) as Arc<dyn Embedder>);
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = Random(7);
    for turns in [1_000, 20_000, 100_000] {
        let embedder = model.as_ref().filter(|_| turns <= 20_000);
        let mut index = embedder.cloned().map_or_else(Index::new, Index::with_embedder);
        let started = Instant::now();
        for id in 0..turns {
            let text = sentence(&mut random, &words, 18);
            let at = Timestamp::from_second(id * 60).expect("in range");
            let speaker = ["Ana", "Tom"][id as usize % 2];
            index.add(&Doc { id, conversation: id / 200, speaker, at, text: &text });
            if let Some(embedder) = embedder {
                index.embed(id, &embedder.embed(&text).expect("embedded"));
            }
        }
        let filled = started.elapsed();
        let mut times_us: Vec<u128> = (0..500)
            .map(|_| {
                let text = sentence(&mut random, &words, 9);
                let started = Instant::now();
                let hits = index.search(&Query { text: &text, top: 10, ..Query::default() });
                assert!(hits.len() <= 10);
                started.elapsed().as_micros()
            })
            .collect();
        times_us.sort_unstable();
        println!(
            "{turns} turns: filled in {filled:.1?}, search p50 {:.2} ms, p99 {:.2} ms",
            times_us[times_us.len() / 2] as f64 / 1000.0,
            times_us[times_us.len() * 99 / 100] as f64 / 1000.0,
        );
    }
}

/// Words drawn unevenly; one in four is a rarity of its own.
fn sentence(random: &mut Random, words: &[&str], len: usize) -> String {
    let mut text = String::new();
    for _ in 0..len {
        let (a, b) = (random.below(words.len()), random.below(words.len()));
        if random.below(4) == 0 {
            text.push_str(&format!("w{} ", random.below(20_000)));
        } else {
            text.push_str(words[a.min(b)]);
            text.push(' ');
        }
    }
    text
}

/// A small generator (xorshift), so that every run is the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
