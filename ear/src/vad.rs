//! Whether somebody speaks.
