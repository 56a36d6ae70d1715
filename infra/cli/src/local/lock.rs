//! One run at a time changes a stack or the shared Python environment; the others wait.
//! The system drops the lock when its holder ends, however it ends.

use std::fs::{self, File};
use std::path::Path;

use super::LocalError;

/// Held until dropped.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Waits for the lock in `path`, making its folder first.
    ///
    /// # Errors
    /// [`LocalError::Io`].
    pub async fn acquire(path: &Path) -> Result<Self, LocalError> {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(LocalError::io(dir))?;
        }
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .map_err(LocalError::io(path))?;
        // Waiting blocks its thread, and this one must stay able to hear Ctrl-C.
        let waited = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
        waited
            .map_err(std::io::Error::other)
            .and_then(|locked| locked)
            .map(Self)
            .map_err(LocalError::io(path))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
