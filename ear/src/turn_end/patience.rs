//! How long she waits, after speech has paused, before she takes the turn. Pure
//! policy: asked again whenever more is known of a pause, and the answer counts
//! from the end of speech. Never looks at a clock, sound or text itself.

mod pauses;

pub use self::pauses::Pauses;

use std::time::Duration;

/// The wait while nothing is known of the pause yet.
pub const UNKNOWN: Duration = Duration::from_millis(1000);
/// The wait for somebody who asked for time to think: she listens in silence
/// until they go on.
pub const THINKING: Duration = Duration::from_secs(15);
/// She never answers sooner: a breath between two words takes as long.
pub const SOONEST: Duration = Duration::from_millis(350);
/// She never waits longer, unless she was asked to.
pub const LATEST: Duration = Duration::from_millis(3500);

/// Without their words, and what the language model makes of them, nothing is
/// sure. The recogniser has them some 400 ms after the end of speech, the model
/// 150 ms later; on a busy computer they may take until then.
const WORDS_ARE_DUE_MS: f32 = 1000.0;
const MEANING_IS_DUE_MS: f32 = 1300.0;
/// How long to wait by how likely it is that they have finished; straight between.
/// Steep in the middle: a pause within a turn is seldom longer than 1.5 s, so a wait
/// between helps neither who has finished nor who has not.
const WAITS_MS: [(f32, f32); 5] =
    [(0.05, 2000.0), (0.25, 1600.0), (0.71, 1500.0), (0.77, 450.0), (0.95, 400.0)];
/// What sound and words say is this much less sure than they claim. Sound alone
/// hardly tells the end of a clause from the end of a turn.
const SOUND_TRUST: f32 = 0.4;
const WORDS_TRUST: f32 = 0.7;
/// Once the language model has judged the words, what else is known of them says
/// little more.
const TRUST_BESIDE_MEANING: f32 = 0.2;
/// Where it has not, they are less sure by this, in log-odds.
const UNJUDGED: f32 = 0.5;
/// A model leaves a sentence open more often than people do: half of all true
/// ends are more likely than this, in log-odds.
const MEANING_OF_A_TRUE_END: f32 = -1.0;
/// How much a decibel of fading adds, in log-odds; half of all true ends fade by more
/// than this; and beyond these it says no more.
const FADING_TRUST_PER_DB: f32 = 0.6;
const FADING_OF_A_TRUE_END_DB: f32 = 3.0;
const MOST_FADING_DB: f32 = 3.0;
/// What a full stop adds, and its lack takes away, in log-odds.
const FULL_STOP: f32 = 1.0;
/// From here on, words ask for time.
const ASKS_FOR_TIME: f32 = 0.5;
/// Who is upset gathers themselves; who is slow searches for words.
const UPSET: f32 = 1.35;
const SLOW: f32 = 1.35;

/// What tells whether they have finished, as far as it is known by now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// How likely it is by sound, 0.0 to 1.0; `None` until it is known, or where
    /// the weight for it is missing.
    pub sound: Option<f32>,
    /// By how many decibels they ended softer than they spoke; `None` if it is not
    /// known, or too little was said.
    pub fading_db: Option<f32>,
    /// What the words say; `None` until the recogniser has them.
    pub words: Option<Words>,
    /// What they mean.
    pub meaning: Meaning,
}

/// What the language model makes of the words, by what it expects to follow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Meaning {
    /// It was not asked, or cannot tell.
    #[default]
    Unasked,
    /// It is reading them.
    Pending,
    /// So likely they close there, 0.0 to 1.0.
    Judged(f32),
}

/// What the words say: three likelihoods, 0.0 to 1.0, and a sign.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Words {
    /// That is a whole sentence or answer.
    pub finished: f32,
    /// More has to follow.
    pub unfinished: f32,
    /// They asked for time: "let me think".
    pub wait: f32,
    /// The recogniser closed it with a full stop, a question or exclamation mark.
    pub closed: bool,
}

/// How the person speaks today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// They are sad, frightened or angry.
    pub upset: bool,
    /// They speak slowly.
    pub slow: bool,
}

/// How long to wait, counted from the end of speech.
pub fn wait(evidence: &Evidence, manner: Manner, pauses: &Pauses) -> Duration {
    if evidence.words.is_some_and(|words| words.wait >= ASKS_FOR_TIME) {
        return THINKING;
    }
    let known = evidence.sound.is_some() || evidence.words.is_some();
    let likelihood = if known { likelihood(evidence, pauses) } else { 0.5 };
    let mut wait_ms = if known { interpolated(likelihood) } else { UNKNOWN.as_millis() as f32 };
    if evidence.meaning == Meaning::Pending {
        wait_ms = wait_ms.max(MEANING_IS_DUE_MS);
    } else if evidence.words.is_none() {
        wait_ms = wait_ms.max(WORDS_ARE_DUE_MS);
    }
    if manner.upset {
        wait_ms *= UPSET;
    }
    if manner.slow {
        wait_ms *= SLOW;
    }
    // The surer it is, the less their pauses matter. What outlasts them anyway need not
    // be longer for their sake.
    let stretch = 1.0 + (pauses.stretch() - 1.0) * (1.0 - likelihood);
    let stretched_ms = wait_ms * stretch;
    let wait_ms = stretched_ms.min(pauses.outlasting_ms().max(wait_ms));
    Duration::from_millis(wait_ms.round() as u64).clamp(SOONEST, LATEST)
}

/// How likely it is that they have finished. What sound and words say is taken
/// for independent, and trusted a little less than they claim.
pub fn likelihood(evidence: &Evidence, pauses: &Pauses) -> f32 {
    let by_sound = evidence.sound.map_or(0.0, |p| SOUND_TRUST * log_odds(p));
    let by_fading = evidence.fading_db.filter(|db| !db.is_nan()).map_or(0.0, |db| {
        let more_db = db - FADING_OF_A_TRUE_END_DB;
        FADING_TRUST_PER_DB * more_db.clamp(-MOST_FADING_DB, MOST_FADING_DB)
    });
    let by_words = evidence.words.map_or(0.0, |words| {
        let closed = if words.closed { FULL_STOP } else { -FULL_STOP };
        WORDS_TRUST * (log_odds(words.finished) - log_odds(words.unfinished)) / 2.0 + closed
    });
    let unjudged = evidence.words.map_or(0.0, |_| UNJUDGED);
    let sum = match evidence.meaning {
        Meaning::Judged(p) => {
            let by_meaning = log_odds_within(p, 0.0001) - MEANING_OF_A_TRUE_END;
            by_meaning + by_fading + TRUST_BESIDE_MEANING * (by_sound + by_words)
        }
        Meaning::Unasked | Meaning::Pending => by_sound + by_fading + by_words - unjudged,
    };
    1.0 / (1.0 + (-sum - pauses.told_by_their_number()).exp())
}

/// Capped, since no evidence is beyond doubt. What is no number tells nothing.
fn log_odds(p: f32) -> f32 {
    log_odds_within(p, 0.01)
}

fn log_odds_within(p: f32, margin: f32) -> f32 {
    let p = if p.is_nan() { 0.5 } else { p.clamp(margin, 1.0 - margin) };
    (p / (1.0 - p)).ln()
}

fn interpolated(likelihood: f32) -> f32 {
    let [(first, longest), .., (_, shortest)] = WAITS_MS;
    if likelihood <= first {
        return longest;
    }
    WAITS_MS.windows(2).find(|pair| likelihood <= pair[1].0).map_or(shortest, |pair| {
        let ((from, wait), (to, next)) = (pair[0], pair[1]);
        wait + (next - wait) * (likelihood - from) / (to - from)
    })
}

#[cfg(test)]
mod tests {
    use proptest::option::of;
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Manner = Manner { upset: false, slow: false };

    fn wait_ms(sound: Option<f32>, words: Option<Words>) -> u128 {
        wait(&Evidence { sound, words, ..Evidence::default() }, PLAIN, &Pauses::default())
            .as_millis()
    }

    fn words(finished: f32, unfinished: f32, closed: bool) -> Option<Words> {
        Some(Words { finished, unfinished, wait: 0.0, closed })
    }

    #[test]
    fn she_waits_as_long_as_the_evidence_asks_for() {
        for (what, sound, words, expected_ms) in [
            ("a short answer", Some(0.95), words(0.9, 0.1, true), 350..=500),
            ("a question", Some(0.9), words(0.9, 0.05, true), 350..=500),
            ("a statement, the weight missing", None, words(0.95, 0.05, true), 350..=600),
            ("surely finished by sound, words pending", Some(0.98), None, 1000..=1000),
            ("nothing is known", None, None, 900..=1200),
            ("sound and words disagree", Some(0.05), words(0.9, 0.1, true), 700..=1600),
            ("it only sounds finished", Some(0.95), words(0.1, 0.9, false), 1500..=2000),
            ("in the middle of a sentence", Some(0.03), words(0.05, 0.95, false), 1800..=2500),
            ("the middle of a sentence by sound", Some(0.02), None, 1500..=2500),
            ("the middle of a sentence by words", None, words(0.02, 0.95, false), 1500..=2500),
        ] {
            let ms = wait_ms(sound, words);
            assert!(expected_ms.contains(&ms), "{what}: {ms} ms");
        }
    }

    #[test]
    fn the_language_model_decides_between_sentences_that_look_alike() {
        let wait_ms = |meaning| {
            let words = words(0.9, 0.1, true);
            let evidence = Evidence { sound: Some(0.6), words, meaning, ..Evidence::default() };
            wait(&evidence, PLAIN, &Pauses::default()).as_millis()
        };
        assert!((350..=500).contains(&wait_ms(Meaning::Judged(0.6))), "you thought me so silly.");
        assert!((1200..=2000).contains(&wait_ms(Meaning::Judged(0.02))), "that you thought.");
        assert_eq!(wait_ms(Meaning::Pending), 1300, "it is waited for");
    }

    #[test]
    fn whose_voice_has_not_fallen_goes_on() {
        let wait_ms = |fading_db| {
            let words = words(0.9, 0.1, true);
            let meaning = Meaning::Judged(0.45);
            let evidence = Evidence { sound: Some(0.6), fading_db, words, meaning };
            wait(&evidence, PLAIN, &Pauses::default()).as_millis()
        };
        assert!(wait_ms(Some(5.0)) < wait_ms(None));
        assert!(wait_ms(Some(0.0)) > wait_ms(None));
    }

    #[test]
    fn who_asks_for_time_gets_it_however_finished_it_sounds() {
        let words = Some(Words { finished: 0.9, unfinished: 0.1, wait: 0.8, closed: true });
        let meaning = Meaning::Judged(0.9);
        let evidence = Evidence { sound: Some(0.99), words, meaning, ..Evidence::default() };
        assert_eq!(wait(&evidence, PLAIN, &Pauses::default()), THINKING);
    }

    #[test]
    fn the_upset_and_the_slow_are_given_more_time() {
        let evidence = Evidence { sound: Some(0.5), ..Evidence::default() };
        let of = |upset, slow| wait(&evidence, Manner { upset, slow }, &Pauses::default());
        assert!(of(true, false) >= of(false, false) + Duration::from_millis(200));
        assert!(of(false, true) >= of(false, false) + Duration::from_millis(200));
        assert!(of(true, true) > of(true, false).max(of(false, true)));
    }

    #[test]
    fn who_pauses_long_is_given_more_time() {
        let evidence =
            Evidence { sound: Some(0.5), words: words(0.5, 0.5, false), ..Evidence::default() };
        let mut theirs = Pauses::default();
        for _ in 0..10 {
            theirs.went_on_after(Duration::from_millis(1800));
        }
        assert!(wait(&evidence, PLAIN, &theirs) > wait(&evidence, PLAIN, &Pauses::default()));
    }

    #[test]
    fn what_outlasts_their_pauses_is_long_enough() {
        let wait_ms = |finished, pause_ms| {
            let words = words(finished, 1.0 - finished, false);
            let mut theirs = Pauses::default();
            (0..24).for_each(|_| theirs.went_on_after(Duration::from_millis(pause_ms)));
            wait(&Evidence { words, ..Evidence::default() }, PLAIN, &theirs).as_millis()
        };
        assert_eq!(wait_ms(0.01, 1300), wait_ms(0.01, 900));
        assert!(wait_ms(0.01, 2500) > wait_ms(0.01, 900));
        assert!(wait_ms(0.99, 1300) > wait_ms(0.99, 900), "a shorter wait is stretched");
    }

    fn likelihoods() -> impl Strategy<Value = f32> {
        prop_oneof![9 => 0.0_f32..=1.0, 1 => Just(f32::NAN)]
    }

    fn any_evidence() -> impl Strategy<Value = Evidence> {
        let words = (likelihoods(), likelihoods(), likelihoods(), any::<bool>()).prop_map(
            |(finished, unfinished, wait, closed)| Words { finished, unfinished, wait, closed },
        );
        let meaning = prop_oneof![
            Just(Meaning::Unasked),
            Just(Meaning::Pending),
            likelihoods().prop_map(Meaning::Judged),
        ];
        let fading_db = prop_oneof![9 => -20.0_f32..20.0, 1 => Just(f32::NAN)];
        (of(likelihoods()), of(fading_db), of(words), meaning).prop_map(
            |(sound, fading_db, words, meaning)| Evidence { sound, fading_db, words, meaning },
        )
    }

    fn anybody() -> impl Strategy<Value = (Manner, Pauses)> {
        let many = || proptest::collection::vec(any::<u16>(), 0..40);
        (any::<bool>(), any::<bool>(), many(), many())
            .prop_map(|(upset, slow, ms, turns)| (Manner { upset, slow }, Pauses::of(&ms, &turns)))
    }

    proptest! {
        #[test]
        fn no_wait_is_too_short_or_too_long(evidence in any_evidence(), (manner, pauses) in anybody()) {
            let wait = wait(&evidence, manner, &pauses);
            prop_assert!(wait == THINKING || (SOONEST..=LATEST).contains(&wait), "{wait:?}");
        }

        #[test]
        fn the_more_finished_the_sooner(
            evidence in any_evidence(),
            (manner, pauses) in anybody(),
            more in 0.0_f32..0.5,
        ) {
            let before = wait(&evidence, manner, &pauses);
            if let Some(sound) = evidence.sound.filter(|sound| !sound.is_nan()) {
                let surer = Evidence { sound: Some((sound + more).min(1.0)), ..evidence };
                let after = wait(&surer, manner, &pauses);
                prop_assert!(after <= before, "{after:?} after {before:?}");
            }
            if let Some(fading_db) = evidence.fading_db {
                let surer = Evidence { fading_db: Some(fading_db + 10.0 * more), ..evidence };
                let after = wait(&surer, manner, &pauses);
                prop_assert!(after <= before, "{after:?} after {before:?}");
            }
            if let Meaning::Judged(p) = evidence.meaning
                && !p.is_nan()
            {
                let surer = Evidence { meaning: Meaning::Judged((p + more).min(1.0)), ..evidence };
                let after = wait(&surer, manner, &pauses);
                prop_assert!(after <= before, "{after:?} after {before:?}");
            }
            if let Some(words) = evidence.words.filter(|words| !words.finished.is_nan()) {
                let finished = (words.finished + more).min(1.0);
                let words = Some(Words { finished, closed: true, ..words });
                let after = wait(&Evidence { words, ..evidence }, manner, &pauses);
                prop_assert!(after <= before, "{after:?} after {before:?}");
            }
        }

        #[test]
        fn manner_never_makes_her_hurry(evidence in any_evidence(), (manner, pauses) in anybody()) {
            prop_assert!(
                wait(&evidence, manner, &pauses) >= wait(&evidence, PLAIN, &pauses)
            );
        }
    }
}
