//! Her own words, come back through the microphone.

use super::tokens::{distance, words};

/// Fewer words in a row may be a person's own, even if she has just said them.
const SHORTEST_RUN: usize = 3;

/// The share of the words of `heard`, 0.0..=1.0, that stand in the same order
/// and nearly without gaps in `spoken`, her own recent words; recognisers'
/// small mistakes are forgiven. A run of less than three words counts as none:
/// whoever repeats one of her words is no echo.
pub fn echoes(heard: &str, spoken: &str) -> f32 {
    let (heard, spoken) = (words(heard), words(spoken));
    let run = longest_run(&heard, &spoken);
    if run < SHORTEST_RUN { 0.0 } else { run as f32 / heard.len() as f32 }
}

/// Words of the best local alignment (Smith and Waterman 1981): a shared word
/// earns two, a wrong, missing or added one costs one.
fn longest_run(heard: &[String], spoken: &[String]) -> usize {
    /// Score and shared words of an alignment.
    type Cell = (i32, usize);
    let mut row: Vec<Cell> = vec![(0, 0); spoken.len() + 1];
    let mut best: Cell = (0, 0);
    for h in heard {
        let mut diagonal = row[0];
        for (j, s) in spoken.iter().enumerate() {
            let shared = alike(h, s);
            let aligned =
                (diagonal.0 + if shared { 2 } else { -1 }, diagonal.1 + usize::from(shared));
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
    best.1
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
