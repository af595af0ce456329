//! How fast language models write on this computer, as it was measured, kept
//! in a small file beside them.

use super::store::{StoreError, io_error};
use crate::paths::Paths;
use crate::wording::fetching as words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;

/// Words a second, by the model's id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Speeds(BTreeMap<String, f32>);

impl Speeds {
    /// What was measured so far; nothing if the file cannot be read.
    pub fn load(paths: &Paths) -> Self {
        let text = std::fs::read_to_string(file(paths)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps it; the file appears whole or not at all.
    pub fn save(&self, paths: &Paths) -> Result<(), StoreError> {
        let path = file(paths);
        let write = || -> std::io::Result<()> {
            let mut fresh = tempfile::NamedTempFile::new_in(paths.models_dir())?;
            fresh.write_all(serde_json::to_string(self)?.as_bytes())?;
            fresh.persist(&path)?;
            Ok(())
        };
        write().map_err(io_error(words::CANNOT_WRITE, &path))
    }

    /// What was measured of this model.
    pub fn words_per_s(&self, id: &str) -> Option<f32> {
        self.0.get(id).copied()
    }

    /// This was measured.
    pub fn set(&mut self, id: &str, words_per_s: f32) {
        self.0.insert(id.to_owned(), words_per_s);
    }
}

fn file(paths: &Paths) -> std::path::PathBuf {
    paths.models_dir().join("speeds.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_kept() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::new(Some(home.path())).expect("paths");
        std::fs::create_dir_all(paths.models_dir()).expect("a folder");
        let mut speeds = Speeds::load(&paths);
        assert_eq!(speeds.words_per_s("small"), None);
        speeds.set("small", 27.5);
        speeds.save(&paths).expect("saved");
        assert_eq!(Speeds::load(&paths), speeds);
        std::fs::write(file(&paths), "broken").expect("written");
        assert_eq!(Speeds::load(&paths), Speeds::default());
    }
}
