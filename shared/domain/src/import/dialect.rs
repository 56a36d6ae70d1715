//! Which character divides the cells of a list and on which line its header stands (HUB-2).
//! A decimal comma, a comma inside quotes or a note above the header misleads neither answer.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::{
    encoding::{Encoding, text_of},
    mapping,
    records::{CellSplitter, Cut, cut},
};

/// How many records from the top may come before the header. `LinkedIn` writes three lines there.
const HEADER_SEARCH_RECORDS: usize = 40;
/// How many records are compared with the header in width.
const SAMPLE_RECORDS: usize = 100;

/// The character between two cells, in order of preference where the file does not decide.
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
    EnumIter,
    IntoStaticStr,
)]
pub enum Delimiter {
    /// `,`
    #[serde(rename = ",")]
    #[strum(serialize = ",")]
    Comma,
    /// `;`, as Excel writes it where the comma is the decimal sign.
    #[serde(rename = ";")]
    #[strum(serialize = ";")]
    Semicolon,
    /// Tabulator.
    #[serde(rename = "\t")]
    #[strum(serialize = "\t")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    #[strum(serialize = "|")]
    Pipe,
}

impl Delimiter {
    /// The character itself, which is also the wire form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// What divides cells and lines in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// The character between cells.
    pub delimiter: Delimiter,
    /// Whether a lone carriage return ends a line, as old Macintosh programs write it. Elsewhere it is text.
    pub bare_cr: bool,
}

impl Dialect {
    pub(super) fn ends_line(self, byte: u8) -> bool {
        byte == b'\n' || (self.bare_cr && byte == b'\r')
    }
}

/// Where the header is and how to read what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) dialect: Dialect,
    /// Physical line of the header, from 1.
    pub(super) header_line: u64,
    /// The header's cells as they stand.
    pub(super) headers: Vec<String>,
    /// Bytes up to the end of the header's line.
    pub(super) data_at: usize,
    /// Physical line of the first byte behind the header.
    pub(super) data_line: u64,
}

/// Finds delimiter and header in the first bytes of a file; nothing if they hold no text at all.
///
/// The delimiter is the one that shows the most known column names in one record, then the one that cuts the most
/// records as wide as the header.
pub(super) fn detect(head: &[u8], encoding: Encoding, at_end: bool) -> Option<Layout> {
    let bare_cr = head.contains(&b'\r') && !head.contains(&b'\n');
    let (stated, skipped) = stated_delimiter(head, bare_cr);
    let mut best: Option<(Score, Layout)> = None;
    for delimiter in Delimiter::iter().filter(|d| stated.is_none_or(|s| s == *d)) {
        let dialect = Dialect { delimiter, bare_cr };
        let sample = Sample::take(head, skipped, dialect, encoding, at_end);
        let Some((score, layout)) = sample.layout(dialect) else {
            continue;
        };
        // Strictly better only: the order of the delimiters settles a tie.
        if best.as_ref().is_none_or(|(top, _)| score > *top) {
            best = Some((score, layout));
        }
    }
    best.map(|(_, layout)| layout)
}

/// Excel's first line `sep=;`: the delimiter it states and the length of the line.
fn stated_delimiter(head: &[u8], bare_cr: bool) -> (Option<Delimiter>, usize) {
    let ends = |b: &u8| *b == b'\n' || (bare_cr && *b == b'\r');
    let Some(end) = head.iter().position(ends) else {
        return (None, 0);
    };
    let line = String::from_utf8_lossy(&head[..end]);
    let line = line.trim_matches(['"', '\r', ' ', '\u{FEFF}']);
    let delimiter = line
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="))
        .and_then(|_| line[4..].parse().ok());
    (delimiter, if delimiter.is_some() { end + 1 } else { 0 })
}

/// Known column names in the header, then records as wide as it.
type Score = (usize, usize);

struct SampledRecord {
    line: u64,
    cells: Vec<String>,
    end: usize,
    next_line: u64,
}

/// The first records that hold any text.
struct Sample(Vec<SampledRecord>);

impl Sample {
    fn take(head: &[u8], from: usize, dialect: Dialect, encoding: Encoding, at_end: bool) -> Self {
        let mut splitter = CellSplitter::new(dialect);
        let mut records = Vec::new();
        let (mut at, mut line) = (from, 1 + u64::from(from > 0));
        while records.len() < SAMPLE_RECORDS {
            let (body, total, lines) = match cut(&head[at..], dialect, at_end) {
                Cut::Record { body, total, lines } => (body, total, lines),
                Cut::Unclosed { body, total } => (body, total, 1),
                Cut::More | Cut::TooLarge => break,
            };
            splitter.split(&head[at..at + body]);
            let cells = decoded(splitter.cells(), encoding);
            at += total;
            // A line of dashes or bare delimiters is decoration.
            if cells
                .iter()
                .any(|cell| cell.contains(char::is_alphanumeric))
            {
                records.push(SampledRecord {
                    line,
                    cells,
                    end: at,
                    next_line: line + lines,
                });
            }
            line += lines;
        }
        Self(records)
    }

    fn layout(&self, dialect: Dialect) -> Option<(Score, Layout)> {
        let known: Vec<usize> = self
            .0
            .iter()
            .take(HEADER_SEARCH_RECORDS)
            .map(|record| mapping::known_columns(&record.cells))
            .collect();
        let most = known.iter().copied().max()?;
        let header_at = if most > 0 {
            known.iter().position(|count| *count == most)?
        } else {
            self.first_of_usual_width()?
        };
        let header = &self.0[header_at];
        let width = header.cells.len();
        let agreeing = self.0[header_at + 1..]
            .iter()
            .filter(|record| width > 1 && record.cells.len() == width)
            .count();
        let layout = Layout {
            dialect,
            header_line: header.line,
            headers: header.cells.clone(),
            data_at: header.end,
            data_line: header.next_line,
        };
        Some(((most, agreeing), layout))
    }

    /// With no known column name, the header is the first record that is as wide as most records are.
    fn first_of_usual_width(&self) -> Option<usize> {
        let width = |record: &SampledRecord| record.cells.len();
        let sharing = |w: usize| self.0.iter().filter(|r| width(r) == w).count();
        let usual = self.0.iter().map(width).max_by_key(|w| (sharing(*w), *w))?;
        self.0.iter().position(|record| width(record) == usual)
    }
}

fn decoded((bytes, ends): (&[u8], &[usize]), encoding: Encoding) -> Vec<String> {
    let mut start = 0;
    let mut cells = Vec::with_capacity(ends.len());
    for &end in ends {
        cells.push(text_of(&bytes[start..end], encoding).into_owned());
        start = end;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> (&'static str, u64, usize) {
        let found = detect(text.as_bytes(), Encoding::Utf8, true).unwrap();
        let delimiter = found.dialect.delimiter.as_str();
        (delimiter, found.header_line, found.headers.len())
    }

    #[test]
    fn the_delimiter_is_the_one_that_shows_known_columns() {
        assert_eq!(layout("First Name,Email\nA,a@b.co\n"), (",", 1, 2));
        assert_eq!(layout("First Name;Email\r\nA;a@b.co\r\n"), (";", 1, 2));
        assert_eq!(layout("First Name\tEmail\nA, B\ta@b.co\n"), ("\t", 1, 2));
        assert_eq!(layout("First Name|Email\nA|a@b.co\n"), ("|", 1, 2));
        assert_eq!(layout("email\na@b.co;c@d.co\n"), (",", 1, 1));
    }

    #[test]
    fn decimal_commas_and_quoted_commas_do_not_mislead() {
        assert_eq!(
            layout("Email;Umsatz;Quote\na@b.co;1,5;2,5\nc@d.co;1,5;2,5\n"),
            (";", 1, 3)
        );
        assert_eq!(layout("Alpha;Beta\n1,5;2,5\n3,5;4,5\n"), (";", 1, 2));
        assert_eq!(
            layout("Email;\"Name, first\"\n\"a,b,c\";d\n\"e,f,g\";h\n"),
            (";", 1, 2)
        );
    }

    #[test]
    fn notes_blank_lines_and_a_sep_line_above_the_header_are_passed_over() {
        let linked_in = "Notes:\n\"When exporting, some addresses\nare missing, see email settings\"\n\nFirst Name,Last Name,URL\nA,B,C\n";
        assert_eq!(layout(linked_in), (",", 5, 3));
        assert_eq!(layout("sep=;\r\nEmail;Name\r\n"), (";", 2, 2));
        assert_eq!(layout("sep=|\nAlpha,x|Beta,y\n"), ("|", 2, 2));
        assert_eq!(
            layout("\n\nReport \"May\n\nEmail,City\na@b.co,Perth\n"),
            (",", 5, 2)
        );
    }

    #[test]
    fn a_header_of_unknown_names_is_the_first_record_of_the_usual_width() {
        assert_eq!(layout("My list\nAlpha,Beta\n1,2\n3,4\n"), (",", 2, 2));
    }

    #[test]
    fn lone_carriage_returns_end_lines_where_there_is_no_line_feed() {
        assert_eq!(layout("Notes\rEmail,City\ra@b.co,Perth\r"), (",", 2, 2));
    }

    #[test]
    fn a_file_without_text_has_no_layout() {
        for text in ["", "\n\n", " , ,\n"] {
            assert_eq!(detect(text.as_bytes(), Encoding::Utf8, true), None);
        }
    }
}
