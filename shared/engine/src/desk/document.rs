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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// One branding into which a rival writes a website right after each of the next reads.
    struct Contested {
        stored: Mutex<Option<Versioned<Branding>>>,
        rivals: Mutex<usize>,
    }

    impl Contested {
        fn by(rivals: usize) -> Self {
            let branding = serde_json::from_value(serde_json::json!({
                "company": "Acme",
                "postal_address": "1 Example Street, Sydney NSW 2000",
            }));
            Self {
                stored: Mutex::new(Some(Versioned {
                    version: 0,
                    value: branding.unwrap(),
                })),
                rivals: Mutex::new(rivals),
            }
        }

        fn stored(&self) -> Versioned<Branding> {
            self.stored.lock().unwrap().clone().unwrap()
        }
    }

    impl Documents<Branding> for Contested {
        async fn read(
            &self,
            _: &TenantId,
            (): &(),
        ) -> Result<Option<Versioned<Branding>>, PortError> {
            let mut stored = self.stored.lock().unwrap();
            let read = stored.clone();
            let mut rivals = self.rivals.lock().unwrap();
            if let (Some(stored), 1..) = (stored.as_mut(), *rivals) {
                *rivals -= 1;
                stored.version += 1;
                let website = format!("https://site-{}.example", stored.version);
                stored.value.website = Some(website.parse().unwrap());
            }
            Ok(read)
        }

        async fn write(
            &self,
            _: &TenantId,
            (): &(),
            value: &Branding,
            over: Option<u64>,
        ) -> Result<Saved, PortError> {
            let mut stored = self.stored.lock().unwrap();
            if stored.as_ref().map(|stored| stored.version) != over {
                return Ok(Saved::Conflict);
            }
            *stored = Some(Versioned {
                version: over.map_or(1, |version| version + 1),
                value: value.clone(),
            });
            Ok(Saved::Written)
        }
    }

    async fn renamed(documents: &Contested, seen: Option<u64>) -> Changed<Versioned<Branding>> {
        let tenant = "acme".parse().unwrap();
        let which = Which {
            tenant: &tenant,
            id: &(),
            seen,
        };
        let ana = Actor::command("ana");
        let renamed = change(documents, &ana, which, |branding: &mut Branding| {
            branding.company = "Acme Two".parse().unwrap();
            true
        });
        renamed.await.unwrap()
    }

    #[tokio::test]
    async fn an_act_is_made_again_on_what_others_wrote_meanwhile() {
        let documents = Contested::by(3);
        let Changed::Changed(change) = renamed(&documents, None).await else {
            panic!("it gets through");
        };
        let stored = documents.stored();
        assert_eq!((stored.version, &stored), (4, &change.after));
        assert_eq!(stored.value.company.as_str(), "Acme Two");
        assert_eq!(stored.value.website, change.before.unwrap().value.website);
    }

    #[tokio::test]
    async fn an_act_that_never_gets_through_answers_what_is_there() {
        let documents = Contested::by(TRIES + 5);
        let Changed::Contended(found) = renamed(&documents, None).await else {
            panic!("somebody else is always faster");
        };
        assert_eq!(found.value.company.as_str(), "Acme");
        assert_eq!(found.version, u64::try_from(TRIES).unwrap());
    }

    #[tokio::test]
    async fn an_act_on_a_version_that_is_gone_is_not_made() {
        let documents = Contested::by(0);
        assert!(matches!(
            renamed(&documents, Some(0)).await,
            Changed::Changed(_)
        ));
        let late = renamed(&documents, Some(0)).await;
        assert_eq!(late, Changed::Contended(documents.stored()));
        let again = renamed(&documents, Some(1)).await;
        assert_eq!(again, Changed::Unchanged(documents.stored()));
        *documents.stored.lock().unwrap() = None;
        assert_eq!(renamed(&documents, Some(1)).await, Changed::NoSuch);
    }
}
