//! Spaces and punctuation: pauses, intonation, brackets and quotation marks; and
//! what is read of any character that nobody else knows, which is nothing.

use super::place::{Place, Reading, pattern};

/// A line this short that ends without a mark is an item of a list or a line of
/// a poem rather than text that an editor has wrapped.
const SHORT_LINE_CHARS: usize = 50;

/// White space; an empty line ends a paragraph.
pub(super) fn space(place: &Place) -> Option<Reading> {
    let rest = place.rest();
    let length = rest.len() - rest.trim_start_matches(is_blank).len();
    if length == 0 {
        return None;
    }
    let lines = rest[..length].matches('\n').count();
    let reading = Reading::of(length);
    let line = place.before().rsplit('\n').next().unwrap_or_default();
    Some(match lines {
        2.. => reading.mark('\n'),
        1 if line.chars().count() < SHORT_LINE_CHARS
            && line.ends_with(char::is_alphanumeric)
            && !place.after(length).is_empty() =>
        {
            reading.mark(',')
        }
        _ => reading,
    })
}

/// White space, and characters without width or shape.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// ":-)" and "<3" are seen, not heard.
pub(super) fn emoticon(place: &Place) -> Option<Reading> {
    let captures = pattern!(
        r"(?:[:;=8]['’]?[-~]?[()DPpOo|/*3\]\[]+|[xX]D+|</?3+|\^_*\^|-_+-|[oO]_[oO]|¯\\_\(ツ\)_/¯|\(?ツ\)?)(\s|$|[.,!?])"
    )
    .captures(place.rest())?;
    let length = captures[0].len() - captures[1].len();
    let is_sum =
        captures[0].starts_with('<') && pattern!(r"(?s:.*)[0-9] $").is_match(place.before());
    let is_apart = place.last().is_none_or(char::is_whitespace);
    (is_apart && !is_sum).then(|| Reading::of(length))
}

/// Any character at all.
pub(super) fn read(place: &Place) -> Reading {
    let first = place.first();
    let one = Reading::of(first.len_utf8());
    match first {
        '.' | '!' | '?' | '…' | '‽' | '。' | '！' | '？' | '¡' | '¿' => {
            sentence_marks(place)
        }
        ',' | '、' | '，' | '،' => one.mark(','),
        ';' | '；' => one.mark(';'),
        ':' | '：' => one.mark(':'),
        '—' | '―' | '⸺' | '⸻' => one.mark('—'),
        '-' | '–' | '‒' | '‐' | '‑' => dash(place),
        '(' | '[' | '{' => one.mark('('),
        ')' | ']' | '}' => one.mark(')'),
        '“' | '„' | '«' | '‹' | '「' | '『' => one.mark('“'),
        '”' | '‟' | '»' | '›' | '」' | '』' => one.mark('”'),
        '"' | '\'' | '‘' | '’' | '`' => quotation_mark(place),
        '|' | '•' | '·' if place.last() == Some(' ') => one.mark(','),
        _ => one,
    }
}

/// "?!" asks, "!!!" calls, "..." and ". . ." leave open.
fn sentence_marks(place: &Place) -> Reading {
    let captures = pattern!(r"(?:[.!?…‽。！？]|\x{fe0f}| \.(?: |$))+").captures(place.rest());
    let Some(captures) = captures else {
        return Reading::of(place.first().len_utf8());
    };
    let run = &captures[0];
    let mark = if run.contains(['?', '‽', '？']) {
        '?'
    } else if run.contains(['!', '！']) {
        '!'
    } else if run.contains('…') || run.matches('.').count() > 1 {
        '…'
    } else {
        '.'
    };
    // The dot in ".NET" or "3.x" says nothing.
    let goes_on = run == "." && place.after(1).starts_with(char::is_alphanumeric);
    let reading = Reading::of(run.len());
    if goes_on { reading } else { reading.mark(mark) }
}

/// A dash between words pauses; one inside a word is a hyphen; one between
/// numbers is "to".
fn dash(place: &Place) -> Reading {
    let captures = pattern!("[-–‒‐‑]+").captures(place.rest());
    let run = captures.map_or(place.first().len_utf8(), |captures| captures[0].len());
    let reading = Reading::of(run);
    let after = place.after(run);
    let is_spaced = place.last().is_none_or(char::is_whitespace)
        && after.chars().next().is_none_or(char::is_whitespace);
    let is_range = !place.rest().starts_with("--")
        && (place.last().is_some_and(|c| c.is_ascii_digit() || "%°".contains(c))
            && after.starts_with(|c: char| c.is_ascii_digit() || "$€£".contains(c))
            || place.first() == '–'
                && pattern!(r"(?s:.*)[0-9%]$").is_match(place.before())
                && after.starts_with(char::is_alphabetic));
    let is_long = run > place.first().len_utf8();
    if is_range {
        reading.words("to")
    } else if is_spaced || is_long {
        reading.mark('—')
    } else if place.last().is_some_and(char::is_whitespace)
        || !after.starts_with(char::is_alphanumeric)
    {
        // "-ish" has no pause; "well- no" does.
        if after.starts_with(char::is_whitespace) { reading.mark('—') } else { reading }
    } else {
        reading
    }
}

/// Whether it opens or closes is seen by the space before it.
fn quotation_mark(place: &Place) -> Reading {
    let reading = Reading::of(place.first().len_utf8());
    let after = place.after(reading.length);
    let opens = place.first() != '’' && place.is_start() && !after.starts_with(char::is_whitespace);
    let closes = place.last().is_some_and(|c| !c.is_whitespace());
    match (place.first(), opens, closes) {
        ('`', ..) => reading,
        // An apostrophe where letters are left out, as in "dogs' tails".
        ('\'' | '’', false, true) if after.starts_with(char::is_alphabetic) => reading,
        (_, true, _) if !after.is_empty() => reading.mark('“'),
        (_, _, true) => reading.mark('”'),
        _ => reading,
    }
}
