//! What providers and recipients post to the public endpoint, signed with the local stack's own secrets.

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use touchline_domain::{
    channel::Channel,
    contact::Address,
    message::{UnsubscribeKey, UnsubscribeToken},
};
use touchline_stack::local;

use crate::{bed::Bed, cast::Cast};

/// An answer of the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The code in the body, if there is one.
    pub code: String,
}

/// Posts a body with headers to a path of the endpoint.
///
/// # Errors
/// The endpoint does not answer.
pub async fn post(
    bed: &Bed,
    path: &str,
    headers: &[(&str, String)],
    body: Vec<u8>,
) -> anyhow::Result<Answer> {
    let mut request = reqwest::Client::new().post(format!("{}{path}", bed.api()));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let answer = request.body(body).send().await?;
    let status = answer.status().as_u16();
    let document: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
    Ok(Answer {
        status,
        code: document["code"].as_str().unwrap_or_default().to_owned(),
    })
}

/// The headers with which Resend signs a body at a time.
///
/// # Errors
/// The local secret is none.
pub fn resend_signature(
    body: &[u8],
    at: DateTime<Utc>,
) -> anyhow::Result<[(&'static str, String); 3]> {
    let secret = local::secret_value("resend");
    let secret = secret["webhook_secret"]
        .as_str()
        .and_then(|text| text.strip_prefix("whsec_"));
    let key = STANDARD.decode(secret.context("Resend's secret")?)?;
    let (id, stamp) = ("msg_fault", at.timestamp().to_string());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key)?;
    mac.update(format!("{id}.{stamp}.").as_bytes());
    mac.update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    Ok([
        ("svix-id", id.to_owned()),
        ("svix-timestamp", stamp),
        ("svix-signature", format!("v1,{signature}")),
    ])
}

/// The path that a lead's unsubscribe link has, for the lead at this position (R27).
///
/// # Errors
/// There is no such lead, or it has no address.
pub fn unsubscribe_path(cast: &Cast, position: usize) -> anyhow::Result<String> {
    let lead = cast.leads.get(position).context("no such lead")?;
    let address = lead.email.clone().context("the lead has no e-mail")?;
    let secret = local::secret_value("unsubscribe");
    let key = secret["api_key"].as_str().context("the key of links")?;
    let token = UnsubscribeToken {
        tenant: cast.tenant.clone(),
        lead: lead.id.clone(),
        address: Address::Email(address).hash(),
        channel: Channel::Email,
    };
    Ok(format!(
        "/u/{}",
        token.seal(&UnsubscribeKey::new(key.as_bytes())?)
    ))
}
