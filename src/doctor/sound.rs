//! Microphone, speaker, voice.

use super::{Found, doubtful, fails, within, works};
use crate::audio::attentive::Parts;
use crate::audio::{Microphone, MicrophoneEvent, devices, listener};
use crate::engines;
use crate::paths::Paths;
use crate::settings::{MicrophoneSettings, Settings, VoiceEngine};
use crate::speech::VoiceEvent;
use crate::turn::TurnId;
use crate::wording::{Text, findings as words};
use crossbeam_channel::Receiver;
use std::time::{Duration, Instant};

/// How long a device may take to give its first sound.
const READY_WITHIN: Duration = Duration::from_secs(5);
/// How long its level is watched.
const LISTEN_FOR: Duration = Duration::from_secs(1);
/// How long listing devices may take.
const LIST_WITHIN: Duration = Duration::from_secs(4);
/// How long the speech service may take; it may have to be started first.
const VOICE_WITHIN: Duration = Duration::from_secs(8);

pub(super) fn check_microphone(settings: &MicrophoneSettings) -> Found {
    let (tell, told) = crossbeam_channel::unbounded();
    let wanted = Some(settings.device.clone()).filter(|device| !device.is_empty());
    let mut microphone =
        listener::spawn(wanted, Parts::default(), Box::new(move |event| drop(tell.send(event))));
    let deadline = Instant::now() + READY_WITHIN;
    let mut replaced = None;
    let device = loop {
        match told.recv_deadline(deadline) {
            Ok(MicrophoneEvent::Ready { device }) => break device,
            Ok(MicrophoneEvent::Missing { reason }) => return fails(reason),
            Ok(MicrophoneEvent::Lost { device, .. }) => replaced = Some(device),
            Ok(_) => {}
            Err(_) => {
                return fails(words::MICROPHONE_LATE.filling("seconds", READY_WITHIN.as_secs()));
            }
        }
    };
    let loudest = loudest_level(microphone.as_mut(), &told);
    if let Some(wanted) = replaced {
        let text = words::MICROPHONE_REPLACED.filling("device", device);
        return doubtful(text.with("wanted", wanted));
    }
    let of_device = |text: Text| text.filling("device", device.clone());
    match loudest {
        None => fails(of_device(words::MICROPHONE_STOPPED)),
        Some(0.0) => doubtful(of_device(words::MICROPHONE_SILENT)),
        Some(level) => {
            let loudest_db = format!("{:.0}", 20.0 * level.log10());
            works(of_device(words::MICROPHONE_WORKS).with("level", loudest_db))
        }
    }
}

fn loudest_level(microphone: &mut dyn Microphone, told: &Receiver<MicrophoneEvent>) -> Option<f32> {
    microphone.start(TurnId(0));
    let deadline = Instant::now() + LISTEN_FOR;
    let mut loudest: Option<f32> = None;
    while let Ok(event) = told.recv_deadline(deadline) {
        if let MicrophoneEvent::Level(level) = event {
            loudest = Some(loudest.map_or(level, |so_far| so_far.max(level)));
        }
    }
    microphone.abandon(TurnId(0));
    loudest
}

pub(super) fn check_speaker() -> Found {
    match within(LIST_WITHIN, devices::default_speaker) {
        None => fails(words::SOUND_SYSTEM_SILENT),
        Some(Err(error)) => fails(error.to_string()),
        Some(Ok(None)) => fails(words::NO_SPEAKER),
        // What PulseAudio and PipeWire make up when there is no device at all.
        Some(Ok(Some(name))) if name == "Dummy Output" => fails(words::NO_SPEAKER),
        Some(Ok(Some(name))) => works(words::SPEAKER_PLAYS.filling("device", name)),
    }
}

/// Asks the very voice that would speak.
pub(super) fn check_voice(paths: &Paths, settings: &Settings) -> Found {
    if !settings.voice.enabled {
        return doubtful(words::VOICE_OFF);
    }
    let is_own = settings.voice.engine == VoiceEngine::Own;
    if is_own && let Err(error) = engines::own_voice(paths, &settings.voice.own) {
        return doubtful(error.to_string());
    }
    let (tell, told) = crossbeam_channel::unbounded();
    let _voice =
        engines::voice(paths, settings, None)(Box::new(move |event| drop(tell.send(event))));
    let deadline = Instant::now() + VOICE_WITHIN;
    loop {
        match told.recv_deadline(deadline) {
            Ok(VoiceEvent::Ready { .. }) if is_own => return works(words::OWN_VOICE_SPEAKS),
            Ok(VoiceEvent::Ready { voices }) => {
                let count = voices.len();
                return works(words::VOICES.filling("count", count));
            }
            Ok(VoiceEvent::Unavailable { reason }) => return fails(reason),
            Ok(_) => {}
            Err(_) => return fails(words::SPEECH_SERVICE_SILENT),
        }
    }
}
