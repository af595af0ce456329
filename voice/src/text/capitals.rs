//! Words in capitals: initials ("J. K. Rowling", "U.S."), letters ("FBI", "TVs"),
//! acronyms that are words ("NASA"), and words that are only said louder ("I am SO
//! happy").

use super::place::{Place, Reading, pattern};

/// Said as words though they are no words.
const ACRONYMS: &[&str] = &[
    "NASA", "NATO", "UNESCO", "UNICEF", "AIDS", "OPEC", "FIFA", "UEFA", "COVID", "SCUBA", "RADAR",
    "LASER", "SWAT", "NAFTA", "PIN", "SIM", "RAM", "ROM", "GIF", "JPEG", "ASCII", "LIDAR", "SONAR",
    "YOLO", "FOMO", "ZIP", "WASP", "TED", "IKEA", "LEGO", "CAPTCHA", "OSHA", "FEMA", "DARPA",
    "ISIS", "BAFTA", "POTUS", "SCOTUS", "NASDAQ", "GAAP", "ESA", "BREXIT", "NIMBY", "LAN", "WAN",
    "CAD", "DOS", "BIOS", "SARS", "MERS", "NOAA", "TOEFL", "STEM", "MIDI", "WAV", "CERN", "HUD",
    "ACE", "GUI", "VIN", "MAC", "SAT", "PETA", "BASIC", "COBOL", "HIPAA",
];

/// Spelt though they look like words.
const SPELT: &[&str] = &[
    "USA", "USSR", "UCLA", "IMDB", "IEEE", "AAAS", "NAACP", "NCAA", "ADHD", "ACLU", "IOU", "IUD",
    "UFO", "FAQ", "CEO", "CIA", "EU", "UAE", "AOL", "USB", "ISO", "IBM", "IRA", "IRS", "EPA",
    "AFAIK", "API", "ABS", "AI", "IPO", "IOS", "UHD", "IVF", "OCD", "ETA", "EKG",
];

/// Words that people say louder, of the length of abbreviations.
const COMMON: &[&str] = &[
    "A", "ABLE", "ABOUT", "AFTER", "AGAIN", "AGO", "ALL", "ALSO", "AND", "ANY", "ARE", "ARENT",
    "AS", "ASK", "AT", "AWAY", "BABY", "BACK", "BAD", "BE", "BED", "BEEN", "BEST", "BIG", "BOY",
    "BUT", "BUY", "BY", "BYE", "CALL", "CAN", "CAR", "CAT", "COLD", "COME", "COOL", "CRY", "CUT",
    "DAD", "DAY", "DEAR", "DID", "DIE", "DO", "DOES", "DOG", "DONE", "DONT", "DOWN", "EASY", "EAT",
    "EACH", "EGG", "END", "EVEN", "EVER", "EYE", "FAR", "FAT", "FEW", "FINE", "FIX", "FLY", "FOR",
    "FREE", "FROM", "FULL", "FUN", "GET", "GIVE", "GO", "GOD", "GOOD", "GOT", "GREAT", "GUY",
    "HAD", "HAPPY", "HARD", "HAS", "HATE", "HAVE", "HE", "HELLO", "HELP", "HER", "HERE", "HEY",
    "HI", "HIM", "HIS", "HIT", "HOT", "HOW", "HUGE", "HURT", "I", "IF", "IN", "INTO", "IS", "ITS",
    "JOB", "JUST", "KEEP", "KID", "KNOW", "LAST", "LATE", "LESS", "LET", "LIE", "LIKE", "LONG",
    "LOT", "LOVE", "MAD", "MAN", "MANY", "MAY", "ME", "MEN", "MOM", "MORE", "MOST", "MUCH", "MUM",
    "MUST", "MY", "NEED", "NEVER", "NEW", "NEWS", "NICE", "NO", "NOBODY", "NONE", "NOT", "NOW",
    "OF", "OFF", "OH", "OLD", "ON", "ONE", "ONLY", "OPEN", "OR", "OUR", "OUT", "OVER", "OWN",
    "PAY", "PLAY", "PUT", "RED", "REAL", "RUN", "SAD", "SAID", "SALE", "SAW", "SAY", "SEE", "SET",
    "SHE", "SHOULD", "SICK", "SIT", "SIX", "SO", "SOME", "SON", "SOON", "SORRY", "STILL", "STOP",
    "SUN", "SURE", "TAKE", "TEN", "THAN", "THANK", "THAT", "THE", "THEIR", "THEM", "THEN", "THERE",
    "THESE", "THEY", "THIS", "TIME", "TO", "TOO", "TOP", "TRUE", "TRY", "TWO", "UGH", "UP", "USE",
    "VERY", "WAIT", "WANT", "WAR", "WAS", "WAY", "WE", "WELL", "WENT", "WERE", "WHAT", "WHEN",
    "WHERE", "WHY", "WILL", "WIN", "WITH", "WON", "WORK", "WOW", "YAY", "YEAR", "YES", "YET",
    "YOU", "YOUR", "ZERO",
];

/// Words and abbreviations both: words only among others in capitals.
const EITHER: &[&str] = &["US", "IT", "WHO", "AM", "PM", "AN", "ID"];

/// The names of letters with the plural's or the genitive's ending, in IPA.
const LETTERS_WITH_S: &[&str] = &[
    "eɪz",
    "biːz",
    "siːz",
    "diːz",
    "iːz",
    "ɛfs",
    "dʒiːz",
    "ˈeɪtʃɪz",
    "aɪz",
    "dʒeɪz",
    "keɪz",
    "ɛlz",
    "ɛmz",
    "ɛnz",
    "oʊz",
    "piːz",
    "kjuːz",
    "ɑːɹz",
    "ˈɛsɪz",
    "tiːz",
    "juːz",
    "viːz",
    "ˈdʌbəljuːz",
    "ˈɛksɪz",
    "waɪz",
    "ziːz",
];

/// How a word in capitals is said.
#[derive(PartialEq, Eq)]
pub(super) enum Said {
    Letters,
    Word(String),
}

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !place.first().is_uppercase() {
        return None;
    }
    doctorate(place)
        .or_else(|| initials(place))
        .or_else(|| joined(place))
        .or_else(|| single(place))
        .or_else(|| capitals(place))
}

/// "PhD", "Ph.D.".
fn doctorate(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"Ph\.? ?D\b(\.?)(s)?"))?;
    let reading = Reading::of(captures[0].len()).letters("PH");
    Some(match captures.get(2) {
        Some(_) => reading.phonemes("diːz"),
        None if place.rest().starts_with("PhD") && !captures[1].is_empty() => {
            Reading { length: captures[0].len() - 1, ..reading.letters("D") }
        }
        None => reading.letters("D").stop_at_end(place),
    })
}

/// "J. K. Rowling", "U.S.", "George W. Bush".
fn initials(place: &Place) -> Option<Reading> {
    let captures = pattern!(r"\p{Lu}\.(?:[ ]?\p{Lu}\.)*(['’]s\b)?").captures(place.rest())?;
    let mut length = captures[0].len();
    let mut written = &place.rest()[..length];
    if captures.get(1).is_none() && place.rest()[length..].starts_with(char::is_alphanumeric) {
        // "U.S.A", and "A.Smith".
        let last =
            pattern!(r"\p{Lu}\b").captures(place.after(length)).map_or(0, |last| last[0].len());
        length += last;
        written = &place.rest()[..length];
    }
    // "It was I. Then…"
    if written == "I." && (place.ends_sentence(length) || !place.after(length).starts_with(' ')) {
        return None;
    }
    let letters: Vec<char> = written.chars().filter(|c| c.is_uppercase()).collect();
    let reading = Reading::of(length);
    if captures.get(1).is_some() {
        return Some(with_s(reading, &letters));
    }
    let reading = letters.iter().fold(reading, |reading, &c| reading.letters(&c.to_string()));
    Some(reading.stop_at_end(place))
}

/// "AT&T", "R&B", "Q&A".
fn joined(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"([A-Z]{1,3})(?:&|&amp;)([A-Z]{1,3})"))?;
    let reading = Reading::of(captures[0].len()).letters(&captures[1]);
    Some(reading.words("and").letters(&captures[2]))
}

/// "I", "A", "B".
fn single(place: &Place) -> Option<Reading> {
    const NAMED_BY_LETTER: &[&str] = &[
        "plan",
        "vitamin",
        "grade",
        "hepatitis",
        "section",
        "group",
        "team",
        "type",
        "class",
        "option",
        "letter",
        "point",
        "exhibit",
        "level",
        "series",
        "side",
        "an",
        "influenza",
    ];
    // "two Bs", where "As", "Is", "Ms" and "Us" may be words.
    if let Some(captures) = place.captures(pattern!("([B-HJ-LN-TV-Z])s")) {
        return Some(with_s(Reading::of(captures[0].len()), &[captures[1].chars().next()?]));
    }
    let captures = place.captures(pattern!(r"(\p{Lu})"))?;
    let letter = captures[1].chars().next()?;
    let after = place.after(letter.len_utf8());
    let reading = Reading::of(letter.len_utf8());
    if !letter.is_ascii() {
        return None;
    }
    match letter {
        'I' if after.starts_with(['\'', '’']) => None,
        'I' => Some(reading.words("I")),
        'A' if place.follows(NAMED_BY_LETTER) => Some(reading.letters("A")),
        'A' if after.starts_with(' ') && !after.trim_start().starts_with(['+', '=', '<', '>']) => {
            Some(reading.words("a"))
        }
        'O' if after.starts_with(['\'', '’']) => None,
        _ if after.starts_with("'s") || after.starts_with("’s") => {
            let length = letter.len_utf8() + after.find('s').unwrap_or(0) + 1;
            Some(with_s(Reading::of(length), &[letter]))
        }
        _ => Some(reading.letters(&letter.to_string())),
    }
}

/// "FBI", "TVs", "NASA's", "HELP".
fn capitals(place: &Place) -> Option<Reading> {
    let captures = pattern!(r"([A-Z]{2,})(['’][sS]\b|s\b|['’](?:T|LL|RE|VE|D|M)\b)?")
        .captures(place.rest())?;
    let length = captures[0].len();
    // "McDONALD" and "TVset" are for another reader.
    if place.last().is_some_and(char::is_alphabetic)
        || place.after(length).starts_with(|c: char| c.is_alphabetic())
    {
        return None;
    }
    let ending = captures.get(2).map_or("", |ending| ending.as_str());
    let reading = Reading::of(length);
    // "DON'T", "I'M", "WE'LL" are words.
    if !ending.is_empty() && !ending.ends_with(['s', 'S']) {
        return Some(reading.words(&captures[0].to_lowercase().replace('’', "'")));
    }
    let written = &captures[1];
    let is_plural_of_letters = ending == "s";
    let said = match said(written) {
        _ if EITHER.contains(&written) && is_among_capitals(place, length) => {
            Said::Word(written.to_lowercase())
        }
        Said::Word(_) if is_plural_of_letters && COMMON.contains(&written) => Said::Letters,
        said => said,
    };
    Some(match said {
        Said::Letters if ending.is_empty() => reading.letters(written),
        Said::Letters => with_s(reading, &written.chars().collect::<Vec<_>>()),
        Said::Word(word) => {
            let ending = ending.to_lowercase().replace('’', "'");
            reading.words(&format!("{word}{ending}"))
        }
    })
}

/// Whether a word in capitals is a word or spelt, judged by itself.
pub(super) fn said(written: &str) -> Said {
    if ACRONYMS.contains(&written) {
        return Said::Word(written.to_owned());
    }
    if COMMON.contains(&written) {
        return Said::Word(written.to_lowercase());
    }
    let is_spelt = SPELT.contains(&written)
        || EITHER.contains(&written)
        || written.len() < 4
        || !is_sayable(written);
    if is_spelt { Said::Letters } else { Said::Word(titled(written)) }
}

/// Whether a neighbour is a word in capitals too.
fn is_among_capitals(place: &Place, length: usize) -> bool {
    let next = place.after(length).strip_prefix(' ').unwrap_or_default();
    let next =
        &next[..next.len() - next.trim_start_matches(|c: char| c.is_ascii_uppercase()).len()];
    [place.previous_word(), next].into_iter().any(|word| {
        word.len() > 1
            && word.bytes().all(|byte| byte.is_ascii_uppercase())
            && (EITHER.contains(&word) && word != "US" || said(word) != Said::Letters)
            && !ACRONYMS.contains(&word)
    })
}

/// Whether letters could be an English word: vowels, and few consonants in a row.
fn is_sayable(written: &str) -> bool {
    let is_vowel = |c: char| "AEIOUY".contains(c.to_ascii_uppercase());
    let mut consonants = 0;
    let mut longest = 0;
    for c in written.chars() {
        consonants = if is_vowel(c) { 0 } else { consonants + 1 };
        longest = longest.max(consonants);
    }
    let first_vowel = written.chars().position(is_vowel);
    let is_long = written.len() > 5;
    first_vowel.is_some_and(|at| at < 3 || is_long) && longest <= if is_long { 4 } else { 2 }
}

fn titled(written: &str) -> String {
    written.chars().take(1).chain(written.chars().skip(1).flat_map(char::to_lowercase)).collect()
}

/// Letters of which the last has an s: "TVs", "the FBI's".
pub(super) fn with_s(reading: Reading, letters: &[char]) -> Reading {
    let Some((last, first)) = letters.split_last() else { return reading };
    let reading = first.iter().fold(reading, |reading, &c| reading.letters(&c.to_string()));
    let name = (last.to_ascii_uppercase() as usize)
        .checked_sub('A' as usize)
        .and_then(|index| LETTERS_WITH_S.get(index));
    match name {
        Some(name) => reading.phonemes(name),
        None => reading.letters(&last.to_string()),
    }
}
