//! What is said and shown of listening: with the key, without one, not at all.

use super::Text;
use crate::app::view::MicrophoneUse;
use crate::audio::EchoGuard;
use crate::settings::Headphones;

/// What she says into a long silence: in English, the only language in which
/// she also understands requests.
pub const GENTLE_WORD: &str = "I'm here.";
/// What she says when she is asked to stop listening.
pub const STOPPED_LISTENING: &str = "All right, I have closed my microphone. When you want me to \
                                     hear you again, press unmute in my window.";

/// The switch under which no key is needed.
pub const JUST_TALK: Text = Text("Just talk");
/// What it does.
pub const JUST_TALK_HELP: Text = Text(
    "She listens whenever you speak, and answers when you have \
                                  finished. The talk key works as well.",
);
/// Closes the microphone.
pub const MUTE: Text = Text("Mute");
/// Names that button.
pub const MUTE_NAME: Text = Text("Mute the microphone");
/// Opens it again.
pub const UNMUTE: Text = Text("Unmute");
/// Names that button.
pub const UNMUTE_NAME: Text = Text("Unmute the microphone");
/// How it is done without the mouse.
pub const MUTE_SHORTCUT: Text = Text("M, or Ctrl+Shift+M while you write");

/// Her state in a word, while her microphone is muted.
pub const MUTED: Text = Text("Muted");
/// While she rests.
pub const RESTING: Text = Text("Resting");
/// While a key is down and the microphone gives no sound.
pub const NOT_HEARING: Text = Text("Not hearing you");

/// What can be done while she is muted.
pub const MUTED_HINT: Text = Text("Press M, and she can hear you again");
/// While she listens for her name.
pub const NAME_HINT: Text = Text("Say “Samantha” to wake her, or press the talk key");
/// While there is no microphone.
pub const MISSING_HINT: Text = Text("She cannot hear you, but you can write to her");
/// Without a key.
pub const JUST_TALK_HINT: Text = Text("Just talk: she answers when you have finished");

/// Under an empty conversation, without a key.
pub const HOW_TO_JUST_TALK: Text =
    Text("Just say what is on your mind. You can also write to me below.");
/// The same while she is muted.
pub const HOW_TO_UNMUTE: Text =
    Text("My microphone is muted. Press M and I can hear you, or write to me below.");

/// Where nothing takes her voice out of what the microphone hears.
pub const HALF_DUPLEX: Text =
    Text("While she speaks she does not hear you. Headphones help, or the talk key.");

/// Where that leaves much of it.
pub const UNSETTLED: Text =
    Text("Say “wait”, “stop” or her name to interrupt her. With headphones she hears every word.");

/// What the microphone is doing.
pub fn microphone(is_used: MicrophoneUse) -> Text {
    match is_used {
        MicrophoneUse::Hearing => Text("Open: she hears you"),
        MicrophoneUse::ForSpeech => Text("Open: listening for you"),
        MicrophoneUse::Deafened => Text("Not listening just now"),
        MicrophoneUse::ForName => Text("Open: only her name wakes her"),
        MicrophoneUse::ForKey => Text("Open for the talk key: keeps 0.4 s"),
        MicrophoneUse::Opening => Text("Opening the microphone …"),
        MicrophoneUse::Closing => Text("Closing the microphone …"),
        MicrophoneUse::Resting => Text("Closed: a key wakes her"),
        MicrophoneUse::Muted => Text("Muted: she cannot hear you"),
        MicrophoneUse::Missing => Text("No microphone: she cannot hear you"),
    }
}

/// Heads the group of settings.
pub const GROUP: Text = Text("Just talking");
/// Whether the person wears headphones.
pub fn headphones(worn: Headphones) -> Text {
    match worn {
        Headphones::Auto => Text("Find out from the sound system"),
        Headphones::Yes => Text("Yes"),
        Headphones::No => Text("No"),
    }
}

/// What keeps her from hearing herself, as it is now.
pub fn echo_guard(guard: Option<EchoGuard>) -> Text {
    match guard {
        None => Text("With headphones she hears you even while she speaks."),
        Some(EchoGuard::Headphones) => {
            Text("With headphones on, she hears you even while she speaks.")
        }
        Some(EchoGuard::Cancelled) => {
            Text("Her own voice is taken out of what she hears, so you can interrupt her.")
        }
        Some(EchoGuard::Unsettled) => UNSETTLED,
        Some(EchoGuard::HalfDuplex) => HALF_DUPLEX,
    }
}

/// A silence after which she rests.
pub fn rest_after(seconds: u64) -> String {
    match seconds {
        0 => Text("Never rest").into(),
        60 => Text("1 minute").into(),
        seconds if seconds % 60 == 0 => Text("{count} minutes").with(&[("count", &(seconds / 60))]),
        seconds => Text("{count} seconds").with(&[("count", &seconds)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_microphone_is_said_to_listen() {
        for closed in [
            MicrophoneUse::Opening,
            MicrophoneUse::Closing,
            MicrophoneUse::Resting,
            MicrophoneUse::Muted,
            MicrophoneUse::Missing,
        ] {
            let words = microphone(closed).to_lowercase();
            assert!(!words.contains("listening") && !words.starts_with("open:"), "{words}");
            assert!(!words.contains("hears you"), "{words}");
        }
    }

    #[test]
    fn silences_are_told_as_people_say_them() {
        for (seconds, told) in
            [(0, "Never rest"), (60, "1 minute"), (300, "5 minutes"), (90, "90 seconds")]
        {
            assert_eq!(rest_after(seconds), told);
        }
    }

    #[test]
    fn what_she_says_of_her_microphone_tells_how_it_is_opened() {
        assert!(STOPPED_LISTENING.contains("unmute"));
        assert!(GENTLE_WORD.split_whitespace().count() <= 3);
    }
}
