//! The Python environment with the emulator and the AWS client, made once under the build folder.
//! It follows the pinned versions, and is never what is installed on the machine.

use std::fs;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::LocalError;
use super::lock::Lock;
use super::paths::StackPaths;
use super::run::run;
use crate::progress::Progress;
use crate::workspace::Workspace;

/// Exits 0 from Python 3.10 on; earlier ones lack syntax that the emulator uses.
const VERSION_CHECK: &str = "import sys; sys.exit(sys.version_info < (3, 10))";

/// An environment that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venv {
    dir: PathBuf,
}

impl Venv {
    /// The environment, made or renewed when needed.
    ///
    /// # Errors
    /// [`LocalError::Python`] without a usable Python, [`LocalError::Step`] when a package can't be had.
    pub async fn ensure(
        workspace: &Workspace,
        paths: &StackPaths,
        progress: &Progress,
    ) -> Result<Self, LocalError> {
        let venv = Self { dir: paths.venv() };
        let pinned = workspace.root.join("infra/local/requirements.txt");
        let wanted = fs::read_to_string(&pinned).map_err(LocalError::io(&pinned))?;
        let waiting = || progress.stage("waiting for another command that installs the emulator");
        let _lock = Lock::acquire(&paths.venv_lock(), waiting).await?;
        if fs::read_to_string(venv.marker()).is_ok_and(|made_of| made_of == wanted) {
            return Ok(venv);
        }
        let _stage = progress.stage("installing the local AWS emulator");
        venv.make(&pinned, &paths.venv().with_extension("log"))
            .await?;
        fs::write(venv.marker(), wanted).map_err(LocalError::io(&venv.marker()))?;
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

    // Written last: what an environment without it holds is unknown.
    fn marker(&self) -> PathBuf {
        self.dir.join("made-of.txt")
    }

    // An environment that exists is brought up to date in place, because a running emulator may be using it.
    async fn make(&self, pinned: &Path, log: &Path) -> Result<(), LocalError> {
        if !self.works().await {
            let mut make = Command::new(find_python().await?);
            make.args(["-m", "venv", "--clear"]).arg(&self.dir);
            run("making the Python environment", make, log).await?;
        }
        let mut install = Command::new(self.python());
        install
            .args([
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "-q",
                "-r",
            ])
            .arg(pinned);
        run("installing the Python packages", install, log).await
    }

    async fn works(&self) -> bool {
        let mut pip = Command::new(self.python());
        pip.args(["-m", "pip", "--version"]).kill_on_drop(true);
        pip.output()
            .await
            .is_ok_and(|output| output.status.success())
    }
}

async fn find_python() -> Result<&'static str, LocalError> {
    let mut tried = String::from("none found");
    for name in ["python3", "python"] {
        let checked = Command::new(name)
            .args(["-c", VERSION_CHECK])
            .kill_on_drop(true)
            .output()
            .await;
        match checked {
            Ok(output) if output.status.success() => return Ok(name),
            Ok(_) => tried = format!("{name} is older"),
            Err(_) => {}
        }
    }
    Err(LocalError::Python(tried))
}
