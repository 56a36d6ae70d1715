//! Unsubscribe links (RFC 8058, R9, R26, R27): a sealed token that names tenant, lead and address.
//! A token never expires; one that was altered in any character is refused, and nothing is read from it.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use strum::IntoEnumIterator;

use super::link::WebLink;
use crate::{
    channel::Channel,
    contact::{AddressHash, EmailAddress},
    ids::{LeadId, TenantId},
};

/// Value of `List-Unsubscribe-Post` (R26).
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
/// Fewest bytes in a key: the length of the digest that it seals with.
pub const KEY_MIN_BYTES: usize = 32;

/// Says which format follows, so that a later one can stand beside the tokens already in mailboxes.
const VERSION: u8 = 1;
/// Keeps a seal made for another purpose with the same key from passing as one of these.
const CONTEXT: &[u8] = b"touchline/unsubscribe/1";
const MAC_BYTES: usize = 32;
const HASH_BYTES: usize = 32;
/// Characters of a lead id behind its prefix.
const LEAD_BYTES: usize = 26;
const LEAD_PREFIX: &str = "lead_";

/// A secret that seals tokens. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct UnsubscribeKey(Vec<u8>);

/// The secret is too short to seal with.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone, Copy)]
#[error("unsubscribe key has {0} bytes, fewer than {KEY_MIN_BYTES}")]
pub struct KeyTooShort(usize);

impl UnsubscribeKey {
    /// A key out of at least [`KEY_MIN_BYTES`] random bytes.
    ///
    /// # Errors
    /// [`KeyTooShort`].
    pub fn new(secret: &[u8]) -> Result<Self, KeyTooShort> {
        if secret.len() < KEY_MIN_BYTES {
            return Err(KeyTooShort(secret.len()));
        }
        Ok(Self(secret.to_vec()))
    }

    fn mac(&self, payload: &[u8]) -> Option<Hmac<Sha256>> {
        // A key of any length is accepted, so there always is one.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(CONTEXT);
        mac.update(payload);
        Some(mac)
    }
}

impl fmt::Debug for UnsubscribeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnsubscribeKey(***)")
    }
}

/// The lead who unsubscribes, and from what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsubscribeToken {
    /// The tenant whose messages end.
    pub tenant: TenantId,
    /// The lead who was written to.
    pub lead: LeadId,
    /// The suppression key of the address that was written to (SUP-1).
    pub address: AddressHash,
    /// The channel that the link was sent on.
    pub channel: Channel,
}

/// The token is not one of ours, or was altered. The reason is withheld, since a forger would learn from it.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone, Copy)]
#[error("unsubscribe token is not valid")]
pub struct InvalidToken;

impl UnsubscribeToken {
    /// The token as the last part of a link: base64url of the facts and their HMAC-SHA256.
    #[must_use]
    pub fn seal(&self, key: &UnsubscribeKey) -> String {
        let mut bytes = self.payload();
        if let Some(mac) = key.mac(&bytes) {
            bytes.extend_from_slice(&mac.finalize().into_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The token that one of `keys` sealed. Older keys stay in the list for as long as mail that carries
    /// their tokens may be opened, which is for ever (R9, R27).
    ///
    /// # Errors
    /// [`InvalidToken`] if it was altered, or sealed with another key.
    pub fn open(text: &str, keys: &[UnsubscribeKey]) -> Result<Self, InvalidToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidToken)?;
        let (payload, seal) = bytes
            .len()
            .checked_sub(MAC_BYTES)
            .map(|at| bytes.split_at(at))
            .ok_or(InvalidToken)?;
        let genuine = keys
            .iter()
            .filter_map(|key| key.mac(payload))
            .any(|mac| mac.verify_slice(seal).is_ok());
        if !genuine {
            return Err(InvalidToken);
        }
        Self::read(payload).ok_or(InvalidToken)
    }

    fn payload(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, channel_code(self.channel)];
        bytes.extend_from_slice(&self.address.to_bytes());
        bytes.extend_from_slice(&self.lead.as_str().as_bytes()[LEAD_PREFIX.len()..]);
        bytes.extend_from_slice(self.tenant.as_str().as_bytes());
        bytes
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let (&[version, channel], rest) = payload.split_first_chunk()?;
        let (&address, rest) = rest.split_first_chunk::<HASH_BYTES>()?;
        let (lead, tenant) = rest.split_first_chunk::<LEAD_BYTES>()?;
        let lead = format!("{LEAD_PREFIX}{}", std::str::from_utf8(lead).ok()?);
        (version == VERSION).then_some(())?;
        Some(Self {
            tenant: std::str::from_utf8(tenant).ok()?.parse().ok()?,
            lead: lead.parse().ok()?,
            address: AddressHash::from_bytes(address),
            channel: channel_of(channel)?,
        })
    }
}

/// The codes are in mail that has been sent: new ones are added, none is ever changed.
fn channel_code(channel: Channel) -> u8 {
    match channel {
        Channel::Email => 1,
        Channel::Sms => 2,
        Channel::Voice => 3,
        Channel::Linkedin => 4,
        Channel::Mail => 5,
    }
}

fn channel_of(code: u8) -> Option<Channel> {
    Channel::iter().find(|channel| channel_code(*channel) == code)
}

/// The unsubscribe links of one e-mail: a web address that also takes one-click posts, and optionally a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsubscribeLinks {
    /// Shown in the message and posted to by mail programs.
    pub page: WebLink,
    /// Takes opt-outs of programs that only write mail.
    pub mailbox: Option<EmailAddress>,
}

impl UnsubscribeLinks {
    /// The link of `sealed` (a [`UnsubscribeToken::seal`]) at the endpoint `base`.
    #[must_use]
    pub fn new(base: &WebLink, sealed: &str) -> Self {
        Self {
            page: base.child(sealed),
            mailbox: None,
        }
    }

    /// Value of `List-Unsubscribe`: one web address, and the mailbox behind it if there is one (R26).
    #[must_use]
    pub fn header(&self) -> String {
        match &self.mailbox {
            None => format!("<{}>", self.page),
            Some(mailbox) => format!(
                "<{}>, <mailto:{}?subject=unsubscribe>",
                self.page,
                mailbox.as_str()
            ),
        }
    }
}
