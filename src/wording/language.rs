//! The languages the window can speak, and which of them is chosen.
//!
//! The app calls [`choose`] when it starts and when the person chooses another
//! one; [`Text`](super::Text) asks for every text. What she says herself does
//! not depend on it.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A language with all its texts.
pub struct Language {
    /// Its ISO 639-1 code.
    pub code: &'static str,
    /// Its own name for itself.
    pub name: &'static str,
    /// The catalogue, as gettext's tools read and write it.
    po: &'static str,
    texts: OnceLock<HashMap<&'static str, &'static str>>,
}

/// All of them; the first one is that of the texts in the code.
pub static LANGUAGES: [Language; 2] = [
    Language::new("en", "English", ""),
    Language::new("de", "Deutsch", include_str!("../../assets/languages/de.po")),
];

/// Which of [`LANGUAGES`] is chosen.
static CHOSEN: AtomicUsize = AtomicUsize::new(0);

/// Chooses by a BCP 47 tag; an empty one stands for what the system prefers.
/// Without a translation it is English.
pub fn choose(tag: &str) {
    let chosen = match tag {
        "" => first_known(sys_locale::get_locales()),
        tag => first_known([tag.to_owned()]),
    };
    CHOSEN.store(chosen, Ordering::Relaxed);
}

thread_local! {
    /// Which of [`LANGUAGES`] holds on this thread for now, whatever is chosen.
    static FOR_NOW: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Does something in this language, whichever is chosen: what she says and what
/// is logged is English.
pub fn speaking<T>(code: &str, act: impl FnOnce() -> T) -> T {
    /// Brings back what held before, also when `act` panics.
    struct Before(Option<usize>);
    impl Drop for Before {
        fn drop(&mut self) {
            FOR_NOW.set(self.0);
        }
    }
    let _before = Before(FOR_NOW.replace(place_of(code)));
    act()
}

fn first_known(tags: impl IntoIterator<Item = String>) -> usize {
    tags.into_iter().find_map(|tag| place_of(&tag)).unwrap_or(0)
}

fn place_of(tag: &str) -> Option<usize> {
    let code = tag.split(['-', '_']).next()?;
    LANGUAGES.iter().position(|language| language.code.eq_ignore_ascii_case(code))
}

/// These English words in the chosen language.
pub(super) fn translated(english: &'static str) -> &'static str {
    match FOR_NOW.get().unwrap_or_else(|| CHOSEN.load(Ordering::Relaxed)) {
        0 => english,
        chosen => LANGUAGES[chosen].texts().get(english).copied().unwrap_or(english),
    }
}

impl Language {
    const fn new(code: &'static str, name: &'static str, po: &'static str) -> Self {
        Self { code, name, po, texts: OnceLock::new() }
    }

    /// Its texts by the English ones; what is not translated is missing.
    pub fn texts(&self) -> &HashMap<&'static str, &'static str> {
        // Read once and needed until the end.
        let kept = |text: &str| -> &'static str { String::from(text).leak() };
        self.texts.get_or_init(|| {
            let catalogue = match polib::po_file::parse_from_reader(self.po.as_bytes()) {
                Ok(catalogue) => catalogue,
                Err(error) => {
                    tracing::error!("the texts in {} cannot be read: {error}", self.name);
                    return HashMap::new();
                }
            };
            let translated = catalogue.messages().filter(|message| message.is_translated());
            translated
                .filter_map(|message| Some((kept(message.msgid()), kept(message.msgstr().ok()?))))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_of_the_system_that_is_known_is_taken() {
        let chosen = |tags: &[&str]| first_known(tags.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(chosen(&["de-AT"]), 1);
        assert_eq!(chosen(&["fr-FR", "de_DE", "en-GB"]), 1);
        assert_eq!(chosen(&["en-GB", "de-DE"]), 0);
        assert_eq!(chosen(&["C", "fr-FR"]), 0);
        assert_eq!(chosen(&[]), 0);
    }

    #[test]
    fn another_language_holds_until_what_is_done_in_it_is_done() {
        let settings = || translated("Settings");
        let within = speaking("de", || (settings(), speaking("en", settings), settings()));
        assert_eq!(within, ("Einstellungen", "Settings", "Einstellungen"));
        assert_eq!(settings(), "Settings");
    }
}
