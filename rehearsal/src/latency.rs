//! From letting the key go to the first sound of her voice, measured at the
//! speaker of a virtual desktop.

use crate::app::{App, Exchange, Launch};
use crate::processes::Running;
use crate::{Desktop, say_to_wav};
use std::path::Path;
use std::time::Duration;

/// Questions of about five seconds each.
const QUESTIONS: [&str; 10] = [
    "I would like to cook something simple tonight. What could I make with rice and two eggs?",
    "My sister is coming to visit me on Sunday. What could the two of us do together?",
    "I have been sitting at my desk the whole day long. How could I move a little now?",
    "I want to write a short letter to an old friend. How would you begin such a letter?",
    "It has been raining since the early morning. What is a good thing about a rainy day?",
    "I cannot decide which book I should read next. What kind of story do you think helps?",
    "My neighbour was very kind to me this morning. How could I thank her in a nice way?",
    "I am a little nervous about my talk tomorrow. What could I do to calm down tonight?",
    "We have planted tomatoes behind the house. How often do you think they need water?",
    "I woke up very early and could not sleep again. What do you think I could try?",
];

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many questions are asked.
    pub turns: usize,
    /// How many other processes keep the cores busy meanwhile.
    pub busy: usize,
}

/// Asks, measures and prints.
pub fn latency(launch: &Launch, plan: Plan) -> anyhow::Result<()> {
    let desktop = Desktop::start()?;
    let speaker = desktop.record_speaker()?;
    let mut app = App::start(&desktop, launch)?;
    let dir = tempfile::tempdir()?;
    let busy = (0..plan.busy)
        .map(|_| {
            desktop.run(Path::new("sha256sum"), ["/dev/zero"], |command| {
                command.stdout(std::process::Stdio::null());
            })
        })
        .collect::<anyhow::Result<Vec<Running>>>()?;
    println!("{} turns, {} other processes busy, on {}", plan.turns, busy.len(), machine());
    println!("turn  transcript  first token  first sentence  voice begins  sound heard");
    let mut exchanges = Vec::new();
    for turn in 0..plan.turns {
        let question = dir.path().join(format!("{turn}.wav"));
        say_to_wav(QUESTIONS[turn % QUESTIONS.len()], &question)?;
        std::thread::sleep(Duration::from_millis(500));
        let exchange = app.ask(&desktop, &speaker, &question, |_| Ok(()))?;
        print_row(&(turn + 1).to_string(), COLUMNS.map(|column| column.of(&exchange)));
        exchanges.push(exchange);
    }
    drop(busy);
    for (name, quantile) in [("p50", 0.5), ("p95", 0.95)] {
        print_row(
            name,
            COLUMNS.map(|column| {
                let values = exchanges.iter().filter_map(|exchange| column.of(exchange)).collect();
                at_quantile(values, quantile)
            }),
        );
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Column {
    Stage(&'static str),
    Sound,
}

const COLUMNS: [Column; 5] = [
    Column::Stage("transcript_ready"),
    Column::Stage("first_token"),
    Column::Stage("first_sentence"),
    Column::Stage("first_audio"),
    Column::Sound,
];

impl Column {
    fn of(self, exchange: &Exchange) -> Option<f64> {
        match self {
            Self::Stage(name) => exchange.stage_ms(name),
            Self::Sound => exchange.first_sound.map(|after| after.as_secs_f64() * 1000.0),
        }
    }
}

fn print_row(name: &str, values: [Option<f64>; 5]) {
    let cell = |value: Option<f64>| value.map_or("-".into(), |ms| format!("{ms:.0} ms"));
    let [transcript, token, sentence, voice, sound] = values.map(cell);
    println!("{name:>4}  {transcript:>10}  {token:>11}  {sentence:>14}  {voice:>12}  {sound:>11}");
}

/// The smallest value that at least this share of the values does not exceed.
fn at_quantile(mut values: Vec<f64>, quantile: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let place = (quantile * values.len() as f64).ceil() as usize;
    values.get(place.max(1) - 1).copied()
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", model.unwrap_or("an unnamed processor").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values = vec![5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(at_quantile(values.clone(), 0.5), Some(3.0));
        assert_eq!(at_quantile(values, 0.95), Some(5.0));
        assert_eq!(at_quantile(vec![], 0.5), None);
    }
}
