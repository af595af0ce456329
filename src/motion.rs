//! Whether the desktop asks programs not to move things by themselves, or for
//! high contrast.
//!
//! The window starts [`watch`]. Asks the desktop's portal on a thread of its own
//! and goes on listening for changes; where nothing answers, nothing is told.

#[cfg(target_os = "linux")]
mod portal;

/// What a person may have asked the desktop for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing moves by itself, or it may.
    Stillness(bool),
    /// High contrast, or the usual one.
    Contrast(bool),
}

/// Tells what is asked for, as soon as that is known and whenever it changes.
/// Returns at once.
#[cfg(target_os = "linux")]
pub fn watch(tell: impl Fn(Asked) + Send + 'static) {
    let thread = std::thread::Builder::new().name("motion".into()).spawn(move || {
        if let Err(error) = portal::run(&tell) {
            tracing::debug!("the desktop does not say what is asked for: {error}");
        }
    });
    if let Err(error) = thread {
        tracing::warn!("whether things may move is not asked: {error}");
    }
}

/// Here nobody is asked yet: the person can choose stillness in the settings.
#[cfg(not(target_os = "linux"))]
pub fn watch(_tell: impl Fn(Asked) + Send + 'static) {}
