//! Her place in the system's tray: what she is doing, and a way back to her
//! window.
//!
//! The window starts a [`Tray`] and tells it what to show; what is chosen there
//! comes back as [`TrayEvent`]s. A tray that is not there is told of too, so
//! that nobody hides a window without a way back. Nothing here waits: the bus
//! is spoken to on threads of its own. Only Linux desktops have one so far.

use crate::Outbox;
use crate::app::view::MicrophoneUse;

#[cfg(target_os = "linux")]
mod icon;
#[cfg(target_os = "linux")]
mod item;
#[cfg(target_os = "linux")]
use item as system;
#[cfg(not(target_os = "linux"))]
mod none;
#[cfg(not(target_os = "linux"))]
use none as system;

pub use system::{Tray, wait_until_there};

/// What the tray shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What her microphone is doing.
    pub microphone: MicrophoneUse,
    /// Whether she listens without a key.
    pub hands_free: bool,
    /// Whether her microphone is closed until further notice.
    pub is_muted: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self { microphone: MicrophoneUse::Opening, hands_free: false, is_muted: false }
    }
}

/// What comes from the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayEvent {
    /// She has a place in it, or has none any more.
    IsThere(bool),
    /// Show the window.
    Show,
    /// Listen without a key, or by it alone.
    SetHandsFree(bool),
    /// Close the microphone until further notice, or open it again.
    SetMuted(bool),
    /// End.
    Quit,
}

/// Where it is told.
pub type TrayOutbox = Outbox<TrayEvent>;
