//! The expected sums are those of the same small model converted by an
//! independent converter in Python with numpy and gguf.

use super::*;
use crate::models::Digest;
use std::io::Cursor;

/// Of the small model with its vocabulary.
pub(in crate::models) const SMALL_Q8_0_SUM: &str =
    "43c0ef9645b97a46f3e502cffd3136c5d03740f01576f18763c34aff41fd6cfd";

const STATE_LEN: u32 = 64;

/// A CTranslate2 Whisper of one layer a side and made-up numbers.
pub(in crate::models) struct SmallModel {
    bytes: Vec<u8>,
    count: u32,
    seed: u32,
}

impl SmallModel {
    pub(in crate::models) fn new() -> Self {
        let mut model = Self { bytes: Vec::new(), count: 0, seed: 1 };
        model.bytes.extend(6u32.to_le_bytes());
        string(&mut model.bytes, "WhisperSpec");
        model.bytes.extend(3u32.to_le_bytes());
        model.bytes.extend([0; 4]); // the number of variables, filled in at the end
        model.variable("decoder/activation", &[], 1);
        model.weight("decoder/embeddings/weight", &[96, STATE_LEN]);
        model.weight("encoder/position_encodings/encodings", &[8, STATE_LEN]);
        model.weight("decoder/position_encodings/encodings", &[4, STATE_LEN]);
        model.layer("encoder/conv1", &[STATE_LEN, 80, 3]);
        model.layer("encoder/conv2", &[STATE_LEN, STATE_LEN, 3]);
        for side in ["encoder", "decoder"] {
            model.norm(&format!("{side}/layer_norm"));
            let layer = format!("{side}/layer_0");
            model.norm(&format!("{layer}/self_attention/layer_norm"));
            let linear = |n| format!("{layer}/self_attention/linear_{n}");
            model.layer(&linear(0), &[3 * STATE_LEN, STATE_LEN]);
            model.layer(&linear(1), &[STATE_LEN, STATE_LEN]);
            if side == "decoder" {
                model.norm(&format!("{layer}/attention/layer_norm"));
                let linear = |n| format!("{layer}/attention/linear_{n}");
                model.layer(&linear(0), &[STATE_LEN, STATE_LEN]);
                model.layer(&linear(1), &[2 * STATE_LEN, STATE_LEN]);
                model.layer(&linear(2), &[STATE_LEN, STATE_LEN]);
            }
            model.norm(&format!("{layer}/ffn/layer_norm"));
            model.layer(&format!("{layer}/ffn/linear_0"), &[32, STATE_LEN]);
            model.layer(&format!("{layer}/ffn/linear_1"), &[STATE_LEN, 32]);
        }
        model
    }

    fn layer(&mut self, name: &str, shape: &[u32]) {
        self.weight(&format!("{name}/weight"), shape);
        self.weight(&format!("{name}/bias"), &shape[..1]);
    }

    fn norm(&mut self, name: &str) {
        self.weight(&format!("{name}/gamma"), &[STATE_LEN]);
        self.weight(&format!("{name}/beta"), &[STATE_LEN]);
    }

    fn weight(&mut self, name: &str, shape: &[u32]) {
        // Both kinds of number occur.
        self.variable(name, shape, if name.ends_with("gamma") { 0 } else { 4 });
    }

    fn variable(&mut self, name: &str, shape: &[u32], kind: u8) {
        self.count += 1;
        string(&mut self.bytes, name);
        self.bytes.push(shape.len() as u8);
        shape.iter().for_each(|dim| self.bytes.extend(dim.to_le_bytes()));
        self.bytes.push(kind);
        let len: u32 = shape.iter().product();
        let size = match kind {
            0 => 4,
            1 => 1,
            _ => 2,
        };
        self.bytes.extend((len * size).to_le_bytes());
        for _ in 0..len {
            let value = self.next_number();
            match kind {
                0 => self.bytes.extend(value.to_le_bytes()),
                1 => self.bytes.push(0),
                _ => self.bytes.extend(half::f16::from_f32(value).to_le_bytes()),
            }
        }
    }

    /// Between -1 and 1, from a linear congruence.
    fn next_number(&mut self) -> f32 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    }

    pub(in crate::models) fn finish(mut self) -> Vec<u8> {
        let count_at = 4 + 2 + SPECIFICATION_LEN + 4;
        self.bytes[count_at..count_at + 4].copy_from_slice(&self.count.to_le_bytes());
        self.bytes.extend(1u32.to_le_bytes());
        string(&mut self.bytes, "decoder/projection/weight");
        string(&mut self.bytes, "decoder/embeddings/weight");
        self.bytes
    }
}

const SPECIFICATION_LEN: usize = "WhisperSpec\0".len();

fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u16 + 1).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.push(0);
}

/// Ordinary tokens, stand-ins for bytes, and one that is neither.
pub(in crate::models) fn small_vocabulary() -> String {
    (0..END_OF_TEXT)
        .map(|n| match n % 4 {
            0 => format!("Ġt{n}\n"),
            1 => format!("Ċ{n}¡\n"),
            2 => format!("word{n}\n"),
            _ => format!("日{n}\n"),
        })
        .collect()
}

fn convert(model: &[u8], quantisation: Quantisation) -> Result<Vec<u8>, ConvertError> {
    let mut out = Vec::new();
    ct2_to_ggml(Cursor::new(model), &small_vocabulary(), &mut out, quantisation)?;
    Ok(out)
}

#[test]
fn every_quantisation_has_the_bytes_of_the_reference() {
    let model = SmallModel::new().finish();
    for (quantisation, sum) in [
        (Quantisation::F16, "687f9a726e2e2264c6fbab74e820928288a4f0c8e74f402ef0bc94ee964f4ea5"),
        (Quantisation::Q8_0, SMALL_Q8_0_SUM),
        (Quantisation::Q5_1, "d88247e214c20f3c39c9df2a966552ae680575953ec1eb96f0c11f8cf2ae47df"),
    ] {
        let out = convert(&model, quantisation).expect("converted");
        assert_eq!(Digest::of(&out).to_string(), sum, "{quantisation:?}");
    }
}

#[test]
fn a_model_cut_off_anywhere_is_refused() {
    let model = SmallModel::new().finish();
    for len in 0..model.len() {
        match Ct2Model::open(Cursor::new(&model[..len])) {
            Err(ConvertError::Malformed(_)) => {}
            Err(other) => panic!("cut at {len}: {other}"),
            Ok(_) => panic!("cut at {len}: accepted"),
        }
    }
}

#[test]
fn a_wrong_byte_never_panics() {
    let model = SmallModel::new().finish();
    let vocabulary = small_vocabulary();
    for at in (0..160).chain((160..model.len()).step_by(4999)) {
        for wrong in [0, 0xff] {
            let mut model = model.clone();
            model[at] = wrong;
            // It may pass: what a number should be, only the result's sum knows.
            let outcome =
                ct2_to_ggml(Cursor::new(&model), &vocabulary, io::sink(), Quantisation::Q8_0);
            assert!(!matches!(outcome, Err(ConvertError::Io(_))), "byte {at}");
        }
    }
}

#[test]
fn a_variable_may_not_claim_more_than_the_file_holds() {
    let mut bytes = Vec::new();
    bytes.extend(6u32.to_le_bytes());
    string(&mut bytes, "WhisperSpec");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(u32::MAX.to_le_bytes());
    for shape in [&[1 << 30][..], &[u32::MAX, u32::MAX, u32::MAX, u32::MAX], &[0, u32::MAX]] {
        let mut bytes = bytes.clone();
        string(&mut bytes, "huge");
        bytes.push(shape.len() as u8);
        shape.iter().for_each(|dim| bytes.extend(dim.to_le_bytes()));
        bytes.push(0);
        bytes.extend(u32::MAX.to_le_bytes());
        let error = convert(&bytes, Quantisation::F16).expect_err("refused");
        assert!(matches!(error, ConvertError::Malformed(_)), "{error}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let mut model = SmallModel::new();
    model.variable("encoder/layer_1/ffn/layer_norm/gamma", &[STATE_LEN], 0);
    let error = convert(&model.finish(), Quantisation::F16).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the CTranslate2 model cannot be converted: \
         encoder/layer_1/self_attention/layer_norm/gamma is missing"
    );
}

#[test]
fn a_short_vocabulary_is_refused() {
    let model = SmallModel::new().finish();
    let error = ct2_to_ggml(Cursor::new(model), "a\nb\n", io::sink(), Quantisation::F16)
        .expect_err("refused");
    assert!(error.to_string().ends_with("its vocabulary is too short"), "{error}");
}
