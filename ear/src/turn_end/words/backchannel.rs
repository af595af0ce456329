//! Listener's noises: what people say to show that they listen, without
//! wanting to speak themselves.

use super::tokens::words;

/// One or more of these, in any order, and nothing else.
const NOISES: &[&[&str]] = &[
    &["mm"],
    &["hm"],
    &["mhm"],
    &["mhmm"],
    &["uh", "huh"],
    &["mm", "hm"],
    &["mm", "hmm"],
    &["aha"],
    &["ah"],
    &["oh"],
    &["ooh"],
    &["ha"],
    &["haha"],
    &["hahaha"],
    &["hehe"],
    &["yeah"],
    &["yea"],
    &["yep"],
    &["yup"],
    &["yes"],
    &["right"],
    &["ok"],
    &["okay"],
    &["alright"],
    &["all", "right"],
    &["sure"],
    &["true"],
    &["exactly"],
    &["indeed"],
    &["absolutely"],
    &["totally"],
    &["really"],
    &["wow"],
    &["whoa"],
    &["gosh"],
    &["nice"],
    &["cool"],
    &["great"],
    &["good"],
    &["lovely"],
    &["interesting"],
    &["amazing"],
    &["i", "see"],
    &["i", "know"],
    &["i", "understand"],
    &["got", "it"],
    &["of", "course"],
    &["makes", "sense"],
    &["that", "makes", "sense"],
    &["thats", "right"],
    &["thats", "true"],
    &["thats", "nice"],
    &["thats", "great"],
    &["how", "nice"],
    &["how", "interesting"],
    &["fair", "enough"],
    &["is", "that", "so"],
    &["oh", "my"],
    &["oh", "my", "god"],
];

/// Whether `text` is nothing but a listener's noises and agreement: "mm-hmm",
/// "oh really?", "yeah, right", "[laughs]". An empty text is none.
pub fn is_backchannel(text: &str) -> bool {
    let words: Vec<String> = words(text).iter().map(|word| squeezed(word)).collect();
    let mut rest = words.as_slice();
    while !rest.is_empty() {
        let fits = |noise: &&&[&str]| {
            rest.len() >= noise.len() && rest.iter().zip(**noise).all(|(a, b)| a == &squeezed(b))
        };
        match NOISES.iter().filter(fits).map(|noise| noise.len()).max() {
            Some(count) => rest = &rest[count..],
            None => return false,
        }
    }
    !words.is_empty() || laughs(text)
}

/// Without letters in a row: "mmm" and "yeahhh" are "m" and "yeah".
fn squeezed(word: &str) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    chars.dedup();
    chars.into_iter().collect()
}

/// Whether the recogniser wrote down laughter, and nothing else.
fn laughs(text: &str) -> bool {
    let text = text.to_lowercase();
    ["laugh", "chuckl", "giggl"].iter().any(|kind| text.contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listeners_noises_are_recognised_in_any_dress() {
        for text in [
            "Mm-hmm.",
            "mhm",
            "Mmm",
            "uh-huh",
            "Yeah, yeah.",
            "RIGHT",
            "Okay!",
            "I see...",
            "Oh, really?",
            "wow",
            "haha",
            "[laughs]",
            "(chuckling)",
            "yeah [laughter]",
            "That's right.",
            "Oh wow, okay",
            "hm",
            "Uh huh, uh huh",
        ] {
            assert!(is_backchannel(text), "{text}");
        }
    }

    #[test]
    fn whoever_wants_to_speak_makes_no_listeners_noise() {
        for text in [
            "no",
            "stop",
            "wait",
            "but",
            "Yeah, but",
            "okay stop",
            "I see a dog",
            "right now",
            "[coughs]",
            "",
            "...",
            "what",
            "oh no wait",
            "is that so hard",
            "uh",
        ] {
            assert!(!is_backchannel(text), "{text}");
        }
    }
}
