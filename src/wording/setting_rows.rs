//! The settings in words: each with its name, one line that explains it, and
//! other words by which people look for it.

use super::Text;

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub label: Text,
    /// What it does, in one line.
    pub help: Text,
    /// Other words by which it is found.
    pub also: Text,
}

/// Names the field that looks for settings.
pub const SEARCH: Text = Text("Search the settings");
/// Empties it.
pub const SEARCH_CLEAR: Text = Text("Clear");
/// Nothing fits.
pub const NOTHING_FOUND: Text =
    Text("No setting fits “{words}”. Try another word, such as “voice” or “key”.");
/// Takes one setting back to what it was at the beginning.
pub const RESET: Text = Text("Reset");
/// Names that button.
pub const RESET_ONE: Text = Text("Reset: {setting}");

/// Hold or toggle.
pub const TALK_MODE: Row = Row {
    label: Text("The talk key"),
    help: Text("She listens while you hold it, or from one press to the next."),
    also: Text("hold toggle press push to talk ptt space bar button"),
};

/// The key that works everywhere.
pub const HOTKEY: Row = Row {
    label: Text("Talk key in any window"),
    help: Text("Such as Ctrl+Shift+Space. Leave it empty for none."),
    also: Text("hotkey shortcut keyboard global"),
};

/// The device.
pub const MICROPHONE: Row = Row {
    label: Text("Microphone"),
    help: Text("What she hears you through."),
    also: Text("device input headset sound record"),
};

/// The recogniser.
pub const HEARING_MODEL: Row = Row {
    label: Text("Model that hears you"),
    help: Text("Writes down what you say. Larger ones mishear less and take longer."),
    also: Text("speech recognition whisper transcription understand"),
};

/// Conversation without a key.
pub const HANDS_FREE: Row = Row {
    label: Text("Listen without a key"),
    help: Text("She listens whenever you speak, and answers when you have finished."),
    also: Text("hands-free hands free just talk always on automatic"),
};

/// After which silence she rests.
pub const REST_AFTER: Row = Row {
    label: Text("Rest when nothing was said for"),
    help: Text("Then she closes the microphone until you wake her."),
    also: Text("sleep pause timeout silence minutes"),
};

/// The same while her name wakes her.
pub const REST_AFTER_BY_NAME: Row =
    Row { help: Text("Then only her name or the talk key wakes her."), ..REST_AFTER };

/// Whether her name wakes her.
pub const WAKE_BY_NAME: Row = Row {
    label: Text("Her name wakes her"),
    help: Text(
        "The microphone stays open while she rests. What is not for her is dropped at once.",
    ),
    also: Text("wake word samantha hotword rest"),
};

/// Whether she says something into a silence.
pub const GENTLE: Row = Row {
    label: Text("A gentle word after a long silence"),
    help: Text("Once, so that you know she is there. Never when you are sad."),
    also: Text("quiet reminder comfort"),
};

/// Whether the person wears headphones.
pub const HEADPHONES: Row = Row {
    label: Text("Do you wear headphones?"),
    help: Text("With them she never hears herself, and you can always interrupt her."),
    also: Text("earphones echo headset loudspeaker interrupt"),
};

/// Whether replies are spoken.
pub const SPEAK: Row = Row {
    label: Text("Say replies aloud"),
    help: Text("Without it, her replies are only written."),
    also: Text("voice speech mute silent read"),
};

/// Who speaks.
pub const VOICE_ENGINE: Row = Row {
    label: Text("Who speaks"),
    help: Text("Hear both before you choose."),
    also: Text("voice engine system own synthesis"),
};

/// Which of the system's voices.
pub const VOICE_CHOICE: Row = Row {
    label: Text("Voice"),
    help: Text("One of the voices that your system has."),
    also: Text("woman man accent speaker"),
};

/// How warm her own voice is.
pub const WARMTH: Row = Row {
    label: Text("Warmth"),
    help: Text("How much feeling there is in her voice."),
    also: Text("tone feeling mood"),
};

/// How fast.
pub const RATE: Row = Row {
    label: Text("Pace"),
    help: Text("How fast she speaks."),
    also: Text("speed rate slow fast tempo"),
};

/// How loud.
pub const VOLUME: Row = Row {
    label: Text("Volume"),
    help: Text("How loud she speaks."),
    also: Text("loudness quiet loud sound"),
};

/// The sounds of listening.
pub const CUES: Row = Row {
    label: Text("A soft sound when she begins and ends listening"),
    help: Text("So that you know without looking."),
    also: Text("beep cue tone chime signal"),
};

/// Where answers come from.
pub const ENGINE: Row = Row {
    label: Text("Who answers"),
    help: Text("On this computer nothing leaves it. A server can be larger and quicker."),
    also: Text("local server online cloud privacy offline ai llm"),
};

/// The local model.
pub const DIALOGUE_MODEL: Row = Row {
    label: Text("Model that answers"),
    help: Text("Larger ones are wiser and slower."),
    also: Text("language model llm qwen brain weights"),
};

/// The server's address.
pub const BASE_URL: Row = Row {
    label: Text("Server address"),
    help: Text("Of anything that speaks as OpenAI does: Ollama, llama.cpp, LM Studio."),
    also: Text("url host ollama openai api endpoint"),
};

/// The server's model.
pub const SERVER_MODEL: Row = Row {
    label: Text("Model on the server"),
    help: Text("By the name that the server gives it."),
    also: Text("llm name gpt"),
};

/// Where the key is.
pub const API_KEY_ENV: Row = Row {
    label: Text("Environment variable that holds the key"),
    help: Text("If the server wants a key and you keep it outside the settings."),
    also: Text("api key secret token password"),
};

/// The key itself.
pub const API_KEY: Row = Row {
    label: Text("Or the key itself"),
    help: Text("Kept in your settings file, which only you can read."),
    also: Text("api key secret token password"),
};

/// Tries the server.
pub const SERVER_TEST: Row = Row {
    label: Text("Does the server answer?"),
    help: Text("Asks it one short, fixed sentence: nothing of yours is sent."),
    also: Text("test connection check try reachable"),
};

/// The person's name.
pub const NAME: Row = Row {
    label: Text("Your name"),
    help: Text("What she calls you. It may stay empty."),
    also: Text("person call nickname"),
};

/// The person's language.
pub const LANGUAGE: Row = Row {
    label: Text("Your language (en, de, fr …)"),
    help: Text("The one you speak with her."),
    also: Text("english german french speech locale"),
};

/// What lies on the disk.
pub const WEIGHTS: Row = Row {
    label: Text("Models"),
    help: Text("What she hears, thinks and speaks with: size, memory, and how fast it is here."),
    also: Text("weights download remove size disk memory speed measure"),
};

/// How fast she answers.
pub const LATENCY: Row = Row {
    label: Text("How fast she answers"),
    help: Text("How long each step of the last answers took."),
    also: Text("latency delay slow milliseconds time speed"),
};

/// Whether everything works.
pub const CHECKUP: Row = Row {
    label: Text("Is everything all right?"),
    help: Text("Tries each part and says what to do about what does not work."),
    also: Text("doctor check problem trouble broken error help repair diagnose"),
};

/// The language of its texts.
pub const WINDOW_LANGUAGE: Row = Row {
    label: Text("Language of the window"),
    help: Text("Only what you read here. What you speak with her is chosen elsewhere."),
    also: Text("deutsch german english translation"),
};

/// Light or dark.
pub const THEME: Row = Row {
    label: Text("Light or dark"),
    help: Text("Warm paper by day, a dim room by night."),
    also: Text("theme colour color night mode appearance"),
};

/// Black and white.
pub const HIGH_CONTRAST: Row = Row {
    label: Text("High contrast"),
    help: Text("Black on white, or white on black, with clear outlines."),
    also: Text("accessibility see read vision"),
};

/// How large everything is.
pub const ZOOM: Row = Row {
    label: Text("Size of everything"),
    help: Text("Also by Ctrl and +, Ctrl and −; Ctrl and 0 is the usual size."),
    also: Text("zoom larger smaller font text big scale"),
};

/// Whether things move.
pub const MOTION: Row = Row {
    label: Text("Movement"),
    help: Text("Whether her shape breathes and words settle."),
    also: Text("animation motion still reduced"),
};

/// The small window.
pub const SMALL_WINDOW: Row = Row {
    label: Text("A small window when you call her"),
    help: Text(
        "While this window is hidden and you use the talk key, her shape comes up and goes again.",
    ),
    also: Text("overlay popup top hidden minimised"),
};

/// A place in the tray.
pub const TRAY: Row = Row {
    label: Text("A place in the tray"),
    help: Text("Beside the clock. It shows whether her microphone is open."),
    also: Text("icon status panel notification area"),
};

/// Closing hides.
pub const CLOSE_TO_TRAY: Row = Row {
    label: Text("Closing the window leaves her in the tray"),
    help: Text("She goes on listening as you set it. You end her in the tray, by “Quit”."),
    also: Text("background quit exit hide"),
};

/// At login.
pub const START_AT_LOGIN: Row = Row {
    label: Text("Start when you log in"),
    help: Text("She starts in the tray where there is one, otherwise with her window."),
    also: Text("autostart boot startup"),
};
