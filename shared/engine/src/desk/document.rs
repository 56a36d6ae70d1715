//! Things that people edit, each kept under a version. A write names the version that it was made from, so two people at
//! once do not undo each other: the later one's act is made again on what the earlier one left, or refused.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use touchline_domain::{
    ids::{CampaignId, LeadId, PersonaId, TenantId},
    inbox::Conversation,
    message::{Branding, Persona},
    sending::{campaign::Campaign, tenant::Tenant},
};

use super::{Actor, Change, Changed};
use crate::ports::{PortError, Saved};

/// Others who write the same thing at the same moment make an act read again this often.
const TRIES: usize = 8;

/// A thing that people edit.
pub trait Document: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync {
    /// What names it within its tenant.
    type Id: Sync;
}

impl Document for Tenant {
    type Id = ();
}

impl Document for Branding {
    type Id = ();
}

impl Document for Persona {
    type Id = PersonaId;
}

impl Document for Campaign {
    type Id = CampaignId;
}

impl Document for Conversation {
    type Id = LeadId;
}

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Versioned<T> {
    /// Counts the writes. An item that was written before there were versions has 0.
    pub version: u64,
    /// The document.
    #[serde(flatten)]
    pub value: T,
}

/// Where documents of one kind are kept.
pub trait Documents<T: Document>: Sync {
    /// What is stored, read consistently.
    fn read(
        &self,
        tenant: &TenantId,
        id: &T::Id,
    ) -> impl Future<Output = Result<Option<Versioned<T>>, PortError>> + Send;

    /// Writes `value` over the version `over`, as the version after it. Without one nothing may be there yet, and it
    /// becomes version 1.
    fn write(
        &self,
        tenant: &TenantId,
        id: &T::Id,
        value: &T,
        over: Option<u64>,
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;
}

/// Which document an act is about.
pub(super) struct Which<'a, T: Document> {
    pub tenant: &'a TenantId,
    pub id: &'a T::Id,
    /// The version that the caller decided on. Without one the act is made on whatever is there.
    pub seen: Option<u64>,
}

/// Makes a change on a document as it is now. `act` answers whether the document's state allows it.
pub(super) async fn change<T, P>(
    documents: &P,
    by: &Actor,
    which: Which<'_, T>,
    act: impl Fn(&mut T) -> bool + Send + Sync,
) -> Result<Changed<Versioned<T>>, PortError>
where
    T: Document,
    P: Documents<T>,
{
    let Which { tenant, id, seen } = which;
    let mut tries = 0;
    loop {
        let Some(before) = documents.read(tenant, id).await? else {
            return Ok(Changed::NoSuch);
        };
        if tries == TRIES || seen.is_some_and(|seen| seen != before.version) {
            return Ok(Changed::Contended(before));
        }
        let mut value = before.value.clone();
        if !act(&mut value) {
            return Ok(Changed::Refused(before));
        }
        if value == before.value {
            return Ok(Changed::Unchanged(before));
        }
        let over = Some(before.version);
        if documents.write(tenant, id, &value, over).await? == Saved::Written {
            let version = before.version + 1;
            return Ok(Changed::Changed(Change {
                by: by.clone(),
                before: Some(before),
                after: Versioned { version, value },
            }));
        }
        tries += 1;
    }
}

/// Writes a document that is not there yet; `None` when there is one.
pub(super) async fn create<T, P>(
    documents: &P,
    by: &Actor,
    tenant: &TenantId,
    id: &T::Id,
    value: T,
) -> Result<Option<Change<Versioned<T>>>, PortError>
where
    T: Document,
    P: Documents<T>,
{
    let saved = documents.write(tenant, id, &value, None).await?;
    Ok((saved == Saved::Written).then(|| Change {
        by: by.clone(),
        before: None,
        after: Versioned { version: 1, value },
    }))
}
