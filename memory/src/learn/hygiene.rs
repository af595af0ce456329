//! What is not kept: talk about the talk, what might be, what others say in
//! films. What was asked not to be kept is in [`record`](super::record), what is
//! taken back in [`retract`](super::retract).
//!
//! Used by [`learn`](super) on each sentence and clause. Words only: no names.

use super::token::{Token, norms};

/// One of these phrases occurs as whole words in `norms`, which begins and
/// ends with a space.
pub fn says(norms: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        norms.match_indices(phrase).any(|(at, found)| {
            norms[..at].ends_with(' ') && norms[at + found.len()..].starts_with(' ')
        })
    })
}

const CORRECTING: &[&str] = &[
    "that is wrong",
    "that is not right",
    "that is not true",
    "that is incorrect",
    "that is not correct",
    "that was wrong",
    "you got that wrong",
    "you have got that wrong",
    "i meant",
    "i misspoke",
    "correction",
    "you are wrong",
    "you are mistaken",
    "i was wrong",
    "i made a mistake",
    "no no",
    "it is not true",
    "scratch that",
];
const MIGHT_BE: &[&str] = &[
    "if",
    "wish",
    "wishes",
    "wished",
    "would",
    "imagine",
    "unless",
    "whether",
    "dreamt",
    "dreamed",
    "a dream",
    "could have",
    "should have",
    "might have",
    "what if",
    "pretend",
    "maybe",
    "perhaps",
    "hypothetically",
    "say i",
    "supposing",
    "suppose i",
    "suppose we",
    "might",
    "even if",
    "i could",
    "if only",
];
const FICTION: &[&str] = &[
    "in the movie",
    "in the film",
    "in that movie",
    "in that film",
    "in this movie",
    "in this film",
    "in the book",
    "in that book",
    "in this book",
    "in the show",
    "in that show",
    "in the series",
    "in the episode",
    "in the game",
    "in that game",
    "in the song",
    "in that song",
    "in the story",
    "in the novel",
    "in the play",
    "the main character",
    "the hero",
    "the heroine",
    "the lyrics",
    "this song",
    "this movie",
    "this film",
    "this book",
    "my horoscope",
    "my character",
    "d&d",
    "in a movie",
    "in a film",
    "in a book",
    "that goes",
    "it goes",
    "the character",
    "the actor",
    "the actress",
    "the plot",
    "there is a film",
    "there is this film",
    "the lead",
    "the narrator",
];
const SAYING: &[&str] = &[
    "says",
    "said",
    "say",
    "goes",
    "like",
    "shouted",
    "yelled",
    "quote",
    "told me once",
    "told me",
];

const GRAND: &[&str] = &[
    "king",
    "queen",
    "pope",
    "president",
    "emperor",
    "empress",
    "god",
    "goddess",
    "superman",
    "batman",
    "superwoman",
    "genius",
    "millionaire",
    "billionaire",
    "robot",
    "alien",
    "unicorn",
    "wizard",
    "saint",
    "einstein",
    "mozart",
    "superhero",
    "ninja",
    "pirate",
    "supermodel",
    "dalai",
    "messiah",
    "vampire",
];

/// What follows puts something right.
pub fn corrects(norms: &str) -> bool {
    says(norms, CORRECTING)
}

/// A wish, a guess, a dream, a condition.
pub fn might_be(norms: &str) -> bool {
    // "I'd like to" and "I would love to" tell what is wanted.
    let wanted = says(
        norms,
        &[
            "i would like to",
            "i 'd like to",
            "i would love to",
            "i 'd love to",
            "we would love to",
            "we 'd love to",
            "i would rather",
            "i 'd rather",
        ],
    );
    if wanted {
        return says(norms, &["if", "wish", "imagine", "unless"]);
    }
    is_would(norms) || says(norms, MIGHT_BE)
}

/// "'d" is "would", not "had": "I'd never stop", but "I'd never been", "I'd a
/// terrible night".
fn is_would(norms: &str) -> bool {
    const HAD: &[&str] = &["better", "a", "an", "no", "been", "my", "to", "the", "two"];
    let words: Vec<&str> = norms.split_whitespace().collect();
    words.iter().enumerate().filter(|(_, word)| **word == "'d").any(|(at, _)| {
        let next = words[at + 1..]
            .iter()
            .find(|word| !matches!(**word, "never" | "already" | "just" | "always" | "only"));
        !next.is_some_and(|next| HAD.contains(next) || super::verb::is_past(next))
    })
}

/// Sentences that begin like this set something up: "say I have three apples".
const SET_UP: &[&str] = &[
    " say i ",
    " say my ",
    " say we ",
    " suppose ",
    " supposing ",
    " let us say ",
    " let 's say ",
    " assume ",
    " imagine ",
    " picture ",
    " translate ",
    " write ",
    " how do you say ",
    " pretend ",
    " what if ",
];

/// From here on a part is played: "pretend I'm a pirate", "let's play a game".
pub fn sets_a_scene(norms: &str) -> bool {
    const SCENES: &[&str] = &[
        " pretend ",
        " let us play ",
        " let 's play ",
        " let us pretend ",
        " let 's pretend ",
        " role play ",
        " roleplay ",
        " imagine you are ",
        " imagine i am ",
        " suppose you ",
        " okay pretend ",
        " alright pretend ",
        " ok pretend ",
    ];
    SCENES.iter().any(|scene| norms.starts_with(scene))
        || says(norms, &["pretend you", "pretend i", "pretend we", "pretend to be"])
}

/// A sentence none of which is so: a wish, a film.
pub fn is_unreal(norms: &str) -> bool {
    is_fiction(norms)
        || SET_UP.iter().any(|begin| norms.starts_with(begin))
        || says(norms, &["we as", "as humans", "in general", "generally speaking", "us humans"])
        || says(norms, &["wish", "imagine", "what if", "if only", "dreamt", "dreamed", "a dream"])
}

/// A condition: what stands with it is so only if it is.
pub fn is_conditional(norms: &str) -> bool {
    // These say "if" and mean nothing by it.
    let aside = says(
        norms,
        &[
            "if i am honest",
            "if i am being honest",
            "if you can picture",
            "if you know what i mean",
            "if you like",
            "if you must know",
            "if you will",
            "if you want to know",
            "if you ask me",
            "if you do not mind",
            "if i remember",
            "if i am not mistaken",
            "as if i",
        ],
    );
    !aside && says(norms, &["if", "unless"])
}

/// Of a film or a song, or someone else's words.
pub fn is_fiction(norms: &str) -> bool {
    says(norms, FICTION)
}

/// Announces someone's words: "he says,", "she says, Maureen".
pub fn opens_quotation(tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return false };
    let says = |token: &Token| token.pauses() && token.is(&["says", "said", "goes", "went"]);
    last.is(SAYING)
        || tokens.iter().skip(1).take(8).any(says)
        || norms(tokens).ends_with(" told me once ")
        || norms(tokens).ends_with(" was like ")
}

/// "I told him over my dead body": what was answered, and no report.
pub fn is_retort(tokens: &[Token]) -> bool {
    let Some(told) = tokens.iter().position(|token| token.is(&["told", "tell", "tells"])) else {
        return false;
    };
    let behind = &tokens[told + 1..];
    let reports = behind.iter().any(|token| {
        token.is(&[
            "that", "to", "about", "not", "how", "what", "why", "if", "i", "he", "she", "we",
            "they",
        ]) || token.norm.starts_with("on ")
            || super::verb::is_finite(&token.norm)
    });
    !reports
}

/// "She told me on 4 May.": but not what.
pub fn tells_nothing(tokens: &[Token]) -> bool {
    let Some(told) = tokens.iter().position(|token| token.is(&["told", "said", "says"])) else {
        return false;
    };
    let me = |token: &Token| token.is(&["me", "us", "so", "once"]) || token.norm.starts_with("on ");
    tokens[told + 1..].iter().all(me)
}

/// "I'm the Queen of England": nobody is.
pub fn is_grand(tokens: &[Token]) -> bool {
    if !says(&norms(tokens), &["i am"]) {
        return false;
    }
    let Some(am) = tokens.iter().position(|token| token.norm == "am") else { return false };
    let rest = &tokens[am + 1..];
    let regular = rest.len() > 2
        && rest[0].is(&["a"])
        && rest[1].is(&["regular", "real", "proper", "total", "bit"])
        && rest[2].is_capital();
    regular || rest.iter().take(4).any(|token| token.is(GRAND))
}

/// Words that carry the talk: with "I" and nothing else they tell nothing.
const TALK: &[&str] = &[
    "i guess",
    "i suppose",
    "i bet",
    "i wonder",
    "i see",
    "i understand",
    "i agree",
    "i swear",
    "i promise",
    "i know",
    "i do not know",
    "i have no idea",
    "i am not sure",
    "i am not saying",
    "i am starving",
    "i am hungry",
    "i am thirsty",
    "i am freezing",
    "i am bored",
    "i am dying for",
    "i am dying to",
    "i nearly died",
    "i almost died",
    "i am on the phone",
    "i am on my way",
    "i will be back",
    "i will be right back",
    "i am such",
    "i am sorry",
    "i apologize",
    "i apologise",
    "i am kidding",
    "i am joking",
    "i was testing",
    "i could not tell",
    "i can not tell",
    "i can not say",
    "i could not say",
    "i said",
    "i mean",
    "i meant",
    "i was saying",
    "i am saying",
    "i am just saying",
    "i am asking",
    "i was asking",
    "i asked",
    "i am talking",
    "i was talking about",
    "i am back",
    "i am here",
    "i am fine",
    "i am okay",
    "i am ok",
    "i am good",
    "i am all right",
    "i am alright",
    "i am done",
    "i am serious",
    "i am just",
    "i want to know",
    "i need to know",
    "i have a question",
    "i got a question",
    "i have got a question",
    "i hope so",
    "i think so",
    "i do not think so",
    "i was wondering",
    "i am wondering",
    "i am just wondering",
    "i am curious",
    "i got it",
    "i get it",
    "i have to go",
    "i gotta go",
    "i better go",
    "i should go",
    "i will tell",
    "i can not believe",
    "i can not even",
    "i can tell",
    "i mentioned",
    "i was thinking out loud",
    "i am being",
    "i am only",
    "i do",
    "i am",
    "i did",
    "i can not wait",
    "i could go on",
    "i am off",
    "i tell a lie",
    "i can not stay",
    "i have to run",
    "i gotta run",
    "i gotta bounce",
    "i got to go",
    "i got to run",
    "i must go",
    "i will stop",
    "i am playing",
    "i was only",
    "i lied",
    "i know right",
    "i am impressed",
    "i forgot what",
    "i am listening",
    "i am afraid",
    "let us",
    "we will see",
    "we were saying",
    "we all",
    "i doubt it",
    "i have an idea",
    "i have no clue",
    "i just wanted to",
    "i wanted to say",
    "i was in the middle of",
    "i feel like",
    "my question",
    "my point",
    "my guess",
    "my mistake",
    "my bad",
    "my answer",
    "my pleasure",
    "my apologies",
    "our planet",
    "our sun",
    "our world",
    "our species",
    "our universe",
    "our galaxy",
    "our society",
    "our ancestors",
    "our brains",
    "our bodies",
    "i tried",
    "i totally agree",
    "i completely agree",
    "i 100% agree",
    "i really agree",
    "i will keep",
    "i will do my best",
    "we can",
    "we should",
    "we could",
    "we must",
    "i am up for",
    "i am off to",
    "i think",
    "i say",
    "i heard",
    "i read that",
    "i believe",
];

/// It is about the conversation, not about a life.
pub fn is_talk(norms: &str) -> bool {
    let norms = norms.trim();
    TALK.iter().any(|talk| {
        norms.strip_prefix(talk).is_some_and(|rest| {
            // "I am" alone is talk, "I am allergic" isn't; "I said" always.
            let alone = rest.trim().is_empty();
            alone
                || (rest.starts_with(' ')
                    && !matches!(
                        *talk,
                        "i do"
                            | "i am"
                            | "i did"
                            | "i am just"
                            | "i am being"
                            | "i am only"
                            | "i am back"
                            | "i am here"
                            | "i am fine"
                            | "i am good"
                            | "i am okay"
                            | "i am afraid"
                            | "i tried"
                            | "i know"
                            | "i got it"
                            | "i understand"
                            | "i believe"
                            | "i agree"
                            | "i am off"
                            | "i am done"
                            | "i am ok"
                            | "i see"
                            | "i have to go"
                            | "i gotta go"
                            | "i should go"
                            | "i better go"
                    ))
        })
    })
}

/// Asks for something to be done or believed from now on.
pub fn is_instruction(tokens: &[Token]) -> bool {
    let text = norms(tokens);
    if says(
        &text,
        &[
            "from now on",
            "from this moment on",
            "your instructions",
            "previous instructions",
            "your rules",
            "your guidelines",
            "your system prompt",
            "you must",
            "you are now",
            "you will always",
            "you will never",
            "you should always",
            "you should never",
            "you have to always",
            "you are not allowed",
            "you are to",
            "act as",
            "pretend to be",
            "pretend you are",
            "pretend that you",
            "i order you",
            "i command you",
            "you are required",
            "your new rule",
            "your new name",
            "your job is to",
            "whenever i say",
            "every time i say",
        ],
    ) {
        return true;
    }
    let word = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    match word(0) {
        "always" | "never" if word(1) != "mind" => {
            super::verb::verb(word(1)).is_some_and(|(form, _)| form == super::verb::Form::Base)
        }
        "do" => {
            word(1) == "not"
                && matches!(word(2), "ever" | "suggest" | "call" | "say" | "talk" | "mention")
        }
        "please" => is_instruction(&tokens[1..]),
        "call" => word(1) == "me",
        "stop" => word(1).ends_with("ing"),
        _ => false,
    }
}
