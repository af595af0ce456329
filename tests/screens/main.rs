//! The window's screens and flows, found by their accessible names, without a
//! session: what happened is told by hand, what was asked for is recorded.

mod conversation;
mod everywhere;
mod listening;
mod memory;
mod settings;
mod small;
mod talking;
mod window;
