//! Emoji are seen, not heard, unless there is nothing else.

use super::{Piece, What};

/// A few words are enough for an answer that is only a picture.
const MOST: usize = 3;

/// What is said for the commonest; skin tones, flags and joiners are not here.
const NAMES: &[(&str, &str)] = &[
    ("😀😃😄😁🙂😊☺😇", "smile"),
    ("😆😅😂🤣😹", "laughing"),
    ("😉", "wink"),
    ("😍🥰😘😗😙😚", "love"),
    ("😋😛😜🤪😝", "cheeky"),
    ("😎", "cool"),
    ("🤔", "hmm"),
    ("😐😑😶🙄", "well"),
    ("😏", "smirk"),
    ("😢🥲😿", "a tear"),
    ("😭", "crying"),
    ("😞😔🙁☹😟😕", "sad"),
    ("😠😡🤬", "angry"),
    ("😱😨😰", "scared"),
    ("😮😲😯", "wow"),
    ("😴💤🥱", "sleepy"),
    ("🤗", "hug"),
    ("🤷", "shrug"),
    ("🤦", "facepalm"),
    ("🙈", "oops"),
    ("❤🧡💛💚💙💜🖤🤍🤎♥💕💖💗💓💞💘💝🩷🩵", "heart"),
    ("💔", "broken heart"),
    ("👍", "thumbs up"),
    ("👎", "thumbs down"),
    ("👏", "applause"),
    ("🙏", "thank you"),
    ("👋", "hello"),
    ("👌🆗", "okay"),
    ("✌", "peace"),
    ("💪", "strong"),
    ("🎉🎊🥳", "hooray"),
    ("🎂🍰", "cake"),
    ("🔥", "fire"),
    ("✨🌟⭐", "sparkles"),
    ("🌹🌷🌸🌺🌻💐", "flowers"),
    ("☀🌞", "sunshine"),
    ("☕🍵", "a cup of tea"),
    ("✅✔☑", "yes"),
    ("❌❎✖", "no"),
    ("🎵🎶", "music"),
];

/// What is read of a text without words: a word for each kind of emoji in it.
pub(super) fn alone(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (start, c) in text.char_indices() {
        let Some((_, name)) = NAMES.iter().find(|(emoji, _)| emoji.contains(c)) else { continue };
        if names.contains(name) {
            continue;
        }
        if names.len() == MOST {
            break;
        }
        names.push(name);
        let source = start..start + c.len_utf8();
        pieces.extend(
            name.split(' ')
                .map(|word| Piece { what: What::Word(word.to_owned()), source: source.clone() }),
        );
    }
    pieces
}
