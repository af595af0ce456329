//! "She", "him", "their", "it", "there": to those who are meant.
//!
//! Works on the words of one clause, with what was spoken of before in
//! [`Talk`]. What cannot be told makes the whole clause unfit to be kept.

use super::people::{self, Gender};
use super::talk::{Mention, Talk};
use super::token::Token;
use super::verb::is_finite;

/// A pronoun stands for nobody that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unresolved;

/// Replaces the pronouns that point out of the clause; those whose meaning
/// stands in the clause itself are left.
pub fn pronouns(tokens: &mut [Token], talk: &mut Talk) -> Result<(), Unresolved> {
    let mut here: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((mention, words)) = talk.kin_at(tokens, at) {
            here.push(mention);
            at += words;
            continue;
        }
        let (name, words) = people::name(&tokens[at..]);
        if words > 0 {
            here.push(talk.named(&name).unwrap_or(Mention {
                someone: super::Someone { name, ..Default::default() },
                ..Mention::default()
            }));
            at += words;
            continue;
        }
        let (before, rest) = tokens.split_at_mut(at);
        let Some((token, behind)) = rest.split_first_mut() else { break };
        let gender = match token.norm.as_str() {
            "he" | "him" | "his" | "himself" => Some(Gender::He),
            "she" | "her" | "hers" | "herself" => Some(Gender::She),
            "they" | "them" | "their" | "theirs" => Some(Gender::They),
            _ => None,
        };
        if let Some(gender) = gender {
            let fits = |mention: &Mention| match gender {
                Gender::They => mention.gender == Gender::They,
                _ => mention.gender == gender || mention.gender == Gender::Unknown,
            };
            // "My sister loves her job", "Tom and Ana sold their house".
            let in_clause = here.iter().any(fits)
                || gender == Gender::They && (here.len() > 1 || before.iter().any(is_plural_noun));
            if !in_clause {
                let mention = talk.meant(gender, at == 0).ok_or(Unresolved)?;
                // "Buy her lessons"
                const GIVING: &[&str] = &[
                    "buy", "bought", "buying", "give", "gave", "giving", "get", "got", "getting",
                    "send", "sent", "sending", "teach", "taught", "teaching", "bring", "brought",
                    "lend", "lent", "lending", "offer", "offered", "ask", "asked", "tell", "told",
                    "show", "showed", "showing", "bringing", "make", "made",
                ];
                let given = before.last().is_some_and(|verb| verb.is(GIVING));
                let owns = match token.norm.as_str() {
                    "his" | "their" => true,
                    "her" => {
                        !given && token.after.is_empty() && behind.first().is_some_and(is_owned)
                    }
                    _ => false,
                };
                put(token, &mention, owns);
                write_out(behind);
                here.push(mention);
            }
        } else if token.is(&["it", "its", "itself"]) {
            let birthday = at == 0 && behind.first().is_some_and(|next| next.norm == "is");
            // "I bought a bike and sold it."
            let in_clause = before.iter().any(|token| token.is(&["a", "an", "the", "my", "our"]));
            if !birthday && !in_clause {
                return Err(Unresolved);
            }
        } else if token.norm == "there" {
            if behind.first().is_some_and(|next| is_finite(&next.norm)) || before.is_empty() {
                return Err(Unresolved);
            }
            let said = before.iter().any(|token| token.is(&["in", "at", "near"]));
            if !said {
                let place = talk.place.clone().ok_or(Unresolved)?;
                let going = before.last().is_some_and(|last| {
                    last.is(&[
                        "go", "going", "went", "goes", "moved", "move", "moving", "fly", "flying",
                        "flew", "drive", "get",
                    ])
                });
                let place = if going {
                    place.split_once(' ').map(|(_, place)| format!("to {place}")).unwrap_or(place)
                } else {
                    place
                };
                token.norm = place.to_lowercase();
                token.text = place;
            }
        } else if token.is(&["this", "that", "these", "those"])
            && is_pointing(before, token, behind)
        {
            return Err(Unresolved);
        }
        at += 1;
    }
    Ok(())
}

/// "She was born in 1950, my mum": who is named behind is the one meant. Puts
/// them in place of the pronoun; refuses where it might be someone else.
pub fn afterthought(tokens: &mut Vec<Token>, talk: &Talk) -> Result<(), Unresolved> {
    let Some(spoken) = tokens.get(1).filter(|spoken| spoken.glued || is_finite(&spoken.norm))
    else {
        return Ok(());
    };
    let gender = match tokens[0].norm.as_str() {
        "he" => Gender::He,
        "she" => Gender::She,
        "they" => Gender::They,
        _ => return Ok(()),
    };
    if tokens[0].pauses() || spoken.pauses() {
        return Ok(());
    }
    // Back to the last pause before which something was told.
    let pause = |at: &usize| tokens[at - 1].pauses() && *at + 7 > tokens.len();
    let Some(at) = (3..tokens.len()).rev().find(pause) else { return Ok(()) };
    let before = &tokens[at - 1];
    let of_someone = tokens[at].is(&["his", "her", "their"])
        && people::kin(&tokens[at + 1..]).is_some_and(|kin| at + 1 + kin.words == tokens.len());
    let (name, named) = people::name(&tokens[at..]);
    let (meant, kin) = match talk.kin_at(tokens, at) {
        Some((mention, words)) if at + words == tokens.len() => (Some(mention), true),
        _ if named > 0 && at + named == tokens.len() => (talk.named(&name), false),
        _ if of_someone => (None, true),
        _ => return Ok(()),
    };
    if meant.as_ref().is_some_and(|meant| !meant.fits(gender)) {
        return Ok(());
    }
    // "She's in Oslo, my aunt", but "she lives with Vera, my aunt".
    let located = tokens[at - 2].is(&["in", "at", "to", "from", "near"]);
    if kin && people::is_name(before) && !located {
        return Ok(());
    }
    // "She has a boat, Bessie", "she lives in Denver, Colorado".
    const DETERMINERS: &[&str] = &["a", "an", "the", "my", "our", "his", "her", "their"];
    let noun = people::is_name(before)
        || tokens[at.saturating_sub(4).max(2)..at - 1].iter().any(|token| token.is(DETERMINERS));
    let Some(meant) = meant else {
        return if noun && !kin { Ok(()) } else { Err(Unresolved) };
    };
    // "She married a baker, Kim", "she rang her, my mum".
    let nearest = || talk.find(|other| other.life && other.fits(gender));
    let same = || nearest().is_some_and(|nearest| nearest.someone == meant.someone);
    let related = (2..at).any(|from| {
        let own = usize::from(tokens[from].is(DETERMINERS));
        people::kin(&tokens[from + own..at]).is_some_and(|kin| from + own + kin.words == at)
    });
    if before.is(&["him", "her", "them"]) || (related || noun && !kin) && !same() {
        return Err(Unresolved);
    }
    let mut who = tokens.split_off(at);
    for token in [tokens.last_mut(), who.last_mut()].into_iter().flatten() {
        token.after.clear();
    }
    write_out(&mut tokens[1..]);
    tokens.splice(0..1, who);
    Ok(())
}

/// "That" is something pointed at, and neither "so that" nor "that job".
fn is_pointing(before: &[Token], token: &Token, behind: &[Token]) -> bool {
    if !token.after.is_empty() || behind.is_empty() {
        return true;
    }
    before.is_empty() && behind.first().is_some_and(|next| is_finite(&next.norm))
}

fn is_plural_noun(token: &Token) -> bool {
    token.norm.len() > 3
        && token.norm.ends_with('s')
        && !token.norm.ends_with("ss")
        && !is_finite(&token.norm)
}

/// "Her" before this is whose it is: "her job", but "her at work".
fn is_owned(next: &Token) -> bool {
    let dated = next.norm.starts_with("on ") || next.norm.starts_with("in ");
    let adverb = next.norm.ends_with("ly") && !next.is(&["family", "belly", "ally", "lily"]);
    !dated
        && !adverb
        && !next.is(&[
            "since",
            "than",
            "after",
            "before",
            "while",
            "until",
            "till",
            "as",
            "into",
            "who",
            "all",
            "not",
            "by",
            "out",
            "down",
            "over",
            "again",
            "a",
            "an",
            "the",
            "at",
            "in",
            "on",
            "to",
            "for",
            "with",
            "and",
            "but",
            "or",
            "my",
            "our",
            "this",
            "that",
            "if",
            "when",
            "because",
            "about",
            "from",
            "every",
            "yesterday",
            "today",
            "tomorrow",
            "last",
            "so",
            "too",
            "there",
            "up",
            "off",
            "out",
            "home",
            "back",
            "again",
            "some",
            "any",
            "how",
            "what",
            "why",
            "very",
            "is",
            "was",
        ])
}

fn put(token: &mut Token, mention: &Mention, owns: bool) {
    let mut text = mention.display();
    if owns {
        text.push_str(if mention.gender == Gender::They && text.ends_with('s') {
            "'"
        } else {
            "'s"
        });
    }
    token.norm = text.to_lowercase();
    token.text = text;
}

/// "She's" becomes "my sister is", "they've" "my parents have".
fn write_out(behind: &mut [Token]) {
    let Some((next, after)) = behind.split_first_mut() else { return };
    if !next.glued {
        return;
    }
    let has = after.first().is_some_and(|after| after.is(&["got", "been", "had", "gone", "done"]));
    next.text = match next.norm.as_str() {
        "is" if has => "has".to_owned(),
        "'d" if has => "had".to_owned(),
        "'d" => "would".to_owned(),
        other => other.to_owned(),
    };
    next.norm.clone_from(&next.text);
    next.glued = false;
}

/// Whom a word that was put in stands for, if it opens the subject.
pub fn resolved(token: &Token, talk: &Talk) -> Option<(Mention, usize)> {
    let text = token.text.trim_end_matches("'s");
    talk.find(|mention| mention.life && mention.display() == text).map(|mention| (mention, 1))
}
