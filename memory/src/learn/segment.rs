//! From a sentence as it is spoken to clauses that each say one thing.
//!
//! Takes away what only holds the floor ("um", "you know", "I'll be, um, I'll
//! be") and cuts where a new subject begins. Knows nothing of who is meant.

use super::copula::tell_copulas;
use super::filler::{LEADS, NOMINATIVE, WEAK_LEADS, clear, strip_leads};
use super::people;
use super::token::{Sentence, Token};
use super::verb::{Form, is_finite, verb};

const POSSESSIVE: &[&str] = &["my", "our", "his", "her", "their"];
pub const CONJUNCTIONS: &[&str] =
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
    clear(&mut tokens);
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
    // "… but turns out I'm not."
    if first.is(&["turned", "turns"]) && norm(1) == "out" {
        return begins_clause(&tokens[2..]);
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
        // "… but now I live in Denver."
        let now = usize::from(tokens.get(at + 1).is_some_and(|next| next.norm == "now"));
        return has_verb(current)
            && begins_clause(&tokens[at + 1 + now..])
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
        current
            .iter()
            .any(|word| verb(&word.norm).is_some_and(|(_, base)| SAYING.contains(&base.as_str())))
    };
    let framed = current
        .first()
        .is_some_and(|first| first.is(&["when", "if", "since", "after", "before", "once"]));
    token.is(NOMINATIVE)
        && has_verb(current)
        && !framed
        && begins_clause(&tokens[at..])
        && (last.is(ADVERBS) && token.norm == "i"
            || last.is(OBJECTS) && !says()
            // "I'm Yusuf I'm from Izmir."
            || people::is_name(last) && current.len() < 5 && current[1..].iter().any(|token| token.is(&["am", "is"])))
}

/// A question by its words: "do you", "what is", "who told".
pub fn asks(tokens: &[Token]) -> bool {
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
