//! What people and animals are to each other, and what they may be called.
//!
//! Tables and small readers of noun phrases ("my older sister Ana"), used by
//! the grammar. Keeps nothing itself: see [`talk`](super::talk).

use super::content::is_content;
use super::token::Token;

/// What "he" and "she" can stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    /// "he"
    He,
    /// "she"
    She,
    /// "they"
    They,
    /// Could be either.
    #[default]
    Unknown,
}

const RELATIONS: &[(&str, Gender)] = {
    use Gender::{He, She, They, Unknown};
    &[
        ("mother", She),
        ("mum", She),
        ("mom", She),
        ("mummy", She),
        ("mam", She),
        ("stepmother", She),
        ("stepmum", She),
        ("stepmom", She),
        ("father", He),
        ("dad", He),
        ("daddy", He),
        ("stepfather", He),
        ("stepdad", He),
        ("parents", They),
        ("sister", She),
        ("stepsister", She),
        ("brother", He),
        ("stepbrother", He),
        ("sibling", Unknown),
        ("sisters", They),
        ("brothers", They),
        ("siblings", They),
        ("twin", Unknown),
        ("grandmother", She),
        ("grandma", She),
        ("granny", She),
        ("gran", She),
        ("nan", She),
        ("nana", She),
        ("grandfather", He),
        ("grandpa", He),
        ("grandad", He),
        ("granddad", He),
        ("gramps", He),
        ("grandparents", They),
        ("aunt", She),
        ("auntie", She),
        ("uncle", He),
        ("cousin", Unknown),
        ("cousins", They),
        ("niece", She),
        ("nephew", He),
        ("son", He),
        ("daughter", She),
        ("child", Unknown),
        ("kid", Unknown),
        ("children", They),
        ("kids", They),
        ("sons", They),
        ("boys", They),
        ("girls", They),
        ("daughters", They),
        ("baby", Unknown),
        ("stepson", He),
        ("stepdaughter", She),
        ("grandson", He),
        ("granddaughter", She),
        ("grandchild", Unknown),
        ("grandkids", They),
        ("grandchildren", They),
        ("godson", He),
        ("goddaughter", She),
        ("godmother", She),
        ("godfather", He),
        ("wife", She),
        ("husband", He),
        ("partner", Unknown),
        ("fiancé", He),
        ("fiancée", She),
        ("fiance", Unknown),
        ("fiancee", She),
        ("spouse", Unknown),
        ("boyfriend", He),
        ("girlfriend", She),
        ("ex", Unknown),
        ("ex-girlfriend", She),
        ("ex-boyfriend", He),
        ("ex-partner", Unknown),
        ("crewmate", Unknown),
        ("teammate", Unknown),
        ("classmate", Unknown),
        ("bandmate", Unknown),
        ("trainer", Unknown),
        ("foreman", He),
        ("pastor", Unknown),
        ("priest", Unknown),
        ("vicar", Unknown),
        ("rabbi", Unknown),
        ("imam", He),
        ("consultant", Unknown),
        ("surgeon", Unknown),
        ("midwife", Unknown),
        ("hairdresser", Unknown),
        ("barber", Unknown),
        ("cleaner", Unknown),
        ("ex-wife", She),
        ("ex-husband", He),
        ("mother-in-law", She),
        ("father-in-law", He),
        ("sister-in-law", She),
        ("brother-in-law", He),
        ("son-in-law", He),
        ("daughter-in-law", She),
        ("in-laws", They),
        ("family", They),
        ("friend", Unknown),
        ("friends", They),
        ("mate", Unknown),
        ("mates", They),
        ("buddy", Unknown),
        ("pal", Unknown),
        ("bestie", Unknown),
        ("roommate", Unknown),
        ("flatmate", Unknown),
        ("housemate", Unknown),
        ("neighbour", Unknown),
        ("neighbor", Unknown),
        ("neighbours", They),
        ("neighbors", They),
        ("landlord", He),
        ("landlady", She),
        ("tenant", Unknown),
        ("boss", Unknown),
        ("manager", Unknown),
        ("supervisor", Unknown),
        ("colleague", Unknown),
        ("colleagues", They),
        ("coworker", Unknown),
        ("co-worker", Unknown),
        ("coworkers", They),
        ("workmate", Unknown),
        ("assistant", Unknown),
        ("mentor", Unknown),
        ("client", Unknown),
        ("teacher", Unknown),
        ("tutor", Unknown),
        ("professor", Unknown),
        ("coach", Unknown),
        ("student", Unknown),
        ("doctor", Unknown),
        ("gp", Unknown),
        ("dentist", Unknown),
        ("therapist", Unknown),
        ("counsellor", Unknown),
        ("counselor", Unknown),
        ("nurse", Unknown),
        ("carer", Unknown),
        ("lawyer", Unknown),
        ("accountant", Unknown),
        ("hairdresser", Unknown),
        ("barber", Unknown),
        ("priest", He),
        ("pastor", Unknown),
        ("dispatcher", Unknown),
        ("driver", Unknown),
        ("dog", Unknown),
        ("puppy", Unknown),
        ("cat", Unknown),
        ("kitten", Unknown),
        ("cats", They),
        ("dogs", They),
        ("rabbit", Unknown),
        ("rabbits", They),
        ("hamster", Unknown),
        ("horse", Unknown),
        ("pony", Unknown),
        ("parrot", Unknown),
        ("budgie", Unknown),
        ("goldfish", Unknown),
        ("tortoise", Unknown),
        ("chickens", They),
        ("hens", They),
        ("snake", Unknown),
        ("lizard", Unknown),
    ]
};

const PETS: &[&str] = &[
    "dog", "puppy", "cat", "kitten", "cats", "dogs", "rabbit", "rabbits", "hamster", "horse",
    "pony", "parrot", "budgie", "goldfish", "tortoise", "chickens", "hens", "snake", "lizard",
];

/// Those who are partners: only one at a time.
pub const PARTNERS: &[&str] = &[
    "boyfriend",
    "girlfriend",
    "husband",
    "wife",
    "partner",
    "fiancé",
    "fiancée",
    "fiance",
    "fiancee",
    "spouse",
];

const SAME: &[&[&str]] = &[
    &["mother", "mum", "mom", "mummy", "mam"],
    &["father", "dad", "daddy"],
    &["grandmother", "grandma", "granny", "gran", "nan", "nana"],
    &["grandfather", "grandpa", "grandad", "granddad", "gramps"],
    &["dog", "puppy"],
    &["cat", "kitten"],
    &["neighbour", "neighbor"],
    &["colleague", "coworker", "co-worker", "workmate"],
    &["friend", "mate", "buddy", "pal", "bestie"],
    &["fiancé", "fiancée", "fiance", "fiancee"],
];

/// "sister" is a relation; what pronoun it takes.
pub fn relation(word: &str) -> Option<Gender> {
    RELATIONS.iter().find(|(known, _)| *known == word).map(|(_, gender)| *gender)
}

/// "Mum's in hospital": whose goes without saying.
pub fn is_address(token: &Token) -> bool {
    token.is(&[
        "mum", "mom", "mam", "mummy", "mommy", "dad", "daddy", "nan", "nana", "gran", "granny",
        "grandma", "grandad", "granddad", "grandpa",
    ])
}

/// An animal of the house.
pub fn is_pet(relation: &str) -> bool {
    PETS.contains(&relation)
}

/// "gran" and "grandmother" are one.
pub fn same_relation(one: &str, other: &str) -> bool {
    one == other || SAME.iter().any(|same| same.contains(&one) && same.contains(&other))
}

const NOT_NAMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "christmas",
    "easter",
    "english",
    "french",
    "german",
    "spanish",
    "italian",
    "god",
    "tv",
    "ok",
    "okay",
    "dr",
    "mr",
    "mrs",
    "ms",
    "the",
    "samantha",
    "i",
    "internet",
    "every",
    "when",
    "maybe",
    "never",
    "always",
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "last",
    "next",
    "since",
    "after",
    "before",
    "how",
    "why",
    "where",
    "thanks",
    "thank",
    "good",
    "well",
    "yes",
    "yeah",
    "no",
    "oh",
    "then",
    "because",
    "if",
    "please",
    "remember",
    "sometimes",
    "usually",
    "honestly",
    "actually",
    "anyway",
    "also",
    "only",
    "both",
    "each",
    "most",
    "many",
    "everyone",
    "everybody",
    "everything",
    "someone",
    "somebody",
    "nobody",
    "nothing",
    "something",
    "once",
    "during",
    "while",
    "until",
    "though",
    "although",
    "unless",
    "perhaps",
    "like",
    "boy",
    "man",
    "hi",
    "hello",
    "hey",
    "great",
    "sorry",
    "okay",
    "right",
    "sure",
    "wow",
    "let",
    "don't",
    "new",
    "old",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "first",
    "again",
    "still",
    "back",
    "captain",
    "nah",
];

/// Could be (part of) the name of someone.
pub fn is_name(token: &Token) -> bool {
    token.is_capital()
        && !token.is(NOT_NAMES)
        // "Thursdays"
        && !token.norm.ends_with("days")
        && is_content(&token.norm)
        && token.text.chars().all(|c| c.is_alphabetic() || c == '-')
}

/// "my older sister, Ana Lopez,": of how many words, the relation, the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kin {
    /// Words of it, with "my" and the name.
    pub words: usize,
    /// "sister"
    pub relation: String,
    /// "older sister", as it was said.
    pub title: String,
    /// "Ana Lopez"; empty if not said.
    pub name: String,
}

const MODIFIERS: &[&str] = &[
    "older",
    "younger",
    "elder",
    "eldest",
    "oldest",
    "youngest",
    "big",
    "little",
    "twin",
    "best",
    "good",
    "old",
    "new",
    "ex",
    "late",
    "former",
    "first",
    "second",
    "middle",
    "great",
    "dear",
    "lovely",
    "poor",
    "own",
    "other",
    "current",
    "half",
    "step",
    "close",
    "oldest",
    "grumpy",
    "favourite",
    "favorite",
    "two",
    "three",
    "four",
    "five",
    "black",
    "white",
    "small",
    "young",
    "only",
    "beautiful",
    "wonderful",
];

/// Reads a relation with its modifiers, and a name if one follows:
/// everything behind "my".
pub fn kin(tokens: &[Token]) -> Option<Kin> {
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| token.is(MODIFIERS)) {
        at += 1;
    }
    let mut head = tokens.get(at);
    if head.is_none_or(|head| relation(&head.norm).is_none()) {
        // "Danny's oldest, Mikey": a child, without saying so.
        at = at.checked_sub(1).filter(|&at| tokens[at].is(&["oldest", "eldest", "youngest"]))?;
        head = tokens.get(at);
    }
    let head = head?;
    // "My family doctor": the last noun is the relation.
    if tokens.get(at + 1).is_some_and(|next| relation(&next.norm).is_some()) && !head.pauses() {
        at += 1;
    }
    let in_law = tokens.get(at + 1).is_some_and(|next| next.norm == "in")
        && tokens.get(at + 2).is_some_and(|next| next.norm == "law");
    let head = at;
    if in_law {
        at += 2;
    }
    let title = tokens[..=at].iter().map(|token| token.norm.as_str()).collect::<Vec<_>>().join(" ");
    let mut relation = tokens[head].norm.clone();
    if in_law {
        relation.push_str("-in-law");
    }
    if head > 0 && tokens[head - 1].norm == "ex" {
        relation.insert_str(0, "ex-");
    }
    let mut kin = Kin { words: at + 1, relation, title, name: String::new() };
    if !tokens[at].after.is_empty() && !tokens[at].after.starts_with(',') {
        return Some(kin);
    }
    let several = self::relation(&kin.relation) == Some(Gender::They);
    if several && let Some((names, words)) = names(&tokens[at + 1..]) {
        kin.words += words;
        kin.name = names;
        return Some(kin);
    }
    let called = tokens.get(at + 1).is_some_and(|next| next.is(&["called", "named"]));
    if called {
        at += 1;
        kin.words += 1;
    }
    let (name, words) = name(&tokens[at + 1..]);
    // Behind a comma only an apposition is the name: "our dog, Biscuit."
    let apposition = tokens[at].after.is_empty()
        || tokens.get(at + words).is_none_or(|last| !last.after.is_empty())
        || tokens.len() == at + 1 + words;
    if words > 0 && apposition {
        kin.words += words;
        kin.name = name;
    } else if let Some((name, words)) = parted_name(&tokens[at..]) {
        kin.words += words;
        kin.name = name;
    }
    Some(kin)
}

/// "brother, the baker, Tom,", "neighbour on the other side, Paudie", "boss,
/// this guy Carl": the name that stands apart from the relation, and how many
/// words behind it.
fn parted_name(tokens: &[Token]) -> Option<(String, usize)> {
    const BETWEEN: &[&str] = &[
        "the", "a", "an", "in", "on", "at", "from", "over", "up", "down", "next", "too", "now",
        "here", "back",
    ];
    const ANYONE: &[&str] =
        &["guy", "girl", "man", "woman", "lady", "bloke", "dude", "fella", "lad", "kid", "chap"];
    let behind = &tokens[1..];
    let first = behind.first()?;
    let ends = |from: usize, words: usize| {
        let last = behind.get(from + words - 1);
        words > 0 && (from + words == behind.len() || last.is_some_and(Token::pauses))
    };
    if first.is(&["this", "a"]) && behind.get(1)?.is(ANYONE) {
        let called = behind.get(2)?.is(&["called", "named"]);
        let from = 2 + usize::from(called);
        let (name, words) = name(&behind[from..]);
        return ends(from, words).then_some((name, from + words));
    }
    if !first.is(BETWEEN) {
        return None;
    }
    let spoken = |token: &Token| super::verb::is_finite(&token.norm);
    let pause = behind.iter().take(6).position(|token| token.pauses() || spoken(token))?;
    let (name, words) = name(&behind[pause + 1..]);
    (behind[pause].pauses() && !spoken(&behind[pause]) && ends(pause + 1, words))
        .then_some((name, pause + 1 + words))
}

/// "Pancho and Lefty", "now, Tom, Ana and Leo", and of how many words.
fn names(tokens: &[Token]) -> Option<(String, usize)> {
    let mut at = usize::from(tokens.first()?.is(&["now", "called", "named"]));
    let mut parts = Vec::new();
    loop {
        let token = tokens.get(at).filter(|token| is_name(token))?;
        parts.push(token.text.as_str());
        at += 1;
        if tokens.get(at).is_some_and(|and| and.norm == "and") {
            let last = tokens.get(at + 1).filter(|token| is_name(token))?;
            return Some((format!("{} and {}", parts.join(", "), last.text), at + 2));
        }
        if !token.pauses() {
            return None;
        }
    }
}

/// What one of several is: "cat" of "cats".
pub fn singular(relation: &str) -> &str {
    match relation {
        "children" => "child",
        "grandchildren" => "grandchild",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

/// "Dutch": "I'm Dutch" gives no name.
pub fn is_demonym(name: &str) -> bool {
    const DEMONYMS: &[&str] = &[
        "dutch",
        "german",
        "french",
        "greek",
        "czech",
        "thai",
        "swiss",
        "welsh",
        "american",
        "mexican",
        "african",
        "catholic",
        "muslim",
        "hindu",
        "buddhist",
        "christian",
        "moroccan",
        "korean",
        "cuban",
        "pakistani",
        "iraqi",
        "israeli",
        "afghan",
        "german",
        "aussie",
        "kiwi",
        "slovak",
        "serb",
        "croat",
        "turk",
        "pole",
        "dane",
        "swede",
        "finn",
        "spaniard",
        "scot",
        "roman",
        "puerto",
        "south",
        "north",
        "east",
        "west",
        "native",
        "african-american",
        "protestant",
        "sikh",
        "gen",
        "republican",
        "democrat",
        "labour",
        "tory",
        "leo",
        "aries",
        "virgo",
        "libra",
        "capricorn",
        "aquarius",
        "pisces",
        "gemini",
        "scorpio",
        "sagittarius",
        "taurus",
        "aspergers",
        "autistic",
    ];
    const NAMES: &[&str] = &[
        "brian",
        "ian",
        "adrian",
        "julian",
        "vivian",
        "lillian",
        "lilian",
        "gillian",
        "jillian",
        "damian",
        "sebastian",
        "fabian",
        "killian",
        "cillian",
        "dorian",
        "marian",
        "bastian",
        "trish",
        "josh",
        "hamish",
    ];
    let lower = name.to_lowercase();
    let first = lower.split(' ').next().unwrap_or_default();
    DEMONYMS.contains(&first)
        || !NAMES.contains(&first)
            && ["ish", "ese", "ian"].iter().any(|ending| first.ends_with(ending))
}

const TITLES: &[&str] = &["doctor", "dr", "mr", "mister", "mrs", "ms", "miss", "professor", "prof"];

/// A name at the beginning of these, and of how many words.
pub fn name(tokens: &[Token]) -> (String, usize) {
    let mut words = 0;
    let mut parts: Vec<&str> = Vec::new();
    if tokens.first().is_some_and(|token| token.is(TITLES) && token.is_capital()) {
        parts.push(&tokens[0].text);
        words = 1;
    }
    while let Some(token) = tokens.get(words).filter(|token| is_name(token)) {
        parts.push(&token.text);
        words += 1;
        if !token.after.is_empty() || words == 3 {
            break;
        }
    }
    (parts.join(" "), words)
}
