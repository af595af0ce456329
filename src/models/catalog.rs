//! The catalogue of weights: reads the one that ships with the app and the
//! person's own, and makes sure that what they say makes sense.

use super::convert::Quantisation;
use super::digest::Digest;
use crate::paths::Paths;
use crate::wording::{fetching as words, reasons};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

const SHIPPED: &str = include_str!("../../models/catalog.toml");

/// What a weight is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Speech to text: a ggml file of Whisper.
    Speech,
    /// What she answers with: a GGUF file.
    Language,
    /// Finding memories by what they mean: an ONNX file of all-MiniLM-L6-v2.
    Memory,
    /// A voice of her own: an ONNX file of hibari.
    Voice,
    /// Telling by sound that somebody has finished: an ONNX file of smart-turn.
    Turn,
}

impl Kind {
    /// Every kind: first those without which there is no conversation.
    pub const ALL: [Self; 5] =
        [Self::Speech, Self::Language, Self::Memory, Self::Voice, Self::Turn];

    /// The usual extension of such a file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Speech => "bin",
            Self::Language => "gguf",
            Self::Memory | Self::Voice | Self::Turn => "onnx",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Speech => "speech",
            Self::Language => "language",
            Self::Memory => "memory",
            Self::Voice => "voice",
            Self::Turn => "turn",
        })
    }
}

/// A weight that can be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called on the command line and in the settings.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// Its name for people.
    pub title: String,
    /// One line for people.
    pub about: String,
    /// The licence's name.
    pub licence: String,
    /// ISO 639-1 codes of the languages it knows; `*` for many.
    pub languages: Vec<String>,
    /// Bytes of the usual file.
    pub size: u64,
    /// Memory that should be free for it.
    pub ram_mib: u64,
    /// Too weak for people; tests use it because it is small.
    pub tests_only: bool,
    /// Where it can be had, best first. Never empty.
    pub sources: Vec<Source>,
}

impl Entry {
    /// Whether it knows the language, an ISO 639-1 code or a longer BCP 47
    /// tag. `None` asks for a weight that knows many.
    pub fn knows(&self, language: Option<&str>) -> bool {
        let primary = language.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag));
        self.languages
            .iter()
            .any(|known| known == "*" || primary.is_some_and(|p| p.eq_ignore_ascii_case(known)))
    }
}

/// One way to come by a weight: all parts are fetched, joined in order,
/// converted if need be, and must then be exactly `size` and `sha256`.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What has to be fetched, in order. Never empty.
    pub parts: Vec<Part>,
    /// What has to be done with the joined parts.
    pub conversion: Option<Conversion>,
    /// Bytes of the result.
    pub size: u64,
    /// Sum of the result.
    pub sha256: Digest,
}

impl Source {
    /// Everything to be fetched: the parts, and what the conversion needs.
    pub fn pieces(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().chain(self.conversion.as_ref().map(|c| &c.vocabulary))
    }

    /// Bytes to be fetched.
    pub fn fetch_size(&self) -> u64 {
        self.pieces().map(|part| part.size).sum()
    }
}

/// A file, or a piece of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub location: Location,
    /// Its bytes.
    pub size: u64,
    /// Its sum.
    pub sha256: Digest,
}

/// Where a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// On a web server.
    Url(String),
    /// Inside a Python wheel.
    Wheel {
        /// Name and version, as in `name==1.0`.
        package: String,
        /// Path inside the wheel.
        member: String,
    },
    /// On this computer.
    File(PathBuf),
}

/// From CTranslate2 to ggml, the one conversion there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// How the result stores its matrices.
    pub quantisation: Quantisation,
    /// The model's tokens, one a line.
    pub vocabulary: Part,
}

/// A line of the rule that says which weight a computer gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultChoice {
    /// The weight.
    pub id: String,
    /// Smaller computers pass it over.
    #[serde(default)]
    pub min_ram_mib: u64,
    /// Computers with fewer cores pass it over.
    #[serde(default)]
    pub min_cores: usize,
}

/// Why a catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", words::BROKEN_CATALOG.with(&[("file", &.file.display()), ("problem", .problem)]))]
pub struct CatalogError {
    file: PathBuf,
    problem: String,
}

/// All weights that can be fetched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    entries: Vec<Entry>,
    defaults: BTreeMap<Kind, Vec<DefaultChoice>>,
}

impl Catalog {
    /// The catalogue that ships with the app, and what the person's own adds
    /// to it. An entry of theirs replaces one of the same id; a list of
    /// defaults of theirs replaces ours.
    pub fn load(paths: &Paths) -> Result<Self, CatalogError> {
        let mut catalog = Self::shipped();
        let file = paths.config_dir.join("catalog.toml");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(catalog),
            Err(error) => return Err(CatalogError { file, problem: reasons::of(&error) }),
        };
        match catalog.add(&text) {
            Ok(()) => Ok(catalog),
            Err(problem) => Err(CatalogError { file, problem }),
        }
    }

    /// The catalogue that ships with the app.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED, Path::new("models/catalog.toml"))
            .unwrap_or_else(|error| unreachable!("the tests read the shipped catalogue: {error}"))
    }

    /// Reads a catalogue; `file` is named in errors.
    pub fn parse(text: &str, file: &Path) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        catalog.add(text).map_err(|problem| CatalogError { file: file.to_owned(), problem })?;
        Ok(catalog)
    }

    /// Every weight, in the catalogue's order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The weight of that id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// What a computer gets, best first; see [`super::defaults`].
    pub(super) fn default_choices(&self, kind: Kind) -> &[DefaultChoice] {
        self.defaults.get(&kind).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let written: Written =
            toml::from_str(text).map_err(|e| e.to_string().trim_end().replace('\n', "\n  "))?;
        let mut seen = HashSet::new();
        for model in written.model {
            let id = model.id.clone();
            if !seen.insert(id.clone()) {
                return Err(format!("{id} is there twice"));
            }
            let entry = model.check().map_err(|problem| format!("{id}: {problem}"))?;
            match self.entries.iter_mut().find(|old| old.id == entry.id) {
                Some(old) => *old = entry,
                None => self.entries.push(entry),
            }
        }
        for (kind, list) in written.defaults {
            for choice in &list {
                let entry = self.entries.iter().find(|entry| entry.id == choice.id);
                if entry.is_none_or(|entry| entry.kind != kind) {
                    return Err(format!("defaults: {} is no {kind} model", choice.id));
                }
            }
            self.defaults.insert(kind, list);
        }
        Ok(())
    }
}

/// Whether `id` may name a weight, and so a file.
pub(super) fn is_valid_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.len() <= 100
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
}

// What the file says, before it is checked.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    model: Vec<WrittenModel>,
    #[serde(default)]
    defaults: BTreeMap<Kind, Vec<DefaultChoice>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenModel {
    id: String,
    kind: Kind,
    title: String,
    about: String,
    licence: String,
    languages: Vec<String>,
    ram_mib: u64,
    size: u64,
    sha256: Digest,
    #[serde(default)]
    tests_only: bool,
    source: Vec<WrittenSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSource {
    size: Option<u64>,
    sha256: Option<Digest>,
    parts: Vec<WrittenPart>,
    convert: Option<WrittenConversion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPart {
    url: Option<String>,
    package: Option<String>,
    member: Option<String>,
    path: Option<PathBuf>,
    size: Option<u64>,
    sha256: Option<Digest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenConversion {
    #[serde(rename = "step")]
    _step: Step,
    quantisation: Quantisation,
    vocabulary: WrittenPart,
}

#[derive(Deserialize)]
enum Step {
    #[serde(rename = "ct2-to-ggml")]
    Ct2ToGgml,
}

impl WrittenModel {
    fn check(self) -> Result<Entry, String> {
        if !is_valid_id(&self.id) {
            return Err("an id has only lower-case letters, digits, '.', '_' and '-'".into());
        }
        if self.source.is_empty() || self.size == 0 {
            return Err("it needs a size and at least one source".into());
        }
        let (size, sha256) = (self.size, self.sha256);
        let sources = self.source.into_iter().map(|source| source.check(size, sha256));
        Ok(Entry {
            sources: sources.collect::<Result<_, _>>()?,
            id: self.id,
            kind: self.kind,
            title: self.title,
            about: self.about,
            licence: self.licence,
            languages: self.languages,
            size,
            ram_mib: self.ram_mib,
            tests_only: self.tests_only,
        })
    }
}

impl WrittenSource {
    fn check(self, usual_size: u64, usual_sha256: Digest) -> Result<Source, String> {
        let (size, sha256) = match (self.size, self.sha256) {
            (Some(size), Some(sha256)) => (size, sha256),
            (None, None) => (usual_size, usual_sha256),
            _ => return Err("a source has both size and sha256, or neither".into()),
        };
        // A part that is the whole result needs no sum of its own.
        let whole = self.parts.len() == 1 && self.convert.is_none();
        let result = whole.then_some((size, sha256));
        let parts = self.parts.into_iter().map(|part| part.check(result));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Err("a source needs at least one part".into());
        }
        let conversion = self.convert.map(|convert| {
            let vocabulary = convert.vocabulary.check(None)?;
            Ok::<_, String>(Conversion { quantisation: convert.quantisation, vocabulary })
        });
        Ok(Source { parts, conversion: conversion.transpose()?, size, sha256 })
    }
}

impl WrittenPart {
    fn check(self, result: Option<(u64, Digest)>) -> Result<Part, String> {
        let location = match (self.url, self.package, self.member, self.path) {
            (Some(url), None, None, None)
                if url.starts_with("https://") || url.starts_with("http://") =>
            {
                Location::Url(url)
            }
            (None, Some(package), Some(member), None) if is_pinned(&package) => {
                Location::Wheel { package, member }
            }
            (None, None, None, Some(path)) if path.is_absolute() => Location::File(path),
            _ => {
                return Err(
                    "a part is a web address in 'url', a 'package' pinned as name==version \
                     with its 'member', or a 'path' from the root"
                        .into(),
                );
            }
        };
        let (size, sha256) = match (self.size, self.sha256, result) {
            (Some(size), Some(sha256), _) => (size, sha256),
            (None, None, Some(result)) => result,
            _ => return Err("a part of several needs size and sha256".into()),
        };
        Ok(Part { location, size, sha256 })
    }
}

/// Nothing but a name and a version, so that no option of pip can be meant.
fn is_pinned(package: &str) -> bool {
    package.starts_with(|c: char| c.is_ascii_alphanumeric())
        && package.split_once("==").is_some_and(|(name, version)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            !version.is_empty() && name.chars().all(plain) && version.chars().all(plain)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Catalog, String> {
        Catalog::parse(text, Path::new("catalog.toml")).map_err(|e| e.to_string())
    }

    fn model(id: &str, source: &str) -> String {
        let sum = "0".repeat(64);
        format!(
            "[[model]]\nid = '{id}'\nkind = 'language'\ntitle = 'T'\nabout = 'A'\nlicence = 'L'\n\
             languages = ['en']\nram_mib = 1\nsize = 5\nsha256 = '{sum}'\n[[model.source]]\n{source}\n"
        )
    }

    const URL: &str = "parts = [{ url = 'https://example.org/a.gguf' }]";

    #[test]
    fn the_shipped_catalogue_is_sound() {
        let catalog = Catalog::shipped();
        for id in [
            "whisper-tiny.en",
            "whisper-base",
            "smollm2-135m",
            "qwen2.5-coder-0.5b",
            "qwen2.5-coder-1.5b",
            "smart-turn-v3.2",
        ] {
            let entry = catalog.entry(id).expect(id);
            let has = |wanted: fn(&Location) -> bool| {
                entry.sources.iter().any(|s| wanted(&s.parts[0].location))
            };
            assert!(has(|l| matches!(l, Location::Url(_))), "{id} is on the web");
            assert!(has(|l| matches!(l, Location::Wheel { .. })), "{id} is in packages");
        }
        for entry in catalog.entries() {
            assert!(entry.ram_mib << 20 > entry.size, "{}: memory", entry.id);
            assert!(entry.about.ends_with('.') && entry.about.len() < 80, "{}", entry.id);
            for source in &entry.sources {
                if source.conversion.is_none() {
                    let total: u64 = source.parts.iter().map(|part| part.size).sum();
                    assert_eq!(total, source.size, "{}: parts make the whole", entry.id);
                }
            }
        }
        let mut sums: Vec<_> =
            catalog.entries().iter().map(|e| e.sources[0].sha256.to_string()).collect();
        sums.sort();
        sums.dedup();
        assert_eq!(sums.len(), catalog.entries().len(), "no sum stands twice");
    }

    #[test]
    fn a_catalogue_of_ones_own_adds_and_replaces() {
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::new(Some(home.path())).expect("paths");
        let shipped = Catalog::load(&paths).expect("loaded").entries().len();
        std::fs::create_dir_all(&paths.config_dir).expect("a folder");
        let text = model("mine", URL)
            + &model("qwen2.5-1.5b", URL)
            + "[defaults]\nlanguage = [{ id = 'mine' }]";
        std::fs::write(paths.config_dir.join("catalog.toml"), text).expect("written");
        let catalog = Catalog::load(&paths).expect("loaded");
        assert_eq!(catalog.entries().len(), shipped + 1);
        assert_eq!(catalog.entry("qwen2.5-1.5b").expect("there").size, 5);
        assert_eq!(catalog.default_choices(Kind::Language).len(), 1);
        assert!(
            !catalog.default_choices(Kind::Speech).is_empty(),
            "ours, since theirs says nothing"
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let part = format!("size = 5, sha256 = '{}'", "0".repeat(64));
        for (text, problem) in [
            (model("../a", URL), "an id has only"),
            (model("A", URL), "an id has only"),
            (model("a", URL) + &model("a", URL), "a is there twice"),
            (model("a", "parts = []"), "a: a source needs at least one part"),
            (model("a", "size = 3\nparts = []"), "both size and sha256, or neither"),
            (model("a", "parts = [{ url = 'ftp://x' }]"), "a part is a web address"),
            (model("a", "parts = [{ path = 'x.gguf' }]"), "a part is a web address"),
            (model("a", "parts = [{ package = 'x', member = 'y' }]"), "pinned as name==version"),
            (model("a", "parts = [{ package = '-r==1', member = 'y' }]"), "pinned"),
            (model("a", "parts = [{ package = 'x==1 --pre', member = 'y' }]"), "pinned"),
            (
                model("a", &format!("parts = [{{ path = '/x', {part} }}, {{ path = '/y' }}]")),
                "a part of several needs size and sha256",
            ),
            (model("a", URL) + "[defaults]\nspeech = [{ id = 'a' }]", "a is no speech model"),
            (
                "[[model]]\nid = 3".to_owned(),
                "catalog.toml cannot be used, so put it right or take it away: TOML parse error",
            ),
        ] {
            let error = parse(&text).expect_err(problem);
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn a_language_is_known_by_its_first_part() {
        let catalog = Catalog::shipped();
        let english = catalog.entry("whisper-tiny.en").expect("there");
        let many = catalog.entry("whisper-base").expect("there");
        assert!(english.knows(Some("en-GB")) && many.knows(Some("de-AT")));
        assert!(!english.knows(Some("de")) && !english.knows(None) && many.knows(None));
    }
}
