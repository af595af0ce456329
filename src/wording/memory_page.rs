//! Texts of the memory page, and of what the window says of her memory
//! elsewhere.

use super::memory::day;
use jiff::{Timestamp, Zoned};
use memory::learn::{Someone, Topic};
use memory::store::Counts;
use memory::vault::Keeper;

/// Opens the page.
pub const MEMORY: &str = "Memory";
/// Beside a notice that she can't remember: leads to the page.
pub const HELP: &str = "Look";
/// Names that button.
pub const GO_THERE: &str = "Look on the memory page";
/// How it is opened and left without the mouse.
pub const SHORTCUT: &str = "Ctrl+M; Escape leaves it";
/// Closes it.
pub const CLOSE: &str = "Close memory";
/// Heads it.
pub const TITLE: &str = "What she remembers";

/// The switch under which nothing is kept.
pub const OFF_THE_RECORD: &str = "Off the record";
/// While it is on.
pub const NOTHING_IS_KEPT: &str = "Off the record: nothing is kept.";
/// Turns it off.
pub const BACK_ON_THE_RECORD: &str = "Back on the record";
/// After words that are not kept.
pub const NOT_KEPT: &str = "not kept";

/// In the empty search field; also names it.
pub const SEARCH: &str = "Search her memory";
/// Names the choice of a person.
pub const ABOUT_WHOM: &str = "About whom";
/// No choice made.
pub const EVERYONE: &str = "About everyone";
/// What is about nobody else.
pub const YOURSELF: &str = "About yourself";
/// Names the choice of a topic.
pub const WHICH_TOPIC: &str = "Topic";
/// No choice made.
pub const EVERY_TOPIC: &str = "Every topic";
/// Shows also what does not hold any more.
pub const ALSO_CHANGED: &str = "Also what has changed";
/// More of a long list.
pub const SHOW_MORE: &str = "Show more";
/// Names the list.
pub const LIST: &str = "Memories";
/// Nothing is remembered yet.
pub const EMPTY: &str = "Nothing yet. When you tell me of your life, what I take from it will \
                         stand here, each with your own words that it came from.";
/// The search or the filters leave nothing.
pub const NOTHING_FITS: &str = "Nothing in her memory fits that.";
/// Nothing is kept because that was asked for.
pub const KEPT_NOWHERE: &str = "Nothing of this run is kept: what stands here is gone when the \
                                window closes.";

/// Shows the sentences a memory came from.
pub const SOURCE: &str = "Your words";
/// Hides them again.
pub const HIDE_SOURCE: &str = "Hide words";
/// A memory without a sentence.
pub const NO_SOURCE: &str = "No sentence is kept with this.";
/// Changes the wording.
pub const EDIT: &str = "Edit";
/// Names the field it is changed in, and says how.
pub const IN_YOUR_VOICE: &str = "In your own voice, as you would say it to her";
/// Takes the new wording.
pub const SAVE: &str = "Save";
/// Leaves everything as it is.
pub const CANCEL: &str = "Cancel";
/// Forgets.
pub const FORGET: &str = "Forget";
/// Does not.
pub const KEEP: &str = "Keep";
/// Asks before.
pub const FORGET_THIS: &str = "Forget this, the sentence it came from, and all that told it?";
/// Of what does not hold any more.
pub const NO_LONGER: &str = "No longer so";
/// Of what she only half understood.
pub const NOT_SURE: &str = "She is not sure she understood this";

/// While a locked memory is being opened.
pub const OPENING: &str = "One moment, she is trying it …";
/// Names the field for it.
pub const PASSPHRASE: &str = "Your passphrase";
/// Names the field for them.
pub const RECOVERY_WORDS: &str = "Your 24 recovery words";
/// Opens the memory.
pub const OPEN: &str = "Open her memory";
/// Tries again without anything being typed.
pub const TRY_AGAIN: &str = "Try again";
/// The other way in.
pub const USE_WORDS: &str = "Use my 24 words instead";
/// And back.
pub const USE_PASSPHRASE: &str = "Use my passphrase instead";
/// While it is locked.
pub const TALK_ALL_THE_SAME: &str = "You can talk with her all the same. Once her memory is open, \
                                     what you said until then goes into it.";

/// Heads the section.
pub const PROTECTION: &str = "How it is protected";
/// Whatever keeps the key.
pub const ENCRYPTED: &str = "Her memory lies encrypted on this computer and goes nowhere else.";
/// Changes who keeps the key.
pub const CHANGE_KEEPER: &str = "Keep the key elsewhere";
/// Heads the choice.
pub const WHO_KEEPS: &str = "What should keep the key?";
/// Names the field.
pub const NEW_PASSPHRASE: &str = "A new passphrase";
/// Names the second field.
pub const PASSPHRASE_AGAIN: &str = "The same once more";
/// They differ.
pub const NOT_THE_SAME: &str = "The two are not the same yet.";
/// Shows the 24 words.
pub const SHOW_WORDS: &str = "Show my recovery words";
/// What they are for.
pub const WORDS_HELP: &str =
    "24 words open her memory on any computer, should its key ever be lost.";
/// Heads them.
pub const THE_WORDS: &str = "Your recovery words";
/// What to do with them.
pub const WORDS_ADVICE: &str = "Write them on paper, in this order, and keep the sheet where you \
                                keep what is dear to you. Never put them into a file or a photo: \
                                whoever has them can read her memory.";
/// Hides them again.
pub const HIDE_WORDS: &str = "Hide the words";

/// Forgets everything, after a second word.
pub const FORGET_EVERYTHING: &str = "Forget everything";
/// What is to be typed for it.
pub const FORGET_WORD: &str = "forget";
/// Names the field.
pub const TYPE_FORGET: &str = "To be sure, type the word: forget";
/// Does not.
pub const KEEP_EVERYTHING: &str = "Keep everything";

/// Names a button of one memory for those who cannot see the row it is in.
pub fn of_memory(button: &str, statement: &str) -> String {
    format!("{button}: {statement}")
}

/// What a memory is about.
pub fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::People => "People",
        Topic::Places => "Places",
        Topic::Work => "Work and learning",
        Topic::Health => "Health",
        Topic::Taste => "Likes and dislikes",
        Topic::Plans => "Plans",
        Topic::Events => "What happened",
        Topic::Feelings => "Feelings",
        Topic::Pets => "Animals",
        Topic::Wishes => "Wishes",
        Topic::Other => "Other",
    }
}

/// Someone in the person's life: "Ana, your sister".
pub fn someone(who: &Someone) -> String {
    match (who.name.as_str(), who.relation.as_str()) {
        (name, "") => name.into(),
        ("", relation) => format!("your {relation}"),
        (name, relation) => format!("{name}, your {relation}"),
    }
}

/// A filter on someone.
pub fn about(who: &Someone) -> String {
    format!("About {}", someone(who))
}

/// Topic, person and day of a memory.
pub fn about_fact(of: Topic, who: Option<&Someone>, said_at: Timestamp, now: &Zoned) -> String {
    let who = who.map(|who| format!(" · {}", someone(who))).unwrap_or_default();
    format!("{}{who} · said {}", topic(of), day(said_at, now))
}

/// Whose words they are, with day and time.
pub fn said_by(speaker: Option<&str>, at: Timestamp, now: &Zoned) -> String {
    let time = at.to_zoned(now.time_zone().clone()).strftime("%H:%M").to_string();
    let who = speaker.unwrap_or("You");
    format!("{who} said {} at {time}:", day(at, now))
}

/// Words as they were said.
pub fn quoted(words: &str) -> String {
    format!("“{words}”")
}

/// What took the place of a memory.
pub fn changed(statement: &str, said_at: Timestamp, now: &Zoned) -> String {
    format!("{NO_LONGER}. What took its place, {}: {statement}", day(said_at, now))
}

/// How many memories are shown.
pub fn found(count: usize) -> String {
    memories(count as u64)
}

fn memories(count: u64) -> String {
    count_of(count, "memory", "memories")
}

fn count_of(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Under her reply, and on the page: opens what was remembered for it.
pub fn helped(count: usize, is_open: bool) -> String {
    let verb = if is_open { "hide" } else { "show" };
    let them = if count == 1 { "it" } else { "them" };
    format!("{} helped with her last reply, {verb} {them}", memories(count as u64))
}

/// When it was said and what led there.
pub fn why_recalled(said_at: Timestamp, matched: &[String], now: &Zoned) -> String {
    let led = match matched {
        [] => "It fits what you said.".into(),
        words => {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            format!("{} led there.", listed(&words))
        }
    };
    format!("You said this {}. {led}", day(said_at, now))
}

/// "a", "a and b", "a, b and c".
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Who keeps the key now.
pub fn kept_by(keeper: Keeper) -> &'static str {
    match keeper {
        Keeper::Keychain => "The keychain of this computer keeps its key.",
        Keeper::File => "A file that only your account can read keeps its key.",
        Keeper::Passphrase => "Your passphrase keeps its key.",
    }
}

/// Who may keep it.
pub fn keeper(keeper: Keeper) -> &'static str {
    match keeper {
        Keeper::Keychain => "The keychain of this computer",
        Keeper::File => "A file that only my account can read",
        Keeper::Passphrase => "A passphrase that only I know",
    }
}

/// What that means.
pub fn keeper_means(keeper: Keeper) -> &'static str {
    match keeper {
        Keeper::Keychain => {
            "It opens with your login. You have nothing to do, and a copy of the disk tells nothing."
        }
        Keeper::File => {
            "You have nothing to do. But who gets hold of the whole disk can read her memory, \
             unless the disk itself is encrypted."
        }
        Keeper::Passphrase => {
            "You type it each time she starts. If you forget it, only your 24 recovery words help."
        }
    }
}

/// What would be gone.
pub fn forget_everything(counts: &Counts) -> String {
    format!(
        "This erases {} and {}, for good. Nothing brings them back.",
        memories(counts.facts + counts.superseded),
        count_of(counts.lines, "sentence", "sentences"),
    )
}

/// How much there is.
pub fn counts(counts: &Counts) -> String {
    let mut parts = vec![memories(counts.facts)];
    if counts.superseded > 0 {
        parts.push(format!("{} that changed", counts.superseded));
    }
    parts.push(count_of(counts.people, "person", "people"));
    parts.push(format!(
        "{} in {}",
        count_of(counts.lines, "sentence", "sentences"),
        count_of(counts.conversations, "conversation", "conversations")
    ));
    if counts.episodes > 0 {
        parts.push(count_of(counts.episodes, "summary", "summaries"));
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
