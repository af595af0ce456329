//! Makes a model's sentence fit to be said aloud: no markdown, emoji, stage
//! directions or role labels.

use unicode_properties::{EmojiStatus, UnicodeEmoji};
use unicode_segmentation::UnicodeSegmentation;

/// What became of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// To be said; never empty.
    Say(String),
    /// Nothing in it was meant for the ear.
    Nothing,
    /// The model began to speak for the person: the reply ends before this.
    EndOfReply,
}

/// Labels with which models mark themselves.
const HER_LABELS: [&str; 4] = ["samantha", "assistant", "ai", "bot"];
/// Labels with which models go on as somebody else.
const OTHER_LABELS: [&str; 5] = ["user", "human", "person", "system", "you"];

/// `name` is the persona's; a label with it is hers.
pub fn spoken(sentence: &str, name: &str) -> Spoken {
    let text = sentence.trim();
    if text.starts_with("```") || text.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' ')) {
        return Spoken::Nothing;
    }
    let text = without_directions(&without_links(without_line_mark(text)));
    let mut text = text.trim();
    loop {
        match label(text, name) {
            Label::None => break,
            Label::Hers(rest) => text = rest,
            Label::Others => return Spoken::EndOfReply,
        }
    }
    // A direction often follows the label.
    let text = without_marks(&without_directions(text));
    let text = without_emoji(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches([',', ';', ':', '-', '–', '—', ' ']);
    if text.chars().any(char::is_alphanumeric) {
        // Where a picture stood before the full stop.
        let said = match text.strip_suffix(" .") {
            Some(words) => format!("{words}."),
            None => text.to_owned(),
        };
        Spoken::Say(said)
    } else {
        Spoken::Nothing
    }
}

/// Takes headings, bullets, quotes and list numbers off a line.
fn without_line_mark(line: &str) -> &str {
    let line = line.trim_start_matches(['#', '>']).trim_start();
    for bullet in ["- ", "* ", "+ ", "• "] {
        if let Some(rest) = line.strip_prefix(bullet) {
            return rest.trim_start();
        }
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match line[digits..].strip_prefix(". ").or_else(|| line[digits..].strip_prefix(") ")) {
        Some(rest) if (1..=2).contains(&digits) => rest.trim_start(),
        _ => line,
    }
}

enum Label<'a> {
    None,
    Hers(&'a str),
    Others,
}

/// A role label at the beginning: "Samantha: …", "**User:** …".
fn label<'a>(text: &'a str, name: &str) -> Label<'a> {
    let bare = text.trim_start_matches(['*', '_', '[', '<', '|']);
    let Some((head, rest)) = bare.split_once(':') else { return Label::None };
    let head = head.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if head == name.to_lowercase() || HER_LABELS.contains(&head.as_str()) {
        Label::Hers(rest.trim_start_matches(['*', '_', ']', '>', '|', ' ']))
    } else if OTHER_LABELS.contains(&head.as_str()) {
        Label::Others
    } else {
        Label::None
    }
}

/// "[words](address)" becomes "words".
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else { break };
        let tail = &rest[close + 1..];
        match tail.strip_prefix('(').and_then(|t| t.find(')').map(|end| &t[end + 1..])) {
            Some(after) => {
                out.push_str(rest[..open].trim_end_matches('!'));
                out.push_str(&rest[open + 1..close]);
                rest = after;
            }
            None => {
                out.push_str(&rest[..=close]);
                rest = tail;
            }
        }
    }
    out + rest
}

/// Drops "*sighs*", "(laughs softly)", "[pause]": a few words without digits
/// that stand alone, at the beginning or end of the sentence or after a mark.
/// Words that are merely stressed, "*really*", lose only their asterisks later.
fn without_directions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['*', '(', '[', '_']) {
        let opener = &rest[open..=open];
        let inner_start = open + 1;
        let closer = match opener {
            "(" => ")",
            "[" => "]",
            same => same,
        };
        let doubled = rest[inner_start..].starts_with(opener);
        let close = rest[inner_start..].find(closer).map(|at| inner_start + at);
        let (Some(close), false) = (close, doubled) else {
            let keep = if doubled { open + 2 } else { inner_start };
            out.push_str(&rest[..keep]);
            rest = &rest[keep..];
            continue;
        };
        out.push_str(&rest[..open]);
        let inner = &rest[inner_start..close];
        let after = &rest[close + 1..];
        if is_direction(&out, opener, inner, after) {
            // "*smiles*." leaves no lonely full stop behind.
            rest = if out.trim().is_empty() { after.trim_start_matches(['.', ',']) } else { after };
        } else {
            out.push_str(&rest[open..=close]);
            rest = after;
        }
    }
    out + rest
}

fn is_direction(before: &str, opener: &str, inner: &str, after: &str) -> bool {
    let before = before.trim_end();
    let after = after.trim_start();
    let stands_apart =
        before.is_empty() || before.ends_with(['.', '!', '?', '…', ',', ':', '—', '-']);
    let ends_apart =
        after.is_empty() || after.starts_with(|c: char| !c.is_lowercase() && c != ',' && c != ';');
    let words = inner.split_whitespace().count();
    let plain =
        inner.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ',' | '\'' | '’' | '-' | '.'));
    let lower = inner.trim_start().starts_with(char::is_lowercase);
    match opener {
        "[" => plain && words <= 8,
        "(" => plain && lower && words <= 6 && stands_apart && ends_apart,
        // Stress is one word within a sentence; a direction stands apart.
        _ => {
            plain
                && words > 0
                && stands_apart
                && ends_apart
                && (lower || words > 1 || after.is_empty())
        }
    }
}

/// Takes away what is left of markdown.
fn without_marks(text: &str) -> String {
    let text = text.replace("**", "").replace("__", "").replace("~~", "");
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().copied().enumerate() {
        let within_word = at > 0
            && chars[at - 1].is_alphanumeric()
            && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric());
        match c {
            '*' | '`' => {}
            '_' if !within_word => {}
            '|' => out.push(','),
            _ => out.push(c),
        }
    }
    out
}

fn without_emoji(text: &str) -> String {
    text.graphemes(true).filter(|g| !is_emoji(g)).collect()
}

fn is_emoji(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    let Some(first) = chars.next() else { return false };
    let presented = matches!(
        first.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    );
    // ♥ and ☺ are pictures to the ear, ™ and 5 are not.
    let pictured = first.is_emoji_char() && !first.is_ascii() && !matches!(first, '©' | '®' | '™');
    presented || pictured || chars.any(|c| c == '\u{fe0f}' || c == '\u{20e3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: &str) {
        assert_eq!(spoken(sentence, "Samantha"), Spoken::Say(expected.into()), "{sentence:?}");
    }

    #[test]
    fn words_are_left_alone() {
        for same in [
            "I'm here.",
            "It costs 3.5 euros (about 4 dollars).",
            "Meet me at 5:30, or later?",
            "My answer: yes.",
            "Ana's snake_case is fine.",
            "“Come in,” he said.",
            "Call me (if you like) tomorrow.",
        ] {
            check(same, same);
        }
    }

    #[test]
    fn markdown_is_for_the_eye() {
        check("**Bold** and *really* `code`.", "Bold and really code.");
        check("# A heading", "A heading");
        check("- First thing.", "First thing.");
        check("2. Second thing.", "Second thing.");
        check("> quoted", "quoted");
        check("See [the page](http://localhost/x) now.", "See the page now.");
        check("~~No~~ __yes__.", "No yes.");
        for nothing in ["---", "```rust", "***"] {
            assert_eq!(spoken(nothing, "Samantha"), Spoken::Nothing, "{nothing}");
        }
    }

    #[test]
    fn emoji_are_not_words() {
        check("Good morning! 😊", "Good morning!");
        check("👩‍👩‍👧 Family ❤️ first ☺.", "Family first.");
        check("Key 5️⃣ and ™.", "Key and ™.");
        assert_eq!(spoken("🎉🎉", "Samantha"), Spoken::Nothing);
    }

    #[test]
    fn stage_directions_are_not_said() {
        check("*smiles warmly* Hello.", "Hello.");
        check("(laughs) That is true.", "That is true.");
        check("I see. *pauses*", "I see.");
        check("[pause] Go on.", "Go on.");
        check("Well, [sighs softly] yes.", "Well, yes.");
        assert_eq!(spoken("*She looks out of the window.*", "Samantha"), Spoken::Nothing);
        assert_eq!(spoken("(smiling)", "Samantha"), Spoken::Nothing);
    }

    #[test]
    fn labels_are_not_said() {
        check("Samantha: I'm here.", "I'm here.");
        check("**Samantha:** I'm here.", "I'm here.");
        check("Assistant: Samantha: Yes.", "Yes.");
        check("*smiles* Samantha: *nods* Yes.", "Yes.");
        assert_eq!(spoken("User: and then?", "Samantha"), Spoken::EndOfReply);
        assert_eq!(spoken("Human: hi", "Samantha"), Spoken::EndOfReply);
    }

    #[test]
    fn any_text_is_taken_without_panic() {
        use proptest::prelude::*;
        proptest!(|(text in "\\PC{0,60}")| {
            if let Spoken::Say(said) = spoken(&text, "Samantha") {
                prop_assert!(!said.trim().is_empty());
                prop_assert!(!said.contains("**"));
            }
        });
    }
}
