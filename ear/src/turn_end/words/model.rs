//! The net behind the judgement: word by word, a small gated recurrent unit
//! that says after each word how likely the turn ends there.
//!
//! `ear/assets/turn-words.bin`, little-endian, written by `scripts/train-turn-words`:
//!
//! | part | what |
//! | --- | --- |
//! | 5 numbers (u32) | [`MAGIC`], words V, dimensions D, hidden units H, buckets of word endings S |
//! | V lines | the known words, each followed by a line feed, in the order of their rows |
//! | scale (f32), (V + 2) x D bytes | vectors of words as i8: unknown word, break, then the known words |
//! | scale (f32), S x D bytes | vectors of word endings as i8 |
//! | f32 each | input weights D x 3H, recurrent weights H x 3H, their biases 3H and H, output H x 3, its bias 3 |
//!
//! A word is its own vector plus half the sum of those of its last two, three
//! and four letters, hashed with FNV-1a, so that a word never seen still shows
//! by its ending what it may be. The three parts of the unit are update, reset
//! and candidate; the outputs unfinished, finished and wait.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::Token;

/// "EWT1".
const MAGIC: u32 = u32::from_le_bytes(*b"EWT1");
/// Words that are looked at, from the end: as many as the training texts had.
const MOST_TOKENS: usize = 48;
const UNKNOWN: usize = 0;
const BREAK: usize = 1;
const FIRST_WORD: usize = 2;

static BYTES: &[u8] = include_bytes!("../../../assets/turn-words.bin");
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    Model::parse(BYTES).expect("the shipped table of turn words is whole: a test reads it")
});

/// The model that is shipped.
pub(super) fn model() -> &'static Model {
    &MODEL
}

/// Weights, and which word has which row.
pub(super) struct Model {
    rows: HashMap<&'static str, usize>,
    dims: usize,
    hidden: usize,
    buckets: usize,
    words: Table,
    endings: Table,
    input: Vec<f32>,
    recurrent: Vec<f32>,
    gate_bias: Vec<f32>,
    candidate_bias: Vec<f32>,
    output: Vec<f32>,
    output_bias: Vec<f32>,
}

/// Vectors in bytes with one scale.
struct Table {
    scale: f32,
    bytes: &'static [u8],
}

impl Model {
    /// Reads the layout above; `None` if it is anything else.
    fn parse(bytes: &'static [u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        if rest.u32()? != MAGIC {
            return None;
        }
        let [count, dims, hidden, buckets] =
            [rest.size()?, rest.size()?, rest.size()?, rest.size()?];
        let rows =
            (0..count).map(|i| Some((rest.line()?, i + FIRST_WORD))).collect::<Option<_>>()?;
        let model = Self {
            rows,
            dims,
            hidden,
            buckets,
            words: rest.table((count + FIRST_WORD) * dims)?,
            endings: rest.table(buckets * dims)?,
            input: rest.floats(dims * 3 * hidden)?,
            recurrent: rest.floats(hidden * 3 * hidden)?,
            gate_bias: rest.floats(3 * hidden)?,
            candidate_bias: rest.floats(hidden)?,
            output: rest.floats(hidden * 3)?,
            output_bias: rest.floats(3)?,
        };
        rest.0.is_empty().then_some(model)
    }

    /// How likely the turn ends after `tokens`: unfinished, finished, wait.
    pub(super) fn read(&self, tokens: &[Token]) -> [f32; 3] {
        let hidden = self.hidden;
        let mut state = vec![0.0; hidden];
        for token in &tokens[tokens.len().saturating_sub(MOST_TOKENS)..] {
            let mut gates = self.gate_bias.clone();
            add_product(&mut gates, &self.vector(token), &self.input);
            let mut recall = vec![0.0; 3 * hidden];
            add_product(&mut recall, &state, &self.recurrent);
            for i in 0..hidden {
                let update = sigmoid(gates[i] + recall[i]);
                let reset = sigmoid(gates[hidden + i] + recall[hidden + i]);
                let candidate = (gates[2 * hidden + i]
                    + reset * (recall[2 * hidden + i] + self.candidate_bias[i]))
                    .tanh();
                state[i] = (1.0 - update) * state[i] + update * candidate;
            }
        }
        let mut out = self.output_bias.clone();
        add_product(&mut out, &state, &self.output);
        let highest = out.iter().copied().fold(f32::MIN, f32::max);
        let likely = [0, 1, 2].map(|i| (out[i] - highest).exp());
        likely.map(|x| x / likely.iter().sum::<f32>())
    }

    fn vector(&self, token: &Token) -> Vec<f32> {
        let mut sum = vec![0.0; self.dims];
        match token {
            Token::Break => self.words.add_row(&mut sum, BREAK, 1.0),
            Token::Word(word) => {
                let number = word.bytes().all(|b| b.is_ascii_digit());
                let word = if number { "0" } else { word };
                self.words.add_row(&mut sum, self.rows.get(word).copied().unwrap_or(UNKNOWN), 1.0);
                for letters in 2..=4 {
                    self.endings.add_row(&mut sum, bucket(word, letters, self.buckets), 0.5);
                }
            }
        }
        sum
    }
}

impl Table {
    fn add_row(&self, sum: &mut [f32], row: usize, weight: f32) {
        let bytes = &self.bytes[row * sum.len()..][..sum.len()];
        for (x, byte) in sum.iter_mut().zip(bytes) {
            *x += weight * self.scale * f32::from(i8::from_le_bytes([*byte]));
        }
    }
}

/// The bucket of the last `letters` letters of `word`.
fn bucket(word: &str, letters: usize, buckets: usize) -> usize {
    let start = word.char_indices().rev().nth(letters - 1).map_or(0, |(at, _)| at);
    let mark = format!("{}${letters}", &word[start..]);
    let hash = mark
        .bytes()
        .fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    hash as usize % buckets
}

/// `sum` += `vector` x `matrix`, whose rows are as long as `sum`.
fn add_product(sum: &mut [f32], vector: &[f32], matrix: &[f32]) {
    for (x, row) in vector.iter().zip(matrix.chunks_exact(sum.len())) {
        for (s, w) in sum.iter_mut().zip(row) {
            *s += x * w;
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// What has not been read yet.
struct Rest(&'static [u8]);

impl Rest {
    fn take(&mut self, count: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn size(&mut self) -> Option<usize> {
        self.u32()?.try_into().ok()
    }

    fn line(&mut self) -> Option<&'static str> {
        let end = self.0.iter().position(|&byte| byte == b'\n')?;
        let line = self.take(end + 1)?;
        std::str::from_utf8(&line[..end]).ok()
    }

    fn floats(&mut self, count: usize) -> Option<Vec<f32>> {
        let (parts, _) = self.take(4 * count)?.as_chunks::<4>();
        Some(parts.iter().map(|part| f32::from_le_bytes(*part)).collect())
    }

    fn table(&mut self, count: usize) -> Option<Table> {
        let scale = f32::from_bits(self.u32()?);
        Some(Table { scale, bytes: self.take(count)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole_and_small() {
        assert!(Model::parse(BYTES).is_some());
        assert!(BYTES.len() < 2_000_000, "{} bytes", BYTES.len());
    }

    #[test]
    fn a_table_cut_short_is_refused() {
        assert!(Model::parse(&BYTES[..BYTES.len() - 1]).is_none());
        assert!(Model::parse(&[]).is_none());
    }

    #[test]
    fn short_words_hash_as_they_are() {
        assert_eq!(bucket("a", 2, 2048), bucket("a", 2, 2048));
        assert_ne!(bucket("going", 3, 2048), bucket("going", 2, 2048));
        assert_eq!(bucket("going", 3, 2048), bucket("sing", 3, 2048));
    }
}
