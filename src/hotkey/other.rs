//! macOS and Windows: one way to take a key.

use super::grab::Grab;
use super::{Binding, HotkeyEvent};
use crate::Outbox;

pub(super) struct Watcher(Grab);

impl Watcher {
    pub(super) fn start(binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        Self(Grab::start(binding, outbox))
    }

    pub(super) fn change(&mut self, binding: Binding) {
        self.0.change(binding);
    }
}
