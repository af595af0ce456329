//! The talk key that works everywhere on the desktop.
//!
//! The app starts a [`Hotkey`] with a [`Binding`]; presses and releases come
//! back as [`HotkeyEvent`]s, strictly by turns, each press followed by exactly
//! one release whatever the keyboard repeats or the desktop forgets. What a
//! press means is for the session to say. X11, macOS and Windows are reached
//! through `global-hotkey` ([`grab`]), Wayland desktops through their portal.

mod binding;
mod edges;
mod grab;
#[cfg(target_os = "linux")]
#[path = "hotkey/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "hotkey/other.rs"]
mod platform;
#[cfg(target_os = "linux")]
mod portal;

pub use binding::{Binding, BindingError};

use crate::Outbox;

/// What happened to the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HotkeyEvent {
    /// The key is in force.
    Ready {
        /// How the person presses it, which under Wayland the desktop decides.
        trigger: String,
    },
    /// It went down.
    Pressed,
    /// It went up, or can no longer be watched.
    Released,
    /// There is no such key, here, now.
    Unavailable {
        /// One sentence for people that says why and what to do.
        reason: String,
    },
}

/// Watches the key until it is dropped.
pub struct Hotkey(platform::Watcher);

impl Hotkey {
    /// Starts watching. On macOS and Windows, call it on the thread that runs the
    /// window's event loop. Returns within a tenth of a second; under Wayland
    /// [`HotkeyEvent::Ready`] may follow only after the person agreed in a dialog
    /// of the desktop.
    pub fn start(binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        Self(platform::Watcher::start(binding, outbox))
    }

    /// Watches this key from now on. If it cannot be had, the earlier one stays
    /// in force and [`HotkeyEvent::Unavailable`] says so.
    pub fn change(&mut self, binding: Binding) {
        self.0.change(binding);
    }
}
