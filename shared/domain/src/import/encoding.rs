//! Which characters the bytes of a list stand for: UTF-8, UTF-16 and Windows-1252, with or without a byte order mark (HUB-2).
//! Nothing is refused: a byte that is not UTF-8 is read as Windows-1252, where every byte means something.

use std::borrow::Cow;

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// How many bytes at the start of a file are looked at for the pattern of UTF-16 without a byte order mark.
const UTF16_SAMPLE_BYTES: usize = 4096;
/// UTF-16 of Western text has a NUL in nearly every other byte; one in three is proof enough.
const UTF16_NUL_SHARE: usize = 3;

/// The encoding of a list.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    #[serde(rename = "utf-8")]
    #[strum(serialize = "utf-8")]
    Utf8,
    /// UTF-16, low byte first, as Excel's "Unicode text" has it.
    #[serde(rename = "utf-16le")]
    #[strum(serialize = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    #[strum(serialize = "utf-16be")]
    Utf16Be,
    /// The single-byte encoding of Western Windows, a superset of ISO 8859-1's printable part.
    #[serde(rename = "windows-1252")]
    #[strum(serialize = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// How many bytes of the file `parsed` came from; `parsed` is what [`Transcoder`] made of them.
    #[must_use]
    pub(super) fn raw_len(self, parsed: &[u8]) -> u64 {
        let units = match self {
            Self::Utf8 | Self::Windows1252 => parsed.len(),
            // A unit of UTF-16 becomes one leading byte, a pair of them one leading byte of four.
            Self::Utf16Le | Self::Utf16Be => {
                let leading = |b: &&u8| **b & 0xC0 != 0x80;
                let pairs = |b: &&u8| **b >= 0xF0;
                2 * (parsed.iter().filter(leading).count() + parsed.iter().filter(pairs).count())
            }
        };
        units as u64
    }
}

/// What the start of a file says about its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: Encoding,
    /// Length of the byte order mark in bytes; 0 if there is none.
    pub bom_bytes: usize,
}

/// Reads the encoding off the first bytes of a file.
///
/// ASCII alone counts as UTF-8; should bytes of Windows-1252 follow later, [`text_of`] still reads them.
#[must_use]
pub fn detect(head: &[u8]) -> Detected {
    let (encoding, bom_bytes) = match head {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => (utf16_by_nuls(head).unwrap_or_else(|| by_sequences(head)), 0),
    };
    Detected {
        encoding,
        bom_bytes,
    }
}

fn utf16_by_nuls(head: &[u8]) -> Option<Encoding> {
    let sample = &head[..head.len().min(UTF16_SAMPLE_BYTES)];
    let nuls_at = |parity| {
        let bytes = sample.iter().skip(parity).step_by(2);
        bytes.filter(|b| **b == 0).count()
    };
    let (even, odd) = (nuls_at(0), nuls_at(1));
    let enough = sample.len() / 2 / UTF16_NUL_SHARE;
    if odd > enough.max(even * 4) {
        Some(Encoding::Utf16Le)
    } else if even > enough.max(odd * 4) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// UTF-8 unless the bytes that are not outnumber the sequences that are: one broken byte in a UTF-8 file does not
/// turn all its accents into two letters each.
fn by_sequences(head: &[u8]) -> Encoding {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut rest = head;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                good += multibyte(text);
                break;
            }
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                good += std::str::from_utf8(valid).map_or(0, multibyte);
                // No length means a sequence that the end of the sample cut short.
                let Some(len) = error.error_len() else { break };
                bad += 1;
                rest = &broken[len..];
            }
        }
    }
    if bad > good {
        Encoding::Windows1252
    } else {
        Encoding::Utf8
    }
}

fn multibyte(text: &str) -> usize {
    text.bytes().filter(|b| *b >= 0xC0).count()
}

/// Rewrites a file, chunk by chunk, so that delimiters, quotes and line ends are ASCII bytes.
///
/// Only UTF-16 is rewritten; the other encodings already have this form and are left alone, which keeps offsets exact.
pub(super) struct Transcoder {
    utf16: Option<Decoder>,
}

impl Transcoder {
    pub(super) fn new(encoding: Encoding) -> Self {
        let utf16 = match encoding {
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Utf8 | Encoding::Windows1252 => None,
        };
        Self { utf16 }
    }

    /// Appends `chunk` to `out`. `last` says that the file ends here.
    pub(super) fn push(&mut self, chunk: &[u8], last: bool, out: &mut Vec<u8>) {
        let Some(decoder) = &mut self.utf16 else {
            out.extend_from_slice(chunk);
            return;
        };
        let mut rest = chunk;
        loop {
            let start = out.len();
            // Room for the worst case plus the replacement of a half character at the end.
            out.resize(start + rest.len() * 3 + 16, 0);
            let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut out[start..], last);
            out.truncate(start + written);
            rest = &rest[read..];
            if matches!(result, encoding_rs::CoderResult::InputEmpty) {
                return;
            }
        }
    }
}

/// The characters of a cell or of a whole record.
///
/// Bytes of a UTF-8 file that are not UTF-8 are read as Windows-1252, which is what such files hold in practice (rows
/// pasted from another list); no character is ever replaced by a question mark.
#[must_use]
pub fn text_of(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    match (encoding, std::str::from_utf8(bytes)) {
        (Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be, Ok(text)) => Cow::Borrowed(text),
        _ => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn each_encoding_of_hub_2_is_recognised_with_and_without_its_mark() {
        let check = |bytes: &[u8], encoding, bom_bytes| {
            let wanted = Detected {
                encoding,
                bom_bytes,
            };
            assert_eq!(detect(bytes), wanted, "{bytes:?}");
        };
        check(b"Email\na@b.co\n", Encoding::Utf8, 0);
        check("Prénom\nZoë\n".as_bytes(), Encoding::Utf8, 0);
        check(b"\xEF\xBB\xBFEmail", Encoding::Utf8, 3);
        check(b"Pr\xE9nom\nZo\xEB\n", Encoding::Windows1252, 0);
        check(
            &utf16("Email,Name\n", u16::to_le_bytes),
            Encoding::Utf16Le,
            0,
        );
        check(
            &utf16("Email,Name\n", u16::to_be_bytes),
            Encoding::Utf16Be,
            0,
        );
        check(
            &utf16("\u{FEFF}Émail", u16::to_le_bytes),
            Encoding::Utf16Le,
            2,
        );
        check(
            &utf16("\u{FEFF}Émail", u16::to_be_bytes),
            Encoding::Utf16Be,
            2,
        );
        check(b"", Encoding::Utf8, 0);
    }

    #[test]
    fn one_broken_byte_does_not_make_a_utf_8_file_windows_1252() {
        let bytes = ["Zoë,Renée,".as_bytes(), b"\xE9", "Müller".as_bytes()].concat();
        assert_eq!(detect(&bytes).encoding, Encoding::Utf8);
        assert_eq!(text_of(b"Ren\xE9e", Encoding::Utf8), "Renée");
    }

    #[test]
    fn utf_16_decodes_alike_in_chunks_of_any_size_and_keeps_count_of_its_bytes() {
        let text = "Zoë 🎉,Łódź\n";
        let raw = utf16(text, u16::to_le_bytes);
        for size in 1..raw.len() {
            let mut transcoder = Transcoder::new(Encoding::Utf16Le);
            let mut out = Vec::new();
            for chunk in raw.chunks(size) {
                transcoder.push(chunk, false, &mut out);
            }
            transcoder.push(&[], true, &mut out);
            assert_eq!(out, text.as_bytes());
            assert_eq!(Encoding::Utf16Le.raw_len(&out), raw.len() as u64);
        }
    }
}
