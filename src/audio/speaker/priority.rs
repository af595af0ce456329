//! Lets the thread that calls back for sound run before the programs that keep
//! the computer busy.
//!
//! macOS and Windows give such threads their rank themselves. On Linux the
//! thread belongs to the sound server's client, which asks for nothing; so its
//! niceness is lowered here, directly where that is allowed, else by RealtimeKit,
//! which desktops run for this. Not made real-time: such a thread is killed
//! with its process if it ever works for too long.

/// The calling thread, for [`raise`]. One system call that never waits.
#[cfg(target_os = "linux")]
pub(super) fn this_thread() -> u32 {
    // SAFETY: it takes nothing, touches no memory and always succeeds.
    unsafe { libc::gettid() }.unsigned_abs()
}

/// Systems that need no help.
#[cfg(not(target_os = "linux"))]
pub(super) fn this_thread() -> u32 {
    0
}

/// Raises a thread of this process. May wait for a service.
#[cfg(target_os = "linux")]
pub(super) fn raise(thread: u32) {
    /// What sound servers take for themselves.
    const NICENESS: i32 = -11;
    let id = i32::try_from(thread).ok().and_then(rustix::process::Pid::from_raw);
    if id.is_some() && rustix::process::setpriority_process(id, NICENESS).is_ok() {
        return;
    }
    if let Err(error) = ask_realtime_kit(thread, NICENESS) {
        tracing::debug!(%error, "playing at normal priority");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn raise(_thread: u32) {}

#[cfg(target_os = "linux")]
fn ask_realtime_kit(thread: u32, niceness: i32) -> anyhow::Result<()> {
    const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let asking = async {
            let bus = zbus::Connection::system().await?;
            let name = "org.freedesktop.RealtimeKit1";
            let path = "/org/freedesktop/RealtimeKit1";
            let body = (u64::from(thread), niceness);
            bus.call_method(Some(name), path, Some(name), "MakeThreadHighPriority", &body).await
        };
        tokio::time::timeout(ANSWER_WITHIN, asking).await??;
        Ok(())
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn asking_for_more_than_is_allowed_does_no_harm() {
        raise(this_thread());
        raise(0);
        raise(u32::MAX);
    }
}
