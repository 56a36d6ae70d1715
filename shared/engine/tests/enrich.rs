//! Which leads a provider is asked about (ENR-1).

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use touchline_domain::{
    ids::{LeadId, TenantId},
    sending::lead::Lead,
};
use touchline_engine::enrich::is_identifiable;

fn lead(fields: &Value) -> Lead {
    let tenant: TenantId = "acme".parse().unwrap();
    let mut lead = json!({
        "id": LeadId::derive(&tenant, "ann@example.com"),
        "tenant": tenant,
        "created_at": "2026-07-06T00:00:00Z",
    });
    let known = fields.as_object().unwrap().clone();
    lead.as_object_mut().unwrap().extend(known);
    serde_json::from_value(lead).unwrap()
}

#[test]
fn enr_1_a_name_alone_is_not_enough_to_search_with() {
    for too_little in [
        json!({}),
        json!({"first_name": "Ann", "last_name": "Lee"}),
        json!({"first_name": "Ann", "company": "Acme", "domain": "example.com"}),
        json!({"phone": "+61412345678"}),
    ] {
        assert!(!is_identifiable(&lead(&too_little)), "{too_little}");
    }
    for enough in [
        json!({"email": "ann@example.com"}),
        json!({"linkedin": "ann-lee"}),
        json!({"first_name": "Ann", "last_name": "Lee", "company": "Acme"}),
        json!({"first_name": "Ann", "last_name": "Lee", "domain": "example.com"}),
    ] {
        assert!(is_identifiable(&lead(&enough)), "{enough}");
    }
}
