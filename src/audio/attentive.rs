//! What the microphone hears while no key delimits speech: her own voice is
//! taken out of it, and somebody's onset and pauses are told.
//!
//! Used by the threads behind a [`super::Microphone`]: they push what was
//! captured, and are given sound for the turn under way and what is heard of
//! speech. It knows nothing of turns and words, and keeps the last ten seconds
//! in memory only.

