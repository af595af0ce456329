//! Trying the microphone out: how loud it is, and a few seconds of it played
//! back.
//!
//! The window asks; a thread of its own listens through the usual listener and
//! plays through the usual loudspeaker. The session knows nothing of it. What is
//! recorded stays in memory and is dropped once it was played.

use super::resample::RateConverter;
use super::speaker::{RATE_HZ, Speaker, SpeakerEvent};
use super::{Microphone, MicrophoneEvent, SPEECH_RATE_HZ, attentive, listener};
use crate::Outbox;
use crate::turn::TurnId;
use crate::worker::Worker;
use crossbeam_channel::{Receiver, Sender, after, never, select, unbounded};
use std::time::Instant;

/// How much is recorded.
pub const RECORDING_S: u32 = 3;

/// The loudest twentieth of a second of a quiet room stays below this root mean
/// square; a voice before the microphone does not.
const QUIET: f32 = 0.004;

/// Nothing else is captured on this listener.
const TURN: TurnId = TurnId(0);

/// What the window asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialCommand {
    /// Open this microphone, by name; empty for the system's default.
    Listen(String),
    /// Record a few seconds and play them back.
    Record,
    /// Close it.
    Stop,
}

/// What is going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrialPhase {
    /// Nothing.
    #[default]
    Over,
    /// The microphone gives no sound yet.
    Opening,
    /// It does.
    Live,
    /// What it gives is being recorded.
    Recording,
    /// What was recorded is being played.
    Playing,
}

/// How far trying the microphone has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// What is going on.
    pub phase: TrialPhase,
    /// How loud it is, root mean square, 0.0..=1.0; 0.0 while it is played back.
    pub level: f32,
    /// Whether the last recording holds more than a quiet room.
    pub heard: Option<bool>,
    /// Why there is no microphone or no loudspeaker: one sentence for people.
    pub trouble: Option<String>,
}

/// Asks for trials. Calls return at once; dropping it closes the microphone.
pub struct Trials(Worker<TrialCommand>);

impl Trials {
    /// Starts the thread; `tell` hears of each change.
    pub fn start(tell: Outbox<Trial>) -> Self {
        let open = |device: String, outbox| {
            let parts = attentive::Parts { turn_end: None, reference: None };
            listener::spawn(Some(device).filter(|name| !name.is_empty()), parts, outbox)
        };
        Self::with(Box::new(open), Speaker::new, tell)
    }

    fn with(open: Open, speaker: OpenSpeaker, tell: Outbox<Trial>) -> Self {
        Self(Worker::start("microphone trial", move |inbox| {
            let (events, heard) = unbounded();
            Bench {
                open,
                open_speaker: speaker,
                tell,
                events,
                trial: Trial::default(),
                microphone: None,
                recording: Vec::new(),
                peak: 0.0,
                speaker: None,
            }
            .run(inbox, &heard);
        }))
    }

    /// Does what the window asks for.
    pub fn command(&self, command: TrialCommand) {
        self.0.send(command);
    }
}

type Open = Box<dyn Fn(String, Outbox<MicrophoneEvent>) -> Box<dyn Microphone> + Send>;
type OpenSpeaker = fn() -> std::io::Result<Speaker>;

struct Bench {
    open: Open,
    open_speaker: OpenSpeaker,
    tell: Outbox<Trial>,
    /// Where the microphone tells.
    events: Sender<MicrophoneEvent>,
    trial: Trial,
    microphone: Option<Box<dyn Microphone>>,
    recording: Vec<f32>,
    /// The loudest level of the recording.
    peak: f32,
    /// While something is played.
    speaker: Option<Speaker>,
}

impl Bench {
    fn run(&mut self, inbox: &Receiver<TrialCommand>, heard: &Receiver<MicrophoneEvent>) {
        loop {
            let tick = self.speaker.as_ref().and_then(Speaker::period).map_or_else(never, after);
            select! {
                recv(inbox) -> command => match command {
                    Ok(TrialCommand::Listen(device)) => self.listen(device, heard),
                    Ok(TrialCommand::Record) => self.record(),
                    Ok(TrialCommand::Stop) => self.stop(heard),
                    Err(_) => return,
                },
                recv(heard) -> event => event.into_iter().for_each(|event| self.take(event)),
                recv(tick) -> _ => {}
            }
            self.play_on();
        }
    }

    fn listen(&mut self, device: String, heard: &Receiver<MicrophoneEvent>) {
        self.close(heard);
        let events = self.events.clone();
        let mut microphone = (self.open)(device, Box::new(move |event| drop(events.send(event))));
        microphone.start(TURN);
        self.microphone = Some(microphone);
        self.change(|trial| trial.phase = TrialPhase::Opening);
    }

    fn stop(&mut self, heard: &Receiver<MicrophoneEvent>) {
        self.close(heard);
        self.change(|_| {});
    }

    /// Nothing of it is left, nor what it may still have told.
    fn close(&mut self, heard: &Receiver<MicrophoneEvent>) {
        self.microphone = None;
        self.speaker = None;
        self.recording = Vec::new();
        self.trial = Trial::default();
        heard.try_iter().for_each(drop);
    }

    fn record(&mut self) {
        if self.trial.phase == TrialPhase::Live {
            self.recording.clear();
            self.peak = 0.0;
            self.change(|trial| {
                trial.phase = TrialPhase::Recording;
                trial.heard = None;
                trial.trouble = None;
            });
        }
    }

    fn take(&mut self, event: MicrophoneEvent) {
        use TrialPhase::{Live, Opening, Playing, Recording};
        let phase = self.trial.phase;
        match event {
            MicrophoneEvent::Ready { .. } => self.change(|trial| {
                trial.phase = Live;
                trial.trouble = None;
            }),
            MicrophoneEvent::Missing { reason } => self.change(|trial| {
                *trial = Trial { phase: Opening, trouble: Some(reason), ..Trial::default() };
            }),
            MicrophoneEvent::Level(level) if phase != Playing => {
                self.peak = self.peak.max(level);
                self.change(|trial| trial.level = level);
            }
            MicrophoneEvent::Audio { samples, .. } if phase == Recording => {
                self.recording.extend(samples);
                if self.recording.len() >= (RECORDING_S * SPEECH_RATE_HZ) as usize {
                    self.play();
                }
            }
            _ => {}
        }
    }

    fn play(&mut self) {
        let heard = self.peak >= QUIET;
        let played = for_the_speaker(&std::mem::take(&mut self.recording));
        let opened = (self.open_speaker)().map_err(|error| error.to_string());
        self.change(|trial| {
            trial.level = 0.0;
            trial.heard = Some(heard);
            trial.phase = TrialPhase::Playing;
        });
        match opened {
            Ok(mut speaker) => {
                speaker.push(&played, 1.0);
                speaker.finish();
                self.speaker = Some(speaker);
            }
            Err(reason) => self.end_playing(Some(reason)),
        }
    }

    fn play_on(&mut self) {
        let Some(speaker) = &mut self.speaker else { return };
        let events = speaker.poll(Instant::now());
        let trouble = events.into_iter().find_map(|event| match event {
            SpeakerEvent::Unavailable { reason } => Some(reason),
            _ => None,
        });
        if trouble.is_some() || speaker.heard() == speaker.pushed() {
            self.end_playing(trouble);
        }
    }

    fn end_playing(&mut self, trouble: Option<String>) {
        self.speaker = None;
        self.change(|trial| {
            trial.phase = TrialPhase::Live;
            trial.trouble = trouble;
        });
    }

    fn change(&mut self, change: impl FnOnce(&mut Trial)) {
        change(&mut self.trial);
        (self.tell)(self.trial.clone());
    }
}

/// At the loudspeaker's rate. Without a converter, which no rate here lacks,
/// there is nothing to be heard.
fn for_the_speaker(samples: &[f32]) -> Vec<f32> {
    let mut converted = Vec::new();
    match RateConverter::new(SPEECH_RATE_HZ, RATE_HZ) {
        Ok(mut converter) => {
            converter.push(samples, &mut converted);
            converter.finish(&mut converted);
        }
        Err(error) => tracing::error!("a recording cannot be played: {error}"),
    }
    converted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Headphones;
    use crate::turn::Attention;
    use std::time::Duration;

    /// Gives sound of this loudness as fast as it is taken.
    struct Fake;

    impl Microphone for Fake {
        fn start(&mut self, _: TurnId) {}
        fn finish(&mut self, _: TurnId) {}
        fn abandon(&mut self, _: TurnId) {}
        fn select(&mut self, _: Option<String>) {}
        fn attend(&mut self, _: Attention) {}
        fn she_speaks(&mut self, _: bool) {}
        fn set_headphones(&mut self, _: Headphones) {}
    }

    fn bench(level: f32) -> (Trials, Receiver<Trial>) {
        let (tell, told) = unbounded();
        let open = move |device: String, outbox: Outbox<MicrophoneEvent>| {
            std::thread::spawn(move || {
                let outbox = outbox;
                outbox(MicrophoneEvent::Ready { device });
                for _ in 0..400 {
                    let samples = vec![level; SPEECH_RATE_HZ as usize / 20];
                    outbox(MicrophoneEvent::Level(level));
                    outbox(MicrophoneEvent::Audio { turn: TURN, samples });
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            Box::new(Fake) as Box<dyn Microphone>
        };
        let tell = Box::new(move |trial| drop(tell.send(trial)));
        (Trials::with(Box::new(open), Speaker::unheard, tell), told)
    }

    fn wait_for(told: &Receiver<Trial>, phase: TrialPhase) -> Trial {
        loop {
            let trial = told.recv_timeout(Duration::from_secs(10)).expect("it is told");
            if trial.phase == phase {
                return trial;
            }
        }
    }

    #[test]
    fn a_few_seconds_are_recorded_and_played_and_judged() {
        for (level, is_heard) in [(0.05, true), (0.001, false)] {
            let (trials, told) = bench(level);
            trials.command(TrialCommand::Listen("Headset".into()));
            wait_for(&told, TrialPhase::Live);
            trials.command(TrialCommand::Record);
            assert_eq!(wait_for(&told, TrialPhase::Recording).heard, None);
            let playing = wait_for(&told, TrialPhase::Playing);
            assert_eq!((playing.heard, playing.level), (Some(is_heard), 0.0));
            let begun = Instant::now();
            let after = wait_for(&told, TrialPhase::Live);
            assert!(begun.elapsed() >= Duration::from_millis(2500), "it is played to its end");
            assert_eq!((after.heard, after.trouble), (Some(is_heard), None));
        }
    }

    #[test]
    fn stopping_leaves_nothing_of_it() {
        let (trials, told) = bench(0.05);
        trials.command(TrialCommand::Listen(String::new()));
        wait_for(&told, TrialPhase::Live);
        trials.command(TrialCommand::Record);
        wait_for(&told, TrialPhase::Recording);
        trials.command(TrialCommand::Stop);
        assert_eq!(wait_for(&told, TrialPhase::Over), Trial::default());
    }

    #[test]
    fn a_recording_is_as_long_at_the_loudspeakers_rate() {
        let second = vec![0.1; SPEECH_RATE_HZ as usize];
        assert_eq!(for_the_speaker(&second).len(), RATE_HZ as usize);
    }
}
