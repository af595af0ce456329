//! How Samantha listens, as pure computation: no device, no clock, and no
//! thread but those that `rten` keeps for its networks.
//!
//! Sound is 16 kHz mono in -1.0..=1.0 everywhere, and time is counted in its
//! samples. The app feeds what the microphone hears; what a word is, only the
//! recogniser knows.
//!
//! - [`highpass`]: takes rumble out of it;
//! - [`echo`]: takes her own voice out of what the microphone hears;
//! - [`vad`]: whether somebody speaks; [`activity`]: when they began and stopped;
//! - [`turn_end`]: whether they have finished, by sound and by words.

pub mod activity;
pub mod echo;
pub mod highpass;
pub mod turn_end;
pub mod vad;

/// The rate of all sound in this crate.
pub const RATE_HZ: u32 = 16_000;
