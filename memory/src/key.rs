//! The key that the memory is encrypted with, and its form as words.

use bip39::Mnemonic;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 256 bits; wiped from the process's memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<[u8; 32]>);

/// Why words are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseError {
    /// There are 24 of them.
    Count(usize),
    /// A word that is in no recovery phrase.
    Word(usize),
    /// Each is fine by itself.
    Checksum,
}

impl Key {
    /// A new one, from the system's source of randomness.
    pub fn random() -> anyhow::Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut bytes[..])
            .map_err(|error| anyhow::anyhow!("this system gives no random numbers: {error}"))?;
        Ok(Self(bytes))
    }

    /// From 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as 24 English words (BIP 39), to be written on paper.
    pub fn phrase(&self) -> Zeroizing<String> {
        let mnemonic = Mnemonic::from_entropy(&self.0[..]).expect("256 bits make 24 words");
        Zeroizing::new(mnemonic.to_string())
    }

    /// The key from its words; case, numbering and spacing do not matter.
    pub fn from_phrase(phrase: &str) -> Result<Self, PhraseError> {
        let words: Vec<String> = phrase
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if words.len() != 24 {
            return Err(PhraseError::Count(words.len()));
        }
        let phrase = Zeroizing::new(words.join(" "));
        let mnemonic = Mnemonic::parse_normalized(&phrase).map_err(|error| match error {
            bip39::Error::UnknownWord(index) => PhraseError::Word(index + 1),
            _ => PhraseError::Checksum,
        })?;
        Self::from_bytes(&Zeroizing::new(mnemonic.to_entropy())).ok_or(PhraseError::Checksum)
    }

    /// Tells keys apart without giving anything of them away.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new_with_prefix("samantha memory key").chain_update(&self.0[..]);
        digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Unlocks a database that was just opened, or sets the key of a new one.
    pub(crate) fn unlock(&self, connection: &Connection) -> rusqlite::Result<()> {
        // As raw bytes: nothing to be derived, so that opening is instant.
        let literal = Zeroizing::new(format!("x'{}'", &*self.hex()));
        connection.pragma_update(None, "key", literal.as_str())
    }

    /// The key as 64 hexadecimal digits.
    pub(crate) fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key from 64 hexadecimal digits.
    pub(crate) fn from_hex(hex: &str) -> Option<Self> {
        let hex = hex.trim();
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let bytes: Option<Vec<u8>> =
            (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect();
        Self::from_bytes(&Zeroizing::new(bytes?))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_words_give_the_key_back() {
        let key = Key::random().expect("random");
        let phrase = key.phrase();
        assert_eq!(phrase.split(' ').count(), 24);
        let as_typed: String = phrase
            .to_uppercase()
            .split(' ')
            .enumerate()
            .map(|(i, word)| format!("{}. {word}\n", i + 1))
            .collect();
        assert_eq!(Key::from_phrase(&as_typed), Ok(key.clone()));
        assert_eq!(Key::from_hex(&key.hex()), Some(key));
    }

    #[test]
    fn wrong_words_are_named() {
        let key = Key::from_bytes(&[7; 32]).expect("a key");
        let phrase = key.phrase();
        let words: Vec<&str> = phrase.split(' ').collect();
        assert_eq!(Key::from_phrase("a few words"), Err(PhraseError::Count(3)));
        let mut misspelt = words.clone();
        misspelt[4] = "samantha";
        assert_eq!(Key::from_phrase(&misspelt.join(" ")), Err(PhraseError::Word(5)));
        let mut swapped = words;
        swapped.swap(0, 1);
        assert_ne!(Key::from_phrase(&swapped.join(" ")), Ok(key));
    }

    #[test]
    fn it_does_not_show_itself() {
        let key = Key::from_bytes(&[0xab; 32]).expect("a key");
        assert!(!format!("{key:?}").contains("ab"));
        assert!(!key.fingerprint().contains("abab"));
    }
}
