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

    /// With `{name}` replaced by its value, for each pair.
    pub fn with(self, values: &[(&str, &dyn Display)]) -> String {
        values.iter().fold(self.get().to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), &value.to_string())
        })
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
