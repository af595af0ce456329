//! The display and the talk key, under X11 and Wayland.

use super::{Found, doubtful, fails, within, works};
use crate::paths::Paths;
use crate::settings::Talk;
use global_hotkey::GlobalHotKeyManager;
use global_hotkey::hotkey::HotKey;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

const ANSWER_WITHIN: Duration = Duration::from_secs(4);

const BIND_YOURSELF: &str =
    "in your desktop's keyboard settings, bind a key to `samantha talk toggle`";

pub(super) fn check_display() -> Found {
    if let Some(socket) = wayland_socket() {
        return match UnixStream::connect(&socket) {
            Ok(_) => works("The Wayland desktop answers."),
            Err(_) => fails(format!(
                "No Wayland desktop answers at {}: start Samantha from within your desktop.",
                socket.display()
            )),
        };
    }
    match std::env::var("DISPLAY") {
        Err(_) => fails(
            "There is no display here: start Samantha within a desktop, or talk with her by \
             `samantha chat`.",
        ),
        Ok(display) => match within(ANSWER_WITHIN, || x11rb::connect(None).is_ok()) {
            Some(true) => works(format!("The display {display} answers.")),
            _ => fails(format!(
                "The display {display} does not answer: start Samantha within your desktop."
            )),
        },
    }
}

pub(super) fn check_hotkey(paths: &Paths, settings: &Talk) -> Found {
    let key = settings.hotkey.clone();
    if key.is_empty() {
        return doubtful("No talk key is set; the window's button and the space bar serve.");
    }
    if UnixStream::connect(paths.control_socket()).is_ok() {
        return works("Samantha is running and takes care of the key herself.");
    }
    if wayland_socket().is_some() {
        return check_portal();
    }
    let hotkey: HotKey = match key.parse() {
        Ok(hotkey) => hotkey,
        Err(_) => {
            return fails(format!(
                "The talk key {key:?} of the settings is not a key: write it like \
                 `Ctrl+Shift+Space`."
            ));
        }
    };
    // The library reports success where there is no display at all.
    let grabbed = within(ANSWER_WITHIN, move || {
        x11rb::connect(None).ok()?;
        let manager = GlobalHotKeyManager::new().ok()?;
        let grabbed = manager.register(hotkey).is_ok();
        let _ = manager.unregister(hotkey);
        Some(grabbed)
    });
    match grabbed.flatten() {
        Some(true) => works(format!("{key} can be used everywhere.")),
        Some(false) => {
            fails(format!("Another program owns {key}: choose another talk key in the settings."))
        }
        None => fails("There is no display to take keys from: start Samantha within a desktop."),
    }
}

/// Under Wayland only the desktop's portal can give a program a key.
fn check_portal() -> Found {
    let version = within(ANSWER_WITHIN, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        runtime.block_on(async {
            let portal = ashpd::desktop::global_shortcuts::GlobalShortcuts::new().await.ok()?;
            Some(portal.version())
        })
    });
    match version.flatten() {
        Some(version) if version > 0 => {
            works("The desktop's portal for keys answers; it will ask once for consent.")
        }
        _ => fails(format!("This Wayland desktop gives programs no keys: {BIND_YOURSELF}.")),
    }
}

fn wayland_socket() -> Option<PathBuf> {
    let name = std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?;
    let runtime_dir = std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    Some(PathBuf::from(runtime_dir).join(name)) // an absolute name replaces the folder
}
