//! Reads one clause: who it is about, what it says, whether it may be kept.
//!
//! The heart of [`learn`](super). Order matters: first days ("that morning"),
//! then pronouns, then the subject, then what speaks against keeping it.

use jiff::civil::Date;

use super::answer::{self, Question};
use super::content::is_content;
use super::date;
use super::filler;
use super::hygiene::{self, says};
use super::number;
use super::people;
use super::resolve;
use super::segment::Clause;
use super::talk::{Mention, Talk};
use super::token::{self, Sentence, Token, norms, write, write_sentence};
use super::topic;
use super::verb::{Form, Tense, is_finite, is_past, tense, verb};
use super::{Candidate, Subject, Topic};

/// Whom a clause is about.
enum Who {
    Me,
    /// Something of the person's: "my new job".
    Mine,
    Other(Mention),
    /// "the funeral"
    Occasion,
}

/// Occasions of a life, which are worth keeping if they have a day.
const OCCASIONS: &[&str] = &[
    "funeral",
    "wedding",
    "exam",
    "exams",
    "appointment",
    "interview",
    "party",
    "operation",
    "surgery",
    "flight",
    "meeting",
    "ceremony",
    "deadline",
    "test",
    "trip",
    "dinner",
    "birthday",
    "christening",
    "baby",
    "scan",
    "results",
    "viewing",
    "course",
    "concert",
    "reunion",
    "graduation",
    "move",
    "check-up",
    "checkup",
    "anniversary",
    "baptism",
    "recital",
    "audition",
    "race",
    "marathon",
    "holiday",
    "rehearsal",
    "closing",
];

/// Openings that say how sure one is, and how much that takes away.
const OPENINGS: &[(&[&str], Option<f32>)] = &[
    (&["i", "want", "you", "to", "remember", "that"], None),
    (&["i", "want", "you", "to", "know", "that"], None),
    (&["do", "not", "forget", "that"], None),
    (&["please", "remember", "that"], None),
    (&["please", "remember"], None),
    (&["remember", "that"], None),
    (&["remember"], None),
    (&["note", "that"], None),
    (&["for", "the", "record"], None),
    (&["did", "you", "know", "that"], Some(1.0)),
    (&["did", "you", "know"], Some(1.0)),
    (&["can", "you", "remember", "that"], None),
    (&["could", "you", "remember", "that"], None),
    (&["can", "you", "please", "remember", "that"], None),
    (&["could", "you", "please", "remember", "that"], None),
    (&["will", "you", "remember", "that"], None),
    (&["you", "should", "know", "that"], Some(1.0)),
    (&["you", "should", "know"], Some(1.0)),
    (&["i", "should", "mention", "that"], Some(1.0)),
    (&["i", "should", "tell", "you", "that"], Some(1.0)),
    (&["just", "so", "you", "know"], Some(1.0)),
    (&["i", "think", "that"], Some(0.7)),
    (&["i", "think"], Some(0.7)),
    (&["i", "guess"], Some(0.7)),
    (&["i", "suppose"], Some(0.7)),
    (&["i", "believe"], Some(0.7)),
    (&["i", "reckon"], Some(0.7)),
    (&["i", "know", "that"], Some(1.0)),
    (&["it", "turned", "out", "that"], Some(1.0)),
    (&["it", "turned", "out"], Some(1.0)),
    (&["it", "turns", "out", "that"], Some(1.0)),
    (&["it", "turns", "out"], Some(1.0)),
    (&["turns", "out"], Some(1.0)),
    (&["turned", "out"], Some(1.0)),
];

/// Takes an opening away; what it does to the confidence.
pub fn strip_opening(tokens: &mut Vec<Token>) -> Option<Option<f32>> {
    for (words, effect) in OPENINGS {
        let fits = tokens.len() > words.len() + 1
            && tokens.iter().zip(*words).all(|(token, word)| token.norm == *word)
            // "Remember the milk" is no fact; "I think so" neither.
            && begins_statement(&tokens[words.len()..]);
        if fits {
            tokens.drain(..words.len());
            return Some(*effect);
        }
    }
    None
}

fn begins_statement(tokens: &[Token]) -> bool {
    let first = &tokens[0];
    first.is(&[
        "i", "we", "he", "she", "they", "my", "our", "his", "her", "it", "the", "you", "always",
        "never",
    ]) || people::is_name(first)
}

/// What reads clauses, one after the other.
pub struct Reader {
    pub talk: Talk,
    pub today: Date,
    /// The last thing with a name, and in which sentence.
    pub thing: Option<(Vec<Token>, u32)>,
    /// What she asked last, until something is said.
    pub asked: Option<Question>,
}

impl Reader {
    /// A line of hers: what it asks, and whom it names.
    pub fn overhear(&mut self, line: &str) {
        let tokens = token::tokens(line);
        self.talk.overhear(&tokens);
        self.asked = Question::of(tokens);
    }

    /// A sentence that begins with the answer to what she asked: the whole that
    /// it says, and what stands behind it.
    pub fn answer(&mut self, sentence: &Sentence) -> Option<(Clause, Sentence)> {
        let asked = self.asked.take()?;
        if sentence.asked {
            return None;
        }
        let mut tokens = sentence.tokens.clone();
        filler::clean_answer(&mut tokens);
        let rest = tokens.split_off(answer::extent(&tokens));
        // "In a shoe, like the old woman."
        if tokens.iter().chain(rest.first()).any(|token| token.is(&["like", "as"])) {
            return None;
        }
        if let Some(last) = tokens.last_mut() {
            last.after.clear();
        }
        let whole = Clause { tokens: asked.complete(&tokens)?, ..Clause::default() };
        Some((whole, Sentence { tokens: rest, asked: false }))
    }

    /// What a clause tells. With `keep` false it is only listened to.
    pub fn read(&mut self, clause: &Clause, keep: bool) -> Vec<Candidate> {
        let mut tokens = clause.tokens.clone();
        let mut confidence = 0.8;
        // "Can you remember that …?", "did you know …?" tell.
        let mut question = clause.question;
        // "I think I'm pregnant" must not become a certainty.
        let mut hedge = Vec::new();
        match strip_opening(&mut tokens) {
            Some(None) => {
                confidence = 0.95;
                question = false;
            }
            Some(Some(less)) if less < 1.0 => {
                confidence *= less;
                let words = clause.tokens.len() - tokens.len();
                hedge = clause.tokens[..words].to_vec();
            }
            Some(Some(_)) => question = false,
            None => {}
        }
        if question {
            self.talk.note(&tokens, false);
            return Vec::new();
        }
        if let Some(candidate) = self.naming(&tokens) {
            return if keep { vec![candidate] } else { Vec::new() };
        }
        self.supply_subject(&mut tokens);
        let afterthought = resolve::afterthought(&mut tokens, &self.talk);
        let context = date::Context {
            today: self.today,
            last: self.talk.day,
            tense: tense(&tokens),
            yearly: tokens.iter().any(|token| token.is(&["birthday", "anniversary"])),
        };
        let mut when = date::resolve(&mut tokens, context);
        // "I'm thirty one, not nine": a clause is about its own day alone.
        let subject = afterthought.and_then(|()| resolve::pronouns(&mut tokens, &mut self.talk));
        if when.is_some() {
            self.talk.day = when;
        }
        let who = subject.is_ok().then(|| self.who(&tokens)).flatten();
        let mine = tokens.iter().any(|token| token.is(&["i", "we"]));
        let introduced = self.talk.note(&tokens, mine);
        self.thing = last_named(&tokens).map(|thing| (thing, self.talk.sentence));
        if let Some((Who::Other(mention), _)) = &who {
            // The subject is nearer than whoever else was named.
            self.talk.mention(Mention { led: true, ..mention.clone() });
        }
        if let Some((who, end)) = &who {
            self.talk.subject = Some((tokens[..*end].to_vec(), subject_of(who)));
        }
        if !keep {
            return Vec::new();
        }
        let mut candidates = Vec::new();
        if let Some((who, end)) = who
            && is_kept(&tokens, end, &who)
        {
            if let Who::Occasion = who
                && when.is_none()
            {
                return candidates;
            }
            let subject = subject_of(&who);
            let relation = match &who {
                Who::Other(mention) => Some(mention.someone.relation.as_str()),
                _ => None,
            };
            let future = when.is_some_and(|day| day > self.today) && context.tense != Tense::Past;
            let topic = topic::topic(&tokens, relation, future);
            if topic == Topic::Feelings && when.is_none() && context.tense != Tense::Past {
                // How one feels is true of a day.
                when = Some(self.today);
            }
            let statement = write_sentence(&[hedge, tokens.clone()].concat());
            let slot = topic::slot(&tokens);
            candidates.push(Candidate {
                statement,
                subject,
                topic,
                slot,
                when,
                confidence,
                corrects: false,
            });
        }
        for mention in &introduced {
            candidates.extend(self.introduce(mention));
        }
        candidates
    }

    /// "Been there six years", "ended up in Yuma": the subject goes without
    /// saying. "My doctor, she says": it is said twice.
    fn supply_subject(&self, tokens: &mut Vec<Token>) {
        let Some(first) = tokens.first() else { return };
        // "Teresa's, that's my favourite place."
        let favourite = first.is(&["that", "it", "this"])
            && tokens.get(1).is_some_and(|is| is.is(&["is", "was"]))
            && tokens.get(2).is_some_and(|my| my.is(&["my", "our"]))
            && tokens.get(3).is_some_and(|what| what.is(&["favourite", "favorite"]));
        if favourite
            && let Some((thing, _)) =
                self.thing.as_ref().filter(|(_, heard)| *heard == self.talk.sentence)
        {
            tokens[1].glued = false;
            tokens[1].text = tokens[1].norm.clone();
            tokens.splice(0..1, thing.iter().cloned());
            return;
        }
        let (name, named) = people::name(tokens);
        let named = (named > 0 && self.talk.named(&name).is_some()).then_some(named);
        let kin = self.talk.kin_at(tokens, 0).map(|(_, words)| words);
        if let Some(words) = kin.or(named)
            && tokens.len() > words + 1
            && tokens[words].is(&["he", "she", "they"])
            && (tokens[words - 1].pauses() || is_finite(&tokens[words + 1].norm))
        {
            tokens.remove(words);
            // "My sister, she's a vet": no pause is left.
            if !tokens[..words - 1].iter().any(Token::pauses) {
                tokens[words - 1].after.clear();
            }
            let spoken = &mut tokens[words];
            if spoken.glued {
                spoken.glued = false;
                spoken.text = spoken.norm.clone();
            }
            return;
        }
        if let Some(words) = kin {
            remove_remark(tokens, words);
        }
        let Some(first) = tokens.first() else { return };
        let spoken = verb(&first.norm);
        let past =
            matches!(spoken, Some((Form::Past, _))) || first.is(&["been", "had", "quit", "was"]);
        if !past || tokens.len() < 2 {
            return;
        }
        let born = first.is(&["born", "raised", "married"]);
        let (mut subject, who) =
            self.talk.subject.clone().unwrap_or_else(|| (vec![Token::put("I")], Subject::Person));
        if let Some(last) = subject.last_mut() {
            last.after.clear();
        }
        let mut first = tokens.remove(0);
        first.text = first.text.to_lowercase();
        if first.norm == "been" {
            let have = if who == Subject::Person { "have" } else { "has" };
            subject.push(Token::put(have));
        } else if born {
            subject.push(Token::put("was"));
        }
        subject.push(first);
        subject.append(tokens);
        *tokens = subject;
    }

    /// Whom the clause is about, and where its subject ends.
    fn who(&self, tokens: &[Token]) -> Option<(Who, usize)> {
        let start = subject_start(tokens)?;
        let rest = &tokens[start..];
        let first = rest.first()?;
        // "Tom and I", "me and my wife".
        let verb = rest.iter().position(|token| is_finite(&token.norm)).unwrap_or(rest.len());
        let also_me = (0..verb.min(6))
            .find(|&at| rest[at].is(&["i", "we"]) && (at == 0 || rest[at - 1].norm == "and"));
        if let Some(i) = also_me {
            return Some((Who::Me, start + i + 1));
        }
        if first.norm == "me" && rest.get(1).is_some_and(|and| and.norm == "and") {
            return Some((Who::Me, start + verb));
        }
        if let Some((mention, words)) = self.talk.kin_at(rest, 0) {
            // "My boss's wife", "my sister's flat".
            if rest.get(words).is_some_and(|next| next.norm == "'s") {
                if let Some(kin) = people::kin(&rest[words + 1..]) {
                    let of = format!("{}'s", mention.display());
                    let end = start + words + 1 + kin.words;
                    return Some((Who::Other(self.talk.related(&of, &kin)), end));
                }
                return Some((Who::Other(mention), start + verb));
            }
            return mention.life.then_some((Who::Other(mention), start + words));
        }
        if let Some((mention, words)) = resolve::resolved(first, &self.talk) {
            return Some((Who::Other(mention), start + words));
        }
        let (name, words) = people::name(rest);
        if words > 0 {
            let mention = self.talk.named(&name)?;
            let owns = rest.get(words).is_some_and(|next| next.norm == "'s");
            return Some((Who::Other(mention), start + if owns { verb } else { words }));
        }
        if first.is(&["my", "our"]) && verb > 1 {
            return Some((Who::Mine, start + verb));
        }
        if first.norm == "the"
            && rest[..verb].iter().any(|token| token.is(OCCASIONS))
            && tense(rest) != Tense::Past
        {
            return Some((Who::Occasion, start + verb));
        }
        // "The doctor says I have high blood pressure."
        if first.norm == "the"
            && rest.get(1).is_some_and(|role| {
                role.is(&[
                    "doctor",
                    "doctors",
                    "vet",
                    "dentist",
                    "nurse",
                    "consultant",
                    "specialist",
                    "surgeon",
                    "midwife",
                    "school",
                ])
            })
            && rest.iter().any(|token| token.is(&["i", "my", "me", "our"]))
        {
            return Some((Who::Mine, start + 2));
        }
        // "It's Tom's birthday on 3 April."
        if first.norm == "it" && rest.get(1).is_some_and(|is| is.norm == "is") {
            let behind = rest.get(2..)?;
            if behind.first()?.is(&["my", "our"]) && self.talk.kin_at(behind, 0).is_none() {
                return Some((Who::Occasion, start + 1));
            }
            let (mention, _) = self.talk.kin_at(behind, 0).or_else(|| {
                let (name, words) = people::name(behind);
                self.talk.named(&name).map(|mention| (mention, words))
            })?;
            return behind
                .iter()
                .any(|t| t.is(OCCASIONS))
                .then_some((Who::Other(mention), start + 1));
        }
        None
    }
}

/// "My neighbour, good fella, fixes bikes": what is thrown in.
fn remove_remark(tokens: &mut Vec<Token>, words: usize) {
    let behind = &tokens[words..];
    let Some(end) = behind.iter().take(4).position(|token| token.pauses()) else { return };
    let told = behind[0]
        .is(&["a", "an", "the", "my", "our", "his", "her", "who", "in", "at", "from"])
        || behind[..=end].iter().any(|token| token.is_capital() || is_finite(&token.norm));
    let goes_on = behind.get(end + 1).is_some_and(|next| is_finite(&next.norm));
    if tokens[words - 1].pauses() && !told && goes_on {
        tokens[words - 1].after.clear();
        tokens.drain(words..=words + end);
    }
}

/// "Teresa's": what was named last, behind the subject.
fn last_named(tokens: &[Token]) -> Option<Vec<Token>> {
    let named = |token: &Token| people::is_name(token) || token.norm == "'s" && token.glued;
    let last = tokens.iter().rposition(named).filter(|last| *last > 0)?;
    let first = (0..=last).rev().take_while(|&at| named(&tokens[at])).last()?;
    let mut thing = tokens[first..=last].to_vec();
    thing.last_mut()?.after.clear();
    Some(thing)
}

/// Behind "every Tuesday", "when I was a kid," and the like.
fn subject_start(tokens: &[Token]) -> Option<usize> {
    const FRONTED: &[&str] = &[
        "in",
        "on",
        "at",
        "every",
        "when",
        "since",
        "after",
        "before",
        "once",
        "sometimes",
        "usually",
        "now",
        "recently",
        "these",
        "during",
        "for",
        "until",
        "as",
        "back",
        "normally",
        "nowadays",
        "lately",
        "tonight",
        "most",
        "luckily",
        "sadly",
        "unfortunately",
        "fortunately",
        "finally",
        "eventually",
        "first",
        "last",
        "next",
        "with",
        "by",
        "from",
    ];
    let first = tokens.first()?;
    let dated = first.norm.starts_with("on ") || first.norm.starts_with("in ");
    if !first.is(FRONTED) && !dated {
        return Some(0);
    }
    // "Every Tuesday I swim, doctor's orders", but "when I was a kid, we …".
    let framed = first.is(&["when", "since", "after", "before", "once", "as", "until"]);
    let comma = tokens
        .iter()
        .take(10)
        .position(|token| token.pauses())
        .filter(|comma| framed || !tokens[..*comma].iter().any(|token| token.is(&["i", "we"])));
    let from = comma.map_or(1, |comma| comma + 1);
    tokens[from.min(tokens.len())..]
        .iter()
        .position(|token| {
            token.is(&["i", "we", "my", "our", "the", "it"])
                || people::is_name(token)
                || token.text.contains(' ')
        })
        .map(|at| from + at)
}

fn subject_of(who: &Who) -> Subject {
    match who {
        Who::Me | Who::Mine | Who::Occasion => Subject::Person,
        Who::Other(mention) => mention.subject(),
    }
}

/// Nothing speaks against keeping this.
fn is_kept(tokens: &[Token], end: usize, who: &Who) -> bool {
    let text = norms(tokens);
    let about_me = matches!(who, Who::Me);
    is_whole(tokens, &tokens[end.min(tokens.len())..], about_me)
        && !points(tokens)
        && !says(&text, &["you", "your", "yours", "yourself", "allegedly"])
        // A title may be quoted, not what someone said.
        && !tokens.iter().any(|t| t.quoted && is_content(&t.norm) && !t.is_capital())
        && !hygiene::is_talk(&text)
        && !hygiene::might_be(&text)
        && !hygiene::is_fiction(&text)
        && !hygiene::opens_quotation(tokens)
        && !hygiene::is_grand(tokens)
        && !hygiene::is_retort(tokens)
        && !hygiene::tells_nothing(tokens)
        // "He says I love him": whose "I" is it?
        && (about_me || matches!(who, Who::Mine) || !says(&text, &["says i", "said i", "says we", "said we", "goes i"]))
}

/// Has a verb behind its subject, and something to tell.
fn is_whole(tokens: &[Token], behind: &[Token], about_me: bool) -> bool {
    const DANGLING: &[&str] = &[
        "that", "this", "these", "those", "and", "but", "or", "the", "a", "my", "to", "because",
        "is", "are", "was",
    ];
    let content = behind.iter().any(|token| {
        token.norm.split(' ').any(is_content)
            && !token.is(&[
                "did", "know", "think", "guess", "say", "tell", "anymore", "more", "either",
                "though", "again", "like",
            ])
    });
    let third = |token: &Token| token.norm.ends_with('s') && token.norm.len() > 3;
    let verb = behind
        .iter()
        .take(5)
        .any(|token| is_finite(&token.norm) || is_past(&token.norm) || third(token));
    content
        && (verb || about_me && !behind.is_empty())
        && (3..=60).contains(&tokens.len())
        && !tokens.last().is_some_and(|last| last.is(DANGLING))
}

/// "This song", "in that house": nobody will know which.
fn points(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| {
        pair[0].is(&["this", "these", "those"])
            && !pair[1].is(&["days"])
            && number::number(&pair[1..]).is_none()
            || pair[1].norm == "that"
                && pair[0].is(&[
                    "in", "at", "on", "with", "of", "about", "for", "like", "love", "hate", "when",
                    "if",
                ])
    })
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `I asked: "from now on always say …"`: what was asked, as a statement.
pub fn quote(tokens: &[Token]) -> Candidate {
    let text = write(tokens);
    let mut chars = text.chars();
    let text: String = match chars.next() {
        Some(first) if !text.starts_with("I ") && !text.starts_with("I'") => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.clone(),
    };
    let text = text.trim_end_matches([',', ' ']).replace('"', "'");
    Candidate {
        statement: format!("I asked: \"{text}.\""),
        subject: Subject::Person,
        topic: Topic::Wishes,
        slot: String::new(),
        when: None,
        confidence: 0.7,
        corrects: false,
    }
}
