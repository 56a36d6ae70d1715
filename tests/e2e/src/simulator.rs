//! The provider simulator's controls, over HTTP as anybody could use them: faults, webhooks, and the ledger of what it
//! accepted.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use touchline_domain::{events::TouchRef, ids::TenantId};
use touchline_stack::{simulator, target::Target};

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

/// The simulator of a stack, and what goes wrong in it.
#[derive(Clone, Debug)]
pub struct Simulator(simulator::Simulator);

impl Simulator {
    /// The one of this stack.
    ///
    /// # Errors
    /// The stack has none.
    pub fn of(target: &Target) -> anyhow::Result<Self> {
        let simulator = simulator::Simulator::of(target);
        Ok(Self(simulator.context("the stack has no simulator")?))
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
        let shares = shares.iter().map(|(fault, share)| (fault.as_str(), *share));
        let shares: Vec<_> = shares.collect();
        self.0.leave_to_chance(&shares).await
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
        self.tell("faults", &rule).await
    }

    /// Loses the webhooks of these providers from now on; of none, with an empty list.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn silence(&self, providers: &[&str]) -> anyhow::Result<()> {
        self.tell("config", &json!({ "silent": providers })).await
    }

    /// Lets a lead write.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn write(&self, message: &Inbound<'_>) -> anyhow::Result<()> {
        self.tell("inbound", message).await
    }

    /// Makes a member of LinkedIn known.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn know(&self, member: &Member<'_>) -> anyhow::Result<()> {
        self.tell("member", member).await
    }

    /// How many calls at a provider failed so, ever.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn failed(&self, provider: &str, fault: Fault) -> anyhow::Result<u64> {
        let stats: Value = self.0.get("stats").await?;
        Ok(stats["faults"][provider][fault.as_str()]
            .as_u64()
            .unwrap_or(0))
    }

    /// How many calls it leaves without an answer right now.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn unanswered(&self) -> anyhow::Result<u64> {
        Ok(self.0.pending().await?.unanswered)
    }

    /// Posts the webhooks that are due; answers how many were taken.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn pump(&self) -> anyhow::Result<u64> {
        self.0.pump().await
    }

    /// What it accepted for a tenant, in order.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ledger(&self, tenant: &TenantId) -> anyhow::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = self.0.get("ledger").await?;
        entries.retain(|entry| entry.touch().is_some_and(|touch| touch.tenant == *tenant));
        Ok(entries)
    }

    async fn tell(&self, page: &str, body: &(impl Serialize + Sync)) -> anyhow::Result<()> {
        let _: Value = self.0.post(page, body).await?;
        Ok(())
    }
}
