//! Pronunciations as people write them: "wah-KEEN", with the stressed syllable
//! in capitals, or phonemes between slashes.

use crate::phonemes::{self, PRIMARY, SECONDARY};

/// What letters of a respelling sound like; longer ones come first. The second
/// sound is that of an unstressed syllable.
const SPELLINGS: [(&str, &str, &str); 75] = [
    ("eigh", "A", "A"),
    ("tch", "ʧ", "ʧ"),
    ("igh", "I", "I"),
    ("eye", "I", "I"),
    ("air", "ɛɹ", "ɛɹ"),
    ("are", "ɛɹ", "ɛɹ"),
    ("eer", "ɪɹ", "ɪɹ"),
    ("ear", "ɪɹ", "ɪɹ"),
    ("ire", "Iəɹ", "Iəɹ"),
    ("oor", "ʊɹ", "ʊɹ"),
    ("our", "Wəɹ", "Wəɹ"),
    ("ahr", "ɑɹ", "ɑɹ"),
    ("awr", "ɔɹ", "ɔɹ"),
    ("ohr", "ɔɹ", "ɔɹ"),
    ("uhr", "ɜɹ", "əɹ"),
    ("ch", "ʧ", "ʧ"),
    ("sh", "ʃ", "ʃ"),
    ("th", "θ", "θ"),
    ("dh", "ð", "ð"),
    ("zh", "ʒ", "ʒ"),
    ("kh", "k", "k"),
    ("gh", "ɡ", "ɡ"),
    ("ph", "f", "f"),
    ("ng", "ŋ", "ŋ"),
    ("nk", "ŋk", "ŋk"),
    ("ck", "k", "k"),
    ("qu", "kw", "kw"),
    ("wh", "w", "w"),
    ("ee", "i", "i"),
    ("ea", "i", "i"),
    ("oo", "u", "u"),
    ("ew", "u", "u"),
    ("ue", "u", "u"),
    ("ah", "ɑ", "ə"),
    ("aa", "ɑ", "ɑ"),
    ("aw", "ɔ", "ɔ"),
    ("au", "ɔ", "ɔ"),
    ("ay", "A", "A"),
    ("ai", "A", "A"),
    ("ei", "A", "A"),
    ("ey", "A", "i"),
    ("ie", "I", "i"),
    ("oh", "O", "O"),
    ("oa", "O", "O"),
    ("oe", "O", "O"),
    ("ow", "W", "W"),
    ("ou", "W", "W"),
    ("oy", "Y", "Y"),
    ("oi", "Y", "Y"),
    ("uh", "ʌ", "ə"),
    ("eh", "ɛ", "ɛ"),
    ("ih", "ɪ", "ɪ"),
    ("er", "ɜɹ", "əɹ"),
    ("ur", "ɜɹ", "əɹ"),
    ("ir", "ɜɹ", "əɹ"),
    ("ar", "ɑɹ", "ɑɹ"),
    ("or", "ɔɹ", "ɔɹ"),
    ("a", "æ", "ə"),
    ("e", "ɛ", "ɛ"),
    ("i", "ɪ", "ɪ"),
    ("o", "ɑ", "ɑ"),
    ("u", "ʌ", "ə"),
    ("b", "b", "b"),
    ("c", "k", "k"),
    ("d", "d", "d"),
    ("f", "f", "f"),
    ("g", "ɡ", "ɡ"),
    ("h", "h", "h"),
    ("j", "ʤ", "ʤ"),
    ("k", "k", "k"),
    ("q", "k", "k"),
    ("r", "ɹ", "ɹ"),
    ("x", "ks", "ks"),
    ("y", "j", "j"),
    ("ə", "ə", "ə"),
];
/// Sounds of a vowel that ends its syllable, stressed and not.
const OPEN: [(char, &str, &str); 6] = [
    ('a', "ɑ", "ə"),
    ('e', "A", "i"),
    ('i', "i", "i"),
    ('o', "O", "O"),
    ('u', "u", "u"),
    ('y', "I", "i"),
];
/// Sounds of a vowel before one consonant and a silent e, as in "mike".
const LONG: [(char, &str); 5] = [('a', "A"), ('e', "i"), ('i', "I"), ('o', "O"), ('u', "u")];
/// IPA that the voice's alphabet writes otherwise.
const IPA: [(&str, &str); 19] = [
    ("eɪ", "A"),
    ("aɪ", "I"),
    ("oʊ", "O"),
    ("əʊ", "O"),
    ("aʊ", "W"),
    ("ɔɪ", "Y"),
    ("tʃ", "ʧ"),
    ("dʒ", "ʤ"),
    ("ɝ", "ɜɹ"),
    ("ɚ", "əɹ"),
    ("ɫ", "l"),
    ("r", "ɹ"),
    ("ʁ", "ɹ"),
    ("g", "ɡ"),
    ("'", "ˈ"),
    ("ː", ""),
    ("x", "k"),
    ("e", "A"),
    ("a", "ɑ"),
];

/// The phonemes of a respelling ("wah-KEEN") or of phonemes between slashes
/// ("/wɑˈkin/", IPA or the voice's own); `None` if it cannot be read.
pub(crate) fn phonemes_of(respelling: &str) -> Option<String> {
    let trimmed = respelling.trim();
    let said = match trimmed.strip_prefix('/').and_then(|inner| inner.strip_suffix('/')) {
        Some(inner) => from_ipa(inner),
        None => {
            let words: Option<Vec<String>> = trimmed.split_whitespace().map(word).collect();
            words?.join(" ")
        }
    };
    said.contains(phonemes::is_vowel).then_some(said)
}

fn from_ipa(ipa: &str) -> String {
    let plain = IPA.iter().fold(ipa.to_owned(), |text, (from, to)| text.replace(from, to));
    // Dictionaries put stress before the syllable, the voice before its vowel.
    let (mut said, mut waiting) = (String::new(), None);
    for symbol in plain.chars().filter(|&c| c == ' ' || phonemes::number(c) > phonemes::number(' '))
    {
        if phonemes::is_stress(symbol) {
            waiting = Some(symbol);
            continue;
        }
        if phonemes::is_vowel(symbol) {
            said.extend(waiting.take());
        }
        said.push(symbol);
    }
    if said.contains(phonemes::is_stress) { said } else { phonemes::stressed(&said, PRIMARY) }
}

/// One word: syllables between hyphens.
fn word(respelled: &str) -> Option<String> {
    let syllables: Vec<&str> = respelled.split(['-', '·', '.']).filter(|s| !s.is_empty()).collect();
    let loud = |s: &str| s.chars().any(char::is_alphabetic) && s.chars().all(|c| !c.is_lowercase());
    let any_loud = syllables.iter().any(|s| loud(s));
    let mut said = String::new();
    let mut primary_given = false;
    for (number, &written) in syllables.iter().enumerate() {
        let stressed = if any_loud { loud(written) } else { number == 0 };
        let sounds = syllable(&written.to_lowercase(), stressed)?;
        if stressed {
            let mark = if primary_given { SECONDARY } else { PRIMARY };
            primary_given = true;
            said.push_str(&phonemes::stressed(&sounds, mark));
        } else {
            said.push_str(&sounds);
        }
    }
    Some(said)
}

fn syllable(written: &str, stressed: bool) -> Option<String> {
    let letters: Vec<char> = written.chars().collect();
    let mut said = String::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let is_vowel_letter = |c: char| "aeiou".contains(c);
        if let [vowel, consonant, 'e'] = *rest
            && let Some((_, long)) = LONG.iter().find(|(letter, _)| *letter == vowel)
            && !is_vowel_letter(consonant)
            && !"hrwy".contains(consonant)
        {
            let (_, sound, _) = spelling(&consonant.to_string())?;
            said.push_str(long);
            said.push_str(if consonant == 'c' { "s" } else { sound });
            return Some(said);
        }
        if let [vowel] = *rest
            && let Some((_, strong, weak)) = OPEN.iter().find(|(letter, ..)| *letter == vowel)
            && !said.contains(phonemes::is_vowel)
        {
            said.push_str(if stressed { strong } else { weak });
            return Some(said);
        }
        // A doubled consonant is one; a y behind consonants is a vowel.
        if at > 0 && letters[at] == letters[at - 1] && !is_vowel_letter(letters[at]) {
            at += 1;
            continue;
        }
        if letters[at] == 'y' && !rest.get(1).copied().is_some_and(is_vowel_letter) {
            said.push_str(if rest.len() == 1 { "i" } else { "ɪ" });
            at += 1;
            continue;
        }
        if letters[at] == 'c' && rest.get(1).is_some_and(|c| "eiy".contains(*c)) {
            said.push('s');
            at += 1;
            continue;
        }
        let text: String = rest.iter().collect();
        let (letters_read, strong, weak) = spelling(&text)?;
        said.push_str(if stressed { strong } else { weak });
        at += letters_read;
    }
    Some(said)
}

/// The longest spelling that `text` begins with: its letters and sounds.
fn spelling(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let known = SPELLINGS.iter().find(|(letters, ..)| text.starts_with(letters));
    if let Some((letters, strong, weak)) = known {
        return Some((letters.chars().count(), strong, weak));
    }
    const AS_THEY_ARE: [(char, &str); 9] = [
        ('l', "l"),
        ('m', "m"),
        ('n', "n"),
        ('p', "p"),
        ('s', "s"),
        ('t', "t"),
        ('v', "v"),
        ('w', "w"),
        ('z', "z"),
    ];
    let first = text.chars().next()?;
    AS_THEY_ARE.iter().find(|(letter, _)| *letter == first).map(|&(_, sound)| (1, sound, sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn respellings_become_phonemes() {
        for (respelling, said) in [
            ("wah-KEEN", "wəkˈin"),
            ("shi-VAWN", "ʃivˈɔn"),
            ("SUR-shuh", "sˈɜɹʃə"),
            ("neev", "nˈiv"),
            ("her-MY-oh-nee", "həɹmˈIOni"),
            ("MIKE", "mˈIk"),
            ("nwin", "nwˈɪn"),
            ("KATH-ee", "kˈæθi"),
            ("/wɑˈkin/", "wɑkˈin"),
            ("/ˈdʒeɪkəb/", "ʤˈAkəb"),
            ("an-JAY-lah SMITH", "ənʤˈAlə smˈɪθ"),
        ] {
            assert_eq!(phonemes_of(respelling).as_deref(), Some(said), "{respelling}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_none() {
        for respelling in ["", "-", "//", "123", "ж", "tsk", "🙂"] {
            assert_eq!(phonemes_of(respelling), None, "{respelling}");
        }
    }
}
