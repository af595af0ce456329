//! A demonstration for a machine without a display: the real app on a virtual
//! desktop is asked two spoken questions, one with the talk key and one without.

use crate::app::{App, Exchange, Launch, Manner};
use crate::home::{Home, Wishes};
use crate::{Desktop, say_to_wav};
use anyhow::Context;
use std::path::Path;
use std::time::Duration;

/// What she is asked with the key.
pub const QUESTION: &str =
    "Hello Samantha. I had a long day today. What could I do to relax a little this evening?";

/// What she is asked without it.
pub const HANDS_FREE_QUESTION: &str = "That sounds good. And which music would you put on?";

/// Asks the questions; writes sounds and screenshots into `out` and prints what
/// happened. With `every_state` each state of hers is pictured, which takes time
/// that the printed figures then contain. The person's settings and weights are
/// used, but neither their memory nor their files are touched.
pub fn demo(launch: &Launch, out: &Path, every_state: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let (question, other) = (out.join("question.wav"), out.join("hands-free-question.wav"));
    say_to_wav(QUESTION, &question)?;
    say_to_wav(HANDS_FREE_QUESTION, &other)?;
    println!("Starting a virtual desktop with a microphone and a speaker …");
    let desktop = Desktop::start()?;
    let speaker = desktop.record_speaker()?;
    println!("Starting Samantha …");
    let wishes = Wishes { hands_free: true, ..Wishes::default() };
    let home = Home::like(launch.home.as_deref(), wishes)?;
    let launch = Launch { home: Some(home.path().to_owned()), ..launch.clone() };
    let mut app = App::start(&desktop, &launch)?;
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
    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |state| match state {
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
    println!("Asking aloud without the key: \"{HANDS_FREE_QUESTION}\"");
    let hands_free = app.ask(&desktop, &speaker, &other, Manner::HandsFree, |_| Ok(()))?;
    picture("hands-free")?;
    std::thread::sleep(Duration::from_millis(300));
    let reply = out.join("reply.wav");
    let sound = speaker.finish();
    let first = sound.between(exchange.speech_ended_at, hands_free.speech_ended_at);
    let end = first.end_of_sound(crate::app::AUDIBLE).unwrap_or(exchange.speech_ended_at);
    first.between(exchange.speech_ended_at, end + Duration::from_millis(300)).save(&reply)?;

    println!("\nWith the key:");
    tell(&exchange);
    println!("\nWithout the key:");
    tell(&hands_free);
    println!("\nThe question:   {}", question.display());
    println!("Her reply:      {}", reply.display());
    for path in pictures {
        println!("A screenshot:   {}", path.display());
    }
    Ok(())
}

fn tell(exchange: &Exchange) {
    println!("She heard:    {}", exchange.heard);
    println!("She answered: {}", exchange.answered);
    println!("From the end of speech:");
    let stages = [
        ("turn_end", "she took the turn to be over after"),
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
    match exchange.first_sound_ms() {
        Some(ms) => println!("  {:<42}{ms:>6.0} ms", "her voice was heard after"),
        None => println!("  no sound was heard at the speaker"),
    }
}
