//! One run at a time changes a stack or the shared Python environment; the others wait.
//! The system drops the lock when its holder ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::LocalError;

/// Between two tries.
const AGAIN: Duration = Duration::from_millis(100);

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
        // A blocking wait could not be interrupted, so the lock is asked for again and again.
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(AGAIN).await,
                Err(TryLockError::Error(source)) => return Err(LocalError::io(path)(source)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
