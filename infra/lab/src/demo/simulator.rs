//! What the demonstration asks of the provider simulator.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

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
pub struct Simulator {
    base: String,
    http: reqwest::Client,
}

impl Simulator {
    /// The simulator that listens there.
    pub fn at(base: String) -> Self {
        Self {
            base,
            http: reqwest::Client::new(),
        }
    }

    /// Posts every webhook that is due; answers how many were taken.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pump(&self) -> anyhow::Result<u64> {
        let url = format!("{}/_sim/pump", self.base);
        let pumped: Pumped = self.ask(self.http.post(url)).await?;
        Ok(pumped.delivered)
    }

    /// What it still has to do.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pending(&self) -> anyhow::Result<Pending> {
        let url = format!("{}/_sim/pending", self.base);
        self.ask(self.http.get(url)).await
    }

    /// Sets how often things happen and what each call takes.
    ///
    /// # Errors
    /// It does not answer, or does not know a rate.
    pub async fn configure(&self, rates: &Value, latency: Duration) -> anyhow::Result<()> {
        let url = format!("{}/_sim/config", self.base);
        let change = json!({ "rates": rates, "latency_ms": latency.as_millis() });
        let _: Value = self.ask(self.http.post(url).json(&change)).await?;
        Ok(())
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> anyhow::Result<T> {
        let answer = request.send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.context("asking the provider simulator")?;
        Ok(answer.json().await?)
    }
}
