//! Shows where a file lies, by the desktop's own program for folders.
//!
//! Called for the window on a thread of its own, since it waits a moment for that
//! program: the crates for this (`opener`, `open`) start one and do not tell that it
//! failed, and then the person is to be told the path. Nothing is opened that could be
//! run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that has not failed by then shows the folder.
const FAILS_WITHIN: Duration = Duration::from_secs(3);
const TICK: Duration = Duration::from_millis(50);

/// Opens the folder of this file; `false` where no program does. Returns, at the
/// latest, when that program ends.
pub fn folder_of(file: &Path) -> bool {
    let Some(folder) = file.parent() else { return false };
    let mut command = if cfg!(target_os = "macos") {
        let mut open = Command::new("open");
        open.arg("-R").arg(file);
        open
    } else if cfg!(windows) {
        let mut explorer = Command::new("explorer");
        explorer.arg(folder);
        explorer
    } else {
        let mut open = Command::new("xdg-open");
        open.arg(folder);
        open
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut program) = command.spawn() else { return false };
    let begun = Instant::now();
    while begun.elapsed() < FAILS_WITHIN {
        match program.try_wait() {
            // Explorer reports failure whatever it does.
            Ok(Some(status)) => return status.success() || cfg!(windows),
            Ok(None) => std::thread::sleep(TICK),
            Err(_) => return false,
        }
    }
    let _ = program.wait();
    true
}
