//! Money: "$5", "$5.99", "€1.5 million", "£20k", "5 USD", "US$30", "$10–15", "99¢".

use super::measures::per;
use super::number::{amount, cardinal, is_one, value};
use super::place::{Place, Reading, pattern};
use super::quantities::scale_name;

/// A currency and its hundredths, for one and for several.
struct Currency {
    one: &'static str,
    many: &'static str,
    hundredth: &'static str,
    hundredths: &'static str,
}

const fn currency(
    one: &'static str,
    many: &'static str,
    hundredth: &'static str,
    hundredths: &'static str,
) -> Currency {
    Currency { one, many, hundredth, hundredths }
}

const SIGNS: &[(char, Currency)] = &[
    ('$', currency("dollar", "dollars", "cent", "cents")),
    ('€', currency("euro", "euros", "cent", "cents")),
    ('£', currency("pound", "pounds", "penny", "pence")),
    ('¥', currency("yen", "yen", "sen", "sen")),
    ('₹', currency("rupee", "rupees", "paisa", "paise")),
    ('₽', currency("ruble", "rubles", "kopek", "kopeks")),
    ('₩', currency("won", "won", "jeon", "jeon")),
    ('₺', currency("lira", "lira", "kurush", "kurush")),
    ('₿', currency("bitcoin", "bitcoins", "cent", "cents")),
    ('₴', currency("hryvnia", "hryvnias", "kopek", "kopeks")),
];

/// Before the dollar's sign, whose it is.
const DOLLARS: &[(&str, &str)] = &[
    ("US", "u s"),
    ("AU", "Australian"),
    ("A", "Australian"),
    ("CA", "Canadian"),
    ("C", "Canadian"),
    ("NZ", "New Zealand"),
    ("HK", "Hong Kong"),
    ("SG", "Singapore"),
    ("S", "Singapore"),
];

/// Three letters, whose, and the sign.
const CODES: &[(&str, &str, char)] = &[
    ("USD", "u s", '$'),
    ("CAD", "Canadian", '$'),
    ("AUD", "Australian", '$'),
    ("NZD", "New Zealand", '$'),
    ("EUR", "", '€'),
    ("GBP", "British", '£'),
    ("JPY", "", '¥'),
    ("INR", "", '₹'),
    ("RUB", "", '₽'),
    ("BTC", "", '₿'),
];

const SCALE: &str = "(?:[ \\x{a0}-]?(thousand|million|billion|trillion|[kKmMbB]n?|tn|T)\\b)?";

/// Money as it stands in the text.
struct Sum<'t> {
    length: usize,
    /// Whose currency, as words.
    whose: &'static str,
    sign: char,
    is_negative: bool,
    number: &'t str,
    /// The other end of a range.
    until: Option<&'t str>,
    scale: Option<&'t str>,
}

pub(super) fn read(place: &Place) -> Option<Reading> {
    if place.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let sum = sign_first(place).or_else(|| code_first(place)).or_else(|| number_first(place))?;
    said(place, &sum)
}

/// "$5", "-$5", "US$5", "$5-10 million".
fn sign_first<'t>(place: &Place<'t>) -> Option<Sum<'t>> {
    let captures = place.captures(pattern!(&format!(
        "([-−]?)(US|AU|A|CA|C|NZ|HK|SG|S)?([$€£¥₹₽₩₺₿₴])([-−]?)<space>(<number>)(?: ?[-–—] ?[$€£¥]?(<number>))?{SCALE}"
    )))?;
    let whose = captures.get(2).map(|prefix| prefix.as_str());
    let whose = whose.and_then(|prefix| DOLLARS.iter().find(|(known, _)| *known == prefix));
    Some(Sum {
        length: captures[0].len(),
        whose: whose.map_or("", |(_, name)| name),
        sign: captures[3].chars().next()?,
        is_negative: !captures[1].is_empty() || !captures[4].is_empty(),
        number: captures.get(5)?.as_str(),
        until: captures.get(6).map(|until| until.as_str()),
        scale: captures.get(7).map(|scale| scale.as_str()),
    })
}

/// "USD 5".
fn code_first<'t>(place: &Place<'t>) -> Option<Sum<'t>> {
    let captures = place.captures(pattern!(&format!("([A-Z]{{3}})<space>(<number>){SCALE}")))?;
    let &(_, whose, sign) = CODES.iter().find(|(code, ..)| *code == &captures[1])?;
    Some(Sum {
        length: captures[0].len(),
        whose,
        sign,
        is_negative: false,
        number: captures.get(2)?.as_str(),
        until: None,
        scale: captures.get(3).map(|scale| scale.as_str()),
    })
}

/// "5 €", "5€", "5 USD", "1.5 million EUR".
fn number_first<'t>(place: &Place<'t>) -> Option<Sum<'t>> {
    let captures = place.captures(pattern!(&format!(
        "(<number>){SCALE}<space>(?:([$€£¥₹₽₩₺₿₴])|([A-Z]{{3}})\\b)"
    )))?;
    let (whose, sign) = match (captures.get(3), captures.get(4)) {
        (Some(sign), _) => ("", sign.as_str().chars().next()?),
        (None, Some(code)) => {
            let (_, whose, sign) = CODES.iter().find(|(known, ..)| *known == code.as_str())?;
            (*whose, *sign)
        }
        (None, None) => return None,
    };
    // In "room 5 $20" the sign belongs to what follows.
    let goes_on = place.after(captures[0].len()).starts_with(|c: char| c.is_ascii_digit());
    (!goes_on).then(|| Sum {
        length: captures[0].len(),
        whose,
        sign,
        is_negative: false,
        number: captures.get(1).map_or("", |number| number.as_str()),
        until: None,
        scale: captures.get(2).map(|scale| scale.as_str()),
    })
}

fn said(place: &Place, sum: &Sum) -> Option<Reading> {
    const PAPER: &[&str] = &[" bill", " note", " coin", "-a-", " banknote"];
    let (_, currency) = SIGNS.iter().find(|(sign, _)| *sign == sum.sign)?;
    let after = place.after(sum.length);
    let is_attribute =
        place.is_attribute(sum.length) || PAPER.iter().any(|paper| after.starts_with(paper));
    let scale = match sum.scale {
        Some(scale) => scale_name(scale)?,
        None => "",
    };
    let minus = if sum.is_negative { "minus" } else { "" };
    let is_single = is_one(sum.number) && scale.is_empty() && sum.until.is_none();
    let name = if is_single || is_attribute { currency.one } else { currency.many };
    let until = sum.until.map(|until| format!("to {}", amount(until))).unwrap_or_default();
    let mut words = match hundredths(sum) {
        Some((whole, 0)) => {
            let name = if whole == "1" || is_attribute { currency.one } else { currency.many };
            format!("{} {} {name}", amount(whole), sum.whose)
        }
        Some((whole, part)) => {
            let part_name = if part == 1 { currency.hundredth } else { currency.hundredths };
            let part = format!("{} {part_name}", cardinal(part));
            match whole {
                "" | "0" => part,
                "1" => format!("one {} {} and {part}", sum.whose, currency.one),
                _ => format!("{} {} {} and {part}", amount(whole), sum.whose, currency.many),
            }
        }
        None => format!("{} {until} {scale} {} {name}", amount(sum.number), sum.whose),
    };
    let mut length = sum.length;
    if let Some((per_length, per)) = per(after) {
        length += per_length;
        words = format!("{words} {per}");
    }
    let words = format!("{minus} {words}");
    Some(words.split_whitespace().fold(Reading::of(length), |reading, word| match word {
        "u" | "s" => reading.letters(&word.to_uppercase()),
        _ => reading.words(word),
    }))
}

/// "5.99" as "5" and 99, where an amount is that exact.
fn hundredths<'t>(sum: &Sum<'t>) -> Option<(&'t str, u64)> {
    if sum.scale.is_some() || sum.until.is_some() {
        return None;
    }
    let (whole, part) = sum.number.split_once('.')?;
    (part.len() == 2).then_some((whole, value(part)?))
}
