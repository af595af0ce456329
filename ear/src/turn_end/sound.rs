//! Whether they have finished, by how it sounds.
