//! Reads the records of a list from chunks of bytes of any size, in memory bounded by the longest record.
//! It never fails: a record that cannot be read is returned as broken, and reading continues after it.

use serde::{Deserialize, Serialize};

use super::{
    dialect::Dialect,
    encoding::{Encoding, Transcoder, text_of},
    records::{CellSplitter, Cut, cut},
};

/// Longest part of a broken record that is shown to a person, in characters.
pub const EXCERPT_CHARS: usize = 200;

/// What reading from the middle of a file has to know about its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFormat {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the file begins with a byte order mark.
    pub bom: bool,
    /// What divides cells and lines.
    pub dialect: Dialect,
    /// The physical line, from 1, on which the header begins.
    pub header_row: u64,
    /// The header's cells as written in the file.
    pub headers: Vec<String>,
}

/// A place between two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Bytes of the file before it, byte order mark included.
    pub offset: u64,
    /// Physical line of the next record, from 1.
    pub line: u64,
    /// Records behind the header that were read so far; blank ones do not count.
    pub rows: u64,
}

/// What is wrong with a record that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// A quote is opened and never closed.
    UnclosedQuote,
    /// Longer than [`MAX_RECORD_BYTES`](super::records::MAX_RECORD_BYTES).
    TooLarge,
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Ordinal of the record, from 1 for the first behind the header.
    pub row: u64,
    /// Physical line on which it begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub breakage: Breakage,
    /// Its first [`EXCERPT_CHARS`] characters.
    pub excerpt: String,
}

/// A record as cells of text.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Ordinal of the record, from 1 for the first behind the header; blank ones do not count.
    pub row: u64,
    /// Physical line on which it begins, from 1.
    pub line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// How many cells the record has, which may differ from the header.
    #[must_use]
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// The cell at `index`; a cell that a short record lacks is empty.
    #[must_use]
    pub fn cell(&self, index: usize) -> &'a str {
        let start = index
            .checked_sub(1)
            .map_or(Some(0), |i| self.ends.get(i).copied());
        start
            .zip(self.ends.get(index))
            .and_then(|(start, end)| self.text.get(start..*end))
            .unwrap_or("")
    }
}

/// One record, readable or not.
#[derive(Debug)]
pub enum Item<'a> {
    /// A readable record.
    Record(Record<'a>),
    /// A record that cannot be read, and why.
    Broken(Broken),
}

/// The records of one file. Fill it with [`push`](Self::push), drain it with [`next_item`](Self::next_item).
pub struct CsvReader {
    dialect: Dialect,
    encoding: Encoding,
    transcoder: Transcoder,
    /// Bytes as the transcoder left them; those before `read` are done with.
    buffer: Vec<u8>,
    read: usize,
    ended: bool,
    position: Position,
    skipping: Option<Skipped>,
    splitter: CellSplitter,
    text: String,
    ends: Vec<usize>,
    seen: SeenBytes,
}

/// The part of an oversize line that has been passed over.
struct Skipped {
    excerpt: String,
    raw_len: u64,
}

/// Which bytes beyond ASCII a file has shown.
#[derive(Clone, Copy, Default)]
struct SeenBytes {
    utf8: bool,
    other: bool,
}

enum Step {
    Record { row: u64, line: u64 },
    Broken(Broken),
}

impl CsvReader {
    /// A reader of the bytes behind `position`: the end of the header at first, a checkpoint later.
    #[must_use]
    pub fn resume(format: &FileFormat, position: Position) -> Self {
        Self {
            dialect: format.dialect,
            encoding: format.encoding,
            transcoder: Transcoder::new(format.encoding),
            buffer: Vec::new(),
            read: 0,
            ended: false,
            position,
            skipping: None,
            splitter: CellSplitter::new(format.dialect),
            text: String::new(),
            ends: Vec::new(),
            seen: SeenBytes::default(),
        }
    }

    /// Adds the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.read);
        self.read = 0;
        self.transcoder.push(chunk, false, &mut self.buffer);
    }

    /// Marks the end of the file, so that the last record needs no line end.
    pub fn finish(&mut self) {
        if !self.ended {
            self.transcoder.push(&[], true, &mut self.buffer);
            self.ended = true;
        }
    }

    /// The next record; nothing until more bytes are pushed, or for good after [`finish`](Self::finish).
    pub fn next_item(&mut self) -> Option<Item<'_>> {
        Some(match self.step()? {
            Step::Broken(broken) => Item::Broken(broken),
            Step::Record { row, line } => Item::Record(Record {
                row,
                line,
                text: &self.text,
                ends: &self.ends,
            }),
        })
    }

    /// The position after the last record that was returned.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The encoding as far as the bytes have shown it: a file that began as ASCII may turn out Windows-1252.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        match self.encoding {
            Encoding::Utf8 if self.seen.other && !self.seen.utf8 => Encoding::Windows1252,
            encoding => encoding,
        }
    }

    fn step(&mut self) -> Option<Step> {
        loop {
            if self.skipping.is_some() {
                return self.skip_line();
            }
            let unread = &self.buffer[self.read..];
            match cut(unread, self.dialect, self.ended) {
                Cut::More => return None,
                Cut::Record { body, total, lines } => {
                    let line = self.position.line;
                    let filled = self.split(body);
                    self.advance(total, lines);
                    if filled {
                        self.position.rows += 1;
                        let row = self.position.rows;
                        return Some(Step::Record { row, line });
                    }
                }
                Cut::Unclosed { body, total } => {
                    let excerpt = excerpt(&unread[..body], self.encoding);
                    let broken = self.broken(Breakage::UnclosedQuote, excerpt);
                    self.advance(total, 1);
                    return Some(Step::Broken(broken));
                }
                Cut::TooLarge => {
                    self.skipping = Some(Skipped {
                        excerpt: excerpt(unread, self.encoding),
                        raw_len: 0,
                    });
                }
            }
        }
    }

    /// Reads the body of the next record into `text` and `ends`; false if all its cells are blank.
    fn split(&mut self, body: usize) -> bool {
        self.splitter
            .split(&self.buffer[self.read..self.read + body]);
        let (bytes, ends) = self.splitter.cells();
        self.text.clear();
        self.ends.clear();
        match std::str::from_utf8(bytes) {
            Ok(text)
                if self.encoding != Encoding::Windows1252
                    && ends.iter().all(|end| text.is_char_boundary(*end)) =>
            {
                self.seen.utf8 |= !text.is_ascii();
                self.text.push_str(text);
                self.ends.extend_from_slice(ends);
            }
            _ => self.split_mixed(),
        }
        !self.text.trim().is_empty()
    }

    /// Decodes cell by cell: in a mixed file only the broken cells of a record are Windows-1252.
    fn split_mixed(&mut self) {
        let (bytes, ends) = self.splitter.cells();
        let mut start = 0;
        for &end in ends {
            let cell = &bytes[start..end];
            start = end;
            if !cell.is_ascii() {
                let valid = std::str::from_utf8(cell).is_ok();
                self.seen.utf8 |= valid;
                self.seen.other |= !valid;
            }
            self.text.push_str(&text_of(cell, self.encoding));
            self.ends.push(self.text.len());
        }
    }

    fn advance(&mut self, total: usize, lines: u64) {
        let consumed = &self.buffer[self.read..self.read + total];
        self.position.offset += self.encoding.raw_len(consumed);
        self.position.line += lines;
        self.read += total;
    }

    /// Passes over what is left of an oversize line. The position stays before the line until its end is found, so
    /// that a checkpoint taken meanwhile reads it again.
    fn skip_line(&mut self) -> Option<Step> {
        let unread = &self.buffer[self.read..];
        let end = unread.iter().position(|b| self.dialect.ends_line(*b));
        let total = end.map_or(unread.len(), |at| at + 1);
        let raw_len = self.encoding.raw_len(&unread[..total]);
        self.read += total;
        let mut skipped = self.skipping.take()?;
        skipped.raw_len += raw_len;
        if end.is_none() && !self.ended {
            self.skipping = Some(skipped);
            return None;
        }
        let broken = self.broken(Breakage::TooLarge, skipped.excerpt);
        self.position.offset += skipped.raw_len;
        self.position.line += 1;
        Some(Step::Broken(broken))
    }

    fn broken(&mut self, breakage: Breakage, excerpt: String) -> Broken {
        self.position.rows += 1;
        Broken {
            row: self.position.rows,
            line: self.position.line,
            breakage,
            excerpt,
        }
    }
}

fn excerpt(bytes: &[u8], encoding: Encoding) -> String {
    // No character is longer than four bytes in what the transcoder leaves.
    let head = &bytes[..bytes.len().min(4 * EXCERPT_CHARS)];
    let text = match std::str::from_utf8(head) {
        // A character that was cut in two is dropped, not misread.
        Err(error) if error.error_len().is_none() => {
            text_of(&head[..error.valid_up_to()], encoding)
        }
        _ => text_of(head, encoding),
    };
    text.chars().take(EXCERPT_CHARS).collect()
}
