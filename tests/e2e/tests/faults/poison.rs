//! Messages that can never succeed, on every queue that a function consumes: each ends in its dead-letter queue after
//! five receives, and the good message of the same batch is done.

use std::time::Duration;

use anyhow::ensure;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, InboundMessage, Provider, ProviderEvent, TouchRef},
    ids::TouchId,
    sending::{journey::Journey, lead::Lead},
};
use touchline_e2e::{
    bed::Bed,
    cast::Cast,
    queues::Queue,
    reckoning::{PATIENCE, has_ended},
    wait,
};
use touchline_engine::{
    job::{EnrichJob, EventJob, WashJob},
    ports::Profiles as _,
    wash::WashStore as _,
};

/// No JSON, no object, no job, and a job of no version that is known.
pub const POISON: [&str; 4] = [
    "{",
    "\"call me on +61491570156\"",
    r#"{"tenant": "acme"}"#,
    r#"{"v": "touch-999", "tenant": "acme"}"#,
];

/// An unfinished message is seen again after this, in place of the template's minutes.
const SEEN_AGAIN: Duration = Duration::from_secs(2);

pub async fn ends_in_dead_letter_queues(bed: &Bed) -> anyhow::Result<String> {
    bed.next_morning()?;
    let mails = Cast::make(bed, crate::leads("mails", Provider::Resend, 3)).await?;
    let texts = Cast::make(bed, crate::leads("texts", Provider::Twilio, 1)).await?;
    let [sent, leaving, _] = &mails.leads[..] else {
        anyhow::bail!("three leads were asked for");
    };
    for queue in Queue::ALL {
        bed.queues.show_again_after(queue, SEEN_AGAIN).await?;
        let mut batch: Vec<String> = POISON.iter().map(ToString::to_string).collect();
        // In the middle, so that neither the first nor the last of a batch decides.
        batch.insert(2, good(bed, queue, &mails, &texts)?);
        bed.queues.put_bodies(queue, &batch, Duration::ZERO).await?;
    }
    wait::until("the good messages are done", PATIENCE, || async {
        let [first, second, third] = &bed.journeys(&mails).await?[..] else {
            anyhow::bail!("a journey is missing");
        };
        let text = bed.journeys(&texts).await?;
        let enriched = bed
            .records
            .store
            .leads
            .profile(&mails.tenant, &sent.id)
            .await?;
        let washed = match &leaving.phone {
            Some(number) => bed.records.store.wash_of(number).await?,
            None => None,
        };
        let done = has_ended(first)
            && has_left(second)
            && third.replied_at.is_some()
            && text.iter().all(has_ended)
            && enriched.is_some_and(|lead| lead.enriched_at.is_some())
            && washed.is_some();
        Ok(done.then_some(()))
    })
    .await?;
    for queue in Queue::ALL {
        wait::until(queue.as_str(), PATIENCE, || async {
            let dead = bed.queues.dead(queue).await?;
            ensure!(
                dead <= POISON.len() as u64,
                "{dead} died in {}",
                queue.as_str()
            );
            let left = bed.queues.count(queue).await?;
            Ok((dead == POISON.len() as u64 && left == 0).then_some(()))
        })
        .await?;
    }
    bed.audited(&mails).await?;
    bed.audited(&texts).await?;
    Ok(format!(
        "{} died on each of {} queues, every good message is done",
        POISON.len(),
        Queue::ALL.len()
    ))
}

/// A message that its function can handle.
fn good(bed: &Bed, queue: Queue, mails: &Cast, texts: &Cast) -> anyhow::Result<String> {
    let now = bed.now()?;
    let [first, second, third] = &mails.leads[..] else {
        anyhow::bail!("three leads were asked for");
    };
    Ok(match queue {
        Queue::Email => serde_json::to_string(&mails.jobs(now)[0])?,
        Queue::Sms => serde_json::to_string(&texts.jobs(now)[0])?,
        Queue::Enrich => serde_json::to_string(&EnrichJob::V1 {
            tenant: mails.tenant.clone(),
            upload: "u1".parse()?,
            leads: vec![first.id.clone()],
        })?,
        Queue::Delivery => {
            let kind = EventKind::Unsubscribed { address: None };
            serde_json::to_string(&event(bed, mails, second, kind)?)?
        }
        Queue::Replies => {
            let reply = InboundMessage {
                channel: Some(Channel::Email),
                from: format!("lead2@{}.example", mails.tenant),
                to: format!("ana@{}-mail.example", mails.tenant),
                text: "Who are you, and what does it cost?".into(),
                ..InboundMessage::default()
            };
            serde_json::to_string(&event(bed, mails, third, EventKind::Reply(reply))?)?
        }
        Queue::Wash => serde_json::to_string(&WashJob::V1 {
            numbers: second.phone.iter().cloned().collect(),
        })?,
    })
}

fn event(bed: &Bed, cast: &Cast, lead: &Lead, kind: EventKind) -> anyhow::Result<EventJob> {
    let now = bed.now()?;
    Ok(EventJob::V1 {
        tenant: Some(cast.tenant.clone()),
        raw_key: "webhooks/resend/none".into(),
        received_at: now,
        event: ProviderEvent {
            event_id: format!("poison-{}", lead.id),
            provider: cast.provider,
            at: now,
            reference: Some(TouchRef {
                tenant: cast.tenant.clone(),
                lead: lead.id.clone(),
                touch: TouchId::derive(&cast.tenant, &lead.id, &cast.campaign, "0", 0),
            }),
            provider_message_id: None,
            kind,
        },
    })
}

fn has_left(journey: &Journey) -> bool {
    journey.next_due().is_none() && has_ended(journey)
}
