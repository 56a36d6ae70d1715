//! What tools ask of the provider simulator of a local stack, over HTTP as anybody could.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::target::{Place, Target};

/// What it does by chance, as its settings call it.
const CHANCES: [&str; 16] = [
    "dead",
    "soft",
    "policy",
    "complaint",
    "open",
    "click",
    "reply",
    "auto_reply",
    "listed",
    "invalid",
    "stranger",
    "bad_gateway",
    "rate_limit",
    "server_error",
    "time_out",
    "drop_after_accept",
];

/// What the simulator still has to do.
#[derive(Debug, Default, Deserialize)]
pub struct Pending {
    /// When the next event of a provider is due.
    #[serde(default)]
    pub next_due: Option<DateTime<Utc>>,
    /// Calls that it leaves without an answer right now; their callers still wait.
    #[serde(default)]
    pub unanswered: u64,
}

#[derive(Deserialize)]
struct Pumped {
    delivered: u64,
}

/// The simulator of a stack.
#[derive(Clone, Debug)]
pub struct Simulator {
    base: String,
    http: reqwest::Client,
}

impl Simulator {
    /// The simulator of this stack, if it is a local one that has one.
    #[must_use]
    pub fn of(target: &Target) -> Option<Self> {
        let Place::Local(state) = target.place() else {
            return None;
        };
        let base = state.simulator_url.clone()?;
        Some(Self {
            base,
            http: reqwest::Client::new(),
        })
    }

    /// Posts every webhook that is due; answers how many were taken.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pump(&self) -> anyhow::Result<u64> {
        let pumped: Pumped = self.post("pump", &json!({})).await?;
        Ok(pumped.delivered)
    }

    /// What it still has to do.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pending(&self) -> anyhow::Result<Pending> {
        self.get("pending").await
    }

    /// Leaves nothing to chance but what is named, with the share of the cases in which it happens.
    ///
    /// # Errors
    /// It does not answer, or does not know a name.
    pub async fn leave_to_chance(&self, shares: &[(&str, f64)]) -> anyhow::Result<()> {
        let rates = CHANCES.map(|name| (name, 0.0)).into_iter();
        let rates: Map<String, Value> = rates
            .chain(shares.iter().copied())
            .map(|(name, share)| (name.to_owned(), json!(share)))
            .collect();
        self.set(&json!({ "rates": rates })).await
    }

    /// Sets what each call takes.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn answer_after(&self, latency: Duration) -> anyhow::Result<()> {
        self.set(&json!({ "latency_ms": latency.as_millis() }))
            .await
    }

    async fn set(&self, change: &Value) -> anyhow::Result<()> {
        let _: Value = self.post("config", change).await?;
        Ok(())
    }

    /// Reads one of its pages.
    ///
    /// # Errors
    /// It does not answer, or with something else.
    pub async fn get<T: DeserializeOwned>(&self, page: &str) -> anyhow::Result<T> {
        let url = format!("{}/_sim/{page}", self.base);
        answered(self.http.get(url), page).await
    }

    /// Tells it something.
    ///
    /// # Errors
    /// It does not answer, or refuses.
    pub async fn post<T: DeserializeOwned>(
        &self,
        page: &str,
        body: &(impl Serialize + Sync),
    ) -> anyhow::Result<T> {
        let url = format!("{}/_sim/{page}", self.base);
        answered(self.http.post(url).json(body), page).await
    }
}

async fn answered<T: DeserializeOwned>(
    request: reqwest::RequestBuilder,
    page: &str,
) -> anyhow::Result<T> {
    let answer = request.send().await;
    answer
        .and_then(reqwest::Response::error_for_status)
        .with_context(|| format!("asking the provider simulator for {page}"))?
        .json()
        .await
        .with_context(|| format!("reading the provider simulator's answer to {page}"))
}
