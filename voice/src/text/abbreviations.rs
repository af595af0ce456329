//! Words that are written short: "Dr.", "St.", "e.g.", "No. 5", "w/", "btw".

use super::number::{cardinal, roman};
use super::place::{Place, Reading, pattern};

/// Before a name, with or without a dot.
const TITLES: &[(&str, &str)] = &[
    ("Mr", "Mister"),
    ("Mrs", "Missus"),
    ("Messrs", "Messrs"),
    ("Dr", "Doctor"),
    ("Drs", "Doctors"),
    ("St", "Saint"),
    ("Sts", "Saints"),
    ("Prof", "Professor"),
    ("Rev", "Reverend"),
    ("Gen", "General"),
    ("Col", "Colonel"),
    ("Maj", "Major"),
    ("Sgt", "Sergeant"),
    ("Capt", "Captain"),
    ("Lt", "Lieutenant"),
    ("Cmdr", "Commander"),
    ("Gov", "Governor"),
    ("Sen", "Senator"),
    ("Rep", "Representative"),
    ("Hon", "Honorable"),
    ("Mt", "Mount"),
    ("Ft", "Fort"),
];

/// After a street's name, with or without a dot.
const STREETS: &[(&str, &str)] = &[
    ("St", "Street"),
    ("Dr", "Drive"),
    ("Ave", "Avenue"),
    ("Av", "Avenue"),
    ("Blvd", "Boulevard"),
    ("Rd", "Road"),
    ("Ln", "Lane"),
    ("Hwy", "Highway"),
    ("Ct", "Court"),
    ("Pl", "Place"),
    ("Sq", "Square"),
    ("Pkwy", "Parkway"),
    ("Ter", "Terrace"),
    ("Apt", "apartment"),
];

/// Before a number, with a dot.
const BEFORE_NUMBERS: &[(&str, &str)] = &[
    ("No", "number"),
    ("Nos", "numbers"),
    ("Nr", "number"),
    ("Vol", "volume"),
    ("Vols", "volumes"),
    ("p", "page"),
    ("pp", "pages"),
    ("pg", "page"),
    ("Fig", "figure"),
    ("Figs", "figures"),
    ("Ch", "chapter"),
    ("Sec", "section"),
    ("Art", "article"),
    ("Eq", "equation"),
    ("Ext", "extension"),
    ("Apt", "apartment"),
    ("Ep", "episode"),
    ("Pt", "part"),
    ("ca", "circa"),
    ("c", "circa"),
];

/// Anywhere, with a dot.
const DOTTED: &[(&str, &str)] = &[
    ("etc", "et cetera"),
    ("vs", "versus"),
    ("approx", "approximately"),
    ("dept", "department"),
    ("est", "established"),
    ("govt", "government"),
    ("misc", "miscellaneous"),
    ("max", "maximum"),
    ("min", "minimum"),
    ("avg", "average"),
    ("tel", "telephone"),
    ("ext", "extension"),
    ("incl", "including"),
    ("excl", "excluding"),
    ("esp", "especially"),
    ("resp", "respectively"),
    ("cf", "compare"),
    ("al", "al"),
    ("ed", "edition"),
    ("dob", "date of birth"),
    ("inc", "Incorporated"),
    ("ltd", "Limited"),
    ("corp", "Corporation"),
    ("co", "Company"),
    ("bros", "Brothers"),
    ("jr", "Junior"),
    ("sr", "Senior"),
    ("esq", "Esquire"),
    ("ave", "Avenue"),
    ("blvd", "Boulevard"),
    ("assn", "association"),
    ("univ", "university"),
    ("temp", "temperature"),
    ("tbsp", "tablespoon"),
    ("tsp", "teaspoon"),
    ("hr", "hour"),
    ("hrs", "hours"),
    ("Jan", "January"),
    ("Feb", "February"),
    ("Apr", "April"),
    ("Aug", "August"),
    ("Sept", "September"),
    ("Sep", "September"),
    ("Oct", "October"),
    ("Nov", "November"),
    ("Dec", "December"),
    ("Mon", "Monday"),
    ("Tue", "Tuesday"),
    ("Tues", "Tuesday"),
    ("Wed", "Wednesday"),
    ("Thu", "Thursday"),
    ("Thur", "Thursday"),
    ("Thurs", "Thursday"),
    ("Fri", "Friday"),
    ("Calif", "California"),
];

/// Short for a word only where a comma or number shows that they are no word.
const DAYS: &[(&str, &str)] = &[("Sat", "Saturday"), ("Sun", "Sunday"), ("Mar", "March")];

/// Without any dot, as in messages.
const UNDOTTED: &[(&str, &str)] = &[
    ("vs", "versus"),
    ("etc", "et cetera"),
    ("approx", "approximately"),
    ("eg", "for example"),
    ("btw", "by the way"),
    ("idk", "I don't know"),
    ("imo", "in my opinion"),
    ("imho", "in my humble opinion"),
    ("tbh", "to be honest"),
    ("afaik", "as far as I know"),
    ("asap", "as soon as possible"),
    ("ASAP", "as soon as possible"),
    ("thx", "thanks"),
    ("pls", "please"),
    ("plz", "please"),
    ("ppl", "people"),
    ("bc", "because"),
    ("b/c", "because"),
    ("w/", "with"),
    ("w/o", "without"),
    ("hwy", "highway"),
    ("blvd", "boulevard"),
    ("tbsp", "tablespoon"),
    ("tsp", "teaspoon"),
    ("OK", "okay"),
    ("Ok", "okay"),
    ("ok", "okay"),
    ("WiFi", "Wi-Fi"),
    ("wifi", "Wi-Fi"),
    ("SaaS", "sass"),
    ("Jr", "Junior"),
    ("Sr", "Senior"),
    ("Inc", "Incorporated"),
    ("Ltd", "Limited"),
];

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !place.first().is_ascii_alphabetic()
        || place.last().is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
    {
        return None;
    }
    latin(place).or_else(|| street(place)).or_else(|| title(place)).or_else(|| short(place))
}

/// "e.g.", "i.e.", "a.k.a.".
fn latin(place: &Place) -> Option<Reading> {
    let captures = pattern!(r"(?i:(e\. ?g\.)|(i\. ?e\.)|(a\.k\.a\.|aka\b)|(n\.b\.)|(q\.v\.))")
        .captures(place.rest())?;
    let reading = Reading::of(captures[0].len());
    Some(if captures.get(1).is_some() {
        reading.words("for example")
    } else if captures.get(2).is_some() {
        reading.words("that is")
    } else if captures.get(3).is_some() {
        reading.words("also known as")
    } else if captures.get(4).is_some() {
        reading.words("note well")
    } else {
        reading.words("see there")
    })
}

/// "123 Main St.", "Sunset Blvd": after a name, and before none unless a house's
/// number shows that it is an address.
fn street(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"([A-Z][a-z]{1,4})\b(\.?)"))?;
    let name = lookup(STREETS, &captures[1])?;
    let previous = place.previous_word();
    let is_named = previous.starts_with(char::is_uppercase) && !is_function_word(previous)
        || pattern!(r"(?s:.*)[0-9](?:st|nd|rd|th) $").is_match(place.before());
    let length = captures[0].len();
    let before_name =
        pattern!(" [A-Z][a-z]").is_match(place.after(length)) && !place.ends_sentence(length);
    let has_number = pattern!(r"(?s:.*\b)[0-9]+ (?:[A-Z][\w.]* ){1,3}$").is_match(place.before());
    let is_ambiguous = matches!(&captures[1], "St" | "Dr");
    if !is_named || is_ambiguous && before_name && !has_number {
        return None;
    }
    Some(Reading::of(length).words(name).stop_at_end(place))
}

fn is_function_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "The", "A", "In", "On", "At", "To", "For", "And", "But", "Or", "Is", "Was", "Of", "By",
        "From", "With", "Dear", "Hello", "Hi", "Near", "When", "I",
    ];
    WORDS.contains(&word)
}

/// "Dr. Smith", "Ms Jones", "St. Louis".
fn title(place: &Place) -> Option<Reading> {
    let captures = place.captures(pattern!(r"([A-Z][a-z]{1,5})\b(\.?)"))?;
    let length = captures[0].len();
    let is_before_name = pattern!(" [“\"]?\\p{Lu}").is_match(place.after(length));
    let is_dotted = !captures[2].is_empty();
    if &captures[1] == "Ms" && (is_before_name || is_dotted) {
        return Some(Reading::of(length).phonemes("mɪz"));
    }
    let name = lookup(TITLES, &captures[1])?;
    // "Gen Z", "Rep" and "Hon" are words without a dot.
    let is_short_only =
        matches!(&captures[1], "Mr" | "Mrs" | "Dr" | "St" | "Prof" | "Sgt" | "Capt" | "Lt" | "Mt");
    let is_title = is_before_name && (is_dotted || is_short_only)
        || is_dotted && matches!(&captures[1], "Mr" | "Mrs" | "Dr" | "Prof")
        || matches!(&captures[1], "Mr" | "Mrs" | "Dr") && !place.after(length).is_empty();
    is_title.then(|| Reading::of(length).words(name).stop_at_end(place))
}

fn short(place: &Place) -> Option<Reading> {
    let undotted = place.captures(pattern!(r"([A-Za-z]+(?:/[a-z]?)?)"));
    if let Some(captures) = place.captures(pattern!(r"([A-Za-z]{1,6})\.")) {
        let written = &captures[1];
        let length = captures[0].len();
        let after = place.after(length);
        // A single I, V or X may begin a sentence, unless what is before it is no word.
        let is_no_word = matches!(written, "Vol" | "vol" | "Ch" | "ch" | "Ep" | "Eq" | "Pt");
        let is_before_number = pattern!(r" ?#?(?:[0-9]|[IVX]{2,}\b)").is_match(after)
            || is_no_word && pattern!(r" [IVX](?:$|[^\w'’ ]| of\b| [^a-z])").is_match(after);
        let numbered = is_before_number
            .then(|| {
                lookup(BEFORE_NUMBERS, written)
                    .or_else(|| lookup(BEFORE_NUMBERS, &capitalised(written)))
            })
            .flatten();
        if let Some(name) = numbered {
            let numeral = pattern!(r" ([IVX]+)\b").captures(after);
            let number = numeral.and_then(|numeral| Some((numeral[0].len(), roman(&numeral[1])?)));
            return Some(match number {
                Some((more, number)) => {
                    Reading::of(length + more).words(name).words(&cardinal(number))
                }
                None => Reading::of(length).words(name),
            });
        }
        let is_in_list = after.starts_with([',', ')']) || is_before_number;
        let day = if is_in_list { lookup(DAYS, written) } else { None };
        // "Max." and "Ed." are names, "co." and "min." at an end are words.
        let is_name = matches!(written, "Max" | "Ed" | "Al" | "Min");
        let is_word_at_end = matches!(written, "max" | "min" | "co" | "ed" | "al" | "temp" | "est")
            && place.ends_sentence(length)
            && !place.follows(&["et"]);
        if !is_name && !is_word_at_end {
            let name = day.or_else(|| lookup(DOTTED, written)).or_else(|| {
                // "EST" is no "est.".
                let is_shouted = written.chars().all(char::is_uppercase);
                if is_shouted { None } else { lookup(DOTTED, &written.to_lowercase()) }
            });
            if let Some(name) = name {
                return Some(Reading::of(length).words(name).stop_at_end(place));
            }
        }
    }
    let captures = undotted?;
    let is_file_or_contraction = place.after(captures[0].len()).starts_with(['\'', '’', '-', '@']);
    if is_file_or_contraction {
        return None;
    }
    let name = lookup(UNDOTTED, &captures[1])?;
    Some(Reading::of(captures[0].len()).words(name))
}

fn lookup(table: &[(&str, &'static str)], written: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == written).map(|(_, name)| *name)
}

/// With a capital first letter.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
    })
}
