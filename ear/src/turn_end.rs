//! Whether the person has finished.

pub mod sound;
pub mod words;
