//! Webhooks: is a request genuine ([`verify`]), and what does it say ([`parse`]).
//!
//! Both are pure: bytes and `now` in, an answer out. They never panic, whatever the bytes, and know nothing of tenants,
//! tables or queues. Limits: HOOK-2.

mod calcom;
mod calendly;
pub(crate) mod clicksend;
mod dsn;
mod error;
mod fields;
mod keyed;
mod mime;
mod request;
pub(crate) mod resend;
mod salesforge;
mod ses;
mod signalhouse;
pub mod sns;
mod stamp;
mod stripe;
pub(crate) mod twilio;
pub(crate) mod unipile;
mod vapi;

use chrono::{DateTime, Utc};
use touchline_domain::events::{EventKind, Provider, ProviderEvent};

pub use error::{ParseError, VerifyError};
pub use request::{Request, Secrets};
pub use sns::{CertHosts, SnsCertificates};

/// Bodies above this are refused, in bytes (HOOK-2).
pub const BODY_MAX_BYTES: usize = 256 * 1024;

/// Whether `request` comes from `provider`: its signature fits one of `secrets` and, where the provider signs a
/// time, that time is within five minutes of `now` (HOOK-2).
///
/// For Amazon SES the secret is the certificate that the message names; see [`SnsCertificates`].
///
/// # Errors
/// [`VerifyError`], each with a code; all of them mean 401.
pub fn verify(
    provider: Provider,
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    verify_trusting(provider, request, secrets, now, &CertHosts::aws())
}

/// [`verify`] with a choice of the hosts whose certificates sign SNS messages, for the local stage.
///
/// # Errors
/// As [`verify`].
pub fn verify_trusting(
    provider: Provider,
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
    hosts: &CertHosts,
) -> Result<(), VerifyError> {
    match provider {
        Provider::Twilio => twilio::verify(request, secrets),
        Provider::Clicksend | Provider::Apollo => path_token(request, secrets),
        Provider::Signalhouse => signalhouse::verify(request, secrets, now),
        Provider::Salesforge => salesforge::verify(request, secrets, now),
        Provider::Resend => resend::verify(request, secrets, now),
        Provider::Ses => sns::verify(request, secrets, hosts),
        Provider::Unipile => unipile::verify(request, secrets),
        Provider::Vapi => vapi::verify(request, secrets, now),
        Provider::Stripe => stripe::verify(request, secrets, now),
        Provider::Calcom => calcom::verify(request, secrets),
        Provider::Calendly => calendly::verify(request, secrets, now),
        Provider::Dncr => Err(VerifyError::NoWebhooks("dncr")),
    }
}

/// What a verified `request` says, in one vocabulary. `received_at` stands in where the provider gives no time.
///
/// # Errors
/// [`ParseError`], naming field and value: 400, and the request is kept.
pub fn parse(
    provider: Provider,
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    match provider {
        Provider::Twilio => twilio::parse(request, received_at),
        Provider::Clicksend => clicksend::parse(request, received_at),
        Provider::Signalhouse => signalhouse::parse(request, received_at),
        Provider::Salesforge => salesforge::parse(request, received_at),
        Provider::Resend => resend::parse(request, received_at),
        Provider::Ses => ses::parse(request, received_at),
        Provider::Unipile => unipile::parse(request, received_at),
        Provider::Vapi => vapi::parse(request, received_at),
        Provider::Stripe => stripe::parse(request, received_at),
        Provider::Calcom => calcom::parse(request, received_at),
        Provider::Calendly => calendly::parse(request, received_at),
        Provider::Apollo => apollo(request, received_at),
        Provider::Dncr => Err(ParseError::new("no_webhooks", "provider", "dncr")),
    }
}

/// For providers that sign nothing: the last part of `/hooks/{provider}/{token}` is the secret (HOOK-1).
fn path_token(request: &Request<'_>, secrets: &Secrets) -> Result<(), VerifyError> {
    const FIELD: &str = "URL token";
    let path = request.path();
    let token = path
        .split_once("/hooks/")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map(|(_, token)| token)
        .filter(|token| !token.is_empty())
        .ok_or(VerifyError::MissingSignature(FIELD))?;
    if secrets.any(|secret| keyed::same(secret, token)) {
        Ok(())
    } else {
        Err(VerifyError::BadSignature)
    }
}

/// Apollo's callback brings phone numbers that were asked for; enrichment fetches them, so it is only counted.
fn apollo(request: &Request<'_>, at: DateTime<Utc>) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let id = fields::Json(&body)
        .scalar("request_id")
        .ok_or_else(|| ParseError::missing("request_id"))?;
    Ok(vec![event(Provider::Apollo, id, at, ignored("enrichment"))])
}

/// An event without reference and message id, which the caller adds where it knows them.
fn event(
    provider: Provider,
    event_id: impl Into<String>,
    at: DateTime<Utc>,
    kind: EventKind,
) -> ProviderEvent {
    ProviderEvent {
        event_id: event_id.into(),
        provider,
        at,
        reference: None,
        provider_message_id: None,
        kind,
    }
}

fn ignored(name: impl Into<String>) -> EventKind {
    EventKind::Ignored { name: name.into() }
}
