//! Words as a dictionary spells them: contractions, compounds, CamelCase and
//! snake_case, drawn out words ("sooo"), and letters of other scripts.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::What;
use super::capitals::{self, Said};
use super::number::{amount, digits};
use super::place::{Place, Reading, pattern};

/// Words that begin with an apostrophe, and what is said.
const CLIPPED: &[(&str, &str)] = &[
    ("'em", "'em"),
    ("'til", "until"),
    ("'till", "until"),
    ("'cause", "because"),
    ("'twas", "'twas"),
    ("'tis", "'tis"),
    ("'bout", "about"),
    ("'round", "around"),
    ("'kay", "okay"),
    ("'nuff", "enough"),
    ("'cuz", "because"),
    ("'n'", "and"),
    ("'n", "and"),
    ("'s", "'s"),
];

/// Words of noise as they are spelt plainly.
const NOISES: &[(&str, &str)] = &[
    ("hm", "hmm"),
    ("m", "mm"),
    ("mh", "mm"),
    ("mhm", "mm-hmm"),
    ("sh", "shh"),
    ("br", "brr"),
    ("gr", "grr"),
    ("z", "zzz"),
    ("aw", "aww"),
    ("ew", "eww"),
    ("ah", "ah"),
    ("oh", "oh"),
    ("uh", "uh"),
    ("ugh", "ugh"),
    ("argh", "argh"),
    ("arg", "argh"),
    ("eh", "eh"),
    ("yea", "yeah"),
    ("pst", "psst"),
    ("pf", "pff"),
];

/// Words of which a drawn out letter is double anyway.
const DOUBLED: &[&str] = &[
    "good", "cool", "sweet", "look", "food", "too", "see", "need", "feel", "keep", "been", "free",
    "all", "well", "hello", "hell", "yell", "call", "tall", "small", "kill", "ooh", "boo", "woo",
    "soon", "room", "moon", "miss", "kiss", "boss", "less", "pass", "bless", "off", "week", "deep",
    "sleep", "beep", "green", "happy", "funny", "silly", "pretty", "sorry", "woohoo", "still",
    "full", "aah", "boom", "noon",
];

/// The names of letters that stand alone in formulas.
const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Δ', "delta"),
    ('Σ', "sigma"),
    ('Ω', "omega"),
    ('Θ', "theta"),
    ('Φ', "phi"),
];

/// Whether it belongs to a word: letters, their accents, and joints without width.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c) || is_invisible(c)
}

/// Soft hyphens and joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// The letters at the beginning of `text`, with apostrophes between them.
pub(super) fn leading_letters(text: &str) -> &str {
    let mut end = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let is_inner_apostrophe = is_apostrophe(c)
            && end > 0
            && letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !is_letter(c) && !is_inner_apostrophe {
            break;
        }
        end = at + c.len_utf8();
    }
    &text[..end]
}

pub(super) fn read(place: &Place) -> Option<Reading> {
    clipped(place).or_else(|| compound(place)).or_else(|| word(place)).or_else(|| joint(place))
}

/// "'em", "rock 'n' roll", and "o'clock" anywhere.
fn clipped(place: &Place) -> Option<Reading> {
    if !is_apostrophe(place.first()) && place.first() != '‘' {
        return None;
    }
    let captures = pattern!("['’‘]([A-Za-z]+)(['’]?)").captures(place.rest())?;
    let spelt = format!("'{}", captures[1].to_lowercase());
    let with_both = format!("{spelt}'");
    let find =
        |spelt: &str| CLIPPED.iter().find(|(known, _)| *known == spelt).map(|(_, said)| *said);
    let is_free = place.last().is_none_or(|c| !c.is_alphanumeric());
    if is_free && let Some(said) = find(&with_both).filter(|_| !captures[2].is_empty()) {
        return Some(Reading::of(captures[0].len()).words(said));
    }
    // An 's that stands behind a number or a sign.
    let said = find(&spelt).filter(|_| is_free && spelt != "'s" && captures[2].is_empty())?;
    Some(Reading::of(captures[0].len() - captures[2].len()).words(said))
}

/// "well-known", "mother-in-law", "mm-hmm": one word where each part is plain.
fn compound(place: &Place) -> Option<Reading> {
    let captures = pattern!(r"\p{L}[\p{Ll}\p{M}]+(?:[-‐‑]\p{L}[\p{Ll}\p{M}]*)+(?:['’]\p{L}{1,2})?")
        .captures(place.rest())?;
    let length = captures[0].len();
    let written = normalised(&captures[0]).replace(['‐', '‑'], "-");
    let goes_on = place.after(length).starts_with(|c: char| c.is_alphanumeric())
        || pattern!("[-‐‑]\\w").is_match(place.after(length));
    let is_sound = |part: &str| NOISES.iter().any(|(_, said)| *said == part) || part == "hm";
    let is_plain = written.split('-').all(|part| {
        part.chars().count() > 1
            && is_latin(part)
            && (has_vowel(part) || is_sound(&part.to_lowercase()))
            && !has_triple(part)
    });
    (is_plain && !goes_on).then(|| Reading::of(length).words(&written))
}

/// A run of letters.
fn word(place: &Place) -> Option<Reading> {
    let letters = leading_letters(place.rest());
    if letters.is_empty() {
        return None;
    }
    let mut length = letters.len();
    let mut written = normalised(letters);
    // "goin'", unless a quotation ends there.
    let after = place.after(length);
    let is_clipped = written.len() > 3
        && written.ends_with("in")
        && pattern!(r"['’](?:[\s.,!?]|$)").is_match(after)
        && !has_open_quotation(place);
    if is_clipped {
        length += after.chars().next().map_or(0, char::len_utf8);
        written.push('\'');
    } else if written.ends_with('s')
        && pattern!("['’] [a-z]").is_match(after)
        && !has_open_quotation(place)
    {
        // "the dogs' tails" sounds like "dogs".
        length += after.chars().next().map_or(0, char::len_utf8);
    }
    Some(Reading::of(length).and(spoken(&written, place)))
}

/// Whether a single quotation mark was opened before this place and not closed.
fn has_open_quotation(place: &Place) -> bool {
    let before = place.before();
    let mut is_open = false;
    for (at, mark) in before.char_indices().filter(|&(_, c)| is_apostrophe(c) || c == '‘') {
        let after = Some(&before[at + mark.len_utf8()..]).filter(|after| !after.is_empty());
        let after = after.unwrap_or(place.rest());
        let is_free =
            before[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "(“".contains(c));
        if !after.starts_with(char::is_alphabetic) {
            is_open = false;
        } else if is_free {
            let spelt = format!("'{}", leading_letters(after).to_lowercase());
            is_open |= !CLIPPED.iter().any(|(known, _)| *known == spelt);
        }
    }
    is_open
}

/// "_" and "/" between words join them silently.
fn joint(place: &Place) -> Option<Reading> {
    let is_joint = matches!(place.first(), '_' | '/');
    let is_inner = is_joint
        && place.last().is_some_and(char::is_alphanumeric)
        && place.after(1).starts_with(char::is_alphanumeric);
    is_inner.then(|| Reading::of(1))
}

/// Composed, without invisible joints and with plain apostrophes.
fn normalised(word: &str) -> String {
    word.chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .nfkc()
        .collect()
}

/// Whether all of it is written in Latin letters.
fn is_latin(word: &str) -> bool {
    word.chars()
        .all(|c| !c.is_alphabetic() || c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c))
}

fn has_vowel(word: &str) -> bool {
    word.nfd().any(|c| "aeiouyAEIOUYæøœÆØŒ".contains(c))
}

fn has_triple(word: &str) -> bool {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    letters.windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
}

/// What is said for one word without marks around it.
fn spoken(written: &str, place: &Place) -> Vec<What> {
    let mut letters = written.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        return single(only, place);
    }
    if !is_latin(written) {
        return Vec::new();
    }
    if written.chars().skip(1).any(char::is_uppercase) {
        return humps(written);
    }
    plain(written)
}

fn single(letter: char, place: &Place) -> Vec<What> {
    match letter {
        'a' | 'I' => vec![What::Word(letter.to_string())],
        'i' if place.last().is_none_or(char::is_whitespace) => vec![What::Word("I".to_owned())],
        'à' | 'á' | 'é' | 'è' | 'ñ' | 'y' if !letter.is_ascii() => {
            vec![What::Word(letter.to_string())]
        }
        _ if is_latin(&letter.to_string()) && letter.is_alphabetic() => vec![What::Letter(letter)],
        _ => GREEK
            .iter()
            .filter(|(known, _)| *known == letter)
            .map(|(_, name)| What::Word((*name).to_owned()))
            .collect(),
    }
}

/// A word in small letters, perhaps with a capital first.
fn plain(written: &str) -> Vec<What> {
    let word = if has_triple(written) { shortened(written) } else { written.to_owned() };
    let lower = word.to_lowercase();
    let is_noise = NOISES.iter().any(|(known, said)| *known == lower || *said == lower);
    let exceptions = ["nth", "hmm", "pfft", "tsk", "psst", "shh", "cwm"];
    if has_vowel(&word) || is_noise || exceptions.contains(&&*lower) || word.contains('\'') {
        return vec![What::Word(word)];
    }
    // "pdf", "tv": nothing that could be pronounced.
    word.chars().filter(|c| c.is_alphabetic()).map(What::Letter).collect()
}

/// "sooo" is "so", "goood" is "good", "hmmmm" is "hmm".
fn shortened(word: &str) -> String {
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in word.chars() {
        match runs.last_mut() {
            Some((last, count)) if last.to_lowercase().eq(c.to_lowercase()) => *count += 1,
            _ => runs.push((c, 1)),
        }
    }
    let with = |most: usize| -> String {
        runs.iter()
            .flat_map(|&(c, count)| std::iter::repeat_n(c, if count > 2 { most } else { count }))
            .collect()
    };
    let (once, twice) = (with(1), with(2));
    let squeezed: String = runs.iter().map(|(c, _)| c.to_ascii_lowercase()).collect();
    if let Some((_, noise)) = NOISES.iter().find(|(known, _)| *known == squeezed) {
        return (*noise).to_owned();
    }
    if DOUBLED.contains(&twice.to_lowercase().as_str()) { twice } else { once }
}

/// "YouTube", "iPhone", "getHTTPResponse"; but "McDonald" and "LeBron" are one.
fn humps(written: &str) -> Vec<What> {
    const PREFIXES: &[&str] =
        &["Mc", "Mac", "De", "Di", "Le", "La", "Du", "Van", "Fitz", "O'", "D'", "L'"];
    let is_name = PREFIXES.iter().any(|prefix| {
        written.strip_prefix(prefix).is_some_and(|rest| {
            rest.starts_with(char::is_uppercase)
                && rest.len() > 2
                && rest.chars().skip(1).all(|c| !c.is_uppercase())
        })
    });
    if is_name {
        return vec![What::Word(written.to_owned())];
    }
    split_humps(written).into_iter().flat_map(hump).collect()
}

fn hump(part: &str) -> Vec<What> {
    let mut letters = part.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Vec::new(),
        (Some('I'), None) => vec![What::Word("I".to_owned())],
        (Some(only), None) => vec![What::Letter(only)],
        _ if part.chars().all(char::is_uppercase) => match capitals::said(part) {
            Said::Letters => part.chars().map(What::Letter).collect(),
            Said::Word(word) => vec![What::Word(word)],
        },
        _ => plain(part),
    }
}

/// Before a capital after a small letter, and before the last of capitals that a
/// small letter follows.
fn split_humps(written: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = written.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for index in 1..letters.len() {
        let (at, c) = letters[index];
        let before = letters[index - 1].1;
        let after = letters.get(index + 1).map(|(_, after)| *after);
        let rises = !before.is_uppercase() && before.is_alphabetic();
        let falls = before.is_uppercase() && after.is_some_and(char::is_lowercase);
        if c.is_uppercase() && (rises || falls) {
            parts.push(&written[start..at]);
            start = at;
        }
    }
    parts.push(&written[start..]);
    parts
}

/// The words of a name in a program or an address: letters in any case, digits,
/// underscores and hyphens.
pub(super) fn identifier(written: &str) -> Vec<What> {
    let mut said = Vec::new();
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_digit || !c.is_alphanumeric())
            .unwrap_or(rest.len())
            .max(first.len_utf8());
        let (part, after) = rest.split_at(end);
        rest = after;
        if is_digit {
            let words = if part.len() > 4 { digits(part) } else { amount(part) };
            said.extend(words.split(' ').map(|word| What::Word(word.to_owned())));
        } else if first.is_alphanumeric() && is_latin(part) {
            said.extend(split_humps(&normalised(part)).into_iter().flat_map(hump));
        }
    }
    said
}
