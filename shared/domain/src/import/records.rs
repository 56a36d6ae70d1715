//! Where one record of a delimited file ends and the next begins, and which cells it has.
//! An unclosed quote costs its own line only; a record beyond the limits is not buffered.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::dialect::Dialect;

/// Longest record in bytes of UTF-8. The longest cell seen in exports is a note of some ten kilobytes.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Most line breaks inside the quotes of one record. It bounds how much one missing quote can make us read twice.
pub const MAX_QUOTED_LINES: u64 = 1000;

/// The record at the start of the given bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// More bytes are needed to tell.
    More,
    /// A record of `body` bytes without its line end and `total` with it, on `lines` physical lines.
    Record {
        body: usize,
        total: usize,
        lines: u64,
    },
    /// A quote is opened and never closed; the lengths are those of the first physical line.
    Unclosed { body: usize, total: usize },
    /// A line longer than [`MAX_RECORD_BYTES`].
    TooLarge,
}

/// Measures the record at the start of `bytes`. `at_end` says that nothing follows them.
///
/// The answer depends on the first [`MAX_RECORD_BYTES`] only, so that it is the same however a file is chunked.
pub(super) fn cut(bytes: &[u8], dialect: Dialect, at_end: bool) -> Cut {
    let window = bytes.get(..=MAX_RECORD_BYTES).unwrap_or(bytes);
    Scan {
        bytes: window,
        dialect,
        at_end: at_end && window.len() == bytes.len(),
        breaks: 0,
        first_line: None,
    }
    .record()
}

struct Scan<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    at_end: bool,
    breaks: u64,
    /// Body and total length of the first physical line, once a line break inside quotes has been passed.
    first_line: Option<(usize, usize)>,
}

enum Quoted {
    Closed(usize),
    Broken,
    More,
}

impl Scan<'_> {
    fn record(mut self) -> Cut {
        let mut at = 0;
        loop {
            if self.bytes.get(at) == Some(&b'"') {
                match self.quoted(at + 1) {
                    Quoted::Closed(next) => at = next,
                    Quoted::Broken => return self.unclosed(),
                    Quoted::More => return self.incomplete(true),
                }
            }
            let Some(end) = self.unquoted_end(at) else {
                return self.incomplete(false);
            };
            if self.bytes[end] != self.dialect.delimiter.byte() {
                return Cut::Record {
                    body: self.without_cr(end),
                    total: end + 1,
                    lines: self.breaks + 1,
                };
            }
            at = end + 1;
        }
    }

    fn unquoted_end(&self, from: usize) -> Option<usize> {
        let delimiter = self.dialect.delimiter.byte();
        let ends = |b: &u8| *b == delimiter || self.dialect.ends_line(*b);
        Some(from + self.bytes.get(from..)?.iter().position(ends)?)
    }

    /// Walks a quoted cell from behind its opening quote.
    fn quoted(&mut self, from: usize) -> Quoted {
        let before = self.breaks;
        let mut at = from;
        while let Some(&byte) = self.bytes.get(at) {
            if byte == b'"' {
                match self.behind_quote(at + 1) {
                    Behind::Quote => at += 2,
                    Behind::CellEnd => return Quoted::Closed(at + 1),
                    Behind::Unknown => return Quoted::More,
                    // Within one line that is a careless quote. Beyond it, the quote that closes here was
                    // meant to open the cell of a later row.
                    Behind::Text if self.breaks == before => return Quoted::Closed(at + 1),
                    Behind::Text => return Quoted::Broken,
                }
                continue;
            }
            if self.dialect.ends_line(byte) {
                self.breaks += 1;
                self.first_line.get_or_insert((
                    at - usize::from(at > 0 && self.bytes[at - 1] == b'\r'),
                    at + 1,
                ));
                if self.breaks > MAX_QUOTED_LINES {
                    return Quoted::Broken;
                }
            }
            at += 1;
        }
        Quoted::More
    }

    fn behind_quote(&self, at: usize) -> Behind {
        match self.bytes.get(at) {
            None if self.at_end => Behind::CellEnd,
            None => Behind::Unknown,
            Some(b'"') => Behind::Quote,
            Some(&b) if b == self.dialect.delimiter.byte() || self.dialect.ends_line(b) => {
                Behind::CellEnd
            }
            Some(b'\r') => match self.bytes.get(at + 1) {
                None if !self.at_end => Behind::Unknown,
                None | Some(b'\n') => Behind::CellEnd,
                Some(_) => Behind::Text,
            },
            Some(_) => Behind::Text,
        }
    }

    fn incomplete(&self, in_quotes: bool) -> Cut {
        let over_limit = self.bytes.len() > MAX_RECORD_BYTES;
        if in_quotes && (self.at_end || (over_limit && self.first_line.is_some())) {
            self.unclosed()
        } else if over_limit {
            Cut::TooLarge
        } else if self.at_end && !self.bytes.is_empty() {
            Cut::Record {
                body: self.without_cr(self.bytes.len()),
                total: self.bytes.len(),
                lines: self.breaks + 1,
            }
        } else {
            Cut::More
        }
    }

    fn unclosed(&self) -> Cut {
        let whole = (self.without_cr(self.bytes.len()), self.bytes.len());
        let (body, total) = self.first_line.unwrap_or(whole);
        Cut::Unclosed { body, total }
    }

    fn without_cr(&self, end: usize) -> usize {
        end - usize::from(end > 0 && self.bytes[end - 1] == b'\r')
    }
}

enum Behind {
    Quote,
    CellEnd,
    Text,
    Unknown,
}

/// Splits the body of one record into cells, undoing quotes. Its buffers are used again for each record.
pub(super) struct CellSplitter {
    parser: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
}

impl CellSplitter {
    pub(super) fn new(dialect: Dialect) -> Self {
        let parser = ReaderBuilder::new()
            .delimiter(dialect.delimiter.byte())
            .terminator(Terminator::Any(b'\n'))
            .build();
        Self {
            parser,
            bytes: Vec::new(),
            ends: vec![0; 64],
            cells: 0,
        }
    }

    /// Splits the body of a record, as [`cut`] measured it.
    pub(super) fn split(&mut self, body: &[u8]) {
        self.parser.reset();
        if self.bytes.len() <= body.len() {
            self.bytes.resize(body.len() + 1, 0);
        }
        self.cells = 0;
        let (mut read, mut written) = (0, 0);
        loop {
            let (result, nin, nout, nend) = self.parser.read_record(
                &body[read..],
                &mut self.bytes[written..],
                &mut self.ends[self.cells..],
            );
            read += nin;
            written += nout;
            self.cells += nend;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return,
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // The output has room for the whole body, so this can't be reached twice in a row.
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::InputEmpty => {}
            }
        }
    }

    /// All cells of the record in one piece, and where each of them ends.
    pub(super) fn cells(&self) -> (&[u8], &[usize]) {
        let ends = &self.ends[..self.cells];
        (&self.bytes[..ends.last().copied().unwrap_or(0)], ends)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::Delimiter;
    use super::*;

    const COMMA: Dialect = Dialect {
        delimiter: Delimiter::Comma,
        bare_cr: false,
    };

    fn record(body: usize, total: usize, lines: u64) -> Cut {
        Cut::Record { body, total, lines }
    }

    #[test]
    fn a_record_ends_at_a_line_end_outside_quotes() {
        let check = |bytes: &str, wanted| assert_eq!(cut(bytes.as_bytes(), COMMA, true), wanted);
        check("a,b\nc", record(3, 4, 1));
        check("a,b\r\nc", record(3, 5, 1));
        check("a,\"x\ny\"\r\nc", record(7, 9, 2));
        check("a,\"x \"\"y\"\"\n\"\r\nc", record(12, 14, 2));
        check("a,b", record(3, 3, 1));
        check("5\" pipe,b\nc", record(9, 10, 1));
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_own_line_only() {
        let first_line = Cut::Unclosed { body: 7, total: 8 };
        for rest in [
            "b,c\nd,e\n",
            "b,\"Foo\",c\n",
            "\"b\",\"c\"\n",
            "b,\"\",c\n\"d\",e\n",
        ] {
            let bytes = format!("a,\"Acme\n{rest}");
            assert_eq!(cut(bytes.as_bytes(), COMMA, true), first_line, "{rest}");
        }
        assert_eq!(
            cut(b"a,\"b", COMMA, true),
            Cut::Unclosed { body: 4, total: 4 }
        );
        let long = format!("a,\"Acme\n{}", "x,y\n".repeat(2000));
        assert_eq!(cut(long.as_bytes(), COMMA, false), first_line);
    }

    #[test]
    fn nothing_is_decided_before_the_bytes_are_there() {
        for bytes in ["", "a,b", "a,\"b", "a,\"b\"", "a,\"b\"\r"] {
            assert_eq!(cut(bytes.as_bytes(), COMMA, false), Cut::More, "{bytes}");
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_too_large_even_when_all_of_it_is_there() {
        let line = format!("{}\nb\n", "a".repeat(MAX_RECORD_BYTES + 1));
        assert_eq!(cut(line.as_bytes(), COMMA, true), Cut::TooLarge);
        assert_eq!(
            cut(&line.as_bytes()[..MAX_RECORD_BYTES + 1], COMMA, false),
            Cut::TooLarge
        );
    }

    #[test]
    fn cells_come_out_without_their_quotes() {
        let mut splitter = CellSplitter::new(COMMA);
        splitter.split(b"a,\"b \"\"c\"\"\nd\",,e");
        let (bytes, ends) = splitter.cells();
        assert_eq!(bytes, b"ab \"c\"\nde");
        assert_eq!(ends, [1, 8, 8, 9]);
        let wide = ",".repeat(300);
        splitter.split(wide.as_bytes());
        assert_eq!(splitter.cells().1.len(), 301);
    }
}
