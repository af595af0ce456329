//! Reads CTranslate2's `model.bin`, version 6: an index of variables is kept,
//! their numbers stay on disk until they are asked for.

use super::ConvertError;
use half::f16;
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};

const VERSION: u32 = 6;
const SPECIFICATION: &str = "WhisperSpec";
/// No tensor of a Whisper has more dimensions.
const MAX_RANK: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    F32,
    F16,
}

impl Number {
    fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
        }
    }
}

/// A tensor, or some rows of one, in the file. No dimension is zero.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    /// Outermost first.
    pub(super) shape: Vec<usize>,
    number: Number,
    offset: u64,
}

impl Tensor {
    pub(super) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// `count` rows from `start`, or `None` if there are not that many.
    pub(super) fn rows(&self, start: usize, count: usize) -> Option<Self> {
        let rows = *self.shape.first()?;
        if start.checked_add(count)? > rows {
            return None;
        }
        let row_size = self.len() / rows * self.number.size();
        let mut part = self.clone();
        part.shape[0] = count;
        part.offset += (start * row_size) as u64;
        Some(part)
    }
}

/// An open model.
pub(super) struct Ct2Model<R> {
    source: R,
    /// `None`: there, but stored in a way that cannot be converted.
    variables: HashMap<String, Option<Tensor>>,
    scratch: Vec<u8>,
}

impl<R: Read + Seek> Ct2Model<R> {
    /// Reads the index and checks that every variable lies within the file.
    pub(super) fn open(mut source: R) -> Result<Self, ConvertError> {
        let file_len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        if read_u32(&mut source)? != VERSION {
            return Err(ConvertError::malformed("it is not a CTranslate2 model of version 6"));
        }
        if read_string(&mut source)? != SPECIFICATION {
            return Err(ConvertError::malformed("it is not a Whisper model"));
        }
        let _revision = read_u32(&mut source)?;
        let mut variables = HashMap::new();
        for _ in 0..read_u32(&mut source)? {
            let (name, variable) = read_variable(&mut source, file_len)?;
            variables.insert(name, variable);
        }
        for _ in 0..read_u32(&mut source)? {
            let alias = read_string(&mut source)?;
            let name = read_string(&mut source)?;
            let Some(variable) = variables.get(&name) else {
                return Err(ConvertError::malformed(format!("{alias} stands for nothing")));
            };
            variables.insert(alias, variable.clone());
        }
        Ok(Self { source, variables, scratch: Vec::new() })
    }

    pub(super) fn tensor(&self, name: &str) -> Result<Tensor, ConvertError> {
        match self.variables.get(name) {
            Some(Some(tensor)) => Ok(tensor.clone()),
            Some(None) => {
                Err(ConvertError::malformed(format!("{name} is neither float16 nor float32")))
            }
            None => Err(ConvertError::malformed(format!("{name} is missing"))),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Reads the numbers of `tensor` from the `start`th on into `out`.
    pub(super) fn read(
        &mut self,
        tensor: &Tensor,
        start: usize,
        out: &mut [f32],
    ) -> io::Result<()> {
        let size = tensor.number.size();
        self.scratch.resize(out.len() * size, 0);
        self.source.seek(SeekFrom::Start(tensor.offset + (start * size) as u64))?;
        self.source.read_exact(&mut self.scratch)?;
        match tensor.number {
            Number::F32 => {
                for (value, bytes) in out.iter_mut().zip(self.scratch.as_chunks().0) {
                    *value = f32::from_le_bytes(*bytes);
                }
            }
            Number::F16 => {
                for (value, bytes) in out.iter_mut().zip(self.scratch.as_chunks().0) {
                    *value = f16::from_le_bytes(*bytes).to_f32();
                }
            }
        }
        Ok(())
    }
}

/// Reads one entry of the index and leaves its numbers behind.
fn read_variable(
    source: &mut (impl Read + Seek),
    file_len: u64,
) -> Result<(String, Option<Tensor>), ConvertError> {
    let name = read_string(source)?;
    let malformed = |what: &str| ConvertError::malformed(format!("{name} {what}"));
    let rank = read_u8(source)?;
    if rank > MAX_RANK {
        return Err(malformed("has too many dimensions"));
    }
    let mut shape = Vec::with_capacity(rank.into());
    for _ in 0..rank {
        shape.push(read_u32(source)? as usize);
    }
    let (number, number_size) = match read_u8(source)? {
        0 => (Some(Number::F32), 4),
        1 => (None, 1),
        2 | 5 => (None, 2),
        3 => (None, 4),
        4 => (Some(Number::F16), 2),
        _ => return Err(malformed("is of an unknown type")),
    };
    let byte_len = read_u32(source)?;
    let shaped_len = shape.iter().try_fold(number_size, |len: usize, dim| len.checked_mul(*dim));
    if shaped_len != usize::try_from(byte_len).ok() || byte_len == 0 {
        return Err(malformed("is not as long as its shape says"));
    }
    let offset = source.stream_position()?;
    let end = offset + u64::from(byte_len);
    if end > file_len {
        return Err(ConvertError::ends_too_early());
    }
    source.seek(SeekFrom::Start(end))?;
    Ok((name, number.map(|number| Tensor { shape, number, offset })))
}

fn read_u8(source: &mut impl Read) -> io::Result<u8> {
    let mut bytes = [0];
    source.read_exact(&mut bytes)?;
    Ok(bytes[0])
}

fn read_u32(source: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    source.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// A length of two bytes, then the text, ended by a zero that counts.
fn read_string(source: &mut impl Read) -> Result<String, ConvertError> {
    let mut len = [0; 2];
    source.read_exact(&mut len)?;
    let mut bytes = vec![0; u16::from_le_bytes(len).into()];
    source.read_exact(&mut bytes)?;
    let mut text =
        String::from_utf8(bytes).map_err(|_| ConvertError::malformed("a name is not UTF-8"))?;
    text.truncate(text.trim_end_matches('\0').len());
    Ok(text)
}
