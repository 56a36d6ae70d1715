//! Signatures that carry their own time: `t=<time>,v1=<hex>`. Refuses what is more than five minutes off.

use chrono::{DateTime, Utc};

use super::{
    error::VerifyError,
    keyed::{self, Hash},
    request::Secrets,
};

/// Furthest that a signed time may be from now, in seconds, in either direction (HOOK-2).
pub(super) const TOLERANCE_SECONDS: i64 = 300;

/// In what unit a provider writes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

/// Refuses a signed time that is not within five minutes of `now` (HOOK-2).
pub(super) fn fresh(
    field: &'static str,
    text: &str,
    unit: Unit,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = match text.parse() {
        Ok(number) if plain => number,
        _ => return Err(VerifyError::malformed(field, text)),
    };
    let (now, tolerance) = match unit {
        Unit::Seconds => (now.timestamp(), TOLERANCE_SECONDS),
        Unit::Milliseconds => (now.timestamp_millis(), TOLERANCE_SECONDS * 1000),
    };
    let apart = now.saturating_sub(number).saturating_abs();
    if apart <= tolerance {
        Ok(())
    } else {
        let seconds = if unit == Unit::Seconds {
            apart
        } else {
            apart / 1000
        };
        Err(VerifyError::Stale(seconds))
    }
}

/// A header such as `t=1700000000,v1=ab..,v1=cd..`; entries of other schemes are ignored.
pub(super) struct Stamped<'a> {
    /// The time, as written.
    pub time: &'a str,
    signatures: Vec<&'a str>,
}

impl<'a> Stamped<'a> {
    /// Reads the header `name`, whose value is `text`.
    pub fn read(name: &'static str, text: &'a str) -> Result<Self, VerifyError> {
        let malformed = || VerifyError::malformed(name, text);
        let mut time = None;
        let mut signatures = Vec::new();
        for entry in text.split(',') {
            match entry.split_once('=').ok_or_else(malformed)? {
                // Two times would leave open which of them was checked.
                ("t", _) if time.is_some() => return Err(malformed()),
                ("t", value) => time = Some(value),
                ("v1", value) => signatures.push(value),
                _ => {}
            }
        }
        let time = time.ok_or_else(malformed)?;
        Ok(Self { time, signatures })
    }

    /// Whether a secret signs `parts` with one of the signatures (HMAC-SHA256, hex, secret as literal text).
    pub fn signs(&self, secrets: &Secrets, parts: &[&[u8]]) -> Result<(), VerifyError> {
        let signed = secrets.any(|secret| {
            let expected = keyed::hex(&keyed::hmac(Hash::Sha256, secret.as_bytes(), parts));
            self.signatures
                .iter()
                .any(|given| keyed::same(&expected, given))
        });
        if signed {
            Ok(())
        } else {
            Err(VerifyError::BadSignature)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_fresh_in_both_directions_and_a_second_more_is_not_hook_2() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let check = |offset: i64| {
            let text = (1_700_000_000 + offset).to_string();
            fresh("t", &text, Unit::Seconds, now)
        };
        assert!(check(-300).is_ok() && check(300).is_ok());
        assert_eq!(check(-301), Err(VerifyError::Stale(301)));
        assert_eq!(check(301), Err(VerifyError::Stale(301)));
        assert!(fresh("t", "1700000000123", Unit::Milliseconds, now).is_ok());
    }

    #[test]
    fn a_time_that_is_no_plain_number_is_malformed() {
        for text in ["", "+1", "-1", "1.5", "99999999999999999999", " 1"] {
            let code = fresh("t", text, Unit::Seconds, DateTime::UNIX_EPOCH)
                .unwrap_err()
                .code();
            assert_eq!(code, "malformed", "{text}");
        }
        assert!(Stamped::read("h", "t=1,t=2,v1=ab").is_err());
        assert!(Stamped::read("h", "v1=ab").is_err());
        assert!(Stamped::read("h", "nonsense").is_err());
    }
}
