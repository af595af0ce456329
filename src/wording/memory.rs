//! What she says of her memory: in English whatever the window's language is,
//! for she learns from English alone. What fails is shown, and so translated.

use super::{Sentence, Text, reasons};
use jiff::{Timestamp, Zoned};
use memory::key::PhraseError;
use memory::vault::Locked;
use memory::{Recalled, Trouble};

/// Nothing is kept from now on.
pub const OFF_THE_RECORD: &str = "This is off the record. I keep nothing until you say that we \
                                  are back on it.";
/// Things are kept again.
pub const ON_THE_RECORD: &str = "We are back on the record.";
/// A request to forget found nothing.
pub const NOTHING_TO_FORGET: &str = "I find nothing of that in my memory. You can see all of it on \
                                     the memory page.";
/// It is done.
pub const FORGOTTEN: &str = "That is forgotten: what you said, and what I had drawn from it.";
/// What was asked not to be kept was not kept.
pub const NOT_KEPT: &str = "I keep nothing of that.";
/// It is done, and there is no way back.
pub const ALL_FORGOTTEN: &str = "Everything is forgotten. We begin anew.";
/// It was not confirmed.
pub const KEPT: &str = "Then I keep it.";

/// Many things would be forgotten.
pub fn forget_many(count: usize) -> String {
    format!("That would be {count} memories. Shall I forget them all? Say yes, or no.")
}

/// Everything would be forgotten.
pub fn forget_everything(facts: u64, lines: u64) -> String {
    format!(
        "That would erase all I know of you: {facts} {} and {lines} {}, for good. Shall I? Say \
         yes, or no.",
        if facts == 1 { "fact" } else { "facts" },
        if lines == 1 { "sentence" } else { "sentences" },
    )
}

/// The memory did not do what was asked. She says it, and the window shows it.
pub fn failed(error: &anyhow::Error) -> Sentence {
    Text("My memory does not answer at the moment ({cause}).").filling("cause", cause(error))
}

/// The memory could not be opened, and nothing the person knows would help.
pub fn cannot_open(error: &anyhow::Error) -> String {
    Text("I can't remember anything right now: my memory could not be opened ({cause}). We can go on talking.")
        .with(&[("cause", &cause(error))])
}

/// A line could not be kept.
pub fn cannot_keep(error: &anyhow::Error) -> String {
    Text("I can't remember this right now ({cause}). We can go on talking, and I try again with the next sentence.")
        .with(&[("cause", &cause(error))])
}

/// What went wrong, without the words of the database where there are better ones.
fn cause(error: &anyhow::Error) -> Sentence {
    match Trouble::of(error) {
        Some(Trouble::DiskFull) => Text("the disk is full").into(),
        Some(Trouble::ReadOnly) => Text("its folder cannot be written to").into(),
        Some(Trouble::Busy) => Text("another program is writing to it").into(),
        Some(Trouble::DiskFails) => Text("the disk does not answer as it should").into(),
        Some(Trouble::NoKeychain) => Text("this computer has no keychain").into(),
        Some(Trouble::KeychainSilent) => Text("the keychain does not answer").into(),
        Some(Trouble::KeychainForgets) => Text("the keychain does not keep the key").into(),
        None => reasons::behind(error),
    }
}

/// Why the memory stays closed, and what to do. She says it, and the window shows
/// it.
pub fn locked(why: &Locked) -> Sentence {
    match why {
        Locked::Passphrase => {
            Text("My memory is locked: type your passphrase to open it.").into()
        }
        Locked::WrongPassphrase => {
            Text("That is not the passphrase of this memory: please try again.").into()
        }
        Locked::KeychainSilent(error) => Text(
            "The keychain of this computer did not give the key to my memory: unlock it, then try again ({reason}).",
        )
        .filling("reason", cause(error)),
        Locked::KeyLost => Text(
            "The key to my memory is gone from this computer: type your recovery phrase, and I can open it again.",
        )
        .into(),
        Locked::Phrase(PhraseError::Count(count)) => Text(
            "That did not open my memory: a recovery phrase has 24 words, and these are {count}.",
        )
        .filling("count", *count),
        Locked::Phrase(PhraseError::Word(number)) => Text(
            "That did not open my memory: word {number} is not one of a recovery phrase. Please look at it again.",
        )
        .filling("number", *number),
        Locked::Phrase(PhraseError::Checksum) => Text(
            "That did not open my memory: these words do not belong together. Please look at their order and at each word again.",
        )
        .into(),
        Locked::OtherPhrase => Text(
            "These are the words of another memory: please look whether there is another sheet.",
        )
        .into(),
        Locked::Failed(error) => Text("The key to my memory cannot be read ({reason}).")
            .filling("reason", cause(error)),
    }
}

/// A damaged file was put aside.
pub fn set_aside(file: &std::path::Path) -> String {
    Text("My memory was damaged. I took over all that could be read, and kept the damaged file as {file}.")
        .with(&[("file", &file.display())])
}

/// Where something she said came from: the person's own words and their day.
pub fn sources(sources: &[(String, Timestamp)], now: &Zoned) -> String {
    if sources.is_empty() {
        return "Not from my memory of you. It came from the language model I run on, or from what \
                you said just now, so it may be wrong."
            .into();
    }
    let told: Vec<String> = sources
        .iter()
        .map(|(words, at)| format!("You told me {}: \"{words}\"", day(*at, now)))
        .collect();
    told.join(" ")
}

/// What she knows, as she says it to the person.
pub fn known(statements: &[&str], all: usize) -> String {
    if all == 0 {
        return "I know nothing of you yet but what you say now.".into();
    }
    let told: Vec<String> = statements.iter().map(|statement| to_the_person(statement)).collect();
    let mut text = told.join(" ");
    if all > statements.len() {
        text += &format!(" There is more; the memory page shows all {all}.");
    }
    text
}

/// A fact no longer holds.
pub fn retracted(statement: &str) -> String {
    format!("Thank you. I no longer take it as true: {}", to_the_person(statement))
}

/// Other facts took its place.
pub fn corrected(statements: &[String]) -> String {
    if statements.is_empty() {
        return "Thank you. I no longer take what I had noted as true.".into();
    }
    let told: Vec<String> = statements.iter().map(|statement| to_the_person(statement)).collect();
    format!("Thank you, I have corrected it. {}", told.join(" "))
}

/// What conversations of a time were about.
pub fn episodes(told: &[(String, Timestamp)], now: &Zoned) -> String {
    if told.is_empty() {
        return "I remember no conversation of that time.".into();
    }
    let told: Vec<String> = told
        .iter()
        .rev()
        .take(4)
        .rev()
        .map(|(summary, at)| {
            let day = day(*at, now);
            format!("{}{}: {summary}", day[..1].to_uppercase(), &day[1..])
        })
        .collect();
    told.join(" ")
}

/// How the language model is told what was remembered, before the person's own
/// words and as if they had said it. They stay quotations: what was said once
/// is no instruction. Of five wordings this is the one that small models
/// neither repeated nor overlooked.
pub fn recalled(recalled: &[Recalled], now: &Zoned) -> String {
    let quotes: Vec<String> = recalled
        .iter()
        .map(|one| format!("{}: \"{}\"", day(one.said_at, now), one.words))
        .collect();
    format!("Remember: {}", quotes.join(" "))
}

/// A day as people name it: "today", "yesterday", "on Tuesday, 3 November".
pub fn day(at: Timestamp, now: &Zoned) -> String {
    let then = at.to_zoned(now.time_zone().clone());
    let days = (now.date() - then.date()).get_days();
    match days {
        0 => "today".into(),
        1 => "yesterday".into(),
        _ if then.year() == now.year() => then.strftime("on %A, %-d %B").to_string(),
        _ => then.strftime("on %-d %B %Y").to_string(),
    }
}

/// A statement of the person's as it is said to them: "My sister is here." is
/// "Your sister is here."
pub fn to_the_person(statement: &str) -> String {
    let words: Vec<&str> = statement.split(' ').collect();
    let mut told = Vec::with_capacity(words.len());
    let mut quoted = false;
    for (place, word) in words.iter().enumerate() {
        // What is quoted stays as it was said.
        let opens = word.starts_with(['"', '“']);
        let unchanged = quoted || opens;
        quoted =
            (quoted || opens) && !word.trim_end_matches(['.', ',', '!', '?']).ends_with(['"', '”']);
        if unchanged {
            told.push((*word).to_owned());
            continue;
        }
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let after_i = place > 0 && matches!(words[place - 1], "I" | "i");
        told.push(match second_person(core, after_i) {
            Some(other) => {
                let capital = place == 0 && core.chars().next().is_some_and(char::is_uppercase);
                let other = if capital {
                    format!("{}{}", other[..1].to_uppercase(), &other[1..])
                } else {
                    other.into()
                };
                word.replacen(core, &other, 1)
            }
            None => (*word).to_owned(),
        });
    }
    told.join(" ")
}

fn second_person(word: &str, after_i: bool) -> Option<&'static str> {
    Some(match word.to_lowercase().replace('’', "'").as_str() {
        "i" | "me" | "we" | "us" => "you",
        "i'm" | "we're" => "you're",
        "i've" | "we've" => "you've",
        "i'd" | "we'd" => "you'd",
        "i'll" | "we'll" => "you'll",
        "my" | "our" => "your",
        "mine" | "ours" => "yours",
        "myself" => "yourself",
        "ourselves" => "yourselves",
        "am" => "are",
        "was" if after_i => "were",
        "wasn't" if after_i => "weren't",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_person_said_of_themself_is_told_to_them() {
        for (said, told) in [
            ("My sister Ana moved to Lisbon.", "Your sister Ana moved to Lisbon."),
            ("I'm allergic to peanuts.", "You're allergic to peanuts."),
            ("I was born in Graz, and I am 40.", "You were born in Graz, and you are 40."),
            ("Our dog Biscuit loves me.", "Your dog Biscuit loves you."),
            ("The cat was ill.", "The cat was ill."),
            ("I asked: \"call me my lord\".", "You asked: \"call me my lord\"."),
            ("Émile is my friend.", "Émile is your friend."),
        ] {
            assert_eq!(to_the_person(said), told);
        }
    }

    #[test]
    fn a_day_is_named_as_people_do() {
        let now: Zoned = "2026-03-05T08:00:00[Europe/Vienna]".parse().expect("a time");
        for (at, named) in [
            ("2026-03-04T23:30:00Z", "today"),
            ("2026-03-03T23:30:00Z", "yesterday"),
            ("2026-03-02T12:00:00Z", "on Monday, 2 March"),
            ("2025-11-03T12:00:00Z", "on 3 November 2025"),
        ] {
            assert_eq!(day(at.parse().expect("a time"), &now), named);
        }
    }
}
