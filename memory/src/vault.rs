//! Where the key lies between two starts, and how it is got back.
//!
//! Beside the database lies a small file that tells who keeps the key: the
//! system's keychain, this file itself, or a passphrase (then it holds the
//! key, encrypted with it by `age`). It never holds a key that the person
//! asked to be kept elsewhere, and it holds the key's fingerprint, so that a
//! wrong key and a damaged database can be told apart.

use crate::key::{Key, PhraseError};
use crate::private;
use crate::schema::Trouble;
use age::secrecy::SecretString;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

mod keychain;

pub use keychain::{Keychain, NoKeychain, SystemKeychain};

/// Who keeps the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeper {
    /// The system's keychain: it opens with the person's login.
    Keychain,
    /// A file that only the person's account can read.
    File,
    /// The person's head: a passphrase at each start.
    Passphrase,
}

/// Why the memory stays closed. What is said of it is the app's.
#[derive(Debug)]
pub enum Locked {
    /// It opens with a passphrase.
    Passphrase,
    /// That was not it.
    WrongPassphrase,
    /// The keychain did not answer, for instance because it is locked.
    KeychainSilent(anyhow::Error),
    /// The keychain has no such entry, or the file is gone.
    KeyLost,
    /// The words are no recovery phrase.
    Phrase(PhraseError),
    /// The words are one, but of another memory.
    OtherPhrase,
    /// Disk or system.
    Failed(anyhow::Error),
}

/// What the key file says.
#[derive(Serialize, Deserialize)]
struct Record {
    keeper: Keeper,
    /// Of the key, to recognise it.
    fingerprint: String,
    /// Under which name the keychain has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    entry: String,
    /// The key as hexadecimal digits ([`Keeper::File`]) or encrypted and
    /// armoured ([`Keeper::Passphrase`]).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    key: Zeroizing<String>,
}

/// Keeps the key of one memory.
#[derive(Clone)]
pub struct Vault {
    file: PathBuf,
    database: PathBuf,
    keychain: Arc<dyn Keychain>,
}

impl Vault {
    /// For the database at `database`; the key file lies beside it. A person
    /// whose keychain is no good sets `SAMANTHA_NO_KEYCHAIN`.
    pub fn new(database: &Path) -> Self {
        if std::env::var_os("SAMANTHA_NO_KEYCHAIN").is_some() {
            return Self::with_keychain(database, Arc::new(NoKeychain));
        }
        Self::with_keychain(database, Arc::new(SystemKeychain))
    }

    /// The same with another keychain.
    pub fn with_keychain(database: &Path, keychain: Arc<dyn Keychain>) -> Self {
        Self { file: database.with_extension("key"), database: database.to_owned(), keychain }
    }

    /// Who keeps the key; `None` before there is one.
    pub fn keeper(&self) -> Option<Keeper> {
        self.record().ok().flatten().map(|record| record.keeper)
    }

    /// The key, if it can be had without the person's help. A memory that does
    /// not exist yet gets a new one, kept by the keychain if there is one, else
    /// by the file.
    pub fn key(&self) -> Result<Key, Locked> {
        let Some(record) = self.record()? else {
            let begun = std::fs::metadata(&self.database)
                .is_ok_and(|data| data.is_file() && data.len() > 0);
            return if begun { Err(Locked::KeyLost) } else { self.first_key() };
        };
        let key = match record.keeper {
            Keeper::Passphrase => return Err(Locked::Passphrase),
            Keeper::File => Key::from_hex(&record.key),
            Keeper::Keychain => self
                .keychain
                .get(&record.entry)
                .map_err(Locked::KeychainSilent)?
                .and_then(|bytes| Key::from_bytes(&bytes)),
        };
        key.filter(|key| key.fingerprint() == record.fingerprint).ok_or(Locked::KeyLost)
    }

    /// Whether the key opens the database.
    pub fn fits(&self, key: &Key) -> bool {
        crate::schema::opens(&self.database, key)
    }

    /// The key of a memory that opens with a passphrase.
    pub fn key_by_passphrase(&self, passphrase: &str) -> Result<Key, Locked> {
        let record = self.record()?.ok_or(Locked::KeyLost)?;
        let hex = decrypt(record.key.as_bytes(), passphrase).map_err(|error| match error {
            Sealed::WrongPassphrase => Locked::WrongPassphrase,
            Sealed::Damaged(error) => Locked::Failed(error),
        })?;
        let hex = std::str::from_utf8(&hex).map_err(|_| Locked::KeyLost)?;
        Key::from_hex(hex).ok_or(Locked::KeyLost)
    }

    /// The key from the recovery phrase. It is given back to the keeper it was
    /// lost by, or to the file where that fails.
    pub fn recover(&self, phrase: &str) -> Result<Key, Locked> {
        let key = Key::from_phrase(phrase).map_err(Locked::Phrase)?;
        let record = self.record().ok().flatten();
        if record.as_ref().is_some_and(|record| record.fingerprint != key.fingerprint()) {
            return Err(Locked::OtherPhrase);
        }
        if record.is_none() && !crate::schema::opens(&self.database, &key) {
            return Err(Locked::OtherPhrase);
        }
        self.keep_somehow(&key).map_err(Locked::Failed)?;
        Ok(key)
    }

    /// Has the key kept by the keychain or the file from now on.
    pub fn keep(&self, key: &Key, keeper: Keeper) -> anyhow::Result<()> {
        let mut record = Record {
            keeper,
            fingerprint: key.fingerprint(),
            entry: String::new(),
            key: Zeroizing::default(),
        };
        match keeper {
            Keeper::File => record.key = key.hex(),
            Keeper::Keychain => {
                record.entry = format!("memory {}", record.fingerprint);
                self.keychain.set(&record.entry, key.bytes())?;
                let kept = self.keychain.get(&record.entry)?;
                anyhow::ensure!(
                    kept.is_some_and(|kept| kept[..] == key.bytes()[..]),
                    Trouble::KeychainForgets
                );
            }
            Keeper::Passphrase => anyhow::bail!("no passphrase was given"),
        }
        self.replace(&record)
    }

    /// Has the key kept by a passphrase from now on.
    pub fn keep_by_passphrase(&self, key: &Key, passphrase: &str) -> anyhow::Result<()> {
        anyhow::ensure!(!passphrase.is_empty(), "a passphrase has at least one letter");
        let sealed = encrypt(key.hex().as_bytes(), passphrase)?;
        self.replace(&Record {
            keeper: Keeper::Passphrase,
            fingerprint: key.fingerprint(),
            entry: String::new(),
            key: Zeroizing::new(String::from_utf8(sealed)?),
        })
    }

    fn first_key(&self) -> Result<Key, Locked> {
        let key = Key::random().map_err(Locked::Failed)?;
        self.keep_somehow(&key).map_err(Locked::Failed)?;
        Ok(key)
    }

    fn keep_somehow(&self, key: &Key) -> anyhow::Result<()> {
        self.keep(key, Keeper::Keychain).or_else(|_| self.keep(key, Keeper::File))
    }

    fn record(&self) -> Result<Option<Record>, Locked> {
        let text = match std::fs::read_to_string(&self.file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Locked::Failed(error.into())),
        };
        // A file that was torn is no better than none: the phrase helps.
        serde_json::from_str(&text).map(Some).map_err(|_| Locked::KeyLost)
    }

    /// Writes the new record before the old one is given up.
    fn replace(&self, record: &Record) -> anyhow::Result<()> {
        let old = self.record().ok().flatten();
        let text = Zeroizing::new(serde_json::to_string_pretty(record)?);
        private::replace(&self.file, text.as_bytes())
            .with_context(|| format!("cannot write {}", self.file.display()))?;
        if let Some(old) = old
            && old.keeper == Keeper::Keychain
            && record.keeper != Keeper::Keychain
        {
            // The key must not stay where the person no longer wants it.
            self.keychain.remove(&old.entry)?;
        }
        Ok(())
    }
}

/// Why something encrypted with a passphrase cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Sealed {
    /// It was encrypted with another.
    #[error("that is not the passphrase it was encrypted with")]
    WrongPassphrase,
    /// It is no such file, or not all of it.
    #[error("it is damaged or incomplete: {0:#}")]
    Damaged(anyhow::Error),
}

/// Binary logarithm of how much a guess at the passphrase costs: 128 MiB, and
/// some tenths of a second.
const LOG_WORK_FACTOR: u8 = 17;

/// Encrypts with a passphrase, in the armoured `age` format.
pub fn encrypt(plain: &[u8], passphrase: &str) -> anyhow::Result<Vec<u8>> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase));
    // Left to itself, `age` first measures the computer for a second or more.
    recipient.set_work_factor(LOG_WORK_FACTOR);
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _))?;
    let armour =
        age::armor::ArmoredWriter::wrap_output(Vec::new(), age::armor::Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armour)?;
    writer.write_all(plain)?;
    Ok(writer.finish()?.finish()?)
}

/// Whether this was encrypted with a passphrase.
pub fn is_sealed(content: &[u8]) -> bool {
    content.starts_with(b"-----BEGIN AGE") || content.starts_with(b"age-encryption.org/")
}

/// Decrypts what [`encrypt`] made, or `age --passphrase`.
pub fn decrypt(sealed: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Sealed> {
    let damaged = |error: anyhow::Error| Sealed::Damaged(error);
    let decryptor = age::Decryptor::new(age::armor::ArmoredReader::new(sealed))
        .map_err(|error| damaged(error.into()))?;
    let identity = age::scrypt::Identity::new(SecretString::from(passphrase));
    let mut reader =
        decryptor.decrypt(std::iter::once(&identity as _)).map_err(|error| match error {
            age::DecryptError::DecryptionFailed
            | age::DecryptError::KeyDecryptionFailed
            | age::DecryptError::NoMatchingKeys => Sealed::WrongPassphrase,
            other => damaged(other.into()),
        })?;
    let mut plain = Zeroizing::new(Vec::new());
    reader.read_to_end(&mut plain).map_err(|error| damaged(error.into()))?;
    Ok(plain)
}

#[cfg(test)]
mod tests;
