//! The window in the languages it can speak. What is chosen holds for a whole
//! process, so that these tests have one of their own and run one by one.

mod errors;

use samantha::wording::language::{LANGUAGES, choose};
use samantha::wording::{self, Text, bytes, days, latency, memory_page};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

static CHOSEN: Mutex<()> = Mutex::new(());

/// This language, as long as the guard lives.
fn in_language(tag: &str) -> MutexGuard<'static, ()> {
    let guard = CHOSEN.lock().unwrap_or_else(PoisonError::into_inner);
    choose(tag);
    guard
}

/// Every text of the program, as its sources have it.
fn texts_of_the_sources() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    read_texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    texts.remove(""); // nothing, in every language
    assert!(texts.len() > 300, "only {} texts were found", texts.len());
    texts
}

fn read_texts(dir: &Path, texts: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_texts(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).expect("a source");
            let product = source.split("\n#[cfg(test)]").next().unwrap_or_default();
            for (start, _) in product.match_indices("Text(") {
                let line = product[..start].rsplit('\n').next().unwrap_or_default();
                let argument = product[start + "Text(".len()..].trim_start();
                if !line.trim_start().starts_with("//") && argument.starts_with('"') {
                    texts.insert(literal(&argument[1..]));
                }
            }
        }
    }
}

/// What a string literal says, from after its opening quotation mark.
fn literal(source: &str) -> String {
    let mut text = String::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next().expect("what is escaped") {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => text.push('\n'),
                escaped @ ('"' | '\\') => text.push(escaped),
                other => panic!("\\{other} is not understood here"),
            },
            c => text.push(c),
        }
    }
    text
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_text_is_translated_and_no_other() {
    let texts = texts_of_the_sources();
    for language in &LANGUAGES[1..] {
        let translated = language.texts();
        let missing: Vec<_> =
            texts.iter().filter(|text| !translated.contains_key(text.as_str())).collect();
        assert!(missing.is_empty(), "{} lacks {missing:#?}", language.name);
        let unused: Vec<_> = translated.keys().filter(|text| !texts.contains(**text)).collect();
        assert!(unused.is_empty(), "{} has for nothing {unused:#?}", language.name);
    }
}

#[test]
fn a_translation_has_the_same_values() {
    for language in &LANGUAGES[1..] {
        for (english, translated) in language.texts() {
            assert_eq!(placeholders(english), placeholders(translated), "{english:?}");
            assert_eq!(
                english.ends_with('.') && english.len() > 1,
                translated.ends_with('.') && english.len() > 1,
                "{english:?} is {translated:?}"
            );
        }
    }
}

#[test]
fn a_german_text_is_german_and_english_comes_back() {
    {
        let _german = in_language("de-AT");
        assert_eq!(wording::SETTINGS, "Einstellungen");
        assert_eq!(Text("Not in any catalogue").get(), "Not in any catalogue");
    }
    let _english = in_language("en");
    assert_eq!(wording::SETTINGS, "Settings");
}

#[test]
fn numbers_and_days_are_written_as_germans_do() {
    let _german = in_language("de");
    assert_eq!(bytes(1_117_320_768), "1,12 GB");
    assert_eq!(latency::figure(Some(1240)), "1.240");
    assert_eq!(memory_page::quoted("Familie"), "„Familie“");
    let now = "2026-03-05T08:00:00[Europe/Vienna]".parse().expect("a time");
    let day = |at: &str| days::day(at.parse().expect("a time"), &now);
    assert_eq!(day("2026-03-04T23:30:00Z"), "heute");
    assert_eq!(day("2026-03-02T12:00:00Z"), "am Montag, 2. März");
    assert_eq!(day("2025-11-03T12:00:00Z"), "am 3. November 2025");
}
