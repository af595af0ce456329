//! Whether the person has finished.

pub mod fading;
pub mod patience;
pub mod sound;
pub mod words;
