//! Where no tray is spoken to.

use super::{Shown, TrayOutbox};
use std::time::Duration;

/// Shows nothing.
pub struct Tray;

impl Tray {
    /// There is none.
    pub fn start(_outbox: TrayOutbox) -> Self {
        Self
    }

    /// Shows nothing.
    pub fn show(&self, _shown: Option<Shown>) {}
}

/// There is none, so nothing is waited for.
pub fn wait_until_there(_longest: Duration) -> bool {
    false
}
