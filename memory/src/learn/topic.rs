//! What a statement is about, and what there can be only one of.
//!
//! Tables of words, used by [`learn`](super) once a statement is whole.

use super::Topic;
use super::content::is_content;
use super::hygiene::says;
use super::number;
use super::people;
use super::token::{Token, norms};
use super::verb::{Form, Tense, tense, verb};

const TOPICS: &[(Topic, &[&str])] = &[
    (
        Topic::Feelings,
        &[
            "scared",
            "afraid",
            "sad",
            "happy",
            "lonely",
            "anxious",
            "nervous",
            "worried",
            "stressed",
            "angry",
            "upset",
            "depressed",
            "proud",
            "grateful",
            "excited",
            "exhausted",
            "tired",
            "heartbroken",
            "relieved",
            "jealous",
            "ashamed",
            "guilty",
            "overwhelmed",
            "frustrated",
            "lucky",
            "i feel",
            "feeling",
            "i felt",
            "miss",
            "dreading",
            "scares",
            "worry",
            "worries",
            "homesick",
            "furious",
            "devastated",
            "cried",
        ],
    ),
    (
        Topic::Health,
        &[
            "allergic",
            "allergy",
            "hospital",
            "doctor",
            "doctor's",
            "dentist",
            "surgery",
            "operation",
            "ill",
            "sick",
            "pain",
            "pills",
            "pill",
            "medication",
            "medicine",
            "diabetes",
            "diabetic",
            "asthma",
            "cancer",
            "pregnant",
            "therapy",
            "therapist",
            "migraine",
            "migraines",
            "knee",
            "back pain",
            "insomnia",
            "blood pressure",
            "vaccination",
            "broke",
            "injured",
            "overweight",
            "kilos",
            "weight",
            "diagnosed",
            "depression",
            "anxiety",
            "eye",
            "heart",
            "physio",
            "smoke",
            "sugar",
            "cataracts",
            "adhd",
            "autistic",
            "dyslexic",
        ],
    ),
    (
        Topic::Work,
        &[
            "work",
            "works",
            "working",
            "worked",
            "job",
            "boss",
            "manager",
            "colleague",
            "office",
            "company",
            "promoted",
            "promotion",
            "fired",
            "laid",
            "retired",
            "career",
            "salary",
            "interview",
            "contract",
            "shift",
            "study",
            "studying",
            "studies",
            "studied",
            "university",
            "college",
            "school",
            "degree",
            "exam",
            "exams",
            "teaching",
            "teaches",
            "team",
            "project",
            "engineer",
            "nurse",
            "teacher",
            "chef",
            "lawyer",
            "accountant",
            "major",
            "course",
            "thesis",
            "notice",
            "sells",
            "freelance",
        ],
    ),
    (
        Topic::Taste,
        &[
            "like",
            "likes",
            "love",
            "loves",
            "hate",
            "hates",
            "enjoy",
            "enjoys",
            "prefer",
            "prefers",
            "favourite",
            "favorite",
            "vegetarian",
            "vegan",
            "stand",
            "dislike",
            "fan",
            "drink",
            "eat",
            "eats",
            "drinks",
            "fond",
            "adore",
            "can't stand",
            "listen",
            "allergic",
        ],
    ),
    (
        Topic::Places,
        &[
            "live",
            "lives",
            "lived",
            "living",
            "moved",
            "moving",
            "from",
            "grew",
            "born",
            "flat",
            "house",
            "apartment",
            "flying",
            "fly",
            "trip",
            "travel",
            "travelling",
            "traveling",
            "visited",
            "holiday",
            "vacation",
            "stayed",
        ],
    ),
];

/// What a statement is about.
pub fn topic(tokens: &[Token], other: Option<&str>, future: bool) -> Topic {
    let text = norms(tokens);
    if other.is_some_and(people::is_pet)
        || (other.is_none() && says(&text, &["dog", "cat", "puppy", "kitten"]))
    {
        return Topic::Pets;
    }
    if future
        || says(
            &text,
            &[
                "going to",
                "gonna",
                "planning to",
                "plan to",
                "will be",
                "appointment",
                "want to",
                "hoping to",
                "looking forward",
            ],
        )
    {
        return Topic::Plans;
    }
    for (topic, words) in TOPICS {
        if (*topic != Topic::Feelings || other.is_none()) && says(&text, words) {
            return *topic;
        }
    }
    match other {
        Some(_) => Topic::People,
        None if tense(tokens) == Tense::Past => Topic::Events,
        None => Topic::Other,
    }
}

/// What there can be only one of: a later fact of the same subject and slot
/// makes this one history. Empty if there can be many.
pub fn slot(tokens: &[Token]) -> String {
    // "I live alone since Dermot died" is not about his end.
    let end = tokens.iter().skip(2).position(|token| token.is(&["since", "because"]));
    let tokens = &tokens[..end.map_or(tokens.len(), |end| end + 2)];
    let text = norms(tokens);
    let past = tense(tokens) == Tense::Past;
    let table: &[(&str, bool, &[&str])] = &[
        ("name", true, &["name is", "name was", "is called", "am called", "was called"]),
        ("birthday", true, &["birthday"]),
        ("birth", true, &["was born", "were born"]),
        (
            "employer",
            false,
            &[
                "work at",
                "work for",
                "works at",
                "works for",
                "working at",
                "working for",
                "start at",
                "starts at",
                "job at",
            ],
        ),
        ("employer", true, &["started at", "got a job at", "got the job at"]),
        (
            "home",
            false,
            &[
                "live in",
                "lives in",
                "living in",
                "live at",
                "lives at",
                "based in",
                "live on",
                "live near",
                "lives near",
                "is in",
            ],
        ),
        (
            "home",
            true,
            &["moved to", "have moved to", "moved into", "moved back to", "relocated to"],
        ),
        ("condition", true, &["in hospital", "in the hospital", "died", "passed away", "is dead"]),
        ("weight", false, &["kilos", "kilo", "kg", "pounds", "stone"]),
        ("studies", false, &["studying", "major", "studies"]),
        (
            "marriage",
            false,
            &[
                "am married",
                "am single",
                "am divorced",
                "am engaged",
                "getting married",
                "got engaged",
                "are married",
                "are engaged",
            ],
        ),
    ];
    // "in hospital" is not a home.
    if says(&text, &["in hospital", "in the hospital"]) {
        return "condition".to_owned();
    }
    if let Some(at) = tokens.iter().position(|token| token.is(&["quit", "left", "lost"])) {
        let behind = &tokens[at + 1..];
        let job = behind.first().is_some_and(|my| my.norm == "my")
            && behind.get(1).is_some_and(|job| job.norm == "job");
        let named = tokens[at].norm == "quit" && behind.first().is_some_and(people::is_name);
        if at < 3 && (job || named) {
            return "employer".to_owned();
        }
    }
    if is_diet(tokens) {
        return "diet".to_owned();
    }
    if !past && says(&text, &["work as", "works as", "working as"]) && says(&text, &["at", "for"]) {
        return "employer".to_owned();
    }
    if let Some((slot, _, _)) =
        table.iter().find(|(_, any, words)| (*any || !past) && says(&text, words))
    {
        return (*slot).to_owned();
    }
    if let Some(at) = tokens.iter().position(|token| token.is(&["favourite", "favorite"]))
        && let Some(what) = tokens.get(at + 1)
    {
        return format!("favourite {}", what.norm);
    }
    if is_age(tokens) {
        return "age".to_owned();
    }
    if says(&text, &["work as", "works as", "working as"]) || is_occupation(tokens) {
        return "job".to_owned();
    }
    habit(tokens).unwrap_or_default()
}

/// "I'm vegetarian", "a vegan diet", but not "vegan make-up".
fn is_diet(tokens: &[Token]) -> bool {
    const DIETS: &[&str] =
        &["vegetarian", "vegan", "pescatarian", "kosher", "halal", "keto", "gluten-free"];
    tokens.iter().enumerate().any(|(at, token)| {
        token.is(DIETS)
            && !token.after.contains(',')
            && tokens.get(at + 1).is_none_or(|next| {
                next.is(&[
                    "since", "anymore", "any", "now", "diet", "and", "but", "for", "all", "again",
                    "because", "food",
                ])
            })
            || token.is(DIETS)
                && token.after.contains(',')
                && at > 0
                && tokens[at - 1].is(&["am", "is", "a", "been", "not"])
    })
}

/// "I'm thirty four", "my gran is ninety one", "Tom is turning 35".
fn is_age(tokens: &[Token]) -> bool {
    let Some(at) = tokens
        .iter()
        .position(|token| token.is(&["am", "is", "turning", "turned", "turn", "turns"]))
    else {
        return false;
    };
    let mut at = at + 1;
    while tokens.get(at).is_some_and(|token| {
        token.is(&["turning", "nearly", "almost", "about", "only", "going", "on"])
    }) {
        at += 1;
    }
    let Some((number, words)) = tokens.get(at..).and_then(number::number) else { return false };
    let behind = tokens.get(at + words);
    number > 0
        && !tokens[at].is(&["a", "an"])
        && behind.is_none_or(|next| {
            next.is(&["and", "years", "now", "already", "but", "this", "next", "on", "in"])
                || !tokens[at + words - 1].after.is_empty()
        })
}

/// "I'm a nurse": by the endings that occupations have.
fn is_occupation(tokens: &[Token]) -> bool {
    const OCCUPATIONS: &[&str] = &[
        "nurse",
        "chef",
        "cook",
        "pilot",
        "vet",
        "gp",
        "student",
        "judge",
        "surgeon",
        "mechanic",
        "plumber",
        "physio",
        "midwife",
        "barista",
        "waitress",
        "postman",
        "dentist",
        "artist",
        "pharmacist",
        "journalist",
        "receptionist",
        "physicist",
        "chemist",
        "florist",
        "optometrist",
        "psychiatrist",
        "pianist",
        "engineer",
        "teacher",
        "lawyer",
        "writer",
        "trainer",
        "manager",
        "developer",
        "designer",
        "driver",
        "fireman",
        "policeman",
        "secretary",
        "hygienist",
        "clerk",
        "guard",
        "farmer",
        "architect",
        "assistant",
        "scientist",
        "musician",
        "consultant",
        "accountant",
    ];
    let a =
        tokens.windows(2).position(|pair| pair[0].is(&["am", "is"]) && pair[1].is(&["a", "an"]));
    let Some(at) = a else { return false };
    let noun = tokens[at + 2..]
        .iter()
        .take(3)
        .take_while(|t| !t.is(&["at", "in", "for", "with", "and"]))
        .last();
    noun.is_some_and(|noun| {
        noun.is(OCCUPATIONS)
            || ["ologist", "therapist", "ician", "scientist", "worker"]
                .iter()
                .any(|ending| noun.norm.ends_with(ending))
    })
}

/// "drink coffee", whether it is denied or not; liking and hating are one.
fn habit(tokens: &[Token]) -> Option<String> {
    const HABITS: &[&str] = &[
        "eat", "drink", "smoke", "play", "like", "love", "hate", "enjoy", "dislike", "stand",
        "prefer", "wear",
    ];
    if tense(tokens) == Tense::Past || tokens.iter().any(|t| t.is(&["used", "will"])) {
        return None;
    }
    // What is done is told by the first verb that isn't leant on: in
    // "things like leather" nobody likes anything.
    let at = tokens
        .iter()
        .position(|token| verb(&token.norm).is_some_and(|(form, _)| form != Form::Auxiliary))?;
    let base = verb(&tokens[at].norm)
        .filter(|(form, base)| *form != Form::Past && HABITS.contains(&base.as_str()))?
        .1;
    let taste = matches!(
        base.as_str(),
        "like" | "love" | "hate" | "enjoy" | "dislike" | "stand" | "prefer"
    );
    let what: Vec<&str> = tokens[at + 1..]
        .iter()
        .filter(|token| is_content(&token.norm) && !token.is(&["anymore", "more", "much", "lot"]))
        .map(|token| token.norm.as_str())
        .collect();
    // So special that nothing later will be of the same.
    if what.len() > 4 {
        return None;
    }
    let what = what.join(" ");
    match (what.is_empty(), base.as_str()) {
        (true, "smoke") => Some("smoke".to_owned()),
        (true, _) => None,
        _ if taste => Some(format!("taste {what}")),
        _ => Some(format!("{base} {what}")),
    }
}
