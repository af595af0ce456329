//! Amounts with units: "5 km", "20 °C", "10%", "5'11\"", "16 GB", "2x", "60 km/h".

use std::sync::LazyLock;

use regex::Regex;

use super::number::{amount, value};
use super::place::{Place, Reading, compile, pattern};
use super::quantities::{Number, Quantity, in_pairs, quantity};

/// As written, for one, for several.
const UNITS: &[(&str, &str, &str)] = &[
    ("%", "percent", "percent"),
    ("‰", "per mille", "per mille"),
    ("pp", "percentage point", "percentage points"),
    // Length
    ("nm", "nanometer", "nanometers"),
    ("µm", "micrometer", "micrometers"),
    ("mm", "millimeter", "millimeters"),
    ("cm", "centimeter", "centimeters"),
    ("dm", "decimeter", "decimeters"),
    ("m", "meter", "meters"),
    ("km", "kilometer", "kilometers"),
    ("in", "inch", "inches"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("yds", "yard", "yards"),
    ("mi", "mile", "miles"),
    ("px", "pixel", "pixels"),
    // Area and volume
    ("mm²", "square millimeter", "square millimeters"),
    ("cm²", "square centimeter", "square centimeters"),
    ("m²", "square meter", "square meters"),
    ("km²", "square kilometer", "square kilometers"),
    ("ft²", "square foot", "square feet"),
    ("sq ft", "square foot", "square feet"),
    ("sq mi", "square mile", "square miles"),
    ("sq m", "square meter", "square meters"),
    ("sq km", "square kilometer", "square kilometers"),
    ("sqft", "square foot", "square feet"),
    ("ha", "hectare", "hectares"),
    ("cm³", "cubic centimeter", "cubic centimeters"),
    ("m³", "cubic meter", "cubic meters"),
    ("km³", "cubic kilometer", "cubic kilometers"),
    ("ft³", "cubic foot", "cubic feet"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("cl", "centiliter", "centiliters"),
    ("dl", "deciliter", "deciliters"),
    ("l", "liter", "liters"),
    ("L", "liter", "liters"),
    ("cc", "c c", "c c"),
    ("gal", "gallon", "gallons"),
    ("qt", "quart", "quarts"),
    ("fl oz", "fluid ounce", "fluid ounces"),
    ("tsp", "teaspoon", "teaspoons"),
    ("tsps", "teaspoon", "teaspoons"),
    ("tbsp", "tablespoon", "tablespoons"),
    ("tbsps", "tablespoon", "tablespoons"),
    ("Tbsp", "tablespoon", "tablespoons"),
    // Weight
    ("µg", "microgram", "micrograms"),
    ("mcg", "microgram", "micrograms"),
    ("mg", "milligram", "milligrams"),
    ("g", "gram", "grams"),
    ("kg", "kilogram", "kilograms"),
    ("kgs", "kilogram", "kilograms"),
    ("t", "ton", "tons"),
    ("oz", "ounce", "ounces"),
    ("lb", "pound", "pounds"),
    ("lbs", "pound", "pounds"),
    // Temperature and angles
    ("°", "degree", "degrees"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("ºC", "degree Celsius", "degrees Celsius"),
    ("℃", "degree Celsius", "degrees Celsius"),
    ("C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("ºF", "degree Fahrenheit", "degrees Fahrenheit"),
    ("℉", "degree Fahrenheit", "degrees Fahrenheit"),
    ("F", "degree Fahrenheit", "degrees Fahrenheit"),
    // Time and speed
    ("ns", "nanosecond", "nanoseconds"),
    ("µs", "microsecond", "microseconds"),
    ("ms", "millisecond", "milliseconds"),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("secs", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("mins", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("wk", "week", "weeks"),
    ("wks", "week", "weeks"),
    ("mo", "month", "months"),
    ("mos", "month", "months"),
    ("yr", "year", "years"),
    ("yrs", "year", "years"),
    ("mph", "mile per hour", "miles per hour"),
    ("kph", "kilometer per hour", "kilometers per hour"),
    ("kmh", "kilometer per hour", "kilometers per hour"),
    ("mpg", "mile per gallon", "miles per gallon"),
    ("rpm", "revolution per minute", "revolutions per minute"),
    ("bpm", "beat per minute", "beats per minute"),
    ("fps", "frame per second", "frames per second"),
    // Electricity, energy, sound, pressure
    ("V", "volt", "volts"),
    ("mV", "millivolt", "millivolts"),
    ("kV", "kilovolt", "kilovolts"),
    ("mA", "milliamp", "milliamps"),
    ("mAh", "milliamp hour", "milliamp hours"),
    ("W", "watt", "watts"),
    ("kW", "kilowatt", "kilowatts"),
    ("MW", "megawatt", "megawatts"),
    ("GW", "gigawatt", "gigawatts"),
    ("Wh", "watt hour", "watt hours"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("MWh", "megawatt hour", "megawatt hours"),
    ("Ω", "ohm", "ohms"),
    ("kΩ", "kilohm", "kilohms"),
    ("kJ", "kilojoule", "kilojoules"),
    ("cal", "calorie", "calories"),
    ("kcal", "kilocalorie", "kilocalories"),
    ("hp", "horsepower", "horsepower"),
    ("psi", "p s i", "p s i"),
    ("hPa", "hectopascal", "hectopascals"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("dB", "decibel", "decibels"),
    // Data
    ("KB", "kilobyte", "kilobytes"),
    ("kB", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("GiB", "gibibyte", "gibibytes"),
    ("MiB", "mebibyte", "mebibytes"),
    ("kbps", "kilobit per second", "kilobits per second"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("MP", "megapixel", "megapixels"),
    // Counts
    ("x", "time", "times"),
    ("p", "penny", "pence"),
    ("pcs", "piece", "pieces"),
    ("ppl", "person", "people"),
    ("pts", "point", "points"),
];

/// Units that are words or names too, and count only right behind the number.
const ONLY_ATTACHED: &[&str] = &["in", "C", "F", "x", "p", "t"];

/// What numbers with a letter behind them name: "seat 12F", "Apt. 4L".
const LETTERED: &str = r"seat|row|aisle|room|suite|gate|terminal|platform|track|bus|route|exit|flight|flat|apartment|apt|unit|building|block|locker|section|class|grade|table|figure|appendix|page|question|exercise";

/// What an amount can be "per", besides units.
const PER: &[(&str, &str)] = &[
    ("second", "second"),
    ("minute", "minute"),
    ("hour", "hour"),
    ("day", "day"),
    ("d", "day"),
    ("night", "night"),
    ("week", "week"),
    ("month", "month"),
    ("quarter", "quarter"),
    ("year", "year"),
    ("person", "person"),
    ("head", "head"),
    ("user", "user"),
    ("piece", "piece"),
    ("serving", "serving"),
    ("capita", "capita"),
    ("mile", "mile"),
    ("gallon", "gallon"),
];

pub(super) fn read(place: &Place) -> Option<Reading> {
    if place.last().is_some_and(char::is_alphabetic) {
        return None;
    }
    screen(place).or_else(|| feet_and_inches(place)).or_else(|| {
        let quantity = quantity(place)?;
        measure(place, &quantity)
    })
}

/// Whether the word is a unit that is nothing else.
pub(super) fn is_unit(word: &str) -> bool {
    word.len() > 1 && !ONLY_ATTACHED.contains(&word) && find(word).is_some()
}

fn find(written: &str) -> Option<(&'static str, &'static str)> {
    let unit = UNITS.iter().find(|(known, ..)| *known == written)?;
    Some((unit.1, unit.2))
}

fn measure(place: &Place, quantity: &Quantity) -> Option<Reading> {
    let captures = pattern!("(<space>|-)((?:(?:sq|fl)\\.? )?[\\p{L}°º%‰²³]{1,5})(2|3)?")
        .captures(place.after(quantity.length))?;
    let (gap, written) = (&captures[1], captures[2].replace(['μ', 'µ'], "µ").replace('.', ""));
    let mut length = quantity.length + captures[0].len();
    let (one, many) = match captures.get(3).map(|power| power.as_str()) {
        Some("2") => find(&format!("{written}²"))?,
        Some(_) => find(&format!("{written}³"))?,
        None => find(&written)?,
    };
    let is_part_of_word = place.after(length).starts_with(|c: char| c.is_alphanumeric());
    let is_sign = matches!(&*written, "%" | "°" | "‰");
    // "in." with its dot is no preposition.
    let is_inch = written == "in" && place.after(length).starts_with('.');
    let is_apart = !gap.is_empty() && !is_inch;
    if is_part_of_word && !is_sign || is_apart && ONLY_ATTACHED.contains(&&*written) {
        return None;
    }
    if gap.is_empty() && is_name(place, &written) {
        return None;
    }
    // "in." and "oz." in the middle of a sentence.
    let is_dotted = written.chars().all(char::is_alphabetic)
        && place.after(length).starts_with('.')
        && !place.ends_sentence(length + 1);
    length += usize::from(is_dotted);
    let is_attribute = gap == "-" || place.is_attribute(length);
    let unit = match quantity.number {
        _ if is_sign && one == many => one.to_owned(),
        Number::Singular => one.to_owned(),
        Number::Plural if is_attribute => one.to_owned(),
        Number::Plural => many.to_owned(),
        Number::Part => format!("of {} {one}", article(one)),
        Number::Half => format!("{} {one}", article(one)),
    };
    let mut words = match quantity.number {
        Number::Half if one != many => quantity.words.replace("one half", "half"),
        _ => quantity.words.clone(),
    };
    words = format!("{words} {unit}");
    if let Some((per_length, per)) = per(place.after(length)) {
        length += per_length;
        words = format!("{words} {per}");
    }
    Some(said(length, &words))
}

/// Whether the letter right behind a number belongs to a name: "seat 12F" and
/// "iPhone 5s" measure nothing.
fn is_name(place: &Place, letter: &str) -> bool {
    match letter {
        "C" | "F" | "L" | "V" | "W" => {
            static LETTERED_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
                compile(&format!(
                    r"(?s:.*)\b(?i:{LETTERED})s?\.? (?:(?i:number|no\.) )?#?(?:[0-9]+[A-Z]?(?:,|,? (?:and|or|to|&))? ?)*$"
                ))
            });
            LETTERED_BEFORE.is_match(place.before())
        }
        "s" => {
            let previous = place.previous_word();
            let is_capitalised = previous.starts_with(char::is_uppercase);
            let is_camel_case = previous.chars().any(char::is_lowercase)
                && previous.chars().skip(1).any(char::is_uppercase);
            is_camel_case || is_capitalised && !place.is_second_word()
        }
        _ => false,
    }
}

/// A screen's lines: "1080p".
fn screen(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!("(240|360|480|720|1080|1440|2160|4320)([pi])"))?;
    let words = in_pairs(value(&captures[1])?);
    Some(Reading::of(captures[0].len()).words(&words).letters(&captures[2]))
}

/// Words, of which single letters but "a" are letters.
fn said(length: usize, words: &str) -> Reading {
    words.split_whitespace().fold(Reading::of(length), |reading, word| match word.len() {
        1 if word != "a" => reading.letters(word),
        _ => reading.words(word),
    })
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) || noun == "hour" { "an" } else { "a" }
}

/// "/h", "/month", "/kg" after an amount: how many bytes, and the words.
pub(super) fn per(text: &str) -> Option<(usize, String)> {
    let captures = pattern!("/ ?([A-Za-z²³]{1,8})").captures(text)?;
    let written = &captures[1];
    let named = PER.iter().find(|(known, _)| *known == written).map(|(_, name)| *name);
    let name = named.or_else(|| find(written).map(|(one, _)| one))?;
    let goes_on = text[captures[0].len()..].starts_with(|c: char| c.is_alphanumeric());
    (!goes_on).then(|| (captures[0].len(), format!("per {name}")))
}

/// "5'11\"", "6 ft 2", and inches by themselves unless a quotation ends there.
fn feet_and_inches(place: &Place) -> Option<Reading> {
    if !place.first().is_ascii_digit() || place.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    if let Some(captures) =
        pattern!(r#"([1-9][0-9]?)['’′] ?([0-9]{1,2})(?:"|”|″|''|’’)?"#).captures(place.rest())
    {
        let is_height = value(&captures[2]).is_some_and(|inches| inches < 12);
        let goes_on = place.after(captures[0].len()).starts_with(char::is_alphanumeric);
        let words = format!("{} foot {}", amount(&captures[1]), amount(&captures[2]));
        return (is_height && !goes_on).then(|| Reading::of(captures[0].len()).words(&words));
    }
    let captures = pattern!(r#"([0-9]{1,3}(?:\.[0-9]+)?)(["″])"#).captures(place.rest())?;
    let is_quotation = &captures[2] == "\"" && place.before().matches('"').count() % 2 == 1;
    let length = captures[0].len();
    let unit = if &captures[1] == "1" || place.is_attribute(length) { "inch" } else { "inches" };
    (!is_quotation).then(|| Reading::of(length).words(&amount(&captures[1])).words(unit))
}
