//! Removes what has expired. DynamoDB does so within days; here it is done every minute, as often as the AWS emulator does.

use std::io::Write as _;
use std::time::Duration;

use dynoxide::Database;
use tokio::time::{MissedTickBehavior, interval};

/// Between two sweeps.
const EVERY: Duration = Duration::from_secs(60);

/// Sweeps all tables again and again, in a thread of its own: a large table takes a while.
pub async fn sweep_for_ever(database: Database) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            // Whoever closed stderr does not want to know.
            let _ = writeln!(std::io::stderr(), "expired items were not removed: {error}");
        }
    }
}
