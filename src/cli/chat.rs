//! A conversation in the terminal, by typing: the same session, with neither
//! microphone nor voice.

use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::remembering::Remembering;
use crate::session::{Command, Config, Engines, Event, Session};
use crate::settings::{self, DialogueEngine, Listening, TalkMode};
use anyhow::Context;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

/// Talk with her in the terminal, by typing.
///
/// "/new" begins a new conversation; "/quit" or the end of input ends.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language model's id instead of the one from the settings.
    #[arg(long, value_name = "ID")]
    language_model: Option<String>,
    /// Keep nothing of this conversation.
    #[arg(long)]
    forget: bool,
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let mut settings = settings::load(&paths.settings_file())?.settings;
    if let Some(id) = args.language_model {
        settings.dialogue.model = id;
        settings.dialogue.engine = DialogueEngine::Local;
    }
    if settings.dialogue.engine == DialogueEngine::Local {
        engines::installed(Kind::Language, paths, &settings)?;
    }
    let (origin, responder) = engines::responder(paths, &settings);
    let (tell, events) = crossbeam_channel::unbounded();
    let session = Session::start(
        Config {
            talk_mode: TalkMode::Hold,
            voice_enabled: false,
            persona: engines::persona(paths, &settings)?,
            person: settings.person.name.clone(),
            language: settings.person.language.clone(),
            listening: Listening::default(),
            origin,
            remembering: {
                let paths = (!args.forget).then(|| paths.clone());
                Box::new(move || match paths {
                    Some(paths) => engines::remembering(&paths),
                    None => Remembering::unkept(),
                })
            },
            resume: !args.forget,
        },
        Engines {
            microphone: engines::no_microphone(),
            transcriber: engines::no_transcriber(),
            responder,
            voice: engines::no_voice(),
            cues: engines::no_cues(),
        },
        move |event| {
            let _ = tell.send(event);
        },
    )
    .context("no thread for the session")?;
    let commands = session.commands();
    let interactive = std::io::stdin().is_terminal();
    let mut lines = std::io::stdin().lock().lines();
    loop {
        if interactive {
            print!("You: ");
            std::io::stdout().flush()?;
        }
        let Some(line) = lines.next().transpose()? else { break };
        match line.trim() {
            "" => continue,
            "/quit" => break,
            "/new" => {
                commands.send(Command::NewConversation);
                continue;
            }
            text => commands.send(Command::Say(text.to_owned())),
        }
        print_reply(&events)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the reply as it comes and returns when it is over.
fn print_reply(events: &crossbeam_channel::Receiver<Event>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut printed = 0;
    for event in events {
        match event {
            Event::Reply { text, .. } => {
                if printed == 0 {
                    write!(out, "Samantha: ")?;
                }
                write!(out, "{}", &text[printed..])?;
                out.flush()?;
                printed = text.len();
            }
            Event::Notice(notice) => writeln!(out, "({})", notice.text)?,
            Event::Replied(_) | Event::NoReply { .. } => break,
            _ => {}
        }
    }
    writeln!(out)?;
    Ok(())
}
