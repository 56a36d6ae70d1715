//! The senders: one function a channel, which differ in nothing but the channel.

use aws_lambda_events::sqs::SqsEvent;
use chrono::{DateTime, Utc};
use touchline_engine::{
    announce::DomainEvent,
    channel::{Compose, Handover},
    job::TouchJob,
    send::{Disposition, SendPorts, Sender},
};
use touchline_runtime::{
    announcements::Announcements,
    batch::{Handled, Message},
    lambda::{self, Failure},
    logging,
    metrics::Metrics,
};

use super::{Error, Function, block_on};
use crate::{
    needs::Needs,
    outbox::{Outbox, Outgoing},
};

/// Runs the sender of a channel on its queue. Its providers are those that are set up at the invocation; while a key
/// cannot be read, the batch comes back.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn sender<C: Outgoing>(needs: &'static Needs) -> Result<(), Error> {
    block_on(async move {
        let function = Function::start(needs).await?;
        let function = &function;
        lambda::run(move |event: SqsEvent, _| async move {
            let providers = &function.providers;
            let (composer, outbox) = tokio::try_join!(
                C::composer(providers, &function.config),
                Outbox::of::<C>(providers)
            )?;
            let now = || function.clock.now();
            let sender = Sender {
                ports: &function.store,
                composer: &composer,
                handover: &outbox,
                now: &now,
            };
            let work = async |function: &Function, message: Message<TouchJob>| {
                touch(&sender, &function.announcements, message).await
            };
            Ok::<_, Failure>(function.batch(event, &work).await)
        })
        .await
    })
}

/// Runs the send path for one message and notes the end of the touch for the bus.
async fn touch<P, C, H, N>(
    sender: &Sender<'_, P, C, H, N>,
    announcements: &Announcements,
    message: Message<TouchJob>,
) -> Handled
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    let TouchJob::V1 { tenant, lead, .. } = &message.job;
    logging::record("tenant_id", tenant);
    logging::record("lead_id", lead);
    let disposition = match sender.run(&message.job).await {
        Ok(disposition) => disposition,
        Err(error) => return error.into(),
    };
    let reason = disposition
        .reason()
        .map_or("none", |reason| reason.as_str());
    tracing::info!(outcome = disposition.name(), reason, "touch handled");
    Metrics::new()
        .dimension("Channel", C::CHANNEL.as_str())
        .dimension("Outcome", disposition.name())
        .count("Touches", 1)
        .emit((sender.now)());
    if let Disposition::Ended { outcome, reason } = disposition {
        announcements.note(DomainEvent::TouchEnded {
            tenant: tenant.clone(),
            lead: lead.clone(),
            channel: C::CHANNEL,
            outcome,
            reason,
        });
    }
    match disposition.comes_back() {
        Some((after_secs, reason)) => Handled::retry(after_secs, reason.as_str()),
        None => Handled::Done,
    }
}
