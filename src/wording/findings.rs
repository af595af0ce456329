//! What was found about each part that was checked: that it works, or what to do.

use super::Text;
use memory::vault::Keeper;

/// It opens, and this can be told of its loudness.
pub const MICROPHONE_WORKS: Text =
    Text("\"{device}\" works; the loudest moment of one second was {level} dB.");
/// It opens, and gives nothing.
pub const MICROPHONE_SILENT: Text = Text(
    "\"{device}\" opens, but gives complete silence: if it is muted, unmute it in your sound \
     settings (for instance with `pavucontrol`).",
);
/// It gave sound, and then no more.
pub const MICROPHONE_STOPPED: Text = Text("\"{device}\" stopped giving sound: plug it in again.");
/// It gives no sound at all.
pub const MICROPHONE_LATE: Text = Text(
    "The microphone gave no sound within {seconds} s: plug it in again, or choose another one.",
);
/// Another one is used.
pub const MICROPHONE_REPLACED: Text = Text(
    "\"{device}\" is used, because the chosen microphone \"{wanted}\" is not there: plug that in, \
     or choose another one.",
);

/// It is there.
pub const SPEAKER_PLAYS: Text = Text("\"{device}\" plays her voice.");
/// There is none.
pub const NO_SPEAKER: Text =
    Text("No loudspeaker was found: plug one in, or switch one on in your sound settings.");
/// It cannot be asked.
pub const SOUND_SYSTEM_SILENT: Text =
    Text("The sound system does not answer: restart it, or log in again.");

/// That was wished.
pub const VOICE_OFF: Text =
    Text("Her voice is switched off in the settings; replies are only shown.");
/// The weights of her own.
pub const OWN_VOICE_SPEAKS: Text = Text("Her own voice can speak.");
/// The system's.
pub const VOICES: Text = Text("The speech service answers and has {count} voices.");
/// It does not answer.
pub const SPEECH_SERVICE_SILENT: Text =
    Text("The speech service does not answer: log out and in again.");

/// A model for hearing or answering.
pub const MODEL_HERE: Text = Text("{id} is here and will be used.");
/// The program that runs the language model.
pub const PROGRAM_HERE: Text = Text("{program} is there.");
/// The same, where no model runs here.
pub const PROGRAM_NOT_NEEDED: Text = Text("Not needed: a server answers.");

/// The server can be reached.
pub const SERVER_OPEN: Text =
    Text("The server \"{host}\" accepts connections; what you say is sent there.");
/// It can, and would want a key.
pub const SERVER_WITHOUT_KEY: Text = Text(
    "The server \"{host}\" answers, but the environment variable {key} that should hold its key \
     is not set.",
);
/// It is down.
pub const SERVER_CLOSED: Text = Text(
    "The server \"{host}\" does not accept connections: start it, or check the address in the \
     settings.",
);
/// Nobody knows its name.
pub const SERVER_NOT_FOUND: Text = Text(
    "The server \"{host}\" cannot be found: check the address in the settings and your network.",
);
/// There is no such address.
pub const NO_ADDRESS: Text = Text(
    "The server's address in the settings is not one: write it like `http://localhost:11434/v1`.",
);

/// Nobody has talked with her.
pub const NOTHING_REMEMBERED: Text = Text("There is nothing to remember yet.");
/// It can be read in part.
pub const MEMORY_DAMAGED: Text = Text(
    "It is damaged: at the next start she keeps the damaged file aside and takes over what can be \
     read.",
);

/// The memory can be opened.
pub fn opens(keeper: Keeper) -> Text {
    match keeper {
        Keeper::Keychain => Text("It opens; this computer's keychain keeps its key."),
        Keeper::File => Text("It opens; a file that only your account can read keeps its key."),
        Keeper::Passphrase => Text("It opens with your passphrase."),
    }
}

/// Where the window is shown, under Wayland.
pub const WAYLAND_ANSWERS: Text = Text("The Wayland desktop answers.");
/// It is gone.
pub const NO_WAYLAND: Text =
    Text("No Wayland desktop answers at {socket}: start Samantha from within your desktop.");
/// The same under X11.
pub const DISPLAY_ANSWERS: Text = Text("The display {display} answers.");
/// It is gone.
pub const DISPLAY_SILENT: Text =
    Text("The display {display} does not answer: start Samantha within your desktop.");
/// Elsewhere it cannot be gone.
pub const ALWAYS_A_DISPLAY: Text = Text("This system always has one.");

/// None is wished.
pub const NO_KEY: Text = Text("No talk key is set; the window's button and the space bar serve.");
/// The running app has it.
pub const KEY_IN_USE: Text = Text("Samantha is running and takes care of the key herself.");
/// Nobody has it.
pub const KEY_FREE: Text = Text("{key} can be used everywhere.");
/// Another program has it.
pub const KEY_TAKEN: Text =
    Text("Another program owns {key}: choose another talk key in the settings.");
/// Nobody could press it.
pub const NOT_A_KEY: Text =
    Text("The talk key \"{key}\" of the settings is not a key: write it like `Ctrl+Shift+Space`.");
/// There is no desktop.
pub const NO_DISPLAY_FOR_KEYS: Text =
    Text("There is no display to take keys from: start Samantha within a desktop.");
/// The way to keys under Wayland.
pub const PORTAL_ANSWERS: Text =
    Text("The desktop's portal for keys answers; it will ask once for consent.");
/// There is no such way.
pub const NO_PORTAL: Text = Text(
    "This Wayland desktop gives programs no keys: in your desktop's keyboard settings, bind a key \
     to `samantha talk toggle`.",
);
/// Elsewhere it cannot be tried.
pub const KEY_UNKNOWN: Text =
    Text("Whether \"{key}\" is free can only be told by the window: open it and press the key.");
