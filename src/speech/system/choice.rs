//! Which voice is hers: pure choice among what the service lists.

use crate::speech::{VoiceInfo, VoiceStyle};

/// Variants by which espeak-ng turns any of its voices into a woman's, the most
/// natural first. Speech Dispatcher lists each as `LANGUAGE+VARIANT` and does
/// not say whose voice it is.
const WOMEN: &[&str] = &[
    "female2", "female3", "female1", "female5", "female4", "Annie", "Linda", "Steph", "Steph2",
    "Steph3", "Andrea", "Alicia", "anika", "Belinda",
];
/// Variants that sound like a man and not like a robot.
const MEN: &[&str] = &["male2", "male3", "male4", "male7"];

/// What the variant in a voice's name tells about it; `None` without a variant.
fn variant(name: &str) -> Option<&str> {
    name.rsplit_once('+').map(|(_, variant)| variant)
}

/// Whether a voice of this name is a woman's, as far as names tell.
pub(super) fn female_by_name(name: &str) -> Option<bool> {
    let variant = variant(name)?;
    match variant {
        _ if WOMEN.contains(&variant) => Some(true),
        _ if MEN.contains(&variant) => Some(false),
        _ => None,
    }
}

/// The voices worth showing to a person who speaks `language`. espeak-ng offers
/// over ten thousand, most of them jokes.
pub(super) fn worth_offering(voices: &[VoiceInfo], language: &str) -> Vec<VoiceInfo> {
    voices
        .iter()
        .filter(|voice| speaks(&voice.language, language))
        .filter(|voice| variant(&voice.name).is_none() || voice.female.is_some())
        .cloned()
        .collect()
}

/// The voice for this style: the one asked for if it is there, else a woman's
/// in the language, else any in the language, else `None`.
pub(super) fn choose<'a>(voices: &'a [VoiceInfo], style: &VoiceStyle) -> Option<&'a VoiceInfo> {
    if let Some(id) = &style.voice
        && let Some(voice) = voices.iter().find(|voice| voice.id == *id)
    {
        return Some(voice);
    }
    voices.iter().filter(|voice| speaks(&voice.language, &style.language)).min_by_key(|voice| {
        let accent = distance(&voice.language, &style.language);
        let rank = variant(&voice.name)
            .map(|variant| WOMEN.iter().position(|v| *v == variant).unwrap_or(WOMEN.len()));
        (voice.female != Some(true), accent, rank.unwrap_or(0))
    })
}

/// The language alone, as espeak-ng writes it.
fn primary(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "zh" => "cmn".into(),
        "no" => "nb".into(),
        _ => primary,
    }
}

fn speaks(tag: &str, wanted: &str) -> bool {
    primary(tag) == primary(wanted)
}

/// How far an accent is from what was asked for, among those of one language.
fn distance(tag: &str, wanted: &str) -> u8 {
    let same = |a: &str, b: &str| a.replace('_', "-").eq_ignore_ascii_case(&b.replace('_', "-"));
    // What most people mean by the bare name of a language.
    let usual = match primary(wanted).as_str() {
        "en" => "en-US",
        "pt" => "pt-BR",
        "es" => "es-ES",
        _ => wanted,
    };
    match tag {
        _ if same(tag, wanted) => 0,
        _ if same(tag, usual) => 1,
        _ if tag.len() <= 5 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voices() -> Vec<VoiceInfo> {
        let mut all = Vec::new();
        for (name, language) in [
            ("English (Caribbean)", "en-029"),
            ("English (Great Britain)", "en-GB"),
            ("English (Scotland)", "en-GB-scotland"),
            ("English (America)", "en-US"),
            ("German", "de"),
            ("Chinese (Mandarin, latin as Pinyin)", "cmn"),
        ] {
            for variant in ["", "+Adam", "+female1", "+female2", "+male2", "+Robosoft"] {
                let name = format!("{name}{variant}");
                all.push(VoiceInfo {
                    id: name.clone(),
                    female: female_by_name(&name),
                    name,
                    language: language.into(),
                });
            }
        }
        all
    }

    fn style(voice: Option<&str>, language: &str) -> VoiceStyle {
        VoiceStyle {
            voice: voice.map(Into::into),
            language: language.into(),
            rate: 1.0,
            volume: 1.0,
            warmth: 0.0,
        }
    }

    #[test]
    fn a_womans_voice_in_the_persons_language_is_hers() {
        for (language, wanted) in [
            ("en", "English (America)+female2"),
            ("en-GB", "English (Great Britain)+female2"),
            ("en_GB", "English (Great Britain)+female2"),
            ("en-NZ", "English (America)+female2"),
            ("de-AT", "German+female2"),
            ("zh-CN", "Chinese (Mandarin, latin as Pinyin)+female2"),
        ] {
            let voices = voices();
            let chosen = choose(&voices, &style(None, language)).expect("a voice");
            assert_eq!(chosen.id, wanted, "for {language}");
        }
    }

    #[test]
    fn the_voice_asked_for_wins_and_a_missing_one_does_not_silence_her() {
        let voices = voices();
        let asked = choose(&voices, &style(Some("German+Adam"), "en")).expect("a voice");
        assert_eq!(asked.id, "German+Adam");
        let gone = choose(&voices, &style(Some("Gone"), "de")).expect("a voice");
        assert_eq!(gone.id, "German+female2");
        assert_eq!(choose(&voices, &style(None, "ja")), None);
    }

    #[test]
    fn only_voices_that_are_no_jokes_are_offered() {
        let names: Vec<_> =
            worth_offering(&voices(), "de").into_iter().map(|voice| voice.name).collect();
        assert_eq!(names, ["German", "German+female1", "German+female2", "German+male2"]);
    }
}
