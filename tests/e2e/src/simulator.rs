//! The provider simulator's controls, over HTTP as anybody could use them: faults, webhooks, and the ledger of what it
//! accepted.

use anyhow::Context as _;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use touchline_domain::{events::TouchRef, ids::TenantId};

/// How a call fails, in the simulator's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `Retry-After: 2`.
    RateLimit,
    /// 500.
    ServerError,
    /// No answer, and not accepted.
    TimeOut,
    /// Accepted; the connection closes without an answer.
    DropAfterAccept,
    /// Accepted; no answer for as long as the caller waits.
    HangAfterAccept,
}

impl Fault {
    /// Its name in rules and counts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::ServerError => "server_error",
            Self::TimeOut => "time_out",
            Self::DropAfterAccept => "drop_after_accept",
            Self::HangAfterAccept => "hang_after_accept",
        }
    }
}

/// Which calls fail: those at a provider to addresses that contain `matching`.
#[derive(Clone, Copy, Debug)]
pub struct Calls<'a> {
    /// The provider's name, such as `resend`.
    pub provider: &'a str,
    /// A part of the recipient's address.
    pub matching: &'a str,
}

/// One call that the simulator accepted.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// The touch, as `tenant.lead.touch`.
    pub token: Option<String>,
    /// The first call for the same touch, if this is not it.
    #[serde(default)]
    pub duplicate_of: Option<u64>,
}

impl Entry {
    /// The touch that it was for.
    #[must_use]
    pub fn touch(&self) -> Option<TouchRef> {
        TouchRef::from_token(self.token.as_deref()?)
    }
}

/// A message from a lead, due now.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Inbound<'a> {
    /// Through which provider it comes.
    pub provider: &'a str,
    /// The lead's address there.
    pub from: &'a str,
    /// Our address there.
    pub to: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// A member of LinkedIn and both their names.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Member<'a> {
    /// The provider's id.
    pub provider_id: &'a str,
    /// The name in the profile's address.
    pub public_id: &'a str,
}

/// The simulator of a stack.
#[derive(Clone, Debug)]
pub struct Simulator {
    base: String,
    http: reqwest::Client,
}

impl Simulator {
    /// The one at this address.
    #[must_use]
    pub fn at(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            http: reqwest::Client::new(),
        }
    }

    /// Everything is delivered, nobody answers, and no provider fails by itself.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn quiet(&self) -> anyhow::Result<()> {
        self.failing(&[]).await
    }

    /// No lead does anything by itself, and these shares of all calls fail.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn failing(&self, shares: &[(Fault, f64)]) -> anyhow::Result<()> {
        let silent = [
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
        let mut rates: serde_json::Map<String, Value> = silent
            .into_iter()
            .map(|name| (name.to_owned(), json!(0.0)))
            .collect();
        for (fault, share) in shares {
            rates.insert(fault.as_str().to_owned(), json!(share));
        }
        self.post("config", &json!({ "rates": rates })).await?;
        Ok(())
    }

    /// Makes the next `count` of these calls fail.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn fail(&self, calls: Calls<'_>, fault: Fault, count: usize) -> anyhow::Result<()> {
        let rule = json!({
            "provider": calls.provider,
            "match": calls.matching,
            "fault": fault.as_str(),
            "count": count,
        });
        self.post("faults", &rule).await?;
        Ok(())
    }

    /// Loses the webhooks of these providers from now on; of none, with an empty list.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn silence(&self, providers: &[&str]) -> anyhow::Result<()> {
        self.post("config", &json!({ "silent": providers })).await?;
        Ok(())
    }

    /// Lets a lead write.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn write(&self, message: &Inbound<'_>) -> anyhow::Result<()> {
        self.post("inbound", message).await?;
        Ok(())
    }

    /// Makes a member of LinkedIn known.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn know(&self, member: &Member<'_>) -> anyhow::Result<()> {
        self.post("member", member).await?;
        Ok(())
    }

    /// How many calls at a provider failed so, ever.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn failed(&self, provider: &str, fault: Fault) -> anyhow::Result<u64> {
        let stats: Value = self.get("stats").await?;
        Ok(stats["faults"][provider][fault.as_str()]
            .as_u64()
            .unwrap_or(0))
    }

    /// How many calls it leaves without an answer right now.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn unanswered(&self) -> anyhow::Result<u64> {
        let pending: Value = self.get("pending").await?;
        Ok(pending["unanswered"].as_u64().unwrap_or(0))
    }

    /// Posts the webhooks that are due; answers how many were taken.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pump(&self) -> anyhow::Result<u64> {
        let done = self.post("pump", &json!({})).await?;
        Ok(done["delivered"].as_u64().unwrap_or(0))
    }

    /// What it accepted for a tenant, in order.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ledger(&self, tenant: &TenantId) -> anyhow::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = self.get("ledger").await?;
        entries.retain(|entry| entry.touch().is_some_and(|touch| touch.tenant == *tenant));
        Ok(entries)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self.http.get(format!("{}/_sim/{path}", self.base)).send();
        let answer = answer.await.and_then(reqwest::Response::error_for_status);
        answer
            .with_context(|| format!("asking the simulator for its {path}"))?
            .json()
            .await
            .with_context(|| format!("reading the simulator's {path}"))
    }

    async fn post(&self, path: &str, body: &(impl Serialize + Sync)) -> anyhow::Result<Value> {
        let request = self.http.post(format!("{}/_sim/{path}", self.base));
        let answer = request.json(body).send().await;
        answer
            .and_then(reqwest::Response::error_for_status)
            .with_context(|| format!("telling the simulator {path}"))?
            .json()
            .await
            .with_context(|| format!("reading the simulator's answer to {path}"))
    }
}
