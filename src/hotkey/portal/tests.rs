//! Against a portal of our own on a private bus.

use super::*;
use crossbeam_channel::{Receiver, unbounded};
use rehearsal::PrivateBus;
use std::collections::HashMap;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const DESKTOP: &str = "/org/freedesktop/portal/desktop";
const PATIENCE: Duration = Duration::from_secs(10);

/// What the person's desktop does: grants every shortcut, under its own words.
struct FakePortal {
    grants: bool,
    bound: crossbeam_channel::Sender<(OwnedObjectPath, String)>,
}

type Options = HashMap<String, OwnedValue>;

fn handle(kind: &str, sender: &str, options: &Options, token: &str) -> OwnedObjectPath {
    let token = String::try_from(options[token].try_clone().expect("a token")).expect("text");
    let sender = sender.trim_start_matches(':').replace('.', "_");
    let path = format!("{DESKTOP}/{kind}/{sender}/{token}");
    ObjectPath::try_from(path).expect("a path").into()
}

async fn respond(
    connection: &zbus::Connection,
    request: &OwnedObjectPath,
    code: u32,
    results: HashMap<&str, Value<'_>>,
) {
    let emitter = SignalEmitter::new(connection, request.clone()).expect("an emitter");
    emitter
        .emit("org.freedesktop.portal.Request", "Response", &(code, results))
        .await
        .expect("a response");
}

#[zbus::interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl FakePortal {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        1
    }

    async fn create_session(
        &self,
        options: Options,
        #[zbus(header)] header: zbus::message::Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> OwnedObjectPath {
        let sender = header.sender().expect("a sender");
        let request = handle("request", sender, &options, "handle_token");
        let session = handle("session", sender, &options, "session_handle_token");
        let results = HashMap::from([("session_handle", Value::from(session.as_str()))]);
        respond(connection, &request, 0, results).await;
        request
    }

    async fn bind_shortcuts(
        &self,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, HashMap<String, OwnedValue>)>,
        _parent_window: String,
        options: Options,
        #[zbus(header)] header: zbus::message::Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> OwnedObjectPath {
        let sender = header.sender().expect("a sender");
        let request = handle("request", sender, &options, "handle_token");
        let (id, info) = &shortcuts[0];
        let trigger = info["preferred_trigger"].try_clone().expect("a trigger");
        let trigger = String::try_from(trigger).expect("text");
        let described = HashMap::from([
            ("description", Value::from("Talk")),
            ("trigger_description", Value::from(format!("Press {trigger}"))),
        ]);
        let granted = vec![(id.as_str(), described)];
        let results = HashMap::from([("shortcuts", Value::from(granted))]);
        respond(connection, &request, u32::from(!self.grants), results).await;
        self.bound.send((session, trigger)).expect("the test listens");
        request
    }
}

/// The portal on its bus, driven from the test.
struct Desktop {
    bus: PrivateBus,
    runtime: tokio::runtime::Runtime,
    connection: zbus::Connection,
    bound: Receiver<(OwnedObjectPath, String)>,
}

impl Desktop {
    fn start(grants: bool) -> Self {
        let bus = PrivateBus::start().expect("a bus");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (tx, bound) = unbounded();
        let connection = runtime
            .block_on(async {
                zbus::connection::Builder::address(bus.address())?
                    .serve_at(DESKTOP, FakePortal { grants, bound: tx })?
                    .name("org.freedesktop.portal.Desktop")?
                    .build()
                    .await
            })
            .expect("a portal");
        Self { bus, runtime, connection, bound }
    }

    /// Starts watching `key`, as the app does.
    fn watch(&self, key: &str) -> (Portal, Receiver<HotkeyEvent>) {
        watch_on(&self.bus, key)
    }

    fn binds(&self) -> (OwnedObjectPath, String) {
        self.bound.recv_timeout(PATIENCE).expect("a shortcut is bound")
    }

    fn signals(&self, session: &OwnedObjectPath, names: &[&str], id: &str) {
        self.runtime.block_on(async {
            let emitter = SignalEmitter::new(&self.connection, DESKTOP).expect("an emitter");
            for name in names {
                let body = (session, id, 0u64, HashMap::<&str, Value<'_>>::new());
                emitter
                    .emit("org.freedesktop.portal.GlobalShortcuts", *name, &body)
                    .await
                    .expect("a signal");
            }
        });
    }
}

fn watch_on(bus: &PrivateBus, key: &str) -> (Portal, Receiver<HotkeyEvent>) {
    let (tx, rx) = unbounded();
    let outbox = Box::new(move |event| {
        let _ = tx.send(event);
    });
    let binding = key.parse().expect("a key");
    (Portal::start_on(Some(bus.address().to_owned()), binding, outbox), rx)
}

fn ready(trigger: &str) -> HotkeyEvent {
    HotkeyEvent::Ready { trigger: trigger.into() }
}

#[track_caller]
fn expect(events: &Receiver<HotkeyEvent>, wanted: &[HotkeyEvent]) {
    for event in wanted {
        assert_eq!(events.recv_timeout(PATIENCE).as_ref(), Ok(event));
    }
}

use HotkeyEvent::{Pressed, Released};

#[test]
fn the_desktop_names_the_key_and_reports_its_presses_in_order() {
    let desktop = Desktop::start(true);
    let (portal, events) = desktop.watch("Ctrl+Shift+Space");
    let (session, trigger) = desktop.binds();
    assert_eq!(trigger, "CTRL+SHIFT+space");
    expect(&events, &[ready("Press CTRL+SHIFT+space")]);
    desktop.signals(&session, &["Activated", "Deactivated"], "another");
    let taps = ["Activated", "Activated", "Deactivated"];
    for _ in 0..20 {
        desktop.signals(&session, &taps, SHORTCUT_ID);
    }
    for _ in 0..20 {
        expect(&events, &[Pressed, Released]);
    }
    desktop.signals(&session, &["Activated"], SHORTCUT_ID);
    expect(&events, &[Pressed]);
    drop(portal);
    expect(&events, &[Released]);
    assert!(events.try_recv().is_err());
}

#[test]
fn another_key_is_asked_for_in_a_new_session() {
    let desktop = Desktop::start(true);
    let (mut portal, events) = desktop.watch("Ctrl+Shift+Space");
    let (first, _) = desktop.binds();
    expect(&events, &[ready("Press CTRL+SHIFT+space")]);
    desktop.signals(&first, &["Activated"], SHORTCUT_ID);
    expect(&events, &[Pressed]);
    portal.change("Super+F9".parse().expect("a key"));
    let (second, trigger) = desktop.binds();
    assert_ne!(first, second);
    assert_eq!(trigger, "LOGO+F9");
    expect(&events, &[Released, ready("Press LOGO+F9")]);
}

#[test]
fn a_person_who_says_no_is_offered_the_command() {
    let desktop = Desktop::start(false);
    let (_portal, events) = desktop.watch("Ctrl+Shift+Space");
    match events.recv_timeout(PATIENCE) {
        Ok(HotkeyEvent::Unavailable { reason }) => {
            assert!(reason.contains("samantha talk toggle"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_desktop_without_the_portal_is_told_and_may_be_asked_again() {
    let bus = PrivateBus::start().expect("a bus");
    let (mut portal, events) = watch_on(&bus, "Ctrl+Shift+Space");
    for _ in 0..2 {
        match events.recv_timeout(PATIENCE) {
            Ok(HotkeyEvent::Unavailable { reason }) => {
                assert!(reason.contains("samantha talk toggle"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
        portal.change("Super+F9".parse().expect("a key"));
    }
}
