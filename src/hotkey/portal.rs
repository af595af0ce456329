//! The key as the desktop's portal gives it, under Wayland.
//!
//! A thread of its own asks `org.freedesktop.portal.GlobalShortcuts` for a
//! shortcut; the desktop may show the person a dialog and may give another key
//! than was asked for. Where no portal answers, the reason told offers
//! `samantha talk toggle` for the desktop's own shortcut settings.

use super::edges::Edges;
use super::{Binding, HotkeyEvent};
use crate::Outbox;
use crate::wording::{findings, tray};
use ashpd::desktop::CreateSessionOptions;
use ashpd::desktop::global_shortcuts::{
    Activated, BindShortcutsOptions, Deactivated, GlobalShortcuts, NewShortcut, Shortcut,
    ShortcutsChanged,
};
use ashpd::zbus;
use futures_util::{FutureExt as _, StreamExt as _, select_biased};
use std::pin::pin;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What the desktop knows the shortcut by.
const SHORTCUT_ID: &str = "talk";
/// How long a portal that ended, perhaps to restart, is left alone.
const RETRY_AFTER: Duration = Duration::from_secs(5);

pub(super) struct Portal {
    /// Closed to end the thread.
    bindings: Option<UnboundedSender<Binding>>,
    thread: Option<JoinHandle<()>>,
}

impl Portal {
    pub(super) fn start(binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        Self::start_on(None, binding, outbox)
    }

    /// On the bus at this address; `None` is the person's session.
    fn start_on(bus: Option<String>, binding: Binding, outbox: Outbox<HotkeyEvent>) -> Self {
        let (bindings, rx) = unbounded_channel();
        let thread = std::thread::Builder::new()
            .name("hotkey".into())
            .spawn(move || run(bus.as_deref(), binding, rx, outbox))
            .map_err(|error| tracing::error!("the talk key cannot be watched: {error}"))
            .ok();
        Self { bindings: Some(bindings), thread }
    }

    pub(super) fn change(&mut self, binding: Binding) {
        if let Some(bindings) = &self.bindings {
            let _ = bindings.send(binding);
        }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.bindings = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How a session with the portal came to its end.
enum End {
    Closed,
    Changed(Binding),
    /// The portal went away after the key had worked.
    Lost,
    Failed(ashpd::Error),
}

fn run(
    bus: Option<&str>,
    mut binding: Binding,
    mut bindings: UnboundedReceiver<Binding>,
    outbox: Outbox<HotkeyEvent>,
) {
    let mut edges = Edges::new(outbox);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell_unavailable(&edges, &error.to_string()),
    };
    runtime.block_on(async {
        loop {
            let end = {
                let mut watching = pin!(watch(bus, binding, &mut edges).fuse());
                let mut change = pin!(bindings.recv().fuse());
                select_biased! {
                    change = change => change.map_or(End::Closed, End::Changed),
                    end = watching => end.map_or_else(End::Failed, |()| End::Lost),
                }
            };
            edges.set(false);
            let next = match end {
                End::Closed => return,
                End::Changed(next) => Some(next),
                End::Lost => match tokio::time::timeout(RETRY_AFTER, bindings.recv()).await {
                    Ok(None) => return,
                    Ok(next) => next,
                    Err(_) => Some(binding),
                },
                End::Failed(error) => {
                    tell_unavailable(&edges, &error.to_string());
                    bindings.recv().await
                }
            };
            match next {
                Some(next) => binding = next,
                None => return,
            }
        }
    });
}

/// Asks for the key and passes on what it does, until the portal goes away.
/// Dropping the future drops the connection, which ends the session.
async fn watch(bus: Option<&str>, binding: Binding, edges: &mut Edges) -> Result<(), ashpd::Error> {
    let connection = match bus {
        Some(address) => zbus::connection::Builder::address(address)?.build().await?,
        None => zbus::Connection::session().await?,
    };
    let portal = GlobalShortcuts::with_connection(connection).await?;
    let session = portal.create_session(CreateSessionOptions::default()).await?;
    // Before the key is bound, so that no press is missed; as one stream, so that
    // presses and releases keep their order.
    let mut signals = pin!(portal.receive_all_signals().await?.fuse());
    let mut closed = pin!(session.receive_closed().await?.fuse());
    let wanted = NewShortcut::new(SHORTCUT_ID, tray::TALK_KEY)
        .preferred_trigger(binding.xdg_trigger().as_str());
    let bound = portal
        .bind_shortcuts(&session, &[wanted], None, BindShortcutsOptions::default())
        .await?
        .response()?;
    edges.tell(ready(bound.shortcuts(), binding));
    loop {
        select_biased! {
            signal = signals.next() => match signal {
                Some(signal) => pass_on(&signal, binding, edges),
                None => return Ok(()),
            },
            _ = closed.next() => return Ok(()),
        }
    }
}

/// The session has one shortcut, and the portal tells each program only of its
/// own sessions.
fn pass_on(signal: &zbus::Message, binding: Binding, edges: &mut Edges) {
    let (header, body) = (signal.header(), signal.body());
    match header.member().map(|member| member.as_str()) {
        Some("Activated") => match body.deserialize::<Activated>() {
            Ok(event) if event.shortcut_id() == SHORTCUT_ID => edges.set(true),
            _ => {}
        },
        Some("Deactivated") => match body.deserialize::<Deactivated>() {
            Ok(event) if event.shortcut_id() == SHORTCUT_ID => edges.set(false),
            _ => {}
        },
        Some("ShortcutsChanged") => {
            if let Ok(event) = body.deserialize::<ShortcutsChanged>() {
                edges.tell(ready(event.shortcuts(), binding));
            }
        }
        _ => {}
    }
}

fn ready(shortcuts: &[Shortcut], binding: Binding) -> HotkeyEvent {
    let ours = shortcuts.iter().find(|shortcut| shortcut.id() == SHORTCUT_ID);
    let described = ours.map(Shortcut::trigger_description).filter(|text| !text.is_empty());
    let trigger = described.map_or_else(|| binding.to_string(), str::to_owned);
    HotkeyEvent::Ready { trigger }
}

fn tell_unavailable(edges: &Edges, why: &str) {
    tracing::debug!("no shortcut from the portal: {why}");
    edges.tell(HotkeyEvent::Unavailable { reason: findings::NO_PORTAL.into() });
}

#[cfg(test)]
mod tests;
