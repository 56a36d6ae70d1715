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
    /// Waits for the lock in `path`, making its folder first. `waiting` is called if somebody else holds it, and what it
    /// gives is kept for as long as that lasts: a stage, so that a person knows.
    ///
    /// # Errors
    /// [`LocalError::Io`].
    pub async fn acquire<T>(path: &Path, waiting: impl FnOnce() -> T) -> Result<Self, LocalError> {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(LocalError::io(dir))?;
        }
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .map_err(LocalError::io(path))?;
        // A blocking wait could not be interrupted, so the lock is asked for again and again.
        let mut waiting = Some(waiting);
        let mut _stage = None;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {
                    if let Some(waiting) = waiting.take() {
                        _stage = Some(waiting());
                    }
                    tokio::time::sleep(AGAIN).await;
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_to_wait_says_so_once_and_gets_the_lock() {
        let path = std::env::temp_dir().join(format!("touchline-lock-{}", std::process::id()));
        let first = Lock::acquire(&path, || ()).await;
        let first = first.unwrap();
        let mut said = 0;
        let second = Lock::acquire(&path, || said += 1);
        let release = async move { drop(first) };
        let (second, ()) = futures::future::join(second, release).await;
        drop(second.unwrap());
        assert_eq!(said, 1);
    }
}
