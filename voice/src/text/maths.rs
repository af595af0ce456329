//! Signs between amounts and names: "2 + 2 = 4", "x²", "3 × 4", "a < b", "H₂O",
//! and signs that stand for a word: "&", "°", "№".

use super::number::{cardinal, value};
use super::place::{Place, Reading, pattern};

/// Signs that are always said, wherever they stand.
const SAID: &[(&str, &str)] = &[
    ("===", "equals"),
    ("==", "equals"),
    ("!=", "does not equal"),
    ("<=", "is at most"),
    (">=", "is at least"),
    ("=>", "to"),
    ("->", "to"),
    ("=", "equals"),
    ("≠", "does not equal"),
    ("≈", "is about"),
    ("≤", "is at most"),
    ("≥", "is at least"),
    ("±", "plus or minus"),
    ("×", "times"),
    ("✕", "times"),
    ("÷", "divided by"),
    ("−", "minus"),
    ("√", "the square root of"),
    ("∞", "infinity"),
    ("∑", "the sum of"),
    ("∫", "the integral of"),
    ("→", "to"),
    ("⇒", "to"),
    ("↔", "to"),
    ("&", "and"),
    ("%", "percent"),
    ("‰", "per mille"),
    ("°", "degrees"),
    ("¢", "cents"),
    ("§", "section"),
    ("№", "number"),
];

/// Currency signs without an amount.
const CURRENCIES: &[(char, &str)] =
    &[('$', "dollars"), ('€', "euros"), ('£', "pounds"), ('¥', "yen")];

pub(super) fn read(place: &Place) -> Option<Reading> {
    if place.first().is_ascii_alphanumeric() && !matches!(place.first(), 'x' | 'X') {
        return None;
    }
    by(place)
        .or_else(|| power(place))
        .or_else(|| subscript(place))
        .or_else(|| between(place))
        .or_else(|| number_sign(place))
        .or_else(|| divided(place))
        .or_else(|| said(place))
}

/// "3x4", "10 × 15 cm", "1920×1080".
fn by(place: &Place) -> Option<Reading> {
    let captures = pattern!("( ?)([xX×])( ?)[0-9]").captures(place.rest())?;
    let is_between = captures[1] == captures[3] || place.last() == Some(' ');
    let is_after_number =
        place.before().trim_end().ends_with(|c: char| c.is_ascii_digit() || "½¼¾".contains(c));
    let is_plain_product = &captures[2] == "×"
        && (place.last() == Some(' ') || !captures[3].is_empty())
        && !pattern!("[×xX] ?[0-9.]+ ?(?:m|cm|mm|km|ft|in)\\b").is_match(place.rest());
    let words = if is_plain_product { "times" } else { "by" };
    let length = captures[0].len() - 1;
    (is_between && is_after_number).then(|| Reading::of(length).words(words))
}

/// "x²", "10^6"; a footnote's number behind a word is passed over.
fn power(place: &Place) -> Option<Reading> {
    let captures =
        pattern!(r"\^ ?\(?(-?[0-9]{1,3}|[a-z]\b)\)?|([⁺⁻]?[⁰¹²³⁴-⁹]+|ⁿ)").captures(place.rest())?;
    let length = captures[0].len();
    let before = place.before();
    let written: String = match (captures.get(1), captures.get(2)) {
        (Some(plain), _) => plain.as_str().to_owned(),
        (None, Some(raised)) => raised.as_str().chars().map(lowered).collect(),
        (None, None) => return None,
    };
    let is_power = pattern!(r"(?s:.*)(?:^|[^\p{L}])(?:\p{L}{1,2}|[0-9.,]+|\))$").is_match(before);
    if captures.get(2).is_some() && !is_power {
        return Some(Reading::of(length));
    }
    let reading = Reading::of(length);
    Some(match written.as_str() {
        "2" => reading.words("squared"),
        "3" => reading.words("cubed"),
        _ => {
            let reading = reading.words("to the power of");
            match (written.strip_prefix('-'), value(&written)) {
                (Some(_), Some(power)) => reading.words("minus").words(&cardinal(power)),
                (None, Some(power)) => reading.words(&cardinal(power)),
                (_, None) => reading.letters(&written),
            }
        }
    })
}

/// The plain digit or letter of a raised one.
fn lowered(raised: char) -> char {
    match raised {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(raised as u32 - '⁰' as u32, 10).unwrap_or('0'),
        '⁻' => '-',
        'ⁿ' => 'n',
        _ => ' ',
    }
}

/// "H₂O".
fn subscript(place: &Place) -> Option<Reading> {
    let captures = pattern!("[₀-₉]{1,9}").captures(place.rest())?;
    let digits: String =
        captures[0].chars().filter_map(|c| char::from_digit(c as u32 - '₀' as u32, 10)).collect();
    Some(Reading::of(captures[0].len()).words(&cardinal(value(&digits)?)))
}

/// Plus, minus, times, less and more between two amounts or letters.
fn between(place: &Place) -> Option<Reading> {
    let captures =
        pattern!(r"([-+*<>–])(=?)( ?)(?:[0-9.]|[A-Za-z]\b|\()").captures(place.rest())?;
    let before = place.before();
    let is_spaced = before.ends_with(' ');
    let is_after_operand =
        pattern!(r"(?s:.*)(?:^|[^\p{L}])(?:[b-zB-HJ-Z]|[0-9.,]+|[)²³%])\s?$").is_match(before);
    let sign = &captures[1];
    // "5-3" is a range or a score, "5 -3" is odd; "A+ student" has no second operand.
    let is_even = is_spaced != captures[3].is_empty();
    let leads_to_result = pattern!(r"[-–] ?[0-9.]+ ?=").is_match(place.rest());
    let is_minus = matches!(sign, "-" | "–");
    if !is_after_operand || !is_even || is_minus && !is_spaced && !leads_to_result {
        return None;
    }
    let words = match (sign, &captures[2]) {
        ("-" | "–", "") => "minus",
        ("+", "") => "plus",
        ("*", "") => "times",
        ("<", "") => "is less than",
        (">", "") => "is greater than",
        ("<", _) => "is at most",
        (">", _) => "is at least",
        _ => return None,
    };
    Some(Reading::of(sign.len() + captures[2].len()).words(words))
}

/// "#5", "C#", and "C++", "5+", "A+".
fn number_sign(place: &Place) -> Option<Reading> {
    if pattern!("#[0-9]").is_match(place.rest()) && place.is_start() {
        return Some(Reading::of(1).words("number"));
    }
    if place.first() == '#' && pattern!(r"(?s:.*)\b[A-G]$").is_match(place.before()) {
        return Some(Reading::of(1).words("sharp"));
    }
    let captures = pattern!(r"\++").captures(place.rest())?;
    let pluses = captures[0].len().min(2);
    let is_behind = place.last().is_some_and(char::is_alphanumeric);
    let is_before_word = place.after(captures[0].len()).starts_with(|c: char| !c.is_whitespace());
    (is_behind || is_before_word || place.last() == Some(' '))
        .then(|| Reading::of(captures[0].len()).words(["plus", "plus plus"][pluses - 1]))
}

/// "10 / 2".
fn divided(place: &Place) -> Option<Reading> {
    let is_division = pattern!("/ [0-9(]").is_match(place.rest())
        && pattern!(r"(?s:.*)[0-9)] $").is_match(place.before());
    is_division.then(|| Reading::of(1).words("divided by"))
}

fn said(place: &Place) -> Option<Reading> {
    // "≈9" is an amount.
    if pattern!("[≈≤≥±−][0-9.]").is_match(place.rest()) && place.is_start() {
        return None;
    }
    if let Some((sign, words)) = SAID.iter().find(|(sign, _)| place.rest().starts_with(sign)) {
        let is_ruler = sign.starts_with("==") && place.after(sign.len()).starts_with('=');
        return (!is_ruler).then(|| Reading::of(sign.len()).words(words));
    }
    let (sign, words) = CURRENCIES.iter().find(|(sign, _)| *sign == place.first())?;
    let is_alone = place.after(sign.len_utf8()).starts_with([' ', '.', ',', '?', '!', ')']);
    is_alone.then(|| Reading::of(sign.len_utf8()).words(words))
}
