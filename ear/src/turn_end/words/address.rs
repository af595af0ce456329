//! Whether speech is meant for her: her name as a vocative, not as a topic.

use super::tokens::{distance, without_remarks, words};
use super::{Kind, judge};

/// What may stand before a name that is called.
const CALLS: &[&str] = &[
    "hey",
    "hi",
    "hello",
    "good",
    "morning",
    "evening",
    "afternoon",
    "night",
    "dear",
    "thanks",
    "thank",
    "you",
    "sorry",
    "excuse",
    "me",
    "listen",
    "please",
    "goodbye",
    "bye",
];

/// What may open a sentence before a name, whether it is called or talked about.
const OPENINGS: &[&str] = &[
    "okay", "ok", "oh", "so", "well", "um", "uh", "yes", "yeah", "no", "now", "right", "alright",
    "and", "but", "stop", "wait", "ah",
];

/// After a name at the beginning: what it does or is, so it is a topic.
const TOPIC: &[&str] = &[
    "and",
    "or",
    "who",
    "whose",
    "which",
    "from",
    "in",
    "at",
    "on",
    "with",
    "said",
    "told",
    "went",
    "came",
    "saw",
    "got",
    "made",
    "took",
    "gave",
    "knew",
    "thought",
    "left",
    "felt",
    "found",
    "kept",
    "heard",
    "met",
    "ran",
    "wrote",
    "spoke",
    "isnt",
    "wasnt",
    "hasnt",
    "doesnt",
    "never",
    "always",
    "also",
    "just",
    "really",
    "usually",
    "often",
    "sometimes",
    "again",
    "must",
    "might",
    "may",
    "ought",
    "too",
];

/// Questions begin with these, or statements about her.
const AUXILIARIES: &[&str] = &[
    "is", "was", "are", "were", "am", "has", "have", "had", "do", "does", "did", "can", "could",
    "will", "would", "shall", "should", "cant", "couldnt", "wont", "wouldnt", "dont", "didnt",
];

/// What follows an auxiliary in a question.
const SUBJECTS: &[&str] = &[
    "you", "i", "we", "it", "he", "she", "they", "there", "that", "this", "anybody", "anyone",
    "my", "your",
];

/// Words in -s that are no verb of hers: "Samantha, this is".
const NO_VERBS: &[&str] = &[
    "this",
    "whats",
    "whos",
    "wheres",
    "hows",
    "whens",
    "lets",
    "its",
    "thats",
    "theres",
    "yes",
    "thanks",
    "as",
    "always",
    "perhaps",
    "hes",
    "shes",
    "heres",
    "sometimes",
    "guess",
    "discuss",
    "miss",
    "pass",
    "press",
    "is",
    "us",
];

/// Signs of being spoken to, in what stands before a name at the end.
const SPOKEN_TO: &[&str] = &[
    "you", "your", "youre", "please", "thanks", "thank", "night", "morning", "evening", "bye",
    "goodbye", "hello", "hi", "hey", "lets", "me",
];

/// Whether the speaker calls `name`, as in "Samantha, what time is it", "okay
/// Samantha", "what do you think, Samantha?", rather than talking about them
/// ("Samantha's car", "I told Samantha"). Recognisers' spellings of the name
/// are accepted if they sound alike.
pub fn addresses(text: &str, name: &str) -> bool {
    let name = words(name).concat();
    !name.is_empty()
        && without_remarks(text)
            .split(['.', '?', '!', ';', '…'])
            .any(|sentence| is_called(sentence, &name))
}

fn is_called(sentence: &str, name: &str) -> bool {
    // Words, and whether a comma follows.
    let mut spoken: Vec<(String, bool)> = Vec::new();
    for part in sentence.split([',', ':', '—', '–']) {
        if let Some(last) = spoken.last_mut() {
            last.1 = true;
        }
        spoken.extend(words(part).into_iter().map(|word| (word, false)));
    }
    (0..spoken.len()).any(|at| {
        // "Sam Antha": some recognisers write one name as two.
        [1, 2].into_iter().any(|length| {
            let Some(heard) = spoken.get(at..at + length) else { return false };
            let heard: String = heard.iter().map(|(word, _)| word.as_str()).collect();
            sounds_like(&heard, name) && is_vocative(&spoken[..at], &spoken[at + length - 1..])
        })
    })
}

/// Whether the first word of `rest` is called, with `before` said already.
fn is_vocative(before: &[(String, bool)], rest: &[(String, bool)]) -> bool {
    let word = |i: usize| rest.get(i).map(|(word, _)| word.as_str());
    let comma_before = before.last().is_some_and(|(_, comma)| *comma);
    let comma_after = rest[0].1;
    let opened = before.iter().all(|(word, _)| one_of(word, OPENINGS) || one_of(word, CALLS));
    let called = !before.is_empty() && opened && before.iter().any(|(word, _)| one_of(word, CALLS));
    let Some(next) = word(1) else {
        return opened || comma_before || (is_whole_and_for_her(before));
    };
    if called {
        return !one_of(next, &["and", "or"]);
    }
    if comma_after {
        return opened || (comma_before && !one_of(next, &["and", "or"]));
    }
    opened && !is_topic(next, word(2))
}

/// Whether a name that `next` and `after` follow is the subject of them.
fn is_topic(next: &str, after: Option<&str>) -> bool {
    if one_of(next, AUXILIARIES) {
        return !after.is_some_and(|word| one_of(word, SUBJECTS));
    }
    let verb = next.len() > 3 && (next.ends_with('s') || next.ends_with("ed"));
    one_of(next, TOPIC) || (verb && !one_of(next, NO_VERBS) && next != "need")
}

/// Whether what stands before a name is a sentence of its own to a listener:
/// "what do you think", not "I told".
fn is_whole_and_for_her(before: &[(String, bool)]) -> bool {
    let text = before.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ");
    before.iter().any(|(word, _)| one_of(word, SPOKEN_TO))
        && judge(&text).kind() != Kind::Unfinished
}

fn one_of(word: &str, words: &[&str]) -> bool {
    words.contains(&word)
}

/// Whether a recogniser may have written `heard` for `name`. A possessive
/// ("Samanthas") is somebody's, not somebody.
fn sounds_like(heard: &str, name: &str) -> bool {
    if heard == name {
        return true;
    }
    let length = name.chars().count();
    if length < 5 || heard.chars().count().abs_diff(length) > 2 {
        return false;
    }
    if heard.strip_suffix('s').is_some_and(|owner| !name.ends_with('s') && sounds_like(owner, name))
    {
        return false;
    }
    let (a, b) = (skeleton(heard), skeleton(name));
    let close = distance(heard, name);
    (a == b && close <= 3) || (a.chars().next() == b.chars().next() && close <= 1)
}

/// The consonants as they sound, once each in a row.
fn skeleton(word: &str) -> String {
    let word = word
        .replace("ph", "f")
        .replace("th", "t")
        .replace("ck", "k")
        .replace("ce", "se")
        .replace("ci", "si");
    let mut sounds: Vec<char> = word
        .chars()
        .filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w'))
        .map(|c| match c {
            'c' | 'q' => 'k',
            'z' => 's',
            'd' => 't',
            'b' => 'p',
            'v' => 'f',
            _ => c,
        })
        .collect();
    sounds.dedup();
    sounds.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_called_addresses_her() {
        for text in [
            "Samantha, what time is it?",
            "samantha what time is it",
            "Samantha",
            "Hey Samantha.",
            "okay Samantha can you read me a letter",
            "Hi, Samantha, I'm home.",
            "Good morning Samantha",
            "What do you think, Samantha?",
            "what do you think samantha",
            "Thank you Samantha",
            "I don't know. Samantha, are you there?",
            "Samantha will you stop",
            "Samantha is it raining",
            "I think, Samantha, that you are right.",
            "Samantha tell me a story",
            "Stop, Samantha!",
        ] {
            assert!(addresses(text, "Samantha"), "{text}");
        }
    }

    #[test]
    fn a_recognisers_spelling_of_the_name_is_the_name() {
        for heard in
            ["Samanta", "Simantha", "Semantha", "Sammantha", "Sam Antha", "SAMANTHA", "Zamantha"]
        {
            assert!(addresses(&format!("{heard}, what time is it?"), "Samantha"), "{heard}");
        }
        for heard in ["Sam", "Sandra", "Amanda", "Marlene", "the man", "Santa"] {
            assert!(!addresses(&format!("{heard}, what time is it?"), "Samantha"), "{heard}");
        }
    }

    #[test]
    fn talk_about_her_does_not_address_her() {
        for text in [
            "Samantha said she'd come",
            "I told Samantha",
            "Samantha's car",
            "samanthas car is red",
            "Samantha's here",
            "Samantha is nice",
            "Samantha and I went home",
            "Samantha wanted to go",
            "Samantha likes him",
            "Samantha will come tomorrow",
            "I saw Samantha yesterday",
            "this is my friend Samantha",
            "what time is it",
            "",
        ] {
            assert!(!addresses(text, "Samantha"), "{text}");
        }
    }

    #[test]
    fn a_short_name_must_be_heard_as_it_is() {
        assert!(addresses("Ada, are you there?", "Ada"));
        assert!(!addresses("Add, are you there?", "Ada"));
        assert!(!addresses("hello", ""));
    }
}
