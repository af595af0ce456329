//! Who somebody is: "I'm Nadia", "her name is Margaret", "that's my husband".
//!
//! A part of [`Reader`], which asks here first what a clause tells.

use super::clause::{Reader, capital};
use super::hygiene;
use super::people::{self, Gender};
use super::talk::Mention;
use super::token::Token;
use super::{Candidate, Subject, Topic};

const POSSESSIVE: &[&str] = &["my", "our", "his", "her"];

impl Reader {
    /// "My sister's name is Ana.", of someone named in passing.
    pub(super) fn introduce(&self, mention: &Mention) -> Option<Candidate> {
        let relation = &mention.someone.relation;
        if !mention.life || relation.is_empty() {
            return None;
        }
        let slot = if people::PARTNERS.contains(&relation.as_str()) { "partner" } else { "name" };
        let pet = people::is_pet(relation);
        let statement = if mention.gender == Gender::They {
            format!("{} {} are called {}.", mention.of, mention.title, mention.someone.name)
        } else if pet {
            format!("{} {} is called {}.", mention.of, mention.title, mention.someone.name)
        } else {
            format!("{} {}'s name is {}.", mention.of, mention.title, mention.someone.name)
        };
        Some(Candidate {
            statement: capital(&statement),
            subject: mention.subject(),
            topic: if pet { Topic::Pets } else { Topic::People },
            slot: slot.to_owned(),
            when: None,
            confidence: 0.85,
            corrects: false,
        })
    }

    /// "I'm Nadia", "her name is Margaret", "Ana is my sister", "that's Kayla".
    pub(super) fn naming(&mut self, tokens: &[Token]) -> Option<Candidate> {
        let norm = |at: usize| tokens.get(at).map_or("", |token| token.norm.as_str());
        let me = |name: &str| Candidate {
            statement: format!("My name is {name}."),
            subject: Subject::Person,
            topic: Topic::People,
            slot: "name".to_owned(),
            when: None,
            confidence: 0.9,
            corrects: false,
        };
        let name_at = |at: usize| {
            let (name, words) = tokens.get(at..).map(people::name).unwrap_or_default();
            let ends = tokens.get(at + words).is_none_or(|next| {
                !tokens[at + words - 1].after.is_empty()
                    || next.is(&["short", "speaking", "here", "by", "and"])
            });
            (words > 0 && ends).then_some(name)
        };
        match (norm(0), norm(1), norm(2), norm(3)) {
            ("my" | "the", "name", "is", _) | ("i", "am", "called", _) => {
                return name_at(3).map(|name| me(&name));
            }
            ("i", "am", ..) => {
                return name_at(2)
                    .filter(|name| !people::is_demonym(name) && !hygiene::is_grand(tokens))
                    .map(|name| me(&name));
            }
            (he @ ("his" | "her" | "its"), "name", "is" | "was", _)
            | (he @ ("he" | "she" | "it"), "is" | "was", "called" | "named", _) => {
                let name = name_at(3)?;
                let gender = match he {
                    "his" | "he" => Gender::He,
                    "its" | "it" => Gender::Unknown,
                    _ => Gender::She,
                };
                let mention = self.talk.nearest(gender)?;
                return self.named_now(mention, norm(2) == "was" || norm(1) == "was", &name);
            }
            ("that" | "this", "is", whose, _)
                if POSSESSIVE.contains(&whose) && self.talk.stranger().is_some() =>
            {
                let stranger = self.talk.stranger()?;
                return self.relating(&stranger.someone.name, &tokens[2..]);
            }
            ("that" | "this", "is", ..) => {
                let name = name_at(2)?;
                let speaks = tokens.last().is_some_and(|last| last.is(&["speaking", "here"]));
                if speaks && norm(0) == "this" {
                    return Some(me(&name));
                }
                let mention = self.talk.nearest(Gender::Unknown)?;
                let near = mention.heard + 1 >= self.talk.sentence;
                if !mention.someone.name.is_empty() || !near {
                    return None;
                }
                return self.named_now(mention, false, &name);
            }
            _ => {}
        }
        let (name, words) = people::name(tokens);
        if words == 0 {
            // Goes on below.
        } else if words == tokens.len() {
            // "A son. Fergal."
            let mention = self.talk.nameless()?;
            return self.named_now(mention, false, &name);
        } else if matches!((norm(words), norm(words + 1)), ("that" | "this", "is"))
            && POSSESSIVE.contains(&norm(words + 2))
        {
            // "Miss Odessa, that's her gran."
            return self.relating(&name, &tokens[words + 2..]);
        } else if norm(words) == "is" && norm(words + 1) == "the" && norm(words + 2) == "name" {
            // "Frank's the name."
            return Some(me(&name));
        }
        // "Ana is my sister", "Biscuit is our dog".
        let (name, words) = people::name(tokens);
        if words > 0
            && norm(words) == "is"
            && matches!(norm(words + 1), "my" | "our")
            && let Some(kin) = people::kin(&tokens[words + 2..]).filter(|kin| kin.name.is_empty())
            && words + 2 + kin.words == tokens.len()
        {
            let mention =
                self.talk.related(norm(words + 1), &people::Kin { name: name.clone(), ..kin });
            return self.named_now(mention, false, &name);
        }
        // "My sister is called Ana", "my sister's name is Ana".
        let (mention, words) = self.talk.kin_at(tokens, 0)?;
        if tokens[words - 1].pauses()
            && matches!((norm(words), norm(words + 1)), ("his" | "her", "name"))
            && matches!(norm(words + 2), "is" | "was")
        {
            // "My husband, his name's Greg."
            let name = name_at(words + 3)?;
            return self.named_now(mention, norm(words + 2) == "was", &name);
        }
        let (was, at) = match (norm(words), norm(words + 1), norm(words + 2)) {
            (was @ ("is" | "was" | "are" | "were"), "called" | "named", _) => (was, words + 2),
            ("'s", "name", was @ ("is" | "was")) => (was, words + 3),
            // "My crewmate's Donna."
            ("is" | "'s", ..) => ("is", words + 1),
            _ => return None,
        };
        let name = name_at(at).filter(|name| !people::is_demonym(name))?;
        self.named_now(mention, matches!(was, "was" | "were"), &name)
    }

    /// "my husband", "her gran", of someone whose name was told.
    fn relating(&mut self, name: &str, tokens: &[Token]) -> Option<Candidate> {
        let kin = people::kin(&tokens[1..]).filter(|kin| kin.name.is_empty())?;
        if kin.words + 1 != tokens.len() && !tokens[kin.words].pauses() {
            return None;
        }
        let of = match tokens[0].norm.as_str() {
            of @ ("my" | "our") => of.to_owned(),
            whose => {
                let gender = if whose == "his" { Gender::He } else { Gender::She };
                let owner = self.talk.nearest_but(name, gender)?;
                format!("{}'s", owner.display())
            }
        };
        let name = name.to_owned();
        let mention = self.talk.related(&of, &people::Kin { name: name.clone(), ..kin });
        self.named_now(mention, false, &name)
    }

    fn named_now(&mut self, mention: Mention, was: bool, name: &str) -> Option<Candidate> {
        let mention = self.talk.name(mention, name);
        let subject = mention.subject();
        let whole = Token::put(&mention.display());
        self.talk.subject = Some((vec![whole], subject));
        let mut candidate = self.introduce(&mention)?;
        if was {
            candidate.statement = candidate.statement.replace(" is ", " was ");
        }
        candidate.confidence = 0.9;
        Some(candidate)
    }
}
