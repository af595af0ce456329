//! The app on a virtual desktop, and how a person would use it.

use crate::figures::ms_between;
use crate::processes::Running;
use crate::{Desktop, Event, Events, Recording, Sound};
use anyhow::{Context, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The default talk key.
pub const TALK_KEY: &str = "ctrl+shift+space";

/// Louder than this is her voice, quieter is the room.
pub const AUDIBLE: f32 = 0.01;

/// Where a question's speech begins and ends: what is softer is silence.
const QUESTION_EDGE: f32 = 0.003;

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
    /// More of its environment.
    pub environment: Vec<(OsString, OsString)>,
}

/// A running app. Ends when it is dropped.
pub struct App {
    running: Running,
    /// What it tells of itself.
    pub events: Events,
    /// Its event file.
    pub event_file: PathBuf,
}

/// How the person lets her know that they speak and when they have finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// They hold the talk key, and let it go with their last sound.
    Key,
    /// They just talk.
    HandsFree,
}

/// One exchange as a person at the desktop lived it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was understood.
    pub heard: String,
    /// What she answered.
    pub answered: String,
    /// When the last sound of the question was played at the microphone.
    pub speech_ended_at: Instant,
    /// When the first sound of her voice was played at the speaker.
    pub first_sound_at: Option<Instant>,
    /// The app's own account of it.
    pub events: Vec<Event>,
    /// The turn that was answered.
    pub turn: Option<u64>,
    started_at: Instant,
}

impl Exchange {
    /// Milliseconds from the end of speech to this event, by the app's own
    /// clock; negative if it came before.
    pub fn stage_ms(&self, name: &str) -> Option<f64> {
        let mut events = self.events.iter();
        let event = events.rfind(|event| event.event == name && event.turn == self.turn)?;
        Some(ms_between(self.speech_ended_at, moment_of(self.started_at, event)))
    }

    /// Milliseconds from the end of speech to the first sound of her voice.
    pub fn first_sound_ms(&self) -> Option<f64> {
        self.first_sound_at.map(|at| ms_between(self.speech_ended_at, at))
    }

    /// Whether the question was taken for several: she thought that it had ended
    /// before it had.
    pub fn was_cut(&self) -> bool {
        self.events.iter().filter(|event| event.event == "said").count() > 1
    }
}

fn moment_of(started_at: Instant, event: &Event) -> Instant {
    started_at + Duration::from_secs_f64(event.t_ms / 1000.0)
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
        let running = desktop.run(&launch.binary, &arguments, |command| {
            command.envs(launch.environment.iter().cloned());
        })?;
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

    /// When something happened. The app's clock is tied to this process's by the
    /// wall clock, to a millisecond.
    pub fn moment_of(&self, event: &Event) -> anyhow::Result<Instant> {
        Ok(moment_of(self.started_at()?, event))
    }

    fn started_at(&self) -> anyhow::Result<Instant> {
        let started = self.events.seen().iter().find_map(|event| event.unix_ms);
        let started = started.context("the app did not tell when it started")?;
        let ago = SystemTime::now()
            .duration_since(UNIX_EPOCH + Duration::from_millis(started))
            .context("the clock was set back")?;
        Instant::now().checked_sub(ago).context("the clock was set forward")
    }

    /// Plays `question` into the microphone as somebody would ask it, and waits
    /// until the reply has been heard. `on_state` is told each change of hers.
    pub fn ask(
        &mut self,
        desktop: &Desktop,
        speaker: &Recording,
        question: &Path,
        manner: Manner,
        mut on_state: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<Exchange> {
        let microphone = desktop.record_first_microphone()?;
        let from = self.events.seen().len();
        if manner == Manner::Key {
            desktop.key_down(TALK_KEY)?;
            // People draw a breath between pressing and speaking.
            std::thread::sleep(Duration::from_millis(150));
        }
        let _playing = desktop.play_into_microphone(question)?;
        let speech_ended_at = end_of_speech(&microphone, question)?;
        on_state("listening")?;
        std::thread::sleep(speech_ended_at.saturating_duration_since(Instant::now()));
        if manner == Manner::Key {
            desktop.key_up(TALK_KEY)?;
        }
        let turn = self.wait_for_reply(from, speech_ended_at, on_state)?;
        let events = self.events.seen()[from..].to_vec();
        let text = |name: &str| {
            let texts = events.iter().filter(|event| event.event == name);
            texts.filter_map(|event| event.text.as_deref()).collect::<Vec<_>>().join(" ")
        };
        let mut exchange = Exchange {
            heard: text("said"),
            answered: text("replied"),
            speech_ended_at,
            first_sound_at: None,
            events,
            turn,
            started_at: self.started_at()?,
        };
        // Before her voice, a soft sound tells that listening ended.
        let told_ms = exchange.stage_ms("first_audio").unwrap_or_default().max(0.0);
        let told = speech_ended_at + Duration::from_secs_f64(told_ms / 1000.0);
        let from = told.checked_sub(EARLIER_THAN_TOLD).unwrap_or(told).max(speech_ended_at);
        exchange.first_sound_at = speaker.wait_for_onset(from, AUDIBLE, Duration::from_secs(2));
        Ok(exchange)
    }

    /// The turn that was answered.
    fn wait_for_reply(
        &mut self,
        from: usize,
        speech_ended_at: Instant,
        mut on_state: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<Option<u64>> {
        let mut place = from;
        let mut said = None;
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
            // A question that seemed to have ended before it had goes on as
            // another turn.
            let is_over = self.moment_of(&event)? > speech_ended_at;
            match event.event.as_str() {
                "said" => said = event.turn,
                "nothing_heard" if is_over => bail!("she heard nothing"),
                "no_reply" if is_over && event.turn == said => bail!("she gave no reply"),
                "reply_done" if is_over && event.turn == said => return Ok(said),
                _ => {}
            }
        }
    }
}

/// When the last sound of what is being played into the microphone is played
/// there: its first one is waited for, the rest is counted in the file.
fn end_of_speech(microphone: &Recording, file: &Path) -> anyhow::Result<Instant> {
    let question = Sound::load(file)?.trimmed(QUESTION_EDGE, Duration::ZERO);
    let began = microphone
        .wait_for_onset(Instant::now(), QUESTION_EDGE, Duration::from_secs(5))
        .context("the question does not reach the microphone")?;
    Ok(began + question.length())
}
