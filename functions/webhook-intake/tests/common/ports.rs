//! Ports that count their writes, and keys that are held in memory.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use touchline_domain::{
    channel::Channel,
    contact::{Address, AddressHash, EmailAddress},
    events::Provider,
    ids::{LeadId, TenantId},
    message::{UnsubscribeKey, UnsubscribeToken},
    sending::suppression::{Superseded, Suppression},
};
use touchline_engine::{
    intake::IntakePorts,
    job::EventJob,
    ports::{PortError, Suppressions},
};
use touchline_providers::webhook::{CertHosts, Request, Secrets};
use webhook_intake::trust::Keys;

use super::{genuine::SNS_CERTIFICATE, signing};

/// Counts what would be written.
#[derive(Debug, Default)]
pub struct Counted(AtomicU64);

impl Counted {
    /// Writes so far.
    pub fn writes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn write(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl IntakePorts for Counted {
    async fn keep_raw(
        &self,
        _: Option<&TenantId>,
        _: Provider,
        _: NaiveDate,
        name: &str,
        _: &[u8],
    ) -> Result<String, PortError> {
        self.write();
        Ok(name.to_owned())
    }

    async fn queue_event(&self, _: &EventJob) -> Result<(), PortError> {
        self.write();
        Ok(())
    }
}

impl Suppressions for Counted {
    async fn suppress(
        &self,
        _: &TenantId,
        _: &AddressHash,
        _: &Suppression,
    ) -> Result<(), PortError> {
        self.write();
        Ok(())
    }

    async fn restore(
        &self,
        _: &TenantId,
        _: &AddressHash,
        _: &Superseded,
    ) -> Result<(), PortError> {
        self.write();
        Ok(())
    }
}

/// An unsubscribe token that is not ours: sealed with another key.
pub fn strange_token() -> String {
    let tenant: TenantId = "acme".parse().unwrap();
    let address: EmailAddress = "ana@redgum.example".parse().unwrap();
    UnsubscribeToken {
        lead: LeadId::derive(&tenant, "ana@redgum.example"),
        tenant,
        address: Address::Email(address).hash(),
        channel: Channel::Email,
    }
    .seal(&UnsubscribeKey::new(&[8; 32]).unwrap())
}

/// Keys in memory.
pub struct Held {
    secret: &'static str,
    hosts: CertHosts,
}

impl Held {
    /// The secret that [`signing::sign`] signs with.
    pub fn known() -> Self {
        Self {
            secret: signing::SECRET,
            hosts: CertHosts::aws(),
        }
    }

    /// A secret that signed nothing.
    pub fn others() -> Self {
        Self {
            secret: "whsec_bm9ib2R5IHNpZ25lZCB3aXRoIHRoaXM=",
            hosts: CertHosts::aws(),
        }
    }
}

impl Keys for Held {
    fn hosts(&self) -> &CertHosts {
        &self.hosts
    }

    async fn signing(&self, provider: Provider, _: &Request<'_>) -> Option<Secrets> {
        Some(Secrets::one(match provider {
            Provider::Ses => SNS_CERTIFICATE,
            _ => self.secret,
        }))
    }

    async fn confirm(&self, _: Provider, _: &Request<'_>) {}

    async fn unsubscribe_keys(&self) -> Result<Vec<UnsubscribeKey>, PortError> {
        Ok(vec![UnsubscribeKey::new(&[7; 32]).expect("a key")])
    }
}
