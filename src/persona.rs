//! Who she is: a name and what the language model is told about her, from a
//! TOML file that a person can copy and change.

use crate::wording::{reasons, troubles};
use serde::Deserialize;
use std::path::Path;

/// The persona that comes with the app.
const SAMANTHA: &str = include_str!("../assets/personas/samantha.toml");

/// The name of the persona that comes with the app.
pub const DEFAULT: &str = "samantha";

/// A persona as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// What she is called.
    pub name: String,
    /// What the model is told, with places to be filled in.
    pub instructions: String,
}

/// What is filled into the instructions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// The person's name; empty if they did not say.
    pub person: &'a str,
    /// BCP 47 tag of the language they speak.
    pub language: &'a str,
    /// The model that answers.
    pub model: &'a str,
    /// Where it runs, for instance "on this computer".
    pub place: &'a str,
}

/// Why a persona can't be used. Each text is one sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum PersonaError {
    /// No file of that name.
    #[error("{}", troubles::NO_PERSONA.with(&[("name", .name), ("dir", &.dir.display())]))]
    Missing {
        /// What was asked for.
        name: String,
        /// Where it was sought.
        dir: std::path::PathBuf,
    },
    /// The file could not be understood.
    #[error("{}", troubles::BROKEN_PERSONA.with(&[
        ("file", &.file.display()), ("reason", .reason)
    ]))]
    Broken {
        /// The file.
        file: std::path::PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl Persona {
    /// The one that comes with the app.
    pub fn samantha() -> Self {
        toml::from_str(SAMANTHA).expect("the shipped persona is checked by a test")
    }

    /// The person's own persona of that name from `dir`, else the shipped one
    /// if it is meant.
    pub fn load(name: &str, dir: &Path) -> Result<Self, PersonaError> {
        let file = dir.join(format!("{name}.toml"));
        let broken = |reason: String| PersonaError::Broken { file: file.clone(), reason };
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                let persona: Self =
                    toml::from_str(&text).map_err(|error| broken(error.message().to_owned()))?;
                if persona.name.trim().is_empty() {
                    return Err(broken(troubles::NAMELESS_PERSONA.into()));
                }
                Ok(persona)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if name == DEFAULT {
                    Ok(Self::samantha())
                } else {
                    Err(PersonaError::Missing { name: name.to_owned(), dir: dir.to_owned() })
                }
            }
            Err(error) => Err(broken(reasons::of(&error))),
        }
    }

    /// The system message. The same circumstances give the same bytes.
    pub fn system_message(&self, now: &Circumstances<'_>) -> String {
        let person = match now.person.trim() {
            "" => String::new(),
            name => format!(" The person's name is {name}."),
        };
        self.instructions
            .trim()
            .replace("{name}", &self.name)
            .replace("{model}", now.model)
            .replace("{place}", now.place)
            .replace("{language}", language_name(now.language))
            .replace("{person}", &person)
    }
}

/// What a language is called in English, as models know it best; the tag
/// itself where it is not listed.
fn language_name(tag: &str) -> &str {
    let primary = tag.split(['-', '_']).next().unwrap_or(tag);
    match primary {
        "ar" => "Arabic",
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" | "" => "English",
        "es" => "Spanish",
        "fi" => "Finnish",
        "fr" => "French",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hu" => "Hungarian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "nb" | "no" => "Norwegian",
        "nl" => "Dutch",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sv" => "Swedish",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_persona_is_honest_and_filled_in() {
        let now = Circumstances {
            person: "Theodore",
            language: "de-AT",
            model: "Some Model",
            place: "on this computer",
        };
        let text = Persona::samantha().system_message(&now);
        for part in [
            "Samantha",
            "computer program",
            "Some Model, on this computer",
            "Speak German. The person's name is Theodore.",
        ] {
            assert!(text.contains(part), "{part:?} is missing from\n{text}");
        }
        assert!(!text.contains('{'), "{text}");
        assert_eq!(text, Persona::samantha().system_message(&now));
    }

    #[test]
    fn a_persons_own_persona_comes_first() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let own = dir.path().join("samantha.toml");
        std::fs::write(&own, "name = 'Sam'\ninstructions = 'Be {name}.'").expect("written");
        let persona = Persona::load("samantha", dir.path()).expect("loaded");
        assert_eq!(persona.system_message(&Circumstances::default()), "Be Sam.");
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("odd.toml"), "name = 3").expect("written");
        for (name, part) in [("odd", "cannot be used"), ("none", "none.toml")] {
            let text = Persona::load(name, dir.path()).expect_err("refused").to_string();
            assert!(text.contains(part) && !text.contains('\n'), "{text}");
        }
    }
}
