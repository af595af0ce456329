//! The same without a key: one long file is the microphone, in real time, and
//! where turns begin and end is found out.

use super::{Scene, Stage};
use crate::audio::attentive::Parts;
use crate::audio::file::open::{self, Played};
use crate::engines;
use crate::session::{Command, Event, Presence, Speaker};
use crate::settings::Listening;
use anyhow::Context;
use crossbeam_channel::{RecvTimeoutError, unbounded};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The conversation is over when the file is, and nothing has happened for so
/// long: longer than anybody is given to finish a sentence.
const QUIET: Duration = Duration::from_secs(6);

pub(super) fn run(scene: &Scene, sound: Vec<f32>) -> anyhow::Result<ExitCode> {
    let origin = Arc::<OnceLock<Instant>>::default();
    let (give, to_play) = unbounded();
    let (tell_over, is_over) = unbounded();
    let parts = Parts { turn_end: engines::turn_end_model(scene.paths), reference: None };
    let microphone = {
        let origin = origin.clone();
        Box::new(move |outbox| {
            let played = Box::new(move |played| match played {
                Played::Begun(at) => drop(origin.set(at)),
                Played::Over => drop(tell_over.send(())),
            });
            open::spawn(to_play, parts, played, outbox)
        })
    };
    let stage = Stage::open(scene, microphone, origin)?;
    stage.wait_until_ready(scene.voice)?;
    let settings =
        Listening { hands_free: true, rest_after_s: 0, ..scene.settings.listening.clone() };
    stage.commands.send(Command::SetListening(settings));
    give.send(sound).context("the microphone has stopped")?;
    let (mut said, mut replies) = (0, 0);
    let (mut idle, mut last) = (true, Instant::now());
    loop {
        match stage.events.recv_timeout(Duration::from_millis(200)) {
            Ok(Event::Said(line)) => {
                said += 1;
                println!("{said}\theard\t{}", line.text);
            }
            Ok(Event::Replied(line)) if line.speaker == Speaker::Samantha => {
                replies += 1;
                println!("{replies}\tsaid\t{}", line.text);
                let sound: Vec<f32> = stage.sound.try_iter().flatten().collect();
                scene.keep_reply(replies, &line.text, &sound)?;
            }
            Ok(Event::Notice(notice)) => tracing::warn!("{}", notice.text),
            Ok(Event::Presence { presence, .. }) => {
                (idle, last) = (presence == Presence::Idle, Instant::now());
            }
            Ok(Event::Partial { .. }) => last = Instant::now(),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the session has stopped"),
        }
        if !is_over.is_empty() && idle && last.elapsed() >= QUIET {
            return Ok(ExitCode::SUCCESS);
        }
    }
}
