//! The path of a webhook: verify, parse, keep the raw request, queue the events (HOOK-1, HOOK-2). No business logic.
//! Nothing that an unauthenticated caller sends causes a 5xx or a write to a tenant's data.

use chrono::{DateTime, Utc};
use touchline_domain::{
    events::{EventKind, Provider, ProviderEvent},
    ids::fingerprint,
};
use touchline_engine::{intake::IntakePorts, job::EventJob, ports::PortError};
use touchline_providers::webhook::{CertHosts, Request, Secrets, parse, verify_trusting};

/// How a webhook was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Taken: 2xx.
    Accepted {
        /// Events queued.
        events: usize,
    },
    /// Not proven to come from the provider: 401, with a code.
    Unauthorized(&'static str),
    /// Genuine and not understood: 400; it is kept.
    Unparsable {
        /// Code.
        code: &'static str,
        /// Field at fault.
        field: String,
    },
    /// We can not take it now; the provider tries again: 503.
    TryAgain,
}

/// Takes one webhook.
pub async fn take<P: IntakePorts>(
    ports: &P,
    provider: Provider,
    request: &Request<'_>,
    secrets: &Secrets,
    hosts: &CertHosts,
    now: DateTime<Utc>,
) -> Answer {
    if let Err(error) = verify_trusting(provider, request, secrets, now, hosts) {
        tracing::warn!(
            provider = provider.as_str(),
            code = error.code(),
            "webhook refused"
        );
        return Answer::Unauthorized(error.code());
    }
    let events = match parse(provider, request, now) {
        Ok(events) => events,
        Err(error) => {
            let name = format!(
                "unparsable-{}",
                fingerprint(&[&String::from_utf8_lossy(request.body)])
            );
            let kept = ports
                .keep_raw(None, provider, now.date_naive(), &name, request.body)
                .await;
            tracing::error!(
                provider = provider.as_str(),
                code = error.code,
                field = error.field,
                "webhook unparsable"
            );
            return match kept {
                Ok(_) => Answer::Unparsable {
                    code: error.code,
                    field: error.field,
                },
                Err(error) => try_again(&error),
            };
        }
    };
    match keep_and_queue(ports, provider, request, &events, now).await {
        Ok(()) => Answer::Accepted {
            events: events.len(),
        },
        Err(error) => try_again(&error),
    }
}

/// The raw request is kept before its events are queued, so that an event never points at nothing. A repetition finds
/// it kept and is queued again: its effect is recognised where it would happen (decision 0004).
async fn keep_and_queue<P: IntakePorts>(
    ports: &P,
    provider: Provider,
    request: &Request<'_>,
    events: &[ProviderEvent],
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    let tenant = events
        .iter()
        .find_map(|event| event.reference.as_ref().map(|r| r.tenant.clone()));
    let name = events
        .first()
        .map_or_else(String::new, |event| fingerprint(&[&event.event_id]));
    let raw_key = ports
        .keep_raw(
            tenant.as_ref(),
            provider,
            now.date_naive(),
            &name,
            request.body,
        )
        .await?;
    for event in events {
        if matches!(event.kind, EventKind::Ignored { .. }) {
            continue;
        }
        let job = EventJob::V1 {
            tenant: event.reference.as_ref().map(|r| r.tenant.clone()),
            raw_key: raw_key.clone(),
            received_at: now,
            event: event.clone(),
        };
        ports.queue_event(&job).await?;
    }
    Ok(())
}

fn try_again(error: &PortError) -> Answer {
    tracing::error!(%error, "webhook can not be kept now");
    Answer::TryAgain
}
