//! From the end of speech to the first sound of her voice, both measured where
//! a person would hear them: at the microphone and the speaker of a virtual
//! desktop.

use crate::app::{App, Exchange, Launch, Manner};
use crate::figures::{at_quantile, in_ms, machine};
use crate::home::{Home, Voice, Wishes};
use crate::processes::Running;
use crate::{Desktop, say_to_wav};
use std::path::Path;
use std::time::Duration;

/// Questions of about five seconds each, one a line.
const QUESTIONS: &str = include_str!("../questions.txt");

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many questions are asked.
    pub turns: usize,
    /// How many other processes keep the cores busy meanwhile.
    pub busy: usize,
    /// With the key, or without.
    pub manner: Manner,
    /// Another voice than the settings'.
    pub voice: Option<Voice>,
}

/// Asks, measures and prints.
pub fn latency(launch: &Launch, plan: Plan) -> anyhow::Result<()> {
    let hands_free = plan.manner == Manner::HandsFree;
    let wishes = Wishes { hands_free, voice: plan.voice, ..Wishes::default() };
    let home = Home::like(launch.home.as_deref(), wishes)?;
    let launch = Launch { home: Some(home.path().to_owned()), ..launch.clone() };
    let desktop = Desktop::start()?;
    let speaker = desktop.record_speaker()?;
    let mut app = App::start(&desktop, &launch)?;
    let dir = tempfile::tempdir()?;
    let busy = (0..plan.busy)
        .map(|_| {
            desktop.run(Path::new("sha256sum"), ["/dev/zero"], |command| {
                command.stdout(std::process::Stdio::null());
            })
        })
        .collect::<anyhow::Result<Vec<Running>>>()?;
    let how = if hands_free { "hands-free" } else { "push to talk" };
    println!("{how}: {} turns, {} other processes busy, on {}", plan.turns, busy.len(), machine());
    println!("All times are counted from the end of speech at the microphone.");
    let over = if hands_free { "turn ended" } else { "key let go" };
    println!(
        "turn  {over}  transcript  first token  first sentence  voice begins  sound heard  words"
    );
    let columns = [
        Column::Stage(if hands_free { "turn_end" } else { "speech_end" }),
        Column::Stage("transcript_ready"),
        Column::Stage("first_token"),
        Column::Stage("first_sentence"),
        Column::Stage("first_audio"),
        Column::Sound,
    ];
    let mut exchanges = Vec::new();
    for (turn, text) in QUESTIONS.lines().cycle().take(plan.turns).enumerate() {
        let question = dir.path().join(format!("{turn}.wav"));
        say_to_wav(text, &question)?;
        std::thread::sleep(Duration::from_millis(500));
        match app.ask(&desktop, &speaker, &question, plan.manner, |_| Ok(())) {
            Ok(exchange) => {
                let heard = exchange.heard.split_whitespace().count().to_string();
                print_row(&(turn + 1).to_string(), columns.map(|it| it.of(&exchange)), &heard);
                exchanges.push(exchange);
            }
            Err(error) => println!("{:>4}  {error:#}", turn + 1),
        }
    }
    drop(busy);
    for (name, quantile) in [("p50", 0.5), ("p95", 0.95)] {
        let row = columns.map(|column| {
            let values = exchanges.iter().filter_map(|exchange| column.of(exchange)).collect();
            at_quantile(values, quantile)
        });
        print_row(name, row, "");
    }
    let cut = exchanges.iter().filter(|exchange| exchange.was_cut()).count();
    println!("{} of {} turns answered, {cut} taken for several", exchanges.len(), plan.turns);
    Ok(())
}

#[derive(Clone, Copy)]
enum Column {
    Stage(&'static str),
    Sound,
}

impl Column {
    fn of(self, exchange: &Exchange) -> Option<f64> {
        match self {
            Self::Stage(name) => exchange.stage_ms(name),
            Self::Sound => exchange.first_sound_ms(),
        }
    }
}

fn print_row(name: &str, values: [Option<f64>; 6], words: &str) {
    let [over, transcript, token, sentence, voice, sound] = values.map(in_ms);
    println!(
        "{name:>4}  {over:>10}  {transcript:>10}  {token:>11}  {sentence:>14}  {voice:>12}  \
         {sound:>11}  {words:>5}"
    );
}
