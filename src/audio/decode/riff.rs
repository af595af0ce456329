//! The container of WAV files, read forgivingly and written anew.
//!
//! Recorders that are interrupted leave wrong lengths behind, and writers
//! differ in how they describe the same samples. This reads what is there and
//! hands the decoder a plain header with true lengths, so that one strict
//! decoder serves all files. Touches no sample.

use super::{DecodeError, check_rate};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use symphonia::core::io::{MediaSource, ReadOnlySource};

const PCM: u16 = 1;
const ADPCM_MS: u16 = 2;
const FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const ADPCM_IMA: u16 = 0x11;
const EXTENSIBLE: u16 = 0xfffe;

/// The format chunk with its extension; longer ones are not in use.
const MAX_FORMAT_BYTES: u64 = 256;
const MAX_CHANNELS: u16 = 32;

/// The same sound behind a plain header.
pub fn open(mut file: File) -> Result<Box<dyn MediaSource>, DecodeError> {
    let file_len = file.metadata()?.len();
    let (format, data_start, data_len) = find_sound(&mut file, file_len)?;
    let format = Format::parse(&format)?;
    let data_len = data_len - data_len % u64::from(format.block_bytes);
    if data_len == 0 {
        return Err(DecodeError::Empty);
    }
    file.seek(SeekFrom::Start(data_start))?;
    let plain = Cursor::new(format.header(data_len)).chain(file.take(data_len));
    Ok(Box::new(ReadOnlySource::new(plain)))
}

/// The bytes of the format chunk, and where the samples begin and how many
/// bytes of them there really are.
fn find_sound(file: &mut File, file_len: u64) -> Result<(Vec<u8>, u64, u64), DecodeError> {
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    if &head[..4] == b"RIFX" {
        return Err(DecodeError::Unsupported("big-endian WAV".into()));
    }
    let mut format = None;
    let mut position = 12;
    while position + 8 <= file_len {
        file.seek(SeekFrom::Start(position))?;
        let mut chunk = [0; 8];
        file.read_exact(&mut chunk)?;
        position += 8;
        let remaining = file_len - position;
        let claimed = u64::from(u32_at(&chunk, 4));
        match &chunk[..4] {
            b"fmt " if format.is_none() => {
                let mut bytes = Vec::new();
                file.by_ref().take(claimed.min(MAX_FORMAT_BYTES)).read_to_end(&mut bytes)?;
                format = Some(bytes);
            }
            b"data" => {
                let format = format.ok_or_else(|| {
                    DecodeError::Damaged("nothing says how its samples are stored".into())
                })?;
                // 0 is what a recorder writes that does not know the length
                // yet and never comes back to it.
                let len = if claimed == 0 { remaining } else { claimed.min(remaining) };
                return Ok((format, position, len));
            }
            _ => {}
        }
        position += claimed + claimed % 2;
    }
    Err(DecodeError::Damaged("the part with its samples is missing".into()))
}

/// How the samples are stored, with containers spelled out.
struct Format {
    tag: u16,
    channels: u16,
    rate_hz: u32,
    /// Bytes that belong together: a frame, or a block of ADPCM.
    block_bytes: u16,
    bits: u16,
    /// What ADPCM needs to know besides.
    extension: Vec<u8>,
}

impl Format {
    fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() < 16 {
            return Err(DecodeError::Damaged("it ends within its header".into()));
        }
        let mut tag = u16_at(bytes, 0);
        let channels = u16_at(bytes, 2);
        let rate_hz = u32_at(bytes, 4);
        let block_bytes = u16_at(bytes, 12);
        let bits = u16_at(bytes, 14);
        if tag == EXTENSIBLE && bytes.len() >= 26 {
            tag = u16_at(bytes, 24); // the rest of the identifier is the same for all
        }
        check_rate(rate_hz)?;
        if channels == 0 {
            return Err(DecodeError::Damaged("its header claims 0 channels".into()));
        }
        if channels > MAX_CHANNELS {
            return Err(DecodeError::Unsupported(format!("{channels} channels")));
        }
        if bits > 64 {
            return Err(DecodeError::Unsupported(format!("{bits} bits a sample")));
        }
        let plain = |allowed: &[u16]| {
            // 12 or 20 bits lie in containers of whole bytes.
            let bits = bits.next_multiple_of(8);
            if allowed.contains(&bits) {
                Ok((channels * (bits / 8), bits, Vec::new()))
            } else {
                Err(DecodeError::Unsupported(format!("{bits} bits a sample")))
            }
        };
        let (block_bytes, bits, extension) = match tag {
            PCM => plain(&[8, 16, 24, 32])?,
            FLOAT => plain(&[32, 64])?,
            A_LAW | MU_LAW => plain(&[8])?,
            ADPCM_MS | ADPCM_IMA => {
                if block_bytes < channels * 8 {
                    return Err(DecodeError::Damaged("its blocks are too small".into()));
                }
                (block_bytes, bits, bytes.get(16..).unwrap_or_default().to_vec())
            }
            0x55 => return Err(DecodeError::Unsupported("MP3 within WAV".into())),
            other => return Err(DecodeError::Unsupported(format!("WAV format {other:#06x}"))),
        };
        Ok(Self { tag, channels, rate_hz, block_bytes, bits, extension })
    }

    /// Everything that stands before the samples.
    fn header(&self, data_len: u64) -> Vec<u8> {
        let extension = match self.tag {
            PCM => &[][..],
            ADPCM_MS | ADPCM_IMA => &self.extension,
            _ => &[0, 0],
        };
        // All ones mean "to the end of the file", which is true here.
        let data_len = u32::try_from(data_len).unwrap_or(u32::MAX);
        let bytes_per_s = self.rate_hz.saturating_mul(u32::from(self.block_bytes));
        let mut header = Vec::with_capacity(64);
        header.extend(b"RIFF");
        header.extend(u32::MAX.to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend((16 + extension.len() as u32).to_le_bytes());
        header.extend(self.tag.to_le_bytes());
        header.extend(self.channels.to_le_bytes());
        header.extend(self.rate_hz.to_le_bytes());
        header.extend(bytes_per_s.to_le_bytes());
        header.extend(self.block_bytes.to_le_bytes());
        header.extend(self.bits.to_le_bytes());
        header.extend(extension);
        header.extend(b"data");
        header.extend(data_len.to_le_bytes());
        header
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
