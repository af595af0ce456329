//! The talk key that works everywhere on the desktop.
