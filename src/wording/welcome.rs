//! What a person reads when they are welcomed.

use super::{Text, bytes};
use crate::app::downloads::{Purpose, Weight};
use crate::settings::{DialogueEngine, Settings, Talk, TalkMode, VoiceEngine};
use crate::ui::Step;

/// In the settings: be welcomed once more.
pub const AGAIN: Text = Text("Show the welcome again");
/// Leaves it.
pub const SKIP: Text = Text("Skip");
/// The same for those who cannot see where it stands.
pub const SKIP_ALL: Text = Text("Skip the welcome");
/// To the step before.
pub const BACK: Text = Text("Back");
/// To the next step.
pub const NEXT: Text = Text("Next");
/// Fetches what is chosen, and goes to the next step.
pub const DOWNLOAD: Text = Text("Download");
/// Ends it.
pub const BEGIN: Text = Text("Begin");

/// Where the person is.
pub fn step_of(number: usize, count: usize) -> String {
    Text("Step {number} of {count}").with(&[("number", &number), ("count", &count)])
}

/// The same with what the step is about, for those who cannot see it.
pub fn announced(number: usize, count: usize, title: &str) -> String {
    Text("Step {number} of {count}: {title}").with(&[
        ("number", &number),
        ("count", &count),
        ("title", &title),
    ])
}

/// Heads a step.
pub fn title(step: Step) -> Text {
    match step {
        Step::Hello => Text("Hello. I am Samantha."),
        Step::Privacy => Text("What is said here stays here"),
        Step::Name => Text("What may I call you?"),
        Step::Models => Text("What I need"),
        Step::Microphone => Text("Can I hear you?"),
        Step::Voice => Text("How shall I sound?"),
        Step::Key => Text("One key to talk"),
        Step::Ready => Text("That is all."),
    }
}

/// The thought of a step, a paragraph each.
pub fn thought(step: Step, settings: &Settings) -> Vec<Text> {
    match step {
        Step::Hello => vec![
            Text(
                "I am a program on this computer. There is no person behind me, and I have no \
                 body and no life of my own.",
            ),
            Text(
                "You can tell me about your day, think aloud, or ask me something. I listen, \
                 answer aloud and remember what you tell me. I can be wrong.",
            ),
            Text("Getting ready takes a few short steps."),
        ],
        Step::Privacy => {
            let first = match settings.dialogue.engine {
                DialogueEngine::Local => Text("I hear, think and speak on this computer."),
                DialogueEngine::Server => {
                    Text("Your words are sent to the server that you chose to answer for me.")
                }
            };
            vec![
                first,
                Text("The sound of your voice is never stored."),
                Text(
                    "What we say is kept on this computer, encrypted, and you can read and erase \
                     it at any time.",
                ),
                Text(
                    "The internet is used to fetch my models, and for nothing else unless you \
                     choose a server.",
                ),
            ]
        }
        Step::Name => vec![Text("You can leave this empty, and change it at any time.")],
        Step::Models => vec![Text(
            "My abilities are files, called models, which are fetched once. What is ticked fits \
             this computer.",
        )],
        Step::Microphone => vec![Text(
            "Say something, and the line below moves. What you record here is only played back \
             to you, and then gone.",
        )],
        Step::Voice => vec![Text("Listen to both, and take the one you like.")],
        Step::Key => vec![Text(
            "This key makes me listen, whichever window you are in. In my own window the space \
             bar does the same.",
        )],
        Step::Ready => vec![],
    }
}

/// Names the field for the name.
pub const NAME: Text = Text("Your name");

/// Nothing has to be fetched.
pub const ALL_HERE: Text = Text("Everything I need is here already.");
/// Where the other models are.
pub const MORE_MODELS: Text = Text("Other models can be chosen in the settings.");
/// What is not to be fetched cannot be done.
pub const WITHOUT: Text =
    Text("Without the models to hear and to answer, we cannot talk yet. You can fetch them later.");
/// It is here.
pub const HERE: Text = Text("Here");
/// Interrupts fetching.
pub const PAUSE: Text = Text("Pause");
/// Takes it up again.
pub const GO_ON: Text = Text("Go on");
/// After a failure.
pub const TRY_AGAIN: Text = Text("Try again");
/// Names the bar.
pub const PROGRESS: Text = Text("Fetching my models");
/// In its row, when it could not be fetched.
pub const NOT_FETCHED: Text = Text("Could not be fetched");

/// What a model is for.
pub fn ability(purpose: Purpose) -> Text {
    match purpose {
        Purpose::Hearing => Text("To hear you"),
        Purpose::Dialogue => Text("To answer you"),
        Purpose::Remembering => Text("To remember by meaning"),
        Purpose::Speaking => Text("A voice of my own"),
        Purpose::TurnTaking => Text("To notice when you have finished"),
    }
}

/// Which one it is, and how large.
pub fn model_facts(weight: &Weight) -> String {
    let size = bytes(weight.offer.size_bytes);
    Text("{name}, {size}").with(&[("name", &weight.offer.name), ("size", &size)])
}

/// How much will be fetched.
pub fn altogether(size_bytes: u64) -> String {
    Text("{size} altogether. You can go on while they arrive.")
        .with(&[("size", &bytes(size_bytes))])
}

/// How far fetching has come.
pub fn fetching(done_bytes: u64, total_bytes: u64) -> String {
    Text("Fetching my models: {done} of {total}")
        .with(&[("done", &bytes(done_bytes)), ("total", &bytes(total_bytes))])
}

/// The same while it is interrupted.
pub fn paused(done_bytes: u64, total_bytes: u64) -> String {
    Text("Paused at {done} of {total}")
        .with(&[("done", &bytes(done_bytes)), ("total", &bytes(total_bytes))])
}

/// Names the list of microphones.
pub const MICROPHONE: Text = Text("Microphone");
/// No choice made.
pub const SYSTEM_DEFAULT: Text = Text("The system's default");
/// Before it gives sound.
pub const OPENING: Text = Text("Opening the microphone…");
/// Records.
pub const RECORD: Text = Text("Record three seconds");
/// While it does.
pub const RECORDING: Text = Text("Recording. Say something…");
/// While it is played.
pub const PLAYING: Text = Text("Playing it back…");
/// There was something in it.
pub const HEARD: Text = Text("I heard you.");
/// There was not.
pub const NOT_HEARD: Text = Text(
    "I heard nothing. Come closer, see whether the microphone is muted, or choose another one \
     above.",
);

/// Lets a voice be heard.
pub const HEAR: Text = Text("Hear it");
/// While it is heard.
pub const SPEAKING: Text = Text("Speaking…");
/// No voice at all.
pub const NO_VOICE: Text = Text("None: I would rather read");
/// Why it cannot be heard yet.
pub const VOICE_NOT_HERE: Text = Text("Not fetched yet");

/// One of the voices.
pub fn voice(engine: VoiceEngine) -> Text {
    match engine {
        VoiceEngine::System => Text("The computer's voice"),
        VoiceEngine::Own => Text("A voice of my own, in English"),
    }
}

/// Lets that voice be heard.
pub fn hear(engine: VoiceEngine) -> String {
    Text("Hear it: {voice}").with(&[("voice", &voice(engine))])
}

/// There is no talk key.
pub const NO_KEY: Text = Text("No key yet");
/// Takes another.
pub const OTHER_KEY: Text = Text("Choose another key");
/// While it is awaited; also names the field.
pub const PRESS_KEY: Text = Text("Press the keys together…");
/// Below it.
pub const PRESS_HELP: Text = Text("Such as Ctrl, Alt and S. Escape keeps the old ones.");
/// It arrived.
pub const KEY_WORKS: Text = Text("I noticed the key: it works.");
/// It can be tried.
pub const TRY_KEY: Text = Text("Press it now, if you like, to see whether I notice.");

/// At the end: how to talk.
pub fn how_to_begin(talk: &Talk) -> String {
    let text = match (talk.mode, talk.hotkey.as_str()) {
        (TalkMode::Hold, "") => Text("Hold the space bar and say what is on your mind."),
        (TalkMode::Toggle, "") => Text("Press the space bar and say what is on your mind."),
        (TalkMode::Hold, _) => {
            Text("Hold the space bar, or {key} in any other window, and say what is on your mind.")
        }
        (TalkMode::Toggle, _) => {
            Text("Press the space bar, or {key} in any other window, and say what is on your mind.")
        }
    };
    text.with(&[("key", &talk.hotkey)])
}

/// At the end: how to do without talking.
pub const WRITE_TOO: Text = Text("You can also write to me, and read what I answer.");
/// At the end, where something is still on its way.
pub const ALMOST: Text =
    Text("My models are still on their way. As soon as they are here, we can talk.");
/// At the end, without models.
pub const NOT_YET: Text = Text("Fetch my models whenever you like; then we can talk.");
/// At the end, while they are loaded.
pub const WAKING: Text = Text("One moment, I am getting ready.");
/// At the end, otherwise.
pub const READY: Text = Text("I am ready.");
