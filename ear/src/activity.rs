//! When somebody began to speak and when they stopped.
