//! Numbers as English words. Called by every reader that meets digits; knows
//! nothing of what stands around them.

const BELOW_TWENTY: [&str; 20] = [
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
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "quintillion"),
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];
/// Longer ones are names of things (of accounts, of parcels) rather than
/// amounts, and are read digit by digit.
const LONGEST_AMOUNT: usize = 7;
/// With its thousands marked, a number is surely an amount.
const LONGEST_GROUPED_AMOUNT: usize = 18;

/// 1234 is "one thousand two hundred thirty four".
pub(super) fn cardinal(number: u64) -> String {
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, name) in SCALES {
        if rest >= scale {
            words.push(below_thousand(rest / scale));
            words.push(name.to_owned());
            rest %= scale;
        }
    }
    if rest > 0 || words.is_empty() {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

fn below_thousand(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    match (hundreds, rest) {
        (0, _) => below_hundred(rest),
        (_, 0) => format!("{} hundred", below_hundred(hundreds)),
        _ => format!("{} hundred {}", below_hundred(hundreds), below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    let number = number as usize;
    match BELOW_TWENTY.get(number) {
        Some(word) => (*word).to_owned(),
        None if number.is_multiple_of(10) => TENS[number / 10].to_owned(),
        None => format!("{} {}", TENS[number / 10], BELOW_TWENTY[number % 10]),
    }
}

/// 21 is "twenty first".
pub(super) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let (before, last) = words.rsplit_once(' ').unwrap_or(("", &words));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        _ => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    format!("{before} {last}").trim_start().to_owned()
}

/// "007" is "zero zero seven". Other characters than digits are passed over.
pub(super) fn digits(written: &str) -> String {
    let words: Vec<_> = written.chars().filter_map(|c| c.to_digit(10)).collect();
    let words: Vec<_> = words.iter().map(|&digit| BELOW_TWENTY[digit as usize]).collect();
    words.join(" ")
}

/// Digits, perhaps with marks between the thousands and a decimal point, as an
/// amount: "1,234.5" is "one thousand two hundred thirty four point five".
pub(super) fn amount(written: &str) -> String {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let is_grouped = whole.contains(|c: char| !c.is_ascii_digit());
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let mut words = match whole.as_str() {
        "" => String::new(),
        whole => integer(whole, is_grouped),
    };
    if !fraction.is_empty() {
        words.push_str(" point ");
        words.push_str(&digits(fraction));
    }
    words.trim().to_owned()
}

fn integer(whole: &str, is_grouped: bool) -> String {
    let is_code = whole.len() > 1 && whole.starts_with('0');
    let is_amount = if is_grouped {
        whole.len() <= LONGEST_GROUPED_AMOUNT
    } else {
        whole.len() <= LONGEST_AMOUNT || whole.len() <= 15 && whole.ends_with("00000")
    };
    match whole.parse() {
        Ok(number) if is_amount && !is_code => cardinal(number),
        _ => digits(whole),
    }
}

/// What the digits are worth, if that can be counted.
pub(super) fn value(written: &str) -> Option<u64> {
    let whole = written.split('.').next().unwrap_or_default();
    whole.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// Whether a noun counted by it is singular: only plain one.
pub(super) fn is_one(written: &str) -> bool {
    written == "1"
}

/// 1905 is "nineteen oh five", 2005 "two thousand five", 2024 "twenty twenty
/// four"; the same words do for counting hundreds ("fifteen hundred").
pub(super) fn year(number: u64) -> String {
    let (century, rest) = (number / 100, number % 100);
    match (century, rest) {
        _ if !(1000..10_000).contains(&number) => cardinal(number),
        (_, 0) if century % 10 == 0 => cardinal(number),
        (_, 0) => format!("{} hundred", below_hundred(century)),
        (20, 1..=9) => cardinal(number),
        (_, 1..=9) => format!("{} oh {}", below_hundred(century), below_hundred(rest)),
        _ => format!("{} {}", below_hundred(century), below_hundred(rest)),
    }
}

/// 1990 is "nineteen nineties", 1800 "eighteen hundreds", 90 "nineties".
pub(super) fn decade(number: u64) -> String {
    plural(&if number < 1000 { cardinal(number) } else { year(number) })
}

/// The last word in the plural.
pub(super) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with(['x', 's']) => format!("{words}es"),
        None => format!("{words}s"),
    }
}

/// 3/4 is "three quarters"; odd ones are "over".
pub(super) fn fraction(numerator: u64, denominator: u64) -> String {
    let part = match denominator {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        3 | 5..=20 | 24 | 30 | 32 | 50 | 64 | 100 | 1000 => ordinal(denominator),
        _ => return format!("{} over {}", cardinal(numerator), cardinal(denominator)),
    };
    match (numerator, denominator) {
        (1, _) => format!("one {part}"),
        (_, 2) => format!("{} halves", cardinal(numerator)),
        _ => format!("{} {part}s", cardinal(numerator)),
    }
}

/// The value of a well-formed Roman numeral in capitals, up to 3999.
pub(super) fn roman(written: &str) -> Option<u64> {
    const NUMERALS: [(&str, u64); 13] = [
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ];
    let mut rest = written;
    let mut value = 0;
    for (numeral, worth) in NUMERALS {
        let most = if numeral.len() == 2 || numeral.starts_with(['D', 'L', 'V']) { 1 } else { 3 };
        for _ in 0..most {
            let Some(after) = rest.strip_prefix(numeral) else { break };
            rest = after;
            value += worth;
        }
    }
    (value > 0 && rest.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_in_words() {
        for (number, said) in [
            (0, "zero"),
            (13, "thirteen"),
            (40, "forty"),
            (99, "ninety nine"),
            (100, "one hundred"),
            (115, "one hundred fifteen"),
            (1_000_001, "one million one"),
            (1_234_567, "one million two hundred thirty four thousand five hundred sixty seven"),
        ] {
            assert_eq!(cardinal(number), said);
        }
        assert!(cardinal(u64::MAX).starts_with("eighteen quintillion"));
    }

    #[test]
    fn ordinals_end_as_they_are_said() {
        for (number, said) in [
            (1, "first"),
            (2, "second"),
            (3, "third"),
            (12, "twelfth"),
            (20, "twentieth"),
            (21, "twenty first"),
            (100, "one hundredth"),
            (1000, "one thousandth"),
        ] {
            assert_eq!(ordinal(number), said);
        }
    }

    #[test]
    fn years_are_said_in_pairs() {
        for (number, said) in [
            (1066, "ten sixty six"),
            (1500, "fifteen hundred"),
            (1905, "nineteen oh five"),
            (1999, "nineteen ninety nine"),
            (2000, "two thousand"),
            (2005, "two thousand five"),
            (2010, "twenty ten"),
            (2100, "twenty one hundred"),
        ] {
            assert_eq!(year(number), said);
        }
    }

    #[test]
    fn only_well_formed_roman_numerals_count() {
        for (written, value) in [
            ("I", Some(1)),
            ("IV", Some(4)),
            ("VIII", Some(8)),
            ("XIX", Some(19)),
            ("XLII", Some(42)),
            ("MCMXCIX", Some(1999)),
            ("IIII", None),
            ("IC", None),
            ("VX", None),
            ("", None),
            ("MIX", Some(1009)),
        ] {
            assert_eq!(roman(written), value, "{written}");
        }
    }
}
