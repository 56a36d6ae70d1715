//! Many leads at once.

use touchline_domain::{contact::Address, ids::LeadId, sending::lead::Lead};
use touchline_store::keys::LIST_SHARDS;

use crate::{
    samples::{lead, tenant_id},
    schema::Stack,
};

fn hash(lead: &Lead) -> touchline_domain::contact::AddressHash {
    Address::Email(lead.email.clone().unwrap()).hash()
}

#[tokio::test]
async fn hub_3_the_same_upload_again_writes_the_same_leads() {
    let stack = Stack::new().await;
    let leads = stack.leads();
    let acme = tenant_id("acme");
    let mut people: Vec<Lead> = (0..130)
        .map(|n| lead("acme", &format!("lead{n}@example.com")))
        .collect();
    people.push(people[0].clone());
    let links: Vec<_> = people
        .iter()
        .map(|lead| (hash(lead), lead.id.clone()))
        .collect();
    for _ in 0..2 {
        leads.put_leads(&people).await.unwrap();
        leads.link_addresses(&acme, &links).await.unwrap();
    }
    let mut listed = Vec::new();
    for shard in 0..LIST_SHARDS {
        let mut from = None;
        loop {
            let (page, next) = leads.list(&acme, shard, from, 20).await.unwrap();
            listed.extend(page);
            from = next;
            if from.is_none() {
                break;
            }
        }
    }
    listed.sort();
    let mut wanted: Vec<LeadId> = people[..130].iter().map(|lead| lead.id.clone()).collect();
    wanted.sort();
    assert_eq!(listed, wanted);
    assert_eq!(leads.profiles(&acme, &wanted).await.unwrap().len(), 130);
}

#[tokio::test]
async fn hub_4_known_addresses_are_found_and_only_the_tenants_own() {
    let stack = Stack::new().await;
    let leads = stack.leads();
    let people: Vec<Lead> = (0..120)
        .map(|n| lead("acme", &format!("lead{n}@example.com")))
        .collect();
    let links: Vec<_> = people[..60]
        .iter()
        .map(|lead| (hash(lead), lead.id.clone()))
        .collect();
    leads
        .link_addresses(&tenant_id("acme"), &links)
        .await
        .unwrap();
    let mut asked: Vec<_> = people.iter().map(hash).collect();
    asked.push(asked[0].clone());
    let found = leads
        .existing_by_address(&tenant_id("acme"), &asked)
        .await
        .unwrap();
    assert_eq!(found.len(), 60);
    assert_eq!(found[&hash(&people[59])], people[59].id);
    assert!(
        leads
            .existing_by_address(&tenant_id("other"), &asked)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        leads.lead_at(&tenant_id("acme"), &asked[1]).await.unwrap(),
        Some(people[1].id.clone())
    );
    assert_eq!(
        leads.lead_at(&tenant_id("acme"), &asked[99]).await.unwrap(),
        None
    );
}
