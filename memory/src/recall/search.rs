//! Scoring every document for a question.
//!
//! Words first: each word of the question counts where it, or a related word,
//! stands in a turn or close to it. Then meaning, who spoke, and when. Meaning
//! is that of whole sentences if all documents have their embeddings, else that
//! of the words. The weights of this sum were learnt from conversations with
//! marked evidence, for each case.

use super::index::{Index, NONE, Slot, TermId, WINDOW};
use super::meaning::{DIMS, dot, table};
use super::text::{Sentence, TimeAsked, is_asking, is_small_talk, lowered, stem, things_of_kind};
use super::{Hit, Query};

/// BM25: how soon repetitions stop to count, and how much long turns pay.
const SATURATION: f32 = 1.2;
const TURN_LENGTH: f32 = 0.2;
const WINDOW_LENGTH: f32 = 0.75;
/// What a related word counts, times the square of its similarity.
const RELATED: f32 = 0.8;
/// What a thing of the kind that is asked for counts.
const OF_KIND: f32 = 1.6;
/// What a word of asking or small talk counts in [`Hit::relevance`].
const EMPTY_WORD: f32 = 0.2;
/// What a word counts one, two and three turns away.
const DISTANCE: [f32; 4] = [1.0, 0.8, 0.6, 0.4];

/// Weights of the evidence: a softmax over all turns of a conversation, fitted
/// to questions whose answering turns are marked, judged on conversations left
/// out of the fit.
struct Weights {
    /// Words in the turn or close to it; less if no turn holds the question's
    /// words.
    near: f32,
    near_if_unsaid: f32,
    /// Words anywhere in the window.
    window: f32,
    /// The meaning of the window, and if no turn holds the question's words
    /// that of the turn.
    window_meaning: f32,
    meaning_if_unsaid: f32,
    /// What is like every request, if no turn holds the question's words.
    hubness_if_unsaid: f32,
    /// The one who is named said it.
    speaker: f32,
    /// It asks rather than tells.
    is_question: f32,
    /// Each natural logarithm of its words.
    len: f32,
    /// It speaks of its speaker.
    first_person: f32,
    /// It names a time and a time is asked for.
    tells_when: f32,
    /// It follows a question.
    answers: f32,
    /// It was said in the month that is named.
    date: f32,
}

/// With the meanings of words.
const WORDS: Weights = Weights {
    near: 0.321,
    near_if_unsaid: -0.466,
    window: 0.159,
    window_meaning: 3.875,
    meaning_if_unsaid: 9.797,
    hubness_if_unsaid: 0.0,
    speaker: 1.5,
    is_question: -0.728,
    len: 0.273,
    first_person: 0.746,
    tells_when: 2.506,
    answers: 0.663,
    date: 5.231,
};

/// With the meanings of sentences.
const SENTENCES: Weights = Weights {
    near: 0.416,
    near_if_unsaid: -0.734,
    window: 0.097,
    window_meaning: 5.367,
    meaning_if_unsaid: 5.933,
    hubness_if_unsaid: -14.521,
    speaker: 1.236,
    is_question: -0.69,
    len: 0.072,
    first_person: 0.899,
    tells_when: 2.167,
    answers: 0.523,
    date: 4.008,
};

/// A word of the question.
struct Asked {
    surface: String,
    idf: f32,
    exact: Option<TermId>,
    /// Words of like meaning that occur here, with what they count.
    related: Vec<(TermId, f32)>,
}

/// What speaks for each slot.
struct Evidence {
    own: Vec<f32>,
    near: Vec<f32>,
    window: Vec<f32>,
}

/// A question, understood against an index.
struct Question {
    words: Vec<Asked>,
    direction: [i8; DIMS],
    norm: f32,
    time: TimeAsked,
    /// The one speaker who is named.
    about: Option<u32>,
    idf_total: f32,
    /// The same, words of asking and small talk counted little.
    subject_total: f32,
    /// It has a word that is neither of asking nor of small talk.
    has_subject: bool,
}

impl Index {
    /// Finds what fits a question, best first.
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let question = self.understand(query.text);
        if question.words.is_empty() || query.top == 0 || self.is_empty() {
            return Vec::new();
        }
        let evidence = self.lexical(&question);
        let means = self.means(query.text, &question);
        let speaker = query.speaker.map(str::to_lowercase);
        let w = if matches!(means, Means::Sentences(_)) { &SENTENCES } else { &WORDS };
        let flag = |set: bool| f32::from(u8::from(set));
        // How little of the question any turn says in its own words: then what
        // is meant counts instead.
        let said = evidence.own.iter().copied().fold(0.0, f32::max) / question.idf_total;
        let unsaid = (1.0 - said.clamp(0.0, 1.0)).powi(2);
        let near_weight = (w.near + w.near_if_unsaid * unsaid).max(0.0);

        let mut found: Vec<(f32, Slot)> = Vec::new();
        for (slot, entry) in self.entries.iter().enumerate() {
            let Some(entry) = entry else { continue };
            if speaker.as_ref().is_some_and(|s| self.speakers[entry.speaker as usize].0 != *s)
                || query.since.is_some_and(|since| entry.at < since)
                || query.until.is_some_and(|until| entry.at >= until)
            {
                continue;
            }
            let meaning = self.meaning_fit(slot as Slot, &means, &question);
            if evidence.near[slot] == 0.0 && meaning.window <= 0.0 {
                continue;
            }
            let answers = self.entry(entry.prev).is_some_and(|before| before.is_question);
            let score = near_weight * evidence.near[slot]
                + w.window * evidence.window[slot]
                + w.window_meaning * meaning.window
                + w.meaning_if_unsaid * unsaid * meaning.own
                + w.hubness_if_unsaid * unsaid * meaning.hubness
                + w.speaker * flag(question.about == Some(entry.speaker))
                + w.is_question * flag(entry.is_question)
                + w.len * entry.len.ln_1p()
                + w.first_person * flag(entry.first_person)
                + w.tells_when * flag(question.time.asks_when && entry.temporal)
                + w.answers * flag(answers)
                + w.date * flag(question.time.fits(entry.year, entry.month));
            found.push((score, slot as Slot));
        }
        // Equal scores: the older first, whatever the order of the slots.
        let order = |a: &(f32, Slot), b: &(f32, Slot)| {
            b.0.total_cmp(&a.0).then_with(|| self.id_of(a.1).cmp(&self.id_of(b.1)))
        };
        if found.len() > query.top {
            found.select_nth_unstable_by(query.top - 1, order);
            found.truncate(query.top);
        }
        found.sort_unstable_by(order);
        found
            .into_iter()
            .filter_map(|(score, slot)| {
                let entry = self.entry(slot)?;
                let meaning = self.words_fit(slot, &question);
                Some(Hit {
                    id: entry.id,
                    score,
                    relevance: relevance(evidence.own[slot as usize], meaning, &question),
                    matched: self.matched(slot, &question),
                })
            })
            .collect()
    }

    fn id_of(&self, slot: Slot) -> Option<super::DocId> {
        self.entry(slot).map(|entry| entry.id)
    }

    fn understand(&self, text: &str) -> Question {
        let docs = self.len() as f32;
        let (mut about, mut names) = (Vec::new(), Vec::new());
        if self.is_dialogue() {
            for word in lowered(text) {
                if let Some(at) = self.speakers.iter().position(|(name, _)| *name == word) {
                    about.push(at as u32);
                }
            }
            about.sort_unstable();
            about.dedup();
            names = self.speakers.iter().map(|(name, _)| stem(name)).collect();
        }
        let mut stems: Vec<String> = Vec::new();
        let mut words: Vec<Asked> = Vec::new();
        for word in Sentence::parse(text).words {
            if names.contains(&word.stem) || stems.contains(&word.stem) {
                continue;
            }
            let exact = self.term_of(&word.stem);
            let found = exact.map_or(0, |id| self.terms[id as usize].postings.len()) as f32;
            let mut related = table().row(&word.stem).map_or_else(Vec::new, |row| {
                table()
                    .related(row)
                    .filter_map(|(row, likeness)| {
                        let term = self.row_terms[usize::from(row)]?;
                        Some((term, RELATED * likeness * likeness))
                    })
                    .collect()
            });
            let things = things_of_kind(&word.stem);
            related.extend(things.filter_map(|thing| Some((self.term_of(thing)?, OF_KIND))));
            let idf = (1.0 + (docs - found + 0.5) / (found + 0.5)).ln();
            words.push(Asked { surface: word.surface, idf, exact, related });
            stems.push(word.stem);
        }
        let meaning = self.meaning(stems.iter().map(String::as_str), true);
        Question {
            subject_total: (words.iter().zip(&stems))
                .map(|(word, s)| {
                    let empty = is_asking(s) || is_small_talk(s);
                    word.idf * if empty { EMPTY_WORD } else { 1.0 }
                })
                .sum(),
            has_subject: stems.iter().any(|s| !is_asking(s) && !is_small_talk(s)),
            idf_total: words.iter().map(|word| word.idf).sum(),
            words,
            direction: meaning.bytes,
            norm: (dot(&meaning.bytes, &meaning.bytes) as f32).sqrt(),
            time: TimeAsked::parse(text),
            about: if let [only] = about[..] { Some(only) } else { None },
        }
    }

    /// Counts the words of the question in each turn, close to it, and in the
    /// window around it.
    fn lexical(&self, question: &Question) -> Evidence {
        let slots = self.entries.len();
        let zeros = || vec![0.0_f32; slots];
        let mut evidence = Evidence { own: zeros(), near: zeros(), window: zeros() };
        let (average, window_average) = self.average_lens();
        // One word at a time: what it counts in each slot, and how often it
        // stands in each window. Only the slots touched are cleared again.
        let (mut own, mut near, mut window) = (zeros(), zeros(), zeros());
        let (mut held, mut touched) = (Vec::<Slot>::new(), Vec::<Slot>::new());
        for word in &question.words {
            let exact = word.exact.map_or(&[][..], |id| &self.terms[id as usize].postings);
            for &(slot, count) in exact {
                let Some(entry) = self.entry(slot) else { continue };
                let tf = f32::from(count);
                own[slot as usize] = saturated(tf, TURN_LENGTH, entry.len / average);
                held.push(slot);
                for at in self.around(slot).into_iter().filter(|s| *s != NONE) {
                    if window[at as usize] == 0.0 {
                        touched.push(at);
                    }
                    window[at as usize] += tf;
                }
            }
            for &(term, counts) in &word.related {
                for &(slot, _) in &self.terms[term as usize].postings {
                    if own[slot as usize] == 0.0 {
                        held.push(slot);
                    }
                    own[slot as usize] = own[slot as usize].max(counts);
                }
            }
            for &slot in &held {
                evidence.own[slot as usize] += word.idf * own[slot as usize];
                self.lend(slot, own[slot as usize], &mut near, &mut touched);
            }
            for &slot in &touched {
                let at = slot as usize;
                evidence.near[at] += word.idf * near[at];
                if window[at] > 0.0 {
                    let len = self.entry(slot).map_or(0.0, |e| e.window_len);
                    let length = len / window_average;
                    evidence.window[at] += word.idf * saturated(window[at], WINDOW_LENGTH, length);
                }
                (near[at], window[at]) = (0.0, 0.0);
            }
            held.drain(..).for_each(|slot| own[slot as usize] = 0.0);
            touched.clear();
        }
        evidence
    }

    /// Lends what a word counts in a turn to those around it.
    fn lend(&self, slot: Slot, counts: f32, near: &mut [f32], touched: &mut Vec<Slot>) {
        for forth in [true, false] {
            let mut at = slot;
            for share in DISTANCE {
                let Some(entry) = self.entry(at) else { break };
                if near[at as usize] == 0.0 {
                    touched.push(at);
                }
                near[at as usize] = near[at as usize].max(share * counts);
                at = if forth { entry.next } else { entry.prev };
            }
        }
    }

    /// How near every slot comes to what is asked.
    fn means(&self, text: &str, question: &Question) -> Means {
        if let Some(asked) = self.embedder.as_ref().filter(|_| self.is_embedded())
            // Without an answer the words still have theirs.
            && let Ok(asked) = asked.embed(text)
        {
            let cosine = |(slot, bytes)| {
                let sense = self.entry(slot as Slot).and_then(|entry| entry.sentence);
                sense.map_or(0.0, |s| dot(bytes, &asked.bytes) as f32 / (s.norm * asked.norm))
            };
            return Means::Sentences(self.embeddings.iter().enumerate().map(cosine).collect());
        }
        let product = |(slot, bytes)| {
            let scale = self.entry(slot as Slot).map_or(0.0, |entry| entry.scale);
            scale * dot(bytes, &question.direction) as f32
        };
        Means::Words(self.directions.iter().enumerate().map(product).collect())
    }

    /// How near a turn, and the window around it, come to what is asked.
    fn meaning_fit(&self, slot: Slot, means: &Means, question: &Question) -> MeaningFit {
        let Some(entry) = self.entry(slot) else { return MeaningFit::default() };
        let (Means::Words(of) | Means::Sentences(of)) = means;
        let around = self.around(slot).into_iter().zip(WINDOW);
        let window: f32 =
            around.filter(|(s, _)| *s != NONE).map(|(s, lent)| lent * of[s as usize]).sum();
        let own = of[slot as usize];
        match (means, entry.sentence) {
            (Means::Sentences(_), Some(sense)) => {
                MeaningFit { own, window: over(window, sense.window_norm), hubness: sense.hubness }
            }
            _ => MeaningFit {
                own: over(own, entry.norm * question.norm),
                window: over(window, entry.window_norm * question.norm),
                hubness: 0.0,
            },
        }
    }

    /// How near the words of a turn come to those of the question.
    fn words_fit(&self, slot: Slot, question: &Question) -> f32 {
        let Some(entry) = self.entry(slot) else { return 0.0 };
        let product = dot(&self.directions[slot as usize], &question.direction) as f32;
        over(entry.scale * product, entry.norm * question.norm)
    }

    /// The words of the question that stand in a turn or beside it; for
    /// related words the ones that stand there.
    fn matched(&self, slot: Slot, question: &Question) -> Vec<String> {
        let around = self.around(slot);
        let mut matched = Vec::new();
        for word in &question.words {
            let stands = |slot: Slot, term: TermId| {
                self.entry(slot).is_some_and(|e| e.terms.iter().any(|(id, _)| *id == term))
            };
            let related = || word.related.iter().find(|(term, _)| stands(slot, *term));
            if word.exact.is_some_and(|term| around[1..4].iter().any(|s| stands(*s, term))) {
                matched.push(word.surface.clone());
            } else if let Some((term, _)) = related() {
                matched.push(self.terms[*term as usize].surface.clone());
            }
        }
        matched
    }
}

/// How near every slot comes to what is asked.
enum Means {
    /// The product of the sums of the words' meanings.
    Words(Vec<f32>),
    /// The cosine of the sentences' embeddings.
    Sentences(Vec<f32>),
}

#[derive(Default)]
struct MeaningFit {
    own: f32,
    window: f32,
    /// How near it comes to whatever is asked.
    hubness: f32,
}

/// `x / length`, and nothing of what has no length.
fn over(x: f32, length: f32) -> f32 {
    if length > 0.0 { x / length } else { 0.0 }
}

/// BM25's share of a word that occurs `tf` times in a text `length` times as
/// long as the average.
fn saturated(tf: f32, length_counts: f32, length: f32) -> f32 {
    tf * (SATURATION + 1.0) / (tf + SATURATION * (1.0 - length_counts + length_counts * length))
}

/// How sure it is that a turn has to do with the question.
fn relevance(own: f32, meaning: f32, question: &Question) -> f32 {
    if !question.has_subject {
        return 0.0;
    }
    let coverage = (own / question.subject_total.max(f32::MIN_POSITIVE)).min(1.0);
    let sureness = RELEVANCE.coverage * coverage + RELEVANCE.meaning * meaning + RELEVANCE.bias;
    1.0 / (1.0 + (-sureness).exp())
}

/// Hits of at least this [`Hit::relevance`] have to do with the question.
///
/// Chosen on 61 statements of a life (`tests/recall.rs`): of 60 lines of small
/// talk at most 3 reach it, and each of 11 questions about that life does.
pub const RELEVANT: f32 = 0.4;

/// A logistic curve through judged pairs.
struct Relevance {
    coverage: f32,
    meaning: f32,
    bias: f32,
}

const RELEVANCE: Relevance = Relevance { coverage: 4.0, meaning: 6.0, bias: -3.5 };
