//! What survives when the process is killed or the log is torn.

use fastrand::Rng;
use jiff::Timestamp;
use memory::key::Key;
use memory::store::{NewLine, PERSON, Store};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Set for the process that is going to be killed: where its memory lies.
const VICTIM: &str = "SAMANTHA_TEST_VICTIM";

const KILLS: usize = 1000;
const CUTS: usize = 1000;

fn key() -> Key {
    Key::from_bytes(&[42; 32]).expect("a key")
}

fn open(file: &Path) -> Store {
    let opened = Store::open(file, &key()).expect("opened");
    assert_eq!(opened.set_aside, None, "nothing is damaged");
    opened.store
}

fn save(store: &mut Store, number: u64) {
    let text = format!("This is sentence {number}.");
    let line = NewLine {
        turn: number,
        speaker: PERSON,
        text: &text,
        interrupted: false,
        at: Timestamp::now(),
    };
    store.save(&line).expect("saved");
}

fn numbers(store: &Store) -> Vec<u64> {
    let mut numbers = Vec::new();
    store.each_line(|line| numbers.push(line.turn)).expect("read");
    numbers
}

/// Not a test of its own: the process that saves and tells until it is killed.
#[test]
fn the_victim() {
    let Some(file) = std::env::var_os(VICTIM) else { return };
    let mut store = open(Path::new(&file));
    let mut out = std::io::stdout();
    for number in store.next_turn().expect("counted").. {
        save(&mut store, number);
        writeln!(out, "saved {number}").and_then(|()| out.flush()).expect("told");
        if number % 50 == 0 {
            let now = Timestamp::now();
            store.forget_words("sentence 7.", now).expect("forgotten");
        }
    }
}

#[test]
fn what_was_told_as_saved_survives_every_kill() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("memory.sqlite");
    drop(open(&file));
    let mut rng = Rng::with_seed(1);
    let mut told = 0;
    for _ in 0..KILLS {
        let mut victim = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "the_victim", "--nocapture"])
            .env(VICTIM, &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut lines = BufReader::new(victim.stdout.take().expect("piped")).lines();
        let saved = |line: &str| line.rsplit_once("saved ")?.1.trim().parse::<u64>().ok();
        // Some die before the first line, most in the middle of one.
        if rng.u8(..8) != 0 {
            told = lines.by_ref().find_map(|line| saved(&line.expect("read"))).expect("one line");
        }
        std::thread::sleep(Duration::from_micros(rng.u64(..6000)));
        victim.kill().expect("killed");
        victim.wait().expect("gone");
        told = lines.map_while(Result::ok).filter_map(|line| saved(&line)).last().unwrap_or(told);
        let store = open(&file);
        let next = store.next_turn().expect("counted");
        assert!(next > told, "{told} was told, and {} is the last", next - 1);
    }
    let store = open(&file);
    assert_eq!(store.check().expect("checked"), Vec::<String>::new());
    let kept = numbers(&store);
    let expected: Vec<u64> = (1..store.next_turn().expect("counted")).collect();
    let lost: Vec<&u64> = expected.iter().filter(|n| !kept.contains(n) && **n != 7).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    println!("{KILLS} kills, {} lines kept", kept.len());
}

#[test]
fn a_torn_log_opens_to_a_beginning_of_what_was_saved() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("memory.sqlite");
    let mut store = open(&file);
    for number in 1..=150 {
        save(&mut store, number);
    }
    // As a machine without power leaves it: nothing was moved out of the log.
    let log = std::fs::read(dir.path().join("memory.sqlite-wal")).expect("a log");
    let database = std::fs::read(&file).expect("a database");
    assert!(log.len() > 300_000, "{} bytes", log.len());
    let mut rng = Rng::with_seed(1);
    let mut shortest = u64::MAX;
    for _ in 0..CUTS {
        let torn = tempfile::tempdir().expect("a temporary folder");
        let file = torn.path().join("memory.sqlite");
        let at = rng.usize(..log.len());
        let mut rest = log.clone();
        if rng.bool() {
            rest.truncate(at);
        } else {
            let end = (at + rng.usize(1..=512)).min(rest.len());
            rest[at..end].iter_mut().for_each(|byte| *byte ^= 0x5a);
        }
        std::fs::write(&file, &database).expect("written");
        std::fs::write(torn.path().join("memory.sqlite-wal"), rest).expect("written");
        let store = open(&file);
        let kept = numbers(&store);
        assert_eq!(kept, (1..=kept.len() as u64).collect::<Vec<_>>(), "torn at {at}");
        assert_eq!(store.check().expect("checked"), Vec::<String>::new());
        shortest = shortest.min(kept.len() as u64);
    }
    assert!(shortest < 20, "cuts near the beginning, too");
}
