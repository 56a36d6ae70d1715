//! Stripe: JSON signed over time and body with the secret as written. Billing events pass on by their name.

use chrono::{DateTime, Utc};
use touchline_domain::events::{EventKind, Provider, ProviderEvent};

use super::{
    error::{ParseError, VerifyError},
    event,
    fields::{self, Json},
    request::{Request, Secrets},
    stamp::{Stamped, Unit, fresh},
};

const SIGNATURE: &str = "Stripe-Signature";

pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let header = request
        .header(SIGNATURE)
        .ok_or(VerifyError::MissingSignature(SIGNATURE))?;
    let stamped = Stamped::read(SIGNATURE, header)?;
    stamped.signs(secrets, &[stamped.time.as_bytes(), b".", request.body])?;
    fresh(SIGNATURE, stamped.time, Unit::Seconds, now)
}

pub(super) fn parse(
    request: &Request<'_>,
    received_at: DateTime<Utc>,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let body = fields::json(request.body)?;
    let json = Json(&body);
    let id = json.need("id")?;
    let name = json.need("type")?;
    let at = json
        .at("created")
        .and_then(|created| DateTime::from_timestamp(created.0.as_i64()?, 0))
        .unwrap_or(received_at);
    let customer = if json.text("data.object.object") == Some("customer") {
        json.text("data.object.id")
    } else {
        json.first(&["data.object.customer", "data.object.customer.id"])
    };
    let mut event = event(
        Provider::Stripe,
        id,
        at,
        EventKind::Billing {
            name: name.to_owned(),
            customer: customer.map(str::to_owned),
        },
    );
    event.provider_message_id = json.text("data.object.id").map(str::to_owned);
    Ok(vec![event])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990";

    fn check(header: &str, now: i64) -> Result<(), VerifyError> {
        let headers = [(SIGNATURE.to_owned(), header.to_owned())];
        let request = Request {
            method: "POST",
            url: "/hooks/stripe",
            headers: &headers,
            body: br#"{"id":"evt_test_webhook","object":"event"}"#,
        };
        let now = DateTime::from_timestamp(now, 0).unwrap();
        verify(&request, &Secrets::one("whsec_test_secret"), now)
    }

    #[test]
    fn the_vector_verifies_and_other_schemes_do_not_count() {
        let good = format!("t=1700000000,v1={TAG}");
        assert_eq!(check(&good, 1_700_000_000), Ok(()));
        assert_eq!(check(&format!("{good},v1=00,v0=11"), 1_700_000_300), Ok(()));
        let old_scheme = good.replace("v1=", "v0=");
        assert_eq!(
            check(&old_scheme, 1_700_000_000),
            Err(VerifyError::BadSignature)
        );
    }

    #[test]
    fn a_time_in_the_future_is_stale_although_the_vendor_lets_it_pass_hook_2() {
        let good = format!("t=1700000000,v1={TAG}");
        assert_eq!(check(&good, 1_699_999_699), Err(VerifyError::Stale(301)));
    }
}
