//! Requests to the memory itself: "how do you know that?", "forget that".
//!
//! [`ask`] is tried on what the person said before the language model is. It
//! would rather miss a request than see one where there is none: whole
//! sentences must fit a pattern of [`pattern`]. Pure: it acts on nothing.

mod pattern;

#[cfg(test)]
mod tests;

use jiff::Zoned;
use jiff::civil::Date;

use crate::learn::date::past_days;
use crate::learn::token::{Sentence, Token, norms, sentences, tokens, write};
use pattern::{Captured, matches};

/// A request to the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// "How do you know that?"
    HowDoYouKnow {
        /// "my sister moved"; `None` is what was just told.
        what: Option<String>,
    },
    /// "What do you know about me?"
    WhatDoYouKnow {
        /// As it was said: "my sister", "Ana", but "black holes" too: whether
        /// that is someone or something of the person's life is for the
        /// caller to find out. `None` is the person.
        about: Option<String>,
    },
    /// "Forget that."
    Forget {
        /// "my job", "Ana", "I live in Leeds"; `None` is what was just said.
        what: Option<String>,
    },
    /// "Forget everything you know about me.": ask first.
    ForgetEverything,
    /// "That's wrong, she moved to Porto."
    Wrong {
        /// "She moved to Porto", as it was said.
        correction: Option<String>,
    },
    /// Nothing is to be kept from here on (`true`), or again (`false`). What
    /// else was said in the same breath may follow: it goes to
    /// [`learn`](crate::learn::learn) and to the language model all the same.
    OffTheRecord(bool),
    /// "Don't remember this.": what this turn says is not to be kept and, if
    /// it says nothing else, what the turn before it said.
    NotThis,
    /// "What did we talk about last week?"
    WhatDidWeTalkAbout {
        /// The first and the last day; `None` is the last time.
        days: Option<(Date, Date)>,
    },
}

/// A pattern, and what it makes of the words that it captured.
struct Rule {
    pattern: &'static str,
    ask: fn(Option<&[Token]>, &Zoned) -> Option<Ask>,
}

const KNOW: &str = "know|remember|recall";
const TELL: &str = "tell|told|said|say|mentioned";

/// See [`pattern`] for how they are written. The first that fits is taken.
const RULES: &[Rule] = &[
    // How do you know?
    Rule { pattern: "how do|did|could|can you (even) know that|this|it|all (that|this) (about me)", ask: how_nothing },
    Rule { pattern: "how come you know that|this", ask: how_nothing },
    Rule { pattern: "how do|did you (even) know (about) my|our <>", ask: how_with_my },
    Rule { pattern: "how do|did you (even) know (that) i|we <>", ask: how_with_i },
    Rule { pattern: "how did you find (that) out (that)", ask: how_nothing },
    Rule { pattern: "where did|do you get|hear|learn that|this (from)", ask: how_nothing },
    Rule { pattern: "who told you that|this", ask: how_nothing },
    Rule { pattern: "when did i tell|say (you) that|this", ask: how_nothing },
    Rule { pattern: "did i (ever) tell you that", ask: how_nothing },
    // What did we talk about?
    Rule { pattern: "what did|were we talk|talking|speak|speaking|chat|chatting about <>", ask: talk },
    Rule { pattern: "what did|were we talk|talking|speak|speaking|chat|chatting about", ask: talk },
    Rule { pattern: "what have we talked|spoken|chatted about <>", ask: talk },
    Rule { pattern: "what have we talked|spoken|chatted about", ask: talk },
    Rule { pattern: "what did you and i|me talk|speak|chat about <>", ask: talk },
    Rule { pattern: "what did we discuss <>", ask: talk },
    Rule { pattern: "what did i tell|say (you) <>", ask: told_when },
    Rule { pattern: "do you remember what we talked|spoke|chatted about <>", ask: talk },
    Rule { pattern: "do you remember what we talked|spoke|chatted about", ask: talk },
    Rule { pattern: "remind me what we talked|spoke about <>", ask: talk },
    Rule { pattern: "remind me what we talked|spoke about", ask: talk },
    Rule { pattern: "tell me what we talked|spoke about <>", ask: talk },
    // What do you know?
    Rule { pattern: "what (else|all|exactly) do|did you $know about <>", ask: what },
    Rule { pattern: "what (else) do you remember", ask: what },
    Rule { pattern: "what (else) can you tell me about me|myself", ask: what },
    Rule { pattern: "what have you learned|learnt|remembered|kept|stored|saved|noted about <>", ask: what },
    Rule { pattern: "what have|did i $tell (you) about <>", ask: what },
    Rule { pattern: "tell me (everything|all|what|anything) (that) you $know about <>", ask: what },
    Rule { pattern: "tell me about me|myself", ask: what },
    Rule { pattern: "do you know|remember anything|something about me|myself", ask: what },
    Rule { pattern: "do you remember anything about <>", ask: what },
    Rule { pattern: "do you remember what i $tell (you) about <>", ask: what },
    Rule { pattern: "show me (everything|all|what) you $know about <>", ask: what },
    // Forget everything.
    Rule { pattern: "forget (absolutely) everything|all (that) you know|remember (about me)", ask: everything },
    Rule { pattern: "forget (absolutely) everything (about me)", ask: everything },
    Rule { pattern: "forget (absolutely) everything (that) i (have) (ever) told you", ask: everything },
    Rule { pattern: "forget (all) about me", ask: everything },
    Rule { pattern: "delete|erase|remove|wipe|clear (absolutely) everything|all (that) you know|remember (about me)", ask: everything },
    Rule { pattern: "delete|erase|wipe|clear|reset (all|everything) (in|of|from) your (entire|whole) memory|memories (of me)", ask: everything },
    Rule { pattern: "delete|erase|wipe everything|all about me", ask: everything },
    Rule { pattern: "delete|erase|wipe all (of) my memories|data", ask: everything },
    // Forget something.
    Rule { pattern: "forget that|this", ask: forget },
    Rule { pattern: "forget what i (have) (just) said|told (you)", ask: forget },
    Rule { pattern: "forget everything|all (that) i (have) just said|told (you)", ask: forget },
    Rule { pattern: "forget i (ever) said that|anything|it", ask: forget },
    Rule { pattern: "forget (that) i (ever) told you that|this", ask: forget },
    Rule { pattern: "forget what|everything|anything|all (that) i (have) (ever) $tell (you) about <>", ask: forget },
    Rule { pattern: "forget what|everything|anything|all (that) you know|remember about <>", ask: forget },
    Rule { pattern: "forget everything|anything about <>", ask: forget },
    Rule { pattern: "forget that i|we <>", ask: forget_that_i },
    Rule { pattern: "forget that my|our <>", ask: forget_that_my },
    Rule { pattern: "forget my|our <>", ask: forget_that_my },
    Rule { pattern: "delete|erase|remove that|this (memory|fact|one) (from your memory)", ask: forget },
    Rule { pattern: "delete|erase|remove everything|anything|all|what (that) (you know|have|remember) about <>", ask: forget },
    Rule { pattern: "delete|erase|remove what|everything|all (that) i (have) $tell (you) about <>", ask: forget },
    // The record.
    Rule { pattern: "back on (the) record", ask: on_record },
    Rule { pattern: "we are (now) back on (the) record", ask: on_record },
    Rule { pattern: "let us go|get back on (the) record", ask: on_record },
    Rule { pattern: "go back on (the) record", ask: on_record },
    Rule { pattern: "we are on the record again", ask: on_record },
    Rule { pattern: "remember|write|keep things (down) again", ask: on_record },
    Rule { pattern: "start remembering again", ask: on_record },
    Rule { pattern: "this|that|it is|stays (strictly) off the record ...", ask: off_record },
    Rule { pattern: "this is (strictly) between you and me ...", ask: off_record },
    Rule { pattern: "this stays between us ...", ask: off_record },
    Rule { pattern: "this stays between you and me ...", ask: off_record },
    Rule { pattern: "(strictly) off the record ,...", ask: off_record },
    Rule { pattern: "let us|me go off (the) record ...", ask: off_record },
    Rule { pattern: "we go off (the) record ...", ask: off_record },
    Rule { pattern: "go off (the) record ...", ask: off_record },
    Rule { pattern: "keep this|it off the record ...", ask: off_record },
    Rule { pattern: "what i am (about|going) to say|tell (you) is off the record ...", ask: off_record },
    Rule { pattern: "stop remembering (things|this)", ask: off_record },
    Rule { pattern: "do not remember|keep|save|store|record this|that|it|any (of) (this|that)", ask: not_this },
    Rule { pattern: "do not write|note this|that|it down", ask: not_this },
    Rule { pattern: "i do not want you to remember|keep|save|store this|that|it", ask: not_this },
    // That's wrong.
    Rule { pattern: "(no) that is|was (just|simply|completely|totally) wrong|incorrect|untrue|false ,<?>", ask: wrong },
    Rule { pattern: "(no) that is|was not (quite|actually) true|right|correct ,<?>", ask: wrong },
    Rule { pattern: "(no) that is not what i said|told|meant ,<?>", ask: wrong },
    Rule { pattern: "(no) you (have) (got) that|it|this wrong ,<?>", ask: wrong },
    Rule { pattern: "(no) you got that|it|this wrong ,<?>", ask: wrong },
    Rule { pattern: "(no) you are wrong|mistaken (about that) ,<?>", ask: wrong },
    Rule { pattern: "(no) i never said that ,<?>", ask: wrong },
];

fn text(tokens: Option<&[Token]>) -> Option<String> {
    let text = write(tokens?);
    let text = text.trim_matches([',', ' ', '.', '!', '?']);
    (!text.is_empty()).then(|| text.to_owned())
}

fn how_nothing(_: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::HowDoYouKnow { what: None })
}

fn how_with_my(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::HowDoYouKnow { what: Some(format!("my {}", text(rest)?)) })
}

fn how_with_i(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    let rest = text(rest)?;
    // "I'm" is one word.
    let space = if rest.starts_with('\'') { "" } else { " " };
    Some(Ask::HowDoYouKnow { what: Some(format!("I{space}{rest}")) })
}

/// Without a period, or with one that is a time and nothing else.
fn talk(rest: Option<&[Token]>, now: &Zoned) -> Option<Ask> {
    let Some(rest) = rest else { return Some(Ask::WhatDidWeTalkAbout { days: None }) };
    let said = norms(rest);
    if [" last time ", " before ", " the last time ", " earlier ", " just now ", " the other day "].contains(&said.as_str()) {
        return Some(Ask::WhatDidWeTalkAbout { days: None });
    }
    past_days(rest, now.date()).map(|days| Ask::WhatDidWeTalkAbout { days: Some(days) })
}

/// "What did I tell you yesterday?", but not "what did I tell you to do?"
fn told_when(rest: Option<&[Token]>, now: &Zoned) -> Option<Ask> {
    past_days(rest?, now.date()).map(|days| Ask::WhatDidWeTalkAbout { days: Some(days) })
}

fn what(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    let about = text(rest).filter(|about| !matches!(about.to_lowercase().as_str(), "me" | "myself" | "us" | "my life"));
    Some(Ask::WhatDoYouKnow { about })
}

fn everything(_: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::ForgetEverything)
}

fn forget(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    let what = text(rest);
    if what.as_deref().is_some_and(|what| matches!(what.to_lowercase().as_str(), "me" | "myself")) {
        return Some(Ask::ForgetEverything);
    }
    Some(Ask::Forget { what: what.filter(|what| !matches!(what.to_lowercase().as_str(), "that" | "this" | "it")) })
}

fn forget_that_i(rest: Option<&[Token]>, now: &Zoned) -> Option<Ask> {
    match how_with_i(rest, now)? {
        Ask::HowDoYouKnow { what } => Some(Ask::Forget { what }),
        other => Some(other),
    }
}

fn forget_that_my(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::Forget { what: Some(format!("my {}", text(rest)?)) })
}

fn on_record(_: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::OffTheRecord(false))
}

fn off_record(_: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::OffTheRecord(true))
}

fn not_this(_: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::NotThis)
}

fn wrong(rest: Option<&[Token]>, _: &Zoned) -> Option<Ask> {
    Some(Ask::Wrong { correction: text(rest) })
}

/// The request to the memory that this is, if it is one.
///
/// `now` tells what "last week" means. Of several sentences the first that is
/// a request counts.
pub fn ask(said: &str, now: &Zoned) -> Option<Ask> {
    let sentences = sentences(tokens(said));
    for (index, sentence) in sentences.iter().enumerate() {
        let Some(ask) = of_sentence(sentence, now) else { continue };
        // "That's not true. She moved to Porto."
        if let Ask::Wrong { correction: None } = ask {
            let rest: Vec<Token> = sentences[index + 1..].iter().flat_map(|s| s.tokens.clone()).collect();
            return Some(Ask::Wrong { correction: text(Some(&rest)) });
        }
        return Some(ask);
    }
    None
}

/// The sentence as a whole, or what stands behind a comma or "but" in it.
fn of_sentence(sentence: &Sentence, now: &Zoned) -> Option<Ask> {
    let tokens = pattern::plain(&sentence.tokens);
    let of = |tokens: &[Token]| {
        let tokens = pattern::without_courtesy(tokens);
        RULES.iter().find_map(|rule| match matches(rule.pattern, tokens) {
            Captured::No => None,
            Captured::Nothing => (rule.ask)(None, now),
            Captured::Words(words) => (rule.ask)(Some(words), now),
        })
    };
    let whole = of(&tokens).filter(|ask| {
        // "That's wrong, isn't it?" asks for an opinion.
        !(sentence.asked && matches!(ask, Ask::Wrong { .. }))
    });
    whole.or_else(|| {
        // "My address is …, but please don't keep that."
        (1..tokens.len())
            .filter(|at| tokens[at - 1].pauses())
            .find_map(|at| of(&tokens[at..]))
            .filter(|ask| matches!(ask, Ask::NotThis | Ask::OffTheRecord(_)))
    })
}
