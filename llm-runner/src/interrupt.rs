//! By what the thread that reads requests stops the one that computes.
//!
//! Two words of shared state, both only ever raised: the highest id that was
//! cancelled and the newest id that was asked. llama.cpp looks at the first
//! between the operations of its graph.

use llm_protocol::RequestId;
use std::ffi::c_void;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Shared by both threads.
#[derive(Debug, Default)]
pub struct Interrupt {
    /// What the computing thread works on; 0 while it works on nothing.
    running: AtomicU64,
    cancelled_up_to: AtomicU64,
    newest: AtomicU64,
}

impl Interrupt {
    /// A request has come in.
    pub fn announce(&self, id: RequestId) {
        self.newest.fetch_max(id, SeqCst);
    }

    /// Stop this request and those before it.
    pub fn cancel(&self, id: RequestId) {
        self.cancelled_up_to.fetch_max(id, SeqCst);
    }

    /// Stop everything: nobody listens any more.
    pub fn close(&self) {
        self.cancel(RequestId::MAX);
    }

    /// Whether everything was stopped.
    pub fn is_closed(&self) -> bool {
        self.cancelled_up_to.load(SeqCst) == RequestId::MAX
    }

    /// The computing thread begins this request.
    pub fn begin(&self, id: RequestId) {
        self.running.store(id, SeqCst);
    }

    /// Whether the running request was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.running.load(SeqCst) <= self.cancelled_up_to.load(SeqCst)
    }

    /// Whether a newer request waits behind the running one.
    pub fn is_superseded(&self) -> bool {
        self.running.load(SeqCst) < self.newest.load(SeqCst)
    }
}

/// For llama.cpp: whether to stop computing. `interrupt` points to an
/// [`Interrupt`].
pub unsafe extern "C" fn abort_callback(interrupt: *mut c_void) -> bool {
    // SAFETY: the engine passes a pointer to the `Interrupt` it keeps alive
    // for longer than the llama.cpp context that calls this.
    let interrupt = unsafe { &*interrupt.cast::<Interrupt>() };
    interrupt.is_cancelled()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancellation_reaches_what_comes_before_it_only() {
        let interrupt = Interrupt::default();
        interrupt.cancel(4);
        interrupt.begin(4);
        assert!(interrupt.is_cancelled());
        interrupt.begin(5);
        assert!(!interrupt.is_cancelled());
        interrupt.close();
        assert!(interrupt.is_cancelled());
        assert!(interrupt.is_closed());
    }

    #[test]
    fn a_newer_request_supersedes() {
        let interrupt = Interrupt::default();
        interrupt.announce(1);
        interrupt.begin(1);
        assert!(!interrupt.is_superseded());
        interrupt.announce(2);
        assert!(interrupt.is_superseded());
    }
}
