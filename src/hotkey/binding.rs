//! What a person writes for a key, such as `Ctrl+Shift+Space`.

use crate::wording::troubles;
use global_hotkey::hotkey::{Code, HotKey, Modifiers};
use std::fmt::{self, Display};
use std::str::FromStr;

/// A key with the modifiers that are held with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    modifiers: Modifiers,
    key: Code,
}

/// Why a text is no key. Each is one sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// Nothing was written.
    #[error("{}", troubles::KEY_EMPTY)]
    Empty,
    /// Only modifiers were written.
    #[error("{}", troubles::KEY_MODIFIERS_ONLY.with(&[("key", .0)]))]
    ModifiersOnly(String),
    /// More than one key was written, or a modifier after it.
    #[error("{}", troubles::KEY_TWO.with(&[("key", .0)]))]
    TwoKeys(String),
    /// No such key.
    #[error("{}", troubles::KEY_UNKNOWN.with(&[("key", .0)]))]
    UnknownKey(String),
    /// A key that would be missing in every other program.
    #[error("{}", troubles::KEY_NEEDS_MODIFIER.with(&[("key", .0)]))]
    NeedsModifier(String),
}

/// Modifiers, their names, the first of which is shown.
const MODIFIERS: [(Modifiers, &[&str]); 4] = [
    (Modifiers::CONTROL, &["Ctrl", "Control", "Strg"]),
    (Modifiers::ALT, &["Alt", "Option"]),
    (Modifiers::SHIFT, &["Shift"]),
    (Modifiers::META, &["Super", "Meta", "Win", "Windows", "Cmd", "Command"]),
];

impl FromStr for Binding {
    type Err = BindingError;

    fn from_str(text: &str) -> Result<Self, BindingError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BindingError::Empty);
        }
        let mut modifiers = Modifiers::empty();
        let mut key = None;
        for token in text.split('+').map(str::trim) {
            let modifier = MODIFIERS
                .iter()
                .find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(token)));
            match (modifier, key) {
                (_, Some(_)) => return Err(BindingError::TwoKeys(text.into())),
                (Some((modifier, _)), None) => modifiers |= *modifier,
                (None, None) => key = Some(parse_key(token)?),
            }
        }
        let key = key.ok_or_else(|| BindingError::ModifiersOnly(text.into()))?;
        let binding = Self { modifiers, key };
        if modifiers.difference(Modifiers::SHIFT).is_empty() && types_something(key) {
            return Err(BindingError::NeedsModifier(binding.to_string()));
        }
        Ok(binding)
    }
}

impl Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, names) in MODIFIERS {
            if self.modifiers.contains(modifier) {
                write!(f, "{}+", names[0])?;
            }
        }
        f.write_str(&key_name(self.key))
    }
}

impl Binding {
    pub(super) fn hot_key(self) -> HotKey {
        HotKey::new(Some(self.modifiers), self.key)
    }

    /// In the notation of the XDG shortcuts specification, which names keys as
    /// XKB does.
    #[cfg(target_os = "linux")]
    pub(super) fn xdg_trigger(self) -> String {
        let mut trigger = String::new();
        for (modifier, name) in [
            (Modifiers::CONTROL, "CTRL+"),
            (Modifiers::ALT, "ALT+"),
            (Modifiers::SHIFT, "SHIFT+"),
            (Modifiers::META, "LOGO+"),
        ] {
            if self.modifiers.contains(modifier) {
                trigger.push_str(name);
            }
        }
        let name = key_name(self.key);
        let name = match name.as_str() {
            "Enter" => "Return".into(),
            "Backspace" => "BackSpace".into(),
            "PageUp" => "Page_Up".into(),
            "PageDown" => "Page_Down".into(),
            "," => "comma".into(),
            "." => "period".into(),
            "-" => "minus".into(),
            "=" => "equal".into(),
            ";" => "semicolon".into(),
            "/" => "slash".into(),
            "\\" => "backslash".into(),
            "`" => "grave".into(),
            _ if name.len() == 1 || name == "Space" => name.to_lowercase(),
            _ => name,
        };
        trigger + &name
    }
}

fn parse_key(token: &str) -> Result<Code, BindingError> {
    let unknown = || BindingError::UnknownKey(token.into());
    if token.is_empty() {
        return Err(unknown());
    }
    // On its own a token is parsed as a key, never as a modifier.
    token.parse::<HotKey>().map(|parsed| parsed.key).map_err(|_| unknown())
}

/// As it is printed on the key, where it is.
fn key_name(key: Code) -> String {
    let name = key.to_string();
    let plain = ["Key", "Digit", "Arrow"].iter().find_map(|prefix| name.strip_prefix(prefix));
    match (plain, key) {
        (Some(plain), _) => plain.to_owned(),
        (None, Code::Comma) => ",".into(),
        (None, Code::Period) => ".".into(),
        (None, Code::Minus) => "-".into(),
        (None, Code::Equal) => "=".into(),
        (None, Code::Semicolon) => ";".into(),
        (None, Code::Slash) => "/".into(),
        (None, Code::Backslash) => "\\".into(),
        (None, Code::Backquote) => "`".into(),
        (None, _) => name,
    }
}

/// Whether other programs need the key when no modifier is held.
fn types_something(key: Code) -> bool {
    let name = key.to_string();
    let is_function_key = name.strip_prefix('F').is_some_and(|n| n.parse::<u8>().is_ok());
    let spare = matches!(
        key,
        Code::Pause | Code::ScrollLock | Code::PrintScreen | Code::Insert | Code::ContextMenu
    );
    !is_function_key && !spare && !name.starts_with("Media") && !name.starts_with("Audio")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_people_write_them() {
        for (text, shown) in [
            ("Ctrl+Shift+Space", "Ctrl+Shift+Space"),
            (" shift + control + space ", "Ctrl+Shift+Space"),
            ("Strg+Alt+k", "Ctrl+Alt+K"),
            ("Win+5", "Super+5"),
            ("F9", "F9"),
            ("Shift+F24", "Shift+F24"),
            ("Alt+Left", "Alt+Left"),
            ("Alt+,", "Alt+,"),
            ("Pause", "Pause"),
        ] {
            let binding: Binding = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(binding.to_string(), shown, "for {text:?}");
            assert_eq!(shown.parse(), Ok(binding), "{shown} reads as what it shows");
        }
    }

    #[test]
    fn what_is_no_key_is_explained() {
        for (text, error) in [
            ("", BindingError::Empty),
            ("  ", BindingError::Empty),
            ("Ctrl+Shift", BindingError::ModifiersOnly("Ctrl+Shift".into())),
            ("Ctrl+K+L", BindingError::TwoKeys("Ctrl+K+L".into())),
            ("K+Ctrl", BindingError::TwoKeys("K+Ctrl".into())),
            ("Ctrl+Spacebar", BindingError::UnknownKey("Spacebar".into())),
            ("Ctrl++", BindingError::UnknownKey(String::new())),
            ("Space", BindingError::NeedsModifier("Space".into())),
            ("Shift+A", BindingError::NeedsModifier("Shift+A".into())),
        ] {
            assert_eq!(text.parse::<Binding>(), Err(error), "for {text:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_portal_is_told_in_its_own_notation() {
        for (text, trigger) in [
            ("Ctrl+Shift+Space", "CTRL+SHIFT+space"),
            ("Super+K", "LOGO+k"),
            ("Alt+F9", "ALT+F9"),
            ("Ctrl+Enter", "CTRL+Return"),
        ] {
            assert_eq!(text.parse::<Binding>().expect("a key").xdg_trigger(), trigger);
        }
    }
}
