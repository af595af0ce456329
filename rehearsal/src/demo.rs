//! A demonstration for a machine without a display: the real app on a virtual
//! desktop is asked a spoken question.

use crate::app::{App, Launch};
use crate::{Desktop, say_to_wav};
use anyhow::Context;
use std::path::Path;
use std::time::Duration;

/// What she is asked.
pub const QUESTION: &str =
    "Hello Samantha. I had a long day today. What could I do to relax a little this evening?";

/// Asks the question; writes sounds and screenshots into `out` and prints what
/// happened. With `every_state` each state of hers is pictured, which takes time
/// that the printed figures then contain.
pub fn demo(launch: &Launch, out: &Path, every_state: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let question = out.join("question.wav");
    say_to_wav(QUESTION, &question)?;
    println!("Starting a virtual desktop with a microphone and a speaker …");
    let desktop = Desktop::start()?;
    let speaker = desktop.record_speaker()?;
    println!("Starting Samantha …");
    let mut app = App::start(&desktop, launch)?;
    std::thread::sleep(Duration::from_millis(500));
    println!("Holding Ctrl+Shift+Space and asking aloud: \"{QUESTION}\"");
    let mut pictures = vec![];
    let mut picture = |name: &str| -> anyhow::Result<()> {
        let path = out.join(format!("{name}.png"));
        // The window paints a moment after the state changed.
        std::thread::sleep(Duration::from_millis(40));
        desktop.screenshot(&path)?;
        pictures.push(path);
        Ok(())
    };
    picture("idle")?;
    let exchange = app.ask(&desktop, &speaker, &question, |state| match state {
        "speaking" => picture("speaking"),
        "listening" if every_state => {
            // In the middle of the question.
            std::thread::sleep(Duration::from_millis(3500));
            picture("listening")
        }
        "understanding" | "thinking" if every_state => picture(state),
        _ => Ok(()),
    })?;
    picture("answered")?;
    std::thread::sleep(Duration::from_millis(300));
    let reply = out.join("reply.wav");
    let sound = speaker.finish();
    let end = sound.end_of_sound(crate::app::AUDIBLE).unwrap_or(exchange.released_at);
    sound.between(exchange.released_at, end + Duration::from_millis(300)).save(&reply)?;

    println!("\nShe heard:    {}", exchange.heard);
    println!("She answered: {}\n", exchange.answered);
    println!("From letting go of the key:");
    let stages = [
        ("transcript_ready", "her transcript was ready after"),
        ("first_token", "the first word of the answer came after"),
        ("first_sentence", "the first sentence was complete after"),
        ("first_audio", "the voice reported sound after"),
    ];
    for (name, text) in stages {
        if let Some(ms) = exchange.stage_ms(name) {
            println!("  {text:<42}{ms:>6.0} ms");
        }
    }
    match exchange.first_sound {
        Some(after) => {
            println!("  {:<42}{:>6} ms", "her voice was heard after", after.as_millis());
        }
        None => println!("  no sound was heard at the speaker"),
    }
    println!("\nThe question:   {}", question.display());
    println!("Her reply:      {}", reply.display());
    for path in pictures {
        println!("A screenshot:   {}", path.display());
    }
    Ok(())
}
