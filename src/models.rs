//! Weights: the catalogue, fetching, verifying, where they lie.
