//! Somebody talks over her: she is to fall silent, and to answer that instead.

use super::{Scene, Speaking, Tally, share};
use crate::Speech;
use crate::app::AUDIBLE;
use crate::figures::{at_quantile, in_ms, ms_between};
use anyhow::Context;
use std::time::{Duration, Instant};

/// Nobody can be known to mean it before.
const FIRST: Duration = Duration::from_millis(400);

/// So long after the last word she has stopped, or does not.
const STOPS_WITHIN: Duration = Duration::from_secs(4);

/// So long after she stopped, what was said is understood, or never.
const UNDERSTOOD_WITHIN: Duration = Duration::from_secs(12);

/// A reply that ends by itself so soon was not there to be interrupted.
const NEARLY_OVER: Duration = Duration::from_millis(1000);

const PEOPLE: [Speech; 8] = [
    Speech::Flite("slt"),
    Speech::Flite("rms"),
    Speech::Flite("awb"),
    Speech::Flite("kal16"),
    Speech::Espeak("en-us+f4"),
    Speech::Espeak("en-gb-x-rp"),
    Speech::Espeak("en-us+m3"),
    Speech::Espeak("en-gb-scotland+f2"),
];

const WORDS: [&str; 8] = [
    "Stop, that is enough.",
    "Wait, I have a question about that.",
    "No, tell me about the sea instead.",
    "Can you say that again, please?",
    "I would rather hear something else.",
    "Thank you, I understand it now.",
    "What does that mean?",
    "Let us talk about the weather.",
];

/// What came of one.
enum Outcome {
    /// The reply was over before.
    Void,
    /// She went on.
    Missed,
    /// She stopped, but nothing was understood.
    NotUnderstood,
    /// She stopped, so many milliseconds after [`FIRST`], and it is a turn.
    Caught(f64),
}

pub(super) fn measure(scene: &mut Scene, wanted: usize) -> anyhow::Result<String> {
    let mut tally = Tally::default();
    let (mut voids, mut not_understood) = (0, 0);
    let mut silent_ms = Vec::new();
    while tally.all().1 < wanted {
        anyhow::ensure!(voids < 3 * wanted + 10, "her replies are too short to talk over");
        let Some(speaking) = scene.amid_her_words()? else {
            voids += 1;
            continue;
        };
        let who = *scene.chance.pick(&PEOPLE).context("nobody")?;
        let words = *scene.chance.pick(&WORDS).context("nothing")?;
        match interrupt(scene, speaking, who, words)? {
            Outcome::Void => voids += 1,
            Outcome::Missed => tally.count(who.name(), false),
            Outcome::NotUnderstood => {
                not_understood += 1;
                tally.count(who.name(), false);
            }
            Outcome::Caught(ms) => {
                silent_ms.push(ms);
                tally.count(who.name(), true);
            }
        }
    }
    let quantile = |share| in_ms(at_quantile(silent_ms.clone(), share));
    Ok(format!(
        "talked over: {} stopped her and became a turn; silent after the first {} ms of it: p50 \
         {}, p95 {}; {not_understood} stopped her and were not understood; {voids} times she was \
         done before\n{tally}",
        share(tally.all()),
        FIRST.as_millis(),
        quantile(0.5),
        quantile(0.95),
    ))
}

fn interrupt(
    scene: &mut Scene,
    speaking: Speaking,
    who: Speech,
    words: &str,
) -> anyhow::Result<Outcome> {
    let (began_at, length) = scene.say(who, words)?;
    let ended_at = began_at + length;
    let ending = scene.wait_for_ending(speaking, ended_at + STOPS_WITHIN)?;
    let Some(ending) = ending else { return Ok(Outcome::Missed) };
    if !ending.interrupted {
        let soon = ending.at <= ended_at + NEARLY_OVER;
        return Ok(if soon { Outcome::Void } else { Outcome::Missed });
    }
    if ending.at < began_at {
        return Ok(Outcome::Void);
    }
    let last_sound = scene.speaker.between(began_at, ending.at).end_of_sound(AUDIBLE);
    let silent_ms = ms_between(began_at + FIRST, last_sound.unwrap_or(began_at)).max(0.0);
    let deadline = Instant::now() + UNDERSTOOD_WITHIN;
    while Instant::now() < deadline {
        if scene.later_turns(speaking)?.iter().any(|event| event.event == "said") {
            return Ok(Outcome::Caught(silent_ms));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Outcome::NotUnderstood)
}
