//! Whether "'s" is "is", "has" or tells whose something is: "gran's in
//! hospital", "gran's moved", "gran's hat".

use super::number;
use super::people;
use super::token::Token;
use super::verb::{Form, is_finite, verb};

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
        if gone && (before.is(PRONOUNS) || tokens[at].after.is_empty() && lone_verb(tokens, at + 1))
        {
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
            next.is(AFTER_IS)
                || ing
                || counts
                || !kin && {
                    // Within the same stretch of words, is there another verb?
                    let stretch = |token: &&Token| {
                        token.after.is_empty() && !token.is(super::segment::CONJUNCTIONS)
                    };
                    let ahead = &tokens[at + 1..];
                    let length = ahead.iter().take_while(stretch).count();
                    let last =
                        ahead.get(length).filter(|last| !last.is(super::segment::CONJUNCTIONS));
                    let ahead =
                        ahead[..length].iter().chain(last).take(5).any(|t| is_finite(&t.norm));
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
    let stretch =
        |token: &&Token| token.after.is_empty() && !token.is(super::segment::CONJUNCTIONS);
    let behind = &tokens[at + 1..];
    let length = behind.iter().take_while(stretch).count();
    let ahead = tokens[at].after.is_empty()
        && behind.iter().take(length + 1).any(|token| is_finite(&token.norm));
    let before = tokens[..at - 1].iter().rev().skip(1).take_while(stretch);
    !ahead && !before.into_iter().any(|token| is_finite(&token.norm))
}
