//! What a lone word says that answers a question: to "What's your daughter's
//! name?" the word "Marlene" says "My daughter's name is Marlene".
//!
//! Her question gives only the frame. [`Question`] is it, turned to the
//! person's side ("your" is "my"); [`Question::complete`] puts the answer in.
//! [`learn`](super) then reads the whole as if the person had said it so, and
//! judges it as anything that is said. Knows nothing of who is meant.

use super::copula::tell_copulas;
use super::date;
use super::number::number;
use super::people;
use super::token::{Token, norms, sentences};
use super::verb::{self, Form, is_finite, verb};

/// The last question of a line of hers.
#[derive(Clone, Debug)]
pub struct Question {
    kind: Kind,
    /// Whom it asks about: "I", "my daughter 's name", "she".
    subject: Vec<Token>,
    /// What leans on the verb: "is", "have", "do", "did".
    auxiliary: Token,
    /// Everything behind the subject: "live", "been there", "".
    rest: Vec<Token>,
    /// What is asked for by name: "children" of "how many children".
    noun: Vec<Token>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    What,
    Who,
    Where,
    When,
    Age,
    Count,
    Length,
    How,
    YesNo,
}

/// Verbs that ask for an opinion or a wish of the moment: an answer to them is
/// of the talk.
const OF_THE_MOMENT: &[&str] = &[
    "remember",
    "think",
    "know",
    "want",
    "mean",
    "need",
    "see",
    "hear",
    "feel",
    "believe",
    "mind",
    "say",
    "suppose",
    "understand",
    "tell",
    "call",
    "make",
    "help",
];
/// What "are you …?" asks for that is true of the moment only.
const STATES: &[&str] = &[
    "sure", "okay", "ok", "all", "alright", "right", "ready", "serious", "kidding", "joking",
    "there", "still", "done", "saying", "asking", "well", "fine", "going", "here", "that",
];
const STATUSES: &[&str] =
    &["divorced", "separated", "widowed", "engaged", "single", "married", "retired", "pregnant"];
const YES: &[&str] = &["yes", "yeah", "yep", "yup", "aye", "yea", "certainly", "indeed"];
const NO: &[&str] = &["no", "nope", "nah"];
const NO_ANSWER: &[&str] = &[
    "none", "nothing", "nowhere", "nobody", "who", "what", "which", "why", "guess", "not", "ask",
    "never", "same", "like",
];
const PREPOSITIONS: &[&str] = &[
    "in",
    "at",
    "on",
    "near",
    "by",
    "with",
    "from",
    "to",
    "down",
    "up",
    "just",
    "over",
    "out",
    "outside",
    "around",
    "round",
    "behind",
    "next",
    "across",
    "under",
    "right",
    "somewhere",
];
const OFTEN: &[&str] =
    &["every", "once", "twice", "sometimes", "often", "rarely", "never", "since", "most", "daily"];
const ADDRESSED: &[(&str, &str)] =
    &[("you", "I"), ("your", "my"), ("yours", "mine"), ("yourself", "myself")];

impl Question {
    /// What a line of hers asks last, if it is of a kind that a lone word can
    /// answer.
    pub fn of(line: Vec<Token>) -> Option<Self> {
        let last = sentences(line).pop().filter(|last| last.asked)?;
        let clause = asking(last.tokens)?;
        let addresses_her = clause.iter().any(|token| token.is(&["i", "me", "us", "we", "my"]));
        let tokens: Vec<Token> = clause.iter().map(turned).collect();
        (!addresses_her && (2..=12).contains(&tokens.len())).then(|| Self::parse(&tokens))?
    }

    fn parse(tokens: &[Token]) -> Option<Self> {
        let norm = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
        // "You have hens?"
        if norm(0) == "i" && matches!(verb(norm(1)), Some((Form::Base, _))) || norm(1) == "have" {
            let whole = [vec![Token::put("do")], tokens.to_vec()].concat();
            return if norm(0) == "i" { Self::parse(&whole) } else { None };
        }
        let (kind, at) = match (norm(0), norm(1)) {
            ("what" | "which", _) => (Kind::What, auxiliary_at(tokens, 1, 3)?),
            ("who", _) => (Kind::Who, 1),
            ("where", _) => (Kind::Where, 1),
            ("when", _) => (Kind::When, 1),
            ("how", "old") => (Kind::Age, 2),
            ("how", "many") => (Kind::Count, auxiliary_at(tokens, 3, 5)?),
            ("how", "long") => (Kind::Length, 2),
            ("how", _) => (Kind::How, 1),
            _ => (Kind::YesNo, 0),
        };
        let auxiliary = tokens.get(at).filter(|token| token.is(AUXILIARIES))?.clone();
        let of_being = auxiliary.is(&["is", "are", "was", "were", "am"]);
        let behind = &tokens[at + 1..];
        let words = if of_being && matches!(kind, Kind::What | Kind::Who | Kind::Age) {
            // "What is your dog called", "how old is your son now".
            behind
                .iter()
                .position(|token| {
                    token.is(&["called", "named", "now", "exactly", "these", "again"])
                })
                .unwrap_or(behind.len())
        } else {
            subject_words(behind, of_being)?
        };
        let (subject, rest) = behind.split_at(words);
        // "What instrument do you play", "how many children have you".
        let noun = match kind {
            Kind::What => &tokens[1..at],
            Kind::Count => &tokens[2..at],
            _ => &[],
        };
        let moment = rest.first().is_some_and(|first| first.is(OF_THE_MOMENT))
            || of_being && rest.first().is_some_and(|first| first.is(STATES));
        (!subject.is_empty() && !moment).then(|| Self {
            kind,
            subject: subject.to_vec(),
            auxiliary,
            rest: rest.to_vec(),
            noun: noun.to_vec(),
        })
    }

    /// The answer as a whole statement; `None` if it is none by itself.
    pub fn complete(&self, answer: &[Token]) -> Option<Vec<Token>> {
        let mut answer = bare(answer);
        if let Some(first) = answer.first_mut().filter(|first| {
            !people::is_name(first) || number(std::slice::from_ref(first)).is_some()
        }) {
            first.text = first.norm.clone();
        }
        let first = answer.first()?;
        if answer.len() > 14 || first.is(NO_ANSWER) {
            return None;
        }
        match self.kind {
            Kind::What if self.is_being() => self.being(answer),
            Kind::What => self.doing(answer),
            Kind::Who if self.is_being() => self.identifying(answer),
            Kind::Who => {
                // "Who do you live with?"
                let with = self.rest.last().is_some_and(|last| last.is(&["with", "for"]));
                (with && (is_noun_phrase(&answer) || is_whole_name(&answer)))
                    .then(|| self.with(&self.rest, answer))
            }
            Kind::Where => self.placing(answer),
            Kind::When => date::is_told(&answer).then(|| self.with(&self.rest, answer)),
            Kind::Age => {
                let counts = |token| number(std::slice::from_ref(token)).is_some();
                let at = answer.iter().position(counts)?;
                (at < 2 && answer.len() < 6).then(|| self.is(answer))
            }
            Kind::Count => {
                let (_, words) = number(&answer)?;
                let what = if words == answer.len() { self.noun.clone() } else { Vec::new() };
                let rest: Vec<Token> =
                    self.rest.iter().filter(|token| !token.is(&["got"])).cloned().collect();
                Some(self.with(&rest, [answer, what].concat()))
            }
            Kind::Length => {
                let timed = first.norm == "since" || number(&answer).is_some();
                let of_two = self.rest.iter().any(|token| token.norm == "together");
                (timed && !of_two).then(|| self.with(&self.rest, answer))
            }
            Kind::How => {
                // "How do you get to work?" "By bus."
                let by = first.is(&["with", "by", "on"]) && answer.len() > 1;
                (by && !self.rest.is_empty()).then(|| self.with(&self.rest, answer))
            }
            Kind::YesNo => self.agreeing(&answer),
        }
    }

    /// "What's your daughter's name?", "what's your dog called?", "what's your
    /// favourite song?"
    fn being(&self, answer: Vec<Token>) -> Option<Vec<Token>> {
        let called = self.rest.first().is_some_and(|first| first.is(&["called", "named"]));
        let names = called || self.subject.last()?.is(&["name", "names"]);
        let fits = if names {
            is_whole_name(&answer)
        } else {
            is_possessive(&self.subject) && is_noun_phrase(&answer)
        };
        fits.then(|| self.is([self.rest.clone(), answer].concat()))
    }

    /// "Who is Bernie?": "my sister"; "who is your doctor?": "Doctor Lund".
    fn identifying(&self, answer: Vec<Token>) -> Option<Vec<Token>> {
        let (_, words) = people::name(&self.subject);
        if words == self.subject.len() {
            return answer[0].is(&["my", "our", "his", "her"]).then(|| self.is(answer));
        }
        let known = is_possessive(&self.subject) && self.rest.is_empty();
        let name = [glued("'s"), Token::put("name"), self.be()];
        (known && is_whole_name(&answer))
            .then(|| [self.subject.clone(), name.to_vec(), answer].concat())
    }

    /// "Where do you live?": "Clonakilty", "near the docks".
    fn placing(&self, answer: Vec<Token>) -> Option<Vec<Token>> {
        let first = &answer[0];
        let verb = |words: &[&str]| self.rest.first().is_some_and(|verb| verb.is(words));
        let preposition = if first.is(PREPOSITIONS) {
            None
        } else if !first.is_capital() && !first.is(&["the", "a", "an", "my", "our"]) {
            return None;
        } else if self.rest.last().is_some_and(|last| last.is(&["from", "to", "at", "in"])) {
            None
        } else if verb(&["go", "going", "moving", "move"]) {
            Some("to")
        } else if verb(&["work", "working", "study"]) {
            Some("at")
        } else {
            Some("in")
        };
        let place = preposition.map(Token::put).into_iter().chain(answer).collect();
        Some(self.with(&self.rest, place))
    }

    /// "What do you play?": "the cello".
    fn doing(&self, mut answer: Vec<Token>) -> Option<Vec<Token>> {
        let rest = &self.rest;
        let text = norms(rest);
        let verb = rest.first()?;
        let job = text.starts_with(" do ") && (text.contains(" for ") || rest.len() == 1);
        if job && !text.contains(" fun ") {
            // "A nurse." is what one is.
            let is_a = answer[0].is(&["a", "an"]);
            let was = self.auxiliary.norm == "did";
            let me = self.subject[0].norm == "i";
            let be = match (was, me) {
                (true, _) => "was",
                (false, true) => "am",
                (false, false) => "is",
            };
            return (is_a && answer.len() < 8)
                .then(|| [self.subject.clone(), vec![Token::put(be)], answer].concat());
        }
        if !is_noun_phrase(&answer) {
            return None;
        }
        if verb.is(&["like", "love", "enjoy"]) || text.contains(" for fun ") {
            let verb = if verb.norm == "do" { Token::put("like") } else { verb.clone() };
            return Some(self.with(&[verb], answer));
        }
        const DOINGS: &[&str] = &[
            "play", "teach", "study", "studying", "sing", "drive", "eat", "drink", "sell", "grow",
            "paint", "write", "read", "watch", "take", "speak", "keep", "collect", "knit",
            "support", "teaching", "learning", "have", "prefer", "listen", "reading", "watching",
            "cook",
        ];
        if !verb.is(DOINGS) {
            return None;
        }
        if let Some(last) = answer.last_mut() {
            last.after.clear();
        }
        let (verb, behind) = rest.split_at(1);
        // "What do you sing in the choir": "alto" goes before the place.
        Some(self.with(verb, [answer, behind.to_vec()].concat()))
    }

    /// "Do you have pets?": "yes", "two", "a cat"; "Do they visit?": "every
    /// summer".
    fn agreeing(&self, answer: &[Token]) -> Option<Vec<Token>> {
        let rest = self.rest.as_slice();
        let present = self.auxiliary.is(&["do", "does", "is", "are", "am", "have", "has"]);
        if !present || rest.is_empty() {
            return None;
        }
        let (agreed, at) = agreement(answer);
        let mut behind = answer[at..].to_vec();
        let rest_of = |rest: &[Token]| -> Vec<Token> {
            rest.iter().filter(|token| !token.is(&["any"])).cloned().collect()
        };
        let first = behind.first().cloned();
        match (agreed, first) {
            (Some(true), None) if rest.len() == 1 && self.auxiliary.norm == "do" => {
                // "I do smoke."
                Some([self.subject.clone(), vec![self.auxiliary.clone()], rest.to_vec()].concat())
            }
            (Some(true), None) => Some(self.with(&rest_of(rest), Vec::new())),
            (Some(false), None) => Some(self.denied(rest)),
            (Some(false), _) => None,
            (_, Some(first)) if first.is(OFTEN) => {
                if first.norm == "never" {
                    return None;
                }
                Some(self.with(&rest_of(rest), behind))
            }
            (_, Some(first)) if rest.len() == 1 && behind.len() == 1 && first.is(STATUSES) => {
                // "Are you married?" "Divorced."
                behind[0].text = behind[0].norm.clone();
                Some([self.subject.clone(), vec![self.be()], behind].concat())
            }
            (_, Some(_)) if self.asks_what_is_had(rest) => {
                if behind.iter().any(|token| is_finite(&token.norm)) {
                    return None;
                }
                let counted = number(&behind).is_some_and(|(_, words)| words == behind.len());
                let article =
                    behind[0].is(&["a", "an", "the", "two", "three", "four", "five", "some"]);
                if !counted && !article {
                    return None;
                }
                let verb = if self.auxiliary.is(&["have", "has"]) { 0 } else { 1 };
                let mut said = rest[..verb].to_vec();
                if counted {
                    let what = rest[verb..].iter().rfind(|token| !token.is(&["got", "there"]))?;
                    said.append(&mut behind);
                    said.push(what.clone());
                } else {
                    said.append(&mut behind);
                }
                Some(self.with(&said, Vec::new()))
            }
            _ => None,
        }
    }

    fn asks_what_is_had(&self, rest: &[Token]) -> bool {
        self.auxiliary.is(&["have", "has"])
            && !rest.first().is_some_and(|first| verb::is_past(&first.norm) || first.norm == "been")
            || self.auxiliary.is(&["do", "does"])
                && rest
                    .first()
                    .is_some_and(|verb| verb.is(&["have", "play", "speak", "keep", "own"]))
    }

    fn is_being(&self) -> bool {
        self.auxiliary.is(&["is", "are", "was", "were"])
    }

    /// The subject is this.
    fn is(&self, what: Vec<Token>) -> Vec<Token> {
        [self.subject.clone(), vec![self.be()], what].concat()
    }

    /// "am" of oneself.
    fn be(&self) -> Token {
        match (self.auxiliary.norm.as_str(), self.subject[0].norm.as_str()) {
            ("are", "i") => Token::put("am"),
            ("were", "i") => Token::put("was"),
            ("'s", _) => Token::put("is"),
            (other, _) => Token::put(other),
        }
    }

    /// Subject, verb in its form, the rest and the answer.
    fn with(&self, rest: &[Token], answer: Vec<Token>) -> Vec<Token> {
        let verb = match self.auxiliary.norm.as_str() {
            "do" | "does" | "did" => {
                let inflect = |verb: &Token| match self.auxiliary.norm.as_str() {
                    "does" => Token::put(&verb::third(&verb.norm)),
                    "did" => Token::put(&verb::past(&verb.norm)),
                    _ => verb.clone(),
                };
                let behind = rest.iter().skip(1).cloned();
                rest.first().map(inflect).into_iter().chain(behind).collect::<Vec<_>>()
            }
            _ => [vec![self.be()], rest.to_vec()].concat(),
        };
        let mut whole = [self.subject.clone(), verb].concat();
        for token in &mut whole {
            token.after.clear();
        }
        whole.extend(answer);
        whole
    }

    fn denied(&self, rest: &[Token]) -> Vec<Token> {
        let not = Token { text: "n't".into(), norm: "not".into(), glued: true, ..Token::default() };
        let am = self.be().norm == "am";
        let not = if am { Token::put("not") } else { not };
        let mut whole = [self.subject.clone(), vec![self.be(), not], rest.to_vec()].concat();
        for token in &mut whole {
            token.after.clear();
        }
        whole
    }
}

const AUXILIARIES: &[&str] =
    &["is", "are", "was", "were", "am", "do", "does", "did", "have", "has"];

fn auxiliary_at(tokens: &[Token], from: usize, to: usize) -> Option<usize> {
    (from..=to).find(|&at| tokens.get(at).is_some_and(|token| token.is(AUXILIARIES)))
}

/// The words that ask: behind the last pause where a question begins.
fn asking(mut tokens: Vec<Token>) -> Option<Vec<Token>> {
    const ASKING: &[&str] = &["what", "which", "who", "where", "when", "how"];
    tell_copulas(&mut tokens);
    let begins = |at: usize| {
        let leads = |token: &Token| token.pauses() || token.is(&["and", "so", "but", "oh", "then"]);
        tokens[at].is(ASKING) && (at == 0 || leads(&tokens[at - 1]))
            || at == 0 && tokens[at].norm == "you"
            || tokens[at].is(AUXILIARIES) && (at == 0 || leads(&tokens[at - 1]))
    };
    let from = (0..tokens.len()).rev().find(|&at| begins(at))?;
    tokens.drain(..from);
    Some(tokens)
}

/// Her word on the person's side.
fn turned(token: &Token) -> Token {
    match ADDRESSED.iter().find(|(hers, _)| token.norm == *hers) {
        Some((_, theirs)) => Token {
            text: (*theirs).to_owned(),
            norm: theirs.to_lowercase(),
            after: token.after.clone(),
            ..Token::default()
        },
        // "What's" comes apart: the "'s" is a whole word then.
        None if token.norm == "is" => Token { after: token.after.clone(), ..Token::put("is") },
        None => token.clone(),
    }
}

fn glued(text: &str) -> Token {
    Token { glued: true, ..Token::put(text) }
}

/// How many words the subject has of which something is asked.
fn subject_words(behind: &[Token], of_being: bool) -> Option<usize> {
    let first = behind.first()?;
    if first.is(&["i", "he", "she", "they", "it"]) {
        return Some(1);
    }
    let (_, words) = people::name(behind);
    if words > 0 && behind.get(words).is_none_or(|next| next.norm != "'s") {
        return Some(words);
    }
    if !first.is(&["my", "his", "her", "their", "the"]) && words == 0 {
        return None;
    }
    let base = |token: &Token| verb(&token.norm).is_some_and(|(form, _)| form != Form::Third);
    let verb = behind.iter().skip(1).position(base).map(|at| at + 1);
    verb.or(of_being.then_some(behind.len())).filter(|&words| words <= 6)
}

fn is_possessive(subject: &[Token]) -> bool {
    subject.first().is_some_and(|first| first.is(&["my", "his", "her", "their"]))
        || subject.iter().any(|token| token.norm == "'s")
}

/// "Yes", "no", "I do, yes": which of them, and of how many words.
fn agreement(answer: &[Token]) -> (Option<bool>, usize) {
    let mut at = 0;
    let mut agreed = None;
    while let Some(token) = answer.get(at) {
        let echo = agreed.is_none() || agreed == Some(true);
        let next = answer.get(at + 1).map_or("", |next| next.norm.as_str());
        if token.is(YES) {
            agreed = Some(true);
            at += 1;
        } else if token.is(NO) {
            agreed = Some(false);
            at += 1;
        } else if echo
            && token.is(&["i", "we", "he", "she", "they"])
            && matches!(next, "do" | "does" | "am" | "is" | "are" | "have" | "has")
            && answer.get(at + 2).is_none_or(|behind| behind.norm != "not")
            && (!answer[at + 1].after.is_empty() || at + 2 == answer.len())
        {
            agreed = Some(true);
            at += 2;
        } else {
            break;
        }
    }
    (agreed, at)
}

/// The answer without what only leads to it: "it's", "that would be".
fn bare(answer: &[Token]) -> Vec<Token> {
    let norm = |at: usize| answer.get(at).map_or("", |token| token.norm.as_str());
    let skip = match (norm(0), norm(1), norm(2)) {
        ("it" | "that", "is" | "'s", _) => 2,
        ("that", "would", "be") => 3,
        _ => 0,
    };
    answer[skip..].to_vec()
}

fn is_whole_name(answer: &[Token]) -> bool {
    let (_, words) = people::name(answer);
    words > 0 && words == answer.len()
}

/// Something that can be played, eaten or had: no verb in it, and no remark.
fn is_noun_phrase(answer: &[Token]) -> bool {
    const REMARKS: &[&str] = &[
        "thanks",
        "thank",
        "sure",
        "really",
        "exactly",
        "right",
        "fine",
        "good",
        "well",
        "not",
        "oh",
        "ah",
        "god",
        "too",
        "so",
        "same",
        "everything",
        "anything",
        "whatever",
        "that",
        "this",
        "you",
        "i",
        "we",
        "it",
        "ask",
        "don't",
        "maybe",
        "depends",
        "who",
        "long",
        "yes",
        "no",
        "because",
        "to",
    ];
    answer.len() <= 8
        && !answer[0].is(REMARKS)
        && !answer.iter().any(|token| {
            verb(&token.norm)
                .is_some_and(|(form, _)| matches!(form, Form::Auxiliary | Form::Third | Form::Past))
        })
}

/// How much of the beginning of a sentence is an answer: all of it if it has
/// no verb, else up to the pause before which there is none.
pub fn extent(tokens: &[Token]) -> usize {
    let may = |token: &Token| token.norm == "may" && token.is_capital();
    let spoken = |tokens: &[Token]| {
        tokens.iter().any(|token| (is_finite(&token.norm) || token.norm == "been") && !may(token))
    };
    let said_again = |tokens: &[Token]| {
        tokens.len() == 2 && tokens[0].is(&["i", "we", "he", "she", "they", "it", "that"])
    };
    // "Divorced." is one word.
    if !spoken(tokens) || tokens.len() == 1 {
        return tokens.len();
    }
    let mut extent = 0;
    let mut from = 0;
    for at in 0..tokens.len() {
        let ends = tokens[at].pauses() || at + 1 == tokens.len();
        if !ends {
            continue;
        }
        let part = &tokens[from..=at];
        if part.len() > 1 && spoken(part) && !said_again(part) && !bare_is_shorter(part) {
            // "Yes, since Dermot died": when is part of the answer.
            if part[0].norm == "since" {
                extent = at + 1;
            }
            break;
        }
        extent = at + 1;
        from = at + 1;
    }
    extent
}

fn bare_is_shorter(part: &[Token]) -> bool {
    let bare = bare(part);
    part[0].is(&["it", "that"])
        && bare.len() < part.len()
        && !bare.is_empty()
        && !bare.iter().any(|token| is_finite(&token.norm))
}
