//! Where the checkout and its build output are.
//! It asks cargo for both rather than guess, because `CARGO_TARGET_DIR` and cargo's own settings move them.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokio::process::Command;

/// The checkout this command works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The folder of `template.yaml` and the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
}

/// Why there is no checkout to work on.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Neither the current folder nor the one this program was built in is a checkout.
    #[error("no template.yaml beside a Cargo.toml in {0} or above it; run this inside a checkout")]
    NotFound(PathBuf),
    /// Cargo did not describe the workspace.
    #[error("cargo metadata failed in {root}: {reason}")]
    Cargo {
        /// The checkout.
        root: PathBuf,
        /// What cargo said.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Workspace {
    /// The checkout around the current folder, else the one this program was built from.
    ///
    /// # Errors
    /// [`WorkspaceError`].
    pub async fn find() -> Result<Self, WorkspaceError> {
        let here = std::env::current_dir().unwrap_or_default();
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = checkout_around(&here)
            .or_else(|| checkout_around(built_in))
            .ok_or(WorkspaceError::NotFound(here))?;
        let target = target_of(&root).await?;
        Ok(Self { root, target })
    }

    /// The one text that wires the product.
    #[must_use]
    pub fn template(&self) -> PathBuf {
        self.root.join("template.yaml")
    }

    /// The sample event of a function.
    #[must_use]
    pub fn sample_event(&self, function: &str) -> PathBuf {
        self.root.join("events").join(format!("{function}.json"))
    }
}

/// The cargo that runs us, else the one on the path.
#[must_use]
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn checkout_around(start: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .find(|dir| dir.join("template.yaml").is_file() && dir.join("Cargo.toml").is_file())
        .map(Path::to_owned)
}

async fn target_of(root: &Path) -> Result<PathBuf, WorkspaceError> {
    let failed = |reason: String| WorkspaceError::Cargo {
        root: root.to_owned(),
        reason,
    };
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(said.trim().to_owned()));
    }
    serde_json::from_slice::<Metadata>(&output.stdout)
        .map(|metadata| metadata.target_directory)
        .map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_found_from_any_folder_inside() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = checkout_around(&manifest.join("src")).unwrap();
        assert!(root.join("template.yaml").is_file());
        assert_eq!(checkout_around(Path::new("/")), None);
    }
}
