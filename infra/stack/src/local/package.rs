//! Lays each function's program into an archive as `bootstrap`, as Lambda's custom runtime wants it, without its symbols: those
//! are more than half of it, and the emulator keeps all archives in memory.
//! Unchanged programs keep their archive; nothing is compressed, since it travels over loopback only.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::LocalError;

/// Everybody reads and runs it.
const RUNNABLE: u32 = 0o755;

/// A function's code, ready for upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The ZIP file.
    pub path: PathBuf,
    /// Changes whenever the program was linked anew.
    pub stamp: String,
}

/// Archives `program` as the code of `function` in `dir`, unless that very program is there already.
///
/// # Errors
/// [`LocalError::Io`].
pub fn archive(dir: &Path, function: &str, program: &Path) -> Result<Archive, LocalError> {
    fs::create_dir_all(dir).map_err(LocalError::io(dir))?;
    let path = dir.join(format!("{function}.zip"));
    let stamp = stamp(program).map_err(LocalError::io(program))?;
    let noted = dir.join(format!("{function}.stamp"));
    if !(path.is_file() && fs::read_to_string(&noted).is_ok_and(|old| old == stamp)) {
        let stripped = path.with_extension("stripped");
        let small = strip(program, &stripped);
        let contents = if small { &stripped } else { program };
        write(&path, contents).map_err(LocalError::io(&path))?;
        if small {
            fs::remove_file(&stripped).map_err(LocalError::io(&stripped))?;
        }
        fs::write(&noted, &stamp).map_err(LocalError::io(&noted))?;
    }
    Ok(Archive { path, stamp })
}

// Cargo rewrites a program only when it links it, so length and time tell it apart without reading it.
fn stamp(program: &Path) -> io::Result<String> {
    let meta = fs::metadata(program)?;
    let linked = meta.modified()?.duration_since(UNIX_EPOCH);
    let linked = linked.map_err(io::Error::other)?.as_nanos();
    Ok(format!("{}-{linked}", meta.len()))
}

// With the tool that comes with every linker. Where it is missing or does not know the program, the program does as it is.
fn strip(program: &Path, to: &Path) -> bool {
    let stripped = Command::new("strip")
        .arg("-o")
        .args([to, program])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    stripped.is_ok_and(|status| status.success())
}

fn write(path: &Path, program: &Path) -> io::Result<()> {
    let next = path.with_extension("zip.next");
    // A fixed date keeps the archive the same for the same program, and with it the emulator's copy.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(RUNNABLE);
    let mut zip = ZipWriter::new(File::create(&next)?);
    zip.start_file("bootstrap", options)?;
    io::copy(&mut File::open(program)?, &mut zip)?;
    zip.finish()?;
    fs::rename(next, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_program_becomes_a_runnable_bootstrap_and_is_archived_once() {
        let dir = std::env::temp_dir().join(format!("touchline-package-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let program = dir.join("program");
        fs::write(&program, "first").unwrap();
        let first = archive(&dir, "enqueue", &program).unwrap();
        let mut zip = zip::ZipArchive::new(File::open(&first.path).unwrap()).unwrap();
        let mut entry = zip.by_name("bootstrap").unwrap();
        assert_eq!(entry.unix_mode().unwrap() & 0o777, RUNNABLE);
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        assert_eq!(text, "first");

        let written = fs::metadata(&first.path).unwrap().modified().unwrap();
        assert_eq!(archive(&dir, "enqueue", &program).unwrap(), first);
        assert_eq!(
            fs::metadata(&first.path).unwrap().modified().unwrap(),
            written
        );
        fs::write(&program, "second program").unwrap();
        assert_ne!(
            archive(&dir, "enqueue", &program).unwrap().stamp,
            first.stamp
        );
    }

    #[test]
    fn a_program_is_archived_without_its_symbols() {
        let dir = std::env::temp_dir().join(format!("touchline-strip-{}", std::process::id()));
        let program = std::env::current_exe().unwrap();
        let archived = archive(&dir, "tests", &program).unwrap();
        let size = |path: &Path| fs::metadata(path).unwrap().len();
        assert!(size(&archived.path) < size(&program) / 2);
        fs::remove_dir_all(&dir).unwrap();
    }
}
