use super::*;
use std::collections::HashMap;
use std::sync::Mutex;

/// A keychain in this process; `None` is a computer without one.
#[derive(Default)]
struct Fake(Mutex<Option<HashMap<String, Vec<u8>>>>);

impl Fake {
    fn there() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(HashMap::new()))))
    }

    fn absent() -> Arc<Self> {
        Arc::default()
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Vec<u8>>) -> T) -> anyhow::Result<T> {
        self.0.lock().expect("one thread").as_mut().map(act).context("no keychain")
    }
}

impl Keychain for Fake {
    fn get(&self, name: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
        self.with(|entries| entries.get(name).cloned().map(Zeroizing::new))
    }
    fn set(&self, name: &str, secret: &[u8]) -> anyhow::Result<()> {
        self.with(|entries| drop(entries.insert(name.to_owned(), secret.to_vec())))
    }
    fn remove(&self, name: &str) -> anyhow::Result<()> {
        self.with(|entries| drop(entries.remove(name)))
    }
}

struct Place {
    dir: tempfile::TempDir,
    keychain: Arc<Fake>,
}

impl Place {
    fn new(keychain: Arc<Fake>) -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder"), keychain }
    }

    fn database(&self) -> PathBuf {
        self.dir.path().join("memory.sqlite")
    }

    fn vault(&self) -> Vault {
        Vault::with_keychain(&self.database(), self.keychain.clone())
    }

    /// As if something had been remembered.
    fn begin(&self, key: &Key) {
        crate::schema::open(&self.database(), key).expect("a database");
    }

    fn key_file(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("memory.key")).expect("a key file")
    }
}

#[test]
fn the_keychain_keeps_the_key_and_the_file_does_not() {
    let place = Place::new(Fake::there());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    assert_eq!(place.vault().keeper(), Some(Keeper::Keychain));
    assert!(!place.key_file().contains(key.hex().as_str()));
    assert_eq!(place.vault().key().expect("the same"), key);
}

#[test]
fn without_a_keychain_the_file_keeps_it_for_its_owner_alone() {
    let place = Place::new(Fake::absent());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    assert_eq!(place.vault().keeper(), Some(Keeper::File));
    assert_eq!(place.vault().key().expect("the same"), key);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode(&place.dir.path().join("memory.key")) & 0o777, 0o600);
        assert_eq!(mode(place.dir.path()) & 0o777, 0o700);
    }
}

#[test]
fn a_lost_keychain_entry_comes_back_by_the_recovery_phrase() {
    let place = Place::new(Fake::there());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    let phrase = key.phrase();
    place.keychain.with(HashMap::clear).expect("there");
    assert!(matches!(place.vault().key(), Err(Locked::KeyLost)));
    let other = Key::random().expect("random").phrase();
    assert!(matches!(place.vault().recover(&other), Err(Locked::OtherPhrase)));
    assert!(matches!(place.vault().recover("one two"), Err(Locked::Phrase(_))));
    assert_eq!(place.vault().recover(&phrase).expect("recovered"), key);
    assert_eq!(place.vault().key().expect("kept again"), key);
    assert_eq!(place.vault().keeper(), Some(Keeper::Keychain));
}

#[test]
fn a_lost_key_file_comes_back_by_the_recovery_phrase() {
    let place = Place::new(Fake::absent());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    std::fs::remove_file(place.dir.path().join("memory.key")).expect("removed");
    assert!(matches!(place.vault().key(), Err(Locked::KeyLost)), "never a new key over the old");
    let other = Key::random().expect("random").phrase();
    assert!(matches!(place.vault().recover(&other), Err(Locked::OtherPhrase)));
    assert_eq!(place.vault().recover(&key.phrase()).expect("recovered"), key);
    assert_eq!(place.vault().key().expect("kept again"), key);
}

#[test]
fn a_torn_key_file_is_a_lost_key() {
    let place = Place::new(Fake::absent());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    std::fs::write(place.dir.path().join("memory.key"), "{\"keeper\": \"fi").expect("torn");
    assert!(matches!(place.vault().key(), Err(Locked::KeyLost)));
    assert_eq!(place.vault().recover(&key.phrase()).expect("recovered"), key);
}

#[test]
fn a_passphrase_keeps_it_from_everyone_else() {
    let place = Place::new(Fake::there());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    place.vault().keep_by_passphrase(&key, "open, sesame").expect("kept");
    assert!(place.keychain.with(|entries| entries.is_empty()).expect("there"), "taken out of it");
    assert!(!place.key_file().contains(key.hex().as_str()));
    assert!(matches!(place.vault().key(), Err(Locked::Passphrase)));
    let wrong = place.vault().key_by_passphrase("open, barley");
    assert!(matches!(wrong, Err(Locked::WrongPassphrase)), "{wrong:?}");
    assert_eq!(place.vault().key_by_passphrase("open, sesame").expect("opened"), key);
}

#[test]
fn a_silent_keychain_is_not_a_lost_key() {
    let place = Place::new(Fake::there());
    let key = place.vault().key().expect("a key");
    place.begin(&key);
    *place.keychain.0.lock().expect("one thread") = None;
    assert!(matches!(place.vault().key(), Err(Locked::KeychainSilent(_))));
}

#[test]
fn what_is_sealed_opens_with_its_passphrase_alone() {
    let sealed = encrypt(b"my sister Ana", "lisbon").expect("sealed");
    assert!(sealed.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----"));
    assert_eq!(&decrypt(&sealed, "lisbon").expect("opened")[..], b"my sister Ana");
    assert!(matches!(decrypt(&sealed, "porto"), Err(Sealed::WrongPassphrase)));
    assert!(matches!(decrypt(&sealed[..sealed.len() / 2], "lisbon"), Err(Sealed::Damaged(_))));
    assert!(matches!(decrypt(b"hello", "lisbon"), Err(Sealed::Damaged(_))));
}
