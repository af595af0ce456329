//! Whether the desktop asks programs not to move things by themselves.
//!
//! The window starts [`watch`]. Asks the desktop's portal on a thread of its own
//! and goes on listening for changes; where nothing answers, nothing is told.

#[cfg(target_os = "linux")]
mod portal;

/// Tells whether stillness is asked for, as soon as that is known and whenever it
/// changes. Returns at once.
#[cfg(target_os = "linux")]
pub fn watch(tell: impl Fn(bool) + Send + 'static) {
    let thread = std::thread::Builder::new().name("motion".into()).spawn(move || {
        if let Err(error) = portal::run(&tell) {
            tracing::debug!("the desktop does not say whether things may move: {error}");
        }
    });
    if let Err(error) = thread {
        tracing::warn!("whether things may move is not asked: {error}");
    }
}

/// Here nobody is asked yet: the person can choose stillness in the settings.
#[cfg(not(target_os = "linux"))]
pub fn watch(_tell: impl Fn(bool) + Send + 'static) {}
