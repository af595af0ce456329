//! Roman numerals, only where they are surely that: "Henry VIII", "World War II",
//! "Chapter IV", "the XXI century".

use super::number::{cardinal, ordinal, roman};
use super::place::{Place, Reading, pattern};

/// Those whose successors are counted.
const RULERS: &[&str] = &[
    "Henry",
    "Louis",
    "Elizabeth",
    "George",
    "Charles",
    "James",
    "Edward",
    "Richard",
    "William",
    "John",
    "Paul",
    "Pius",
    "Benedict",
    "Gregory",
    "Leo",
    "Napoleon",
    "Nicholas",
    "Catherine",
    "Alexander",
    "Philip",
    "Ferdinand",
    "Ivan",
    "Peter",
    "Frederick",
    "Wilhelm",
    "Mary",
    "Ramses",
    "Ramesses",
    "Innocent",
    "Clement",
    "Urban",
    "Boniface",
    "Ptolemy",
    "Darius",
    "Xerxes",
    "Cyrus",
    "Francis",
    "Haakon",
    "Olaf",
    "Christian",
    "Gustav",
    "Carl",
    "Felipe",
    "Alfonso",
    "Pedro",
    "Rudolf",
    "Otto",
    "Victoria",
];

/// What is numbered so.
const NUMBERED: &[&str] = &[
    "War", "Chapter", "Part", "Act", "Scene", "Volume", "Vol", "Book", "Section", "Article",
    "Phase", "Type", "Class", "Level", "Episode", "Season", "Title", "Stage", "Schedule", "Mark",
    "Mk", "Bowl", "Apollo", "Saturn", "Fantasy", "Rocky", "Appendix", "Table", "Figure", "Canto",
    "Psalm", "Symphony", "Factor", "Grade", "Group", "Division",
];

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !matches!(place.first(), 'I' | 'V' | 'X' | 'L' | 'C') {
        return None;
    }
    let captures = place.captures(pattern!("([IVXLC]{1,8})(?:th)?(['’]s)?"))?;
    let written = &captures[1];
    let number = roman(written)?;
    let length = captures[0].len();
    let end = if captures.get(2).is_some() { "'s" } else { "" };
    let said = |words: String| Some(Reading::of(length).words(&format!("{words}{end}")));
    if place.follows(RULERS) && is_capitalised(place) {
        let is_sure = written.len() > 1 || is_not_pronoun(place, length);
        return if is_sure { said(format!("the {}", ordinal(number))) } else { None };
    }
    if pattern!(" [Cc]entur(?:y|ies)").is_match(place.after(length)) {
        return said(ordinal(number));
    }
    let is_small = written.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let follows_numbered =
        NUMBERED.contains(&place.previous_word()) || written.len() > 1 && place.follows(NUMBERED);
    if follows_numbered && (written.len() > 1 || is_not_pronoun(place, length)) {
        return said(cardinal(number));
    }
    // "Rocky II", "Halley IV": a name before, and no abbreviation of its own.
    let is_plain = written.len() > 1 && is_small && !matches!(written, "IV" | "XI" | "XX");
    (is_plain && is_capitalised(place)).then(|| said(cardinal(number))).flatten()
}

fn is_capitalised(place: &Place) -> bool {
    let previous = place.previous_word();
    previous.starts_with(char::is_uppercase) && previous.chars().any(char::is_lowercase)
}

/// Whether a single letter, I above all, does not begin the next words: "James I
/// of Scotland" and not "James I know".
fn is_not_pronoun(place: &Place, length: usize) -> bool {
    pattern!(r"$|['’]s|[.,;:!?)]| (?:of|was|is|ruled|reigned|died|became|and|to|in|on|for|at|or|has|begins|ends|diabetes|error|trial)\b")
        .is_match(place.after(length))
}
