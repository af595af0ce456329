//! Her own words, come back through the microphone.

use super::tokens::{distance, words};

/// Fewer words in a row may be a person's own, even if she has just said them.
const SHORTEST_RUN: usize = 3;
/// Three words with two others among them are no run: "and you understand it" is found
/// in "and then you leave it".
const MOST_SCATTERED: i32 = 4;
/// Fewer letters in a row as well; and of those heard, at least this share must
/// be hers, since some letters are found in any text.
const SHORTEST_LETTERS: usize = 8;
const LETTERS_SHARE: f32 = 0.75;

/// The share of the words of `heard`, 0.0..=1.0, that stand in the same order
/// and nearly without gaps in `spoken`, her own recent words; recognisers'
/// small mistakes are forgiven. A run of less than three words counts as none:
/// whoever repeats one of her words is no echo. Where a recogniser heard other
/// words of the same sound ("as the light has" for "as the lighthouse"), the share
/// of the letters.
pub fn echoes(heard: &str, spoken: &str) -> f32 {
    let (heard, spoken) = (words(heard), words(spoken));
    let (score, run) = longest_run(&heard, &spoken, |a, b| alike(a, b), 2);
    let is_run = run >= SHORTEST_RUN && score > MOST_SCATTERED;
    let of_words = if is_run { run as f32 / heard.len() as f32 } else { 0.0 };
    let letters = |words: &[String]| words.iter().flat_map(|word| word.chars()).collect::<Vec<_>>();
    let (heard, spoken) = (letters(&heard), letters(&spoken));
    let (_, run) = longest_run(&heard, &spoken, |a, b| a == b, 1);
    let of_letters = run as f32 / heard.len().max(1) as f32;
    if run >= SHORTEST_LETTERS && of_letters >= LETTERS_SHARE {
        of_words.max(of_letters)
    } else {
        of_words
    }
}

/// What is shared in the best local alignment (Smith and Waterman 1981): what is
/// alike earns `gain`, what is wrong, missing or added costs one: its score, and how
/// many are shared.
fn longest_run<T>(
    heard: &[T],
    spoken: &[T],
    alike: impl Fn(&T, &T) -> bool,
    gain: i32,
) -> (i32, usize) {
    type Cell = (i32, usize);
    let mut row: Vec<Cell> = vec![(0, 0); spoken.len() + 1];
    let mut best: Cell = (0, 0);
    for h in heard {
        let mut diagonal = row[0];
        for (j, s) in spoken.iter().enumerate() {
            let shared = alike(h, s);
            let aligned =
                (diagonal.0 + if shared { gain } else { -1 }, diagonal.1 + usize::from(shared));
            let added = (row[j + 1].0 - 1, row[j + 1].1);
            let missing = (row[j].0 - 1, row[j].1);
            diagonal = row[j + 1];
            row[j + 1] = aligned.max(added).max(missing).max((0, 0));
            if row[j + 1].0 == 0 {
                row[j + 1] = (0, 0);
            }
            best = best.max(row[j + 1]);
        }
    }
    best
}

/// The same word, as far as a recogniser can be trusted.
fn alike(a: &str, b: &str) -> bool {
    let letters = a.chars().count().min(b.chars().count());
    let mistakes = match letters {
        0..4 => 0,
        4..7 => 1,
        _ => 2,
    };
    a == b || (a.len().abs_diff(b.len()) <= mistakes && distance(a, b) <= mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPOKEN: &str =
        "The fox ran across the frozen river, and nobody in the village ever saw it again.";

    fn check(heard: &str, range: std::ops::RangeInclusive<f32>) {
        let share = echoes(heard, SPOKEN);
        assert!(range.contains(&share), "{heard}: {share}");
    }

    #[test]
    fn her_own_words_are_an_echo_despite_small_mistakes() {
        check("Ran across the frozen river.", 1.0..=1.0);
        check("the fox ran across a frozen rivers and nobody in village", 0.8..=1.0);
        check("nobody in the villages ever saw", 1.0..=1.0);
    }

    #[test]
    fn a_person_who_speaks_over_her_is_only_partly_an_echo() {
        check("and nobody in the please stop reading now", 0.4..=0.6);
        check("wait across the frozen river what was its name", 0.3..=0.6);
    }

    #[test]
    fn an_echo_that_was_heard_as_other_words_is_one_all_the_same() {
        for (heard, spoken) in [
            ("as the smoke.", "As the smog lifted, the village woke."),
            ("As the light has.", "As the lighthouse stood on the cliff, the man"),
            (
                "I'll village for morning.",
                "A quiet day in a small village from morning until night",
            ),
            ("the fox and across the frozen rib her", SPOKEN),
        ] {
            assert!(echoes(heard, spoken) >= 0.75, "{heard}: {}", echoes(heard, spoken));
        }
    }

    #[test]
    fn what_people_say_into_her_stories_is_no_echo() {
        const STORY: &str = "Once upon a time there was a girl who lived beside the sea with her \
            grandmother. Every morning she walked along the shore and gathered the wood that the \
            storms had left there, because she wanted to build a boat. The fishermen laughed at \
            her, but the old woman only smiled and told her to go on. When winter came the boat \
            was as long as her bed, and when spring came it was as long as the house. Then one \
            night the water rose, and it was the girl who carried them all to the other side.";
        for heard in [
            "wait a moment please",
            "stop I have a question",
            "what was her name",
            "can you tell me something else",
            "how long did it take her",
            "that is enough thank you",
            "no not that one",
            "I have heard this before",
            "hold on what did the old woman say",
            "could you speak a little slower",
            "was the boat big enough for everyone",
            "let us talk about something else",
            "I need to go now",
            "sorry I was not listening",
        ] {
            assert!(echoes(heard, STORY) < 0.6, "{heard}: {}", echoes(heard, STORY));
        }
    }

    #[test]
    fn small_words_among_others_are_no_echo() {
        let spoken = "You knead it until it sticks no longer, and then you leave it alone.";
        assert!(echoes("and you understand it how", spoken) < 0.6);
        assert!(echoes("and then you leave it", spoken) > 0.9);
    }

    #[test]
    fn a_person_who_repeats_a_word_of_hers_is_no_echo() {
        check("river", 0.0..=0.0);
        check("which river", 0.0..=0.0);
        check("was the fox brown or was it the grey one in spring", 0.0..=0.2);
    }

    #[test]
    fn other_words_and_none_are_no_echo() {
        check("what time is it", 0.0..=0.0);
        check("", 0.0..=0.0);
        assert!(echoes("what time is it", "").abs() < f32::EPSILON);
    }
}
