//! What is a request to the memory, and what only sounds like one.

use jiff::Zoned;
use jiff::civil::date;
use proptest::prelude::*;

use super::{Ask, ask};

/// A Wednesday.
fn now() -> Zoned {
    "2026-03-18T21:00:00+00:00[Europe/London]".parse().expect("a time")
}

fn asked(text: &str) -> Option<Ask> {
    ask(text, &now())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn asking_how_she_knows_is_understood() {
    for text in [
        "How do you know that?",
        "how did you know that",
        "Wait, how do you know that?",
        "Where did you get that from?",
        "Who told you that?",
        "When did I tell you that?",
        "Um, how do you even know that, Samantha?",
    ] {
        assert_eq!(asked(text), Some(Ask::HowDoYouKnow { what: None }), "{text}");
    }
    assert_eq!(asked("How do you know my sister's name?"), Some(Ask::HowDoYouKnow { what: some("my sister's name") }));
    assert_eq!(asked("How do you know I'm vegetarian?"), Some(Ask::HowDoYouKnow { what: some("I'm vegetarian") }));
}

#[test]
fn asking_what_she_knows_says_about_whom() {
    for (text, about) in [
        ("What do you know about me?", None),
        ("Okay so tell me everything you know about me.", None),
        ("What do you remember?", None),
        ("What do you know about Ana?", some("Ana")),
        ("What do you remember about my sister?", some("my sister")),
        ("Can you tell me what you know about Tom, please?", some("Tom")),
        ("What did I tell you about my job?", some("my job")),
        ("What have I told you about Biscuit?", some("Biscuit")),
        // Whether that is of their life, the caller finds out.
        ("What do you know about black holes?", some("black holes")),
    ] {
        assert_eq!(asked(text), Some(Ask::WhatDoYouKnow { about }), "{text}");
    }
}

#[test]
fn forgetting_says_what() {
    for (text, what) in [
        ("Forget that.", None),
        ("Please forget that.", None),
        ("Could you forget what I just said?", None),
        ("Forget what I said about Ana.", some("Ana")),
        ("Please delete everything about my job.", some("my job")),
        ("I want you to forget everything I told you about Tom.", some("Tom")),
        ("Forget that I live in Leeds.", some("I live in Leeds")),
        ("Forget my address, please.", some("my address")),
        ("Delete that from your memory.", None),
    ] {
        assert_eq!(asked(text), Some(Ask::Forget { what }), "{text}");
    }
}

#[test]
fn forgetting_everything_is_its_own_request() {
    for text in [
        "Forget everything.",
        "Forget everything you know about me.",
        "Please erase your memory.",
        "Delete everything you know about me.",
        "Forget everything I've ever told you.",
    ] {
        assert_eq!(asked(text), Some(Ask::ForgetEverything), "{text}");
    }
}

#[test]
fn a_correction_is_handed_on_as_it_was_said() {
    for (text, correction) in [
        ("That's wrong.", None),
        ("No, that's not true.", None),
        ("That's wrong, she moved to Porto.", some("she moved to Porto")),
        ("No, that's not right. She moved to Porto.", some("She moved to Porto")),
        ("You got that wrong, it's Porto.", some("it's Porto")),
    ] {
        assert_eq!(asked(text), Some(Ask::Wrong { correction }), "{text}");
    }
}

#[test]
fn the_record_is_closed_and_opened() {
    for text in [
        "This is off the record.",
        "This is off the record but I'm not sure I want to go.",
        "Off the record, I can't stand him.",
        "Can we go off the record?",
        "Let's go off the record for a minute.",
    ] {
        assert_eq!(asked(text), Some(Ask::OffTheRecord(true)), "{text}");
    }
    for text in ["Okay, back on the record.", "We're back on the record.", "You can remember things again."] {
        assert_eq!(asked(text), Some(Ask::OffTheRecord(false)), "{text}");
    }
    for text in ["Don't remember this.", "My new address is 14 Mill Lane, but please don't keep that."] {
        assert_eq!(asked(text), Some(Ask::NotThis), "{text}");
    }
}

#[test]
fn what_was_talked_about_has_its_days() {
    for (text, days) in [
        ("What did we talk about?", None),
        ("What did we talk about last time?", None),
        ("What did we talk about yesterday?", Some((date(2026, 3, 17), date(2026, 3, 17)))),
        ("What did we talk about last week?", Some((date(2026, 3, 9), date(2026, 3, 15)))),
        ("Um, what were we talking about on Monday?", Some((date(2026, 3, 16), date(2026, 3, 16)))),
        ("What did we talk about last month?", Some((date(2026, 2, 1), date(2026, 2, 28)))),
        ("Do you remember what we talked about two days ago?", Some((date(2026, 3, 16), date(2026, 3, 16)))),
        ("What did I tell you on the 3rd of March?", Some((date(2026, 3, 3), date(2026, 3, 3)))),
        ("What have we talked about this week?", Some((date(2026, 3, 16), date(2026, 3, 22)))),
    ] {
        assert_eq!(asked(text), Some(Ask::WhatDidWeTalkAbout { days }), "{text}");
    }
}

#[test]
fn what_only_sounds_like_a_request_is_none() {
    for text in [
        "Forget it.",
        "Oh forget about it.",
        "Don't forget to call mum.",
        "I forgot my keys.",
        "I'll never forget that day.",
        "Forget that, let's talk about music.",
        "How do you know when pasta is done?",
        "How do you know that the earth is round?",
        "Do you know that song?",
        "I know what we talked about.",
        "He told me off the record that they're closing.",
        "What does off the record mean?",
        "That's wrong, isn't it?",
        "It's wrong to lie.",
        "I told her that's not true.",
        "What did we talk about at dinner, Tom and me?",
        "What did I tell you to do?",
        "Remember that Biscuit has his vaccination on Friday.",
        "Everything about my job is boring.",
        "Delete the third paragraph.",
        "I remember my first day at school.",
        "What do you think about me?",
        "What do you want to know?",
        "She doesn't know about my job.",
        "I can't remember what we talked about in class.",
        "My memory is terrible.",
        "No, I don't think so.",
        "Who told you to say that?",
        "Tell me about Rome.",
        "",
        "?",
    ] {
        assert_eq!(asked(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = asked(&text);
    }

    #[test]
    fn no_mixture_of_its_own_words_makes_it_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "forget", "that", "what", "do", "you", "know", "about", "me", "my", "don't", "off", "the", "record",
                "we", "talk", "did", "last", "week", "please", ",", "wrong", "İ", "ß's", "'s",
            ]),
            0..12,
        ),
    ) {
        let _ = asked(&words.join(" "));
    }
}
