//! The phonemes of the voice: the alphabet of the network, and stress.
//!
//! The alphabet is misaki's for American English: IPA, with a letter each for
//! the diphthongs (`A` as in *say*, `I` *my*, `O` *go*, `W` *now*, `Y` *boy*) and
//! affricates (`ʤ`, `ʧ`), `T` for the flapped *t*, `ᵊ` for the slight vowel of
//! *bottle*, `ᵻ` for the one of *roses*. `ˈ` and `ˌ` precede the stressed vowel.

/// The network's number of each symbol that it knows of English.
const NUMBERS: [(char, u8); 72] = [
    (';', 1),
    (':', 2),
    (',', 3),
    ('.', 4),
    ('!', 5),
    ('?', 6),
    ('—', 9),
    ('…', 10),
    ('"', 11),
    ('(', 12),
    (')', 13),
    ('“', 14),
    ('”', 15),
    (' ', 16),
    ('\u{303}', 17),
    ('ʣ', 18),
    ('ʦ', 20),
    ('A', 24),
    ('I', 25),
    ('O', 31),
    ('Q', 33),
    ('S', 35),
    ('T', 36),
    ('W', 39),
    ('Y', 41),
    ('ᵊ', 42),
    ('a', 43),
    ('b', 44),
    ('c', 45),
    ('d', 46),
    ('e', 47),
    ('f', 48),
    ('h', 50),
    ('i', 51),
    ('j', 52),
    ('k', 53),
    ('l', 54),
    ('m', 55),
    ('n', 56),
    ('o', 57),
    ('p', 58),
    ('q', 59),
    ('r', 60),
    ('s', 61),
    ('t', 62),
    ('u', 63),
    ('v', 64),
    ('w', 65),
    ('x', 66),
    ('y', 67),
    ('z', 68),
    ('ɑ', 69),
    ('ɐ', 70),
    ('ɒ', 71),
    ('æ', 72),
    ('ɔ', 76),
    ('ð', 81),
    ('ʤ', 82),
    ('ə', 83),
    ('ɚ', 85),
    ('ɛ', 86),
    ('ɜ', 87),
    ('ɡ', 92),
    ('ɪ', 102),
    ('ŋ', 112),
    ('θ', 119),
    ('ɹ', 123),
    ('ʃ', 131),
    ('ʧ', 133),
    ('ʊ', 135),
    ('ʌ', 138),
    ('ʒ', 147),
];
/// Stress and length, apart from the sounds.
const MARKS: [(char, u8); 4] = [('ˈ', 156), ('ˌ', 157), ('ː', 158), ('ᵻ', 177)];

pub(crate) const PRIMARY: char = 'ˈ';
pub(crate) const SECONDARY: char = 'ˌ';
const VOWELS: &str = "AIOQWYaiuæɑɐɒɔəɚɛɜɪʊʌᵻ";

/// The network's number of a symbol, if it knows it.
pub(crate) fn number(symbol: char) -> Option<u8> {
    NUMBERS.iter().chain(&MARKS).find(|&&(known, _)| known == symbol).map(|&(_, number)| number)
}

/// The symbol of a number of the network.
pub(crate) fn symbol(number: u8) -> Option<char> {
    NUMBERS.iter().chain(&MARKS).find(|&&(_, known)| known == number).map(|&(symbol, _)| symbol)
}

pub(crate) fn is_vowel(symbol: char) -> bool {
    VOWELS.contains(symbol)
}

pub(crate) fn is_stress(symbol: char) -> bool {
    symbol == PRIMARY || symbol == SECONDARY
}

/// Whether what is said begins with a vowel; `None` if it has no sound.
pub(crate) fn begins_with_vowel(phonemes: &str) -> Option<bool> {
    phonemes.chars().find(|&c| !is_stress(c) && number(c) > number(' ')).map(is_vowel)
}

/// With the main stress made a lesser one, and the lesser ones dropped.
pub(crate) fn weakened(phonemes: &str) -> String {
    phonemes
        .chars()
        .filter(|&c| c != SECONDARY)
        .map(|c| if c == PRIMARY { SECONDARY } else { c })
        .collect()
}

/// With `stress` on the first vowel, if there is none yet.
pub(crate) fn stressed(phonemes: &str, stress: char) -> String {
    match phonemes.find(is_vowel) {
        Some(at) if !phonemes.contains(is_stress) => {
            let (head, tail) = phonemes.split_at(at);
            format!("{head}{stress}{tail}")
        }
        _ => phonemes.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_one_number() {
        for (symbol_, number_) in NUMBERS.into_iter().chain(MARKS) {
            assert_eq!(number(symbol_), Some(number_));
            assert_eq!(symbol(number_), Some(symbol_));
        }
    }

    #[test]
    fn the_alphabet_has_all_that_the_dictionary_needs() {
        for symbol in "AIOWYTabdfhijklmnpstuvwzæðŋɐɑɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻˈˌ,.!?;:—…“”() ".chars()
        {
            assert!(number(symbol).is_some(), "{symbol}");
        }
    }

    #[test]
    fn stress_moves_as_asked() {
        assert_eq!(weakened("ˌʌndəɹstˈænd"), "ʌndəɹstˌænd");
        assert_eq!(stressed("ðæt", PRIMARY), "ðˈæt");
        assert_eq!(stressed("həlˈO", SECONDARY), "həlˈO");
        assert_eq!(stressed("z", PRIMARY), "z");
    }

    #[test]
    fn the_first_sound_is_found_behind_stress() {
        assert_eq!(begins_with_vowel("ˈæpᵊl"), Some(true));
        assert_eq!(begins_with_vowel("jˈuz"), Some(false));
        assert_eq!(begins_with_vowel("“"), None);
    }
}
