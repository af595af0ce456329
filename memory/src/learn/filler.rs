//! What only holds the floor: "um", "you know", "I'll be, um, I'll be".
//!
//! [`clear`] takes it out of a sentence before it is cut by
//! [`segment`](super::segment). Knows nothing of what is said.

use super::copula::tell_copulas;
use super::number;
use super::repair::repair;
use super::token::Token;

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
pub const LEADS: &[&str] = &[
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
pub const WEAK_LEADS: &[&str] = &[
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

pub const NOMINATIVE: &[&str] = &["i", "he", "she", "we", "they"];

/// Leaves what was meant to be said.
pub fn clear(tokens: &mut Vec<Token>) {
    tokens.retain_or_hand_on(|token| !token.is(FILLERS));
    remove_like(tokens);
    repair(tokens);
    remove_asides(tokens);
    remove_false_starts(tokens);
}

/// An answer without what only holds the floor; "yes" and "no" stay.
pub fn clean_answer(tokens: &mut Vec<Token>) {
    tell_copulas(tokens);
    clear(tokens);
    let agrees = |token: &Token| token.is(&["yes", "yeah", "yep", "yup", "no", "nope", "nah"]);
    while tokens.len() > 1 && tokens[0].is(LEADS) && !agrees(&tokens[0]) {
        tokens.remove(0);
    }
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
            && (tokens[at - 1]
                .is(&["am", "is", "are", "was", "were", "'s", "been", "since", "for"])
                || tokens[at - 1].is(&["about", "at", "got", "have", "has"]));
        tokens[at].norm == "like" && leans && (counts || stresses)
    };
    let kept: Vec<bool> = (0..tokens.len()).map(|at| !holds(at)).collect();
    let mut kept = kept.into_iter();
    tokens.retain(|_| kept.next().unwrap_or(true));
}

pub fn strip_leads(tokens: &mut Vec<Token>) {
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
