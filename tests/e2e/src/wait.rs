//! Waits for something to become true by looking again and again, up to a bound. Nothing here waits longer than it
//! has to, and nothing waits for ever.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use anyhow::bail;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// What `probe` finds, as soon as it finds something.
///
/// # Errors
/// The probe fails, or finds nothing within `bound`; the error names `what`.
pub async fn until<T, F>(
    what: &str,
    bound: Duration,
    mut probe: impl FnMut() -> F,
) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let began = Instant::now();
    loop {
        if let Some(found) = probe().await? {
            return Ok(found);
        }
        if began.elapsed() > bound {
            bail!("not within {bound:?}: {what}");
        }
        tokio::time::sleep(LOOK).await;
    }
}
