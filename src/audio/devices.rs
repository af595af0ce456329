//! Which microphones there are, and which one to take; which loudspeaker is
//! the default.
//!
//! The window lists them through [`inputs`]; the listener and the speaker open
//! them. On Linux
//! a PulseAudio or PipeWire server is asked first, plain ALSA only when no
//! server answers. Monitors, which carry what the loudspeakers play, are
//! listed but never taken unless chosen by name.
//!
//! Calls here wait for the sound system: never call them on a thread that
//! paints.

use super::speaker::SpeakerError;
use crate::wording::troubles;
use cpal::traits::{DeviceTrait, HostTrait};
use std::sync::{Arc, Mutex, PoisonError};

/// A device that sound can be captured from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDevice {
    /// What the settings store; the same after a restart or a new plugging in.
    pub id: String,
    /// What a person reads.
    pub name: String,
    /// It carries what a loudspeaker plays: not to be offered as a microphone.
    pub is_monitor: bool,
    /// It is what the person chose in the system's sound settings.
    pub is_default: bool,
}

/// Why there is no microphone. Each is one sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Neither a sound server nor the kernel's sound system answered.
    #[error("{}", troubles::NO_SOUND_SYSTEM)]
    NoSoundSystem,
    /// The sound system lists no microphone.
    #[error("{}", troubles::NO_MICROPHONE)]
    NoMicrophone,
    /// The system refused access.
    #[error("{}", troubles::MICROPHONE_REFUSED.with(&[("device", .device)]))]
    Refused {
        /// The device's name.
        device: String,
    },
    /// Another program holds it.
    #[error("{}", troubles::MICROPHONE_BUSY.with(&[("device", .device)]))]
    Busy {
        /// The device's name.
        device: String,
    },
    /// It cannot be opened for another reason.
    #[error("{}", troubles::MICROPHONE_UNUSABLE.with(&[("device", .device), ("reason", .reason)]))]
    Unusable {
        /// The device's name.
        device: String,
        /// What the sound system says.
        reason: String,
    },
}

/// Every device that sound can be captured from, monitors included.
///
/// # Errors
/// [`DeviceError::NoSoundSystem`] if none answers.
pub fn inputs() -> Result<Vec<InputDevice>, DeviceError> {
    Ok(list()?.into_iter().map(|(input, _)| input).collect())
}

/// The name of the loudspeaker that sound is played on, if there is one.
///
/// # Errors
/// [`DeviceError::NoSoundSystem`] if none answers.
pub fn default_speaker() -> Result<Option<String>, DeviceError> {
    let host = host()?;
    let name = |device: cpal::Device| Some(device.description().ok()?.name().to_owned());
    if !is_alsa(host.id()) {
        return Ok(host.default_output_device().and_then(name));
    }
    // ALSA names a default even where there is no sound card, and complains on
    // the terminal when it is asked about it; so its cards are looked at.
    let is_speaker = |device: &cpal::Device| {
        device.id().is_ok_and(|id| id.id().starts_with("plughw:"))
            && device.description().is_ok_and(|description| description.supports_output())
    };
    let mut devices = host.devices().map_err(|_| DeviceError::NoSoundSystem)?;
    Ok(devices.find(is_speaker).and_then(name))
}

/// The device that sound is played on unless the person says otherwise, and its
/// name, and the connection to keep as long as it is open.
pub(super) fn default_output() -> Result<(String, cpal::Device, Connection), SpeakerError> {
    let mut connection = Connection::take().map_err(|_| SpeakerError::NoSoundSystem)?;
    let mut device = connection.host().and_then(HostTrait::default_output_device);
    if device.is_none() && connection.host().is_none_or(|host| host.devices().is_err()) {
        // The sound server has ended; perhaps another one is there.
        connection.0 = None;
        forget_host();
        connection = Connection::anew().map_err(|_| SpeakerError::NoSoundSystem)?;
        device = connection.host().and_then(HostTrait::default_output_device);
    }
    let Some(device) = device else { return Err(SpeakerError::NoSpeaker) };
    // Where there is none, sound servers offer a sink that leads nowhere, and
    // ALSA a default without a card.
    let leads_nowhere = device.id().is_ok_and(|id| id.id() == "auto_null");
    let without_card = connection.host().is_some_and(|host| is_alsa(host.id()))
        && default_speaker().is_ok_and(|name| name.is_none());
    if leads_nowhere || without_card {
        return Err(SpeakerError::NoSpeaker);
    }
    let name = device.description().map(|it| it.name().to_owned()).unwrap_or_default();
    Ok((name, device, connection))
}

/// The monitor of the loudspeaker that sound is played on, where the sound
/// server offers one.
pub(super) fn default_monitor() -> Option<(InputDevice, cpal::Device)> {
    let speaker = host().ok()?.default_output_device()?.id().ok()?;
    let monitor = cpal::DeviceId::new(speaker.host(), format!("{}.monitor", speaker.id()));
    let monitor = monitor.to_string();
    list().ok()?.into_iter().find(|(input, _)| input.is_monitor && input.id == monitor)
}

/// Whether what is played now goes to somebody's ears alone, so that no echo
/// of it comes back into the microphone. False where nothing tells: a socket
/// that headphones are plugged into may bear the sound card's name.
pub fn plays_into_headphones() -> bool {
    let device = host().ok().and_then(|host| host.default_output_device());
    device.and_then(|device| device.description().ok()).is_some_and(|description| {
        let kind = description.device_type();
        matches!(kind, cpal::DeviceType::Headphones | cpal::DeviceType::Headset)
            || is_headphones(description.name())
    })
}

/// Whether this is what headphones are called: the name of a device or of a
/// port, in English and in the languages that sound servers are often set to.
pub fn is_headphones(name: &str) -> bool {
    const WORDS: [&str; 22] = [
        "headphone",
        "headset",
        "earbud",
        "earphone",
        "in-ear",
        "airpods",
        "galaxy buds",
        "pixel buds",
        "freebuds",
        "kopfhörer",
        "ohrhörer",
        "casque",
        "écouteur",
        "auricular",
        "audífono",
        "cascos",
        "cuffie",
        "auricolari",
        "fones de ouvido",
        "hoofdtelefoon",
        "słuchawk",
        "наушник",
    ];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// The device to take: the wanted one, else the system's default, else any. A
/// monitor is taken only if it is wanted by name. `avoid` is passed over.
pub(super) fn choose<'a>(
    inputs: &'a [InputDevice],
    wanted: Option<&str>,
    avoid: Option<&str>,
) -> Option<&'a InputDevice> {
    let usable = || inputs.iter().filter(|input| Some(input.id.as_str()) != avoid);
    let microphones = || usable().filter(|input| !input.is_monitor);
    wanted
        .and_then(|wanted| {
            // Settings written by hand may hold the name that people read.
            usable().find(|i| i.id == wanted).or_else(|| usable().find(|i| i.name == wanted))
        })
        .or_else(|| microphones().find(|input| input.is_default))
        .or_else(|| microphones().next())
}

/// Chooses a device as [`choose`] does and finds it.
pub(super) fn find(
    wanted: Option<&str>,
    avoid: Option<&str>,
) -> Result<(InputDevice, cpal::Device), DeviceError> {
    let listed = list()?;
    let inputs: Vec<_> = listed.iter().map(|(input, _)| input.clone()).collect();
    let chosen = choose(&inputs, wanted, avoid).ok_or(DeviceError::NoMicrophone)?;
    listed.into_iter().find(|(input, _)| input == chosen).ok_or(DeviceError::NoMicrophone)
}

fn list() -> Result<Vec<(InputDevice, cpal::Device)>, DeviceError> {
    let host = host()?;
    let Ok(devices) = host.devices() else {
        forget_host();
        return Err(DeviceError::NoSoundSystem);
    };
    let default_id = host.default_input_device().and_then(|device| device.id().ok());
    let mut inputs = Vec::new();
    for device in devices {
        let (Ok(id), Ok(description)) = (device.id(), device.description()) else {
            continue; // it vanished while it was being listed
        };
        if !description.supports_input() || !is_offered(&id) {
            continue;
        }
        let input = InputDevice {
            is_monitor: id.id().ends_with(".monitor"),
            is_default: Some(&id) == default_id.as_ref(),
            id: id.to_string(),
            name: description.name().lines().next().unwrap_or_default().to_owned(),
        };
        inputs.push((input, device));
    }
    Ok(inputs)
}

/// ALSA lists every plugin it knows for every card; a person can only make
/// sense of the default and of one entry a card, the one that converts.
fn is_offered(id: &cpal::DeviceId) -> bool {
    !is_alsa(id.host()) || id.id() == "default" || id.id().starts_with("plughw:")
}

fn is_alsa(host: cpal::HostId) -> bool {
    host.name().eq_ignore_ascii_case("alsa") // the variant exists on Linux only
}

/// A connection for one open loudspeaker, given back when it is dropped.
///
/// PulseAudio takes the streams of one of cpal's connections for synchronised
/// and refuses a second one while the first plays. So her voice, the cues and a
/// voice that is tried out each have their own; those that are not in use are
/// kept, since cpal's client never quite closes.
pub(super) struct Connection(Option<cpal::Host>);

static FREE_CONNECTIONS: Mutex<Vec<cpal::Host>> = Mutex::new(Vec::new());

impl Connection {
    fn take() -> Result<Self, DeviceError> {
        let free = FREE_CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.map_or_else(Self::anew, |host| Ok(Self(Some(host))))
    }

    /// The others lead to a sound server that has ended.
    fn anew() -> Result<Self, DeviceError> {
        FREE_CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(Self(Some(connect()?)))
    }

    fn host(&self) -> Option<&cpal::Host> {
        self.0.as_ref()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut free = FREE_CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        free.extend(self.0.take());
    }
}

/// The process's one connection to the sound system. Shared because cpal's
/// PulseAudio client leaves a thread and a socket behind each time a
/// connection is dropped; a connection that died ends both by itself.
static HOST: Mutex<Option<Arc<cpal::Host>>> = Mutex::new(None);

fn host() -> Result<Arc<cpal::Host>, DeviceError> {
    let mut kept = HOST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(host) = &*kept {
        return Ok(host.clone());
    }
    let host = Arc::new(connect()?);
    *kept = Some(host.clone());
    Ok(host)
}

fn forget_host() {
    *HOST.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

#[cfg(target_os = "linux")]
fn connect() -> Result<cpal::Host, DeviceError> {
    [cpal::HostId::PulseAudio, cpal::HostId::Alsa]
        .into_iter()
        .find_map(|id| cpal::host_from_id(id).ok())
        .ok_or(DeviceError::NoSoundSystem)
}

#[cfg(not(target_os = "linux"))]
fn connect() -> Result<cpal::Host, DeviceError> {
    Ok(cpal::default_host())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn input(id: &str) -> InputDevice {
        InputDevice {
            id: id.into(),
            name: format!("the {id}"),
            is_monitor: id.ends_with(".monitor"),
            is_default: false,
        }
    }

    pub(crate) fn default_input(id: &str) -> InputDevice {
        InputDevice { is_default: true, ..input(id) }
    }

    #[test]
    fn headphones_are_known_by_their_names_and_loudspeakers_are_not_taken_for_them() {
        let headphones = [
            "analog-output-headphones",
            "Headphones",
            "headset-output",
            "Kopfhörer",
            "KOPFHÖRER (Bluetooth)",
            "Anna's AirPods Pro",
            "Jabra Evolve Headset Analog Stereo",
            "Écouteurs",
        ];
        let loudspeakers = [
            "analog-output-speaker",
            "Built-in Audio Analog Stereo",
            "Lautsprecher",
            "HDMI / DisplayPort 2",
            "Ear Force Room Speaker",
            "",
        ];
        for name in headphones {
            assert!(is_headphones(name), "{name}");
        }
        for name in loudspeakers {
            assert!(!is_headphones(name), "{name}");
        }
    }

    #[test]
    fn the_wanted_device_is_taken_else_the_default_else_any_microphone() {
        let desk = [input("usb"), default_input("inside"), input("speaker.monitor")];
        let only_monitor = [default_input("speaker.monitor")];
        type Id = Option<&'static str>;
        let cases: [(&[InputDevice], Id, Id, Id); 8] = [
            (&desk, Some("usb"), None, Some("usb")),
            (&desk, Some("the usb"), None, Some("usb")),
            (&desk, None, None, Some("inside")),
            (&desk, Some("gone"), None, Some("inside")),
            (&desk, Some("inside"), Some("inside"), Some("usb")),
            (&desk, Some("speaker.monitor"), None, Some("speaker.monitor")),
            (&only_monitor, None, None, None),
            (&[], Some("usb"), None, None),
        ];
        for (inputs, wanted, avoid, expected) in cases {
            let chosen = choose(inputs, wanted, avoid).map(|input| input.id.as_str());
            assert_eq!(chosen, expected, "wanted {wanted:?}, avoiding {avoid:?}");
        }
    }
}
