//! Which words are verbs, and of what time they speak.
//!
//! A closed table of the common English verbs; others are told by their
//! endings. Used to find where a subject ends and whether "on Friday" is the
//! last one or the next. Knows nothing of sentences.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::token::Token;

/// What form of a verb a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// "can", "was", "have": those that others lean on.
    Auxiliary,
    /// "go"
    Base,
    /// "goes"
    Third,
    /// "went", "gone", "moved"
    Past,
    /// "going"
    Ing,
}

const AUXILIARIES: &str = " am is are was were be been being do does did have has had will would can could \
    shall should may might must 'd gonna wanna gotta ";

/// base, past, participle
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("become", "became", "become"),
    ("begin", "began", "begun"),
    ("bite", "bit", "bitten"),
    ("break", "broke", "broken"),
    ("bring", "brought", "brought"),
    ("build", "built", "built"),
    ("buy", "bought", "bought"),
    ("catch", "caught", "caught"),
    ("choose", "chose", "chosen"),
    ("come", "came", "come"),
    ("cost", "cost", "cost"),
    ("cut", "cut", "cut"),
    ("draw", "drew", "drawn"),
    ("drink", "drank", "drunk"),
    ("drive", "drove", "driven"),
    ("eat", "ate", "eaten"),
    ("fall", "fell", "fallen"),
    ("feed", "fed", "fed"),
    ("feel", "felt", "felt"),
    ("fight", "fought", "fought"),
    ("find", "found", "found"),
    ("fly", "flew", "flown"),
    ("forget", "forgot", "forgotten"),
    ("get", "got", "gotten"),
    ("give", "gave", "given"),
    ("go", "went", "gone"),
    ("grow", "grew", "grown"),
    ("hang", "hung", "hung"),
    ("hear", "heard", "heard"),
    ("hide", "hid", "hidden"),
    ("hit", "hit", "hit"),
    ("hold", "held", "held"),
    ("hurt", "hurt", "hurt"),
    ("keep", "kept", "kept"),
    ("know", "knew", "known"),
    ("lead", "led", "led"),
    ("leave", "left", "left"),
    ("lend", "lent", "lent"),
    ("let", "let", "let"),
    ("lose", "lost", "lost"),
    ("make", "made", "made"),
    ("mean", "meant", "meant"),
    ("meet", "met", "met"),
    ("pay", "paid", "paid"),
    ("put", "put", "put"),
    ("quit", "quit", "quit"),
    ("read", "read", "read"),
    ("ride", "rode", "ridden"),
    ("ring", "rang", "rung"),
    ("run", "ran", "run"),
    ("say", "said", "said"),
    ("see", "saw", "seen"),
    ("sell", "sold", "sold"),
    ("send", "sent", "sent"),
    ("set", "set", "set"),
    ("sing", "sang", "sung"),
    ("sit", "sat", "sat"),
    ("sleep", "slept", "slept"),
    ("speak", "spoke", "spoken"),
    ("spend", "spent", "spent"),
    ("stand", "stood", "stood"),
    ("steal", "stole", "stolen"),
    ("swim", "swam", "swum"),
    ("take", "took", "taken"),
    ("teach", "taught", "taught"),
    ("tell", "told", "told"),
    ("think", "thought", "thought"),
    ("throw", "threw", "thrown"),
    ("understand", "understood", "understood"),
    ("wake", "woke", "woken"),
    ("wear", "wore", "worn"),
    ("win", "won", "won"),
    ("write", "wrote", "written"),
];

const REGULAR: &str = " accept add adopt agree allow annoy answer apply argue arrive ask bake believe belong \
    book borrow bother call care carry celebrate change clean climb close collect commute complain cook \
    cough cover crash cry cycle dance date decide deliver depend develop die disappear dislike divorce \
    dream dye earn emigrate end enjoy enter expect explain fail fancy fear finish fix follow garden graduate \
    handle happen hate help hike hope identify injure insist intend invite join joke jog jump kick kill kiss knit \
    last laugh learn lie like listen live look love manage marry matter mind miss move need offer open order \
    own pack paint park pass pick plan plant play practice practise prefer prepare pray pretend promise propose pull \
    push raise reach realise realize remain remember remind rent repair reply retire retrain return save scare \
    scream seem separate serve share shop show sign ski smell smile smoke snore sound split spot start stay \
    stop struggle study stutter suffer suggest support suppose swap switch talk taste test text thank touch train \
    travel treat trust try turn use visit volunteer wait walk want warn wash waste watch weigh wish wonder work \
    worry wreck yell ";

/// Every verb by its base, and the irregular forms by themselves.
struct Table {
    bases: HashSet<&'static str>,
    irregular: HashMap<&'static str, (Form, &'static str)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        bases: REGULAR.split_whitespace().collect(),
        irregular: HashMap::with_capacity(3 * IRREGULAR.len()),
    };
    for &(base, past, participle) in IRREGULAR {
        table.bases.insert(base);
        for form in [past, participle].into_iter().filter(|form| *form != base) {
            table.irregular.insert(form, (Form::Past, base));
        }
    }
    for auxiliary in AUXILIARIES.split_whitespace() {
        table.irregular.insert(auxiliary, (Form::Auxiliary, auxiliary));
    }
    table
});

fn known_base(base: &str) -> bool {
    TABLE.bases.contains(base)
}

/// The base of a regular past or "-ing" form: "moved", "stopping", "cried".
fn stem(word: &str, ending: &str) -> Option<String> {
    let stem = word.strip_suffix(ending)?;
    let candidates = [
        stem.to_owned(),
        format!("{stem}e"),
        stem.strip_suffix('i').map(|s| format!("{s}y")).unwrap_or_default(),
        stem.strip_suffix('y').map(|s| format!("{s}ie")).unwrap_or_default(),
        {
            let mut chars = stem.chars();
            let last = chars.next_back();
            if last.is_some() && chars.clone().next_back() == last {
                chars.as_str().to_owned()
            } else {
                String::new()
            }
        },
    ];
    candidates.into_iter().find(|base| known_base(base))
}

/// The form and the base of a verb of the table.
pub fn verb(word: &str) -> Option<(Form, String)> {
    if word.is_empty() || word.contains(' ') {
        return None;
    }
    if let Some((form, base)) = TABLE.irregular.get(word) {
        return Some((*form, (*base).to_owned()));
    }
    if known_base(word) {
        return Some((Form::Base, word.to_owned()));
    }
    if let Some(base) = stem(word, "ed") {
        return Some((Form::Past, base));
    }
    if let Some(base) = stem(word, "ing") {
        return Some((Form::Ing, base));
    }
    let third = word
        .strip_suffix("ies")
        .map(|stem| format!("{stem}y"))
        .into_iter()
        .chain(word.strip_suffix("es").map(str::to_owned))
        .chain(word.strip_suffix('s').map(str::to_owned))
        .find(|base| known_base(base))?;
    Some((Form::Third, third))
}

/// "goes" of "go".
pub fn third(base: &str) -> String {
    match base {
        "have" => "has".to_owned(),
        _ if base.ends_with(['s', 'x', 'o']) || base.ends_with("ch") || base.ends_with("sh") => {
            format!("{base}es")
        }
        _ => match base.strip_suffix('y').filter(|stem| !stem.ends_with(VOWELS)) {
            Some(stem) => format!("{stem}ies"),
            None => format!("{base}s"),
        },
    }
}

/// "went" of "go".
pub fn past(base: &str) -> String {
    let irregular = IRREGULAR.iter().find(|(known, ..)| *known == base);
    match (base, irregular) {
        ("have", _) => "had".to_owned(),
        ("do", _) => "did".to_owned(),
        (_, Some((_, past, _))) => (*past).to_owned(),
        _ if base.ends_with('e') => format!("{base}d"),
        _ => match base.strip_suffix('y').filter(|stem| !stem.ends_with(VOWELS)) {
            Some(stem) => format!("{stem}ied"),
            None => format!("{base}ed"),
        },
    }
}

const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Can carry a clause: not "going" alone.
pub fn is_finite(word: &str) -> bool {
    verb(word)
        .is_some_and(|(form, _)| form != Form::Ing && !matches!(word, "be" | "been" | "being"))
}

/// Speaks of what is over: a past form, by the table or by its ending.
pub fn is_past(word: &str) -> bool {
    match verb(word) {
        Some((Form::Past, _)) => true,
        Some((Form::Auxiliary, _)) => matches!(word, "was" | "were" | "did" | "had"),
        Some(_) => matches!(word, "quit" | "cut" | "put" | "hit" | "cost"),
        None => word.len() > 4 && word.ends_with("ed"),
    }
}

/// When the clause happens, as far as its verbs tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// "moved", "have moved"
    Past,
    /// Anything else: "is next Monday", "will fly".
    PresentOrFuture,
}

/// By the first verb that is not an infinitive.
pub fn tense(tokens: &[Token]) -> Tense {
    let first = tokens.iter().enumerate().find(|(index, token)| {
        is_finite(&token.norm) || (*index > 0 && token.norm.len() > 4 && token.norm.ends_with("ed"))
    });
    let Some((index, token)) = first else { return Tense::PresentOrFuture };
    // "have moved" is over; "have to move", "have got a date" are not.
    let has = token.is(&["have", "has"])
        && tokens.get(index + 1).is_some_and(|next| is_past(&next.norm) && next.norm != "got");
    if has || is_past(&token.norm) { Tense::Past } else { Tense::PresentOrFuture }
}
