//! Shows the window in a chosen state, without session, models or devices: to
//! look at it, and to measure it. Every figure and sentence here is invented.
//!
//! ```text
//! cargo run --release --example window_preview -- speaking --dark --size 480x640
//! ```

use clap::{Parser, ValueEnum};
use eframe::egui;
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::app::{SamanthaApp, Update, UpdateSender, Wiring, inbox};
use samantha::audio::EchoGuard;
use samantha::session::{Event, Line, Milestone, Notice, Presence, Speaker, Topic};
use samantha::settings::{DialogueEngine, Settings, TalkMode};
use samantha::speech::VoiceInfo;
use samantha::turn::{Attention, TurnId};
use samantha::ui::{Small, small_ui};
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Args {
    /// What to show.
    #[arg(default_value = "idle")]
    state: State,
    /// The dark theme.
    #[arg(long)]
    dark: bool,
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
}

const QUESTIONS: [&str; 3] = [
    "How was the sea this morning? I could not sleep and thought I might walk down to the harbour.",
    "And do you ever get tired of listening?",
    "Tell me something about whales.",
];
const ANSWERS: [&str; 3] = [
    "I have no window to look out of, so I cannot say how the sea was. But a walk by the harbour \
     before anyone else is up sounds like a good answer to a sleepless night. What kept you awake?",
    "No. I am a program, so there is nothing in me that tires. But I like that you ask.",
    "A humpback's song changes from year to year, and all the males in one ocean pick up the new \
     version together. Nobody knows who begins.",
];

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
            cc.egui_ctx.set_theme(if args.dark { egui::Theme::Dark } else { egui::Theme::Light });
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
    settings.talk.mode = if args.toggle { TalkMode::Toggle } else { TalkMode::Hold };
    settings.listening.hands_free = attention(args.state) != Attention::Key;
    if args.server {
        settings.dialogue.engine = DialogueEngine::Server;
        settings.dialogue.server.base_url = "https://llm.example.org/v1".into();
        settings.dialogue.server.model = "a-large-model".into();
        settings.dialogue.server.api_key = "not a real key".into();
    }
    let downloads = sender.clone();
    Wiring {
        settings,
        send: Box::new(|command| println!("command\t{command:?}")),
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
        download: Box::new(move |command| {
            println!("download\t{command:?}");
            if let DownloadCommand::Cancel(id) = command {
                downloads.send(Update::Download(DownloadEvent::Cancelled { id }));
            }
        }),
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
    let is_missing = matches!(args.state, State::Missing | State::Downloading);
    download(DownloadEvent::Offered(offers(!is_missing)));
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
    let presence = |presence| event(Event::Presence { turn: Some(turn), presence });
    let partial = |text: &str| event(Event::Partial { turn, text: text.into() });
    let reply = |text: &str| event(Event::Reply { turn, text: text.into() });
    match args.state {
        State::Empty
        | State::Waking
        | State::Idle
        | State::Missing
        | State::NameOnly
        | State::Resting
        | State::Muted => {}
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
    Event::Notice(Notice { topic, text: text.into(), blocking })
}

fn lines(turns: u64) -> Vec<Line> {
    (0..turns)
        .flat_map(|turn| {
            let i = turn as usize % QUESTIONS.len();
            [line(turn, Speaker::Person, QUESTIONS[i]), line(turn, Speaker::Samantha, ANSWERS[i])]
        })
        .collect()
}

fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
    Line {
        turn: TurnId(turn),
        speaker,
        text: text.into(),
        interrupted: false,
        off_the_record: false,
        said_at: jiff::Timestamp::now(),
    }
}

fn offers(installed: bool) -> Vec<Offer> {
    let offer = |id: &str, name: &str, purpose, size_bytes, licence: &str| Offer {
        id: id.into(),
        name: name.into(),
        purpose,
        size_bytes,
        ram_bytes: size_bytes * 2,
        licence: licence.into(),
        installed,
        needed: true,
    };
    vec![
        offer("ear", "Whisper base", Purpose::Hearing, 59_700_000, "MIT"),
        offer("mind", "Qwen2.5 1.5B", Purpose::Dialogue, 1_117_320_768, "Apache-2.0"),
        Offer {
            needed: false,
            installed: false,
            ..offer("small", "SmolLM2 135M", Purpose::Dialogue, 98_362_432, "Apache-2.0")
        },
        Offer {
            needed: false,
            ..offer("hibari", "Hibari", Purpose::Speaking, 7_936_868, "Apache-2.0")
        },
    ]
}
