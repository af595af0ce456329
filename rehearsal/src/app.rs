//! The app on a virtual desktop, and how a person would use it.

use crate::processes::Running;
use crate::{Desktop, Event, Events, Recording};
use anyhow::{Context, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The default talk key.
pub const TALK_KEY: &str = "ctrl+shift+space";

/// Louder than this is her voice, quieter is the room.
pub const AUDIBLE: f32 = 0.01;

/// Her voice is not heard longer than this before the app tells of it.
const EARLIER_THAN_TOLD: Duration = Duration::from_millis(120);

/// Loading a language model of a gigabyte from a cold disk takes its time.
const READY_TIMEOUT: Duration = Duration::from_secs(120);
const REPLY_TIMEOUT: Duration = Duration::from_secs(180);

/// What to start.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The `samantha` to run.
    pub binary: PathBuf,
    /// Its home; the person's own if there is none.
    pub home: Option<PathBuf>,
    /// More arguments.
    pub arguments: Vec<OsString>,
}

/// A running app. Ends when it is dropped.
pub struct App {
    running: Running,
    /// What it tells of itself.
    pub events: Events,
    /// Its event file.
    pub event_file: PathBuf,
}

/// One exchange as a person at the desktop lived it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was understood.
    pub heard: String,
    /// What she answered.
    pub answered: String,
    /// From letting the key go to the first sound of her voice.
    pub first_sound: Option<Duration>,
    /// The app's own account of it.
    pub events: Vec<Event>,
    /// When the key was let go.
    pub released_at: Instant,
}

impl Exchange {
    /// Milliseconds from letting go of the key to this event, by the app's own
    /// clock.
    pub fn stage_ms(&self, name: &str) -> Option<f64> {
        let at = |wanted: &str| self.events.iter().find(|e| e.event == wanted).map(|e| e.t_ms);
        Some(at(name)? - at("speech_end")?)
    }
}

impl App {
    /// Starts the app and waits until it can listen, understand, answer and
    /// speak.
    pub fn start(desktop: &Desktop, launch: &Launch) -> anyhow::Result<Self> {
        let mut app = Self::launch(desktop, launch)?;
        for what in ["microphone_ready", "hearing_ready", "dialogue_ready", "voices"] {
            app.wait_for(what, 0, READY_TIMEOUT)?;
        }
        Ok(app)
    }

    /// Starts the app and waits for nothing.
    pub fn launch(desktop: &Desktop, launch: &Launch) -> anyhow::Result<Self> {
        let event_file = tempfile::Builder::new()
            .prefix("events-")
            .suffix(".jsonl")
            .tempfile_in(desktop.folder())?
            .into_temp_path()
            .keep()?;
        let mut arguments: Vec<OsString> = Vec::new();
        if let Some(home) = &launch.home {
            arguments.extend(["--home".into(), home.into()]);
        }
        arguments.extend(["--events".into(), event_file.clone().into()]);
        arguments.extend(launch.arguments.iter().cloned());
        let running = desktop.run(&launch.binary, &arguments, |_| {})?;
        let events = Events::follow(&event_file);
        Ok(Self { running, events, event_file })
    }

    /// The app's process.
    pub fn process_id(&self) -> u32 {
        self.running.id()
    }

    /// Waits for an event of this name, beginning at the `from`th; its place.
    pub fn wait_for(
        &mut self,
        name: &str,
        from: usize,
        timeout: Duration,
    ) -> anyhow::Result<usize> {
        self.running.check_alive().context("the app has ended")?;
        let found = self.events.wait_for(name, from, timeout, |event| event.event == name);
        let told = || {
            let notices = self.events.seen().iter().filter(|event| event.event == "notice");
            let texts: Vec<_> = notices.filter_map(|event| event.text.as_deref()).collect();
            format!("waiting for {name}; the app said: {texts:?}")
        };
        found
            .as_ref()
            .map(|(place, _)| *place)
            .map_err(|error| anyhow::anyhow!("{error:#}; {}", told()))
    }

    /// Holds the key, plays `question` into the microphone, lets go, and waits
    /// until the reply has been heard. `on_state` is told each change of hers.
    pub fn ask(
        &mut self,
        desktop: &Desktop,
        speaker: &Recording,
        question: &Path,
        mut on_state: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<Exchange> {
        let from = self.events.seen().len();
        desktop.key_down(TALK_KEY)?;
        // People draw a breath between pressing and speaking.
        std::thread::sleep(Duration::from_millis(150));
        let playing = desktop.play_into_microphone(question)?;
        on_state("listening")?;
        playing.wait()?;
        desktop.key_up(TALK_KEY)?;
        let released_at = Instant::now();
        let mut place = from;
        loop {
            let (at, event) = self
                .events
                .wait_for("the reply", place, REPLY_TIMEOUT, |_| true)
                .context("she did not answer")?;
            place = at + 1;
            // Listening was told when it began.
            if let Some(presence) = event.presence.as_deref().filter(|p| *p != "listening") {
                on_state(presence)?;
            }
            match event.event.as_str() {
                "nothing_heard" => bail!("she heard nothing"),
                "no_reply" => bail!("she gave no reply"),
                "reply_done" => break,
                _ => {}
            }
        }
        let events = self.events.seen()[from..].to_vec();
        let text = |name: &str| {
            let texts = events.iter().filter(|event| event.event == name);
            texts.filter_map(|event| event.text.as_deref()).collect::<Vec<_>>().join(" ")
        };
        let mut exchange = Exchange {
            heard: text("said"),
            answered: text("replied"),
            first_sound: None,
            events,
            released_at,
        };
        // Before her voice, a soft sound tells that listening ended.
        let told_ms = exchange.stage_ms("first_audio").unwrap_or_default();
        let from = released_at + Duration::from_secs_f64(told_ms / 1000.0);
        let from = from.checked_sub(EARLIER_THAN_TOLD).unwrap_or(from).max(released_at);
        let onset = speaker.wait_for_onset(from, AUDIBLE, Duration::from_secs(2));
        exchange.first_sound = onset.map(|at| at - released_at);
        Ok(exchange)
    }
}
