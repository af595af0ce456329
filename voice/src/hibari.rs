//! The voice "hibari": a network of 8 MB that makes the spectra of a sentence
//! from its phonemes, run by `rten` on one thread. Called through
//! [`Synthesizer`]; never reads or writes anything but the weight when loaded.

mod edges;
mod phrase;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, NdTensorView, prelude::*};

use self::phrase::Phrase;
use crate::g2p::Pronouncer;
use crate::vocoder::{HOP, Spectra, Tone, Vocoder};
use crate::{Manner, RATE_HZ, Sound, Synthesizer, Word, text};

/// What the network is asked for: the parts of [`Spectra`], and for how many
/// steps each symbol lasts.
const OUTPUTS: [&str; 7] = ["lh", "theta", "ln", "lr", "phi", "f0", "/Cast_32_output_0"];
/// Samples of one step of a symbol.
const STEP: usize = 2 * HOP;
/// Brings the voice to about -18 dB in speech.
const GAIN: f32 = 2.1;

/// The voice, ready to speak.
pub struct Hibari {
    network: Model,
    symbols: NodeId,
    speed: NodeId,
    outputs: [NodeId; OUTPUTS.len()],
    options: RunOptions,
    pronouncer: Pronouncer,
    vocoder: Vocoder,
}

impl Hibari {
    /// Loads the voice from its weight, `hibari.onnx`.
    ///
    /// # Errors
    /// If the file cannot be read or is not this voice.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let unusable =
            || format!("the voice in {} cannot be used; download it again", path.display());
        let network = Model::load_file(path).with_context(unusable)?;
        let node = |name: &str| network.node_id(name).with_context(unusable);
        let mut outputs = [node(OUTPUTS[0])?; OUTPUTS.len()];
        for (output, name) in outputs.iter_mut().zip(OUTPUTS) {
            *output = node(name)?;
        }
        let (symbols, speed) = (node("ids")?, node("speed")?);
        // One thread: a sentence is short, and the language model needs the others.
        let options =
            RunOptions::default().with_thread_pool(Some(Arc::new(ThreadPool::with_num_threads(1))));
        let pronouncer = Pronouncer::new(options.clone())?;
        Ok(Self { network, symbols, speed, outputs, options, pronouncer, vocoder: Vocoder::new() })
    }

    /// How `clause` is pronounced, a line a sentence: for people who look into it.
    ///
    /// # Errors
    /// If the network for unknown names fails.
    pub fn phonemes(&self, clause: &str) -> anyhow::Result<String> {
        let said = self.pronouncer.pronounce(&text::pieces(clause))?;
        let lines: Vec<String> = phrase::phrases(&said).iter().map(Phrase::to_string).collect();
        Ok(lines.join("\n"))
    }

    /// Appends the sound of `phrase`, the pause after it, and its words.
    fn speak(&mut self, phrase: &Phrase, manner: &Manner, sound: &mut Sound) -> anyhow::Result<()> {
        let warmth = manner.warmth.clamp(0.0, 1.0);
        let speed = manner.pace.clamp(0.5, 2.0) * (1.0 - 0.08 * warmth);
        // The network wants silence around the sentence.
        let silence = std::iter::once(0);
        let symbols: Vec<i32> = silence
            .clone()
            .chain(phrase.symbols.iter().map(|&symbol| i32::from(symbol)))
            .chain(silence)
            .collect();
        let input = NdTensor::from_data([1, symbols.len()], symbols);
        let speed_input = NdTensor::from_data([1], vec![speed]);
        let seed = seed(&phrase.symbols);
        let outputs = self.network.run_n(
            vec![(self.symbols, input.into()), (self.speed, speed_input.into())],
            self.outputs,
            Some(self.options.clone()),
        )?;
        let mut parts: [&[f32]; 6] = [&[]; 6];
        for (part, output) in parts.iter_mut().zip(&outputs) {
            *part = floats(output)?;
        }
        let [harmonic_log, harmonic_phase, noise_log, free_log, free_phase, pitch_hz] = parts;
        let spectra =
            Spectra { harmonic_log, harmonic_phase, noise_log, free_log, free_phase, pitch_hz };
        let tone = Tone { pitch: 1.0 - 0.04 * warmth, treble_db: -4.0 * warmth };
        let samples = self.vocoder.samples(&spectra, tone, seed);

        let lengths: NdTensorView<i32, 1> = outputs[6].as_view().try_into()?;
        let mut ends = Vec::with_capacity(lengths.len());
        let mut end = 0;
        for &length in lengths.iter() {
            end += usize::try_from(length).unwrap_or(0) * STEP;
            ends.push(end);
        }
        let heard = edges::heard(samples);
        let start = sound.samples.len();
        sound.samples.extend_from_slice(&samples[heard.clone()]);
        edges::finish(&mut sound.samples[start..], GAIN * 10f32.powf(-3.0 * warmth / 20.0));
        let spoken = sound.samples.len();
        // Symbol 0 is the silence before, so a symbol begins where the one of its own number ends.
        let sample_at = |symbol: usize| {
            let at = ends.get(symbol).copied().unwrap_or(end);
            start + at.clamp(heard.start, heard.end) - heard.start
        };
        for (text, symbols) in &phrase.words {
            let samples = sample_at(symbols.start)..sample_at(symbols.end);
            match sound.words.last_mut() {
                // A word that went on in the next phrase.
                Some(before) if before.text == *text => before.samples.end = samples.end,
                _ => sound.words.push(Word { text: text.clone(), samples }),
            }
        }
        let pause_s = phrase.pause.seconds() * (1.0 + 0.4 * warmth) / manner.pace.clamp(0.5, 2.0);
        sound.samples.resize(spoken + (pause_s * RATE_HZ as f32) as usize, 0.0);
        Ok(())
    }
}

impl Synthesizer for Hibari {
    fn synthesize(&mut self, clause: &str, manner: &Manner) -> anyhow::Result<Sound> {
        let said = self.pronouncer.pronounce(&text::pieces(clause))?;
        let mut sound = Sound::default();
        for phrase in phrase::phrases(&said) {
            self.speak(&phrase, manner, &mut sound)?;
        }
        Ok(sound)
    }

    fn set_pronunciations(&mut self, pronunciations: &[(String, String)]) {
        self.pronouncer.set_given(pronunciations);
    }
}

fn floats(value: &rten::Value) -> anyhow::Result<&[f32]> {
    let rten::Value::FloatTensor(tensor) = value else {
        anyhow::bail!("the voice gave numbers of an unexpected kind; download it again");
    };
    tensor.data().context("the voice's numbers are not in order; download it again")
}

/// The same sentence has the same noise.
fn seed(symbols: &[u8]) -> u64 {
    symbols
        .iter()
        .fold(0x5EED, |seed: u64, &symbol| (seed ^ u64::from(symbol)).wrapping_mul(0x100_0000_01B3))
}
