//! What devices, engines and the talk key say when something does not go: one
//! or two sentences for people, shown as notices.

use super::Text;

/// No sound server answers.
pub const NO_SOUND_SYSTEM: Text = Text(
    "No sound system answers: start one, for instance with `systemctl --user start pipewire-pulse` or `pulseaudio --start` (Debian packages pipewire-pulse and pulseaudio).",
);
/// It answers no more.
pub const SOUND_SYSTEM_HANGS: Text = Text(
    "The sound system does not answer: restart it, for instance with `systemctl --user restart pipewire-pulse` or `pulseaudio --kill`.",
);
/// There is no microphone.
pub const NO_MICROPHONE: Text =
    Text("No microphone was found: plug one in, or switch one on in your sound settings.");
/// The system refuses it.
pub const MICROPHONE_REFUSED: Text = Text(
    "Samantha may not use the microphone \"{device}\": allow it in your system's privacy settings.",
);
/// Another program has it.
pub const MICROPHONE_BUSY: Text = Text(
    "The microphone \"{device}\" is in use by another program: close that, or choose another microphone.",
);
/// It cannot be opened.
pub const MICROPHONE_UNUSABLE: Text = Text(
    "The microphone \"{device}\" cannot be opened ({reason}): choose another one, or plug it in again.",
);
/// It gives nothing.
pub const MICROPHONE_WITHOUT_SOUND: Text =
    Text("The microphone \"{device}\" gives no sound: plug it in again, or choose another one.");
/// There is no loudspeaker.
pub const NO_SPEAKER: Text = Text(
    "No loudspeaker was found, so replies are shown: plug one in, or switch one on in your sound settings.",
);
/// It cannot be opened.
pub const SPEAKER_UNUSABLE: Text = Text(
    "The loudspeaker \"{device}\" cannot be opened ({reason}), so replies are shown: plug it in again, or choose another one in your sound settings.",
);

/// No speech service answers, on Linux.
pub const NO_SPEECH_SERVICE: Text = Text(
    "Her voice cannot be heard because no speech service answers: install it with `sudo apt install speech-dispatcher speech-dispatcher-espeak-ng`; until then replies are shown.",
);
/// It has no voices, on Linux.
pub const NO_VOICES: Text = Text(
    "Her voice cannot be heard because the speech service has no voices: install some with `sudo apt install speech-dispatcher-espeak-ng`; until then replies are shown.",
);

/// The local model, by its place.
pub const MODEL_HERE: Text = Text("{model}, on this computer");
/// The model of a server.
pub const MODEL_ON_SERVER: Text = Text("{model} on {place}");
/// The process ended and is started again.
pub const MODEL_STOPPED: Text = Text("The language model stopped and is being started again.");
/// It ends each time.
pub const MODEL_STOPS_AGAIN: Text = Text(
    "The language model stops again and again: free some memory, choose a smaller model, or check its file with `samantha models verify`.",
);

/// Weights that are needed are not here.
pub fn missing_weights(kind: &str) -> String {
    Text("The weights of the {kind} model are missing. Fetch them in the window, or with: samantha models pull")
        .with(&[("kind", &kind_of_model(kind))])
}

/// A weight that was chosen is not here.
pub fn missing_weight(kind: &str, id: &str) -> String {
    Text("The {kind} model \"{id}\" is missing. Fetch it in the window, or with: samantha models pull {id}")
        .with(&[("kind", &kind_of_model(kind)), ("id", &id)])
}

fn kind_of_model(kind: &str) -> Text {
    match kind {
        "speech" => Text("speech"),
        "language" => Text("language"),
        "memory" => Text("memory"),
        "voice" => Text("voice"),
        _ => Text("turn"),
    }
}

/// The talk key where there is no desktop.
pub const NO_DESKTOP: Text =
    Text("No talk key works here because there is no desktop: use `samantha talk toggle` instead.");
/// Another program has the key.
pub const KEY_TAKEN: Text = Text("is already used by another program");
/// The keyboard does not give it.
pub const KEY_NOT_ON_KEYBOARD: Text = Text("cannot be taken on this keyboard");
/// Something else.
pub const KEY_REFUSED: Text = Text("cannot be taken ({error})");
/// After one of these.
pub const KEY_STAYS: Text =
    Text("{wanted} {why}, so {current} stays: choose another key in the settings.");
/// The same without another key.
pub const KEY_CHOOSE: Text = Text("{wanted} {why}: choose another key in the settings.");

/// No key was written.
pub const KEY_EMPTY: Text = Text("No key is given: write one such as Ctrl+Shift+Space");
/// Only modifiers were.
pub const KEY_MODIFIERS_ONLY: Text =
    Text("{key} needs one more key: write it last, as in Ctrl+Shift+Space");
/// More than one was.
pub const KEY_TWO: Text = Text(
    "{key} names more than one key: write modifiers first and one key last, as in Ctrl+Shift+Space",
);
/// Nobody knows it.
pub const KEY_UNKNOWN: Text = Text(
    "“{key}” is no key that is known: write a letter, a digit, F1 to F24, Space, or another key's English name",
);
/// It is needed elsewhere.
pub const KEY_NEEDS_MODIFIER: Text =
    Text("{key} alone could not be typed any more in other programs: add Ctrl, Alt or Super");
