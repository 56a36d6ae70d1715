//! The Python environment with the emulator and the AWS client, made once under the build folder by the script that CI uses
//! too (`infra/local/environment.py`).

use std::fs;
use std::path::PathBuf;

use tokio::process::Command;

use super::LocalError;
use super::paths::StackPaths;
use super::run::run;
use crate::progress::Progress;
use crate::workspace::Workspace;

/// An environment that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venv {
    dir: PathBuf,
}

impl Venv {
    /// The environment, made or renewed when needed.
    ///
    /// # Errors
    /// [`LocalError::Python`] without any Python, [`LocalError::Step`] without a usable one or when a package can't be had.
    pub async fn ensure(
        workspace: &Workspace,
        paths: &StackPaths,
        progress: &Progress,
    ) -> Result<Self, LocalError> {
        let venv = Self { dir: paths.venv() };
        let local = workspace.root.join("infra/local");
        let pinned = local.join("requirements.txt");
        let wanted = fs::read_to_string(&pinned).map_err(LocalError::io(&pinned))?;
        // The script writes this last. It looks again when nobody else is at work on the environment.
        let made_of = fs::read_to_string(venv.dir.join("made-of.txt"));
        if made_of.is_ok_and(|made_of| made_of == wanted) {
            return Ok(venv);
        }
        let _stage = progress.stage("installing the local AWS emulator");
        fs::create_dir_all(paths.dir()).map_err(LocalError::io(paths.dir()))?;
        let mut make = Command::new(any_python().await?);
        make.arg(local.join("environment.py"))
            .arg(&venv.dir)
            .arg(&pinned);
        run("making the Python environment", make, &paths.log("venv")).await?;
        Ok(venv)
    }

    /// Its Python.
    #[must_use]
    pub fn python(&self) -> PathBuf {
        self.dir.join("bin/python")
    }

    /// Its AWS client.
    #[must_use]
    pub fn aws(&self) -> PathBuf {
        self.dir.join("bin/aws")
    }
}

/// One that runs the script, which then looks for one that runs the emulator.
async fn any_python() -> Result<&'static str, LocalError> {
    for name in ["python3", "python"] {
        let mut checked = Command::new(name);
        checked.arg("--version").kill_on_drop(true);
        if checked.output().await.is_ok_and(|out| out.status.success()) {
            return Ok(name);
        }
    }
    Err(LocalError::Python)
}
