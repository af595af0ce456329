//! Whether they have finished, by their words.
