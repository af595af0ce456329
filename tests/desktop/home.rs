//! An empty home with weights in it.

use std::path::{Path, PathBuf};

pub struct Home(tempfile::TempDir);

impl Home {
    /// # Panics
    /// If the weights are missing, with what to do.
    pub fn with_weights() -> Self {
        let home = Self::empty();
        let weights = weights();
        let models = home.path().join("data/models");
        std::fs::create_dir_all(&models).unwrap();
        for name in [
            "whisper-tiny.en.bin",
            "whisper-tiny.en.toml",
            "smollm2-135m.gguf",
            "smollm2-135m.toml",
            "hibari.onnx",
            "hibari.toml",
            "smart-turn-v3.2.onnx",
            "smart-turn-v3.2.toml",
        ] {
            let file = weights.join(name);
            assert!(
                file.is_file(),
                "{} is missing: run scripts/test, which fetches it",
                file.display()
            );
            std::os::unix::fs::symlink(&file, models.join(name)).unwrap();
        }
        home.write_settings("");
        home
    }

    /// The same, and she speaks with her own voice.
    pub fn with_her_own_voice() -> Self {
        Self::with_settings("[voice]\nengine = \"own\"\n")
    }

    /// With weights and these settings.
    pub fn with_settings(settings: &str) -> Self {
        let home = Self::with_weights();
        home.write_settings(settings);
        home
    }

    /// These, of a person who has been welcomed.
    fn write_settings(&self, settings: &str) {
        let text = format!("{settings}\n[window]\nwelcomed = true\n");
        self.write_config("settings.toml", &text);
    }

    pub fn write_config(&self, name: &str, text: &str) {
        let config = self.path().join("config");
        std::fs::create_dir_all(&config).unwrap();
        std::fs::write(config.join(name), text).unwrap();
    }

    pub fn empty() -> Self {
        Self(tempfile::Builder::new().prefix("home-").tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What would be on screen after a restart.
    pub fn saved_lines(&self) -> Vec<samantha::session::Line> {
        let paths = samantha::paths::Paths::new(Some(self.path())).unwrap();
        samantha::remembering::Remembering::open(&paths, None).resume(100).unwrap()
    }
}

pub fn weights() -> PathBuf {
    std::env::var_os("SAMANTHA_TEST_MODELS")
        .expect("SAMANTHA_TEST_MODELS names no folder of weights: run scripts/test, which sets it")
        .into()
}
