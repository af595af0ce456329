//! Who and what has been spoken of, so that "she" and "there" can be told.
//!
//! Filled clause by clause by [`learn`](super), in the order of speaking.
//! Prefers not to know: where the nearest that fits is nobody of the person's
//! life, the pronoun stands for nobody.

use jiff::civil::Date;

use super::people::{self, Gender, is_name, same_relation};
use super::token::Token;
use super::{Someone, Subject};

/// Someone (or something) that was mentioned.
#[derive(Clone, Debug, Default)]
pub struct Mention {
    /// The name and the relation.
    pub someone: Someone,
    /// "older sister"; what stands behind "my" if there is no name.
    pub title: String,
    /// "my", "our", or whose: "Margaret's".
    pub of: String,
    /// Which pronouns fit.
    pub gender: Gender,
    /// Belongs to the person's life, and isn't only talked of.
    pub life: bool,
    /// In which sentence of the talk.
    pub heard: u32,
    /// Was its subject.
    pub led: bool,
}

impl Mention {
    /// "my sister Leila", "Dave", "my gran", "Margaret's wife".
    pub fn display(&self) -> String {
        let Someone { name, relation } = &self.someone;
        if relation.is_empty() {
            name.clone()
        } else if name.is_empty() {
            format!("{} {}", self.of, self.title)
        } else if self.of == "my" || self.of == "our" {
            format!("{} {} {name}", self.of, relation)
        } else {
            name.clone()
        }
    }

    /// This pronoun may mean them.
    pub fn fits(&self, gender: Gender) -> bool {
        match gender {
            Gender::They => self.gender == Gender::They,
            Gender::Unknown => true,
            one => self.gender == one || self.gender == Gender::Unknown,
        }
    }

    /// As the subject of a fact.
    pub fn subject(&self) -> Subject {
        Subject::Other(self.someone.clone())
    }
}

/// What has been spoken of.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Who is known from before.
    people: Vec<Someone>,
    /// The nearest last.
    mentions: Vec<Mention>,
    /// Counts the person's sentences.
    pub sentence: u32,
    /// "in Lisbon", "at the General Infirmary".
    pub place: Option<String>,
    /// The last day that was told.
    pub day: Option<Date>,
    /// The words of the last subject, and whose they were: for what is said
    /// without one.
    pub subject: Option<(Vec<Token>, Subject)>,
    /// "A son" whose name wasn't told, and in which sentence.
    nameless: Option<(Mention, u32)>,
    /// A subject whom nobody fitted, and in which sentence.
    unknown: Option<(Gender, u32)>,
}

/// Sentences after which a pronoun no longer reaches back.
const REMEMBERED: u32 = 4;

/// Nouns that "he" or "she" may mean though nobody is named.
fn is_role(word: &str) -> bool {
    const ROLES: &[&str] = &[
        "president",
        "king",
        "queen",
        "prince",
        "princess",
        "vet",
        "guy",
        "girl",
        "boy",
        "man",
        "woman",
        "kid",
        "teacher",
        "doctor",
        "nurse",
        "pope",
        "minister",
        "singer",
        "actor",
        "actress",
        "player",
        "driver",
        "captain",
        "lady",
        "bloke",
        "fella",
        "dude",
        "waiter",
        "waitress",
        "plumber",
        "judge",
        "coach",
        "priest",
        "surgeon",
        "host",
    ];
    ROLES.contains(&word)
}

impl Talk {
    /// Nothing said yet.
    pub fn new(people: &[Someone]) -> Self {
        Self {
            people: people.to_vec(),
            mentions: Vec::new(),
            sentence: 0,
            place: None,
            day: None,
            subject: None,
            nameless: None,
            unknown: None,
        }
    }

    /// The nearest that a pronoun can stand for, if it is of the person's life.
    pub fn nearest(&mut self, gender: Gender) -> Option<Mention> {
        let fits = |mention: &Mention| match gender {
            // "They" may be one whose gender wasn't told.
            Gender::They => matches!(mention.gender, Gender::They | Gender::Unknown),
            gender => mention.fits(gender),
        };
        let at = self.mentions.iter().rposition(fits)?;
        let near = &self.mentions[at];
        let ambiguous = !near.led
            && near.gender == Gender::Unknown
            && self.mentions[..at].iter().any(|other| other.heard == near.heard && fits(other));
        let forgotten = near.heard + REMEMBERED < self.sentence;
        let several = gender == Gender::They && near.gender != Gender::They;
        if ambiguous || forgotten || several {
            return None;
        }
        let mut mention = self.mentions.remove(at);
        if mention.life {
            // Who is still spoken of stays near.
            mention.heard = self.sentence;
            if mention.gender == Gender::Unknown {
                mention.gender = gender;
            }
        }
        self.mentions.push(mention.clone());
        mention.life.then_some(mention)
    }

    /// Whom a pronoun of this clause means. Who could not be told as the subject
    /// of a sentence stays so: nobody named meanwhile is meant.
    pub fn meant(&mut self, gender: Gender, leads: bool) -> Option<Mention> {
        let unknown = Some((gender, self.sentence));
        if leads && self.unknown == unknown {
            return None;
        }
        let meant = self.nearest(gender);
        if leads && meant.is_none() {
            self.unknown = unknown;
        }
        meant
    }

    /// As [`nearest`](Self::nearest), of the others than this one.
    pub fn nearest_but(&mut self, name: &str, gender: Gender) -> Option<Mention> {
        let others = |mention: &Mention| mention.someone.name != name;
        let (mentions, held): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.mentions).into_iter().partition(others);
        self.mentions = mentions;
        let nearest = self.nearest(gender);
        self.mentions.extend(held);
        nearest
    }

    /// Who this name is, if they belong to the person's life.
    pub fn named(&self, name: &str) -> Option<Mention> {
        let same = |known: &str| {
            !known.is_empty()
                && (known.eq_ignore_ascii_case(name)
                    || known.split(' ').any(|part| part.eq_ignore_ascii_case(name)))
        };
        self.mentions
            .iter()
            .rev()
            .find(|mention| same(&mention.someone.name))
            .filter(|mention| mention.life)
            .cloned()
            .or_else(|| {
                let someone = self.people.iter().find(|someone| same(&someone.name))?;
                Some(known(someone))
            })
            .map(|mention| one_of(mention, name))
    }

    /// Who "my sister" is: the one who was spoken of, or the only one known.
    pub fn related(&self, of: &str, kin: &people::Kin) -> Mention {
        let mut mention = Mention {
            someone: Someone { name: kin.name.clone(), relation: kin.relation.clone() },
            title: kin.title.clone(),
            of: of.to_owned(),
            gender: people::relation(&kin.relation).unwrap_or_default(),
            life: true,
            ..Mention::default()
        };
        if of != "my" && of != "our" {
            mention.someone.relation = format!("{of} {}", kin.relation);
        }
        let spoken = self.mentions.iter().rev().find(|other| {
            other.life
                && same_relation(&other.someone.relation, &mention.someone.relation)
                && (kin.name.is_empty()
                    || other.someone.name.is_empty()
                    || other.someone.name == kin.name)
        });
        if let Some(spoken) = spoken {
            if mention.someone.name.is_empty() {
                mention.someone.name.clone_from(&spoken.someone.name);
            }
            if mention.gender == Gender::Unknown {
                mention.gender = spoken.gender;
            }
        } else if kin.name.is_empty() {
            let mut known = self.people.iter().filter(|known| {
                same_relation(&known.relation, &mention.someone.relation) && !known.name.is_empty()
            });
            if let (Some(one), None) = (known.next(), known.next()) {
                mention.someone.name.clone_from(&one.name);
            }
        }
        mention
    }

    /// The name had not been known.
    pub fn is_new(&self, someone: &Someone) -> bool {
        let known = |other: &Someone| {
            other.name == someone.name && same_relation(&other.relation, &someone.relation)
        };
        !self.people.iter().any(known)
            && !self.mentions.iter().any(|mention| known(&mention.someone))
    }

    /// This one was mentioned now.
    pub fn mention(&mut self, mut mention: Mention) {
        mention.heard = self.sentence;
        self.mentions.retain(|other| {
            let same_name =
                !mention.someone.name.is_empty() && other.someone.name == mention.someone.name;
            let unnamed = other.someone.name.is_empty()
                && !other.someone.relation.is_empty()
                && same_relation(&other.someone.relation, &mention.someone.relation);
            !(same_name || unnamed)
        });
        self.mentions.push(mention);
    }

    /// Gives a name to the one who was meant.
    pub fn name(&mut self, mut mention: Mention, name: &str) -> Mention {
        name.clone_into(&mut mention.someone.name);
        self.mention(mention.clone());
        mention
    }

    /// Takes note of everyone and every place in these words. Those who are
    /// new and introduced by name are returned.
    pub fn note(&mut self, tokens: &[Token], mine: bool) -> Vec<Mention> {
        let mut introduced = Vec::new();
        // Whose "his girlfriend" is.
        let mut owner: Option<Mention> = None;
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            if let Some((mention, words)) = self.kin_at(tokens, at).or_else(|| {
                let owner = owner.as_ref()?;
                if token.is(&["his", "her", "their"]) {
                    let (mention, words) = self.kin_of(owner, &tokens[at + 1..])?;
                    return Some((mention, words + 1));
                }
                // "He has two boys, Oliver and Jack."
                let counted = at > 0
                    && tokens[at - 1].is(&["has", "have", "got"])
                    && token.is(&["two", "three", "four", "five", "six"]);
                self.kin_of(owner, tokens.get(at..).filter(|_| counted)?)
            }) {
                if owner.is_none() {
                    owner = Some(mention.clone());
                }
                if token.is(&["a", "an"]) && mention.someone.name.is_empty() {
                    self.nameless = Some((mention.clone(), self.sentence));
                }
                if !mention.someone.name.is_empty()
                    && self.is_new(&mention.someone)
                    && mention.someone.name.len() > 1
                {
                    introduced.push(mention.clone());
                }
                self.mention(mention);
                at += words;
                continue;
            }
            if token.is(&["in", "to", "from", "at", "into", "near"])
                && let Some((place, words)) = place(&tokens[at..])
            {
                self.place = Some(place);
                at += words;
                continue;
            }
            if token.text.contains(' ')
                && !token.norm.starts_with("on ")
                && !token.norm.starts_with("in ")
            {
                // Put in by the rules: it was noted when it was resolved.
                let text = token.text.trim_end_matches("'s");
                owner = owner.or_else(|| self.find(|mention| mention.display() == text));
                at += 1;
                continue;
            }
            let (name, words) = people::name(&tokens[at..]);
            // The first word of a sentence is written large whatever it is.
            let sure = at > 0
                || tokens.get(words).is_some_and(|next| {
                    super::verb::is_finite(&next.norm) || next.norm == "'s" || next.norm == "and"
                });
            // "Red hair like Dermot": nobody speaks of him.
            let compared = at > 0 && tokens[at - 1].is(&["like", "than", "as"]);
            // "Everyone calls her Edie."
            let nickname = at > 1
                && !people::is_name(&tokens[at - 1])
                && tokens[at - 2].is(&["call", "calls", "called", "calling"]);
            if words > 0 && (compared || nickname) {
                at += words;
                continue;
            }
            if words > 0 && sure {
                if let Some(known) = self.named(&name) {
                    owner = owner.or_else(|| Some(known.clone()));
                    self.mention(known);
                } else {
                    let someone =
                        at > 0 && tokens[..at].iter().any(|token| token.norm == "someone");
                    if someone {
                        self.mentions.retain(|other| other.title != "someone");
                    }
                    let with = at > 0
                        && (someone
                            || tokens[at - 1].is(&[
                                "with", "met", "saw", "see", "seeing", "visit", "visited",
                                "called", "married", "dating", "and", "told", "miss",
                            ]));
                    self.mention(Mention {
                        someone: Someone { name, relation: String::new() },
                        life: mine && with,
                        ..Mention::default()
                    });
                }
                at += words;
                continue;
            }
            let indefinite = token.is(&["someone", "somebody"]);
            if indefinite
                || is_role(&token.norm)
                    && at > 0
                    && tokens[at - 1].is(&["the", "a", "this", "that", "some"])
            {
                self.mention(Mention { title: token.norm.clone(), ..Mention::default() });
            }
            at += 1;
        }
        introduced
    }

    /// "girlfriend Renee" of someone.
    pub fn kin_of(&self, owner: &Mention, tokens: &[Token]) -> Option<(Mention, usize)> {
        let kin = people::kin(tokens)?;
        let mut mention = self.related(&format!("{}'s", owner.display()), &kin);
        mention.life = owner.life;
        Some((mention, kin.words))
    }

    /// Someone who was named just now, and of whom nothing else is known.
    pub fn stranger(&self) -> Option<Mention> {
        let near = self.sentence.saturating_sub(1);
        self.mentions
            .iter()
            .rev()
            .find(|mention| mention.heard >= near && !mention.someone.name.is_empty())
            .filter(|mention| mention.someone.relation.is_empty())
            .cloned()
    }

    /// "A son": who was spoken of just now for the first time, without a name.
    pub fn nameless(&self) -> Option<Mention> {
        let (mention, heard) = self.nameless.as_ref()?;
        (heard + 1 >= self.sentence).then(|| mention.clone())
    }

    /// "my sister Ana", "Margaret's wife", "the cat" at this place.
    pub fn kin_at(&self, tokens: &[Token], at: usize) -> Option<(Mention, usize)> {
        let token = &tokens[at];
        if token.is(&["my", "our"]) {
            let kin = people::kin(&tokens[at + 1..])?;
            return Some((self.related(&token.norm, &kin), kin.words + 1));
        }
        let whose = at.checked_sub(1).is_some_and(|before| {
            tokens[before]
                .is(&["a", "an", "the", "your", "his", "her", "their", "'s", "this", "of"])
                || people::is_name(&tokens[before])
                || tokens[before].norm.ends_with("'s")
        });
        if people::is_address(token) && !whose {
            let kin = people::kin(&tokens[at..])?;
            return Some((self.related("my", &kin), kin.words));
        }
        // Put in by the rules: "my boss Margaret's".
        if token.norm.len() > 2 && token.norm.ends_with("'s") {
            let kin = people::kin(&tokens[at + 1..])?;
            return Some((self.related(&token.text, &kin), kin.words + 1));
        }
        let (name, words) = people::name(&tokens[at..]);
        if words > 0 && tokens.get(at + words).is_some_and(|next| next.norm == "'s") {
            let kin = people::kin(&tokens[at + words + 1..])?;
            let mut mention = self.related(&format!("{name}'s"), &kin);
            mention.life = self.named(&name).is_some();
            return Some((mention, words + 1 + kin.words));
        }
        // "Gloria, my old dispatcher,".
        if words > 0
            && tokens[at + words - 1].pauses()
            && tokens.get(at + words).is_some_and(|next| next.is(&["my", "our"]))
            && let Some(kin) =
                people::kin(&tokens[at + words + 1..]).filter(|kin| kin.name.is_empty())
        {
            let end = at + words + 1 + kin.words;
            let ends = end == tokens.len() || tokens[end - 1].pauses();
            let listed = tokens.get(end).is_some_and(|next| next.is(&["and", "or", "my", "our"]))
                || at > 0 && (tokens[at - 1].norm == "and" || tokens[at - 1].pauses());
            if ends && !listed {
                let of = &tokens[at + words].norm;
                return Some((self.related(of, &people::Kin { name, ..kin }), end - at));
            }
        }
        // "We've got a cat": one of theirs from now on.
        if token.is(&["a", "an"])
            && tokens[..at].iter().any(|token| token.is(&["i", "we"]))
            && tokens[..at].iter().any(|token| {
                token.is(&["have", "got", "had", "adopted", "bought", "rescued", "'d", "getting"])
            })
            && let Some(kin) = people::kin(&tokens[at + 1..])
        {
            let mut mention =
                self.related("my", &people::Kin { title: kin.relation.clone(), ..kin.clone() });
            // Another one than the sister who is known.
            mention.someone.name = kin.name;
            return Some((mention, kin.words + 1));
        }
        // "The dog" is theirs once it has been spoken of.
        if token.is(&["the"])
            && let Some(kin) =
                people::kin(&tokens[at + 1..]).filter(|kin| people::is_pet(&kin.relation))
        {
            let mention = self.related("our", &kin);
            return (!mention.someone.name.is_empty()).then_some((mention, kin.words + 1));
        }
        None
    }

    /// A line that wasn't the person's: whom it names is near again.
    pub fn overhear(&mut self, tokens: &[Token]) {
        for at in 0..tokens.len() {
            let (name, words) = people::name(&tokens[at..]);
            if words > 0
                && let Some(known) = self.named(&name)
            {
                self.mention(known);
            }
            match tokens[at].norm.as_str() {
                "he" | "him" | "his" => drop(self.nearest(Gender::He)),
                "she" | "her" => drop(self.nearest(Gender::She)),
                "in" | "to" | "from" | "at" => {
                    let there = place(&tokens[at..]).map(|(place, _)| place);
                    self.place = there.or(self.place.take());
                }
                _ => {}
            }
        }
    }
}

/// "Lefty" of "our cats Pancho and Lefty".
fn one_of(several: Mention, name: &str) -> Mention {
    if !several.someone.name.contains(" and ") || name.contains(" and ") {
        return several;
    }
    let relation = people::singular(&several.someone.relation).to_owned();
    Mention {
        title: relation.clone(),
        gender: people::relation(&relation).unwrap_or_default(),
        someone: Someone { name: name.to_owned(), relation },
        ..several
    }
}

fn known(someone: &Someone) -> Mention {
    let relation = someone.relation.clone();
    let (of, title) = match relation.split_once("'s ") {
        Some((of, title)) => (format!("{of}'s"), title.to_owned()),
        None => (if people::is_pet(&relation) { "our" } else { "my" }.to_owned(), relation.clone()),
    };
    Mention {
        gender: people::relation(&relation).unwrap_or_default(),
        someone: someone.clone(),
        title,
        of,
        life: true,
        ..Mention::default()
    }
}

/// "in Lisbon", "to Lisbon", "at the General Infirmary": where one is then.
fn place(tokens: &[Token]) -> Option<(String, usize)> {
    let mut at = 1;
    let the = tokens.get(1).is_some_and(|token| token.is(&["the"]));
    at += usize::from(the);
    let mut parts = Vec::new();
    while let Some(token) = tokens.get(at).filter(|token| is_name(token)) {
        parts.push(token.text.as_str());
        at += 1;
        if !token.after.is_empty() {
            break;
        }
    }
    if parts.is_empty() || tokens.get(at).is_some_and(|next| next.norm == "'s") {
        return None;
    }
    let preposition =
        if tokens[0].is(&["at", "near"]) || the { tokens[0].norm.as_str() } else { "in" };
    let preposition =
        if ["to", "from", "into"].contains(&preposition) { "at" } else { preposition };
    let name = parts.join(" ");
    Some((format!("{preposition} {}{name}", if the { "the " } else { "" }), at))
}

impl Talk {
    /// The nearest of whom this holds.
    pub fn find(&self, holds: impl Fn(&Mention) -> bool) -> Option<Mention> {
        self.mentions.iter().rev().find(|mention| holds(mention)).cloned()
    }
}
