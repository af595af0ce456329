//! Shows the window in a chosen state, without session, models or devices: to
//! look at it, and to measure it. Every figure and sentence here is invented.
//!
//! ```text
//! cargo run --release --example window_preview -- speaking --dark --size 480x640
//! ```

use clap::{Parser, ValueEnum};
use eframe::egui;
use invented::{
    ANSWERS, QUESTIONS, as_if_kept, findings, line, lines, offers, past, refused_key, speeds,
};
use samantha::app::downloads::{DownloadCommand, DownloadEvent};
use samantha::app::errands::{Errand, ErrandEvent};
use samantha::app::{SamanthaApp, Update, UpdateSender, Wiring, inbox};
use samantha::audio::EchoGuard;
use samantha::audio::trial::{Trial, TrialCommand, TrialPhase};
use samantha::session::{Command, Event, Line, Milestone, Notice, Presence, Speaker, Topic};
use samantha::settings::{DialogueEngine, Settings, TalkMode, Theme};
use samantha::speech::VoiceInfo;
use samantha::turn::{Attention, TurnId};
use samantha::ui::{Small, small_ui};
use std::cell::RefCell;
use std::time::{Duration, Instant};

#[path = "shared/invented.rs"]
mod invented;

#[derive(Parser)]
struct Args {
    /// What to show.
    #[arg(default_value = "idle")]
    state: State,
    /// The dark theme.
    #[arg(long)]
    dark: bool,
    /// Black on white, or white on black.
    #[arg(long)]
    high_contrast: bool,
    /// How large everything is.
    #[arg(long, default_value_t = 1.0)]
    zoom: f32,
    /// She has said this last.
    #[arg(long)]
    says: Option<String>,
    /// Of the texts, such as de.
    #[arg(long, default_value = "en")]
    language: String,
    /// With the settings open.
    #[arg(long)]
    settings: bool,
    /// With the settings open where they show how fast she answers.
    #[arg(long)]
    latency: bool,
    /// Answers come from a server.
    #[arg(long)]
    server: bool,
    /// Press to begin, press to end.
    #[arg(long)]
    toggle: bool,
    /// Finished exchanges before the current one.
    #[arg(long, default_value_t = 2)]
    turns: u64,
    /// The small window instead.
    #[arg(long)]
    small: bool,
    /// Of the window, in points.
    #[arg(long, default_value = "1280x800")]
    size: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    Empty,
    Waking,
    Idle,
    Listening,
    Understanding,
    Thinking,
    Speaking,
    Interrupted,
    JustTalk,
    JustTalkListening,
    HalfDuplex,
    HalfDuplexSpeaking,
    NameOnly,
    Resting,
    Muted,
    MutedSpeaking,
    NothingHeard,
    Notices,
    Missing,
    Downloading,
    Letters,
    /// The first run, nothing being here.
    Welcome,
    /// The same where nothing works.
    WelcomeTroubled,
    /// The welcome of somebody who has everything.
    WelcomeAgain,
}

fn main() -> eframe::Result {
    let started = Instant::now();
    let args = Args::parse();
    let (width, height) = args.size.split_once('x').expect("a size such as 1280x800");
    let size = match args.small {
        true => Small::SIZE.into(),
        false => [width.parse().expect("a width"), height.parse().expect("a height")],
    };
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size(size),
        ..Default::default()
    };
    eframe::run_native(
        "Samantha",
        options,
        Box::new(move |cc| {
            let (sender, updates) = inbox(&cc.egui_ctx);
            let app = SamanthaApp::new(&cc.egui_ctx, updates, wiring(&args, sender.clone()));
            tell(&args, &sender);
            let small = Small::default();
            Ok(Box::new(Preview { app, small, args, started: Some(started) }))
        }),
    )
}

struct Preview {
    app: SamanthaApp,
    small: Small,
    args: Args,
    /// Until the first picture was painted.
    started: Option<Instant>,
}

impl eframe::App for Preview {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.app.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if std::mem::take(&mut self.args.settings) {
            self.app.open_settings();
        }
        if std::mem::take(&mut self.args.latency) {
            self.app.toggle_latency();
        }
        if self.started.is_some() && self.args.state == State::Letters {
            self.app.open_letters();
        }
        if self.args.small {
            self.small.follow(self.app.view(), self.app.settings());
            small_ui(ui, &mut self.small);
        } else {
            self.app.paint(ui);
        }
        if let Some(started) = self.started.take() {
            println!("first_ui_ms\t{}", started.elapsed().as_millis());
        }
    }
}

fn wiring(args: &Args, sender: UpdateSender) -> Wiring {
    let mut settings = Settings::default();
    settings.window.theme = if args.dark { Theme::Dark } else { Theme::Light };
    settings.window.high_contrast = args.high_contrast;
    settings.window.zoom = args.zoom;
    samantha::wording::language::choose(&args.language);
    settings.talk.mode = if args.toggle { TalkMode::Toggle } else { TalkMode::Hold };
    settings.listening.hands_free = attention(args.state) != Attention::Key;
    if args.server {
        settings.dialogue.engine = DialogueEngine::Server;
        settings.dialogue.server.base_url = "https://llm.example.org/v1".into();
        settings.dialogue.server.model = "a-large-model".into();
        settings.dialogue.server.api_key = "not a real key".into();
    }
    let (past, past_sender) = (RefCell::new(past()), sender.clone());
    settings.window.welcomed = !args.state.is_welcome();
    let (downloads, trials, errands) = (sender.clone(), sender.clone(), sender.clone());
    let is_troubled = args.state == State::WelcomeTroubled;
    Wiring {
        tray: Box::new(|_| {}),
        settings,
        send: Box::new(move |command| {
            println!("command\t{command:?}");
            if let Command::Letters(asked) = command {
                let told = past.borrow_mut().letters(&asked, "").expect("read");
                if let Some(told) = told {
                    past_sender.send(Update::Session(Event::Letters(as_if_kept(told))));
                }
            }
        }),
        settings_changed: Box::new(|settings| {
            println!("settings\t{settings:?}");
            Ok(())
        }),
        check_hotkey: Box::new(|text| match text.contains('+') {
            true => Ok(()),
            false => Err(format!("“{text}” is not a key combination; try Ctrl+Alt+S.")),
        }),
        list_microphones: Box::new(move || {
            let names = ["Built-in Audio Analog Stereo", "USB Headset Mono"].map(String::from);
            sender.send(Update::Microphones(names.into()));
        }),
        audition: Box::new(|voice, _settings| println!("audition\t{voice:?}")),
        errand: Box::new(move |errand, settings| {
            println!("errand\t{errand:?}");
            let update = Update::Errand;
            match errand {
                Errand::TestServer => {
                    let server = settings.dialogue.server.clone();
                    errands.send(update(ErrandEvent::ServerTested(server, refused_key())));
                }
                Errand::Measure(id) => {
                    errands.send(update(ErrandEvent::Speeds(speeds())));
                    errands.send(update(ErrandEvent::Measured(id, None)));
                }
                Errand::StopMeasuring => {}
                Errand::CheckUp => {
                    for finding in findings() {
                        errands.send(update(ErrandEvent::Found(finding)));
                    }
                    errands.send(update(ErrandEvent::CheckedUp));
                }
                Errand::Check(part) => {
                    for finding in findings().into_iter().filter(|found| found.part == part) {
                        errands.send(update(ErrandEvent::Found(finding)));
                    }
                    errands.send(update(ErrandEvent::CheckedUp));
                }
                Errand::ShowFile(path) => {
                    errands.send(update(ErrandEvent::FileNotShown(path)));
                }
            }
        }),
        download: Box::new(move |command| {
            println!("download\t{command:?}");
            let event = match command {
                DownloadCommand::Cancel(id) | DownloadCommand::Remove(id) => {
                    DownloadEvent::Cancelled { id }
                }
                DownloadCommand::Start(id) if is_troubled => DownloadEvent::Failed {
                    id,
                    reason: "The disk is full: 1.12 GB are needed, 0.40 GB are free. Make room \
                             and try again."
                        .into(),
                },
                DownloadCommand::Start(id) => {
                    let (done_bytes, total_bytes) = (32_100_000, 81_700_000);
                    DownloadEvent::Progress { id, done_bytes, total_bytes }
                }
            };
            downloads.send(Update::Download(event));
        }),
        try_microphone: Box::new(move |command| {
            println!("microphone\t{command:?}");
            trials.send(Update::Trial(trial(&command, is_troubled)));
        }),
    }
}

impl State {
    fn is_welcome(self) -> bool {
        matches!(self, Self::Welcome | Self::WelcomeTroubled | Self::WelcomeAgain)
    }
}

/// A microphone that is tried out; without sound if there is trouble.
fn trial(command: &TrialCommand, is_troubled: bool) -> Trial {
    let level = if is_troubled { 0.0 } else { 0.05 };
    match command {
        TrialCommand::Listen(_) => Trial { phase: TrialPhase::Live, level, ..Trial::default() },
        TrialCommand::Record => {
            Trial { phase: TrialPhase::Live, level, heard: Some(!is_troubled), trouble: None }
        }
        TrialCommand::Stop => Trial::default(),
    }
}

/// How closely she listens in this state.
fn attention(state: State) -> Attention {
    match state {
        State::JustTalk
        | State::JustTalkListening
        | State::HalfDuplex
        | State::HalfDuplexSpeaking => Attention::Open,
        State::NameOnly => Attention::Name,
        State::Resting => Attention::Resting,
        State::Muted | State::MutedSpeaking => Attention::Muted,
        _ => Attention::Key,
    }
}

/// How fast she was in the turns before, as a session tells it.
fn tell_latency(sender: &UpdateSender, turns: u64) {
    let stages = [
        (Milestone::SpeechEnd, 0),
        (Milestone::TurnEnd, 610),
        (Milestone::TranscriptReady, 700),
        (Milestone::FirstToken, 760),
        (Milestone::FirstSentence, 930),
        (Milestone::FirstAudio, 1180),
    ];
    for turn in 0..turns {
        for (milestone, after_ms) in stages {
            let at = Duration::from_millis(turn * 10_000 + after_ms + after_ms * turn / 9);
            let event = Event::Milestone { turn: TurnId(turn), milestone, at };
            sender.send(Update::Session(event));
        }
    }
}

fn tell(args: &Args, sender: &UpdateSender) {
    let event = |event| sender.send(Update::Session(event));
    let download = |event| sender.send(Update::Download(event));
    let is_missing = matches!(
        args.state,
        State::Missing | State::Downloading | State::Welcome | State::WelcomeTroubled
    );
    download(DownloadEvent::Offered(offers(!is_missing)));
    sender.send(Update::Errand(ErrandEvent::Speeds(speeds())));
    event(Event::Voices(vec![
        VoiceInfo {
            id: "en+f3".into(),
            name: "English, female".into(),
            language: "en-GB".into(),
            female: Some(true),
        },
        VoiceInfo { id: "de".into(), name: "Deutsch".into(), language: "de".into(), female: None },
    ]));
    if !matches!(args.state, State::Waking) && !is_missing {
        event(Event::MicrophoneReady("Built-in Audio Analog Stereo".into()));
        event(Event::HearingReady("whisper-base".into()));
        event(Event::DialogueReady("Qwen2.5 1.5B".into()));
    }
    if !matches!(args.state, State::Empty | State::Waking) && !is_missing {
        event(Event::Conversation(lines(args.turns)));
    }
    let attention = attention(args.state);
    event(Event::Attention(attention));
    let is_open = attention.captures() && !is_missing && args.state != State::Waking;
    event(Event::Capturing(is_open && args.state != State::Notices));
    let is_half = matches!(args.state, State::HalfDuplex | State::HalfDuplexSpeaking);
    event(Event::EchoGuard(if is_half { EchoGuard::HalfDuplex } else { EchoGuard::Cancelled }));
    if !is_missing {
        tell_latency(sender, args.turns);
    }
    let turn = TurnId(args.turns);
    if let Some(text) = &args.says {
        event(Event::Replied(line(turn.0, Speaker::Samantha, text)));
    }
    let presence = |presence| event(Event::Presence { turn: Some(turn), presence });
    let partial = |text: &str| event(Event::Partial { turn, text: text.into() });
    let reply = |text: &str| event(Event::Reply { turn, text: text.into() });
    match args.state {
        State::Empty
        | State::Letters
        | State::Waking
        | State::Idle
        | State::Missing
        | State::NameOnly
        | State::Resting
        | State::Muted
        | State::Welcome
        | State::WelcomeAgain => {}
        State::WelcomeTroubled => {
            event(notice(
                Topic::Voice,
                false,
                "The system's voice does not answer: install speech-dispatcher and espeak-ng.",
            ));
            event(notice(
                Topic::Hotkey,
                false,
                "Another program already uses Ctrl+Shift+Space: choose another talk key.",
            ));
        }
        State::JustTalk | State::HalfDuplex => talk_into(sender.clone()),
        State::Listening | State::JustTalkListening => {
            presence(Presence::Listening);
            partial("Could you tell me something about the way whales");
            talk_into(sender.clone());
        }
        State::Understanding => {
            presence(Presence::Understanding);
            partial("Could you tell me something about the way whales sing to");
        }
        State::Thinking => {
            event(Event::Said(line(turn.0, Speaker::Person, QUESTIONS[2])));
            presence(Presence::Thinking);
        }
        State::Speaking | State::HalfDuplexSpeaking | State::MutedSpeaking => {
            event(Event::Said(line(turn.0, Speaker::Person, QUESTIONS[2])));
            presence(Presence::Speaking);
            reply(ANSWERS[2]);
            speak(sender.clone());
        }
        State::Interrupted => {
            event(Event::Said(line(turn.0, Speaker::Person, QUESTIONS[2])));
            reply(ANSWERS[2]);
            let text = "A humpback's song changes from year to year, —";
            let said = line(turn.0, Speaker::Samantha, text);
            event(Event::Replied(Line { interrupted: true, ..said }));
        }
        State::NothingHeard => event(Event::NothingHeard { turn }),
        State::Notices => {
            event(notice(
                Topic::Microphone,
                true,
                "There is no microphone. Plug one in, or write to her below.",
            ));
            event(notice(
                Topic::Hotkey,
                false,
                "Another program already uses Ctrl+Shift+Space. Choose another talk key in the \
                 settings; the space bar works in this window.",
            ));
            let text = "Your settings could not be understood. I kept the file under another name \
                        and took the usual ones; set what you like anew.";
            event(Event::Notice(Notice {
                details: Some("settings.broken-1.toml: expected an equals, found eof.".into()),
                ..Notice::new(Topic::Settings, text, false)
            }));
        }
        State::Downloading => {
            download(DownloadEvent::Progress {
                id: "ear".into(),
                done_bytes: 32_100_000,
                total_bytes: 59_700_000,
            });
            download(DownloadEvent::Step {
                id: "ear".into(),
                text: "The first source did not answer; trying the next.".into(),
            });
            download(DownloadEvent::Failed {
                id: "mind".into(),
                reason: "The disk is full: 1.12 GB are needed, 0.40 GB are free. Make room and \
                         try again."
                    .into(),
            });
        }
    }
}

/// A voice in the microphone, 20 levels a second, as a session tells it.
fn talk_into(sender: UpdateSender) {
    std::thread::spawn(move || {
        for step in 0.. {
            let level = 0.03 + 0.028 * (step as f32 * 0.7).sin();
            sender.send(Update::Session(Event::Level(level)));
            std::thread::sleep(Duration::from_millis(50));
        }
    });
}

/// Her voice, as a session tells it.
fn speak(sender: UpdateSender) {
    std::thread::spawn(move || {
        for step in 0.. {
            let level = 0.06 + 0.055 * (step as f32 * 0.9).sin();
            sender.send(Update::Session(Event::VoiceLevel(level)));
            std::thread::sleep(Duration::from_millis(50));
        }
    });
}

fn notice(topic: Topic, blocking: bool, text: &str) -> Event {
    Event::Notice(Notice::new(topic, text, blocking))
}
