//! What she remembers, and its key.

use super::{Found, doubtful, fails, works};
use crate::paths::Paths;
use crate::wording::findings as words;
use crate::wording::memory::locked;
use memory::vault::{Keeper, Locked, Vault};

pub(super) fn check(paths: &Paths) -> Found {
    let file = paths.memory_file();
    if !file.exists() {
        return works(words::NOTHING_REMEMBERED);
    }
    let vault = Vault::new(&file);
    match vault.key() {
        Ok(key) if vault.fits(&key) => {
            works(words::opens(vault.keeper().unwrap_or(Keeper::Passphrase)))
        }
        Ok(_) => doubtful(words::MEMORY_DAMAGED),
        Err(Locked::Passphrase) => works(words::opens(Keeper::Passphrase)),
        Err(why) => fails(locked(&why)),
    }
}
