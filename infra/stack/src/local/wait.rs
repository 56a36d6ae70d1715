//! Waits until a server that was just started answers, or reports why it never will.
//! A server that has died is not waited for.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use super::LocalError;
use super::process::Spawned;
use super::run::failed;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);
/// A loaded machine takes seconds to start Python; beyond this it hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// Tries `ready` until it gives something.
///
/// # Errors
/// [`LocalError::Step`] with the last line of `log` when the server dies or takes longer than 30 s.
pub async fn until<T, F>(
    what: &'static str,
    server: &Spawned,
    log: &Path,
    mut ready: impl FnMut() -> F,
) -> Result<T, LocalError>
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + LIMIT;
    while server.id().is_alive() && Instant::now() < deadline {
        if let Some(value) = ready().await {
            return Ok(value);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(failed(what, log))
}
