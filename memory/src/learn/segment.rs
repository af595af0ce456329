//! From a sentence as it is spoken to clauses that each say one thing.
//!
//! Takes away what only holds the floor ("um", "you know", "I'll be, um, I'll
//! be") and cuts where a new subject begins. Knows nothing of who is meant.

use super::number;
use super::people;
use super::repair::repair;
use super::token::{Sentence, Token};
use super::verb::{Form, is_finite, verb};

/// Words that are never part of what is said.
const FILLERS: &[&str] =
    &["um", "uh", "er", "erm", "uhm", "hmm", "mm", "mhm", "ah", "oh", "eh", "umm", "uhh"];

/// Asides that are taken out wherever they stand; `,` is a pause on either
/// side, without which the words may mean themselves ("do you know Ana?").
const ASIDES: &[&str] = &[
    ", you know",
    ", you see",
    ", I mean",
    ", I guess",
    ", I suppose",
    ", I think",
    ", I reckon",
    ", I believe",
    ", I have to say",
    ", I must say",
    ", I gotta say",
    ", let me tell you",
    ", I will tell you",
    ", I am not gonna lie",
    ", not gonna lie",
    ", like",
    ", right",
    ", actually",
    ", apparently",
    ", obviously",
    ", honestly",
    ", basically",
    ", believe it or not",
    ", as you know",
    ", yeah",
    ", ha",
    ", haha",
    ", sort of",
    ", kind of",
    ", to be fair",
    ", of course",
    ", all in all",
    ", guess what",
    ", look",
    "let me tell you",
    "I will tell you right now",
    "I will tell you that much",
    "I gotta say",
    "I have to say",
    "I must say",
    "I am not gonna lie",
    "to be honest with you",
    "to be honest",
    "if I am honest",
    "if I am being honest",
    "by the way",
    "oh my god",
    "my god",
    "my goodness",
    "oh my goodness",
    "can you believe that",
    "can you believe it",
    "would you believe it",
    "if you can picture that",
    "if you know what I mean",
    "if you like",
    "if you must know",
    "if you will",
    "believe it or not",
    "guess what",
    "did I tell you",
    "have I told you",
    "I have not even told you",
    "I have not told you",
    "I told you that",
    "I told you",
    "as I said",
    "like I said",
    "as I told you",
    "you know what",
    "the thing is",
    "long story short",
    "it turns out",
    "turns out",
    "come to think of it",
    "first of all",
    "in fact",
    "I tell you",
    "thank god",
    "what is his name",
    "what is her name",
    "what is it called",
    "what do you call it",
    "I am telling you",
    "what do you expect",
    "if you want to know",
    "if you ask me",
    "to tell you the truth",
    "truth be told",
    ", did I say",
    ", did I mention",
    ", mind you",
    ", mind",
    ", sure",
    ", God rest him",
    ", God rest her",
    ", God bless him",
    ", God bless her",
    ", bless him",
    ", bless her",
    ", touch wood",
    ", knock on wood",
    ", fingers crossed",
    ", believe me",
    ", trust me",
    ", I swear",
    ", I swear to God",
    ", no lie",
    ", no joke",
    ", or whatever",
    ", or something",
    ", and stuff",
    ", and all that",
    ", and all",
    ", as they say",
    ", so to speak",
    ", needless to say",
    ", funnily enough",
    ", to be sure",
    ", in fairness",
    ", you understand",
    ", you hear",
    ", you know yourself",
    ", isn't that funny",
    ", isn't it",
    ", bro",
    ", dude",
    ", man",
    ", mate",
    ", girl",
    ", love",
    ", dear",
    ", pet",
    ", honey",
    ", innit",
    ", what do you call him",
    ", what do you call her",
    ", what do you call them",
    ", what do you call em",
    "for real",
    "at the end of the day",
];

/// Words that open a sentence without adding to it.
const LEADS: &[&str] = &[
    "so",
    "yeah",
    "yes",
    "yep",
    "yup",
    "nope",
    "well",
    "and",
    "but",
    "ok",
    "okay",
    "anyway",
    "anyhow",
    "hi",
    "hello",
    "hey",
    "samantha",
    "haha",
    "ha",
    "hah",
    "ugh",
    "wow",
    "also",
    "plus",
    "because",
    "cause",
    "'cause",
    "honestly",
    "basically",
    "actually",
    "apparently",
    "obviously",
    "anyways",
    "then",
    "though",
    "hm",
    "aw",
    "oops",
    "yay",
    "lol",
    "alright",
    "aight",
    "anyhoo",
];

/// As [`LEADS`], but words that also mean something: only before a pause or
/// a new subject.
const WEAK_LEADS: &[&str] = &[
    "no",
    "right",
    "now",
    "look",
    "listen",
    "boy",
    "shoot",
    "man",
    "god",
    "gosh",
    "sure",
    "great",
    "thanks",
    "sorry",
    "exactly",
    "true",
    "fine",
    "good",
    "cool",
    "nice",
    "like",
    "wait",
    "morning",
    "good morning",
    "please",
    "nah",
    "first",
];

const NOMINATIVE: &[&str] = &["i", "he", "she", "we", "they"];
const POSSESSIVE: &[&str] = &["my", "our", "his", "her", "their"];
const CONJUNCTIONS: &[&str] =
    &["and", "but", "so", "because", "cause", "'cause", "though", "although", "plus", "while"];
const WH: &[&str] = &["what", "who", "how", "why", "when", "where", "which", "whose"];

/// One thing that was said.
#[derive(Clone, Debug, Default)]
pub struct Clause {
    /// Its words, without the conjunction.
    pub tokens: Vec<Token>,
    /// "because", "but"; empty if none.
    pub lead: String,
    /// It asks.
    pub question: bool,
}

/// The clauses of a sentence, without what says nothing.
pub fn clauses(sentence: &Sentence) -> Vec<Clause> {
    let mut tokens = sentence.tokens.clone();
    tell_copulas(&mut tokens);
    tokens.retain_or_hand_on(|token| !token.is(FILLERS));
    remove_like(&mut tokens);
    repair(&mut tokens);
    remove_asides(&mut tokens);
    remove_false_starts(&mut tokens);
    strip_leads(&mut tokens);
    let mut clauses = Vec::new();
    let mut current = Clause::default();
    let mut at = 0;
    while at < tokens.len() {
        let cut = !current.tokens.is_empty() && cuts(&tokens, at, &current.tokens);
        if cut {
            clauses.push(std::mem::take(&mut current));
            if tokens[at].is(CONJUNCTIONS) {
                current.lead.clone_from(&tokens[at].norm);
                at += 1;
                continue;
            }
        }
        current.tokens.push(tokens[at].clone());
        at += 1;
    }
    clauses.push(current);
    for clause in &mut clauses {
        strip_leads(&mut clause.tokens);
        while clause
            .tokens
            .last()
            .is_some_and(|last| last.is(CONJUNCTIONS) && clause.tokens.len() > 1)
        {
            clause.tokens.pop();
        }
        clause.question = asks(&clause.tokens);
    }
    clauses.retain(|clause| !clause.tokens.is_empty());
    // "I drove a bus, can you picture that?" asks behind the comma only; "I
    // should quit?" asks with all of it, and so does "you like it, don't you?"
    if sentence.asked {
        let first = clauses.iter().position(|clause| clause.question && clause.tokens.len() > 3);
        let from = first.filter(|first| *first > 0).unwrap_or(0);
        for clause in &mut clauses[from..] {
            clause.question = true;
        }
    }
    clauses
}

/// An answer without what only holds the floor; "yes" and "no" stay.
pub fn clean_answer(tokens: &mut Vec<Token>) {
    tell_copulas(tokens);
    tokens.retain_or_hand_on(|token| !token.is(FILLERS));
    remove_asides(tokens);
    remove_false_starts(tokens);
    let agrees = |token: &Token| token.is(&["yes", "yeah", "yep", "yup", "no", "nope", "nah"]);
    while tokens.len() > 1 && tokens[0].is(LEADS) && !agrees(&tokens[0]) {
        tokens.remove(0);
    }
}

/// "He came. To the hospital, with flowers.": recognisers end a sentence where
/// a speaker only breathes.
pub fn joined(sentences: Vec<Sentence>) -> Vec<Sentence> {
    const LOOSE: &[&str] = &["in", "on", "at", "with", "to", "from", "for", "by", "near", "since"];
    let mut joined: Vec<Sentence> = Vec::with_capacity(sentences.len());
    for mut sentence in sentences {
        let pause = sentence.tokens.iter().position(Token::pauses);
        let stretch = pause.map_or(sentence.tokens.len(), |pause| pause + 1);
        let loose = !sentence.asked
            && stretch < 9
            && sentence.tokens[0].is(LOOSE)
            && !has_verb(&sentence.tokens[..stretch]);
        let before = joined
            .last_mut()
            .filter(|before| !before.asked && before.tokens.len() < 13 && has_verb(&before.tokens));
        match before {
            Some(before) if loose => {
                if let Some(last) = before.tokens.last_mut() {
                    last.after.clear();
                }
                if let Some(first) = sentence.tokens.first_mut() {
                    first.text.clone_from(&first.norm);
                }
                before.tokens.append(&mut sentence.tokens);
            }
            _ => joined.push(sentence),
        }
    }
    joined
}

/// "It's just me now, since my wife died": what stands behind "since", if the
/// rest tells nothing.
pub fn reason(clause: &Clause) -> Option<Clause> {
    let at = clause.tokens.iter().rposition(|token| token.is(&["since"])).filter(|at| *at > 1)?;
    let tokens = clause.tokens[at + 1..].to_vec();
    let past = tokens.iter().any(|token| super::verb::is_past(&token.norm));
    (past && begins_clause(&tokens)).then(|| Clause { tokens, ..Clause::default() })
}

/// "He knows I hate carnations": what someone knows is so.
pub fn known(clause: &Clause) -> Option<Clause> {
    const KNOWS: &[&str] = &["knows", "knew", "remembers", "remembered", "forgot", "forgets"];
    let at = clause.tokens.iter().position(|token| token.is(KNOWS)).filter(|at| *at > 0)?;
    let that = usize::from(clause.tokens.get(at + 1)?.norm == "that");
    let tokens = clause.tokens[at + 1 + that..].to_vec();
    let mine = tokens.first()?.is(&["i", "we", "my", "our"]);
    (mine && begins_clause(&tokens)).then(|| Clause { tokens, ..Clause::default() })
}

trait HandOn {
    /// As `retain`, but the punctuation of what goes stays.
    fn retain_or_hand_on(&mut self, keep: impl Fn(&Token) -> bool);
}

impl HandOn for Vec<Token> {
    fn retain_or_hand_on(&mut self, keep: impl Fn(&Token) -> bool) {
        let mut kept: Vec<Token> = Vec::with_capacity(self.len());
        for token in self.drain(..) {
            if keep(&token) {
                kept.push(token);
            } else if let Some(last) = kept.last_mut().filter(|last| last.after.is_empty()) {
                last.after = token.after;
            }
        }
        *self = kept;
    }
}

/// Whether "'s" means "is" or belongs to: "gran's in hospital", "gran's hat".
pub fn tell_copulas(tokens: &mut [Token]) {
    const PRONOUNS: &[&str] = &[
        "he",
        "she",
        "it",
        "that",
        "what",
        "who",
        "there",
        "here",
        "where",
        "how",
        "this",
        "everything",
        "everyone",
        "something",
    ];
    const AFTER_IS: &[&str] = &[
        "a", "an", "the", "in", "at", "on", "from", "not", "going", "gonna", "so", "too", "very",
        "really", "been", "got", "always", "never", "just", "still", "only", "about", "also",
        "back", "called", "named", "dead", "fine", "out", "up", "off", "away", "next", "my", "our",
        "your", "his", "her", "their", "quite", "pretty", "almost", "nearly", "over", "here",
        "there", "now", "actually", "allergic", "pregnant", "ill", "sick", "well", "married",
        "divorced", "retired",
    ];
    for at in 0..tokens.len() {
        if tokens[at].norm != "'s" {
            continue;
        }
        let before = at.checked_sub(1).map(|before| tokens[before].clone()).unwrap_or_default();
        // "She's gone", "Tom's moved": over, and not what someone is.
        let gone = tokens.get(at + 1).is_some_and(|next| is_participle(&next.norm));
        if gone && (before.is(PRONOUNS) || tokens[at].after.is_empty() && lone_verb(tokens, at + 1)) {
            "has".clone_into(&mut tokens[at].norm);
            continue;
        }
        let copula = if before.is(PRONOUNS) {
            true
        } else if !tokens[at].after.is_empty() || at + 1 == tokens.len() {
            false
        } else {
            let next = &tokens[at + 1];
            let ing = verb(&next.norm).is_some_and(|(form, _)| form == Form::Ing);
            let counts = number::number(std::slice::from_ref(next)).is_some();
            // "Dermot's sister" is someone, "Dermot's fine" is not.
            let kin = people::relation(&next.norm).is_some()
                || next.is(&["oldest", "eldest", "youngest"]);
            next.is(AFTER_IS) || ing || counts || !kin && {
                // Within the same stretch of words, is there another verb?
                let stretch = |token: &&Token| token.after.is_empty() && !token.is(CONJUNCTIONS);
                let ahead = &tokens[at + 1..];
                let length = ahead.iter().take_while(stretch).count();
                let last = ahead.get(length).filter(|last| !last.is(CONJUNCTIONS));
                let ahead = ahead[..length].iter().chain(last).take(5).any(|t| is_finite(&t.norm));
                let behind = tokens[..at]
                    .iter()
                    .rev()
                    .skip(1)
                    .take_while(stretch)
                    .any(|t| is_finite(&t.norm));
                !ahead && !behind
            }
        };
        if copula {
            "is".clone_into(&mut tokens[at].norm);
        }
    }
}

/// "I'm like twenty three", "she's like so strict".
fn remove_like(tokens: &mut Vec<Token>) {
    let holds = |at: usize| {
        let next = tokens.get(at + 1);
        let counts = next.is_some_and(|next| {
            !next.is(&["a", "an"]) && number::number(std::slice::from_ref(next)).is_some()
        });
        let stresses = next.is_some_and(|next| {
            next.is(&["so", "super", "really", "totally", "literally", "always", "never"])
        });
        let leans = at > 0
            && (tokens[at - 1].is(&["am", "is", "are", "was", "were", "'s", "been", "since", "for"])
                || tokens[at - 1].is(&["about", "at", "got", "have", "has"]));
        tokens[at].norm == "like" && leans && (counts || stresses)
    };
    let kept: Vec<bool> = (0..tokens.len()).map(|at| !holds(at)).collect();
    let mut kept = kept.into_iter();
    tokens.retain(|_| kept.next().unwrap_or(true));
}

/// "gone", "moved": what stands behind "has", and tells no state of things.
fn is_participle(word: &str) -> bool {
    const STATES: &[&str] = &[
        "called", "named", "married", "divorced", "retired", "scared", "worried", "tired", "born",
        "injured", "broken", "known", "worn", "stuck", "finished", "annoyed", "got", "been",
        "read", "set", "put", "cut", "hit", "supposed", "used", "meant", "allowed", "made",
    ];
    let spoken = verb(word).is_some_and(|(form, _)| form == Form::Past);
    spoken && !STATES.contains(&word) && !matches!(word, "was" | "were" | "did" | "had")
}

/// No other verb stands around the one at `at` than those behind a pause.
fn lone_verb(tokens: &[Token], at: usize) -> bool {
    let stretch = |token: &&Token| token.after.is_empty() && !token.is(CONJUNCTIONS);
    let behind = &tokens[at + 1..];
    let length = behind.iter().take_while(stretch).count();
    let ahead = tokens[at].after.is_empty()
        && behind.iter().take(length + 1).any(|token| is_finite(&token.norm));
    let before = tokens[..at - 1].iter().rev().skip(1).take_while(stretch);
    !ahead && !before.into_iter().any(|token| is_finite(&token.norm))
}

fn remove_asides(tokens: &mut Vec<Token>) {
    for aside in ASIDES {
        let (pauses, words) = match aside.strip_prefix(", ") {
            Some(words) => (true, words),
            None => (false, *aside),
        };
        let words: Vec<String> = words.to_lowercase().split(' ').map(str::to_owned).collect();
        let mut at = 0;
        while at + words.len() <= tokens.len() {
            let end = at + words.len();
            let same = tokens[at..end].iter().zip(&words).all(|(token, word)| token.norm == *word);
            let behind = end == tokens.len() || !tokens[end - 1].after.is_empty();
            let before = at == 0 || !tokens[at - 1].after.is_empty();
            // "I'll let you know" holds no floor.
            let meant = words[0] == "you"
                && at > 0
                && tokens[at - 1].is(&[
                    "let", "do", "did", "if", "as", "what", "that", "all", "how", "will", "would",
                    "because",
                ]);
            if same
                && !meant
                && (!pauses || (behind && (before || end == tokens.len() || words.len() > 1)))
            {
                let after = tokens[end - 1].after.clone();
                tokens.drain(at..end);
                if let Some(last) = at.checked_sub(1).and_then(|last| tokens.get_mut(last))
                    && last.after.is_empty()
                {
                    last.after = after;
                }
            } else {
                at += 1;
            }
        }
    }
}

/// "I'll be, I'll be leading", "a, a fountain pen".
fn remove_false_starts(tokens: &mut Vec<Token>) {
    for length in (1..=4).rev() {
        let mut at = 0;
        while at + 2 * length <= tokens.len() {
            let repeated = (0..length).all(|i| tokens[at + i].norm == tokens[at + length + i].norm);
            // "A long, long time" is meant.
            let small = length > 1
                || tokens[at].norm.len() <= 3
                || tokens[at].is(&["they", "well", "just"]);
            if repeated && small && !tokens[at].norm.chars().all(char::is_numeric) {
                tokens.drain(at..at + length);
            } else {
                at += 1;
            }
        }
    }
}

fn strip_leads(tokens: &mut Vec<Token>) {
    loop {
        let Some(first) = tokens.first() else { return };
        let next = tokens.get(1);
        let subject = next.is_some_and(|next| {
            next.is(NOMINATIVE) || next.is(&["my", "our", "it", "that", "you"]) || next.is(LEADS)
        });
        let strip = first.is(FILLERS)
            || (first.is(LEADS) && tokens.len() > 1)
            || (first.is(WEAK_LEADS) && tokens.len() > 1 && (!first.after.is_empty() || subject));
        if !strip {
            return;
        }
        tokens.remove(0);
    }
}

fn has_verb(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| is_finite(&token.norm))
}

/// Words of a subject that begins here and is followed by a verb.
fn begins_clause(tokens: &[Token]) -> bool {
    let Some(first) = tokens.first() else { return false };
    let norm = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    let verb_within = |from: usize, words: usize| {
        tokens.iter().skip(from).take(words).any(|token| is_finite(&token.norm))
    };
    if first.is(NOMINATIVE) {
        return tokens.len() > 1 && first.after.is_empty();
    }
    if first.is(&["you", "it", "that", "this", "there"]) {
        return is_finite(norm(1));
    }
    if first.is(&["please", "remember", "don't"])
        || (first.norm == "do" && norm(1) == "not")
        || asks(tokens)
    {
        return true;
    }
    if first.is(POSSESSIVE) || first.is(&["the", "this", "that"]) {
        return verb_within(2, 4);
    }
    let (_, words) = people::name(tokens);
    words > 0
        && (is_finite(norm(words))
            || norm(words) == "'s" && verb_within(words + 1, 3)
            || (norm(words) == "and" && norm(words + 1) == "i"))
}

fn cuts(tokens: &[Token], at: usize, current: &[Token]) -> bool {
    let pause = tokens[at - 1].pauses();
    let token = &tokens[at];
    if token.is(CONJUNCTIONS) && !tokens[at - 1].is(CONJUNCTIONS) {
        // "…, so no Nutella for me."
        let so = token.norm == "so"
            && pause
            && tokens.get(at + 1).is_none_or(|next| next.norm != "that");
        if so && has_verb(current) {
            return true;
        }
        let because = token.is(&["because", "cause", "'cause", "although"]);
        return has_verb(current)
            && begins_clause(&tokens[at + 1..])
            && (because || !token.pauses());
    }
    // "… till it's mended": when, in words that mean nothing later.
    let behind = tokens.get(at + 1).is_some_and(|next| next.is(&["it", "that"]))
        && tokens.get(at + 2).is_some_and(|next| is_finite(&next.norm));
    if behind && token.is(&["till", "until", "before", "after", "once"]) && has_verb(current) {
        return true;
    }
    if !pause {
        return runs_on(tokens, at, current);
    }
    // "…, sure I only came here in May."
    let led = token.is(LEADS) || token.is(WEAK_LEADS);
    if led && has_verb(current) && tokens.get(at + 1).is_some_and(|next| next.is(NOMINATIVE)) {
        return true;
    }
    let framed = current
        .first()
        .is_some_and(|first| first.is(&["when", "if", "since", "after", "before", "once"]));
    if has_verb(current) && !framed && begins_clause(&tokens[at..]) {
        return true;
    }
    // "…, met at a dance": the subject goes without saying.
    let past = verb(&token.norm).is_some_and(|(form, _)| form == Form::Past)
        || token.is(&["been", "had", "was"]);
    past && has_verb(current)
        && !framed
        && !token.is(&["called", "named", "born", "made", "painted", "known", "given", "grown"])
}

/// "… last week i miss him": run together, as recognisers do.
fn runs_on(tokens: &[Token], at: usize, current: &[Token]) -> bool {
    const ADVERBS: &[&str] = &[
        "week",
        "year",
        "month",
        "yesterday",
        "today",
        "tomorrow",
        "too",
        "now",
        "again",
        "lately",
        "here",
        "there",
        "ago",
        "night",
        "morning",
        "weekend",
        "already",
        "anyway",
        "well",
        "instead",
        "everyday",
    ];
    const OBJECTS: &[&str] = &["it", "him", "them", "me", "us", "man", "bro", "though", "tho"];
    // "She told me she's ill" is one.
    const SAYING: &[&str] = &[
        "tell", "say", "ask", "promise", "think", "know", "hope", "wish", "guess", "mean", "let",
        "make", "remind", "bet", "show", "swear",
    ];
    let (token, last) = (&tokens[at], &tokens[at - 1]);
    let says = || {
        current.iter().any(|word| verb(&word.norm).is_some_and(|(_, base)| {
            SAYING.contains(&base.as_str())
        }))
    };
    let framed = current
        .first()
        .is_some_and(|first| first.is(&["when", "if", "since", "after", "before", "once"]));
    token.is(NOMINATIVE)
        && has_verb(current)
        && !framed
        && begins_clause(&tokens[at..])
        && (last.is(ADVERBS) && token.norm == "i" || last.is(OBJECTS) && !says())
}

/// A question by its words: "do you", "what is", "who told".
fn asks(tokens: &[Token]) -> bool {
    let norm = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
    const ASKING: &[&str] = &[
        "do", "does", "did", "is", "are", "was", "were", "am", "can", "could", "will", "would",
        "shall", "should", "have", "has", "had", "may", "might", "must",
    ];
    const ASKED: &[&str] = &[
        "i", "you", "he", "she", "it", "we", "they", "that", "this", "there", "the", "my", "your",
        "his", "her", "anyone", "anybody", "not",
    ];
    if norm(0) == "do" && norm(1) == "not" {
        return ["you", "i", "we", "they"].contains(&norm(2));
    }
    if ASKING.contains(&norm(0)) && ASKED.contains(&norm(1)) {
        return true;
    }
    if norm(0) == "when" || norm(0) == "while" {
        return ASKING.contains(&norm(1));
    }
    if norm(0) == "what" && ["a", "an"].contains(&norm(1)) {
        return true;
    }
    WH.contains(&norm(0)) || (norm(0) == "guess" && WH.contains(&norm(1)))
}
