//! What must be in the environment before the process's first thread starts.
//!
//! Called by `main` before anything else. Whisper, and the language model in
//! its own process, compute on OpenMP threads whose runtime reads its settings
//! when it is loaded, and so does the C library's allocator: the process sets
//! them and starts itself anew. Changes nothing a person has set.

/// How long an OpenMP thread waits busily for its next piece of work before it
/// sleeps. The default (nearly for ever) makes Whisper many times slower as
/// soon as another program wants the cores; sleeping at once makes it nearly
/// twice as slow when none does, and halves the language model's tokens a
/// second both alone and beside others.
const SPIN_COUNT: &str = "1000";

/// Whisper takes and returns buffers of megabytes for every piece of sound. The
/// allocator would learn to keep them, in a pool for each thread that ever had
/// to wait for another: eight megabytes more, once in a while and for good.
/// So large ones go back to the system, and there are two pools.
const ALLOCATOR: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "524288"), ("MALLOC_ARENA_MAX", "2")];

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
    command.envs(ALLOCATOR.into_iter().filter(|(name, _)| !is_set(name)));
    // Returns only on failure; slower hearing is better than none.
    let error = command.args(args).env("GOMP_SPINCOUNT", SPIN_COUNT).exec();
    tracing::warn!("hearing will be slow while other programs are busy: {error}");
}

/// Only the GNU runtime needs this.
#[cfg(not(target_os = "linux"))]
pub fn prepare() {}
