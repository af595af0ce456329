//! The window's screens and flows, found by their accessible names, without a
//! session: what happened is told by hand, what was asked for is recorded.

mod conversation;
mod desktop;
mod errands;
mod everywhere;
mod german;
mod letters;
mod listening;
mod memory;
mod notices;
mod painter;
mod pictures;
mod right_to_left;
mod search;
mod settings;
mod small;
mod talking;
mod welcome;
mod window;
