//! What she remembers, and its key.

use super::{Found, doubtful, fails, works};
use crate::paths::Paths;
use memory::vault::{Keeper, Locked, Vault};

pub(super) fn check(paths: &Paths) -> Found {
    let file = paths.memory_file();
    if !file.exists() {
        return works("There is nothing to remember yet.");
    }
    let vault = Vault::new(&file);
    let keeper = match vault.keeper() {
        Some(Keeper::Keychain) => "this computer's keychain keeps its key",
        Some(Keeper::File) => "a file that only your account can read keeps its key",
        Some(Keeper::Passphrase) | None => "it opens with your passphrase",
    };
    match vault.key() {
        Ok(key) if vault.fits(&key) => works(format!("It opens; {keeper}.")),
        Ok(_) => doubtful(
            "It is damaged: at the next start she keeps the damaged file aside and takes over what \
             can be read.",
        ),
        Err(Locked::Passphrase) => works("It opens with your passphrase."),
        Err(locked) => fails(locked.to_string()),
    }
}
