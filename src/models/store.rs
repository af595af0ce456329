//! The folder of weights: `ID.gguf`, `ID.bin` or `ID.onnx`, and beside each an `ID.toml`
//! that records what it is. Fetching happens in `.staging` below it, so that a
//! weight appears whole, by a rename, or not at all. The record is written
//! first: a weight without one is never taken for installed.

use super::catalog::{Catalog, Kind, is_valid_id};
use super::digest::{self, Digest, Hasher};
use crate::cancel::CancelToken;
use crate::paths::{Paths, create_private_dir};
use crate::wording::{Text, bytes, fetching as words, reasons};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What a disk keeps free after a weight has been put on it.
const SPARE_BYTES: u64 = 64 << 20;

/// The folder of weights cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("{}", .what.with(&[("path", &.path.display()), ("reason", &reasons::of(.error))]))]
    Io {
        /// What cannot be done with the path.
        what: Text,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// Too little room on the disk.
    #[error("{}", words::NO_SPACE.with(&[
        ("needed", &bytes(*.needed)), ("dir", &.dir.display()), ("free", &bytes(*.free))
    ]))]
    NoSpace {
        /// The folder.
        dir: PathBuf,
        /// Bytes.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// There is no such weight.
    #[error("{}", words::NOT_INSTALLED.with(&[("id", .0)]))]
    NotInstalled(String),
}

/// Why a file of the person's own was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Neither GGUF nor a ggml file of Whisper.
    #[error("{} is neither a GGUF language model nor a ggml Whisper model", .0.display())]
    UnknownFormat(PathBuf),
    /// The id cannot name a file.
    #[error("{0:?} cannot be an id: use lower-case letters, digits, '.', '_' and '-' with --id")]
    InvalidId(String),
    /// Another weight has this id.
    #[error("{0} names another model already: choose a name with --id")]
    Taken(String),
    /// The caller raised the token.
    #[error("the import was cancelled")]
    Cancelled,
    /// The folder of weights cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A weight that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What it is called on the command line and in the settings.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
    /// What its sum was when it came.
    pub sha256: Digest,
    /// The person brought it with `models import`.
    pub imported: bool,
}

/// What `ID.toml` says.
#[derive(Serialize, Deserialize)]
struct Record {
    kind: Kind,
    size: u64,
    sha256: Digest,
    #[serde(default)]
    imported: bool,
}

/// The folder of weights.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// The store of the app's data folder. Nothing is made yet.
    pub fn new(paths: &Paths) -> Self {
        Self { dir: paths.models_dir() }
    }

    /// Everything that is here, by id. A weight whose size is not what was
    /// recorded does not count.
    pub fn installed(&self) -> Result<Vec<Installed>, StoreError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_error(words::CANNOT_READ, &self.dir)(error)),
        };
        let mut installed = Vec::new();
        for entry in entries {
            let path = entry.map_err(io_error(words::CANNOT_READ, &self.dir))?.path();
            let id = path.file_stem().and_then(|stem| stem.to_str());
            if let Some(id) = id.filter(|_| path.extension().is_some_and(|e| e == "toml")) {
                installed.extend(self.find_installed(id)?);
            }
        }
        installed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(installed)
    }

    /// The weight of that id, if it is here.
    pub fn find_installed(&self, id: &str) -> Result<Option<Installed>, StoreError> {
        if !is_valid_id(id) {
            return Ok(None);
        }
        let record_file = self.record_file(id);
        let text = match fs::read_to_string(&record_file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(words::CANNOT_READ, &record_file)(error)),
        };
        let Ok(record) = toml::from_str::<Record>(&text) else {
            tracing::warn!(
                "{} cannot be understood; fetch the weight again",
                record_file.display()
            );
            return Ok(None);
        };
        let path = self.weight_file(id, record.kind);
        let is_whole = fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() == record.size);
        Ok(is_whole.then(|| Installed {
            id: id.to_owned(),
            kind: record.kind,
            path,
            size: record.size,
            sha256: record.sha256,
            imported: record.imported,
        }))
    }

    /// Whether the weight still has the sum it came with. `None` when
    /// cancelled. `on_bytes` hears how many bytes were read so far.
    pub fn verify(
        &self,
        model: &Installed,
        cancel: &CancelToken,
        on_bytes: &mut dyn FnMut(u64),
    ) -> Result<Option<bool>, StoreError> {
        let sum = digest::of_file(&model.path, cancel, on_bytes)
            .map_err(io_error(words::CANNOT_READ, &model.path))?;
        Ok(sum.map(|sum| sum == model.sha256))
    }

    /// Deletes the weight and whatever an interrupted fetch of it left behind.
    pub fn remove(&self, id: &str) -> Result<(), StoreError> {
        let not_installed = || StoreError::NotInstalled(id.to_owned());
        if !is_valid_id(id) {
            return Err(not_installed());
        }
        let staging = self.staging_dir(id);
        let mut found = match fs::remove_dir_all(&staging) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(io_error(words::CANNOT_REMOVE, &staging)(error)),
        };
        let weights = Kind::ALL.map(|kind| self.weight_file(id, kind));
        for file in weights.into_iter().chain([self.record_file(id)]) {
            match fs::remove_file(&file) {
                Ok(()) => found = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error(words::CANNOT_REMOVE, &file)(error)),
            }
        }
        if found { Ok(()) } else { Err(not_installed()) }
    }

    /// Copies a file of the person's own into the store. Its kind is told by
    /// how it begins. Without an `id` it gets the one of the catalogue's entry
    /// that it is, or else one made of its name. `on_bytes` hears how many
    /// bytes were copied so far.
    pub fn import(
        &self,
        file: &Path,
        id: Option<&str>,
        catalog: &Catalog,
        cancel: &CancelToken,
        on_bytes: &mut dyn FnMut(u64),
    ) -> Result<Installed, ImportError> {
        let mut source = File::open(file).map_err(io_error(words::CANNOT_READ, file))?;
        let size = source.metadata().map_err(io_error(words::CANNOT_READ, file))?.len();
        let mut magic = [0; 4];
        let kind = match source.read_exact(&mut magic) {
            Ok(()) if &magic == b"GGUF" => Kind::Language,
            Ok(()) if &magic == b"lmgg" => Kind::Speech,
            Ok(()) => return Err(ImportError::UnknownFormat(file.to_owned())),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(ImportError::UnknownFormat(file.to_owned()));
            }
            Err(error) => return Err(io_error(words::CANNOT_READ, file)(error).into()),
        };
        if let Some(id) = id.filter(|id| !is_valid_id(id)) {
            return Err(ImportError::InvalidId(id.to_owned()));
        }
        self.make_dirs()?;
        self.check_space(size)?;

        let mut copy = tempfile::NamedTempFile::new_in(self.staging_root())
            .map_err(io_error(words::CANNOT_WRITE, &self.staging_root()))?;
        let mut hasher = Hasher::default();
        hasher.update(&magic);
        copy.write_all(&magic).map_err(io_error(words::CANNOT_WRITE, copy.path()))?;
        let mut buffer = vec![0; 1 << 18];
        let mut done = magic.len() as u64;
        loop {
            if cancel.is_cancelled() {
                return Err(ImportError::Cancelled);
            }
            let n = source.read(&mut buffer).map_err(io_error(words::CANNOT_READ, file))?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            copy.write_all(&buffer[..n]).map_err(io_error(words::CANNOT_WRITE, copy.path()))?;
            done += n as u64;
            on_bytes(done);
        }
        let sha256 = hasher.finish();
        let known = catalog.entries().iter().find(|entry| {
            entry.kind == kind && entry.sources.iter().any(|source| source.sha256 == sha256)
        });
        let id = match (id, known) {
            (Some(id), _) => id.to_owned(),
            (None, Some(entry)) => entry.id.clone(),
            (None, None) => id_from_name(file),
        };
        if !is_valid_id(&id) {
            return Err(ImportError::InvalidId(id));
        }
        let is_other_entry =
            catalog.entry(&id).is_some_and(|entry| known.is_none_or(|known| known.id != entry.id));
        let is_other_file = self.find_installed(&id)?.is_some_and(|here| here.sha256 != sha256);
        if is_other_entry || is_other_file {
            return Err(ImportError::Taken(id));
        }
        let path = copy.into_temp_path();
        let installed = self.install(&id, kind, &path, done, sha256, known.is_none())?;
        Ok(installed)
    }

    /// Puts a finished file, which lies on the same disk, in its place.
    pub(super) fn install(
        &self,
        id: &str,
        kind: Kind,
        finished: &Path,
        size: u64,
        sha256: Digest,
        imported: bool,
    ) -> Result<Installed, StoreError> {
        sync(finished).map_err(io_error(words::CANNOT_WRITE, finished))?;
        let record_file = self.record_file(id);
        let record = toml::to_string(&Record { kind, size, sha256, imported })
            .map_err(|e| io_error(words::CANNOT_WRITE, &record_file)(io::Error::other(e)))?;
        let write_record = || {
            let mut fresh = tempfile::NamedTempFile::new_in(self.staging_root())?;
            fresh.write_all(record.as_bytes())?;
            fresh.as_file().sync_all()?;
            fresh.persist(&record_file)?;
            Ok(())
        };
        write_record().map_err(io_error(words::CANNOT_WRITE, &record_file))?;
        let path = self.weight_file(id, kind);
        fs::rename(finished, &path).map_err(io_error(words::CANNOT_WRITE, &path))?;
        sync(&self.dir).map_err(io_error(words::CANNOT_WRITE, &self.dir))?;
        Ok(Installed { id: id.to_owned(), kind, path, size, sha256, imported })
    }

    /// Makes the folder of weights and the one to work in.
    pub(super) fn make_dirs(&self) -> Result<(), StoreError> {
        create_private_dir(&self.dir).map_err(io_error(words::CANNOT_CREATE, &self.dir))?;
        let staging = self.staging_root();
        fs::create_dir_all(&staging).map_err(io_error(words::CANNOT_CREATE, &staging))
    }

    /// Whether `needed` more bytes fit, with a little room left.
    pub(super) fn check_space(&self, needed: u64) -> Result<(), StoreError> {
        let free =
            fs4::available_space(&self.dir).map_err(io_error(words::CANNOT_READ, &self.dir))?;
        if needed.saturating_add(SPARE_BYTES) > free {
            return Err(StoreError::NoSpace { dir: self.dir.clone(), needed, free });
        }
        Ok(())
    }

    /// Where parts of a weight wait for the rest.
    pub(super) fn staging_dir(&self, id: &str) -> PathBuf {
        self.staging_root().join(id)
    }

    /// Held by the process that fetches the weight.
    pub(super) fn lock_file(&self, id: &str) -> PathBuf {
        self.staging_root().join(format!("{id}.lock"))
    }

    fn staging_root(&self) -> PathBuf {
        self.dir.join(".staging")
    }

    fn record_file(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.toml"))
    }

    fn weight_file(&self, id: &str, kind: Kind) -> PathBuf {
        self.dir.join(format!("{id}.{}", kind.extension()))
    }
}

/// For `map_err`: what was tried, and on what.
pub(super) fn io_error(what: Text, path: &Path) -> impl Fn(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |error| StoreError::Io { what, path: path.clone(), error }
}

fn sync(path: &Path) -> io::Result<()> {
    // Folders can be opened, and so synced, on Unix alone.
    if cfg!(unix) || path.is_file() { File::open(path)?.sync_all() } else { Ok(()) }
}

/// `My Model (v2).GGUF` becomes `my-model-v2`.
fn id_from_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
    let words: Vec<&str> = stem.split(|c| !plain(c)).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GGUF: &[u8] = b"GGUF and the rest of it";

    fn in_a_home() -> (tempfile::TempDir, Store) {
        let home = tempfile::tempdir().expect("a folder");
        let store = Store::new(&Paths::new(Some(home.path())).expect("paths"));
        (home, store)
    }

    fn import(store: &Store, file: &Path, id: Option<&str>) -> Result<Installed, ImportError> {
        store.import(file, id, &Catalog::shipped(), &CancelToken::new(), &mut |_| {})
    }

    #[test]
    fn an_empty_store_holds_nothing() {
        let (_home, store) = in_a_home();
        assert_eq!(store.installed().expect("listed"), []);
        assert!(store.find_installed("../../etc/passwd").expect("looked").is_none());
    }

    #[test]
    fn an_imported_file_is_known_by_its_name_and_gone_when_removed() {
        let (home, store) = in_a_home();
        let file = home.path().join("My Model (v2).GGUF");
        fs::write(&file, GGUF).expect("written");
        let model = import(&store, &file, None).expect("imported");
        assert_eq!((model.id.as_str(), model.kind), ("my-model-v2", Kind::Language));
        assert_eq!(fs::read(&model.path).expect("read"), GGUF);
        assert_eq!(store.installed().expect("listed"), std::slice::from_ref(&model));
        let verified = store.verify(&model, &CancelToken::new(), &mut |_| {}).expect("verified");
        assert_eq!(verified, Some(true));
        store.remove("my-model-v2").expect("removed");
        assert_eq!(store.installed().expect("listed"), []);
        assert!(matches!(store.remove("my-model-v2"), Err(StoreError::NotInstalled(_))));
    }

    #[test]
    fn a_whisper_is_told_from_a_language_model() {
        let (home, store) = in_a_home();
        let file = home.path().join("own.bin");
        fs::write(&file, b"lmgg and so on").expect("written");
        let model = import(&store, &file, Some("my-ears")).expect("imported");
        assert_eq!((model.id.as_str(), model.kind), ("my-ears", Kind::Speech));
    }

    #[test]
    fn other_files_and_names_that_are_taken_are_refused() {
        let (home, store) = in_a_home();
        let file = home.path().join("a.gguf");
        for wrong in [&b""[..], b"GGU", b"PK\x03\x04 a zip"] {
            fs::write(&file, wrong).expect("written");
            let error = import(&store, &file, None).expect_err("refused");
            assert!(matches!(error, ImportError::UnknownFormat(_)), "{error}");
        }
        fs::write(&file, GGUF).expect("written");
        let taken = import(&store, &file, Some("qwen2.5-1.5b")).expect_err("refused");
        assert!(matches!(taken, ImportError::Taken(_)), "{taken}");
        let invalid = import(&store, &file, Some("../a")).expect_err("refused");
        assert!(matches!(invalid, ImportError::InvalidId(_)), "{invalid}");
        import(&store, &file, None).expect("imported");
        import(&store, &file, None).expect("the same again is no conflict");
        fs::write(&file, b"GGUF of another kind").expect("written");
        let taken = import(&store, &file, None).expect_err("refused");
        assert!(matches!(taken, ImportError::Taken(_)), "{taken}");
    }

    #[test]
    fn a_weight_that_was_cut_or_changed_is_noticed() {
        let (home, store) = in_a_home();
        let file = home.path().join("a.gguf");
        fs::write(&file, GGUF).expect("written");
        let model = import(&store, &file, None).expect("imported");
        fs::write(&model.path, b"GGUF and the rest of IT").expect("written");
        let verified = store.verify(&model, &CancelToken::new(), &mut |_| {}).expect("verified");
        assert_eq!(verified, Some(false));
        fs::write(&model.path, b"GGUF").expect("written");
        assert_eq!(store.installed().expect("listed"), [], "too short to be it");
    }
}
