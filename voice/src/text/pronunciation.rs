//! Pronunciations that stand in the text itself: `[Joaquin](/wɑːˈkiːn/)`.

use super::place::{Place, Reading, pattern};

pub(super) fn read(place: &Place) -> Option<Reading> {
    if place.first() != '[' {
        return None;
    }
    let captures = pattern!(r"\[([^\[\]]{1,80})\]\(/([^/()]{1,120})/\)").captures(place.rest())?;
    let phonemes = captures[2].trim();
    let reading = Reading::of(captures[0].len());
    Some(if phonemes.is_empty() { reading.words(&captures[1]) } else { reading.phonemes(phonemes) })
}
