//! Whether a statement that a language model wrote says again what a person
//! said.
//!
//! Small models keep the words and lose what joins them: of "it's just me and
//! the cats" they make "I'm the cats". So what a statement says of its subject
//! must stand together in one sentence of the person's, in the same order, and
//! "is" and "has" must have been said there too.

use super::content::{is_content, stem};
use super::copula::tell_copulas;
use super::filler;
use super::hygiene;
use super::retract;
use super::segment::asks;
use super::token::{Token, norms, tokens};
use super::verb::{is_finite, is_past};

/// What is between a word and the "is" that joins it to its subject.
const REACH: usize = 3;

/// Whether what `statement` says of its subject was said in `source`, a
/// sentence of the person's.
pub fn restates(statement: &str, source: &str) -> bool {
    let told = read(statement);
    let spoken = |token: &Token| is_finite(&token.norm) || is_past(&token.norm);
    let Some(verb) = told.iter().position(spoken) else { return false };
    let said = read(source);
    let wanted: Vec<String> = contents(&told[verb..]).into_iter().map(|(_, stem)| stem).collect();
    let heard = contents(&said);
    !wanted.is_empty()
        && heard.windows(wanted.len().min(heard.len()).max(1)).any(|window| {
            window.len() == wanted.len()
                && window.iter().zip(&wanted).all(|((_, heard), wanted)| heard == wanted)
                && is_joined(&told[verb], &said, window[0].0)
        })
}

/// Whether a sentence is told as so: no question, order, condition or joke,
/// and nobody else's words.
pub fn is_told(sentence: &str) -> bool {
    let said = tokens(sentence);
    let text = norms(&said);
    !hygiene::might_be(&text)
        && !hygiene::is_unreal(&text)
        && !hygiene::is_conditional(&text)
        && !retract::takes_back(&text)
        && !hygiene::sets_a_scene(&text)
        && !hygiene::is_instruction(&said)
        && !hygiene::opens_quotation(&said)
        && !asks(&said)
}

fn read(text: &str) -> Vec<Token> {
    let mut tokens = tokens(text);
    tell_copulas(&mut tokens);
    filler::clear(&mut tokens);
    tokens
}

fn contents(tokens: &[Token]) -> Vec<(usize, String)> {
    let content = tokens.iter().enumerate().filter(|(_, token)| is_content(&token.norm));
    content.map(|(at, token)| (at, stem(&token.norm))).collect()
}

/// "Is" and "has" join only what they joined when it was said; other verbs are
/// among the words that were compared.
fn is_joined(verb: &Token, said: &[Token], at: usize) -> bool {
    const BEING: &[&str] = &["am", "is", "are", "was", "were", "'s", "been", "name", "called"];
    const HAVING: &[&str] =
        &["have", "has", "had", "got", "with", "my", "our", "his", "her", "their", "'s"];
    let near = &said[at.saturating_sub(REACH)..at];
    if verb.is(&["am", "is", "are", "was", "were"]) {
        // "Gloria, my old dispatcher"
        let apposed = at > 0
            && (said[at - 1].pauses()
                || at > 1 && said[at - 2].pauses() && said[at - 1].is(&["a", "an", "the", "my"]));
        apposed || near.iter().any(|token| token.is(BEING))
    } else if verb.is(&["have", "has", "had"]) {
        near.iter().any(|token| token.is(HAVING) || is_past(&token.norm))
    } else {
        true
    }
}
