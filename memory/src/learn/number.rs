//! Numbers as they are said: "two", "a couple of", "ninety one", "3rd".

use super::token::Token;

const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];
const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
/// The number that words tell, and of how many words: "two", "a couple of".
pub fn number(tokens: &[Token]) -> Option<(i64, usize)> {
    let first = tokens.first()?;
    if let Ok(digits) = first.norm.parse::<u16>() {
        return Some((i64::from(digits), 1));
    }
    let next = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    match first.norm.as_str() {
        "a" | "an" if next(1) == "couple" => return Some((2, if next(2) == "of" { 3 } else { 2 })),
        "a" | "an" => return Some((1, 1)),
        _ => {}
    }
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let unit = |word: &str| NUMBERS.iter().position(|number| *number == word).map(|n| n as i64);
    if let Some(ten) = TENS.iter().position(|ten| first.norm == *ten) {
        let ten = (ten as i64 + 2) * 10;
        return Some(match unit(next(1)).filter(|n| (1..10).contains(n)) {
            Some(unit) => (ten + unit, 2),
            None => (ten, 1),
        });
    }
    if let Some((ten, rest)) = first.norm.split_once('-')
        && let Some(ten) = TENS.iter().position(|known| ten == *known)
    {
        return Some(((ten as i64 + 2) * 10 + unit(rest)?, 1));
    }
    unit(&first.norm).map(|number| (number, 1))
}

/// "3rd", "third", "twenty first".
pub fn ordinal(tokens: &[Token]) -> Option<(i8, usize)> {
    let word = tokens.first()?.norm.as_str();
    let digits = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
    if digits.len() + 2 == word.len()
        && let Ok(day @ 1..=31) = digits.parse::<i8>()
    {
        return Some((day, 1));
    }
    let place = |word: &str| ORDINALS.iter().position(|known| *known == word).map(|n| n as i8 + 1);
    if let Some(next) = tokens.get(1)
        && let Some(day) = place(&format!("{word}-{}", next.norm))
    {
        return Some((day, 2));
    }
    place(word).map(|day| (day, 1))
}
