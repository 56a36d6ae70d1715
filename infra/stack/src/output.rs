//! What a command prints: a table or lines for people, one JSON document with `--json`.
//! Results go to stdout and nothing else does, so that a pipe gets exactly them.

use std::io::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use crate::error::CliError;

/// No table is wider, so that it fits a terminal and a ticket.
const TABLE_COLUMNS: u16 = 100;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Tables and lines.
    Human,
    /// One JSON document.
    Json,
}

impl Format {
    /// JSON when `--json` was given.
    #[must_use]
    pub fn from_flag(json: bool) -> Self {
        if json { Self::Json } else { Self::Human }
    }

    /// Prints `value` as JSON, or what `human` makes of it.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn print<T: Serialize>(
        self,
        value: &T,
        human: impl FnOnce(&T) -> String,
    ) -> Result<(), CliError> {
        let text = match self {
            Self::Human => human(value),
            Self::Json => serde_json::to_string_pretty(value).map_err(anyhow::Error::new)?,
        };
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{}", text.trim_end())?;
        Ok(())
    }
}

/// A table of at most 100 columns; long cells wrap.
#[must_use]
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(TABLE_COLUMNS)
        .set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_to_a_hundred_columns() {
        let long = "reason ".repeat(60);
        let text = table(&["touch", "why"], [vec!["touch_01".to_owned(), long]]);
        let widest = text.lines().map(|l| l.chars().count()).max().unwrap();
        assert!(widest <= usize::from(TABLE_COLUMNS), "{widest}");
    }
}
