//! Her own voice: text in, sound out, on this machine.
//!
//! Text becomes [`text::Piece`]s that can be read aloud, these become phonemes,
//! and a small neural network makes sound of them. Pure computation: nothing
//! here knows of devices, threads that play, or conversations. The app's
//! `speech` module calls it through [`Synthesizer`].

mod g2p;
mod hibari;
mod phonemes;
pub mod text;
mod vocoder;

pub use hibari::Hibari;

use std::ops::Range;

/// The rate of all sound made here: mono, -1.0..=1.0.
pub const RATE_HZ: u32 = 24_000;

/// How something is to be said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// 1.0 is the voice's own pace, 0.5..=2.0.
    pub pace: f32,
    /// From 0.0, the plain voice, to 1.0: darker and softer, with longer pauses.
    pub warmth: f32,
}

impl Default for Manner {
    fn default() -> Self {
        Self { pace: 1.0, warmth: 0.0 }
    }
}

/// One clause as sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sound {
    /// At [`RATE_HZ`]; includes the pause that belongs after the clause.
    pub samples: Vec<f32>,
    /// The words of the text in order.
    pub words: Vec<Word>,
}

/// Where a word of the text is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the text that was given.
    pub text: Range<usize>,
    /// The samples of [`Sound::samples`] in which it is heard.
    pub samples: Range<usize>,
}

/// Makes sound of text.
pub trait Synthesizer: Send {
    /// The sound of `clause`: a few words up to a sentence, as written; at
    /// most a few hundred letters. A clause with nothing to be said gives an
    /// empty sound.
    fn synthesize(&mut self, clause: &str, manner: &Manner) -> anyhow::Result<Sound>;

    /// Replaces the pronunciations of single words, names above all: the word as
    /// written, in any case, and a respelling such as "wah-KEEN" or phonemes
    /// in slashes such as "/wɑˈkin/". What cannot be read is left out; see
    /// [`is_pronunciation`].
    fn set_pronunciations(&mut self, pronunciations: &[(String, String)]);
}

/// Whether a respelling or phonemes in slashes can be read.
pub fn is_pronunciation(respelling: &str) -> bool {
    g2p::phonemes_of(respelling).is_some()
}
