//! Who she is.
