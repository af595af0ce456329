//! How often the words alone tell whether a turn has ended, and how fast.
//!
//! `cargo run --release -p ear --example measure_words DIR [--wrong]`, where
//! DIR holds `finished.txt`, `unfinished.txt` and `wait.txt`, a text a line.
//! With `--wrong` the texts judged wrongly are printed too.

use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs, io};

use ear::turn_end::words::{Kind, judge};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or_else(|| io::Error::other("which folder?"))?);
    let show_wrong = arguments.any(|argument| argument == "--wrong");
    judge("the first call reads the table");
    let mut calls = 0;
    let mut seconds = 0.0;
    for (name, kind) in
        [("finished", Kind::Finished), ("unfinished", Kind::Unfinished), ("wait", Kind::Wait)]
    {
        let text = fs::read_to_string(folder.join(name).with_extension("txt"))?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let began = Instant::now();
        let judged: Vec<_> = lines.iter().map(|line| judge(line)).collect();
        seconds += began.elapsed().as_secs_f64();
        calls += lines.len();
        let right = judged.iter().filter(|judgement| judgement.kind() == kind).count();
        println!(
            "{name}: {right} of {}, {:.1}%",
            lines.len(),
            100.0 * right as f64 / lines.len() as f64
        );
        for (line, judgement) in
            lines.iter().zip(judged).filter(|(_, judgement)| show_wrong && judgement.kind() != kind)
        {
            println!("  {line}  {judgement:?}");
        }
    }
    println!(
        "{:.3} ms a call",
        1000.0 * seconds / f64::from(u32::try_from(calls).unwrap_or(u32::MAX))
    );
    Ok(())
}
