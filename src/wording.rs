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
pub mod days;
pub mod fetching;
pub mod findings;
pub mod language;
pub mod latency;
pub mod letters;
pub mod listening;
pub mod memory;
pub mod memory_page;
pub mod model_rows;
pub mod notices;
pub mod place;
pub mod reasons;
pub mod remedies;
pub mod server;
pub mod server_test;
pub mod setting_rows;
mod text;
pub mod tray;
pub mod troubles;
pub mod welcome;
pub mod window;

pub use text::{Sentence, Text};

/// Whose window it is.
pub const HER_NAME: &str = "Samantha";
/// What the person's lines are headed, if they gave no name.
pub const YOU: Text = Text("You");

/// Before anything can be answered.
pub const WAKING: Text = Text("Waking up");

/// Her state in a word.
pub fn presence(presence: Presence) -> Text {
    match presence {
        Presence::Idle => Text("Here"),
        Presence::Listening => Text("Listening"),
        Presence::Understanding => Text("Understanding"),
        Presence::Thinking => Text("Thinking"),
        Presence::Speaking => Text("Speaking"),
    }
}

/// What can be done now, in a sentence.
pub fn presence_hint(view: &View, talk: &Talk) -> Cow<'static, str> {
    match view.presence {
        Presence::Idle => idle_hint(view, talk),
        Presence::Listening if view.attention.is_hands_free() => listening::JUST_TALK_HINT.into(),
        Presence::Listening if talk.mode == TalkMode::Hold => {
            Text("Let go when you have finished").into()
        }
        Presence::Listening => Text("Press again when you have finished").into(),
        Presence::Understanding | Presence::Thinking => Text("Escape drops the question").into(),
        Presence::Speaking if view.is_muted() => Text("Escape silences her").into(),
        Presence::Speaking if view.is_half_duplex() => {
            Text("{key} to interrupt; Escape silences her")
                .with(&[("key", &with_the_key(talk))])
                .into()
        }
        Presence::Speaking if view.is_hard_to_interrupt() => {
            Text("Say “wait” to interrupt; Escape silences her").into()
        }
        Presence::Speaking => Text("Talk at any time; Escape silences her").into(),
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
        Attention::Resting => {
            Text("{key} to wake her").with(&[("key", &with_the_key(talk))]).into()
        }
        Attention::Key if talk.hotkey.is_empty() => {
            Text("{key} and talk").with(&[("key", &with_the_key(talk))]).into()
        }
        Attention::Key => Text("{key}, or {hotkey} anywhere, and talk")
            .with(&[("key", &with_the_key(talk)), ("hotkey", &talk.hotkey)])
            .into(),
    }
}

/// What is to be done with the talk key of the window.
fn with_the_key(talk: &Talk) -> Text {
    match talk.mode {
        TalkMode::Hold => Text("Hold the space bar"),
        TalkMode::Toggle => Text("Press the space bar"),
    }
}

/// While the models are loaded.
pub const WAKING_HINT: Text = Text("One moment, she is getting ready");
/// While weights are missing.
pub const WEIGHTS_MISSING_HINT: Text = Text("She needs her models first");
/// After a turn without words.
pub const NOTHING_HEARD: Text = Text("No words were heard. Please try again.");
/// Names the level meter.
pub const MICROPHONE_LEVEL: Text = Text("Microphone level");

/// On the talk button.
pub fn talk_button(mode: TalkMode, is_listening: bool) -> Text {
    match (mode, is_listening) {
        (TalkMode::Hold, false) => Text("Hold to talk"),
        (TalkMode::Hold, true) => Text("Let go to end"),
        (TalkMode::Toggle, false) => Text("Talk"),
        (TalkMode::Toggle, true) => Text("Finish"),
    }
}

/// In the empty text box; also names it.
pub const WRITE_INSTEAD: Text = Text("Or write to her");
/// Sends what was written.
pub const SEND: Text = Text("Send");
/// Begins a new conversation.
pub const NEW_CONVERSATION: Text = Text("New conversation");
/// The same where there is little room.
pub const NEW: Text = Text("New");
/// Opens the settings.
pub const SETTINGS: Text = Text("Settings");
/// Closes what is open, where there is little room.
pub const CLOSE: Text = Text("Close");
/// Closes the settings.
pub const CLOSE_SETTINGS: Text = Text("Close settings");
/// Goes to the end of the transcript.
pub const NEWEST: Text = Text("Newest");
/// Names the transcript.
pub const TRANSCRIPT: Text = Text("Conversation");
/// After words she did not finish.
pub const INTERRUPTED: Text = Text("interrupted");
/// Takes a notice away.
pub const DISMISS: Text = Text("Dismiss");

/// Above an empty conversation.
pub const GREETING: Text = Text("Hello. I am here.");

/// Words that are not all there yet.
pub fn going_on(words: &str) -> String {
    format!("{words} …")
}

/// Below it: how to begin.
pub fn how_to_begin(settings: &Settings, attention: Attention) -> Cow<'static, str> {
    match attention {
        Attention::Open => return listening::HOW_TO_JUST_TALK.into(),
        Attention::Muted => return listening::HOW_TO_UNMUTE.into(),
        Attention::Key | Attention::Name | Attention::Resting => {}
    }
    let (key, hotkey) = (with_the_key(&settings.talk), &settings.talk.hotkey);
    let text = if hotkey.is_empty() {
        Text("{key} and say what is on your mind. You can also write to me below.")
    } else {
        Text(
            "{key}, or {hotkey} in any other window, and say what is on your mind. You can also \
             write to me below.",
        )
    };
    text.with(&[("key", &key), ("hotkey", hotkey)]).into()
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
            Some(model) => {
                Text("Answers by {model}. Nothing you say leaves it.").with(&[("model", &model)])
            }
            None => Text("Everything stays on this computer.").into(),
        };
    }
    match server(&settings.dialogue.server.base_url) {
        None => Text("No server is set yet: please enter its address in the settings.").into(),
        Some((host, true)) => {
            Text("Your words go to a server on this computer ({host}).").with(&[("host", &host)])
        }
        Some((host, false)) => Text("Your words go to {host}.").with(&[("host", &host)]),
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
    Text("the window cannot be opened: {reason}; is there a display (DISPLAY, WAYLAND_DISPLAY)?")
        .with(&[("reason", &reason)])
}

/// Heads the panel of missing weights.
pub const WEIGHTS_MISSING_TITLE: Text = Text("Before we can talk");
/// Explains it.
pub const WEIGHTS_MISSING: Text = Text(
    "She hears and thinks with models that run on this computer. \
     They are fetched once and then stay here; nothing you say is sent anywhere for it.",
);
/// Puts the panel aside.
pub const LATER: Text = Text("Later");
/// Stops fetching.
pub const CANCEL: Text = Text("Cancel");
/// Fetches.
pub const DOWNLOAD: Text = Text("Download");
/// Fetches after a failure.
pub const TRY_AGAIN: Text = Text("Try again");
/// It is here.
pub const INSTALLED: Text = Text("On this computer");

/// Fetches everything that is missing.
pub fn download_all(total_bytes: u64) -> String {
    Text("Download {size}").with(&[("size", &bytes(total_bytes))])
}

/// Names a button of one weight for those who cannot see the row it is in.
pub fn of_weight(button: &str, weight: &str) -> String {
    format!("{button}: {weight}")
}

/// What a weight is for.
pub fn purpose(purpose: Purpose) -> Text {
    match purpose {
        Purpose::Hearing => Text("to hear you"),
        Purpose::Dialogue => Text("to answer you"),
        Purpose::Remembering => Text("to remember by meaning"),
        Purpose::Speaking => Text("a voice of her own"),
        Purpose::TurnTaking => Text("to hear when you have finished"),
    }
}

/// Size, licence and memory of a weight.
pub fn offer_facts(offer: &Offer) -> String {
    Text("{size} · {licence} · needs {memory} of memory").with(&[
        ("size", &bytes(offer.size_bytes)),
        ("licence", &offer.licence),
        ("memory", &bytes(offer.ram_bytes)),
    ])
}

/// How far a download has come.
pub fn progress(done_bytes: u64, total_bytes: u64) -> String {
    Text("{done} of {total}").with(&[("done", &bytes(done_bytes)), ("total", &bytes(total_bytes))])
}

/// A size as people write it: three digits that mean something.
pub fn bytes(count: u64) -> String {
    let (value, unit) = match count {
        0 => return "0 kB".to_owned(),
        1..1_000_000 => (count as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (count as f64 / 1e6, "MB"),
        _ => (count as f64 / 1e9, "GB"),
    };
    let decimals = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{} {unit}", decimal(value, decimals))
}

/// A number with decimals, as people write it.
pub fn decimal(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', &DECIMAL_SIGN)
}

/// Between a whole number and its decimals.
pub const DECIMAL_SIGN: Text = Text(".");
/// Between thousands and hundreds.
pub const THOUSANDS_SIGN: Text = Text(",");

/// The settings panel.
pub mod settings {
    use super::Text;
    use crate::settings::{DialogueEngine, TalkMode, VoiceEngine};

    /// Heads what concerns the person.
    pub const YOU: Text = Text("You");

    /// Heads what concerns talking.
    pub const TALKING: Text = Text("Talking");
    /// The system's default device.
    pub const SYSTEM_DEFAULT: Text = Text("The system's default");

    /// Heads what concerns the voice.
    pub const VOICE: Text = Text("Her voice");
    /// Lets a voice be heard.
    pub const HEAR_IT: Text = Text("Hear it");
    /// In its place while it is heard.
    pub const HEARING_IT: Text = Text("Speaking…");
    /// What is said then, in the language of her own voice.
    pub const AUDITION_TEXT: &str = "Hello. This is how I would sound when we talk. \
         Tell me about your day, and take your time.";
    /// No choice made.
    pub const VOICE_DEFAULT: Text = Text("A woman's voice in your language");

    /// Heads what concerns answers.
    pub const ANSWERS: Text = Text("Her answers");
    /// No choice made.
    pub const MODEL_DEFAULT: Text = Text("What fits this computer");
    /// An example of it.
    pub const BASE_URL_EXAMPLE: &str = "http://localhost:11434/v1";
    /// In its place when there is one.
    pub const API_KEY_STORED: Text = Text("A key is stored. It is never shown.");
    /// Removes it.
    pub const FORGET_KEY: Text = Text("Forget the key");
    /// What the choice of a server means.
    pub const SERVER_WARNING: Text =
        Text("What you say, and the conversation so far, is sent to this server.");

    /// Heads the list of weights.
    pub const WEIGHTS: Text = Text("Models");
    /// Before the catalogue is known.
    pub const NO_WEIGHTS: Text = Text("No models are offered.");

    /// How the talk key works.
    pub fn talk_mode(mode: TalkMode) -> Text {
        match mode {
            TalkMode::Hold => Text("Hold it while you talk"),
            TalkMode::Toggle => Text("Press to begin, press to end"),
        }
    }

    /// Where answers come from.
    pub fn engine(engine: DialogueEngine) -> Text {
        match engine {
            DialogueEngine::Local => Text("A model on this computer"),
            DialogueEngine::Server => Text("A server"),
        }
    }

    /// Who speaks.
    pub fn voice_engine(engine: VoiceEngine) -> Text {
        match engine {
            VoiceEngine::System => Text("The system's voice"),
            VoiceEngine::Own => Text("A voice of her own, in English"),
        }
    }

    /// Lets that voice be heard.
    pub fn hear(engine: VoiceEngine) -> String {
        format!("{HEAR_IT}: {}", voice_engine(engine))
    }

    /// A choice whose weight is not here.
    pub fn not_here(name: &str) -> String {
        Text("{name} (not downloaded)").with(&[("name", &name)])
    }

    /// Times the voice's own pace.
    pub fn rate(rate: f32) -> String {
        format!("{}×", super::decimal(rate.into(), 2))
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
            (0, "0 kB"),
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
            (Open, Idle, None, &listening::JUST_TALK_HINT),
            (Name, Idle, None, &listening::NAME_HINT),
            (Resting, Idle, None, "Hold the space bar to wake her"),
            (Muted, Idle, None, &listening::MUTED_HINT),
            (Key, Speaking, Some(EchoGuard::HalfDuplex), "Talk at any time; Escape silences her"),
            (Open, Speaking, Some(EchoGuard::Cancelled), "Talk at any time; Escape silences her"),
            (
                Open,
                Speaking,
                Some(EchoGuard::Unsettled),
                "Say “wait” to interrupt; Escape silences her",
            ),
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
