//! What people do, through the store: alone, one after the other, and two at once.

mod calls;
mod campaigns;
pub mod inbox;
mod interrupted;
mod pool;
mod suppression;
mod switches;
mod tenants;
mod uploads;

use touchline_domain::{message::Branding, sending::campaign::Campaign};
use touchline_engine::desk::{self, Actor, Changed, Created};
use touchline_store::tenants::Tenants;

use crate::samples;

pub fn branding() -> Branding {
    let stored = serde_json::json!({
        "company": "Acme",
        "postal_address": "1 Example Street, Sydney NSW 2000",
    });
    serde_json::from_value(stored).unwrap()
}

/// Somebody at the desk.
pub fn actor(name: &str) -> Actor {
    Actor::command(name)
}

/// A tenant that can be worked for.
pub async fn branded(tenants: &Tenants, name: &str) {
    let tenant = samples::tenant(name);
    let created = desk::tenants::create(tenants, &actor("ops"), tenant, Some(branding())).await;
    assert!(matches!(created.unwrap(), Created::Created(_)));
}

/// A tenant's campaign.
pub async fn running(tenants: &Tenants, campaign: &Campaign) {
    let created = desk::campaigns::create(tenants, &actor("ops"), campaign.clone()).await;
    assert!(matches!(created.unwrap(), Created::Created(_)));
}

/// What was changed.
pub fn changed<T: std::fmt::Debug>(outcome: Changed<T>) -> desk::Change<T> {
    match outcome {
        Changed::Changed(change) => change,
        other => panic!("nothing was changed: {other:?}"),
    }
}
