//! What must be in the environment before the process's first thread starts.
//!
//! Called by `main` before anything else. Whisper computes on OpenMP threads
//! whose runtime reads its settings when it is loaded, so the process sets
//! them and starts itself anew. Changes nothing a person has set.

/// How long an OpenMP thread waits busily for its next piece of work before it
/// sleeps. The default (nearly for ever) makes Whisper many times slower as
/// soon as another program wants the cores; sleeping at once makes it nearly
/// twice as slow when none does.
const SPIN_COUNT: &str = "1000";

/// Starts the process anew with the right environment, if it is not right
/// already. Returns if it is, or if that cannot be done.
#[cfg(target_os = "linux")]
pub fn prepare() {
    use std::os::unix::process::CommandExt as _;
    let is_set = |name: &str| std::env::var_os(name).is_some();
    // Also what keeps this from happening twice.
    if is_set("GOMP_SPINCOUNT") || is_set("OMP_WAIT_POLICY") {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut args = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = args.next() {
        command.arg0(name);
    }
    // Returns only on failure; slower hearing is better than none.
    let error = command.args(args).env("GOMP_SPINCOUNT", SPIN_COUNT).exec();
    tracing::warn!("hearing will be slow while other programs are busy: {error}");
}

/// Only the GNU runtime needs this.
#[cfg(not(target_os = "linux"))]
pub fn prepare() {}
