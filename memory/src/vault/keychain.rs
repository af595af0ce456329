//! The system's keychain: Secret Service, Keychain, Credential Manager.

use crate::schema::Trouble;
use anyhow::anyhow;
use std::sync::mpsc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Keychains ask the person for a password when they are locked, and some
/// never answer.
const PATIENCE: Duration = Duration::from_secs(30);

const SERVICE: &str = "samantha";

/// Keeps secrets by name.
pub trait Keychain: Send + Sync {
    /// The secret; `None` if there is none of that name.
    fn get(&self, name: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>>;
    /// Keeps it, over an earlier one of that name.
    fn set(&self, name: &str, secret: &[u8]) -> anyhow::Result<()>;
    /// Forgets it; nothing happens if there is none.
    fn remove(&self, name: &str) -> anyhow::Result<()>;
}

/// A computer without one.
#[derive(Clone, Copy, Debug)]
pub struct NoKeychain;

impl Keychain for NoKeychain {
    fn get(&self, _name: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
        Err(anyhow!(Trouble::NoKeychain))
    }

    fn set(&self, _name: &str, _secret: &[u8]) -> anyhow::Result<()> {
        Err(anyhow!(Trouble::NoKeychain))
    }

    fn remove(&self, _name: &str) -> anyhow::Result<()> {
        Ok(())
    }
}

/// What the system has.
#[derive(Clone, Copy, Debug)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn get(&self, name: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
        with_entry(name, |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, name: &str, secret: &[u8]) -> anyhow::Result<()> {
        let secret = Zeroizing::new(secret.to_vec());
        with_entry(name, move |entry| entry.set_secret(&secret))
    }

    fn remove(&self, name: &str) -> anyhow::Result<()> {
        with_entry(name, |entry| match entry.delete_credential() {
            Err(keyring::Error::NoEntry) => Ok(()),
            other => other,
        })
    }
}

/// Does something with an entry on a thread of its own, so that a keychain
/// that does not answer holds nothing up.
fn with_entry<T: Send + 'static>(
    name: &str,
    act: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let (tell, told) = mpsc::channel();
    let name = name.to_owned();
    std::thread::Builder::new().name("keychain".into()).spawn(move || {
        let outcome = keyring::Entry::new(SERVICE, &name).and_then(|entry| act(&entry));
        // Nobody waits any more: then it does not matter.
        let _ = tell.send(outcome);
    })?;
    match told.recv_timeout(PATIENCE) {
        Ok(outcome) => outcome.map_err(|error| anyhow!("{error}")),
        Err(_) => Err(anyhow!(Trouble::KeychainSilent)),
    }
}
