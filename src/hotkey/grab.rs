//! The key taken for ourselves from the window system: X11, macOS, Windows.
//!
//! `global-hotkey` reports through one channel for the whole process, so only
//! one [`Grab`] may live at a time. On X11 it looks for events every 50 ms, asks
//! the server not to repeat a held key, and gets the release even when the
//! modifiers went up first, because a grab lasts until its key goes up.

use super::edges::Edges;
use super::{Binding, HotkeyEvent};
use crate::Outbox;
use crate::wording::troubles;
use crossbeam_channel::{Receiver, Sender, select, unbounded};
use global_hotkey::{Error, GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use std::thread::JoinHandle;

pub(super) struct Grab {
    /// One for each key: taking a key back flushes nothing to the X server, but
    /// closing the connection does.
    grabbed: Option<(Binding, GlobalHotKeyManager)>,
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

enum Order {
    /// Tell this, and watch the key of this id if one is given.
    Tell(HotkeyEvent, Option<u32>),
    Close,
}

impl Grab {
    pub(super) fn start(binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        let (orders, rx) = unbounded();
        let edges = Edges::new(outbox);
        let thread = std::thread::Builder::new()
            .name("hotkey".into())
            .spawn(move || watch(edges, &rx))
            .map_err(|error| tracing::error!("the talk key cannot be watched: {error}"))
            .ok();
        let mut grab = Self { grabbed: None, orders, thread };
        grab.change(binding);
        grab
    }

    /// Takes the new key before it lets go of the old one, which thus stays if
    /// the new one is not to be had.
    pub(super) fn change(&mut self, binding: Binding) {
        if self.grabbed.as_ref().is_some_and(|(current, _)| *current == binding) {
            return;
        }
        let (event, id) = match grab(binding) {
            Ok(manager) => {
                self.grabbed = Some((binding, manager));
                let trigger = binding.to_string();
                (HotkeyEvent::Ready { trigger }, Some(binding.hot_key().id()))
            }
            Err(error) => {
                let current = self.grabbed.as_ref().map(|(current, _)| *current);
                (HotkeyEvent::Unavailable { reason: refusal(binding, &error, current) }, None)
            }
        };
        let _ = self.orders.send(Order::Tell(event, id));
    }
}

impl Drop for Grab {
    fn drop(&mut self) {
        self.grabbed = None;
        let _ = self.orders.send(Order::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn grab(binding: Binding) -> Result<GlobalHotKeyManager, Error> {
    let manager = GlobalHotKeyManager::new()?;
    manager.register(binding.hot_key())?;
    Ok(manager)
}

fn refusal(wanted: Binding, error: &Error, current: Option<Binding>) -> String {
    let why: String = match error {
        Error::AlreadyRegistered(_) => troubles::KEY_TAKEN.into(),
        Error::FailedToRegister(_) => troubles::KEY_NOT_ON_KEYBOARD.into(),
        other => troubles::KEY_REFUSED.with(&[("error", other)]),
    };
    match current {
        Some(current) => {
            troubles::KEY_STAYS.with(&[("wanted", &wanted), ("why", &why), ("current", &current)])
        }
        None => troubles::KEY_CHOOSE.with(&[("wanted", &wanted), ("why", &why)]),
    }
}

fn watch(mut edges: Edges, orders: &Receiver<Order>) {
    let events = GlobalHotKeyEvent::receiver();
    let mut current = None;
    loop {
        select! {
            recv(events) -> event => {
                // The library never closes its channel.
                if let Ok(event) = event && current == Some(event.id) {
                    edges.set(event.state == HotKeyState::Pressed);
                }
            }
            recv(orders) -> order => match order {
                Ok(Order::Tell(event, id)) => {
                    if id.is_some() {
                        // The release of the old key will not be heard any more.
                        edges.set(false);
                        current = id;
                    }
                    edges.tell(event);
                }
                Ok(Order::Close) | Err(_) => return,
            },
        }
    }
}
