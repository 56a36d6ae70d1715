//! The key under which an address is suppressed: it finds the address again and does not reveal it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::AddressKind;

/// Length of a SHA-256 digest in bytes.
const DIGEST_BYTES: usize = 32;

/// The SHA-256 of an address's kind and normalised form, as 64 lower-case hexadecimal characters (SUP-1, R36).
///
/// The kind is part of it, so that a phone number and a `LinkedIn` id of the same spelling stay apart.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AddressHash(Box<str>);

/// The text is not 64 lower-case hexadecimal characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{0}' is not an address hash: 64 of 0-9 and a-f")]
pub struct AddressHashError(String);

impl AddressHash {
    /// The hash of an address that is already normalised.
    #[must_use]
    pub(super) fn of(kind: AddressKind, normalised: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(kind.as_str())
            .chain_update(":")
            .chain_update(normalised)
            .finalize();
        Self(hex::encode(digest).into())
    }

    /// The 64 hexadecimal characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest itself.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; DIGEST_BYTES] {
        let mut bytes = [0; DIGEST_BYTES];
        // Every constructor admits exactly 64 hexadecimal characters, so decoding fills the array.
        let _ = hex::decode_to_slice(self.0.as_bytes(), &mut bytes);
        bytes
    }

    /// The hash whose digest is `bytes`.
    #[must_use]
    pub fn from_bytes(bytes: [u8; DIGEST_BYTES]) -> Self {
        Self(hex::encode(bytes).into())
    }
}

impl FromStr for AddressHash {
    type Err = AddressHashError;

    fn from_str(text: &str) -> Result<Self, AddressHashError> {
        let valid = text.len() == 2 * DIGEST_BYTES
            && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if valid {
            Ok(Self(text.into()))
        } else {
            Err(AddressHashError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for AddressHash {
    type Error = AddressHashError;

    fn try_from(text: String) -> Result<Self, AddressHashError> {
        text.parse()
    }
}

impl From<AddressHash> for String {
    fn from(hash: AddressHash) -> Self {
        hash.0.into()
    }
}

impl fmt::Display for AddressHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AddressHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
