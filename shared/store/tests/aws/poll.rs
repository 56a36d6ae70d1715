//! What a provider's list does not say: which touch a message was.

use rstest::rstest;
use touchline_domain::{
    contact::Address,
    sending::{
        resource::{Resource, ResourceKind, ResourceStatus},
        touch::Outcome,
    },
};
use touchline_engine::{
    enrich::EnrichStore as _, poll::Polls as _, pool::ResourcePool as _, ports::Journeys as _,
};

use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::{lead, now, resource, touch},
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn a_message_between_two_addresses_is_the_touch_with_the_providers_id(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let store = stack.store(&[]);
    let ana = lead("acme", "ana@example.com");
    store
        .put_leads(&ana.tenant, std::slice::from_ref(&ana))
        .await
        .unwrap();
    let number = Resource {
        address: "+61480000001".into(),
        tenant: Some(ana.tenant.clone()),
        status: ResourceStatus::Assigned,
        ..resource("number-1", ResourceKind::PhoneNumber)
    };
    store.pool.add(&number, now()).await.unwrap();
    let sent = touch(&ana, Outcome::Sent);
    store.put_touch(&sent).await.unwrap();
    let id = sent.provider_message_id.clone().unwrap();
    let theirs = Address::Phone(ana.phone.clone().unwrap());
    let found = store.touch_between(&number.address, &theirs, &id).await;
    let found = found.unwrap().unwrap();
    assert_eq!(
        (found.tenant, found.lead, found.touch),
        (ana.tenant, ana.id, sent.id)
    );

    let stranger = Address::Phone("+61412345679".parse().unwrap());
    for (ours, theirs, id) in [
        (number.address.as_str(), &theirs, "another"),
        (number.address.as_str(), &stranger, id.as_str()),
        ("+61480000002", &theirs, id.as_str()),
    ] {
        let none = store.touch_between(ours, theirs, id).await.unwrap();
        assert_eq!(none, None, "{ours} {id}");
    }
}
