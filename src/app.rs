//! The window's application: drains events into a view model, paints it.
//!
//! `samantha` without a subcommand calls [`run`]. What happens elsewhere
//! arrives as an [`Update`] in one channel and is added up in a [`View`];
//! painting only reads that and asks for [`crate::ui::Action`]s, which are
//! carried out here. It never touches a device, a model, a file or the
//! network, and never waits for anybody.

use crate::Outbox;
use crate::audio::trial::{Trial, TrialCommand};
use crate::session::{
    Command, Event, LettersCommand, MemoryCommand, Notice, Presence, TalkSource, Topic,
};
use crate::settings::{Settings, VoiceEngine};
use crate::speech::VoiceStyle;
use crate::tray::{Shown, TrayEvent};
use crate::ui::{self, Action, UiState};
use crate::wording;
use audition::Audition;
use desktop::Desktop;
pub use desktop::can_hide;
use downloads::{DownloadCommand, DownloadEvent};
use eframe::egui;
use eframe::glow::{self, HasContext};
use errands::{Errand, ErrandEvent};
use small_window::SmallWindow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use talk_key::TalkKey;
use view::View;

pub mod audition;
mod desktop;
pub mod downloads;
pub mod errands;
mod keys;
pub mod latency;
pub mod letters;
pub mod small_window;
pub mod talk_key;
pub mod view;

/// Changed settings are handed over once nothing changed for this long, so
/// that dragging a slider writes the file once.
const SETTLED_S: f64 = 0.4;

/// The level meter moves at most 30 times a second.
const LEVEL_INTERVAL: Duration = Duration::from_millis(34);
/// Words follow one another closely.
const WORDS_INTERVAL: Duration = Duration::from_millis(16);

/// A progress bar moves at most 10 times a second.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Everything the window is told.
#[derive(Debug)]
pub enum Update {
    /// By the session.
    Session(Event),
    /// By whoever fetches weights.
    Download(DownloadEvent),
    /// The names of the microphones there are.
    Microphones(Vec<String>),
    /// By whoever lets a voice be heard.
    Audition(Audition),
    /// By whoever tries the microphone out.
    Trial(Trial),
    /// By whoever does its errands.
    Errand(ErrandEvent),
    /// By `samantha talk`: just talk from now on, or by the key.
    HandsFree(bool),
    /// From the tray.
    Tray(TrayEvent),
    /// Bring the window to the front.
    Show,
    /// Whether the desktop asks programs not to move things by themselves.
    Stillness(bool),
    /// Whether the desktop asks programs for high contrast.
    Contrast(bool),
}

/// Tells the window something and wakes it when that can be seen. Cheap to
/// clone, callable from any thread, never blocks.
#[derive(Clone, Debug)]
pub struct UpdateSender {
    updates: mpsc::Sender<Update>,
    ctx: egui::Context,
    /// What the level meter shows.
    lit_ticks: Arc<AtomicUsize>,
}

impl UpdateSender {
    /// Tells it. A closed window hears nothing, which is nobody's fault.
    pub fn send(&self, update: Update) {
        let wake_after = wake_after(&update).filter(|_| self.is_news(&update));
        let is_open = self.updates.send(update).is_ok();
        if let (true, Some(delay)) = (is_open, wake_after) {
            self.ctx.request_repaint_after(ui::pace::pause(&self.ctx, delay));
        }
    }

    /// Whether it looks different from what is shown. A quiet room is told twenty
    /// times a second for hours while she listens without a key.
    fn is_news(&self, update: &Update) -> bool {
        let Update::Session(Event::Level(level)) = update else { return true };
        let lit_ticks = ui::lit_ticks(*level);
        self.lit_ticks.swap(lit_ticks, Ordering::Relaxed) != lit_ticks
    }

    /// An outbox for those who tell events of one kind, such as
    /// `sender.outbox(Update::Session)`.
    pub fn outbox<E: 'static>(&self, wrap: fn(E) -> Update) -> Outbox<E> {
        let sender = self.clone();
        Box::new(move |event| sender.send(wrap(event)))
    }
}

/// How long the window may sleep on; `None` if there is nothing to be seen.
fn wake_after(update: &Update) -> Option<Duration> {
    match update {
        Update::Session(Event::Milestone { .. } | Event::Stats { .. }) => None,
        // Whatever moves with it moves by itself.
        Update::Session(Event::VoiceLevel(_)) => None,
        Update::Session(Event::Level(_)) | Update::Trial(_) => Some(LEVEL_INTERVAL),
        Update::Session(Event::Partial { .. } | Event::Reply { .. }) => Some(WORDS_INTERVAL),
        Update::Download(DownloadEvent::Progress { .. }) => Some(PROGRESS_INTERVAL),
        _ => Some(Duration::ZERO),
    }
}

/// The channel into the window. Unbounded, because the session must never wait
/// for a window that is being dragged; speech bounds the rate, and the window
/// drains it even while hidden.
pub fn inbox(ctx: &egui::Context) -> (UpdateSender, mpsc::Receiver<Update>) {
    let (updates, receiver) = mpsc::channel();
    (UpdateSender { updates, ctx: ctx.clone(), lit_ticks: Arc::default() }, receiver)
}

/// It is done, or one sentence for people says why not.
pub type Outcome = Result<(), String>;

/// Lets a voice be heard, or none.
pub type Hear = dyn Fn(Option<VoiceEngine>, &Settings);

/// Begins an errand, with these settings.
pub type Run = dyn Fn(Errand, &Settings);

/// The window's way out. No closure may block.
pub struct Wiring {
    /// The settings as they are.
    pub settings: Settings,
    /// To the session.
    pub send: Box<dyn Fn(Command)>,
    /// Saves changed settings and lets take effect what no [`Command`] does:
    /// the talk key, the language model or server, the recogniser.
    pub settings_changed: Box<dyn FnMut(&Settings) -> Outcome>,
    /// Whether this text is a usable talk key; the error says why not.
    pub check_hotkey: Box<dyn Fn(&str) -> Outcome>,
    /// Asks for the microphones; the answer is an [`Update::Microphones`].
    pub list_microphones: Box<dyn Fn()>,
    /// To whoever fetches weights.
    pub download: Box<dyn Fn(DownloadCommand)>,
    /// Lets this voice be heard with these settings, or none; answers are
    /// [`Update::Audition`]s.
    pub audition: Box<Hear>,
    /// What the tray shows from now on; nothing if she is not to be in it.
    /// Answers are [`Update::Tray`].
    pub tray: Box<dyn Fn(Option<Shown>)>,
    /// Tries the microphone out; answers are [`Update::Trial`]s.
    pub try_microphone: Box<dyn Fn(TrialCommand)>,
    /// Begins an errand; answers are [`Update::Errand`]s.
    pub errand: Box<Run>,
}

/// Opens the window and returns when it was closed. `wire` is called once,
/// with the sender by which everything reports to the window. `is_hidden`
/// leaves it in the tray, which must be there.
pub fn run(
    is_hidden: bool,
    wire: impl FnOnce(UpdateSender) -> anyhow::Result<Wiring> + 'static,
) -> anyhow::Result<()> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_app_id("samantha")
            .with_title(wording::HER_NAME)
            .with_icon(icon()?)
            .with_inner_size([960.0, 760.0])
            .with_min_inner_size([360.0, 480.0]),
        ..Default::default()
    };
    eframe::run_native(
        wording::HER_NAME,
        options,
        Box::new(move |cc| {
            if let Some(gl) = &cc.gl {
                // SAFETY: eframe has made this context current, on this thread.
                let renderer = unsafe { gl.get_parameter_string(glow::RENDERER) };
                tracing::debug!(renderer, "the window is painted");
                ui::pace::suit(&cc.egui_ctx, &renderer);
            }
            let (sender, updates) = inbox(&cc.egui_ctx);
            let mut app = SamanthaApp::new(&cc.egui_ctx, updates, wire(sender)?);
            if is_hidden {
                app.desktop.hide(&cc.egui_ctx);
            }
            Ok(Box::new(app))
        }),
    )
    .map_err(|error| anyhow::anyhow!(wording::no_window(&error.to_string())))
}

fn icon() -> anyhow::Result<egui::IconData> {
    Ok(eframe::icon_data::from_png_bytes(include_bytes!("../assets/icon.png"))?)
}

/// The window.
pub struct SamanthaApp {
    updates: mpsc::Receiver<Update>,
    wiring: Wiring,
    view: View,
    ui_state: UiState,
    talk_key: TalkKey,
    desktop: Desktop,
    /// The microphone that is being tried out.
    tried: Option<String>,
    small_window: SmallWindow,
    /// When settings last changed that were not handed over yet, on egui's
    /// clock.
    unsaved_since_s: Option<f64>,
    pictures: Pictures,
}

/// How far the window has come since it was opened.
#[derive(Clone, Copy, PartialEq)]
enum Pictures {
    None,
    /// The first one is on its way to the screen.
    First,
    Shown,
}

impl SamanthaApp {
    /// Dresses `ctx` and shows nothing yet.
    pub fn new(ctx: &egui::Context, updates: mpsc::Receiver<Update>, wiring: Wiring) -> Self {
        desktop::dress(ctx, &wiring.settings.window, false);
        let mut ui_state = UiState::default();
        if !wiring.settings.window.welcomed {
            ui_state.open_welcome(&wiring.settings);
        }
        Self {
            updates,
            wiring,
            view: View::default(),
            ui_state,
            talk_key: TalkKey::default(),
            desktop: Desktop::default(),
            tried: None,
            small_window: SmallWindow::default(),
            unsaved_since_s: None,
            pictures: Pictures::None,
        }
    }

    /// What is shown.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The settings as the person left them.
    pub fn settings(&self) -> &Settings {
        &self.wiring.settings
    }

    /// Opens the settings, as the button does.
    pub fn open_settings(&mut self) {
        self.ui_state.settings_open = true;
        (self.wiring.list_microphones)();
    }

    /// Opens the settings where they show how fast she answers, or closes them
    /// if they do, as Ctrl and L do.
    pub fn toggle_latency(&mut self) {
        self.ui_state.toggle_latency();
        (self.wiring.list_microphones)();
    }

    /// Opens the memory page, as the button does.
    pub fn open_memory(&mut self) {
        self.ui_state.open_memory();
        self.send(Command::Memory(MemoryCommand::Show(String::new())));
    }

    /// Shows past conversations, as the button does.
    pub fn open_letters(&mut self) {
        self.ui_state.open_letters();
        self.send(Command::Letters(LettersCommand::Days { before: None }));
    }

    /// Takes in what happened since the last time. Also runs while the window
    /// is hidden.
    pub fn logic(&mut self, ctx: &egui::Context) {
        let was_idle = self.view.presence == Presence::Idle;
        while let Ok(update) = self.updates.try_recv() {
            match update {
                Update::Session(event) => self.view.apply(event),
                Update::Download(event) => self.view.weights.apply(event),
                Update::Microphones(names) => self.view.microphones = names,
                Update::Audition(audition) => self.view.audition = audition,
                Update::Trial(trial) => self.view.trial = trial,
                Update::Errand(ErrandEvent::FileNotShown(file)) => self.hand_out(&file, ctx),
                Update::Errand(event) => self.view.errands.apply(event),
                Update::HandsFree(on) => self.set_hands_free(on, ctx),
                Update::Tray(event) => self.hear_tray(event, ctx),
                Update::Show => self.desktop.show(ctx),
                Update::Stillness(still) => self.view.system_is_still = still,
                Update::Contrast(high) => {
                    self.desktop.contrast_asked(high, &self.wiring.settings.window, ctx);
                }
            }
        }
        if let Some(text) = self.view.letters.copied.take() {
            ctx.copy_text(text);
        }
        // It belongs to the open settings or the welcome, and gives way to the
        // conversation.
        let is_wanted = self.ui_state.offers_voices() && self.wiring.settings.voice.enabled;
        let is_disturbed = was_idle && self.view.presence != Presence::Idle;
        if matches!(self.view.audition, Audition::Speaking(_)) && (!is_wanted || is_disturbed) {
            self.view.audition = Audition::Over;
            (self.wiring.audition)(None, &self.wiring.settings);
        }
        if is_disturbed {
            self.begin(Errand::StopMeasuring);
        }
        self.stand_on_desktop(ctx);
        self.try_microphone();
        // In the welcome the key is only tried, and nothing is to become of it.
        if self.ui_state.welcome.takes_key(self.view.presence) {
            self.send(Command::Cancel);
        }
        self.hand_over_settled_settings(ctx);
        let in_tray = self.desktop.is_hidden();
        self.small_window.follow(ctx, in_tray, &self.view, &self.wiring.settings);
    }

    /// Opens the microphone that the welcome shows, and closes it after that, or
    /// when nobody sees it. Whoever talks to it does not talk to her.
    fn try_microphone(&mut self) {
        let is_wanted = self.ui_state.welcome.tries_microphone() && !self.desktop.is_hidden();
        let wanted = is_wanted.then(|| self.wiring.settings.microphone.device.clone());
        if wanted == self.tried {
            return;
        }
        match (&self.tried, &wanted) {
            (None, Some(_)) => {
                (self.wiring.list_microphones)();
                self.set_aside(true);
            }
            (Some(_), None) => self.set_aside(false),
            _ => {}
        }
        let command = wanted.clone().map_or(TrialCommand::Stop, TrialCommand::Listen);
        (self.wiring.try_microphone)(command);
        self.tried = wanted;
    }

    /// Keeps her from listening without a key, or lets her again.
    fn set_aside(&self, is_aside: bool) {
        let mut listening = self.wiring.settings.listening.clone();
        if listening.hands_free {
            listening.hands_free = !is_aside;
            self.send(Command::SetListening(listening));
        }
    }

    /// Reads the keys, paints, and does what the person asked for.
    pub fn paint(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        self.listen_to_keys(&ctx);
        // Nothing shows them but the page, not even if they come late.
        if !self.ui_state.memory_open() {
            self.view.recovery_phrase = None;
        }
        if !self.ui_state.letters_open() {
            self.view.letters.close();
        }
        self.small_window.keep(&ctx, &self.wiring.settings);
        let mut actions = Vec::new();
        ui::window_ui(ui, &self.view, &self.wiring.settings, &mut self.ui_state, &mut actions);
        let button_down = actions.contains(&Action::HoldTalkButton);
        let command = self.talk_key.button(button_down);
        self.send_if(command);
        for action in actions {
            self.perform(action, &ctx);
        }
    }

    fn perform(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::HoldTalkButton => {}
            Action::ToggleTalk => self.send(Command::TalkToggle(TalkSource::Window)),
            Action::Say(text) => self.send(Command::Say(text)),
            Action::NewConversation => self.send(Command::NewConversation),
            Action::DismissNotice(topic) => self.view.dismiss(topic),
            Action::ListMicrophones => (self.wiring.list_microphones)(),
            Action::ProposeHotkey(text) => self.propose_hotkey(text, ctx),
            Action::SetHandsFree(on) => self.set_hands_free(on, ctx),
            Action::SetMuted(on) => self.send(Command::SetMuted(on)),
            Action::Change(settings) => self.change(*settings, ctx),
            Action::Hear(voice) => {
                // One voice at a time.
                self.send(Command::Interrupt);
                (self.wiring.audition)(Some(voice), &self.wiring.settings);
            }
            Action::OpenWelcome => self.ui_state.open_welcome(&self.wiring.settings),
            Action::RecordTrial => (self.wiring.try_microphone)(TrialCommand::Record),
            Action::Errand(errand) => self.begin(errand),
            Action::OpenMemory => self.open_memory(),
            Action::CloseMemory => self.ui_state.close_memory(),
            Action::Memory(command) => self.send(Command::Memory(command)),
            Action::OpenLetters => self.open_letters(),
            Action::CloseLetters => self.ui_state.close_letters(),
            Action::Letters(command) => {
                if matches!(command, LettersCommand::Save { .. }) {
                    self.view.letters.saved = None;
                }
                self.send(Command::Letters(command));
            }
            Action::HideRecoveryPhrase => self.view.recovery_phrase = None,
            Action::Download(command) => {
                if let DownloadCommand::Start(id) = &command {
                    self.view.weights.started(id);
                }
                (self.wiring.download)(command);
            }
        }
    }

    fn begin(&mut self, errand: Errand) {
        if self.view.errands.begin(&errand, &self.wiring.settings) {
            (self.wiring.errand)(errand, &self.wiring.settings);
        }
    }

    fn set_hands_free(&mut self, on: bool, ctx: &egui::Context) {
        let mut settings = self.wiring.settings.clone();
        settings.listening.hands_free = on;
        self.change(settings, ctx);
    }

    fn propose_hotkey(&mut self, text: String, ctx: &egui::Context) {
        let checked = if text.is_empty() { Ok(()) } else { (self.wiring.check_hotkey)(&text) };
        match checked {
            Ok(()) => {
                self.ui_state.hotkey_refused = None;
                let mut settings = self.wiring.settings.clone();
                settings.talk.hotkey = text;
                self.change(settings, ctx);
            }
            Err(reason) => self.ui_state.hotkey_refused = Some((text, reason)),
        }
    }

    /// The session hears at once what concerns it; the rest follows when the
    /// person's hand rests.
    fn change(&mut self, settings: Settings, ctx: &egui::Context) {
        let before = std::mem::replace(&mut self.wiring.settings, settings);
        let now = &self.wiring.settings;
        let style = VoiceStyle::of(now);
        let commands = [
            (before.talk.mode != now.talk.mode).then_some(Command::SetTalkMode(now.talk.mode)),
            (before.microphone != now.microphone)
                .then(|| Command::SelectMicrophone(non_empty(&now.microphone.device))),
            (before.voice.enabled != now.voice.enabled)
                .then_some(Command::SetVoiceEnabled(now.voice.enabled)),
            (VoiceStyle::of(&before) != style).then_some(Command::SetVoiceStyle(style)),
            (before.voice.cues != now.voice.cues).then_some(Command::SetCues(now.voice.cues)),
            (before.listening != now.listening)
                .then(|| Command::SetListening(now.listening.clone())),
        ];
        for command in commands.into_iter().flatten() {
            self.send(command);
        }
        self.desktop.change(ctx, &before.window, &now.window);
        self.unsaved_since_s = Some(ctx.input(|input| input.time));
        ctx.request_repaint_after_secs(SETTLED_S as f32);
    }

    fn hand_over_settled_settings(&mut self, ctx: &egui::Context) {
        let now_s = ctx.input(|input| input.time);
        match self.unsaved_since_s {
            Some(since_s) if now_s - since_s >= SETTLED_S => self.hand_over_settings(),
            Some(_) => ctx.request_repaint_after_secs(SETTLED_S as f32),
            None => {}
        }
    }

    fn hand_over_settings(&mut self) {
        self.unsaved_since_s = None;
        let event = match (self.wiring.settings_changed)(&self.wiring.settings) {
            Ok(()) => Event::NoticeCleared(Topic::Settings),
            Err(text) => Event::Notice(Notice::new(Topic::Settings, text, false)),
        };
        self.view.apply(event);
    }

    fn send_if(&self, command: Option<Command>) {
        if let Some(command) = command {
            self.send(command);
        }
    }

    fn send(&self, command: Command) {
        (self.wiring.send)(command);
    }
}

impl eframe::App for SamanthaApp {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if self.pictures == Pictures::First {
            self.pictures = Pictures::Shown;
            tracing::info!("the first picture is painted");
        }
        SamanthaApp::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.paint(ui);
        if self.pictures == Pictures::None {
            self.pictures = Pictures::First;
            ui.ctx().request_repaint();
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&glow::Context>) {
        if self.unsaved_since_s.is_some() {
            self.hand_over_settings();
        }
        self.send(Command::Shutdown);
    }
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Milestone;
    use crate::turn::TurnId;

    #[test]
    fn what_cannot_be_seen_does_not_wake_the_window() {
        let milestone = Event::Milestone {
            turn: TurnId(1),
            milestone: Milestone::FirstToken,
            at: Duration::ZERO,
        };
        assert_eq!(wake_after(&Update::Session(milestone)), None);
    }

    #[test]
    fn the_level_meter_moves_at_most_thirty_times_a_second() {
        let delay = wake_after(&Update::Session(Event::Level(0.5))).expect("visible");
        assert!(delay >= Duration::from_millis(33));
    }

    #[test]
    fn a_room_that_stays_quiet_does_not_wake_the_window() {
        let (sender, _updates) = inbox(&egui::Context::default());
        let is_news = |level| sender.is_news(&Update::Session(Event::Level(level)));
        assert!(!is_news(0.0005) && !is_news(0.001), "below what the meter shows");
        assert!(is_news(0.1) && !is_news(0.1));
        assert!(is_news(0.0), "the meter falls");
    }

    #[test]
    fn the_icon_can_be_read() {
        let icon = icon().expect("an icon");
        assert_eq!(icon.rgba.len(), (4 * icon.width * icon.height) as usize);
    }
}
