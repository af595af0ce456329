//! Tests that are themselves programs on a virtual desktop.

use crate::desktop::{Desktop, Options};
use std::process::Command;

/// The folder of the desktop that the inner process is to start.
const FOLDER: &str = "REHEARSAL_FOLDER";

/// Gives the calling test a desktop, in a process of its own.
///
/// Sound libraries find their server through the environment, which a process
/// cannot change safely once it has threads. So the first call runs the test's
/// binary again, for this test alone, with the right environment, and returns
/// `None` after the inner run has passed; the inner call returns the desktop.
///
/// ```no_run
/// # #[allow(dead_code)]
/// fn something_is_heard() {
///     let Some(desktop) =
///         rehearsal::own_desktop("something_is_heard", &rehearsal::Options::default())
///     else {
///         return;
///     };
///     // From here on, this process is a program on that desktop.
/// #   drop(desktop);
/// }
/// ```
///
/// # Panics
/// If the inner run fails or the desktop does not start.
pub fn own_desktop(test: &str, options: &Options) -> Option<Desktop> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        match Desktop::start_in(folder.as_ref(), options) {
            Ok(desktop) => return Some(desktop),
            Err(error) => panic!("the virtual desktop did not start: {error:#}"),
        }
    }
    match run_inner(test) {
        Ok(true) => None,
        Ok(false) => panic!("{test} failed on its virtual desktop"),
        Err(error) => panic!("{test} could not be run on a virtual desktop: {error:#}"),
    }
}

fn run_inner(test: &str) -> anyhow::Result<bool> {
    let folder = tempfile::Builder::new().prefix("rehearsal-").tempdir()?;
    let output = Command::new(std::env::current_exe()?)
        .args([test, "--exact", "--include-ignored", "--nocapture"])
        .envs(Desktop::sound_environment(folder.path()))
        .env(FOLDER, folder.path())
        .output()?;
    let (printed, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    print!("{printed}");
    if !output.status.success() {
        print!("{complained}");
    }
    anyhow::ensure!(printed.contains("running 1 test"), "there is no test of this name");
    Ok(output.status.success())
}
