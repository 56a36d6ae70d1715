//! Identifiers as types. A bare string is never an id, and no id can break a key: the characters that
//! separate key parts (`#`, `/`, `.`) are refused when an id is parsed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not the id that was asked for.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{value}' is not a {kind} id: {rule}")]
pub struct IdError {
    /// The kind of id that was expected, for example `tenant`.
    pub kind: &'static str,
    /// The text that was given.
    pub value: String,
    /// The rule that it breaks.
    pub rule: &'static str,
}

const SLUG_RULE: &str = "2 to 48 of a-z, 0-9, - and _, starting with a letter or digit";

fn is_slug(text: &str) -> bool {
    (2..=48).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        && text.as_bytes()[0].is_ascii_alphanumeric()
}

/// The 26 Crockford base-32 characters that carry the first 130 bits of a SHA-256 over length-prefixed parts.
/// Length prefixes keep ("ab", "c") apart from ("a", "bc").
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    (0..26)
        .map(|i| {
            let bit = i * 5;
            let pair = u16::from_be_bytes([digest[bit / 8], digest[bit / 8 + 1]]);
            char::from(ALPHABET[usize::from(pair >> (11 - bit % 8)) & 31])
        })
        .collect()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:expr, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdError { kind: $kind, value: text.to_owned(), rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_derived(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|body| {
        body.len() == 26
            && body
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

id!(
    /// One client company. It begins every partition key of its data (TEN-1).
    TenantId, "tenant", SLUG_RULE, is_slug
);
id!(
    /// A target group plus a sequence, owned by one tenant.
    CampaignId, "campaign", SLUG_RULE, is_slug
);
id!(
    /// Something that sends: an e-mail domain, a mailbox, a phone number, a LinkedIn seat.
    ResourceId, "resource", SLUG_RULE, is_slug
);
id!(
    /// A sender identity of a tenant.
    PersonaId, "persona", SLUG_RULE, is_slug
);
id!(
    /// One uploaded file of leads.
    UploadId, "upload", SLUG_RULE, is_slug
);
id!(
    /// One person at one company. Derived from the tenant and the normalised primary address, so the same
    /// person imported twice is the same lead (HUB-3).
    LeadId, "lead", "lead_ and 26 of a-z and 0-9", |text| is_derived(text, "lead_")
);
id!(
    /// One step carried out, or deliberately not, for one enrolment. Derived, so that a redelivered message
    /// names the same touch (SEND-1).
    TouchId, "touch", "touch_ and 26 of a-z and 0-9", |text| is_derived(text, "touch_")
);

impl LeadId {
    /// The id of the lead whom `tenant` reaches at `primary_address` (already normalised).
    #[must_use]
    pub fn derive(tenant: &TenantId, primary_address: &str) -> Self {
        Self(format!("lead_{}", fingerprint(&[tenant.as_str(), primary_address])).into())
    }
}

impl TouchId {
    /// The id of one attempt at one step of one lead's enrolment in one campaign.
    #[must_use]
    pub fn derive(
        tenant: &TenantId,
        lead: &LeadId,
        campaign: &CampaignId,
        step: &str,
        attempt: u32,
    ) -> Self {
        let attempt = attempt.to_string();
        let parts = [
            tenant.as_str(),
            lead.as_str(),
            campaign.as_str(),
            step,
            &attempt,
        ];
        Self(format!("touch_{}", fingerprint(&parts)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_refuses_the_characters_that_separate_keys() {
        for text in [
            "", "a", "acme#1", "acme/1", "acme.1", "Acme", "-acme", "a b",
        ] {
            assert!(text.parse::<TenantId>().is_err(), "{text}");
        }
        assert!("acme-1".parse::<TenantId>().is_ok());
    }

    #[test]
    fn a_derived_id_is_the_same_twice_and_different_for_shifted_parts() {
        let (a, b): (TenantId, TenantId) = ("acme".parse().unwrap(), "acmex".parse().unwrap());
        assert_eq!(LeadId::derive(&a, "x@y.io"), LeadId::derive(&a, "x@y.io"));
        assert_ne!(LeadId::derive(&a, "xy@y.io"), LeadId::derive(&b, "y@y.io"));
        let id = LeadId::derive(&a, "x@y.io");
        assert_eq!(id.as_str().parse::<LeadId>().unwrap(), id);
    }
}
