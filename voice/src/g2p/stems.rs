//! Words that a dictionary has without their ending: plurals, the past,
//! participles.

const FLAPPED_AFTER: &str = "AIOWYiuæɑəɛɪɹʊʌ";

/// The ways in which `word` may be another one with an ending.
pub(crate) fn stems(word: &str) -> Vec<(String, Ending)> {
    let mut found = Vec::new();
    let mut add = |stem: &str, more: &str, ending| {
        if stem.len() + more.len() > 1 {
            found.push((format!("{stem}{more}"), ending));
        }
    };
    if let Some(stem) = word.strip_suffix("'s") {
        add(stem, "", Ending::S);
    } else if let Some(stem) =
        word.strip_suffix('s').filter(|stem| stem.len() > 1 && !stem.ends_with('s'))
    {
        add(stem, "", Ending::S);
        if let Some(stem) = stem.strip_suffix("ie") {
            add(stem, "y", Ending::S);
        } else if let Some(stem) = stem.strip_suffix('e') {
            add(stem, "", Ending::S);
        }
    } else if let Some(stem) = word.strip_suffix("ed").filter(|stem| stem.len() > 1) {
        add(stem, "e", Ending::Ed);
        add(stem, "", Ending::Ed);
        add(undoubled(stem), "", Ending::Ed);
        if let Some(stem) = stem.strip_suffix('i') {
            add(stem, "y", Ending::Ed);
        }
    } else if let Some(stem) = word.strip_suffix("ing").or(word.strip_suffix("in'")) {
        if stem.len() > 1 {
            add(stem, "", Ending::Ing);
            add(stem, "e", Ending::Ing);
            add(undoubled(stem), "", Ending::Ing);
        }
    } else if let Some(stem) = word.strip_suffix('\'') {
        add(stem, "", Ending::None);
    }
    found
}

/// Without the second of two equal letters at the end.
fn undoubled(stem: &str) -> &str {
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(last), Some(before)) if last == before => &stem[..stem.len() - last.len_utf8()],
        _ => "",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    None,
    S,
    Ed,
    Ing,
}

impl Ending {
    /// The phonemes of a stem with this ending.
    pub fn onto(self, stem: &str) -> String {
        let mut backwards = stem.chars().rev();
        let (Some(last), before) = (backwards.next(), backwards.next()) else {
            return String::new();
        };
        let flaps = last == 't' && before.is_some_and(|c| FLAPPED_AFTER.contains(c));
        let body = if flaps { &stem[..stem.len() - 1] } else { stem };
        match self {
            Ending::None => stem.to_owned(),
            Ending::S if "ptkfθ".contains(last) => format!("{stem}s"),
            Ending::S if "szʃʒʧʤ".contains(last) => format!("{stem}ᵻz"),
            Ending::S => format!("{stem}z"),
            Ending::Ed if "pkfθʃsʧ".contains(last) => format!("{stem}t"),
            Ending::Ed if flaps => format!("{body}Tᵻd"),
            Ending::Ed if "td".contains(last) => format!("{stem}ᵻd"),
            Ending::Ed => format!("{stem}d"),
            Ending::Ing if flaps => format!("{body}Tɪŋ"),
            Ending::Ing => format!("{stem}ɪŋ"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_sound_as_their_stem_asks() {
        for (stem, ending, said) in [
            ("kˈæt", Ending::S, "kˈæts"),
            ("dˈɔɡ", Ending::S, "dˈɔɡz"),
            ("ɹˈOz", Ending::S, "ɹˈOzᵻz"),
            ("wˈɔk", Ending::Ed, "wˈɔkt"),
            ("wˈAt", Ending::Ed, "wˈATᵻd"),
            ("ˈækt", Ending::Ed, "ˈæktᵻd"),
            ("plˈA", Ending::Ed, "plˈAd"),
            ("sˈɪt", Ending::Ing, "sˈɪTɪŋ"),
            ("", Ending::S, ""),
        ] {
            assert_eq!(ending.onto(stem), said);
        }
    }

    #[test]
    fn stems_are_those_the_spelling_allows() {
        let of = |word| stems(word).into_iter().map(|(stem, _)| stem).collect::<Vec<_>>();
        assert!(of("hopped").contains(&"hop".to_owned()));
        assert!(of("hoping").contains(&"hope".to_owned()));
        assert!(of("ponies").contains(&"pony".to_owned()));
        assert_eq!(of("boss"), Vec::<String>::new());
        assert_eq!(of("James'"), ["James"]);
        assert!(of("s").is_empty() && of("'").is_empty() && of("ing").is_empty());
    }
}
