//! Which turns of a long conversation stay in view.
//!
//! The choice depends on nothing but the lengths of the turns: it replays the
//! conversation from its beginning. So it needs no memory, survives a restart,
//! and gives the same beginning turn after turn: when the context is full,
//! turns leave until about half of it is free, and then none leaves for a long
//! while. A prompt whose beginning changed at every turn would have to be read
//! anew each time, and reading is what costs.

use std::ops::Range;

use crate::{Message, Role};

/// The conversation by turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    /// The leading system messages, which always stay.
    pub fixed: Range<usize>,
    /// Each begins with what the person said and ends before they speak again.
    pub turns: Vec<Range<usize>>,
}

/// Splits a conversation into turns; the ranges are indices of messages.
pub fn turns(roles: impl IntoIterator<Item = Role>) -> Turns {
    let mut fixed = 0;
    let mut turns: Vec<Range<usize>> = Vec::new();
    let mut previous = Role::System;
    for (index, role) in roles.into_iter().enumerate() {
        if role == Role::System && turns.is_empty() {
            fixed = index + 1;
            continue;
        }
        match turns.last_mut() {
            Some(turn) if role != Role::User || previous == Role::User => turn.end = index + 1,
            _ => turns.push(index..index + 1),
        }
        previous = role;
    }
    Turns { fixed: 0..fixed, turns }
}

/// The index of the first message after the fixed ones that stays in view.
/// `limit_tokens` is what the prompt may take, `cost` says how many tokens a
/// message takes. `None` if even the last turn alone does not fit.
pub fn first_kept(
    messages: &[Message],
    limit_tokens: usize,
    mut cost: impl FnMut(&Message) -> usize,
) -> Option<usize> {
    let Turns { fixed, turns } = turns(messages.iter().map(|m| m.role));
    let mut sum = |range: &Range<usize>| messages[range.clone()].iter().map(&mut cost).sum();
    let fixed_tokens: usize = sum(&fixed);
    let lengths: Vec<usize> = turns.iter().map(sum).collect();
    let open = messages.last().is_some_and(|m| m.role == Role::User);
    let kept = first_kept_turn(fixed_tokens, &lengths, open, limit_tokens)?;
    Some(turns.get(kept).map_or(messages.len(), |turn| turn.start))
}

/// Index of the first turn that stays. The last turn is `open` while it waits
/// for its answer. `None` if the open turn does not fit.
fn first_kept_turn(fixed: usize, turns: &[usize], open: bool, limit: usize) -> Option<usize> {
    // A finished turn is followed by what the person says next. Making room
    // for that already now lets turns leave while nobody is waiting.
    let soft = limit - limit / 8;
    let half = limit / 2;
    let (finished, open) = match turns.split_last() {
        Some((last, finished)) if open => (finished, *last),
        _ => (turns, 0),
    };
    let mut first = 0;
    let mut sum = fixed;
    for (index, tokens) in finished.iter().enumerate() {
        sum += tokens;
        if sum <= soft {
            continue;
        }
        while first < index && sum > half {
            sum -= finished[first];
            first += 1;
        }
        if sum > soft {
            sum -= finished[first];
            first += 1;
        }
    }
    if sum + open > limit {
        while first < finished.len() && sum + open > half {
            sum -= finished[first];
            first += 1;
        }
    }
    (sum + open <= limit).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(role: Role, tokens: usize) -> Message {
        Message { role, content: "x".repeat(tokens) }
    }

    fn length(message: &Message) -> usize {
        message.content.len()
    }

    fn conversation(exchanges: usize, tokens: usize) -> Vec<Message> {
        let mut messages = vec![message(Role::System, 100)];
        for _ in 0..exchanges {
            messages.push(message(Role::User, tokens / 2));
            messages.push(message(Role::Assistant, tokens - tokens / 2));
        }
        messages
    }

    #[test]
    fn a_short_conversation_stays_whole() {
        assert_eq!(first_kept(&conversation(5, 50), 1000, length), Some(1));
        assert_eq!(first_kept(&[], 1000, length), Some(0));
    }

    #[test]
    fn turns_leave_whole_and_seldom() {
        let mut changes = 0;
        let mut before = 1;
        for exchanges in 0..200 {
            let messages = conversation(exchanges, 50);
            let mut asked = messages.clone();
            asked.push(message(Role::User, 40));
            let kept = first_kept(&messages, 1000, length).expect("it fits");
            assert_eq!(first_kept(&asked, 1000, length), Some(kept), "asking drops nothing more");
            assert_eq!(kept % 2, 1, "a turn begins with the person");
            let tokens: usize = 100 + messages[kept..].iter().map(length).sum::<usize>();
            assert!(tokens <= 875, "{tokens} tokens at turn {exchanges}");
            assert!(kept >= before, "what has left does not come back");
            changes += usize::from(kept != before);
            before = kept;
        }
        assert!((15..=30).contains(&changes), "{changes} changes in 200 turns");
    }

    #[test]
    fn a_long_question_pushes_older_turns_out() {
        let mut messages = conversation(10, 50);
        messages.push(message(Role::User, 700));
        let kept = first_kept(&messages, 1000, length).expect("it fits");
        let tokens: usize = 100 + messages[kept..].iter().map(length).sum::<usize>();
        assert!((800..=1000).contains(&tokens), "{tokens} tokens");
    }

    #[test]
    fn a_question_longer_than_the_context_is_refused() {
        let mut messages = conversation(2, 50);
        messages.push(message(Role::User, 950));
        assert_eq!(first_kept(&messages, 1000, length), None);
    }

    #[test]
    fn a_turn_longer_than_the_context_leaves_alone() {
        let mut messages = conversation(2, 50);
        messages.push(message(Role::User, 400));
        messages.push(message(Role::Assistant, 700));
        assert_eq!(first_kept(&messages, 1000, length), Some(messages.len()));
        messages.push(message(Role::User, 10));
        assert_eq!(first_kept(&messages, 1000, length), Some(messages.len() - 1));
    }

    #[test]
    fn a_greeting_and_two_questions_in_a_row_are_turns_too() {
        use Role::{Assistant, System, User};
        let split = turns([System, System, Assistant, User, User, Assistant, User]);
        assert_eq!(split, Turns { fixed: 0..2, turns: vec![2..3, 3..6, 6..7] });
    }
}
