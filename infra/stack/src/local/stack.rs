//! A local stack that is up: where it is, and its end.
//! It is taken down when dropped, so that a test that fails leaves nothing behind.

use std::fs;

use super::LocalError;
use super::lock::Lock;
use super::paths::StackPaths;
use super::state::StackState;
use crate::clock::VirtualClock;

/// A stack that is up.
#[derive(Debug)]
pub struct LocalStack {
    paths: StackPaths,
    state: StackState,
    stays: bool,
}

impl LocalStack {
    pub(super) fn new(paths: StackPaths, state: StackState) -> Self {
        Self {
            paths,
            state,
            stays: false,
        }
    }

    /// Where everything is.
    #[must_use]
    pub fn state(&self) -> &StackState {
        &self.state
    }

    /// Its virtual clock.
    #[must_use]
    pub fn clock(&self) -> VirtualClock {
        VirtualClock::at(&self.state.clock_file)
    }

    /// Lets the stack run on after this value is gone.
    pub fn leave_running(mut self) -> StackState {
        self.stays = true;
        self.state.clone()
    }
}

impl Drop for LocalStack {
    fn drop(&mut self) {
        if !self.stays {
            self.state.stop_processes();
            let _ = fs::remove_file(self.paths.state());
        }
    }
}

/// Takes a stack down; false when it was not up. Its logs stay, its data does not.
///
/// # Errors
/// [`LocalError::State`] when what runs can't be told.
pub async fn down(paths: &StackPaths) -> Result<bool, LocalError> {
    let _lock = Lock::acquire(&paths.lock(), || ()).await?;
    let Some(state) = StackState::load(&paths.state())? else {
        return Ok(false);
    };
    state.stop_processes();
    fs::remove_file(paths.state()).map_err(LocalError::io(&paths.state()))?;
    Ok(true)
}
