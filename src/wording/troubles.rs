//! What devices, engines and the talk key say when something does not go: one
//! or two sentences for people, shown as notices.

use super::Text;
use llm_protocol::Fault;

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
/// The sound system does not answer when she speaks, on Linux.
pub const SPEAKER_HANGS: Text = Text(
    "The sound system does not answer, so replies are shown: restart it, for instance with `systemctl --user restart pipewire-pulse` or `pulseaudio --kill`.",
);
/// The same elsewhere.
pub const SPEAKER_HANGS_ELSEWHERE: Text =
    Text("The sound system does not answer, so replies are shown: log out and in again.");

/// Her voice ended.
pub const VOICE_STOPPED: Text =
    Text("Her voice stopped working, so replies are shown: choose another one in the settings.");
/// Her voice did not begin.
pub const VOICE_CANNOT_START: Text =
    Text("Her voice cannot start ({reason}), so replies are shown.");
/// The file of her voice is another one.
pub const VOICE_DAMAGED: Text = Text(
    "{file} is no voice that can be used: remove it in the settings, or with `samantha models remove`, and fetch it again.",
);
/// The speech service of the system is another one.
pub const SPEECH_SERVICE_TOO_OLD: Text = Text(
    "This version of the system does not tell what was heard of her voice: replies are shown until it is updated.",
);
/// The system's speech service does not answer, elsewhere than on Linux.
pub const NO_SPEECH_SERVICE_ELSEWHERE: Text = Text(
    "Her voice cannot be heard because the system's speech service does not answer; until it does, replies are shown.",
);
/// It has no voices there.
pub const NO_VOICES_ELSEWHERE: Text = Text(
    "Her voice cannot be heard because the system has no voices: add one in its speech settings; until then replies are shown.",
);

/// The recogniser's file lies where it cannot be read from.
pub const HEARING_ODD_PATH: Text = Text("Move {file} to a folder with a plain name.");
/// The recogniser's file is damaged.
pub const HEARING_DAMAGED: Text =
    Text("{file} cannot be loaded as a Whisper model: fetch it again.");
/// The recogniser's file is something else.
pub const HEARING_OTHER_FORMAT: Text = Text("{file} is not a Whisper model in ggml format.");
/// The recogniser does not know the language of the settings.
pub const HEARING_UNKNOWN_LANGUAGE: Text =
    Text("{code} is not a language Whisper knows: use a code such as en, or auto.");
/// The recogniser came to no result.
pub const HEARING_FAILED: Text = Text("The speech model failed ({reason}).");
/// The recogniser ended.
pub const HEARING_STOPPED: Text =
    Text("Speech recognition stopped by itself: start Samantha again.");

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
/// It does not end when it should.
pub const MODEL_HANGS: Text = Text("The language model did not stop in time and is started again.");
/// It ended in the middle of a reply, and again.
pub const MODEL_STOPPED_TWICE: Text =
    Text("The language model stopped twice while answering: ask again, or choose a smaller model.");
/// It is being started.
pub const MODEL_NOT_READY: Text = Text("The language model is not ready: ask again.");
/// The process's program is not there.
pub const MODEL_PROGRAM_MISSING: Text = Text(
    "The program {program}, which runs the language model, is missing beside this one: install Samantha again.",
);
/// The process's program is no program.
pub const MODEL_PROGRAM_FAILS: Text = Text(
    "The program {program}, which runs the language model, does not start ({reason}): install Samantha again.",
);
/// What the process with the language model could not do.
pub fn model_fault(fault: Fault) -> Text {
    match fault {
        Fault::ModelMissing => Text("The language model {file} is missing: fetch it again."),
        Fault::ModelUnusable => {
            Text("{file} is not a language model that can be used: fetch it again.")
        }
        Fault::ModelCannotConverse => {
            Text("{file} is not made for conversations: choose another language model.")
        }
        Fault::TooLittleMemory => {
            Text("There is not enough memory for this model: choose a smaller one.")
        }
        Fault::TooLong => TOO_LONG,
        Fault::Other => Text("The language model could not go on ({reason}): ask again."),
    }
}

/// What was said is too long for it.
pub const TOO_LONG: Text =
    Text("That is longer than the model can read at once: say it in shorter parts.");

/// Another window is open with the same data.
pub const ALREADY_RUNNING: Text =
    Text("Samantha is already running: use the window that is open, or close it first.");
/// The command line cannot reach the window, since the system allows only short
/// paths for sockets.
pub const SOCKET_PATH_TOO_LONG: Text = Text(
    "`samantha talk` cannot reach the app because {path} is longer than a socket's path may be ({max} bytes): choose a shorter folder with --home.",
);
/// The same for another reason.
pub const NO_SOCKET: Text =
    Text("`samantha talk` cannot reach the app because {path} cannot be made ({reason}).");

/// The persona of the settings is not there.
pub const NO_PERSONA: Text =
    Text("There is no persona \"{name}\": put {name}.toml into {dir}, or choose \"samantha\".");
/// It cannot be understood.
pub const BROKEN_PERSONA: Text = Text("The persona {file} cannot be used ({reason}).");
/// A reason for that.
pub const NAMELESS_PERSONA: Text = Text("it gives no name");

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
