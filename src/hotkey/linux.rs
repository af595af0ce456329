//! Linux: the portal under Wayland, a grab under X11.
//!
//! Under Wayland a grab through XWayland would seem to work and be heard only
//! while an X11 window has the focus, so it is never tried.

use super::grab::Grab;
use super::portal::Portal;
use super::{Binding, HotkeyEvent};
use crate::Outbox;
use crate::wording::troubles;

pub(super) enum Watcher {
    Portal(Portal),
    Grab(Grab),
    /// Neither window system is there.
    Nothing(Outbox<HotkeyEvent>),
}

impl Watcher {
    pub(super) fn start(binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if is_set("WAYLAND_DISPLAY") {
            return Self::Portal(Portal::start(binding, outbox));
        }
        // `global-hotkey` reports success without an X server.
        match x11rb::connect(None) {
            Ok(_) => Self::Grab(Grab::start(binding, outbox)),
            Err(error) => {
                tracing::debug!("no X11 server: {error}");
                tell_no_desktop(&outbox);
                Self::Nothing(outbox)
            }
        }
    }

    pub(super) fn change(&mut self, binding: Binding) {
        match self {
            Self::Portal(portal) => portal.change(binding),
            Self::Grab(grab) => grab.change(binding),
            Self::Nothing(outbox) => tell_no_desktop(outbox),
        }
    }
}

fn tell_no_desktop(outbox: &Outbox<HotkeyEvent>) {
    outbox(HotkeyEvent::Unavailable { reason: troubles::NO_DESKTOP.into() });
}
