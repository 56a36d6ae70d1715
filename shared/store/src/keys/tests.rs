//! No two tenants meet, nothing is found early, everything sorts as it should.

use proptest::prelude::*;
use touchline_domain::contact::{Address, EmailAddress};

use super::*;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn address_hash() -> AddressHash {
    Address::Email("ana@example.com".parse::<EmailAddress>().unwrap()).hash()
}

/// One of every key that holds data of a tenant.
fn tenant_keys(owner: &TenantId) -> Vec<Key> {
    let id = LeadId::derive(owner, "ana@example.com");
    let campaign_id: CampaignId = "c1".parse().unwrap();
    let upload_id: UploadId = "u1".parse().unwrap();
    let touch_id = TouchId::derive(owner, &id, &campaign_id, "0", 0);
    let (at, hash) = (time("2026-11-20T22:14:00Z"), address_hash());
    let date = at.date_naive();
    vec![
        profile(owner, &id),
        journey(owner, &id),
        touch(owner, &id, &touch_id),
        address_link(owner, &hash),
        key(listing_of(owner, &id), ""),
        tenant(owner),
        branding(owner),
        persona(owner, &"p1".parse().unwrap()),
        campaign(owner, &campaign_id),
        upload(owner, &upload_id),
        usage(owner, date, Channel::Sms),
        month_spend(owner, date),
        campaign_spend(owner, &campaign_id),
        tenant_resource(owner, ResourceKind::Mailbox, &"r1".parse().unwrap()),
        allocation(owner),
        suppression(owner, &hash),
        suppression_entry(Some(owner), &hash, "event-1"),
        message(owner, &id, at, "event-1"),
        task(owner, at, "t1"),
        call(owner, 1, at, "k1"),
        checkpoint(owner, &upload_id),
        poll_mark(Some(owner), Provider::Unipile, "messages", "seat-1"),
        enrichment(owner, "abc"),
        daily(Some(owner), "skip_traced", date),
    ]
}

fn platform_keys() -> Vec<Key> {
    let date = "2026-11-20".parse().unwrap();
    vec![
        switches(),
        tenant_entry(&"acme".parse().unwrap()),
        resource(ResourceKind::PhoneNumber, &"r1".parse().unwrap()),
        resource_address("+61412345678"),
        address(&address_hash()),
        suppression_entry(None, &address_hash(), "operator"),
        washed(date, &address_hash()),
        unmatched(date, "event-1"),
        watermark(3),
        poll_mark(None, Provider::Twilio, "inbound", ""),
        breaker(Provider::Resend),
        wash_batch("wash-1"),
        daily(None, "purchases", date),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariant_6_two_tenants_share_no_partition_and_neither_meets_the_platform(
        one in "[a-z0-9][a-z0-9_-]{1,20}",
        two in "[a-z0-9][a-z0-9_-]{1,20}",
    ) {
        prop_assume!(one != two);
        let (one, two): (TenantId, TenantId) = (one.parse().unwrap(), two.parse().unwrap());
        let prefix = format!("{one}#");
        for key in tenant_keys(&one) {
            prop_assert!(key.pk.starts_with(&prefix), "{key:?}");
        }
        for key in tenant_keys(&two).into_iter().chain(platform_keys()) {
            prop_assert!(!key.pk.starts_with(&prefix), "{key:?}");
        }
    }
}

#[test]
fn every_kind_of_item_has_a_key_of_its_own() {
    let mut keys = tenant_keys(&"acme".parse().unwrap());
    keys.extend(platform_keys());
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all);
}

#[test]
fn a_tenant_named_like_a_platform_partition_does_not_reach_it() {
    for name in [
        "platform", "pool", "address", "suplog", "enqueue", "breaker", "global",
    ] {
        let owner: TenantId = name.parse().unwrap();
        for key in tenant_keys(&owner) {
            assert!(
                !platform_keys().iter().any(|known| known.pk == key.pk),
                "{key:?}"
            );
        }
    }
    assert!("_platform".parse::<TenantId>().is_err());
}

#[test]
fn a_lead_is_found_again_in_its_partition_key() {
    let owner: TenantId = "acme".parse().unwrap();
    let id = LeadId::derive(&owner, "ana@example.com");
    assert_eq!(parse_lead(&lead(&owner, &id)), Some((owner, id)));
    assert_eq!(parse_lead("acme#settings"), None);
}

#[test]
fn leads_spread_over_all_shards_of_the_due_index() {
    let owner: TenantId = "acme".parse().unwrap();
    let mut counts = [0_u32; DUE_SHARDS as usize];
    for n in 0..4_800 {
        let shard: usize = due_shard(&LeadId::derive(&owner, &n.to_string()))
            .parse()
            .unwrap();
        counts[shard] += 1;
    }
    assert!(
        counts.iter().all(|count| (200..=400).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn a_due_time_is_never_found_early_nor_missed() {
    let due = time("2026-11-20T22:14:00.250Z");
    assert_eq!(due_at(due), "2026-11-20T22:14:01Z");
    assert!(due_at(due) > due_bound(time("2026-11-20T22:14:00.900Z")));
    assert!(due_at(due) <= due_bound(time("2026-11-20T22:14:01Z")));
    let whole = time("2026-11-20T22:14:00Z");
    assert_eq!(due_at(whole), due_bound(whole));
}

#[test]
fn call_1_the_most_urgent_and_oldest_call_sorts_first() {
    let owner: TenantId = "acme".parse().unwrap();
    let (early, late) = (time("2026-11-20T22:14:00Z"), time("2026-11-20T22:14:00.5Z"));
    let mut sks = [
        call(&owner, 10, early, "a").sk,
        call(&owner, 2, late, "b").sk,
        call(&owner, 2, early, "c").sk,
    ];
    sks.sort();
    assert!(sks[0].starts_with("002#2026-11-20T22:14:00.000000Z"));
    assert!(sks[2].starts_with("010#"));
}
