//! What the person chose: one struct a topic, kept in a TOML file.
//!
//! Reading never loses anything: unknown keys are warned of and kept, a broken
//! file is set aside under another name. Writing changes only what differs, so
//! that comments and order survive.

use crate::paths::create_private_dir;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The person.
    pub person: Person,
    /// Push to talk.
    pub talk: Talk,
    /// The microphone.
    pub microphone: MicrophoneSettings,
    /// Conversation without a key.
    pub listening: Listening,
    /// Speech to text.
    pub hearing: Hearing,
    /// What she answers with.
    pub dialogue: DialogueSettings,
    /// How she sounds.
    pub voice: VoiceSettings,
    /// The window.
    pub window: WindowSettings,
}

/// The person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// What she calls them; empty if they did not say.
    pub name: String,
    /// BCP 47 tag of the language they speak with her, such as `en` or `de-AT`.
    pub language: String,
}

impl Default for Person {
    fn default() -> Self {
        Self { name: String::new(), language: "en".into() }
    }
}

/// How the talk key works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TalkMode {
    /// She listens while it is held.
    #[default]
    Hold,
    /// One press begins, the next one ends.
    Toggle,
}

/// Push to talk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Talk {
    /// Hold or toggle.
    pub mode: TalkMode,
    /// The key that works everywhere on the desktop, such as
    /// `Ctrl+Shift+Space`; empty for none.
    pub hotkey: String,
}

impl Default for Talk {
    fn default() -> Self {
        Self { mode: TalkMode::Hold, hotkey: "Ctrl+Shift+Space".into() }
    }
}

/// Whether the person wears headphones, so that the microphone does not hear
/// her.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Headphones {
    /// As the system's default output tells.
    #[default]
    Auto,
    /// They do.
    Yes,
    /// They do not.
    No,
}

/// Conversation without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listening {
    /// Whoever speaks is listened to; the key works as well.
    pub hands_free: bool,
    /// After so many seconds in which nothing was said she rests; 0: never.
    pub rest_after_s: u64,
    /// While she rests the microphone stays open for her name. Without it, it
    /// is closed.
    pub wake_by_name: bool,
    /// After a long silence she says one gentle word.
    pub gentle_word: bool,
    /// Whether the person wears headphones.
    pub headphones: Headphones,
}

impl Default for Listening {
    fn default() -> Self {
        Self {
            hands_free: false,
            rest_after_s: 300,
            wake_by_name: false,
            gentle_word: false,
            headphones: Headphones::Auto,
        }
    }
}

/// The microphone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MicrophoneSettings {
    /// The device's name; empty for the system's default.
    pub device: String,
}

/// Speech to text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hearing {
    /// Catalogue id of the recogniser; empty for what fits this computer.
    pub model: String,
    /// ISO 639-1 code of what is spoken, or `auto`.
    pub language: String,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { model: String::new(), language: "auto".into() }
    }
}

/// Where her words come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DialogueEngine {
    /// A model on this computer.
    #[default]
    Local,
    /// The server of [`Server`].
    Server,
}

/// What she answers with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DialogueSettings {
    /// Local or server.
    pub engine: DialogueEngine,
    /// Catalogue id of the local model; empty for what fits this computer.
    pub model: String,
    /// The persona's file name without `.toml`.
    pub persona: String,
    /// 0.0 always takes the likeliest word; up to 2.0.
    pub temperature: f32,
    /// A reply ends after this many tokens at the latest.
    pub max_reply_tokens: u32,
    /// Tokens of conversation the model keeps in view.
    pub context_tokens: u32,
    /// An OpenAI-compatible server, used when `engine = "server"`.
    pub server: Server,
}

impl Default for DialogueSettings {
    fn default() -> Self {
        Self {
            engine: DialogueEngine::Local,
            model: String::new(),
            persona: "samantha".into(),
            temperature: 0.7,
            max_reply_tokens: 200,
            context_tokens: 4096,
            server: Server::default(),
        }
    }
}

/// An OpenAI-compatible server.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// Such as `http://localhost:11434/v1`.
    pub base_url: String,
    /// The model's name on that server.
    pub model: String,
    /// The environment variable that holds the key; empty for none.
    pub api_key_env: String,
    /// The key itself, where no environment variable is used. Never logged,
    /// never shown.
    pub api_key: String,
}

/// Written by hand so that no log can hold the key.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("api_key_env", &self.api_key_env)
            .field("api_key", &if self.api_key.is_empty() { "" } else { "(hidden)" })
            .finish()
    }
}

/// Who speaks her replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VoiceEngine {
    /// The system's speech service.
    #[default]
    System,
    /// A voice of her own, made on this computer.
    Own,
}

/// How she sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoiceSettings {
    /// Whether replies are spoken at all.
    pub enabled: bool,
    /// The system's voice or her own.
    pub engine: VoiceEngine,
    /// The id of the system's voice; empty for a woman's voice in the person's
    /// language.
    pub voice: String,
    /// Catalogue id of her own voice; empty for what fits this computer.
    pub own: String,
    /// How warm her own voice is, 0.0 to 1.0.
    pub warmth: f32,
    /// 1.0 is the voice's own pace, 0.5 to 2.0.
    pub rate: f32,
    /// 0.0 to 1.0.
    pub volume: f32,
    /// Whether a soft sound tells when listening begins and ends.
    pub cues: bool,
}

impl Default for VoiceSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            engine: VoiceEngine::System,
            voice: String::new(),
            own: String::new(),
            warmth: 0.3,
            rate: 1.0,
            volume: 1.0,
            cues: true,
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Warm paper.
    Light,
    /// A dim room.
    Dark,
}

/// Whether things move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    /// Unless the system asks for stillness.
    #[default]
    System,
    /// They do.
    Full,
    /// They don't.
    Still,
}

/// The window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowSettings {
    /// BCP 47 tag of the language of its texts; empty for the system's.
    pub language: String,
    /// Light or dark.
    pub theme: Theme,
    /// Black on white, or white on black.
    pub high_contrast: bool,
    /// 1.0 is the size that the system asks for, 0.5 to 3.0.
    pub zoom: f32,
    /// Whether things move.
    pub motion: Motion,
    /// While the window is hidden, a small one is shown when the talk key is used.
    pub small_window: bool,
    /// Whether she has a place in the system's tray.
    pub tray: bool,
    /// Closing the window leaves her in the tray.
    pub close_to_tray: bool,
    /// Whether she starts when the person logs in.
    pub start_at_login: bool,
    /// The person has been welcomed.
    pub welcomed: bool,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self {
            language: String::new(),
            theme: Theme::System,
            high_contrast: false,
            zoom: 1.0,
            motion: Motion::System,
            small_window: true,
            tray: true,
            close_to_tray: false,
            start_at_login: false,
            welcomed: false,
        }
    }
}

impl WindowSettings {
    /// The size as it can be used, whatever stands in the file, in whole
    /// hundredths.
    pub fn zoom(&self) -> f32 {
        let zoom = if self.zoom.is_finite() { self.zoom } else { 1.0 };
        (zoom.clamp(0.5, 3.0) * 100.0).round() / 100.0
    }
}

/// Settings as read, and what the person should know about the reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The settings; defaults where the file said nothing usable.
    pub settings: Settings,
    /// Keys of the file that mean nothing here.
    pub unknown_keys: Vec<String>,
    /// Where a file that could not be understood was put, and why.
    pub set_aside: Option<(PathBuf, String)>,
}

/// Reads the settings. A missing file means defaults. A file that cannot be
/// understood is renamed, never overwritten.
pub fn load(file: &Path) -> std::io::Result<Loaded> {
    let text = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Loaded::default());
        }
        Err(error) => return Err(error),
    };
    match parse(&text) {
        Ok((settings, unknown_keys)) => Ok(Loaded { settings, unknown_keys, set_aside: None }),
        Err(reason) => {
            let aside = free_name_beside(file);
            std::fs::rename(file, &aside)?;
            Ok(Loaded { set_aside: Some((aside, reason)), ..Loaded::default() })
        }
    }
}

/// Writes the settings, keeping comments, order and unknown keys of the file
/// that is there. The file appears whole or not at all, readable by its owner
/// alone.
pub fn save(file: &Path, settings: &Settings) -> anyhow::Result<()> {
    let dir = file.parent().unwrap_or(Path::new("."));
    create_private_dir(dir)?;
    let mut document: toml_edit::DocumentMut = match std::fs::read_to_string(file) {
        Ok(text) => text.parse()?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Default::default(),
        Err(error) => return Err(error.into()),
    };
    let wanted: toml_edit::DocumentMut = toml::to_string(settings)?.parse()?;
    merge(document.as_table_mut(), wanted.as_table());
    let mut fresh = tempfile::NamedTempFile::new_in(dir)?; // made with mode 0600
    fresh.write_all(document.to_string().as_bytes())?;
    fresh.as_file().sync_all()?;
    fresh.persist(file)?;
    Ok(())
}

fn parse(bytes: &[u8]) -> Result<(Settings, Vec<String>), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let deserializer = toml::Deserializer::parse(text).map_err(|e| first_line(&e))?;
    let mut unknown_keys = Vec::new();
    let settings = serde_ignored::deserialize(deserializer, |path| {
        unknown_keys.push(path.to_string());
    })
    .map_err(|e| first_line(&e))?;
    Ok((settings, unknown_keys))
}

/// The parser's message without the quoted source, which may hold a key.
fn first_line(error: &toml::de::Error) -> String {
    error.message().lines().next().unwrap_or_default().to_owned()
}

fn free_name_beside(file: &Path) -> PathBuf {
    (1u32..)
        .map(|n| file.with_extension(format!("broken-{n}.toml")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| file.with_extension("broken.toml"))
}

fn merge(target: &mut toml_edit::Table, wanted: &toml_edit::Table) {
    for (key, item) in wanted {
        match (target.get_mut(key), item) {
            (Some(toml_edit::Item::Table(inner)), toml_edit::Item::Table(new)) => merge(inner, new),
            (Some(old), new) => {
                if let (Some(old), Some(new)) = (old.as_value_mut(), new.as_value()) {
                    if old.clone().decorated("", "").to_string()
                        != new.clone().decorated("", "").to_string()
                    {
                        let decor = old.decor().clone();
                        *old = new.clone();
                        *old.decor_mut() = decor;
                    }
                } else {
                    *old = new.clone();
                }
            }
            (None, new) => {
                target.insert(key, new.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_a_folder(text: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("settings.toml");
        std::fs::write(&file, text).expect("written");
        (dir, file)
    }

    #[test]
    fn nothing_written_means_defaults() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let loaded = load(&dir.path().join("none.toml")).expect("loaded");
        assert_eq!(loaded, Loaded::default());
    }

    #[test]
    fn unknown_keys_are_named_and_kept() {
        let (_dir, file) =
            in_a_folder(b"# mine\nfuture = 1\n[voice]\nrate = 1.5 # brisk\ncolour = 'blue'\n");
        let mut loaded = load(&file).expect("loaded");
        assert_eq!(loaded.unknown_keys, ["future", "voice.colour"]);
        assert_eq!(loaded.settings.voice.rate, 1.5);
        loaded.settings.voice.volume = 0.5;
        save(&file, &loaded.settings).expect("saved");
        let text = std::fs::read_to_string(&file).expect("read");
        for kept in ["# mine", "future = 1", "# brisk", "colour = 'blue'", "volume = 0.5"] {
            assert!(text.contains(kept), "{kept:?} is missing from\n{text}");
        }
        assert_eq!(load(&file).expect("loaded").settings, loaded.settings);
    }

    #[test]
    fn a_broken_file_is_set_aside_whole() {
        for broken in [&b"[voice\nrate = 1"[..], b"[voice]\nrate = 'fast'", b"\xff\xfe"] {
            let (_dir, file) = in_a_folder(broken);
            let loaded = load(&file).expect("loaded");
            let (aside, reason) = loaded.set_aside.expect("set aside");
            assert!(!reason.is_empty());
            assert_eq!(std::fs::read(aside).expect("read"), broken);
            assert!(!file.exists());
        }
    }

    #[test]
    fn how_she_listens_is_written_in_words_and_read_again() {
        let (_dir, file) = in_a_folder(b"[listening]\nhands_free = true # at home\n");
        let mut loaded = load(&file).expect("loaded");
        assert!(loaded.settings.listening.hands_free && loaded.unknown_keys.is_empty());
        assert_eq!(loaded.settings.listening.rest_after_s, 300, "what is not written is usual");
        loaded.settings.listening.headphones = Headphones::Yes;
        save(&file, &loaded.settings).expect("saved");
        let text = std::fs::read_to_string(&file).expect("read");
        assert!(text.contains("# at home") && text.contains("headphones = \"yes\""), "{text}");
        assert_eq!(load(&file).expect("loaded").settings, loaded.settings);
    }

    #[test]
    fn the_key_is_all_that_is_listened_to_at_first() {
        let listening = Settings::default().listening;
        assert!(!listening.hands_free && !listening.wake_by_name && !listening.gentle_word);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("config/settings.toml");
        save(&file, &Settings::default()).expect("saved");
        let mode = |p: &Path| std::fs::metadata(p).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(file.parent().expect("a folder")), 0o700);
    }

    #[test]
    fn the_key_is_never_formatted() {
        let server = Server { api_key: "hunter2".into(), ..Server::default() };
        assert!(!format!("{server:?}").contains("hunter2"));
    }
}
