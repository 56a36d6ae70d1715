//! Providers that fail: by rate for everyone, or by rule for some calls. Whether a call fails is drawn from the
//! address and the number of the attempt, so it does not depend on what else is going on.

use serde::{Deserialize, Serialize};

use crate::{config::Rates, draw::Draw, wire::Wire};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429 with `Retry-After`.
    RateLimit,
    /// 401: the key was rotated, or the account is closed.
    KeyRefused,
    /// 500.
    ServerError,
    /// 502; not accepted.
    BadGateway,
    /// No answer; not accepted.
    TimeOut,
    /// Accepted; the connection closes without an answer.
    DropAfterAccept,
    /// Accepted; no answer for as long as the caller waits.
    HangAfterAccept,
}

/// Makes calls fail, until it is used up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// At which provider.
    pub provider: Wire,
    /// How.
    pub fault: Fault,
    /// How many calls; without it, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Which share of the calls; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Only for addresses that contain this.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
}

/// What happens to the call number `attempt` for `address`, if it fails.
pub(crate) fn decide(
    rules: &mut [FaultRule],
    rates: &Rates,
    wire: Wire,
    address: &str,
    mut draw: Draw,
) -> Option<Fault> {
    let unit = draw.unit();
    let rule = rules.iter_mut().find(|rule| {
        rule.provider == wire
            && rule.count != Some(0)
            && rule
                .matching
                .as_ref()
                .is_none_or(|part| address.contains(part.as_str()))
            && rule.rate.is_none_or(|rate| unit < rate)
    });
    if let Some(rule) = rule {
        rule.count = rule.count.map(|count| count - 1);
        return Some(rule.fault);
    }
    let table = [
        (Fault::RateLimit, rates.rate_limit),
        (Fault::ServerError, rates.server_error),
        (Fault::BadGateway, rates.bad_gateway),
        (Fault::TimeOut, rates.time_out),
        (Fault::DropAfterAccept, rates.drop_after_accept),
    ];
    let mut left = draw.unit();
    for (fault, rate) in table {
        if left < rate {
            return Some(fault);
        }
        left -= rate;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_its_provider_and_address_so_many_times() {
        let mut rules = vec![FaultRule {
            provider: Wire::Resend,
            fault: Fault::ServerError,
            count: Some(2),
            rate: None,
            matching: Some("ann".to_owned()),
        }];
        let mut ask = |wire, address| {
            let draw = Draw::of(1, &[address]);
            decide(&mut rules, &Rates::quiet(), wire, address, draw)
        };
        assert_eq!(ask(Wire::Resend, "bo@x.io"), None);
        assert_eq!(ask(Wire::Twilio, "ann@x.io"), None);
        assert_eq!(ask(Wire::Resend, "ann@x.io"), Some(Fault::ServerError));
        assert_eq!(ask(Wire::Resend, "ann@x.io"), Some(Fault::ServerError));
        assert_eq!(ask(Wire::Resend, "ann@x.io"), None);
    }
}
