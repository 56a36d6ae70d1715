//! A list from its first byte to its last row: encoding, dialect, header, rows, in chunks of any size.
//! It refuses what is not a text file; every row of a text file ends as a lead or as a rejection (HUB-3).

use serde::{Deserialize, Serialize};

use super::{
    dialect,
    encoding::{self, Encoding, Transcoder},
    mapping::Mapping,
    read_row::{ImportDefaults, RowReader},
    reader::{Breakage, Broken, CsvReader, FileFormat, Item, Position},
    row::{LeadRow, RejectCode, Rejected},
};

/// How much of a file is looked at to find its encoding, delimiter and header.
pub const SNIFF_BYTES: usize = 64 * 1024;

/// What a row became.
#[derive(Clone, Debug, PartialEq)]
pub enum RowOutcome {
    /// A lead. Whether it is new is for [`Dedupe`](super::dedupe::Dedupe) and the store to say.
    Lead(Box<LeadRow>),
    /// No lead, and why.
    Rejected(Rejected),
}

/// Why a file is not a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It has no text in it.
    #[error("the file is empty")]
    Empty,
    /// It is an Excel workbook or another archive.
    #[error("the file is a workbook or archive and no text; save it as CSV")]
    NotText,
}

impl FileError {
    /// The wire code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::NotText => "not_text",
        }
    }
}

/// Where another invocation resumes a list (HUB-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The layout that was read from the start of the file.
    pub format: FileFormat,
    /// The position after the last row that was returned; the next bytes to push begin at its offset.
    pub position: Position,
}

/// Reads one list. Memory is bounded by [`SNIFF_BYTES`], one record and one chunk.
pub struct Importer {
    defaults: ImportDefaults,
    stage: Stage,
}

enum Stage {
    Sniffing(Vec<u8>),
    Reading(Box<Reading>),
}

struct Reading {
    format: FileFormat,
    reader: CsvReader,
    rows: RowReader,
}

impl Importer {
    /// An importer at the start of a file.
    #[must_use]
    pub fn new(defaults: ImportDefaults) -> Self {
        Self {
            defaults,
            stage: Stage::Sniffing(Vec::new()),
        }
    }

    /// An importer that resumes where `checkpoint` was taken; push the bytes from `checkpoint.position.offset` on.
    #[must_use]
    pub fn resume(checkpoint: Checkpoint, defaults: ImportDefaults) -> Self {
        let reading = Reading::new(checkpoint.format, checkpoint.position, defaults);
        Self {
            defaults,
            stage: Stage::Reading(Box::new(reading)),
        }
    }

    /// Takes the next bytes of the file and returns every row that they complete.
    ///
    /// # Errors
    /// [`FileError`] if the file is no list; nothing more may be pushed then.
    pub fn push(
        &mut self,
        chunk: &[u8],
        on_row: &mut dyn FnMut(RowOutcome),
    ) -> Result<(), FileError> {
        let Stage::Sniffing(head) = &mut self.stage else {
            self.read(chunk, false, on_row);
            return Ok(());
        };
        // The sample has exactly this size, however the bytes arrive.
        let missing = SNIFF_BYTES - head.len();
        let (now, rest) = chunk.split_at(chunk.len().min(missing));
        head.extend_from_slice(now);
        if head.len() == SNIFF_BYTES {
            self.open(false)?;
            self.read(rest, false, on_row);
        }
        Ok(())
    }

    /// Marks the end of the file and returns the remaining rows.
    ///
    /// # Errors
    /// [`FileError`] if the file is no list.
    pub fn finish(&mut self, on_row: &mut dyn FnMut(RowOutcome)) -> Result<(), FileError> {
        if matches!(self.stage, Stage::Sniffing(_)) {
            self.open(true)?;
        }
        self.read(&[], true, on_row);
        Ok(())
    }

    /// What the start of the file said, once enough of it was pushed.
    #[must_use]
    pub fn format(&self) -> Option<&FileFormat> {
        self.reading().map(|reading| &reading.format)
    }

    /// The columns, once enough of the file was pushed.
    #[must_use]
    pub fn mapping(&self) -> Option<&Mapping> {
        self.reading().map(|reading| reading.rows.mapping())
    }

    /// The encoding as far as the bytes have shown it.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.reading().map(|reading| reading.reader.encoding())
    }

    /// Where to resume from here; none before the header was found: then it is the start of the file.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.reading().map(|reading| Checkpoint {
            format: reading.format.clone(),
            position: reading.reader.position(),
        })
    }

    fn reading(&self) -> Option<&Reading> {
        match &self.stage {
            Stage::Reading(reading) => Some(reading),
            Stage::Sniffing(_) => None,
        }
    }

    fn open(&mut self, at_end: bool) -> Result<(), FileError> {
        let Stage::Sniffing(head) = &mut self.stage else {
            return Ok(());
        };
        let head = std::mem::take(head);
        let (format, position) = sniff(&head, at_end)?;
        let data_at = usize::try_from(position.offset)
            .unwrap_or(usize::MAX)
            .min(head.len());
        let mut reading = Reading::new(format, position, self.defaults);
        reading.reader.push(&head[data_at..]);
        self.stage = Stage::Reading(Box::new(reading));
        Ok(())
    }

    fn read(&mut self, chunk: &[u8], last: bool, on_row: &mut dyn FnMut(RowOutcome)) {
        if let Stage::Reading(reading) = &mut self.stage {
            reading.read(chunk, last, on_row);
        }
    }
}

impl Reading {
    fn new(format: FileFormat, position: Position, defaults: ImportDefaults) -> Self {
        Self {
            reader: CsvReader::resume(&format, position),
            rows: RowReader::new(&format.headers, defaults),
            format,
        }
    }

    fn read(&mut self, chunk: &[u8], last: bool, on_row: &mut dyn FnMut(RowOutcome)) {
        self.reader.push(chunk);
        if last {
            self.reader.finish();
        }
        while let Some(item) = self.reader.next_item() {
            on_row(match item {
                Item::Record(record) => match self.rows.read(record) {
                    Ok(lead) => RowOutcome::Lead(lead),
                    Err(rejected) => RowOutcome::Rejected(rejected),
                },
                Item::Broken(broken) => RowOutcome::Rejected(broken.into()),
            });
        }
    }
}

impl From<Broken> for Rejected {
    fn from(broken: Broken) -> Self {
        Self {
            row: broken.row,
            line: broken.line,
            code: match broken.breakage {
                Breakage::UnclosedQuote => RejectCode::UnclosedQuote,
                Breakage::TooLarge => RejectCode::RecordTooLarge,
            },
            field: None,
            value: broken.excerpt,
        }
    }
}

/// First bytes of ZIP archives (and so of `.xlsx`), of older Office files, of PDF and of gzip.
const NOT_TEXT: &[&[u8]] = &[b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"%PDF-", b"\x1F\x8B"];

/// Format and start of the data, from the first bytes of a file.
fn sniff(head: &[u8], at_end: bool) -> Result<(FileFormat, Position), FileError> {
    if NOT_TEXT.iter().any(|magic| head.starts_with(magic)) {
        return Err(FileError::NotText);
    }
    let detected = encoding::detect(head);
    let mut text = Vec::new();
    let mut transcoder = Transcoder::new(detected.encoding);
    transcoder.push(&head[detected.bom_bytes..], at_end, &mut text);
    let layout = dialect::detect(&text, detected.encoding, at_end)
        // A first line longer than the sample is taken as far as it goes.
        .or_else(|| dialect::detect(&text, detected.encoding, true))
        .ok_or(FileError::Empty)?;
    let before_data = detected.encoding.raw_len(&text[..layout.data_at]);
    let position = Position {
        offset: detected.bom_bytes as u64 + before_data,
        line: layout.data_line,
        rows: 0,
    };
    let format = FileFormat {
        encoding: detected.encoding,
        bom: detected.bom_bytes > 0,
        dialect: layout.dialect,
        header_row: layout.header_line,
        headers: layout.headers,
    };
    Ok((format, position))
}
