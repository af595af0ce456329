//! Presses and releases, strictly by turns.

use super::HotkeyEvent;
use crate::Outbox;

/// Passes on what changes and swallows repetitions. Dropping it releases a key
/// that is still down.
pub(super) struct Edges {
    outbox: Outbox<HotkeyEvent>,
    is_down: bool,
}

impl Edges {
    pub(super) fn new(outbox: Outbox<HotkeyEvent>) -> Self {
        Self { outbox, is_down: false }
    }

    pub(super) fn set(&mut self, is_down: bool) {
        if is_down != self.is_down {
            self.is_down = is_down;
            (self.outbox)(if is_down { HotkeyEvent::Pressed } else { HotkeyEvent::Released });
        }
    }

    pub(super) fn tell(&self, event: HotkeyEvent) {
        (self.outbox)(event);
    }
}

impl Drop for Edges {
    fn drop(&mut self) {
        self.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_is_told_once_and_always_released() {
        let (tx, rx) = crossbeam_channel::unbounded();
        let mut edges = Edges::new(Box::new(move |event| {
            let _ = tx.send(event);
        }));
        for is_down in [false, true, true, true, false, false, true] {
            edges.set(is_down);
        }
        drop(edges);
        use HotkeyEvent::{Pressed, Released};
        assert_eq!(rx.try_iter().collect::<Vec<_>>(), [Pressed, Released, Pressed, Released]);
    }
}
