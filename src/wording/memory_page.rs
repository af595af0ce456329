//! Texts of the memory page, and of what the window says of her memory
//! elsewhere.

use super::Text;
use super::days::day;
use jiff::{Timestamp, Zoned};
use memory::learn::{Someone, Topic};
use memory::store::Counts;
use memory::vault::Keeper;

/// Opens the page.
pub const MEMORY: Text = Text("Memory");
/// Beside a notice that she can't remember: leads to the page.
pub const HELP: Text = Text("Look");
/// Names that button.
pub const GO_THERE: Text = Text("Look on the memory page");
/// How it is opened and left without the mouse.
pub const SHORTCUT: Text = Text("Ctrl+M; Escape leaves it");
/// Closes it.
pub const CLOSE: Text = Text("Close memory");
/// Heads it.
pub const TITLE: Text = Text("What she remembers");

/// The switch under which nothing is kept.
pub const OFF_THE_RECORD: Text = Text("Off the record");
/// While it is on.
pub const NOTHING_IS_KEPT: Text = Text("Off the record: nothing is kept.");
/// Turns it off.
pub const BACK_ON_THE_RECORD: Text = Text("Back on the record");
/// After words that are not kept.
pub const NOT_KEPT: Text = Text("not kept");

/// In the empty search field; also names it.
pub const SEARCH: Text = Text("Search her memory");
/// Names the choice of a person.
pub const ABOUT_WHOM: Text = Text("About whom");
/// No choice made.
pub const EVERYONE: Text = Text("About everyone");
/// What is about nobody else.
pub const YOURSELF: Text = Text("About yourself");
/// Names the choice of a topic.
pub const WHICH_TOPIC: Text = Text("Topic");
/// No choice made.
pub const EVERY_TOPIC: Text = Text("Every topic");
/// Shows also what does not hold any more.
pub const ALSO_CHANGED: Text = Text("Also what has changed");
/// More of a long list.
pub const SHOW_MORE: Text = Text("Show more");
/// Names the list.
pub const LIST: Text = Text("Memories");
/// Nothing is remembered yet.
pub const EMPTY: Text = Text(
    "Nothing yet. When you tell me of your life, what I take from it will \
                         stand here, each with your own words that it came from.",
);
/// The search or the filters leave nothing.
pub const NOTHING_FITS: Text = Text("Nothing in her memory fits that.");
/// Nothing is kept because that was asked for.
pub const KEPT_NOWHERE: Text = Text(
    "Nothing of this run is kept: what stands here is gone when the \
                                window closes.",
);

/// Shows the sentences a memory came from.
pub const SOURCE: Text = Text("Your words");
/// Hides them again.
pub const HIDE_SOURCE: Text = Text("Hide words");
/// A memory without a sentence.
pub const NO_SOURCE: Text = Text("No sentence is kept with this.");
/// Changes the wording.
pub const EDIT: Text = Text("Edit");
/// Names the field it is changed in, and says how.
pub const IN_YOUR_VOICE: Text = Text("In your own voice, as you would say it to her");
/// Takes the new wording.
pub const SAVE: Text = Text("Save");
/// Leaves everything as it is.
pub const CANCEL: Text = Text("Cancel");
/// Forgets.
pub const FORGET: Text = Text("Forget");
/// Does not.
pub const KEEP: Text = Text("Keep");
/// Asks before.
pub const FORGET_THIS: Text = Text("Forget this, the sentence it came from, and all that told it?");
/// Of what does not hold any more.
pub const NO_LONGER: Text = Text("No longer so");
/// Of what she only half understood.
pub const NOT_SURE: Text = Text("She is not sure she understood this");

/// While a locked memory is being opened.
pub const OPENING: Text = Text("One moment, she is trying it …");
/// Names the field for it.
pub const PASSPHRASE: Text = Text("Your passphrase");
/// Names the field for them.
pub const RECOVERY_WORDS: Text = Text("Your 24 recovery words");
/// Opens the memory.
pub const OPEN: Text = Text("Open her memory");
/// Tries again without anything being typed.
pub const TRY_AGAIN: Text = Text("Try again");
/// The other way in.
pub const USE_WORDS: Text = Text("Use my 24 words instead");
/// And back.
pub const USE_PASSPHRASE: Text = Text("Use my passphrase instead");
/// While it is locked.
pub const TALK_ALL_THE_SAME: Text = Text(
    "You can talk with her all the same. Once her memory is open, \
                                     what you said until then goes into it.",
);

/// Heads the section.
pub const PROTECTION: Text = Text("How it is protected");
/// Whatever keeps the key.
pub const ENCRYPTED: Text =
    Text("Her memory lies encrypted on this computer and goes nowhere else.");
/// Changes who keeps the key.
pub const CHANGE_KEEPER: Text = Text("Keep the key elsewhere");
/// Heads the choice.
pub const WHO_KEEPS: Text = Text("What should keep the key?");
/// Names the field.
pub const NEW_PASSPHRASE: Text = Text("A new passphrase");
/// Names the second field.
pub const PASSPHRASE_AGAIN: Text = Text("The same once more");
/// They differ.
pub const NOT_THE_SAME: Text = Text("The two are not the same yet.");
/// Shows the 24 words.
pub const SHOW_WORDS: Text = Text("Show my recovery words");
/// What they are for.
pub const WORDS_HELP: Text =
    Text("24 words open her memory on any computer, should its key ever be lost.");
/// Heads them.
pub const THE_WORDS: Text = Text("Your recovery words");
/// What to do with them.
pub const WORDS_ADVICE: Text = Text(
    "Write them on paper, in this order, and keep the sheet where you \
                                keep what is dear to you. Never put them into a file or a photo: \
                                whoever has them can read her memory.",
);
/// Hides them again.
pub const HIDE_WORDS: Text = Text("Hide the words");

/// Forgets everything, after a second word.
pub const FORGET_EVERYTHING: Text = Text("Forget everything");
/// What is to be typed for it.
pub const FORGET_WORD: Text = Text("forget");
/// Names the field.
pub const TYPE_FORGET: Text = Text("To be sure, type the word: forget");
/// Does not.
pub const KEEP_EVERYTHING: Text = Text("Keep everything");

/// Names a button of one memory for those who cannot see the row it is in.
pub fn of_memory(button: &str, statement: &str) -> String {
    format!("{button}: {statement}")
}

/// What a memory is about.
pub fn topic(topic: Topic) -> Text {
    match topic {
        Topic::People => Text("People"),
        Topic::Places => Text("Places"),
        Topic::Work => Text("Work and learning"),
        Topic::Health => Text("Health"),
        Topic::Taste => Text("Likes and dislikes"),
        Topic::Plans => Text("Plans"),
        Topic::Events => Text("What happened"),
        Topic::Feelings => Text("Feelings"),
        Topic::Pets => Text("Animals"),
        Topic::Wishes => Text("Wishes"),
        Topic::Other => Text("Other"),
    }
}

/// Someone in the person's life: "Ana, your sister".
pub fn someone(who: &Someone) -> String {
    match (who.name.as_str(), who.relation.as_str()) {
        (name, "") => name.into(),
        ("", relation) => Text("your {relation}").with(&[("relation", &relation)]),
        (name, relation) => {
            Text("{name}, your {relation}").with(&[("name", &name), ("relation", &relation)])
        }
    }
}

/// A filter on someone.
pub fn about(who: &Someone) -> String {
    Text("About {someone}").with(&[("someone", &someone(who))])
}

/// Topic, person and day of a memory.
pub fn about_fact(of: Topic, who: Option<&Someone>, said_at: Timestamp, now: &Zoned) -> String {
    let who = who.map(|who| format!(" · {}", someone(who))).unwrap_or_default();
    let said = Text("said {day}").with(&[("day", &day(said_at, now))]);
    format!("{}{who} · {said}", topic(of))
}

/// Whose words they are, with day and time.
pub fn said_by(speaker: Option<&str>, at: Timestamp, now: &Zoned) -> String {
    let time = at.to_zoned(now.time_zone().clone()).strftime("%H:%M").to_string();
    let text = match speaker {
        None => Text("You said {day} at {time}:"),
        Some(_) => Text("{who} said {day} at {time}:"),
    };
    text.with(&[("day", &day(at, now)), ("time", &time), ("who", &speaker.unwrap_or_default())])
}

/// Words as they were said.
pub fn quoted(words: &str) -> String {
    Text("“{words}”").with(&[("words", &words)])
}

/// What took the place of a memory.
pub fn changed(statement: &str, said_at: Timestamp, now: &Zoned) -> String {
    Text("No longer so. What took its place, {day}: {statement}")
        .with(&[("day", &day(said_at, now)), ("statement", &statement)])
}

/// How many memories are shown.
pub fn found(count: usize) -> String {
    memories(count as u64)
}

fn memories(count: u64) -> String {
    count_of(count, Text("{count} memory"), Text("{count} memories"))
}

fn sentences(count: u64) -> String {
    count_of(count, Text("{count} sentence"), Text("{count} sentences"))
}

fn count_of(count: u64, one: Text, many: Text) -> String {
    if count == 1 { one } else { many }.with(&[("count", &count)])
}

/// Under her reply, and on the page: opens what was remembered for it.
pub fn helped(count: usize, is_open: bool) -> String {
    let text = match (count, is_open) {
        (1, true) => Text("{count} memory helped with her last reply, hide it"),
        (1, false) => Text("{count} memory helped with her last reply, show it"),
        (_, true) => Text("{count} memories helped with her last reply, hide them"),
        (_, false) => Text("{count} memories helped with her last reply, show them"),
    };
    text.with(&[("count", &count)])
}

/// When it was said and what led there.
pub fn why_recalled(said_at: Timestamp, matched: &[String], now: &Zoned) -> String {
    let led = match matched {
        [] => Text("It fits what you said.").into(),
        words => {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            Text("{words} led there.").with(&[("words", &listed(&words))])
        }
    };
    let said = Text("You said this {day}.").with(&[("day", &day(said_at, now))]);
    format!("{said} {led}")
}

/// "a", "a and b", "a, b and c".
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            Text("{first} and {last}").with(&[("first", &first.join(", ")), ("last", last)])
        }
    }
}

/// Who keeps the key now.
pub fn kept_by(keeper: Keeper) -> Text {
    match keeper {
        Keeper::Keychain => Text("The keychain of this computer keeps its key."),
        Keeper::File => Text("A file that only your account can read keeps its key."),
        Keeper::Passphrase => Text("Your passphrase keeps its key."),
    }
}

/// Who may keep it.
pub fn keeper(keeper: Keeper) -> Text {
    match keeper {
        Keeper::Keychain => Text("The keychain of this computer"),
        Keeper::File => Text("A file that only my account can read"),
        Keeper::Passphrase => Text("A passphrase that only I know"),
    }
}

/// What that means.
pub fn keeper_means(keeper: Keeper) -> Text {
    match keeper {
        Keeper::Keychain => Text(
            "It opens with your login. You have nothing to do, and a copy of the disk tells nothing.",
        ),
        Keeper::File => Text(
            "You have nothing to do. But who gets hold of the whole disk can read her memory, \
             unless the disk itself is encrypted.",
        ),
        Keeper::Passphrase => Text(
            "You type it each time she starts. If you forget it, only your 24 recovery words help.",
        ),
    }
}

/// What would be gone.
pub fn forget_everything(counts: &Counts) -> String {
    Text("This erases {memories} and {sentences}, for good. Nothing brings them back.").with(&[
        ("memories", &memories(counts.facts + counts.superseded)),
        ("sentences", &sentences(counts.lines)),
    ])
}

/// How much there is.
pub fn counts(counts: &Counts) -> String {
    let mut parts = vec![memories(counts.facts)];
    if counts.superseded > 0 {
        parts.push(Text("{count} that changed").with(&[("count", &counts.superseded)]));
    }
    parts.push(count_of(counts.people, Text("{count} person"), Text("{count} people")));
    let conversations =
        count_of(counts.conversations, Text("{count} conversation"), Text("{count} conversations"));
    parts.push(
        Text("{sentences} in {conversations}")
            .with(&[("sentences", &sentences(counts.lines)), ("conversations", &conversations)]),
    );
    if counts.episodes > 0 {
        parts.push(count_of(counts.episodes, Text("{count} summary"), Text("{count} summaries")));
    }
    if counts.bytes > 0 {
        parts.push(super::bytes(counts.bytes));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn it_is_told_why_something_came_to_mind() {
        let now: Zoned = "2026-03-05T08:00:00[Europe/Vienna]".parse().expect("a time");
        let at: Timestamp = "2026-03-02T12:00:00Z".parse().expect("a time");
        for (matched, told) in [
            (words(&[]), "It fits what you said."),
            (words(&["family"]), "“family” led there."),
            (words(&["visit", "family", "May"]), "“visit”, “family” and “May” led there."),
        ] {
            let expect = format!("You said this on Monday, 2 March. {told}");
            assert_eq!(why_recalled(at, &matched, &now), expect);
        }
    }

    #[test]
    fn counts_are_told_in_words() {
        let some = Counts {
            lines: 120,
            conversations: 1,
            facts: 1,
            superseded: 2,
            people: 4,
            episodes: 0,
            forgotten: 9,
            bytes: 250_000,
        };
        assert_eq!(
            counts(&some),
            "1 memory · 2 that changed · 4 people · 120 sentences in 1 conversation · 250 kB"
        );
        assert!(forget_everything(&some).starts_with("This erases 3 memories and 120 sentences"));
    }

    #[test]
    fn someone_is_named_by_what_is_known_of_them() {
        for (name, relation, told) in
            [("Ana", "sister", "Ana, your sister"), ("", "boss", "your boss"), ("Ben", "", "Ben")]
        {
            assert_eq!(someone(&Someone { name: name.into(), relation: relation.into() }), told);
        }
    }
}
