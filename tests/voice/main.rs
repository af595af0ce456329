//! Her voice through a real speech service (Speech Dispatcher with espeak-ng),
//! heard on a virtual speaker.
#![cfg(target_os = "linux")]

mod held;
mod own;
mod tap;

use crossbeam_channel::{Receiver, unbounded};
use rehearsal::{Desktop, Options, Sound, undisturbed};
use samantha::speech::VoiceEvent::{self, Begun, Ended, Ready, Stopped, Unavailable};
use samantha::speech::{Utterance, Voice, VoiceInfo, VoiceStyle, system};
use samantha::turn::TurnId;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);
/// Quieter than any speech, louder than nothing.
const SILENCE: f32 = 0.002;

/// The speech library finds its service by the environment of the process, so
/// that the tests run one after the other.
static ENVIRONMENT: Mutex<()> = Mutex::new(());

struct Stage {
    desktop: Desktop,
    _environment: MutexGuard<'static, ()>,
}

impl Stage {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(variables: &[(&str, &str)]) -> Self {
        let environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let options = Options { display: false, microphone: None, ..Options::default() };
        let desktop = Desktop::start_with(&options).expect("a virtual desktop");
        // SAFETY: every test begins here and keeps the lock until its end. What a
        // test before left running is at most a thread that waits on a socket of
        // a service that has ended.
        unsafe {
            for (name, value) in desktop.environment() {
                std::env::set_var(name, value);
            }
            for (name, value) in variables {
                std::env::set_var(name, value);
            }
        }
        Self { desktop, _environment: environment }
    }

    /// Sends the speech service a signal such as `STOP`.
    fn signal_service(&self, signal: &str) {
        let pid_file = self.desktop.folder().join("speech-dispatcher/pid");
        let pid = std::fs::read_to_string(pid_file).expect("its process id");
        let done = std::process::Command::new("kill")
            .args([format!("-{signal}"), pid.trim().to_owned()])
            .status();
        assert!(done.expect("kill is installed").success());
    }
}

/// A voice and what it tells, with the moment of each report.
struct Speaker {
    voice: Box<dyn Voice>,
    events: Receiver<(Instant, VoiceEvent)>,
}

/// How loud she is comes some 20 times a second and is no matter of these tests,
/// which are about what begins, ends and stops.
fn is_level(event: &VoiceEvent) -> bool {
    matches!(event, VoiceEvent::Level(_))
}

impl Speaker {
    fn new(style: VoiceStyle) -> Self {
        let (tx, events) = unbounded();
        let outbox = Box::new(move |event| {
            if !is_level(&event) {
                let _ = tx.send((Instant::now(), event));
            }
        });
        Self { voice: system::spawn(style, outbox), events }
    }

    /// Waits until the service is there; what it offers.
    fn ready(&self) -> Vec<VoiceInfo> {
        match self.next() {
            (_, Ready { voices }) => voices,
            other => panic!("{other:?}, then {:?}", self.events.recv_timeout(PATIENCE)),
        }
    }

    fn speak(&mut self, index: usize, text: &str) {
        self.voice.speak(Utterance { turn: TurnId(7), index, text: text.into(), gently: false });
    }

    #[track_caller]
    fn next(&self) -> (Instant, VoiceEvent) {
        self.events.recv_timeout(PATIENCE).expect("the voice tells something")
    }

    /// Waits for these reports and returns their moments.
    #[track_caller]
    fn expect(&self, wanted: &[VoiceEvent]) -> Vec<Instant> {
        let told: Vec<_> = wanted.iter().map(|_| self.next()).collect();
        assert_eq!(told.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>(), wanted);
        told.into_iter().map(|(at, _)| at).collect()
    }
}

fn style() -> VoiceStyle {
    VoiceStyle { voice: None, language: "en".into(), rate: 1.0, volume: 1.0, warmth: 0.0 }
}
fn begun(index: usize) -> VoiceEvent {
    Begun { turn: TurnId(7), index }
}
fn ended(index: usize) -> VoiceEvent {
    Ended { turn: TurnId(7), index }
}
fn stopped(index: usize) -> VoiceEvent {
    Stopped { turn: TurnId(7), index, heard: 0 }
}

/// The middle pitch of the voiced parts, by autocorrelation.
fn pitch_hz(sound: &Sound) -> f32 {
    let step = 3;
    let rate_hz = sound.rate_hz as f32 / step as f32;
    let samples: Vec<f32> = sound.samples.iter().copied().step_by(step).collect();
    let mut pitches: Vec<f32> = samples
        .chunks_exact(1024)
        .filter_map(|frame| {
            let energy: f32 = frame.iter().map(|s| s * s).sum();
            let at_lag = |lag: usize| -> f32 {
                let pairs = frame.iter().zip(&frame[lag..]);
                pairs.map(|(a, b)| a * b).sum()
            };
            let lags = (rate_hz / 400.0) as usize..(rate_hz / 70.0) as usize;
            let best = lags.max_by(|a, b| at_lag(*a).total_cmp(&at_lag(*b)))?;
            let is_voiced = energy > 1.0 && at_lag(best) > 0.5 * energy;
            is_voiced.then_some(rate_hz / best as f32)
        })
        .collect();
    assert!(pitches.len() > 10, "hardly any voiced sound: {}", pitches.len());
    pitches.sort_by(f32::total_cmp);
    pitches[pitches.len() / 2]
}

#[test]
fn each_sentence_is_heard_between_its_beginning_and_its_end() {
    undisturbed(|| {
        let stage = Stage::new();
        let mut speaker = Speaker::new(style());
        speaker.ready();
        let recording = stage.desktop.record_speaker().expect("a recording");
        std::thread::sleep(Duration::from_secs(1)); // the warm-up is over
        let spoken_at = Instant::now();
        speaker.speak(0, "This is the first sentence.");
        speaker.speak(1, "And here comes the second one.");
        speaker.speak(2, "Last.");
        let events = [begun(0), ended(0), begun(1), ended(1), begun(2), ended(2)];
        let at = speaker.expect(&events);
        let sound = recording.finish();
        for sentence in at.chunks_exact(2) {
            let onset = sound.onset_after(sentence[0], SILENCE).expect("it is heard");
            assert!(onset < sentence[1], "nothing is heard of it before it ends");
            println!(
                "sound {} ms after it was told to begin, end told {} ms after its sound",
                onset.duration_since(sentence[0]).as_millis(),
                sound
                    .between(sentence[0], sentence[1])
                    .end_of_sound(SILENCE)
                    .map_or(0, |end| sentence[1].saturating_duration_since(end).as_millis()),
            );
        }
        let onset = sound.onset_after(spoken_at, SILENCE).expect("it is heard");
        let (told, heard) = (at[0] - spoken_at, onset - spoken_at);
        println!("speak to Begun {} ms, to sound {} ms", told.as_millis(), heard.as_millis());
        assert!(heard < Duration::from_millis(300), "{heard:?}");
        assert!(sound.between(at[5], Instant::now()).end_of_sound(SILENCE).is_none());
    });
}

#[test]
fn the_first_sentence_of_a_run_does_not_pay_for_the_service_to_wake() {
    undisturbed(|| {
        // A computer that is busy for a moment makes any one of them late.
        let best = (0..3).map(|_| first_sound_of_a_run()).min().expect("three runs");
        assert!(best < Duration::from_millis(200), "{best:?}");
    });
}

/// From asking a service that has just been reached to hearing it.
fn first_sound_of_a_run() -> Duration {
    let stage = Stage::new();
    let recording = stage.desktop.record_speaker().expect("a recording");
    let started_at = Instant::now();
    let mut speaker = Speaker::new(style());
    speaker.ready();
    println!("Ready {} ms after spawn", started_at.elapsed().as_millis());
    std::thread::sleep(Duration::from_secs(3));
    assert!(recording.so_far().end_of_sound(SILENCE).is_none(), "the warm-up is heard");
    let spoken_at = Instant::now();
    speaker.speak(0, "Hello there.");
    let onset = recording.wait_for_onset(spoken_at, SILENCE, PATIENCE).expect("it is heard");
    println!("speak to first sound of the run {} ms", (onset - spoken_at).as_millis());
    onset - spoken_at
}

#[test]
fn she_falls_silent_at_once_and_can_go_on() {
    undisturbed(|| {
        let stage = Stage::new();
        let mut speaker = Speaker::new(style());
        speaker.ready();
        let recording = stage.desktop.record_speaker().expect("a recording");
        let mut delays_ms = Vec::new();
        for _ in 0..5 {
            speaker.speak(0, "This sentence is long enough to be cut off somewhere in its middle.");
            speaker.speak(1, "This one is never begun.");
            speaker.speak(2, "Nor is this one.");
            let at = speaker.expect(&[begun(0)]);
            recording.wait_for_onset(at[0], SILENCE, PATIENCE).expect("it is heard");
            std::thread::sleep(Duration::from_millis(500));
            let stopped_at = Instant::now();
            speaker.voice.stop();
            speaker.expect(&[stopped(0), stopped(1), stopped(2)]);
            std::thread::sleep(Duration::from_millis(700));
            let rest = recording.so_far().between(stopped_at, Instant::now());
            let end = rest.end_of_sound(SILENCE).expect("it was sounding");
            delays_ms.push(end.duration_since(stopped_at).as_millis());
            // What follows a stop at once is not taken with it.
            speaker.speak(3, "Yes.");
            speaker.voice.stop();
            speaker.speak(4, "Go on.");
            loop {
                match speaker.next().1 {
                    event if event == ended(4) => break,
                    event => assert!(event != ended(3), "what was stopped is ended"),
                }
            }
        }
        println!("silent {delays_ms:?} ms after stop");
        assert!(delays_ms.iter().all(|delay_ms| *delay_ms < 200), "{delays_ms:?}");
    });
}

#[test]
fn she_sounds_like_a_woman_and_as_the_person_likes() {
    const SENTENCE: &str = "The quick brown fox jumps over the lazy dog.";
    let stage = Stage::new();
    let mut speaker = Speaker::new(style());
    let voices = speaker.ready();
    println!("{} voices are offered", voices.len());
    assert!(voices.iter().any(|voice| voice.female == Some(true)));
    assert!(voices.iter().all(|voice| voice.language.starts_with("en")));

    let mut heard = |style: VoiceStyle| -> Sound {
        speaker.voice.set_style(style);
        let recording = stage.desktop.record_speaker().expect("a recording");
        speaker.speak(0, SENTENCE);
        let at = speaker.expect(&[begun(0), ended(0)]);
        recording.finish().between(at[0], at[1])
    };
    let length = |sound: &Sound| {
        let onset = sound.onset_after(sound.begun_at, SILENCE).expect("it is heard");
        sound.end_of_sound(SILENCE).expect("it is heard") - onset
    };
    let hers = heard(style());
    let his = heard(VoiceStyle { voice: Some("English (America)".into()), ..style() });
    let german = heard(VoiceStyle { language: "de".into(), ..style() });
    let fast = heard(VoiceStyle { rate: 2.0, ..style() });
    let slow = heard(VoiceStyle { rate: 0.5, ..style() });
    let soft = heard(VoiceStyle { volume: 0.3, ..style() });
    let (her_hz, his_hz, german_hz) = (pitch_hz(&hers), pitch_hz(&his), pitch_hz(&german));
    println!("her pitch {her_hz:.0} Hz, the plain voice's {his_hz:.0}, in German {german_hz:.0}");
    assert!(her_hz > 160.0 && german_hz > 160.0 && his_hz < 140.0);
    // Another language, not only another name.
    assert_ne!(length(&hers).as_millis() / 50, length(&german).as_millis() / 50);
    let share = |sound: &Sound| length(sound).as_secs_f32() / length(&hers).as_secs_f32();
    println!("length at rate 2.0: {:.2}, at 0.5: {:.2}", share(&fast), share(&slow));
    assert!((0.4..0.7).contains(&share(&fast)), "{}", share(&fast));
    assert!((1.4..2.4).contains(&share(&slow)), "{}", share(&slow));
    let loudness = |sound: &Sound| sound.samples.iter().map(|s| s.abs()).fold(0.0, f32::max);
    println!("loudness at volume 0.3: {:.2}", loudness(&soft) / loudness(&hers));
    assert!(loudness(&soft) < 0.6 * loudness(&hers));
}

#[test]
fn without_a_service_she_says_what_to_install() {
    // Nowhere a service could be started, either.
    let _stage = Stage::with(&[("SPEECHD_ADDRESS", "unix_socket:/proc/none/speechd.sock")]);
    let begin = Instant::now();
    let mut speaker = Speaker::new(style());
    speaker.speak(0, "Nobody hears this.");
    speaker.expect(&[stopped(0)]);
    match speaker.next().1 {
        Unavailable { reason } => {
            let packages = "speech-dispatcher speech-dispatcher-espeak-ng";
            assert!(reason.contains(packages), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert!(begin.elapsed() < Duration::from_secs(6));
    speaker.speak(1, "Nor this.");
    speaker.expect(&[stopped(1)]);
}

#[test]
fn a_service_that_dies_costs_one_sentence() {
    let mut stage = Stage::new();
    let mut speaker = Speaker::new(style());
    speaker.ready();
    for round in 0..3 {
        speaker.speak(0, "This sentence is long enough for the service to die in its middle.");
        speaker.speak(1, "This one is said all the same.");
        speaker.expect(&[begun(0)]);
        let died_at = Instant::now();
        stage.desktop.stop_speech_service();
        stage.desktop.start_speech_service().expect("a service");
        let at = speaker.expect(&[stopped(0)]);
        println!("round {round}: its death is noticed after {:?}", at[0] - died_at);
        assert!(at[0] - died_at < Duration::from_secs(2));
        speaker.ready();
        speaker.expect(&[begun(1), ended(1)]);
    }
}

#[test]
fn a_service_that_hangs_is_given_up_and_taken_back() {
    let stage = Stage::new();
    let mut speaker = Speaker::new(style());
    speaker.ready();
    speaker.speak(0, "This sentence is long enough for the service to hang in its middle.");
    speaker.speak(1, "This one is never begun.");
    speaker.expect(&[begun(0)]);
    let hung_at = Instant::now();
    stage.signal_service("STOP");
    speaker.expect(&[stopped(0), stopped(1)]);
    assert!(matches!(speaker.next().1, Unavailable { .. }));
    println!("given up {:?} after it hung", hung_at.elapsed());
    assert!(hung_at.elapsed() < Duration::from_secs(10));
    speaker.speak(2, "Nor this one.");
    speaker.expect(&[stopped(2)]);
    // Long enough for an attempt to reach it to hang as well.
    std::thread::sleep(Duration::from_secs(4));
    let closing_at = Instant::now();
    let another = Speaker::new(style());
    drop(another);
    assert!(closing_at.elapsed() < Duration::from_secs(1), "closing waits for it");
    stage.signal_service("CONT");
    speaker.ready();
    speaker.speak(3, "Here I am again.");
    speaker.expect(&[begun(3), ended(3)]);
}
