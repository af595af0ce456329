//! Conversations on disk, saved as they happen.
