//! The talk key on a real X server (Xvfb), pressed by `xdotool`.
#![cfg(target_os = "linux")]

use crossbeam_channel::{Receiver, unbounded};
use samantha::hotkey::HotkeyEvent::{self, Pressed, Released};
use samantha::hotkey::{Binding, Hotkey};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, ModMask};

/// Where X programs look for their server is one variable of the process, so
/// that the tests run one after the other.
static ENVIRONMENT: Mutex<()> = Mutex::new(());

struct Desktop {
    server: Child,
    display: String,
    _environment: MutexGuard<'static, ()>,
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Desktop {
    fn start() -> Self {
        let environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut number).expect("its display");
        let display = format!(":{}", number.trim());
        // SAFETY: every test begins here and keeps the lock until its end, so
        // that no other thread reads or writes the environment meanwhile.
        unsafe {
            std::env::set_var("DISPLAY", &display);
            std::env::remove_var("WAYLAND_DISPLAY");
        }
        Self { server, display, _environment: environment }
    }

    fn types(&self, arguments: &[&str]) {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).status();
        assert!(done.expect("xdotool is installed").success());
    }

    /// Another program that takes Ctrl+Shift+Space, if it can.
    fn another_program_grabs(&self) -> Option<x11rb::rust_connection::RustConnection> {
        const SPACE: u8 = 65;
        let (other, screen) = x11rb::connect(Some(&self.display)).expect("connected");
        let root = other.setup().roots[screen].root;
        let (mods, mode) = (ModMask::CONTROL | ModMask::SHIFT, GrabMode::ASYNC);
        let grabbed = other.grab_key(false, root, mods, SPACE, mode, mode).expect("sent").check();
        grabbed.ok().map(|()| other)
    }
}

fn key(text: &str) -> Binding {
    text.parse().expect("a key")
}

fn watch(text: &str) -> (Hotkey, Receiver<HotkeyEvent>) {
    let (tx, rx) = unbounded();
    let outbox = Box::new(move |event| {
        let _ = tx.send(event);
    });
    (Hotkey::start(key(text), outbox), rx)
}

fn ready(text: &str) -> HotkeyEvent {
    HotkeyEvent::Ready { trigger: text.into() }
}

#[track_caller]
fn expect(events: &Receiver<HotkeyEvent>, wanted: &[HotkeyEvent]) {
    for event in wanted {
        assert_eq!(events.recv_timeout(Duration::from_secs(5)).as_ref(), Ok(event));
    }
}

#[track_caller]
fn expect_nothing(events: &Receiver<HotkeyEvent>) {
    let event = events.recv_timeout(Duration::from_millis(250));
    assert!(event.is_err(), "{event:?}");
}

#[test]
fn a_held_key_is_pressed_once_and_released_once() {
    let desktop = Desktop::start();
    let (_hotkey, events) = watch("Ctrl+Shift+Space");
    expect(&events, &[ready("Ctrl+Shift+Space")]);
    desktop.types(&["keydown", "ctrl", "keydown", "shift", "keydown", "space"]);
    expect(&events, &[Pressed]);
    // Longer than any keyboard waits before it repeats.
    std::thread::sleep(Duration::from_millis(1500));
    expect_nothing(&events);
    desktop.types(&["keyup", "space", "keyup", "shift", "keyup", "ctrl"]);
    expect(&events, &[Released]);
    expect_nothing(&events);
}

#[test]
fn letting_go_of_the_modifiers_first_still_releases_it() {
    let desktop = Desktop::start();
    let (_hotkey, events) = watch("Ctrl+Shift+Space");
    expect(&events, &[ready("Ctrl+Shift+Space")]);
    for _ in 0..3 {
        desktop.types(&["keydown", "ctrl", "keydown", "shift", "keydown", "space"]);
        expect(&events, &[Pressed]);
        desktop.types(&["keyup", "ctrl", "keyup", "shift"]);
        std::thread::sleep(Duration::from_millis(700));
        desktop.types(&["keyup", "space"]);
        expect(&events, &[Released]);
    }
    expect_nothing(&events);
}

#[test]
fn quick_taps_are_all_heard() {
    let desktop = Desktop::start();
    let (_hotkey, events) = watch("Ctrl+Shift+Space");
    expect(&events, &[ready("Ctrl+Shift+Space")]);
    for _ in 0..5 {
        desktop.types(&["key", "ctrl+shift+space"]);
        expect(&events, &[Pressed, Released]);
    }
    // Without its modifiers it is anybody's key.
    desktop.types(&["key", "space", "key", "ctrl+space"]);
    expect_nothing(&events);
}

#[test]
fn a_key_of_another_program_is_refused_in_words() {
    let desktop = Desktop::start();
    let other = desktop.another_program_grabs().expect("the key is free");
    let (mut hotkey, events) = watch("Ctrl+Shift+Space");
    let reason = "Ctrl+Shift+Space is already used by another program: choose another key in the \
                  settings.";
    expect(&events, &[HotkeyEvent::Unavailable { reason: reason.into() }]);
    hotkey.change(key("Ctrl+Alt+K"));
    expect(&events, &[ready("Ctrl+Alt+K")]);
    hotkey.change(key("Ctrl+Shift+Space"));
    let reason = "Ctrl+Shift+Space is already used by another program, so Ctrl+Alt+K stays: \
                  choose another key in the settings.";
    expect(&events, &[HotkeyEvent::Unavailable { reason: reason.into() }]);
    desktop.types(&["key", "ctrl+alt+k"]);
    expect(&events, &[Pressed, Released]);
    drop(other);
    hotkey.change(key("Ctrl+Shift+Space"));
    expect(&events, &[ready("Ctrl+Shift+Space")]);
}

#[test]
fn a_key_that_is_changed_or_dropped_while_held_is_released_and_given_back() {
    let desktop = Desktop::start();
    let (mut hotkey, events) = watch("Ctrl+Shift+Space");
    expect(&events, &[ready("Ctrl+Shift+Space")]);
    desktop.types(&["keydown", "ctrl+shift+space"]);
    expect(&events, &[Pressed]);
    hotkey.change(key("F9"));
    expect(&events, &[Released, ready("F9")]);
    desktop.types(&["keyup", "ctrl+shift+space"]);
    // The library's thread closes its connection within its 50 ms.
    let begin = Instant::now();
    let other = loop {
        match desktop.another_program_grabs() {
            Some(other) => break other,
            None => assert!(begin.elapsed() < Duration::from_secs(1), "it is not given back"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    drop(other);
    desktop.types(&["keydown", "F9"]);
    expect(&events, &[Pressed]);
    drop(hotkey);
    expect(&events, &[Released]);
    desktop.types(&["keyup", "F9"]);
}
