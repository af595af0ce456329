//! Every text of the window that a person reads.
//!
//! Plain words, no blame, and always what to do. Texts that only the session
//! or an engine can know arrive as notices.

use crate::app::downloads::{Offer, Purpose};
use crate::app::view::{MicrophoneUse, View};
use crate::session::Presence;
use crate::settings::{DialogueEngine, Settings, Talk, TalkMode};
use crate::turn::Attention;
use std::borrow::Cow;

pub mod checkup;
pub mod latency;
pub mod listening;
pub mod memory;
pub mod memory_page;
pub mod model_rows;
pub mod notices;
pub mod remedies;
pub mod server_test;
pub mod setting_rows;
mod text;

pub use text::Text;

/// Whose window it is.
pub const HER_NAME: &str = "Samantha";
/// What the person's lines are headed, if they gave no name.
pub const YOU: &str = "You";

/// Before anything can be answered.
pub const WAKING: &str = "Waking up";

/// Her state in a word.
pub fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Idle => "Here",
        Presence::Listening => "Listening",
        Presence::Understanding => "Understanding",
        Presence::Thinking => "Thinking",
        Presence::Speaking => "Speaking",
    }
}

/// What can be done now, in a sentence.
pub fn presence_hint(view: &View, talk: &Talk) -> Cow<'static, str> {
    match view.presence {
        Presence::Idle => idle_hint(view, talk),
        Presence::Listening if view.attention.is_hands_free() => listening::JUST_TALK_HINT.into(),
        Presence::Listening if talk.mode == TalkMode::Hold => {
            "Let go when you have finished".into()
        }
        Presence::Listening => "Press again when you have finished".into(),
        Presence::Understanding | Presence::Thinking => "Escape drops the question".into(),
        Presence::Speaking if view.is_muted() => "Escape silences her".into(),
        Presence::Speaking if view.is_half_duplex() => {
            format!("{} to interrupt; Escape silences her", with_the_key(talk)).into()
        }
        Presence::Speaking => "Talk at any time; Escape silences her".into(),
    }
}

fn idle_hint(view: &View, talk: &Talk) -> Cow<'static, str> {
    if view.microphone_use() == MicrophoneUse::Missing {
        return listening::MISSING_HINT.into();
    }
    match view.attention {
        Attention::Open => listening::JUST_TALK_HINT.into(),
        Attention::Name => listening::NAME_HINT.into(),
        Attention::Muted => listening::MUTED_HINT.into(),
        Attention::Resting => format!("{} to wake her", with_the_key(talk)).into(),
        Attention::Key if talk.hotkey.is_empty() => {
            format!("{} and talk", with_the_key(talk)).into()
        }
        Attention::Key => {
            format!("{}, or {} anywhere, and talk", with_the_key(talk), talk.hotkey).into()
        }
    }
}

/// What is to be done with the talk key of the window.
fn with_the_key(talk: &Talk) -> &'static str {
    match talk.mode {
        TalkMode::Hold => "Hold the space bar",
        TalkMode::Toggle => "Press the space bar",
    }
}

/// While the models are loaded.
pub const WAKING_HINT: &str = "One moment, she is getting ready";
/// While weights are missing.
pub const WEIGHTS_MISSING_HINT: &str = "She needs her models first";
/// After a turn without words.
pub const NOTHING_HEARD: &str = "No words were heard. Please try again.";
/// Names the level meter.
pub const MICROPHONE_LEVEL: &str = "Microphone level";

/// On the talk button.
pub fn talk_button(mode: TalkMode, is_listening: bool) -> &'static str {
    match (mode, is_listening) {
        (TalkMode::Hold, false) => "Hold to talk",
        (TalkMode::Hold, true) => "Let go to end",
        (TalkMode::Toggle, false) => "Talk",
        (TalkMode::Toggle, true) => "Finish",
    }
}

/// In the empty text box; also names it.
pub const WRITE_INSTEAD: &str = "Or write to her";
/// Sends what was written.
pub const SEND: &str = "Send";
/// Begins a new conversation.
pub const NEW_CONVERSATION: &str = "New conversation";
/// The same where there is little room.
pub const NEW: &str = "New";
/// Opens the settings.
pub const SETTINGS: &str = "Settings";
/// Closes the settings.
pub const CLOSE_SETTINGS: &str = "Close settings";
/// Goes to the end of the transcript.
pub const NEWEST: &str = "Newest";
/// Names the transcript.
pub const TRANSCRIPT: &str = "Conversation";
/// After words she did not finish.
pub const INTERRUPTED: &str = "interrupted";
/// Takes a notice away.
pub const DISMISS: &str = "Dismiss";

/// Above an empty conversation.
pub const GREETING: &str = "Hello. I am here.";

/// Below it: how to begin.
pub fn how_to_begin(settings: &Settings, attention: Attention) -> Cow<'static, str> {
    match attention {
        Attention::Open => return listening::HOW_TO_JUST_TALK.into(),
        Attention::Muted => return listening::HOW_TO_UNMUTE.into(),
        Attention::Key | Attention::Name | Attention::Resting => {}
    }
    let anywhere = match settings.talk.hotkey.as_str() {
        "" => String::new(),
        hotkey => format!(", or {hotkey} in any other window,"),
    };
    format!(
        "{}{anywhere} and say what is on your mind. You can also write to me below.",
        with_the_key(&settings.talk)
    )
    .into()
}

/// Tells a screen reader of a reply she does not say aloud.
pub fn announced_reply(text: &str) -> String {
    format!("{HER_NAME}: {text}")
}

/// Where words go, honestly.
pub fn where_words_go(settings: &Settings, model: Option<&str>) -> String {
    if settings.dialogue.engine == DialogueEngine::Local {
        return match model {
            // The model's name says where it runs.
            Some(model) => format!("Answers by {model}. Nothing you say leaves it."),
            None => "Everything stays on this computer.".into(),
        };
    }
    match server(&settings.dialogue.server.base_url) {
        None => "No server is set yet: please enter its address in the settings.".into(),
        Some((host, true)) => format!("Your words go to a server on this computer ({host})."),
        Some((host, false)) => format!("Your words go to {host}."),
    }
}

/// Host and port of an address, and whether that is this computer.
fn server(base_url: &str) -> Option<(String, bool)> {
    let url = reqwest::Url::parse(base_url).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = bare == "localhost"
        || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some((format!("{host}{port}"), is_here))
}

/// The window could not be opened.
pub fn no_window(reason: &str) -> String {
    format!("the window cannot be opened: {reason}; is there a display (DISPLAY, WAYLAND_DISPLAY)?")
}

/// Heads the panel of missing weights.
pub const WEIGHTS_MISSING_TITLE: &str = "Before we can talk";
/// Explains it.
pub const WEIGHTS_MISSING: &str = "She hears and thinks with models that run on this computer. \
     They are fetched once and then stay here; nothing you say is sent anywhere for it.";
/// Puts the panel aside.
pub const LATER: &str = "Later";
/// Stops fetching.
pub const CANCEL: &str = "Cancel";
/// Fetches.
pub const DOWNLOAD: &str = "Download";
/// Fetches after a failure.
pub const TRY_AGAIN: &str = "Try again";
/// It is here.
pub const INSTALLED: &str = "On this computer";

/// Fetches everything that is missing.
pub fn download_all(total_bytes: u64) -> String {
    format!("Download {}", bytes(total_bytes))
}

/// Names a button of one weight for those who cannot see the row it is in.
pub fn of_weight(button: &str, weight: &str) -> String {
    format!("{button}: {weight}")
}

/// What a weight is for.
pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Hearing => "to hear you",
        Purpose::Dialogue => "to answer you",
        Purpose::Remembering => "to remember by meaning",
        Purpose::Speaking => "a voice of her own",
        Purpose::TurnTaking => "to hear when you have finished",
    }
}

/// Size, licence and memory of a weight.
pub fn offer_facts(offer: &Offer) -> String {
    format!(
        "{} · {} · needs {} of memory",
        bytes(offer.size_bytes),
        offer.licence,
        bytes(offer.ram_bytes)
    )
}

/// How far a download has come.
pub fn progress(done_bytes: u64, total_bytes: u64) -> String {
    format!("{} of {}", bytes(done_bytes), bytes(total_bytes))
}

/// A size as people write it: three digits that mean something.
pub fn bytes(count: u64) -> String {
    let (value, unit) = match count {
        0..1_000_000 => (count as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (count as f64 / 1e6, "MB"),
        _ => (count as f64 / 1e9, "GB"),
    };
    let decimals = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// The settings panel.
pub mod settings {
    use crate::settings::{DialogueEngine, TalkMode, VoiceEngine};

    /// Heads what concerns the person.
    pub const YOU: &str = "You";
    /// The person's name.
    pub const NAME: &str = "Your name";
    /// The person's language.
    pub const LANGUAGE: &str = "Your language (en, de, fr …)";

    /// Heads what concerns talking.
    pub const TALKING: &str = "Talking";
    /// How the key works.
    pub const TALK_MODE: &str = "The talk key";
    /// The key that works everywhere.
    pub const HOTKEY: &str = "Talk key in any window";
    /// Below it.
    pub const HOTKEY_HELP: &str = "Such as Ctrl+Shift+Space. Leave it empty for none.";
    /// The microphone.
    pub const MICROPHONE: &str = "Microphone";
    /// The recogniser.
    pub const HEARING_MODEL: &str = "Model that hears you";
    /// The system's default device.
    pub const SYSTEM_DEFAULT: &str = "The system's default";

    /// Heads what concerns the voice.
    pub const VOICE: &str = "Her voice";
    /// Whether replies are spoken.
    pub const SPEAK: &str = "Say replies aloud";
    /// Which of the system's voices.
    pub const VOICE_CHOICE: &str = "Voice";
    /// Who speaks.
    pub const VOICE_ENGINE: &str = "Who speaks";
    /// Lets a voice be heard.
    pub const HEAR_IT: &str = "Hear it";
    /// In its place while it is heard.
    pub const HEARING_IT: &str = "Speaking…";
    /// What is said then.
    pub const AUDITION_TEXT: &str = "Hello. This is how I would sound when we talk. \
         Tell me about your day, and take your time.";
    /// How warm her own voice is.
    pub const WARMTH: &str = "Warmth";
    /// The sounds of listening.
    pub const CUES: &str = "A soft sound when she begins and ends listening";
    /// No choice made.
    pub const VOICE_DEFAULT: &str = "A woman's voice in your language";
    /// How fast.
    pub const RATE: &str = "Pace";
    /// How loud.
    pub const VOLUME: &str = "Volume";

    /// Heads what concerns answers.
    pub const ANSWERS: &str = "Her answers";
    /// Where answers come from.
    pub const ENGINE: &str = "Who answers";
    /// The local model.
    pub const DIALOGUE_MODEL: &str = "Model that answers";
    /// No choice made.
    pub const MODEL_DEFAULT: &str = "What fits this computer";
    /// The server's address.
    pub const BASE_URL: &str = "Server address";
    /// An example of it.
    pub const BASE_URL_EXAMPLE: &str = "http://localhost:11434/v1";
    /// The server's model.
    pub const SERVER_MODEL: &str = "Model on the server";
    /// Where the key is.
    pub const API_KEY_ENV: &str = "Environment variable that holds the key";
    /// The key itself.
    pub const API_KEY: &str = "Or the key itself";
    /// In its place when there is one.
    pub const API_KEY_STORED: &str = "A key is stored. It is never shown.";
    /// When there is none.
    pub const API_KEY_HELP: &str = "Kept in your settings file, which only you can read.";
    /// Removes it.
    pub const FORGET_KEY: &str = "Forget the key";
    /// What the choice of a server means.
    pub const SERVER_WARNING: &str =
        "What you say, and the conversation so far, is sent to this server.";

    /// Heads the list of weights.
    pub const WEIGHTS: &str = "Models";
    /// Before the catalogue is known.
    pub const NO_WEIGHTS: &str = "No models are offered.";

    /// How the talk key works.
    pub fn talk_mode(mode: TalkMode) -> &'static str {
        match mode {
            TalkMode::Hold => "Hold it while you talk",
            TalkMode::Toggle => "Press to begin, press to end",
        }
    }

    /// Where answers come from.
    pub fn engine(engine: DialogueEngine) -> &'static str {
        match engine {
            DialogueEngine::Local => "A model on this computer",
            DialogueEngine::Server => "A server",
        }
    }

    /// Who speaks.
    pub fn voice_engine(engine: VoiceEngine) -> &'static str {
        match engine {
            VoiceEngine::System => "The system's voice",
            VoiceEngine::Own => "A voice of her own, in English",
        }
    }

    /// Lets that voice be heard.
    pub fn hear(engine: VoiceEngine) -> String {
        format!("{HEAR_IT}: {}", voice_engine(engine))
    }

    /// A choice whose weight is not here.
    pub fn not_here(name: &str) -> String {
        format!("{name} (not downloaded)")
    }

    /// Times the voice's own pace.
    pub fn rate(rate: f32) -> String {
        format!("{rate:.2}×")
    }

    /// Of the loudest.
    pub fn volume(volume: f32) -> String {
        format!("{:.0} %", volume * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::EchoGuard;

    fn with_server(base_url: &str) -> Settings {
        let mut settings = Settings::default();
        settings.dialogue.engine = DialogueEngine::Server;
        settings.dialogue.server.base_url = base_url.into();
        settings
    }

    #[test]
    fn she_says_where_words_go() {
        let local = Settings::default();
        assert_eq!(where_words_go(&local, None), "Everything stays on this computer.");
        assert_eq!(
            where_words_go(&local, Some("Qwen 0.5B, on this computer")),
            "Answers by Qwen 0.5B, on this computer. Nothing you say leaves it."
        );
        for (base_url, expect) in [
            ("https://api.example.com/v1", "Your words go to api.example.com."),
            ("https://me:secret@example.com:8443/v1", "Your words go to example.com:8443."),
            (
                "http://localhost:11434/v1",
                "Your words go to a server on this computer (localhost:11434).",
            ),
            ("http://127.0.0.1/v1", "Your words go to a server on this computer (127.0.0.1)."),
            ("http://[::1]:80/", "Your words go to a server on this computer ([::1])."),
            (
                "localhost.evil.com",
                "No server is set yet: please enter its address in the settings.",
            ),
            ("", "No server is set yet: please enter its address in the settings."),
        ] {
            assert_eq!(where_words_go(&with_server(base_url), Some("m")), expect, "{base_url}");
        }
    }

    #[test]
    fn sizes_read_as_people_write_them() {
        for (count, expect) in [
            (0, "0.00 kB"),
            (999_999, "1000 kB"),
            (7_936_868, "7.94 MB"),
            (75_537_502, "75.5 MB"),
            (491_400_064, "491 MB"),
            (1_117_320_768, "1.12 GB"),
        ] {
            assert_eq!(bytes(count), expect);
        }
    }

    #[test]
    fn the_beginning_names_the_talk_key_if_there_is_one() {
        let mut settings = Settings::default();
        let key = Attention::Key;
        assert!(how_to_begin(&settings, key).contains("Ctrl+Shift+Space"));
        settings.talk.hotkey.clear();
        assert!(how_to_begin(&settings, key).starts_with("Hold the space bar and say"));
        assert!(how_to_begin(&settings, Attention::Open).starts_with("Just say"));
        assert!(how_to_begin(&settings, Attention::Muted).contains("Press M"));
    }

    #[test]
    fn hints_fit_how_she_listens() {
        use Attention::{Key, Muted, Name, Open, Resting};
        use Presence::{Idle, Speaking};
        for (attention, presence, guard, expect) in [
            (Key, Idle, None, "Hold the space bar, or Ctrl+Shift+Space anywhere, and talk"),
            (Open, Idle, None, listening::JUST_TALK_HINT),
            (Name, Idle, None, listening::NAME_HINT),
            (Resting, Idle, None, "Hold the space bar to wake her"),
            (Muted, Idle, None, listening::MUTED_HINT),
            (Key, Speaking, Some(EchoGuard::HalfDuplex), "Talk at any time; Escape silences her"),
            (Open, Speaking, Some(EchoGuard::Cancelled), "Talk at any time; Escape silences her"),
            (
                Open,
                Speaking,
                Some(EchoGuard::HalfDuplex),
                "Hold the space bar to interrupt; Escape silences her",
            ),
            (Muted, Speaking, None, "Escape silences her"),
        ] {
            let view = View { attention, presence, echo_guard: guard, ..View::default() };
            let hint = presence_hint(&view, &Talk::default());
            assert_eq!(hint, expect, "{attention:?} {presence:?}");
        }
    }
}
