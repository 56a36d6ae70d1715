//! Where a local stack keeps its files: all under the build folder, nothing elsewhere.
//! A stack name is refused when it would not do as a bucket, a queue or a folder.

use std::path::{Path, PathBuf};

use super::LocalError;
use crate::workspace::Workspace;

/// The stack that is meant when none is named.
pub const DEFAULT_STACK: &str = "touchline";
/// Account and region are part of the bucket's name, which has at most 63 characters.
const STACK_NAME_MAX: usize = 32;
/// The folder beside the stacks that all of them share.
const VENV: &str = "venv";

/// The files of one local stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackPaths {
    local: PathBuf,
    dir: PathBuf,
}

impl StackPaths {
    /// The folders of stack `name`; nothing is created.
    ///
    /// # Errors
    /// [`LocalError::StackName`] unless it is 1..32 of `a-z 0-9 -`, starting with a letter.
    pub fn new(workspace: &Workspace, name: &str) -> Result<Self, LocalError> {
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = name.len() <= STACK_NAME_MAX
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('-')
            && name.chars().all(known)
            && name != VENV;
        if !fits {
            return Err(LocalError::StackName(name.to_owned()));
        }
        let local = workspace.target.join("local");
        Ok(Self {
            dir: local.join(name),
            local,
        })
    }

    /// The stack's own folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The Python environment that all stacks share.
    #[must_use]
    pub fn venv(&self) -> PathBuf {
        self.local.join(VENV)
    }

    /// Held from looking for a free port until a server listens on it.
    #[must_use]
    pub fn ports_lock(&self) -> PathBuf {
        self.local.join("ports.lock")
    }

    /// Held by the run that changes this stack.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.local.join(format!("{}.lock", self.name()))
    }

    /// What runs, and where; see [`super::state::StackState`].
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.dir.join("stack.json")
    }

    /// The virtual clock's offset.
    #[must_use]
    pub fn clock(&self) -> PathBuf {
        self.dir.join("clock")
    }

    /// The archives of the functions.
    #[must_use]
    pub fn code(&self) -> PathBuf {
        self.dir.join("code")
    }

    /// A log by the name of what writes it.
    #[must_use]
    pub fn log(&self, of: &str) -> PathBuf {
        self.dir.join(format!("{of}.log"))
    }

    /// Another file of the stack.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn name(&self) -> String {
        self.dir
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str) -> Result<StackPaths, LocalError> {
        let workspace = Workspace {
            root: "/src".into(),
            target: "/build".into(),
        };
        StackPaths::new(&workspace, name)
    }

    #[test]
    fn everything_lies_under_the_build_folder() {
        let paths = paths("touchline").unwrap();
        assert_eq!(
            paths.state(),
            Path::new("/build/local/touchline/stack.json")
        );
        assert_eq!(paths.lock(), Path::new("/build/local/touchline.lock"));
        assert_eq!(paths.venv(), Path::new("/build/local/venv"));
    }

    #[test]
    fn names_that_a_bucket_or_a_folder_can_not_have_are_refused() {
        for name in [
            "",
            "Touchline",
            "1st",
            "a/b",
            "..",
            "venv",
            "a_b",
            "end-",
            &"x".repeat(33),
        ] {
            assert!(
                matches!(paths(name), Err(LocalError::StackName(_))),
                "{name}"
            );
        }
    }
}
