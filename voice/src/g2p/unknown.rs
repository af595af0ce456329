//! Words that no dictionary has, names above all, pronounced from their letters
//! by a small network that is part of the program.

use anyhow::Context as _;
use rten::{Model, NodeId, RunOptions};
use rten_tensor::{NdTensor, NdTensorView};

use crate::phonemes;

static NETWORK: &[u8] = include_bytes!("../../assets/unknown.onnx");
static ALPHABETS: &str = include_str!("../../assets/unknown.txt");

/// The network has not seen longer words.
const MOST_LETTERS: usize = 24;

pub(crate) struct Unknown {
    network: Model,
    input: NodeId,
    output: NodeId,
    options: RunOptions,
    letters: Vec<char>,
    phonemes: Vec<char>,
}

impl Unknown {
    pub fn new(options: RunOptions) -> anyhow::Result<Self> {
        let network =
            Model::load_static_slice(NETWORK).context("the table of letter sounds is broken")?;
        let (input, output) = (network.node_id("chars")?, network.node_id("ids")?);
        let (letters, phonemes) = ALPHABETS.split_once('\n').unwrap_or_default();
        let phonemes = phonemes.trim_end_matches('\n').chars().collect();
        Ok(Self { network, input, output, options, letters: letters.chars().collect(), phonemes })
    }

    /// The phonemes of `word`; empty if none of its letters is known.
    pub fn phonemes(&self, word: &str) -> anyhow::Result<String> {
        let number = |c| self.letters.iter().position(|&known| known == c).map(|at| at as i32 + 1);
        let numbers: Vec<i32> = word.chars().filter_map(number).collect();
        let mut said = String::new();
        for part in numbers.chunks(MOST_LETTERS) {
            let input = NdTensor::from_data([1, part.len()], part.to_vec());
            let [output] = self.network.run_n(
                vec![(self.input, input.into())],
                [self.output],
                Some(self.options.clone()),
            )?;
            let output: NdTensorView<i32, 2> = output.as_view().try_into()?;
            // Several outputs a letter: the same one again is one phoneme, 0 is none.
            let mut before = 0;
            for &next in output.iter() {
                if next != before && next > 0 {
                    let phoneme = self.phonemes.get(next as usize - 1).copied();
                    said.extend(phoneme.filter(|&p| phonemes::number(p) > phonemes::number(' ')));
                }
                before = next;
            }
        }
        Ok(said)
    }
}
