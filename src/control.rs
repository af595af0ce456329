//! The local socket through which `samantha talk` reaches the running app.
