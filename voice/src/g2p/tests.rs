//! What words sound like: tables of common words, homographs, names, letters.

use super::*;
use crate::text;

fn pronouncer() -> Pronouncer {
    Pronouncer::new(RunOptions::default()).expect("the tables are part of the program")
}

/// Phonemes of a text, words apart.
fn said(pronouncer: &Pronouncer, text: &str) -> String {
    let utterances = pronouncer.pronounce(&text::pieces(text)).expect("pronounced");
    let shown = utterances.iter().map(|utterance| match &utterance.kind {
        Kind::Word(said) => format!(" {said}"),
        Kind::Joined(said) => said.clone(),
        Kind::Mark(mark) => mark.to_string(),
    });
    shown.collect::<String>().trim().to_owned()
}

fn all(table: &[(&str, &str)]) {
    let pronouncer = pronouncer();
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, expected)| (text, expected, said(&pronouncer, text)))
        .filter(|(_, expected, said)| *expected != said)
        .map(|(text, expected, said)| format!("{text}: {said} instead of {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn common_sentences_sound_as_the_voice_was_taught() {
    all(&[
        ("Hello there.", "həlˈO ðˈɛɹ."),
        ("How are you?", "hˌW ɑɹ ju?"),
        ("The children watched a little cat.", "ðə ʧˈɪldɹᵊn wˈɑʧt ɐ lˈɪTᵊl kˈæt."),
        ("I can't believe it's over.", "ˌI kˈænt bəlˈiv ɪts ˈOvəɹ."),
        ("We've been there, haven't we?", "wˌiv bɪn ðˈɛɹ, hˈævᵊnt wi?"),
    ]);
}

#[test]
fn homographs_follow_their_sentence() {
    all(&[
        ("I read a book yesterday.", "ˌI ɹˈɛd ɐ bˈʊk jˈɛstəɹdˌA."),
        ("I will read it to you.", "ˌI wɪl ɹˈid ɪt tə ju."),
        ("They live in a small house.", "ðˌA lˈɪv ɪn ɐ smˈɔl hˈWs."),
        ("It was a live concert.", "ˌɪt wʌz ɐ lˈIv kˈɑnsəɹt."),
        ("The wind was cold.", "ðə wˈɪnd wʌz kˈOld."),
        ("Wind the clock before bed.", "wˈInd ðə klˈɑk bəfˈɔɹ bˈɛd."),
        ("There was a tear in her eye.", "ðˌɛɹ wʌz ɐ tˈɪɹ ɪn hɜɹ ˈI."),
        ("Do not tear the paper.", "dˈu nˌɑt tˈɛɹ ðə pˈApəɹ."),
        ("They record a record every week.", "ðˌA ɹəkˈɔɹd ɐ ɹˈɛkəɹd ˈɛvəɹi wˈik."),
        ("Please close the door.", "plˈiz klˈOz ðə dˈɔɹ."),
        ("We are close to the end.", "wˌi ɑɹ klˈOs tə ði ˈɛnd."),
        ("It is of no use.", "ˌɪt ɪz ʌv nˈO jˈus."),
        ("You can use this.", "jˌu kæn jˈuz ðˈɪs."),
        ("Don't present the present to him.", "dˈOnt pɹizˈɛnt ðə pɹˈɛzᵊnt tə hˌɪm."),
        ("She used to sing, and I used it.", "ʃˌi jˈust tə sˈɪŋ, ænd ˌI jˈuzd ɪt."),
        ("I'm sorry to hear that. Do you?", "ˌIm sˈɔɹi tə hˈɪɹ ðˈæt. dˈu ju?"),
    ]);
}

#[test]
fn little_words_follow_the_next_sound() {
    all(&[
        ("the apple and the pear", "ði ˈæpᵊl ænd ðə pˈɛɹ"),
        ("to eat or to sleep", "tʊ ˈit ɔɹ tə slˈip"),
        ("the hour and the university", "ði ˈWəɹ ænd ðə jˌunəvˈɜɹsəTi"),
    ]);
}

#[test]
fn letters_are_read_by_their_names() {
    let pronouncer = pronouncer();
    assert_eq!(said(&pronouncer, "the FBI"), "ði ˌɛfbˌiˈI");
    assert_eq!(said(&pronouncer, "the UK"), "ðə jˌukˈA");
}

#[test]
fn every_letter_has_a_name() {
    let pronouncer = pronouncer();
    for letter in ('a'..='z').chain('A'..='Z') {
        assert!(pronouncer.letter(letter).contains(phonemes::is_vowel), "{letter}");
    }
}

#[test]
fn names_that_no_dictionary_has_are_spoken() {
    let pronouncer = pronouncer();
    for name in
        ["Llanfair", "Zyxqua", "Saoirse", "Bjørnstad", "Krzysztof", "McGillicuddy", "O'Shaughnessy"]
    {
        let said = said(&pronouncer, name);
        assert!(said.contains(phonemes::is_vowel), "{name}: {said}");
        assert!(said.chars().all(|c| phonemes::number(c).is_some()), "{name}: {said}");
    }
}

#[test]
fn names_are_said_as_the_person_says_them() {
    let mut pronouncer = pronouncer();
    let given = |word: &str, respelled: &str| (word.to_owned(), respelled.to_owned());
    pronouncer.set_given(&[
        given("Joaquin", "wah-KEEN"),
        given("Siobhan", "/ʃɪˈvɔːn/"),
        given("Bad", "???"),
    ]);
    assert_eq!(said(&pronouncer, "Joaquin met JOAQUIN"), "wəkˈin mˈɛt wəkˈin");
    assert_eq!(said(&pronouncer, "Joaquin’s bad"), "wəkˈinz bˈæd");
    assert_eq!(said(&pronouncer, "siobhan"), "ʃɪvˈɔn");
    pronouncer.set_given(&[]);
    assert_ne!(said(&pronouncer, "Joaquin"), "wəkˈin");
}

#[test]
fn phonemes_in_the_text_are_taken_as_they_are() {
    assert_eq!(said(&pronouncer(), "[Joaquin](/wɑːˈkiːn/) is here"), "wɑkˈin ɪz hˈɪɹ");
}

#[test]
fn nothing_to_be_said_is_nothing() {
    let pronouncer = pronouncer();
    for text in ["", " ", "\0", "\u{200b}"] {
        assert_eq!(said(&pronouncer, text), "", "{text:?}");
    }
}
