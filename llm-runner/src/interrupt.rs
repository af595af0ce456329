//! By what the thread that reads requests stops the one that computes.
//!
//! Two words of shared state, both only ever raised: the highest id that was
//! cancelled and the newest id that the conversation asked. llama.cpp looks at
//! them between the operations of its graph.

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
    /// A request of the conversation has come in.
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

    /// Whether the conversation waits behind the running request.
    pub fn is_superseded(&self) -> bool {
        self.running.load(SeqCst) < self.newest.load(SeqCst)
    }

    /// Whether the running request is to stop at once.
    pub fn stops(&self, priority: Priority) -> bool {
        match priority {
            Priority::Conversation => self.is_cancelled(),
            Priority::Aside => self.is_cancelled() || self.is_superseded(),
        }
    }
}

/// What a request gives way to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// To a cancellation only.
    Conversation,
    /// To every newer request of the conversation too.
    Aside,
}

impl Priority {
    /// For llama.cpp: whether to stop computing. Its argument points to an
    /// [`Interrupt`].
    pub fn abort_callback(self) -> unsafe extern "C" fn(*mut c_void) -> bool {
        match self {
            Self::Conversation => abort_conversation,
            Self::Aside => abort_aside,
        }
    }
}

unsafe extern "C" fn abort_conversation(interrupt: *mut c_void) -> bool {
    // SAFETY: the reader passes a pointer to the `Interrupt` it keeps alive
    // for longer than the llama.cpp context that calls this.
    unsafe { &*interrupt.cast::<Interrupt>() }.stops(Priority::Conversation)
}

unsafe extern "C" fn abort_aside(interrupt: *mut c_void) -> bool {
    // SAFETY: as above.
    unsafe { &*interrupt.cast::<Interrupt>() }.stops(Priority::Aside)
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

    #[test]
    fn only_an_aside_stops_for_what_the_conversation_asks() {
        let interrupt = Interrupt::default();
        interrupt.announce(1);
        interrupt.begin(2);
        assert!(!interrupt.stops(Priority::Aside), "what came before it was answered before it");
        interrupt.announce(3);
        assert!(interrupt.stops(Priority::Aside));
        assert!(!interrupt.stops(Priority::Conversation));
        interrupt.begin(3);
        assert!(!interrupt.stops(Priority::Conversation));
        interrupt.cancel(3);
        assert!(interrupt.stops(Priority::Conversation));
        assert!(interrupt.stops(Priority::Aside));
    }
}
