//! A flag by which one thread asks another to stop what it is doing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cloned handles share one flag. Once raised it stays raised.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token nobody has cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks every holder to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The flag itself, for C callbacks that poll it. Valid while any clone of
    /// this token lives.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }
}
