//! One text of the window, in the language that is chosen.
//!
//! The English words stand in the code and are the key of their translations,
//! as gettext does it; `assets/languages/` holds those.

use eframe::egui::{RichText, WidgetText};
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::Deref;

/// A text, by its English words. Reads as a `str` in the chosen language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Text(pub &'static str);

impl Text {
    /// In the chosen language.
    pub fn get(self) -> &'static str {
        super::language::translated(self.0)
    }

    /// With `{name}` replaced by its value, for each pair. A value is taken as it
    /// is, even if it looks like a name.
    pub fn with(self, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.get();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, name)| Some((before, name.split_once('}')?)))
        {
            filled.push_str(before);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(&value.to_string()),
                None => filled.extend(["{", name, "}"]),
            }
            rest = after;
        }
        filled + rest
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.get()
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl From<Text> for &'static str {
    fn from(text: Text) -> Self {
        text.get()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.get().to_owned()
    }
}

impl From<Text> for Cow<'static, str> {
    fn from(text: Text) -> Self {
        text.get().into()
    }
}

impl From<Text> for Box<str> {
    fn from(text: Text) -> Self {
        text.get().into()
    }
}

impl From<Text> for RichText {
    fn from(text: Text) -> Self {
        RichText::new(text.get())
    }
}

impl From<Text> for WidgetText {
    fn from(text: Text) -> Self {
        text.get().into()
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.get() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.get() == *other
    }
}

impl PartialEq<Text> for String {
    fn eq(&self, other: &Text) -> bool {
        self == other.get()
    }
}

impl PartialEq<Text> for Cow<'_, str> {
    fn eq(&self, other: &Text) -> bool {
        self == other.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_name_stays_as_it_is() {
        let text = Text("{who} told {what}, {unknown}.");
        let filled = text.with(&[("who", &"{what}"), ("what", &"all")]);
        assert_eq!(filled, "{what} told all, {unknown}.");
        assert_eq!(Text("Nothing } to { fill").with(&[("who", &1)]), "Nothing } to { fill");
    }
}
