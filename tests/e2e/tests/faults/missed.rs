//! Webhooks that never come: what was answered is found in the providers' lists, an opt-out takes effect before the next
//! touch, and an event that comes both ways acts once (HOOK-3, REP-2, LI).

use anyhow::{Context as _, ensure};
use chrono::Days;
use serde_json::Value;
use touchline_domain::{
    calendar::Zone,
    contact::Address,
    events::Provider,
    ids::TenantId,
    sending::{
        Reason, journey::EnrolmentState, lead::Lead, resource::ResourceKind, touch::Purpose,
    },
};
use touchline_e2e::{
    bed::Bed,
    cast::{Cast, WARM_DAYS},
    queues::Queue,
    reckoning::PATIENCE,
    simulator::{Inbound, Member},
    wait,
};
use touchline_engine::desk::inbox::{Conversations as _, Timeline as _};
use touchline_engine::{
    desk::{Documents as _, pool::NewResource},
    enrich::EnrichStore as _,
    ports::{Facts as _, Journeys as _},
};
use touchline_stack::{invoke, setup::Setup};

/// The providers whose webhooks are lost.
const SILENT: [&str; 3] = ["twilio", "resend", "unipile"];
/// A member of LinkedIn under the provider's id, which no lead has, and under the name that one has.
const MEMBER: Member<'static> = Member {
    provider_id: "ACoAAB1234567890123456789012345678901",
    public_id: "mia-lee-sydney",
};
const SEAT: &str = "seat-missed";

pub async fn are_found_by_polling_and_act_once(bed: &Bed) -> anyhow::Result<String> {
    bed.next_morning()?;
    let texts = Cast::make(bed, crate::leads("missed-texts", Provider::Twilio, 2)).await?;
    let mails = Cast::make(bed, crate::leads("missed-mails", Provider::Resend, 2)).await?;
    let [by_text, later] = &texts.leads[..] else {
        anyhow::bail!("two leads were asked for");
    };
    let [by_mail, member] = &mails.leads[..] else {
        anyhow::bail!("two leads were asked for");
    };
    connect(bed, &mails, member).await?;

    bed.simulator.silence(&SILENT).await?;
    let number = own_address(bed, &texts.tenant, ResourceKind::PhoneNumber).await?;
    let mailbox = own_address(bed, &mails.tenant, ResourceKind::Mailbox).await?;
    let phone = |lead: &Lead| lead.phone.clone().map(|phone| phone.as_str().to_owned());
    let (first, second) = (phone(by_text), phone(later));
    let (first, second) = (first.context("a number")?, second.context("a number")?);
    let email = format!("lead0@{}.example", mails.tenant);
    for (provider, from, to, text) in [
        ("twilio", first.as_str(), number.as_str(), "STOP"),
        ("resend", &email, &mailbox, "Please unsubscribe me."),
        (
            "unipile",
            MEMBER.provider_id,
            SEAT,
            "Take me off your list.",
        ),
    ] {
        let inbound = Inbound {
            provider,
            from,
            to,
            text,
        };
        bed.simulator.write(&inbound).await?;
    }
    ensure!(bed.simulator.pump().await? == 0, "a webhook came through");

    // The receipts of earlier scenarios may be in ClickSend's list as well.
    let found = run(bed, "message-poll").await?;
    let queued = found["queued"].as_u64();
    ensure!(queued >= Some(2) && found["failed"] == 0, "{found}");
    let found = run(bed, "linkedin-sync").await?;
    // Samples of earlier scenarios run it as well, so its webhooks may be registered already.
    let again = run(bed, "linkedin-sync").await?;
    ensure!(again["registered"] == 0 && again["queued"] == 0, "{again}");
    ensure!(found["queued"] == 1 && found["failed"] == 0, "{found}");
    for (cast, lead) in [(&texts, by_text), (&mails, by_mail), (&mails, member)] {
        opted_out(bed, cast, lead).await?;
    }
    bed.tick().await?;
    bed.settled(&texts).await?;
    bed.settled(&mails).await?;
    for (cast, lead) in [(&texts, by_text), (&mails, by_mail), (&mails, member)] {
        let touches = bed
            .records
            .store
            .leads
            .touches_of(&cast.tenant, &lead.id)
            .await?;
        let only_confirmed = touches
            .iter()
            .all(|touch| touch.purpose == Purpose::Confirmation);
        ensure!(only_confirmed, "who left was written to: {touches:?}");
    }
    let sent = bed.simulator.ledger(&mails.tenant).await?;
    ensure!(sent.is_empty(), "who left was written to: {sent:?}");

    bed.simulator.silence(&[]).await?;
    let inbound = Inbound {
        provider: "twilio",
        from: &second,
        to: &number,
        text: "Stop please",
    };
    bed.simulator.write(&inbound).await?;
    ensure!(bed.simulator.pump().await? >= 1, "the webhook was lost");
    opted_out(bed, &texts, later).await?;
    let found = run(bed, "message-poll").await?;
    ensure!(found["queued"] == 1 && found["known"] == 2, "{found}");
    bed.queues.drained_to(0, Queue::Replies, PATIENCE).await?;
    for (cast, lead) in [(&texts, by_text), (&texts, later), (&mails, by_mail)] {
        let store = &bed.records.store;
        let messages = store.inbox.messages(&cast.tenant, &lead.id).await?;
        ensure!(messages.len() == 1, "{messages:?}");
        let line = store.inbox.read(&cast.tenant, &lead.id).await?;
        ensure!(
            line.is_some_and(|line| line.value.unread == 1),
            "{}",
            lead.id
        );
    }
    bed.audited(&texts).await?;
    bed.audited(&mails).await?;
    Ok("3 lost opt-outs found and kept to, 1 came both ways and counted once".to_owned())
}

/// Runs a schedule once, as EventBridge would.
async fn run(bed: &Bed, function: &str) -> anyhow::Result<Value> {
    let event = invoke::scheduled_event(&bed.target.function(function), bed.now()?);
    invoke::call(&bed.target, function, &event).await
}

/// Gives the tenant a LinkedIn seat, and the lead the name of a member.
async fn connect(bed: &Bed, cast: &Cast, lead: &Lead) -> anyhow::Result<()> {
    let store = &bed.records.store;
    let now = bed.now()?;
    let zone: Zone = "Australia/Sydney".parse()?;
    let seat = NewResource {
        id: SEAT.parse()?,
        kind: ResourceKind::LinkedinSeat,
        address: SEAT.to_owned(),
        domain: None,
        provider: Provider::Unipile,
        zone,
        warm_up_started: zone.local(now).date() - Days::new(WARM_DAYS),
        owner: Some(cast.owner(Some("ana".parse()?))),
    };
    Setup::new(store, "e2e").resource(seat, now).await?;
    let named = Lead {
        linkedin: Some(MEMBER.public_id.to_owned()),
        ..lead.clone()
    };
    store
        .put_leads(&named.tenant, std::slice::from_ref(&named))
        .await?;
    bed.simulator.know(&MEMBER).await
}

async fn own_address(bed: &Bed, tenant: &TenantId, kind: ResourceKind) -> anyhow::Result<String> {
    let resources = bed.records.store.pool.of_tenant(tenant).await?;
    let ours = resources.into_iter().find(|resource| resource.kind == kind);
    Ok(ours.context("a sender")?.address)
}

async fn opted_out(bed: &Bed, cast: &Cast, lead: &Lead) -> anyhow::Result<()> {
    let what = format!("the opt-out of {} takes effect", lead.id);
    wait::until(&what, PATIENCE, || async {
        let loaded = bed.records.store.load(&cast.tenant, &lead.id).await?;
        let (_, journey) = loaded.context("the lead is there")?;
        let goes_on = journey.enrolments.iter().any(|enrolment| {
            matches!(
                enrolment.state,
                EnrolmentState::Active | EnrolmentState::Paused { .. }
            )
        });
        let over = journey.replied_at.is_some() && !goes_on;
        let Some(address) = lead.addresses().first().map(Address::hash) else {
            anyhow::bail!("{} has no address", lead.id);
        };
        let facts = bed.records.store.address(&cast.tenant, &address, None);
        let suppressions = facts.await?.suppressions;
        let forbidden = suppressions.iter().any(|s| s.reason == Reason::OptedOut);
        Ok((over && forbidden).then_some(()))
    })
    .await
}
