//! `touchline explain csv FILE`: how a lead list would be read, without importing it.

use std::{fs::File, io::Read as _, path::Path};

use touchline_domain::{
    country::Country,
    import::{Explainer, ImportDefaults, Report, Rows},
};

use touchline_stack::{args::Global, error::CliError, output::table};

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// Reads the file and prints what it says.
///
/// # Errors
/// The file cannot be read, or is no list.
pub fn run(
    global: &Global,
    file: &Path,
    rows: bool,
    region: Option<Country>,
) -> Result<(), CliError> {
    let unreadable =
        |error: std::io::Error| CliError::usage(format!("file {}: {error}", file.display()));
    let listing = if rows { Rows::Listed } else { Rows::Counted };
    let mut explainer = Explainer::new(ImportDefaults { region }, listing);
    let mut input = File::open(file).map_err(unreadable)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = input.read(&mut chunk).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        explainer
            .push(&chunk[..read])
            .map_err(|error| no_list(file, error))?;
    }
    let report = explainer.finish().map_err(|error| no_list(file, error))?;
    global.format().print(&report, human)
}

fn no_list(file: &Path, error: touchline_domain::import::FileError) -> CliError {
    CliError::usage(format!(
        "file {}: {} ({error})",
        file.display(),
        error.code()
    ))
}

fn human(report: &Report) -> String {
    let columns = report.mapping.iter().map(|(header, field)| {
        vec![
            header.clone(),
            field.map_or_else(|| "kept as an extra field".to_owned(), |f| f.to_string()),
        ]
    });
    let mut text = format!(
        "{} rows: {} accepted, {} duplicates, {} rejected\n{}, delimiter {:?}, header on line {}\n\n{}\n",
        report.rows,
        report.accepted,
        report.duplicates,
        report.rejected.len(),
        report.encoding,
        report.delimiter,
        report.header_row,
        table(&["column", "field"], columns)
    );
    if !report.rejected.is_empty() {
        let rejected = report.rejected.iter().map(|line| {
            vec![
                line.row.to_string(),
                line.code.to_string(),
                line.value.clone(),
            ]
        });
        text.push_str(&table(&["row", "rejected because", "value"], rejected));
    }
    text
}
