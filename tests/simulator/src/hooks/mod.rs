//! Webhooks as each provider sends them: path, headers, body and signature.

pub(crate) mod clicksend;
pub(crate) mod mail;
pub(crate) mod resend;
mod ses;
pub(crate) mod sns;
pub(crate) mod twilio;
pub(crate) mod unipile;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::{
    draw::Draw,
    leads::Status,
    sim::{Due, Sim, Told},
    wire::Wire,
};

/// A request that is ready to be posted.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// The webhook for `due`, signed at virtual time `now`; `None` if the provider has none for this.
pub(crate) fn post(sim: &Sim, due: &Due, now: DateTime<Utc>) -> anyhow::Result<Option<Post>> {
    let settings = sim.settings();
    if settings.fewer_webhooks && is_idle(due) {
        return Ok(None);
    }
    match due.provider {
        Wire::Resend => resend::post(sim, &settings, due, now),
        Wire::Ses => ses::post(sim, &settings, due, now),
        Wire::Twilio => twilio::post(&settings, due),
        Wire::Clicksend => clicksend::post(&settings, due),
        Wire::Unipile => Ok(unipile::post(&settings, due)),
        Wire::Apollo | Wire::Dncr => Ok(None),
    }
}

/// Whether the webhook is one that the README has operators not subscribe to. Mail that left, was opened or was clicked
/// changes nothing, and each webhook costs as much as the touch itself.
fn is_idle(due: &Due) -> bool {
    matches!(due.provider, Wire::Resend | Wire::Ses)
        && matches!(
            due.told,
            Told::Status(_, Status::Sent | Status::Opened | Status::Clicked)
        )
}

/// An id for an inbound message, in the provider's form.
pub(crate) fn inbound_id(wire: Wire, draw: &mut Draw) -> String {
    match wire {
        Wire::Twilio => format!("SM{}", draw.hex(32)),
        Wire::Ses => draw.hex(40),
        _ => draw.uuid(),
    }
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key)?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key)?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A form body.
fn form(pairs: &[(&str, String)]) -> anyhow::Result<String> {
    Ok(serde_urlencoded::to_string(pairs)?)
}

/// `tenant`, `lead`, `touch` out of a token.
fn tags(token: Option<&str>) -> Vec<(&'static str, String)> {
    let parts = token.unwrap_or_default().split('.').map(str::to_owned);
    ["tenant", "lead", "touch"].into_iter().zip(parts).collect()
}
