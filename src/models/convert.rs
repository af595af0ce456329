//! Turns a Whisper of CTranslate2 into one of ggml, which whisper.cpp reads.
//!
//! Called by the fetcher for sources that carry the former. Works tensor by
//! tensor in pieces of fixed size, so that memory does not grow with the model.
//! Never trusts the input: whatever is wrong with it is one [`ConvertError`].

mod ct2;
mod mel;
mod quantise;

use crate::wording::fetching;
use ct2::{Ct2Model, Tensor};
use quantise::Encoding;
pub use quantise::Quantisation;
use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};

const MAGIC: u32 = 0x6767_6d6c;
/// Whisper's attention heads all have this width.
const HEAD_LEN: usize = 64;
/// Vocabularies of at least this size are multilingual, with one token more
/// before the end-of-text token.
const MULTILINGUAL_VOCABULARY_LEN: usize = 51_865;
const END_OF_TEXT: usize = 50_256;
/// Numbers converted at a time; a multiple of every block length.
const PIECE_LEN: usize = 1 << 15;

/// Why a model could not be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The input is not what it should be.
    #[error("{}", fetching::NOT_CONVERTED.with(&[("reason", .0)]))]
    Malformed(String),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(io::Error),
}

impl ConvertError {
    fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    fn ends_too_early() -> Self {
        Self::malformed("it ends too early")
    }
}

impl From<io::Error> for ConvertError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::ends_too_early(),
            _ => Self::Io(error),
        }
    }
}

/// Reads `model` (a `model.bin` of version 6) and its `vocabulary` (one token
/// a line), writes ggml to `out`. Its cost is one pass over the model.
pub fn ct2_to_ggml(
    model: impl Read + Seek,
    vocabulary: &str,
    out: impl Write,
    quantisation: Quantisation,
) -> Result<(), ConvertError> {
    let model = Ct2Model::open(model)?;
    let mut writer =
        GgmlWriter { model, out, quantisation, numbers: Vec::new(), bytes: Vec::new() };
    let dims = Dims::of(&writer.model)?;
    writer.head(&dims)?;
    writer.vocabulary(vocabulary, dims.end_of_text())?;
    writer.weights(&dims)?;
    writer.out.flush()?;
    Ok(())
}

/// The sizes that the header states.
struct Dims {
    vocabulary_len: usize,
    state_len: usize,
    mel_count: usize,
    audio_context: usize,
    text_context: usize,
    audio_layers: usize,
    text_layers: usize,
}

impl Dims {
    fn of<R: Read + Seek>(model: &Ct2Model<R>) -> Result<Self, ConvertError> {
        let dim = |name: &str, index: usize| {
            model.tensor(name)?.shape.get(index).copied().ok_or_else(|| wrong_shape(name))
        };
        Ok(Self {
            vocabulary_len: dim("decoder/embeddings/weight", 0)?,
            state_len: dim("decoder/embeddings/weight", 1)?,
            mel_count: dim("encoder/conv1/weight", 1)?,
            audio_context: dim("encoder/position_encodings/encodings", 0)?,
            text_context: dim("decoder/position_encodings/encodings", 0)?,
            audio_layers: layer_count(model, "encoder/layer_"),
            text_layers: layer_count(model, "decoder/layer_"),
        })
    }

    fn end_of_text(&self) -> usize {
        END_OF_TEXT + usize::from(self.vocabulary_len >= MULTILINGUAL_VOCABULARY_LEN)
    }
}

/// One more than the highest number after `prefix`.
fn layer_count<R: Read + Seek>(model: &Ct2Model<R>, prefix: &str) -> usize {
    model
        .names()
        .filter_map(|name| name.strip_prefix(prefix)?.split('/').next()?.parse::<u16>().ok())
        .max()
        .map_or(0, |highest| usize::from(highest) + 1)
}

fn wrong_shape(name: &str) -> ConvertError {
    ConvertError::malformed(format!("{name} has the wrong shape"))
}

struct GgmlWriter<R, W> {
    model: Ct2Model<R>,
    out: W,
    quantisation: Quantisation,
    numbers: Vec<f32>,
    bytes: Vec<u8>,
}

impl<R: Read + Seek, W: Write> GgmlWriter<R, W> {
    fn int(&mut self, value: usize) -> Result<(), ConvertError> {
        let value = i32::try_from(value)
            .map_err(|_| ConvertError::malformed(format!("a size of {value} is too large")))?;
        Ok(self.out.write_all(&value.to_le_bytes())?)
    }

    fn head(&mut self, dims: &Dims) -> Result<(), ConvertError> {
        // whisper.cpp knows no more than 128; anything else is not a Whisper.
        if dims.mel_count > 128 {
            return Err(wrong_shape("encoder/conv1/weight"));
        }
        let heads = dims.state_len / HEAD_LEN;
        self.out.write_all(&MAGIC.to_le_bytes())?;
        for value in [
            dims.vocabulary_len,
            dims.audio_context,
            dims.state_len,
            heads,
            dims.audio_layers,
            dims.text_context,
            dims.state_len,
            heads,
            dims.text_layers,
            dims.mel_count,
        ] {
            self.int(value)?;
        }
        self.out.write_all(&self.quantisation.file_type().to_le_bytes())?;
        self.int(dims.mel_count)?;
        self.int(mel::BIN_COUNT)?;
        for weight in mel::filters(dims.mel_count) {
            self.out.write_all(&weight.to_le_bytes())?;
        }
        Ok(())
    }

    /// Writes the first `count` tokens as raw bytes.
    fn vocabulary(&mut self, vocabulary: &str, count: usize) -> Result<(), ConvertError> {
        let bytes_of_chars = gpt2_bytes();
        let mut lines = vocabulary.split_terminator('\n');
        self.int(count)?;
        for _ in 0..count {
            let token = lines
                .next()
                .ok_or_else(|| ConvertError::malformed("its vocabulary is too short"))?;
            let raw: Option<Vec<u8>> =
                token.chars().map(|c| bytes_of_chars.get(&c).copied()).collect();
            let raw = raw.unwrap_or_else(|| token.as_bytes().to_owned());
            self.int(raw.len())?;
            self.out.write_all(&raw)?;
        }
        Ok(())
    }

    fn weights(&mut self, dims: &Dims) -> Result<(), ConvertError> {
        for side in ["encoder", "decoder"] {
            self.copy(
                &format!("{side}/position_encodings/encodings"),
                &format!("{side}.positional_embedding"),
                Encoding::F32,
            )?;
        }
        for conv in ["conv1", "conv2"] {
            let (from, to) = (format!("encoder/{conv}"), format!("encoder.{conv}"));
            self.copy(&format!("{from}/weight"), &format!("{to}.weight"), Encoding::F16)?;
            let mut bias = self.model.tensor(&format!("{from}/bias"))?;
            bias.shape = vec![bias.len(), 1];
            self.put(&format!("{to}.bias"), &bias, Encoding::F32)?;
        }
        for layer in 0..dims.audio_layers {
            let (from, to) = (format!("encoder/layer_{layer}"), format!("encoder.blocks.{layer}"));
            self.self_attention(&from, &to, dims.state_len)?;
            self.feed_forward(&from, &to)?;
        }
        for layer in 0..dims.text_layers {
            let (from, to) = (format!("decoder/layer_{layer}"), format!("decoder.blocks.{layer}"));
            self.self_attention(&from, &to, dims.state_len)?;
            self.cross_attention(&from, &to, dims.state_len)?;
            self.feed_forward(&from, &to)?;
        }
        self.norm("encoder/layer_norm", "encoder.ln_post")?;
        self.norm("decoder/layer_norm", "decoder.ln")?;
        let encoding = self.quantisation.encoding();
        self.copy("decoder/embeddings/weight", "decoder.token_embedding.weight", encoding)
    }

    fn self_attention(&mut self, from: &str, to: &str, width: usize) -> Result<(), ConvertError> {
        self.norm(&format!("{from}/self_attention/layer_norm"), &format!("{to}.attn_ln"))?;
        let stacked = format!("{from}/self_attention/linear_0");
        self.linear_rows(&stacked, 0, width, &format!("{to}.attn.query"), Bias::Kept)?;
        self.linear_rows(&stacked, width, width, &format!("{to}.attn.key"), Bias::Dropped)?;
        self.linear_rows(&stacked, 2 * width, width, &format!("{to}.attn.value"), Bias::Kept)?;
        self.linear(&format!("{from}/self_attention/linear_1"), &format!("{to}.attn.out"))
    }

    fn cross_attention(&mut self, from: &str, to: &str, width: usize) -> Result<(), ConvertError> {
        self.norm(&format!("{from}/attention/layer_norm"), &format!("{to}.cross_attn_ln"))?;
        self.linear(&format!("{from}/attention/linear_0"), &format!("{to}.cross_attn.query"))?;
        let stacked = format!("{from}/attention/linear_1");
        self.linear_rows(&stacked, 0, width, &format!("{to}.cross_attn.key"), Bias::Dropped)?;
        self.linear_rows(&stacked, width, width, &format!("{to}.cross_attn.value"), Bias::Kept)?;
        self.linear(&format!("{from}/attention/linear_2"), &format!("{to}.cross_attn.out"))
    }

    fn feed_forward(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.norm(&format!("{from}/ffn/layer_norm"), &format!("{to}.mlp_ln"))?;
        self.linear(&format!("{from}/ffn/linear_0"), &format!("{to}.mlp.0"))?;
        self.linear(&format!("{from}/ffn/linear_1"), &format!("{to}.mlp.2"))
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.copy(&format!("{from}/gamma"), &format!("{to}.weight"), Encoding::F32)?;
        self.copy(&format!("{from}/beta"), &format!("{to}.bias"), Encoding::F32)
    }

    fn linear(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        let encoding = self.quantisation.encoding();
        self.copy(&format!("{from}/weight"), &format!("{to}.weight"), encoding)?;
        self.copy(&format!("{from}/bias"), &format!("{to}.bias"), Encoding::F32)
    }

    /// One of several linear layers that CTranslate2 keeps stacked.
    fn linear_rows(
        &mut self,
        from: &str,
        start: usize,
        count: usize,
        to: &str,
        bias: Bias,
    ) -> Result<(), ConvertError> {
        let encoding = self.quantisation.encoding();
        self.copy_rows(&format!("{from}/weight"), start, count, &format!("{to}.weight"), encoding)?;
        match bias {
            Bias::Kept => {
                let (from, to) = (format!("{from}/bias"), format!("{to}.bias"));
                self.copy_rows(&from, start, count, &to, Encoding::F32)
            }
            Bias::Dropped => Ok(()),
        }
    }

    fn copy_rows(
        &mut self,
        from: &str,
        start: usize,
        count: usize,
        to: &str,
        encoding: Encoding,
    ) -> Result<(), ConvertError> {
        let tensor = self.model.tensor(from)?;
        let rows = tensor.rows(start, count).ok_or_else(|| wrong_shape(from))?;
        self.put(to, &rows, encoding)
    }

    fn copy(&mut self, from: &str, to: &str, encoding: Encoding) -> Result<(), ConvertError> {
        let tensor = self.model.tensor(from)?;
        self.put(to, &tensor, encoding)
    }

    fn put(&mut self, name: &str, tensor: &Tensor, encoding: Encoding) -> Result<(), ConvertError> {
        if tensor.shape.last().is_none_or(|last| !last.is_multiple_of(encoding.block_len())) {
            return Err(wrong_shape(name));
        }
        self.int(tensor.shape.len())?;
        self.int(name.len())?;
        self.out.write_all(&encoding.type_id().to_le_bytes())?;
        for dim in tensor.shape.iter().rev() {
            self.int(*dim)?;
        }
        self.out.write_all(name.as_bytes())?;
        let total = tensor.len();
        for start in (0..total).step_by(PIECE_LEN) {
            self.numbers.resize(PIECE_LEN.min(total - start), 0.0);
            self.model.read(tensor, start, &mut self.numbers)?;
            self.bytes.clear();
            encoding.encode(&self.numbers, &mut self.bytes);
            self.out.write_all(&self.bytes)?;
        }
        Ok(())
    }
}

/// Whisper's keys have no bias; CTranslate2 stores zeros for them.
#[derive(Clone, Copy)]
enum Bias {
    Kept,
    Dropped,
}

/// GPT-2's printable stand-ins for bytes.
fn gpt2_bytes() -> HashMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let stand_ins = (0..=u8::MAX).filter(|byte| !printable(byte)).zip('\u{100}'..);
    (0..=u8::MAX)
        .filter(printable)
        .map(|byte| (char::from(byte), byte))
        .chain(stand_ins.map(|(byte, c)| (c, byte)))
        .collect()
}

#[cfg(test)]
pub(super) mod tests;
