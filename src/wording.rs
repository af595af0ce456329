//! Every text of the window that a person reads.
