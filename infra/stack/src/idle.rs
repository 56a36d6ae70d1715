//! Waits until nothing moves in a local stack: one call, which the emulator answers when it is so
//! (`infra/local/emulator/idle.py`). Somebody who looks at each queue again and again keeps the emulator from its work.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use crate::outputs::Queue;
use crate::target::{Place, Target};

/// The emulator answers after 20 s at the latest.
const LIMIT: Duration = Duration::from_secs(60);

/// Some queues of a local stack, and the functions that consume them.
#[derive(Clone, Debug)]
pub struct Idle {
    url: String,
    http: reqwest::Client,
}

/// What was left when nothing moved any more, or when the emulator lost patience.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Left {
    /// Messages that a function can take.
    pub visible: u64,
    /// All messages of each queue that is not empty, by the queue's name in the stack.
    pub held: BTreeMap<String, u64>,
    /// Invocations under way.
    pub running: u64,
    /// After so many seconds of the stack's time the first of those that were put back can be taken.
    pub later_secs: Option<f64>,
}

impl Left {
    /// Whether all work is done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.running == 0
    }

    /// How far the stack's time has to move for anything to happen; `None` while something happens anyway.
    #[must_use]
    pub fn later(&self) -> Option<Duration> {
        let secs = self.later_secs?;
        let still = self.visible == 0 && self.running == 0;
        // The clock moves by whole seconds.
        still.then(|| Duration::try_from_secs_f64(secs.max(0.0).floor() + 1.0).ok())?
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self
            .held
            .iter()
            .map(|(name, count)| format!("{name}: {count}"));
        let named = named.collect::<Vec<_>>().join(", ");
        write!(f, "{named}; {} invocations", self.running)
    }
}

impl Idle {
    /// These queues of this stack.
    ///
    /// # Errors
    /// The stack is not local.
    pub fn of<'a>(
        target: &Target,
        queues: impl IntoIterator<Item = &'a Queue>,
    ) -> anyhow::Result<Self> {
        let Place::Local(state) = target.place() else {
            anyhow::bail!("only a local stack tells when nothing moves")
        };
        let names = queues.into_iter().filter_map(|q| q.url.rsplit('/').next());
        let names = names.collect::<Vec<_>>().join(",");
        let http = reqwest::Client::builder().no_proxy().timeout(LIMIT);
        Ok(Self {
            url: format!("{}/_touchline/idle?{names}", state.endpoint),
            http: http.build()?,
        })
    }

    /// Waits until no function runs and none of the messages can be taken, for 20 s at most.
    ///
    /// # Errors
    /// The emulator does not answer.
    pub async fn wait(&self) -> anyhow::Result<Left> {
        let answer = self.http.get(&self.url).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.context("waiting until nothing moves in the local stack")?;
        Ok(answer.json().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Left {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn time_moves_only_where_nothing_else_does_and_by_whole_seconds() {
        let put_back = left(r#"{"visible":0,"held":{"s-wash":2},"running":0,"later_secs":118.2}"#);
        assert_eq!(put_back.later(), Some(Duration::from_secs(119)));
        assert!(!put_back.is_empty());
        for moving in [
            r#"{"visible":1,"held":{"s-wash":2},"running":0,"later_secs":118.2}"#,
            r#"{"visible":0,"held":{"s-wash":2},"running":1,"later_secs":118.2}"#,
        ] {
            assert_eq!(left(moving).later(), None);
        }
        let done = left(r#"{"visible":0,"held":{},"running":0,"later_secs":null}"#);
        assert!(done.is_empty());
        assert_eq!(done.later(), None);
    }

    #[test]
    fn what_is_stuck_is_named() {
        let stuck = left(r#"{"visible":1,"held":{"s-email":3,"s-wash":1},"running":2}"#);
        assert_eq!(stuck.to_string(), "s-email: 3, s-wash: 1; 2 invocations");
    }
}
