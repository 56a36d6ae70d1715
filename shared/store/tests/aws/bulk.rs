//! Many leads at once.

use rstest::rstest;
use touchline_domain::{contact::Address, ids::LeadId, sending::lead::Lead};
use touchline_engine::ports::Profiles as _;
use touchline_store::keys::LIST_SHARDS;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{lead, tenant_id},
    schema::Stack,
};

fn email(lead: &Lead) -> Address {
    Address::Email(lead.email.clone().unwrap())
}

/// People who share nothing.
fn people(number: u32) -> Vec<Lead> {
    let person = |n| {
        let mut lead = lead("acme", &format!("lead{n}@example.com"));
        lead.phone = Some(format!("+614{n:08}").parse().unwrap());
        lead.linkedin = Some(format!("lead-{n}"));
        lead
    };
    (0..number).map(person).collect()
}

#[rstest]
#[tokio::test]
async fn hub_3_the_same_upload_again_writes_the_same_leads(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    let acme = tenant_id("acme");
    let mut people = people(130);
    people.push(people[0].clone());
    let all: Vec<&Lead> = people.iter().collect();
    for _ in 0..2 {
        leads.put_leads(&all).await.unwrap();
        leads.link_addresses(&all).await.unwrap();
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

#[rstest]
#[tokio::test]
async fn hub_4_known_addresses_are_found_and_only_the_tenants_own(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let leads = stack.leads();
    let (acme, other) = (tenant_id("acme"), tenant_id("other"));
    let people = people(120);
    let known: Vec<&Lead> = people[..60].iter().collect();
    leads.put_leads(&known).await.unwrap();
    leads.link_addresses(&known).await.unwrap();
    let mut asked: Vec<Address> = people.iter().flat_map(Lead::addresses).collect();
    asked.push(asked[0].clone());
    let found = leads.known(&acme, &asked).await.unwrap();
    assert_eq!((found.leads.len(), found.profiles.len()), (180, 60));
    for lead in &people[..60] {
        assert_eq!(found.profiles[&lead.id], *lead);
        for address in lead.addresses() {
            assert_eq!(found.leads[&address], lead.id);
            let at = leads.lead_at(&acme, &address).await.unwrap();
            assert_eq!(at.as_ref(), Some(&lead.id));
        }
    }
    let of_other = leads.known(&other, &asked).await.unwrap();
    assert!(of_other.leads.is_empty() && of_other.profiles.is_empty());
    let unknown = leads.lead_at(&acme, &email(&people[99])).await.unwrap();
    assert_eq!(unknown, None);
}

#[rstest]
#[tokio::test]
async fn hub_4_a_lead_is_found_by_an_address_that_it_got_later(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (leads, acme) = (stack.leads(), tenant_id("acme"));
    let mut ana = people(1).remove(0);
    ana.id = LeadId::derive(&acme, ana.phone.as_ref().unwrap().as_str());
    let wrote_first = ana.email.take();
    for email in [None, wrote_first] {
        ana.email = email;
        leads.put_leads(&[&ana]).await.unwrap();
        leads.link_addresses(&[&ana]).await.unwrap();
        for address in ana.addresses() {
            let at = leads.lead_at(&acme, &address).await.unwrap();
            assert_eq!(at.as_ref(), Some(&ana.id));
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_lead_with_any_characters_comes_back_as_it_was_written(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let mut odd = lead("acme", "o'brien+x@example.com");
    odd.company = Some("\"Caf\u{e9}\" \\ S\u{f6}hne & Co\u{2028}\n\t\u{1f600}\u{7f}".into());
    odd.extra = [("na\"me\\".to_owned(), "\u{1}\u{8}\u{c}\r".to_owned())].into();
    let leads = stack.leads();
    leads.put_leads(&[&odd]).await.unwrap();
    let back = leads.profile(&odd.tenant, &odd.id).await.unwrap();
    assert_eq!(back, Some(odd));
}
