//! How soon the window is there: from the start of the process to its first
//! picture, and from there until she listens, by the real app with its weights.

use crate::app::Launch;
use crate::figures::{at_quantile, in_ms, machine, ms_between};
use crate::home::{Home, Wishes};
use crate::{Desktop, Events};
use anyhow::{Context, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What the app logs when its first picture is painted.
const PAINTED: &str = "the first picture is painted";

const READY_WITHIN: Duration = Duration::from_secs(60);

/// One start.
struct Start {
    painted_ms: f64,
    /// From there on; negative if it came before.
    listens_ms: f64,
    answers_ms: f64,
}

/// Starts the app so often, one after the other, and prints what it took.
pub fn window(launch: &Launch, runs: usize) -> anyhow::Result<()> {
    let home = Home::like(launch.home.as_deref(), Wishes::default())?;
    let launch = Launch { home: Some(home.path().to_owned()), ..launch.clone() };
    println!("{runs} starts on {}", machine());
    println!("run  first picture  then she listens  then she can answer");
    let mut starts = Vec::new();
    for run in 1..=runs {
        let start = start(&launch)?;
        let Start { painted_ms, listens_ms, answers_ms } = start;
        println!("{run:>3}  {painted_ms:>10.0} ms  {listens_ms:>13.0} ms  {answers_ms:>16.0} ms");
        starts.push(start);
    }
    let median = |of: fn(&Start) -> f64| in_ms(at_quantile(starts.iter().map(of).collect(), 0.5));
    println!(
        "median: first picture {}, then she listens {}, then she can answer {}",
        median(|start| start.painted_ms),
        median(|start| start.listens_ms),
        median(|start| start.answers_ms),
    );
    Ok(())
}

fn start(launch: &Launch) -> anyhow::Result<Start> {
    // A new desktop each time: nothing is left of the start before.
    let desktop = Desktop::start()?;
    let event_file = desktop.folder().join("events.jsonl");
    let home = launch.home.clone().unwrap_or_default();
    let mut arguments: Vec<OsString> = vec!["--home".into(), home.into()];
    arguments.extend(["--events".into(), event_file.clone().into()]);
    arguments.extend(launch.arguments.iter().cloned());
    let mut log = None;
    let begun = Instant::now();
    let mut running = desktop.run(&launch.binary, &arguments, |command| {
        let (reader, writer) = match std::io::pipe() {
            Ok(pipe) => pipe,
            Err(_) => return,
        };
        command.env("RUST_LOG", "error,samantha=info").stderr(Stdio::from(writer));
        log = Some(reader);
    })?;
    let log = log.context("no pipe for what the app logs")?;
    let (told, painted) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains(PAINTED) {
                // Nobody waits after a while.
                let _ = told.send(Instant::now());
            }
        }
    });
    let Ok(painted_at) = painted.recv_timeout(READY_WITHIN) else {
        running.check_alive().context("the app has ended")?;
        bail!("the app painted nothing");
    };
    let mut events = Events::follow(&event_file);
    let mut ready = |name: &str| -> anyhow::Result<Instant> {
        let (_, event) = events.wait_for(name, 0, READY_WITHIN, |event| event.event == name)?;
        let started = events.seen().iter().find_map(|event| event.unix_ms);
        let started = started.context("the app did not tell when it started")?;
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH + Duration::from_millis(started))?;
        Ok(Instant::now() - since + Duration::from_secs_f64(event.t_ms / 1000.0))
    };
    let listens_at = ready("microphone_ready")?.max(ready("hearing_ready")?);
    let answers_at = ready("dialogue_ready")?;
    Ok(Start {
        painted_ms: ms_between(begun, painted_at),
        listens_ms: ms_between(painted_at, listens_at),
        answers_ms: ms_between(painted_at, answers_at),
    })
}
