//! Numbers by themselves: "1,234", "-5", "3 1/2", "½", "10-15", "21st", "20k",
//! "2.0.1", "24/7", "747".

use super::capitals::with_s;
use super::number::{amount, cardinal, digits, fraction, is_one, ordinal, value, year};
use super::place::{Place, Reading, pattern};

/// An amount as words.
pub(super) struct Quantity {
    /// How many bytes of the text it takes.
    pub(super) length: usize,
    pub(super) words: String,
    /// How what is counted follows it.
    pub(super) number: Number,
}

/// What an amount asks of the noun after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// "one kilometer".
    Singular,
    /// "two kilometers".
    Plural,
    /// "three quarters of a kilometer".
    Part,
    /// "half a kilometer".
    Half,
}

pub(super) fn read(place: &Place) -> Option<Reading> {
    address(place)
        .or_else(|| version(place))
        .or_else(|| ordinal_number(place))
        .or_else(|| retirement_plan(place))
        .or_else(|| idiom(place))
        .or_else(|| pair(place))
        .or_else(|| {
            let quantity = quantity(place)?;
            Some(Reading::of(quantity.length).words(&quantity.words))
        })
}

/// An amount with its sign, or a range of two.
pub(super) fn quantity(place: &Place) -> Option<Quantity> {
    // "B2B" and "H2O" are names: the number ends where its digits end.
    if place.last().is_some_and(char::is_alphabetic) {
        let captures = pattern!("[0-9]+").captures(place.rest())?;
        let words = amount(&captures[0]);
        return Some(Quantity { length: captures[0].len(), words, number: Number::Plural });
    }
    let (sign_length, sign) = sign(place)?;
    let first = one(place.after(sign_length))?;
    let length = sign_length + first.length;
    if let Some(range) =
        pattern!(r"( ?[–‒] ?|[-—]|\.\.\.?)([-−]?)[0-9.]").captures(place.after(length))
    {
        let start = length + range[1].len() + range[2].len();
        if let Some(second) = one(place.after(start))
            && !pattern!("[-–/][0-9]| ?=").is_match(place.after(start + second.length))
        {
            let minus = if range[2].is_empty() { "" } else { "minus" };
            return Some(Quantity {
                length: start + second.length,
                words: format!("{sign} {} to {minus} {}", first.words, second.words),
                number: second.number,
            });
        }
    }
    Some(Quantity { length, words: format!("{sign} {}", first.words), ..first })
}

/// The sign before a number, if it is one and not a hyphen.
fn sign(place: &Place) -> Option<(usize, &'static str)> {
    let first = place.first();
    let words = match first {
        '0'..='9' | '.' | '¼'..='¾' | '⅐'..='⅞' => return Some((0, "")),
        '-' | '−' | '–' => "minus",
        '+' => "plus",
        '~' | '≈' => "about",
        '±' => "plus or minus",
        '<' => "less than",
        '>' => "more than",
        '≥' => "at least",
        '≤' => "at most",
        _ => return None,
    };
    let is_sign = place.last().is_none_or(|c| c.is_whitespace() || "([{\"“=<>~,:/×*".contains(c));
    is_sign.then_some((first.len_utf8(), words))
}

/// An amount without sign.
fn one(text: &str) -> Option<Quantity> {
    mixed_fraction(text).or_else(|| simple_fraction(text)).or_else(|| decimal(text))
}

/// "3 1/2", "2½", "½".
fn mixed_fraction(text: &str) -> Option<Quantity> {
    if let Some(captures) =
        pattern!(r"([0-9]{1,4})[ -]([0-9]{1,2})[/⁄]([0-9]{1,3})\b").captures(text)
    {
        let part = proper_fraction(value(&captures[2])?, value(&captures[3])?)?;
        return Some(with_whole(&captures[1], &part, captures[0].len()));
    }
    let captures = pattern!("([0-9]*)<space>([¼-¾⅐-⅞])").captures(text)?;
    let (numerator, denominator) = vulgar(captures[2].chars().next()?)?;
    let part = fraction(numerator, denominator);
    Some(if captures[1].is_empty() {
        Quantity {
            length: captures[0].len(),
            words: part,
            number: number_of(numerator, denominator),
        }
    } else {
        with_whole(&captures[1], &part, captures[0].len())
    })
}

/// "three and a half".
fn with_whole(whole: &str, part: &str, length: usize) -> Quantity {
    let part = match part.strip_prefix("one ") {
        Some(part) if part.starts_with("eigh") => format!("an {part}"),
        Some(part) => format!("a {part}"),
        None => part.to_owned(),
    };
    let words = format!("{} and {part}", amount(whole));
    Quantity { length, words, number: Number::Plural }
}

/// "1/2", "2/3rds".
fn simple_fraction(text: &str) -> Option<Quantity> {
    let captures = pattern!("([0-9]{1,4})[/⁄]([0-9]{1,4})(?:rds|ths|th|rd)?").captures(text)?;
    if text[captures[0].len()..].starts_with(|c: char| c == '/' || c.is_alphanumeric()) {
        return None;
    }
    let (numerator, denominator) = (value(&captures[1])?, value(&captures[2])?);
    Some(Quantity {
        length: captures[0].len(),
        words: fraction(numerator, denominator),
        number: number_of(numerator, denominator),
    })
}

fn proper_fraction(numerator: u64, denominator: u64) -> Option<String> {
    (numerator < denominator).then(|| fraction(numerator, denominator))
}

fn number_of(numerator: u64, denominator: u64) -> Number {
    match (numerator, denominator) {
        (1, 2) => Number::Half,
        _ if numerator < denominator => Number::Part,
        _ => Number::Plural,
    }
}

fn vulgar(sign: char) -> Option<(u64, u64)> {
    const VULGAR: &[(char, u64, u64)] = &[
        ('¼', 1, 4),
        ('½', 1, 2),
        ('¾', 3, 4),
        ('⅐', 1, 7),
        ('⅑', 1, 9),
        ('⅒', 1, 10),
        ('⅓', 1, 3),
        ('⅔', 2, 3),
        ('⅕', 1, 5),
        ('⅖', 2, 5),
        ('⅗', 3, 5),
        ('⅘', 4, 5),
        ('⅙', 1, 6),
        ('⅚', 5, 6),
        ('⅛', 1, 8),
        ('⅜', 3, 8),
        ('⅝', 5, 8),
        ('⅞', 7, 8),
    ];
    VULGAR.iter().find(|(known, ..)| *known == sign).map(|&(_, above, below)| (above, below))
}

/// "1,234.5", "20k", "1.5M".
fn decimal(text: &str) -> Option<Quantity> {
    let captures = pattern!("(<number>)(k|K|M|bn)?").captures(text)?;
    let (number, scale) = (&captures[1], captures.get(2).map(|scale| scale.as_str()));
    let after = &text[captures[0].len()..];
    if let Some(scale) = scale
        && !after.starts_with(|c: char| c.is_alphanumeric())
        && !is_name_of_size(number, scale, after)
    {
        let scale = scale_name(scale)?;
        let words = format!("{} {scale}", amount(number));
        return Some(Quantity { length: captures[0].len(), words, number: Number::Plural });
    }
    let counted = if is_one(number) { Number::Singular } else { Number::Plural };
    Some(Quantity { length: number.len(), words: amount(number), number: counted })
}

/// What an amount is multiplied by when a letter follows it.
pub(super) fn scale_name(written: &str) -> Option<&'static str> {
    Some(match written {
        "k" | "K" => "thousand",
        "m" | "M" | "mn" | "million" => "million",
        "b" | "B" | "bn" | "billion" => "billion",
        "t" | "T" | "tn" | "trillion" => "trillion",
        "thousand" => "thousand",
        _ => return None,
    })
}

/// "a 4K screen", "a 10K run" and "M" after what is no amount.
fn is_name_of_size(number: &str, scale: &str, after: &str) -> bool {
    matches!((number, scale), ("4" | "8", "K"))
        || pattern!(" (?i:runs?|races?|video|tv|screen|monitor)\\b").is_match(after)
}

/// "21st", "1,000th", "the 18th-century house".
fn ordinal_number(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(
        "((?:[0-9]{1,3}(?:,[0-9]{3})+)|[0-9]{1,15})(?:st|nd|rd|th|ST|ND|RD|TH|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ|º)(['’]?s)?"
    ))?;
    let mut words = ordinal(value(&captures[1])?);
    words.push_str(captures.get(2).map_or("", |end| if end.len() == 1 { "s" } else { "'s" }));
    Some(Reading::of(captures[0].len()).words(&words))
}

/// "2.0.1", "v2.0", "192.168.1.1".
fn version(place: &Place) -> Option<Reading> {
    let captures = place
        .captures(pattern!(r"([vV]\.?)([0-9]+(?:\.[0-9]+)*)"))
        .or_else(|| place.captures(pattern!(r"()([0-9]{1,5}(?:\.[0-9]{1,5}){2,})")))?;
    if place.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let parts: Vec<_> = captures[2].split('.').map(amount).collect();
    let joint = if parts.len() == 4 { " dot " } else { " point " };
    let reading = Reading::of(captures[0].len());
    let reading = if captures[1].is_empty() || place.follows(&["version"]) {
        reading
    } else {
        reading.words("version")
    };
    Some(reading.words(&parts.join(joint)))
}

/// "401k", "401(k)", "403(b)", after sections of a law.
fn retirement_plan(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"(401|403|457)(?:\(([bk])\)|([bkK]))(['’]?s)?"))?;
    let letter = captures.get(2).or_else(|| captures.get(3))?.as_str();
    let reading = Reading::of(captures[0].len()).words(&in_pairs(value(&captures[1])?));
    Some(match captures.get(4) {
        Some(_) => with_s(reading, &letter.chars().collect::<Vec<_>>()),
        None => reading.letters(letter),
    })
}

/// "24/7", "9/11", "50/50", "20/20", "120/80", "8/10", and ratios: "16:9".
fn idiom(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!("([0-9]{1,3})([-/:])([0-9]{1,3})"))?;
    let (first, second) = (value(&captures[1])?, value(&captures[3])?);
    let after = place.after(captures[0].len());
    if after.starts_with(['/', ':', '-']) {
        return None;
    }
    let joint = match (first, second) {
        _ if &captures[2] == ":" => "to",
        (20, 20) | (50, 50) => "",
        _ if &captures[2] == "-" => return None,
        (20, _) if after.starts_with(" vision") => "",
        (24, 7) | (9, 11) | (7, 11) => "",
        _ if first + second == 100 => "",
        _ if second == 10 && !after.starts_with(" of") => "out of",
        (_, 5) if after.starts_with(" stars") => "out of",
        _ if first > second && second >= 20 => "over",
        _ => return None,
    };
    let first = if joint == "over" { in_pairs(first) } else { cardinal(first) };
    Some(Reading::of(captures[0].len()).words(&first).words(joint).words(&cardinal(second)))
}

/// Three digits that name a plane, road, bus or room: "Boeing 747", "Highway 101".
fn pair(place: &Place) -> Option<Reading> {
    const NAMED: &[&str] = &[
        "Boeing",
        "Flight",
        "flight",
        "Room",
        "room",
        "Highway",
        "Route",
        "Interstate",
        "Suite",
        "Studio",
    ];
    let captures = place.captures(pattern!("[1-9][0-9]{2}"))?;
    let goes_on = pattern!("[.,:/-][0-9]").is_match(place.after(captures[0].len()));
    (place.follows(NAMED) && !goes_on)
        .then(|| Reading::of(captures[0].len()).words(&in_pairs(value(&captures[0]).unwrap_or(0))))
}

/// The number of a house before its street: "123 Main St".
fn address(place: &Place) -> Option<Reading> {
    let captures = pattern!(
        r"([1-9][0-9]{2,4}) (?:[NSEW]\.? |North |South |East |West )?(?:[A-Z][a-z]+ ){1,2}(?:St|Ave|Rd|Dr|Blvd|Ln|Ct|Street|Avenue|Road|Drive|Boulevard|Lane|Court|Way|Place)\b"
    )
    .captures(place.rest())?;
    let number = &captures[1];
    let words = if number.len() == 5 { digits(number) } else { in_pairs(value(number)?) };
    let is_start = place.last().is_none_or(char::is_whitespace);
    is_start.then(|| Reading::of(number.len()).words(&words))
}

/// 747 is "seven forty seven", 101 "one oh one", 1080 "ten eighty".
pub(super) fn in_pairs(number: u64) -> String {
    match (number / 100, number % 100) {
        (0, _) | (_, 0) => cardinal(number),
        (hundreds, rest @ 1..=9) if hundreds < 10 => {
            format!("{} oh {}", cardinal(hundreds), cardinal(rest))
        }
        (hundreds, rest) if hundreds < 10 => format!("{} {}", cardinal(hundreds), cardinal(rest)),
        _ => year(number),
    }
}
