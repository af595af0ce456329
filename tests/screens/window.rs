//! The window on a desk, without a session: what happened is told by hand, what
//! was asked for is recorded.

use crate::painter::Painter;
use eframe::egui::{Event as Input, Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, LazyRenderer, Node};
use samantha::app::downloads::{DownloadCommand, DownloadEvent, Offer, Purpose};
use samantha::app::errands::{Errand, ErrandEvent};
use samantha::app::{SamanthaApp, Update, UpdateSender, Wiring, inbox};
use samantha::audio::trial::TrialCommand;
use samantha::session::{Command, Event, Line, Notice, Presence, Speaker, TalkSource, Topic};
use samantha::settings::{Motion, Settings, VoiceEngine};
use samantha::turn::TurnId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

pub const PRESSED: Command = Command::TalkPressed(TalkSource::Window);
pub const RELEASED: Command = Command::TalkReleased(TalkSource::Window);

/// What the window asked for.
#[derive(Default)]
pub struct Asked {
    pub commands: Vec<Command>,
    pub saved: Vec<Settings>,
    pub downloads: Vec<DownloadCommand>,
    pub auditions: Vec<Option<VoiceEngine>>,
    pub trials: Vec<TrialCommand>,
    pub errands: Vec<Errand>,
}

/// The window on a desk: the sender by which it is told, and what it asked.
pub struct Window {
    pub harness: Harness<'static, Option<SamanthaApp>>,
    pub sender: UpdateSender,
    pub asked: Rc<RefCell<Asked>>,
}

impl Window {
    pub fn new() -> Self {
        Self::with(Settings::default(), [960.0, 760.0])
    }

    /// For a person who has been welcomed.
    pub fn with(mut settings: Settings, size: [f32; 2]) -> Self {
        settings.window.welcomed = true;
        Self::open(settings, size)
    }

    /// With the settings as they are.
    pub fn open(settings: Settings, size: [f32; 2]) -> Self {
        let asked = Rc::new(RefCell::new(Asked::default()));
        let asked_here = asked.clone();
        let told: Arc<Mutex<Option<UpdateSender>>> = Arc::default();
        let told_here = told.clone();
        // Short steps: a person's clicks follow each other within moments.
        let harness = Harness::builder().with_step_dt(0.02).with_max_steps(8);
        let harness = harness.renderer(LazyRenderer::new(Painter::default));
        let harness = harness.with_size(size).build_ui_state(
            move |ui, app: &mut Option<SamanthaApp>| {
                let app = app.get_or_insert_with(|| {
                    let (sender, updates) = inbox(ui.ctx());
                    *told_here.lock().expect("one thread") = Some(sender.clone());
                    let wiring = wiring(settings.clone(), sender, asked_here.clone());
                    SamanthaApp::new(ui.ctx(), updates, wiring)
                });
                app.logic(&ui.ctx().clone());
                app.paint(ui);
            },
            None,
        );
        let sender = told.lock().expect("one thread").clone().expect("the window was opened");
        Self { harness, sender, asked }
    }

    #[track_caller]
    pub fn tell(&mut self, event: Event) {
        self.sender.send(Update::Session(event));
        self.harness.run();
    }

    #[track_caller]
    pub fn tell_download(&mut self, event: DownloadEvent) {
        self.sender.send(Update::Download(event));
        self.harness.run();
    }

    #[track_caller]
    pub fn tell_errand(&mut self, event: ErrandEvent) {
        self.sender.send(Update::Errand(event));
        self.harness.run();
    }

    #[track_caller]
    pub fn get<'a>(&'a self, label: &'a str) -> Node<'a> {
        self.harness.get_by_label(label)
    }

    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    pub fn shows_part(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    #[track_caller]
    pub fn click(&mut self, label: &str) {
        self.get(label).click();
        self.harness.run();
    }

    #[track_caller]
    pub fn write(&mut self, label: &str, text: &str) {
        self.get(label).focus();
        self.harness.run();
        self.get(label).type_text(text);
        self.harness.run();
    }

    #[track_caller]
    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run();
    }

    /// Types where the keyboard is.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Input::Text(text.into()));
        self.harness.run();
    }

    /// The name of what has the keyboard.
    pub fn focused(&self) -> Option<String> {
        let focused = self.harness.root().children_recursive().find(|node| node.is_focused());
        focused.and_then(|node| node.accesskit_node().label())
    }

    /// Goes there by the tabulator alone.
    #[track_caller]
    pub fn tab_to(&mut self, label: &str) {
        let mut reached = Vec::new();
        for _ in 0..80 {
            self.press(Key::Tab);
            let focused = self.focused();
            if focused.as_deref() == Some(label) {
                return;
            }
            reached.extend(focused);
        }
        panic!("{label:?} is not reached; there are {reached:?}");
    }

    /// Goes there by the tabulator and presses Enter.
    #[track_caller]
    pub fn enter_on(&mut self, label: &str) {
        self.tab_to(label);
        self.press(Key::Enter);
    }

    /// What was sent to the session since the last time.
    pub fn commands(&self) -> Vec<Command> {
        std::mem::take(&mut self.asked.borrow_mut().commands)
    }

    /// The person does nothing for a second.
    pub fn rest(&mut self) {
        self.harness.run_steps(50);
    }

    /// Nothing happens for so long that her breath comes to rest.
    pub fn come_to_rest(&mut self) {
        let now_s = self.harness.ctx.input(|input| input.time);
        self.harness.input_mut().time = Some(now_s + 61.0);
        self.harness.step();
        // From here on time passes as before.
        self.harness.input_mut().time = None;
        self.harness.run_steps(250);
    }

    /// Her models are there.
    #[track_caller]
    pub fn awake(&mut self) {
        self.tell(Event::HearingReady("base".into()));
        self.tell(Event::DialogueReady("Small model".into()));
    }

    /// The settings as they were saved last, once the person's hand rests.
    #[track_caller]
    pub fn saved(&mut self) -> Settings {
        self.rest();
        self.asked.borrow().saved.last().expect("settings were saved").clone()
    }
}

fn wiring(settings: Settings, sender: UpdateSender, asked: Rc<RefCell<Asked>>) -> Wiring {
    let (commands, saved, downloads) = (asked.clone(), asked.clone(), asked.clone());
    let trials = asked.clone();
    let errands = asked.clone();
    Wiring {
        tray: Box::new(|_| {}),
        settings,
        send: Box::new(move |command| commands.borrow_mut().commands.push(command)),
        settings_changed: Box::new(move |settings| {
            if settings.person.name == "a full disk" {
                return Err("The disk is full.".into());
            }
            saved.borrow_mut().saved.push(settings.clone());
            Ok(())
        }),
        check_hotkey: Box::new(|text| {
            if text == "Ctrl+Alt+S" { Ok(()) } else { Err(format!("{text} is no key.")) }
        }),
        list_microphones: Box::new(move || {
            sender.send(Update::Microphones(vec!["Built-in".into(), "Headset".into()]));
        }),
        download: Box::new(move |command| downloads.borrow_mut().downloads.push(command)),
        try_microphone: Box::new(move |command| trials.borrow_mut().trials.push(command)),
        audition: Box::new(move |voice, _settings| asked.borrow_mut().auditions.push(voice)),
        errand: Box::new(move |errand, _settings| errands.borrow_mut().errands.push(errand)),
    }
}

/// Shown as the same time of day whenever and wherever the tests run.
fn this_morning() -> jiff::Timestamp {
    let morning = jiff::Zoned::now().with().hour(9).minute(41).build();
    morning.expect("a time of today").timestamp()
}

/// Settings of a person who wants nothing to move.
pub fn still() -> Settings {
    let mut settings = Settings::default();
    settings.window.motion = Motion::Still;
    settings
}

/// Shown as this time of day wherever the tests run.
pub fn here(time: &str) -> jiff::Timestamp {
    let time: jiff::civil::DateTime = time.parse().expect("a time");
    time.to_zoned(jiff::tz::TimeZone::system()).expect("a time here").timestamp()
}

pub fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
    Line {
        turn: TurnId(turn),
        speaker,
        text: text.into(),
        interrupted: false,
        off_the_record: false,
        said_at: this_morning(),
    }
}

pub fn presence(presence: Presence) -> Event {
    Event::Presence { turn: Some(TurnId(1)), presence }
}

pub fn partial(text: &str) -> Event {
    Event::Partial { turn: TurnId(1), text: text.into() }
}

pub fn notice(topic: Topic, text: &str, blocking: bool) -> Event {
    Event::Notice(Notice::new(topic, text, blocking))
}

pub fn offer(id: &str, name: &str, purpose: Purpose) -> Offer {
    Offer {
        id: id.into(),
        name: name.into(),
        purpose,
        size_bytes: 75_500_000,
        ram_bytes: 200_000_000,
        licence: "MIT".into(),
        installed: false,
        needed: true,
    }
}

pub fn offers() -> Vec<Offer> {
    vec![
        offer("ear", "Whisper tiny", Purpose::Hearing),
        offer("mind", "Small model", Purpose::Dialogue),
    ]
}

pub fn pointer(pos: Pos2, pressed: bool) -> Input {
    let button = eframe::egui::PointerButton::Primary;
    Input::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE }
}
