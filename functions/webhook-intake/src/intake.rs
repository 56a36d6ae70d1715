//! The path of a webhook: verify, parse, keep the raw request, queue the events (HOOK-1, HOOK-2). No business logic.
//! Nothing that an unauthenticated caller sends causes a 5xx or a write to a tenant's data.

use chrono::{DateTime, Utc};
use touchline_domain::events::Provider;
use touchline_engine::{
    intake::{IntakePorts, Received, keep_and_queue, keep_unreadable},
    ports::PortError,
};
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
    /// We cannot take it now; the provider tries again: 503.
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
    let received = Received {
        provider,
        tenant: None,
        body: request.body,
        at: now,
    };
    let events = match parse(provider, request, now) {
        Ok(events) => events,
        Err(error) => {
            let kept = keep_unreadable(ports, &received).await;
            tracing::error!(
                provider = provider.as_str(),
                code = error.code,
                field = error.field,
                "webhook unparsable"
            );
            return match kept {
                Ok(()) => Answer::Unparsable {
                    code: error.code,
                    field: error.field,
                },
                Err(error) => try_again(&error),
            };
        }
    };
    match keep_and_queue(ports, &received, &events).await {
        Ok(()) => Answer::Accepted {
            events: events.len(),
        },
        Err(error) => try_again(&error),
    }
}

fn try_again(error: &PortError) -> Answer {
    tracing::error!(%error, "webhook cannot be kept now");
    Answer::TryAgain
}
