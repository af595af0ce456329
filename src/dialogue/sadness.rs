//! Whether somebody's words are sad, so that the answer can be said gently.
//!
//! A table of what people say when they grieve, are afraid or alone; English.
//! The session asks for each turn. It decides only how something is said,
//! never what.

/// Words and phrases of sadness, in lower case. A word stands for itself, so
/// that "sad" is not found in "saddle".
const SAD: [&str; 64] = [
    "sad",
    "sadness",
    "grief",
    "grieving",
    "mourning",
    "funeral",
    "passed away",
    "died",
    "is dead",
    "death",
    "dying",
    "lost my",
    "lost him",
    "lost her",
    "miss him",
    "miss her",
    "miss them",
    "heartbroken",
    "broke up",
    "left me",
    "divorce",
    "crying",
    "cried",
    "in tears",
    "lonely",
    "alone",
    "nobody cares",
    "no one cares",
    "hopeless",
    "depressed",
    "depression",
    "miserable",
    "devastated",
    "desperate",
    "despair",
    "worthless",
    "ashamed",
    "guilty",
    "regret",
    "scared",
    "afraid",
    "frightened",
    "terrified",
    "anxious",
    "panic",
    "worried sick",
    "overwhelmed",
    "exhausted",
    "can't cope",
    "can't go on",
    "can't take it",
    "can't sleep",
    "don't know what to do",
    "had to put him down",
    "had to put her down",
    "cancer",
    "tumour",
    "tumor",
    "miscarriage",
    "hurts so much",
    "feel awful",
    "feel terrible",
    "feel empty",
    "give up",
];

/// What before such a word takes it back.
const TAKEN_BACK: [&str; 7] =
    ["not", "isn't", "wasn't", "never", "no longer", "don't be", "aren't"];

/// Whether these words are sad.
pub fn is_sad(text: &str) -> bool {
    let text: String = text
        .chars()
        .map(|c| match c {
            '’' => '\'',
            c if c.is_alphanumeric() || c == '\'' => c.to_ascii_lowercase(),
            _ => ' ',
        })
        .collect();
    let words = format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "));
    SAD.iter().any(|sad| {
        words.match_indices(&format!(" {sad} ")).any(|(at, _)| {
            let before = &words[..at];
            !TAKEN_BACK.iter().any(|no| before.ends_with(&format!(" {no}")))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grief_is_told_from_small_talk() {
        for sad in [
            "My father died last night.",
            "I feel so lonely since she left.",
            "We had to put her down. I can’t stop crying.",
            "Honestly, I'm scared.",
        ] {
            assert!(is_sad(sad), "{sad}");
        }
        for plain in [
            "What's for dinner?",
            "I need a new saddle for the bike.",
            "I'm not sad, just busy.",
            "The deadline is tomorrow.",
            "",
        ] {
            assert!(!is_sad(plain), "{plain}");
        }
    }
}
