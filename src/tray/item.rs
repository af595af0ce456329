//! The tray of Linux desktops: an item in the StatusNotifier protocol.

use super::icon::icon;
use super::{Shown, TrayEvent, TrayOutbox};
use crate::wording::{self, listening, tray as words};
use ksni::blocking::{Handle, TrayMethods as _};
use ksni::menu::{CheckmarkItem, MenuItem, StandardItem};
use ksni::{Icon, OfflineReason, ToolTip};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The name of whoever keeps the tray.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// How often it is looked for while a start waits for it.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Shows her in the tray until it is dropped.
pub struct Tray {
    shown: mpsc::Sender<Option<Shown>>,
}

impl Tray {
    /// Shows nothing yet.
    pub fn start(outbox: TrayOutbox) -> Self {
        let (shown, wanted) = mpsc::channel();
        let thread = std::thread::Builder::new().name("tray".into()).spawn(move || {
            run(&wanted, outbox);
        });
        if let Err(error) = thread {
            tracing::warn!("no thread for the tray: {error}");
        }
        Self { shown }
    }

    /// Shows this from now on, or nothing.
    pub fn show(&self, shown: Option<Shown>) {
        let _ = self.shown.send(shown);
    }
}

fn run(wanted: &mpsc::Receiver<Option<Shown>>, outbox: TrayOutbox) {
    let events = {
        let (events, told) = mpsc::channel();
        let thread = std::thread::Builder::new().name("tray events".into());
        let spawned = thread.spawn(move || {
            let mut was_there = None;
            for event in told {
                // The library and we may both notice.
                let is_news = match event {
                    TrayEvent::IsThere(there) => was_there.replace(there) != Some(there),
                    _ => true,
                };
                if is_news {
                    outbox(event);
                }
            }
        });
        if let Err(error) = spawned {
            tracing::warn!("no thread for the tray: {error}");
            return;
        }
        events
    };
    let mut handle: Option<Handle<Item>> = None;
    while let Ok(shown) = wanted.recv() {
        match (shown, &handle) {
            (Some(shown), Some(handle)) => {
                handle.update(|item| item.shown = shown);
            }
            (Some(shown), None) => handle = put_up(shown, &events),
            (None, Some(taken_down)) => {
                taken_down.shutdown().wait();
                handle = None;
                let _ = events.send(TrayEvent::IsThere(false));
            }
            (None, None) => {}
        }
    }
    if let Some(handle) = handle {
        handle.shutdown().wait();
    }
}

fn put_up(shown: Shown, events: &mpsc::Sender<TrayEvent>) -> Option<Handle<Item>> {
    let item = Item { shown, events: events.clone(), is_offline: AtomicBool::new(false) };
    // A panel that starts later than she does, as at login, is waited for.
    match item.assume_sni_available(true).spawn() {
        Ok(handle) => {
            handle.update(|item| item.tell_whether_it_is_there());
            Some(handle)
        }
        Err(error) => {
            tracing::debug!("there is no tray: {error}");
            let _ = events.send(TrayEvent::IsThere(false));
            None
        }
    }
}

struct Item {
    shown: Shown,
    events: mpsc::Sender<TrayEvent>,
    /// Nobody keeps a tray at the moment.
    is_offline: AtomicBool,
}

impl Item {
    fn tell(&self, event: TrayEvent) {
        let _ = self.events.send(event);
    }

    fn tell_whether_it_is_there(&self) {
        self.tell(TrayEvent::IsThere(!self.is_offline.load(Ordering::Relaxed)));
    }

    fn entry(label: wording::Text, event: TrayEvent) -> MenuItem<Self> {
        let activate = Box::new(move |item: &mut Self| item.tell(event));
        StandardItem { label: label.into(), activate, ..Default::default() }.into()
    }

    fn switch(label: wording::Text, checked: bool, event: TrayEvent) -> MenuItem<Self> {
        let activate = Box::new(move |item: &mut Self| item.tell(event));
        CheckmarkItem { label: label.into(), checked, activate, ..Default::default() }.into()
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "samantha".into()
    }

    fn title(&self) -> String {
        wording::HER_NAME.into()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        icon(self.shown.microphone)
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: wording::HER_NAME.into(),
            description: listening::microphone(self.shown.microphone).into(),
            ..Default::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.tell(TrayEvent::Show);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let Shown { microphone, hands_free, is_muted } = self.shown;
        let state = StandardItem {
            label: listening::microphone(microphone).into(),
            enabled: false,
            ..Default::default()
        };
        vec![
            state.into(),
            MenuItem::Separator,
            Self::entry(words::OPEN_WINDOW, TrayEvent::Show),
            Self::switch(listening::JUST_TALK, hands_free, TrayEvent::SetHandsFree(!hands_free)),
            Self::switch(listening::MUTE, is_muted, TrayEvent::SetMuted(!is_muted)),
            MenuItem::Separator,
            Self::entry(words::QUIT, TrayEvent::Quit),
        ]
    }

    fn watcher_online(&self) {
        self.is_offline.store(false, Ordering::Relaxed);
        self.tell_whether_it_is_there();
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.is_offline.store(true, Ordering::Relaxed);
        self.tell_whether_it_is_there();
        true
    }
}

/// Waits for a tray, before anything is shown. Whether there is one.
pub fn wait_until_there(longest: Duration) -> bool {
    let deadline = Instant::now() + longest;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let there = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            let bus = zbus::Connection::session().await?;
            let bus = zbus::fdo::DBusProxy::new(&bus).await?;
            while !bus.name_has_owner(WATCHER.try_into()?).await? {
                if Instant::now() >= deadline {
                    return Ok(false);
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            Ok(true)
        })
    });
    there.unwrap_or_else(|error: anyhow::Error| {
        tracing::debug!("there is no tray: {error}");
        false
    })
}
