//! Where everything of Samantha's lies on disk.

use anyhow::Context;
pub use memory::create_private_dir;
use std::path::{Path, PathBuf};

/// All the places, decided once at start. Folders are made on demand and are
/// open to the person alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Holds settings and the person's own personas.
    pub config_dir: PathBuf,
    /// Holds conversations and weights.
    pub data_dir: PathBuf,
    /// Holds the socket of the running app.
    pub runtime_dir: PathBuf,
}

impl Paths {
    /// `home` puts everything below one folder; without it the directories of
    /// the system are used (XDG on Linux).
    pub fn new(home: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(home) = home {
            let home = std::path::absolute(home)
                .with_context(|| format!("cannot use {} as home", home.display()))?;
            return Ok(Self {
                config_dir: home.join("config"),
                data_dir: home.join("data"),
                runtime_dir: home.join("run"),
            });
        }
        let dirs = directories::ProjectDirs::from("", "", "samantha")
            .context("no home directory found: set SAMANTHA_HOME to a folder")?;
        Ok(Self {
            config_dir: dirs.config_dir().to_owned(),
            data_dir: dirs.data_dir().to_owned(),
            runtime_dir: dirs.runtime_dir().unwrap_or(dirs.data_dir()).to_owned(),
        })
    }

    /// The one folder that holds everything, if there is one.
    pub fn home(&self) -> Option<&Path> {
        self.config_dir.parent().filter(|home| {
            self.data_dir == home.join("data") && self.runtime_dir == home.join("run")
        })
    }

    /// The settings.
    pub fn settings_file(&self) -> PathBuf {
        self.config_dir.join("settings.toml")
    }

    /// Personas of the person's own.
    pub fn personas_dir(&self) -> PathBuf {
        self.config_dir.join("personas")
    }

    /// Weights, one file each.
    pub fn models_dir(&self) -> PathBuf {
        self.data_dir.join("models")
    }

    /// What she remembers, encrypted; its key is kept beside it or elsewhere.
    pub fn memory_file(&self) -> PathBuf {
        self.data_dir.join("memory.sqlite")
    }

    /// Conversations of the time when nothing else was kept, not encrypted.
    pub fn history_file(&self) -> PathBuf {
        self.data_dir.join("history.sqlite")
    }

    /// Through which `samantha talk` reaches the running app.
    pub fn control_socket(&self) -> PathBuf {
        self.runtime_dir.join("control.sock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_holds_everything() {
        let paths = Paths::new(Some(Path::new("/somewhere"))).expect("a home");
        for place in
            [paths.settings_file(), paths.models_dir(), paths.memory_file(), paths.control_socket()]
        {
            assert!(place.starts_with("/somewhere"), "{}", place.display());
        }
        assert_eq!(paths.home(), Some(Path::new("/somewhere")));
    }
}
