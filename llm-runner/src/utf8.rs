//! Whole characters out of tokens, which may end in the middle of one. Pure.

/// Holds back the bytes of an unfinished character.
#[derive(Debug, Default)]
pub struct Assembler {
    pending: Vec<u8>,
}

impl Assembler {
    /// Takes more bytes, returns the characters that are whole by now. Bytes
    /// that can never become a character turn into U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut held_back = 0;
        let mut chunks = self.pending.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            if chunks.peek().is_none() && is_beginning(chunk.invalid()) {
                held_back = chunk.invalid().len();
            } else if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.pending.drain(..self.pending.len() - held_back);
        text
    }
}

/// Whether more bytes could make these a character.
fn is_beginning(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_half_character_is_ever_given_out() {
        let text = "naïve 日本 👩‍🚀!";
        for size in 1..6 {
            let mut assembler = Assembler::default();
            let pieces: Vec<String> =
                text.as_bytes().chunks(size).map(|bytes| assembler.push(bytes)).collect();
            assert_eq!(pieces.concat(), text);
        }
    }

    #[test]
    fn what_can_never_be_a_character_is_marked() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.push(b"a\xff"), "a\u{FFFD}");
        assert_eq!(assembler.push(b"\xe6\x97"), "");
        assert_eq!(assembler.push(b"b"), "\u{FFFD}b");
    }

    #[test]
    fn an_unfinished_end_stays_inside() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.push("é".as_bytes().split_at(1).0), "");
    }
}
