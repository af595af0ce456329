//! A session bus nobody else knows, for tests that put somebody of their own on
//! it: a portal, a tray.

use anyhow::Context;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The bus; it ends with this.
pub struct PrivateBus {
    daemon: Child,
    address: String,
}

impl PrivateBus {
    /// Starts it.
    pub fn start() -> anyhow::Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon does not start: install the Debian package dbus")?;
        let mut address = String::new();
        let stdout = daemon.stdout.take().context("dbus-daemon says nothing")?;
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Self { daemon, address: address.trim().to_owned() })
    }

    /// Where programs find it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it, as when a desktop's session breaks down.
    pub fn end(&mut self) {
        // Errors mean that it has ended already.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.end();
    }
}
