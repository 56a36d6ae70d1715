//! Builds a function and weighs its archive as Lambda would get it: the stripped program, deflated.

use std::fs::File;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Profile;
use touchline_stack::local::{self, Programs};
use touchline_stack::progress::Progress;
use touchline_stack::workspace::Workspace;

/// Where the benchmarks keep their files.
///
/// # Errors
/// When the folder can't be made.
pub fn folder(workspace: &Workspace) -> io::Result<PathBuf> {
    let folder = workspace.target.join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Builds functions in a profile.
///
/// # Errors
/// When one does not compile.
pub async fn build(
    workspace: &Workspace,
    functions: &[&str],
    profile: Profile,
    progress: &Progress,
) -> anyhow::Result<Programs> {
    let log = folder(workspace)?.join("build.log");
    let stage = progress.stage("building the functions");
    Ok(local::build(workspace, functions, profile.name(), &log, &stage).await?)
}

/// The size in bytes of the archive that Lambda gets of a program.
///
/// # Errors
/// When the program can't be read.
pub fn archive_bytes(program: &Path) -> anyhow::Result<u64> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options)?;
    let mut file = File::open(program).with_context(|| program.display().to_string())?;
    io::copy(&mut file, &mut zip)?;
    Ok(zip.finish()?.get_ref().len() as u64)
}
