//! What is said of the models in the settings.

use super::{Text, bytes};

/// Measures how fast one writes.
pub const MEASURE: Text = Text("Measure");
/// While that is done.
pub const MEASURING: Text = Text("Measuring …");
/// Why it cannot be done now.
pub const NOT_NOW: Text = Text("When nobody talks, it can be measured.");
/// What a model writes.
const SPEED: Text = Text("Writes {words} words a second here.");
/// The same, too slow to be listened to without pauses.
const SPEED_SLOW: Text = Text(
    "Writes {words} words a second here; she speaks about three, so she would pause between \
     sentences.",
);
/// A model that did not answer in time.
pub const NO_WORDS: Text = Text("It wrote nothing within two minutes: choose a smaller model.");
/// Takes a model from the disk.
pub const REMOVE: Text = Text("Remove");
/// Asks back.
const REMOVE_ASKED: Text = Text("Remove it and free {size}? It can be fetched again.");
/// Yes.
pub const REMOVE_NOW: Text = Text("Yes, remove it");
/// No.
pub const KEEP: Text = Text("Keep it");
/// It could not be removed.
pub const NOT_REMOVED: Text = Text("It could not be removed ({reason}).");

/// A model's name, which is a proper one, with what it is told from others by.
pub fn title(title: &str) -> String {
    let part = |part| match part {
        "English" => Text("English").get(),
        "compressed" => Text("compressed").get(),
        name => name,
    };
    title.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

/// How fast a model writes.
pub fn speed(words_per_s: f32) -> String {
    match words_per_s {
        slow if slow < 3.0 => SPEED_SLOW.with(&[("words", &format!("{slow:.1}"))]),
        fast => SPEED.with(&[("words", &format!("{fast:.0}"))]),
    }
}

/// The same beside its name.
pub fn with_speed(name: &str, words_per_s: f32) -> String {
    Text("{name} · {words} words/s")
        .with(&[("name", &name), ("words", &format!("{words_per_s:.0}"))])
}

/// Whether it is to be removed.
pub fn remove_asked(size_bytes: u64) -> String {
    REMOVE_ASKED.with(&[("size", &bytes(size_bytes))])
}
