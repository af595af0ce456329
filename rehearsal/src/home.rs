//! A home for one rehearsal: the person's weights and settings, but another
//! memory, and settings that may be changed. Nothing of theirs is written to.

use anyhow::Context;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Who speaks her replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Voice {
    /// Her own voice.
    Own,
    /// The system's speech service.
    System,
}

/// What is to be other than in the person's settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// Listen without a key, and never rest.
    pub hands_free: bool,
    /// Another voice.
    pub voice: Option<Voice>,
    /// Replies of up to so many tokens.
    pub reply_tokens: Option<u32>,
    /// Replies from there.
    pub server: Option<Server>,
}

/// An OpenAI-compatible server on this computer.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its model is called.
    pub model: &'static str,
}

impl Wishes {
    fn settings(self) -> Vec<(&'static str, &'static str, toml::Value)> {
        let mut settings: Vec<(_, _, toml::Value)> = vec![
            ("listening", "hands_free", self.hands_free.into()),
            ("window", "welcomed", true.into()),
        ];
        if self.hands_free {
            settings.push(("listening", "rest_after_s", 0.into()));
        }
        if let Some(voice) = self.voice {
            let engine = if voice == Voice::Own { "own" } else { "system" };
            settings.push(("voice", "engine", engine.into()));
        }
        if let Some(tokens) = self.reply_tokens {
            settings.push(("dialogue", "max_reply_tokens", i64::from(tokens).into()));
        }
        if let Some(Server { address, model }) = self.server {
            let url = format!("http://{address}/v1");
            let server = toml::Table::from_iter([
                ("base_url".to_owned(), url.into()),
                ("model".to_owned(), model.into()),
            ]);
            settings.push(("dialogue", "engine", "server".into()));
            settings.push(("dialogue", "server", server.into()));
        }
        settings
    }
}

/// Removed when dropped.
#[derive(Debug)]
pub struct Home(tempfile::TempDir);

impl Home {
    /// Like `original`, or like the person's own without one.
    pub fn like(original: Option<&Path>, wishes: Wishes) -> anyhow::Result<Self> {
        let (config, data) = folders_of(original)?;
        let home = tempfile::Builder::new().prefix("rehearsal-home-").tempdir()?;
        let (new_config, new_data) = (home.path().join("config"), home.path().join("data"));
        std::fs::create_dir_all(&new_config)?;
        std::fs::create_dir_all(&new_data)?;
        let file = config.join("settings.toml");
        let text = match std::fs::read_to_string(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("cannot read {}", file.display()))?,
        };
        let mut settings: toml::Table =
            text.parse().with_context(|| format!("cannot understand {}", file.display()))?;
        for (section, key, value) in wishes.settings() {
            let table = settings.entry(section).or_insert_with(|| toml::Table::new().into());
            let table = table.as_table_mut().with_context(|| format!("{section} is no table"))?;
            table.insert(key.into(), value);
        }
        std::fs::write(new_config.join("settings.toml"), toml::to_string(&settings)?)?;
        for (old, new) in [
            (config.join("personas"), new_config.join("personas")),
            (data.join("models"), new_data.join("models")),
        ] {
            if old.exists() {
                symlink(std::path::absolute(old)?, new)?;
            }
        }
        Ok(Self(home))
    }

    /// For `--home`.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Where settings and weights lie.
fn folders_of(home: Option<&Path>) -> anyhow::Result<(PathBuf, PathBuf)> {
    if let Some(home) = home {
        return Ok((home.join("config"), home.join("data")));
    }
    let folder = |variable: &str, usual: &str| {
        let set = std::env::var_os(variable).filter(|value| !value.is_empty());
        let usual = || Some(Path::new(&std::env::var_os("HOME")?).join(usual));
        let parent = set.map(PathBuf::from).or_else(usual).context("HOME is not set")?;
        anyhow::Ok(parent.join("samantha"))
    };
    Ok((folder("XDG_CONFIG_HOME", ".config")?, folder("XDG_DATA_HOME", ".local/share")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wished_is_changed_and_only_in_the_copy() {
        let original = tempfile::tempdir().expect("a folder");
        let config = original.path().join("config");
        let weights = original.path().join("data/models");
        std::fs::create_dir_all(&config).expect("made");
        std::fs::create_dir_all(&weights).expect("made");
        let before = "[voice]\nengine = \"system\"\nrate = 1.2\n";
        std::fs::write(config.join("settings.toml"), before).expect("written");
        std::fs::write(weights.join("some.bin"), "weights").expect("written");

        let wishes = Wishes { hands_free: true, voice: Some(Voice::Own), ..Wishes::default() };
        let home = Home::like(Some(original.path()), wishes).expect("a home");
        let settings = home.path().join("config/settings.toml");
        let text = std::fs::read_to_string(settings).expect("read");
        for line in ["engine = \"own\"", "rate = 1.2", "hands_free = true", "rest_after_s = 0"] {
            assert!(text.contains(line), "{line} is missing from\n{text}");
        }
        assert!(home.path().join("data/models/some.bin").is_file());
        let after = std::fs::read_to_string(config.join("settings.toml")).expect("read");
        assert_eq!(after, before);
        drop(home);
        assert!(weights.join("some.bin").is_file());
    }
}
