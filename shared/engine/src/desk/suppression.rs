//! Suppression by hand: nobody contacts an address any more (SUP-1). A record is never deleted.

use std::future::Future;

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::AddressHash,
    ids::TenantId,
    sending::{
        Reason,
        suppression::{Suppression, SuppressionScope},
    },
};

use super::{Actor, Change};
use crate::ports::{PortError, Suppressions};

/// Where suppressions can be looked up.
pub trait SuppressionRecords: Suppressions {
    /// The current record of an address for a tenant, read consistently; one that was lifted is a record, too.
    fn suppression(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
    ) -> impl Future<Output = Result<Option<Suppression>, PortError>> + Send;
}

/// The answer to suppressing an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// It is suppressed now.
    Suppressed(Change<Suppression>),
    /// It was before; that record stays, and the history has the new wish as well.
    Already(Suppression),
}

/// Suppresses an address for a tenant, on all its channels.
///
/// # Errors
/// A port is not available.
pub async fn suppress<P: SuppressionRecords>(
    register: &P,
    by: &Actor,
    tenant: &TenantId,
    address: &AddressHash,
    now: DateTime<Utc>,
) -> Result<Suppressed, PortError> {
    let record = Suppression {
        scope: SuppressionScope::Tenant,
        reason: Reason::Operator,
        at: now,
        actor: by.name.clone(),
        superseded: None,
    };
    let before = register.suppression(tenant, address).await?;
    // The write is conditional on what is there when it is made; what stands afterwards says whose record it was.
    register.suppress(tenant, address, &record).await?;
    match register.suppression(tenant, address).await? {
        Some(standing) if standing != record => Ok(Suppressed::Already(standing)),
        _ => Ok(Suppressed::Suppressed(Change {
            by: by.clone(),
            before,
            after: record,
        })),
    }
}
