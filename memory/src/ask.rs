//! Requests to the memory itself.
