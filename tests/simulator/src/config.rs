//! What the simulator can be told: where webhooks go, how leads behave, how often providers fail, and the secrets
//! that webhooks are signed with.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::wire::Wire;

/// Settings at the start.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Where webhooks are posted, without `/hooks`.
    pub hook_base: String,
    /// What Twilio signs in place of `hook_base`, if the two differ.
    pub public_url: Option<String>,
    /// What decides everything that leads and providers do.
    pub seed: u64,
    /// File with the offset of virtual time, in seconds.
    pub clock_file: Option<PathBuf>,
    /// File that keeps the ledger and what is due over a restart.
    pub state_file: Option<PathBuf>,
    /// How often to post what is due, in milliseconds; `None` waits for `/_sim/pump`.
    pub pump_ms: Option<u64>,
    /// Whether mail tells only what operators are to subscribe to: not what was sent, opened or clicked.
    pub fewer_webhooks: bool,
    /// How leads behave and how often providers fail.
    pub rates: Rates,
    /// Webhook secrets by provider, where they differ from the local stack's.
    pub secrets: BTreeMap<Wire, String>,
}

/// How often things happen, each from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Addresses that do not exist.
    pub dead: f64,
    /// Messages delayed or failed for a temporary cause.
    pub soft: f64,
    /// Messages refused for the sender's reputation.
    pub policy: f64,
    /// Delivered mails that are reported as spam.
    pub complaint: f64,
    /// Delivered mails that are opened.
    pub open: f64,
    /// Opened mails in which a link is followed.
    pub click: f64,
    /// Delivered messages that are answered by a person.
    pub reply: f64,
    /// Delivered mails that are answered by a machine.
    pub auto_reply: f64,
    /// Numbers on the Do Not Call Register.
    pub listed: f64,
    /// Numbers that the register calls invalid.
    pub invalid: f64,
    /// People that Apollo does not know.
    pub stranger: f64,
    /// Calls answered with 429.
    pub rate_limit: f64,
    /// Calls answered with 500.
    pub server_error: f64,
    /// Calls answered with 502.
    pub bad_gateway: f64,
    /// Calls that are never answered.
    pub time_out: f64,
    /// Calls that are accepted and whose answer is lost.
    pub drop_after_accept: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            dead: 0.02,
            soft: 0.015,
            policy: 0.002,
            complaint: 0.001,
            open: 0.3,
            click: 0.1,
            reply: 0.12,
            auto_reply: 0.03,
            listed: 0.04,
            invalid: 0.01,
            stranger: 0.1,
            rate_limit: 0.01,
            server_error: 0.01,
            bad_gateway: 0.002,
            time_out: 0.001,
            drop_after_accept: 0.002,
        }
    }
}

impl Rates {
    /// Everything is delivered, nobody answers, no provider fails.
    #[must_use]
    pub fn quiet() -> Self {
        Self {
            dead: 0.0,
            soft: 0.0,
            policy: 0.0,
            complaint: 0.0,
            open: 0.0,
            click: 0.0,
            reply: 0.0,
            auto_reply: 0.0,
            listed: 0.0,
            invalid: 0.0,
            stranger: 0.0,
            rate_limit: 0.0,
            server_error: 0.0,
            bad_gateway: 0.0,
            time_out: 0.0,
            drop_after_accept: 0.0,
        }
    }
}

/// The webhook secret that a local stack has for a provider: the same on both sides without being typed.
pub(crate) fn local_secret(wire: Wire) -> String {
    let derived = |purpose: &str| {
        let text = format!("touchline local {} {purpose}", wire.as_str());
        hex::encode(Sha256::digest(text))
    };
    match wire {
        Wire::Twilio => derived("api key"),
        _ => format!("whsec_{}", derived("webhook")),
    }
}
