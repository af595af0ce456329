//! Speech Dispatcher.
//!
//! Called through the bindings that the `tts` crate itself is built on: `tts`
//! lists all voices anew for each choice of one, which takes a second with
//! espeak-ng's thirteen thousand, and aborts the process on a report that
//! arrives late. The bindings' own list crashes on a connection that just died,
//! so that the reply is read here.
//!
//! The connection is never dropped: closing it cancels the library's own thread,
//! perhaps inside a callback. Forgetting it costs a little memory, once for each
//! lost connection.

use super::Reports;
use crate::dialogue::sentences::first_pause;
use crate::speech::VoiceInfo;
use crate::speech::system::choice::female_by_name;
use crate::speech::system::queue::Input;
use crate::wording::{Text, troubles};
use speech_dispatcher::{Connection, DataMode, Mode, Priority, Voice};
use std::fmt::Write;
use std::mem::ManuallyDrop;

pub(in crate::speech::system) const UNREACHABLE_REASON: Text = troubles::NO_SPEECH_SERVICE;
pub(super) const NO_VOICES_REASON: Text = troubles::NO_VOICES;

/// What espeak-ng speaks a minute at the ends and in the middle of Speech
/// Dispatcher's scale of -100 to 100.
const WORDS_PER_MINUTE: [f32; 3] = [80.0, 170.0, 449.0];

pub(super) struct Backend(ManuallyDrop<Connection>);

impl Backend {
    pub(super) fn connect(reports: &Reports) -> Result<Self, String> {
        let connection = Connection::open("samantha", "voice", "samantha", Mode::Threaded)
            .map_err(|_| UNREACHABLE_REASON)?;
        // The callbacks run under the library's global lock: they only send.
        let report = |input: fn(u64) -> Input| {
            let reports = reports.clone();
            Some(Box::new(move |id: usize, _client: usize| reports.send(input(id as u64)))
                as Box<dyn FnMut(usize, usize)>)
        };
        connection.on_begin(report(|id| Input::Began { id }));
        connection.on_end(report(|id| Input::Finished { id }));
        connection.on_cancel(report(|id| Input::CutOff { id }));
        let marks = reports.clone();
        connection.on_index_mark(Some(Box::new(move |id: usize, _client: usize, mark: String| {
            if let Ok(byte) = mark.parse() {
                marks.send(Input::Reached { id: id as u64, byte });
            }
        })));
        connection.set_data_mode(DataMode::SSML).map_err(|_| UNREACHABLE_REASON)?;
        Ok(Self(ManuallyDrop::new(connection)))
    }

    pub(super) fn voices(&self) -> Vec<VoiceInfo> {
        let reply = self.0.send_data("LIST SYNTHESIS_VOICES\r\n", true).unwrap_or_default();
        reply.lines().filter_map(voice).collect()
    }

    /// Returns the service's number for the text, `None` if it took none.
    pub(super) fn say(&mut self, text: &str) -> Option<u64> {
        // Important: other programs' messages do not cut her off. The bindings
        // panic on a zero.
        self.0.say(Priority::Important, ssml(text))
    }

    pub(super) fn silence(&mut self) {
        // A dead service is silent; that it is dead shows elsewhere.
        let _ = self.0.cancel();
    }

    /// `volume`: 0.0..=1.0. Returns whether the service answered.
    pub(super) fn set_volume(&mut self, volume: f32) -> bool {
        self.0.set_volume((volume * 200.0 - 100.0).round() as i32).is_ok()
    }

    /// `pace`: 1.0 is the voice's own.
    pub(super) fn set_pace(&mut self, pace: f32) {
        let _ = self.0.set_voice_rate(rate(pace));
    }

    pub(super) fn set_voice(&mut self, voice: &VoiceInfo) -> bool {
        let voice =
            Voice { name: voice.id.clone(), language: voice.language.clone(), variant: None };
        self.0.set_synthesis_voice(&voice).is_ok()
    }

    pub(super) fn set_language(&mut self, tag: &str) {
        let _ = self.0.set_language(tag.replace('\0', ""));
    }
}

/// The text with a mark behind each clause that is named by the byte at which it
/// ends. Speech Dispatcher hands texts to its voices as SSML in any case.
fn ssml(text: &str) -> String {
    let mut ssml = String::from("<speak>");
    let mut begin = 0;
    while let Some(length) = first_pause(&text[begin..]) {
        escape(&text[begin..begin + length], &mut ssml);
        begin += length;
        let _ = write!(ssml, "<mark name=\"{begin}\"/>");
    }
    escape(&text[begin..], &mut ssml);
    ssml + "</speak>"
}

fn escape(text: &str, ssml: &mut String) {
    for c in text.chars() {
        match c {
            '&' => ssml.push_str("&amp;"),
            '<' => ssml.push_str("&lt;"),
            '>' => ssml.push_str("&gt;"),
            // No part of any text that is written as SSML.
            '\0' => ssml.push(' '),
            c => ssml.push(c),
        }
    }
}

/// A line such as `249-English (America)+Annie\ten-US\tAnnie`; the last one,
/// which closes the reply, has no language.
fn voice(line: &str) -> Option<VoiceInfo> {
    let mut fields = line.strip_prefix("249-")?.split('\t');
    let (name, language) = (fields.next()?, fields.next()?);
    Some(VoiceInfo {
        id: name.to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        female: female_by_name(name),
    })
}

fn rate(pace: f32) -> i32 {
    let [slowest, normal, fastest] = WORDS_PER_MINUTE;
    let words_per_minute = normal * pace;
    let span = if pace < 1.0 { normal - slowest } else { fastest - normal };
    (100.0 * (words_per_minute - normal) / span).round().clamp(-100.0, 100.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_becomes_the_services_own_scale() {
        for (pace, expected) in [(1.0, 0), (0.5, -94), (2.0, 61)] {
            assert_eq!(rate(pace), expected, "for {pace}");
        }
    }

    #[test]
    fn clauses_are_marked_and_signs_are_kept_as_signs() {
        for (text, expected) in [
            ("Hello.", "<speak>Hello.</speak>"),
            ("1 < 2 & 3 > 2", "<speak>1 &lt; 2 &amp; 3 &gt; 2</speak>"),
            (
                "When the rain stops, we go out, and then home.",
                "<speak>When the rain stops,<mark name=\"20\"/> we go out, and then \
                 home.</speak>",
            ),
        ] {
            assert_eq!(ssml(text), expected);
        }
    }

    #[test]
    fn voices_are_read_from_the_services_reply() {
        let known = voice("249-English (America)+female2\ten-US\tfemale2").expect("a voice");
        assert_eq!(known.id, "English (America)+female2");
        assert_eq!(known.language, "en-US");
        assert_eq!(known.female, Some(true));
        for other in ["249 OK VOICE LIST SENT", "", "304 CANT LIST VOICES", "249-nameless"] {
            assert_eq!(voice(other), None, "{other:?}");
        }
    }
}
