//! The handle of a thread that serves requests.
//!
//! Engines hand it out as their trait; its calls return at once. When it is
//! dropped the thread finds its inbox closed, and is waited for.

use crossbeam_channel::{Receiver, Sender, unbounded};
use std::thread::JoinHandle;

/// Sends requests to a thread that ends with it.
pub(crate) struct Worker<R> {
    requests: Option<Sender<R>>,
    thread: Option<JoinHandle<()>>,
}

impl<R: Send + 'static> Worker<R> {
    /// Starts a thread of this name. If there is none to be had, that is logged
    /// and requests do nothing.
    pub(crate) fn start(name: &str, run: impl FnOnce(&Receiver<R>) + Send + 'static) -> Self {
        // Unbounded: a request follows from what a person does, and its sender
        // must never wait.
        let (requests, inbox) = unbounded();
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || run(&inbox));
        let thread = thread
            .inspect_err(|error| tracing::error!("the {name} thread did not start: {error}"))
            .ok();
        Self { requests: Some(requests), thread }
    }

    /// Asks for something.
    pub(crate) fn send(&self, request: R) {
        if let Some(requests) = &self.requests {
            // The thread ends before this handle only if it could do nothing.
            let _ = requests.send(request);
        }
    }
}

impl<R> Drop for Worker<R> {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // Its panic has been reported by the panic hook already.
            let _ = thread.join();
        }
    }
}
