//! The real microphone code on a virtual desktop: real sound server, virtual
//! devices.

use crossbeam_channel::{Receiver, unbounded};
use rehearsal::{Desktop, MicrophoneSpec, Options, own_desktop, slowness, undisturbed, write_tone};
use samantha::audio::attentive::Parts;
use samantha::audio::{Microphone, MicrophoneEvent, SPEECH_RATE_HZ, devices, listener};
use samantha::turn::TurnId;
use std::path::PathBuf;
use std::time::{Duration, Instant};

mod cost;
mod devices_come_and_go;
mod turns;

const TURN: TurnId = TurnId(7);

/// Long enough for a machine that is busy with other things.
const SOON: Duration = Duration::from_secs(10);

fn with(microphone: Option<MicrophoneSpec>) -> Options {
    Options { display: false, speech: false, microphone, ..Options::default() }
}

fn usual() -> Options {
    with(Some(MicrophoneSpec::default()))
}

fn spare() -> MicrophoneSpec {
    MicrophoneSpec {
        name: "spare_microphone".into(),
        description: "Spare Microphone".into(),
        rate_hz: 44_100,
        channels: 1,
        ..MicrophoneSpec::default()
    }
}

/// A listener, and everything it told with the moment it was told.
struct Listening {
    microphone: Box<dyn Microphone>,
    told: Receiver<(Instant, MicrophoneEvent)>,
}

impl Listening {
    fn to(device: Option<&str>) -> Self {
        let (tell, told) = unbounded();
        let outbox = Box::new(move |event| drop(tell.send((Instant::now(), event))));
        Self {
            microphone: listener::spawn(device.map(str::to_owned), Parts::default(), outbox),
            told,
        }
    }

    /// Waits for something that `pick` picks; passes over the rest.
    fn wait_for<T>(
        &self,
        what: &str,
        timeout: Duration,
        mut pick: impl FnMut(Instant, MicrophoneEvent) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + timeout;
        let mut passed_over = Vec::new();
        loop {
            match self.told.recv_deadline(deadline) {
                Ok((at, event)) => {
                    if !matches!(event, MicrophoneEvent::Audio { .. } | MicrophoneEvent::Level(_)) {
                        passed_over.push(event.clone());
                    }
                    if let Some(picked) = pick(at, event) {
                        return picked;
                    }
                }
                Err(_) => panic!("no {what} within {timeout:?}, but {passed_over:?}"),
            }
        }
    }

    fn wait_until_ready(&self) -> String {
        self.wait_for("ready device", SOON, |_, event| match event {
            MicrophoneEvent::Ready { device } => Some(device),
            _ => None,
        })
    }

    fn wait_until_lost(&self) -> (Instant, String, Option<String>) {
        self.wait_for("loss", SOON, |at, event| match event {
            MicrophoneEvent::Lost { device, fallback } => Some((at, device, fallback)),
            _ => None,
        })
    }

    fn wait_until_missing(&self) -> String {
        self.wait_for("word about what is missing", SOON, |_, event| match event {
            MicrophoneEvent::Missing { reason } => Some(reason),
            _ => None,
        })
    }

    /// Ends the turn and returns all of its sound.
    fn finish(&mut self) -> Vec<f32> {
        self.microphone.finish(TURN);
        let mut sound = Vec::new();
        self.wait_for("end of the turn", SOON, |_, event| match event {
            MicrophoneEvent::Audio { turn: TURN, samples } => {
                sound.extend(samples);
                None
            }
            MicrophoneEvent::Finished { turn: TURN } => Some(()),
            _ => None,
        });
        sound
    }
}

fn tone(desktop: &Desktop, frequency_hz: f32, length: Duration) -> PathBuf {
    let path = desktop.folder().join(format!("{frequency_hz}-{}.wav", length.as_millis()));
    write_tone(&path, 48_000, frequency_hz, 0.5, length).expect("a tone is written");
    path
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32).sqrt()
}

/// How long it was loud, in milliseconds.
fn loud_ms(samples: &[f32]) -> usize {
    samples.chunks(SPEECH_RATE_HZ as usize / 1000).filter(|ms| rms(ms) > 0.1).count()
}
