//! What she says of listening itself.

/// Into a long silence, at most once.
pub const GENTLE_WORD: &str = "I'm here.";

/// When she was asked to stop listening.
pub const STOPPED_LISTENING: &str =
    "I've stopped listening. The microphone is closed until you open it again.";
