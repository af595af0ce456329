//! Her place in the tray, against a tray of our own on a private bus.
#![cfg(target_os = "linux")]

use crossbeam_channel::{Receiver, Sender, unbounded};
use rehearsal::PrivateBus;
use samantha::app::view::MicrophoneUse;
use samantha::tray::{Shown, Tray, TrayEvent, wait_until_there};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zbus::zvariant::{OwnedValue, Value};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PATIENCE: Duration = Duration::from_secs(10);
const OPEN: Shown =
    Shown { microphone: MicrophoneUse::ForSpeech, hands_free: true, is_muted: false };
const MUTED: Shown = Shown { microphone: MicrophoneUse::Muted, hands_free: true, is_muted: true };

/// Where programs look for their bus is one variable of the process, so that
/// the tests run one after the other.
static ENVIRONMENT: Mutex<()> = Mutex::new(());

/// A desktop's bus, which is this process's.
struct Bus {
    bus: PrivateBus,
    runtime: tokio::runtime::Runtime,
    _environment: MutexGuard<'static, ()>,
}

impl Bus {
    fn start() -> Self {
        let environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let bus = PrivateBus::start().expect("a bus");
        // SAFETY: every test begins here and keeps the lock until its end, so
        // that no other thread reads or writes the environment meanwhile.
        unsafe { std::env::set_var("DBUS_SESSION_BUS_ADDRESS", bus.address()) };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        Self { bus, runtime, _environment: environment }
    }

    /// A desktop with a tray, until the connection is dropped.
    fn panel(&self) -> (zbus::Connection, Receiver<String>) {
        let (items, registered) = unbounded();
        let panel = self.runtime.block_on(async {
            zbus::connection::Builder::session()?
                .serve_at("/StatusNotifierWatcher", Panel { items })?
                .name(WATCHER)?
                .build()
                .await
        });
        (panel.expect("a panel"), registered)
    }

    fn call<B, R>(&self, panel: &zbus::Connection, to: (&str, &str, &str, &str), body: &B) -> R
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
        R: serde::de::DeserializeOwned + zbus::zvariant::Type,
    {
        let (item, path, interface, method) = to;
        self.runtime
            .block_on(panel.call_method(Some(item), path, Some(interface), method, body))
            .expect("an answer")
            .body()
            .deserialize()
            .expect("an answer that is understood")
    }

    fn property(&self, panel: &zbus::Connection, item: &str, name: &str) -> OwnedValue {
        let to = (item, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get");
        self.call(panel, to, &("org.kde.StatusNotifierItem", name))
    }

    /// The labels of the menu with their numbers and check marks.
    fn menu(&self, panel: &zbus::Connection, item: &str) -> HashMap<String, (i32, Option<i32>)> {
        type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let to = (item, "/MenuBar", "com.canonical.dbusmenu", "GetLayout");
        let (_revision, root): (u32, Node) =
            self.call(panel, to, &(0_i32, -1_i32, Vec::<String>::new()));
        root.2
            .into_iter()
            .map(|child| Node::try_from(child).expect("an entry"))
            .filter_map(|(id, properties, _)| {
                let label = String::try_from(properties.get("label")?.try_clone().ok()?).ok()?;
                let check = properties.get("toggle-state").and_then(|v| i32::try_from(v).ok());
                Some((label, (id, check)))
            })
            .collect()
    }

    fn click(&self, panel: &zbus::Connection, item: &str, label: &str) {
        let (id, _) = self.menu(panel, item)[label];
        let to = (item, "/MenuBar", "com.canonical.dbusmenu", "Event");
        let () = self.call(panel, to, &(id, "clicked", Value::from(0_i32), 0_u32));
    }
}

/// What a desktop does: takes every item.
struct Panel {
    items: Sender<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Panel {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    fn register_status_notifier_item(&self, service: String) {
        let _ = self.items.send(service);
    }
}

fn tray() -> (Tray, Receiver<TrayEvent>) {
    let (tx, events) = unbounded();
    let tray = Tray::start(Box::new(move |event| {
        let _ = tx.send(event);
    }));
    (tray, events)
}

#[track_caller]
fn expect(events: &Receiver<TrayEvent>, event: TrayEvent) {
    assert_eq!(events.recv_timeout(PATIENCE), Ok(event));
}

#[test]
fn the_tray_shows_whether_her_microphone_is_open_and_its_menu_is_heard() {
    let bus = Bus::start();
    let (panel, registered) = bus.panel();
    let (tray, events) = tray();
    tray.show(Some(OPEN));
    expect(&events, TrayEvent::IsThere(true));
    let item = registered.recv_timeout(PATIENCE).expect("an item");
    let open = bus.property(&panel, &item, "IconPixmap");
    assert!(format!("{:?}", bus.property(&panel, &item, "ToolTip")).contains("listening for you"));
    assert_eq!(bus.menu(&panel, &item)["Just talk"].1, Some(1));

    tray.show(Some(MUTED));
    for (label, event) in [
        ("Mute", TrayEvent::SetMuted(false)),
        ("Just talk", TrayEvent::SetHandsFree(false)),
        ("Open the window", TrayEvent::Show),
        ("Quit", TrayEvent::Quit),
    ] {
        // What is shown follows in its own time.
        while bus.menu(&panel, &item)["Mute"].1 != Some(1) {
            std::thread::sleep(Duration::from_millis(10));
        }
        bus.click(&panel, &item, label);
        expect(&events, event);
    }
    assert_ne!(bus.property(&panel, &item, "IconPixmap"), open);
    assert!(format!("{:?}", bus.property(&panel, &item, "ToolTip")).contains("Muted"));
    tray.show(None);
    expect(&events, TrayEvent::IsThere(false));
}

#[test]
fn a_tray_that_comes_late_or_goes_is_told_of() {
    let bus = Bus::start();
    let (tray, events) = tray();
    tray.show(Some(OPEN));
    expect(&events, TrayEvent::IsThere(false));
    assert!(!wait_until_there(Duration::ZERO));
    let (panel, registered) = bus.panel();
    expect(&events, TrayEvent::IsThere(true));
    registered.recv_timeout(PATIENCE).expect("an item");
    assert!(wait_until_there(PATIENCE));
    drop(panel);
    expect(&events, TrayEvent::IsThere(false));
}

#[test]
fn without_a_bus_there_is_no_tray() {
    let mut bus = Bus::start();
    bus.bus.end();
    let (tray, events) = tray();
    tray.show(Some(OPEN));
    expect(&events, TrayEvent::IsThere(false));
    assert!(!wait_until_there(Duration::ZERO));
}
