//! What is shown of how fast she answers.

use super::{THOUSANDS_SIGN, Text};
use crate::session::Milestone;

/// How it is opened without the mouse.
pub const SHORTCUT: Text = Text("Ctrl+L");
/// Heads the figures.
pub const FROM_LAST_WORD: Text = Text("Milliseconds after your last word");
/// Before there are any.
pub const NOTHING_YET: Text = Text("Nothing to show yet: talk with her, and it stands here.");
/// The middle of all turns of this session.
pub const MEDIAN: Text = Text("Median");
/// A stage that a turn did not have.
pub const NONE: &str = "–";

/// Heads the column of a turn, counted back from the last one.
pub fn turn(back: usize) -> String {
    match back {
        0 => Text("Last").into(),
        back => format!("−{back}"),
    }
}

/// What was reached.
pub fn stage(stage: Milestone) -> Text {
    match stage {
        Milestone::SpeechEnd => Text("Your last word"),
        Milestone::TurnEnd => Text("You had finished"),
        Milestone::TranscriptReady => Text("Words understood"),
        Milestone::FirstToken => Text("First word found"),
        Milestone::FirstSentence => Text("First sentence made"),
        Milestone::FirstAudio => Text("Her voice begins"),
        Milestone::ReplyDone => Text("Her voice ends"),
    }
}

/// A figure as people write it: "1,240".
pub fn figure(ms: Option<u64>) -> String {
    match ms {
        None => NONE.into(),
        Some(ms) if ms < 1000 => ms.to_string(),
        Some(ms) => format!("{}{THOUSANDS_SIGN}{:03}", ms / 1000, ms % 1000),
    }
}

/// A row as a screen reader says it.
pub fn in_words(stage: Milestone, median_ms: Option<u64>, latest_ms: &[Option<u64>]) -> String {
    let said = |ms: Option<u64>| match ms {
        Some(ms) => format!("{} ms", figure(Some(ms))),
        None => Text("nothing").into(),
    };
    let mut text = Text("{stage}: median {figure}")
        .with(&[("stage", &self::stage(stage)), ("figure", &said(median_ms))]);
    if let Some((last, before)) = latest_ms.split_first() {
        text += &Text("; last turn {figure}").with(&[("figure", &said(*last))]);
        if !before.is_empty() {
            let before: Vec<_> = before.iter().map(|ms| said(*ms)).collect();
            text += &Text("; before that {figures}").with(&[("figures", &before.join(", "))]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_a_sentence() {
        assert_eq!(
            in_words(Milestone::FirstAudio, Some(1240), &[Some(1300), None, Some(90)]),
            "Her voice begins: median 1,240 ms; last turn 1,300 ms; before that nothing, 90 ms"
        );
        assert_eq!(
            in_words(Milestone::TurnEnd, None, &[None]),
            "You had finished: median nothing; last turn nothing"
        );
    }
}
