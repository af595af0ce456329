//! One text of the window, in the language that is chosen.
//!
//! The English words stand in the code and are the key of their translations,
//! as gettext does it; `assets/languages/` holds those.

use eframe::egui::{RichText, WidgetText};
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::Deref;
use std::sync::Arc;

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
        let value_of = |name: &str| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        };
        self.filled(value_of)
    }

    /// The beginning of a [`Sentence`], with its first value.
    pub fn filling(
        self,
        name: &'static str,
        value: impl Display + Send + Sync + 'static,
    ) -> Sentence {
        Sentence::from(self).with(name, value)
    }

    fn filled(self, value_of: impl Fn(&str) -> Option<String>) -> String {
        let mut filled = String::new();
        let mut rest = self.get();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, name)| Some((before, name.split_once('}')?)))
        {
            filled.push_str(before);
            match value_of(name) {
                Some(value) => filled.push_str(&value),
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

/// A text with its values, in the language that is chosen when it is shown: an
/// error can so be logged in English and read in German.
#[derive(Clone)]
pub struct Sentence {
    text: Text,
    values: Vec<(&'static str, Arc<dyn Display + Send + Sync>)>,
}

impl Sentence {
    /// The text with this value as `name`, which may be a [`Sentence`] itself.
    pub fn with(mut self, name: &'static str, value: impl Display + Send + Sync + 'static) -> Self {
        self.values.push((name, Arc::new(value)));
        self
    }
}

impl Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value_of = |name: &str| {
            let mut values = self.values.iter();
            values.find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        };
        f.write_str(&self.text.filled(value_of))
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

impl PartialEq for Sentence {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Sentence {}

impl serde::Serialize for Sentence {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Text> for Sentence {
    fn from(text: Text) -> Self {
        Self { text, values: Vec::new() }
    }
}

/// The same in every language: a name, or what another program says.
impl From<String> for Sentence {
    fn from(verbatim: String) -> Self {
        const VERBATIM: &str = "{it}";
        Self::from(Text(VERBATIM)).with("it", verbatim)
    }
}

impl From<&str> for Sentence {
    fn from(verbatim: &str) -> Self {
        verbatim.to_owned().into()
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::speaking;
    use super::*;

    #[test]
    fn a_sentence_is_said_in_the_language_that_is_chosen_when_it_is_shown() {
        let inner = Sentence::from(Text("Settings"));
        let outer = Sentence::from(Text("About {someone}")).with("someone", inner);
        assert_eq!(outer.to_string(), "About Settings");
        assert_eq!(speaking("de", || outer.to_string()), "Über Einstellungen");
        assert_eq!(Sentence::from("{as} it is").to_string(), "{as} it is");
    }

    #[test]
    fn a_value_that_looks_like_a_name_stays_as_it_is() {
        let text = Text("{who} told {what}, {unknown}.");
        let filled = text.with(&[("who", &"{what}"), ("what", &"all")]);
        assert_eq!(filled, "{what} told all, {unknown}.");
        assert_eq!(Text("Nothing } to { fill").with(&[("who", &1)]), "Nothing } to { fill");
    }
}
