//! Why a webhook was turned away. Every error has a stable code; none carries a secret or a body.

/// Longest part of an offending value that is kept, in characters.
const KEPT: usize = 80;

/// The request is not proven to come from its provider: answer 401 (HOOK-2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Nothing to check: the signature, or the part of it named here, is absent.
    #[error("{0} is missing")]
    MissingSignature(&'static str),
    /// No accepted secret gives the signature that came.
    #[error("the signature does not match")]
    BadSignature,
    /// Signed, but more than five minutes away from now (HOOK-2).
    #[error("signed {0} s away from now, at most 300 s are accepted")]
    Stale(i64),
    /// The signature cannot be read.
    #[error("{field} is malformed: '{value}'")]
    Malformed {
        /// Header or field.
        field: &'static str,
        /// What it held, cut to 80 characters.
        value: String,
    },
    /// This provider sends no webhooks.
    #[error("{0} sends no webhooks")]
    NoWebhooks(&'static str),
}

impl VerifyError {
    /// The stable code: `missing_signature`, `bad_signature`, `stale`, `malformed` or `no_webhooks`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingSignature(_) => "missing_signature",
            Self::BadSignature => "bad_signature",
            Self::Stale(_) => "stale",
            Self::Malformed { .. } => "malformed",
            Self::NoWebhooks(_) => "no_webhooks",
        }
    }

    pub(super) fn malformed(field: &'static str, value: &str) -> Self {
        Self::Malformed {
            field,
            value: cut(value),
        }
    }
}

/// A verified request that is not what its provider documents: answer 400 and keep it (HOOK-2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: field {field} holds '{value}'")]
pub struct ParseError {
    /// `not_json`, `not_form`, `not_mime`, `missing_field`, `wrong_value` or `no_webhooks`.
    pub code: &'static str,
    /// The field at fault, as a dotted path.
    pub field: String,
    /// What it held, cut to 80 characters; empty when missing.
    pub value: String,
}

impl ParseError {
    pub(super) fn new(code: &'static str, field: &str, value: &str) -> Self {
        Self {
            code,
            field: field.to_owned(),
            value: cut(value),
        }
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::new("missing_field", field, "")
    }
}

fn cut(value: &str) -> String {
    value.chars().take(KEPT).collect()
}
