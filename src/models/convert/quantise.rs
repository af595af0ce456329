//! ggml's ways of storing numbers, bit for bit as its reference writes them.

use half::f16;
use serde::Deserialize;

/// Numbers in a block that shares one scale.
pub(super) const BLOCK_LEN: usize = 32;

/// How the matrices of a converted model are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Quantisation {
    /// Half precision, not quantised.
    #[serde(rename = "f16")]
    F16,
    /// Eight bits and one scale a block.
    #[serde(rename = "q8_0")]
    Q8_0,
    /// Five bits, one scale and one minimum a block.
    #[serde(rename = "q5_1")]
    Q5_1,
}

impl Quantisation {
    /// The file's `ftype`. Those that are quantised also carry the version of
    /// the quantisation format, 2, in thousands.
    pub(super) fn file_type(self) -> i32 {
        match self {
            Self::F16 => 1,
            Self::Q8_0 => 2007,
            Self::Q5_1 => 2009,
        }
    }

    pub(super) fn encoding(self) -> Encoding {
        match self {
            Self::F16 => Encoding::F16,
            Self::Q8_0 => Encoding::Q8_0,
            Self::Q5_1 => Encoding::Q5_1,
        }
    }
}

/// How one tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    F32,
    F16,
    Q8_0,
    Q5_1,
}

impl Encoding {
    /// ggml's number of the type.
    pub(super) fn type_id(self) -> i32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
        }
    }

    /// The last dimension must be a multiple of this.
    pub(super) fn block_len(self) -> usize {
        match self {
            Self::F32 | Self::F16 => 1,
            Self::Q8_0 | Self::Q5_1 => BLOCK_LEN,
        }
    }

    /// Appends `values` to `out`; their number is a multiple of `block_len`.
    pub(super) fn encode(self, values: &[f32], out: &mut Vec<u8>) {
        match self {
            Self::F32 => values.iter().for_each(|v| out.extend(v.to_le_bytes())),
            Self::F16 => values.iter().for_each(|v| out.extend(f16::from_f32(*v).to_le_bytes())),
            Self::Q8_0 => values.chunks_exact(BLOCK_LEN).for_each(|block| q8_0(block, out)),
            Self::Q5_1 => values.chunks_exact(BLOCK_LEN).for_each(|block| q5_1(block, out)),
        }
    }
}

fn inverse(scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { 1.0 / scale }
}

fn q8_0(block: &[f32], out: &mut Vec<u8>) {
    let scale = block.iter().fold(0.0f32, |max, v| max.max(v.abs())) / 127.0;
    let inverse = inverse(scale);
    out.extend(f16::from_f32(scale).to_le_bytes());
    out.extend(block.iter().map(|v| (v * inverse).round() as i8 as u8));
}

fn q5_1(block: &[f32], out: &mut Vec<u8>) {
    let max = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let min = block.iter().copied().fold(f32::INFINITY, f32::min);
    let scale = (max - min) / 31.0;
    let inverse = inverse(scale);
    let quants: [u8; BLOCK_LEN] =
        std::array::from_fn(|i| (((block[i] - min) * inverse + 0.5) as u8).min(31));
    let high_bits = quants.iter().rev().fold(0u32, |bits, q| bits << 1 | u32::from(q >> 4));
    out.extend(f16::from_f32(scale).to_le_bytes());
    out.extend(f16::from_f32(min).to_le_bytes());
    out.extend(high_bits.to_le_bytes());
    out.extend((0..BLOCK_LEN / 2).map(|i| quants[i] & 0x0f | quants[i + BLOCK_LEN / 2] << 4));
}
