//! Whether the person has finished.

pub mod patience;
pub mod sound;
pub mod words;
