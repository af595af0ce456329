//! What of the tokens already read serves the next prompt. Pure.

use std::ops::Range;

/// A shift that moves fewer tokens than this saves nothing worth the while.
const MIN_MOVED: usize = 32;

/// What becomes of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// So many tokens at its beginning stay where they are.
    pub keep: usize,
    /// These tokens of the cache, if any, move up to follow the kept ones.
    pub moved: Range<usize>,
}

impl Plan {
    /// Tokens that need not be read again.
    pub fn reused(&self) -> usize {
        self.keep + self.moved.len()
    }
}

/// Compares what was read with what is wanted. With `may_shift`, a stretch
/// that stayed the same after older turns left is moved rather than read again.
pub fn plan<T: PartialEq>(read: &[T], wanted: &[T], may_shift: bool) -> Plan {
    let keep = common_prefix(read, wanted);
    let nothing = Plan { keep, moved: keep..keep };
    if !may_shift || keep == read.len() || keep == wanted.len() {
        return nothing;
    }
    let moved = (keep + 1..read.len())
        .map(|start| start..start + common_prefix(&read[start..], &wanted[keep..]))
        .max_by_key(Range::len);
    match moved {
        Some(moved) if moved.len() >= MIN_MOVED => Plan { keep, moved },
        _ => nothing,
    }
}

fn common_prefix<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(range: Range<u32>) -> Vec<u32> {
        range.collect()
    }

    #[test]
    fn the_longest_common_beginning_stays() {
        let plan = plan(&tokens(0..100), &[tokens(0..60), tokens(500..520)].concat(), true);
        assert_eq!(plan, Plan { keep: 60, moved: 60..60 });
    }

    #[test]
    fn what_follows_turns_that_left_moves_up() {
        let read = tokens(0..1000);
        let wanted = [tokens(0..50), tokens(400..1000), tokens(2000..2020)].concat();
        assert_eq!(plan(&read, &wanted, true), Plan { keep: 50, moved: 400..1000 });
        assert_eq!(plan(&read, &wanted, true).reused(), 650);
        assert_eq!(plan(&read, &wanted, false).reused(), 50);
    }

    #[test]
    fn a_few_tokens_alike_by_chance_do_not_move() {
        let read = [tokens(0..50), tokens(100..120), tokens(300..400)].concat();
        let wanted = [tokens(0..50), tokens(310..320), tokens(700..800)].concat();
        assert_eq!(plan(&read, &wanted, true).reused(), 50);
    }

    #[test]
    fn empty_and_equal_are_no_special_cases() {
        assert_eq!(plan::<u32>(&[], &[1, 2], true).reused(), 0);
        assert_eq!(plan(&[1, 2], &[1, 2], true).reused(), 2);
        assert_eq!(plan(&[1, 2, 3], &[1, 2], true).reused(), 2);
    }
}
