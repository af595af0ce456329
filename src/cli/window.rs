//! Opens the window and connects it: session, talk key, `samantha talk`,
//! weights and settings.

use crate::Outbox;
use crate::app::{self, Update, UpdateSender, Wiring};
use crate::audio::devices;
use crate::audio::reference::{Reference, ReferenceWriter, reference};
use crate::audio::trial::Trials;
use crate::autostart::Autostart;
use crate::control::{self, Request, Wish};
use crate::engines;
use crate::hotkey::{Binding, Hotkey, HotkeyEvent};
use crate::motion::{self, Asked};
use crate::paths::Paths;
use crate::session::journal::Journal;
use crate::session::{
    Command, Commands, Config, Engines, Event, Notice, Session, TalkSource, Topic,
};
use crate::settings::{self, DialogueEngine, Settings};
use crate::tray::{self, Tray, TrayEvent};
use crate::wording::{self, language, notices};
use anyhow::{Context, bail};
use audition::Auditions;
use downloads::Downloads;
use errands::Errands;
use std::cell::RefCell;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

mod audition;
mod downloads;
mod errands;

/// How long a start into the tray waits for it: the desktop may still be
/// starting too.
const TRAY_WAIT: Duration = Duration::from_secs(10);

/// How the window is opened.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write what happens into this file, as JSON lines. It will hold what you
    /// say.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// The recogniser's id instead of the one from the settings.
    #[arg(long, value_name = "ID")]
    speech_model: Option<String>,
    /// The language model's id instead of the one from the settings.
    #[arg(long, value_name = "ID")]
    language_model: Option<String>,
    /// Start in the tray, without a window, if there is a tray.
    #[arg(long)]
    hidden: bool,
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        bail!(notices::NO_DISPLAY);
    }
    if is_open_already(paths) {
        return Ok(ExitCode::SUCCESS);
    }
    let is_hidden = args.hidden && app::can_hide() && tray::wait_until_there(TRAY_WAIT);
    let paths = paths.clone();
    app::run(is_hidden, move |window| wire(&args, &paths, &window))?;
    Ok(ExitCode::SUCCESS)
}

/// There is one of her at a time: a second start shows the first one's window.
#[allow(clippy::print_stdout, reason = "tells why nothing else happens")]
fn is_open_already(paths: &Paths) -> bool {
    let is_open = control::send(paths, Request::Show).is_ok();
    if is_open {
        println!("{}", wording::tray::ALREADY_OPEN);
    }
    is_open
}

/// Everything that lives as long as the window.
struct Rest {
    session: Session,
    /// Where her own voice writes what it plays.
    her_voice: ReferenceWriter,
    hotkey: Option<Hotkey>,
    autostart: Option<Autostart>,
    _control: Option<control::Server>,
}

fn wire(args: &Args, paths: &Paths, window: &UpdateSender) -> anyhow::Result<Wiring> {
    let loaded = settings::load(&paths.settings_file())
        .with_context(|| format!("cannot read {}", paths.settings_file().display()))?;
    let mut settings = loaded.settings.clone();
    language::choose(&settings.window.language);
    let autostart = Autostart::of_this_program(paths.home());
    settings.window.start_at_login = autostart.as_ref().is_some_and(Autostart::is_on);
    // Asked for on the command line: for this run, not for good.
    if let Some(id) = &args.speech_model {
        settings.hearing.model.clone_from(id);
    }
    if let Some(id) = &args.language_model {
        settings.dialogue.model.clone_from(id);
        settings.dialogue.engine = DialogueEngine::Local;
    }
    let tell: Rc<Outbox<Event>> = Rc::new(window.outbox(Update::Session));
    for notice in notices::about_settings(&loaded, &paths.settings_file()) {
        tell(Event::Notice(notice));
    }
    motion::watch({
        let window = window.clone();
        move |asked| {
            window.send(match asked {
                Asked::Stillness(still) => Update::Stillness(still),
                Asked::Contrast(high) => Update::Contrast(high),
            });
        }
    });
    let (her_voice, reference) = reference();
    let session = start_session(args, paths, &settings, window, (&her_voice, reference))?;
    let commands = session.commands();
    let control = serve_control(paths, &commands, window)
        .inspect_err(|error| {
            let text = error.to_string();
            tell(Event::Notice(Notice::new(Topic::Hotkey, text, false)));
        })
        .ok();
    let downloads = Downloads::new(paths, &settings, &commands, window, her_voice.clone());
    let rest = Rc::new(RefCell::new(Rest {
        hotkey: watch_hotkey(&settings, &commands, window),
        session,
        her_voice,
        autostart,
        _control: control,
    }));
    Ok(Wiring {
        settings: settings.clone(),
        send: {
            let commands = commands.clone();
            Box::new(move |command| commands.send(command))
        },
        settings_changed: {
            let (paths, window, downloads) = (paths.clone(), window.clone(), downloads.clone());
            let mut before = settings;
            Box::new(move |now| {
                settings::save(&paths.settings_file(), now)
                    .map_err(|error| notices::settings_not_saved(&error))?;
                let mut rest = rest.borrow_mut();
                take_effect(&before, now, &paths, &window, &mut rest);
                downloads.settings_changed(now);
                let starts = now.window.start_at_login;
                let is_new = before.window.start_at_login != starts;
                before = now.clone();
                match &rest.autostart {
                    Some(autostart) if is_new => autostart
                        .set(starts)
                        .map_err(|error| wording::window::cannot_start_at_login(&error)),
                    _ => Ok(()),
                }
            })
        },
        check_hotkey: Box::new(|text| {
            text.parse::<Binding>().map(|_| ()).map_err(|error| error.to_string())
        }),
        list_microphones: {
            let window = window.clone();
            Box::new(move || list_microphones(&window))
        },
        download: Box::new(move |command| downloads.command(command)),
        tray: {
            let window = window.clone();
            let tray = Tray::start(Box::new(move |event| {
                window.send(Update::Tray(match event {
                    // Without hiding it is no place for the window.
                    TrayEvent::IsThere(is_there) => TrayEvent::IsThere(is_there && app::can_hide()),
                    event => event,
                }));
            }));
            Box::new(move |shown| tray.show(shown))
        },
        audition: {
            let auditions = Auditions::start(paths, window).context("no thread for auditions")?;
            Box::new(move |voice, settings| match voice {
                Some(engine) => auditions.hear(engine, settings),
                None => auditions.hush(),
            })
        },
        try_microphone: {
            let trials = Trials::start(window.outbox(Update::Trial));
            Box::new(move |command| trials.command(command))
        },
        errand: {
            let errands = Errands::new(paths, window);
            Box::new(move |errand, settings| errands.run(errand, settings))
        },
    })
}

fn start_session(
    args: &Args,
    paths: &Paths,
    settings: &Settings,
    window: &UpdateSender,
    (her_voice, reference): (&ReferenceWriter, Reference),
) -> anyhow::Result<Session> {
    let mut journal = match &args.events {
        Some(path) => Some(Journal::new(
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?,
        )?),
        None => None,
    };
    let to_window = window.outbox(Update::Session);
    let tell = move |event: Event| {
        if let Some(journal) = &mut journal
            && let Err(error) = journal.note(&event)
        {
            tracing::warn!("an event could not be written: {error}");
        }
        to_window(event);
    };
    let (origin, responder) = engines::responder(paths, settings);
    let (persona, no_persona) = match engines::persona(paths, settings) {
        Ok(persona) => (persona, None),
        Err(error) => (crate::persona::Persona::samantha(), Some(error.to_string())),
    };
    if let Some(text) = no_persona {
        let notice = Notice::new(Topic::Settings, text, false);
        window.send(Update::Session(Event::Notice(notice)));
    }
    Session::start(
        Config {
            talk_mode: settings.talk.mode,
            voice_enabled: settings.voice.enabled,
            persona,
            person: settings.person.name.clone(),
            language: settings.person.language.clone(),
            listening: settings.listening.clone(),
            origin,
            remembering: {
                let paths = paths.clone();
                Box::new(move || engines::remembering(&paths))
            },
            resume: true,
        },
        Engines {
            microphone: engines::microphone(paths, settings, reference),
            transcriber: engines::transcriber(paths, settings),
            responder,
            voice: engines::voice(paths, settings, Some(her_voice)),
            cues: engines::cues(settings),
        },
        tell,
    )
    .context("no thread for the session")
}

fn serve_control(
    paths: &Paths,
    commands: &Commands,
    window: &UpdateSender,
) -> Result<control::Server, control::StartError> {
    let (commands, window) = (commands.clone(), window.clone());
    control::Server::start(paths, move |wish| {
        match wish {
            Wish::Command(command) => commands.send(command),
            Wish::HandsFree(on) => window.send(Update::HandsFree(on)),
            Wish::Show => window.send(Update::Show),
        }
        Ok(())
    })
}

/// Watches the talk key of the settings, if there is one.
fn watch_hotkey(settings: &Settings, commands: &Commands, window: &UpdateSender) -> Option<Hotkey> {
    let tell = window.outbox(Update::Session);
    let unavailable = |text: String| Event::Notice(Notice::new(Topic::Hotkey, text, false));
    if settings.talk.hotkey.trim().is_empty() {
        tell(Event::NoticeCleared(Topic::Hotkey));
        return None;
    }
    let binding = match settings.talk.hotkey.parse::<Binding>() {
        Ok(binding) => binding,
        Err(error) => {
            tell(unavailable(error.to_string()));
            return None;
        }
    };
    let commands = commands.clone();
    Some(Hotkey::start(
        binding,
        Box::new(move |event| match event {
            HotkeyEvent::Pressed => commands.send(Command::TalkPressed(TalkSource::Hotkey)),
            HotkeyEvent::Released => commands.send(Command::TalkReleased(TalkSource::Hotkey)),
            HotkeyEvent::Ready { .. } => tell(Event::NoticeCleared(Topic::Hotkey)),
            HotkeyEvent::Unavailable { reason } => tell(unavailable(reason)),
        }),
    ))
}

/// Lets changed settings take effect where no command does it.
fn take_effect(
    before: &Settings,
    now: &Settings,
    paths: &Paths,
    window: &UpdateSender,
    rest: &mut Rest,
) {
    let commands = rest.session.commands();
    if before.talk.hotkey != now.talk.hotkey {
        match (now.talk.hotkey.parse::<Binding>(), &mut rest.hotkey) {
            (Ok(binding), Some(hotkey)) => hotkey.change(binding),
            _ => {
                rest.hotkey = None;
                rest.hotkey = watch_hotkey(now, &commands, window);
            }
        }
    }
    if before.person != now.person {
        let person = now.person.clone();
        commands.send(Command::SetPerson { name: person.name, language: person.language });
    }
    if before.hearing != now.hearing {
        commands.replace_transcriber(engines::transcriber(paths, now));
    }
    let who = |settings: &Settings| (settings.voice.engine, settings.voice.own.clone());
    if who(before) != who(now) {
        commands.replace_voice(engines::voice(paths, now, Some(&rest.her_voice)));
    }
    if before.dialogue != now.dialogue {
        let (origin, responder) = engines::responder(paths, now);
        commands.replace_responder(origin, responder);
    }
}

/// Asking the sound server can take a moment: not on the window's thread.
fn list_microphones(window: &UpdateSender) {
    let sender = window.clone();
    let thread = std::thread::Builder::new().name("microphone list".into()).spawn(move || {
        // Without a sound system there are none, and the session says why.
        let inputs = devices::inputs().unwrap_or_default();
        let microphones = inputs.into_iter().filter(|input| !input.is_monitor);
        sender.send(Update::Microphones(microphones.map(|input| input.name).collect()));
    });
    if let Err(error) = thread {
        tracing::warn!("the microphones cannot be listed: {error}");
    }
}
