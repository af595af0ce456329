//! The display and the talk key, under X11 and Wayland.

use super::{Found, doubtful, fails, within, works};
use crate::paths::Paths;
use crate::settings::Talk;
use crate::wording::{findings as words, notices};
use global_hotkey::GlobalHotKeyManager;
use global_hotkey::hotkey::HotKey;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

const ANSWER_WITHIN: Duration = Duration::from_secs(4);

pub(super) fn check_display() -> Found {
    if let Some(socket) = wayland_socket() {
        return match UnixStream::connect(&socket) {
            Ok(_) => works(words::WAYLAND_ANSWERS),
            Err(_) => fails(words::NO_WAYLAND.filling("socket", socket.display().to_string())),
        };
    }
    match std::env::var("DISPLAY") {
        Err(_) => fails(notices::NO_DISPLAY),
        Ok(display) => match within(ANSWER_WITHIN, || x11rb::connect(None).is_ok()) {
            Some(true) => works(words::DISPLAY_ANSWERS.filling("display", display)),
            _ => fails(words::DISPLAY_SILENT.filling("display", display)),
        },
    }
}

pub(super) fn check_hotkey(paths: &Paths, settings: &Talk) -> Found {
    let key = settings.hotkey.clone();
    if key.is_empty() {
        return doubtful(words::NO_KEY);
    }
    if UnixStream::connect(paths.control_socket()).is_ok() {
        return works(words::KEY_IN_USE);
    }
    if wayland_socket().is_some() {
        return check_portal();
    }
    let hotkey: HotKey = match key.parse() {
        Ok(hotkey) => hotkey,
        Err(_) => return fails(words::NOT_A_KEY.filling("key", key)),
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
        Some(true) => works(words::KEY_FREE.filling("key", key)),
        Some(false) => fails(words::KEY_TAKEN.filling("key", key)),
        None => fails(words::NO_DISPLAY_FOR_KEYS),
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
        Some(version) if version > 0 => works(words::PORTAL_ANSWERS),
        _ => fails(words::NO_PORTAL),
    }
}

fn wayland_socket() -> Option<PathBuf> {
    let name = std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?;
    let runtime_dir = std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    Some(PathBuf::from(runtime_dir).join(name)) // an absolute name replaces the folder
}
